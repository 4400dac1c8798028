//! The store: one folder that holds what was read, as parquet tables (the truth) and a full-text index (derived).
//! Written a whole generation at a time; readers keep the one they opened.
//!
//! Knows nothing of how documents are understood, of filters, of statistics or of output. It has no clock.

pub mod analysis;
mod documents;
mod error;
mod index;
mod ingest;
mod layout;
mod manifest;
pub mod spelling;
mod summary;
mod tables;
mod write;

pub use documents::{DocumentOutcome, DocumentRow};
pub use error::StoreError;
pub use index::{Card, IndexFields, SearchIndex, Searchable, TextField, day_number, keyword};
pub use ingest::{Job, Progress, Stage, ingest};
pub use manifest::{FORMAT, FileSeal, Manifest};
pub use summary::{Failure, Summary, Tallies};

use crate::record::{self, Record};
use polars::prelude::DataFrame;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, TantivyDocument, Term};

/// How often a reader looks again when writers overtake it while it opens the store.
const OPEN_TRIES: usize = 5;

/// How many ids are offered when one is not found.
const NEAREST_IDS: usize = 3;

/// One generation, open for reading. It stays as it is, whatever writers do meanwhile.
pub struct Store {
    path: PathBuf,
    folder: PathBuf,
    manifest: Manifest,
    index: OnceLock<SearchIndex>,
    /// Tells writers that the generation is in use.
    _hold: File,
}

impl Store {
    /// Opens the generation that counts.
    ///
    /// # Errors
    /// There is no store; it is damaged; another version of the program wrote it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut tries = 0;
        loop {
            let Some(number) = layout::current(path)? else { return Err(StoreError::Missing(path.to_owned())) };
            let folder = layout::generation(path, number);
            let open = layout::hold(&folder).and_then(|hold| Ok((hold, Manifest::read(&folder)?)));
            match open {
                Ok((hold, manifest)) => {
                    let path = path.to_owned();
                    return Ok(Store { path, folder, manifest, index: OnceLock::new(), _hold: hold });
                }
                Err(error) => {
                    tries += 1;
                    let is_overtaken = layout::current(path)? != Some(number);
                    if !is_overtaken || tries >= OPEN_TRIES {
                        return Err(error);
                    }
                }
            }
        }
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The folder the generation is in.
    pub(in crate::store) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A whole table, as [`record::TABLES`] declares it: dates as `Date`, instants as `Datetime` (ms, UTC), integers
    /// as `Int64`.
    ///
    /// # Errors
    /// There is no such table; it is not what was written.
    pub fn frame(&self, table: &str) -> Result<DataFrame, StoreError> {
        self.columns(table, None)
    }

    /// Some columns of a table.
    ///
    /// # Errors
    /// As [`Store::frame`], or there is no such column.
    pub fn columns(&self, table: &str, columns: Option<Vec<String>>) -> Result<DataFrame, StoreError> {
        let Some(table) = record::table(table) else { return Err(StoreError::NoTable(table.to_owned())) };
        let name = table_file(table.name);
        let bytes = self.proved(&name)?;
        tables::read_bytes(&self.folder.join(name), bytes, columns)
    }

    /// Every document and what became of it, sorted by path.
    ///
    /// # Errors
    /// The table is not what was written.
    pub fn documents(&self) -> Result<Vec<DocumentRow>, StoreError> {
        documents::read_documents(&self.folder, self.proved(documents::DOCUMENTS)?)
    }

    /// The bytes of a file, when they are those that were written.
    fn proved(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let path = self.folder.join(name);
        let bytes = fs::read(&path).map_err(error::io("read", &path))?;
        let expected = self.manifest.files.get(name).map(|seal| seal.hash.as_str());
        if expected != Some(blake3::hash(&bytes).to_hex().as_str()) {
            return Err(StoreError::Damaged { path, what: "changed contents".to_owned() });
        }
        Ok(bytes)
    }

