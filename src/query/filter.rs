//! An [`Expression`] → the records for which it holds. The one implementation behind every verb that filters.
//!
//! Knows nothing of ranking.

use super::syntax::{Expression, Filter};
use super::value::Test;
use crate::domain::Genre;
use crate::record::filter_field;
use crate::store::analysis::Analyzer;
use crate::store::{SearchIndex, Store, StoreError};
use std::ops::Bound;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, Term};

/// A record for which an expression holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many records stand before it in the order of their paths.
    pub row: u64,
    pub address: DocAddress,
}

/// The expression, of incidents only, unless it says itself what kinds it wants.
pub fn of_incidents(expression: Expression) -> Expression {
    if mentions_kind(&expression) {
        return expression;
    }
    let Some(field) = filter_field("kind") else { return expression };
    let incident = Expression::Filter(Filter { field, tests: vec![Test::Label("incident")] });
    Expression::All(vec![incident, expression])
}

fn mentions_kind(expression: &Expression) -> bool {
    match expression {
        Expression::All(all) | Expression::Any(all) => all.iter().any(mentions_kind),
        // What is no drill may still be an incident.
        Expression::Not(not) => mentions_kind(not) && !asks_for_genre(not),
        Expression::Filter(filter) => matches!(filter.field.name, "kind" | "id") || asks_for_genre(expression),
        Expression::Words { .. } => false,
    }
}

/// `is:drill`: no incident is one.
fn asks_for_genre(expression: &Expression) -> bool {
    let Expression::Filter(filter) = expression else { return false };
    let is_genre = |test: &Test| matches!(test, Test::Label(label) if Genre::parse(label).is_some());
    filter.field.name == "is" && filter.tests.iter().any(is_genre)
}

/// The records for which the expression holds, in order of their paths.
///
/// # Errors
/// The index is damaged.
pub fn matching(store: &Store, expression: &Expression) -> Result<Vec<Found>, StoreError> {
    let index = store.index()?;
    let query = compile(expression, index, &analyzers(store));
    let searcher = index.reader.searcher();
    let failed = |e| store.index_error(e);
    let addresses = searcher.search(&*query, &Addresses).map_err(failed)?;
    let rows = searcher.segment_readers().iter().map(|segment| segment.fast_fields().u64("row"));
    let rows: Vec<_> = rows.collect::<tantivy::Result<_>>().map_err(failed)?;
    let row = |address: DocAddress| rows.get(address.segment_ord as usize)?.first(address.doc_id);
    let found =
        addresses.into_iter().map(|address| Found { row: row(address).map_or(u64::MAX, |n| index.rank(n)), address });
    let mut found: Vec<Found> = found.collect();
    found.sort_unstable_by_key(|f| (f.row, f.address));
    Ok(found)
}

/// The ids of some records, in their order.
///
/// # Errors
/// The index is damaged.
pub fn ids(store: &Store, found: &[Found]) -> Result<Vec<String>, StoreError> {
    let failed = |e| store.index_error(e);
    let searcher = store.index()?.reader.searcher();
    let mut ids = vec![String::new(); found.len()];
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let Some(column) = reader.fast_fields().str("id").map_err(failed)? else { continue };
        let own = found.iter().enumerate().filter(|(_, f)| f.address.segment_ord == segment);
        let own = own.filter_map(|(at, f)| Some((column.term_ords(f.address.doc_id).next()?, at)));
        let mut own: Vec<(u64, usize)> = own.collect();
        // The dictionary is read from front to back, not opened anew for each.
        own.sort_unstable();
        let ordinals: Vec<u64> = own.iter().map(|(ordinal, _)| *ordinal).collect();
        let mut places = own.iter().map(|(_, at)| *at);
        let take = |id: &[u8]| {
            if let Some(slot) = places.next().and_then(|at| ids.get_mut(at)) {
                *slot = String::from_utf8_lossy(id).into_owned();
            }
        };
        column.dictionary().sorted_ords_to_term_cb(&ordinals, take).map_err(|e| failed(e.into()))?;
    }
    Ok(ids)
}

/// The ids of the incidents for which a filter holds, in order of their paths; for restricting tables.
///
/// # Errors
/// The index is damaged.
pub fn matching_ids(store: &Store, expression: Expression) -> Result<Vec<String>, StoreError> {
    ids(store, &matching(store, &of_incidents(expression))?)
}

/// Collects where everything is that a query holds for, in order of the index.
struct Addresses;

/// The same of one segment.
struct SegmentAddresses {
    segment: SegmentOrdinal,
    found: Vec<DocAddress>,
}

