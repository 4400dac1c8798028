//! Org, the outlines of Emacs: headings by stars, keywords, drawers, lists, tables, blocks, and what is to be done.

use super::{Writer, field, indent, marker, trimmed};
use crate::domain::Span;

pub(super) fn parse(mut writer: Writer) {
    let mut state = State::default();
    writer.each_line(|writer, range, next| state.line(writer, range, next));
    if let Some(start) = state.code {
        writer.code(start.min(writer.view.text.len())..writer.view.text.len());
    }
    writer.flush();
}

#[derive(Default)]
struct State {
    /// Beginning of the code at hand.
    code: Option<usize>,
    /// How many lines the drawer at hand has run so far.
    drawer: Option<usize>,
    table: Option<u32>,
    headings: usize,
}

/// A drawer that is longer was never closed: what follows is text again.
const MAX_DRAWER_LINES: usize = 400;

/// Blocks whose text stands as it is; that of others is words.
const VERBATIM: &[&str] = &["src", "example", "export", "comment"];

/// What a heading begins with that is to be done, or that was.
const STATES: &[&str] = &["TODO", "NEXT", "WAITING", "STARTED", "DOING", "DONE", "CANCELLED", "CANCELED"];

/// A part of a report that is still to be written has a shorter name than a task.
const TASK_WORDS_MIN: usize = 4;

impl State {
    fn line(&mut self, writer: &mut Writer, range: Span, next: &str) {
        let text = writer.text(&range);
        let words = text.trim();
        if let Some(start) = self.code {
            if keyword(words, "#+end_").is_some() {
                self.code = None;
                writer.code(start..range.start);
            }
            return;
        }
        if let Some(run) = self.drawer {
            self.drawer_line(writer, &range, words, run);
            return;
        }
        if words.starts_with('|') {
            self.row(writer, &range, words, next);
            return;
        }
        self.table = None;
        let start = trimmed(writer.view.text, &range).start;
        if let Some(name) = keyword(words, "#+begin_") {
            writer.flush();
            let is_verbatim = VERBATIM.iter().any(|kind| keyword(name, kind).is_some());
            self.code = is_verbatim.then_some(range.end + 1);
        } else if let Some(setting) = words.strip_prefix("#+") {
            self.setting(writer, setting, range.end);
        } else if words.is_empty() || words.len() >= 5 && words.chars().all(|c| c == '-') {
            writer.flush();
        } else if words == "#" || words.starts_with("# ") {
            // A comment.
        } else if words.starts_with(": ") {
            writer.code(start + 2..range.end);
        } else if field(words).is_some_and(|(_, at)| at == words.len()) {
            writer.flush();
            self.drawer = Some(0);
        } else if let Some(level) = level(text) {
            self.heading(writer, level, range);
        } else if let Some((length, ordered)) = marker(words) {
            item(writer, indent(text), ordered, start + length..range.end);
        } else {
            if writer.in_item() && indent(text) == 0 {
                writer.flush();
            }
            writer.words(range);
        }
    }

    /// `TITLE: words`, as far as nothing of the outline has been said.
    fn setting(&mut self, writer: &mut Writer, setting: &str, end: usize) {
        let Some((key, value)) = setting.split_once(':').filter(|_| self.headings == 0) else { return };
        writer.flush();
        writer.field(&key.to_lowercase(), end - value.trim_start().len().min(value.len())..end);
    }

    /// The properties of the whole, or of its first part, are told of all of it.
    fn drawer_line(&mut self, writer: &mut Writer, range: &Span, words: &str, run: usize) {
        let is_end = words.eq_ignore_ascii_case(":end:") || run >= MAX_DRAWER_LINES;
        self.drawer = (!is_end).then_some(run + 1);
        if let Some((key, at)) = field(words).filter(|_| !is_end && self.headings <= 1) {
            let start = trimmed(writer.view.text, range).start;
            writer.field(key, start + at.min(words.len())..range.end);
        }
    }

