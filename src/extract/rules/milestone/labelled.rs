//! # labelled-milestone (M001)
//!
//! ## What it reads
//! A field whose key names a milestone and whose value is a time: `Start time: 14:32 UTC`, `resolved_at: …` in front
//! matter, a two-cell table row; and a field that names the incident's window, whose range gives start and end.
//!
//! ## Why it is believed
//! A field label is the author's own classification.
//!
//! ## When it declines
//! Values without a time, and dates alone where the same document gives that milestone a clock.
//!
//! ## Seen in
//! Status feeds, front matter of status pages as code, summary tables at the head of reports, key-event lists.

use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue, is_denied_end, is_unended, keyed};
use crate::extract::reading::{Label, LabelForm, Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::speech;
use crate::extract::timing::{is_moment, is_window};
use crate::time::Moment;

pub const RULE: Rule = Rule {
    code: "M001",
    slug: "labelled-milestone",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Start time: «2024-01-18 14:32 UTC»", expect: &["started 2024-01-18T14:32+00:00"] },
        Example {
            text: "| Impact window | 2024-01-18 14:32 - 15:10 UTC |\n| Severity | 1 |",
            expect: &["started 2024-01-18T14:32+00:00", "mitigated 2024-01-18T15:10+00:00"],
        },
        Example {
            text: "| Impact window | 2024-01-18 14:32 - 15:10 UTC; 16:00 - 16:20 UTC |\n| Severity | 1 |",
            expect: &["started 2024-01-18T14:32+00:00", "mitigated 2024-01-18T16:20+00:00"],
        },
        Example {
            text: "- Date: 18-19 January 2024\n- Start: 22:32 UTC\n- End of impact: 02:10 UTC",
            expect: &["started 2024-01-18T22:32+00:00", "mitigated 2024-01-19T02:10+00:00"],
        },
        Example {
            text: "- Date: 2024-01-18\n- Recovery: «15:10 UTC»\n- Recovery time: 35 minutes",
            expect: &["mitigated 2024-01-18T15:10+00:00"],
        },
        Example { text: "## Date: 2024-01-18\n## Time: «14:32 UTC»", expect: &["started 2024-01-18T14:32+00:00"] },
        Example { text: "- Fecha: 2024-01-18\n- Hora: «14:32»", expect: &["started 2024-01-18T14:32"] },
        Example { text: "Date: 2024-01-18\nTime: 14:32\nWhat: down\n\nTime: 14:40\nWhat: up", expect: &[] },
        Example { text: "Start the service at 14:32 UTC", expect: &[] },
        Example { text: "Resolved: «2024-01-18 15:10 UTC»", expect: &["resolved 2024-01-18T15:10+00:00"] },
        Example { text: "Resolved: not yet, next check 2024-01-18 15:10 UTC", expect: &[] },
        Example { text: "End: expected 2024-01-18 15:10 UTC", expect: &[] },
        Example { text: "Status: not resolved as of 2024-01-18 15:10 UTC", expect: &[] },
        Example { text: "Start time: unknown", expect: &[] },
    ],
};

const STATED: f32 = 0.92;
const WINDOW: f32 = 0.88;
const MOMENT: f32 = 0.66;
/// An entry is opened some time after somebody noticed.
const NOTICED: f32 = 0.48;
/// A ticket whose data tells neither start nor detection is opened by who noticed.
const OPENED: f32 = 0.6;
/// A date without a clock says less than any clock.
const DATE_ONLY: f32 = 0.5;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut is_clocked = None;
    for label in &reading.labels {
        // A heading over one short paragraph labels a section, not a value, unless the time leads the words.
        let times = reading.timing.of_label(label);
        let Some(first) = times.first() else { continue };
        if label.form == LabelForm::Heading && !leads(reading, label) {
            continue;
        }
        if is_lone_moment(reading, label) {
            push(found, MilestoneKind::Started, first.at.clone(), MOMENT, label);
            continue;
        }
        if is_window(label) && !is_status_date(reading, label) {
            // Of several windows the last one ends it.
            let last = times.last().filter(|l| l.end.is_some()).and_then(|l| l.end.clone());
            let end = first.end.clone().and(last).or_else(|| first.end.clone()).or_else(|| {
                let second = times.get(1).filter(|_| times.len() == 2)?;
                second.at.clock.is_some().then(|| second.at.clone())
            });
            // "Date: 3-4 March", "Start: 22:40": the days that the clocks of other fields are of.
            let is_days = first.at.clock.is_none() && *is_clocked.get_or_insert_with(|| tells_clocks(reading));
            if let Some(end) = end.filter(|_| !is_days) {
                let confidence = if first.at.clock.is_some() { WINDOW } else { DATE_ONLY };
                push(found, MilestoneKind::Started, first.at.clone(), confidence, label);
                push(found, MilestoneKind::Mitigated, end, confidence, label);
            }
            continue;
        }
        if opens_ticket(reading, label) {
            push(found, MilestoneKind::Detected, first.at.clone(), OPENED, label);
            continue;
        }
        let kind = if is_status_date(reading, label) { Some(MilestoneKind::Started) } else { keyed(&label.key) };
        let Some(kind) = kind else { continue };
        // "Status: Resolved at …" tells the end; "Resolution: we restarted … at …" is a story.
        let story = label.value.len() > 120 && label.form != LabelForm::Field;
        let time = if first.at.clock.is_some() || times.len() == 1 { first } else { times.get(1).unwrap_or(first) };
        let is_other_status =
            || label.key == "status" && (!label.value.to_lowercase().contains("resolved") || is_unended(&label.value));
        if story || is_other_status() || has_no_end(label, kind) {
            continue;
        }
        let confidence = if time.at.clock.is_some() { STATED } else { DATE_ONLY };
        push(found, kind, time.at.clone(), confidence, label);
        if is_status_date(reading, label) && opens_noticed(reading, &time.at) {
            push(found, MilestoneKind::Detected, time.at.clone(), NOTICED, label);
        }
        if let Some(end) = &time.end
            && kind == MilestoneKind::Started
        {
            push(found, MilestoneKind::Mitigated, end.clone(), confidence, label);
        }
    }
}

