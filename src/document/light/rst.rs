//! reStructuredText: titles by underlines, directives, field lists, grid and simple tables, indented code.

use super::{Writer, field, indent, marker, trimmed};
use crate::domain::Span;

pub(super) fn parse(mut writer: Writer) {
    let mut state = State { in_header: true, ..State::default() };
    let mut lines = writer.lines();
    while let Some(range) = lines.next() {
        if writer.builder.is_full() {
            break;
        }
        let next = lines.peek().map(|next| writer.text(next)).unwrap_or("");
        let text = writer.text(&range);
        if state.is_in_indented(&mut writer, &range, text) {
            continue;
        }
        // A list of rows ends with the first line that isn't indented: often a title.
        let is_list = state.table.as_ref().is_some_and(|table| table.kind == Kind::List);
        if is_list && text.starts_with(|c: char| !c.is_whitespace()) {
            state.end_table(&mut writer);
        }
        if state.is_title(&writer, text, next) {
            let mark = rule(next.trim()).unwrap_or('=');
            let level = state.level((mark, state.overline));
            writer.heading(level, range);
            lines.next();
            state.overline = false;
            continue;
        }
        state.overline = !writer.has_words() && rule(text.trim()).is_some() && !next.trim().is_empty();
        if !state.overline {
            state.line(&mut writer, range, next);
        }
    }
    state.end(&mut writer);
}

#[derive(Default)]
struct State {
    in_header: bool,
    overline: bool,
    /// Marks of titles in the order in which they first appear: the first is the outermost.
    styles: Vec<(char, bool)>,
    /// Indent of a block that is code or no text, and its beginning if it is code.
    indented: Option<(usize, Option<usize>)>,
    /// The last line ended in `::`.
    is_code_next: bool,
    table: Option<Table>,
}

struct Table {
    id: u32,
    kind: Kind,
    rows: Vec<Vec<Vec<Span>>>,
    /// Rows above the line that ends the header.
    header: usize,
}

#[derive(PartialEq)]
enum Kind {
    Grid,
    /// Ranges of the columns, in characters of the line.
    Simple(Vec<Span>),
    /// `.. list-table::`, and the indent of its rows.
    List,
}

/// Rows kept before a table is written: longer ones are written in parts.
const MAX_ROWS: usize = 1_000;

/// The mark of a line of one punctuation mark.
fn rule(words: &str) -> Option<char> {
    let first = words.chars().next().filter(char::is_ascii_punctuation)?;
    (words.len() >= 3 && words.chars().all(|c| c == first)).then_some(first)
}

impl State {
    fn is_title(&self, writer: &Writer, text: &str, next: &str) -> bool {
        let words = text.trim();
        let underlined = rule(next.trim()).is_some() && next.trim().len() + 2 >= words.chars().count();
        let free = !writer.has_words() && self.table.is_none() && self.indented.is_none();
        free && underlined && !words.is_empty() && rule(words).is_none() && (self.overline || !text.starts_with(' '))
    }

    fn level(&mut self, style: (char, bool)) -> usize {
        self.in_header = self.styles.is_empty();
        let known = self.styles.iter().position(|s| *s == style);
        known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        }) + 1
    }

    fn line(&mut self, writer: &mut Writer, range: Span, next: &str) {
        let text = writer.text(&range);
        let words = text.trim();
        if self.table_line(writer, &range, text, next) {
            return;
        }
        let start = trimmed(writer.view.text, &range).start;
        if words.is_empty() {
            writer.flush();
            if std::mem::take(&mut self.is_code_next) && indent(next) > 0 {
                self.indented = Some((1, Some(range.end + 1)));
            }
            return;
        }
        if let Some(directive) = words.strip_prefix("..").filter(|d| d.is_empty() || d.starts_with(' ')) {
            writer.flush();
            self.directive(writer, &range, directive.trim(), indent(text));
            return;
        }
        if rule(words).is_some() {
            writer.flush();
            return;
        }
        if let Some((key, at)) = field(words) {
            if self.in_header && !writer.has_words() {
                writer.field(key, start + at..range.end);
                return;
            }
            writer.flush();
            writer.labelled(start + 1..start + 1 + key.len(), start + at..range.end);
            return;
        }
        self.in_header = false;
        self.is_code_next = words.ends_with("::");
        let end = if self.is_code_next { range.end - (text.len() - text.trim_end().len()) - 1 } else { range.end };
        match marker(words) {
            Some((length, ordered)) if !writer.has_words() || writer.in_item() => {
                writer.indented_item(indent(text), ordered, start + length..end);
            }
            _ => writer.words(start + usize::from(words.starts_with("| "))..end),
        }
    }

    /// Whether a line belongs to an indented block that is no prose.
    fn is_in_indented(&mut self, writer: &mut Writer, range: &Span, text: &str) -> bool {
        let Some((least, code)) = self.indented else { return false };
        if text.trim().is_empty() || indent(text) >= least {
            return true;
        }
        self.indented = None;
        if let Some(start) = code {
            writer.code(start..range.start);
        }
        false
    }

    fn directive(&mut self, writer: &mut Writer, range: &Span, directive: &str, depth: usize) {
        const CODE: &[&str] = &["code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "highlight"];
        const SILENT: &[&str] = &[
            "contents", "toctree", "image", "figure", "raw", "include", "meta", "index", "math", "only", "tags", "post",
        ];
        self.is_code_next = false;
        let Some((name, rest)) = directive.split_once("::") else {
            // A label, a target, a comment.
            self.indented = Some((depth + 1, None));
            return;
        };
        match name.trim() {
            name if CODE.contains(&name) => self.indented = Some((depth + 1, Some(range.end + 1))),
            name if SILENT.contains(&name) => self.indented = Some((depth + 1, None)),
            "list-table" => self.begin(writer, Kind::List),
            _ => {
                let rest = rest.trim();
                writer.words(range.end - rest.len().min(range.len())..range.end);
            }
        }
    }

    fn begin(&mut self, writer: &mut Writer, kind: Kind) {
        writer.flush();
        self.end_table(writer);
        self.table = Some(Table { id: writer.builder.next_table(), kind, rows: Vec::new(), header: 0 });
    }

    /// Reads a line as part of a table, if it is.
    fn table_line(&mut self, writer: &mut Writer, range: &Span, text: &str, next: &str) -> bool {
        let words = text.trim();
        let is_grid = words.starts_with("+-") || words.starts_with("+=");
        if self.table.is_none() && is_grid && words.ends_with('+') {
            self.begin(writer, Kind::Grid);
            return true;
        }
        if self.table.is_none() && words.contains("= =") && is_ruling(words) {
            self.begin(writer, Kind::Simple(columns(text)));
            return true;
        }
        let Some(table) = &mut self.table else { return false };
        if table.rows.len() >= MAX_ROWS {
            table.write(writer);
        }
        let goes_on = match &table.kind {
            Kind::Grid => table.grid_line(range, words),
            Kind::Simple(columns) => {
                let columns = columns.clone();
                table.simple_line(range, text, &columns)
            }
            Kind::List => table.list_line(range, text),
        };
        // A ruling line with nothing below it is the last of a simple table.
        let is_simple = matches!(table.kind, Kind::Simple(_));
        let is_last = is_simple && is_ruling(words) && !table.rows.is_empty() && next.trim().is_empty();
        if !goes_on || is_last {
            self.end_table(writer);
        }
        goes_on
    }

    fn end_table(&mut self, writer: &mut Writer) {
        if let Some(mut table) = self.table.take() {
            table.write(writer);
        }
    }

    fn end(&mut self, writer: &mut Writer) {
        self.end_table(writer);
        if let Some((_, Some(start))) = self.indented.take() {
            writer.code(start..writer.view.text.len());
        }
        writer.flush();
    }
}

