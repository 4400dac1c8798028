//! Why a filter finds nothing: values that no record has, and the nearest that some have.
//!
//! Knows nothing of how hints are shown.

use super::syntax::{Expression, Filter};
use super::value::Test;
use crate::store::{SearchIndex, Store, StoreError, spelling};
use std::collections::BTreeSet;
use tantivy::Term;

/// Nobody reads more of them, and each is looked for among all values.
pub const HINTS_MAX: usize = 5;

/// What to tell a user whose filter found nothing.
///
/// # Errors
/// The index is damaged.
pub fn hints(store: &Store, expression: &Expression) -> Result<Vec<String>, StoreError> {
    let index = store.index()?;
    let mut hints = BTreeSet::new();
    visit(expression, index, &mut hints).map_err(|e| store.index_error(e))?;
    Ok(hints.into_iter().collect())
}

fn visit(expression: &Expression, index: &SearchIndex, hints: &mut BTreeSet<String>) -> tantivy::Result<()> {
    match expression {
        Expression::All(all) | Expression::Any(all) => all.iter().try_for_each(|e| visit(e, index, hints)),
        Expression::Filter(filter) => hint(filter, index, hints),
        // What is not to be there need not be there.
        Expression::Not(_) | Expression::Words { .. } => Ok(()),
    }
}

fn hint(filter: &Filter, index: &SearchIndex, hints: &mut BTreeSet<String>) -> tantivy::Result<()> {
    let Some(field) = index.fields.keyword(filter.field) else { return Ok(()) };
    let searcher = index.reader.searcher();
    for test in &filter.tests {
        if hints.len() >= HINTS_MAX {
            break;
        }
        let Test::Keyword { text, is_prefix: false } = test else { continue };
        if searcher.doc_freq(&Term::from_field_text(field, text))? > 0 {
            continue;
        }
        let mut known = BTreeSet::new();
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(field)?;
            let mut stream = inverted.terms().stream()?;
            while stream.advance() {
                known.extend(std::str::from_utf8(stream.key()).map(str::to_owned));
            }
        }
        let name = filter.field.name;
        let quote = |value: &str| if value.contains(' ') { format!("\"{value}\"") } else { value.to_owned() };
        let mut hint = format!("no record has {name}:{}", quote(text));
        if let Some(near) = spelling::nearest(text, known.iter().map(String::as_str)) {
            hint.push_str(&format!("; did you mean {name}:{}?", quote(near)));
        }
        hints.insert(hint);
    }
    Ok(())
}
