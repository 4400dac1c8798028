//! One incident told in two documents: an internal report and the notice to customers, a page and its copy.
//!
//! Counted twice it falsifies every number, so statistics and search ask the same question here. It is answered by
//! facts (who, when) and by the words both share, weighed by how rare they are among all that are compared (inverse
//! document frequency; Spärck Jones, 1972). Knows nothing of where the facts come from.

use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Words shorter than this say little.
const WORD_CHARS_MIN: usize = 4;
/// Two tellings of one beginning differ by no more than this, of one end by twice as much.
const MINUTES_APART_MAX: i64 = 30;
/// How much of the rarer words two tellings share, from nothing to all: where both ends agree; where the times overlap;
/// where only the date agrees; where nothing is known but the words.
const LIKENESS_OF_TIMES: f32 = 0.12;
const LIKENESS_OF_OVERLAP: f32 = 0.3;
const LIKENESS_OF_DATE: f32 = 0.4;
const LIKENESS_OF_COPIES: f32 = 0.85;

/// What is known of one incident.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told<'a> {
    pub path: &'a str,
    pub org: Option<&'a str>,
    pub date: Option<NaiveDate>,
    pub started: Option<DateTime<Utc>>,
    pub ended: Option<DateTime<Utc>>,
    /// Its title and the sentences that tell cause and impact.
    pub text: String,
}

/// Groups of the same incident, each by the places of its tellings, in order; incidents told once are in none.
pub fn told_twice(all: &[Told<'_>]) -> Vec<Vec<usize>> {
    let words: Vec<BTreeSet<String>> = all.iter().map(|told| words(&told.text)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.iter().flatten().for_each(|word| *counts.entry(word).or_default() += 1);
    let rarity = |word: &str| (1.0 + all.len() as f32 / counts.get(word).copied().unwrap_or(1) as f32).ln();
    let mut first: Vec<usize> = (0..all.len()).collect();
    for (at, other) in near_in_time(all) {
        let (Some(a), Some(b)) = (all.get(at), all.get(other)) else { continue };
        let (Some(one), Some(two)) = (words.get(at), words.get(other)) else { continue };
        if may_be_one(a, b).is_some_and(|least| likeness(one, two, &rarity) >= least) {
            let (low, high) = (find(&first, at).min(find(&first, other)), find(&first, at).max(find(&first, other)));
            if let Some(place) = first.get_mut(high) {
                *place = low;
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    (0..all.len()).for_each(|at| groups.entry(find(&first, at)).or_default().push(at));
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Pairs that may be one: those whose dates are a day apart at most, and the undated with everything.
fn near_in_time(all: &[Told<'_>]) -> Vec<(usize, usize)> {
    /// The undated are compared with so many others; a store of thousands of them says nothing by their dates anyway.
    const UNDATED_MAX: usize = 200;
    let mut by_date: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    let mut undated = Vec::new();
    for (at, told) in all.iter().enumerate() {
        match told.date {
            Some(date) => by_date.entry(date).or_default().push(at),
            None => undated.push(at),
        }
    }
    let mut pairs = Vec::new();
    for (date, here) in &by_date {
        for (nth, at) in here.iter().enumerate() {
            pairs.extend(here.iter().skip(nth + 1).map(|other| (*at, *other)));
            let next = date.succ_opt().and_then(|next| by_date.get(&next));
            pairs.extend(next.into_iter().flatten().map(|other| (*at, *other)));
        }
    }
    undated.truncate(UNDATED_MAX);
    for (nth, at) in undated.iter().enumerate() {
        pairs.extend(undated.iter().skip(nth + 1).map(|other| (*at, *other)));
        pairs.extend(by_date.values().flatten().map(|other| (*at, *other)));
    }
    pairs
}

/// How alike the words of two must be for them to be one; none if the facts speak against it.
fn may_be_one(a: &Told<'_>, b: &Told<'_>) -> Option<f32> {
    // A document tells each of its incidents once.
    if a.path == b.path {
        return None;
    }
    match (a.org, b.org) {
        (Some(one), Some(other)) if one.to_lowercase() != other.to_lowercase() => return None,
        (Some(_), Some(_)) => {}
        // A copy without its letterhead.
        _ => return Some(LIKENESS_OF_COPIES),
    }
    let (Some(one), Some(other)) = (a.date, b.date) else { return Some(LIKENESS_OF_COPIES) };
    let (Some(from), Some(start)) = (a.started, b.started) else {
        return (one == other).then_some(LIKENESS_OF_DATE);
    };
    let apart = |x: DateTime<Utc>, y: DateTime<Utc>| (x - y).num_minutes().abs();
    match (a.ended, b.ended) {
        (Some(to), Some(end)) => {
            let is_same = apart(from, start) <= MINUTES_APART_MAX && apart(to, end) <= MINUTES_APART_MAX * 2;
            let overlaps = from < end && start < to;
            is_same.then_some(LIKENESS_OF_TIMES).or(overlaps.then_some(LIKENESS_OF_OVERLAP))
        }
        _ => (apart(from, start) <= MINUTES_APART_MAX).then_some(LIKENESS_OF_OVERLAP),
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= WORD_CHARS_MIN);
    words.map(str::to_lowercase).collect()
}

/// The share of the shorter one's words, weighed by rarity, that the other has too.
fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>, rarity: &dyn Fn(&str) -> f32) -> f32 {
    let weight = |words: &BTreeSet<String>| words.iter().map(|w| rarity(w)).sum::<f32>();
    let common: f32 = a.intersection(b).map(|w| rarity(w)).sum();
    let least = weight(a).min(weight(b));
    if least > 0.0 { common / least } else { 0.0 }
}

/// The group that a place belongs to.
fn find(first: &[usize], mut at: usize) -> usize {
    while let Some(parent) = first.get(at).copied().filter(|parent| *parent != at) {
        at = parent;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Told<'_> {
        let mut told = Told::default();
        for part in line.split(" | ") {
            let (name, value) = part.split_once('=').unwrap();
            match name {
                "path" => told.path = value,
                "org" => told.org = Some(value),
                "date" => told.date = value.parse().ok(),
                "from" => told.started = value.parse().ok(),
                "to" => told.ended = value.parse().ok(),
                _ => told.text = value.to_owned(),
            }
        }
        told
    }

    #[test]
    fn the_same_incident_is_recognised_and_others_are_not() {
        let report = "path=a | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                      text=Bookings blocked by our own firewall rule, every write was refused";
        for (other, is_one) in [
            // The notice to customers, in other words.
            (
                "path=b | org=ACME | date=2025-03-02 | from=2025-03-02T10:05:00Z | to=2025-03-02T11:20:00Z | \
                 text=Booking interruption: a firewall rule rejected bookings",
                true,
            ),
            // Another incident of that day.
            (
                "path=b | org=Acme | date=2025-03-02 | from=2025-03-02T17:00:00Z | to=2025-03-02T18:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // The same hour, something else.
            (
                "path=b | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Nightly mail could not be delivered",
                false,
            ),
            // Someone else's.
            (
                "path=b | org=Beta | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // Two parts of one document.
            (
                "path=a | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // A copy without date or letterhead.
            ("path=b | text=Bookings blocked by our own firewall rule; every write was refused", true),
        ] {
            let all = [told(report), told(other), told("path=c | org=Acme | date=2024-01-01 | text=something else")];
            let expected = if is_one { vec![vec![0, 1]] } else { Vec::new() };
            assert_eq!(told_twice(&all), expected, "{other}");
        }
        assert!(told_twice(&[]).is_empty());
    }
}
