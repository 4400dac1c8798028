//! Tables for a terminal.
//!
//! A table that fits is shown as it is. One that doesn't first spells lengths of time tightly, then wraps its text
//! columns, and at last is turned on its side: one block a row, a line a column.

use super::cell::Spelling;
use super::{ROWS_AT_ONCE, Shown, Style, rows, shown, wrap};
use crate::record::Grid;
use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use rayon::prelude::*;
use std::ops::Range;

/// Space between two columns: comfy-table's padding, and the junction that the header's line asks for.
const GAP: usize = 2;
const PADDING: u16 = 1;
/// Columns left to spare for long words when others were given up.
const EASE: usize = 8;
/// Words up to this long are kept whole; longer ones, such as ids, may be broken.
const WORD_COLUMNS_MAX: usize = 22;

pub fn grid(grid: &Grid, style: &Style) -> String {
    let mut out = String::new();
    if !grid.title.is_empty() {
        for line in wrap(&super::sanitise::line(&grid.title), style.width) {
            out.push_str(&style.bold(&line));
            out.push('\n');
        }
        out.push('\n');
    }
    let mut dropped = Vec::new();
    if grid.rows.is_empty() {
        out.push_str("(nothing)\n");
    } else if !grid.columns.is_empty() {
        out.push_str(&body(grid, style, &mut dropped));
    }
    let room = (!dropped.is_empty()).then(|| format!("No room for {}; other formats show all", dropped.join(", ")));
    if !grid.notes.is_empty() || room.is_some() {
        out.push('\n');
    }
    for note in grid.notes.iter().chain(&room) {
        out.push_str(&bullet(note, style));
    }
    out
}

/// A note, wrapped with a hanging indent.
fn bullet(note: &str, style: &Style) -> String {
    let mut out = String::new();
    for (i, line) in wrap(&super::sanitise::line(note), style.width.saturating_sub(2)).iter().enumerate() {
        out.push_str(&style.dim(&format!("{}{line}", if i == 0 { "· " } else { "  " })));
        out.push('\n');
    }
    out
}

/// The rows; titles of columns that there was no room for are added to `dropped`.
fn body(grid: &Grid, style: &Style, dropped: &mut Vec<String>) -> String {
    let roomy = |rows| shown(grid, Spelling::Roomy, rows);
    // Where the first rows are too wide, all of them are.
    let fits = |columns: &[Shown]| with_gaps(&measured(columns, content)) <= style.width;
    if fits(&roomy(ROWS_AT_ONCE)) {
        let roomy = roomy(usize::MAX);
        if fits(&roomy) {
            let least = measured(&roomy, squeezed);
            return table(&roomy, least, style);
        }
    }
    let mut tight = shown(grid, Spelling::Tight, usize::MAX);
    let mut least = measured(&tight, squeezed);
    let is_spare = tight.iter().any(|c| c.spare > 0);
    // Where columns can be given up, what remains shall not be squeezed to the utmost.
    let width = if is_spare { style.width.saturating_sub(EASE) } else { style.width };
    while with_gaps(&least) > width {
        let most = tight.iter().enumerate().filter(|(_, c)| c.spare > 0).max_by_key(|(i, c)| (c.spare, *i));
        let Some((i, _)) = most else { break };
        dropped.push(tight.remove(i).title);
        least.remove(i);
    }
    if with_gaps(&least) <= style.width {
        return table(&tight, least, style);
    }
    dropped.clear();
    blocks(&roomy(usize::MAX), style)
}

