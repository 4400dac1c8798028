//! The documents of a generation and what became of each: what incremental ingest needs to tell what has changed, and
//! where the records of every document are.

use super::error::StoreError;
use super::order::{Order, Place, Runs};
use super::summary::Tallies;
use super::tables::{self, ColumnShape, TableWriter};
use crate::record::{ColumnKind, Notice, Record, Value};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

pub(super) const DOCUMENTS: &str = "documents.parquet";

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentOutcome {
    /// It reports at least one incident.
    Incident,
    /// It was read and reports none.
    None,
    /// It could not be read. Records from an earlier reading are kept.
    Failed,
}

impl DocumentOutcome {
    pub fn name(self) -> &'static str {
        match self {
            DocumentOutcome::Incident => "incident",
            DocumentOutcome::None => "none",
            DocumentOutcome::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [DocumentOutcome::Incident, DocumentOutcome::None, DocumentOutcome::Failed];
        all.into_iter().find(|o| o.name() == text)
    }
}

/// One document of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    pub path: String,
    /// `blake3:…`; empty when it was never read.
    pub hash: String,
    /// By what it was read: program, vocabularies, configuration.
    pub extraction: Arc<str>,
    pub bytes: u64,
    pub outcome: DocumentOutcome,
    /// Why it failed.
    pub reason: Option<String>,
    pub incidents: usize,
    /// The ids that its records go by, in document order.
    pub ids: Vec<String>,
    /// The ids they would like to go by, where others took one first; else empty.
    pub(super) own_ids: Vec<String>,
    /// Where its records are: the part, and the row of the first.
    pub(super) part: u64,
    pub(super) row: u64,
    /// Number of the first record in the index.
    pub(super) serial: u64,
    /// What its records add to the tallies, as JSON: needed again only when it changes.
    pub(super) tallies: String,
}

impl DocumentRow {
    /// A document of which nothing is known yet.
    pub(super) fn unread(path: String) -> Self {
        DocumentRow {
            path,
            hash: String::new(),
            extraction: Arc::from(""),
            bytes: 0,
            outcome: DocumentOutcome::Failed,
            reason: None,
            incidents: 0,
            ids: Vec::new(),
            own_ids: Vec::new(),
            part: 0,
            row: 0,
            serial: 0,
            tallies: String::new(),
        }
    }

    /// How many records it has.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.ids.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn place(&self) -> Place {
        Place { serial: self.serial, part: self.part, row: self.row, count: self.count() }
    }

    pub(super) fn wanted_ids(&self) -> &[String] {
        if self.own_ids.is_empty() { &self.ids } else { &self.own_ids }
    }

    pub(super) fn tallies(&self) -> Tallies {
        serde_json::from_str(&self.tallies).unwrap_or_default()
    }
}

const COLUMNS: &[(&str, ColumnKind)] = &[
    ("path", ColumnKind::Text),
    ("hash", ColumnKind::Text),
    ("extraction", ColumnKind::Text),
    ("bytes", ColumnKind::Integer),
    ("outcome", ColumnKind::Text),
    ("reason", ColumnKind::Text),
    ("incidents", ColumnKind::Integer),
    ("ids", ColumnKind::Text),
    ("own_ids", ColumnKind::Text),
    ("records", ColumnKind::Integer),
    ("part", ColumnKind::Integer),
    ("row", ColumnKind::Integer),
    ("serial", ColumnKind::Integer),
    ("tallies", ColumnKind::Text),
];

/// Writes the table of all documents, in order of their paths, and knows what they are together.
pub(super) struct DocumentsWriter {
    table: TableWriter,
    corpus: blake3::Hasher,
    runs: Runs,
    pub count: usize,
    pub incidents: usize,
    pub failed: usize,
}

impl DocumentsWriter {
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        let columns = COLUMNS.iter().map(|(name, kind)| ColumnShape { name, kind: *kind }).collect();
        let table = TableWriter::create(folder.join(DOCUMENTS), columns)?;
        let (corpus, runs) = Default::default();
        Ok(DocumentsWriter { table, corpus, runs, count: 0, incidents: 0, failed: 0 })
    }

    /// Adds one, whose records will stay where they are.
    pub fn push(&mut self, row: &DocumentRow) -> Result<(), StoreError> {
        self.count += 1;
        self.incidents += row.incidents;
        self.failed += usize::from(row.outcome == DocumentOutcome::Failed);
        self.corpus.update(row.path.as_bytes()).update(&[0]).update(row.hash.as_bytes()).update(b"\n");
        self.runs.push(row.place());
        self.table.push(cells(row))
    }

    /// `blake3:…` over the paths and hashes of all documents.
    pub fn corpus(&self) -> String {
        format!("blake3:{}", self.corpus.finalize().to_hex())
    }

    /// Completes the table, and tells the order of the records.
    pub fn finish(self) -> Result<Order, StoreError> {
        self.table.finish()?;
        Ok(self.runs.order())
    }
}

