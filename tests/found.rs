//! Search of the shipped corpus against graded queries, `search.toml`, by the measure that larger collections are judged
//! by. `cargo test --test it found -- --nocapture` prints the scores and every query that could be answered better.

use crate::gold;
use crate::world::{ingested, root};
use retrospect::query::{self, Options, Tuning};
use retrospect::store::Store;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Queries {
    query: Vec<Query>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub style: String,
    pub text: String,
    /// Grades by path below the folder of documents.
    pub relevant: BTreeMap<String, u8>,
}

/// Hits that count.
const DEPTH: usize = 10;
/// A query that reaches less is printed.
const GOOD: f64 = 0.9;

#[test]
fn what_is_asked_for_is_found_as_well_as_before() {
    let store = Store::open(&ingested().path().join(".retro")).unwrap();
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for query in &queries() {
        let paths = paths(&store, query, Tuning::DEFAULT);
        for path in query.relevant.keys() {
            assert!(root().join("corpus").join(path).is_file(), "{path} is no document");
        }
        let (gain, first) = (ndcg(&paths, &query.relevant), paths.first().is_some_and(|p| grade(p, query) > 0));
        for name in ["all", &query.style] {
            scores.entry(name.to_owned()).or_default().push(gain);
        }
        scores.entry("first_hit".to_owned()).or_default().push(f64::from(u8::from(first)));
        if gain < GOOD {
            println!("{gain:.2} {} {:?}\n  want {:?}\n  got  {paths:?}", query.style, query.text, query.relevant);
        }
    }
    let mean = |values: &Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    gold::hold("search", &gold::floors().search, |name| scores.get(name).map(mean));
}

/// What is asked of the shipped corpus.
pub fn queries() -> Vec<Query> {
    let text = fs::read_to_string(root().join("tests/search.toml")).unwrap();
    toml::from_str::<Queries>(&text).expect("search.toml is as expected").query
}

/// How well a query is answered.
pub fn gain(store: &Store, query: &Query, tuning: Tuning) -> f64 {
    ndcg(&paths(store, query, tuning), &query.relevant)
}

/// The documents found, best first; those that help as the query names them.
fn paths(store: &Store, query: &Query, tuning: Tuning) -> Vec<String> {
    let options = Options { limit: DEPTH, tuning, ..Options::default() };
    let hits = query::search(store, &query.text, &options).unwrap().hits;
    let mut paths: Vec<String> = Vec::new();
    for hit in hits {
        let named = query.relevant.keys().find(|path| hit.card.path.ends_with(&format!("/{path}")));
        let path = named.unwrap_or(&hit.card.path);
        // A document of several incidents counts once.
        if !paths.contains(path) {
            paths.push(path.clone());
        }
    }
    paths
}

fn grade(path: &str, query: &Query) -> u8 {
    query.relevant.get(path).copied().unwrap_or(0)
}

/// Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002).
fn ndcg(paths: &[String], relevant: &BTreeMap<String, u8>) -> f64 {
    let gain = |grade: u8, rank: usize| (2f64.powi(i32::from(grade)) - 1.0) / (rank as f64 + 2.0).log2();
    let sum = |grades: &[u8]| grades.iter().take(DEPTH).enumerate().map(|(i, g)| gain(*g, i)).sum::<f64>();
    let found: Vec<u8> = paths.iter().map(|p| relevant.get(p).copied().unwrap_or(0)).collect();
    let mut ideal: Vec<u8> = relevant.values().copied().collect();
    ideal.sort_by(|a, b| b.cmp(a));
    sum(&found) / sum(&ideal)
}
