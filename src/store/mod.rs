//! The store: one folder that holds what was read, as parquet tables (the truth) and a full-text index (derived).
//! Written a whole generation at a time; readers keep the one they opened.
//!
//! Knows nothing of how documents are understood, of filters, of statistics or of output. It has no clock.

pub mod analysis;
mod cards;
mod cells;
mod documents;
mod error;
mod export;
mod frozen;
mod index;
mod indexing;
mod ingest;
mod keywords;
mod layout;
mod listed;
mod manifest;
mod order;
mod part;
mod prepare;
mod records;
mod remedy;
pub mod spelling;
mod steps;
mod stop_words;
mod stream;
mod summary;
mod tables;
mod tellings;
mod token;
mod unmapped;
mod write;

pub use cards::Card;
pub use documents::{DocumentOutcome, DocumentRow};
pub use error::StoreError;
pub use export::{EXPORT_CONFIG, ExportFile, ExportFolder, arrow, parquet};
pub use index::{IndexFields, SearchIndex, Searchable, TextField};
pub use ingest::{Job, Progress, Stage, ingest};
pub use keywords::{date_of, day_number, keyword};
pub use manifest::{FORMAT, Manifest};
pub use remedy::{CROWDED_HINT, REBUILD_HINT, remedy};
pub use summary::{Failure, Summary, Tallies};
pub use tellings::Tellings;

