//! What a token of a text is, and many of them in memory that serves again.
//!
//! Knows nothing of how texts are cut.

use std::ops::Range;

/// What a token is, which is what a query weighs it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// A word, stemmed.
    Word,
    /// Letters with digits or signs between them: `x509`, `osc-fr1`, `crates.io`.
    Name,
    /// Digits, perhaps with signs between them: `502`, `1.1.1.1`, `10:07`.
    Number,
    /// A hash, an id: long, hexadecimal, letters and digits mixed.
    Hash,
}

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What is indexed: lower case, stemmed if a word, without marks.
    pub text: String,
    /// The word as it stands, lower case.
    pub surface: String,
    pub kind: TokenKind,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Words are counted; a whole token shares the position of its first part.
    pub position: usize,
    /// How many of the following tokens are parts of this one.
    pub parts: usize,
}

/// The tokens of one text, in memory that serves for the next one.
#[derive(Default)]
pub struct Tokens {
    /// Those of an earlier text behind them.
    pub(super) all: Vec<Token>,
    pub(super) count: usize,
}

impl Tokens {
    /// In order of the text.
    pub fn found(&self) -> &[Token] {
        self.all.get(..self.count).unwrap_or_default()
    }

    pub(super) fn push(&mut self, text: &str, surface: &str, kind: TokenKind, range: Range<usize>, position: usize) {
        if let Some(token) = self.all.get_mut(self.count) {
            token.text.clear();
            token.text.push_str(text);
            token.surface.clear();
            token.surface.push_str(surface);
            (token.kind, token.range, token.position, token.parts) = (kind, range, position, 0);
        } else {
            let (text, surface) = (text.to_owned(), surface.to_owned());
            self.all.push(Token { text, surface, kind, range, position, parts: 0 });
        }
        self.count += 1;
    }
}

/// What a word is, by how it is written.
pub(super) fn kind(word: &str) -> TokenKind {
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    if !has_digit && word.chars().all(char::is_alphabetic) {
        return TokenKind::Word;
    }
    if !word.chars().any(char::is_alphabetic) || is_timestamp(word) {
        return TokenKind::Number;
    }
    let hex = word.strip_prefix("0x").unwrap_or(word);
    let is_hex = hex.chars().all(|c| c.is_ascii_hexdigit() || c == '-' || c == ':');
    if has_digit && ((is_hex && hex.len() >= 6) || is_random(word)) {
        return TokenKind::Hash;
    }
    TokenKind::Name
}

/// Letters and digits that change places often are an id, not a name: `x7g2kq9z`.
fn is_random(word: &str) -> bool {
    let kinds: Vec<bool> = word.chars().filter(|c| c.is_alphanumeric()).map(char::is_numeric).collect();
    let changes = kinds.windows(2).filter(|pair| pair.first() != pair.last()).count();
    word.chars().all(char::is_alphanumeric) && word.len() >= 8 && changes >= 4
}

/// `2024-01-18T11:40:30Z` and what begins like it.
pub(super) fn is_timestamp(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_digits = |range: Range<usize>| bytes.get(range).is_some_and(|b| b.iter().all(u8::is_ascii_digit));
    let is_sign = |at: usize, sign: u8| bytes.get(at) == Some(&sign);
    is_digits(0..4) && is_sign(4, b'-') && is_digits(5..7) && is_sign(7, b'-') && is_digits(8..10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_tell_names_from_numbers_and_ids() {
        for (word, expected) in [
            ("502", TokenKind::Number),
            ("1.1.1.1", TokenKind::Number),
            ("x509", TokenKind::Name),
            ("4c21d0", TokenKind::Hash),
            ("bcb886f822e61e02", TokenKind::Hash),
            ("facade", TokenKind::Word),
            ("us-east-1", TokenKind::Name),
            ("x7g2kq9z", TokenKind::Hash),
        ] {
            assert_eq!(kind(word), expected, "{word}");
        }
    }
}
