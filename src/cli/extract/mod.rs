//! `retro extract`: documents in, records out; no store.

mod stdin;

use super::{Outcome, Settings, outcome};
use crate::domain::Subject;
use crate::record::{self, Explanation, Record};
use crate::render::{self, CardOptions, Style, card, explanation};
use crate::source::{self, Input, SkipKind, SourceText, WalkOptions};
use anyhow::{Context, anyhow};
use clap::ValueEnum;
use rayon::prelude::*;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

/// Documents are read in batches of at most this many, so that memory stays bounded whatever the folder holds.
const BATCH_DOCUMENTS: usize = 64;

/// A batch is also full at this size, of undecoded input.
const BATCH_BYTES: u64 = 32 * 1024 * 1024;

const EXAMPLES: &str = "\
Examples:
  retro extract corpus | jq -r '[.id, .durations.ttr.minutes] | @tsv'
  retro extract report.md --explain started,provider";

/// Print the record of every incident found in documents
///
/// Reads files, and folders as git sees them, and prints one record per incident with the evidence of every value, in
/// the order of the paths. A document that reports no incident gives one record of kind "none". No store is needed.
///
/// With --stdin it is a filter: one JSON object a line comes in, {"path": …, "text": …} or {"path": …, "base64": …},
/// and records go out in the same order.
///
/// With --explain it tells, for each field named, every candidate that a rule proposed, who won and why, with the words
/// that each rests on.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders
    #[arg(value_name = "PATH", required_unless_present = "stdin", conflicts_with = "stdin")]
    paths: Vec<PathBuf>,

    /// Read documents from stdin, one JSON object a line
    #[arg(long)]
    stdin: bool,

    /// Explain these fields: title, org, date, severity, a milestone or metric, trigger, provider, …
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = subject)]
    explain: Vec<Subject>,

    /// One object a line, one array, or a page to read [default: ndjson; card with --explain]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Below folders, only files that match, such as '*.md'
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// Below folders, no files that match
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Ndjson,
    Json,
    Card,
}

/// A field's name on the command line.
fn subject(text: &str) -> anyhow::Result<Subject> {
    let known: Vec<_> = Subject::ALL.iter().map(|s| s.name()).collect();
    Subject::parse(&text.replace('_', "-")).ok_or_else(|| anyhow!("no such field; there are {}", known.join(", ")))
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let default = if args.explain.is_empty() { Format::Ndjson } else { Format::Card };
    let format = args.format.unwrap_or(default);
    let asked = Asked { settings, explain: &args.explain };
    let mut printer = Printer { format, style: settings.style(), out, printed: 0, incidents: 0 };
    let complete = if args.stdin {
        stdin::extract(&asked, &mut printer)?
    } else {
        let options = WalkOptions::new(&args.include, &args.exclude)?;
        extract_files(&args.paths, &options, &asked, &mut printer)?
    };
    printer.finish()?;
    Ok(if complete { Outcome::of_count(printer.incidents) } else { Outcome::Failed })
}

/// Was everything that was asked for read? Files that can't be, below a folder, are named and left out; a path that
/// was asked for by name is a failure.
fn extract_files(
    paths: &[PathBuf],
    options: &WalkOptions,
    asked: &Asked<'_>,
    printer: &mut Printer,
) -> anyhow::Result<bool> {
    let walk = source::walk(paths, options);
    let mut complete = true;
    for skipped in walk.skipped.iter().filter(|s| s.kind == SkipKind::Unreadable) {
        asked.settings.complain(&format!("cannot read {}: {}", skipped.shown, skipped.reason));
        complete &= !paths.iter().any(|path| path == Path::new(&skipped.shown));
    }
    for batch in batches(&walk.inputs) {
        let read: Vec<_> = batch
            .par_iter()
            .map(|input| {
                // What reads Word documents and feeds may meet a defect as well.
                let read =
                    panic::catch_unwind(|| source::read(input)).map_err(|_| outcome::left_out(&input.shown()))?;
                answers(&read.map_err(|error| error.to_string())?, asked)
            })
            .collect();
        complete &= printer.print_all(read, asked.settings)?;
    }
    Ok(complete)
}

