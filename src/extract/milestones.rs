//! Milestones, chosen among what the rules propose.
//!
//! Start and end of impact are chosen together, by what speaks for both and by the lengths that the author states; the
//! others given those two. Knows nothing of how a proposal was read. A moment whose date is a typo in all likelihood is
//! never chosen.

use super::reading::Reading;
use super::rule::{Candidate, Finding};
use super::timeline::Entry;
use crate::domain::{Evidence, Found, Metric, Milestone, MilestoneKind};
use crate::time::Moment;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What speaks less than this for a moment, agreement with others included, is not believed.
const SCORE_MIN: f32 = 0.42;

const DETECTED_MIN: f32 = 0.46;
const RESOLVED_MIN: f32 = 0.49;

/// Below this a candidate is not even weighed.
const CONFIDENCE_MIN: f32 = 0.3;

/// What agreement with a stated duration is worth, and what an end before its start costs.
const AGREES: f32 = 0.3;
const BACKWARDS: f32 = 0.6;

/// What another rule that reads the same moment elsewhere is worth.
const ECHO: f32 = 0.02;

/// Scores that differ by less are told alike.
const ALIKE: f32 = 0.1;

/// Warnings come before what they warn of, and a start that is told may be a later one.
const FOREWARNED: f32 = 0.25;
const FOREWARNED_MINUTES: i64 = 24 * 60;

/// A cause that is found after the impact ended is rarer than a reading that is wrong.
const AFTERWARDS: f32 = 0.15;

/// A moment that words state has at least this, one that they suggest less than that.
const PLAIN: f32 = 0.7;
const VAGUE: f32 = 0.55;

/// An entry that no words speak for, as far after the start as the author says that it took.
const MEASURED: f32 = 0.4;

/// An end that nobody tells but by how long it lasted.
const BY_LENGTH: f32 = 0.5;

/// Pairs grow with the square.
const PROPOSALS_MAX: usize = 12;

/// A moment further than this from its neighbours is a typo in the report more often than not.
const FAR_DAYS: i64 = 28;

/// A proposal for a milestone.
#[derive(Clone, Copy)]
struct Proposal<'c> {
    at: &'c Moment,
    confidence: f32,
    rule: &'static str,
    evidence: &'c Evidence,
}

/// The milestones of a document. An end that is given once counts for both ends.
pub(super) fn milestones(reading: &Reading<'_>, candidates: &[Candidate]) -> BTreeMap<MilestoneKind, Milestone> {
    use MilestoneKind::{Mitigated, Resolved, Started};
    let entries = &reading.timeline.entries;
    let stray = stray(entries).into_iter().filter_map(|i| entries.get(i));
    let stray: HashSet<&Moment> = stray.flat_map(|e| std::iter::once(&e.at).chain(&e.end)).collect();
    let weighed = |kind: MilestoneKind| proposals(candidates, kind, &stray);
    let stated = |metric: Metric| stated(candidates, metric);
    let lengths = [stated(Metric::Impact), stated(Metric::Ttm), stated(Metric::Ttr)].concat();
    let starts = weighed(Started);
    let mut ends = weighed(Mitigated);
    ends.extend(measured(reading, starts.first().map(|s| s.at), &stated(Metric::Ttm), &ends));
    let mut chosen = BTreeMap::new();
    let (start, end) = best_pair(&starts, &ends, &lengths);
    insert(&mut chosen, Started, start);
    insert(&mut chosen, Mitigated, end);
    for kind in MilestoneKind::ALL {
        let lengths = match kind {
            Started | Mitigated => continue,
            MilestoneKind::Detected => stated(Metric::Ttd),
            MilestoneKind::Identified => stated(Metric::Tti),
            Resolved => stated(Metric::Ttr),
            _ => Vec::new(),
        };
        let mut others = weighed(*kind);
        if *kind != MilestoneKind::Identified {
            others.extend(measured(reading, chosen.get(&Started).map(|s| &s.value), &lengths, &others));
        }
        // In a row of updates even a word closes: the last one says so.
        let least = if reading.timeline.posted { SCORE_MIN } else { least(*kind) };
        if *kind == MilestoneKind::Identified {
            later_than_detection(&mut others, &chosen);
        }
        let best = best_after(&others, &chosen, *kind, &lengths, least);
        insert(&mut chosen, *kind, best);
    }
    start_from_detection(reading, &mut chosen);
    start_on_date(reading, &mut chosen);
    end_by_length(reading, candidates, &mut chosen);
    one_end_for_both(reading, &mut chosen);
    chosen
}