fn cells(row: &DocumentRow) -> Vec<Value> {
    let number = |n: u64| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    // Serialising strings cannot fail.
    let texts = |texts: &[String]| Value::Text(serde_json::to_string(texts).unwrap_or_default());
    vec![
        Value::Text(row.path.clone()),
        Value::Text(row.hash.clone()),
        Value::Text(row.extraction.as_ref().to_owned()),
        number(row.bytes),
        Value::Text(row.outcome.name().to_owned()),
        row.reason.clone().map_or(Value::Null, Value::Text),
        Value::Integer(i64::try_from(row.incidents).unwrap_or(i64::MAX)),
        texts(&row.ids),
        if row.own_ids.is_empty() { Value::Null } else { texts(&row.own_ids) },
        number(row.count()),
        number(row.part),
        number(row.row),
        number(row.serial),
        Value::Text(row.tallies.clone()),
    ]
}

/// All documents, sorted by path.
pub(super) fn read(folder: &Path, bytes: Vec<u8>) -> Result<Vec<DocumentRow>, StoreError> {
    let path = folder.join(DOCUMENTS);
    let frame = tables::read_bytes(&path, bytes, None)?;
    let text = |name| tables::texts(&frame, name, &path);
    let integer = |name| tables::integers(&frame, name, &path);
    let (paths, hashes, extractions) = (text("path")?, text("hash")?, text("extraction")?);
    let (outcomes, reasons, tallies) = (text("outcome")?, text("reason")?, text("tallies")?);
    let (ids, own_ids) = (text("ids")?, text("own_ids")?);
    let (sizes, incidents) = (integer("bytes")?, integer("incidents")?);
    let (parts, rows, serials) = (integer("part")?, integer("row")?, integer("serial")?);
    let damaged = || StoreError::Damaged { path: path.clone(), what: "incomplete row".to_owned() };
    // Nearly all documents were read by the same, so one text serves them.
    let mut last: Arc<str> = Arc::from("");
    let mut row = |i: usize| -> Option<DocumentRow> {
        let text = |column: &[Option<&str>]| column.get(i).copied().flatten().map(str::to_owned);
        let number = |column: &[Option<i64>]| u64::try_from(column.get(i).copied().flatten()?).ok();
        let texts = |text: &str| serde_json::from_str::<Vec<String>>(text).ok();
        let extraction = extractions.get(i).copied().flatten()?;
        if *last != *extraction {
            last = Arc::from(extraction);
        }
        Some(DocumentRow {
            path: text(&paths)?,
            hash: text(&hashes)?,
            extraction: Arc::clone(&last),
            bytes: number(&sizes)?,
            outcome: DocumentOutcome::parse(&text(&outcomes)?)?,
            reason: text(&reasons),
            incidents: usize::try_from(number(&incidents)?).ok()?,
            ids: texts(&text(&ids)?)?,
            own_ids: text(&own_ids).map_or(Some(Vec::new()), |text| texts(&text))?,
            part: number(&parts)?,
            row: number(&rows)?,
            serial: number(&serials)?,
            tallies: text(&tallies)?,
        })
    };
    (0..paths.len()).map(|i| row(i).ok_or_else(damaged)).collect()
}

/// The order of the records alone.
pub(super) fn read_order(folder: &Path, bytes: Vec<u8>) -> Result<Order, StoreError> {
    let path = folder.join(DOCUMENTS);
    let columns = ["serial", "part", "row", "records"];
    let frame = tables::read_bytes(&path, bytes, Some(columns.map(str::to_owned).into()))?;
    let integers = |name| tables::integers(&frame, name, &path);
    let (serials, parts, rows, counts) =
        (integers("serial")?, integers("part")?, integers("row")?, integers("records")?);
    let number = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let places = serials.into_iter().zip(parts).zip(rows).zip(counts);
    let place = |(((serial, part), row), count)| Place {
        serial: number(serial),
        part: number(part),
        row: number(row),
        count: number(count),
    };
    Ok(Order::new(places.map(place)))
}

/// The record as it is shown: under the id it goes by, with a notice where that is not its own.
pub(super) fn settle(mut record: Record, id: &str) -> Record {
    if record.id != id {
        let message = format!("another document has the id '{}' too, so this one goes by '{id}'", record.id);
        record.warnings.push(Notice { code: "duplicate-id".to_owned(), message, evidence: Vec::new() });
        id.clone_into(&mut record.id);
    }
    record
}
