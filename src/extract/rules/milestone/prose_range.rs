//! # impact-range (M003)
//!
//! ## What it reads
//! A range of clocks in a sentence that speaks of impact: "was unavailable from 14:05 to 19:50 UTC", "between 9:16 PM
//! and 11:16 PM PDT customers experienced errors". Its ends are the start and the end of impact. So are those of a
//! range of days: "from 3 to 5 March exports failed".
//!
//! ## Why it is believed
//! Summaries state the impact window in one sentence, and few other sentences hold two clocks joined so.
//!
//! ## When it declines
//! Ranges in sentences about planned work, comments, actions; times that lead an entry of the timeline.
//!
//! ## Seen in
//! Opening paragraphs, summary and impact sections, cloud providers' summaries.

use crate::domain::{Evidence, MilestoneKind};
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::{is_planned, speaks_of_impact, speech};
use crate::extract::timeline::Entry;
use crate::extract::timing::Stamp;
use crate::time::Moment;
use chrono::Timelike as _;

pub const RULE: Rule = Rule {
    code: "M003",
    slug: "impact-range",
    source: include_str!("prose_range.rs"),
    apply,
    examples: &[
        Example {
            text: "# Logs\n\n## Impact\n\n- in the first cluster between 2024-01-18 14:05 and 2024-01-19 15:30\n",
            expect: &["started 2024-01-18T14:05", "mitigated 2024-01-19T15:30"],
        },
        Example {
            text: "On April 7th, 2025, the region was unavailable from 14:05 to 19:50 UTC. It was bad.",
            expect: &["started 2025-04-07T14:05+00:00", "mitigated 2025-04-07T19:50+00:00"],
        },
        Example {
            text: "From 3 to 5 March 2026 exports were failing. It was bad.",
            expect: &["started 2026-03-03", "mitigated 2026-03-05"],
        },
        Example { text: "From 3 to 5 March 2026 we were all at a conference.", expect: &[] },
        Example { text: "On April 7th, 2025 a maintenance is planned from 14:05 to 19:50 UTC.", expect: &[] },
    ],
};

fn confidence(section: Section) -> Option<f32> {
    Some(match section {
        Section::Opening | Section::Summary => 0.85,
        Section::Impact => 0.83,
        Section::Other | Section::RootCause | Section::Detection | Section::Resolution => 0.6,
        Section::Timeline => 0.5,
        Section::Lessons | Section::Appendix | Section::Actions | Section::Comments => return None,
    })
}

/// What a status update says happened, and what a later one is worth more.
const POSTED: f32 = 0.85;
const LATER: f32 = 0.04;

/// What a range within a longer one of the same section is worth less: it tells a part of the impact.
const PART: f32 = 0.15;

/// What the end of a range is worth that is a whole hour, where an entry of the timeline tells the end to the minute.
const ROUNDED: f32 = 0.7;
const ROUNDED_MINUTES: i64 = 60;

/// What a range is worth that is one of days, or beside which nothing speaks of impact.
const VAGUE: f32 = 0.56;

/// A sentence that tells a range, and how much it is believed.
struct Told {
    section: Section,
    start: Moment,
    end: Moment,
    confidence: f32,
    evidence: Evidence,
    /// Whether its sentence speaks of impact.
    plain: bool,
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut told = told(reading);
    // Of a window that no word calls one of impact, it is believed where no other is told.
    let any_plain = told.iter().any(|t| t.plain);
    told.retain(|t| t.plain == any_plain);
    for range in &told {
        // "Down from 10:05 to 10:20. A second wave, from 11:00 to 11:10": impact runs from the first to the last.
        let fellows = || told.iter().filter(|t| t.section == range.section);
        let before = |a: &Moment, b: &Moment| a.span_since(b).is_some_and(|m| m < 0);
        let opens = !fellows().any(|t| before(&t.start, &range.start));
        let closes = !fellows().any(|t| before(&range.end, &t.end));
        for (kind, at, whole) in
            [(MilestoneKind::Started, &range.start, opens), (MilestoneKind::Mitigated, &range.end, closes)]
        {
            let most = if kind == MilestoneKind::Mitigated && is_rounded(reading, at) { ROUNDED } else { 1.0 };
            found.push(Candidate {
                finding: Finding::Milestone(kind, at.clone()),
                confidence: (range.confidence - if whole { 0.0 } else { PART }).min(most),
                evidence: range.evidence.clone(),
                rule: RULE.code,
            });
        }
    }
}

