//! Search by what one sees: candidates by BM25 over all words of a record, then ranked by all the evidence.
//!
//! The first step looks at whole posting lists and is simple; the second looks closely at a bounded number of records.

use super::candidates::{self, Candidates};
use super::evidence::Evidence;
use super::facets::{self, Facet};
use super::feedback::{self, Source};
use super::filter;
use super::hints::{HINTS_MAX, hints as why_nothing};
use super::lexicon::Lexicon;
use super::list::Order;
use super::ranking::{self, Part, Ranked};
use super::snippet::{self, Shown, Snippet, Wanted};
use super::syntax::{self, Expression};
use super::terms::{self, QueryTerms};
use super::tuning::Tuning;
use crate::store::analysis::Sought;
use crate::store::{Card, Store, StoreError};
use std::collections::BTreeMap;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    pub query: String,
    /// Records that hold anything of what was asked for.
    pub total: usize,
    /// Best first.
    pub hits: Vec<Hit>,
    /// What all of them have in common; only when asked for.
    pub facets: Vec<Facet>,
    /// For the user: corrections made, near misses.
    pub hints: Vec<String>,
}

/// One record found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// 1 is best.
    pub rank: usize,
    pub score: f32,
    pub card: Card,
    /// The sentence that shows best why.
    pub snippet: Snippet,
    /// Which words of the record matched, by where they stand.
    pub matched: BTreeMap<String, Vec<String>>,
    /// What each part of the query added, most first; only when asked for.
    pub explanation: Vec<(String, f32)>,
}

/// How to search.
#[derive(Debug, Clone)]
pub struct Options {
    pub limit: usize,
    /// Fill in [`Hit::snippet`] and [`Hit::matched`].
    pub snippets: bool,
    /// Fill in [`Hit::explanation`].
    pub explain: bool,
    /// Fill in [`Hits::facets`].
    pub facets: bool,
    /// Order the best hits by something else than how well they answer.
    pub order: Option<Order>,
    /// The text is a report or an alert: what looks like a filter in it may be just text.
    pub is_pasted: bool,
    pub tuning: Tuning,
}

impl Default for Options {
    /// Ten hits, bare.
    fn default() -> Self {
        Options {
            limit: 10,
            snippets: false,
            explain: false,
            facets: false,
            order: None,
            is_pasted: false,
            tuning: Tuning::DEFAULT,
        }
    }
}

/// For those who meant the words and not the filter; quotes that the shell takes away do not count.
const AS_WORDS: &str = "to search for the words of a filter, put double quotes around them: '\"provider:aws\"'";

/// Finds the records most like a text. Any text is a query; filters in it restrict, the rest ranks. Where nothing is
/// found, a text that was pasted is searched as words altogether.
///
/// # Errors
/// The index is damaged.
pub fn search(store: &Store, query: &str, options: &Options) -> Result<Hits, StoreError> {
    let asked = syntax::read(query);
    let mut hits = ranked(store, &asked.filters, &asked.text, &asked.phrases, options)?;
    if hits.total == 0 && !asked.filters.is_empty() {
        let mut hints = Vec::new();
        for filter in &asked.filters {
            if hints.len() < HINTS_MAX {
                hints.extend(why_nothing(store, filter)?);
            }
        }
        let has_words = !asked.text.trim().is_empty();
        if has_words && (asked.is_pasted || options.is_pasted) {
            hits = ranked(store, &[], &asked.words, &asked.phrases, options)?;
            hints.push("nothing passes the filters in it, so all of it was searched as words".to_owned());
        } else if hints.is_empty() {
            let what = if has_words {
                "that passes these filters has any of these words"
            } else {
                "passes all of these filters"
            };
            hints.push(format!("no record {what}; {AS_WORDS}"));
        } else {
            hints.push(AS_WORDS.to_owned());
        }
        hits.hints.extend(hints);
    }
    query.clone_into(&mut hits.query);
    hits.hints.splice(0..0, asked.hints);
    Ok(hits)
}

fn ranked(
    store: &Store,
    filters: &[Expression],
    text: &str,
    phrases: &[String],
    options: &Options,
) -> Result<Hits, StoreError> {
    let index = store.index()?;
    let lexicon = Lexicon::new(index, &store.manifest().tallies.languages);
    let terms = terms::read(text, phrases, &lexicon, &options.tuning);
    let mut hits =
        Hits { query: String::new(), total: 0, hits: Vec::new(), facets: Vec::new(), hints: terms.hints.clone() };
    if terms.words().is_empty() && (filters.is_empty() || !text.trim().is_empty()) {
        if hits.hints.is_empty() {
            let why = match text.trim().is_empty() && phrases.is_empty() {
                true => "nothing was asked: say what is seen",
                false => "no word of it is in any report, or only such as 'the', which are not looked for",
            };
            hits.hints.push(why.to_owned());
        }
        return Ok(hits);
    }
    let analyzers = filter::analyzers(store);
    let filters: Vec<_> = filters.iter().map(|f| filter::compile(f, index, &analyzers)).collect();
    let mut all = Vec::new();
    let mut each = |address| all.extend(options.facets.then_some(address));
    let found = candidates::find(&filters, &terms, &lexicon, options, &mut each).map_err(|e| store.index_error(e))?;
    if options.facets {
        hits.facets = facets::facets(store, all.into_iter())?;
    }
    hits.total = found.total;
    hits.hits = answer(store, found, &terms, &lexicon, options)?;
    Ok(hits)
}