/// Entries whose date stands weeks away from those around it, while those agree: a month or a year typed wrong. The
/// first entry may be what came long before and the last what came long after, unless they miss their neighbour by
/// whole months.
pub(super) fn stray(entries: &[Entry]) -> BTreeSet<usize> {
    let date = |i: usize| entries.get(i).and_then(|e| e.at.date);
    let far = |a: NaiveDate, b: NaiveDate| (a - b).num_days().abs() >= FAR_DAYS;
    let mut stray = BTreeSet::new();
    for i in 0..entries.len() {
        let Some(here) = date(i) else { continue };
        let (before, after) = (i.checked_sub(1).and_then(date), date(i + 1));
        let alone = match (before, after) {
            (Some(before), Some(after)) => far(here, before) && far(here, after) && !far(before, after),
            // At either end the two nearest must agree with each other, and the day of the month with them.
            (Some(before), None) => i > 1 && date(i - 2) == Some(before) && same_day_of_another_month(here, before),
            (None, Some(after)) => date(i + 2) == Some(after) && same_day_of_another_month(here, after),
            (None, None) => false,
        };
        if alone {
            stray.insert(i);
        }
    }
    stray
}

fn same_day_of_another_month(a: NaiveDate, b: NaiveDate) -> bool {
    a.day() == b.day() && (a.year(), a.month()) != (b.year(), b.month())
}

/// What the author says it took, in minutes.
fn stated(candidates: &[Candidate], metric: Metric) -> Vec<i64> {
    let told = candidates.iter().filter(|c| c.confidence >= SCORE_MIN).filter_map(|c| match &c.finding {
        Finding::Duration(m, stated) if *m == metric => Some(stated.minutes),
        _ => None,
    });
    told.collect()
}

/// The best proposals of a kind, most believed first, equal moments once.
fn proposals<'c>(candidates: &'c [Candidate], kind: MilestoneKind, stray: &HashSet<&Moment>) -> Vec<Proposal<'c>> {
    let mut proposals: Vec<Proposal<'_>> = Vec::new();
    // Where the proposal of a moment is: a document may tell as many moments as it has sentences.
    let mut places: HashMap<&Moment, usize> = HashMap::new();
    for candidate in candidates.iter().filter(|c| c.confidence >= CONFIDENCE_MIN) {
        let Finding::Milestone(k, at) = &candidate.finding else { continue };
        if *k != kind || stray.contains(at) {
            continue;
        }
        let (confidence, rule, evidence) = (candidate.confidence, candidate.rule, &candidate.evidence);
        let proposal = Proposal { at, confidence, rule, evidence };
        match places.get(at).and_then(|place| proposals.get_mut(*place)) {
            None => {
                places.insert(at, proposals.len());
                proposals.push(proposal);
            }
            Some(known) => {
                let echo = if known.rule == rule { 0.0 } else { ECHO };
                if confidence > known.confidence {
                    *known = proposal;
                }
                known.confidence = (known.confidence + echo).min(CERTAIN);
            }
        }
    }
    // Stable: on a tie what the document says first, for ends what it says last.
    if matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved) {
        proposals.reverse();
    }
    proposals.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    proposals.truncate(PROPOSALS_MAX);
    proposals
}

/// Nothing read is more certain.
const CERTAIN: f32 = 0.97;

/// Entries that lie as far after the start as the author says that it took, to the minute, where no proposal does.
fn measured<'r>(
    reading: &'r Reading<'_>,
    start: Option<&Moment>,
    lengths: &[i64],
    proposals: &[Proposal<'_>],
) -> Vec<Proposal<'r>> {
    let since = |at: &Moment| start.and_then(|s| length(s, at));
    let exactly = |at: &Moment| since(at).is_some_and(|m| m > 0 && lengths.iter().any(|l| (l - m).abs() <= 1));
    if !reading.timeline.explicit || reading.timeline.posted || proposals.iter().any(|p| exactly(p.at)) {
        return Vec::new();
    }
    let entries = reading.timeline.entries.iter().filter(|e| exactly(&e.at));
    let propose = |e: &'r Entry| Proposal { at: &e.at, confidence: MEASURED, rule: "M008", evidence: &e.evidence };
    entries.map(propose).take(1).collect()
}

