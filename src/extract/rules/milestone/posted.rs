//! # posted-milestone (M010)
//!
//! ## What it reads
//! The first and the last of a row of status updates, where the updates themselves tell no better: impact began, and
//! was noticed, at or before the moment at which the first update speaks of it, and is over when the last one says so.
//! The moment is told in the zone that the updates' own clocks are in.
//!
//! ## Why it is believed
//! Little: a page is updated some minutes after what it tells. It is the only moment such a record has, any clock told
//! in words wins over it, and a notice says where the start came from.
//!
//! ## When it declines
//! First updates that already tell the end or are posted as resolved, that take up something begun elsewhere ("still
//! underway", "linked to another incident", "for updates please visit"), or that plan; last updates that tell a
//! clock or that go on.
//!
//! ## Seen in
//! Status feeds without a start field, exported histories of status pages.

use crate::document::BlockKind;
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::sentences::sentence_ranges;
use crate::extract::speech::{is_planned, speaks_of_impact, speech};
use crate::extract::timeline::Entry;
use crate::extract::timing::Stamp;
use crate::time::resolve::in_zone;

pub const RULE: Rule = Rule {
    code: "M010",
    slug: "posted-milestone",
    source: include_str!("posted.rs"),
    apply,
    examples: &[
        Example {
            text: "| posted | text |\n|---|---|\n| 2024-01-18T14:05:00Z | We are investigating failing logins. |\n| 2024-01-18T14:20:00Z | We will provide another update by 07:00 US/Pacific. |\n| 2024-01-18T15:02:00Z | The issue has been resolved. |",
            expect: &[
                "started 2024-01-18T06:05:00-08:00",
                "detected 2024-01-18T06:05:00-08:00",
                "resolved 2024-01-18T07:02:00-08:00",
            ],
        },
        Example {
            text: "**Investigating** — 2024-01-18 14:05 UTC\n\nWe are investigating failing logins.\n\n**Resolved** — 2024-01-18 15:02 UTC\n\nThe issue has been resolved.\n",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "detected 2024-01-18T14:05+00:00",
                "resolved 2024-01-18T15:02+00:00",
            ],
        },
        Example {
            text: "resolved Jan 18, 2024 15:02 UTC\nThe issue has been resolved.\n\ninvestigating Jan 18, 2024 14:05 UTC\nWe are investigating failing logins.\n",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "detected 2024-01-18T14:05+00:00",
                "resolved 2024-01-18T15:02+00:00",
            ],
        },
        Example {
            text: "| posted | text |\n|---|---|\n| 2024-01-18T14:05:00Z | This issue is linked to another incident, please visit the status page. |",
            expect: &[],
        },
        Example {
            text: "| status | posted | text |\n|---|---|---|\n| resolved | 2024-01-18T14:05:00Z | After the fact: for six minutes logins failed. We are sorry. |",
            expect: &["resolved 2024-01-18T14:05:00+00:00"],
        },
        Example {
            text: "| posted | text |\n|---|---|\n| 2024-01-18T14:05:00Z | The issue with logins was resolved at 13:10 UTC. |",
            expect: &[],
        },
    ],
};

/// Just enough to be believed where nothing else speaks.
const FIRST: f32 = 0.43;
/// Who posts that they look into it has noticed.
const NOTICED: f32 = 0.47;
const LAST: f32 = 0.44;
/// A page is opened within a day.
const EARLIER_MINUTES_MAX: i64 = 24 * 60;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if !reading.timeline.posted {
        return;
    }
    let posts: Vec<&Entry> = reading.timeline.in_order().into_iter().filter(|e| !e.text.is_empty()).collect();
    let zone = told_zone(reading);
    let mut propose = |kind: MilestoneKind, entry: &Entry, confidence: f32| {
        let stamp = lead(reading, entry);
        let at = zone.as_deref().and_then(|z| in_zone(&entry.at, z, &[])).unwrap_or_else(|| entry.at.clone());
        let evidence = stamp.map_or_else(|| entry.evidence.clone(), |s| reading.evidence(s.block, s.span.clone()));
        found.push(Candidate { finding: Finding::Milestone(kind, at), confidence, evidence, rule: RULE.code });
    };
    let mut noticed = Vec::new();
    let ends_here = posts.len() > 1 && posts.last().is_some_and(|e| is_over(&e.text));
    if let Some(first) = posts.first().filter(|e| opens(&e.text, ends_here) && !has_closing_status(reading, e)) {
        match noticed_before(reading, first) {
            // Whoever tells in an update when it was noticed did not wait for the first one.
            Some(candidate) => noticed.push(candidate),
            None => propose(MilestoneKind::Started, first, FIRST),
        }
        if cue(&first.text, MilestoneKind::Detected).is_some() {
            propose(MilestoneKind::Detected, first, NOTICED);
        }
    }
    if let Some(last) = posts.last().filter(|e| closes(reading, e)) {
        propose(MilestoneKind::Resolved, last, LAST);
    }
    found.append(&mut noticed);
}

