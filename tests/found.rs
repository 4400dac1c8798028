//! Search of the shipped corpus against graded queries, `search.toml`, by the measure that larger collections are judged
//! by. `cargo test --test it found -- --nocapture` prints the scores and every query that could be answered better.

use crate::gold;
use crate::world::{ingested, root};
use retrospect::query::{self, Options};
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
struct Query {
    style: String,
    text: String,
    /// Grades by path below `corpus/`.
    relevant: BTreeMap<String, u8>,
}

/// Hits that count.
const DEPTH: usize = 10;
/// A query that reaches less is printed.
const GOOD: f64 = 0.9;

#[test]
fn what_is_asked_for_is_found_as_well_as_before() {
    let text = fs::read_to_string(root().join("tests/search.toml")).unwrap();
    let queries: Queries = toml::from_str(&text).expect("search.toml is as expected");
    let store = Store::open(&ingested().path().join(".retro")).unwrap();
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for query in &queries.query {
        let paths = paths(&store, &query.text);
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

/// The documents found, best first.
fn paths(store: &Store, text: &str) -> Vec<String> {
    let options = Options { limit: DEPTH, ..Options::default() };
    let hits = query::search(store, text, &options).unwrap().hits;
    let below = |path: &str| path.rsplit_once("corpus/").map_or(path, |(_, below)| below).to_owned();
    let mut paths: Vec<String> = Vec::new();
    for path in hits.iter().map(|h| below(&h.card.path)) {
        // A document of several incidents counts once.
        if !paths.contains(&path) {
            paths.push(path);
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
