//! Documents → the next generation: reads what is new or has changed, takes over what has not, drops what is gone,
//! and switches once, at the end.

use super::documents::{DocumentOutcome, DocumentRow, RecordCursor, StoredRecord};
use super::error::StoreError;
use super::layout;
use super::summary::{Failure, Summary};
use super::write::GenerationWriter;
use super::{Store, layout::WriteLock};
use crate::extract::Defaults;
use crate::record;
use crate::source::{self, Input};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// Documents read at once: bounded by number and by size, so that memory is, whatever the corpus.
const BATCH_DOCUMENTS: usize = 128;
const BATCH_BYTES: u64 = 32 * 1024 * 1024;

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
    /// Building the index.
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
    let mut run = Run::new(store, old.as_ref(), &lock, job.rebuild);
    let defaults = job.defaults;
    let steps = plan(documents, job);
    progress.begin(Stage::Reading, steps.len());
    thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(1);
        scope.spawn(move || read_all(steps, defaults, &send));
        run.take_all(&receive, progress)
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

/// What is known of one document before it is read.
struct Step {
    path: String,
    old: Option<DocumentRow>,
    now: Now,
}

enum Now {
    Readable(Input),
    Unreadable(String),
    /// Outside of what was asked for, or gone but to be kept.
    AsItWas,
    Gone,
}

/// Merges what the store has and what was found into one list in order of the paths.
fn plan(documents: Vec<DocumentRow>, job: Job<'_>) -> Vec<Step> {
    let mut steps = BTreeMap::new();
    for row in documents {
        let is_covered = job.scope.iter().any(|root| covers(root, &row.path));
        let now = if is_covered && !job.keep_missing { Now::Gone } else { Now::AsItWas };
        steps.insert(row.path.clone(), Step { path: row.path.clone(), old: Some(row), now });
    }
    let mut found = |path: &str, now: Now| match steps.get_mut(path) {
        Some(step) => step.now = now,
        None => {
            steps.insert(path.to_owned(), Step { path: path.to_owned(), old: None, now });
        }
    };
    for (path, reason) in &job.unreadable {
        found(path, Now::Unreadable(reason.clone()));
    }
    for input in job.inputs {
        found(&input.shown.clone(), Now::Readable(input));
    }
    // What lies below a folder that can't be listed is not gone.
    for (folder, _) in &job.unreadable {
        let below = steps.values_mut().filter(|s| s.path != *folder && covers(folder, &s.path));
        below.filter(|s| matches!(s.now, Now::Gone)).for_each(|s| s.now = Now::AsItWas);
    }
    steps.into_values().collect()
}