    /// The full-text index; made anew when it is missing, damaged or of another generation.
    ///
    /// # Errors
    /// It has to be made anew and cannot: someone is writing, or the folder is read-only.
    pub fn index(&self) -> Result<&SearchIndex, StoreError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = match index::open(&self.folder, &self.manifest) {
            Some(index) => index,
            None => self.rebuild_index()?,
        };
        Ok(self.index.get_or_init(|| index))
    }

    fn rebuild_index(&self) -> Result<SearchIndex, StoreError> {
        let _lock = layout::lock(&self.path)?;
        // Someone else may have made it while we waited.
        if let Some(index) = index::open(&self.folder, &self.manifest) {
            return Ok(index);
        }
        index::remove(&self.folder)?;
        index::build(&self.folder, &self.manifest, &|_| {})?;
        let damaged = || StoreError::Damaged { path: index::path(&self.folder), what: "unusable index".to_owned() };
        index::open(&self.folder, &self.manifest).ok_or_else(damaged)
    }

    /// The record of this id, whole.
    ///
    /// # Errors
    /// The index or the records are damaged.
    pub fn record(&self, id: &str) -> Result<Option<Record>, StoreError> {
        let index = self.index()?;
        let failed = |e| error::index("read", &index::path(&self.folder))(e);
        let searcher = index.reader.searcher();
        let term = Term::from_field_text(index.fields.id, id);
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(index.fields.id).map_err(failed)?;
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic);
            let postings = postings.map_err(|e| failed(e.into()))?;
            let Some(postings) = postings else { continue };
            let doc = tantivy::DocSet::doc(&postings);
            let rows = reader.fast_fields().u64("row").map_err(failed)?;
            let Some(row) = rows.first(doc).and_then(|row| usize::try_from(row).ok()) else { continue };
            let records = documents::read_records(&self.folder.join(documents::RECORDS), row, 1)?;
            return Ok(records.into_iter().next().map(|(id, stored)| documents::settle(stored.record, &id)));
        }
        Ok(None)
    }

    /// All ids, of incidents and of other documents, in order of the documents' paths.
    ///
    /// # Errors
    /// The records are damaged.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        let path = self.folder.join(documents::RECORDS);
        let bytes = self.proved(documents::RECORDS)?;
        let frame = tables::read_bytes(&path, bytes, Some(vec!["id".to_owned()]))?;
        let ids = tables::texts(&frame, "id", &path)?;
        Ok(ids.into_iter().flatten().map(str::to_owned).collect())
    }

    /// The ids that a mistyped or shortened one may mean: those that begin with it, else the nearest.
    ///
    /// # Errors
    /// The records are damaged.
    pub fn ids_like(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let wanted = id.to_lowercase();
        let ids = self.ids()?;
        let begun: Vec<_> = ids.iter().filter(|i| i.to_lowercase().starts_with(&wanted)).cloned().collect();
        if !begun.is_empty() && !wanted.is_empty() {
            return Ok(begun);
        }
        let mut near: Vec<(usize, &String)> = ids
            .iter()
            .filter_map(|i| {
                let within = i.to_lowercase().contains(&wanted).then_some(0);
                within.or_else(|| spelling::distance(&wanted, &i.to_lowercase(), 3)).map(|d| (d, i))
            })
            .collect();
        near.sort();
        Ok(near.into_iter().take(NEAREST_IDS).map(|(_, id)| id.clone()).collect())
    }

    /// What lists show of the record at an address of the index.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn card(&self, address: DocAddress) -> Result<Card, StoreError> {
        let index = self.index()?;
        self.stored(address, index.fields.card, "card")
    }

    /// The words of the record at an address of the index.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn searchable(&self, address: DocAddress) -> Result<Searchable, StoreError> {
        let index = self.index()?;
        self.stored(address, index.fields.passages, "passages")
    }

    fn stored<T: serde::de::DeserializeOwned>(
        &self,
        address: DocAddress,
        field: tantivy::schema::Field,
        what: &str,
    ) -> Result<T, StoreError> {
        let path = index::path(&self.folder);
        let document: TantivyDocument =
            self.index()?.reader.searcher().doc(address).map_err(error::index("read", &path))?;
        let text = document.get_first(field).and_then(|v| v.as_str()).unwrap_or_default();
        serde_json::from_str(text).map_err(|e| StoreError::Damaged { path, what: format!("unreadable {what}: {e}") })
    }

    /// An error of the index, with its path.
    pub fn index_error(&self, error: tantivy::TantivyError) -> StoreError {
        error::index("search", &index::path(&self.folder))(error)
    }
}

/// The file of a table.
pub(in crate::store) fn table_file(name: &str) -> String {
    format!("{name}.parquet")
}
