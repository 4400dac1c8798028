//! `retro schema`: the tables that SQL reads, column by column.

use super::{Outcome, Settings, hinted, scope};
use crate::record::{Grid, GridColumn, TABLES, Table, Value, table};
use crate::render::{self, OutputFormat};
use anyhow::anyhow;
use std::io::Write;

/// List the tables and columns that 'retro query' reads, with type, unit and meaning
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this table
    #[arg(value_name = "TABLE")]
    table: Option<String>,

    /// table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let tables: Vec<&Table> = match &args.table {
        None => TABLES.iter().collect(),
        Some(name) => {
            let known: Vec<_> = TABLES.iter().map(|t| t.name).collect();
            let known = format!("the tables are {}", known.join(", "));
            vec![table(name).ok_or_else(|| hinted(anyhow!("there is no table '{name}'"), known))?]
        }
    };
    out.write_all(render::grid(&schema(&tables), args.format, &settings.style()).as_bytes())?;
    Ok(Outcome::Found)
}

fn schema(tables: &[&Table]) -> Grid {
    let columns =
        [("table", "Table"), ("column", "Column"), ("type", "Type"), ("unit", "Unit"), ("meaning", "Meaning")];
    let mut grid = Grid::new("", columns.map(|(name, title)| GridColumn::text(name, title)).into());
    for table in tables {
        for column in table.columns {
            let unit = if column.unit.is_empty() { Value::Null } else { Value::Text(column.unit.to_owned()) };
            let text = |t: &str| Value::Text(t.to_owned());
            grid.rows.push(vec![
                text(table.name),
                text(column.name),
                text(column.kind.name()),
                unit,
                text(column.meaning),
            ]);
        }
        grid.note(format!("{}: {}", table.name, table.meaning));
    }
    grid
}
