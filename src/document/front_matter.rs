//! Front matter: the values between fences at the top of a Markdown, HTML or text file, and unfenced `key: value` lines
//! there.

use super::build::Builder;
use super::inline::View;
use super::record;
use crate::domain::Span;
use crate::source::Format;
use crate::source::json::{Token, Tokens};

/// Front matter longer than this is prose between two rules.
const MAX_BYTES: usize = 64 * 1024;
/// A key longer than this is a sentence with a colon in it.
const MAX_KEY_BYTES: usize = 40;

/// Values without fences take up at most this many lines.
const MAX_HEAD_LINES: usize = 50;

/// Reads the front matter, if there is any, and returns where the body begins.
pub(super) fn read(view: &View, builder: &mut Builder) -> usize {
    let text = view.text;
    let start = text.len() - text.trim_start_matches(['\u{FEFF}', '\n', '\r', ' ', '\t']).len();
    let opening = text.get(start..).unwrap_or("");
    let fence = if opening.starts_with("---") { "---" } else { "+++" };
    if let Some(body) = fenced(opening, fence) {
        let format = named(opening).unwrap_or(if fence == "---" { Format::Yaml } else { Format::Toml });
        fields(view, start + body.range.start..start + body.range.end, format, builder);
        return start + body.after;
    }
    if opening.starts_with('{')
        && let Some(end) = object_end(view.text, start)
    {
        record::fields(&view.slice(start..end), builder);
        return end;
    }
    head_lines(view, start, builder)
}

/// The language that some generators name behind the first fence: "---toml".
fn named(opening: &str) -> Option<Format> {
    match opening.lines().next()?.strip_prefix("---")?.trim() {
        "toml" => Some(Format::Toml),
        "yaml" | "yml" => Some(Format::Yaml),
        "json" => Some(Format::Json),
        _ => None,
    }
}

fn fields(view: &View, range: Span, format: Format, builder: &mut Builder) {
    if format == Format::Json {
        record::fields(&view.slice(range), builder);
        return;
    }
    if !record::plain_fields(format, &view.slice(range.clone()), builder) {
        builder.notice_once("front-matter", "the front matter is broken and was read line by line".to_owned());
        lines(view, range, builder);
    }
}

/// Where an object that opens the text ends, if more than a line of text follows it.
fn object_end(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (token, span) in Tokens::new(text, start..(start + MAX_BYTES).min(text.len())) {
        match token {
            Token::OpenObject => depth += 1,
            Token::CloseObject => depth = depth.checked_sub(1)?,
            Token::Literal if span.len() > MAX_KEY_BYTES => return None,
            _ => {}
        }
        if depth == 0 {
            return text.get(span.end..).is_some_and(|body| body.starts_with('\n')).then_some(span.end);
        }
    }
    None
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
        let is_first = from.is_none() && named(line).is_some();
        let is_fence =
            line.trim_end() == fence || is_first || from.is_some() && fence == "---" && line.trim_end() == "...";
        match from {
            None if is_fence => from = Some(at + line.len()),
            None => return None,
            Some(from) if is_fence => {
                let range = from..at;
                let holds_values = text.get(range.clone()).is_some_and(|t| {
                    (t.contains([':', '=']) || t.trim().is_empty()) && (fence == "+++" || !is_prose(t))
                });
                return holds_values.then_some(Fenced { range, after: at + line.len() });
            }
            Some(_) if at > MAX_BYTES => return None,
            Some(_) => {}
        }
        at += line.len();
    }
    None
}

/// A page that stands between two rules: too many of its lines are neither values nor what may stand beside them.
fn is_prose(text: &str) -> bool {
    let told = text.lines().map(str::trim_end).filter(|l| !l.is_empty());
    let beside = |l: &str| l.starts_with([' ', '\t', '#', '-', '[', ']', '{', '}', '"', '\'', '!', '&', '*', '.']);
    let is_value = |l: &str| l.split([':', '=']).next().is_some_and(|k| k.len() < l.len() && k.len() <= MAX_KEY_BYTES);
    let (lines, prose) =
        told.fold((0, 0), |(lines, prose), l| (lines + 1, prose + usize::from(!beside(l) && !is_value(l))));
    prose >= PROSE_LINES_MIN && prose * PROSE_SHARE > lines
}

/// Broken values leave a line or two; a page has more, and they are a share of it.
const PROSE_LINES_MIN: usize = 4;
const PROSE_SHARE: usize = 5;

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

/// Two or more `Key: value` lines that open the text, up to a blank line. Where the keys are a generator's (lower case,
/// no spaces) or those of a letter's head the body begins after them; else they stay part of it too, for a reader sees
/// them there.
fn head_lines(view: &View, start: usize, builder: &mut Builder) -> usize {
    let mut at = start;
    let mut found = Vec::new();
    for line in view.text.get(start..).unwrap_or("").split_inclusive('\n').take(MAX_HEAD_LINES) {
        if line.trim().is_empty() {
            break;
        }
        match key_value(line) {
            // "Ticket: 7      Priority: P2": a form of columns, which the body's reader takes apart.
            Some((_, value)) if line.get(value.clone()).is_some_and(|v| v.contains('\t') || v.contains("   ")) => {
                return 0;
            }
            Some((key, value)) if line.starts_with(char::is_alphabetic) && !line.contains('=') => {
                found.push((key, at + value.start..at + value.end));
            }
            // A letter's head folds long lines; what follows is mostly more addressees.
            _ if line.starts_with([' ', '\t']) && is_letter(&found) => {}
            _ => return 0,
        }
        at += line.len();
    }
    if found.len() < 2 {
        return 0;
    }
    let is_generated = found.iter().all(|(key, _)| key.chars().all(|c| c.is_lowercase() || c == '_'));
    let is_letter = is_letter(&found);
    for (key, range) in found {
        field(view, builder, key, range);
    }
    if is_generated || is_letter { at } else { 0 }
}

