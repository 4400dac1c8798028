//! `retro rules`: the manual of every rule that finds a value.

use super::{Outcome, Settings, hinted, scope};
use crate::domain::Subject;
use crate::extract::manual::{Manual, manuals};
use crate::record::{Grid, GridColumn, Value};
use crate::render::{self, OutputFormat, Page};
use crate::store::spelling;
use anyhow::anyhow;
use serde_json::json;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro rules                 every rule, one a line
  retro rules V001            what it reads, why it is believed, when it declines, examples
  retro rules severity        the rules that find the severity";

/// Print the manual of the rules that find values
///
/// Every value in a record carries the code of the rule that found it, and 'retro show ID --evidence' shows it. Without
/// a word all rules are listed; with the name of a field, those that find it; with a code or name, that one's manual.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A rule's code or name, or a field
    #[arg(value_name = "CODE|FIELD")]
    which: Option<String>,

    /// table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut all = manuals();
    let text = match &args.which {
        None => list(&all, args.format, settings),
        Some(which) => {
            if let Some(manual) = all.iter().find(|m| m.code.eq_ignore_ascii_case(which) || m.slug == *which) {
                one(manual, args.format, settings)
            } else if let Some(subject) = Subject::parse(&which.to_lowercase()) {
                all.retain(|m| m.subjects.contains(&subject));
                list(&all, args.format, settings)
            } else {
                return Err(unknown(which, &all));
            }
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

fn unknown(which: &str, all: &[Manual]) -> anyhow::Error {
    let names = all.iter().flat_map(|m| [m.code, m.slug]).chain(Subject::ALL.iter().map(|s| s.name()));
    let typed = which.to_lowercase();
    let near = names.filter_map(|n| Some((spelling::distance(&typed, &n.to_lowercase(), 2)?, n))).min();
    let hint = match near {
        Some((_, name)) => format!("did you mean {name}?"),
        None => "'retro rules' lists them".to_owned(),
    };
    hinted(anyhow!("there is no rule '{which}'"), hint)
}

fn list(manuals: &[Manual], format: OutputFormat, settings: &Settings) -> String {
    let columns = vec![
        GridColumn::text("code", "code"),
        GridColumn::text("name", "rule"),
        GridColumn::text("finds", "finds"),
        GridColumn::text("reads", "what it reads").spare(1),
    ];
    let mut grid = Grid::new("", columns);
    for manual in manuals {
        let reads = manual.what_it_reads.split_once(". ").map_or(manual.what_it_reads.as_str(), |(first, _)| first);
        let reads = reads.trim_end_matches('.').to_owned();
        let cells = [manual.code.to_owned(), manual.slug.to_owned(), finds(manual), reads];
        grid.rows.push(cells.map(Value::Text).into());
    }
    render::grid(&grid, format, &settings.style())
}

/// The fields a rule finds, in few words.
fn finds(manual: &Manual) -> String {
    let names: Vec<_> = manual.subjects.iter().map(|s| s.name()).collect();
    match (manual.subjects.first().and_then(|s| s.milestone()), manual.subjects.first().and_then(|s| s.metric())) {
        (Some(_), _) if names.len() > 1 => "milestones".to_owned(),
        (_, Some(_)) => "stated durations".to_owned(),
        _ => names.join(", "),
    }
}

fn one(manual: &Manual, format: OutputFormat, settings: &Settings) -> String {
    match format {
        OutputFormat::Table => render::page(&page(manual), &settings.style()),
        OutputFormat::Markdown => render::page_markdown(&page(manual)),
        OutputFormat::Json => render::json_document(&as_json(manual)),
        OutputFormat::Ndjson => render::json_line(&as_json(manual)),
        OutputFormat::Csv => list(std::slice::from_ref(manual), format, settings),
    }
}

fn page(manual: &Manual) -> Page {
    let mut page = Page::new(format!("{} {}", manual.code, manual.slug)).text(format!("finds: {}", finds(manual)));
    let sections = [
        ("What it reads", &manual.what_it_reads),
        ("Why it is believed", &manual.why_it_is_believed),
        ("When it declines", &manual.when_it_declines),
        ("Seen in", &manual.seen_in),
    ];
    let further = manual.further.iter().map(|(heading, text)| (heading.as_str(), text));
    for (heading, text) in sections.into_iter().chain(further).filter(|(_, text)| !text.is_empty()) {
        page = page.heading(heading).text(text);
    }
    let (found, declined): (Vec<_>, Vec<_>) = manual.examples.iter().partition(|(_, expect)| !expect.is_empty());
    if !found.is_empty() {
        page = page.heading("Examples").text("«» mark the words that are the evidence.");
    }
    for (text, expect) in found {
        let outcome: String = expect.iter().map(|e| format!("\n  → {e}")).collect();
        page = page.verbatim(format!("\n{text}{outcome}"));
    }
    if !declined.is_empty() {
        page = page.heading("Finds nothing in");
    }
    for (text, _) in declined {
        page = page.verbatim(format!("\n{text}"));
    }
    page
}

fn as_json(manual: &Manual) -> serde_json::Value {
    let examples: Vec<_> =
        manual.examples.iter().map(|(text, expect)| json!({"text": text, "finds": expect})).collect();
    let further: Vec<_> = manual.further.iter().map(|(h, text)| json!({"heading": h, "text": text})).collect();
    json!({
        "code": manual.code,
        "name": manual.slug,
        "finds": manual.subjects.iter().map(|s| s.name()).collect::<Vec<_>>(),
        "what_it_reads": manual.what_it_reads,
        "why_it_is_believed": manual.why_it_is_believed,
        "when_it_declines": manual.when_it_declines,
        "seen_in": manual.seen_in,
        "further": further,
        "examples": examples,
    })
}
