//! Times of an incident, put together: milestones chosen, timeline marked, date, zones, durations, and notices about
//! what doesn't fit. Nothing is repaired: an impossible order stays as written and is noticed.

use super::reading::Reading;
use super::rule::{Candidate, Finding};
use super::rules;
use super::timing::zones;
use crate::domain::{
    Duration, Event, Found, Incident, METRICS, Metric, MetricDefinition, Milestone, MilestoneKind, Notice,
};
use crate::time::Moment;
use crate::time::duration::show;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Below this a candidate is not believed.
pub const CONFIDENCE_MIN: f32 = 0.42;

/// A moment further than this from its neighbours is a typo in the report more often than not.
const FAR_DAYS: i64 = 28;

/// Fills everything about time into an incident.
pub fn chronicle(reading: &Reading<'_>, candidates: &[Candidate], incident: &mut Incident) {
    incident.milestones = milestones(reading, candidates);
    incident.timeline = events(reading, &incident.milestones);
    incident.date = date(reading, incident);
    incident.published = incident.published.take().or_else(|| {
        let (date, span) = reading.timing.published.clone()?;
        Some(Found { value: date, confidence: 0.8, rule: "T001", evidence: vec![span] })
    });
    let own: Vec<Moment> = incident.milestones.values().map(|m| m.value.clone()).collect();
    incident.zones = zones(&reading.timing, &own);
    incident.durations = durations(candidates, &incident.milestones);
    notice_season(reading, incident);
    notice_posted(incident);
    notice_order(incident);
    notice_far(incident);
    notice_durations(incident);
    notice_missing(reading, incident);
}

