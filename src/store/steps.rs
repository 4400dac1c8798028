//! What an ingest has to do, document by document, and the part of it that runs in parallel: reading and understanding.
//!
//! Writes nothing.

use super::documents::{DocumentOutcome, DocumentRow};
use super::error::StoreError;
use super::ingest::Job;
use super::prepare::{self, Prepared};
use crate::extract::Defaults;
use crate::record;
use crate::source::{self, Input};
use rayon::Yield;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};

/// Documents read ahead of the one that is taken in: bounded by number and by size, so that memory is, whatever the
/// corpus. What is made of a document takes many times its size.
const AHEAD_DOCUMENTS: usize = 128;
const AHEAD_BYTES: u64 = 2 * 1024 * 1024;

/// What is known of one document before it is read. There is one for every document at once, so it is small.
pub(super) struct Step {
    old: Option<Box<DocumentRow>>,
    now: Now,
}

enum Now {
    Readable(Input),
    /// Where, and why.
    Unreadable(String, String),
    /// Outside of what was asked for, or gone but to be kept.
    AsItWas,
    Gone,
}

impl Step {
    fn path(&self) -> String {
        let (folder, name) = self.parts();
        format!("{folder}{name}")
    }

    fn parts(&self) -> (&str, Cow<'_, str>) {
        match &self.now {
            Now::Readable(input) => input.shown_parts(),
            Now::Unreadable(path, _) => (path, Cow::default()),
            Now::AsItWas | Now::Gone => (self.old.as_ref().map_or("", |old| &old.path), Cow::default()),
        }
    }

    /// As their paths are ordered.
    fn cmp(&self, other: &Self) -> Ordering {
        let ((folder, name), (other, others)) = (self.parts(), other.parts());
        folder.bytes().chain(name.bytes()).cmp(other.bytes().chain(others.bytes()))
    }

    /// What there is to read.
    fn bytes(&self) -> u64 {
        if let Now::Readable(input) = &self.now { input.bytes } else { 0 }
    }
}

/// Merges what the store has and what was found into one list in order of the paths.
pub(super) fn plan(documents: Vec<DocumentRow>, job: Job<'_>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(documents.len() + job.unreadable.len() + job.inputs.len());
    for row in documents {
        let is_covered = job.scope.iter().any(|root| covers(root, &row.path));
        let now = if is_covered && !job.keep_missing { Now::Gone } else { Now::AsItWas };
        steps.push(Step { old: Some(Box::new(row)), now });
    }
    let unreadable = job.unreadable.iter().map(|(path, reason)| Now::Unreadable(path.clone(), reason.clone()));
    steps.extend(unreadable.chain(job.inputs.into_iter().map(Now::Readable)).map(|now| Step { old: None, now }));
    // Of several about one path the last one tells how it is now.
    steps.sort_by(Step::cmp);
    steps.dedup_by(|later, step| {
        let is_same = later.cmp(step).is_eq();
        if is_same {
            step.now = std::mem::replace(&mut later.now, Now::Gone);
        }
        is_same
    });
    // What lies below a folder that can't be listed is not gone.
    for (folder, _) in &job.unreadable {
        let gone = steps.iter_mut().filter(|s| matches!(s.now, Now::Gone));
        gone.filter(|s| s.path() != *folder && covers(folder, &s.path())).for_each(|s| s.now = Now::AsItWas);
    }
    steps
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
pub(super) struct Done {
    pub path: String,
    pub old: Option<Box<DocumentRow>>,
    pub result: Outcome,
}

pub(super) enum Outcome {
    /// Its records stand.
    Unchanged,
    /// It was read; its ids are those that its records would like to go by.
    Read(Box<DocumentRow>, Vec<Prepared>),
    Failed(String),
    Gone,
}

/// Reads the documents in parallel and hands them over in order, on the thread that asks. No thread waits for others as
/// long as there is more to read.
pub(super) fn read_all(
    steps: Vec<Step>,
    defaults: &(dyn Fn(&str) -> Defaults + Sync),
    mut take: impl FnMut(Done) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    rayon::in_place_scope_fifo(|scope| {
        let mut steps = steps.into_iter();
        let (mut ahead, mut bytes) = (VecDeque::new(), 0);
        loop {
            while ahead.len() < AHEAD_DOCUMENTS && bytes < AHEAD_BYTES {
                let Some(step) = steps.next() else { break };
                let own = step.bytes();
                let (send, receive) = mpsc::sync_channel(1);
                // Nobody listens any more where taking in has failed.
                scope.spawn_fifo(move |_| send.send(read(step, defaults)).unwrap_or(()));
                ahead.push_back((receive, own));
                bytes += own;
            }
            let Some((receive, own)) = ahead.pop_front() else { return Ok(()) };
            bytes -= own;
            wait(&receive).map_or(Ok(()), &mut take)?;
        }
    })
}

/// Who waits on a thread that reads, reads: there may be no other.
fn wait(receive: &Receiver<Done>) -> Option<Done> {
    loop {
        match receive.try_recv() {
            Ok(done) => return Some(done),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) if rayon::yield_now() == Some(Yield::Executed) => {}
            Err(TryRecvError::Empty) => return receive.recv().ok(),
        }
    }
}

fn read(step: Step, defaults: &(dyn Fn(&str) -> Defaults + Sync)) -> Done {
    let result = match &step.now {
        Now::AsItWas => Outcome::Unchanged,
        Now::Gone => Outcome::Gone,
        Now::Unreadable(_, reason) => Outcome::Failed(reason.clone()),
        Now::Readable(input) => {
            let defaults = defaults(&input.shown());
            // A defect in a rule must cost one document, not the run.
            let read = panic::catch_unwind(AssertUnwindSafe(|| read_input(input, step.old.as_deref(), &defaults)));
            read.unwrap_or_else(|_| Outcome::Failed("internal error while reading it".to_owned()))
        }
    };
    Done { path: step.path(), old: step.old, result }
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
    let records: Vec<_> = readings.into_iter().map(|r| prepare::prepare(&r.record, r.passages)).collect();
    let incidents = records.iter().filter(|r| r.is_incident).count();
    let (outcome, reason) = match (records.is_empty(), incidents) {
        (true, _) => {
            let told = source.notices.first().map_or("it holds no text", |n| n.message.as_str());
            (DocumentOutcome::Failed, Some(told.to_owned()))
        }
        (false, 0) => (DocumentOutcome::None, None),
        (false, _) => (DocumentOutcome::Incident, None),
    };
    let row = DocumentRow {
        hash: source.hash,
        extraction,
        bytes: source.bytes,
        outcome,
        reason,
        incidents,
        ids: records.iter().map(|r| r.own_id.clone()).collect(),
        ..DocumentRow::unread(input.shown())
    };
    Outcome::Read(Box::new(row), records)
}

/// The error without the path, which stands beside it.
fn reason(error: &source::ReadError) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.clone(), |(_, reason)| reason.to_owned())
}

/// By what a document is read: a change of program, vocabulary or configuration makes it worth reading again.
fn extraction(defaults: &Defaults) -> Arc<str> {
    let basis = format!("{} {} {defaults:?}", env!("CARGO_PKG_VERSION"), env!("RETRO_READING_DIGEST"));
    let digest: String = blake3::hash(basis.as_bytes()).to_hex().chars().take(16).collect();
    Arc::from(digest)
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
