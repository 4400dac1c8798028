//! Values and dates as filters compare them.
//!
//! Knows nothing of the index that keeps them.

use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// A keyword's value is found by any run of its words up to this many, and is cut where it is longer than this.
const KEYWORD_WORDS_MAX: usize = 6;
const KEYWORD_BYTES_MAX: usize = 500;
/// And a path by any run of its folders up to this many.
const PATH_FOLDERS_MAX: usize = 12;

/// A date as the index keeps it.
pub fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// The date that the index keeps as this number.
pub fn date_of(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

/// A value in the spelling that filters compare: lower case, words separated by single spaces.
pub fn keyword(text: &str) -> String {
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '.' | '/' | '*') {
            word.push(c);
        } else if !word.is_empty() && !word.ends_with(' ') {
            word.push(' ');
        }
        if word.len() > KEYWORD_BYTES_MAX {
            break;
        }
    }
    word.trim_end().to_owned()
}

/// What a value is found by: every run of its words, and, for a path, every run of its folders.
pub(super) fn keyword_terms(text: &str) -> BTreeSet<String> {
    let whole = keyword(text);
    let folders: Vec<&str> = whole.split('/').collect();
    let mut terms = runs(&folders, "/", PATH_FOLDERS_MAX);
    for folder in &folders {
        terms.extend(runs(&folder.split(' ').collect::<Vec<_>>(), " ", KEYWORD_WORDS_MAX));
    }
    terms.insert(whole);
    terms.remove("");
    terms
}

/// Every run of up to so many neighbours.
fn runs(parts: &[&str], separator: &str, longest: usize) -> BTreeSet<String> {
    let ends = |start: usize| (start + 1..=parts.len().min(start + longest)).map(move |end| start..end);
    let runs = (0..parts.len()).flat_map(ends).filter_map(|range| parts.get(range));
    runs.map(|run| run.join(separator)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_found_by_their_words_and_folders() {
        let terms = keyword_terms("Amazon Web-Services");
        for term in ["amazon", "web services", "amazon web services", "services"] {
            assert!(terms.contains(term), "{term}: {terms:?}");
        }
        let terms = keyword_terms("reports/2023/07-25.md");
        for term in ["reports", "reports/2023", "2023", "reports/2023/07 25.md", "2023/07 25.md", "07 25.md", "07"] {
            assert!(terms.contains(term), "{term}: {terms:?}");
        }
    }
}
