//! Words and patterns in plain text, found fast: what every rule is made of.
//!
//! Knows nothing of times, documents or incidents; everything here is a function of a string.

mod bits;
mod eights;
pub mod filed;
#[cfg(test)]
mod filing;
mod finder;
mod firsts;
mod grams;
mod groups;
mod heads;
mod index;
mod known;
pub mod listed;
#[cfg(test)]
mod listing;
mod lists;
mod memory;
mod narrow;
#[cfg(test)]
mod needs;
#[cfg(test)]
mod openings;
mod phrases;
mod program;
mod regex;
mod scripts;
mod set;
mod spelled;
mod starts;
mod table;
mod told;
mod walk;
mod words;

/// What the TOML file below `src/` says, by its path there. It is written as JSON where the program is built, which is
/// read in a tenth of the time.
macro_rules! shipped {
    ($path:literal) => {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/", $path, ".json")))
    };
}

pub(crate) use shipped;

/// The text for who asks in any case of ASCII: only letters beyond it are made small, if there are any.
pub fn lowered(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// What stands between words, in ASCII.
const SPACES: Marks<2> = Marks { near: [(b'\t', b'\r'), (b' ', b' ')], far: false };

/// The words of a text with single spaces between them.
pub fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut add = |word: &str| {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    };
    if text.is_ascii() {
        let mut from = 0;
        for at in SPACES.places(text) {
            text.get(from..at).filter(|word| !word.is_empty()).into_iter().for_each(&mut add);
            from = at + 1;
        }
        text.get(from..).filter(|word| !word.is_empty()).into_iter().for_each(add);
    } else {
        text.split_whitespace().for_each(&mut add);
    }
    spaced
}

use std::borrow::Cow;

pub use eights::Marks;
pub(crate) use filed::filed_phrases;
pub use finder::Finder;
pub use grams::grams;
pub use heads::Heads;
pub(crate) use known::tables;
pub use listed::List;
pub(crate) use listed::listed_list;
pub use memory::Memory;
pub use phrases::Phrases;
pub use regex::{Captures, Match, Regex};
pub use scripts::Apart;
pub use starts::{ByteSet, is_unspaced, words_count};
pub use told::{Told, told};
pub use words::{WordMap, Words, hold};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_spaced_as_they_are_split(text in "[a-b \t\n\x0B\x1F,é\u{A0}]{0,30}|[ab ]{0,40}") {
            prop_assert_eq!(spaced(&text), text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