/// Whose letter it is, in the languages that are read; mail programs translate them.
const LETTER_KEYS: &[&str] = &["from", "von", "de"];

/// A letter's other lines: when it was sent and what it is about.
const LETTER_KEYS_BESIDE: &[&str] = &[
    "date", "sent", "subject", "datum", "gesendet", "betreff", "envoyé", "objet", "fecha", "enviado", "asunto", "data",
    "enviada", "assunto",
];

fn is_letter(found: &[(&str, Span)]) -> bool {
    let has = |keys: &[&str]| found.iter().filter(|(k, _)| keys.contains(&k.to_lowercase().as_str())).count();
    has(LETTER_KEYS) >= 1 && has(LETTER_KEYS_BESIDE) >= 1
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::source::Format;
    use std::sync::Arc;

    fn check(text: &str, expected: &[(&str, &str)], body: &str) {
        let text: Arc<str> = Arc::from(text);
        let document = parse(Format::Markdown, &text, 0..text.len());
        let found: Vec<_> = document.fields.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
        assert_eq!(found, expected, "{text}");
        let first = document.blocks.first().map_or("", |b| b.text.as_str());
        assert_eq!(first, body, "{text}");
        for field in &document.fields {
            let written = &text[field.span.clone()];
            assert!(written.contains(field.value.split(['\n', '\'', '"']).next().unwrap_or("")), "{written} {field:?}");
        }
    }

    #[test]
    fn a_fence_may_name_its_language() {
        check("---toml\ntitle = \"Chat is slow\"\n---\nText", &[("title", "Chat is slow")], "Text");
        check("---json\n{\"title\": \"Chat is slow\"}\n---\nText", &[("title", "Chat is slow")], "Text");
    }

    #[test]
    fn yaml_values_keep_their_looks() {
        check(
            "---\ntitle: \"A: b\"\nversion: 1.10\nModified-At: 2024-02-02 10:00\nempty:\nflag: no\n---\nbody",
            &[("title", "A: b"), ("version", "1.10"), ("modified_at", "2024-02-02 10:00"), ("flag", "no")],
            "body",
        );
        check(
            "\n\n---\r\ntags:\r\n  - é\r\n  - b\r\nwho: {name: x, 'at': \"y\"}\r\n---\r\nbody",
            &[("tags", "é"), ("tags", "b"), ("who.name", "x"), ("who.at", "y")],
            "body",
        );
        check("---\ntext: |\n  one\n  two\n---\nbody", &[("text", "one\ntwo")], "body");
    }

    #[test]
    fn a_page_between_two_rules_is_no_front_matter() {
        let page = "---\n\n# Chat is slow\n\nDate: 2026-03-02\n\nMessages came late.\nNobody could log in.\nWe looked.\n\n## Fix\n\nWe restarted it.\nIt was back.\n\n---\n";
        check(page, &[], "Chat is slow");
    }

    #[test]
    fn what_is_no_yaml_is_read_line_by_line() {
        check("---\ntitle: A: b: c\nat: [x\n---\nbody", &[("title", "A: b: c"), ("at", "[x")], "body");
    }

    #[test]
    fn toml_and_json_too() {
        check(
            "+++\ntitle = \"A\"\ndate = 2024-02-02T10:00:00Z\n[extra]\nn = 3\ntags = [\"x\", 'y']\n+++\nbody",
            &[
                ("title", "A"),
                ("date", "2024-02-02T10:00:00Z"),
                ("extra.n", "3"),
                ("extra.tags", "x"),
                ("extra.tags", "y"),
            ],
            "body",
        );
        check("{\n\"title\": \"A\", \"tags\": [\"x\"]\n}\nbody", &[("title", "A"), ("tags", "x")], "body");
    }

    #[test]
    fn head_lines_stay_in_the_body() {
        check("Title: A\nDate: 2024\n\nbody", &[("title", "A"), ("date", "2024")], "Title: A\nDate: 2024");
        check("title: A\nlayout: post\n\nbody", &[("title", "A"), ("layout", "post")], "body");
        check(
            "From: A <a@b.example>\nDate: Fri, 17 Jan 2025\nTo: c@b.example,\n  d@b.example\n\nbody",
            &[("from", "A <a@b.example>"), ("date", "Fri, 17 Jan 2025"), ("to", "c@b.example,")],
            "body",
        );
        check("Note: one line\n\nbody", &[], "Note: one line");
        check("Id: 7\tRank: 2\nAt: noon\tTo: one\n\nbody", &[], "Id: 7 Rank: 2\nAt: noon To: one");
        check("---\n\nprose between rules\n\n---\n", &[], "prose between rules");
    }

    #[test]
    fn an_alias_bomb_is_no_bomb() {
        let mut text = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..12 {
            let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
            text.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
        }
        text.push_str("---\nbody");
        let text: Arc<str> = Arc::from(text);
        let document = parse(Format::Markdown, &text, 0..text.len());
        assert_eq!(document.notices.first().map(|n| n.code), Some("front-matter"));
    }
}
