//! # detection-noticed (S002)
//!
//! ## What it reads
//! Words of noticing, weighed by where they stand: a section on detection, the first telling entry of the timeline, the
//! summary.
//!
//! ## Why it is believed
//! The first that the timeline knows of an alert, a customer's report or a colleague's remark is how it was noticed.
//!
//! ## When it declines
//! Alerts that did not come, alerts that are to be added, reports later in the timeline, and documents without a word
//! of noticing.
//!
//! ## Seen in
//! Every layout.

use super::spoken::{REPEATED, spoken};
use crate::domain::{Detection, Evidence, Span};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "S002",
    slug: "detection-noticed",
    source: include_str!("noticed.rs"),
    apply,
    examples: &[
        Example { text: "«At 10:00 our monitoring detected it.» It was down.", expect: &["detection monitoring"] },
        Example { text: "## Detection\n\n«Several customers reported errors.»", expect: &["detection customer"] },
        Example { text: "## Detection\n\n«Automatic alarm on the queue length.»", expect: &["detection monitoring"] },
        Example {
            text: "## How we noticed\n\n«A colleague mentioned it in the chat.»", expect: &["detection staff"]
        },
        Example { text: "## Detection\n\nNo alert fired.", expect: &[] },
        Example {
            text: "## Timeline\n\n- 10:00 builds fail\n- «10:05 developer reports it in the channel»\n",
            expect: &["detection staff"],
        },
        Example { text: "## Timeline\n\n- 10:05 engineer reports to the provider\n", expect: &[] },
        Example { text: "There was no alert. We will add an alert.", expect: &[] },
    ],
};

const DETECTION_SECTION: f32 = 2.5;
const FIRST_ENTRY: f32 = 2.2;
const LATER_ENTRY: f32 = 0.35;
const SUMMARY: f32 = 1.3;
/// One clear word is enough, wherever it stands but in the lessons.
const ELSEWHERE: f32 = 0.95;
const LATE_OUTSIDER: f32 = 0.8;
const LESSONS: f32 = 0.5;

/// A sentence that only hints must stand in the section on detection to be believed.
const SCORE_MIN: f32 = 2.6;
const CONFIDENCE_BASE: f32 = 0.4;
const CONFIDENCE_STEP: f32 = 0.06;
const CONFIDENCE_MAX: f32 = 0.88;

struct Place {
    weight: f32,
    detection: Detection,
    evidence: Evidence,
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut places = from_sentences(reading);
    places.extend(from_timeline(reading));
    let mut by_source: BTreeMap<Detection, (f32, f32)> = BTreeMap::new();
    for place in &places {
        let known = by_source.entry(place.detection).or_insert((0.0, 0.0));
        known.1 += place.weight;
        known.0 = known.0.max(place.weight);
    }
    let score = |(best, sum): &(f32, f32)| best + ((sum - best) * REPEATED).min(*best * 0.5);
    let winner = by_source.iter().max_by(|a, b| score(a.1).total_cmp(&score(b.1)).then(b.0.cmp(a.0)));
    let Some((detection, tally)) = winner else { return };
    if score(tally) < SCORE_MIN {
        return;
    }
    let place = places.iter().filter(|p| p.detection == *detection).max_by(|a, b| a.weight.total_cmp(&b.weight));
    let Some(place) = place else { return };
    found.push(Candidate {
        finding: Finding::Detection(*detection),
        confidence: (CONFIDENCE_BASE + CONFIDENCE_STEP * score(tally)).min(CONFIDENCE_MAX),
        evidence: place.evidence.clone(),
        rule: RULE.code,
    });
}

fn from_sentences(reading: &Reading<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    let entries = entries(reading);
    let is_entry = |evidence: &Evidence| {
        let Some(start) = evidence.first().map(|span| span.start) else { return false };
        let before = entries.partition_point(|entry| entry.start <= start);
        before.checked_sub(1).and_then(|last| entries.get(last)).is_some_and(|entry| start < entry.end)
    };
    for sentence in &reading.sentences {
        let weight = match reading.section(sentence.block) {
            Section::Detection => DETECTION_SECTION,
            Section::Summary | Section::Opening => SUMMARY,
            Section::Impact | Section::Other | Section::Resolution | Section::RootCause => ELSEWHERE,
            Section::Lessons => LESSONS,
            // "Start: 10:05 – callers complained" may be no entry.
            Section::Timeline if !reading.timeline.explicit => ELSEWHERE,
            Section::Timeline if !is_entry(&reading.evidence(sentence.block, sentence.range.clone())) => ELSEWHERE,
            Section::Timeline | Section::Actions | Section::Appendix | Section::Comments => continue,
        };
        let asked = reading.section(sentence.block) == Section::Detection;
        let Some((detection, told)) = spoken(reading.words(sentence), asked) else { continue };
        // What outsiders tell late in a report is mostly what had failed at theirs.
        let is_late = detection == Detection::ThirdParty && weight <= ELSEWHERE;
        let weight = if is_late { weight.min(LATE_OUTSIDER) } else { weight };
        let evidence = reading.evidence(sentence.block, sentence.range.clone());
        places.push(Place { weight: told * weight, detection, evidence });
    }
    places
}

/// Where the entries of the timeline stand, in order.
fn entries(reading: &Reading<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = reading.timeline.entries.iter().flat_map(|entry| entry.evidence.clone()).collect();
    spans.sort_by_key(|span| span.start);
    spans
}

/// The first entry of the timeline that tells of a noticing, and how much less the later ones count.
fn from_timeline(reading: &Reading<'_>) -> Vec<Place> {
    if !reading.timeline.explicit || reading.timeline.posted {
        return Vec::new();
    }
    let mut places = Vec::new();
    for entry in &reading.timeline.entries {
        let Some((detection, told)) = spoken(&entry.text, false) else { continue };
        let weight = if places.is_empty() { FIRST_ENTRY } else { LATER_ENTRY };
        places.push(Place { weight: told * weight, detection, evidence: entry.evidence.clone() });
    }
    places
}
