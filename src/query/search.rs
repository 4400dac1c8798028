//! Search by what one sees: BM25 over all words of a record, and again over the parts that tell more.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A word weighs the same in
//! every field: how much it tells is counted over whole records, so that a common word is not rare for standing in few
//! titles.

use super::filter;
use super::snippet::{self, Snippet, Wanted};
use super::syntax::{self, Expression};
use super::terms::{self, Lexicon, QueryTerm, QueryTerms};
use super::tuning::Tuning;
use crate::store::{Card, SearchIndex, Store, StoreError, TextField};
use std::collections::BTreeMap;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, EnableScoring, Occur,
    PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, Term};

/// More hits than this are ranked before the order is final, because documents of no incident then step back.
const CANDIDATES: usize = 30;
/// Words between two that count as neighbours.
const PAIR_SLOP: u32 = 3;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    pub query: String,
    /// Records that hold anything of what was asked for.
    pub total: usize,
    /// Best first.
    pub hits: Vec<Hit>,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub limit: usize,
    /// Fill in [`Hit::explanation`].
    pub explain: bool,
    pub tuning: Tuning,
}

/// Finds the records most like a text. Any text is a query; filters in it restrict, the rest ranks.
///
/// # Errors
/// The index is damaged.
pub fn search(store: &Store, query: &str, options: &Options) -> Result<Hits, StoreError> {
    let asked = syntax::read(query);
    let mut hits = ranked(store, &asked.filters, &asked.text, &asked.phrases, options)?;
    if hits.hits.is_empty() && !asked.filters.is_empty() && !asked.text.trim().is_empty() {
        // What looks like a filter in a pasted text may be just text.
        hits = ranked(store, &[], query, &asked.phrases, options)?;
        hits.hints.push("nothing passes the filters in it, so all of it was searched as words".to_owned());
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
    let failed = |e| store.index_error(e);
    let lexicon = Lexicon::new(index, &store.manifest().tallies.languages);
    let terms = terms::read(text, &lexicon, &options.tuning);
    let analyzers = filter::analyzers(store);
    let parts = parts(&terms, phrases, index, &analyzers, &options.tuning);
    let mut clauses: Vec<(Occur, Box<dyn Query>)> =
        filters.iter().map(|f| (Occur::Must, constant(filter::compile(f, index, &analyzers)))).collect();
    // With filters alone, everything that passes is found; with words, something of them must be there.
    if !parts.is_empty() {
        let any = parts.iter().map(|(_, query)| (Occur::Should, query.box_clone())).collect();
        clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
    } else if clauses.is_empty() || !text.trim().is_empty() {
        clauses.push((Occur::Must, Box::new(EmptyQuery)));
    }
    let searcher = lexicon.searcher();
    let statistics = Statistics { searcher, all: index.fields.all() };
    let top = TopDocs::with_limit(options.limit.saturating_mul(2).saturating_add(CANDIDATES)).order_by_score();
    let query = BooleanQuery::new(clauses);
    let (total, top) = searcher.search_with_statistics_provider(&query, &(Count, top), &statistics).map_err(failed)?;
    let mut candidates = Vec::with_capacity(top.len());
    for (score, address) in top {
        let card = store.card(address)?;
        let factor = if card.kind == "incident" { 1.0 } else { options.tuning.no_incident };
        candidates.push((score * factor, card, address));
    }
    candidates.sort_by(|a, b| {
        let by_place = || (&a.1.path, &a.1.id).cmp(&(&b.1.path, &b.1.id));
        b.0.total_cmp(&a.0).then_with(by_place)
    });
    let wanted = Wanted::new(&terms, phrases, &lexicon);
    let mut hits = Vec::new();
    for (i, (score, card, address)) in candidates.into_iter().take(options.limit).enumerate() {
        let searchable = store.searchable(address)?;
        let snippet = snippet::best(&searchable, &wanted);
        let matched = snippet::matched(&searchable, &wanted);
        let explanation =
            if options.explain { explain(&parts, address, &statistics).map_err(failed)? } else { Vec::new() };
        hits.push(Hit { rank: i + 1, score, card, snippet, matched, explanation });
    }
    Ok(Hits { query: String::new(), total, hits, hints: terms.hints })
}

/// The query without scores of its own.
fn constant(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(tantivy::query::ConstScoreQuery::new(query, 0.0))
}

/// The parts of the ranking, each with what it is called in an explanation.
fn parts(
    terms: &QueryTerms,
    phrases: &[String],
    index: &SearchIndex,
    analyzers: &[crate::store::analysis::Analyzer],
    tuning: &Tuning,
) -> Vec<(String, Box<dyn Query>)> {
    let all = index.fields.all();
    let mut parts: Vec<(String, Box<dyn Query>)> = Vec::new();
    for term in &terms.terms {
        let name = if term.is_synonym { format!("like {}", term.shown) } else { term.shown.clone() };
        parts.push((name, term_query(term, index, tuning)));
    }
    for (one, other) in &terms.pairs {
        let mut near = PhraseQuery::new(vec![Term::from_field_text(all, one), Term::from_field_text(all, other)]);
        near.set_slop(PAIR_SLOP);
        // A phrase scores as much as its words together.
        parts.push((format!("{one} near {other}"), Box::new(BoostQuery::new(Box::new(near), tuning.pair / 2.0))));
    }
    for phrase in phrases.iter().filter(|p| !p.trim().is_empty()) {
        let query = filter::words(phrase, all, analyzers);
        parts.push((format!("\"{phrase}\""), Box::new(BoostQuery::new(query, tuning.phrase / 2.0))));
    }
    parts
}

/// The best of a term's spellings counts.
fn term_query(term: &QueryTerm, index: &SearchIndex, tuning: &Tuning) -> Box<dyn Query> {
    let spellings = term.spellings.iter().map(|spelling| -> Box<dyn Query> {
        let query = match spelling.terms.as_slice() {
            [one] => word_query(one, index, tuning),
            several => {
                let terms = several.iter().map(|t| Term::from_field_text(index.fields.all(), t)).collect();
                let mut phrase = PhraseQuery::new(terms);
                phrase.set_slop(1);
                let share = 1.0 / several.len().max(1) as f32;
                Box::new(BoostQuery::new(Box::new(phrase), share))
            }
        };
        Box::new(BoostQuery::new(query, spelling.weight * term.weight))
    });
    Box::new(DisjunctionMaxQuery::new(spellings.collect()))
}

/// A word anywhere, and more where it tells more.
fn word_query(word: &str, index: &SearchIndex, tuning: &Tuning) -> Box<dyn Query> {
    let clauses = index.fields.texts().iter().map(|(field, at)| {
        let weight = match field {
            TextField::All => 1.0,
            TextField::Title => tuning.title,
            TextField::Names => tuning.names,
            TextField::Symptom => tuning.symptom,
            TextField::Cause => tuning.cause,
        };
        let term = TermQuery::new(Term::from_field_text(*at, word), IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(term), weight)) as Box<dyn Query>)
    });
    Box::new(BooleanQuery::new(clauses.collect()))
}

/// What each part of the ranking added to a hit.
fn explain(
    parts: &[(String, Box<dyn Query>)],
    address: DocAddress,
    statistics: &Statistics<'_>,
) -> tantivy::Result<Vec<(String, Score)>> {
    let mut added = Vec::new();
    let segment = statistics.searcher.segment_reader(address.segment_ord);
    for (name, query) in parts {
        let scoring = EnableScoring::enabled_from_statistics_provider(statistics, statistics.searcher);
        let mut scorer = query.weight(scoring)?.scorer(segment, 1.0)?;
        if scorer.doc() <= address.doc_id && scorer.seek(address.doc_id) == address.doc_id {
            added.push((name.clone(), scorer.score()));
        }
    }
    added.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(added)
}

/// Counts words over whole records, whatever field a term is in.
struct Statistics<'a> {
    searcher: &'a Searcher,
    all: Field,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match term.value().as_str() {
            Some(text) => Searcher::doc_freq(self.searcher, &Term::from_field_text(self.all, text)),
            None => Searcher::doc_freq(self.searcher, term),
        }
    }
}
