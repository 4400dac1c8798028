//! # action-told (A002)
//!
//! ## What it reads
//! Sentences of intent ("we will …", "we are adding …") in a section of actions that has no list; in reports without
//! such a section, sentences of intent at the end.
//!
//! ## Why it is believed
//! Prose reports end with what is going to change, in the first person and the future.
//!
//! ## When it declines
//! Sentences of the timeline, the impact and the summary's beginning; promises to post an update; apologies.
//!
//! ## Seen in
//! Blog posts, provider's reports, summaries in prose.

use super::{details, has_list};
use crate::document::BlockKind;
use crate::domain::{Action, ActionStatus};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::lists;

pub const RULE: Rule = Rule {
    code: "A002",
    slug: "action-told",
    source: include_str!("told.rs"),
    apply,
    examples: &[
        Example {
            text: "## Next steps\n\n«We will add an alert on disk space.» It was a hard day.",
            expect: &["action We will add an alert on disk space. [open]"],
        },
        Example { text: "It was down. We will post an update at noon.", expect: &[] },
    ],
};

const CONFIDENCE_SECTION: f32 = 0.65;
const CONFIDENCE_END: f32 = 0.45;

/// Where no section holds the actions, they stand in this last part of the report.
const END_PART: f32 = 0.5;

/// Intentions that change nothing.
const NO_ACTIONS: &[&str] = &[
    "update you",
    "post an update",
    "provide an update",
    "provide more",
    "keep you",
    "further updates",
    "apolog",
    "sorry",
    "thank",
    "be posted",
    "will be published",
    "please contact",
    "let us know",
    "we will share",
    "continue to monitor the situation",
    "more information",
    "next update",
    "hope",
    "you will",
    "you should",
    "you can",
    "will receive",
    "financial compensation",
    "sla",
    "will be announced",
];

/// Intent in the first person, for reports without a section of actions.
const FIRST_PERSON: &[&str] = &[
    "we will",
    "we'll",
    "we’ll",
    "we plan",
    "we are going to",
    "we're going to",
    "we intend",
    "we are working on",
    "we're working on",
    "we are adding",
    "we are implementing",
    "we are improving",
    "we have plans",
    "we are also",
    "we need to",
    "will be investigating",
    "we are developing",
    "we are investigating",
    "we are discussing",
    "we shall",
    "we are reducing",
    "we are segmenting",
    "we are instrumenting",
    "we are reviewing",
    "we have added",
    "we have begun",
    "we have already",
    "we have also",
    "plans to",
    "to prevent recurrence",
    "to prevent this",
    "nous allons",
    "wir werden",
    "werden wir",
    "vamos a",
    "iremos",
    "vamos ",
];

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if has_list(reading) {
        return;
    }
    let sectioned =
        reading.sentences.iter().any(|s| is_prose(reading, s) && reading.section(s.block) == Section::Actions);
    let count = reading.sentences.len();
    for (nth, sentence) in reading.sentences.iter().enumerate() {
        let section = reading.section(sentence.block);
        let words = reading.words(sentence).to_lowercase();
        if !is_prose(reading, sentence) || NO_ACTIONS.iter().any(|n| words.contains(n)) {
            continue;
        }
        let confidence = if sectioned {
            if section != Section::Actions || !lists().action_future.any(&words) {
                continue;
            }
            CONFIDENCE_SECTION
        } else {
            let place = matches!(
                section,
                Section::Opening | Section::Other | Section::Resolution | Section::Lessons | Section::Summary
            );
            let late = nth as f32 >= count as f32 * END_PART;
            if !place || !late || !FIRST_PERSON.iter().any(|w| words.contains(w)) {
                continue;
            }
            CONFIDENCE_END
        };
        let Some(block) = reading.document.blocks.get(sentence.block) else { continue };
        let Some(mut action) = details::action(reading, sentence.block, block, sentence.range.clone()) else {
            continue;
        };
        set_status(&mut action);
        let evidence = action.evidence.clone();
        found.push(Candidate { finding: Finding::Action(action), confidence, evidence, rule: RULE.code });
    }
}

fn is_prose(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let kind = reading.document.blocks.get(sentence.block).map(|b| &b.kind);
    matches!(kind, Some(BlockKind::Paragraph | BlockKind::Quote))
}

fn set_status(action: &mut Action) {
    if action.status == ActionStatus::Unknown {
        action.status = details::told_status(&action.text);
    }
}
