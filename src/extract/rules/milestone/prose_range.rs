//! # impact-range (M003)
//!
//! ## What it reads
//! A range of clocks in a sentence that speaks of impact: "was unavailable from 14:05 to 19:50 UTC", "between 9:16 PM
//! and 11:16 PM PDT customers experienced errors". Its ends are the start and the end of impact.
//!
//! ## Why it is believed
//! Summaries state the impact window in one sentence, and few other sentences hold two clocks joined so.
//!
//! ## When it declines
//! Ranges in sentences about planned work, comments, actions; times that lead an entry of the timeline.
//!
//! ## Seen in
//! Opening paragraphs, summary and impact sections, cloud providers' summaries.

use crate::domain::MilestoneKind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::timing::Stamp;
use regex::Regex;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "M003",
    slug: "impact-range",
    source: include_str!("prose_range.rs"),
    apply,
    examples: &[
        Example {
            text: "On April 7th, 2025, the region was unavailable from 14:05 to 19:50 UTC. It was bad.",
            expect: &["started 2025-04-07T14:05+00:00", "mitigated 2025-04-07T19:50+00:00"],
        },
        Example { text: "On April 7th, 2025 a maintenance is planned from 14:05 to 19:50 UTC.", expect: &[] },
    ],
};

static IMPACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)\b(?: unavailab\w* | outage\w* | impact\w* | affect\w* | disrupt\w* | degrad\w* | error\w* | fail\w* | down | downtime
          | experienc\w* | unable | unreachab\w* | inaccessib\w* | latenc\w* | slow\w* | loss | interrupt\w* | incident | issue\w* | problem\w*
          | could\snot | couldn.t | timeouts? | timed\sout | offline | delay\w* | elevated | increased | 5\d\d | dropped | rejected | deferred | missing
          | ausfall | ausgefallen | gestört | störung | fehler\w* | nicht\serreichbar | panne | indisponib\w* | perturb\w* | interru\w* | caída | fallo\w* | falha\w* )\b",
    )
    .expect("a valid regex")
});

/// Whether a sentence speaks of impact that came, not of work that was planned.
pub(super) fn speaks_of_impact(words: &str) -> bool {
    IMPACT.is_match(words) && !is_planned(words)
}

/// Whether words speak of something to come: planned work, the next update.
pub(super) fn is_planned(words: &str) -> bool {
    PLANNED.is_match(words)
}

static PLANNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:planned|scheduled|will be|will provide|will share|will update|next update|expected to|expect to|is expected|estimated|maintenance window|support hours|office hours|business hours|working hours|opening hours|on[- ]call hours)\b")
        .expect("a valid regex")
});

fn confidence(section: Section) -> Option<f32> {
    Some(match section {
        Section::Opening | Section::Summary => 0.85,
        Section::Impact => 0.83,
        Section::Other | Section::RootCause | Section::Detection | Section::Resolution => 0.6,
        Section::Timeline => 0.5,
        Section::Lessons | Section::Appendix | Section::Actions | Section::Comments => return None,
    })
}

/// What a status update says happened, and what a later one is worth more.
const POSTED: f32 = 0.85;
const LATER: f32 = 0.04;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for sentence in &reading.sentences {
        let Some(confidence) = confidence(reading.section(sentence.block)) else { continue };
        let told = |s: &&Stamp| s.end.is_some() && !reading.timeline.is_lead(sentence.block, &s.span);
        let ranges: Vec<&Stamp> = reading.timing.within(sentence.block, &sentence.range).filter(told).collect();
        // "between 02:20 and 03:30 and between 04:07 and 04:52": impact ended with the last.
        let (Some(stamp), Some(last)) = (ranges.first(), ranges.last()) else { continue };
        if stamp.at.clock.is_none() || !speaks_of_impact(reading.words(sentence)) {
            continue;
        }
        let recency = reading.timeline.recency(reading, sentence.block);
        let confidence = recency.map_or(confidence, |r| POSTED + r * LATER);
        let Some(end) = last.end.clone() else { continue };
        let evidence = reading.evidence(sentence.block, sentence.range.clone());
        for (kind, at) in [(MilestoneKind::Started, stamp.at.clone()), (MilestoneKind::Mitigated, end)] {
            found.push(Candidate {
                finding: Finding::Milestone(kind, at),
                confidence,
                evidence: evidence.clone(),
                rule: RULE.code,
            });
        }
    }
}
