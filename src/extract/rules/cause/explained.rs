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
use super::votes::votes;
use crate::domain::{Component, Trigger};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::provider;
use crate::extract::section::Section;
use crate::extract::vocabulary::{causes, lists, noticing};

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

const STRENGTH_MIN: f32 = 1.6;
const CONFIDENCE_BASE: f32 = 0.4;
const CONFIDENCE_STEP: f32 = 0.05;
const CONFIDENCE_MAX: f32 = 0.68;
const WORDS_MIN: usize = 5;

/// Words that name the cause outright, from the strongest.
const OUTRIGHT: &[(&str, f32)] = &[
    ("root cause of", 4.0),
    ("root cause was", 4.5),
    ("root cause is", 4.0),
    ("root cause", 1.2),
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
    "continue to analyze",
    "continued to analyze",
    "continuing to investigate",
    "is unclear",
    "additional details on",
    "details on the root cause",
    "could not find the root cause",
    "root cause analysis",
    "probably the root cause",
    "opted to",
    "the following are",
    "did not immediately",
    "investigating the root cause",
    "identify the root cause",
    "find the root cause",
];

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let units = units(reading);
    let favoured = Favoured::of(reading, units);
    let mut best: Option<(f32, &Unit)> = None;
    let mut nth = 0;
    for unit in units.iter().filter(|u| u.kind == UnitKind::Sentence) {
        let place = match unit.section {
            Section::Summary | Section::Opening => 1.3,
            Section::RootCause => 1.4,
            Section::Other => 1.1,
            Section::Impact => 0.7,
            Section::Timeline | Section::Resolution | Section::Detection => 0.6,
            Section::Lessons | Section::Actions | Section::Appendix | Section::Comments => continue,
        };
        nth += 1;
        if !is_telling(&unit.text) {
            continue;
        }
        // What a report explains, it explains early.
        let early = 1.0 / (1.0 + nth as f32 / SENTENCES_LATE);
        let score = strength(unit, &favoured) * place * (1.0 - EARLY + EARLY * early);
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

/// How much standing early counts, and after how many sentences it is half gone.
const EARLY: f32 = 0.3;
const SENTENCES_LATE: f32 = 20.0;

/// What the whole report takes for trigger and component: the sentence that explains names them.
pub struct Favoured {
    trigger: Option<Trigger>,
    component: Option<Component>,
    /// Names of the third parties that the report blames.
    blamed: Vec<String>,
}

impl Favoured {
    pub fn of(reading: &Reading<'_>, units: &[Unit]) -> Self {
        let trigger = votes(units, &causes().trigger, &super::trigger::WEIGHTS);
        let component = votes(units, &causes().component, &super::component::WEIGHTS);
        let trigger = trigger.iter().map(|v| v.label).find(|l| *l != Trigger::Unknown);
        let component = component.iter().map(|v| v.label).find(|l| *l != Component::Unknown);
        let blamed = provider::at_fault(reading).into_iter().filter_map(|c| match c.finding {
            Finding::Provider(name, _) => Some(name.to_lowercase()),
            _ => None,
        });
        Favoured { trigger, component, blamed: blamed.collect() }
    }
}

/// Is it a sentence that could explain something?
pub fn is_telling(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let lower = text.trim().to_lowercase();
    let empty =
        ["tbd", "n/a", "unknown", "todo", "none", "to be determined", "pending"].iter().any(|e| lower.starts_with(e));
    let placeholder = lower.starts_with(['[', '<', '{']) || lower.ends_with('?') || lower.ends_with(':');
    let first = lower.split_whitespace().next().unwrap_or("");
    let prompt = ["note", "describe", "explain", "list", "include", "run", "summarise", "summarize", "identify"]
        .contains(&first)
        || noticing().prompt.any(text);
    words >= WORDS_MIN && !empty && !placeholder && !prompt
}

/// How much a sentence sounds like the explanation.
pub fn strength(unit: &Unit, favoured: &Favoured) -> f32 {
    let lower = unit.text.to_lowercase();
    if OTHERWISE.iter().any(|o| lower.contains(o)) {
        return 0.0;
    }
    let outright = OUTRIGHT.iter().filter(|(w, _)| lower.contains(w)).map(|(_, worth)| *worth).fold(0.0, f32::max);
    let loudest = |weights: Vec<f32>| weights.into_iter().fold(0.0, f32::max);
    let cues = causes().trigger.find(&unit.text);
    let trigger = loudest(cues.iter().filter(|c| Some(c.label) == favoured.trigger).map(|c| c.weight).collect());
    let cues = causes().component.find(&unit.text);
    let component = loudest(cues.iter().filter(|c| Some(c.label) == favoured.component).map(|c| c.weight).collect());
    let failed = if lists().failure_words.any(&unit.text) { FAILED } else { 0.0 };
    let blamed = if favoured.blamed.iter().any(|name| lower.contains(name)) { failed * BLAMED } else { 0.0 };
    outright + trigger * TRIGGER + component * COMPONENT + failed + blamed
}

const TRIGGER: f32 = 0.4;
const COMPONENT: f32 = 0.2;
const FAILED: f32 = 0.4;

/// A sentence of failure that names who is blamed.
const BLAMED: f32 = 3.0;