use crate::record::{self, Record, SAME_AS};
use manifest::part_folder;
use order::{ORDER, Order};
use polars::prelude::DataFrame;
use records::{RecordRow, RecordsReader};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

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
    /// The records of parts, as they are asked for.
    records: Mutex<BTreeMap<u64, Arc<RecordsReader>>>,
    tellings: Mutex<Option<Arc<Tellings>>>,
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
                    let (index, records, tellings) = Default::default();
                    return Ok(Store { path, folder, manifest, index, records, tellings, _hold: hold });
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
        let columns = columns.unwrap_or_else(|| table.columns.iter().map(|c| c.name.to_owned()).collect());
        let frame = tables::of_generation(&self.folder, &self.manifest, table, columns, &|| self.order())?;
        if frame.column(SAME_AS).is_err() {
            return Ok(frame);
        }
        tellings::fill(frame, &*self.tellings()?).map_err(error::table("read", &self.folder.join(tellings::TELLINGS)))
    }

    /// The incidents that several documents tell.
    ///
    /// # Errors
    /// The file that says so is not what was written.
    pub fn tellings(&self) -> Result<Arc<Tellings>, StoreError> {
        // Who comes second waits for what the first one reads.
        let mut known = self.tellings.lock().unwrap_or_else(PoisonError::into_inner);
        let tellings = match known.take() {
            Some(tellings) => tellings,
            None => Arc::new(tellings::read(&self.folder, &self.proved(tellings::TELLINGS)?)?),
        };
        *known = Some(Arc::clone(&tellings));
        Ok(tellings)
    }

    /// Every document and what became of it, sorted by path.
    ///
    /// # Errors
    /// The table is not what was written.
    pub fn documents(&self) -> Result<Vec<DocumentRow>, StoreError> {
        documents::read(&self.folder, self.proved(documents::DOCUMENTS)?)
    }

    fn order(&self) -> Result<Order, StoreError> {
        if self.manifest.files.contains_key(ORDER) {
            return Ok(Order::parse(&self.proved(ORDER)?));
        }
        // Older versions wrote none.
        documents::read_order(&self.folder, self.proved(documents::DOCUMENTS)?)
    }

    /// The bytes of a file, when they are those that were written.
    fn proved(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let path = self.folder.join(name);
        match self.manifest.files.get(name) {
            Some(seal) => seal.proved(&path),
            None => Err(StoreError::Damaged { path, what: "missing seal".to_owned() }),
        }
    }

    /// The file that the records of a part are in.
    pub(in crate::store) fn records_path(&self, part: u64) -> PathBuf {
        part_folder(&self.folder, part).join(records::RECORDS)
    }

    /// A record as it is kept.
    pub(in crate::store) fn record_row(&self, part: u64, row: u64) -> Result<RecordRow, StoreError> {
        let mut readers = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = match readers.get(&part) {
            Some(reader) => Arc::clone(reader),
            None => {
                let path = self.records_path(part);
                if self.manifest.part(part).is_none() {
                    return Err(StoreError::Damaged { path, what: "missing part".to_owned() });
                }
                let reader = Arc::new(RecordsReader::open(&path)?);
                readers.insert(part, Arc::clone(&reader));
                reader
            }
        };
        drop(readers);
        reader.row(row)
    }

    /// The full-text index; made anew when it is missing, damaged or of another generation.
    ///
    /// # Errors
    /// It has to be made anew and cannot: someone is writing, or the folder is read-only.
    pub fn index(&self) -> Result<&SearchIndex, StoreError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = match self.open_index()? {
            Some(index) => index,
            None => self.rebuild_index()?,
        };
        Ok(self.index.get_or_init(|| index))
    }

    fn open_index(&self) -> Result<Option<SearchIndex>, StoreError> {
        index::open(&self.folder, &self.manifest, &|| self.order())
    }

    fn rebuild_index(&self) -> Result<SearchIndex, StoreError> {
        let _lock = layout::lock(&self.path)?;
        // Someone else may have made it while we waited.
        if let Some(index) = self.open_index()? {
            return Ok(index);
        }
        indexing::remove(&self.folder)?;
        indexing::build(&self.folder, &self.manifest, &self.documents()?, &|_| {})?;
        let damaged = || StoreError::Damaged { path: index::path(&self.folder), what: "unusable index".to_owned() };
        self.open_index()?.ok_or_else(damaged)
    }

    /// The record of this id, whole.
    ///
    /// # Errors
    /// The index or the records are damaged.
    pub fn record(&self, id: &str) -> Result<Option<Record>, StoreError> {
        let Some(address) = self.address(id)? else { return Ok(None) };
        let (row, path) = self.row_at(address)?;
        let record = prepare::read(&row.record, &path)?;
        Ok(Some(documents::settle(record, id)))
    }

    /// Where the record of this id is in the index.
    fn address(&self, id: &str) -> Result<Option<DocAddress>, StoreError> {
        let index = self.index()?;
        let query = TermQuery::new(Term::from_field_text(index.fields.id, id), IndexRecordOption::Basic);
        let found = index.reader.searcher().search(&query, &DocSetCollector);
        let found = found.map_err(error::index("read", &index::path(&self.folder)))?;
        Ok(found.into_iter().next())
    }

    /// The words of the record of this id.
    ///
    /// # Errors
    /// The index or the records are damaged.
    pub fn words_of(&self, id: &str) -> Result<Option<Searchable>, StoreError> {
        self.address(id)?.map(|address| self.searchable(address)).transpose()
    }

    /// The record at an address of the index, and the file it is in.
    fn row_at(&self, address: DocAddress) -> Result<(RecordRow, PathBuf), StoreError> {
        let index = self.index()?;
        let searcher = index.reader.searcher();
        let columns = searcher.segment_reader(address.segment_ord).fast_fields();
        let serials = columns.u64("row").map_err(error::index("read", &index::path(&self.folder)))?;
        let place = serials.first(address.doc_id).and_then(|serial| index.place(serial));
        let missing = || StoreError::Damaged { path: index::path(&self.folder), what: "unknown record".to_owned() };
        let (part, row) = place.ok_or_else(missing)?;
        Ok((self.record_row(part, row)?, self.records_path(part)))
    }

    /// All ids, of incidents and of other documents, in order of the documents' paths.
    ///
    /// # Errors
    /// The table of documents is damaged.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.documents()?.into_iter().flat_map(|d| d.ids).collect())
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

    /// The words of the record at an address of the index.
    ///
    /// # Errors
    /// The index or the records are damaged.
    pub fn searchable(&self, address: DocAddress) -> Result<Searchable, StoreError> {
        let (row, path) = self.row_at(address)?;
        prepare::read(&row.searchable, &path)
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
