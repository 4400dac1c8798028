//! `retro export`: the tables for other programs.

use super::open::{open, told};
use super::{Outcome, Settings, hinted, scope};
use crate::analytics::Frames;
use crate::record::{ColumnKind, Redactor, TABLES, Table, table};
use crate::render::{self, OutputFormat};
use crate::store::{self, EXPORT_CONFIG, ExportFile, ExportFolder, Store};
use anyhow::{Context, anyhow};
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;

/// What Hive, Spark and DuckDB take for a missing value of a partition.
const NO_QUARTER: &str = "__HIVE_DEFAULT_PARTITION__";
/// The column of a Quickwit document that holds all of its text.
const BODY: &str = "body";

const EXAMPLES: &str = "\
Examples:
  retro export -o tables
  retro export --format parquet --partition quarter -o lake 'after:2024-01-01'
  retro export --format csv --table actions > actions.csv
  retro export --format arrow -o frames
  retro export --format quickwit -o quickwit
  retro export --redact -o for-others";

/// Write the tables for other programs: parquet, Arrow, CSV, NDJSON or Quickwit
///
/// With --output, a folder with a file for each table that appears whole or not at all; without, one table on stdout.
/// Instants are in UTC and say so, lengths of time are integers with the unit in the column's name, and a cell of a CSV
/// file that a spreadsheet would take for a formula gets an apostrophe. 'retro schema' tells the columns.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Only the incidents for which this holds, such as 'org:acme after:2024-01-01'
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,

    #[arg(long, value_name = "FORMAT", default_value = "parquet", help = "How the tables are written")]
    format: Format,

    /// Only this table (several allowed) [default: all; on stdout, incidents]
    #[arg(long, value_name = "TABLE", value_parser = named)]
    table: Vec<&'static str>,

    /// A folder for each quarter, in the layout of Hive: incidents/quarter=2025-Q2/…
    #[arg(long, value_name = "BY", requires = "output")]
    partition: Option<Partition>,

    /// The folder to write
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Replace the folder if it is there
    #[arg(long, requires = "output")]
    replace: bool,

    /// Mask e-mail and IP addresses, tokens and keys, and the names that retro.toml lists
    #[arg(long)]
    redact: bool,
}

/// What is written, and what its texts must not tell.
struct Source {
    store: Store,
    frames: Frames,
    redactor: Option<Redactor>,
    /// The incidents by the ids that the store knows them by, in the order of their table.
    ids: Vec<String>,
}

impl Source {
    fn of(store: Store, frames: Frames, redactor: Option<Redactor>) -> anyhow::Result<Self> {
        let ids = frames.ids()?;
        let frames = match &redactor {
            Some(redactor) => frames.redacted(redactor)?,
            None => frames,
        };
        Ok(Source { store, frames, redactor, ids })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Parquet,
    /// Arrow IPC files, which open without being decoded
    Arrow,
    Csv,
    Ndjson,
    /// An index configuration and the documents, for that search engine
    Quickwit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Partition {
    Quarter,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
            Format::Csv => "csv",
            Format::Ndjson | Format::Quickwit => "ndjson",
        }
    }
}

fn named(name: &str) -> anyhow::Result<&'static str> {
    let known: Vec<_> = TABLES.iter().map(|t| t.name).collect();
    let found = TABLES.iter().find(|t| t.name == name);
    found.map(|t| t.name).ok_or_else(|| anyhow!("no such table; there are {}", known.join(", ")))
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    if args.format == Format::Quickwit && (args.partition.is_some() || !args.table.is_empty()) {
        let hint = "Quickwit takes the incidents with all of their text; leave out --table and --partition";
        return Err(hinted(anyhow!("a Quickwit export is of one kind"), hint));
    }
    let names: Vec<&str> = match (&args.output, args.table.as_slice(), args.format) {
        (_, _, Format::Quickwit) | (None, [], _) => vec!["incidents"],
        (Some(_), [], _) => TABLES.iter().map(|t| t.name).collect(),
        (None, [_, _, ..], _) => {
            return Err(hinted(anyhow!("stdout takes one table"), "name a folder with --output for several"));
        }
        (_, some, _) => some.to_vec(),
    };
    // Which incidents there are, and of what quarter, only their own table tells.
    let is_needed = |table: &Table| names.contains(&table.name) || table.name == "incidents";
    let needed = |table: &Table| match is_needed(table) {
        true => table.columns.iter().map(|c| c.name.to_owned()).collect(),
        false => Vec::new(),
    };
    let store = open(settings)?;
    let scope = scope::scope(&store, &args.filter, &needed, scope::Counting::EVERY)?;
    scope::say_why_empty(settings, &store, &args.filter, &scope.frames)?;
    let redactor = args.redact.then(|| Redactor::new(&settings.config.redacted_names));
    let source = Source::of(store, scope.frames, redactor)?;
    let count = source.frames.incident_count();
    match &args.output {
        None => {
            for name in &names {
                write_table(&source, &source.frames, name, args.format, &mut |bytes| Ok(out.write_all(bytes)?))?;
            }
        }
        Some(folder) => {
            let export = ExportFolder::begin(folder, args.replace).map_err(told)?;
            write_folder(&source, &names, args, &export)?;
            export.finish().map_err(told)?;
            settings.say(&format!("{count} incidents written to {}", folder.display()));
        }
    }
    Ok(Outcome::of_count(count))
}

