//! Sets of small numbers.

use std::ops::Range;

/// Some of the numbers below [`Bits::END`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bits(pub [u64; WORDS]);

const WORDS: usize = 24;

impl Bits {
    /// Larger numbers are in no set.
    pub const END: usize = 64 * WORDS;

    /// Those of a range.
    #[inline]
    pub fn of(range: Range<usize>) -> Self {
        let mut bits = Bits::default();
        for (word, first) in bits.0.iter_mut().zip((0..).step_by(64)) {
            // Those below a number, of the 64 from here on.
            let below = |number: usize| match number.saturating_sub(first) {
                count @ 0..64 => (1 << count) - 1,
                _ => u64::MAX,
            };
            *word = below(range.end) & !below(range.start);
        }
        bits
    }

    #[inline]
    pub fn add(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Takes one out.
    #[inline]
    pub fn take(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    #[inline]
    pub fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Leaves out those that the other has.
    #[inline]
    pub fn remove(&mut self, other: &Bits) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= !other);
    }

    /// Adds those of the other.
    #[inline]
    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    /// Leaves out those that the other has not.
    #[inline]
    pub fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        (0..).step_by(64).zip(self.0).flat_map(|(first, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (word != 0).then(|| word &= word - 1).map(|()| first + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_in_order() {
        let mut bits = Bits::of(60..70);
        bits.remove(&Bits::of(62..66));
        bits.join(&Bits::of(1_000..1_001));
        bits.keep(&Bits::of(61..2_000));
        bits.add(1);
        bits.take(67);
        let all: Vec<usize> = bits.iter().collect();
        assert_eq!(all, [1, 61, 66, 68, 69, 1_000]);
        assert!(bits.has(66) && !bits.has(67) && !bits.is_empty());
    }
}