/// The most believed candidates, chosen together: start and end by what both say and by the durations that the author
/// states, the others given those two. An end that is given once counts for both ends.
fn milestones(reading: &Reading<'_>, candidates: &[Candidate]) -> BTreeMap<MilestoneKind, Milestone> {
    use MilestoneKind::{Mitigated, Resolved, Started};
    let stated = |metric: Metric| {
        let told = candidates.iter().filter(|c| c.confidence >= CONFIDENCE_MIN).filter_map(move |c| match &c.finding {
            Finding::Duration(m, stated) if *m == metric => Some(stated.minutes),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let lengths = [stated(Metric::Impact), stated(Metric::Ttm), stated(Metric::Ttr)].concat();
    let mut chosen = BTreeMap::new();
    let (starts, ends) = (proposals(candidates, Started), proposals(candidates, Mitigated));
    let (start, end) = best_pair(&starts, &ends, &lengths);
    insert(&mut chosen, Started, start);
    insert(&mut chosen, Mitigated, end);
    for kind in MilestoneKind::ALL {
        if matches!(kind, Started | Mitigated) {
            continue;
        }
        let lengths = match kind {
            MilestoneKind::Detected => stated(Metric::Ttd),
            MilestoneKind::Identified => stated(Metric::Tti),
            Resolved => stated(Metric::Ttr),
            _ => Vec::new(),
        };
        let best =
            best_after(&proposals(candidates, *kind), chosen.get(&Started), chosen.get(&Mitigated), *kind, &lengths);
        insert(&mut chosen, *kind, best);
    }
    start_from_detection(reading, &mut chosen);
    start_on_date(reading, &mut chosen);
    one_end_for_both(&mut chosen);
    chosen
}

/// A proposal for a milestone.
type Proposal<'c> = (&'c Candidate, &'c Moment);

/// The best proposals of a kind, most believed first, equal moments once.
fn proposals(candidates: &[Candidate], kind: MilestoneKind) -> Vec<Proposal<'_>> {
    let mut proposals: Vec<Proposal<'_>> = Vec::new();
    for candidate in candidates.iter().filter(|c| c.confidence >= CONFIDENCE_MIN) {
        if let Finding::Milestone(k, at) = &candidate.finding
            && *k == kind
        {
            proposals.push((candidate, at));
        }
    }
    // Stable: on a tie what the document says first, for ends what it says last.
    if matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved) {
        proposals.reverse();
    }
    proposals.sort_by(|a, b| b.0.confidence.total_cmp(&a.0.confidence));
    proposals.truncate(PROPOSALS_MAX);
    proposals
}

/// Pairs grow with the square.
const PROPOSALS_MAX: usize = 12;

/// What agreement with a stated duration is worth, and what an end before its start costs.
const AGREES: f32 = 0.3;
const BACKWARDS: f32 = 0.6;

/// Start and end of impact, chosen together. Either may be missing.
fn best_pair<'c>(
    starts: &[Proposal<'c>],
    ends: &[Proposal<'c>],
    lengths: &[i64],
) -> (Option<Proposal<'c>>, Option<Proposal<'c>>) {
    let mut best: Option<(f32, Proposal<'c>, Proposal<'c>)> = None;
    for start in starts {
        for end in ends {
            let Some(minutes) = length(start.1, end.1) else { continue };
            let mut score = start.0.confidence + end.0.confidence;
            if minutes < 0 {
                score -= BACKWARDS;
            } else if minutes > 0 && lengths.iter().any(|l| agrees(minutes, *l)) {
                score += AGREES;
            }
            if best.as_ref().is_none_or(|(b, _, _)| score > *b) {
                best = Some((score, *start, *end));
            }
        }
    }
    match best {
        Some((_, start, end)) if length(start.1, end.1).is_some_and(|m| m >= 0) => (Some(start), Some(end)),
        // They contradict each other: the more believed of the two stays, the other end stays open.
        Some((_, start, end)) if start.0.confidence >= end.0.confidence => (Some(start), None),
        Some((_, _, end)) => (None, Some(end)),
        None => (starts.first().copied(), ends.first().copied()),
    }
}

/// Minutes from start to end; two clocks without a date that run backwards pass midnight.
fn length(start: &Moment, end: &Moment) -> Option<i64> {
    let minutes = end.minutes_since(start)?;
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
    started: Option<&Milestone>,
    mitigated: Option<&Milestone>,
    kind: MilestoneKind,
    lengths: &[i64],
) -> Option<Proposal<'c>> {
    let score = |(candidate, at): &Proposal<'c>| {
        let since_start = started.and_then(|s| at.minutes_since(&s.value));
        let since_end = mitigated.and_then(|m| at.minutes_since(&m.value));
        let early = since_start.is_some_and(|m| m < 0);
        let late = kind == MilestoneKind::Resolved && since_end.is_some_and(|m| m < 0);
        let agreeing = since_start.is_some_and(|m| lengths.iter().any(|l| agrees(m, *l)));
        candidate.confidence - if early || late { BACKWARDS } else { 0.0 } + if agreeing { AGREES } else { 0.0 }
    };
    let mut best: Option<(f32, Proposal<'c>)> = None;
    for proposal in proposals {
        let score = score(proposal);
        if score > 0.0 && best.as_ref().is_none_or(|(b, _)| score > *b) {
            best = Some((score, *proposal));
        }
    }
    best.map(|(_, p)| p)
}

fn insert(chosen: &mut BTreeMap<MilestoneKind, Milestone>, kind: MilestoneKind, proposal: Option<Proposal<'_>>) {
    if let Some((candidate, at)) = proposal {
        let evidence = candidate.evidence.clone();
        let found = Found { value: at.clone(), confidence: candidate.confidence, rule: candidate.rule, evidence };
        chosen.insert(kind, found);
    }
}

/// A timeline that opens with the detection tells no earlier start: impact is dated from its first entry.
fn start_from_detection(reading: &Reading<'_>, chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    if chosen.contains_key(&MilestoneKind::Started) || !reading.timeline.explicit {
        return;
    }
    let Some(detected) = chosen.get(&MilestoneKind::Detected) else { return };
    let Some(first) = reading.timeline.entries.iter().find(|e| e.at.clock.is_some()) else { return };
    if first.at == detected.value {
        let started = Found { confidence: detected.confidence * 0.7, rule: "M005", ..detected.clone() };
        chosen.insert(MilestoneKind::Started, started);
    }
}

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

/// Where the text has one end only, mitigated and resolved are the same moment.
fn one_end_for_both(chosen: &mut BTreeMap<MilestoneKind, Milestone>) {
    use MilestoneKind::{Mitigated, Resolved};
    match (chosen.get(&Mitigated).cloned(), chosen.get(&Resolved).cloned()) {
        (Some(end), None) => drop(chosen.insert(Resolved, end)),
        (None, Some(end)) => drop(chosen.insert(Mitigated, end)),
        _ => {}
    }
}