    fn heading(&mut self, writer: &mut Writer, level: usize, range: Span) {
        let (state, words) = outlined(writer.view.text, range.start + level..range.end);
        let count = writer.text(&words).split_whitespace().count();
        match state {
            Some(state) if level > 1 && count >= TASK_WORDS_MIN => {
                writer.item(0, false, words);
                writer.checked(matches!(state, "DONE" | "CANCELLED" | "CANCELED"));
            }
            _ => {
                self.headings += 1;
                writer.heading(level, words);
            }
        }
    }

    fn row(&mut self, writer: &mut Writer, range: &Span, words: &str, next: &str) {
        if self.table.is_none() {
            writer.flush();
        }
        let table = *self.table.get_or_insert_with(|| writer.builder.next_table());
        if is_rule(words) {
            return;
        }
        let inside = words.strip_prefix('|').unwrap_or(words);
        let inside = inside.strip_suffix('|').unwrap_or(inside);
        let mut at = trimmed(writer.view.text, range).start + 1;
        let mut cells = Vec::new();
        for cell in inside.split('|') {
            cells.push(vec![at..at + cell.len()]);
            at += cell.len() + 1;
        }
        writer.row(table, is_rule(next.trim()), &cells);
    }
}

/// What follows a keyword, which may be written in any case.
fn keyword<'t>(words: &'t str, keyword: &str) -> Option<&'t str> {
    let head = words.get(..keyword.len())?;
    if head.eq_ignore_ascii_case(keyword) { words.get(keyword.len()..) } else { None }
}

/// `|-----+----|`: what stands above it is a header.
fn is_rule(words: &str) -> bool {
    words.starts_with("|-") && words.chars().all(|c| matches!(c, '|' | '-' | '+'))
}

/// The stars at the very beginning of a line.
fn level(line: &str) -> Option<usize> {
    let level = line.len() - line.trim_start_matches('*').len();
    let rest = line.get(level..)?;
    (level > 0 && rest.starts_with(' ') && !rest.trim().is_empty()).then_some(level)
}

/// What a heading says is to be done with it, and its words: without that, a priority (`[#A]`), how much of it is done
/// (`[2/3]`) and tags (`:ops:db:`).
fn outlined(text: &str, range: Span) -> (Option<&'static str>, Span) {
    let mut words = trimmed(text, &range);
    let part = |words: &Span| text.get(words.clone()).unwrap_or("");
    let state = STATES.iter().find(|state| part(&words).strip_prefix(**state).is_some_and(|r| r.starts_with(' ')));
    if let Some(state) = state {
        words = trimmed(text, &(words.start + state.len()..words.end));
    }
    if let Some(end) = part(&words).strip_prefix("[#").and_then(|rest| rest.find(']')).filter(|end| *end <= 2) {
        words = trimmed(text, &(words.start + end + 3..words.end));
    }
    if let Some((before, tags)) = part(&words).rsplit_once(' ')
        && tags.len() > 2
        && tags.starts_with(':')
        && tags.ends_with(':')
    {
        words = trimmed(text, &(words.start..words.start + before.len()));
    }
    if let Some((before, done)) = part(&words).rsplit_once(" [")
        && let Some(done) = done.strip_suffix(']')
        && done.contains(['/', '%'])
        && done.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '%'))
    {
        words = trimmed(text, &(words.start..words.start + before.len()));
    }
    (state.copied(), words)
}

/// An item; `term :: what it is` is a labelled one.
fn item(writer: &mut Writer, indent: usize, ordered: bool, words: Span) {
    let Some(at) = writer.text(&words).find(" :: ") else {
        writer.indented_item(indent, ordered, words);
        return;
    };
    writer.indented_item(indent, ordered, words.start..words.start);
    writer.labelled(words.start..words.start + at, words.start + at + 4..words.end);
}
