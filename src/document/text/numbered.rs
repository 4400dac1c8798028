//! Titles of numbered sections in plain text: "1. Summary", "2) Timeline".
//!
//! Each looks like the item of a list. What tells them is the whole row of them.

use super::line::{is_section, is_title, lines, unnumbered};
use std::collections::BTreeMap;

/// Fewer titles may be items of a list.
const MIN_TITLES: usize = 2;
/// So many of them must be names that parts of reports have.
const MIN_NAMED: usize = 2;

/// Where lines begin that are titles of numbered sections, with their numbers: the numbers follow each other, each
/// stands behind an empty line, and parts of a report are among them.
pub(super) fn titles(text: &str, start: usize) -> BTreeMap<usize, u32> {
    let mut found = BTreeMap::new();
    let mut named = 0;
    let mut after_blank = true;
    let mut last = 0;
    for range in lines(text, start) {
        let line = text.get(range.clone()).unwrap_or("");
        let words = line.trim_end();
        if let Some(number) = number(words).filter(|number| after_blank && *number == last + 1) {
            found.insert(range.start, number);
            named += usize::from(is_section(words));
            last = number;
        }
        after_blank = words.trim().is_empty() || words.chars().all(|c| matches!(c, '-' | '=' | '_'));
    }
    let is_row = found.len() >= MIN_TITLES && named >= MIN_NAMED && named * 2 >= found.len();
    if is_row { found } else { BTreeMap::new() }
}

/// The number of a line that could be a title.
fn number(line: &str) -> Option<u32> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = line.get(..digits)?.parse().ok().filter(|_| (1..=2).contains(&digits))?;
    let rest = line.get(digits..)?;
    let rest = rest.strip_prefix(['.', ')']).unwrap_or(rest);
    let words = rest.trim().trim_end_matches(':');
    (rest.starts_with([' ', '\t']) && (is_title(words, true) || is_section(unnumbered(words)))).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_titles_is_told_from_a_list() {
        let count = |text: &str| titles(text, 0).len();
        assert_eq!(count("1. Summary\nIt broke.\n\n2. Timeline\n10:00 down\n\n3. More words of ours\nx\n"), 3);
        assert_eq!(count("1) Summary\n\nIt broke.\n\n2) Root cause:\n\nA disk.\n"), 2);
        for text in [
            "1. Add an alert\n\n2. Rotate the logs\n\n3. Timeline\n",
            "1. Summary\n2. Timeline\n3. Impact\n",
            "1. Summary\nIt broke.\n",
            "4. Summary\n\n7. Timeline\n",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
