//! Finds phrases of a list where words begin, in any ASCII case: the innermost loop of reading.
//!
//! Some forty lists are looked for in every sentence, most of them several times. An automaton for each would walk the
//! same letters a hundred times over; so the places where words begin are found once, with the lists that may have a
//! phrase there ([`super::lists`]), and a list looks only at those.

use super::index::Index;
use super::lists::{self, Told, each_told};
use super::starts::{KEY_BYTES, Start, each_start, head, key};
use std::ops::Range;
use std::sync::OnceLock;

/// The phrases of one list.
pub struct Finder {
    /// One after the other, and where each ends.
    texts: String,
    ends: Vec<u32>,
    /// Among the lists that are told apart.
    number: Option<u32>,
    /// Made for the first text that may have one: most texts have words of few lists.
    table: OnceLock<Table>,
}

/// What phrases are looked up in.
struct Table {
    /// Of the keyed phrases.
    index: Index<Vec<[u32; 3]>>,
    keyed: Vec<Phrase>,
    /// Phrases shorter than a key.
    short: Vec<Phrase>,
}

#[derive(Clone, Copy)]
struct Phrase {
    /// Its first letters, those of ASCII in lower case, and which of the eight it has.
    head: u64,
    mask: u64,
    /// Where it begins among the texts.
    from: u32,
    len: u32,
    /// Which of the list it is.
    nth: u32,
}

impl Phrase {
    fn new(text: &str, from: u32, nth: u32) -> Self {
        let mask = if text.len() < 8 { (1 << (8 * text.len())) - 1 } else { u64::MAX };
        Phrase { head: head(text.as_bytes()), mask, from, len: u32::try_from(text.len()).unwrap_or(u32::MAX), nth }
    }

    #[inline]
    fn stands_at(&self, text: &[u8], start: Start, texts: &str) -> bool {
        let own = || texts.as_bytes().get(self.from as usize..)?.get(8..self.len as usize);
        let there = || text.get(start.at as usize..)?.get(8..self.len as usize);
        start.head & self.mask == self.head
            && start.at as usize + self.len as usize <= text.len()
            && (self.len <= 8 || own().zip(there()).is_some_and(|(own, there)| there.eq_ignore_ascii_case(own)))
    }
}

impl Finder {
    /// Takes phrases in the order by which they are then named. An empty one is never found.
    pub fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Self {
        let (mut texts, mut ends, mut keys) = (String::new(), Vec::new(), Vec::new());
        for phrase in phrases {
            texts.push_str(phrase);
            ends.push(u32::try_from(texts.len()).unwrap_or(u32::MAX));
            if !phrase.is_empty() {
                keys.push(lists::key(head(phrase.as_bytes())));
            }
        }
        Finder { texts, ends, number: lists::number(keys), table: OnceLock::new() }
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::of(&self.texts, &self.ends))
    }

    /// Calls `found` with every phrase that stands where no letter or digit is right before it, by its place in the
    /// list and its range, until `found` answers false.
    pub fn each(&self, text: &str, mut found: impl FnMut(usize, Range<usize>) -> bool) {
        let Some(number) = self.number else {
            let (table, mut goes_on) = (self.table(), true);
            each_start(text.as_bytes(), |start| {
                let may = goes_on && (!table.short.is_empty() || table.index.may_have_key(start));
                goes_on = goes_on && (!may || !start.is_boundary() || self.at(text, start, &mut found));
            });
            return;
        };
        each_told(text, number, |start| self.at(text, start, &mut found));
    }

    /// May one stand in a text of which this is told?
    #[inline]
    pub fn may_stand(&self, told: Told) -> bool {
        told.may(self.number)
    }

    /// As [`Finder::each`], of the phrases with which a text begins.
    pub fn each_opening(&self, text: &str, mut found: impl FnMut(usize, Range<usize>) -> bool) {
        self.at(text, Start::new(0, head(text.as_bytes())), &mut found);
    }

    fn at(&self, text: &str, start: Start, found: &mut impl FnMut(usize, Range<usize>) -> bool) -> bool {
        let begin = start.at as usize;
        let joined = || text.get(..begin).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphanumeric);
        let mut stands = |phrase: &Phrase| {
            let alike = phrase.stands_at(text.as_bytes(), start, &self.texts);
            !alike || joined() || found(phrase.nth as usize, begin..begin + phrase.len as usize)
        };
        let table = self.table();
        let alike = table.index.places(start.key());
        table.keyed.get(alike).unwrap_or_default().iter().all(&mut stands) && table.short.iter().all(stands)
    }
}

impl Table {
    fn of(texts: &str, ends: &[u32]) -> Self {
        let (mut short, mut keyed, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut from = 0;
        for (end, nth) in ends.iter().zip(0_u32..) {
            let text = texts.get(from as usize..*end as usize).unwrap_or("");
            let phrase = Phrase::new(text, from, nth);
            from = *end;
            match text.len() {
                0 => {}
                1..KEY_BYTES => short.push(phrase),
                // As one number, key and place are compared at once: thousands are sorted at every start.
                _ => {
                    keys.push(u64::from(key(&phrase.head.to_le_bytes())) << 32 | keyed.len() as u64);
                    keyed.push(phrase);
                }
            }
        }
        keys.sort_unstable();
        let keyed = keys.iter().filter_map(|key| keyed.get((key & 0xFFFF_FFFF) as usize).copied()).collect();
        Table { index: Index::new(keys.iter().map(|key| (key >> 32) as u32)), keyed, short }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(finder: &Finder, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        // And once more, from memory.
        for _ in 0..2 {
            all.clear();
            finder.each(text, |nth, range| {
                all.push((nth, range));
                true
            });
        }
        all.sort_by_key(|(nth, range)| (range.start, *nth));
        all
    }

    /// The same, as slowly and plainly as can be.
    fn plainly(phrases: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        for (at, _) in text.char_indices() {
            let joined = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            for (nth, phrase) in phrases.iter().enumerate().filter(|(_, p)| !joined && !p.is_empty()) {
                let range = at..at + phrase.len();
                if text.as_bytes().get(range.clone()).is_some_and(|t| t.eq_ignore_ascii_case(phrase.as_bytes())) {
                    all.push((nth, range));
                }
            }
        }
        all
    }

    proptest! {
        #[test]
        fn finds_what_looking_everywhere_finds(
            text in "[aAbB é—.0]{0,40}|(?:[aA]{0,9}[ b]){0,4}",
            phrases in proptest::collection::vec("[ab é.]{0,5}|a{7,9}[b ]?", 0..8),
        ) {
            let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
            let mut finder = Finder::new(phrases.iter().copied());
            // As one of the lists that are told apart, as long as there are numbers for them, and as one of the others.
            prop_assert_eq!(found(&finder, &text), plainly(&phrases, &text));
            finder.number = None;
            prop_assert_eq!(found(&finder, &text), plainly(&phrases, &text));
            let mut opening = Vec::new();
            Finder::new(phrases.iter().copied()).each_opening(&text, |nth, range| {
                opening.push((nth, range));
                true
            });
            opening.sort_by_key(|(nth, _)| *nth);
            let plain = plainly(&phrases, &text).into_iter().filter(|(_, range)| range.start == 0);
            prop_assert_eq!(opening, plain.collect::<Vec<_>>());
        }
    }
}
