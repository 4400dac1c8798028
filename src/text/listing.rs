//! Files lists as [`super::lists`] and [`super::finder`] look them up. Part of the build, and of tests.

use super::lists::{FEW, FILTER_BITS, Lists, Set, few, place, slot};
use super::starts::ByteSet;
use std::collections::BTreeMap;

/// Which lists have phrases of which first letters: those of a phrase, with the number of its list.
pub fn filed(heads: impl Iterator<Item = (u64, u32)>) -> Lists {
    let mut by_key: BTreeMap<u64, Set> = BTreeMap::new();
    for (head, number) in heads.filter(|(head, _)| *head != 0) {
        by_key.entry(key(head)).or_default().join(&Set::of(number));
    }
    let mut filter = [0; 1 << (FILTER_BITS - 6)];
    let mut slots = vec![0; (2 * by_key.len()).next_power_of_two()];
    let mut short = [ByteSet::default(); FEW as usize - 1];
    let (mut of, mut sets): (Vec<u16>, Vec<Set>) = (Vec::new(), Vec::new());
    for (nth, (key, lists)) in (1_u16..).zip(&by_key) {
        short.get_mut(letters(*key) as usize - 1).into_iter().for_each(|firsts| firsts.add((key & 0xFF) as u8));
        let (word, bit) = place(*key);
        filter.get_mut(word).into_iter().for_each(|word| *word |= bit);
        let mut at = slot(*key, slots.len());
        while slots.get(at).is_some_and(|taken| *taken != 0) {
            at = (at + 1) & (slots.len() - 1);
        }
        slots.get_mut(at).into_iter().for_each(|free| *free = nth);
        let set = sets.iter().position(|known| known == lists).unwrap_or(sets.len());
        if set == sets.len() {
            sets.push(*lists);
        }
        of.push(set as u16);
    }
    let keys = by_key.into_keys().collect::<Vec<_>>();
    Lists { filter, slots: slots.leak(), keys: keys.leak(), of: of.leak(), sets: sets.leak(), short }
}

/// What a phrase is filed under, of its first letters: all eight, else four, else those that it has.
pub fn key(head: u64) -> u64 {
    if (FEW..8).contains(&letters(head)) { few(head) } else { head }
}

fn letters(head: u64) -> u32 {
    (u64::BITS - head.leading_zeros()).div_ceil(8)
}
