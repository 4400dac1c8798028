//! # timeline-milestone (M002)
//!
//! ## What it reads
//! The entries of an explicit timeline: the first whose words state that impact began, that it was noticed, taken,
//! understood, or that somebody learnt of a defect; the last, after any relapse, whose words state that impact ended or
//! the incident was closed. Failing words, the first entry
//! stands for the start and the last for the resolution.
//!
//! ## Why it is believed
//! Timelines are written entry by entry with milestones in mind; their verbs are plain. Two timelines in three open
//! with the start, four in five close with the resolution.
//!
//! ## When it declines
//! Entries whose words plan, negate or try; entries without a clock. Timelines made of prose sentences are left to the
//! prose rules.
//!
//! ## Seen in
//! Bulleted lists, tables, headings per time, bold-time paragraphs.

use super::oldest_first::entries;
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue, is_denied_end, is_outright, is_unended, labelled};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::sentences::sentence_ranges;
use crate::extract::speech::{is_planned, speech};
use crate::extract::states::{self, State};
use crate::extract::timeline::Entry;
use crate::extract::turns::Turns;
use crate::time::Moment;
use std::iter;

pub const RULE: Rule = Rule {
    code: "M002",
    slug: "timeline-milestone",
    source: include_str!("timeline_entry.rs"),
    apply,
    examples: &[
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 The site went down\n- 14:05 First alert fired\n- 14:30 Root cause identified: a bad route\n- 15:00 Service restored for all customers\n- 16:00 Incident closed",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "identified 2024-01-18T14:30+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example {
            text: "## Timeline, 2024-01-18 UTC\n\n```\n14:00 The site went down\n14:05 First alert fired\n15:00 Service restored for all customers\n```\n",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T15:00+00:00",
            ],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 The site went down\n- 14:05 First alert fired\n- 14:20 Rollback found to be ready\n- 14:30 Turns out the token of the mailer was revoked\n- 15:00 Service restored\n- 16:00 Incident closed",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "identified 2024-01-18T14:30+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 The site went down\n- 14:05 First alert fired\n- 15:00 Service restored\n- 15:20 The errors return\n- 16:00 Incident closed",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example {
            text: "# 2024-01-18: the site went down\n\n## Timeline (UTC)\n\n- 2024-01-02 09:00 The site went down in a trial\n- 2024-01-18 14:00 The site went down\n- 2024-01-18 15:00 Service restored for all customers",
            expect: &["started 2024-01-18T14:00+00:00", "mitigated 2024-01-18T15:00+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids time out\n- 14:05 First alert fired\n- 14:20 It becomes clear that bids are slow for all\n- 14:40 We were able to trace that to a missing index\n- 15:00 Service restored for all customers",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "identified 2024-01-18T14:40+00:00",
                "identified 2024-01-18T14:20+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T15:00+00:00",
            ],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 A developer asks whether mail is down\n- 14:20 Discovery: a customer explains that he gets no mail\n- 15:00 Recovery: relays scaled up\n- 16:00 Resolution: the old limit is set again",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:20+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Logins fail\n- 14:05 First alert fired\n- 14:30 Logins restored in Porto\n- 15:00 Logins in Braga not yet restored",
            expect: &["started 2024-01-18T14:00+00:00", "detected 2024-01-18T14:05+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Logins fail\n- 14:05 First alert fired\n- 15:00 We are still investigating",
            expect: &["started 2024-01-18T14:00+00:00", "detected 2024-01-18T14:05+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Logins fail\n- 14:05 First alert fired\n- 15:00 Incident resolved, we are still investigating why",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "resolved 2024-01-18T15:00+00:00",
            ],
        },
        Example {
            text: "# 2024-01-18\n\nAt 14:00 UTC the site went down. An alert fired at 14:05.\n\nAt 14:20 we tried a restart. By 15:00 service was restored for all customers.\n\nAt 16:00 the incident was closed.",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example { text: "14:00 We had lunch on 2024-01-18.\n\nThen tea.", expect: &[] },
    ],
};

/// Words that state the milestone.
const STRONG: f32 = 0.75;
/// Words that leave no other reading: "root cause found".
const OUTRIGHT: f32 = 0.82;
/// Words of a summary that labels its times.
const SUMMED_UP: f32 = 0.8;
/// The same words after the incident had already been noticed.
const STRONG_LATE: f32 = 0.5;
/// A further entry with such words, kept for when stated durations speak for it.
const STRONG_AGAIN: f32 = 0.45;
const WEAK: f32 = 0.48;
/// Somebody has it in hand, so it was noticed.
const TAKEN: f32 = 0.76;
/// Half a word of a cause.
const HINT: f32 = 0.46;
/// Somebody learnt of a defect, whatever the words.
const FINDING: f32 = 0.62;
/// The first entry, when no words tell the start.
const FIRST: f32 = 0.55;
/// The last entry, when no words tell the resolution.
const LAST: f32 = 0.5;

/// How many entries are proposed for one milestone.
const PROPOSALS_MAX: usize = 4;

/// How many asides may open a timeline.
const ASIDES_MAX: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if !reading.timeline.explicit {
        return;
    }
    let (entries, of_days) = entries(reading);
    if reading.timeline.posted {
        posted(&entries, found);
        return;
    }
    for (entry, kind) in reading.timeline.summed_up.iter().flat_map(|e| MilestoneKind::ALL.iter().map(move |k| (e, *k)))
    {
        if entry.at.clock.is_some() && speaks(entry, kind) {
            propose(found, kind, entry.at.clone(), SUMMED_UP, entry);
        }
    }
    started(&entries, found);
    for kind in [MilestoneKind::Detected, MilestoneKind::Acknowledged, MilestoneKind::Identified] {
        opening(&entries, kind, found);
    }
    closing(&entries, MilestoneKind::Mitigated, found);
    closing(&entries, MilestoneKind::Resolved, found);
    if of_days {
        for candidate in found.iter_mut().filter(|c| c.rule == RULE.code) {
            candidate.confidence *= DAYS_SHARE;
        }
    }
    dated(reading, found);
}

