//! The documents of a generation, what became of each, and the whole records with their searchable text: what
//! incremental ingest needs, and what everything else in a generation can be made from again.

use super::error::StoreError;
use super::tables::{self, ColumnShape, TableWriter};
use crate::record::{ColumnKind, Notice, Passage, Record, Value};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

pub(super) const DOCUMENTS: &str = "documents.parquet";
pub(super) const RECORDS: &str = "records.parquet";

/// Rows of a row group of [`RECORDS`]: whole records are large, and one of them should be quick to find.
pub(super) const RECORDS_AT_ONCE: usize = 256;

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub extraction: String,
    pub bytes: u64,
    pub outcome: DocumentOutcome,
    /// Why it failed.
    pub reason: Option<String>,
    /// Rows of it in [`RECORDS`].
    pub records: usize,
    pub incidents: usize,
}

/// One record as it was extracted, before its id was made unique.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredRecord {
    pub record: Record,
    pub passages: Vec<Passage>,
}

const DOCUMENT_COLUMNS: &[(&str, ColumnKind)] = &[
    ("path", ColumnKind::Text),
    ("hash", ColumnKind::Text),
    ("extraction", ColumnKind::Text),
    ("bytes", ColumnKind::Integer),
    ("outcome", ColumnKind::Text),
    ("reason", ColumnKind::Text),
    ("records", ColumnKind::Integer),
    ("incidents", ColumnKind::Integer),
];

const RECORD_COLUMNS: &[(&str, ColumnKind)] = &[
    ("id", ColumnKind::Text),
    ("path", ColumnKind::Text),
    ("kind", ColumnKind::Text),
    ("record", ColumnKind::Text),
    ("passages", ColumnKind::Text),
];

fn shapes(columns: &[(&'static str, ColumnKind)]) -> Vec<ColumnShape> {
    columns.iter().map(|(name, kind)| ColumnShape { name, kind: *kind }).collect()
}

pub(super) fn document_writer(folder: &Path) -> Result<TableWriter, StoreError> {
    TableWriter::create(folder.join(DOCUMENTS), shapes(DOCUMENT_COLUMNS))
}

pub(super) fn record_writer(folder: &Path) -> Result<TableWriter, StoreError> {
    let writer = TableWriter::create(folder.join(RECORDS), shapes(RECORD_COLUMNS))?;
    Ok(writer.with_row_group_rows(RECORDS_AT_ONCE))
}

pub(super) fn document_cells(row: &DocumentRow) -> Vec<Value> {
    let count = |n: usize| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    vec![
        Value::Text(row.path.clone()),
        Value::Text(row.hash.clone()),
        Value::Text(row.extraction.clone()),
        Value::Integer(i64::try_from(row.bytes).unwrap_or(i64::MAX)),
        Value::Text(row.outcome.name().to_owned()),
        row.reason.clone().map_or(Value::Null, Value::Text),
        count(row.records),
        count(row.incidents),
    ]
}

/// The cells of a record under the id it goes by.
pub(super) fn record_cells(id: &str, stored: &StoredRecord) -> Vec<Value> {
    // Serialising strings, numbers and lists of them cannot fail.
    let record = serde_json::to_string(&stored.record).unwrap_or_default();
    let passages = serde_json::to_string(&stored.passages).unwrap_or_default();
    vec![
        Value::Text(id.to_owned()),
        Value::Text(stored.record.source.path.clone()),
        Value::Text(stored.record.kind.clone()),
        Value::Text(record),
        Value::Text(passages),
    ]
}

/// All documents, sorted by path.
pub(super) fn read_documents(folder: &Path, bytes: Vec<u8>) -> Result<Vec<DocumentRow>, StoreError> {
    let path = folder.join(DOCUMENTS);
    let frame = tables::read_bytes(&path, bytes, None)?;
    let text = |name| tables::texts(&frame, name, &path);
    let integer = |name| tables::integers(&frame, name, &path);
    let (paths, hashes, extractions) = (text("path")?, text("hash")?, text("extraction")?);
    let (outcomes, reasons) = (text("outcome")?, text("reason")?);
    let (sizes, records, incidents) = (integer("bytes")?, integer("records")?, integer("incidents")?);
    let damaged = || StoreError::Damaged { path: path.clone(), what: "incomplete row".to_owned() };
    let row = |i: usize| -> Option<DocumentRow> {
        let text = |column: &[Option<&str>]| column.get(i).copied().flatten().map(str::to_owned);
        let count = |column: &[Option<i64>]| column.get(i).copied().flatten().and_then(|n| usize::try_from(n).ok());
        Some(DocumentRow {
            path: text(&paths)?,
            hash: text(&hashes)?,
            extraction: text(&extractions)?,
            bytes: u64::try_from(sizes.get(i).copied().flatten()?).ok()?,
            outcome: DocumentOutcome::parse(&text(&outcomes)?)?,
            reason: text(&reasons),
            records: count(&records)?,
            incidents: count(&incidents)?,
        })
    };
    (0..paths.len()).map(|i| row(i).ok_or_else(damaged)).collect()
}

/// Reads the records of a generation in order, a row group at a time.
pub(super) struct RecordCursor {
    path: PathBuf,
    next_row: usize,
    waiting: VecDeque<(String, StoredRecord)>,
}

impl RecordCursor {
    pub fn new(folder: &Path) -> Self {
        RecordCursor { path: folder.join(RECORDS), next_row: 0, waiting: VecDeque::new() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The next record and the id it goes by.
    pub fn next(&mut self) -> Result<Option<(String, StoredRecord)>, StoreError> {
        if self.waiting.is_empty() {
            self.waiting = read_records(&self.path, self.next_row, RECORDS_AT_ONCE)?.into();
            self.next_row += self.waiting.len();
        }
        Ok(self.waiting.pop_front())
    }
}

/// Some records by their rows, each with the id it goes by.
pub(super) fn read_records(path: &Path, first: usize, count: usize) -> Result<Vec<(String, StoredRecord)>, StoreError> {
    let frame = tables::read_rows(path, first, count)?;
    let ids = tables::texts(&frame, "id", path)?;
    let records = tables::texts(&frame, "record", path)?;
    let passages = tables::texts(&frame, "passages", path)?;
    let rows = ids.iter().zip(records).zip(passages).enumerate();
    let read = rows.map(|(i, ((id, record), passages))| {
        let bad = |source| StoreError::Record { path: path.to_owned(), row: first + i, source };
        let record = serde_json::from_str(record.unwrap_or_default()).map_err(bad)?;
        let passages = serde_json::from_str(passages.unwrap_or_default()).map_err(bad)?;
        Ok((id.unwrap_or_default().to_owned(), StoredRecord { record, passages }))
    });
    read.collect()
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
