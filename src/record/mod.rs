//! The flat, serialised contract between reading and asking: what `retro extract` prints, what the store keeps, and
//! every column, declared once. The only layer whose types derive serde.
//!
//! Knows nothing of parquet, tantivy or rendering; they derive their schemas from [`TABLES`].

mod columns;
mod convert;
mod grid;
mod shape;

pub use columns::{Column, ColumnKind, TABLES, Table, Value, table};
pub use grid::{Grid, GridColumn};
pub use shape::{
    Action, Causes, Computed, Durations, Event, Field, MetricValue, Milestone, Milestones, Notice, Provider, Record,
    SCHEMA, Severity, SourceRef, Spanned, Stated, Time,
};

use crate::document;
use crate::extract::{self, Defaults};
use crate::source::SourceText;

/// The records of one input, in document order; parts are numbered over the whole input.
pub fn records(input: &SourceText, defaults: &Defaults) -> Vec<Record> {
    let documents = input.parts.iter().map(|range| document::parse(input.format, &input.text, range.clone()));
    let mut incidents: Vec<_> = documents.flat_map(|d| extract::extract(&d, &input.path, defaults)).collect();
    let count = incidents.len();
    if count > 1 {
        for (i, incident) in incidents.iter_mut().enumerate() {
            incident.part = Some((i + 1, count));
        }
    }
    if let Some(first) = incidents.first_mut() {
        first.notices.extend(input.notices.iter().cloned());
    }
    let source =
        convert::Source { path: &input.path, format: input.format.name(), bytes: input.bytes, hash: &input.hash };
    let quoting = convert::Quoting::new(&input.text);
    incidents.iter().map(|i| convert::record(i, &source, &quoting)).collect()
}
