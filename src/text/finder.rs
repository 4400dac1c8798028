//! Finds phrases of a list where words begin, in any ASCII case: the innermost loop of reading.
//!
//! Some forty lists are looked for in every sentence, most of them several times. An automaton for each would walk the
//! same letters a hundred times over; so the places where words begin are found once, with the lists that may have a
//! phrase there ([`super::lists`]), and a list looks only at those.

use super::scripts::Apart;
use super::starts::{KEY_BYTES, Start, each_start, head};
use super::table::{Phrase, Table, key_of};
use super::told::{Told, each_told};
use std::borrow::Cow;
use std::ops::Range;

/// The phrases of one list.
pub struct Finder(Cow<'static, Table>);

impl Finder {
    /// Takes phrases in the order by which they are then named, each with whether it may end inside a word. An empty
    /// one is never found.
    pub fn new<'p>(phrases: impl IntoIterator<Item = (&'p str, bool)>) -> Self {
        Finder(Cow::Owned(Table::new(phrases)))
    }

    /// The list that the build filed.
    pub const fn listed(table: &'static Table) -> Self {
        Finder(Cow::Borrowed(table))
    }

    /// Calls `found` with every phrase that stands in a text where no letter or digit is right before it, by its place
    /// in the list and its range, until `found` answers false. Letters that stand apart are words of their own: `found`
    /// gets the text with these apart, and the range is of that one.
    pub fn each_apart(&self, text: &str, mut found: impl FnMut(&Apart<'_>, usize, Range<usize>) -> bool) {
        let table = &*self.0;
        let Some(number) = table.number else {
            let apart = Apart::of(text);
            each_at_words(table, &apart.text, &mut |nth, range| found(&apart, nth, range));
            return;
        };
        each_told(text, number, |apart, start| {
            at(table, &apart.text, start, &mut |nth, range| found(apart, nth, range))
        });
    }

    /// The same of the text as it is.
    pub fn each(&self, text: &str, mut found: impl FnMut(usize, Range<usize>) -> bool) {
        let table = &*self.0;
        let mut is_plain = true;
        let Some(number) = table.number else {
            each_at_words(table, text, &mut found);
            return;
        };
        each_told(text, number, |apart, start| {
            is_plain = apart.is_plain();
            is_plain && at(table, text, start, &mut found)
        });
        if !is_plain {
            each_at_words(table, text, &mut found);
        }
    }

    /// May one stand in a text of which this is told?
    #[inline]
    pub fn may_stand(&self, told: Told) -> bool {
        told.may(self.0.number)
    }

    /// As [`Finder::each_apart`], of the phrases with which a text begins.
    pub fn each_opening(&self, text: &str, mut found: impl FnMut(usize, Range<usize>) -> bool) {
        let table = &*self.0;
        let start = |text: &str| Start::new(0, head(text.as_bytes()));
        // Behind letters of ASCII nothing is set apart that a key holds.
        let first = text.as_bytes().get(..KEY_BYTES + 1).unwrap_or(text.as_bytes());
        let is_told = first.is_ascii() && table.keyed(start(text).key()).is_empty() && table.short().is_empty();
        if !is_told {
            let apart = Apart::of(text);
            at(table, &apart.text, start(&apart.text), &mut found);
        }
    }

    /// Is a text one of the phrases and nothing else? Words are asked this by the thousand: nothing is remembered of
    /// them.
    pub fn is_all(&self, text: &str) -> bool {
        let apart = Apart::of(text);
        let mut is_all = false;
        at(&self.0, &apart.text, Start::new(0, head(apart.text.as_bytes())), &mut |_, range| {
            is_all = range.end == apart.text.len();
            !is_all
        });
        is_all
    }

    /// How many phrases there are, empty ones among them.
    pub fn count(&self) -> usize {
        self.0.count as usize
    }
}

/// Looks at every word.
fn each_at_words(table: &Table, text: &str, found: &mut impl FnMut(usize, Range<usize>) -> bool) {
    let mut goes_on = true;
    each_start(text.as_bytes(), |start| {
        goes_on = goes_on && (!start.is_boundary() || at(table, text, start, found));
    });
}

fn at(table: &Table, text: &str, start: Start, found: &mut impl FnMut(usize, Range<usize>) -> bool) -> bool {
    let begin = start.at as usize;
    let joined = || text.get(..begin).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphanumeric);
    let key = start.key();
    let mut passes = |phrase: &Phrase| {
        let end = begin + usize::from(phrase.len);
        let alike = phrase.ends_at(text.as_bytes(), start, &table.texts);
        let goes_on = || text.get(end..).and_then(|t| t.chars().next()).is_some_and(char::is_alphanumeric);
        !alike || joined() || !phrase.open && goes_on() || found(usize::from(phrase.nth), begin..end)
    };
    // Nearly all differ in their first letters. One loop after the other: joined, they took twice as long.
    let keyed = table.keyed(key).iter().take_while(|phrase| key_of(phrase.head) == key);
    keyed.filter(|phrase| phrase.begins_at(start)).all(&mut passes)
        && table.short().iter().filter(|phrase| phrase.begins_at(start)).all(passes)
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
            let finder = Finder::new(phrases.iter().map(|phrase| (*phrase, true)));
            prop_assert_eq!(found(&finder, &text), plainly(&phrases, &text));
            let mut opening = Vec::new();
            finder.each_opening(&text, |nth, range| {
                opening.push((nth, range));
                true
            });
            opening.sort_by_key(|(nth, _)| *nth);
            let plain = plainly(&phrases, &text).into_iter().filter(|(_, range)| range.start == 0);
            prop_assert_eq!(opening, plain.collect::<Vec<_>>());
        }
    }
}
