//! `retro list`: the incidents a filter holds for.

use super::filters::{self, Format};
use super::open::{open, told};
use super::{Outcome, Settings};
use crate::query::{self, Order};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::render;
use crate::store::Card;
use std::io::Write;

/// List incidents, all or those a filter holds for
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What must hold, such as provider:aws ttr:>2h during:2025-Q2 'packet loss'
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,

    /// Order by date, severity, a metric, org, title, id or path; -FIELD reverses
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,

    /// At most so many
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,

    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let expression = filters::parse(&args.filter)?;
    let order = match &args.sort {
        None => Order::default_order(),
        Some(text) => filters::order(text)?,
    };
    let store = open(settings)?;
    let listing = query::list(&store, expression.clone(), order, args.limit, row).map_err(told)?;
    if listing.total == 0 {
        filters::say_hints(&store, &expression, settings)?;
    }
    let mut grid = Grid::new("", columns());
    if listing.lines.len() < listing.total {
        grid.note(format!("{} of {} incidents", listing.lines.len(), listing.total));
    }
    grid.rows = listing.lines;
    out.write_all(render::grid(&grid, args.format.into(), &filters::style(settings)).as_bytes())?;
    Ok(Outcome::of_count(listing.total))
}

fn columns() -> Vec<GridColumn> {
    vec![
        GridColumn::new("date", "date", ColumnKind::Date),
        GridColumn::text("id", "id"),
        GridColumn::text("org", "org").spare(3),
        GridColumn::text("severity", "severity").spare(2),
        GridColumn::integer("ttr_minutes", "TTR").unit("minutes"),
        GridColumn::text("trigger", "trigger").spare(4),
        GridColumn::text("component", "component").spare(5),
        GridColumn::text("title", "title").spare(1),
        GridColumn::text("path", "path").spare(6),
    ]
}

/// The row of an incident.
fn row(card: Card) -> Vec<Value> {
    let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    vec![
        card.date.and_then(|date| date.parse().ok()).map_or(Value::Null, Value::Date),
        Value::Text(card.id),
        text(card.org),
        text(card.severity),
        card.ttr_minutes.map_or(Value::Null, Value::Integer),
        text(card.trigger),
        text(card.component),
        text(card.title),
        Value::Text(card.path),
    ]
}
