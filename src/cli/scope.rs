//! What a question is about: the incidents of the store that a filter lets through.

use super::Settings;
use super::filters;
use super::open::{open, told};
use crate::analytics::Frames;
use crate::domain::{METRICS, Metric};
use crate::query;
use crate::render::OutputFormat;
use crate::store::Store;
use anyhow::anyhow;

/// The incidents in question.
pub struct Scope {
    pub store: Store,
    pub frames: Frames,
    /// The filter as one line; empty when there is none.
    pub filter: String,
}

/// Opens the store and keeps of its incidents what the filter's words let through.
pub fn scope(settings: &Settings, words: &[String]) -> anyhow::Result<Scope> {
    of_store(open(settings)?, words, &["incidents"])
}

/// The same of a store that is open already, with these tables.
pub fn of_store(store: Store, words: &[String], tables: &[&str]) -> anyhow::Result<Scope> {
    let mut frames = Frames::load(|table| tables.contains(&table), |table| store.frame(table)).map_err(told)?;
    if !words.is_empty() {
        let ids = query::matching_ids(&store, filters::parse(words)?).map_err(told)?;
        frames = frames.restricted(&ids)?;
    }
    Ok(Scope { frames, store, filter: words.join(" ") })
}

/// Metrics among the words (`stats ttr,ttd org:acme`): taken out of the filter, in the order of the manual.
pub fn metrics(words: &[String]) -> (Vec<Metric>, Vec<String>) {
    let read = |word: &String| word.split(',').map(Metric::parse).collect::<Option<Vec<_>>>();
    let mut named: Vec<Metric> = words.iter().filter_map(read).flatten().collect();
    named.sort();
    named.dedup();
    (named, words.iter().filter(|w| read(w).is_none()).cloned().collect())
}

/// A metric's name on the command line.
pub fn metric(text: &str) -> anyhow::Result<Metric> {
    let known: Vec<_> = METRICS.iter().map(|d| d.name).collect();
    Metric::parse(text).ok_or_else(|| anyhow!("no such metric; there are {}", known.join(", ")))
}

/// An output format's name on the command line.
pub fn format(text: &str) -> anyhow::Result<OutputFormat> {
    let known: Vec<_> = OutputFormat::ALL.iter().map(|f| f.name()).collect();
    OutputFormat::parse(text).ok_or_else(|| anyhow!("no such format; there are {}", known.join(", ")))
}
