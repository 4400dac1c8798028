//! `retro check`: a review of reports before they are filed.

use super::{Outcome, Settings, hinted, outcome};
use crate::check::{self, Check, Checked, Finding, Level, Levels};
use crate::record::{Grid, GridColumn, Value};
use crate::render::{self, OutputFormat, Page};
use crate::source::{self, SkipKind, SourceText, WalkOptions};
use crate::store::spelling;
use anyhow::{Context, anyhow};
use clap::ValueEnum;
use rayon::prelude::*;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  retro check reports/2025-03-02-checkout.md
  retro check reports --format github --level no-severity=off
  retro check reports --format sarif > retro.sarif
  retro check --stdin reports/new.md < draft.md
  retro check --list R101

Exit status: 0 no finding at error level, 1 some, 2 it could not be done.";

/// Review reports: times without a zone, contradictions, what is missing, what a template left behind
///
/// Each finding has a line, a reason and what to do about it. A report is said to lack something only when nothing in
/// its words could have been meant. Documents that report no incident are passed over. Levels are set in retro.toml
/// ([check]) and by --level; --list prints the manual of the checks.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders; with --list, a check; with --stdin, the name to report under
    #[arg(value_name = "PATH", required_unless_present_any = ["stdin", "list"])]
    paths: Vec<PathBuf>,

    /// Review one document from stdin
    #[arg(long, conflicts_with = "list")]
    stdin: bool,

    /// Print the manual of the checks, or of one
    #[arg(long)]
    list: bool,

    /// Lines, one JSON object, annotations of GitHub's workflows, or SARIF 2.1.0
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Set the level of a check: off, note, warning or error (several allowed)
    #[arg(long, value_name = "CHECK=LEVEL")]
    level: Vec<String>,

    /// Below folders, only files that match, such as '*.md'
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// Below folders, no files that match
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Github,
    Sarif,
}

/// What a run looked at.
#[derive(Default)]
struct Review {
    documents: usize,
    incidents: usize,
    findings: Vec<Finding>,
    is_complete: bool,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    if args.list {
        return list(args, settings, out);
    }
    let mut levels = settings.config.levels.clone();
    for setting in &args.level {
        let (code, level) = setting_of(setting)?;
        levels.insert(code, level);
    }
    let review = if args.stdin { of_stdin(args, settings, &levels)? } else { of_files(args, settings, &levels)? };
    let found = &review.findings;
    let text = match args.format {
        Format::Text => render::findings(found, &settings.style()),
        Format::Json => render::findings_json(found, review.documents, review.incidents),
        Format::Github => render::findings_github(found),
        Format::Sarif => render::findings_sarif(found, env!("CARGO_PKG_VERSION")),
    };
    out.write_all(text.as_bytes())?;
    let count = |level| found.iter().filter(|f| f.level == level).count();
    let errors = count(Level::Error);
    let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    settings.say(&format!(
        "{}, {}, {}; {} in {}",
        counted(errors, "error"),
        counted(count(Level::Warning), "warning"),
        counted(count(Level::Note), "note"),
        counted(review.incidents, "incident"),
        counted(review.documents, "document")
    ));
    Ok(match (review.is_complete, errors) {
        (false, _) => Outcome::Failed,
        (true, 0) => Outcome::Found,
        (true, _) => Outcome::NothingFound,
    })
}

/// `no-zone=off`.
fn setting_of(text: &str) -> anyhow::Result<(&'static str, Level)> {
    let Some((name, level)) = text.split_once('=') else {
        return Err(hinted(anyhow!("'{text}' is not CHECK=LEVEL"), "write it as no-severity=off"));
    };
    let check = check::named(name).ok_or_else(|| unknown(name))?;
    let level = Level::parse(level).ok_or_else(|| {
        let known: Vec<_> = Level::ALL.iter().map(|l| l.name()).collect();
        hinted(anyhow!("there is no level '{level}'"), format!("the levels are {}", known.join(", ")))
    })?;
    Ok((check.code, level))
}

fn unknown(name: &str) -> anyhow::Error {
    let typed = name.to_lowercase();
    let names = check::all().flat_map(|c| [c.slug, c.code]);
    let near = names.filter_map(|n| Some((spelling::distance(&typed, &n.to_lowercase(), 3)?, n))).min();
    let hint = match near {
        Some((_, name)) => format!("did you mean {name}?"),
        None => "'retro check --list' lists them".to_owned(),
    };
    hinted(anyhow!("there is no check '{name}'"), hint)
}

