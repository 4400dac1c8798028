//! Documents → the next generation: reads what is new or has changed, shares what has not, drops what is gone, and
//! switches once, at the end.

use super::documents::{DocumentOutcome, DocumentRow};
use super::error::StoreError;
use super::layout;
use super::prepare::{self, Prepared};
use super::steps::{self, Done, Outcome};
use super::stream::{Met, text_hash};
use super::summary::{Failure, Summary, Tallies};
use super::write::GenerationWriter;
use super::{Store, layout::WriteLock};
use crate::extract::Defaults;
use crate::source::Input;
use std::path::Path;

/// What to take in.
pub struct Job<'a> {
    /// The files found, under the paths that records keep.
    pub inputs: Vec<Input>,
    /// What was found but could not be reached, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// The files and folders that were asked for, under such paths. Documents outside them stay as they are.
    pub scope: Vec<String>,
    pub defaults: &'a (dyn Fn(&str) -> Defaults + Sync),
    /// Keep the records of files that are gone.
    pub keep_missing: bool,
    /// Start anew, whatever is there.
    pub rebuild: bool,
}

/// Where an ingest is. Each begins when it is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading and extracting documents, and writing tables as they come.
    Reading,
    /// Completing the tables, and writing together what is worth it.
    Merging,
    /// Completing the index, or building it where there is none to follow.
    Indexing,
    /// Making the new generation the one that counts.
    Switching,
    /// Removing what nobody needs any more.
    Sweeping,
}

/// Hears how far an ingest is.
pub trait Progress: Sync {
    /// A stage begins that consists of so many steps.
    fn begin(&self, stage: Stage, steps: usize);
    fn advance(&self, steps: usize);
}

/// Hears nothing.
impl Progress for () {
    fn begin(&self, _stage: Stage, _steps: usize) {}
    fn advance(&self, _steps: usize) {}
}

/// Brings the store up to the documents. Running it twice changes nothing.
///
/// # Errors
/// Someone else is writing; the store is damaged (unless `rebuild`); the disk fails. Files that can't be read are no
/// error but counted in the summary.
pub fn ingest(store: &Path, job: Job<'_>, progress: &dyn Progress) -> Result<Summary, StoreError> {
    let lock = layout::lock(store)?;
    let old = old_store(store, job.rebuild)?;
    let current = old.as_ref().map(|old| old.manifest().generation);
    if !job.rebuild {
        layout::sweep(store, current, &lock)?;
    }
    let documents = old.as_ref().map(Store::documents).transpose()?.unwrap_or_default();
    let (defaults, is_rebuild) = (job.defaults, job.rebuild);
    let steps = steps::plan(documents, job);
    let mut run = Run::new(store, old.as_ref(), &lock, is_rebuild);
    progress.begin(Stage::Reading, steps.len());
    steps::read_all(steps, defaults, |done| {
        run.take(done)?;
        progress.advance(1);
        Ok(())
    })?;
    let summary = run.finish(progress)?;
    progress.begin(Stage::Sweeping, 1);
    layout::sweep(store, Some(summary.generation), &lock)?;
    Ok(summary)
}

