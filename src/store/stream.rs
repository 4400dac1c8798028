//! Tokens of a record as the index takes them: written one after the other into a text, which a tokenizer of ours cuts
//! again. What the library has for texts that are cut already writes all tokens as JSON, reads them back and copies
//! each: a fifth of an ingest.
//!
//! Knows nothing of how texts are cut.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::ops::Range;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// By what the schema calls the tokenizer.
pub(super) const TOKENIZER: &str = "tokens";

/// Ends each token. None has one inside: what is indexed are letters, digits and signs.
const END: char = '\n';

/// How far a token is from the one before it, as a character. No text that a record keeps is long enough to need more.
fn step(by: usize) -> char {
    u32::try_from(by).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Tokens written down.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub text: String,
    pub count: usize,
    /// Of the last one.
    pub position: usize,
}

impl Written {
    /// Room for those of a text of so many bytes.
    pub fn for_text(bytes: usize) -> Self {
        Written { text: String::with_capacity(bytes), ..Written::default() }
    }

    /// Adds a token; positions never fall.
    pub fn push(&mut self, token: &str, position: usize) {
        self.text.push(step(position.saturating_sub(self.position)));
        self.text.push_str(token);
        self.text.push(END);
        self.position = position;
        self.count += 1;
    }
}

/// Cuts what was written.
#[derive(Clone, Default)]
pub(super) struct Cutter(Token);

pub(super) struct Stream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.0.reset();
        self.0.position = 0;
        Stream { rest: text, token: &mut self.0 }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(step) = chars.next() else { return false };
        let (token, rest) = chars.as_str().split_once(END).unwrap_or((chars.as_str(), ""));
        self.token.position += step as usize;
        self.token.text.clear();
        self.token.text.push_str(token);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Different words, in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    letters: String,
    /// Of each its hash, and where it is.
    all: Vec<(u64, Range<usize>)>,
}

/// By hashes, which need none of their own.
pub(super) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<AsItIs>>;

/// The same in every process.
pub(super) fn text_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Which are there already, by their hashes.
pub(super) type Met = HashSet<u64, BuildHasherDefault<AsItIs>>;

#[derive(Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |all, byte| all.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Words {
    /// Room for those of a text of so many bytes: a third of it, as most words come again.
    pub fn for_text(bytes: usize) -> Self {
        Words { letters: String::with_capacity(bytes / 3), all: Vec::with_capacity(bytes / 24) }
    }

    /// Adds a word that has not been met, without the hyphens inside it.
    pub fn add(&mut self, word: &str, met: &mut Met) {
        let from = self.letters.len();
        if word.contains('-') {
            self.letters.extend(word.split('-'));
        } else {
            self.letters.push_str(word);
        }
        let own = from..self.letters.len();
        let hash = text_hash(self.letters.get(own.clone()).unwrap_or_default());
        if met.insert(hash) {
            self.all.push((hash, own));
        } else {
            self.letters.truncate(from);
        }
    }

    /// Each with its hash.
    pub fn each(&self) -> impl Iterator<Item = (u64, &str)> {
        self.all.iter().map(|(hash, own)| (*hash, self.letters.get(own.clone()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_cut_again() {
        let tokens =
            [("osc-fr1", 2), ("osc", 2), ("fr1", 3), ("無法", 13), ("a b", 55_000), ("x", 70_000), ("", 70_001)];
        let mut written = Written::default();
        tokens.iter().for_each(|(token, position)| written.push(token, *position));
        let mut cutter = Cutter::default();
        for _ in 0..2 {
            let mut stream = cutter.token_stream(&written.text);
            let mut found = Vec::new();
            while let Some(token) = stream.next() {
                found.push((token.text.clone(), token.position));
            }
            assert_eq!(found, tokens.map(|(token, position)| (token.to_owned(), position)));
        }
        assert_eq!((written.count, written.position), (7, 70_001));
    }

    #[test]
    fn words_are_met_once() {
        let (mut words, mut met) = (Words::default(), Met::default());
        ["fail-over", "node", "failover", "node", "nodes"].iter().for_each(|word| words.add(word, &mut met));
        assert_eq!(words.each().map(|(_, word)| word).collect::<Vec<_>>(), ["failover", "node", "nodes"]);
    }
}
