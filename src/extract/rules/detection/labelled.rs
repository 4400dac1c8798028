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
use crate::extract::rules::detection::noticed::spoken;

pub const RULE: Rule = Rule {
    code: "S001",
    slug: "detection-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Detected by: «customer»", expect: &["detection customer"] },
        Example { text: "- **Detection source**: «Acme monitoring»", expect: &["detection monitoring"] },
        Example { text: "Detected by: 10:45 UTC", expect: &[] },
    ],
};

const KEYS: &[&str] = &[
    "detected by",
    "detection",
    "detection source",
    "incident detection source",
    "detection method",
    "how was it detected",
    "how was the incident detected",
    "how detected",
    "reported by",
    "source of detection",
    "discovered by",
    "noticed by",
    "identified by",
    "raised by",
    "first noticed by",
    "how did we find out",
    "alerted by",
    "détection",
    "détecté par",
    "signalé par",
    "mode de détection",
    "entdeckt durch",
    "entdeckt von",
    "gemeldet von",
    "erkannt durch",
    "erkennung",
    "detección",
    "detectado por",
    "reportado por",
    "detecção",
    "påvisning",
    "oppdaget av",
    "meldt av",
    "opdaget af",
    "upptäckt av",
    "ontdekt door",
    "gemeld door",
    "rilevato da",
    "segnalato da",
    "relatado por",
    "detected",
    "bemerkt durch",
];
const CONFIDENCE: f32 = 0.9;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in reading.labelled(KEYS).filter(|l| l.form != LabelForm::Heading) {
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
