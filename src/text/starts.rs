//! Where words begin in a text, and with which letters: found once and remembered, asked by every list and pattern.

use std::cell::RefCell;

/// How many first letters of a word tell whether a list may hold it.
pub const KEY_BYTES: usize = 3;

/// A place where a word may begin, with its first letters.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub at: u32,
    /// As of [`head`].
    pub head: u64,
}

impl Start {
    /// As of [`key`].
    pub fn key(self) -> u32 {
        (self.head & KEY_MASK) as u32
    }
}

const KEY_MASK: u64 = (1 << (8 * KEY_BYTES)) - 1;

/// Up to eight first letters, ASCII ones in lower case, as a number, the first the lowest; what is missing is 0.
pub fn head(text: &[u8]) -> u64 {
    let bytes = text.first_chunk::<8>().map_or_else(
        || text.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        |eight| u64::from_le_bytes(*eight),
    );
    // Eight bytes at once: a capital's bits, one byte each, are moved to where they make it small.
    const ONES: u64 = u64::MAX / 255;
    let low = bytes & (ONES * 0x7F);
    let from_a = low + ONES * (0x80 - b'A' as u64);
    let past_z = low + ONES * (0x7F - b'Z' as u64);
    bytes | (from_a & !past_z & !bytes & (ONES * 0x80)) >> 2
}

/// Up to [`KEY_BYTES`] first letters, ASCII ones in lower case, as a number; what is missing is 0.
pub fn key(text: &[u8]) -> u32 {
    let letter = |nth: usize| u32::from(text.get(nth).copied().unwrap_or(0).to_ascii_lowercase());
    letter(0) | letter(1) << 8 | letter(2) << 16
}

/// Bits of a filter: enough that few words pass it by chance, few enough to stay in the nearest cache.
const FILTER_BITS: u32 = 12;

/// Which keys may be there.
pub struct Filter(Box<[u64]>);

impl Filter {
    pub fn new(keys: impl IntoIterator<Item = u32>) -> Self {
        let mut words = vec![0_u64; 1 << (FILTER_BITS - 6)].into_boxed_slice();
        for key in keys {
            let (word, bit) = place(key);
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
        Filter(words)
    }

    /// False only for a key that was not given.
    pub fn passes(&self, key: u32) -> bool {
        let (word, bit) = place(key);
        self.0.get(word).is_some_and(|w| w & bit != 0)
    }
}

fn place(key: u32) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Every character with no ASCII letter or digit right before it.
fn find(text: &str, starts: &mut Vec<Start>) {
    find_starts(text.as_bytes(), starts);
    if !text.is_ascii() {
        starts.retain(|start| text.is_char_boundary(start.at as usize));
    }
}

/// Every byte with no ASCII letter or digit right before it.
pub fn find_starts(bytes: &[u8], starts: &mut Vec<Start>) {
    starts.clear();
    let mut inside = false;
    for (at, byte) in (0_u32..).zip(bytes) {
        if !inside {
            starts.push(Start { at, head: head(bytes.get(at as usize..).unwrap_or_default()) });
        }
        inside = byte.is_ascii_alphanumeric();
    }
}

/// Longer texts are not remembered: they are few, and memory is bounded.
const REMEMBERED_BYTES_MAX: usize = 4_096;

/// About as many as a long report has sentences.
const REMEMBERED_TEXTS: usize = 1_024;

#[derive(Default)]
struct Remembered {
    text: String,
    starts: Vec<Start>,
}

thread_local! {
    /// By a hash of length and ends. The text itself decides, so no answer depends on what was asked before.
    static REMEMBERED: RefCell<Vec<Remembered>> = const { RefCell::new(Vec::new()) };
}

/// Hands over the places where words may begin. `ask` must not ask again.
pub fn with_starts<T>(text: &str, ask: impl FnOnce(&[Start]) -> T) -> T {
    if text.len() > REMEMBERED_BYTES_MAX {
        let mut starts = Vec::with_capacity(text.len() / 4);
        find(text, &mut starts);
        return ask(&starts);
    }
    REMEMBERED.with_borrow_mut(|remembered| {
        if remembered.is_empty() {
            remembered.resize_with(REMEMBERED_TEXTS, Remembered::default);
        }
        let Some(known) = remembered.get_mut(slot(text)) else { return ask(&[]) };
        if known.text != text {
            known.text.clear();
            known.text.push_str(text);
            find(text, &mut known.starts);
        }
        ask(&known.starts)
    })
}

fn slot(text: &str) -> usize {
    let eight = |from: usize| {
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        bytes.first_chunk::<8>().map_or_else(
            || bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
            |eight| u64::from_le_bytes(*eight),
        )
    };
    let mixed = [text.len() as u64, eight(0), eight(text.len() / 2), eight(text.len().saturating_sub(8))];
    let hash = mixed.iter().fold(0_u64, |hash, part| (hash.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (hash >> 32) as usize % REMEMBERED_TEXTS
}
