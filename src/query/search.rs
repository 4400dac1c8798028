//! Search by what one sees: BM25 over all words of a record, and again over the parts that tell more.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A word weighs the same in
//! every field: how much it tells is counted over whole records, so that a common word is not rare for standing in few
//! titles.

use super::snippet::{self, Shown, Snippet, Wanted};
use super::syntax::{self, Expression};
use super::terms::{self, Lexicon, Origin, QueryTerm, QueryTerms};
use super::tuning::Tuning;
use super::{feedback, filter};
use crate::store::analysis::Analyzer;
use crate::store::{Card, SearchIndex, Store, StoreError, TextField};
use std::collections::BTreeMap;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EnableScoring, Occur, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, Term};

/// More hits than this are ranked before the order is final, because documents of no incident then step back.
const CANDIDATES: usize = 50;
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
    /// Fill in [`Hit::snippet`] and [`Hit::matched`].
    pub snippets: bool,
    /// Fill in [`Hit::explanation`].
    pub explain: bool,
    pub tuning: Tuning,
}

impl Default for Options {
    /// Ten hits, bare.
    fn default() -> Self {
        Options { limit: 10, snippets: false, explain: false, tuning: Tuning::DEFAULT }
    }
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
    let ranking = Ranking { index, lexicon: &lexicon, analyzers: filter::analyzers(store), tuning: &options.tuning };
    let filters: Vec<_> = filters.iter().map(|f| constant(filter::compile(f, index, &ranking.analyzers))).collect();
    let mut terms = terms::read(text, &lexicon, &options.tuning);
    let asked = ranking.parts(&terms, phrases);
    let is_empty = asked.is_empty() && (filters.is_empty() || !text.trim().is_empty());
    if is_empty {
        return Ok(Hits { query: String::new(), total: 0, hits: Vec::new(), hints: terms.hints });
    }
    let wanted = Wanted::new(&terms, phrases, &lexicon);
    let (total, first) =
        ranking.top(&filters, &asked, &[], options.tuning.feedback_hits.max(options.limit)).map_err(failed)?;
    let best = first.iter().take(options.tuning.feedback_hits);
    let best = best.map(|c| Ok((c.score, store.searchable(c.address)?))).collect::<Result<Vec<_>, StoreError>>()?;
    let added = feedback::words(&best, &|text| terms.knows(text), &lexicon, &options.tuning);
    terms.terms = added;
    terms.pairs.clear();
    let added = ranking.parts(&terms, &[]);
    let (_, candidates) = ranking.top(&filters, &asked, &added, options.limit).map_err(failed)?;
    let mut hits = Vec::new();
    for (i, candidate) in candidates.into_iter().take(options.limit).enumerate() {
        let address = candidate.address;
        let shown =
            if options.snippets { snippet::show(&store.searchable(address)?, &wanted) } else { Shown::default() };
        let explanation = if options.explain {
            ranking.explain(asked.iter().chain(&added), address).map_err(failed)?
        } else {
            Vec::new()
        };
        let card = store.card(address)?;
        hits.push(Hit {
            rank: i + 1,
            score: candidate.score,
            card,
            snippet: shown.snippet,
            matched: shown.matched,
            explanation,
        });
    }
    Ok(Hits { query: String::new(), total, hits, hints: terms.hints })
}

/// A part of the ranking, and what it is called in an explanation.
type Part = (String, Box<dyn Query>);

/// A record that may be a hit.
struct Candidate {
    score: Score,
    row: u64,
    address: DocAddress,
}

/// What every step of a search needs.
struct Ranking<'a> {
    index: &'a SearchIndex,
    lexicon: &'a Lexicon<'a>,
    analyzers: Vec<Analyzer>,
    tuning: &'a Tuning,
}

