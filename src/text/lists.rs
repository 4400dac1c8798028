//! Which lists may have a phrase where a word begins: found out for all lists in one pass over a text.
//!
//! A sentence is asked about by dozens of lists, few of which have a phrase that begins like one of its words.

use super::memory::Memory;
use super::scripts::Apart;
use super::starts::{ByteSet, Start, each_start};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// Further lists look at every word.
const LISTS_MAX: usize = 64 * WORDS;
const WORDS: usize = 3;

/// Some lists, by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Set([u64; WORDS]);

impl Set {
    fn of(number: u32) -> Self {
        let mut set = Set::default();
        set.0.get_mut(number as usize / 64).into_iter().for_each(|word| *word = 1 << (number % 64));
        set
    }

    #[inline]
    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    #[inline]
    fn join(&mut self, other: &Set) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }
}

/// The keys of each list, by its number.
static KEYS: Mutex<Vec<Vec<u64>>> = Mutex::new(Vec::new());

/// How many there are.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A number for the list with these keys, as long as there are any.
pub fn number(keys: Vec<u64>) -> Option<u32> {
    let mut all = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let number = u32::try_from(all.len()).ok().filter(|_| all.len() < LISTS_MAX)?;
    all.push(keys);
    COUNT.store(number + 1, Ordering::Release);
    Some(number)
}

/// What a phrase is filed under, of its first letters: all eight, else four, else those that it has.
pub fn key(head: u64) -> u64 {
    if (FEW..8).contains(&letters(head)) { few(head) } else { head }
}

fn letters(head: u64) -> u32 {
    (u64::BITS - head.leading_zeros()).div_ceil(8)
}

/// So many letters stand for phrases that have fewer than eight.
const FEW: u32 = 4;

#[inline]
fn few(head: u64) -> u64 {
    head & u64::from(u32::MAX)
}

/// Lists by the keys of their phrases.
struct Lists {
    /// Which keys may be there.
    filter: Box<[u64; 1 << (FILTER_BITS - 6)]>,
    /// At a place that the key tells, where its entry stands, plus one; 0 where there is none.
    slots: Vec<u32>,
    entries: Vec<(u64, Set)>,
    /// First bytes of the keys of one letter, of two, and so on.
    short: [ByteSet; FEW as usize - 1],
    /// How many lists came in.
    count: u32,
}

const FILTER_BITS: u32 = 16;
/// The shipped lists have some ten thousand keys.
const SLOTS_MIN: usize = 1 << 15;

/// What is known of a text.
#[derive(Default)]
struct Known {
    /// Where lists may have a phrase, and those lists.
    told: Vec<(Start, Set)>,
    /// All those lists.
    any: Set,
    /// Of so many lists this is told.
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

/// Which lists may have a phrase in a text: asked once for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    any: Set,
    /// Of so many lists this is told; the others may have any.
    count: u32,
}

impl Told {
    /// May the list with this number have one?
    #[inline]
    pub fn may(self, number: Option<u32>) -> bool {
        number.is_none_or(|number| number >= self.count || self.any.has(number))
    }
}

/// Which lists may have a phrase in a text.
pub fn told(text: &str) -> Told {
    let Apart { text, .. } = &Apart::of(text);
    TEXTS.with_borrow_mut(|Texts { memory, lists }| {
        let known = memory.of(text, |_, known| known.count = 0);
        if known.count == 0 {
            lists.tell(text, known);
        }
        Told { any: known.any, count: known.count }
    })
}

/// Calls `found` with every place of a text where a list may have a phrase, until it answers false. It must not ask
/// again.
pub fn each_told(text: &str, number: u32, mut found: impl FnMut(Start) -> bool) {
    TEXTS.with_borrow_mut(|Texts { memory, lists }| {
        let known = memory.of(text, |_, known| known.count = 0);
        if number >= known.count {
            lists.tell(text, known);
        }
        // Of most texts a list may have nothing.
        if known.any.has(number) {
            known.told.iter().filter(|(_, lists)| lists.has(number)).all(|(start, _)| found(*start));
        }
    });
}