/// Does the path lie at or below the root? Both are relative to the same folder; `..` leads out of it.
fn covers(root: &str, path: &str) -> bool {
    let ups = |text: &str| text.split('/').take_while(|part| *part == "..").count();
    let root = root.trim_end_matches('/');
    if root.is_empty() || root == "." || root.split('/').all(|part| part == "..") {
        return !path.starts_with('/') && ups(path) <= ups(root);
    }
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What became of one document.
struct Done {
    path: String,
    old: Option<DocumentRow>,
    result: Outcome,
}

enum Outcome {
    /// Its rows and records stand.
    Unchanged,
    Read {
        row: DocumentRow,
        records: Vec<StoredRecord>,
    },
    Failed(String),
    Gone,
}

/// Reads the documents in parallel and hands them over in order. Stops when nobody listens any more.
fn read_all(steps: Vec<Step>, defaults: &(dyn Fn(&str) -> Defaults + Sync), send: &SyncSender<Vec<Done>>) {
    let mut steps = steps.into_iter().peekable();
    while steps.peek().is_some() {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(step) = steps.next_if(|_| batch.len() < BATCH_DOCUMENTS && bytes < BATCH_BYTES) {
            bytes += if let Now::Readable(input) = &step.now { input.bytes } else { 0 };
            batch.push(step);
        }
        let batch = batch.into_par_iter().map(|step| read(step, defaults)).collect();
        if send.send(batch).is_err() {
            return;
        }
    }
}

fn read(step: Step, defaults: &(dyn Fn(&str) -> Defaults + Sync)) -> Done {
    let result = match &step.now {
        Now::AsItWas => Outcome::Unchanged,
        Now::Gone => Outcome::Gone,
        Now::Unreadable(reason) => Outcome::Failed(reason.clone()),
        Now::Readable(input) => {
            let defaults = defaults(&input.shown);
            // A defect in a rule must cost one document, not the run.
            let read = panic::catch_unwind(AssertUnwindSafe(|| read_input(input, step.old.as_ref(), &defaults)));
            read.unwrap_or_else(|_| Outcome::Failed("internal error while reading it".to_owned()))
        }
    };
    Done { path: step.path, old: step.old, result }
}

fn read_input(input: &Input, old: Option<&DocumentRow>, defaults: &Defaults) -> Outcome {
    let fetched = match source::fetch(input) {
        Ok(fetched) => fetched,
        Err(error) => return Outcome::Failed(reason(&error)),
    };
    let extraction = extraction(defaults);
    let is_same = |old: &DocumentRow| old.hash == fetched.hash && old.extraction == extraction;
    if old.is_some_and(is_same) {
        return Outcome::Unchanged;
    }
    let source = fetched.decode(input);
    // A picture or an archive reports nothing, and what an earlier text at its path reported is not denied by it.
    let readings = if source.parts.is_empty() { Vec::new() } else { record::readings(&source, defaults) };
    let records: Vec<_> =
        readings.into_iter().map(|r| StoredRecord { record: r.record, passages: r.passages }).collect();
    let incidents = records.iter().filter(|r| r.record.kind == "incident").count();
    let (outcome, reason) = match (records.is_empty(), incidents) {
        (true, _) => {
            let told = source.notices.first().map_or("it holds no text", |n| n.message.as_str());
            (DocumentOutcome::Failed, Some(told.to_owned()))
        }
        (false, 0) => (DocumentOutcome::None, None),
        (false, _) => (DocumentOutcome::Incident, None),
    };
    let row = DocumentRow {
        path: input.shown.clone(),
        hash: source.hash,
        extraction,
        bytes: source.bytes,
        outcome,
        reason,
        records: records.len(),
        incidents,
    };
    Outcome::Read { row, records }
}

/// The error without the path, which stands beside it.
fn reason(error: &source::ReadError) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.clone(), |(_, reason)| reason.to_owned())
}

/// By what a document is read: a change of program, vocabulary or configuration makes it worth reading again.
fn extraction(defaults: &Defaults) -> String {
    let basis = format!("{} {} {defaults:?}", env!("CARGO_PKG_VERSION"), env!("RETRO_READING_DIGEST"));
    blake3::hash(basis.as_bytes()).to_hex().chars().take(16).collect()
}

/// One ingest. Writes nothing before the first change.
struct Run<'a> {
    store: &'a Path,
    old: Option<&'a Store>,
    lock: &'a WriteLock,
    is_rebuild: bool,
    cursor: Option<RecordCursor>,
    /// Documents before the first change, which need not be copied if there is none.
    waiting: Vec<DocumentRow>,
    writer: Option<GenerationWriter>,
    summary: Summary,
}

impl<'a> Run<'a> {
    fn new(store: &'a Path, old: Option<&'a Store>, lock: &'a WriteLock, is_rebuild: bool) -> Self {
        let cursor = old.map(|old| RecordCursor::new(old.folder()));
        let summary = Summary::default();
        Run { store, old, lock, is_rebuild, cursor, waiting: Vec::new(), writer: None, summary }
    }

    fn take_all(&mut self, receive: &Receiver<Vec<Done>>, progress: &dyn Progress) -> Result<(), StoreError> {
        for batch in receive {
            let count = batch.len();
            for done in batch {
                self.take(done)?;
            }
            progress.advance(count);
        }
        Ok(())
    }