/// What a day is worth beside a clock. What stands last in a timeline of days is told later more often than it ends
/// anything.
pub(super) const DAYS_SHARE: f32 = 0.9;

/// Entries that tell a day and no clock speak where none with a clock does.
fn dated(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let days = || reading.timeline.entries.iter().filter(|e| e.at.clock.is_none() && e.at.date.is_some());
    for kind in MilestoneKind::ALL {
        let is_told = |c: &Candidate| matches!(&c.finding, Finding::Milestone(k, _) if k == kind);
        if found.iter().any(is_told) {
            continue;
        }
        let mut speaking = days().filter(|e| speaks(e, *kind));
        let ends = matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved);
        let entry = if ends { speaking.next_back() } else { speaking.next() };
        if let Some(entry) = entry {
            propose(found, *kind, entry.at.clone(), DAY, entry);
        }
    }
}

/// A day is told by an entry without a clock.
const DAY: f32 = 0.5;

/// Updates tell when something was posted. Only what a post can itself bring about, its own end, is dated by it, and
/// weakly: the words inside an update tell better.
fn posted(entries: &[&Entry], found: &mut Vec<Candidate>) {
    for (kind, state) in [(MilestoneKind::Identified, State::Identified), (MilestoneKind::Resolved, State::Resolved)] {
        let found_cause = |e: &&&Entry| kind == MilestoneKind::Identified && speaks(e, kind);
        let entry = entries.iter().find(|e| is_in(state, &e.text)).or_else(|| entries.iter().find(found_cause));
        if let Some(entry) = entry {
            propose(found, kind, entry.at.clone(), POSTED, entry);
        }
    }
}

/// A state that leads an update, or stands in a column of its own.
fn is_in(state: State, words: &str) -> bool {
    let beside = || words.strip_suffix(')').and_then(|w| w.rsplit_once('(')).map_or("", |(_, beside)| beside);
    states::heading(words) == Some(state) || beside().split("; ").any(|cell| states::state(cell) == Some(state))
}

/// The time of the update that says so.
const POSTED: f32 = 0.44;

