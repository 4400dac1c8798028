//! `retro report`: the reliability report of a period.

use super::open::{open, told};
use super::scope::{self, Counting, Scope, scope};
use super::stats::Against;
use super::{Outcome, Settings, filters, hinted, ingest};
use crate::analytics::{incident_list, one_spelling};
use crate::query::{self, Expression, Repeats};
use crate::record::{Record, Redactor, SAME_AS, Table, Value};
use crate::render;
use crate::report::{self, OBJECTIVE_DEFAULT, Question, REPEATS_MAX, REPEATS_MONTHS, Report, SetAside, Source};
use crate::store::Store;
use crate::time::period::Period;
use anyhow::{Context, anyhow};
use chrono::Months;
use clap::ValueEnum;
use std::fs;
use std::io::Write;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

/// Incidents shown whole, with their evidence, in an HTML report; the others are one 'retro show' away.
const DETAILS_MAX: usize = 100;

const EXAMPLES: &str = "\
Examples:
  retro report
  retro report 2025-Q2 org:acme --compare year
  retro report 2025-Q2 --format html -o report.html
  retro report --redact -o for-customers.html
  retro report --from reports/";

/// Compose the reliability report of a quarter, month or year
///
/// Says what the data show and what they do not, compares with the period before, and lists incidents, repeats, open
/// actions and what the reports lack. Without a period: the latest quarter that has incidents. Other words are a filter
/// as in 'retro list'.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The period, such as 2025-Q2, 2025-06 or 2025; and a filter
    #[arg(value_name = "PERIOD|FILTER")]
    words: Vec<String>,

    /// Compare with the period before, or the same a year earlier
    #[arg(long, value_name = "WITH", default_value = "previous")]
    compare: Against,

    /// A page in the terminal, Markdown, one self-contained HTML file, or JSON [default: by the name of -o, else table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    counting: Counting,

    /// Mask e-mail and IP addresses, tokens and keys, and the names that retro.toml lists
    #[arg(long)]
    redact: bool,

    /// Read these documents into a temporary store first, and report on them
    #[arg(long, value_name = "PATH", num_args = 1.., value_terminator = "--")]
    from: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Md,
    Html,
    Json,
}

impl Format {
    /// What the name of a file asks for; a name without an ending asks for nothing.
    fn of_file(file: &std::path::Path) -> anyhow::Result<Self> {
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            None | Some("txt") => Ok(Format::Table),
            Some("md" | "markdown") => Ok(Format::Md),
            Some("html" | "htm") => Ok(Format::Html),
            Some("json") => Ok(Format::Json),
            Some(other) => {
                let hint = "name a file .html, .md, .json or .txt, or say what is in it with --format; a browser prints \
                            the HTML page as PDF";
                Err(hinted(anyhow!("a report cannot be written as '.{other}'"), hint))
            }
        }
    }
}

/// A year with more behind it, or a quarter without one: nobody looks for such a word. An id is longer.
fn begins_like_period(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let quarter = word.strip_prefix(['Q', 'q']).is_some_and(|nth| nth.len() == 1 && is_number(nth));
    let (year, rest) = word.split_at_checked(4).unwrap_or(("", ""));
    let dated = is_number(year) && (rest.is_empty() || rest.starts_with(['-', '/', 'Q', 'q']));
    quarter || dated && word.len() <= "2025-03-02".len()
}

/// The filter for the incidents that one of the period may repeat.
fn within_reach(period: Period) -> Vec<String> {
    let start = period.start();
    let start = start.checked_sub_months(Months::new(REPEATS_MONTHS)).unwrap_or(start);
    vec![format!("after:{start}"), format!("before:{}", period.end())]
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    // The folder must outlive the store in it.
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let store = if args.from.is_empty() { open(settings)? } else { temporary(args, settings, folder.path())? };
    let (periods, filter): (Vec<_>, Vec<_>) = args.words.iter().partition(|w| Period::parse(w).is_some());
    if periods.len() > 1 {
        return Err(hinted(anyhow!("a report is about one period; these are {}", periods.len()), "write one of them"));
    }
    let words: Vec<String> = filter.into_iter().cloned().collect();
    if let Some(word) = words.iter().find(|word| begins_like_period(word)) {
        let hint = "a period is a year (2025), or a quarter or a month of it (2025-Q2, 2025-06)";
        return Err(hinted(anyhow!("'{word}' is no period"), hint));
    }
    let named = periods.first().and_then(|word| Period::parse(word));
    let today = settings.now.date_naive();
    if let Some(period) = named.filter(|period| period.start() > today) {
        return Err(hinted(anyhow!("{period} has not begun"), format!("today is {today}")));
    }
    let named_format = || args.output.as_deref().map_or(Ok(Format::Table), Format::of_file);
    let format = args.format.map_or_else(named_format, Ok)?;
    let found = thread::scope(|threads| {
        let (store, words) = (&store, words.as_slice());
        // What came back is asked of the index while the tables are read and counted.
        let look = |period| threads.spawn(move || repeats(store, words, period));
        let early = named.map(look);
        let scope = scope(store, words, &needed, args.counting)?;
        scope::say_why_empty(settings, store, words, &scope.frames)?;
        let latest = || report::default_period(&scope.frames, today);
        let Some(period) = named.map_or_else(latest, |named| Ok(Some(named)))? else {
            if scope.frames.incident_count() > 0 {
                let message = format!("no incident in scope has a date up to {today}, so there is no period to report");
                settings.say(&message);
            }
            return Ok(None);
        };
        let looking = early.unwrap_or_else(|| look(period));
        let repeats = || looking.join().unwrap_or_else(|panic| resume_unwind(panic));
        compose(args, settings, store, scope, period, format, repeats).map(Some)
    });
    let found: Option<Report> = found?;
    let Some(found) = found else { return Ok(Outcome::NothingFound) };
    let text = match format {
        Format::Table => render::report::terminal(&found, &settings.style()),
        Format::Md => render::report::markdown(&found),
        Format::Html => render::report::html(&found),
        Format::Json => render::report::json(&found),
    };
    match &args.output {
        None => out.write_all(text.as_bytes())?,
        Some(file) => {
            fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
            settings.say(&format!("wrote {}", file.display()));
        }
    }
    Ok(Outcome::of_count(found.incidents))
}

