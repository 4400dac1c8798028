//! `retro ingest`: documents into the store.

use super::open::told;
use super::paths::{plain, relative};
use super::{Outcome, Settings, configured, hinted};
use crate::record::{Grid, GridColumn, Value};
use crate::render::{self, OutputFormat, Style};
use crate::source::{self, SkipKind, WalkOptions};
use crate::store::{self, Job, Progress, Stage, Summary};
use anyhow::{Context, anyhow};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

/// Read incident reports into the store; run it again after changes
///
/// Walks the folders given, reads every file that may be a report, and brings the store up to them: what is new or
/// changed is read, what is gone is dropped, the rest stays. A file that cannot be read is named and counted. Documents
/// outside the given paths stay as they are. At any moment the store is whole: readers see the old one until the new
/// one is complete.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders to read
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Read only files that match (several allowed)
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Leave out files and folders that match (several allowed)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Keep the records of files that are gone
    #[arg(long)]
    pub keep_missing: bool,

    /// Start anew, whatever the store holds, even if it is damaged
    #[arg(long)]
    pub rebuild: bool,

    /// How the summary is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

impl Args {
    /// Nothing but paths.
    pub fn of(paths: Vec<PathBuf>) -> Self {
        let (include, exclude) = (Vec::new(), Vec::new());
        Args { paths, include, exclude, keep_missing: false, rebuild: false, format: Format::Table }
    }
}

/// How the summary is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    Table,
    Json,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    // A slip of the hand is no document that was lost: it would be told as one from then on.
    if let Some(missing) = args.paths.iter().find(|path| matches!(path.try_exists(), Ok(false)) && !path.is_symlink()) {
        let hint = "nothing was taken in; 'retro ingest' of the folder above forgets what is gone from it";
        return Err(hinted(anyhow!("there is no file or folder '{}'", missing.display()), hint));
    }
    let summary = take_in(args, settings, &settings.store, None)?;
    let seconds = begun.elapsed().as_secs_f64();
    for failure in &summary.failed {
        let kept = if failure.kept > 0 { "; what was known of it is kept" } else { "" };
        settings.complain(&format!("'{}' could not be read: {}{kept}", failure.path, failure.reason));
    }
    match args.format {
        Format::Table if settings.quiet => {}
        Format::Json => out.write_all(render::json_document(&as_json(&summary, seconds)).as_bytes())?,
        Format::Table => out.write_all(as_text(&summary, seconds, settings).as_bytes())?,
    }
    Ok(Outcome::Found)
}

/// Brings the store in this folder up to the documents.
///
/// Records keep paths relative to `project`; when it is left out, to the folder that the store is in.
pub fn take_in(args: &Args, settings: &Settings, folder: &Path, project: Option<&Path>) -> anyhow::Result<Summary> {
    let options = WalkOptions::new(&args.include, &args.exclude)?;
    let walk = source::walk(&args.paths, &options);
    let store = std::path::absolute(folder).with_context(|| format!("cannot place '{}'", folder.display()))?;
    let project = plain(project.or(store.parent()).unwrap_or(&store));
    let kept = |path: &Path| -> anyhow::Result<String> {
        let absolute = std::path::absolute(path).with_context(|| format!("cannot place '{}'", path.display()))?;
        Ok(relative(&plain(&absolute), &project))
    };
    let mut inputs = walk.inputs;
    // The store's own files are never documents.
    let own = plain(&store);
    let is_own = |path: &Path| std::path::absolute(path).is_ok_and(|path| plain(&path).starts_with(&own));
    inputs.retain(|input| !is_own(&input.path()));
    source::show(&mut inputs, kept)?;
    let mut unreadable = Vec::new();
    for skipped in walk.skipped.iter().filter(|s| s.kind == SkipKind::Unreadable) {
        unreadable.push((kept(Path::new(&skipped.shown))?, skipped.reason.clone()));
    }
    let left_out = walk.skipped.iter().filter(|s| s.kind == SkipKind::NotADocument).count();
    if left_out > 0 {
        settings.say(&format!("left out {} that hold no documents", counted(left_out, "file")));
    }
    let scope = args.paths.iter().map(|path| kept(path)).collect::<anyhow::Result<_>>()?;
    let job = Job {
        inputs,
        unreadable,
        scope,
        defaults: &|path| settings.defaults(path, &project.join(path)),
        keep_missing: args.keep_missing,
        rebuild: args.rebuild,
    };
    let bar = Bar::new(settings.progress);
    let found = job.inputs.len() + job.unreadable.len();
    let summary = store::ingest(folder, job, &bar).map_err(told);
    bar.clear();
    let summary = summary?;
    // What lies outside of what was asked for was read by the configuration of then.
    if summary.documents <= found || args.keep_missing || args.rebuild {
        configured::note(folder, &settings.config);
    }
    Ok(summary)
}

