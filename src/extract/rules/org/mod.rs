//! The organisation that was hit and wrote the report.

mod domains;
pub mod field;
mod folders;
pub mod names;
pub mod own_words;
pub mod page_line;
pub mod page_title;

use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Finding};

/// The organisation that reconciliation would choose, for rules that must not take it for a third party.
pub fn chosen(reading: &Reading<'_>) -> Option<String> {
    reading.memo.org.get_or_init(|| choose(reading)).clone()
}

fn choose(reading: &Reading<'_>) -> Option<String> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for rule in [&field::RULE, &page_line::RULE, &page_title::RULE, &own_words::RULE] {
        (rule.apply)(reading, &mut candidates);
    }
    let best = candidates.into_iter().rev().max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    match best.finding {
        Finding::Org(org) => Some(org),
        _ => None,
    }
}

/// Do two names mean the same organisation? Letters and digits decide, and a domain stands for its owner.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (names::folded(a), names::folded(b));
    let stem = |name: &str| -> String {
        let ends = ["inc", "ltd", "gmbh", "com", "org", "net", "io"];
        ends.iter().find_map(|e| name.strip_suffix(e)).filter(|s| s.len() > 2).unwrap_or(name).to_owned()
    };
    !a.is_empty() && (a == b || stem(&a) == stem(&b))
}