/// Columns that a table takes whose columns take these.
fn with_gaps(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// The width of each column, measured by all cores where there are many rows.
fn measured(columns: &[Shown], width: fn(&Shown) -> usize) -> Vec<usize> {
    match columns.first().is_some_and(|column| column.cells.len() > ROWS_AT_ONCE) {
        true => columns.par_iter().map(width).collect(),
        false => columns.iter().map(width).collect(),
    }
}

/// What a column takes unwrapped.
fn content(column: &Shown) -> usize {
    column.cells.iter().map(|c| super::width(c)).chain([super::width(&column.title)]).max().unwrap_or(0)
}

/// What a column can't be squeezed below: numbers keep their width; text and titles may wrap at spaces.
fn squeezed(column: &Shown) -> usize {
    let word = |text: &String| text.split(' ').map(super::width).max().unwrap_or(0);
    let cells = column.cells.iter();
    let cells = if column.is_number {
        cells.map(|c| super::width(c)).max().unwrap_or(0)
    } else {
        cells.map(word).max().unwrap_or(0).min(WORD_COLUMNS_MAX)
    };
    cells.max(word(&column.title))
}

/// The width of each column: what is left after every column has its least is poured evenly over those that need more.
fn widths(columns: &[Shown], mut widths: Vec<usize>, width: usize) -> Vec<usize> {
    let wanted = measured(columns, content);
    let mut left = width.saturating_sub(with_gaps(&widths));
    while left > 0 && widths.iter().zip(&wanted).any(|(has, wants)| has < wants) {
        for (has, wants) in widths.iter_mut().zip(&wanted) {
            if *has < *wants && left > 0 {
                *has += 1;
                left -= 1;
            }
        }
    }
    widths
}

fn table(columns: &[Shown], least: Vec<usize>, style: &Style) -> String {
    let widths = widths(columns, least, style.width);
    let count = columns.first().map_or(0, |c| c.cells.len());
    let starts: Vec<usize> = (0..count.max(1)).step_by(ROWS_AT_ONCE).collect();
    let part = |start: &usize| part(columns, &widths, *start..count.min(start + ROWS_AT_ONCE), style);
    match starts.as_slice() {
        [start] => part(start),
        starts => starts.par_iter().map(part).collect::<Vec<_>>().concat(),
    }
}

/// Some rows; above the first ones the heading.
fn part(columns: &[Shown], widths: &[usize], rows: Range<usize>, style: &Style) -> String {
    if rows.start == 0 {
        return laid_out(columns, widths, rows, style);
    }
    let (mut out, mut lines) = (String::new(), Vec::new());
    for row in rows {
        let cells = columns.iter().zip(widths).map(|(column, width)| rows::Cell {
            text: column.cells.get(row).map_or("", String::as_str),
            width: *width,
            is_number: column.is_number,
        });
        if !rows::push(&mut out, &cells.collect::<Vec<_>>(), GAP, &mut lines) {
            out.push_str(&laid_out(columns, widths, row..row + 1, style));
        }
    }
    out
}

/// Rows as comfy-table lays them out; above the first one the heading.
fn laid_out(columns: &[Shown], widths: &[usize], rows: Range<usize>, style: &Style) -> String {
    let lines = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    let mut table = Table::new();
    table.load_style(lines).set_content_arrangement(ContentArrangement::Dynamic).force_no_tty();
    // comfy-table counts the padding behind the last column, which is trimmed below.
    table.set_width(u16::try_from(style.width + usize::from(PADDING)).unwrap_or(u16::MAX));
    if style.colour {
        table.enforce_styling();
    }
    if rows.start == 0 {
        table.set_header(columns.iter().map(|c| Cell::new(&c.title).add_attribute(Attribute::Bold)));
    }
    for row in rows {
        table.add_row(columns.iter().map(|c| c.cells.get(row).map_or("", String::as_str)));
    }
    for (i, (column, width)) in columns.iter().zip(widths).enumerate() {
        let Some(target) = table.column_mut(i) else { continue };
        target.set_padding((0, PADDING));
        // Constraints count the padding.
        let width = u16::try_from(*width).unwrap_or(u16::MAX).saturating_add(PADDING);
        target.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        if column.is_number {
            target.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut out = String::new();
    for line in table.lines() {
        let line = if line.starts_with('─') { separator(&line) } else { line.trim_end().to_owned() };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn separator(line: &str) -> String {
    let count = line.chars().count();
    line.chars().take(count.saturating_sub(usize::from(PADDING))).collect()
}

/// A block a row, a line a column.
fn blocks(columns: &[Shown], style: &Style) -> String {
    let label = columns.iter().map(|c| super::width(&c.title)).max().unwrap_or(0).min(style.width / 2);
    let rest = style.width.saturating_sub(label + GAP).max(WORD_COLUMNS_MAX);
    let mut out = String::new();
    for row in 0..columns.first().map_or(0, |c| c.cells.len()) {
        if row > 0 {
            out.push('\n');
        }
        for column in columns {
            let cell = column.cells.get(row).map_or("", String::as_str);
            for (i, line) in wrap(cell, rest).iter().enumerate() {
                let name = if i == 0 { super::truncate(&column.title, label) } else { String::new() };
                out.push_str(&style.dim(&super::pad(&name, label + GAP)));
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}
