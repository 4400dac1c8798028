//! A tokenizer for HTML that knows byte ranges: text, opening and closing tags. Comments, doctypes and the insides of
//! scripts and styles are passed over. Linear, and as forgiving as a browser.

use crate::domain::Span;

/// A tag or a run of text. Ranges are in the tokenized text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Text(Span),
    Open { name: Span, attributes: Span },
    Close { name: Span },
}

/// Elements whose insides are no markup, and of which nothing is read.
const RAW: &[&str] = &["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"];

pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Passes over everything up to and with `end`, or to the end of the text.
    fn skip_past(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |offset| self.at + offset + end.len());
    }

    /// At a `<`: the tag, `None` inside if it was a comment or the like; nothing if it is just a character.
    fn tag(&mut self) -> Option<Option<Token>> {
        let rest = self.rest();
        let after = rest.get(1..)?;
        match after.as_bytes().first()? {
            b'!' if after.starts_with("!--") => {
                self.at += 4;
                self.skip_past("-->");
                Some(None)
            }
            b'!' | b'?' => {
                self.skip_past(">");
                Some(None)
            }
            b'/' if after.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                let name = self.name(self.at + 2);
                self.skip_past(">");
                Some(Some(Token::Close { name }))
            }
            b if b.is_ascii_alphabetic() => {
                let name = self.name(self.at + 1);
                let end = self.attributes_end(name.end);
                let attributes = name.end..end;
                self.at = (end + 1).min(self.text.len());
                self.skip_raw(&name);
                Some(Some(Token::Open { name, attributes }))
            }
            _ => None,
        }
    }

    fn name(&self, start: usize) -> Span {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'));
        start..start + length.unwrap_or(rest.len())
    }

    /// Where the `>` stands that is in no quotes.
    fn attributes_end(&self, start: usize) -> usize {
        let mut quote = None;
        let mut previous = b' ';
        for (i, b) in self.text.as_bytes().iter().enumerate().skip(start) {
            match (quote, *b) {
                (None, b'>') => return i,
                // A quote opens a value only after `=`; elsewhere it is a slip of the pen.
                (None, b'"' | b'\'') if previous == b'=' => quote = Some(*b),
                (Some(open), b) if b == open => quote = None,
                _ => {}
            }
            if !b.is_ascii_whitespace() {
                previous = *b;
            }
        }
        self.text.len()
    }

    fn skip_raw(&mut self, name: &Span) {
        let name = self.text.get(name.clone()).unwrap_or("");
        let Some(raw) = RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)) else { return };
        let bytes = self.rest().as_bytes();
        let closing = bytes.windows(raw.len() + 2).position(|window| {
            window.starts_with(b"</") && window.get(2..).is_some_and(|name| name.eq_ignore_ascii_case(raw.as_bytes()))
        });
        self.at = closing.map_or(self.text.len(), |offset| self.at + offset);
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            if start >= self.text.len() {
                return None;
            }
            if self.rest().starts_with('<') {
                match self.tag() {
                    Some(Some(token)) => return Some(token),
                    Some(None) => continue,
                    None => self.at += 1,
                }
            }
            // Up to the next `<`; one that opened no tag is part of the text.
            self.at = self.rest().find('<').map_or(self.text.len(), |offset| self.at + offset);
            return Some(Token::Text(start..self.at));
        }
    }
}

/// The value of an attribute, with its range in `text`; `attributes` is the range of a tag's attributes.
pub(super) fn attribute<'t>(text: &'t str, attributes: &Span, wanted: &str) -> Option<(&'t str, Span)> {
    let mut at = attributes.start;
    loop {
        let rest = text.get(at..attributes.end)?;
        let start = rest.find(|c: char| !c.is_ascii_whitespace() && c != '/' && c != '=')?;
        at += start;
        let rest = rest.get(start..)?;
        let length = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let name = rest.get(..length)?;
        at += length;
        let (value, next) = attribute_value(text, at, attributes.end);
        if name.eq_ignore_ascii_case(wanted) {
            let span = value.unwrap_or(at..at);
            return Some((text.get(span.clone())?, span));
        }
        at = next;
    }
}

/// The value after an attribute's name, if it has one, and where the next attribute begins.
fn attribute_value(text: &str, at: usize, end: usize) -> (Option<Span>, usize) {
    let rest = text.get(at..end).unwrap_or("");
    let Some(value) = rest.trim_start().strip_prefix('=') else { return (None, at) };
    let value = value.trim_start();
    let start = end - value.len();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            let length = inner.find(quote).unwrap_or(inner.len());
            return (Some(start + 1..start + 1 + length), (start + length + 2).min(end));
        }
    }
    let length = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
    (Some(start..start + length), start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = Tokens::new(text)
            .map(|token| match token {
                Token::Text(span) => text[span].to_owned(),
                Token::Open { name, .. } => format!("<{}", &text[name]),
                Token::Close { name } => format!("/{}", &text[name]),
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        check("<p class=a>x<br/>y</p >", &["<p", "x", "<br", "y", "/p"]);
        check("a < b <3 <é", &["a ", "< b ", "<3 ", "<é"]);
        check("<!doctype html><!-- <p> -->x<!-- open", &["x"]);
        check("<SCRIPT>if (a<b) '</p>'</Script>x<style>", &["<SCRIPT", "/Script", "x", "<style"]);
        check("<a title=\"a > b\" it's>x", &["<a", "x"]);
        check("<p", &["<p"]);
        check("</", &["</"]);
        check("<", &["<"]);
    }

    #[test]
    fn attributes_are_found() {
        let text = r#"<meta  name = "a" content='x "y"' data-b=c/d disabled>"#;
        let attributes = 5..text.len() - 1;
        let find = |name| attribute(text, &attributes, name).map(|(value, span)| (value, &text[span]));
        assert_eq!(find("NAME"), Some(("a", "a")));
        assert_eq!(find("content"), Some((r#"x "y""#, r#"x "y""#)));
        assert_eq!(find("data-b"), Some(("c/d", "c/d")));
        assert_eq!(find("disabled"), Some(("", "")));
        assert_eq!(find("y"), None);
    }
}