/// `==== ===`.
fn is_ruling(words: &str) -> bool {
    !words.is_empty() && words.chars().all(|c| matches!(c, '=' | ' '))
}

/// Ranges of the columns that a line of `==== ===` rules; the last has no end.
fn columns(text: &str) -> Vec<Span> {
    let mut columns: Vec<Span> = Vec::new();
    let mut at = 0;
    for group in text.split(' ') {
        if !group.is_empty() {
            columns.push(at..at + group.len());
        }
        at += group.len() + 1;
    }
    if let Some(last) = columns.last_mut() {
        last.end = usize::MAX;
    }
    columns
}

impl Table {
    fn write(&mut self, writer: &mut Writer) {
        for (nth, row) in std::mem::take(&mut self.rows).iter().enumerate() {
            writer.row(self.id, nth < self.header, row);
        }
        self.header = 0;
    }

    /// `| a | b |`, or the rule between two rows, after which the next row begins.
    fn grid_line(&mut self, range: &Span, words: &str) -> bool {
        if words.starts_with('+') {
            if words.starts_with("+=") {
                self.header = self.rows.len();
            }
            self.rows.push(Vec::new());
            return true;
        }
        let Some(inside) = words.strip_prefix('|') else { return false };
        if self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        let Some(row) = self.rows.last_mut() else { return false };
        let mut at = range.end - inside.len().min(range.len());
        for (nth, cell) in inside.trim_end_matches('|').split('|').enumerate() {
            let piece = at..at + cell.len();
            at = piece.end + 1;
            match row.get_mut(nth) {
                Some(known) => known.push(piece),
                None => row.push(vec![piece]),
            }
        }
        true
    }

    /// A row by the columns of the ruling line; without words in the first column it goes on with the row above.
    fn simple_line(&mut self, range: &Span, text: &str, columns: &[Span]) -> bool {
        let words = text.trim();
        if words.is_empty() {
            return true;
        }
        if is_ruling(words) {
            self.header = self.header.max(usize::from(self.header == 0) * self.rows.len());
            return true;
        }
        if words.chars().all(|c| matches!(c, '-' | ' ')) {
            return true;
        }
        let place = |column: usize| text.floor_char_boundary(column.min(text.len()));
        let cells: Vec<Span> =
            columns.iter().map(|c| range.start + place(c.start)..range.start + place(c.end)).collect();
        let is_continued = text.starts_with(' ');
        match self.rows.last_mut().filter(|_| is_continued) {
            Some(row) => {
                for (known, piece) in row.iter_mut().zip(cells) {
                    known.push(piece);
                }
            }
            None => self.rows.push(cells.into_iter().map(|cell| vec![cell]).collect()),
        }
        true
    }

    /// `* - first cell`, `- next cell`, words that go on; options of the directive before them.
    fn list_line(&mut self, range: &Span, text: &str) -> bool {
        let words = text.trim();
        if words.is_empty() {
            return true;
        }
        if indent(text) == 0 {
            return false;
        }
        let piece = |rest: &str| vec![range.end - rest.len().min(range.len())..range.end];
        if let Some(("header-rows", at)) = field(words) {
            self.header = words.get(at..).and_then(|n| n.trim().parse().ok()).unwrap_or(0);
        } else if let Some(rest) = words.strip_prefix("* -") {
            self.rows.push(vec![piece(rest)]);
        } else if let (Some(rest), Some(row)) = (words.strip_prefix('-'), self.rows.last_mut()) {
            row.push(piece(rest));
        } else if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            cell.extend(piece(words));
        }
        true
    }
}
