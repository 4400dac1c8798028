//! `retro correct`: a value that was misread, mended by hand.

use super::corrections::{self, Entry};
use super::open::{open, record, told};
use super::{Outcome, Settings, hinted, ingest, scope};
use crate::domain::Subject;
use crate::extract::{Correction, CorrectionError, correction};
use crate::record::{Grid, GridColumn, Record, Value, value_text};
use crate::render::{self, OutputFormat};
use crate::store::{Store, StoreError};
use anyhow::anyhow;
use std::io::Write;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  retro correct inc-0131 started='2025-03-02 10:05 UTC' --reason 'the alert log says so'
  retro correct inc-0131 trigger=config provider='Acme:involved' --reason 'read again'
  retro correct inc-0131 severity= --reason 'it was an alert, not ours'
  retro correct --list
  retro correct inc-0131 started --undo";

/// Correct a value that was misread; the correction is kept and survives every ingest
///
/// Each FIELD=VALUE goes into corrections.toml, which a team keeps with its reports and reviews, and at once into the
/// store. An empty value clears the field. 'retro show' tells what was corrected, what had been read, and why; when the
/// document changes and is read otherwise than when it was corrected, a notice says so.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The incident's id, or the beginning of it
    #[arg(value_name = "ID", required_unless_present = "list")]
    id: Option<String>,

    /// A field and its value; with --undo, fields
    #[arg(value_name = "FIELD=VALUE")]
    words: Vec<String>,

    /// Why, for those who review it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// List the corrections, all or those of an incident
    #[arg(long, conflicts_with = "undo")]
    list: bool,

    /// Take corrections back: of the fields named, or all of the incident
    #[arg(long)]
    undo: bool,

    /// How the list is printed: table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    match &args.id {
        _ if args.list => list(args, settings, out),
        Some(id) if args.undo => undo(id, &args.words, settings),
        Some(id) => correct(id, args, settings),
        None => Ok(Outcome::Failed),
    }
}

fn correct(id: &str, args: &Args, settings: &Settings) -> anyhow::Result<Outcome> {
    let pairs = args.words.iter().map(|word| pair(word)).collect::<anyhow::Result<Vec<_>>>()?;
    if pairs.is_empty() {
        return Err(hinted(anyhow!("no field to correct"), "write FIELD=VALUE, such as severity=SEV-1"));
    }
    let Some(reason) = args.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()) else {
        return Err(hinted(anyhow!("a correction needs a reason"), "add --reason 'why', for those who review it"));
    };
    let store = open(settings)?;
    let found = record(&store, id)?;
    let document = document(settings, &found);
    let Some(path) = settings.corrections.path_of(&document) else {
        return Err(anyhow!("cannot place '{}'", document.display()));
    };
    let taxonomy = settings.defaults(&found.source.path, &document).taxonomy;
    for (_, grade) in pairs.iter().filter(|(subject, _)| *subject == Subject::Severity) {
        correction::check_grade(grade, &taxonomy).map_err(mistake)?;
    }
    for (subject, value) in pairs {
        // Of what was corrected before, the first reading counts.
        let before = found.corrections.iter().find(|c| c.field == subject.name());
        let was = before.map_or_else(|| value_text(&found, subject), |c| c.was.clone());
        let correction = Correction {
            part: found.source.part.clone(),
            subject,
            value: value.clone(),
            was: was.clone(),
            reason: reason.to_owned(),
            hash: found.source.hash.clone(),
        };
        let on = settings.now.date_naive().to_string();
        settings.corrections.put(&Entry { path: path.clone(), id: found.id.clone(), on, correction })?;
        let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("'{text}'") };
        settings.say(&format!("{} of {}: {}, read as {}", subject.name(), found.id, shown(&value), shown(&was)));
    }
    apply(settings, &document)
}

/// `severity=SEV-1`.
fn pair(word: &str) -> anyhow::Result<(Subject, String)> {
    let Some((name, value)) = word.split_once('=') else {
        return Err(hinted(anyhow!("'{word}' is not FIELD=VALUE"), "write it as severity=SEV-1"));
    };
    let subject = field(name)?;
    correction::check(subject, value).map_err(mistake)?;
    Ok((subject, value.trim().to_owned()))
}