/// Progress on a terminal; nothing elsewhere.
struct Bar(Option<Mutex<ProgressBar>>);

impl Bar {
    fn new(is_shown: bool) -> Self {
        Bar(is_shown.then(|| Mutex::new(ProgressBar::new(0))))
    }

    fn with(&self, act: impl FnOnce(&ProgressBar)) {
        if let Some(Ok(bar)) = self.0.as_ref().map(Mutex::lock) {
            act(&bar);
        }
    }

    fn clear(&self) {
        self.with(ProgressBar::finish_and_clear);
    }
}

impl Progress for Bar {
    fn begin(&self, stage: Stage, steps: usize) {
        self.with(|bar| {
            // First of all, for each of these draws the bar, and one without steps looks full.
            bar.set_length(u64::try_from(steps).unwrap_or(u64::MAX));
            bar.set_position(0);
            let style = ProgressStyle::with_template("{msg:9} {wide_bar} {pos}/{len} {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(match stage {
                Stage::Reading => "reading",
                Stage::Merging => "merging",
                Stage::Indexing => "indexing",
                Stage::Switching => "switching",
                Stage::Sweeping => "sweeping",
            });
        });
    }

    fn advance(&self, steps: usize) {
        self.with(|bar| bar.inc(u64::try_from(steps).unwrap_or(0)));
    }
}

fn as_json(summary: &Summary, seconds: f64) -> serde_json::Value {
    let failed: Vec<_> =
        summary.failed.iter().map(|f| json!({"path": f.path, "reason": f.reason, "kept": f.kept})).collect();
    json!({
        "generation": summary.generation,
        "is_new": summary.is_new,
        "documents": summary.documents,
        "incidents": summary.incidents,
        "none": summary.none,
        "failed": failed,
        "added": summary.added,
        "changed": summary.changed,
        "removed": summary.removed,
        "unchanged": summary.unchanged,
        "notices": summary.tallies.notices,
        "coverage": summary.tallies.coverage,
        "languages": summary.tallies.languages,
        "seconds": (seconds * 1000.0).round() / 1000.0,
    })
}

fn as_text(summary: &Summary, seconds: f64, settings: &Settings) -> String {
    let s = summary;
    let mut text = format!(
        "{} in {}: {}, {} of no incident, {} unreadable\n",
        counted(s.documents, "document"),
        seconds_text(seconds),
        counted(s.incidents, "incident"),
        s.none,
        s.failed.len() + s.tallies.unreadable()
    );
    if s.is_new {
        let changes = [(s.added, "added"), (s.changed, "changed"), (s.removed, "removed"), (s.unchanged, "unchanged")];
        let told: Vec<_> = changes.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        text.push_str(&format!("{}; the store is at generation {}\n", told.join(", "), s.generation));
    } else {
        text.push_str(&format!("nothing had changed; the store stays at generation {}\n", s.generation));
    }
    let style = Style { width: settings.width.unwrap_or(render::WIDTH_DEFAULT), colour: settings.color };
    for grid in [coverage(s), notices(s)].iter().filter(|g| !g.rows.is_empty()) {
        text.push('\n');
        text.push_str(&render::grid(grid, OutputFormat::Table, &style));
    }
    text
}

fn coverage(summary: &Summary) -> Grid {
    let columns = vec![
        GridColumn::text("part", "incidents that tell"),
        GridColumn::integer("incidents", "n"),
        GridColumn::integer("percent", "of all").unit("%"),
    ];
    let mut grid = Grid::new("", columns);
    for (part, n) in in_order(summary) {
        let percent = (n * 100 + summary.incidents / 2).checked_div(summary.incidents).unwrap_or(0);
        grid.rows.push(vec![Value::Text(part), integer(n), integer(percent)]);
    }
    grid
}

/// The most told first; equals by name.
fn in_order(summary: &Summary) -> Vec<(String, usize)> {
    let mut parts: Vec<_> = summary.tallies.coverage.iter().map(|(part, n)| (part.clone(), *n)).collect();
    parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    parts
}

fn notices(summary: &Summary) -> Grid {
    let columns = vec![GridColumn::text("notice", "notice"), GridColumn::integer("count", "n")];
    let mut grid = Grid::new("", columns);
    let counts = summary.tallies.notices.iter();
    grid.rows = counts.map(|(code, n)| vec![Value::Text(code.clone()), integer(*n)]).collect();
    grid
}

fn integer(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn seconds_text(seconds: f64) -> String {
    if seconds < 10.0 { format!("{seconds:.2} s") } else { format!("{seconds:.0} s") }
}
