//! Writing the index of a generation: that of the one before it, less what changed or is gone, and what is new. The
//! files of the index never change once written, so generations share them.

use super::documents::DocumentRow;
use super::error::{self, StoreError};
use super::index::{self, INDEX, IndexFields, SEAL, Seal};
use super::layout;
use super::manifest::{Manifest, part_folder};
use super::prepare::{self, Prepared};
use super::records::{RECORDS, RecordsReader};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::TantivyDocument;
use tantivy::{Index, IndexWriter, Term};

/// Memory of one indexing thread before it writes a segment.
const THREAD_BYTES: usize = 50_000_000;
/// Below this many documents a second thread costs more than it saves.
const DOCUMENTS_FOR_THREADS: usize = 2_000;
const THREADS_MAX: usize = 4;
/// A segment of which more than this share no longer counts is written anew.
const DEAD_SHARE: f32 = 0.3;
/// Records made ready at once when an index is made anew.
const RECORDS_AT_ONCE: usize = 256;

/// The library's own files that it replaces; all others are written once.
const REPLACED: &[&str] = &["meta.json", ".managed.json"];

/// Writes an index.
pub(super) struct IndexBuilder {
    path: PathBuf,
    fields: &'static IndexFields,
    writer: IndexWriter,
}

impl IndexBuilder {
    /// An empty index; `documents` is about how many will come.
    pub fn create(generation: &Path, documents: usize) -> Result<Self, StoreError> {
        let path = generation.join(INDEX);
        layout::create_private(&path)?;
        let (schema, fields) = index::schema();
        let index = Index::create_in_dir(&path, schema.clone()).map_err(error::index("write", &path))?;
        Self::open(path, fields, &index, documents)
    }

    /// All of the index of an older generation.
    pub fn follow(old: &Path, generation: &Path, documents: usize) -> Result<Self, StoreError> {
        let (from, path) = (old.join(INDEX), generation.join(INDEX));
        layout::create_private(&path)?;
        for file in layout::entries(&from)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if REPLACED.contains(&name.as_str()) {
                layout::copy(&file, &path.join(name))?;
            } else if !name.ends_with(".lock") {
                layout::share(&file, &path.join(name))?;
            }
        }
        let index = Index::open_in_dir(&path).map_err(error::index("open", &path))?;
        Self::open(path, &index::schema().1, &index, documents)
    }

    fn open(path: PathBuf, fields: &'static IndexFields, index: &Index, documents: usize) -> Result<Self, StoreError> {
        let is_small = documents < DOCUMENTS_FOR_THREADS;
        let threads = if is_small { 1 } else { rayon::current_num_threads().clamp(1, THREADS_MAX) };
        let options = IndexWriterOptions::builder().num_worker_threads(threads).memory_budget_per_thread(THREAD_BYTES);
        let writer: IndexWriter = index.writer_with_options(options.build()).map_err(error::index("write", &path))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DEAD_SHARE);
        writer.set_merge_policy(Box::new(policy));
        Ok(IndexBuilder { path, fields, writer })
    }

    /// Takes a record out.
    pub fn delete(&self, serial: u64) {
        self.writer.delete_term(Term::from_field_u64(self.fields.row, serial));
    }

    /// Adds a record under its id and number.
    pub fn add(&self, mut document: TantivyDocument, id: &str, serial: u64) -> Result<(), StoreError> {
        document.add_text(self.fields.id, id);
        document.add_u64(self.fields.row, serial);
        self.writer.add_document(document).map_err(error::index("write", &self.path))?;
        Ok(())
    }

    /// Completes the index and says in it, and beside it, what it was built from.
    pub fn finish(mut self, generation: &Path, manifest: &Manifest) -> Result<(), StoreError> {
        let failed = |e| error::index("write", &self.path)(e);
        let mut commit = self.writer.prepare_commit().map_err(failed)?;
        commit.set_payload(&manifest.index_stamp());
        commit.commit().map_err(failed)?;
        self.writer.wait_merging_threads().map_err(failed)?;
        layout::make_private(&self.path)?;
        let seal = Seal { stamp: manifest.index_stamp(), files: index::sizes(&self.path)? };
        let file = generation.join(SEAL);
        write_seal(&file, &seal)
    }
}

fn write_seal(path: &Path, seal: &Seal) -> Result<(), StoreError> {
    use std::io::Write;
    let mut file = layout::create_file(path)?;
    file.write_all(serde_json::to_string(seal).unwrap_or_default().as_bytes()).map_err(error::io("write", path))
}

/// Makes the index of a complete generation anew, from its records.
pub(super) fn build(
    generation: &Path,
    manifest: &Manifest,
    documents: &[DocumentRow],
    advance: &dyn Fn(usize),
) -> Result<(), StoreError> {
    let builder = IndexBuilder::create(generation, documents.len())?;
    let mut readers = BTreeMap::new();
    for part in &manifest.parts {
        let path = part_folder(generation, part.number).join(RECORDS);
        readers.insert(part.number, (RecordsReader::open(&path)?, path));
    }
    let mut waiting = Vec::new();
    for document in documents {
        let Some((reader, path)) = readers.get(&document.part) else { continue };
        for (n, id) in (0..).zip(&document.ids) {
            waiting.push((reader.row(document.row + n)?, id, document.serial + n, path));
        }
        if waiting.len() >= RECORDS_AT_ONCE {
            advance(waiting.len());
            add_all(&builder, std::mem::take(&mut waiting))?;
        }
    }
    advance(waiting.len());
    add_all(&builder, waiting)?;
    builder.finish(generation, manifest)
}

type Waiting<'a> = (super::records::RecordRow, &'a String, u64, &'a PathBuf);

fn add_all(builder: &IndexBuilder, waiting: Vec<Waiting<'_>>) -> Result<(), StoreError> {
    let ready = waiting.into_par_iter().map(|(row, id, serial, path)| {
        let prepared: Prepared = prepare::prepare_again(row, id, path)?;
        Ok((prepared.document, id, serial))
    });
    for ready in ready.collect::<Vec<Result<_, StoreError>>>() {
        let (document, id, serial) = ready?;
        builder.add(document, id, serial)?;
    }
    Ok(())
}

/// Removes the index and, first, the word that it is complete.
pub(super) fn remove(generation: &Path) -> Result<(), StoreError> {
    let seal = generation.join(SEAL);
    if seal.exists() {
        fs::remove_file(&seal).map_err(error::io("remove", &seal))?;
    }
    let path = generation.join(INDEX);
    if path.exists() {
        fs::remove_dir_all(&path).map_err(error::io("remove", &path))?;
    }
    Ok(())
}
