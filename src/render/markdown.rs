//! GitHub-flavoured Markdown.

use super::cell::{Spelling, UNKNOWN};
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

/// A path as the target of a link. Nothing but plain characters stays as it is, so that it can't be anything else: no
/// scheme, no end of the link.
fn target(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The table alone. A file's path leads to the file.
pub fn table(grid: &Grid) -> String {
    let columns = shown(grid, Spelling::Roomy, usize::MAX);
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
            let text = column.cells.get(row).map(String::as_str).unwrap_or_default();
            let words = sanitise::markdown(text);
            if column.name == "path" && text != UNKNOWN {
                out.push_str(&format!(" [{words}]({}) |", target(text)));
            } else {
                out.push_str(&format!(" {words} |"));
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_path() {
        assert_eq!(target("acme/2025-04 x.md"), "acme/2025-04%20x.md");
        assert_eq!(target("javascript:alert(1)"), "javascript%3Aalert%281%29");
    }
}
