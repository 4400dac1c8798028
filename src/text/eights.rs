//! Eight bytes of a text at once, as one number, the first the lowest: what is asked of every byte of every text.

/// The lowest bit of each of eight bytes, and the highest.
pub const ONES: u64 = u64::MAX / 255;
pub const HIGHEST: u64 = ONES * 0x80;

/// The highest bit of each of eight bytes of ASCII that lies within a range; other bits tell nothing.
#[inline]
pub fn between(bytes: u64, first: u8, last: u8) -> u64 {
    (bytes + ONES * (0x80 - u64::from(first))) & !(bytes + ONES * (0x7F - u64::from(last)))
}

/// The highest bit of each of eight bytes that is an ASCII letter or digit.
#[inline]
pub fn alphanumeric(bytes: u64) -> u64 {
    let low = bytes & (ONES * 0x7F);
    let small = low | (ONES * 0x20);
    (between(small, b'a', b'z') | between(low, b'0', b'9')) & !bytes & HIGHEST
}

/// The eight bytes at a place, or those that are left and zeroes behind them; `None` at the end.
#[inline]
pub fn eight_at(bytes: &[u8], at: usize) -> Option<u64> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let left = || rest.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte));
    Some(rest.first_chunk::<8>().map_or_else(left, |eight| u64::from_le_bytes(*eight)))
}

/// What to look for: bytes of ASCII within one of some ranges, and perhaps all beyond ASCII.
#[derive(Clone, Copy)]
pub struct Marks<const N: usize> {
    pub near: [(u8, u8); N],
    pub far: bool,
}

impl<const N: usize> Marks<N> {
    /// The highest bits of those of eight bytes.
    #[inline]
    fn of(&self, bytes: u64) -> u64 {
        let low = bytes & (ONES * 0x7F);
        let near = self.near.iter().fold(0, |all, (first, last)| all | between(low, *first, *last)) & !bytes;
        (near | if self.far { bytes } else { 0 }) & HIGHEST
    }

    /// Where they stand in a text, in order.
    #[inline]
    pub fn places<T: AsRef<[u8]> + ?Sized>(self, text: &T) -> Places<'_, N> {
        Places { marks: self, bytes: text.as_ref(), end: 0, found: 0 }
    }

    /// Does one stand in a text?
    #[inline]
    pub fn any(self, text: &str) -> bool {
        self.places(text).next().is_some()
    }
}

/// The places of marks, one after the other.
pub struct Places<'t, const N: usize> {
    marks: Marks<N>,
    bytes: &'t [u8],
    /// Up to where was looked.
    end: usize,
    /// Of the eight bytes before, the highest bits of those that were not told yet.
    found: u64,
}

impl<const N: usize> Iterator for Places<'_, N> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.found = self.marks.of(eight_at(self.bytes, self.end)?);
            self.end += 8;
        }
        let at = self.end - 8 + (self.found.trailing_zeros() >> 3) as usize;
        self.found &= self.found - 1;
        // Zeroes may be looked for, but stand for nothing behind the end.
        (at < self.bytes.len()).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_found_where_they_stand(text in "[a-dA-D.!\u{0}\u{7F} é—]{0,40}") {
            let marks = Marks { near: [(b'b', b'c'), (b'!', b'!'), (0, 0)], far: false };
            let near = |b: &u8| matches!(b, b'b'..=b'c' | b'!' | 0);
            let plain = |far: bool| -> Vec<usize> {
                let is = |(_, b): &(usize, u8)| near(b) || far && !b.is_ascii();
                text.bytes().enumerate().filter(is).map(|(at, _)| at).collect()
            };
            prop_assert_eq!(marks.places(&text).collect::<Vec<_>>(), plain(false));
            let far = Marks { far: true, ..marks };
            prop_assert_eq!(far.places(&text).collect::<Vec<_>>(), plain(true));
            prop_assert_eq!(far.any(&text), !plain(true).is_empty());
        }
    }
}
