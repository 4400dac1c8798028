//! A record → everything that the store keeps of it, so that the work is done where documents are read in parallel.
//!
//! Knows nothing of files, parts or generations.

use super::documents::settle;
use super::error::StoreError;
use super::index::{self, Indexed, Searchable, Texts};
use super::listed;
use super::records::RecordRow;
use super::summary::Tallies;
use crate::record::{Passage, Record, TABLES, Value};
use std::path::Path;

/// The rows that one record contributes to one table.
pub(super) type TableRows = Vec<Vec<Value>>;

/// A record, ready to be written.
pub(super) struct Prepared {
    /// The id that it would like to go by.
    pub own_id: String,
    pub is_incident: bool,
    pub row: RecordRow,
    /// By table, in their declared order; nothing for what is no incident.
    pub tables: Vec<TableRows>,
    pub indexed: Indexed,
    pub tallies: Tallies,
}

/// A record that was just read.
pub(super) fn prepare(record: &Record, passages: Vec<Passage>) -> Prepared {
    let searchable = index::searchable(record, passages);
    let row = RecordRow { record: listed::to_vec(record), searchable: listed::to_vec(&searchable) };
    let texts = index::texts(&searchable, record.source.lang.as_deref());
    complete(row, record.id.clone(), record, texts)
}

/// A record of an earlier generation, under the id that it goes by now. `path` is where it is kept.
pub(super) fn prepare_again(row: RecordRow, id: &str, path: &Path) -> Result<Prepared, StoreError> {
    let record: Record = read(&row.record, path)?;
    let searchable: Searchable = read(&row.searchable, path)?;
    let texts = index::texts(&searchable, record.source.lang.as_deref());
    Ok(complete(row, record.id.clone(), &settle(record, id), texts))
}

/// The same record where it has to go by another id than its own. Its words stay.
pub(super) fn rename(prepared: Prepared, id: &str, path: &Path) -> Result<Prepared, StoreError> {
    let record = read(&prepared.row.record, path)?;
    Ok(complete(prepared.row, prepared.own_id, &settle(record, id), prepared.indexed.texts))
}

/// Reads what [`prepare`] wrote.
pub(super) fn read<T: serde::de::DeserializeOwned>(json: &[u8], path: &Path) -> Result<T, StoreError> {
    serde_json::from_slice(json).map_err(|source| StoreError::Record { path: path.to_owned(), source })
}

fn complete(row: RecordRow, own_id: String, record: &Record, texts: Texts) -> Prepared {
    let is_incident = record.kind == "incident";
    let mut tallies = Tallies { words: texts.counts(), ..Tallies::default() };
    let indexed = index::document(record, texts);
    tallies.count(record);
    let tables = TABLES.iter().map(|table| {
        let rows = if is_incident { (table.rows)(record) } else { 0 };
        (0..rows).map(|row| table.columns.iter().map(|c| (c.get)(record, row)).collect()).collect()
    });
    Prepared { own_id, is_incident, row, tables: tables.collect(), indexed, tallies }
}