/// Start and end of impact, chosen together. Either may be missing.
fn best_pair<'c>(
    starts: &[Proposal<'c>],
    ends: &[Proposal<'c>],
    lengths: &[i64],
) -> (Option<Proposal<'c>>, Option<Proposal<'c>>) {
    let mut best: Option<(f32, Proposal<'c>, Proposal<'c>, bool)> = None;
    for start in starts {
        for end in ends {
            let Some(minutes) = length(start.at, end.at) else { continue };
            let agreeing = minutes > 0 && lengths.iter().any(|l| agrees(minutes, *l));
            let score = start.confidence + end.confidence + if agreeing { AGREES } else { 0.0 }
                - if minutes < 0 { BACKWARDS } else { 0.0 };
            // Of two windows that are told alike, impact began with the first.
            let lead = |known: &Proposal<'_>| match start.at.minutes_since(known.at).unwrap_or(0) {
                0 => 0.0,
                later if later > 0 => -ALIKE,
                _ => ALIKE,
            };
            if best.as_ref().is_none_or(|(b, s, ..)| score + lead(s) > *b) {
                best = Some((score, *start, *end, agreeing));
            }
        }
    }
    let believed = |p: Proposal<'c>| Some(p).filter(|p| p.confidence >= SCORE_MIN);
    match best {
        Some((_, start, end, agreeing)) if length(start.at, end.at).is_some_and(|m| m >= 0) => {
            let both = |p: Proposal<'c>| if agreeing { Some(confirmed(p)) } else { believed(p) };
            (both(start), both(end))
        }
        // They contradict each other: the more believed of the two stays, the other end stays open.
        Some((_, start, end, _)) if start.confidence >= end.confidence => (believed(start), None),
        Some((_, _, end, _)) => (None, believed(end)),
        None => (starts.first().copied().and_then(believed), ends.first().copied().and_then(believed)),
    }
}

/// A stated duration says the same.
fn confirmed(proposal: Proposal<'_>) -> Proposal<'_> {
    Proposal { confidence: (proposal.confidence + AGREES).min(CERTAIN), ..proposal }
}

/// Minutes from start to end; two clocks without a date that run backwards pass midnight.
fn length(start: &Moment, end: &Moment) -> Option<i64> {
    let minutes = end.span_since(start)?;
    let undated = start.date.is_none() && end.date.is_none();
    Some(if undated && minutes < 0 { minutes + 24 * 60 } else { minutes })
}

/// Within a tenth, or five minutes.
fn agrees(minutes: i64, stated: i64) -> bool {
    (minutes - stated).abs() <= (stated / 10).max(5)
}

/// The best of the other milestones, given start and end of impact.
fn best_after<'c>(
    proposals: &[Proposal<'c>],
    chosen: &BTreeMap<MilestoneKind, Milestone>,
    kind: MilestoneKind,
    lengths: &[i64],
    least: f32,
) -> Option<Proposal<'c>> {
    let since = |of: MilestoneKind, at: &Moment| chosen.get(&of).and_then(|m| at.span_since(&m.value));
    let weigh = |proposal: &Proposal<'c>| {
        let since_start = since(MilestoneKind::Started, proposal.at);
        let since_end = since(MilestoneKind::Mitigated, proposal.at);
        let early = since_start.is_some_and(|m| m < 0);
        let out_of_order = match kind {
            MilestoneKind::Resolved => since_end.is_some_and(|m| m < 0),
            MilestoneKind::Detected => since_end.is_some_and(|m| m > 0),
            _ => false,
        };
        let late = kind == MilestoneKind::Identified && since_end.is_some_and(|m| m > 0);
        let agreeing = since_start.is_some_and(|m| lengths.iter().any(|l| agrees(m, *l)));
        let forewarned = kind == MilestoneKind::Detected && since_start.is_some_and(|m| m >= -FOREWARNED_MINUTES);
        let backwards = match (out_of_order, early) {
            (false, true) if forewarned => FOREWARNED,
            (false, false) => 0.0,
            _ => BACKWARDS,
        };
        proposal.confidence - backwards - if late { AFTERWARDS } else { 0.0 } + if agreeing { AGREES } else { 0.0 }
    };
    // Half a word of an end, where another end is told plainly, is something that came after it.
    let ended = chosen.get(&MilestoneKind::Mitigated).is_some_and(|m| m.confidence >= PLAIN);
    let vague = |p: &Proposal<'_>| kind == MilestoneKind::Resolved && ended && p.confidence < VAGUE;
    let mut best: Option<(f32, Proposal<'c>)> = None;
    for proposal in proposals.iter().filter(|p| !vague(p)) {
        let score = weigh(proposal);
        if score >= least && best.as_ref().is_none_or(|(b, _)| score > *b) {
            best = Some((score, *proposal));
        }
    }
    best.map(|(score, p)| Proposal { confidence: score.min(CERTAIN), ..p })
}

/// "An engineer identifies that logins fail": what was noticed is no cause yet, where a later entry tells one as
/// plainly.
fn later_than_detection(proposals: &mut Vec<Proposal<'_>>, chosen: &BTreeMap<MilestoneKind, Milestone>) {
    let Some(detected) = chosen.get(&MilestoneKind::Detected) else { return };
    let ended = chosen.get(&MilestoneKind::Mitigated);
    let between = |p: &Proposal<'_>| {
        let ended = ended.and_then(|e| p.at.minutes_since(&e.value)).is_some_and(|m| m > 0);
        p.at.minutes_since(&detected.value).is_some_and(|m| m > 0) && !ended
    };
    if proposals.iter().any(between) {
        proposals.retain(|p| *p.at != detected.value);
    }
}

