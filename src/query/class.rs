//! What the words of a query are: words, everyday words, names of values, numbers, hashes.
//!
//! Knows nothing of what each of them weighs.

use super::plain;
use super::when::When;
use crate::store::analysis::{Token, TokenKind};

/// What a word of the query is, which is what it weighs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Word,
    Everyday,
    /// The name of a value, in `reason=OOMKilled` or `"level": "error"`: the same in every alert.
    Key,
    Number,
    Hash,
}

/// What a token is by itself.
pub fn of(token: &Token) -> Class {
    match token.kind {
        TokenKind::Word if plain::is_everyday(&token.surface) => Class::Everyday,
        TokenKind::Number if !is_status(&token.text) => Class::Number,
        TokenKind::Word | TokenKind::Name | TokenKind::Number => Class::Word,
        TokenKind::Hash => Class::Hash,
    }
}

/// What a token is where it stands: the name of a value, or a word that says when it was, which the date of a record
/// answers.
pub fn within(class: Class, token: &Token, text: &str, when: Option<When>) -> Class {
    match class {
        _ if when.is_some_and(|when| when.is_said_by(&token.surface)) => Class::Number,
        Class::Word if is_key(text, token) => Class::Key,
        _ => class,
    }
}

/// An HTTP status, an SMTP reply: three digits that mean something.
fn is_status(number: &str) -> bool {
    number.len() == 3
        && matches!(number.bytes().next(), Some(b'1'..=b'5'))
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// Does a value follow at once, as in `node=…` or `"node":`?
fn is_key(text: &str, token: &Token) -> bool {
    let after = text.get(token.range.end..).unwrap_or_default();
    after.starts_with('=') || after.starts_with("\":") || after.starts_with("\" :")
}
