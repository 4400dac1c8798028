//! # trigger-words (C001)
//!
//! ## What it reads
//! Cue words for each trigger, weighed by the part of the report they stand in, most in what a causal phrase names as
//! the cause ("caused by an expired certificate"); what was done to what in one clause ("the ACL was edited"); and
//! whether a third party is blamed.
//!
//! ## Why it is believed
//! Reports say several times, in several parts, what set an incident off; effects and repairs use other words.
//!
//! ## When it declines
//! When no label gathers enough. Where little speaks for any and the text says that nobody knows, that is told.
//!
//! ## Seen in
//! Every layout.

use super::deeds;
use super::units::{Unit, UnitKind, units};
use super::votes::{Vote, Weights, votes};
use crate::domain::{Span, Trigger};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::provider;
use crate::extract::section::Section;
use crate::extract::vocabulary::is_unexplained;

pub const RULE: Rule = Rule {
    code: "C001",
    slug: "trigger-words",
    source: include_str!("trigger.rs"),
    apply,
    examples: &[
        Example {
            text: "# Checkout down\n\n«The outage was caused by an expired certificate.»",
            expect: &["trigger expiry"],
        },
        Example {
            text: "# Checkout down\n\n«A misconfigured firewall rule led to dropped requests.»",
            expect: &["trigger config"],
        },
        Example {
            text: "# Checkout down\n\n«Our carrier cut a fibre.» There was no deploy. The last migration had nothing to do with it.",
            expect: &["trigger third-party"],
        },
        Example { text: "# Checkout\n\nOur carrier was healthy. The migration was not involved.", expect: &[] },
        Example {
            text: "# Portal\n\n## What happened\n\n«The TTL of the archive was set to zero.»\n",
            expect: &["trigger config"],
        },
        Example {
            text: "# Portal\n\n## What happened\n\n«A trainee emptied the wrong bucket.»\n",
            expect: &["trigger manual"],
        },
        Example { text: "# Portal\n\n«The cause of the hang remains unclear.»\n", expect: &["trigger unknown"] },
        Example {
            text: "# Portal\n\n«Our carrier Quillnet» reports a cut cable near the works. A cable is a cable.",
            expect: &["trigger third-party"],
        },
        Example {
            text: "# Portal\n\n«The fault was traced to one of our text message carriers.» All is well.",
            expect: &["trigger third-party"],
        },
        Example { text: "# Portal\n\nIt answered each of our carriers with an Unauthorized error.", expect: &[] },
        Example { text: "# Portal\n\nWe raised the limit to restore service.", expect: &[] },
        Example { text: "# Checkout\n\nWe are sorry.", expect: &[] },
    ],
};

/// Measured together with the factors below over 280 labelled reports, a sixth of their sources left out in turn.
pub(super) const WEIGHTS: Weights = Weights {
    title: 1.7,
    cause_label: 2.6,
    root_cause: 1.25,
    summary: 0.9,
    impact: 0.5,
    timeline: 0.4,
    resolution: 0.4,
    lessons: 0.4,
    actions: 0.25,
    other: 0.9,
    cause: 2.25,
    effect: 0.9,
    first: 1.0,
};

/// What an at-fault provider adds to `third-party`, times its confidence.
const THIRD_PARTY: f32 = 10.0;

/// An outsider without a name is blamed as surely as this.
const OUTSIDER: f32 = 0.55;

pub(super) const SCORE_MIN: f32 = 1.0;
/// With less than this, the report is believed where it says that nobody knows.
const SCORE_KNOWN: f32 = 2.2;
const CONFIDENCE_BASE: f32 = 0.35;
const CONFIDENCE_SPAN: f32 = 0.55;

/// What was right of the surest.
const CONFIDENCE_MAX: f32 = 0.88;

/// That nobody knew is taken back by what is found out later.
const CONFIDENCE_UNKNOWN: f32 = 0.5;

/// How much more or less than its words a label is to be believed: nearly every report speaks of upgrades, of load and
/// of what its people did, few of the setting that they changed.
fn factor(label: Trigger) -> f32 {
    match label {
        Trigger::Deploy => 1.2,
        Trigger::Config => 1.35,
        Trigger::Maintenance | Trigger::Load => 0.65,
        Trigger::Manual | Trigger::Exhaustion | Trigger::ThirdParty | Trigger::Time => 0.75,
        Trigger::Expiry | Trigger::Security => 0.85,
        Trigger::Hardware => 1.25,
        Trigger::Power => 0.9,
        Trigger::Bug => 1.1,
        Trigger::Unknown => 1.0,
    }
}

/// What the cue words of the whole report say, strongest first.
pub fn told<'r>(reading: &'r Reading<'_>) -> &'r [Vote<Trigger>] {
    reading.memo.triggers.get_or_init(|| votes(units(reading), Unit::triggers, &WEIGHTS, |_| 0.0))
}

