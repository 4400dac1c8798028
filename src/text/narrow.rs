//! A text with one byte for every character, on which patterns of bytes say what those of characters say of the text.

use super::memory::Memory;
use super::spelled::{APOSTROPHE, FOREIGN, LATIN_MAX, NEVER};
use super::starts::{Start, find_starts};
use std::cell::RefCell;
use std::ops::Range;

const APOSTROPHE_BYTE: u8 = 0x92;
const SYMBOL: u8 = 0x80;

/// An ASCII letter in another case.
const LONG_S: char = '\u{17F}';
const KELVIN: char = '\u{212A}';

/// Latin letters in another case: these and those of `ß` and `å`.
const OTHER_CASES: [char; 3] = [KELVIN, '\u{1E9E}', '\u{212B}'];

/// The byte that stands for a character: letters beyond ASCII are `_`, which belongs to words and is in no phrase.
/// `None` for what only changes the character before it, such as an accent or the choice of an emoji's colours.
fn narrow(c: char) -> Option<u8> {
    match c {
        _ if c.is_ascii() => u8::try_from(c).ok(),
        APOSTROPHE => Some(APOSTROPHE_BYTE),
        LONG_S => Some(b's'),
        KELVIN => Some(b'k'),
        _ if c.is_alphabetic() => Some(FOREIGN),
        _ if regex_syntax::is_word_character(c) => c.is_numeric().then_some(FOREIGN),
        _ if c.is_whitespace() => Some(b'\t'),
        _ => Some(SYMBOL),
    }
}

/// Is it a letter that stands in no Latin phrase?
fn is_far(c: char) -> bool {
    c > LATIN_MAX && !OTHER_CASES.contains(&c) && c.is_alphabetic()
}

/// A text in bytes.
#[derive(Default)]
pub struct Narrow {
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
    /// The bytes with [`NEVER`] for letters that are not Latin, as phrases that begin with one are filed under it;
    /// empty where there is none.
    filed: Vec<u8>,
}

impl Narrow {
    fn read(&mut self, text: &str) {
        self.bytes.clear();
        self.places.clear();
        self.filed.clear();
        if text.is_ascii() {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            for (at, c) in text.char_indices() {
                let Some(byte) = narrow(c) else { continue };
                self.bytes.push(byte);
                self.places.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
            self.places.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            if text.contains(is_far) {
                let byte = |c: char| if is_far(c) { Some(NEVER) } else { narrow(c) };
                self.filed.extend(text.chars().filter_map(byte));
            }
        }
        let beyond = || text.chars().filter(|c| !c.is_ascii() && *c != APOSTROPHE);
        self.foreign = !self.places.is_empty() && beyond().any(char::is_alphabetic);
        self.signs = !self.places.is_empty() && beyond().any(|c| !c.is_alphabetic());
        self.lower.clear();
        self.lower.extend_from_slice(&self.bytes);
        self.lower.make_ascii_lowercase();
        find_starts(if self.filed.is_empty() { &self.bytes } else { &self.filed }, &mut self.starts);
    }

    /// The range in the text.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        self.at(range.start)..self.at(range.end)
    }

    /// The byte that stands for what begins at a place of the text, or the next one.
    pub fn byte(&self, place: usize) -> usize {
        if self.places.is_empty() { place } else { self.places.partition_point(|known| (*known as usize) < place) }
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