fn of_files(args: &Args, settings: &Settings, levels: &Levels) -> anyhow::Result<Review> {
    let options = WalkOptions::new(&args.include, &args.exclude)?;
    let walk = source::walk(&args.paths, &options);
    let mut review = Review { is_complete: true, ..Review::default() };
    for skipped in walk.skipped.iter().filter(|s| s.kind == SkipKind::Unreadable) {
        settings.complain(&format!("cannot read {}: {}", skipped.shown, skipped.reason));
        review.is_complete &= !args.paths.iter().any(|path| path == Path::new(&skipped.shown));
    }
    let checked: Vec<_> = walk
        .inputs
        .par_iter()
        .map(|input| {
            let read = panic::catch_unwind(|| source::read(input)).map_err(|_| outcome::left_out(&input.shown()))?;
            one(&read.map_err(|error| error.to_string())?, settings, levels)
        })
        .collect();
    checked.into_iter().for_each(|result| review.add(result, settings));
    Ok(review)
}

fn of_stdin(args: &Args, settings: &Settings, levels: &Levels) -> anyhow::Result<Review> {
    let name = match args.paths.as_slice() {
        [] => "stdin.md".to_owned(),
        [path] => path.to_string_lossy().into_owned(),
        _ => return Err(hinted(anyhow!("stdin is one document"), "name one path to report it under, or none")),
    };
    let mut bytes = Vec::new();
    io::stdin().lock().take(source::MAX_BYTES).read_to_end(&mut bytes).context("cannot read stdin")?;
    let mut review = Review { is_complete: true, ..Review::default() };
    review.add(one(&source::from_bytes(&name, &bytes), settings, levels), settings);
    if review.incidents == 0 {
        settings.say("this reports no incident, so there is nothing to review");
    }
    Ok(review)
}

/// A defect of ours costs this document, not the run.
fn one(text: &SourceText, settings: &Settings, levels: &Levels) -> Result<Checked, String> {
    let defaults = settings.defaults(&text.path, Path::new(&text.path));
    panic::catch_unwind(AssertUnwindSafe(|| check::check(text, &defaults, levels)))
        .map_err(|_| outcome::left_out(&text.path))
}

impl Review {
    fn add(&mut self, result: Result<Checked, String>, settings: &Settings) {
        match result {
            Ok(checked) => {
                self.documents += 1;
                self.incidents += checked.incidents;
                self.findings.extend(checked.findings);
            }
            Err(reason) => {
                settings.complain(&reason);
                self.is_complete = false;
            }
        }
    }
}

fn list(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let named = args.paths.iter().map(|path| {
        let name = path.to_string_lossy();
        check::named(&name).ok_or_else(|| unknown(&name))
    });
    let named: Vec<&Check> = named.collect::<anyhow::Result<_>>()?;
    let level = |check: &Check| settings.config.levels.get(check.code).copied().unwrap_or(check.level).name();
    let text = match (named.as_slice(), args.format) {
        ([check], Format::Text) => render::page(&page(check, level(check)), &settings.style()),
        (some, format) => {
            let columns = [("code", "code"), ("name", "check"), ("level", "level"), ("finds", "finds")];
            let mut columns: Vec<_> = columns.map(|(name, title)| GridColumn::text(name, title)).into();
            columns.extend([("reason", 2), ("fix", 1)].map(|(name, rank)| GridColumn::text(name, name).spare(rank)));
            let mut grid = Grid::new("", columns);
            for check in check::all().filter(|c| some.is_empty() || some.iter().any(|s| s.code == c.code)) {
                let cells = [check.code, check.slug, level(check), check.finds, check.reason, check.remedy];
                grid.rows.push(cells.map(|text| Value::Text(text.to_owned())).into());
            }
            let format = if format == Format::Text { OutputFormat::Table } else { OutputFormat::Json };
            render::grid(&grid, format, &settings.style())
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

fn page(check: &Check, level: &str) -> Page {
    let mut page = Page::new(format!("{} {}", check.code, check.slug)).text(format!("level: {level}"));
    for (heading, text) in [("What it finds", check.finds), ("Why", check.reason), ("What to do", check.remedy)] {
        page = page.heading(heading).text(text);
    }
    page = page.heading("Finds something in");
    for example in check.examples {
        page = page.verbatim(format!("\n{example}"));
    }
    page = page.heading("Finds nothing in");
    for example in check.counterexamples {
        page = page.verbatim(format!("\n{example}"));
    }
    page
}
