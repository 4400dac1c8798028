//! Where the entries of a key stand in a sorted list: found at once, and most keys are known to have none.

use super::starts::{Filter, Start};
use std::ops::Range;

/// Of a list that is sorted by keys.
pub struct Index<P> {
    pub filter: Filter,
    /// At a place that the key tells: the key, and from where to where its entries stand; those without are free.
    pub places: P,
}

impl Index<Vec<[u32; 3]>> {
    /// Takes the key of each entry.
    pub fn new(keys: impl Iterator<Item = u32>) -> Self {
        let keys: Vec<u32> = keys.collect();
        let distinct = keys.chunk_by(|a, b| a == b).count();
        let mut places = vec![[0; 3]; (2 * distinct).next_power_of_two()];
        let mut from = 0;
        for alike in keys.chunk_by(|a, b| a == b) {
            let to = from + u32::try_from(alike.len()).unwrap_or(0);
            let key = alike.first().copied().unwrap_or(0);
            let free = probe(places.len(), key).find(|at| places.get(*at).is_none_or(|[_, from, to]| from == to));
            free.and_then(|at| places.get_mut(at)).into_iter().for_each(|free| *free = [key, from, to]);
            from = to;
        }
        Index { filter: Filter::new(keys), places }
    }
}

impl<P: AsRef<[[u32; 3]]>> Index<P> {
    /// False only for a key without entries.
    #[inline]
    pub fn may_have(&self, key: u32) -> bool {
        self.filter.passes(key)
    }

    /// The same, of the key of a start.
    #[inline]
    pub fn may_have_key(&self, start: Start) -> bool {
        self.filter.passes_key(start)
    }

    /// Where its entries stand.
    #[inline]
    pub fn places(&self, key: u32) -> Range<usize> {
        let places = self.places.as_ref();
        for place in probe(places.len(), key) {
            match places.get(place) {
                Some([known, from, to]) if *known == key && from != to => return *from as usize..*to as usize,
                Some([_, from, to]) if from != to => {}
                _ => break,
            }
        }
        0..0
    }
}

/// Where a key may be kept among so many places, a power of two.
#[inline]
fn probe(places: usize, key: u32) -> impl Iterator<Item = usize> {
    let first = (key.wrapping_mul(0x9E37_79B1) >> 8) as usize;
    (0..places).map(move |step| (first + step) & (places - 1))
}