impl Collector for Addresses {
    type Fruit = Vec<DocAddress>;
    type Child = SegmentAddresses;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentAddresses> {
        Ok(SegmentAddresses { segment, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, found: Vec<Vec<DocAddress>>) -> tantivy::Result<Vec<DocAddress>> {
        Ok(found.concat())
    }
}

impl SegmentCollector for SegmentAddresses {
    type Fruit = Vec<DocAddress>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.found.push(DocAddress::new(self.segment, doc));
    }

    fn harvest(self) -> Vec<DocAddress> {
        self.found
    }
}

/// The languages in which words of a filter may be written.
pub(super) fn analyzers(store: &Store) -> Vec<Analyzer> {
    let others = store.manifest().tallies.languages.keys().filter(|lang| *lang != "en");
    std::iter::once(Analyzer::new(Some("en"))).chain(others.map(|lang| Analyzer::new(Some(lang)))).collect()
}

/// The expression as a query of the index.
pub(super) fn compile(expression: &Expression, index: &SearchIndex, analyzers: &[Analyzer]) -> Box<dyn Query> {
    match expression {
        Expression::All(all) => all_of(all.iter().map(|e| compile(e, index, analyzers)).collect()),
        Expression::Any(any) => any_of(any.iter().map(|e| compile(e, index, analyzers)).collect()),
        Expression::Not(not) => none_of(compile(not, index, analyzers)),
        Expression::Filter(filter) => any_of(filter.tests.iter().map(|t| test(filter, t, index)).collect()),
        Expression::Words { text, .. } => words(text, index.fields.all(), analyzers),
    }
}

fn all_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(AllQuery),
        1 => queries.pop().unwrap_or_else(|| Box::new(AllQuery)),
        _ => Box::new(BooleanQuery::new(queries.into_iter().map(|q| (Occur::Must, q)).collect())),
    }
}

fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.pop().unwrap_or_else(|| Box::new(EmptyQuery)),
        _ => Box::new(BooleanQuery::new(queries.into_iter().map(|q| (Occur::Should, q)).collect())),
    }
}

fn none_of(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, query)]))
}

fn test(filter: &Filter, test: &Test, index: &SearchIndex) -> Box<dyn Query> {
    let keyword = |text: &str| match index.fields.keyword(filter.field) {
        Some(field) => term(field, text),
        None => Box::new(EmptyQuery),
    };
    match test {
        Test::Keyword { text, is_prefix: false } => keyword(text),
        Test::Keyword { text, is_prefix: true } => match index.fields.keyword(filter.field) {
            Some(field) => prefix(field, text),
            None => Box::new(EmptyQuery),
        },
        // Labels are indexed as keywords are: in words.
        Test::Label(label) => keyword(&crate::store::keyword(label)),
        Test::Lacks(label) => none_of(keyword(&crate::store::keyword(label))),
        Test::Within { low, high } => match index.fields.number(filter.field) {
            Some(field) => {
                let bound = |value: &Option<i64>| match value {
                    Some(value) => Bound::Included(Term::from_field_i64(field, *value)),
                    None => Bound::Unbounded,
                };
                match (low, high) {
                    (None, None) => Box::new(EmptyQuery),
                    _ => Box::new(RangeQuery::new(bound(low), bound(high))),
                }
            }
            None => Box::new(EmptyQuery),
        },
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn prefix(field: Field, text: &str) -> Box<dyn Query> {
    let mut pattern = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() && c != ' ' {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str(".*");
    match RegexQuery::from_pattern(&pattern, field) {
        Ok(query) => Box::new(query),
        Err(_) => Box::new(EmptyQuery),
    }
}

/// Records in whose text the words stand together, in any of the languages.
pub(super) fn words(text: &str, field: Field, analyzers: &[Analyzer]) -> Box<dyn Query> {
    let mut readings: Vec<Vec<(usize, Term)>> = Vec::new();
    for analyzer in analyzers {
        let mut reading = Vec::new();
        let mut tokens = analyzer.tokens(text).into_iter();
        while let Some(token) = tokens.next() {
            reading.push((token.position, Term::from_field_text(field, &token.text)));
            if token.parts > 0 {
                // The whole says all that its parts do. It counts as their first position.
                tokens.nth(token.parts - 1);
            }
        }
        if !reading.is_empty() && !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    let query = |mut reading: Vec<(usize, Term)>| -> Box<dyn Query> {
        match (reading.len(), reading.pop()) {
            (1, Some((_, only))) => Box::new(TermQuery::new(only, IndexRecordOption::Basic)),
            (_, Some(last)) => {
                reading.push(last);
                Box::new(PhraseQuery::new_with_offset(reading))
            }
            (_, None) => Box::new(EmptyQuery),
        }
    };
    if readings.is_empty() {
        // Nothing but stop words: they are everywhere.
        return Box::new(AllQuery);
    }
    any_of(readings.into_iter().map(query).collect())
}
