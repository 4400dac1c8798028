//! AsciiDoc: headings by equals signs, attributes, delimited blocks, lists by repeated marks, `|===` tables.

use super::{Writer, field, marker, trimmed};
use crate::document::build::PSEUDO_HEADING_LEVEL;
use crate::domain::Span;

pub(super) fn parse(mut writer: Writer) {
    let mut state = State { in_header: true, ..State::default() };
    writer.each_line(|writer, range, next| state.line(writer, range, next));
    if let Some((_, start)) = state.code {
        writer.code(start..writer.view.text.len());
    }
    state.end_table(&mut writer);
    writer.flush();
}

#[derive(Default)]
struct State {
    in_header: bool,
    /// The fence of the code at hand, and where it began.
    code: Option<(String, usize)>,
    /// The fence of a comment.
    comment: bool,
    table: Option<Table>,
    /// What `[cols=…,options=…]` said of the next table.
    columns: usize,
    has_header: bool,
}

struct Table {
    id: u32,
    columns: usize,
    has_header: bool,
    cells: Vec<Vec<Span>>,
    rows: usize,
}

/// A row longer than this has lost its table's width.
const MAX_CELLS: usize = 64;

impl State {
    fn line(&mut self, writer: &mut Writer, range: Span, next: &str) {
        let words = writer.text(&range).trim();
        if let Some((fence, start)) = &self.code {
            if words == fence {
                let start = *start;
                self.code = None;
                writer.code(start..range.start);
            }
            return;
        }
        if self.comment || words == "////" {
            self.comment ^= words == "////";
            return;
        }
        if words == "|===" {
            writer.flush();
            match self.table {
                Some(_) => self.end_table(writer),
                None => self.begin_table(writer),
            }
            return;
        }
        if self.table.is_some() {
            self.table_line(writer, &range, words, next);
            return;
        }
        self.body(writer, range, words, next);
    }

    fn body(&mut self, writer: &mut Writer, range: Span, words: &str, next: &str) {
        let start = trimmed(writer.view.text, &range).start;
        let is_fence = |mark: char| words.len() >= 4 && words.chars().all(|c| c == mark);
        if is_fence('-') || is_fence('.') || words.starts_with("```") {
            writer.flush();
            let fence = if words.starts_with("```") { "```" } else { words };
            self.code = Some((fence.to_owned(), range.end + 1));
            return;
        }
        let hidden = ["//", "include::", "image::", "ifdef::", "ifndef::", "endif::", "toc::", "[["];
        let is_frame = is_fence('=') || is_fence('*') || is_fence('_') || matches!(words, "--" | "'''" | "<<<");
        if words.is_empty() || is_frame {
            writer.flush();
            return;
        }
        if words == "+" || hidden.iter().any(|mark| words.starts_with(mark)) {
            return;
        }
        if words.starts_with('[') && words.ends_with(']') {
            self.attributes(words);
            writer.flush();
            return;
        }
        if let Some((key, at)) = field(words).filter(|_| self.in_header && !writer.has_words()) {
            writer.field(key, start + at..range.end);
            return;
        }
        let level = words.len() - words.trim_start_matches('=').len();
        if level > 0 && words.get(level..).is_some_and(|rest| rest.starts_with(' ')) {
            self.in_header &= level == 1;
            writer.heading(level, start + level..range.end);
            return;
        }
        self.in_header = false;
        if let Some(title) = words.strip_prefix('.').filter(|t| t.starts_with(char::is_alphabetic) && !next.is_empty())
        {
            writer.heading(usize::from(PSEUDO_HEADING_LEVEL), range.end - title.len()..range.end);
        } else if let Some((depth, ordered, length)) = item(words) {
            writer.item(depth, ordered, start + length..range.end);
        } else if let Some(at) = words.find(":: ") {
            writer.flush();
            writer.labelled(start..start + at, start + at + 3..range.end);
            writer.flush();
        } else {
            writer.words(range);
        }
    }

    /// `[cols="1,3*2",options="header"]`.
    fn attributes(&mut self, words: &str) {
        if let Some((_, rest)) = words.split_once("cols=") {
            let list = rest
                .strip_prefix('"')
                .and_then(|r| r.split('"').next())
                .unwrap_or_else(|| rest.split([',', ']']).next().unwrap_or(""));
            let count = |column: &str| column.split_once('*').and_then(|(n, _)| n.trim().parse().ok()).unwrap_or(1);
            self.columns = list.split([',', ';']).map(count).sum::<usize>().min(MAX_CELLS);
        }
        self.has_header |= words.contains("header");
    }

    fn begin_table(&mut self, writer: &mut Writer) {
        let (columns, has_header) = (std::mem::take(&mut self.columns), std::mem::take(&mut self.has_header));
        self.table = Some(Table { id: writer.builder.next_table(), columns, has_header, cells: Vec::new(), rows: 0 });
    }

    fn table_line(&mut self, writer: &mut Writer, range: &Span, words: &str, next: &str) {
        let Some(table) = &mut self.table else { return };
        if words.is_empty() {
            return;
        }
        let at = trimmed(writer.view.text, range).start;
        let mut end = at;
        let mut on_line = 0;
        for (nth, piece) in words.split('|').enumerate() {
            let cell = end..end + piece.len();
            end = cell.end + 1;
            if nth > 0 {
                on_line += 1;
                table.cells.push(vec![cell]);
            } else if let Some(last) = table.cells.last_mut().filter(|_| !piece.trim().is_empty()) {
                last.push(cell);
            }
        }
        if table.columns == 0 && on_line > 0 {
            // The first line tells the width, and is the header when a blank line follows it.
            table.columns = on_line;
        }
        table.has_header |= table.rows == 0 && table.cells.len() == table.columns && next.trim().is_empty();
        // A row goes on over lines until the next cell begins.
        if !next.trim().is_empty() && !next.trim_start().starts_with('|') {
            return;
        }
        while table.columns > 0 && table.cells.len() >= table.columns {
            let rest = table.cells.split_off(table.columns);
            let row = std::mem::replace(&mut table.cells, rest);
            writer.row(table.id, table.has_header && table.rows == 0, &row);
            table.rows += 1;
        }
    }

    fn end_table(&mut self, writer: &mut Writer) {
        if let Some(table) = self.table.take().filter(|table| !table.cells.is_empty()) {
            writer.row(table.id, false, &table.cells);
        }
    }
}

/// Depth, whether it numbers, and the length of its marker.
fn item(words: &str) -> Option<(usize, bool, usize)> {
    let mark = words.chars().next().filter(|c| matches!(c, '*' | '.'))?;
    let depth = words.len() - words.trim_start_matches(mark).len();
    if (1..=6).contains(&depth) && words.get(depth..).is_some_and(|rest| rest.starts_with(' ')) {
        return Some((depth - 1, mark == '.', depth));
    }
    marker(words).map(|(length, ordered)| (0, ordered, length))
}