/// The generation to start from. With `rebuild`, damage is no obstacle.
fn old_store(path: &Path, rebuild: bool) -> Result<Option<Store>, StoreError> {
    if rebuild {
        return Ok(None);
    }
    match Store::open(path) {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One ingest. Writes nothing before the first change.
struct Run<'a> {
    store: &'a Path,
    old: Option<&'a Store>,
    lock: &'a WriteLock,
    is_rebuild: bool,
    /// The documents of the next generation so far, in order of their paths: where there is an old store, whose records
    /// may be merged with the new ones, or perhaps no change at all.
    rows: Vec<DocumentRow>,
    ids: Ids,
    tallies: Tallies,
    writer: Option<GenerationWriter>,
    summary: Summary,
}

impl<'a> Run<'a> {
    fn new(store: &'a Path, old: Option<&'a Store>, lock: &'a WriteLock, is_rebuild: bool) -> Self {
        let tallies = old.map(|old| old.manifest().tallies.clone()).unwrap_or_default();
        let (rows, ids, summary) = Default::default();
        Run { store, old, lock, is_rebuild, rows, ids, tallies, writer: None, summary }
    }

    fn take(&mut self, done: Done) -> Result<(), StoreError> {
        match (done.result, done.old) {
            (Outcome::Unchanged, old) => {
                self.summary.unchanged += 1;
                let Some(old) = old else { return Ok(()) };
                if old.outcome == DocumentOutcome::Failed {
                    self.fail(&old);
                }
                self.keep(*old)
            }
            (Outcome::Gone, old) => {
                self.summary.removed += 1;
                self.writer()?;
                self.drop(old.as_deref())
            }
            (Outcome::Failed(reason), old) => self.take_failed(done.path, old.as_deref(), reason),
            (Outcome::Read(row, _), Some(old)) if row.outcome == DocumentOutcome::Failed && !old.ids.is_empty() => {
                self.take_failed(done.path, Some(&old), row.reason.unwrap_or_default())
            }
            (Outcome::Read(row, records), old) => {
                let count = if old.is_some() { &mut self.summary.changed } else { &mut self.summary.added };
                *count += 1;
                if row.outcome == DocumentOutcome::Failed {
                    self.fail(&row);
                }
                self.drop(old.as_deref())?;
                self.push(*row, records)
            }
        }
    }

    /// What was known of an unreadable document stays.
    fn take_failed(&mut self, path: String, old: Option<&DocumentRow>, reason: String) -> Result<(), StoreError> {
        let was = old.cloned().unwrap_or_else(|| DocumentRow::unread(path));
        // Without a hash it is read again as soon as it can be.
        let row = DocumentRow { outcome: DocumentOutcome::Failed, reason: Some(reason), hash: String::new(), ..was };
        self.fail(&row);
        if old == Some(&row) {
            self.summary.unchanged += 1;
        } else {
            let count = if old.is_some() { &mut self.summary.changed } else { &mut self.summary.added };
            *count += 1;
            self.writer()?;
        }
        self.keep(row)
    }

    fn fail(&mut self, row: &DocumentRow) {
        let reason = row.reason.clone().unwrap_or_default();
        self.summary.failed.push(Failure { path: row.path.clone(), reason, kept: row.ids.len() });
    }

    /// Takes a document over with the records it had. Where an id has become free or taken by a change before it, they
    /// are written again.
    fn keep(&mut self, row: DocumentRow) -> Result<(), StoreError> {
        let ids: Vec<String> = row.wanted_ids().iter().map(|id| self.ids.unique(id)).collect();
        if ids == row.ids {
            return self.note(row);
        }
        for id in &ids {
            self.ids.remove(id);
        }
        let Some(old) = self.old else { return Err(StoreError::Missing(self.store.to_owned())) };
        let path = old.records_path(row.part);
        let mut records = Vec::new();
        for (at, id) in (row.row..).zip(row.wanted_ids()) {
            records.push(prepare::prepare_again(old.record_row(row.part, at)?, id, &path)?);
        }
        self.drop(Some(&row))?;
        let ids = row.wanted_ids().to_vec();
        self.push(DocumentRow { ids, own_ids: Vec::new(), ..row }, records)
    }

    /// Writes a document's records under ids that nobody else has: by order of paths, so always the same.
    fn push(&mut self, mut row: DocumentRow, mut records: Vec<Prepared>) -> Result<(), StoreError> {
        let ids: Vec<String> = row.ids.iter().map(|id| self.ids.unique(id)).collect();
        if ids != row.ids {
            let mut again = Vec::new();
            for (record, id) in records.into_iter().zip(&ids) {
                let is_own = record.own_id == *id;
                again.push(if is_own { record } else { prepare::rename(record, id, self.store)? });
            }
            records = again;
            row.own_ids = std::mem::replace(&mut row.ids, ids);
        }
        let mut tallies = Tallies::default();
        records.iter().for_each(|record| tallies.add(&record.tallies));
        self.tallies.add(&tallies);
        row.tallies = serde_json::to_string(&tallies).unwrap_or_default();
        self.writer()?.push(&mut row, records)?;
        self.note(row)
    }

    fn note(&mut self, row: DocumentRow) -> Result<(), StoreError> {
        if self.old.is_none() {
            return self.writer()?.note(&row);
        }
        self.rows.push(row);
        Ok(())
    }

    /// The records that a document had no longer count.
    fn drop(&mut self, old: Option<&DocumentRow>) -> Result<(), StoreError> {
        if let Some(old) = old {
            self.tallies.subtract(&old.tallies());
            self.writer()?.delete(old);
        }
        Ok(())
    }

    /// The next generation; begun at the first change.
    fn writer(&mut self) -> Result<&mut GenerationWriter, StoreError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                // The old manifest may be unreadable, but its number is taken.
                let current = if self.is_rebuild { layout::current(self.store).unwrap_or(None) } else { None };
                let current = current.or(self.old.map(|old| old.manifest().generation));
                let number = layout::next_number(self.store, current)?;
                GenerationWriter::create(self.store, number, self.old)?
            }
        };
        Ok(self.writer.insert(writer))
    }

    fn finish(mut self, progress: &dyn Progress) -> Result<Summary, StoreError> {
        if self.old.is_none() {
            self.writer()?;
        }
        // All have theirs.
        drop(self.ids);
        let manifest = match (self.writer, self.old) {
            (Some(writer), _) => {
                self.summary.is_new = true;
                writer.finish(self.rows, self.tallies, self.lock, progress)?
            }
            (None, Some(old)) => old.manifest().clone(),
            (None, None) => return Err(StoreError::Missing(self.store.to_owned())),
        };
        let summary = Summary {
            generation: manifest.generation,
            documents: manifest.documents,
            incidents: manifest.incidents,
            none: manifest.none,
            tallies: manifest.tallies,
            ..self.summary
        };
        Ok(summary)
    }
}

/// The ids that are taken, by their hashes: there is one for every record at once, so it is small. Two that share a
/// hash cost one of them a number that it does not need.
#[derive(Default)]
struct Ids(Met);

impl Ids {
    /// The id, or, where it is taken, the first free one that begins with it.
    fn unique(&mut self, id: &str) -> String {
        let mut unique = id.to_owned();
        let mut nth = 1;
        while !self.0.insert(text_hash(&unique)) {
            nth += 1;
            unique = format!("{id}-{nth}");
        }
        unique
    }

    fn remove(&mut self, id: &str) {
        self.0.remove(&text_hash(id));
    }
}
