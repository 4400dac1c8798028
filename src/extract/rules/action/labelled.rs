//! # action-labelled (A003)
//!
//! ## What it reads
//! The value of a label such as `Actions:`, `Next steps:`, `Action 2:`; several where they are numbered in it or set
//! apart by semicolons. Lines below it that name an owner, a date or a state belong to it.
//!
//! ## Why it is believed
//! The label says that these are actions.
//!
//! ## When it declines
//! Values that nobody filled in, single words, rows of tables of actions, and labels of the timeline, the impact, the
//! detection and the cause.
//!
//! ## Seen in
//! Forms, tickets, short reports in plain text.

use super::marks::kind;
use super::{beside, details, pieces};
use crate::document::BlockKind;
use crate::domain::{Action, ActionStatus};
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::{Section, named};
use crate::extract::vocabulary::action_words;
use crate::text::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "A003",
    slug: "action-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example {
            text: "It was down.\n\nActions: (1) «add an alert», (2) «rotate the logs»; (3) «buy disks».",
            expect: &[
                "action add an alert [unknown]",
                "action rotate the logs [unknown]",
                "action buy disks [unknown]",
            ],
        },
        Example {
            text: "It was down.\n\nNext steps: «add an alert»; «rotate the logs (done)»",
            expect: &["action add an alert [unknown]", "action rotate the logs (done) [done]"],
        },
        Example {
            text: "## Actions\n\nAction 1: «Add an alert»\nOwner: Jo\nStatus: Closed\n\nAction 2: «Rotate the logs»\nStatus: Open",
            expect: &["action Add an alert [done]", "action Rotate the logs [open]"],
        },
        Example { text: "It was down.\n\nActions: None", expect: &[] },
        Example { text: "It was down.\n\nActions: see below", expect: &[] },
        Example { text: "## Timeline\n\n- 10:00 Action: restart the disks\n", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.75;

/// "Action", "Action 2", "Action item #3", "AI-4": one action a label.
static ONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:action(?: item)?|task|to ?do|follow ?up|ai|ca|pa)(?: ?#?\d{1,3})?$").expect("a valid regex")
});

/// An action has no more labels about it.
const LABELS_BELOW_MAX: usize = 8;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for (nth, label) in reading.labels.iter().enumerate() {
        let Some((index, range)) = label.place.clone().filter(|_| is_wanted(reading, label)) else { continue };
        let Some(block) = reading.document.blocks.get(index) else { continue };
        let single = ONE.is_match(&label.key);
        let cut = pieces::enumerated(&block.text, &range);
        let ranges = if cut.is_empty() { vec![range.clone()] } else { cut };
        let one = ranges.len() == 1;
        for piece in ranges {
            let Some(mut action) = details::action(reading, index, block, piece) else { continue };
            if one && single {
                add_below(reading, nth, index, &mut action);
            }
            if action.status == ActionStatus::Unknown {
                action.status = details::told_status(&action.text);
            }
            let evidence = action.evidence.clone();
            found.push(Candidate {
                finding: Finding::Action(action),
                confidence: CONFIDENCE,
                evidence,
                rule: RULE.code,
            });
        }
    }
}

/// Is it a label of actions, where no other rule reads the actions of its block?
fn is_wanted(reading: &Reading<'_>, label: &Label) -> bool {
    let Some((index, _)) = &label.place else { return false };
    let section = reading.section(*index);
    let is_own = ONE.is_match(&label.key);
    let told_elsewhere = match label.form {
        LabelForm::Line => {
            let is_item = matches!(reading.document.blocks.get(*index).map(|b| &b.kind), Some(BlockKind::Item { .. }));
            section == Section::Actions && is_item
        }
        LabelForm::Row => section == Section::Actions,
        LabelForm::Field | LabelForm::Heading => true,
    };
    let elsewhere = matches!(
        section,
        Section::Timeline | Section::Impact | Section::Detection | Section::RootCause | Section::Comments
    );
    !told_elsewhere && !elsewhere && (is_own || named(&label.key) == Some(Section::Actions)) && !refers(&label.value)
}

/// "see below", "see JIRA": where the actions stand.
fn refers(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    action_words().refers.iter().any(|words| lower.starts_with(words.as_str()))
}

/// The owner, date and state that labels behind that of the action give, up to the next one.
fn add_below(reading: &Reading<'_>, nth: usize, index: usize, action: &mut Action) {
    // A document may have any number of labels of other forms.
    let is_near = |l: &&Label| l.place.as_ref().is_none_or(|(at, _)| *at <= index + LABELS_BELOW_MAX);
    let near = reading.labels.iter().skip(nth + 1).take_while(is_near);
    let behind = near.filter(|l| l.form == LabelForm::Line).take(LABELS_BELOW_MAX);
    let placed = behind.filter_map(|label| Some((label, label.place.as_ref()?)));
    let mut last = index;
    for (label, (at, range)) in placed {
        let Some(kind) = kind(&label.key).filter(|_| *at <= last + 1 && !ONE.is_match(&label.key)) else { return };
        let Some(block) = reading.document.blocks.get(*at).filter(|b| *at == index || beside::is_beside(b)) else {
            return;
        };
        beside::set(reading, *at, block, kind, range, action);
        last = *at;
    }
}

/// The blocks whose actions labels name.
pub fn blocks(reading: &Reading<'_>) -> BTreeSet<usize> {
    let wanted = reading.labels.iter().filter(|label| is_wanted(reading, label));
    wanted.filter_map(|label| label.place.as_ref().map(|(block, _)| *block)).collect()
}