/// The start, where an update tells that it was noticed before the first of them was posted.
fn noticed_before(reading: &Reading<'_>, first: &Entry) -> Option<Candidate> {
    let told = reading.timing.stamps.iter().filter(|stamp| is_told(reading, stamp));
    let minutes = |stamp: &Stamp| first.at.minutes_since(&stamp.at).filter(|m| (1..=EARLIER_MINUTES_MAX).contains(m));
    let is_noticed = |stamp: &&Stamp| {
        // They stand in the order of the document.
        let place = |s: &Sentence| (s.block, s.range.start) <= (stamp.block, stamp.span.start);
        let last = reading.sentences.partition_point(place).checked_sub(1).and_then(|at| reading.sentences.get(at));
        let sentence = last.filter(|s| s.block == stamp.block && s.range.contains(&stamp.span.start));
        sentence.is_some_and(|s| cue(reading.words(s), MilestoneKind::Detected) == Some(Cue::Strong))
    };
    let stamp = told.filter(|stamp| minutes(stamp).is_some()).filter(is_noticed).max_by_key(|stamp| minutes(stamp))?;
    Some(Candidate {
        finding: Finding::Milestone(MilestoneKind::Started, stamp.at.clone()),
        confidence: FIRST,
        evidence: reading.evidence(stamp.block, stamp.span.clone()),
        rule: RULE.code,
    })
}

/// A first update that tells of something wrong and not of its end. What points to another page is another's
/// incident, unless the same page tells an end of its own.
fn opens(words: &str, ends_here: bool) -> bool {
    let told =
        sentences(words).any(speaks_of_impact) || speech().impact.is_in(words) && speech().update_voice.is_in(words);
    let elsewhere = speech().elsewhere.is_in(words) && !ends_here;
    told && !is_over(words) && !elsewhere && !speech().taken_up.is_in(words)
}

fn is_over(words: &str) -> bool {
    let ends = [MilestoneKind::Resolved, MilestoneKind::Mitigated];
    sentences(words).any(|s| ends.iter().any(|k| cue(s, *k) == Some(Cue::Strong)))
}

fn sentences(words: &str) -> impl Iterator<Item = &str> {
    sentence_ranges(words).filter_map(|range| words.get(range))
}

/// A last update that says it is over, in words or by the status beside it, and tells no clock of its own.
fn closes(reading: &Reading<'_>, entry: &Entry) -> bool {
    let tells_clock = reading.timing.of_block(entry.block).iter().any(|s| is_told(reading, s));
    let over = |s: &str| is_over(s) && !is_planned(s);
    let told = sentences(&entry.text).any(over);
    (told || has_closing_status(reading, entry) && !speech().elsewhere.is_in(&entry.text)) && !tells_clock
}

/// States, standing in a cell of their own beside the update, in which a page is closed.
const CLOSED: &[&str] = &["available", "resolved", "operational", "completed", "closed"];

fn has_closing_status(reading: &Reading<'_>, entry: &Entry) -> bool {
    let block = reading.document.blocks.get(entry.block);
    let Some((text, BlockKind::Row { cells, .. })) = block.map(|b| (b.text.as_str(), &b.kind)) else { return false };
    let mut words = cells.iter().filter_map(|c| text.get(c.clone()));
    words.any(|w| CLOSED.contains(&w.trim().to_lowercase().as_str()))
}

/// A clock in the words of an update.
fn is_told(reading: &Reading<'_>, stamp: &Stamp) -> bool {
    stamp.at.clock.is_some() && !reading.timeline.is_lead(stamp.block, &stamp.span)
}

/// The time that leads an entry.
fn lead<'r>(reading: &'r Reading<'_>, entry: &Entry) -> Option<&'r Stamp> {
    let stamps = reading.timing.of_block(entry.block).iter();
    stamps.filter(|s| s.at == entry.at).find(|s| reading.timeline.is_lead(s.block, &s.span))
}

/// The zone label that most clocks told by the updates carry.
fn told_zone(reading: &Reading<'_>) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let told = reading.timing.stamps.iter().filter(|s| is_told(reading, s));
    for label in told.filter_map(|s| s.written.zone.as_deref()) {
        match counts.iter_mut().find(|(l, _)| *l == label) {
            Some((_, n)) => *n += 1,
            None => counts.push((label, 1)),
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max()?;
    counts.iter().find(|(_, n)| *n == most).map(|(l, _)| (*l).to_owned())
}
