//! MediaWiki: headings between equals signs, lists by prefix, tables in `{| |}`, the parameters of templates.

use super::{Writer, trimmed};
use crate::domain::Span;

pub(super) fn parse(mut writer: Writer) {
    let mut state = State::default();
    writer.each_line(|writer, range, _| state.line(writer, range));
    if let Some(start) = state.code {
        writer.code(start.min(writer.view.text.len())..writer.view.text.len());
    }
    state.end_row(&mut writer);
    writer.flush();
}

#[derive(Default)]
struct State {
    /// Beginning of the code at hand.
    code: Option<usize>,
    /// Braces of a template that runs over lines.
    braces: usize,
    /// How many lines it has run so far.
    template_lines: usize,
    table: Option<u32>,
    row: Vec<Vec<Span>>,
    is_header: bool,
}

/// A template that is longer was never closed: what follows is text again.
const MAX_TEMPLATE_LINES: usize = 400;

/// Tags between which text stands as it is.
const VERBATIM: &[&str] = &["<pre", "<syntaxhighlight", "<source"];
const VERBATIM_ENDS: &[&str] = &["</pre>", "</syntaxhighlight>", "</source>"];

impl State {
    fn line(&mut self, writer: &mut Writer, range: Span) {
        let text = writer.text(&range);
        let words = text.trim();
        if let Some(start) = self.code {
            if VERBATIM_ENDS.iter().any(|end| words.contains(end)) {
                self.code = None;
                writer.code(start..range.start);
            }
            return;
        }
        if self.braces > 0 || words.starts_with("{{") && !words.contains("}}") {
            writer.flush();
            self.template(writer, range, words);
            return;
        }
        if VERBATIM.iter().any(|tag| words.starts_with(tag)) && !VERBATIM_ENDS.iter().any(|end| words.contains(end)) {
            writer.flush();
            self.code = Some(range.end + 1);
            return;
        }
        if self.table.is_some() || words.starts_with("{|") {
            self.table_line(writer, range, words);
            return;
        }
        plain_line(writer, range, words);
    }

    /// `| key = value` of a template that stands on lines of its own.
    fn template(&mut self, writer: &mut Writer, range: Span, words: &str) {
        self.braces = (self.braces + words.matches("{{").count()).saturating_sub(words.matches("}}").count());
        self.template_lines = if self.braces == 0 { 0 } else { self.template_lines + 1 };
        if self.template_lines > MAX_TEMPLATE_LINES {
            (self.braces, self.template_lines) = (0, 0);
        }
        let Some((key, value)) = words.strip_prefix('|').and_then(|rest| rest.split_once('=')) else { return };
        let value = value.trim_end_matches("}}");
        let at = writer.text(&range).find('=').map_or(range.end, |at| range.start + at + 1);
        writer.field(key.trim(), at..(at + value.len()).min(range.end));
    }

    fn table_line(&mut self, writer: &mut Writer, range: Span, words: &str) {
        let start = trimmed(writer.view.text, &range).start;
        if words.starts_with("{|") {
            writer.flush();
            self.table = Some(writer.builder.next_table());
        } else if words.starts_with("|}") {
            self.end_row(writer);
            self.table = None;
        } else if words.starts_with("|-") {
            self.end_row(writer);
        } else if words.starts_with("|+") {
            writer.words(start + 2..range.end);
            writer.flush();
        } else if let Some(rest) = words.strip_prefix(['|', '!']) {
            self.is_header |= words.starts_with('!');
            let separator = if words.starts_with('!') && rest.contains("!!") { "!!" } else { "||" };
            let mut at = start + 1;
            for cell in rest.split(separator) {
                let end = at + cell.len();
                self.row.push(vec![at + attributes(cell)..end]);
                at = end + separator.len();
            }
        } else if let Some(last) = self.row.last_mut() {
            let words = words.trim_start_matches(['*', '#']);
            last.push(range.end - words.len().min(range.len())..range.end);
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

/// Length of `style="…" |` before a cell's words.
fn attributes(cell: &str) -> usize {
    match cell.find('|') {
        Some(bar) if cell.get(..bar).is_some_and(|a| a.contains('=') && !a.contains("[[")) => bar + 1,
        _ => 0,
    }
}

fn plain_line(writer: &mut Writer, range: Span, words: &str) {
    let start = trimmed(writer.view.text, &range).start;
    let equals = words.len() - words.trim_start_matches('=').len();
    let closing = words.len() - words.trim_end_matches('=').len();
    if equals > 0 && closing > 0 && equals + closing < words.len() {
        let level = equals.min(closing);
        writer.heading(level, start + level..start + words.len() - level);
        return;
    }
    let prefix = words.len() - words.trim_start_matches(['*', '#', ':', ';']).len();
    let marks = words.get(..prefix).unwrap_or("");
    let is_silent = words.starts_with("__") && words.ends_with("__") || words.to_uppercase().starts_with("#REDIRECT");
    match marks.chars().next_back() {
        _ if words.is_empty() || is_silent || words.starts_with("----") => writer.flush(),
        Some(';') if words.contains(" :") => {
            let at = words.find(" :").unwrap_or(0);
            writer.flush();
            let value = trimmed(writer.view.text, &(start + at + 2..range.end));
            writer.labelled(trimmed(writer.view.text, &(start + prefix..start + at)), value);
            writer.flush();
        }
        Some(mark @ ('*' | '#')) => writer.item(prefix - 1, mark == '#', start + prefix..range.end),
        Some(_) => {
            writer.flush();
            writer.words(start + prefix..range.end);
        }
        None => {
            if writer.in_item() {
                writer.flush();
            }
            writer.words(range);
        }
    }
}
