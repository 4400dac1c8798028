//! # kind-about (K013)
//!
//! ## What it reads
//! Sentences at the beginning that say what a page is for: "A postmortem is a written record …", "This guide describes
//! how …", "This folder contains …"; and headings of runbooks and of tasks ("When to use this", "Definition of done").
//!
//! ## Why it is believed
//! A report tells what happened. Who explains first what a report is, or what a page is good for, explains reports.
//!
//! ## When it declines
//! Pages on which a day with a clock stands outside of examples, and those that say that they describe an incident.
//!
//! ## Seen in
//! Handbooks, documentation of status pages, templates with a filled-in sample, runbooks, tickets.

use super::timeless::examples;
use crate::document::BlockKind;
use crate::domain::Kind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::speech;
use crate::extract::vocabulary::lists;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "K013",
    slug: "kind-about",
    source: include_str!("about.rs"),
    apply,
    examples: &[
        Example {
            text: "# Reports\n\n«A postmortem is a written record of an outage.» Each has three parts.\n\n## Root cause\n\nExample:\n\n> At 14:10 UTC payments went down.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Outages\n\n«This directory contains reports of outages.»\n\n- 2024-03-01: [Full](a.md)\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Payments fail\n\n## «Symptoms»\n\n- Payments are refused\n\n## Diagnosis steps\n\nAsk the bank.\n\n## Escalation\n\nCall the bank.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Write up the outage\n\nWe were down.\n\n## «Acceptance criteria»\n\n- [ ] A report lies in the folder\n",
            expect: &["kind none"],
        },
        Example { text: "# Payments failed\n\nThis document describes the outage of 2024-03-01.\n", expect: &[] },
        Example {
            text: "# Payments failed\n\nOn 2024-03-01 at 10:00 they failed.\n\n## Symptoms\n\nNone.\n\n## Escalation\n\nNone.\n",
            expect: &[],
        },
    ],
};

const CONFIDENCE_SAID: f32 = 0.86;
const CONFIDENCE_HEADINGS: f32 = 0.72;

/// What a page is for stands in its first sentences.
const SENTENCES_MAX: usize = 6;
/// So many headings of a runbook make one.
const HEADINGS_MIN: usize = 2;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if reading.document.format.is_data() {
        return;
    }
    let said = reading.sentences.iter().take(SENTENCES_MAX).find(|sentence| {
        let words = reading.words(sentence);
        speech().defines_report.is_in(words)
            || speech().states_purpose.is_in(words) && !speech().states_incident.is_in(words)
    });
    let (confidence, evidence) = if let Some(sentence) = said {
        (CONFIDENCE_SAID, reading.evidence(sentence.block, sentence.range.clone()))
    } else if let Some(index) = instructs(reading) {
        (CONFIDENCE_HEADINGS, reading.evidence(index, 0..reading.text(index).len()))
    } else {
        return;
    };
    // Asked last: where examples stand takes a look at all of the text.
    if !is_dated(reading, &examples(reading)) {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    }
}

/// The first of the headings that make a runbook or a ticket.
fn instructs(reading: &Reading<'_>) -> Option<usize> {
    let headings = reading.blocks().filter(|(_, block)| matches!(block.kind, BlockKind::Heading { .. }));
    let (mut instructing, mut first) = (0, None);
    for (index, block) in headings {
        let asks = lists().task_headings.opens(&block.text);
        if asks || lists().runbook_headings.opens(&block.text) {
            instructing += if asks { HEADINGS_MIN } else { 1 };
            first.get_or_insert(index);
        }
    }
    first.filter(|_| instructing >= HEADINGS_MIN)
}

/// Does a day with its clock, outside of examples, say that this tells of one incident?
pub fn is_dated(reading: &Reading<'_>, examples: &BTreeSet<usize>) -> bool {
    let told = |block: usize| !examples.contains(&block);
    let mut stamps = reading.timing.stamps.iter().filter(|stamp| told(stamp.block));
    stamps.any(|stamp| stamp.at.clock.is_some() && stamp.at.date.is_some())
}
