//! Words that mean the same to engineers, from `vocabulary/synonyms.toml`.
//!
//! Knows nothing of weights or of the index.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Made where the program is built, for to stem them took longer than a search. A line a group: its entries with tabs
/// between, and `~` before those that go with the others without being the same.
const GROUPS: &str = include_str!(concat!(env!("OUT_DIR"), "/synonyms.groups"));
/// A line for each run of words that is met: the words, a tab, and the number of the line of its group.
const MET: &str = include_str!(concat!(env!("OUT_DIR"), "/synonyms.met"));

/// An entry of a group, as the index spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// One term, or several that stand together.
    pub terms: Vec<String>,
    /// It goes with the others without being the same.
    pub is_near: bool,
}

/// A group that a run of terms belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Where the run begins, and how long it is.
    pub start: usize,
    pub length: usize,
    /// The other entries of the group.
    pub others: Vec<Entry>,
}

/// Every group that the terms touch, each once, by its longest entry.
pub fn matches(terms: &[String]) -> Vec<Match> {
    let mut starts: HashMap<&str, Vec<usize>> = HashMap::new();
    for (start, term) in terms.iter().enumerate() {
        starts.entry(term).or_default().push(start);
    }
    let mut found: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    for (words, group) in MET.lines().filter_map(|line| line.split_once('\t')) {
        let first = words.split(' ').next().and_then(|first| starts.get(first));
        let (Some(first), Ok(group)) = (first, group.parse()) else { continue };
        let length = words.split(' ').count();
        let is_here = |start: &&usize| {
            let run = terms.get(**start..**start + length);
            run.is_some_and(|run| run.iter().map(String::as_str).eq(words.split(' ')))
        };
        let Some(start) = first.iter().find(is_here) else { continue };
        let is_better = found.get(&group).is_none_or(|known| (length, known.start) > (known.len(), *start));
        if is_better {
            found.insert(group, *start..*start + length);
        }
    }
    let groups: Vec<&str> = if found.is_empty() { Vec::new() } else { GROUPS.lines().collect() };
    let of = |(group, run): (usize, Range<usize>)| {
        let met = terms.get(run.clone())?;
        let others = groups.get(group)?.split('\t').map(entry).filter(|other| other.terms != met).collect();
        Some(Match { start: run.start, length: run.len(), others })
    };
    found.into_iter().filter_map(of).collect()
}

/// Has the word synonyms by itself?
pub fn has(term: &str) -> bool {
    MET.lines().filter_map(|line| line.split_once('\t')).any(|(words, _)| words == term)
}

fn entry(written: &str) -> Entry {
    let near = written.strip_prefix('~');
    let terms = near.unwrap_or(written).split(' ').map(str::to_owned).collect();
    Entry { terms, is_near: near.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::analysis::Analyzer;

    fn terms(text: &str) -> Vec<String> {
        Analyzer::new(None).whole_terms(text)
    }

    fn asks_for(text: &str, other: &str) -> bool {
        let mut others = matches(&terms(text)).into_iter().flat_map(|m| m.others);
        // Entries in other languages are stemmed as these are.
        others.any(|o| [None, Some("de")].iter().any(|lang| o.terms == Analyzer::new(*lang).whole_terms(other)))
    }

    #[test]
    fn entries_find_their_groups() {
        assert!(asks_for("lots of 502 on checkout", "bad gateway"));
        assert!(asks_for("Bad Gateways everywhere", "502"));
        assert!(asks_for("OOMKilled", "out of memory"));
        assert!(asks_for("ran out of memory", "oom"));
        assert!(asks_for("monitoring is blind", "prometheus"));
        assert!(matches(&terms("prometheus")).is_empty());
        assert!(matches(&terms("teapot")).is_empty());
        assert!(asks_for("database", "datenbank"));
        assert!(asks_for("Datenbank", "database"));
    }

    #[test]
    fn groups_are_sound() {
        let groups: Vec<Vec<Entry>> = GROUPS.lines().map(|line| line.split('\t').map(entry).collect()).collect();
        for group in &groups {
            assert!(group.len() > 1, "{group:?}");
            assert!(group.iter().flat_map(|e| &e.terms).all(|t| !t.is_empty()), "{group:?}");
        }
        for (words, group) in MET.lines().map(|line| line.split_once('\t').unwrap()) {
            assert!(!words.is_empty() && group.parse::<usize>().unwrap() < groups.len(), "{words}");
        }
    }
}
