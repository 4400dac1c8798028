//! A table of the HTML report. Written here, not by the template, as a report may have thousands of cells; every text
//! of it is escaped on its way out.

use crate::record::Grid;
use crate::render::cell::{Spelling, UNKNOWN};
use crate::render::{Shown, sanitise, shown};
use crate::report::MEMBERS;
use std::collections::BTreeMap;

/// From so many rows on, a table scrolls in its own window.
const LONG_ROWS: usize = 20;
/// Up to so many columns without long texts, a table takes no more room than it needs.
const SMALL_COLUMNS: usize = 5;
/// A text of more characters needs a wide column.
const LONG_TEXT: usize = 40;

/// A table with its caption, columns and rows. Ids lead to the incidents' details; where a title stands beside an id,
/// the title leads there and the id stands under it.
pub fn table(grid: &Grid, anchors: &BTreeMap<&str, String>) -> String {
    let names: Vec<&str> = grid.columns.iter().filter(|c| !c.is_range_end).map(|c| c.name.as_str()).collect();
    let columns: Vec<(Shown, &str)> = shown(grid, Spelling::Roomy, usize::MAX).into_iter().zip(names).collect();
    let ids = columns.iter().find(|(_, name)| *name == "id").map(|(column, _)| column.cells.as_slice());
    let ids = ids.filter(|_| columns.iter().any(|(_, name)| *name == "title"));
    let is_kept = |name: &str| ids.is_none() || !matches!(name, "id" | "path");
    let kept: Vec<&(Shown, &str)> = columns.iter().filter(|(_, name)| is_kept(name)).collect();
    let is_wide = |c: &Shown| c.name != MEMBERS && c.cells.iter().any(|cell| cell.chars().nth(LONG_TEXT).is_some());
    let class = match grid.rows.len() > LONG_ROWS {
        true => " class=\"long\"",
        false if kept.len() <= SMALL_COLUMNS && !columns.iter().any(|(c, _)| is_wide(c)) => " class=\"small\"",
        false => "",
    };
    let caption = sanitise::html(&sanitise::line(&grid.title));
    let label = if caption.is_empty() { "Table" } else { &caption };
    let mut out =
        format!("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">\n<table{class}>\n");
    if !caption.is_empty() {
        out.push_str(&format!("<caption>{caption}</caption>\n"));
    }
    out.push_str("<thead><tr>");
    for (column, name) in &kept {
        // A heading breaks between words, not within 2025-Q2.
        let title = sanitise::html(&column.title.replace('-', "\u{2011}"));
        out.push_str(&format!("<th scope=\"col\"{}>{title}</th>", class_of(column, name, false)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in 0..grid.rows.len() {
        out.push_str("<tr>");
        for (nth, (column, name)) in kept.iter().enumerate() {
            let (open, close) = if nth == 0 { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
            out.push_str(open);
            out.push_str(class_of(column, name, true));
            out.push('>');
            let text = column.cells.get(row).map(String::as_str).unwrap_or_default();
            cell(&mut out, name, text, ids.and_then(|ids| ids.get(row)).map(String::as_str), anchors);
            out.push_str(close);
        }
        out.push_str("</tr>\n");
    }
    if grid.rows.is_empty() {
        out.push_str(&format!("<tr><td colspan=\"{}\">Nothing.</td></tr>\n", kept.len()));
    }
    out.push_str("</tbody>\n</table>\n</div>");
    out
}

/// How a column looks. Dates are told apart in cells only.
fn class_of(column: &Shown, name: &str, is_cell: bool) -> &'static str {
    match name {
        _ if column.is_number => " class=\"n\"",
        "date" | "due" if is_cell => " class=\"t\"",
        MEMBERS => " class=\"m\"",
        _ => "",
    }
}

fn cell(out: &mut String, name: &str, text: &str, id: Option<&str>, anchors: &BTreeMap<&str, String>) {
    match (name, id) {
        ("title", Some(id)) => {
            linked(out, text, anchors.get(id));
            out.push_str(&format!("<span class=\"id\">{}</span>", sanitise::html(id)));
        }
        (MEMBERS, _) if text == UNKNOWN => {}
        (MEMBERS, _) => {
            let count = text.split("; ").count();
            let plural = if count == 1 { "" } else { "s" };
            out.push_str(&format!("<details class=\"members\"><summary>{count} incident{plural}</summary>"));
            all_linked(out, text, anchors);
            out.push_str("</details>");
        }
        ("id" | "ids", _) => all_linked(out, text, anchors),
        _ => linked(out, text, None),
    }
}

fn all_linked(out: &mut String, ids: &str, anchors: &BTreeMap<&str, String>) {
    for (nth, id) in ids.split("; ").enumerate() {
        if nth > 0 {
            out.push_str(", ");
        }
        linked(out, id, anchors.get(id));
    }
}

fn linked(out: &mut String, text: &str, href: Option<&String>) {
    let text = sanitise::html(text);
    match href {
        Some(href) => out.push_str(&format!("<a href=\"{}\">{text}</a>", sanitise::html(href))),
        None => out.push_str(&text),
    }
}
