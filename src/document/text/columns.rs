//! Tables in plain text: columns set apart by spaces or tabs, as they come out of a PDF or a terminal.

use crate::domain::Span;

/// So many spaces between words set columns apart; fewer may be careless typing or justified text.
const MIN_GAP: usize = 3;
/// How far a cell may begin from where its column does.
const MAX_SHIFT: usize = 2;
/// A header's cells have at most this many words.
const MAX_HEADER_WORDS: usize = 3;
/// Lines of more cells than this are no table.
const MAX_COLUMNS: usize = 12;

/// A piece of a line between two gaps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    /// Characters before it; tabs count to the next multiple of eight.
    column: usize,
    /// Its range in the line.
    pub words: Span,
}

/// The pieces of a line, one if it has no gaps.
pub(super) fn segments(line: &str) -> Vec<Segment> {
    cut(line, &[])
}

/// Where columns are known, any space before one of them is a gap.
fn cut(line: &str, columns: &[usize]) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    let mut column = 0;
    let mut gap = MIN_GAP;
    for (at, c) in line.char_indices() {
        if c == '\t' {
            column += 8 - column % 8;
            gap = MIN_GAP;
            continue;
        }
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            gap += 1;
        } else if gap >= MIN_GAP || gap > 0 && columns.contains(&column) {
            found.push(Segment { column, words: at..end });
            gap = 0;
        } else if let Some(last) = found.last_mut() {
            last.words.end = end;
            gap = 0;
        }
        column += 1;
    }
    found
}

/// The pieces of a line between tabs, numbered: they stand in columns, however long the words before them are.
fn tabbed(line: &str) -> Vec<Segment> {
    let mut at = 0;
    let ranges = line.split('\t').map(|piece| {
        let start = at + piece.len() - piece.trim_start().len();
        at += piece.len() + 1;
        start..start + piece.trim().len()
    });
    ranges.filter(|words| !words.is_empty()).enumerate().map(|(column, words)| Segment { column, words }).collect()
}

/// A table in the making: where its columns begin, and the row being read.
pub(super) struct Table {
    columns: Vec<usize>,
    /// Its cells are set apart by tabs and do not stand below each other.
    is_tabbed: bool,
    pub id: u32,
    pub rows: usize,
    /// For each column the ranges of its words in the text.
    pub row: Vec<Vec<Span>>,
}

impl Table {
    /// A table begins with two lines whose gaps agree, or that have as many tabs within.
    pub fn begins(line: &str, next: &str) -> bool {
        Table::is_aligned(line, next) || Table::is_tabbed(line, next)
    }

    fn is_tabbed(line: &str, next: &str) -> bool {
        let count = tabbed(line).len();
        (2..=MAX_COLUMNS).contains(&count) && tabbed(next).len() == count
    }

    fn is_aligned(line: &str, next: &str) -> bool {
        let (first, second) = (segments(line), segments(next));
        let (fewer, more) = if first.len() <= second.len() { (&first, &second) } else { (&second, &first) };
        let is_met = |s: &Segment| more.iter().any(|m| m.column.abs_diff(s.column) <= MAX_SHIFT);
        (2..=MAX_COLUMNS).contains(&fewer.len()) && more.len() <= MAX_COLUMNS && fewer.iter().all(is_met)
    }

    pub fn new(id: u32, line: &str, next: &str) -> Table {
        let is_tabbed = !Table::is_aligned(line, next);
        let read = if is_tabbed { tabbed } else { segments };
        let (first, second) = (read(line), read(next));
        let widest = if first.len() >= second.len() { first } else { second };
        let columns = widest.iter().map(|s| s.column).collect();
        Table { columns, is_tabbed, id, rows: 0, row: Vec::new() }
    }

    /// Which columns a line's pieces stand in; nothing if the line is no part of the table.
    pub fn fit(&self, line: &str) -> Option<Vec<(usize, Segment)>> {
        if self.is_tabbed {
            let pieces = tabbed(line);
            return (2..=self.columns.len()).contains(&pieces.len()).then(|| pieces.into_iter().enumerate().collect());
        }
        let segments = cut(line, &self.columns);
        let is_lone_first = segments.len() == 1 && segments.first().is_some_and(|s| self.column_of(s) == Some(0));
        if is_lone_first {
            return None;
        }
        segments.into_iter().map(|segment| Some((self.column_of(&segment)?, segment))).collect()
    }

    fn column_of(&self, segment: &Segment) -> Option<usize> {
        self.columns.iter().position(|column| column.abs_diff(segment.column) <= MAX_SHIFT)
    }

    /// Adds a line's pieces to the row.
    pub fn add(&mut self, start: usize, pieces: Vec<(usize, Segment)>) {
        self.row.resize(self.columns.len(), Vec::new());
        for (column, segment) in pieces {
            if let Some(cell) = self.row.get_mut(column) {
                cell.push(start + segment.words.start..start + segment.words.end);
            }
        }
    }

    /// Whether the row names its columns: the first of three or more, few words, no numbers.
    pub fn is_header(&self, text: &str) -> bool {
        let names_column = |cell: &Vec<Span>| {
            let words = cell.iter().filter_map(|span| text.get(span.clone()));
            words.clone().count() == 1
                && words.clone().flat_map(str::split_whitespace).count() <= MAX_HEADER_WORDS
                && !words.clone().any(|words| words.contains(|c: char| c.is_ascii_digit() || c == ':'))
        };
        self.rows == 0 && self.columns.len() >= 3 && self.row.iter().all(names_column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_cut_a_line() {
        let cut =
            |line: &str| segments(line).into_iter().map(|s| (s.column, line[s.words].to_owned())).collect::<Vec<_>>();
        assert_eq!(cut("a b   é f\tg"), [(0, "a b".into()), (6, "é f".into()), (16, "g".into())]);
        assert_eq!(cut("  a  b"), [(2, "a  b".into())]);
        assert_eq!(cut("   "), []);
    }

    #[test]
    fn agreeing_gaps_begin_a_table() {
        assert!(Table::begins("Ref   Action   Owner", "A1    Fix      Ops"));
        assert!(Table::begins("10:05\tfull", "10:10\tempty"));
        assert!(Table::begins("Ticket:\t7\t\tPriority:\tP2", "Opened:\ttoday at noon, when it broke\tClosed:\tat one"));
        assert!(!Table::begins("\tOne line that is set in", "\tand the next"));
        assert!(!Table::begins("words   words", "words words"));
        assert!(!Table::begins("a    b", "ccc        d"));
    }
}