/// The timeline; an entry at the moment of a milestone is marked with it, the earliest in order where it is several.
fn events(reading: &Reading<'_>, milestones: &BTreeMap<MilestoneKind, Milestone>) -> Vec<Event> {
    let entries = reading.timeline.entries.iter();
    entries
        .map(|entry| Event {
            at: entry.at.clone(),
            end: entry.end.clone(),
            text: entry.text.clone(),
            milestone: milestone_at(milestones, &entry.at, entry.end.as_ref()),
            evidence: entry.evidence.clone(),
        })
        .collect()
}

/// The milestone that lies at a moment or at the end of its range.
fn milestone_at(
    milestones: &BTreeMap<MilestoneKind, Milestone>,
    at: &Moment,
    end: Option<&Moment>,
) -> Option<MilestoneKind> {
    let same = |a: &Moment, b: &Moment| (a.date, a.clock, a.offset) == (b.date, b.clock, b.offset);
    let is_here = |m: &Milestone| same(&m.value, at) || end.is_some_and(|e| same(&m.value, e));
    milestones.iter().find(|(_, m)| m.value.clock.is_some() && is_here(m)).map(|(kind, _)| *kind)
}

/// The local date on which impact began: that of the start, else the document's.
fn date(reading: &Reading<'_>, incident: &Incident) -> Option<Found<NaiveDate>> {
    let started = incident.milestones.get(&MilestoneKind::Started);
    if let Some((value, started)) = started.and_then(|s| s.value.date.map(|d| (d, s))) {
        return Some(Found {
            value,
            confidence: started.confidence,
            rule: started.rule,
            evidence: started.evidence.clone(),
        });
    }
    // Of status updates the earliest moment that one tells speaks before the day on which one was posted.
    let told = incident.milestones.values().filter(|m| reading.timeline.posted && m.value.date.is_some());
    if let Some((value, told)) = told.filter_map(|m| Some((m.value.date?, m))).min_by_key(|(d, _)| *d) {
        return Some(Found { value, confidence: told.confidence, rule: told.rule, evidence: told.evidence.clone() });
    }
    let (value, span) = reading.timing.date.clone()?;
    Some(Found { value, confidence: 0.7, rule: "T002", evidence: span.into_iter().collect() })
}

fn durations(candidates: &[Candidate], milestones: &BTreeMap<MilestoneKind, Milestone>) -> BTreeMap<Metric, Duration> {
    let mut durations = BTreeMap::new();
    for definition in METRICS {
        let stated = candidates
            .iter()
            .filter(|c| c.confidence >= CONFIDENCE_MIN)
            .filter_map(|c| match &c.finding {
                Finding::Duration(metric, stated) if *metric == definition.metric => Some((c, stated)),
                _ => None,
            })
            .fold(None, |best: Option<(&Candidate, _)>, next| match best {
                Some(best) if best.0.confidence >= next.0.confidence => Some(best),
                _ => Some(next),
            })
            .map(|(c, stated)| Found {
                value: stated.clone(),
                confidence: c.confidence,
                rule: c.rule,
                evidence: c.evidence.clone(),
            });
        let computed = computed(milestones, definition);
        if stated.is_some() || computed.is_some() {
            let duration = Duration { stated, computed_minutes: computed, corrected_minutes: None };
            durations.insert(definition.metric, duration);
        }
    }
    durations
}

fn computed(milestones: &BTreeMap<MilestoneKind, Milestone>, definition: &MetricDefinition) -> Option<i64> {
    let (start, end) = milestones.get(&definition.start).zip(milestones.get(&definition.end))?;
    end.value.minutes_since(&start.value).filter(|m| *m >= 0)
}

/// Brings what follows from milestones up to them, after a person changed some.
pub fn settle(incident: &mut Incident) {
    for definition in METRICS {
        let computed = computed(&incident.milestones, definition);
        let duration = incident.durations.entry(definition.metric).or_default();
        duration.computed_minutes = computed;
        if duration.minutes().is_none() {
            incident.durations.remove(&definition.metric);
        }
    }
    for event in &mut incident.timeline {
        event.milestone = milestone_at(&incident.milestones, &event.at, event.end.as_ref());
    }
    let is_settled = |code| match code {
        "milestone-order" | "duration-conflict" => true,
        "undated" => incident.date.is_some(),
        _ => false,
    };
    incident.notices.retain(|n| !is_settled(n.code));
    notice_order(incident);
    notice_durations(incident);
}