impl Default for Lists {
    fn default() -> Self {
        Lists {
            filter: Box::new([0; 1 << (FILTER_BITS - 6)]),
            slots: vec![0; SLOTS_MIN],
            entries: Vec::with_capacity(SLOTS_MIN / 2),
            short: Default::default(),
            count: 0,
        }
    }
}

impl Lists {
    /// Takes in the lists that have come.
    fn complete(&mut self) {
        let all = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        for keys in all.iter().skip(self.count as usize) {
            keys.iter().for_each(|key| self.add(*key, self.count));
            self.count += 1;
        }
    }

    fn add(&mut self, key: u64, number: u32) {
        let short = self.short.get_mut(letters(key).saturating_sub(1) as usize);
        short.into_iter().for_each(|firsts| firsts.add((key & 0xFF) as u8));
        let (word, bit) = place(key);
        self.filter.get_mut(word).into_iter().for_each(|word| *word |= bit);
        let (slot, entry) = self.slot(key);
        if let Some((_, lists)) = entry.and_then(|nth| self.entries.get_mut(nth)) {
            lists.join(&Set::of(number));
            return;
        }
        self.entries.push((key, Set::of(number)));
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
    fn slot(&self, key: u64) -> (usize, Option<usize>) {
        let mut slot = (hash(key) >> 8) as usize & (self.slots.len() - 1);
        loop {
            let entry = self.slots.get(slot).and_then(|nth| (*nth as usize).checked_sub(1));
            if entry.is_none_or(|nth| self.entries.get(nth).is_none_or(|(known, _)| *known == key)) {
                return (slot, entry);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Adds the lists that have a key.
    #[inline]
    fn join(&self, key: u64, lists: &mut Set) {
        let (word, bit) = place(key);
        if self.filter.get(word).is_some_and(|word| word & bit != 0) {
            self.join_filed(key, lists);
        }
    }

    #[inline(never)]
    fn join_filed(&self, key: u64, lists: &mut Set) {
        let entry = self.slot(key).1.and_then(|nth| self.entries.get(nth));
        entry.into_iter().for_each(|(_, filed)| lists.join(filed));
    }

    fn tell(&mut self, text: &str, known: &mut Known) {
        if COUNT.load(Ordering::Acquire) > self.count {
            self.complete();
        }
        self.tell_known(text, known);
    }

    /// The same, of the lists that came in.
    fn tell_known(&self, text: &str, known: &mut Known) {
        known.told.clear();
        known.any = Set::default();
        known.count = self.count;
        each_start(text.as_bytes(), |start| {
            let mut lists = Set::default();
            self.join(start.head, &mut lists);
            self.join(few(start.head), &mut lists);
            for (letters, firsts) in (1..).zip(&self.short) {
                if firsts.has(start.first()) {
                    self.join(start.head & ((1 << (8 * letters)) - 1), &mut lists);
                }
            }
            if !lists.is_empty() && start.is_boundary() {
                known.told.push((start, lists));
                known.any.join(&lists);
            }
        });
    }
}

#[inline]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24
}

#[inline]
fn place(key: u64) -> (usize, u64) {
    let place = hash(key) >> (40 - FILTER_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}

#[cfg(test)]
mod tests {
    use super::super::starts::head;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_begins_like_a_phrase_is_told(
            text in "[aA b]{0,12}|(?:aaaaaaab|é|—| )[ab. ]{0,20}",
            phrases in proptest::collection::vec("[ab]{1,9}", 1..4),
        ) {
            let mut lists = Lists::default();
            for (number, phrase) in (0..).zip(&phrases) {
                lists.add(key(head(phrase.as_bytes())), number);
            }
            let mut known = Known::default();
            lists.tell_known(&text, &mut known);
            let small = text.to_ascii_lowercase();
            for (at, _) in text.char_indices() {
                let begins = |phrase: &&String| small[at..].starts_with(phrase.as_str());
                let joined = small[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
                let told = known.told.iter().find(|(start, _)| start.at as usize == at);
                let told = told.map(|(_, lists)| *lists).unwrap_or_default();
                for (number, phrase) in (0..).zip(&phrases) {
                    prop_assert!(joined || !begins(&phrase) || told.has(number), "{phrase} at {at}");
                }
            }
        }
    }
}
