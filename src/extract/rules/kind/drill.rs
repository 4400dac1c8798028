//! # kind-drill (K005)
//!
//! ## What it reads
//! Words of an exercise in the title or the opening: "game day", "fire drill", "this was a drill".
//!
//! ## Why it is believed
//! An exercise is no incident, however complete its report, and would spoil every mean.
//!
//! ## When it declines
//! A game day that went wrong (the title speaks of failure), and mentions among lessons and actions ("hold a game
//! day").
//!
//! ## Seen in
//! Reports of failover exercises written in the form of an incident.

use super::Signs;
use crate::domain::Kind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::{kind_words, lists};
use crate::text::lowered;

pub const RULE: Rule = Rule {
    code: "K005",
    slug: "kind-drill",
    source: include_str!("drill.rs"),
    apply,
    examples: &[
        Example { text: "# «Game day: loss of a region»\n\nWe stopped it at 10:00.\n", expect: &["kind none"] },
        Example { text: "# Disk full\n\nIt was full.\n\n## Actions\n\n- Hold a game day\n", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.9;
const CONFIDENCE_SAID: f32 = 0.88;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    let mut push = |confidence: f32, evidence| {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    };
    let words = &lists().drill_phrases;
    let failed =
        lists().failure_words.find(&signs.title).iter().any(|c| signs.title.get(c.range.clone()) != Some("lost"));
    if words.any(&signs.title) && !failed {
        push(CONFIDENCE_TITLE, signs.title_evidence.clone());
        return;
    }
    let said = reading.sentences.iter().find(|s| {
        let early = matches!(reading.section(s.block), Section::Opening | Section::Summary | Section::Impact);
        early && {
            let lower = lowered(reading.words(s));
            words.any(&lower)
                && kind_words().drill_outright.iter().any(|o| lower.to_ascii_lowercase().contains(o.as_str()))
        }
    });
    if let Some(sentence) = said {
        push(CONFIDENCE_SAID, reading.evidence(sentence.block, sentence.range.clone()));
    }
}
