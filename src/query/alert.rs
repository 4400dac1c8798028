//! What stands in every alert, whatever it is about: the names of its values, and values that say who is told or
//! where to read on.
//!
//! Knows nothing of weights or of the index.

use std::ops::Range;

/// Longer than any name that is listed.
const NAME_BYTES_MAX: usize = 40;

/// Sorted where the program is built.
const NAMES: &[&str] = include!(concat!(env!("OUT_DIR"), "/names.words.rs"));
const QUIET: &[&str] = include!(concat!(env!("OUT_DIR"), "/quiet.words.rs"));

/// The parts of a text that do not say what happened, in order: `"severity": "page"` whole, of `https://…` and of
/// `message="…"` what stands before the sign.
pub fn boilerplate(text: &str) -> Vec<Range<usize>> {
    let signs = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'=' | b':')).map(|(at, _)| at);
    let mut found: Vec<Range<usize>> = Vec::new();
    for sign in signs {
        // Not what is said within a value that was read already, such as the colon of a link.
        if found.last().is_none_or(|last| last.end <= sign) {
            found.extend(part(text, sign));
        }
    }
    found
}

/// Is it part of what was found?
pub fn is_within(boilerplate: &[Range<usize>], range: &Range<usize>) -> bool {
    let part = boilerplate.get(boilerplate.partition_point(|part| part.end <= range.start));
    part.is_some_and(|part| part.start <= range.start && range.end <= part.end)
}

/// What a sign makes of the name before it and the value behind it.
fn part(text: &str, sign: usize) -> Option<Range<usize>> {
    let (before, after) = (text.get(..sign)?, text.get(sign + 1..)?);
    let bare = before.trim_end_matches(['"', '\'', '\\']);
    let is_quoted = bare.len() < before.len();
    let from = bare.len().saturating_sub(NAME_BYTES_MAX);
    let name_bytes = bare.as_bytes().get(from..)?.iter().rev().take_while(|byte| is_of_name(**byte)).count();
    let name = bare.get(bare.len() - name_bytes..)?;
    let is_assigned = text.as_bytes().get(sign) == Some(&b'=') || is_quoted;
    let range = |end: usize| Some(bare.len() - name_bytes..end);
    if !is_assigned && after.starts_with("//") {
        return range(sign);
    }
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    let plain: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    if plain.is_empty() {
        return None;
    }
    if QUIET.binary_search(&plain.as_str()).is_ok() {
        return range(sign + 1 + value_bytes(after));
    }
    (is_assigned && NAMES.binary_search(&plain.as_str()).is_ok()).then(|| range(sign)).flatten()
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// How far a value goes: to the quote that ends it, or to the next space or sign of what is around it.
fn value_bytes(after: &str) -> usize {
    let value = after.trim_start_matches([' ', '\\']);
    let skipped = after.len() - value.len();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let length = match quote {
        Some(quote) => value.get(1..).and_then(|inside| inside.find(quote)).map_or(value.len(), |end| end + 2),
        None => value.find([' ', '\t', '\n', '\r', ',', ';', '}', ')', ']', '"']).unwrap_or(value.len()),
    };
    skipped + length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        let mut left = String::new();
        let mut at = 0;
        for range in boilerplate(text) {
            left.push_str(&text[at..range.start]);
            at = range.end;
        }
        left + &text[at..]
    }

    #[test]
    fn what_every_alert_has_is_left_out() {
        for (text, expected) in [
            (r#"{"severity": "page", "reason": "Evicted"}"#, r#"{", ": "Evicted"}"#),
            (r#"msg="disk full" level=error host=db-3"#, r#"="disk full"  host=db-3"#),
            ("Severity: critical", ""),
            ("see https://example.org/down", "see ://example.org/down"),
            (r#"runbook_url="https://example.org/a b" lag=9"#, r#" lag=9"#),
            (r#"{\"runbookURL\":\"https://example.org/x\"}"#, r#"{\"}"#),
        ] {
            assert_eq!(left(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_told_stays() {
        for text in [
            "the message: queue is full",
            "lag=120 threads=9",
            "10:47 the level of water rose",
            "reason why it failed",
            "=",
            ":",
            "é: ü=",
            "",
        ] {
            assert_eq!(left(text), text);
        }
    }
}
