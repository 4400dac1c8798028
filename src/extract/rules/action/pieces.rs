//! How several actions stand in one block: a line each, numbered in brackets, or with semicolons between.

use super::details::{is_imperative, marked_status};
use super::marks::marks;
use crate::domain::{ActionStatus, Span};
use crate::extract::reading::WRAPPED_LINE_CHARS;
use crate::extract::section::announced;
use crate::extract::vocabulary::action_words;
use crate::text::{Regex, words_count};
use std::sync::LazyLock;

/// A shorter piece is no action.
const WORDS_MIN: usize = 2;
/// A paragraph of more lines is a dump.
const LINES_MAX: usize = 60;

/// The lines of a paragraph that are an action each: all begin like one, and none but the last was cut for want of
/// room.
pub fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    let all: Vec<Span> = text
        .split('\n')
        .map(|line| {
            let start = at;
            at += line.len() + 1;
            start..start + line.len()
        })
        .filter(|range| text.get(range.clone()).is_some_and(|line| !line.trim().is_empty()))
        .collect();
    let words = |range: &Span| text.get(range.clone()).unwrap_or("").trim();
    let stands = |range: &Span| {
        let line = words(range).trim_start_matches(['-', '*', '•', '–', ' ']);
        let begins = line.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "[(✅⏳☐☑☒✔❌".contains(c));
        begins && words_count(line) >= WORDS_MIN && !line.ends_with(':') && announced(line).is_none()
    };
    let is_whole = |range: &Span| {
        let line = words(range);
        line.ends_with(['.', ';', ')', ']', '!']) || !WRAPPED_LINE_CHARS.contains(&line.chars().count())
    };
    let coded = coded(text, &all);
    if coded.len() > 1 {
        return coded;
    }
    // "In future, we will:" and "Tasks:" head the lines below them, which then were not wrapped.
    let heads = |range: &Span| words(range).ends_with(':') || announced(words(range)).is_some();
    let headed = all.first().is_some_and(heads);
    let all: Vec<Span> = all.into_iter().filter(|range| !heads(range)).collect();
    let cut = if headed { 0 } else { all.len().saturating_sub(1) };
    let fits = (2..=LINES_MAX).contains(&all.len()) && all.iter().all(stands) && all.iter().take(cut).all(is_whole);
    if fits { all } else { Vec::new() }
}

/// "RA-1 Widen the path", "A2: Retire it", wrapped or not: from one code to the next, where the first line has one.
fn coded(text: &str, lines: &[Span]) -> Vec<Span> {
    let code = |line: &Span| {
        let word = text.get(line.clone())?.split_whitespace().next()?.trim_end_matches([':', '.', ')']);
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_code = letters.len() < word.len() && (1..=CODE_BYTES_MAX).contains(&letters.len());
        let capitals = letters.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'#' | b'.'));
        (is_code && capitals && letters.bytes().any(|b| b.is_ascii_uppercase())).then_some(letters)
    };
    let Some(first) = lines.first().and_then(code) else { return Vec::new() };
    let starts: Vec<usize> = lines.iter().filter(|line| code(line) == Some(first)).map(|line| line.start).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let spans = starts.iter().zip(ends).map(|(start, end)| {
        let length = text.get(*start..end).map_or(0, |part| part.trim_end().len());
        *start..start + length
    });
    spans.take(LINES_MAX).collect()
}

/// Letters of a code and what joins them to its number.
const CODE_BYTES_MAX: usize = 6;

/// "(1) ", "2) ", "b) ", "(iv) " before a piece.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s;,.])(?P<mark>\(?(?P<count>[1-9]\d?|[a-h])\)|(?P<stop>[1-9]\d?)\.)\s+").expect("a valid regex")
});

/// The pieces of a range that are numbered one after the other, or set apart by semicolons; none where it is one piece.
pub fn enumerated(text: &str, range: &Span) -> Vec<Span> {
    let words = text.get(range.clone()).unwrap_or("");
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut expected = [1, u32::from(b'a')];
    // Few texts have a number that counts.
    let counts = |window: &[u8]| window.ends_with(b")") || matches!(window, [b'0'..=b'9', b'.']);
    let may_count = words.as_bytes().windows(2).any(counts);
    for found in may_count.then(|| NUMBER.captures_iter(words)).into_iter().flatten() {
        let (Some(mark), Some(whole)) = (found.name("mark"), found.get(0)) else { continue };
        let count = found.name("count").or_else(|| found.name("stop")).map_or("", |c| c.as_str());
        let number = count.parse().unwrap_or_else(|_| count.bytes().next().map_or(0, u32::from));
        if let Some(next) = expected.iter_mut().find(|next| **next == number) {
            *next += 1;
            starts.push((mark.start(), whole.end()));
        }
    }
    let ends = starts.iter().skip(1).map(|(mark, _)| *mark).chain([words.len()]);
    let numbered: Vec<Span> = starts.iter().zip(ends).map(|((_, start), end)| *start..end).collect();
    // Semicolons set apart as well within what one number counts: "(1) a; b" is rare, "a; b; c" is the rule.
    let pieces = if numbered.len() >= 2 { numbered } else { parted(words) };
    let pieces = if pieces.len() >= 2 { pieces } else { closed(words) };
    let trimmed = pieces.into_iter().filter_map(|piece| trimmed(words, piece));
    let pieces: Vec<Span> = trimmed.map(|piece| range.start + piece.start..range.start + piece.end).collect();
    let is_action = |piece: &Span| text.get(piece.clone()).is_some_and(|w| words_count(w) >= WORDS_MIN);
    if pieces.len() >= 2 && pieces.iter().all(is_action) { pieces } else { Vec::new() }
}

