//! # kind-timeless (K011)
//!
//! ## What it reads
//! A page on which neither a day nor a clock stands, and which tells of nothing that broke, examples aside.
//!
//! ## Why it is believed
//! Whoever reports what happened says when, or at least what failed; pages about incidents in general do neither.
//!
//! ## When it declines
//! Where any time or the name of a weekday stands, or a sentence tells that something broke or came
//! back.
//!
//! ## Seen in
//! Introductions to a collection, checklists for responders, descriptions of a process.

use super::Signs;
use crate::document::BlockKind;
use crate::domain::{Kind, MilestoneKind};
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::vocabulary::{Asked, asks_cause, is_unexplained, lists};
use crate::time::calendar;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "K011",
    slug: "kind-timeless",
    source: include_str!("timeless.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Incidents»\n\nAn incident is when users suffer. Write down what you saw.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# «Updates»\n\nTell what is affected. An example:\n\n> At 14:05 payments went down.\n",
            expect: &["kind none"],
        },
        Example { text: "# Twice\n\n- Severity: S3\n- Root cause: the key held the time of delivery\n", expect: &[] },
        Example { text: "# The outage\n\nThe site went down when the disk filled up.\n", expect: &[] },
        Example { text: "You are right, there is no excuse. I truly apologise for the downtime.\n", expect: &[] },
        Example { text: "# Incidents\n\nOn 2024-01-18 users suffered.\n", expect: &[] },
        Example { text: "---\ntimestamp: Jan 18, 10:00 - 10:40 UTC\n---\n\nSearch, no longer.\n", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.6;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let timing = &reading.timing;
    if timing.date.is_some() || timing.published.is_some() {
        return;
    }
    let examples = examples(reading);
    let is_told = |block: usize| !examples.contains(&block);
    let is_stamped = || timing.stamps.iter().any(|stamp| is_told(stamp.block));
    // "On Friday the 17th": a day all the same.
    let names_weekday = || reading.sentences.iter().any(|s| calendar::names_weekday(reading.words(s)));
    // Data tell times with their names, and no text.
    let is_timed = || reading.labels.iter().any(|label| !timing.of_label(label).is_empty());
    if !is_stamped() && !is_timed() && !names_weekday() && !tells(reading, &is_told) && !is_filled_in(reading) {
        let evidence = Signs::of(reading).title_evidence;
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence: CONFIDENCE, evidence, rule: RULE.code });
    }
}

/// A form that grades the incident and says what its cause was.
fn is_filled_in(reading: &Reading<'_>) -> bool {
    let is_grade = |key: &str| lists().severity_keys.find(key).iter().any(|cue| cue.range == (0..key.len()));
    let is_cause = |label: &Label| {
        label.form != LabelForm::Heading
            && asks_cause(&label.key) == Some(Asked::Outright)
            && !is_unexplained(&label.value)
    };
    reading.labels.iter().any(is_cause) && reading.labels.iter().any(|label| is_grade(&label.key))
}

/// A sentence outside of what is to be done that tells what broke or that it came back, or apologises for it.
fn tells(reading: &Reading<'_>, is_told: &dyn Fn(usize) -> bool) -> bool {
    let told = [MilestoneKind::Started, MilestoneKind::Mitigated];
    reading.sentences.iter().any(|s| {
        let tells = || {
            let words = reading.words(s);
            told.iter().any(|kind| cue(words, *kind) == Some(Cue::Strong)) || speech().apologises.is_in(words)
        };
        reading.section(s.block) != Section::Actions && is_told(s.block) && tells()
    })
}

/// The blocks of examples: what a sentence that announces one, or a heading that does, has below it.
pub fn examples(reading: &Reading<'_>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let (mut is_example, mut below) = (false, None);
    for (index, block) in reading.blocks() {
        let announces = lists().example_words.any(&block.text);
        match block.kind {
            BlockKind::Heading { level } => {
                // A heading of an example holds to the next of its level.
                if below.is_none_or(|known| level <= known) {
                    below = announces.then_some(level);
                }
                is_example = below.is_some();
            }
            BlockKind::Paragraph => is_example = below.is_some() || announces,
            _ => is_example |= announces,
        }
        if is_example {
            found.insert(index);
        }
    }
    found
}
