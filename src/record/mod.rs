//! The flat, serialised contract between reading and asking: what `retro extract` prints, what the store keeps, and
//! every column, declared once. The only layer whose types derive serde.
//!
//! Knows nothing of parquet, tantivy or rendering; they derive their schemas from [`TABLES`].

mod columns;
mod convert;
mod corrected;
mod explained;
mod fields;
mod grid;
mod passages;
mod redact;
mod shape;

pub use columns::{Column, ColumnKind, SAME_AS, TABLES, Table, Value, table};
pub use corrected::value_text;
pub use explained::{Candidate, Explanation, explain};
pub use fields::{FIELDS, FieldKind, FilterField, filter_field};
pub use grid::{Grid, GridColumn, Test};
pub use passages::{Passage, Place};
pub use redact::Redactor;
pub use shape::{
    Action, Causes, Computed, Correction, Durations, Event, Field, MetricValue, Milestone, Milestones, Notice,
    Provider, Record, SCHEMA, Severity, SourceRef, Spanned, Stated, Time,
};

use crate::document;
use crate::domain::{Incident, Kind};
use crate::extract::{self, Defaults};
use crate::source::SourceText;

/// The records of one input, in document order; parts are numbered over the whole input.
pub fn records(input: &SourceText, defaults: &Defaults) -> Vec<Record> {
    readings(input, defaults).into_iter().map(|r| r.record).collect()
}

/// A record and the words that search finds it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub record: Record,
    pub passages: Vec<Passage>,
}

/// As [`records`], each with its searchable text.
pub fn readings(input: &SourceText, defaults: &Defaults) -> Vec<Reading> {
    let mut incidents = Vec::new();
    for document in document::documents(input) {
        let found = extract::extract(&document, &input.below, defaults);
        let passages = passages::passages_by_incident(&document, &found);
        incidents.extend(found.into_iter().zip(passages));
    }
    // What holds no text still has its record, which says so.
    if incidents.is_empty() {
        incidents.push((Incident { kind: Some(Kind::None), ..Incident::default() }, Vec::new()));
    }
    number_parts(incidents.iter_mut().map(|(incident, _)| incident));
    if let Some((first, _)) = incidents.first_mut() {
        first.notices.extend(input.notices.iter().cloned());
    }
    let source = convert::Source::of(input);
    let quoting = convert::Quoting::new(&input.text);
    let reading = |(mut incident, passages): (Incident, _)| {
        // The id stays, whatever of what it is made of was corrected.
        let id = convert::identify(&incident, &source);
        if !defaults.corrections.is_empty() {
            let read = convert::record(&incident, id.clone(), &source, &quoting);
            corrected::apply(&mut incident, &read, defaults);
        }
        Reading { record: convert::record(&incident, id, &source, &quoting), passages }
    };
    incidents.into_iter().map(reading).collect()
}

/// Numbers the incidents of an input that holds several.
fn number_parts<'a>(incidents: impl ExactSizeIterator<Item = &'a mut Incident>) {
    let count = incidents.len();
    for (i, incident) in incidents.enumerate().filter(|_| count > 1) {
        incident.part = Some((i + 1, count));
    }
}

#[cfg(test)]
mod properties;

#[cfg(any(test, fuzzing))]
pub mod sound;
