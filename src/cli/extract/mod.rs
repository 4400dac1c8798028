//! `retro extract`: documents in, records out; no store.

mod stdin;

use super::{Outcome, Settings};
use crate::record::{self, Record};
use crate::render::{CardOptions, Style, card};
use crate::source::{self, Input, SkipKind, SourceText, WalkOptions};
use anyhow::Context;
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
  retro extract corpus | jq -r '[.id, .durations.ttr.minutes] | @tsv'";

/// Print the record of every incident found in documents
///
/// Reads files, and folders as git sees them, and prints one record per incident with the evidence of every value, in
/// the order of the paths. A document that reports no incident gives one record of kind "none". No store is needed.
///
/// With --stdin it is a filter: one JSON object a line comes in, {"path": …, "text": …} or {"path": …, "base64": …},
/// and records go out in the same order.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders
    #[arg(value_name = "PATH", required_unless_present = "stdin", conflicts_with = "stdin")]
    paths: Vec<PathBuf>,

    /// Read documents from stdin, one JSON object a line
    #[arg(long)]
    stdin: bool,

    /// One object a line, one array, or a page to read
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    format: Format,

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

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut printer = Printer { format: args.format, style: settings.style(), out, records: 0, incidents: 0 };
    let complete = if args.stdin {
        stdin::extract(settings, &mut printer)?
    } else {
        let options = WalkOptions::new(&args.include, &args.exclude)?;
        extract_files(&args.paths, &options, settings, &mut printer)?
    };
    printer.finish()?;
    Ok(if complete { Outcome::of_count(printer.incidents) } else { Outcome::Failed })
}

/// Was everything that was asked for read? Files that can't be, below a folder, are named and left out; a path that
/// was asked for by name is a failure.
fn extract_files(
    paths: &[PathBuf],
    options: &WalkOptions,
    settings: &Settings,
    printer: &mut Printer,
) -> anyhow::Result<bool> {
    let walk = source::walk(paths, options);
    let mut complete = true;
    for skipped in walk.skipped.iter().filter(|s| s.kind == SkipKind::Unreadable) {
        settings.complain(&format!("cannot read {}: {}", skipped.shown, skipped.reason));
        complete &= !paths.iter().any(|path| path == Path::new(&skipped.shown));
    }
    for batch in batches(&walk.inputs) {
        let read: Vec<_> = batch
            .par_iter()
            .map(|input| match source::read(input) {
                Ok(text) => records(&text, settings),
                Err(error) => Err(error.to_string()),
            })
            .collect();
        complete &= printer.print_all(read, settings)?;
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

/// The records of one input. A defect of ours costs this document, not the run.
fn records(input: &SourceText, settings: &Settings) -> Result<Vec<Record>, String> {
    let defaults = settings.config.defaults(&input.path);
    panic::catch_unwind(AssertUnwindSafe(|| record::records(input, &defaults)))
        .map_err(|_| format!("{} was left out because of the internal error above", input.path))
}

/// Writes records as they come.
struct Printer<'a> {
    format: Format,
    style: Style,
    out: &'a mut dyn Write,
    records: usize,
    incidents: usize,
}

impl Printer<'_> {
    /// What could not be read is told; was everything?
    fn print_all(&mut self, read: Vec<Result<Vec<Record>, String>>, settings: &Settings) -> anyhow::Result<bool> {
        let mut complete = true;
        for result in read {
            match result {
                Ok(records) => self.print(&records)?,
                Err(reason) => {
                    settings.complain(&reason);
                    complete = false;
                }
            }
        }
        Ok(complete)
    }

    fn print(&mut self, records: &[Record]) -> anyhow::Result<()> {
        for record in records {
            match self.format {
                Format::Ndjson => {
                    self.json(record)?;
                    self.out.write_all(b"\n")?;
                }
                Format::Json => {
                    self.out.write_all(if self.records == 0 { b"[\n" } else { b",\n" })?;
                    self.json(record)?;
                }
                Format::Card => {
                    let gap = if self.records == 0 { "" } else { "\n" };
                    write!(self.out, "{gap}{}", card(record, &CardOptions::default(), &self.style))?;
                }
            }
            self.records += 1;
            self.incidents += usize::from(record.kind == "incident");
        }
        Ok(())
    }

    fn json(&mut self, record: &Record) -> anyhow::Result<()> {
        serde_json::to_writer(&mut *self.out, record).context("cannot write a record")
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.records == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_lose_nothing() {
        let input = |bytes| Input { path: PathBuf::new(), shown: String::new(), below: String::new(), bytes };
        let inputs: Vec<_> =
            [vec![BATCH_BYTES * 2], vec![0; 100], vec![BATCH_BYTES, 1]].concat().into_iter().map(input).collect();
        let sizes: Vec<_> = batches(&inputs).map(<[Input]>::len).collect();
        assert_eq!(sizes, [1, 64, 36, 1, 1]);
    }
}
