//! A text cut into sentences, as a reader would.
//!
//! Knows nothing of blocks, and of the words only which ones a full stop ends no sentence after.

use super::reading::WRAPPED_LINE_CHARS;
use crate::domain::Span;
use crate::text::{Marks, Regex};
use std::sync::LazyLock;

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "eg", "ie", "approx", "ca", "etc", "vs", "cf", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec", "mr", "mrs", "ms", "dr", "st", "no", "nr", "a.m", "p.m", "inc", "ltd", "fig",
    "bzw", "z.b", "usw", "u.a", "env", "p. ex", "p.ex", "av", "art", "min", "sec", "std", "uhr.", "resp",
];

/// No author's sentence is longer; what is, is a dump or a table that lost its lines.
const SENTENCE_BYTES_MAX: usize = 2_000;

/// With what a character begins that may end a sentence.
const MAY_END: Marks<4> = Marks { near: [(b'.', b'.'), (b'!', b'!'), (b'?', b'?'), (b'\n', b'\n')], far: true };

/// Ranges of the sentences of a text; soft line breaks do not end one, but where a line is a labelled value, or the
/// next is one or begins with a clock.
///
/// None is longer than [`SENTENCE_BYTES_MAX`]: rules look from each time at the sentence around it, which is quadratic
/// in what has no full stop.
pub fn sentence_ranges(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut start = 0;
    let ends = MAY_END.places(text).filter_map(|at| Some((at, text.get(at..)?.chars().next()?)));
    let mut ends = ends.filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '…' | '\n')).peekable();
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(start..)?;
            let skipped = rest.len() - rest.trim_start().len();
            start += skipped;
            if start >= text.len() {
                return None;
            }
            let end = match ends.peek().copied() {
                Some((at, c)) => {
                    let end = at + c.len_utf8();
                    if at < start || !ends_sentence(text, start, at, end) {
                        ends.next();
                        continue;
                    }
                    if c == '\n' { at } else { end }
                }
                None => text.len(),
            };
            let end = cut(text, start, end);
            let range = start..end;
            start = end;
            return Some(range);
        }
    })
}

/// The end, or where a sentence that is too long is cut: at a space if there is one.
fn cut(text: &str, start: usize, end: usize) -> usize {
    if end - start <= SENTENCE_BYTES_MAX {
        return end;
    }
    let limit = text.floor_char_boundary(start + SENTENCE_BYTES_MAX);
    let head = text.get(start..limit).unwrap_or("");
    head.rfind(char::is_whitespace).filter(|at| *at > 0).map_or(limit, |at| start + at)
}

/// A line longer than this was wrapped.
const LABELLED_LINE_BYTES_MAX: usize = 60;
/// A line of so few characters that is followed by one of more than so many, and twice as many, was broken off.
const BROKEN_OFF_CHARS_MAX: usize = 30;
const FOLLOWING_CHARS_MIN: usize = 45;
/// "10:05 it broke", "13.20 Uhr …", "2024-03-12 10:05 it broke".
static CLOCK_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,3}(?:(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})[ T,]{1,2})?[0-2]?\d[:.h][0-5]\d\b")
        .expect("a valid regex")
});
static LABELLED_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,3}\p{Lu}[\p{L}\p{N}/()-]*(?: [\p{L}\p{N}/()-]+){0,3}(?: \([^()\n:]{1,120}\))?(?:\W{0,2}:[\s*_]|[ ]?[.·…_]{2,80} ?:|[ ]?(?:\.{4,80}|…{2,80}|·{4,80}|_{4,80})| (?:->|-->|=>|→|⇒) )")
        .expect("a valid regex")
});

/// Whether what stands before a line break and what stands after it are no one sentence.
fn ends_line(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let next = after.split('\n').next().unwrap_or(after);
    let has_label = |line: &str| LABELLED_LINE.is_match(line);
    let is_labelled = |line: &str| line.len() <= LABELLED_LINE_BYTES_MAX && has_label(line);
    let goes_on = next.trim_start().starts_with(char::is_lowercase);
    // "On March 12, around / 15:57 UTC, …": wrapped before the clock.
    let is_wrapped = || WRAPPED_LINE_CHARS.contains(&line.chars().count()) && !CLOCK_LINE.is_match(line);
    !goes_on
        && (is_broken_off(line, next)
            || CLOCK_LINE.is_match(next) && !is_wrapped()
            || is_labelled(line)
            || is_labelled(next)
            || has_label(line) && has_label(next))
}

