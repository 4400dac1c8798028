//! A stated grade → a level from 1 (worst) to 5.

use crate::extract::taxonomy::Taxonomy;
use crate::extract::vocabulary::severity_levels;
use crate::text::Regex;
use std::sync::LazyLock;

static GRADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(?:sev|severity|p|s|priority|prio|level|tier)[\s:_#-]*|^\s*)(?P<digit>[0-9])\b")
        .expect("a valid regex")
});

/// The level a grade stands for: the configuration says it, else a digit (0 and 1 are the worst), else a word.
pub fn level(taxonomy: &Taxonomy, grade: &str) -> Option<u8> {
    if let Some(configured) = taxonomy.level(grade) {
        return Some(configured);
    }
    if let Some(found) = GRADE.captures(grade)
        && let Some(digit) = found.name("digit").and_then(|d| d.as_str().parse::<u8>().ok())
    {
        return Some(digit.clamp(1, 5));
    }
    severity_levels().find(grade).into_iter().map(|c| c.label).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_map_to_levels() {
        for (grade, expected) in [
            ("P1-critical", Some(1)),
            ("SEV-2", Some(2)),
            ("sev0", Some(1)),
            ("3", Some(3)),
            ("Major (high impact)", Some(2)),
            ("Critical", Some(1)),
            ("faible", Some(4)),
            ("Hoch", Some(2)),
            ("purple", None),
        ] {
            assert_eq!(level(&Taxonomy::default(), grade), expected, "{grade}");
        }
    }
}
