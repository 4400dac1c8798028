//! # kind-incident (K009)
//!
//! ## What it reads
//! The parts of a report (timeline, root cause, impact …), clocks, a title that speaks of failure or names a report.
//!
//! ## Why it is believed
//! Nothing but a report has them together; it is the counterweight to the rules that see none.
//!
//! ## When it declines
//! Pages without a word of failure and without a clock.
//!
//! ## Seen in
//! Every layout; terse outage notices carry just a clock and a failure.

use super::Signs;
use crate::domain::Kind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::{kind_words, lists};

pub const RULE: Rule = Rule {
    code: "K009",
    slug: "kind-incident",
    source: include_str!("incident.rs"),
    apply,
    examples: &[
        Example { text: "# «Disk outage»\n\nAt 10:04 the disk was full.\n", expect: &["kind incident"] },
        Example { text: "# Our new office\n\nIt is bright.\n", expect: &[] },
    ],
};

const CONFIDENCE_BASE: f32 = 0.4;
const CONFIDENCE_FAILED: f32 = 0.12;
const CONFIDENCE_CLOCKS: f32 = 0.12;
const CONFIDENCE_SECTION: f32 = 0.05;
const SECTIONS_MAX: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    let failed = lists().failure_words.any(&signs.title);
    let body = failed || !signs.distinct(&lists().failure_words).is_empty();
    if !body || signs.counts.clocks == 0 && !failed {
        return;
    }
    let labelled =
        reading.labels.iter().any(|l| kind_words().incident_keys.contains(&l.key) && !l.value.trim().is_empty());
    let mut confidence = CONFIDENCE_BASE;
    confidence += if failed { CONFIDENCE_FAILED } else { 0.0 };
    confidence += if signs.counts.clocks >= 3 { CONFIDENCE_CLOCKS } else { 0.0 };
    confidence += CONFIDENCE_SECTION * signs.counts.report_sections.min(SECTIONS_MAX) as f32;
    confidence += if labelled { CONFIDENCE_SECTION } else { 0.0 };
    let evidence = signs.title_evidence.clone();
    found.push(Candidate { finding: Finding::Kind(Kind::Incident), confidence, evidence, rule: RULE.code });
}
