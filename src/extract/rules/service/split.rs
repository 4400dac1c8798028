//! Lists in a value → names.

use crate::domain::Span;
use crate::extract::vocabulary::places;
use crate::text::Regex;
use std::sync::LazyLock;

/// Longer pieces are sentences, not names.
const NAME_BYTES_MAX: usize = 60;
const NAMES_MAX: usize = 40;

static REGION_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?: [a-z]{2,12}(?:-gov)?-(?:(?:north|south)?(?:east|west)|north|south|central)(?:-?\d+)?[a-z]?
          | [a-z]{2,5}-[a-z]{2,8}\d{1,2} | [a-z]{2,4}\d{1,2} )$",
    )
    .expect("a valid regex")
});

/// The names in a list: "Checkout, search and mail".
pub fn names(value: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, c) in value.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' | ';' | '\n' | '|' if depth <= 0 => {
                cut(value, start..at, &mut found);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    cut(value, start..value.len(), &mut found);
    found
}

fn cut<'v>(value: &'v str, piece: std::ops::Range<usize>, found: &mut Vec<(usize, &'v str)>) {
    let start = piece.start;
    let Some(piece) = value.get(piece) else { return };
    let marks = |c: char| c.is_whitespace() || matches!(c, '.' | '*' | '-' | '•' | '"' | '[' | ']' | '`');
    let name = piece.trim_matches(marks);
    let at = start + piece.find(name).unwrap_or(0);
    if name.is_empty() || name.len() > NAME_BYTES_MAX || found.len() >= NAMES_MAX {
        return;
    }
    // "us-east1 and us-east4", not "Research and Development".
    match name.split_once(" and ") {
        Some((one, other)) if is_region(one) && is_region(other) => {
            found.extend([(at, one), (at + name.len() - other.len(), other)]);
        }
        _ => found.push((at, name)),
    }
}

/// The names of regions in a text. "Tell us", "globally" and "US/Pacific" name none, nor do parts of codes.
pub fn regions(text: &str) -> Vec<Span> {
    let is_whole = |range: &Span| {
        let name = text.get(range.clone()).unwrap_or("");
        let before = text.get(..range.start).unwrap_or("").chars().next_back();
        let after = text.get(range.end..).unwrap_or("").chars().next();
        let joins = |c: char| matches!(c, '-' | '/' | '_' | '.');
        let within = |c: Option<char>, next: Option<char>| {
            c.is_some_and(joins) && next.is_some_and(|next| next.is_ascii_alphanumeric())
        };
        let rest = text.get(range.end..).unwrap_or("").chars().nth(1);
        name.starts_with(char::is_uppercase) && !within(after, rest) && !before.is_some_and(joins)
    };
    places().names.find(text).into_iter().map(|cue| cue.range).filter(is_whole).collect()
}

/// Is this the name or code of a region?
pub fn is_region(name: &str) -> bool {
    let whole = places().names.find(name).iter().any(|c| c.range.len() + 4 >= name.len());
    whole || REGION_CODE.is_match(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_regions() {
        let shown: Vec<&str> =
            names("Checkout, Search (beta, eu); Mail; us-east1 and us-east4").into_iter().map(|(_, n)| n).collect();
        assert_eq!(shown, ["Checkout", "Search (beta, eu)", "Mail", "us-east1", "us-east4"]);
        for region in ["us-east-1", "eu-west-2a", "osc-fr1", "West US 2", "Sao Paulo", "europe-west9"] {
            assert!(is_region(region), "{region}");
        }
        let told = "Tell us of US/Pacific, asia-east1, US-EAST-1, and of Asia, the East US 2 region and Norway.";
        let shown: Vec<&str> = regions(told).into_iter().filter_map(|range| told.get(range)).collect();
        assert_eq!(shown, ["Asia", "East US 2", "Norway"]);
        for other in ["Checkout", "pg-bi", "Azure SQL Database"] {
            assert!(!is_region(other), "{other}");
        }
    }
}
