//! # root-cause-explained (C004)
//!
//! ## What it reads
//! Sentences that join an effect to its cause: "the root cause was …", "… was caused by …", "due to", "because".
//!
//! ## Why it is believed
//! Where no section is given to the cause, one sentence of the summary explains it in such words.
//!
//! ## When it declines
//! Sentences of timelines, actions and lessons, questions, and reports that say that the cause is not known.
//!
//! ## Seen in
//! Prose reports, summaries, status updates.

use super::units::{Unit, UnitKind, units};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::{causes, lists};

pub const RULE: Rule = Rule {
    code: "C004",
    slug: "root-cause-explained",
    source: include_str!("explained.rs"),
    apply,
    examples: &[
        Example {
            text: "It was down. «The outage was caused by a full disk on the primary database.» We are sorry.",
            expect: &["root cause The outage was caused by a full disk on the primary database."],
        },
        Example { text: "It was down. We are sorry.", expect: &[] },
    ],
};

const STRENGTH_MIN: f32 = 2.0;
const CONFIDENCE_BASE: f32 = 0.4;
const CONFIDENCE_STEP: f32 = 0.05;
const CONFIDENCE_MAX: f32 = 0.68;
const WORDS_MIN: usize = 5;

/// Words that name the cause outright, from the strongest.
const OUTRIGHT: &[(&str, f32)] = &[
    ("root cause of", 4.0),
    ("root cause was", 4.5),
    ("root cause is", 4.0),
    ("root cause", 3.0),
    ("traced back to", 3.0),
    ("traced to", 3.0),
    ("stemmed from", 3.0),
    ("was caused by", 3.0),
    ("were caused by", 3.0),
    ("caused by", 2.5),
    ("triggered by", 2.5),
    ("was due to", 2.5),
    ("were due to", 2.5),
    ("was the result of", 2.5),
    ("attributed to", 2.5),
    ("resulted from", 2.5),
    ("determined that", 1.5),
    ("the cause", 2.0),
    ("due to", 1.6),
    ("because", 1.6),
    ("as a result of", 1.4),
    ("which caused", 1.6),
    ("this caused", 1.2),
    ("led to", 1.3),
    ("resulted in", 1.3),
    ("resulting in", 1.2),
    ("causing", 1.2),
    ("caused", 1.2),
    ("triggered", 1.4),
    ("a bug", 1.0),
    ("failure of", 1.0),
    ("cause racine", 4.0),
    ("causé par", 3.0),
    ("provoqué par", 2.5),
    ("en raison d", 1.6),
    ("ursache war", 4.0),
    ("ursache", 2.5),
    ("verursacht durch", 3.0),
    ("ausgelöst durch", 2.5),
    ("aufgrund", 1.6),
    ("causa raíz", 4.0),
    ("la causa", 3.0),
    ("causado por", 3.0),
    ("debido a", 1.6),
    ("causa raiz", 4.0),
    ("a causa", 3.0),
    ("devido a", 1.6),
];

/// Words of ignorance and of other matters.
const OTHERWISE: &[&str] = &[
    "not caused by",
    "was not due",
    "still unknown",
    "not yet",
    "are investigating",
    "is under investigation",
    "we apologize",
    "we apologise",
    "sorry",
    "unknown at this",
    "to be determined",
    "similar incident",
    "in the past",
];

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let units = units(reading);
    let mut best: Option<(f32, &Unit<'_>)> = None;
    for unit in units.iter().filter(|u| u.kind == UnitKind::Sentence) {
        let place = match unit.section {
            Section::Summary | Section::Opening => 1.3,
            Section::RootCause => 1.4,
            Section::Other => 1.1,
            Section::Impact => 0.7,
            Section::Timeline | Section::Resolution | Section::Detection => 0.6,
            Section::Lessons | Section::Actions | Section::Appendix | Section::Comments => continue,
        };
        if !is_telling(&unit.text) {
            continue;
        }
        let score = strength(unit) * place;
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, unit));
        }
    }
    let Some((score, unit)) = best.filter(|(score, _)| *score >= STRENGTH_MIN) else { return };
    found.push(Candidate {
        finding: Finding::RootCause(unit.text.trim().to_owned()),
        confidence: (CONFIDENCE_BASE + CONFIDENCE_STEP * score).min(CONFIDENCE_MAX),
        evidence: unit.evidence(reading),
        rule: RULE.code,
    });
}

/// Is it a sentence that could explain something?
pub fn is_telling(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let lower = text.trim().to_lowercase();
    let empty =
        ["tbd", "n/a", "unknown", "todo", "none", "to be determined", "pending"].iter().any(|e| lower.starts_with(e));
    let placeholder = lower.starts_with(['[', '<', '{']) || lower.ends_with('?') || lower.ends_with(':');
    words >= WORDS_MIN && !empty && !placeholder
}

/// How much a sentence sounds like the explanation.
pub fn strength(unit: &Unit<'_>) -> f32 {
    let lower = unit.text.to_lowercase();
    if OTHERWISE.iter().any(|o| lower.contains(o)) {
        return 0.0;
    }
    let outright = OUTRIGHT.iter().filter(|(w, _)| lower.contains(w)).map(|(_, worth)| *worth).fold(0.0, f32::max);
    let told: f32 = causes().trigger.find(&unit.text).iter().map(|c| c.weight).sum::<f32>().min(6.0) * 0.2;
    let failed = if lists().failure_words.any(&unit.text) { 0.4 } else { 0.0 };
    outright + told + failed
}