/// The votes as far as they are to be believed, in no order.
pub(super) fn believed(told: &[Vote<Trigger>]) -> Vec<Vote<Trigger>> {
    let known = told.iter().filter(|v| v.label != Trigger::Unknown);
    known.map(|v| Vote { score: v.score * factor(v.label), ..v.clone() }).collect()
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let units = units(reading);
    let mut votes = believed(told(reading));
    let blamed = provider::at_fault(reading)
        .iter()
        .filter(|c| !is_software(reading, c))
        .max_by(|a, b| a.confidence.total_cmp(&b.confidence));
    if let Some(blamed) = &blamed {
        add(&mut votes, Trigger::ThirdParty, blamed.confidence * THIRD_PARTY);
    }
    let outsider = if blamed.is_none() { provider::outsider(reading) } else { None };
    if outsider.is_some() {
        add(&mut votes, Trigger::ThirdParty, OUTSIDER * THIRD_PARTY);
    }
    votes.sort_by(|a, b| b.score.total_cmp(&a.score));
    let blame = blamed.map(|blamed| blamed.evidence.as_slice()).or(outsider.as_deref()).unwrap_or(&[]);
    let name = blamed.and_then(|blamed| blamed_name(blamed));
    if let Some(theirs) = votes.first().filter(|best| is_theirs(reading, best, blame, name)).map(|best| best.score) {
        add(&mut votes, Trigger::ThirdParty, theirs);
        votes.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
    if votes.first().is_none_or(|best| best.score < SCORE_KNOWN)
        && let Some(unknown) = unexplained(reading)
    {
        found.push(unknown);
        return;
    }
    let Some(best) = votes.first().filter(|v| v.score >= SCORE_MIN) else { return };
    let total: f32 = votes.iter().map(|v| v.score).sum();
    let confidence = (CONFIDENCE_BASE + CONFIDENCE_SPAN * best.score / total.max(1.0)).min(CONFIDENCE_MAX);
    let evidence = match blamed.map(|blamed| blamed.evidence.clone()).or(outsider) {
        Some(blame) if best.label == Trigger::ThirdParty => blame,
        _ => units.get(best.unit).map(|u: &Unit| u.evidence(reading)).unwrap_or_default(),
    };
    found.push(Candidate { finding: Finding::Trigger(best.label), confidence, evidence, rule: RULE.code });
}

/// "Our carrier reports a cut fibre": what speaks loudest befell whom is blamed, who failed whatever the cause.
fn is_theirs(reading: &Reading<'_>, best: &Vote<Trigger>, blame: &[Span], name: Option<&str>) -> bool {
    let theirs = matches!(
        best.label,
        Trigger::Hardware | Trigger::Power | Trigger::Maintenance | Trigger::Expiry | Trigger::Manual
    );
    let told = || units(reading).get(best.unit).map(|unit| unit.evidence(reading)).unwrap_or_default();
    let overlaps = |a: &Span, b: &Span| a.start < b.end && b.start < a.end;
    let names = || {
        let unit = units(reading).get(best.unit);
        unit.is_some_and(|unit| name.is_some_and(|name| unit.text.contains(name)))
    };
    theirs && (names() || told().iter().any(|told| blame.iter().any(|blame| overlaps(told, blame))))
}

fn blamed_name(candidate: &Candidate) -> Option<&str> {
    match &candidate.finding {
        Finding::Provider(name, _) => Some(name),
        _ => None,
    }
}

/// Where the report says that nobody knows, and nothing else tells.
fn unexplained(reading: &Reading<'_>) -> Option<Candidate> {
    let says = |unit: &&Unit| {
        let in_course = matches!(unit.section, Section::Timeline | Section::Actions | Section::Lessons);
        unit.kind.is_label() && is_unexplained(&unit.text)
            || unit.kind == UnitKind::Sentence
                && !in_course
                && deeds::told(&unit.text).iter().any(|deed| deed.label == Trigger::Unknown)
    };
    let unit = units(reading).iter().find(says)?;
    let (finding, evidence) = (Finding::Trigger(Trigger::Unknown), unit.evidence(reading));
    Some(Candidate { finding, confidence: CONFIDENCE_UNKNOWN, evidence, rule: RULE.code })
}

fn is_software(reading: &Reading<'_>, candidate: &Candidate) -> bool {
    use crate::extract::vocabulary::ProviderKind;
    let Some(name) = blamed_name(candidate) else { return false };
    reading.providers().providers.iter().any(|p| p.name == name && p.kind == ProviderKind::Software)
}

fn add(votes: &mut Vec<Vote<Trigger>>, label: Trigger, score: f32) {
    match votes.iter_mut().find(|v| v.label == label) {
        Some(vote) => vote.score += score,
        None => votes.push(Vote { label, score, unit: 0 }),
    }
}
