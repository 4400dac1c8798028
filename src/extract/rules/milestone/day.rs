//! # day-milestone (M011)
//!
//! ## What it reads
//! A report that tells one day and no clock: what its sentences say was noticed, repaired or closed, was so
//! on that day.
//!
//! ## Why it is believed
//! Little: who tells of no other day mostly means the same one. The record says that the date was inferred.
//!
//! ## When it declines
//! Reports in which any clock or any later day stands, rows of status updates, days of publication or of a file's name;
//! sentences that plan or deny, comments and actions.
//!
//! ## Seen in
//! Short notes to users, blog posts of small teams.

use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::{is_planned, speech};
use crate::extract::turns::Turns;
use crate::time::{Moment, Part, calendar};
use chrono::NaiveDate;

pub const RULE: Rule = Rule {
    code: "M011",
    slug: "day-milestone",
    source: include_str!("day.rs"),
    apply,
    examples: &[
        Example {
            text: "On 2024-01-18 the site went down. We were alerted by our monitoring. The site was fully restored.",
            expect: &["detected 2024-01-18", "mitigated 2024-01-18"],
        },
        Example {
            text: "On 2024-01-18 the site went down. We were alerted. On 2024-01-20 the site was fully restored.",
            expect: &[],
        },
        Example {
            text: "On 2024-01-18 a researcher reported a leaked token to us. Within an hour the token was revoked.",
            expect: &["detected 2024-01-18", "mitigated 2024-01-18"],
        },
        Example {
            text: "On 2024-01-18 a researcher reported a leaked token to us. The token will be revoked immediately.",
            expect: &["detected 2024-01-18"],
        },
        Example { text: "On 2024-01-18 at 14:05 UTC it broke. We were alerted.", expect: &[] },
    ],
};

/// Just enough to be believed where nothing else speaks.
const CONFIDENCE: f32 = 0.5;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let Some(day) = only_day(reading) else { return };
    let telling: Vec<&Sentence> = reading.sentences.iter().filter(|s| tells(reading.section(s.block))).collect();
    let elsewhen = |words: &str| speech().other_days.is_in(words) || calendar::names_weekday(words);
    if telling.iter().any(|s| elsewhen(reading.words(s))) {
        return;
    }
    for kind in [MilestoneKind::Detected, MilestoneKind::Mitigated, MilestoneKind::Resolved] {
        let speaks = |s: &&&Sentence| {
            let words = reading.words(s);
            (cue(words, kind) == Some(Cue::Strong) || kind == MilestoneKind::Mitigated && is_remedied(words))
                && !is_planned(words)
        };
        let ends = matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved);
        let sentence = if ends { telling.iter().rfind(speaks) } else { telling.iter().find(speaks) };
        let Some(sentence) = sentence else { continue };
        found.push(Candidate {
            finding: Finding::Milestone(
                kind,
                Moment { date: Some(day), inferred: vec![Part::Date], ..Moment::default() },
            ),
            confidence: CONFIDENCE,
            evidence: reading.evidence(sentence.block, sentence.range.clone()),
            rule: RULE.code,
        });
    }
}

/// "Within an hour the token was revoked": what ended it was done on the day, in so many words.
fn is_remedied(words: &str) -> bool {
    speech().same_day.is_in(words) && Turns::of(words).are_remedy()
}

/// The day of the incident, where the report tells no clock and nothing later.
fn only_day(reading: &Reading<'_>) -> Option<NaiveDate> {
    let (day, span) = reading.timing.date.as_ref()?;
    let span = span.as_ref()?;
    let published = reading.timing.published.as_ref().is_some_and(|(_, p)| p == span);
    let mut stamps = reading.timing.stamps.iter().filter(|s| reading.section(s.block) != Section::Comments);
    let else_told = stamps.any(|s| s.at.clock.is_some() || s.end.is_some() || s.at.date.is_some_and(|d| d > *day));
    (!published && !else_told && !reading.timeline.posted).then_some(*day)
}

fn tells(section: Section) -> bool {
    !matches!(section, Section::Lessons | Section::Appendix | Section::Actions | Section::Comments)
}
