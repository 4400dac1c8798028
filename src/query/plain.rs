//! Everyday words, from `vocabulary/plain.toml`.
//!
//! Knows nothing of what weight they are given.

use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct File {
    question: HashSet<String>,
    everyday: HashSet<String>,
}

#[allow(clippy::expect_used, reason = "the file is part of the program")]
static WORDS: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("vocabulary/plain.toml")).expect("constant"));

/// Is it a word of the asking rather than of what is asked for?
pub fn is_of_questions(word: &str) -> bool {
    WORDS.question.contains(word)
}

/// The words of asking.
pub fn questions() -> impl Iterator<Item = &'static str> {
    WORDS.question.iter().map(String::as_str)
}

/// Does it go with anything?
pub fn is_everyday(word: &str) -> bool {
    WORDS.everyday.contains(word)
}
