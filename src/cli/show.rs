//! `retro show`: one incident on a page.

use super::open::{open, record, told};
use super::{Outcome, Settings};
use crate::render::{self, CardOptions, ViewZone, sanitise};
use anyhow::anyhow;
use clap::ValueEnum;
use std::io::Write;

/// Show one incident as a page to read
///
/// Times stand in the zone they were written in; --tz adds another. Stated and computed durations stand side by side.
/// --evidence adds the quoted words, line and rule behind each value.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The incident's id, or the beginning of it
    #[arg(value_name = "ID")]
    id: String,

    /// Show times in this zone too, such as Europe/Paris or +02:00
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    tz: Option<ViewZone>,

    /// The words, line and rule behind each value
    #[arg(long)]
    evidence: bool,

    /// A page, the record as JSON, or Markdown
    #[arg(long, value_name = "FORMAT", default_value = "card")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Card,
    Json,
    Md,
}

fn zone(text: &str) -> anyhow::Result<ViewZone> {
    ViewZone::parse(text).ok_or_else(|| {
        anyhow!("no zone that has one meaning; write a name such as Europe/Paris, or an offset such as +02:00")
    })
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let store = open(settings)?;
    let record = record(&store, &args.id)?;
    let options = CardOptions { evidence: args.evidence, zone: args.tz };
    let tellings = store.tellings().map_err(told)?;
    let again = again(&tellings.of(&record.id), &record.id);
    let text = match args.format {
        Format::Card => render::card(&record, &options, &settings.style()) + &again,
        Format::Md => render::card_markdown(&record, &options) + &again,
        Format::Json => render::json_document(&serde_json::to_value(&record)?),
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// Which documents tell of the same incident, and which of them counts; `ids` begins with that one.
fn again(ids: &[&str], own: &str) -> String {
    let Some((counted, _)) = ids.split_first() else { return String::new() };
    let others: Vec<_> = ids.iter().filter(|id| **id != own).map(|id| sanitise::line(id).into_owned()).collect();
    let counts = if *counted == own { "this one" } else { "that one" };
    let counts = if others.len() > 1 { sanitise::line(counted).into_owned() } else { counts.to_owned() };
    format!("\nAlso told by {}; statistics count {counts}, the fullest\n", others.join(", "))
}
