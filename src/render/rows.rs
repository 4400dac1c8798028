//! Rows of a long table, written at once: the lines that comfy-table makes of them, without a text of its own for every
//! cell and line. What that library alone knows how to break is left to it.
//!
//! Knows nothing of headings and of how wide columns are to be.

use super::wrap::{is_plain, width};

/// A line that has no more room than this is full.
const ROOM_MIN: usize = 2;

/// One cell of a row, how many columns of the terminal it has, and whether it stands on the right.
pub(super) struct Cell<'a> {
    pub text: &'a str,
    pub width: usize,
    pub is_number: bool,
}

/// Appends a row, cells `gap` columns apart; false, with nothing appended, where a word has to be broken that is not of
/// plain letters, or where a line is not for itself.
pub(super) fn push<'a>(out: &mut String, cells: &[Cell<'a>], gap: usize, lines: &mut Vec<(usize, &'a str)>) -> bool {
    lines.clear();
    for (nth, cell) in cells.iter().enumerate() {
        // A line that begins with a rule is taken for that of the heading.
        if cell.text.contains('\n') || (nth == 0 && cell.text.contains('─')) || !wrap(nth, cell, lines) {
            return false;
        }
    }
    // How many lines each cell has is known where the next one's begin.
    let of = |nth: usize| {
        let first = lines.partition_point(|(cell, _)| *cell < nth);
        lines.get(first..lines.partition_point(|(cell, _)| *cell <= nth)).unwrap_or_default()
    };
    let height = (0..cells.len()).map(|nth| of(nth).len()).max().unwrap_or(0);
    for line in 0..height {
        let start = out.len();
        let mut spaces = 0;
        for (nth, cell) in cells.iter().enumerate() {
            let text = of(nth).get(line).map_or("", |(_, text)| text);
            let left = cell.width.saturating_sub(width(text));
            spaces += if cell.is_number { left } else { 0 };
            if !text.is_empty() {
                out.extend(std::iter::repeat_n(' ', std::mem::take(&mut spaces)));
                out.push_str(text);
            }
            spaces += gap + if cell.is_number { 0 } else { left };
        }
        out.truncate(start + out.get(start..).map_or(0, |line| line.trim_end().len()));
        out.push('\n');
    }
    true
}

/// The lines of a cell, as comfy-table breaks them at spaces: each is a stretch of its text.
fn wrap<'a>(nth: usize, cell: &Cell<'a>, lines: &mut Vec<(usize, &'a str)>) -> bool {
    let (text, room) = (cell.text, cell.width.max(1));
    if width(text) <= room {
        lines.push((nth, text));
        return true;
    }
    let mut push = |from: usize, to: usize| lines.extend(text.get(from..to).map(|line| (nth, line)));
    // Where the line begins and ends, and how wide it is; it is empty while nothing stands on it.
    let (mut begin, mut end, mut used) = (0, 0, 0);
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let word = rest.split(' ').next().unwrap_or_default();
        let (next, wide) = (at + word.len(), width(word));
        let space = usize::from(begin != end);
        let left = (room - used).saturating_sub(space);
        if wide > left && begin != end && (left <= ROOM_MIN || wide <= room) {
            push(begin, end);
            (begin, end, used) = (at, at, 0);
            continue;
        }
        begin = if begin == end { at } else { begin };
        if wide > left {
            if !is_plain(word) {
                return false;
            }
            push(begin, at + left);
            at += left;
            (begin, end, used) = (at, at, 0);
            continue;
        }
        (end, used) = (next, used + space + wide);
        at = next + 1;
        if used > room.saturating_sub(ROOM_MIN) {
            push(begin, end);
            (begin, end, used) = (end, end, 0);
        }
    }
    if begin != end {
        push(begin, end);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use comfy_table::{CellAlignment, ColumnConstraint, LineStyle, Table, TableStyle, Width};
    use proptest::prelude::*;

    fn of_the_library(cells: &[Cell<'_>]) -> String {
        let mut table = Table::new();
        table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
        table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic).force_no_tty().set_width(400);
        table.add_row(cells.iter().map(|cell| cell.text));
        for (nth, cell) in cells.iter().enumerate() {
            let column = table.column_mut(nth).unwrap();
            column.set_padding((0, 1));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(u16::try_from(cell.width).unwrap() + 1)));
            if cell.is_number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_library(
            cells in prop::collection::vec(("( ?[a-c]{0,9}[é–障]?,?){0,6} ?", 1_usize..12, any::<bool>()), 1..5),
        ) {
            let cells = cells.iter().map(|(text, width, right)| Cell { text, width: *width, is_number: *right });
            let cells: Vec<Cell<'_>> = cells.collect();
            let mut out = "before ".to_owned();
            if push(&mut out, &cells, 2, &mut Vec::new()) {
                prop_assert_eq!(out, format!("before {}", of_the_library(&cells)));
            } else {
                prop_assert_eq!(out, "before ");
                prop_assert!(cells.iter().any(|cell| !cell.text.is_ascii()));
            }
        }
    }
}
