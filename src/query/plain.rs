//! Everyday words, from `vocabulary/plain.toml`.
//!
//! Knows nothing of what weight they are given.

/// Sorted where the program is built.
const QUESTION: &[&str] = include!(concat!(env!("OUT_DIR"), "/question.words.rs"));
const EVERYDAY: &[&str] = include!(concat!(env!("OUT_DIR"), "/everyday.words.rs"));
const PAGES: &[&str] = include!(concat!(env!("OUT_DIR"), "/pages.words.rs"));
const BESIDE: &[&str] = include!(concat!(env!("OUT_DIR"), "/beside.words.rs"));

/// Is it a word of the asking rather than of what is asked for?
pub fn is_of_questions(word: &str) -> bool {
    QUESTION.binary_search(&word).is_ok()
}

/// The words of asking.
pub fn questions() -> impl Iterator<Item = &'static str> {
    QUESTION.iter().copied()
}

/// Does it name a kind of page that reports no incident?
pub fn is_page(word: &str) -> bool {
    PAGES.binary_search(&word).is_ok()
}

/// Does it go with anything?
pub fn is_everyday(word: &str) -> bool {
    EVERYDAY.binary_search(&word).is_ok()
}

/// Does it tell only beside others, such as `not` and `out` of `not ready` and `out of memory`?
pub fn is_dependent(word: &str) -> bool {
    is_everyday(word) || BESIDE.binary_search(&word).is_ok()
}