fn write_folder(source: &Source, names: &[&str], args: &Args, export: &ExportFolder) -> anyhow::Result<()> {
    let ending = args.format.ending();
    if args.format == Format::Quickwit {
        let mut config = export.file(&[EXPORT_CONFIG]).map_err(told)?;
        config.write(quickwit_config().as_bytes()).map_err(told)?;
        config.finish().map_err(told)?;
    }
    if args.partition == Some(Partition::Quarter) {
        for (quarter, frames) in source.frames.by_quarter()? {
            let folder = format!("quarter={}", quarter.as_deref().unwrap_or(NO_QUARTER));
            for name in names {
                let file = export.file(&[name, &folder, &format!("part-0.{ending}")]).map_err(told)?;
                write_file(source, &frames, name, args.format, file)?;
            }
        }
        return Ok(());
    }
    for name in names {
        let file = export.file(&[&format!("{name}.{ending}")]).map_err(told)?;
        write_file(source, &source.frames, name, args.format, file)?;
    }
    Ok(())
}

fn write_file(
    source: &Source,
    frames: &Frames,
    name: &str,
    format: Format,
    mut file: ExportFile,
) -> anyhow::Result<()> {
    write_table(source, frames, name, format, &mut |bytes| file.write(bytes).map_err(told))?;
    file.finish().map_err(told)
}

fn write_table(
    source: &Source,
    frames: &Frames,
    name: &str,
    format: Format,
    write: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let text = |format| -> anyhow::Result<String> {
        let style = render::Style { width: render::WIDTH_DEFAULT, colour: false };
        Ok(render::grid(&frames.grid(name)?, format, &style))
    };
    match format {
        Format::Parquet => write(&store::parquet(frames.whole(name)?).map_err(told)?),
        Format::Arrow => write(&store::arrow(frames.whole(name)?).map_err(told)?),
        Format::Csv => write(text(OutputFormat::Csv)?.as_bytes()),
        Format::Ndjson => write(text(OutputFormat::Ndjson)?.as_bytes()),
        Format::Quickwit => {
            for (line, id) in text(OutputFormat::Ndjson)?.lines().zip(&source.ids) {
                write(quickwit_document(source, line, id)?.as_bytes())?;
            }
            Ok(())
        }
    }
}

/// A row of the incidents with all text of its document beside it. Quickwit has no null: what is missing is left out.
fn quickwit_document(source: &Source, line: &str, id: &str) -> anyhow::Result<String> {
    let row: serde_json::Value = serde_json::from_str(line).context("cannot read a row that was just written")?;
    let mut document = serde_json::Map::new();
    for (name, value) in row.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        document.insert(name.clone(), value.clone());
    }
    let words = source.store.words_of(id).map_err(told)?;
    let passages = words.iter().flat_map(|w| &w.passages).map(|p| p.text.as_str());
    let body = passages.collect::<Vec<_>>().join("\n");
    let body = source.redactor.as_ref().map(|r| r.text(&body).into_owned()).unwrap_or(body);
    document.insert(BODY.to_owned(), body.into());
    Ok(render::json_line(&serde_json::Value::Object(document)))
}

/// The index configuration (version 0.8), a field for each column of the incidents.
fn quickwit_config() -> String {
    let mut text = "version: 0.8\nindex_id: incidents\ndoc_mapping:\n  mode: strict\n  field_mappings:\n".to_owned();
    for column in table("incidents").map(|t: &Table| t.columns).unwrap_or_default() {
        let kind = match column.kind {
            // Words to search are cut up, words to filter by are not.
            ColumnKind::Text if matches!(column.name, "title" | "root_cause" | "impact" | "services" | "regions") => {
                "text\n      tokenizer: default\n      record: position"
            }
            ColumnKind::Text => "text\n      tokenizer: raw\n      fast: true",
            ColumnKind::Integer => "i64\n      fast: true",
            ColumnKind::Real => "f64\n      fast: true",
            ColumnKind::Flag => "bool\n      fast: true",
            ColumnKind::Date => "datetime\n      fast: true\n      input_formats: [\"%Y-%m-%d\"]",
            ColumnKind::Instant => "datetime\n      fast: true\n      input_formats: [rfc3339]",
        };
        let meaning = serde_json::Value::from(column.meaning);
        text.push_str(&format!("    - name: {}\n      description: {meaning}\n      type: {kind}\n", column.name));
    }
    text.push_str(&format!("    - name: {BODY}\n      description: \"all text of the report\"\n"));
    text.push_str("      type: text\n      tokenizer: default\n      record: position\n");
    text.push_str(&format!("search_settings:\n  default_search_fields: [title, root_cause, impact, {BODY}]\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_field_of_the_index() {
        let config = quickwit_config();
        for column in table("incidents").unwrap().columns {
            assert!(config.contains(&format!("    - name: {}\n", column.name)), "{}", column.name);
        }
        assert_eq!(config.matches("type: ").count(), table("incidents").unwrap().columns.len() + 1);
        assert!(named("incidents").is_ok() && named("incident").is_err());
    }
}
