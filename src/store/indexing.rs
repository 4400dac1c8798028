//! Writing the index of a generation: that of the one before it, less what changed or is gone, and what is new. The
//! files of the index never change once written, so generations share them.

use super::documents::DocumentRow;
use super::error::{self, StoreError};
use super::index::{self, INDEX, IndexFields, Indexed, SEAL, Seal};
use super::layout;
use super::manifest::{Manifest, part_folder};
use super::prepare::{self, Prepared};
use super::records::{RECORDS, RecordsReader};
use super::stream::{ByHash, Cutter, TOKENIZER, Written};
use super::unmapped::Unmapped;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexSettings, IndexWriter, Term};

/// Memory of one indexing thread before it writes a segment.
const THREAD_BYTES: usize = 32_000_000;
/// One indexes what this many read: indexing takes a tenth of the time, and memory of its own.
const READERS_FOR_ONE: usize = 6;
const THREADS_MAX: usize = 4;
/// Cards are packed together up to this size.
const CARDS_BYTES: usize = 64 * 1024;
/// A segment of which more than this share no longer counts is written anew.
const DEAD_SHARE: f32 = 0.3;
/// Words are looked up to mend slips of the fingers, and for that it is enough to know that a word is there. It is
/// noted for this many records of a run, not for all of them: a twentieth of the store. One that all of them lose is
/// forgotten until another record that holds it is read.
const WORD_RECORDS: u8 = 16;
/// Beyond this many different words, all are noted.
const WORDS_COUNTED_MAX: usize = 1_000_000;
/// Records made ready at once when an index is made anew.
const RECORDS_AT_ONCE: usize = 256;

/// The library's own files that it replaces; all others are written once.
const REPLACED: &[&str] = &["meta.json", ".managed.json"];

/// Writes an index.
pub(super) struct IndexBuilder {
    path: PathBuf,
    fields: &'static IndexFields,
    writer: IndexWriter,
    /// By the hash of a word, how many records of this run hold it, up to [`WORD_RECORDS`].
    known: ByHash<u8>,
}

impl IndexBuilder {
    /// An empty index.
    pub fn create(generation: &Path) -> Result<Self, StoreError> {
        let path = generation.join(INDEX);
        layout::create_private(&path)?;
        let (schema, fields) = index::schema();
        let settings = IndexSettings { docstore_blocksize: CARDS_BYTES, ..IndexSettings::default() };
        let index = Unmapped::open(&path).and_then(|folder| Index::create(folder, schema.clone(), settings));
        let index = index.map_err(error::index("write", &path))?;
        Self::open(path, fields, &index)
    }

    /// All of the index of an older generation.
    pub fn follow(old: &Path, generation: &Path) -> Result<Self, StoreError> {
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
        let index = Unmapped::open(&path).and_then(Index::open).map_err(error::index("open", &path))?;
        Self::open(path, &index::schema().1, &index)
    }

    fn open(path: PathBuf, fields: &'static IndexFields, index: &Index) -> Result<Self, StoreError> {
        index.tokenizers().register(TOKENIZER, Cutter::default());
        let threads = (rayon::current_num_threads() / READERS_FOR_ONE).clamp(1, THREADS_MAX);
        let options = IndexWriterOptions::builder().num_worker_threads(threads).memory_budget_per_thread(THREAD_BYTES);
        let writer: IndexWriter = index.writer_with_options(options.build()).map_err(error::index("write", &path))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DEAD_SHARE);
        writer.set_merge_policy(Box::new(policy));
        Ok(IndexBuilder { path, fields, writer, known: ByHash::default() })
    }

    /// Takes a record out.
    pub fn delete(&self, serial: u64) {
        self.writer.delete_term(Term::from_field_u64(self.fields.row, serial));
    }

    /// Adds a record under its id and number.
    pub fn add(&mut self, indexed: Indexed, id: &str, serial: u64) -> Result<(), StoreError> {
        let mut document = indexed.document;
        let mut words = Written::default();
        for (hash, word) in indexed.texts.words.each() {
            if !self.is_known(hash) {
                words.push(word, words.count);
            }
        }
        document.add_text(self.fields.word, words.text);
        indexed.texts.add_to(&mut document);
        document.add_text(self.fields.id, id);
        document.add_u64(self.fields.row, serial);
        self.writer.add_document(document).map_err(error::index("write", &self.path))?;
        Ok(())
    }

    /// Do enough of the records of this run hold the word?
    fn is_known(&mut self, word: u64) -> bool {
        let room = self.known.len() < WORDS_COUNTED_MAX;
        match self.known.entry(word) {
            Entry::Occupied(mut count) if *count.get() < WORD_RECORDS => {
                *count.get_mut() += 1;
                false
            }
            Entry::Occupied(_) => true,
            Entry::Vacant(count) => {
                if room {
                    count.insert(1);
                }
                false
            }
        }
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
    let mut builder = IndexBuilder::create(generation)?;
    let mut readers = BTreeMap::new();
    for part in &manifest.parts {
        let path = part_folder(generation, part.number).join(RECORDS);
        readers.insert(part.number, (RecordsReader::open(&path)?, path));
    }
    let mut waiting = Vec::new();
    for document in documents {
        let Some((reader, path)) = readers.get(&document.part) else { continue };
        for (n, id) in (0..).zip(&document.ids) {
            waiting.push((reader.row(document.row + n)?, id.as_str(), document.serial + n, path));
        }
        if waiting.len() >= RECORDS_AT_ONCE {
            advance(waiting.len());
            add_all(&mut builder, std::mem::take(&mut waiting))?;
        }
    }
    advance(waiting.len());
    add_all(&mut builder, waiting)?;
    builder.finish(generation, manifest)
}

type Waiting<'a> = (super::records::RecordRow, &'a str, u64, &'a PathBuf);

fn add_all(builder: &mut IndexBuilder, waiting: Vec<Waiting<'_>>) -> Result<(), StoreError> {
    let ready = waiting.into_par_iter().map(|(row, id, serial, path)| {
        let prepared: Prepared = prepare::prepare_again(row, id, path)?;
        Ok((prepared.indexed, id, serial))
    });
    for ready in ready.collect::<Vec<Result<_, StoreError>>>() {
        let (indexed, id, serial) = ready?;
        builder.add(indexed, id, serial)?;
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
