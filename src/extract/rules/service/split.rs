//! Lists in a value → names.

use crate::extract::vocabulary::regions;
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
    if !name.is_empty() && name.len() <= NAME_BYTES_MAX && found.len() < NAMES_MAX {
        found.push((at, name));
    }
}

/// Is this the name or code of a region?
pub fn is_region(name: &str) -> bool {
    let whole = regions().find(name).iter().any(|c| c.range.len() + 4 >= name.len());
    whole || REGION_CODE.is_match(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_regions() {
        let shown: Vec<&str> = names("Checkout, Search (beta, eu); Mail").into_iter().map(|(_, n)| n).collect();
        assert_eq!(shown, ["Checkout", "Search (beta, eu)", "Mail"]);
        for region in ["us-east-1", "eu-west-2a", "osc-fr1", "West US 2", "Sao Paulo", "europe-west9"] {
            assert!(is_region(region), "{region}");
        }
        for other in ["Checkout", "pg-bi", "Azure SQL Database"] {
            assert!(!is_region(other), "{other}");
        }
    }
}