/// What came back in a period, of what the filter's words let through.
fn repeats(store: &Store, words: &[String], period: Period) -> anyhow::Result<Repeats> {
    let near = Expression::All(vec![filters::parse(words)?, filters::parse(&within_reach(period))?]);
    query::repeats(store, near, (period.start(), period.end()), REPEATS_MAX).map_err(told)
}

fn compose(
    args: &Args,
    settings: &Settings,
    store: &Store,
    scope: Scope,
    period: Period,
    format: Format,
    repeats: impl FnOnce() -> anyhow::Result<Repeats>,
) -> anyhow::Result<Report> {
    let Scope { frames, mut aside, mut filter } = scope;
    let mut frames = one_spelling(frames)?;
    let mut details = match format {
        Format::Html => details(store, &incident_list(&frames.during(period)?, &["id".to_owned()], DETAILS_MAX)?.0)?,
        _ => Vec::new(),
    };
    let mut mask = None;
    if args.redact {
        let redactor = Redactor::new(&settings.config.redacted_names);
        let ids = frames.masked_ids(&redactor)?;
        frames = frames.redacted(&redactor)?;
        filter = redactor.text(&filter).into_owned();
        for record in &mut details {
            let id = ids.get(&record.id).cloned();
            *record = redactor.record(record)?;
            record.id = id.unwrap_or_default();
        }
        aside.retold.iter_mut().for_each(|id| *id = redactor.text(id).into_owned());
        mask = Some((redactor, ids));
    }
    let question = Question {
        period,
        compared_with: args.compare.of(period),
        objective: settings.config.slo.unwrap_or(OBJECTIVE_DEFAULT),
        filter,
        source: source(store, aside),
        today: settings.now.date_naive(),
    };
    let mut found = report::quarterly(&frames, &question)?;
    let mut repeats = repeats()?;
    if let Some((redactor, ids)) = mask {
        for repeat in &mut repeats.groups {
            repeat.shares = redactor.text(&repeat.shares).into_owned();
            repeat.members.iter_mut().for_each(|(id, _)| *id = ids.get(id).cloned().unwrap_or_default());
        }
    }
    found.complete(&repeats, details);
    Ok(found)
}

/// What the report asks of the tables: most of their columns, not all.
fn needed(table: &Table) -> Vec<String> {
    let unused: &[&str] = match table.name {
        "incidents" => &[SAME_AS, "part", "format", "lang", "published", "services", "regions", "notice_count"],
        "actions" => &["links"],
        "notices" => &["line"],
        _ => return Vec::new(),
    };
    let names = table.columns.iter().map(|column| column.name);
    names.filter(|name| !unused.contains(name)).map(str::to_owned).collect()
}

/// A store of these documents that lasts as long as its folder.
fn temporary(args: &Args, settings: &Settings, folder: &std::path::Path) -> anyhow::Result<Store> {
    if let Some(missing) = args.from.iter().find(|path| !path.exists()) {
        let hint = "--from takes all that follows it: write the period and the filter before it";
        return Err(hinted(anyhow!("there is no file or folder '{}'", missing.display()), hint));
    }
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    let job = ingest::Args::of(args.from.clone());
    let path = folder.join("store");
    let summary = ingest::take_in(&job, settings, &path, Some(&here))?;
    for failure in &summary.failed {
        settings.complain(&format!("'{}' could not be read: {}", failure.path, failure.reason));
    }
    Store::open(&path).map_err(told)
}

fn source(store: &Store, aside: SetAside) -> Source {
    let manifest = store.manifest();
    Source {
        corpus: manifest.corpus.clone(),
        documents: manifest.documents,
        incidents: manifest.incidents,
        aside,
        failed: manifest.failed + manifest.tallies.unreadable(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The records of the period's incidents, in order of date.
fn details(store: &Store, rows: &[Vec<Value>]) -> anyhow::Result<Vec<Record>> {
    let mut records = Vec::new();
    for row in rows {
        if let Some(Value::Text(id)) = row.first() {
            records.extend(store.record(id).map_err(told)?);
        }
    }
    Ok(records)
}
