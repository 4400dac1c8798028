//! # component-words (C002)
//!
//! ## What it reads
//! Cue words for each component, weighed by the part of the report they stand in: the title, the root cause, what a
//! causal phrase points at, and in each sentence what is named first; and by how likely it is that their sentence is
//! the one that explains. Words of addresses name nothing.
//!
//! ## Why it is believed
//! The part that failed is named where the failure is explained.
//!
//! ## When it declines
//! When no label gathers enough.
//!
//! ## Seen in
//! Every layout.

use super::explaining::explanations;
use super::units::{Unit, UnitKind, units};
use super::votes::{Vote, Weights, votes};
use crate::domain::Component;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::lists;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "C002",
    slug: "component-words",
    source: include_str!("component.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Primary database overloaded»\n\nThe database refused connections.",
            expect: &["component database"],
        },
        Example {
            text: "# Sorry\n\n«The transceiver in the tower dropped half of what the portal sent.»",
            expect: &["component network"],
        },
        Example {
            text: "# Sorry\n\nThe portal was slow.\n\n«The root cause was a full queue, which a stuck consumer no longer read.»\n\nThe web service and the API held up. The portal sells bread to the visitors of the shop.",
            expect: &["component queue"],
        },
        Example {
            text: "# Blocks not produced\n\n«The validators did not agree on the block, and the chain halted.»",
            expect: &["component blockchain"],
        },
        Example { text: "# Sorry\n\nOur address stood on the block list of a large mailbox provider.", expect: &[] },
        Example {
            text: "# Sorry\n\n«The queue ran late for a high-volume sender.» The volume of mail was the highest ever.",
            expect: &["component queue"],
        },
        Example { text: "# Sorry\n\nSee https://kernel.tls.example.org for more.", expect: &[] },
        Example { text: "# Sorry\n\nWe were away.", expect: &[] },
    ],
};

/// Measured together with the factors below, as those of the trigger were.
pub(super) const WEIGHTS: Weights = Weights {
    title: 2.5,
    cause_label: 2.4,
    root_cause: 1.15,
    summary: 0.65,
    impact: 0.5,
    timeline: 0.35,
    resolution: 0.4,
    lessons: 0.3,
    actions: 0.15,
    other: 0.8,
    cause: 1.45,
    effect: 0.75,
    first: 1.2,
};

pub(super) const SCORE_MIN: f32 = 0.45;
const CONFIDENCE_BASE: f32 = 0.35;
const CONFIDENCE_SPAN: f32 = 0.55;

/// Words of the own application, of hosts, clusters and builds stand in every report; those of a database or of names
/// seldom where they are not meant.
fn factor(label: Component) -> f32 {
    match label {
        Component::Orchestration => 0.5,
        Component::Build | Component::Auth => 0.57,
        Component::Application | Component::Observability => 0.63,
        Component::LoadBalancer => 0.68,
        Component::Compute | Component::Queue => 0.73,
        Component::Client => 0.8,
        Component::Cache => 0.88,
        Component::Network => 1.07,
        Component::Dns | Component::Database => 1.23,
        _ => 1.0,
    }
}

/// What the cue words of the whole report say, strongest first.
pub fn told<'r>(reading: &'r Reading<'_>) -> &'r [Vote<Component>] {
    reading.memo.components.get_or_init(|| counted(reading, votes(units(reading), Unit::components, &WEIGHTS, |_| 0.0)))
}

/// Without what is no component of this report: a block list, an agreement of three nodes and the validator of a form
/// are parts of a chain only where a report speaks of one.
fn counted(reading: &Reading<'_>, mut votes: Vec<Vote<Component>>) -> Vec<Vote<Component>> {
    let of_chain = || reading.blocks().any(|(_, block)| speaks_of_chain(&block.text));
    if votes.iter().any(|vote| vote.label == Component::Blockchain) && !of_chain() {
        votes.retain(|vote| vote.label != Component::Blockchain);
    }
    votes
}

pub(super) fn speaks_of_chain(text: &str) -> bool {
    lists().chain_words.any(text)
}

/// The votes as far as they are to be believed, in no order.
pub(super) fn believed(told: &[Vote<Component>]) -> Vec<Vote<Component>> {
    let known = told.iter().filter(|v| v.label != Component::Unknown);
    known.map(|v| Vote { score: v.score * factor(v.label), ..v.clone() }).collect()
}

/// What the sentence that explains counts beside its part of the report, times the root of its share. More makes hardly
/// a difference in reports at large and loses some that tell at length of a part that did not fail; for the trigger,
/// on which the choice of that sentence rests more, nothing is gained.
const EXPLAINED: f32 = 1.0;

/// The title, where that sentence is known.
const TITLE: f32 = 3.2;

/// The same, where the sentences that may explain count for more.
fn explained(reading: &Reading<'_>) -> Vec<Vote<Component>> {
    let units = units(reading);
    let shares: BTreeMap<usize, f32> = explanations(reading).iter().map(|e| (e.unit, e.share)).collect();
    let more = |index: usize| {
        let is_title = units.get(index).is_some_and(|unit| unit.kind == UnitKind::Title);
        shares.get(&index).filter(|_| !is_title).map_or(0.0, |share| EXPLAINED * share.sqrt())
    };
    counted(reading, votes(units, Unit::components, &Weights { title: TITLE, ..WEIGHTS }, more))
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let units = units(reading);
    let mut votes = believed(&explained(reading));
    votes.sort_by(|a, b| b.score.total_cmp(&a.score));
    let Some(best) = votes.first().filter(|v| v.score >= SCORE_MIN) else { return };
    let total: f32 = votes.iter().map(|v| v.score).sum();
    let confidence = CONFIDENCE_BASE + CONFIDENCE_SPAN * best.score / total.max(1.0);
    let evidence = units.get(best.unit).map(|u: &Unit| u.evidence(reading)).unwrap_or_default();
    found.push(Candidate { finding: Finding::Component(best.label), confidence, evidence, rule: RULE.code });
}
