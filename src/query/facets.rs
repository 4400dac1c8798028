//! What the records found have in common: how many there are of each provider, trigger, component, severity, quarter.
//!
//! Counts everything that was found, not only the hits shown.

use crate::store::{IndexFields, Store, StoreError, date_of};
use std::collections::BTreeMap;
use tantivy::DocAddress;

/// Values shown of one facet.
const VALUES_MAX: usize = 10;

/// One field and how often each of its values occurs, the commonest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// As the filter language calls it.
    pub field: &'static str,
    pub counts: Vec<(String, usize)>,
}

const TEXTS: &[&str] = &["provider", "trigger", "component"];

/// The facets of some records.
pub(super) fn facets(store: &Store, found: impl Iterator<Item = DocAddress>) -> Result<Vec<Facet>, StoreError> {
    let failed = |e| store.index_error(e);
    let searcher = store.index()?.reader.searcher();
    let mut by_segment: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for address in found {
        by_segment.entry(address.segment_ord).or_default().push(address.doc_id);
    }
    let mut counts: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
    for (segment, docs) in by_segment {
        let Some(reader) = searcher.segment_readers().get(segment as usize) else { continue };
        let fast = reader.fast_fields();
        for field in TEXTS {
            let Some(column) = fast.str(&IndexFields::column(field)).map_err(failed)? else { continue };
            let mut by_value: BTreeMap<u64, usize> = BTreeMap::new();
            for ordinal in docs.iter().flat_map(|doc| column.term_ords(*doc)) {
                *by_value.entry(ordinal).or_default() += 1;
            }
            for (ordinal, count) in by_value {
                let mut value = String::new();
                column.ord_to_str(ordinal, &mut value).map_err(|e| failed(e.into()))?;
                *counts.entry(field).or_default().entry(value).or_default() += count;
            }
        }
        let (levels, dates) = (fast.i64("number.severity").map_err(failed)?, fast.i64("number.date").map_err(failed)?);
        for doc in docs {
            let quarter = dates.first(doc).and_then(quarter);
            for (field, value) in [("severity", levels.first(doc).map(|l| l.to_string())), ("quarter", quarter)] {
                if let Some(value) = value {
                    *counts.entry(field).or_default().entry(value).or_default() += 1;
                }
            }
        }
    }
    let ordered = ["provider", "trigger", "component", "severity", "quarter"].into_iter().filter_map(|field| {
        let mut counts: Vec<(String, usize)> = counts.remove(field)?.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(VALUES_MAX);
        Some(Facet { field, counts })
    });
    Ok(ordered.collect())
}

fn quarter(day: i64) -> Option<String> {
    use chrono::Datelike;
    let date = date_of(day)?;
    Some(format!("{}-Q{}", date.year(), date.month0() / 3 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::day_number;

    #[test]
    fn days_have_quarters() {
        for (date, expected) in [("2025-01-01", "2025-Q1"), ("2024-12-31", "2024-Q4")] {
            assert_eq!(quarter(day_number(date.parse().unwrap())).as_deref(), Some(expected));
        }
        assert_eq!(quarter(i64::MAX), None);
    }
}
