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
use tantivy::collector::DocSetCollector;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Term};

/// A record for which an expression holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many records stand before it in the order of their paths.
    pub row: u64,
    pub id: String,
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
    let addresses = searcher.search(&*query, &DocSetCollector).map_err(|e| store.index_error(e))?;
    let failed = |e| store.index_error(e);
    let mut found = Vec::with_capacity(addresses.len());
    let columns = searcher.segment_readers().iter().map(|segment| {
        let fast = segment.fast_fields();
        Ok((fast.u64("row")?, fast.str("id")?))
    });
    let columns: Vec<_> = columns.collect::<tantivy::Result<_>>().map_err(failed)?;
    for address in addresses {
        let Some((rows, Some(ids))) = columns.get(address.segment_ord as usize) else { continue };
        let mut id = String::new();
        let ordinal = ids.term_ords(address.doc_id).next().unwrap_or(0);
        ids.ord_to_str(ordinal, &mut id).map_err(|e| failed(e.into()))?;
        let row = rows.first(address.doc_id).map_or(u64::MAX, |number| index.rank(number));
        found.push(Found { row, id, address });
    }
    found.sort_by(|a, b| a.row.cmp(&b.row).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

/// The ids of the incidents for which a filter holds, in order of their paths; for restricting tables.
///
/// # Errors
/// The index is damaged.
pub fn matching_ids(store: &Store, expression: Expression) -> Result<Vec<String>, StoreError> {
    Ok(matching(store, &of_incidents(expression))?.into_iter().map(|f| f.id).collect())
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
