//! One generation, as it is being written.

use super::documents::{self, DocumentOutcome, DocumentRow, StoredRecord};
use super::error::{self, StoreError};
use super::index;
use super::ingest::{Progress, Stage};
use super::layout::{self, WriteLock};
use super::manifest::{FORMAT, FileSeal, MANIFEST, Manifest};
use super::summary::Tallies;
use super::tables::{ColumnShape, TableWriter};
use crate::record::TABLES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Takes documents in order of their paths and writes the tables as they come.
pub(super) struct GenerationWriter {
    store: PathBuf,
    number: u64,
    folder: PathBuf,
    tables: Vec<TableWriter>,
    documents: TableWriter,
    records: TableWriter,
    ids: BTreeSet<String>,
    corpus: blake3::Hasher,
    counts: BTreeMap<&'static str, usize>,
    incidents: usize,
    none: usize,
    tallies: Tallies,
}

impl GenerationWriter {
    pub fn create(store: &Path, number: u64) -> Result<Self, StoreError> {
        let folder = layout::generation(store, number);
        layout::create_private(&folder)?;
        let tables = TABLES.iter().map(|table| {
            let columns = table.columns.iter().map(ColumnShape::from).collect();
            TableWriter::create(folder.join(super::table_file(table.name)), columns)
        });
        Ok(GenerationWriter {
            store: store.to_owned(),
            number,
            tables: tables.collect::<Result<_, _>>()?,
            documents: documents::document_writer(&folder)?,
            records: documents::record_writer(&folder)?,
            folder,
            ids: BTreeSet::new(),
            corpus: blake3::Hasher::new(),
            counts: BTreeMap::new(),
            incidents: 0,
            none: 0,
            tallies: Tallies::default(),
        })
    }

    /// Adds a document and its records. Ids that are taken get a number: by order of paths, so always the same.
    pub fn push(&mut self, row: &DocumentRow, records: Vec<StoredRecord>) -> Result<(), StoreError> {
        self.documents.push(documents::document_cells(row))?;
        self.corpus.update(row.path.as_bytes()).update(&[0]).update(row.hash.as_bytes()).update(b"\n");
        *self.counts.entry(row.outcome.name()).or_default() += 1;
        for stored in records {
            let id = self.unique(&stored.record.id);
            self.records.push(documents::record_cells(&id, &stored))?;
            let record = documents::settle(stored.record, &id);
            self.tallies.count(&record);
            if record.kind == "incident" {
                self.incidents += 1;
                for (table, writer) in TABLES.iter().zip(&mut self.tables) {
                    writer.push_record(table, &record)?;
                }
            } else {
                self.none += 1;
            }
        }
        Ok(())
    }

    fn unique(&mut self, id: &str) -> String {
        let mut unique = id.to_owned();
        let mut nth = 1;
        while !self.ids.insert(unique.clone()) {
            nth += 1;
            unique = format!("{id}-{nth}");
        }
        unique
    }

    /// Completes the generation and makes it the one that counts.
    pub fn finish(self, _lock: &WriteLock, progress: &dyn Progress) -> Result<Manifest, StoreError> {
        let count = |outcome: DocumentOutcome| self.counts.get(outcome.name()).copied().unwrap_or(0);
        let mut manifest = Manifest {
            format: FORMAT,
            generation: self.number,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus: format!("blake3:{}", self.corpus.finalize().to_hex()),
            documents: self.counts.values().sum(),
            incidents: self.incidents,
            none: self.none,
            failed: count(DocumentOutcome::Failed),
            tallies: self.tallies,
            files: BTreeMap::new(),
        };
        let names = TABLES.iter().map(|t| super::table_file(t.name));
        let names = names.chain([documents::DOCUMENTS.to_owned(), documents::RECORDS.to_owned()]);
        for writer in self.tables.into_iter().chain([self.documents, self.records]) {
            writer.finish()?;
        }
        for name in names {
            let seal = seal(&self.folder.join(&name))?;
            manifest.files.insert(name, seal);
        }
        progress.begin(Stage::Indexing, manifest.incidents + manifest.none);
        index::build(&self.folder, &manifest, &|steps| progress.advance(steps))?;
        let path = self.folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
        fs::write(&path, text + "\n").map_err(error::io("write", &path))?;
        progress.begin(Stage::Switching, 1);
        layout::switch(&self.store, self.number)?;
        Ok(manifest)
    }
}

fn seal(path: &Path) -> Result<FileSeal, StoreError> {
    let bytes = fs::read(path).map_err(error::io("read", path))?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    Ok(FileSeal { bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), hash })
}