fn mistake(error: CorrectionError) -> anyhow::Error {
    let hint = error.hint();
    hinted(error, hint)
}

fn field(name: &str) -> anyhow::Result<Subject> {
    corrections::subject(name).map_err(|hint| hinted(anyhow!("there is no field '{name}' to correct"), hint))
}

/// Where the document of a record lies.
fn document(settings: &Settings, found: &Record) -> PathBuf {
    settings.store.parent().unwrap_or(Path::new("")).join(&found.source.path)
}

/// Reads the document again, with its corrections as they are now.
fn apply(settings: &Settings, document: &Path) -> anyhow::Result<Outcome> {
    if !document.is_file() {
        settings.say("the document is not there; 'retro ingest' applies the change when it is read again");
        return Ok(Outcome::Found);
    }
    let renewed = settings.with_corrections()?;
    ingest::take_in(&ingest::Args::of(vec![document.to_owned()]), &renewed, &settings.store, None)?;
    Ok(Outcome::Found)
}

fn undo(id: &str, words: &[String], settings: &Settings) -> anyhow::Result<Outcome> {
    let subjects = words.iter().map(|w| field(w)).collect::<anyhow::Result<Vec<_>>>()?;
    let known: Vec<&Entry> = settings.corrections.entries.iter().filter(|e| e.id.starts_with(id)).collect();
    if known.iter().any(|e| e.id != id && known.iter().any(|f| f.id != e.id)) {
        return Err(hinted(anyhow!("several incidents begin with '{id}'"), "write the whole id"));
    }
    let taken: Vec<&&Entry> =
        known.iter().filter(|e| subjects.is_empty() || subjects.contains(&e.correction.subject)).collect();
    if taken.is_empty() {
        settings.say(&format!("there is no such correction of '{id}'"));
        return Ok(Outcome::NothingFound);
    }
    for entry in &taken {
        settings.corrections.remove(entry)?;
        settings.say(&format!("{} of {} is as it was read", entry.correction.subject.name(), entry.id));
    }
    match taken.first() {
        Some(entry) => apply(settings, &settings.corrections.document(entry)),
        None => Ok(Outcome::NothingFound),
    }
}

fn list(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let store = match open_if_any(settings) {
        Ok(store) => store,
        Err(error) => return Err(told(error)),
    };
    let columns = [("id", "id"), ("field", "field"), ("value", "value"), ("was", "read as")];
    let mut columns: Vec<_> = columns.map(|(name, title)| GridColumn::text(name, title)).into();
    columns.push(GridColumn::text("state", "state"));
    columns
        .extend([("reason", 1), ("on", 2), ("path", 3)].map(|(name, rank)| GridColumn::text(name, name).spare(rank)));
    let mut grid = Grid::new("", columns);
    for entry in &settings.corrections.entries {
        if !entry.id.starts_with(args.id.as_deref().unwrap_or("")) {
            continue;
        }
        let c = &entry.correction;
        let state = state(entry, store.as_ref(), settings)?;
        let cells = [&entry.id, c.subject.name(), &c.value, &c.was, state, &c.reason, &entry.on, &entry.path];
        grid.rows.push(cells.map(|text| Value::Text(text.to_owned())).into());
    }
    let count = grid.rows.len();
    out.write_all(render::grid(&grid, args.format, &settings.style()).as_bytes())?;
    Ok(Outcome::of_count(count))
}

fn open_if_any(settings: &Settings) -> Result<Option<Store>, StoreError> {
    match Store::open(&settings.store) {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a correction is in force, and whether it still fits its document.
fn state(entry: &Entry, store: Option<&Store>, settings: &Settings) -> anyhow::Result<&'static str> {
    if !settings.corrections.document(entry).exists() {
        return Ok("document missing");
    }
    let found = match store {
        Some(store) => store.record(&entry.id).map_err(told)?,
        None => None,
    };
    let own = found.as_ref().and_then(|r| r.corrections.iter().find(|c| c.field == entry.correction.subject.name()));
    Ok(match own {
        Some(own) if own.stale => "stale",
        Some(own) if own.value == entry.correction.value => "applied",
        _ => "not ingested",
    })
}
