//! Which lists may have a phrase where a word begins: found out for all lists in one pass over a text.
//!
//! A sentence is asked about by dozens of lists, few of which have a phrase that begins like one of its words.

use super::memory::Memory;
use super::starts::{ByteSet, Start, find};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

/// Further lists look at every word.
const LISTS_MAX: u32 = u128::BITS;

static LISTS: AtomicU32 = AtomicU32::new(0);

/// A number for a list, as long as there are any.
pub fn number() -> Option<u32> {
    LISTS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| (used < LISTS_MAX).then_some(used + 1)).ok()
}

/// Lists by the keys of their phrases, of those that were asked about in this thread.
struct Lists {
    /// Which keys may be there.
    filter: Box<[u64; 1 << (FILTER_BITS - 6)]>,
    /// At a place that the key tells, where its entry stands, plus one; 0 where there is none.
    slots: Vec<u32>,
    entries: Vec<(u32, u128)>,
    /// First bytes of keys of one or two letters.
    short: ByteSet,
    /// Of each list, when it came in; 0 where it did not.
    since: [u32; LISTS_MAX as usize],
    count: u32,
}

const FILTER_BITS: u32 = 15;
const SLOTS_MIN: usize = 1 << 12;

/// What is known of a text.
#[derive(Default)]
struct Known {
    starts: Vec<Start>,
    /// The starts that lists may have, and those lists as bits: of the first so many lists that came in.
    told: Vec<(u32, u128)>,
    /// All those lists.
    any: u128,
    count: u32,
}

#[derive(Default)]
struct Texts {
    memory: Memory<Known>,
    lists: Lists,
}

thread_local! {
    static TEXTS: RefCell<Texts> = RefCell::default();
}

/// Hands over the places where words may begin, and which of them lists may have, as bits by their numbers. `keys` are
/// those with which phrases of the list begin that asks: four letters, or all they have. `ask` must not ask again.
pub fn with_told<T>(
    text: &str,
    number: Option<u32>,
    keys: impl FnOnce() -> Vec<u32>,
    ask: impl FnOnce(&[Start], &[(u32, u128)]) -> T,
) -> T {
    TEXTS.with_borrow_mut(|Texts { memory, lists }| {
        let known = memory.of(text, |text, known| {
            find(text, &mut known.starts);
            known.told.clear();
            known.any = 0;
            known.count = 0;
        });
        if let Some(number) = number {
            let since = lists.since(number, keys);
            if since > known.count {
                lists.tell(&known.starts, &mut known.told);
                known.any = known.told.iter().fold(0, |all, (_, lists)| all | lists);
                known.count = lists.count;
            }
            // Of most texts a list may have nothing.
            if known.any & 1 << number == 0 {
                return ask(&known.starts, &[]);
            }
        }
        ask(&known.starts, &known.told)
    })
}

impl Default for Lists {
    fn default() -> Self {
        Lists {
            filter: Box::new([0; 1 << (FILTER_BITS - 6)]),
            slots: vec![0; SLOTS_MIN],
            entries: Vec::new(),
            short: ByteSet::default(),
            since: [0; LISTS_MAX as usize],
            count: 0,
        }
    }
}

impl Lists {
    /// When a list came in; it does so now if it did not.
    fn since(&mut self, number: u32, keys: impl FnOnce() -> Vec<u32>) -> u32 {
        let Some(since) = self.since.get_mut(number as usize) else { return 0 };
        if *since == 0 {
            self.count += 1;
            *since = self.count;
            let since = *since;
            keys().into_iter().for_each(|key| self.add(key, number));
            return since;
        }
        *since
    }

    fn add(&mut self, key: u32, number: u32) {
        if key >> 16 == 0 {
            self.short.add((key & 0xFF) as u8);
        }
        let (word, bit) = place(key);
        self.filter.get_mut(word).into_iter().for_each(|word| *word |= bit);
        let (slot, entry) = self.slot(key);
        if let Some((_, lists)) = entry.and_then(|nth| self.entries.get_mut(nth)) {
            *lists |= 1 << number;
            return;
        }
        self.entries.push((key, 1 << number));
        let nth = u32::try_from(self.entries.len()).unwrap_or(0);
        self.slots.get_mut(slot).into_iter().for_each(|slot| *slot = nth);
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for (nth, (key, _)) in (1_u32..).zip(self.entries.clone()) {
                let (slot, _) = self.slot(key);
                self.slots.get_mut(slot).into_iter().for_each(|slot| *slot = nth);
            }
        }
    }

    /// The slot of a key, and its entry, if it has one.
    fn slot(&self, key: u32) -> (usize, Option<usize>) {
        let mut slot = key.wrapping_mul(0x9E37_79B1) as usize >> 8 & (self.slots.len() - 1);
        loop {
            let entry = self.slots.get(slot).and_then(|nth| (*nth as usize).checked_sub(1));
            if entry.is_none_or(|nth| self.entries.get(nth).is_none_or(|(known, _)| *known == key)) {
                return (slot, entry);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The lists that have a key.
    #[inline]
    fn of(&self, key: u32) -> u128 {
        let (word, bit) = place(key);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return 0;
        }
        let entry = self.slot(key).1.and_then(|nth| self.entries.get(nth));
        entry.map_or(0, |(_, lists)| *lists)
    }

    fn tell(&self, starts: &[Start], told: &mut Vec<(u32, u128)>) {
        told.clear();
        for (nth, start) in (0..).zip(starts) {
            let mut lists = self.of(start.four()) | self.of(start.key());
            if self.short.has(start.first()) {
                lists |= self.of(start.key() & 0xFFFF) | self.of(start.key() & 0xFF);
            }
            if lists != 0 {
                told.push((nth, lists));
            }
        }
    }
}

fn place(key: u32) -> (usize, u64) {
    let hash = key.wrapping_mul(0x85EB_CA6B) >> (32 - FILTER_BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}
