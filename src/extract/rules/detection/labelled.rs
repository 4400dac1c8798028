//! # detection-labelled (S001)
//!
//! ## What it reads
//! The value of a label such as `Detected by:`, `Detection:`, `Incident detection source:`.
//!
//! ## Why it is believed
//! The label is the author's own classification.
//!
//! ## When it declines
//! Values that name no source: a bare time, a placeholder.
//!
//! ## Seen in
//! Summary fields and front matter.

use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::detection::spoken::spoken;
use crate::extract::vocabulary::asks_who_noticed;

pub const RULE: Rule = Rule {
    code: "S001",
    slug: "detection-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Detected by: «customer»", expect: &["detection customer"] },
        Example { text: "- **Detection source**: «Acme monitoring»", expect: &["detection monitoring"] },
        Example { text: "How was it noticed? - «A customer called»", expect: &["detection customer"] },
        Example {
            text: "- **検知方法:** «ユーザーの目視（画面が真っ白）»", expect: &["detection customer"]
        },
        Example { text: "Detected by: 10:45 UTC", expect: &[] },
        Example { text: "Detection method: N/A", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.9;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let asked = reading.labels.iter().filter(|label| asks_who_noticed(&label.key));
    for label in asked.filter(|l| l.form != LabelForm::Heading) {
        let Some((detection, _)) = spoken(&label.value, true) else { continue };
        let evidence = vec![label.evidence.clone()];
        found.push(Candidate {
            finding: Finding::Detection(detection),
            confidence: CONFIDENCE,
            evidence,
            rule: RULE.code,
        });
    }
}
