//! # title-labelled (H003)
//!
//! ## What it reads
//! A line or table row such as `Title: …`, `Incident name: …`, `Subject: …`.
//!
//! ## Why it is believed
//! The label is the author's own classification.
//!
//! ## When it declines
//! Values that are empty or as long as a paragraph, and labels far below the opening.
//!
//! ## Seen in
//! Forms, e-mails and spreadsheets turned into documents.

use super::clean::{TITLE_BYTES_MAX, clean};
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::asks_title;

pub const RULE: Rule = Rule {
    code: "H003",
    slug: "title-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Title: «Disk full»", expect: &["title Disk full"] },
        Example { text: "The title of the song was long.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.8;

/// A title stands among the first blocks.
const BLOCKS_MAX: usize = 8;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let first = reading.blocks.start;
    let named = |l: &&Label| l.key == "incident" || asks_title(&l.key);
    for label in reading.labels.iter().filter(named).filter(|l| matches!(l.form, LabelForm::Line | LabelForm::Row)) {
        let near = label.place.as_ref().is_some_and(|(block, _)| *block < first + BLOCKS_MAX);
        let title = clean(&label.value);
        if near && title.len() <= TITLE_BYTES_MAX && title.split_whitespace().count() >= 2 {
            let evidence = vec![label.evidence.clone()];
            let finding = Finding::Title(title);
            found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
        }
    }
}