/// "From 2 PM to 4 PM", and in the timeline "3:52 PM: all traffic is back": the summary rounds.
fn is_rounded(reading: &Reading<'_>, end: &Moment) -> bool {
    let Some(hour) = end.clock.filter(|clock| clock.minute() == 0 && reading.timeline.explicit) else { return false };
    let apart = |e: &Entry| {
        let differ = e.at.date.zip(end.date).is_some_and(|(a, b)| a != b);
        let clock = e.at.clock.filter(|_| !differ)?;
        Some((clock - hour).num_minutes().abs())
    };
    let near = reading.timeline.entries.iter().filter_map(|e| Some((apart(e)?, e)));
    let mut ends =
        near.filter(|(m, e)| *m <= ROUNDED_MINUTES && cue(&e.text, MilestoneKind::Mitigated) == Some(Cue::Strong));
    let exact = |(m, e): (i64, &Entry)| m > 0 && e.at.clock.is_some_and(|clock| clock.minute() > 0);
    ends.next().is_some_and(exact) && ends.all(exact)
}

fn told(reading: &Reading<'_>) -> Vec<Told> {
    let mut ranges = Vec::new();
    for sentence in &reading.sentences {
        let section = reading.section(sentence.block);
        let Some(confidence) = confidence(section) else { continue };
        // "Between 09:00 and 10:00 we saw …": prose, though its time leads the line.
        let opened = |s: &Stamp| {
            let before = reading.text(sentence.block).get(sentence.range.start..s.span.start).unwrap_or("");
            before.chars().any(char::is_alphabetic)
        };
        let told = |s: &&Stamp| s.end.is_some() && (opened(s) || !reading.timeline.is_lead(sentence.block, &s.span));
        let stamps: Vec<&Stamp> = reading.timing.within(sentence.block, &sentence.range).filter(told).collect();
        // "between 02:20 and 03:30 and between 04:07 and 04:52": impact ended with the one that ends last.
        let Some(first) = stamps.first() else { continue };
        let last = stamps.iter().fold(first, |last, r| match (&r.end, &last.end) {
            (Some(end), Some(known)) if end.minutes_since(known).is_some_and(|m| m > 0) => r,
            _ => last,
        });
        let words = reading.words(sentence);
        let is_open = !is_planned(words) && !speech().efforts.is_in(words);
        // Below the heading of impact a window needs no word for it: "in production between 02:20 and 03:30".
        let plain = speaks_of_impact(words) || section == Section::Impact && is_open;
        let vague = !plain && !reading.timeline.explicit && is_open;
        let is_days = first.at.clock.is_none();
        let suffers = plain || is_days && !is_planned(words) && speech().suffering.is_in(words);
        if is_days && !reading.timing.is_told_day(first) || !suffers && (is_days || !vague) {
            continue;
        }
        let recency = reading.timeline.recency(reading, sentence.block);
        let Some(end) = last.end.clone() else { continue };
        ranges.push(Told {
            section,
            start: first.at.clone(),
            end,
            confidence: recency.map_or(confidence, |r| POSTED + r * LATER).min(if !plain || is_days {
                VAGUE
            } else {
                1.0
            }),
            plain: suffers,
            evidence: reading.evidence(sentence.block, sentence.range.clone()),
        });
    }
    ranges
}