    fn take(&mut self, done: Done) -> Result<(), StoreError> {
        match done.result {
            Outcome::Unchanged => {
                self.summary.unchanged += 1;
                if let Some(old) = done.old {
                    if old.outcome == DocumentOutcome::Failed {
                        self.fail(&old);
                    }
                    self.keep(old)?;
                }
                Ok(())
            }
            Outcome::Gone => {
                self.summary.removed += 1;
                self.writer()?;
                self.skip(done.old.as_ref())
            }
            Outcome::Failed(reason) => self.take_failed(&done.path, done.old.as_ref(), reason),
            Outcome::Read { row, records } => {
                if row.outcome == DocumentOutcome::Failed && done.old.as_ref().is_some_and(|old| old.records > 0) {
                    let reason = row.reason.unwrap_or_default();
                    return self.take_failed(&done.path, done.old.as_ref(), reason);
                }
                let count = if done.old.is_some() { &mut self.summary.changed } else { &mut self.summary.added };
                *count += 1;
                if row.outcome == DocumentOutcome::Failed {
                    self.fail(&row);
                }
                self.writer()?.push(&row, records)?;
                self.skip(done.old.as_ref())
            }
        }
    }

    /// What was known of an unreadable document stays.
    fn take_failed(&mut self, path: &str, old: Option<&DocumentRow>, reason: String) -> Result<(), StoreError> {
        let was = old.cloned().unwrap_or_else(|| DocumentRow {
            path: path.to_owned(),
            hash: String::new(),
            extraction: String::new(),
            bytes: 0,
            outcome: DocumentOutcome::Failed,
            reason: None,
            records: 0,
            incidents: 0,
        });
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
        self.summary.failed.push(Failure { path: row.path.clone(), reason, kept: row.records });
    }

    /// Takes a document over with the records it had.
    fn keep(&mut self, row: DocumentRow) -> Result<(), StoreError> {
        match &mut self.writer {
            None => self.waiting.push(row),
            Some(writer) => {
                let records = take_records(self.cursor.as_mut(), row.records)?;
                writer.push(&row, records)?;
            }
        }
        Ok(())
    }

    /// Passes over the records that a document had.
    fn skip(&mut self, old: Option<&DocumentRow>) -> Result<(), StoreError> {
        take_records(self.cursor.as_mut(), old.map_or(0, |old| old.records)).map(|_| ())
    }

    /// The next generation; begun at the first change, with all that stands before it.
    fn writer(&mut self) -> Result<&mut GenerationWriter, StoreError> {
        if self.writer.is_none() {
            // The old manifest may be unreadable, but its number is taken.
            let current = if self.is_rebuild { layout::current(self.store).unwrap_or(None) } else { None };
            let current = current.or(self.old.map(|old| old.manifest().generation));
            let number = layout::next_number(self.store, current)?;
            let mut writer = GenerationWriter::create(self.store, number)?;
            for row in std::mem::take(&mut self.waiting) {
                let records = take_records(self.cursor.as_mut(), row.records)?;
                writer.push(&row, records)?;
            }
            self.writer = Some(writer);
        }
        // Just made where it was missing.
        self.writer.as_mut().ok_or_else(|| StoreError::Missing(self.store.to_owned()))
    }

    fn finish(mut self, progress: &dyn Progress) -> Result<Summary, StoreError> {
        if self.old.is_none() {
            self.writer()?;
        }
        let manifest = match (self.writer, self.old) {
            (Some(writer), _) => {
                self.summary.is_new = true;
                writer.finish(self.lock, progress)?
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

fn take_records(cursor: Option<&mut RecordCursor>, count: usize) -> Result<Vec<StoredRecord>, StoreError> {
    let Some(cursor) = cursor else { return Ok(Vec::new()) };
    let mut records = Vec::new();
    for _ in 0..count {
        match cursor.next()? {
            Some((_, stored)) => records.push(stored),
            None => {
                let path = cursor.path().to_owned();
                return Err(StoreError::Damaged { path, what: "records missing".to_owned() });
            }
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_covers_what_lies_below_it() {
        for (root, path, expected) in [
            ("reports", "reports/a.md", true),
            ("reports/", "reports/a.md", true),
            ("reports", "reports2/a.md", false),
            ("reports/a.md", "reports/a.md", true),
            (".", "a.md", true),
            (".", "../a.md", false),
            ("..", "../a.md", true),
            ("..", "a.md", true),
            ("..", "../../a.md", false),
            ("../x", "../x/a.md", true),
            ("", "/abs/a.md", false),
            ("/abs", "/abs/a.md", true),
        ] {
            assert_eq!(covers(root, path), expected, "{root} {path}");
        }
    }
}
