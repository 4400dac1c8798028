//! Times of an incident, put together: milestones chosen, timeline marked, date, zones, durations, and notices about
//! what doesn't fit. Nothing is repaired: an impossible order stays as written and is noticed.

use super::milestones::{milestones, stray};
use super::reading::Reading;
use super::rule::{Candidate, Finding};
use super::rules;
use super::timing::{labelled_window, zones};
use crate::domain::{
    Duration, Event, Found, Incident, METRICS, Metric, MetricDefinition, Milestone, MilestoneKind, Notice,
};
use crate::time::duration::show;
use crate::time::zone::{ClockChange, Zone, readings};
use crate::time::{Moment, Part};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Below this a candidate is not believed.
pub const CONFIDENCE_MIN: f32 = 0.42;

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
    notice_ambiguous(reading, incident);
    notice_clock_change(reading, incident);
    notice_posted(incident);
    notice_order(incident);
    notice_backwards(reading, incident);
    notice_far(reading, incident);
    notice_durations(incident);
    notice_missing(reading, incident);
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
    share_stated(&mut durations);
    durations
}

/// A length that shows a date to be mistyped is told of every metric that lies between the same two moments: users'
/// impact and mitigation do, and what ended once was mitigated and resolved at once.
fn share_stated(durations: &mut BTreeMap<Metric, Duration>) {
    let Some(telling) = durations.values().find(|d| d.is_mistyped()).cloned() else { return };
    for (metric, duration) in durations.iter_mut() {
        let is_same = duration.computed_minutes == telling.computed_minutes;
        if is_same && duration.stated.is_none() && metric.definition().start == MilestoneKind::Started {
            duration.stated = telling.stated.clone();
        }
    }
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

/// A label that means several zones, where neither the document nor the configuration chooses, once a label.
fn notice_ambiguous(reading: &Reading<'_>, incident: &mut Incident) {
    let mut seen: Vec<&str> = Vec::new();
    for stamp in reading.timing.stamps.iter().filter(|s| s.is_ambiguous && s.at.clock.is_some()) {
        let Some(label) = stamp.at.zone.as_deref().filter(|l| !seen.contains(l)) else { continue };
        seen.push(label);
        let candidates: Vec<String> = readings(label).into_iter().map(Zone::describe).collect();
        let read = stamp.at.offset_text().unwrap_or_default();
        let message = format!(
            "{label} may mean {}; its times are read as {read}, and a zone in the configuration chooses another",
            candidates.join(" or ")
        );
        let evidence = reading.evidence(stamp.block, stamp.span.clone());
        incident.notices.push(Notice { code: "ambiguous-zone", message, evidence });
    }
}

/// A local time that never was, or was twice, as clocks were changed that night: each once.
fn notice_clock_change(reading: &Reading<'_>, incident: &mut Incident) {
    let mut seen = BTreeSet::new();
    for stamp in &reading.timing.stamps {
        for at in [Some(&stamp.at), stamp.end.as_ref()].into_iter().flatten() {
            let Some((date, clock)) = at.date.zip(at.clock) else { continue };
            let Some(change) = stamp.zone.and_then(|zone| zone.clock_change(date, clock)) else { continue };
            if !seen.insert((date, clock)) {
                continue;
            }
            let place = at.zone.as_deref().unwrap_or_default();
            let read = at.offset_text().unwrap_or_default();
            let clock = clock.format("%H:%M");
            let message = match change {
                ClockChange::Skipped => format!(
                    "{clock} never was on {date} in {place}, as clocks were put forward over it; it is read as {read}, and an hour earlier may be meant"
                ),
                ClockChange::Repeated => format!(
                    "{clock} was twice on {date} in {place}, as clocks were put back; it is read as the first ({read}), and the second came an hour later"
                ),
            };
            let evidence = reading.evidence(stamp.block, stamp.span.clone());
            incident.notices.push(Notice { code: "clock-change", message, evidence });
        }
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

/// An end that is told to lie before its start, in one range or by two labels: neither may be what was meant, so it is
/// no milestone.
fn notice_backwards(reading: &Reading<'_>, incident: &mut Incident) {
    let ranges = reading
        .timing
        .stamps
        .iter()
        .filter_map(|s| Some((s.at.clone(), s.end.clone()?, reading.evidence(s.block, s.span.clone()))));
    let labels = labelled_window(&reading.timing, reading).map(|((start, _), (end, place))| (start, end, vec![place]));
    let told = ranges.chain(labels).find(|(start, end, _)| {
        let dated = start.date.is_some() && !end.inferred.contains(&Part::Date);
        dated && end.minutes_since(start).is_some_and(|minutes| minutes < 0)
    });
    if let Some((start, end, evidence)) = told {
        let message = format!(
            "it is told to end ({}) before it began ({}); no end is taken from that",
            end.local_text(),
            start.local_text()
        );
        incident.notices.push(Notice { code: "milestone-order", message, evidence });
    }
}

/// An entry whose date cannot be right is noticed, never moved; no milestone is taken from it.
fn notice_far(reading: &Reading<'_>, incident: &mut Incident) {
    for index in stray(&reading.timeline.entries) {
        let Some(entry) = reading.timeline.entries.get(index) else { continue };
        let message = format!(
            "{} stands weeks away from the entries around it; perhaps a typo, so no milestone is taken from it",
            entry.at.local_text()
        );
        incident.notices.push(Notice { code: "date-typo", message, evidence: entry.evidence.clone() });
    }
}

fn notice_durations(incident: &mut Incident) {
    for definition in METRICS {
        let Some(duration) = incident.durations.get(&definition.metric) else { continue };
        let (Some(stated), Some(computed)) = (&duration.stated, duration.computed_minutes) else { continue };
        // What several metrics share is noticed once, of the last of them: users' impact before what follows from it.
        let is_shared = duration.is_mistyped()
            && METRICS.iter().filter(|later| later.metric > definition.metric).any(|later| {
                let later = incident.durations.get(&later.metric).filter(|d| d.is_mistyped());
                later.and_then(|d| d.stated.as_ref()).is_some_and(|s| s.evidence == stated.evidence)
            });
        if duration.conflicts() && !is_shared {
            let typo = if duration.is_mistyped() {
                "; whole days apart, so a date is mistyped and what is stated counts"
            } else {
                ""
            };
            let message = format!(
                "{} is stated as {} but {} to {} is {}{typo}",
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