/// Where the incident's own entries begin: a lone entry a day or more before all others, and twice as long before them
/// as they take together, tells what came long before. Nothing that somebody noticed does.
fn opening_entry(entries: &[&Entry], noticed: Option<usize>) -> usize {
    let between = |a: usize, b: usize| entries.get(b).zip(entries.get(a)).and_then(|(b, a)| b.at.span_since(&a.at));
    let last = entries.len().saturating_sub(1);
    let gap = |i: usize| between(i, i + 1).unwrap_or(0);
    let far = |i: usize| {
        let lone = i.checked_sub(1).is_none_or(|before| gap(before) > DAY_MINUTES);
        lone && gap(i) > DAY_MINUTES && between(i + 1, last).is_some_and(|rest| gap(i) >= 2 * rest)
    };
    let limit = noticed.unwrap_or(last).min(entries.len() / 2);
    (0..limit).rev().find(|i| far(*i)).map_or(0, |i| i + 1)
}

pub(super) const DAY_MINUTES: i64 = 24 * 60;

pub(super) fn speaks(entry: &Entry, kind: MilestoneKind) -> bool {
    cue(&entry.text, kind) == Some(Cue::Strong)
}

pub(super) fn sentences(entry: &Entry) -> impl Iterator<Item = &str> {
    sentence_ranges(&entry.text).filter_map(|range| entry.text.get(range))
}

/// The first entry in which somebody noticed something, or knew its cause. A cause that stands before all else is what
/// happened, and was found later.
pub(super) fn noticed(entries: &[&Entry]) -> Option<usize> {
    let tells = |(nth, entry): (usize, &&Entry)| {
        [MilestoneKind::Detected, MilestoneKind::Acknowledged].iter().any(|kind| speaks(entry, *kind))
            || nth > 0 && speaks(entry, MilestoneKind::Identified)
    };
    entries.iter().enumerate().position(tells)
}

/// Behind the last entry in which trouble came back that another had told was over: none before it ended anything.
pub(super) fn relapse(entries: &[&Entry]) -> usize {
    let ends = |e: &Entry| speaks(e, MilestoneKind::Mitigated) || speaks(e, MilestoneKind::Resolved);
    let Some(ended) = entries.iter().position(|e| ends(e)) else { return 0 };
    let again = |e: &Entry| sentences(e).any(|sentence| Turns::of(sentence).are_relapse());
    let last = entries.len().saturating_sub(1);
    // That it is not over is said by a last entry as well.
    let relapsed =
        |i: &usize| entries.get(*i).is_some_and(|e| is_denied_end(&e.text) || *i < last && again(e) && !ends(e));
    (ended + 1..entries.len()).rfind(relapsed).map_or(0, |i| i + 1)
}

fn started(entries: &[&Entry], found: &mut Vec<Candidate>) {
    let noticed = noticed(entries);
    let telling: Vec<usize> = (0..entries.len())
        .filter(|i| entries.get(*i).is_some_and(|e| speaks(e, MilestoneKind::Started)))
        .take(PROPOSALS_MAX)
        .collect();
    for (nth, index) in telling.iter().enumerate() {
        let Some(entry) = entries.get(*index) else { continue };
        // "Found that the broker ran out of handles": what broke, told when it was found.
        let explains = *index > 0 && speaks(entry, MilestoneKind::Identified);
        let late = explains || noticed.is_some_and(|n| n < *index);
        let confidence = if nth > 0 {
            STRONG_AGAIN
        } else if late {
            STRONG_LATE
        } else {
            STRONG
        };
        propose(found, MilestoneKind::Started, entry.at.clone(), confidence, entry);
    }
    let opening = opening_entry(entries, noticed);
    let opening = (opening..entries.len())
        .take(ASIDES_MAX)
        .find(|i| entries.get(*i).is_some_and(|e| !speech().aside.is_in(&e.text)))
        .map(|opening| {
            if telling.first().is_none_or(|t| noticed.is_some_and(|n| n < *t)) {
                turning(entries, opening, noticed)
            } else {
                opening
            }
        });
    if let Some(opening) = opening.filter(|_| !is_chat(entries))
        && let Some(first) = entries.get(opening)
        && telling.first() != Some(&opening)
    {
        propose(found, MilestoneKind::Started, first.at.clone(), FIRST, first);
    }
}