impl Ranking<'_> {
    /// The records that pass the filters and hold anything of what was asked, best first, and how many there are.
    fn top(
        &self,
        filters: &[Box<dyn Query>],
        asked: &[Part],
        added: &[Part],
        limit: usize,
    ) -> tantivy::Result<(usize, Vec<Candidate>)> {
        let queries = |parts: &[Part]| parts.iter().map(|(_, q)| (Occur::Should, q.box_clone())).collect::<Vec<_>>();
        let mut clauses: Vec<_> = filters.iter().map(|f| (Occur::Must, f.box_clone())).collect();
        if !asked.is_empty() {
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(queries(asked))) as Box<dyn Query>));
        }
        clauses.extend(queries(added));
        let searcher = self.lexicon.searcher();
        let top = TopDocs::with_limit(limit.saturating_mul(2).saturating_add(CANDIDATES)).order_by_score();
        let query = BooleanQuery::new(clauses);
        let (total, top) = searcher.search_with_statistics_provider(&query, &(Count, top), &self.statistics())?;
        let columns = searcher.segment_readers().iter().map(|s| {
            let fast = s.fast_fields();
            Ok((fast.u64("row")?, fast.bool("incident")?))
        });
        let columns = columns.collect::<tantivy::Result<Vec<_>>>()?;
        let candidate = |(score, address): (Score, DocAddress)| {
            let (rows, incidents) = columns.get(address.segment_ord as usize)?;
            let is_incident = incidents.first(address.doc_id).unwrap_or(true);
            let factor = if is_incident { 1.0 } else { self.tuning.no_incident };
            let row = self.index.rank(rows.first(address.doc_id)?);
            Some(Candidate { score: score * factor, row, address })
        };
        let mut candidates: Vec<Candidate> = top.into_iter().filter_map(candidate).collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
        candidates.truncate(limit);
        Ok((total, candidates))
    }

    fn statistics(&self) -> Statistics<'_> {
        Statistics { searcher: self.lexicon.searcher(), index: self.index }
    }

    fn parts(&self, terms: &QueryTerms, phrases: &[String]) -> Vec<Part> {
        let (all, tuning) = (self.index.fields.all(), self.tuning);
        let mut parts: Vec<Part> = Vec::new();
        for term in &terms.terms {
            let name = match term.origin {
                Origin::Query => term.shown.clone(),
                Origin::Synonym => format!("like {}", term.shown),
                Origin::Feedback => "words of the best hits".to_owned(),
            };
            parts.push((name, term_query(term, self.index, tuning)));
        }
        for (one, other) in &terms.pairs {
            let mut near = PhraseQuery::new(vec![Term::from_field_text(all, one), Term::from_field_text(all, other)]);
            near.set_slop(PAIR_SLOP);
            // A phrase scores as much as its words together.
            parts.push((format!("{one} near {other}"), Box::new(BoostQuery::new(Box::new(near), tuning.pair / 2.0))));
        }
        for phrase in phrases.iter().filter(|p| !p.trim().is_empty()) {
            let query = filter::words(phrase, all, &self.analyzers);
            parts.push((format!("\"{phrase}\""), Box::new(BoostQuery::new(query, tuning.phrase / 2.0))));
        }
        parts
    }

    /// What each part of the ranking added to a hit.
    fn explain<'p>(
        &self,
        parts: impl Iterator<Item = &'p Part>,
        address: DocAddress,
    ) -> tantivy::Result<Vec<(String, Score)>> {
        let statistics = self.statistics();
        let segment = statistics.searcher.segment_reader(address.segment_ord);
        let mut added: BTreeMap<&str, Score> = BTreeMap::new();
        for (name, query) in parts {
            let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, statistics.searcher);
            let mut scorer = query.weight(scoring)?.scorer(segment, 1.0)?;
            if scorer.doc() <= address.doc_id && scorer.seek(address.doc_id) == address.doc_id {
                *added.entry(name).or_default() += scorer.score();
            }
        }
        let mut added: Vec<_> = added.into_iter().map(|(name, score)| (name.to_owned(), score)).collect();
        added.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(added)
    }
}

/// The query without scores of its own.
fn constant(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(tantivy::query::ConstScoreQuery::new(query, 0.0))
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

/// Counts words over whole records, whatever field a term is in, and only over records that count.
struct Statistics<'a> {
    searcher: &'a Searcher,
    index: &'a SearchIndex,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.index.words(field).map_or_else(|| self.searcher.total_num_tokens(field), Ok)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match term.value().as_str() {
            Some(text) => {
                let term = Term::from_field_text(self.index.fields.all(), text);
                self.index.frequency(self.searcher, &term)
            }
            None => self.index.frequency(self.searcher, term),
        }
    }
}