/// "Resolved: not yet, next check at 15:00", "End: expected at 15:00".
fn has_no_end(label: &Label, kind: MilestoneKind) -> bool {
    let value = label.value.trim_start_matches(|c: char| !c.is_alphanumeric());
    matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved)
        && (speech().no_end_yet.begins(value) || is_denied_end(value))
}

/// Whether fields tell clocks at which it began or ended.
fn tells_clocks(reading: &Reading<'_>) -> bool {
    use MilestoneKind::{Mitigated, Resolved, Started};
    let bounds = |l: &&Label| matches!(keyed(&l.key), Some(Started | Mitigated | Resolved)) && !is_window(l);
    reading.labels.iter().filter(bounds).any(|l| reading.timing.of_label(l).iter().any(|t| t.at.clock.is_some()))
}

/// "Date: …" and "Time: 00:50": the one clock of a form, where no other field tells when it began. Forms that tell one
/// entry after the other repeat their keys, and members of data tell when an update was posted.
fn is_lone_moment(reading: &Reading<'_>, label: &Label) -> bool {
    let clocked = |l: &&Label| is_moment(l) && reading.timing.of_label(l).iter().any(|t| t.at.clock.is_some());
    let is_one = || match reading.timing.of_label(label).as_slice() {
        [time] => time.end.is_none() && time.at.clock.is_some() && time.at.date.is_some(),
        _ => false,
    };
    is_moment(label)
        && !reading.document.format.is_data()
        && is_one()
        // Two are enough to tell: of a form of thousands of entries each is asked.
        && reading.labels.iter().filter(clocked).take(2).count() == 1
        && !reading.labels.iter().any(|l| keyed(&l.key) == Some(MilestoneKind::Started) && !is_moment(l))
}

/// The bare `date` of front matter that also names an end, or that is a status page's entry with its state and what it
/// affects, is the incident's start, not the page's publication.
fn is_status_date(reading: &Reading<'_>, label: &Label) -> bool {
    let field = |l: &Label| l.form == LabelForm::Field;
    let has_end = || {
        let mut ends = reading.labels.iter().filter(|l| field(l) && keyed(&l.key) == Some(MilestoneKind::Resolved));
        ends.any(|l| reading.timing.of_label(l).iter().any(|t| t.at.clock.is_some()))
    };
    let is_entry = || {
        let mut keyed = reading.labels.iter().filter(|l| field(l));
        let state = |l: &Label| l.key == "resolved" && matches!(l.value.trim(), "true" | "false");
        keyed.clone().any(state) && keyed.any(|l| AFFECTED.contains(&l.key.as_str()))
    };
    field(label)
        && label.key == "date"
        && reading.timing.of_label(label).iter().any(|t| t.at.clock.is_some())
        && (has_end() || is_entry())
}

/// The moment at which a tool opened an incident that it also closed, in data that tells no earlier one.
fn opens_ticket(reading: &Reading<'_>, label: &Label) -> bool {
    let tells = |kind: MilestoneKind| reading.labels.iter().any(|l| keyed(&l.key) == Some(kind));
    reading.document.format.is_data()
        && label.form == LabelForm::Field
        && TICKET_OPENED.contains(&label.key.as_str())
        && tells(MilestoneKind::Resolved)
        && ![MilestoneKind::Started, MilestoneKind::Detected].into_iter().any(tells)
        && !reading.labels.iter().any(|l| matches!(l.key.as_str(), "date" | "time"))
}

const TICKET_OPENED: &[&str] = &["opened", "opened at", "opened on", "created", "created at", "created on"];

/// A status page's entry is opened by who noticed, if it was posted as it happened: an update stands at that very
/// moment, its own voice ("we are investigating") tells, or its words say so. One written afterwards tells only when it
/// began.
fn opens_noticed(reading: &Reading<'_>, at: &Moment) -> bool {
    let is_untimed = |s: &&Sentence| {
        reading.timing.within(s.block, &s.range).next().is_none()
            && !reading.timeline.entries.iter().any(|e| e.block == s.block)
    };
    let says_so = |s: &Sentence| cue(reading.words(s), MilestoneKind::Detected) == Some(Cue::Strong);
    let posted_then = |moment: &Moment| moment.clock.is_some() && moment.minutes_since(at) == Some(0);
    reading.timeline.explicit && reading.timeline.entries.iter().any(|e| posted_then(&e.at))
        || reading.sentences.first().is_some_and(|s| speech().update_voice.is_in(reading.words(s)))
        || reading.sentences.iter().filter(is_untimed).any(says_so)
}

/// What a status page's entry says it hits, as keys are folded.
const AFFECTED: &[&str] =
    &["affected", "affectedsystems", "affected systems", "affected services", "components", "systems"];

fn leads(reading: &Reading<'_>, label: &Label) -> bool {
    let Some((block, range)) = &label.place else { return false };
    reading.timing.within(*block, range).next().is_some_and(|s| s.span.start <= range.start + 12)
}

fn push(found: &mut Vec<Candidate>, kind: MilestoneKind, at: Moment, confidence: f32, label: &Label) {
    found.push(Candidate {
        finding: Finding::Milestone(kind, at),
        confidence,
        evidence: vec![label.evidence.clone()],
        rule: RULE.code,
    });
}
