//! # root-cause-labelled (C003)
//!
//! ## What it reads
//! The value of a label or the first telling sentence under a heading that announces the root cause.
//!
//! ## Why it is believed
//! It is the author's own answer to the question.
//!
//! ## When it declines
//! Values that are empty, placeholders, "unknown" or a word, and root-cause sections without a sentence.
//!
//! ## Seen in
//! Summary fields, root-cause sections.

use super::explained::{Favoured, is_telling, strength};
use super::units::{Place, UnitKind, units};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;

pub const RULE: Rule = Rule {
    code: "C003",
    slug: "root-cause-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example {
            text: "Root cause: «a disk that nobody watched filled up»",
            expect: &["root cause a disk that nobody watched filled up"],
        },
        Example {
            text: "## Root cause\n\n«The disk was full of logs that nobody rotated.»\n\nThis had grown.",
            expect: &["root cause The disk was full of logs that nobody rotated."],
        },
        Example { text: "Root cause: TBD", expect: &[] },
    ],
};

const CONFIDENCE_LABEL: f32 = 0.85;
const CONFIDENCE_SECTION: f32 = 0.7;

/// What each sentence before it takes from a sentence of the section.
const LATER: f32 = 1.0;

/// Contributing factors are several, and often what made it worse.
const CONFIDENCE_FACTORS: f32 = 0.5;
const CONFIDENCE_STEP: f32 = 0.03;
const CONFIDENCE_SECTION_MAX: f32 = 0.82;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let units = units(reading);
    let favoured = Favoured::of(reading, units);
    let mut best: Option<(f32, usize)> = None;
    let mut nth = 0;
    for (index, unit) in units.iter().enumerate() {
        let telling = is_telling(&unit.text);
        if unit.kind == UnitKind::CauseLabel && telling {
            let finding = Finding::RootCause(unit.text.trim().to_owned());
            let evidence = unit.evidence(reading);
            found.push(Candidate { finding, confidence: CONFIDENCE_LABEL, evidence, rule: RULE.code });
            return;
        }
        if unit.kind == UnitKind::Sentence && unit.section == Section::RootCause && telling {
            // Early sentences of the section answer; later ones tell the story.
            let score = strength(unit, &favoured) - nth as f32 * LATER;
            nth += 1;
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, index));
            }
        }
    }
    let Some((score, unit)) = best.and_then(|(score, index)| Some((score, units.get(index)?))) else { return };
    let factors = match &unit.evidence {
        Place::Block(block, _) => {
            reading.document.headings(*block).iter().any(|h| h.text.to_lowercase().contains("factor"))
        }
        Place::Source(_) => false,
    };
    let base = if factors { CONFIDENCE_FACTORS } else { CONFIDENCE_SECTION };
    found.push(Candidate {
        finding: Finding::RootCause(unit.text.trim().to_owned()),
        confidence: (base + CONFIDENCE_STEP * score.max(0.0)).min(CONFIDENCE_SECTION_MAX),
        evidence: unit.evidence(reading),
        rule: RULE.code,
    });
}
