//! One generation, as it is being written: what it shares with the one before it, what no longer counts, what is new.

use super::documents::{DOCUMENTS, DocumentRow, DocumentsWriter};
use super::error::{self, StoreError};
use super::indexing::{self, IndexBuilder};
use super::ingest::{Progress, Stage};
use super::layout::{self, WriteLock};
use super::manifest::{FORMAT, FileSeal, MANIFEST, Manifest, Part};
use super::order::ORDER;
use super::part::{self, PartWriter};
use super::prepare::Prepared;
use super::summary::Tallies;
use super::tellings::{self, TELLINGS};
use super::{Store, index};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes the next generation.
pub(super) struct GenerationWriter {
    store: PathBuf,
    number: u64,
    folder: PathBuf,
    parts: Vec<Part>,
    new_part: Option<PartWriter>,
    next_part: u64,
    next_serial: u64,
    /// Those whose records will stay where they are.
    documents: DocumentsWriter,
    /// None where there is none to follow; then it is made when all else is complete.
    index: Option<IndexBuilder>,
}

impl GenerationWriter {
    /// Begins with all that `old` has.
    pub fn create(store: &Path, number: u64, old: Option<&Store>) -> Result<Self, StoreError> {
        let folder = layout::generation(store, number);
        layout::create_private(&folder)?;
        let (mut parts, mut next_part, mut next_serial) = (Vec::new(), 0, 0);
        let index = match old {
            None => Some(IndexBuilder::create(&folder)?),
            Some(old) => {
                let manifest = old.manifest();
                manifest.parts.iter().try_for_each(|part| part::share(part, old.folder(), &folder))?;
                parts.clone_from(&manifest.parts);
                (next_part, next_serial) = (manifest.next_part, manifest.next_serial);
                let is_usable = index::is_sealed(old.folder(), manifest);
                is_usable.then(|| IndexBuilder::follow(old.folder(), &folder)).transpose()?
            }
        };
        let documents = DocumentsWriter::create(&folder)?;
        let store = store.to_owned();
        Ok(GenerationWriter { store, number, folder, parts, new_part: None, next_part, next_serial, documents, index })
    }

    /// The records of a document no longer count.
    pub fn delete(&mut self, row: &DocumentRow) {
        if let Some(part) = self.parts.iter_mut().find(|p| p.number == row.part) {
            part.live = part.live.saturating_sub(row.count());
        }
        if let Some(index) = &self.index {
            (row.serial..row.serial + row.count()).for_each(|serial| index.delete(serial));
        }
    }

    /// Adds the records of a document, under the ids that it has, and tells it where they are.
    pub fn push(&mut self, row: &mut DocumentRow, records: Vec<Prepared>) -> Result<(), StoreError> {
        row.serial = self.next_serial;
        for (nth, (record, id)) in records.into_iter().zip(&row.ids).enumerate() {
            let part = self.part()?;
            let at = part.push(&record.row, record.tables)?;
            if nth == 0 {
                (row.part, row.row) = (part.number(), at);
            }
            if let Some(index) = &mut self.index {
                index.add(record.indexed, id, self.next_serial)?;
            }
            self.next_serial += 1;
        }
        Ok(())
    }

    fn part(&mut self) -> Result<&mut PartWriter, StoreError> {
        let part = match self.new_part.take() {
            Some(part) => part,
            None => {
                let part = PartWriter::create(&self.folder, self.next_part)?;
                self.next_part += 1;
                part
            }
        };
        Ok(self.new_part.insert(part))
    }

    /// Notes a document of a generation that follows none: it has one part, with which nothing is merged.
    pub fn note(&mut self, row: &DocumentRow) -> Result<(), StoreError> {
        self.documents.push(row)
    }

    /// Completes the generation and makes it the one that counts. `documents` are those that were not noted.
    pub fn finish(
        mut self,
        mut documents: Vec<DocumentRow>,
        tallies: Tallies,
        _lock: &WriteLock,
        progress: &dyn Progress,
    ) -> Result<Manifest, StoreError> {
        progress.begin(Stage::Merging, 1);
        self.merge(&mut documents)?;
        progress.advance(1);
        documents.iter().try_for_each(|row| self.documents.push(row))?;
        let DocumentsWriter { count, incidents, failed, .. } = self.documents;
        let corpus = self.documents.corpus();
        let order = self.documents.finish()?;
        order.write(&self.folder)?;
        let mut files = BTreeMap::new();
        for name in [DOCUMENTS, ORDER] {
            files.insert(name.to_owned(), FileSeal::of(&self.folder.join(name))?);
        }
        let records = usize::try_from(order.records()).unwrap_or(usize::MAX);
        let mut manifest = Manifest {
            format: FORMAT,
            generation: self.number,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus,
            documents: count,
            incidents,
            none: records.saturating_sub(incidents),
            failed,
            tallies,
            is_plain: order.is_plain() && self.parts.len() <= 1 && self.parts.iter().all(|p| p.live == p.rows),
            parts: self.parts,
            next_serial: self.next_serial,
            next_part: self.next_part,
            files: files.clone(),
        };
        progress.begin(Stage::Indexing, records);
        match self.index {
            Some(index) => {
                index.finish(&self.folder, &manifest)?;
                progress.advance(records);
            }
            None => indexing::build(&self.folder, &manifest, &documents, &|steps| progress.advance(steps))?,
        }
        drop(documents);
        // Comparing all incidents takes memory, so what the index has taken is given back before.
        tellings::write(&self.folder, &tellings::find(&self.folder, &manifest, &order)?)?;
        files.insert(TELLINGS.to_owned(), FileSeal::of(&self.folder.join(TELLINGS))?);
        manifest.files = files;
        write_manifest(&self.folder, &manifest)?;
        progress.begin(Stage::Switching, 1);
        layout::switch(&self.store, self.number)?;
        Ok(manifest)
    }

    /// Completes the new part, and writes together what is worth it.
    fn merge(&mut self, documents: &mut [DocumentRow]) -> Result<(), StoreError> {
        if let Some(part) = self.new_part.take() {
            self.parts.push(part.finish()?);
        }
        let chosen = part::worth_merging(&self.parts);
        if chosen.is_empty() {
            return Ok(());
        }
        let (old, mut parts): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.parts).into_iter().partition(|p| chosen.contains(&p.number));
        if old.iter().any(|p| p.live > 0) {
            parts.push(part::merge(&self.folder, &old, self.next_part, documents)?);
            self.next_part += 1;
        }
        old.iter().try_for_each(|p| part::remove(&self.folder, p.number))?;
        self.parts = parts;
        Ok(())
    }
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let path = folder.join(MANIFEST);
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
    layout::create_file(&path)?.write_all(text.as_bytes()).map_err(error::io("write", &path))
}
