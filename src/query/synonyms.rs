//! Words that mean the same to engineers, from `vocabulary/synonyms.toml`.
//!
//! Knows nothing of weights or of the index.

use std::collections::BTreeMap;
use std::ops::Range;

/// Made where the program is built, for to stem them took longer than a search. Of each group its entries, with tabs
/// between, and `~` before those that go with the others without being the same.
const GROUPS: &[&str] = include!(concat!(env!("OUT_DIR"), "/synonyms.groups.rs"));
/// Each run of words that is met, and the number of its group; sorted.
const MET: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/synonyms.met.rs"));

/// Likewise, with the small words that the index leaves out.
const SPOKEN: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/synonyms.spoken.rs"));

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

/// Every group that the terms touch, each once, by its longest entry; and where it is met by what was spoken.
pub fn matches(terms: &[String], spoken: &[(usize, Range<usize>)]) -> Vec<Match> {
    let mut found: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    for (group, run) in runs(terms, MET).into_iter().chain(spoken.iter().cloned()) {
        // The longest, and of equals the first.
        if found.get(&group).is_none_or(|known| (run.len(), known.start) > (known.len(), run.start)) {
            found.insert(group, run);
        }
    }
    let of = |(group, run): (usize, Range<usize>)| {
        let met = terms.get(run.clone())?;
        let others = GROUPS.get(group)?.split('\t').map(entry).filter(|other| other.terms != met).collect();
        Some(Match { start: run.start, length: run.len(), others })
    };
    found.into_iter().filter_map(of).collect()
}

/// The groups that words are met by with the small ones among them, and where.
pub fn spoken(words: &[String]) -> Vec<(usize, Range<usize>)> {
    runs(words, SPOKEN)
}

fn runs(terms: &[String], table: &'static [(&str, usize)]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    for (start, first) in terms.iter().enumerate() {
        for (words, group) in beginning(first, table) {
            let length = words.split(' ').count();
            let run = terms.get(start..start + length);
            if run.is_some_and(|run| run.iter().map(String::as_str).eq(words.split(' '))) {
                found.push((*group, start..start + length));
            }
        }
    }
    found
}

/// Has the word synonyms by itself?
pub fn has(term: &str) -> bool {
    beginning(term, MET).any(|(words, _)| *words == term)
}

/// The runs that begin with a word. A space sorts before all that words are made of.
fn beginning(
    first: &str,
    table: &'static [(&'static str, usize)],
) -> impl Iterator<Item = &'static (&'static str, usize)> {
    let begun = table.get(table.partition_point(|(words, _)| *words < first)..).unwrap_or_default();
    begun.iter().take_while(move |(words, _)| words.split(' ').next() == Some(first))
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
        let mut others = matches(&terms(text), &[]).into_iter().flat_map(|m| m.others);
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
        assert!(matches(&terms("prometheus"), &[]).is_empty());
        assert!(matches(&terms("teapot"), &[]).is_empty());
        assert!(asks_for("database", "datenbank"));
        assert!(asks_for("Datenbank", "database"));
    }

    #[test]
    fn groups_are_sound() {
        let groups: Vec<Vec<Entry>> = GROUPS.iter().map(|group| group.split('\t').map(entry).collect()).collect();
        for group in &groups {
            assert!(group.len() > 1, "{group:?}");
            assert!(group.iter().flat_map(|e| &e.terms).all(|t| !t.is_empty()), "{group:?}");
        }
        for table in [MET, SPOKEN] {
            for (words, group) in table {
                assert!(!words.is_empty() && *group < groups.len(), "{words}");
                let first = words.split(' ').next().unwrap();
                assert!(beginning(first, table).any(|(met, _)| met == words), "{words}");
            }
        }
    }
}
