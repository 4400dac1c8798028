//! The wiki markup of Jira and Confluence, and Textile, which looks much the same: headings `h2.`, lists by repeated
//! marks, `||` tables, macros in braces.

use super::{Writer, trimmed};
use crate::document::build::PSEUDO_HEADING_LEVEL;
use crate::domain::Span;

pub(super) fn parse(mut writer: Writer) {
    let mut state = State::default();
    writer.each_line(|writer, range, _| state.line(writer, range));
    if let Some((_, start)) = state.code {
        writer.code(start.min(writer.view.text.len())..writer.view.text.len());
    }
    state.end_row(&mut writer);
    writer.flush();
}

#[derive(Default)]
struct State {
    /// What ends the code at hand, and where that began.
    code: Option<(&'static str, usize)>,
    table: Option<u32>,
    /// Cells of a row that goes on in the next line.
    row: Vec<Vec<Span>>,
    is_header: bool,
}

/// What opens text that stands as it is, and what closes it.
const VERBATIM: &[(&str, &str)] = &[("{code", "{code}"), ("{noformat", "{noformat}"), ("<pre", "</pre>")];

/// A row longer than this was never closed.
const MAX_CELLS: usize = 64;

impl State {
    fn line(&mut self, writer: &mut Writer, range: Span) {
        let words = writer.text(&range).trim();
        let start = trimmed(writer.view.text, &range).start;
        if let Some((end, code)) = self.code {
            if words.contains(end) {
                self.code = None;
                writer.code(code..range.start);
            }
            return;
        }
        if let Some((opening, end)) = VERBATIM.iter().find(|(opening, _)| words.starts_with(opening)) {
            self.end_row(writer);
            writer.flush();
            let inside = words.get(opening.len()..).unwrap_or("");
            let first = words.find(['}', '>']).map_or(words.len(), |at| at + 1);
            match inside.rfind(end) {
                Some(at) => writer.code(start + first..(start + opening.len() + at).max(start + first)),
                None => self.code = Some((end, range.end + 1)),
            }
            return;
        }
        let is_cell = words.starts_with('|');
        if is_cell || !self.row.is_empty() && !words.is_empty() {
            self.cells(writer, start, words, is_cell);
            return;
        }
        self.end_row(writer);
        self.table = None;
        plain_line(writer, range, words, start);
    }

    /// A row ends in a bar; one that does not goes on in the next line.
    fn cells(&mut self, writer: &mut Writer, start: usize, words: &str, is_cell: bool) {
        if is_cell && self.table.is_none() {
            writer.flush();
            self.table = Some(writer.builder.next_table());
        }
        if is_cell {
            self.end_row(writer);
            self.is_header = words.starts_with("||") || words.starts_with("|_.");
        }
        let mut at = start + words.len() - words.trim_start_matches('|').len();
        let inside = words.trim_matches('|');
        let mut bars = inside.split_inclusive('|').peekable();
        while let Some(cell) = bars.next() {
            let bare = cell.trim_end_matches('|');
            let skipped = if bare.starts_with("_.") { 2 } else { 0 };
            match self.row.last_mut().filter(|_| !is_cell && at == start) {
                Some(last) => last.push(at..at + bare.len()),
                // Two bars between the cells of a header are one.
                None if bare.is_empty() && self.is_header && bars.peek().is_some() => {}
                None => self.row.push(vec![at + skipped..at + bare.len()]),
            }
            at += cell.len();
        }
        if words.len() > 1 && words.ends_with('|') || self.row.len() > MAX_CELLS {
            self.end_row(writer);
        }
    }

    fn end_row(&mut self, writer: &mut Writer) {
        let row = std::mem::take(&mut self.row);
        if let Some(table) = self.table.filter(|_| !row.is_empty()) {
            writer.row(table, self.is_header, &row);
        }
        self.is_header = false;
    }
}

fn plain_line(writer: &mut Writer, range: Span, words: &str, start: usize) {
    if words.is_empty() || words.len() >= 4 && words.chars().all(|c| c == '-') {
        writer.flush();
    } else if let Some(level) = heading(words) {
        writer.heading(level, start + 3..range.end);
    } else if let Some(title) = words.strip_prefix('{').and_then(|macro_| macro_.strip_suffix('}')) {
        // A macro on a line of its own; a panel may have a title.
        let at = title.find("title=").filter(|_| !title.contains(['{', '}']));
        match at.map(|at| at + "title=".len()) {
            Some(at) => {
                let end = title.get(at..).and_then(|t| t.find('|')).map_or(title.len(), |bar| at + bar);
                writer.heading(usize::from(PSEUDO_HEADING_LEVEL), start + 1 + at..start + 1 + end);
            }
            None if title.contains(['{', '}']) => writer.words(range),
            None => writer.flush(),
        }
    } else if let Some((depth, ordered, length)) = item(words) {
        writer.item(depth, ordered, start + length..range.end);
    } else {
        let quote = if words.starts_with("bq. ") { 4 } else { 0 };
        writer.words(start + quote..range.end);
    }
}

/// The level of `h2. Words`.
pub(super) fn heading(line: &str) -> Option<usize> {
    let rest = line.strip_prefix('h')?;
    let level = rest.chars().next()?.to_digit(10).filter(|level| (1..=6).contains(level))?;
    let words = rest.get(1..)?.strip_prefix('.')?;
    (words.starts_with(' ') && !words.trim().is_empty()).then_some(level as usize)
}

/// Depth, whether it numbers, and the length of its marks.
fn item(words: &str) -> Option<(usize, bool, usize)> {
    let depth = words.len() - words.trim_start_matches(['*', '#', '-']).len();
    let rest = words.get(depth..)?;
    let is_item = (1..=6).contains(&depth) && rest.starts_with(' ') && !rest.trim().is_empty();
    is_item.then(|| (depth - 1, words.get(..depth).is_some_and(|marks| marks.ends_with('#')), depth))
}
