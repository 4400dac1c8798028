//! A scanner for JSON that knows byte ranges and forgives: no nesting limit, no recursion, and text that is cut or
//! broken still gives the tokens it has.
//!
//! Knows nothing of what members mean.

use crate::domain::Span;

/// One token. Its range is in the scanned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    OpenObject,
    CloseObject,
    OpenArray,
    CloseArray,
    Colon,
    Comma,
    /// The range includes the quotes.
    String,
    /// A string that the text ends in, without its closing quote.
    CutString,
    /// A number, `true`, `false`, `null`, or anything that has no business in JSON.
    Literal,
}

/// The tokens of `text[range]`, in linear time.
#[derive(Debug)]
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str, range: Span) -> Tokens<'a> {
        let end = range.end.min(text.len());
        Tokens { bytes: text.as_bytes().get(..end).unwrap_or_default(), at: range.start }
    }

    fn length_while(&self, accept: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.iter().position(|b| !accept(*b)).unwrap_or(rest.len())
    }

    /// Just after the opening quote: the length up to and with the closing one.
    fn string_length(&self) -> Option<usize> {
        let mut is_escaped = false;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let closing = rest.iter().position(|b| match b {
            _ if is_escaped => {
                is_escaped = false;
                false
            }
            b'\\' => {
                is_escaped = true;
                false
            }
            b => *b == b'"',
        });
        closing.map(|at| at + 1)
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Token, Span);

    fn next(&mut self) -> Option<(Token, Span)> {
        self.at += self.length_while(|b| b.is_ascii_whitespace());
        let start = self.at;
        let first = *self.bytes.get(start)?;
        self.at += 1;
        let token = match first {
            b'{' => Token::OpenObject,
            b'}' => Token::CloseObject,
            b'[' => Token::OpenArray,
            b']' => Token::CloseArray,
            b':' => Token::Colon,
            b',' => Token::Comma,
            b'"' => match self.string_length() {
                Some(length) => {
                    self.at += length;
                    Token::String
                }
                None => {
                    self.at = self.bytes.len();
                    Token::CutString
                }
            },
            _ => {
                self.at += self.length_while(|b| !b.is_ascii_whitespace() && !b"{}[]:,\"".contains(&b));
                Token::Literal
            }
        };
        Some((token, start..self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_ranges() {
        let text = r#" {"a\"b": [1.5, "é"], "c": nul"#;
        let found: Vec<_> = Tokens::new(text, 0..text.len()).map(|(token, span)| (token, &text[span])).collect();
        assert_eq!(
            found,
            [
                (Token::OpenObject, "{"),
                (Token::String, r#""a\"b""#),
                (Token::Colon, ":"),
                (Token::OpenArray, "["),
                (Token::Literal, "1.5"),
                (Token::Comma, ","),
                (Token::String, "\"é\""),
                (Token::CloseArray, "]"),
                (Token::Comma, ","),
                (Token::String, "\"c\""),
                (Token::Colon, ":"),
                (Token::Literal, "nul"),
            ]
        );
        assert_eq!(Tokens::new("\"cut", 0..4).collect::<Vec<_>>(), [(Token::CutString, 0..4)]);
    }
}
