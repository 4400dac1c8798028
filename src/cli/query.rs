//! `retro query`: SQL over the tables, typed in or saved.

use super::open::{open, told};
use super::{Outcome, Settings, hinted, outcome, scope, written};
use crate::analytics::{Frames, SavedQuery, sql};
use crate::record::{Grid, GridColumn, TABLES, Table, Value};
use crate::render::{self, OutputFormat};
use crate::store::spelling;
use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::panic;
use std::path::{Path, PathBuf};

/// The folder that saved queries live in.
const FOLDER: &str = "queries";

const EXAMPLES: &str = "\
Examples:
  retro query \"SELECT org, COUNT(*) AS n FROM incidents GROUP BY org ORDER BY n DESC\"
  retro query --list
  retro query slowest n=5";

/// Ask in SQL, or run a saved query by name
///
/// Reads the tables incidents, timeline, providers, actions and notices; 'retro schema' lists their columns. Saved
/// queries are files NAME.sql in the folder 'queries' of the working directory or one above it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A SELECT statement, or the name of a saved query
    #[arg(value_name = "SQL|NAME", required_unless_present = "list")]
    question: Option<String>,

    /// Parameters of a saved query
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    values: Vec<(String, String)>,

    /// The same, as an option
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,

    /// List the saved queries
    #[arg(long, conflicts_with = "question")]
    list: bool,

    /// table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

fn pair(text: &str) -> anyhow::Result<(String, String)> {
    let (name, value) = text.split_once('=').ok_or_else(|| anyhow!("write NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let grid = match &args.question {
        None => list()?,
        Some(question) => answer(question, args, settings)?,
    };
    out.write_all(render::grid(&grid, args.format, &settings.style()).as_bytes())?;
    Ok(Outcome::of_count(grid.rows.len()))
}

fn answer(question: &str, args: &Args, settings: &Settings) -> anyhow::Result<Grid> {
    let given: Vec<_> = args.values.iter().chain(&args.parameters).cloned().collect();
    let (saved, values) = if is_name(question) {
        let saved = find(question)?;
        let values = saved.bind(&given).map_err(|e| hinted(e, format!("'{question}' is saved in '{FOLDER}'")))?;
        (saved, values)
    } else {
        // Of a statement typed in, parameters are what they look like.
        let values = given.into_iter().map(|(name, text)| (name, guess(&text))).collect::<BTreeMap<_, _>>();
        let (title, purpose) = (String::new(), String::new());
        (SavedQuery { title, purpose, parameters: Vec::new(), sql: question.to_owned() }, values)
    };
    let store = open(settings)?;
    // A statement names the tables it reads, so a table that is not named need not be loaded.
    let statement = saved.sql.to_lowercase();
    let is_selecting_all = statement.replace("count(*)", "").contains('*');
    let needed = |table: &Table| {
        // Nor need a column that it does not spell; counting needs one.
        let is_wanted = |name: &str| name == "id" || is_selecting_all || statement.contains(name);
        let columns = table.columns.iter().map(|c| c.name).filter(|name| is_wanted(name));
        if statement.contains(table.name) { columns.map(str::to_owned).collect() } else { Vec::new() }
    };
    let frames = Frames::load(needed, |table, columns| store.columns(table, Some(columns))).map_err(told)?;
    // What the engine cannot do it may tell by a panic, which says nothing of ours.
    panic::set_hook(Box::new(outcome::report_engine));
    let answered = sql(&frames, &saved.sql, &values);
    panic::set_hook(Box::new(outcome::report_panic));
    let mut grid = answered.map_err(|e| {
        let hint = hint(&e.to_string());
        hinted(e, hint)
    })?;
    grid.title = saved.title;
    if !saved.purpose.is_empty() {
        grid.note(saved.purpose);
    }
    Ok(grid)
}

/// What to do about a statement that fails: a name in quotes in the message may be a table or a column misspelt.
fn hint(message: &str) -> String {
    if ["EXISTS", " ANY", " ALL"].iter().any(|word| message.ends_with(word)) {
        return "write id IN (SELECT id FROM providers WHERE …) or id NOT IN (…), or join the tables by their id"
            .to_owned();
    }
    if message.contains("join type") {
        return "JOIN, LEFT JOIN and FULL JOIN … ON a.id = b.id are understood; for others write id IN (SELECT …)"
            .to_owned();
    }
    let named = message.split(['"', '\'']).nth(1).filter(|_| message.contains("not found"));
    let tables = TABLES.iter().map(|t| t.name);
    let names = tables.chain(TABLES.iter().flat_map(|t| t.columns).map(|c| c.name));
    match named.and_then(|name| spelling::nearest(name, names)) {
        Some(near) => format!("did you mean {near}? 'retro schema' lists tables and columns"),
        None => "'retro schema' lists tables and columns; only SELECT is understood".to_owned(),
    }
}

/// A statement has spaces; a name is one word.
fn is_name(question: &str) -> bool {
    !question.is_empty() && question.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn guess(text: &str) -> Value {
    if let Ok(n) = text.parse() {
        return Value::Integer(n);
    }
    if let Ok(date) = text.parse() {
        return Value::Date(date);
    }
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() => Value::Real(x),
        _ => Value::Text(text.to_owned()),
    }
}

fn find(name: &str) -> anyhow::Result<SavedQuery> {
    let all = saved()?;
    let Some(file) = all.get(name) else {
        let known: Vec<_> = all.keys().map(String::as_str).collect();
        let hint = match known.is_empty() {
            true => format!("there is no folder '{FOLDER}' here or above; a statement begins with SELECT"),
            false => format!("there are {}", known.join(", ")),
        };
        return Err(hinted(anyhow!("there is no saved query '{name}'"), hint));
    };
    read(file)
}

fn read(file: &Path) -> anyhow::Result<SavedQuery> {
    let text = written::found(file).with_context(|| format!("cannot read {}", file.display()))?;
    SavedQuery::parse(&text).with_context(|| format!("cannot understand {}", file.display()))
}

/// The saved queries by name: those of the nearest folder, from the working directory upward.
fn saved() -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    let Some(folder) = here.ancestors().map(|a| a.join(FOLDER)).find(|f| f.is_dir()) else {
        return Ok(BTreeMap::new());
    };
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.extension().is_some_and(|e| e == "sql")
            && path.is_file()
            && let Some(name) = path.file_stem()
        {
            found.insert(name.to_string_lossy().into_owned(), path);
        }
    }
    Ok(found)
}

fn list() -> anyhow::Result<Grid> {
    let columns = [("name", "Name"), ("title", "Title"), ("purpose", "Purpose"), ("parameters", "Parameters")];
    let mut grid = Grid::new("", columns.map(|(name, title)| GridColumn::text(name, title)).into());
    for (name, file) in saved()? {
        let query = read(&file)?;
        let parameters = query.parameters.iter().map(|p| match &p.default {
            Some(default) => format!("{}={default}", p.name),
            None => format!("{}=…", p.name),
        });
        let parameters = parameters.collect::<Vec<_>>().join(" ");
        grid.rows.push([name, query.title, query.purpose, parameters].map(Value::Text).into());
    }
    Ok(grid)
}
