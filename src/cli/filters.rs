//! What verbs that filter and print tables share: reading the filter, telling its mistakes, the formats.

use super::open::told;
use super::{Settings, hinted};
use crate::query::{self, Expression, Order};
use crate::render::{OutputFormat, Style, WIDTH_DEFAULT};
use crate::store::Store;
use clap::ValueEnum;

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Ndjson,
    Csv,
    Md,
}

impl From<Format> for OutputFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => OutputFormat::Table,
            Format::Json => OutputFormat::Json,
            Format::Ndjson => OutputFormat::Ndjson,
            Format::Csv => OutputFormat::Csv,
            Format::Md => OutputFormat::Markdown,
        }
    }
}

/// The filter that several words of the command line make.
pub fn parse(words: &[String]) -> anyhow::Result<Expression> {
    query::parse(&words.join(" ")).map_err(|error| match error.hint.clone() {
        Some(hint) => hinted(error, hint),
        None => error.into(),
    })
}

/// The order that a word of the command line names.
pub fn order(text: &str) -> anyhow::Result<Order> {
    Order::parse(text).map_err(|names| {
        hinted(anyhow::anyhow!("cannot order by '{text}'"), format!("order by one of {}", names.join(", ")))
    })
}

/// Tells why a filter found nothing, where that can be told.
pub fn say_hints(store: &Store, expression: &Expression, settings: &Settings) -> anyhow::Result<()> {
    for hint in query::hints(store, expression).map_err(told)? {
        settings.say(&format!("hint: {hint}"));
    }
    Ok(())
}

/// The style of stdout.
pub fn style(settings: &Settings) -> Style {
    Style { width: settings.width.unwrap_or(WIDTH_DEFAULT), colour: settings.color }
}
