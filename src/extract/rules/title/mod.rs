//! Titles: what a document calls itself.

mod clean;
pub mod field;
pub mod file_name;
pub mod first_line;
pub mod heading;
pub mod labelled;

use crate::domain::Evidence;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Finding};

/// The title that reconciliation would choose, for rules of other kinds that weigh a title's words.
pub fn chosen(reading: &Reading<'_>) -> Option<(String, Evidence)> {
    reading.memo.title.get_or_init(|| choose(reading)).clone()
}

fn choose(reading: &Reading<'_>) -> Option<(String, Evidence)> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for rule in [&field::RULE, &heading::RULE, &labelled::RULE, &first_line::RULE, &file_name::RULE] {
        (rule.apply)(reading, &mut candidates);
    }
    let best = candidates.into_iter().rev().max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    match best.finding {
        Finding::Title(title) => Some((title, best.evidence)),
        _ => None,
    }
}