/// Noticing is told once and early: a second telling, or a clock in passing, is something else more often than not. A
/// word like "complete" closes nothing by itself.
fn least(kind: MilestoneKind) -> f32 {
    match kind {
        MilestoneKind::Detected => DETECTED_MIN,
        MilestoneKind::Resolved => RESOLVED_MIN,
        _ => SCORE_MIN,
    }
}

fn insert(chosen: &mut BTreeMap<MilestoneKind, Milestone>, kind: MilestoneKind, proposal: Option<Proposal<'_>>) {
    if let Some(Proposal { at, confidence, rule, evidence }) = proposal {
        chosen.insert(kind, Found { value: at.clone(), confidence, rule, evidence: evidence.clone() });
    }
}

/// A timeline that opens with the detection tells no earlier start: impact is dated from its first entry. So does a
/// story whose first clock of the day is that of the detection.
fn start_from_detection(reading: &Reading<'_>, chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    if chosen.contains_key(&MilestoneKind::Started) {
        return;
    }
    let Some(detected) = chosen.get(&MilestoneKind::Detected).filter(|d| d.value.clock.is_some()) else { return };
    let mut clocked = reading.timeline.entries.iter().filter(|e| e.at.clock.is_some());
    let opens = if reading.timeline.explicit {
        clocked.next().is_some_and(|first| first.at == detected.value)
    } else {
        let is_day = |day: NaiveDate| detected.value.date == Some(day);
        let earlier = |e: &Entry| {
            let before = detected.value.minutes_since(&e.at).unwrap_or(0);
            e.end.is_none() && (1..DAY_MINUTES).contains(&before)
        };
        reading.timing.date.as_ref().is_some_and(|(day, _)| is_day(*day)) && !clocked.any(earlier)
    };
    if opens {
        let started = Found { confidence: detected.confidence * 0.7, rule: "M005", ..detected.clone() };
        chosen.insert(MilestoneKind::Started, started);
    }
}

const DAY_MINUTES: i64 = 24 * 60;

/// A report that tells only the day on which it began still tells that. A date of publication or a file's name doesn't,
/// nor does the date of a status update, which may come a day late.
fn start_on_date(reading: &Reading<'_>, chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    let Some((date, Some(span))) = &reading.timing.date else { return };
    let published = reading.timing.published.as_ref().is_some_and(|(_, p)| p == span);
    if !chosen.contains_key(&MilestoneKind::Started) && !published && !reading.timeline.posted {
        let value = Moment { date: Some(*date), ..Moment::default() };
        let started = Found { value, confidence: 0.5, rule: "M006", evidence: vec![span.clone()] };
        chosen.insert(MilestoneKind::Started, started);
    }
}

/// "Down for two hours from 14:05": where no end is told, the length that the sentence of the start gives it.
fn end_by_length(reading: &Reading<'_>, candidates: &[Candidate], chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    use MilestoneKind::{Mitigated, Resolved, Started};
    if reading.timeline.explicit || [Mitigated, Resolved].iter().any(|end| chosen.contains_key(end)) {
        return;
    }
    let Some(started) = chosen.get(&Started) else { return };
    let meets = |evidence: &Evidence| {
        evidence.iter().any(|e| started.evidence.iter().any(|s| e.start < s.end && s.start < e.end))
    };
    let lasted = candidates.iter().filter(|c| c.confidence >= SCORE_MIN && meets(&c.evidence));
    let mut ends = lasted.filter_map(|c| match &c.finding {
        Finding::Duration(Metric::Impact, told) => Some((started.value.later(told.minutes)?, told.approximate, c)),
        _ => None,
    });
    if let Some((at, approximate, told)) = ends.next() {
        let value = Moment { approximate: at.approximate || approximate, ..at };
        let end = Found { value, confidence: BY_LENGTH, rule: "M008", evidence: told.evidence.clone() };
        chosen.insert(Mitigated, end);
    }
}

/// Where the text has one end only, mitigated and resolved are the same moment.
fn one_end_for_both(reading: &Reading<'_>, chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    use MilestoneKind::{Mitigated, Resolved};
    match (chosen.get(&Mitigated).cloned(), chosen.get(&Resolved).cloned()) {
        (Some(end), None) => drop(chosen.insert(Resolved, end)),
        // The last entry of a timeline closes it; that service was back then is a guess.
        // A status page is set to resolved when its users are served again.
        (None, Some(end)) if end.confidence >= VAGUE || reading.timeline.posted => drop(chosen.insert(Mitigated, end)),
        _ => {}
    }
}