/// Runs of inputs, each at most [`BATCH_DOCUMENTS`] long and, unless it is a single one, [`BATCH_BYTES`] large.
fn batches(mut inputs: &[Input]) -> impl Iterator<Item = &[Input]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = inputs.iter().take(BATCH_DOCUMENTS).take_while(|input| {
            let is_first = bytes == 0;
            bytes += input.bytes.max(1);
            is_first || bytes <= BATCH_BYTES
        });
        let (batch, rest) = inputs.split_at_checked(fits.count())?;
        inputs = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

/// What is wanted of every document.
struct Asked<'a> {
    settings: &'a Settings,
    /// The fields to explain; none where records are wanted.
    explain: &'a [Subject],
}

/// What is printed.
enum Answer {
    Record(Box<Record>),
    Explanation(Explanation),
}

/// The answers from one input. A defect of ours costs this document, not the run.
fn answers(input: &SourceText, asked: &Asked<'_>) -> Result<Vec<Answer>, String> {
    let defaults = asked.settings.defaults(&input.path, Path::new(&input.path));
    let answers = || -> Vec<Answer> {
        if asked.explain.is_empty() {
            record::records(input, &defaults).into_iter().map(|r| Answer::Record(Box::new(r))).collect()
        } else {
            record::explain(input, &defaults, asked.explain).into_iter().map(Answer::Explanation).collect()
        }
    };
    panic::catch_unwind(AssertUnwindSafe(answers)).map_err(|_| outcome::left_out(&input.path))
}

/// Writes answers as they come.
struct Printer<'a> {
    format: Format,
    style: Style,
    out: &'a mut dyn Write,
    printed: usize,
    incidents: usize,
}

impl Printer<'_> {
    /// What could not be read is told; was everything?
    fn print_all(&mut self, read: Vec<Result<Vec<Answer>, String>>, settings: &Settings) -> anyhow::Result<bool> {
        let mut complete = true;
        for result in read {
            match result {
                Ok(answers) => answers.iter().try_for_each(|answer| self.print(answer))?,
                Err(reason) => {
                    settings.complain(&reason);
                    complete = false;
                }
            }
        }
        Ok(complete)
    }

    fn print(&mut self, answer: &Answer) -> anyhow::Result<()> {
        match self.format {
            Format::Ndjson => {
                self.json(answer)?;
                self.out.write_all(b"\n")?;
            }
            Format::Json => {
                self.out.write_all(if self.printed == 0 { b"[\n" } else { b",\n" })?;
                self.json(answer)?;
            }
            Format::Card => {
                let gap = if self.printed == 0 { "" } else { "\n" };
                let shown = match answer {
                    Answer::Record(record) => card(record, &CardOptions::default(), &self.style),
                    Answer::Explanation(explained) => explanation(explained, &self.style),
                };
                write!(self.out, "{gap}{shown}")?;
            }
        }
        self.printed += 1;
        self.incidents += usize::from(match answer {
            Answer::Record(record) => record.kind == "incident",
            Answer::Explanation(explained) => !explained.values.is_empty(),
        });
        Ok(())
    }

    fn json(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let text = match answer {
            Answer::Record(record) => serde_json::to_string(record),
            Answer::Explanation(explained) => serde_json::to_string(explained),
        };
        self.out.write_all(render::json_text(text.context("cannot write a record")?).as_bytes())?;
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.printed == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_lose_nothing() {
        let input = |bytes| Input::at(Path::new("a"), "a", bytes);
        let inputs: Vec<_> =
            [vec![BATCH_BYTES * 2], vec![0; 100], vec![BATCH_BYTES, 1]].concat().into_iter().map(input).collect();
        let sizes: Vec<_> = batches(&inputs).map(<[Input]>::len).collect();
        assert_eq!(sizes, [1, 64, 36, 1, 1]);
    }
}
