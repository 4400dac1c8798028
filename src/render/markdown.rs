//! GitHub-flavoured Markdown.

use super::cell::Spelling;
use super::{sanitise, shown};
use crate::record::Grid;

pub fn grid(grid: &Grid) -> String {
    let mut out = String::new();
    if !grid.title.is_empty() {
        out.push_str(&format!("### {}\n\n", sanitise::markdown(&grid.title)));
    }
    out.push_str(&table(grid));
    if !grid.notes.is_empty() {
        out.push('\n');
    }
    for note in &grid.notes {
        out.push_str(&format!("- {}\n", sanitise::markdown(note)));
    }
    out
}

/// The table alone.
pub fn table(grid: &Grid) -> String {
    let columns = shown(grid, Spelling::Roomy);
    if columns.is_empty() || grid.rows.is_empty() {
        return "Nothing.\n".to_owned();
    }
    let mut out = String::from("|");
    for column in &columns {
        out.push_str(&format!(" {} |", sanitise::markdown(&column.title)));
    }
    out.push_str("\n|");
    for column in &columns {
        out.push_str(if column.is_number { " ---: |" } else { " --- |" });
    }
    out.push('\n');
    for row in 0..grid.rows.len() {
        out.push('|');
        for column in &columns {
            out.push_str(&format!(" {} |", column.cells.get(row).map(|c| sanitise::markdown(c)).unwrap_or_default()));
        }
        out.push('\n');
    }
    out
}