/// Those of the records found that are most like the terms.
pub(super) fn answer(
    store: &Store,
    found: Candidates,
    terms: &QueryTerms,
    lexicon: &Lexicon<'_>,
    options: &Options,
) -> Result<Vec<Hit>, StoreError> {
    let failed = |e| store.index_error(e);
    let mut evidence = Evidence::new(found.best, lexicon).map_err(failed)?;
    let mut best = Vec::new();
    let mut ranked = if terms.words().is_empty() {
        in_order(&evidence)
    } else {
        evidence.gather(terms.words(), lexicon).map_err(failed)?;
        if let Some(when) = terms.when {
            evidence.look_when(when, lexicon).map_err(failed)?;
        }
        let weighed = ranking::weigh(terms, &evidence, &options.tuning);
        let first = ranking::rank(&weighed, &[], &evidence, &options.tuning);
        best = sources(store, &first, &evidence, &options.tuning)?;
        let spelled = terms.spelled();
        let added = feedback::words(&best, &|text| spelled.contains(text), lexicon, &options.tuning);
        let words = added.iter().flat_map(|a| &a.term.spellings).flat_map(|s| &s.terms).map(String::as_str).collect();
        evidence.gather(words, lexicon).map_err(failed)?;
        // Last: hits that share a label and little else would suggest words of their own.
        evidence.look_at(&terms.labels, lexicon).map_err(failed)?;
        ranking::rank(&weighed, &added, &evidence, &options.tuning)
    };
    ranked.truncate(options.limit);
    let mut shown = match options.snippets {
        true => shown(store, &ranked, &best, &evidence, &Wanted::new(terms, lexicon, &options.tuning))?,
        false => Vec::new(),
    };
    let mut hits = Vec::new();
    for (i, ranked) in ranked.into_iter().enumerate() {
        let Some(address) = evidence.candidates.get(ranked.candidate).map(|c| c.address) else { continue };
        let shown = shown.get_mut(i).map(std::mem::take).unwrap_or_default();
        hits.push((
            address,
            Hit {
                rank: i + 1,
                score: ranked.score,
                card: store.card(address)?,
                snippet: shown.snippet,
                matched: shown.matched,
                explanation: if options.explain { explanation(&ranked.parts, terms) } else { Vec::new() },
            },
        ));
    }
    if let Some(order) = options.order {
        order.sort(store, &mut hits, |(address, _)| *address, |(_, hit)| &hit.card)?;
    }
    Ok(hits.into_iter().map(|(_, hit)| hit).collect())
}

/// The best hits, which suggest what to look for besides.
fn sources(store: &Store, first: &[Ranked], evidence: &Evidence, tuning: &Tuning) -> Result<Vec<Source>, StoreError> {
    let best = first.iter().take(if tuning.feedback > 0.0 { tuning.feedback_hits } else { 0 });
    let best = best.filter_map(|r| evidence.candidates.get(r.candidate).map(|c| (r, c.address)));
    let read = |(r, address): (&Ranked, _)| {
        Ok(Source { candidate: r.candidate, score: r.score, held: r.held, text: store.searchable(address)? })
    };
    best.map(read).collect()
}

/// What each hit shows of its record. The best ones have been read already.
fn shown(
    store: &Store,
    ranked: &[Ranked],
    best: &[Source],
    evidence: &Evidence,
    wanted: &Wanted,
) -> Result<Vec<Shown>, StoreError> {
    let is_wanted = |text: &str| wanted.has(text);
    let mut sought = Sought::new(&is_wanted);
    let show = |ranked: &Ranked| {
        if let Some(known) = best.iter().find(|source| source.candidate == ranked.candidate) {
            return Ok(snippet::show(&known.text, wanted, &mut sought));
        }
        let Some(candidate) = evidence.candidates.get(ranked.candidate) else { return Ok(Shown::default()) };
        Ok(snippet::show(&store.searchable(candidate.address)?, wanted, &mut sought))
    };
    ranked.iter().map(show).collect()
}

/// Without words to rank by, the order of the store.
fn in_order(evidence: &Evidence) -> Vec<Ranked> {
    let mut all: Vec<_> = evidence.candidates.iter().enumerate().map(|(at, c)| (c.row, at)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, candidate)| Ranked { candidate, score: 0.0, held: 1.0, parts: Vec::new() }).collect()
}

fn explanation(parts: &[(Part, f32)], terms: &QueryTerms) -> Vec<(String, f32)> {
    let mut by_name: BTreeMap<String, f32> = BTreeMap::new();
    for (part, score) in parts {
        *by_name.entry(part.name(terms)).or_default() += score;
    }
    let mut parts: Vec<(String, f32)> = by_name.into_iter().collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    parts
}
