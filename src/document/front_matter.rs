//! Front matter: the values between fences at the top of a Markdown, HTML or text file, and unfenced `key: value` lines
//! there.

use super::build::Builder;
use super::inline::View;
use crate::domain::Span;

/// Front matter longer than this is prose between two rules.
const MAX_BYTES: usize = 64 * 1024;
/// A key longer than this is a sentence with a colon in it.
const MAX_KEY_BYTES: usize = 40;

/// Reads the front matter, if there is any, and returns where the body begins.
pub(super) fn read(view: &View, builder: &mut Builder) -> usize {
    let text = view.text;
    let start = text.len() - text.trim_start_matches(['\u{FEFF}', '\n', '\r', ' ', '\t']).len();
    let opening = text.get(start..).unwrap_or("");
    let fence = if opening.starts_with("---") { "---" } else { "+++" };
    let Some(body) = fenced(opening, fence) else {
        head_lines(view, start, builder);
        return 0;
    };
    let end = body.after + start;
    let range = start + body.range.start..start + body.range.end;
    lines(view, range, builder);
    end
}

struct Fenced {
    range: Span,
    after: usize,
}

/// The lines between a first line that is the fence and the next one that is.
fn fenced(text: &str, fence: &str) -> Option<Fenced> {
    let mut at = 0;
    let mut from = None;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_end() == fence || from.is_some() && fence == "---" && line.trim_end() == "...";
        match from {
            None if is_fence => from = Some(at + line.len()),
            None => return None,
            Some(from) if is_fence => {
                let range = from..at;
                let holds_values =
                    text.get(range.clone()).is_some_and(|t| t.contains([':', '=']) || t.trim().is_empty());
                return holds_values.then_some(Fenced { range, after: at + line.len() });
            }
            Some(_) if at > MAX_BYTES => return None,
            Some(_) => {}
        }
        at += line.len();
    }
    None
}

/// `key: value` line by line, for what is no YAML.
fn lines(view: &View, range: Span, builder: &mut Builder) {
    let mut at = range.start;
    for line in view.text.get(range).unwrap_or("").split_inclusive('\n') {
        if let Some((key, value)) = key_value(line) {
            let start = at + value.start;
            field(view, builder, key, start..at + value.end);
        }
        at += line.len();
    }
}

fn field(view: &View, builder: &mut Builder, key: &str, range: Span) {
    let value = view.text.get(range.clone()).unwrap_or("");
    builder.field(key, value, view.source(&range));
}

/// The key and the range of the value, without quotes.
fn key_value(line: &str) -> Option<(&str, Span)> {
    let at = line.find([':', '='])?;
    let key = line.get(..at)?.trim().trim_matches('"');
    let is_key = !key.is_empty() && key.len() <= MAX_KEY_BYTES && key.chars().all(is_key_char);
    let raw = line.get(at + 1..)?;
    let value = raw.trim();
    let is_separate =
        raw.is_empty() || raw.starts_with([' ', '\t', '\n', '\r']) || line.as_bytes().get(at) == Some(&b'=');
    if !is_key || !is_separate || value.is_empty() {
        return None;
    }
    let start = at + 1 + (raw.len() - raw.trim_start().len());
    let quoted = ['"', '\''].iter().find_map(|q| value.strip_prefix(*q)?.strip_suffix(*q));
    Some((
        key,
        match quoted {
            Some(inner) => start + 1..start + 1 + inner.len(),
            None => start..start + value.len(),
        },
    ))
}

fn is_key_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/')
}

/// Two or more `Key: value` lines that open the text, up to a blank line. They stay part of the body too: a reader
/// sees them there.
fn head_lines(view: &View, start: usize, builder: &mut Builder) {
    let mut at = start;
    let mut found = Vec::new();
    for line in view.text.get(start..).unwrap_or("").split_inclusive('\n').take(50) {
        if line.trim().is_empty() {
            break;
        }
        match key_value(line) {
            Some((key, value)) if line.starts_with(char::is_alphabetic) && !line.contains('=') => {
                found.push((key, at + value.start..at + value.end));
            }
            _ => return,
        }
        at += line.len();
    }
    if found.len() >= 2 {
        for (key, range) in found {
            field(view, builder, key, range);
        }
    }
}
