//! What phrases of a list are looked up in. The shipped lists have theirs from the build ([`super::listed`]).

use super::starts::{HEAD_BYTES, KEY_BYTES, Start, head};
use std::borrow::Cow;

/// The phrases of one list.
#[derive(Clone)]
pub struct Table {
    /// Among the lists that are told apart.
    pub number: Option<u32>,
    /// One after the other.
    pub texts: Cow<'static, str>,
    /// Sorted by their keys and by their places in the list, those shorter than a key behind all others.
    pub phrases: Cow<'static, [Phrase]>,
    /// How many of them are shorter.
    pub short: u32,
    /// At a place that a key tells, where its first phrase stands, plus one; 0 where there is none.
    pub slots: Cow<'static, [u16]>,
    /// How many phrases came in, empty ones among them.
    pub count: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// Its first letters, those of ASCII in lower case.
    pub head: u64,
    /// Where it begins among the texts.
    pub from: u32,
    /// Which of the list it is.
    pub nth: u16,
    pub len: u8,
    /// It may end inside a word.
    pub open: bool,
}

impl Phrase {
    /// Has a word the first letters of the phrase, up to [`HEAD_BYTES`]?
    #[inline]
    pub fn begins_at(&self, start: Start) -> bool {
        let others = HEAD_BYTES.saturating_sub(usize::from(self.len));
        start.head & (u64::MAX >> (8 * others)) == self.head
    }

    /// Where it begins, does the rest follow?
    pub fn ends_at(&self, text: &[u8], start: Start, texts: &str) -> bool {
        let len = usize::from(self.len);
        let own = || texts.as_bytes().get(self.from as usize..)?.get(HEAD_BYTES..len);
        let there = || text.get(start.at as usize..)?.get(HEAD_BYTES..len);
        start.at as usize + len <= text.len()
            && (len <= HEAD_BYTES || own().zip(there()).is_some_and(|(own, there)| there.eq_ignore_ascii_case(own)))
    }
}

impl Table {
    /// Takes phrases, each with whether it may end inside a word; further ones than there are numbers, and those that
    /// are longer than any, are left out.
    pub fn new<'p>(phrases: impl IntoIterator<Item = (&'p str, bool)>) -> Self {
        let (mut texts, mut all, mut count) = (String::new(), Vec::new(), 0);
        for (nth, (text, open)) in (0..u16::MAX).zip(phrases) {
            let from = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            count += 1;
            if let Ok(len @ 1..) = u8::try_from(text.len()) {
                texts.push_str(text);
                all.push(Phrase { head: head(text.as_bytes()), from, nth, len, open });
            }
        }
        let is_short = |phrase: &Phrase| usize::from(phrase.len) < KEY_BYTES;
        all.sort_unstable_by_key(|phrase| match is_short(phrase) {
            true => (true, 0, phrase.nth),
            false => (false, key_of(phrase.head), phrase.nth),
        });
        let keyed = all.iter().filter(|phrase| !is_short(phrase)).count();
        let mut slots = vec![0; (2 * keyed).next_power_of_two()];
        let mut last = None;
        for (nth, phrase) in (1..).zip(all.iter().take(keyed)) {
            let key = key_of(phrase.head);
            if last != Some(key) {
                let free = probe(slots.len(), key).find(|place| slots.get(*place) == Some(&0));
                free.and_then(|place| slots.get_mut(place)).into_iter().for_each(|slot| *slot = nth);
            }
            last = Some(key);
        }
        let short = u32::try_from(all.len() - keyed).unwrap_or(0);
        Table { number: None, texts: texts.into(), phrases: all.into(), short, slots: slots.into(), count }
    }

    /// The phrases from the first with a key on; none where no phrase has it.
    #[inline]
    pub fn keyed(&self, key: u32) -> &[Phrase] {
        let (phrases, slots) = (&*self.phrases, &*self.slots);
        for place in probe(slots.len(), key) {
            let Some(first) = slots.get(place).and_then(|slot| usize::from(*slot).checked_sub(1)) else { break };
            let from = phrases.get(first..).unwrap_or_default();
            if from.first().is_none_or(|phrase| key_of(phrase.head) == key) {
                return from;
            }
        }
        &[]
    }

    /// Phrases shorter than a key.
    #[inline]
    pub fn short(&self) -> &[Phrase] {
        self.phrases.get(self.phrases.len() - self.short as usize..).unwrap_or_default()
    }
}

/// The key of first letters.
#[inline]
pub fn key_of(head: u64) -> u32 {
    (head & ((1 << (8 * KEY_BYTES)) - 1)) as u32
}

/// Where a key may be kept among so many places, a power of two.
#[inline]
fn probe(places: usize, key: u32) -> impl Iterator<Item = usize> {
    let first = (key.wrapping_mul(0x9E37_79B1) >> 8) as usize;
    (0..places).map(move |step| (first + step) & (places - 1))
}
