//! Where words begin in a text, and with which letters: found once and remembered, asked by every list and pattern.

use super::memory::Memory;
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

    /// As [`Start::key`], of one letter more.
    pub fn four(self) -> u32 {
        (self.head & u64::from(u32::MAX)) as u32
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

thread_local! {
    static REMEMBERED: RefCell<Memory<Vec<Start>>> = RefCell::default();
}

/// Hands over the places where words may begin. `ask` must not ask again.
pub fn with_starts<T>(text: &str, ask: impl FnOnce(&[Start]) -> T) -> T {
    REMEMBERED.with_borrow_mut(|remembered| ask(remembered.of(text, find)))
}