/// A line that has room for many more words, and behind it one of more than twice its length that begins anew: nobody
/// wraps there. "Resolved / On March 12 at 15:57 UTC …".
fn is_broken_off(line: &str, next: &str) -> bool {
    let (length, following) = (line.chars().count(), next.chars().count());
    length <= BROKEN_OFF_CHARS_MAX
        && following > (2 * length).max(FOLLOWING_CHARS_MIN)
        && line.trim_start().starts_with(char::is_uppercase)
        && line.ends_with(char::is_alphanumeric)
        && next.trim_start().starts_with(char::is_uppercase)
}

fn ends_sentence(text: &str, start: usize, at: usize, end: usize) -> bool {
    let after = text.get(end..).unwrap_or("");
    if text.get(at..end) == Some("\n") {
        return ends_line(text.get(start..at).unwrap_or(""), after);
    }
    let mut following = after.chars();
    let next = following.next();
    if text.get(at..end) == Some("。") {
        return true;
    }
    let spaced = next.is_none_or(char::is_whitespace) || matches!(next, Some('"' | '”' | ')' | '*'));
    if !spaced {
        return false;
    }
    let next_word = after
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '”' | ')' | '*' | '('))
        .chars()
        .next();
    if next_word.is_some_and(char::is_lowercase) {
        return false;
    }
    let before = text.get(start..at).unwrap_or("");
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let digits_only = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 2;
    // "3. Juni", "1. Restart": an ordinal, unless it is the end of the text.
    let ordinal = digits_only && next_word.is_some() && before.trim() != word;
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let is_short = || ABBREVIATIONS.iter().any(|a| a.eq_ignore_ascii_case(word));
    !(next_word.is_some() && is_short()) && !ordinal && !initial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_broken_off_end() {
        let sentences = |text: &str| sentence_ranges(text).count();
        assert_eq!(sentences("Resolved\nOn March 12 the site went down and it was brought back"), 2);
        assert_eq!(sentences("it is all about the\nPostgres primary, which went down and was brought back"), 1);
        assert_eq!(sentences("The site was down, and\nit took all of us two hours to bring it back up again"), 1);
        assert_eq!(sentences("Resolved\nAll is well again"), 1);
    }

    #[test]
    fn sentences_end_where_a_reader_would_stop() {
        for (text, expected) in [
            ("One. Two! Three?", vec!["One.", "Two!", "Three?"]),
            ("On Jan. 18 it broke. Then not.", vec!["On Jan. 18 it broke.", "Then not."]),
            (
                "Version 1.2.3 failed.\nBadly, e.g. hosts died.",
                vec!["Version 1.2.3 failed.", "Badly, e.g. hosts died."],
            ),
            ("Am 3. Juni fiel es aus. Danach nicht.", vec!["Am 3. Juni fiel es aus.", "Danach nicht."]),
            (
                "On March 12 the network stopped for all of those who use it, around\n15:57 UTC.",
                vec!["On March 12 the network stopped for all of those who use it, around\n15:57 UTC."],
            ),
            ("Company: Acme\nSeverity: 2\nLogins failed.", vec!["Company: Acme", "Severity: 2", "Logins failed."]),
            ("It broke:\n10:05 alert\n10:20 fixed", vec!["It broke:", "10:05 alert", "10:20 fixed"]),
            (
                "2024-03-12 10:05 UTC: alert\n2024-03-12 10:20 UTC: fixed\n2024-03-12 is over",
                vec!["2024-03-12 10:05 UTC: alert", "2024-03-12 10:20 UTC: fixed\n2024-03-12 is over"],
            ),
            ("", vec![]),
        ] {
            let got: Vec<&str> = sentence_ranges(text).map(|r| &text[r]).collect();
            assert_eq!(got, expected);
        }
    }
}