/// The pieces between semicolons outside of brackets.
fn parted(words: &str) -> Vec<Span> {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut found = Vec::new();
    for (at, c) in words.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(start..words.len());
    found
}

/// "Add an alert (Jo, done). Rotate logs (Al).": sentences that all end with marks in brackets.
fn closed(words: &str) -> Vec<Span> {
    let mut start = 0;
    let mut found = Vec::new();
    for (at, stop) in words.match_indices("). ") {
        found.push(start..at + 1);
        start = at + stop.len();
    }
    found.push(start..words.len());
    let is_marked =
        |piece: &Span| words.get(piece.clone()).is_some_and(|w| w.trim_end().ends_with([')', '.']) && speaks(w));
    if found.iter().all(is_marked) { found } else { Vec::new() }
}

fn trimmed(words: &str, piece: Span) -> Option<Span> {
    let text = words.get(piece.clone())?;
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.');
    let lead = text.len() - text.trim_start_matches(is_mark).len();
    let mut body = text.get(lead..)?.trim_end_matches(is_mark);
    let mut start = piece.start + lead;
    for joint in &action_words().joints {
        if let Some(rest) = body.strip_prefix(joint.as_str()).and_then(|rest| rest.strip_prefix(' ')) {
            start += joint.len() + 1;
            body = rest;
        }
        // The "and" before the last piece ends the one before it as well.
        let before = body.strip_suffix(joint).and_then(|rest| rest.strip_suffix(' '));
        if let Some(rest) = before.filter(|_| joint.len() > 1) {
            body = rest.trim_end_matches(is_mark);
        }
    }
    (!body.is_empty()).then(|| start..start + body.len())
}

/// Does a piece say by itself that it is an action: a bare verb, an owner or a state?
pub fn speaks(words: &str) -> bool {
    let found = marks(words);
    is_imperative(words)
        || found.status.is_some()
        || found.owner.is_some()
        || marked_status(words) != ActionStatus::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'t>(text: &'t str, ranges: &[Span]) -> Vec<&'t str> {
        ranges.iter().map(|range| &text[range.clone()]).collect()
    }

    #[test]
    fn one_line_holds_several() {
        for (text, expected) in [
            ("(1) add an alert, (2) rotate logs; (3) buy disks.", vec!["add an alert", "rotate logs", "buy disks"]),
            ("1) add an alert 2) rotate logs", vec!["add an alert", "rotate logs"]),
            ("a) add an alert; and b) rotate logs", vec!["add an alert", "rotate logs"]),
            ("add an alert; rotate logs; and buy disks", vec!["add an alert", "rotate logs", "buy disks"]),
            ("add an alert (on disks; on nodes)", vec![]),
            (
                "add an alert (Jo, done). Rotate logs (Al, open).",
                vec!["add an alert (Jo, done)", "Rotate logs (Al, open)"],
            ),
            ("upgrade to version 2. It has 3) nothing", vec![]),
            ("add an alert; done", vec![]),
        ] {
            assert_eq!(cut(text, &enumerated(text, &(0..text.len()))), expected, "{text}");
        }
    }

    #[test]
    fn codes_part_actions_that_were_wrapped() {
        let text = "RA-1 Add an alert\n  on all disks. Done.\nRA-2 Rotate\n  the logs.";
        assert_eq!(cut(text, &lines(text)), ["RA-1 Add an alert\n  on all disks. Done.", "RA-2 Rotate\n  the logs."]);
        for text in ["A1 is a road\nwhich we took.", "We saw CHG-1.\nand CHG-2."] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn heads_between_lines_are_none() {
        let text = "In future we will:\nAdd an alert on the disks of all hosts and of the two spare machines\nRotate logs\nTasks:\nBuy disks";
        let found =
            ["Add an alert on the disks of all hosts and of the two spare machines", "Rotate logs", "Buy disks"];
        assert_eq!(cut(text, &lines(text)), found);
    }

    #[test]
    fn lines_are_actions_where_none_was_wrapped() {
        let text = "Add an alert\nRotate logs (Jo)";
        assert_eq!(cut(text, &lines(text)), ["Add an alert", "Rotate logs (Jo)"]);
        for text in [
            "One line only",
            "We will add an alert on the disks of all database hosts, as the one we\nHave was silenced.",
            "We agreed on:\nAdd an alert",
            "We agreed on:\nAdd an alert on the disks of all database hosts, as the one we\nhave was silenced.",
            "Add an alert\nand rotate logs",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }
}