/// Where the story turns, from an entry on: with what gives way before anybody noticed, or else with what is changed.
/// Where no entry tells either, it began with the first that is more than the days as they were.
fn turning(entries: &[&Entry], opening: usize, noticed: Option<usize>) -> usize {
    let until = noticed.unwrap_or(entries.len() / 2).min(opening + TURNS_MAX);
    let mended = |i: &usize| entries.get(*i).is_some_and(|e| cue(&e.text, MilestoneKind::Mitigated).is_some());
    let until = (opening..until).find(mended).unwrap_or(until);
    let turns = |i: usize| entries.get(i).map(|e| Turns::of(&e.text));
    let first = |tells: fn(Turns) -> bool| (opening..until).find(|i| turns(*i).is_some_and(tells));
    first(Turns::are_failure)
        .or_else(|| first(Turns::are_change))
        .or_else(|| (opening..=until).find(|i| turns(*i).is_some_and(|t| !t.are_background())))
        .unwrap_or(opening)
}

/// So many entries are looked through for what gives way.
const TURNS_MAX: usize = 8;

/// Milestones that happen once, at their first telling.
fn opening(entries: &[&Entry], kind: MilestoneKind, found: &mut Vec<Candidate>) {
    for (wanted, confidence) in [(Cue::Strong, STRONG), (Cue::Weak, WEAK)] {
        if kind == MilestoneKind::Identified && wanted == Cue::Weak {
            hints(entries, found);
            return;
        }
        let mut speaking: Vec<&&Entry> = entries.iter().filter(|e| cue(&e.text, kind) == Some(wanted)).collect();
        // "It becomes clear that checkout is down": what everybody sees is no cause where another entry tells one.
        if kind == MilestoneKind::Identified {
            let is_open = |e: &Entry| !speaks(e, MilestoneKind::Mitigated) && !speaks(e, MilestoneKind::Resolved);
            let explaining = |e: &Entry| explains(e) && is_open(e);
            speaking.sort_by_key(|e| !is_outright(&e.text, kind) && !explaining(e));
        }
        // "Notice of maintenance received": before the incident, where another entry tells that somebody noticed.
        if kind == MilestoneKind::Detected {
            speaking.sort_by_key(|e| is_planned(&e.text));
        }
        let outright = speaking.iter().position(|e| wanted == Cue::Strong && is_outright(&e.text, kind));
        for (nth, entry) in
            speaking.iter().enumerate().take(outright.map_or(PROPOSALS_MAX, |o| PROPOSALS_MAX.max(o + 1)))
        {
            let confidence = match nth {
                _ if outright == Some(nth) => OUTRIGHT,
                0 => confidence,
                _ => STRONG_AGAIN,
            };
            propose(found, kind, entry.at.clone(), confidence, entry);
        }
        if kind == MilestoneKind::Detected {
            taken_first(entries, &speaking, found);
        }
        if !speaking.is_empty() {
            return;
        }
    }
}

/// Whether an entry may tell why.
fn explains(entry: &Entry) -> bool {
    sentences(entry).any(|sentence| {
        let turns = Turns::of(sentence);
        cue(sentence, MilestoneKind::Identified).is_some() && turns.may_explain()
    })
}

/// Who declares an incident, or takes it on, knows of it: where that stands before all telling that somebody noticed,
/// nobody did earlier.
fn taken_first(entries: &[&Entry], noticing: &[&&Entry], found: &mut Vec<Candidate>) {
    let Some(noticed) = noticing.first() else { return };
    let before = entries.iter().take_while(|e| noticed.at.minutes_since(&e.at).is_some_and(|m| m > 0));
    if let Some(taken) = before.into_iter().find(|e| speaks(e, MilestoneKind::Acknowledged)) {
        propose(found, MilestoneKind::Detected, taken.at.clone(), TAKEN, taken);
    }
}

