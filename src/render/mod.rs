//! Values → bytes: terminal, Markdown, CSV, JSON, HTML. The only place that knows layout, width and colour, and the
//! place where every string from a document is made safe for where it is shown.
//!
//! Knows nothing of where values come from, of files or of the terminal itself: width and colour are handed in.

mod card;
pub mod cell;
mod charts;
mod csv;
mod explanation;
mod findings;
mod json;
mod markdown;
mod page;
pub mod report;
mod rows;
pub mod sanitise;
mod terminal;
mod wrap;

pub use card::{CardOptions, ViewZone, card, card_markdown};
pub use charts::{bar, spark, stats, trend};
pub use explanation::explanation;
pub use findings::{findings, findings_github, findings_json, findings_sarif};
pub use json::{document as json_document, line as json_line, text as json_text};
pub use page::{Page, Part, page, page_markdown};
pub use wrap::{pad, truncate, width, wrap};

use crate::record::{Grid, GridColumn, Value};
use rayon::prelude::*;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// For people, as wide as the terminal.
    Table,
    /// One object: title, columns with unit, rows, notes.
    Json,
    /// One object a row, a row a line.
    Ndjson,
    Csv,
    Markdown,
}

impl OutputFormat {
    pub const ALL: &'static [OutputFormat] =
        &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Ndjson, OutputFormat::Csv, OutputFormat::Markdown];

    /// The word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            OutputFormat::Table => "table",
            OutputFormat::Json => "json",
            OutputFormat::Ndjson => "ndjson",
            OutputFormat::Csv => "csv",
            OutputFormat::Markdown => "md",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == text)
    }
}

/// What the place of output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    pub colour: bool,
}

/// The width used where none is known, as in a pipe: the least that statistics by a column stand in as a table.
pub const WIDTH_DEFAULT: usize = 100;

impl Style {
    /// No colour, 80 columns.
    pub const PLAIN: Style = Style { width: 80, colour: false };

    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A table in the chosen format, ending in a line break.
pub fn grid(grid: &Grid, format: OutputFormat, style: &Style) -> String {
    match format {
        OutputFormat::Table => terminal::grid(grid, style),
        OutputFormat::Json => json::grid(grid),
        OutputFormat::Ndjson => json::lines(grid),
        OutputFormat::Csv => csv::grid(grid),
        OutputFormat::Markdown => markdown::grid(grid),
    }
}

/// A column as tables for people show it: one of the grid's, or two that form a range.
struct Shown {
    name: String,
    title: String,
    is_number: bool,
    /// See [`GridColumn::spare`](crate::record::GridColumn::spare).
    spare: u8,
    /// One cell a row.
    cells: Vec<String>,
}

/// Of a long table so many rows are laid out at once, by as many threads as there are.
const ROWS_AT_ONCE: usize = 512;

/// The first `rows` of a grid.
fn shown(grid: &Grid, spelling: cell::Spelling, rows: usize) -> Vec<Shown> {
    let value = |row: usize, column: usize| -> &Value {
        grid.rows.get(row).and_then(|r| r.get(column)).unwrap_or(&Value::Null)
    };
    let column = |(i, column): (usize, &GridColumn)| {
        let is_range = grid.columns.get(i + 1).is_some_and(|next| next.is_range_end);
        let cells = (0..grid.rows.len().min(rows)).map(|row| {
            if is_range {
                cell::range(value(row, i), value(row, i + 1), &column.unit, spelling)
            } else {
                cell::text(value(row, i), &column.unit, spelling)
            }
        });
        let title = sanitise::line(&column.title).into_owned();
        let title = match column.unit.as_str() {
            "" | "minutes" => title,
            unit => format!("{title} ({unit})"),
        };
        use crate::record::ColumnKind::{Integer, Real};
        Shown {
            name: column.name.clone(),
            title,
            is_number: matches!(column.kind, Integer | Real),
            spare: column.spare,
            cells: cells.collect(),
        }
    };
    let kept = grid.columns.iter().enumerate().filter(|(i, column)| !column.is_range_end || *i == 0);
    match grid.rows.len().min(rows) > ROWS_AT_ONCE {
        true => kept.collect::<Vec<_>>().into_par_iter().map(column).collect(),
        false => kept.map(column).collect(),
    }
}

#[cfg(test)]
mod tests;