/// A label used in the wrong half of the year, once a label.
fn notice_season(reading: &Reading<'_>, incident: &mut Incident) {
    let mut seen: Vec<&str> = Vec::new();
    for stamp in &reading.timing.stamps {
        let (Some(date), Some(label)) = (stamp.at.date, stamp.at.zone.as_deref()) else { continue };
        let wrong = stamp.zone.is_some_and(|z| z.is_out_of_season(date));
        if !wrong || seen.contains(&label) || stamp.at.clock.is_none() {
            continue;
        }
        seen.push(label);
        let offset = stamp.at.offset_text().unwrap_or_default();
        incident.notices.push(Notice {
            code: "zone-season",
            message: format!(
                "{label} is not in force on {date}; times are read as written ({offset}), the author may have meant local time"
            ),
            evidence: reading.evidence(stamp.block, stamp.span.clone()),
        });
    }
}

/// Milestones out of order stay as written.
fn notice_order(incident: &mut Incident) {
    let known: Vec<(MilestoneKind, Milestone)> = incident.milestones.iter().map(|(k, m)| (*k, m.clone())).collect();
    let Some((_, started)) = known.iter().find(|(k, _)| *k == MilestoneKind::Started) else { return };
    for (kind, milestone) in &known {
        if milestone.value.minutes_since(&started.value).is_some_and(|m| m < 0) {
            let message = format!(
                "{} ({}) lies before the start of impact ({})",
                kind.name(),
                milestone.value.local_text(),
                started.value.local_text()
            );
            incident.notices.push(Notice { code: "milestone-order", message, evidence: milestone.evidence.clone() });
        }
    }
}

/// An entry weeks away from both its neighbours is noticed, never moved.
fn notice_far(incident: &mut Incident) {
    let dates: Vec<Option<NaiveDate>> = incident.timeline.iter().map(|e| e.at.date).collect();
    let far = |a: Option<NaiveDate>, b: Option<NaiveDate>| {
        a.zip(b).is_some_and(|(a, b)| (a - b).num_days().abs() >= FAR_DAYS)
    };
    for (i, event) in incident.timeline.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|p| dates.get(p)).copied().flatten();
        let after = dates.get(i + 1).copied().flatten();
        let here = event.at.date;
        let neighbours_agree = !far(before, after);
        if before.is_some() && after.is_some() && far(here, before) && far(here, after) && neighbours_agree {
            let message =
                format!("{} stands weeks away from the entries around it; perhaps a typo", event.at.local_text());
            incident.notices.push(Notice { code: "date-typo", message, evidence: event.evidence.clone() });
        }
    }
}

fn notice_durations(incident: &mut Incident) {
    for definition in METRICS {
        let Some(duration) = incident.durations.get(&definition.metric) else { continue };
        let (Some(stated), Some(computed)) = (&duration.stated, duration.computed_minutes) else { continue };
        if duration.conflicts() {
            let message = format!(
                "{} is stated as {} but {} to {} is {}",
                definition.title,
                show(stated.value.minutes),
                definition.start.name(),
                definition.end.name(),
                show(computed)
            );
            incident.notices.push(Notice { code: "duration-conflict", message, evidence: stated.evidence.clone() });
        }
    }
}

/// A start that no words tell, but the first update's own time.
fn notice_posted(incident: &mut Incident) {
    let Some(started) = incident.milestones.get(&MilestoneKind::Started) else { return };
    if started.rule == rules::milestone::posted::RULE.code {
        let message = "no update tells when impact began; the start is when the first one was posted".to_owned();
        incident.notices.push(Notice { code: "start-posted", message, evidence: started.evidence.clone() });
    }
}

fn notice_missing(reading: &Reading<'_>, incident: &mut Incident) {
    let clocks = reading.timing.stamps.iter().any(|s| s.at.clock.is_some());
    if incident.date.is_none() {
        let message = "no date can be found; the incident is kept out of period statistics".to_owned();
        incident.notices.push(Notice { code: "undated", message, evidence: Vec::new() });
    }
    if clocks && incident.zones.is_empty() {
        let message = "no zone is stated or configured for its times; they have no UTC instant".to_owned();
        incident.notices.push(Notice { code: "no-zone", message, evidence: Vec::new() });
    }
}
