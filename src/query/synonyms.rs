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
    /// They go together without being the same.
    #[serde(default)]
    near: bool,
    /// The same in other languages, stemmed as these are.
    #[serde(default)]
    de: Vec<String>,
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    fr: Vec<String>,
    #[serde(default)]
    pt: Vec<String>,
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
    /// It goes with the others without being the same.
    pub is_near: bool,
}

/// The groups, and which of them a word's first term begins: group, and the terms that were met.
struct Synonyms {
    groups: Vec<Vec<Entry>>,
    by_first: BTreeMap<String, Vec<(usize, Vec<String>)>>,
}

#[allow(clippy::expect_used, reason = "the file is part of the program")]
static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("vocabulary/synonyms.toml")).expect("constant");
    let english = Analyzer::new(None);
    let mut synonyms = Synonyms { groups: Vec::new(), by_first: BTreeMap::new() };
    for (nth, group) in file.group.iter().enumerate() {
        let mut entries = Vec::new();
        let entry = |analyzer: &Analyzer, shown: &String, is_near: bool| {
            let terms = entry_terms(analyzer, shown);
            Entry { shown: shown.clone(), terms, is_near }
        };
        entries.extend(group.words.iter().map(|w| entry(&english, w, group.near)));
        entries.extend(group.kinds.iter().map(|w| entry(&english, w, true)));
        for (lang, words) in [("de", &group.de), ("es", &group.es), ("fr", &group.fr), ("pt", &group.pt)] {
            let analyzer = Analyzer::new(Some(lang));
            entries.extend(words.iter().map(|w| entry(&analyzer, w, group.near)));
        }
        // Queries are read as English; what stands in one in another language is met as English makes it.
        let foreign = [&group.de, &group.es, &group.fr, &group.pt].into_iter().flatten();
        for met in group.words.iter().chain(foreign) {
            let terms = entry_terms(&english, met);
            if let Some(first) = terms.first() {
                synonyms.by_first.entry(first.clone()).or_default().push((nth, terms));
            }
        }
        synonyms.groups.push(entries);
    }
    synonyms
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
    let mut found: BTreeMap<usize, (usize, &[String])> = BTreeMap::new();
    for (start, term) in terms.iter().enumerate() {
        for (group, met) in synonyms.by_first.get(term).into_iter().flatten() {
            let is_here = terms.get(start..start + met.len()).is_some_and(|run| run == met.as_slice());
            let is_longer = found.get(group).is_none_or(|(_, known)| met.len() > known.len());
            if is_here && is_longer {
                found.insert(*group, (start, met));
            }
        }
    }
    let of = |(group, (start, met)): (usize, (usize, &[String]))| {
        let others = synonyms.groups.get(group)?.iter().filter(|other| other.terms != met).collect();
        Some(Match { start, length: met.len(), others })
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
        assert!(others("database").contains(&"datenbank".to_owned()));
        assert!(others("Datenbank").contains(&"database".to_owned()));
    }

    #[test]
    fn groups_are_sound() {
        for group in &SYNONYMS.groups {
            assert!(group.len() > 1, "{group:?}");
            assert!(group.iter().all(|e| !e.terms.is_empty()), "{group:?}");
        }
    }
}
