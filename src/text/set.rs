//! Sets of characters, of which a text is asked one character at a time.

use regex_syntax::hir::Class;
use std::borrow::Cow;

/// First and last characters of ranges, in order.
pub type Ranges = Cow<'static, [(u32, u32)]>;

/// A set of characters, or of bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Single bytes: characters of ASCII, or any byte of a set of bytes.
    pub bytes: [u64; 4],
    /// Characters beyond ASCII.
    pub far: Ranges,
}

const ASCII_MAX: u32 = 0x7F;

impl Set {
    pub fn new(class: &Class) -> Self {
        let (ranges, near_max): (Vec<(u32, u32)>, u32) = match class {
            Class::Unicode(class) => {
                (class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(), ASCII_MAX)
            }
            Class::Bytes(class) => {
                (class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(), u32::from(u8::MAX))
            }
        };
        let far = ranges.iter().filter(|(_, to)| *to > near_max).map(|(from, to)| (*from.max(&(near_max + 1)), *to));
        let mut set = Set { bytes: [0; 4], far: far.collect() };
        for (from, to) in ranges {
            (from..=to.min(near_max)).for_each(|byte| set.add(byte));
        }
        set
    }

    pub fn add(&mut self, byte: u32) {
        if let Some(bits) = self.bytes.get_mut(byte as usize >> 6) {
            *bits |= 1 << (byte & 63);
        }
    }

    /// How many bytes of the character at a place belong to it; 0 where it is not of the set.
    #[inline]
    pub fn taken(&self, text: &[u8], at: usize) -> usize {
        let Some(byte) = text.get(at) else { return 0 };
        if self.bytes.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1) {
            return 1;
        }
        if byte.is_ascii() || self.far.is_empty() {
            return 0;
        }
        let (c, len) = character(text, at);
        let nth = self.far.partition_point(|(_, to)| *to < c);
        if self.far.get(nth).is_some_and(|(from, _)| *from <= c) { len } else { 0 }
    }

    /// Has it a character that the other has too?
    #[inline]
    pub fn meets(&self, other: &Set) -> bool {
        let near = self.bytes.iter().zip(other.bytes).any(|(bits, others)| bits & others != 0);
        near || self.far.iter().any(|(from, to)| {
            let nth = other.far.partition_point(|(_, end)| end < from);
            other.far.get(nth).is_some_and(|(begin, _)| begin <= to)
        })
    }

    /// With which bytes its characters begin.
    pub fn firsts(&self) -> [u64; 4] {
        let mut firsts = Set { bytes: self.bytes, far: Ranges::default() };
        for (from, to) in self.far.iter() {
            (lead(*from)..=lead(*to)).for_each(|byte| firsts.add(byte));
        }
        firsts.bytes
    }
}

/// The first byte of a character in UTF-8.
fn lead(c: u32) -> u32 {
    match c {
        0..=0x7F => c,
        0x80..=0x7FF => 0xC0 | c >> 6,
        0x800..=0xFFFF => 0xE0 | c >> 12,
        _ => 0xF0 | c >> 18,
    }
}

/// The character beyond ASCII that begins at a place of UTF-8, and its length.
pub fn character(text: &[u8], at: usize) -> (u32, usize) {
    let byte = |nth: usize| u32::from(text.get(at + nth).copied().unwrap_or(0));
    let more = |nth: usize| byte(nth) & 0x3F;
    match byte(0) {
        first @ 0xF0.. => ((first & 0x07) << 18 | more(1) << 12 | more(2) << 6 | more(3), 4),
        first @ 0xE0.. => ((first & 0x0F) << 12 | more(1) << 6 | more(2), 3),
        first => ((first & 0x1F) << 6 | more(1), 2),
    }
}
