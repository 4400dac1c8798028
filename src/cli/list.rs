//! `retro list`: the incidents a filter holds for.

use super::filters::{self, Format};
use super::open::{open, told};
use super::{Outcome, Settings, hinted};
use crate::query::{self, Order};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::render;
use crate::store::Card;
use anyhow::anyhow;
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
        Some(text) => Order::parse(text).map_err(|names| {
            hinted(anyhow!("cannot order by '{text}'"), format!("order by one of {}", names.join(", ")))
        })?,
    };
    let store = open(settings)?;
    let listing = query::list(&store, expression, order, args.limit).map_err(told)?;
    let mut grid = grid(&listing.cards, args.format != Format::Table);
    if listing.cards.len() < listing.total {
        grid.note(format!("{} of {} incidents", listing.cards.len(), listing.total));
    }
    out.write_all(render::grid(&grid, args.format.into(), &filters::style(settings)).as_bytes())?;
    Ok(Outcome::of_count(listing.total))
}

/// One row an incident. Tables for people leave out what a terminal has no room for.
fn grid(cards: &[Card], is_wide: bool) -> Grid {
    let text = |t: Option<&String>| t.map_or(Value::Null, |t| Value::Text(t.clone()));
    let date = |c: &Card| c.date.as_deref().and_then(|d| d.parse().ok()).map_or(Value::Null, Value::Date);
    type Cell<'a> = Box<dyn Fn(&Card) -> Value + 'a>;
    let columns: Vec<(GridColumn, bool, Cell<'_>)> = vec![
        (GridColumn::new("date", "date", ColumnKind::Date), true, Box::new(date)),
        (GridColumn::text("id", "id"), true, Box::new(|c| Value::Text(c.id.clone()))),
        (GridColumn::text("org", "org"), true, Box::new(move |c| text(c.org.as_ref()))),
        (GridColumn::text("severity", "severity"), true, Box::new(move |c| text(c.severity.as_ref()))),
        (
            GridColumn::integer("ttr_minutes", "TTR").unit("minutes"),
            true,
            Box::new(|c| c.ttr_minutes.map_or(Value::Null, Value::Integer)),
        ),
        (GridColumn::text("trigger", "trigger"), false, Box::new(move |c| text(c.trigger.as_ref()))),
        (GridColumn::text("component", "component"), false, Box::new(move |c| text(c.component.as_ref()))),
        (GridColumn::text("title", "title"), false, Box::new(move |c| text(c.title.as_ref()))),
        (GridColumn::text("path", "path"), false, Box::new(|c| Value::Text(c.path.clone()))),
    ];
    let columns: Vec<_> = columns.into_iter().filter(|(_, is_narrow, _)| is_wide || *is_narrow).collect();
    let row = |card: &Card| columns.iter().map(|(_, _, get)| get(card)).collect();
    let rows = cards.iter().map(row).collect();
    let mut grid = Grid::new("", columns.into_iter().map(|(column, _, _)| column).collect());
    grid.rows = rows;
    grid
}
