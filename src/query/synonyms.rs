//! Words that mean the same to engineers, from `vocabulary/synonyms.toml`.
//!
//! Knows nothing of weights or of the index.

use crate::store::analysis::Analyzer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct File {
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<String>,
    /// Kinds of it, such as products: who asks for the words finds these, but not the other way round.
    #[serde(default)]
    kinds: Vec<String>,
    /// Why these belong together; for whoever reads the file.
    #[allow(dead_code, reason = "required of every group by being read")]
    reason: String,
}

/// An entry of a group, as the index spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub shown: String,
    /// One term, or several that stand together.
    pub terms: Vec<String>,
}

/// The groups, each its words and then its kinds, and which of them a word's first term begins.
struct Synonyms {
    groups: Vec<Vec<Entry>>,
    by_first: BTreeMap<String, Vec<(usize, usize)>>,
}

#[allow(clippy::expect_used, reason = "the file is part of the program")]
static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("vocabulary/synonyms.toml")).expect("constant");
    let analyzer = Analyzer::new(None);
    let entry = |shown: &String| Entry { shown: shown.clone(), terms: entry_terms(&analyzer, shown) };
    let groups: Vec<Vec<Entry>> =
        file.group.iter().map(|g| g.words.iter().chain(&g.kinds).map(entry).collect()).collect();
    let mut by_first: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (g, (group, in_file)) in groups.iter().zip(&file.group).enumerate() {
        for (e, entry) in group.iter().take(in_file.words.len()).enumerate() {
            if let Some(first) = entry.terms.first() {
                by_first.entry(first.clone()).or_default().push((g, e));
            }
        }
    }
    Synonyms { groups, by_first }
});

/// A compound is one term where it is one in the text; several words are several.
fn entry_terms(analyzer: &Analyzer, words: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut tokens = analyzer.tokens(words).into_iter();
    while let Some(token) = tokens.next() {
        let parts = token.parts;
        terms.push(token.text);
        if parts > 0 {
            tokens.nth(parts - 1);
        }
    }
    terms
}

/// A group that a run of terms belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Where the run begins, and how long it is.
    pub start: usize,
    pub length: usize,
    /// The other entries of the group.
    pub others: Vec<&'static Entry>,
}

/// Every group that the terms touch, each once, by its longest entry.
pub fn matches(terms: &[String]) -> Vec<Match> {
    let synonyms: &'static Synonyms = &SYNONYMS;
    let mut found: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
    for (start, term) in terms.iter().enumerate() {
        for (g, e) in synonyms.by_first.get(term).into_iter().flatten() {
            let Some(entry) = synonyms.groups.get(*g).and_then(|group| group.get(*e)) else { continue };
            let length = entry.terms.len();
            let is_here = terms.get(start..start + length).is_some_and(|run| run == entry.terms.as_slice());
            let is_longer = found.get(g).is_none_or(|(_, known, _)| length > *known);
            if is_here && is_longer {
                found.insert(*g, (start, length, *e));
            }
        }
    }
    let of = |(g, (start, length, e)): (usize, (usize, usize, usize))| {
        let group = synonyms.groups.get(g)?;
        let own = &group.get(e)?.terms;
        let others = group.iter().filter(|other| other.terms != *own).collect();
        Some(Match { start, length, others })
    };
    found.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others(text: &str) -> Vec<String> {
        let terms = entry_terms(&Analyzer::new(None), text);
        matches(&terms).iter().flat_map(|m| m.others.iter().map(|o| o.shown.clone())).collect()
    }

    #[test]
    fn entries_find_their_groups() {
        assert!(others("lots of 502 on checkout").contains(&"bad gateway".to_owned()));
        assert!(others("Bad Gateways everywhere").contains(&"502".to_owned()));
        assert!(others("OOMKilled").contains(&"out of memory".to_owned()));
        assert!(others("ran out of memory").contains(&"oom".to_owned()));
        assert!(others("monitoring is blind").contains(&"prometheus".to_owned()));
        assert!(others("prometheus").is_empty());
        assert!(others("teapot").is_empty());
    }

    #[test]
    fn groups_are_sound() {
        for group in &SYNONYMS.groups {
            assert!(group.len() > 1, "{group:?}");
            assert!(group.iter().all(|e| !e.terms.is_empty()), "{group:?}");
        }
    }
}
