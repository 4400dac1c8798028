//! A text with one byte for every character, on which patterns of bytes say what those of characters say of the text.

use super::memory::Memory;
use super::spelled::{APOSTROPHE, FOREIGN, LATIN_MAX};
use super::starts::{Start, find_starts};
use std::cell::RefCell;
use std::ops::Range;

const APOSTROPHE_BYTE: u8 = 0x92;
const SYMBOL: u8 = 0x80;

/// The byte that stands for a character: letters beyond ASCII are `_`, which belongs to words and is in no phrase.
/// `None` where no byte behaves as the character does: an `ſ` is an `s` in another case.
fn narrow(c: char) -> Option<u8> {
    if c.is_ascii() {
        return u8::try_from(c).ok();
    }
    match c {
        APOSTROPHE => Some(APOSTROPHE_BYTE),
        'ſ' => None,
        _ if c <= LATIN_MAX && c.is_alphabetic() => Some(FOREIGN),
        _ if c.is_alphanumeric() || regex_syntax::is_word_character(c) => None,
        _ if c.is_whitespace() => Some(b'\t'),
        _ => Some(SYMBOL),
    }
}

/// A text in bytes.
#[derive(Default)]
pub struct Narrow {
    /// Can it be told in bytes?
    pub told: bool,
    /// Has it letters beyond ASCII?
    pub foreign: bool,
    /// Has it signs beyond ASCII, other than the apostrophe?
    pub signs: bool,
    pub bytes: Vec<u8>,
    /// The bytes in small letters.
    pub lower: Vec<u8>,
    /// Where words may begin in the bytes.
    pub starts: Vec<Start>,
    /// Where each byte's character begins in the text, and the text's end; empty where they are the same.
    places: Vec<u32>,
}

impl Narrow {
    fn read(&mut self, text: &str) {
        self.bytes.clear();
        self.places.clear();
        self.told = true;
        if text.is_ascii() {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            for (at, c) in text.char_indices() {
                let Some(byte) = narrow(c) else {
                    self.told = false;
                    return;
                };
                self.bytes.push(byte);
                self.places.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
            self.places.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        let beyond = || text.chars().filter(|c| !c.is_ascii() && *c != APOSTROPHE);
        self.foreign = !self.places.is_empty() && beyond().any(char::is_alphabetic);
        self.signs = !self.places.is_empty() && beyond().any(|c| !c.is_alphabetic());
        self.lower.clear();
        self.lower.extend_from_slice(&self.bytes);
        self.lower.make_ascii_lowercase();
        find_starts(&self.bytes, &mut self.starts);
    }

    /// The range in the text.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        self.at(range.start)..self.at(range.end)
    }

    /// The place in the text.
    pub fn at(&self, at: usize) -> usize {
        self.places.get(at).map_or(at, |place| *place as usize)
    }
}

thread_local! {
    static REMEMBERED: RefCell<Memory<Narrow>> = RefCell::default();
}

/// Hands over a text in bytes. `ask` must not ask again.
pub fn with_narrow<T>(text: &str, ask: impl FnOnce(&Narrow) -> T) -> T {
    REMEMBERED.with_borrow_mut(|remembered| ask(remembered.of(text, |text, narrow| narrow.read(text))))
}