/// Half a word of a cause tells it where it stands between noticing and the first recovery: what the engineers find
/// there is what they look for. That they learnt of a defect says more, even after it.
fn hints(entries: &[&Entry], found: &mut Vec<Candidate>) {
    let noticed = noticed(entries).unwrap_or(0);
    let ended = entries.iter().position(|e| speaks(e, MilestoneKind::Mitigated)).unwrap_or(0);
    let turns = |e: &Entry| sentences(e).map(Turns::of).collect::<Vec<_>>();
    let hinted = |(nth, entry): (usize, &&Entry)| {
        let half = || cue(&entry.text, MilestoneKind::Identified) == Some(Cue::Weak);
        if nth > noticed && turns(entry).iter().any(|turns| turns.are_finding()) {
            Some(FINDING)
        } else if nth < ended && half() && turns(entry).iter().any(|turns| turns.may_explain()) {
            Some(HINT)
        } else {
            None
        }
    };
    let late = || entries.iter().enumerate().skip(noticed);
    let mut hinting: Vec<(f32, &&Entry)> = late().filter_map(|told| Some((hinted(told)?, told.1))).collect();
    // Stable: of those that say it alike, the first.
    hinting.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (nth, (confidence, entry)) in hinting.into_iter().take(PROPOSALS_MAX).enumerate() {
        let confidence = if nth == 0 { confidence } else { confidence.min(HINT) };
        propose(found, MilestoneKind::Identified, entry.at.clone(), confidence, entry);
    }
}

/// Milestones that end something, at their last telling.
fn closing(entries: &[&Entry], kind: MilestoneKind, found: &mut Vec<Candidate>) {
    // The end of an entry that spans a while is when its words came true.
    let end = |e: &Entry| e.end.clone().unwrap_or_else(|| e.at.clone());
    // What suggests that impact ended is weighed with the remedies (M015).
    let weak = if kind == MilestoneKind::Mitigated { None } else { Some((Cue::Weak, WEAK)) };
    for (wanted, confidence) in iter::once((Cue::Strong, STRONG)).chain(weak) {
        // What looks healthy while the trouble is being noticed is no recovery.
        let after = if wanted == Cue::Weak { noticed(entries).map_or(0, |i| i + 1) } else { 0 };
        let late = entries.iter().skip(after.max(relapse(entries))).rev();
        // "Resolution: the old limit is back" ends an incident, though its words may end nothing.
        let told =
            |e: &Entry| cue(&e.text, kind) == Some(wanted) || wanted == Cue::Strong && labelled(&e.text) == Some(kind);
        let mut speaking: Vec<&&Entry> = late.filter(|e| told(e)).take(PROPOSALS_MAX).collect();
        // "Queue drained, incident closed": the closing sums up; an entry before it tells when service was back.
        let sums_up = |e: &&&Entry| speaks(e, MilestoneKind::Resolved) && !is_outright(&e.text, kind);
        if kind == MilestoneKind::Mitigated && speaking.first().is_some_and(sums_up) && speaking.len() > 1 {
            speaking.rotate_left(1);
        }
        // "Backfill completed", "all customers informed": after the end, where another entry tells that.
        speaking.sort_by_key(|e| speech().aftermath.is_in(&e.text));
        if let Some((entry, rest)) = speaking.split_first() {
            propose(found, kind, end(entry), confidence, entry);
            for again in rest {
                propose(found, kind, end(again), STRONG_AGAIN, again);
            }
            return;
        }
    }
    if kind == MilestoneKind::Resolved
        && entries.len() > 2
        && !is_chat(entries)
        && let Some(last) = entries.iter().rev().find(|e| !speech().aside.is_in(&e.text))
        && !is_unfinished(last)
    {
        propose(found, kind, end(last), LAST, last);
    }
}

/// "<ann> is it down?": what is said first or last in a chat begins and ends nothing.
pub(super) fn is_chat(entries: &[&Entry]) -> bool {
    entries.iter().filter(|e| e.text.starts_with('<')).count() * 2 > entries.len()
}

/// An entry of somebody who notices, looks, suspects or waits for the end, ends nothing.
fn is_unfinished(entry: &Entry) -> bool {
    let kinds = [MilestoneKind::Detected, MilestoneKind::Acknowledged, MilestoneKind::Identified];
    kinds.iter().any(|kind| speaks(entry, *kind))
        || is_unended(&entry.text)
        || entry.text.trim_end().ends_with('?')
        || sentences(entry).any(|sentence| Turns::of(sentence).persist())
}

fn propose(found: &mut Vec<Candidate>, kind: MilestoneKind, at: Moment, confidence: f32, entry: &Entry) {
    found.push(Candidate {
        finding: Finding::Milestone(kind, at),
        confidence,
        evidence: entry.evidence.clone(),
        rule: RULE.code,
    });
}
