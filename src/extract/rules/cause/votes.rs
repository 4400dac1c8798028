//! Adds up what cue words of all units say, by label.

use super::units::{Unit, UnitKind};
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{self, cue_alone};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::vocabulary::{Cue, lists};
use std::collections::BTreeMap;
use std::ops::Range;

/// What speaks for one label.
#[derive(Debug, Clone)]
pub struct Vote<L> {
    pub label: L,
    pub score: f32,
    /// The unit that speaks loudest for it.
    pub unit: usize,
}

/// How much a part of the report counts.
pub struct Weights {
    pub title: f32,
    pub cause_label: f32,
    pub root_cause: f32,
    pub summary: f32,
    pub impact: f32,
    pub timeline: f32,
    pub resolution: f32,
    pub lessons: f32,
    pub actions: f32,
    pub other: f32,
    /// Factors inside and outside the words that a causal phrase points at.
    pub cause: f32,
    pub effect: f32,
    /// Factor of what a sentence names first: it is what failed, and what follows are often its victims.
    pub first: f32,
}

/// What phrases are worth together, by label.
pub struct Tally<L> {
    /// By label and phrase: the loudest place, the sum over all places.
    phrases: BTreeMap<(L, usize), (f32, f32)>,
}

impl<L: Copy + Ord> Tally<L> {
    pub fn new() -> Self {
        Tally { phrases: BTreeMap::new() }
    }

    pub fn add(&mut self, cue: &Cue<L>, worth: f32) {
        let phrase = self.phrases.entry((cue.label, cue.phrase)).or_insert((0.0, 0.0));
        phrase.0 = phrase.0.max(worth);
        phrase.1 += worth;
    }

    pub fn scores(self) -> BTreeMap<L, f32> {
        let mut scores: BTreeMap<L, f32> = BTreeMap::new();
        for ((label, _), (best, sum)) in self.phrases {
            *scores.entry(label).or_default() += best + ((sum - best) * REPEATED).min(best * REPEATED * REPEATS_MAX);
        }
        scores
    }
}

/// Said once in the right place counts more than said often: repetitions add this share, at most so many.
const REPEATED: f32 = 0.15;
const REPEATS_MAX: f32 = 4.0;

/// What only tips a balance is not what a sentence names.
const FIRST_WEIGHT_MIN: f32 = 1.0;

/// What a supposition is worth of a statement.
const SUPPOSED: f32 = 0.5;

/// How far a causal phrase reaches.
const REACH_BYTES: usize = 160;

impl Weights {
    fn of(&self, unit: &Unit) -> f32 {
        match (unit.kind, unit.section) {
            (UnitKind::Title, _) => self.title,
            (UnitKind::CauseLabel { .. }, _) => self.cause_label,
            (_, Section::RootCause) => self.root_cause,
            (_, Section::Opening | Section::Summary) => self.summary,
            (_, Section::Impact) => self.impact,
            (_, Section::Timeline) => self.timeline,
            (_, Section::Resolution | Section::Detection) => self.resolution,
            (_, Section::Lessons | Section::Appendix) => self.lessons,
            (_, Section::Actions) => self.actions,
            (_, Section::Comments) => 0.0,
            (_, Section::Other) => self.other,
        }
    }
}

/// The labels that the units speak for, strongest first; some units count for more than their part of the report does.
pub fn votes<L: Copy + Ord>(
    units: &[Unit],
    cues: fn(&Unit) -> &[Cue<L>],
    weights: &Weights,
    more: impl Fn(usize) -> f32,
) -> Vec<Vote<L>> {
    let mut tally = Tally::new();
    let mut loudest: BTreeMap<L, (f32, usize)> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let heard = cues(unit);
        if heard.is_empty() || unit.has(&lists().cause_denied) {
            continue;
        }
        // What somebody is going to do tells the past no better than a list of actions does.
        let intends = unit.has(&lists().action_intent);
        let weight = if intends { weights.of(unit).min(weights.actions) } else { weights.of(unit) };
        if weight <= 0.0 {
            continue;
        }
        let may_part = unit.may_have(&lists().cause_before) || unit.may_have(&lists().cause_after);
        let cause = if may_part { cause_part(&unit.text) } else { None };
        let mut said: BTreeMap<L, f32> = BTreeMap::new();
        let is_done = || cause.is_none() && speech().completes_work.is_in(&unit.text);
        let recovers = weight > weights.resolution && (is_remedy(unit, cause.as_ref()) || is_done());
        let weight = if recovers { weights.resolution } else { weight };
        let weight = if unit.has(&lists().cause_supposed) { weight * SUPPOSED } else { weight };
        let weight = weight + more(index);
        let cleared = cleared(unit);
        let first = heard.iter().filter(|cue| cue.weight >= FIRST_WEIGHT_MIN).map(|cue| cue.range.start).min();
        for cue in heard {
            if cleared.iter().any(|part| part.start <= cue.range.start && cue.range.start < part.end) {
                continue;
            }
            let causal = match &cause {
                Some(part) if part.start <= cue.range.start && cue.range.end <= part.end => weights.cause,
                Some(_) => weights.effect,
                None => 1.0,
            };
            let order = if Some(cue.range.start) == first { weights.first } else { 1.0 };
            let worth = cue.weight * weight * causal * order;
            tally.add(cue, worth);
            *said.entry(cue.label).or_default() += worth;
        }
        for (label, worth) in said {
            let known = loudest.entry(label).or_insert((worth, index));
            if worth > known.0 {
                *known = (worth, index);
            }
        }
    }
    let mut votes: Vec<Vote<L>> = tally
        .scores()
        .into_iter()
        .filter_map(|(label, score)| Some(Vote { label, score, unit: loudest.get(&label)?.1 }))
        .collect();
    votes.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.label.cmp(&b.label)));
    votes
}

/// Where the clause begins that a text ends with.
fn begin(text: &str) -> usize {
    let marks = [", ", "; ", ": ", " (", " but ", " although "];
    marks.iter().filter_map(|mark| Some(text.rfind(mark)? + mark.len())).max().unwrap_or(0)
}

/// Words of what is enumerated, at most.
const ITEM_WORDS: usize = 2;

/// The clauses that clear what they name: "the last deploy was two days old", "the disks were healthy".
fn cleared(unit: &Unit) -> Vec<Range<usize>> {
    if !unit.may_have(&lists().cause_cleared) {
        return Vec::new();
    }
    let text = unit.text.as_str();
    let clause = |phrase: &Range<usize>| {
        let before = text.get(..phrase.start).unwrap_or("");
        let mut start = begin(before);
        // "Disks, memory and processors were fine", "an upgrade, which had nothing to do with it".
        while let Some(earlier) = before.get(..start).and_then(|text| text.strip_suffix(", ")) {
            let item = begin(earlier);
            let words = |range: Range<usize>| before.get(range).unwrap_or("").split_whitespace().count();
            if words(item..earlier.len()) > ITEM_WORDS && !before.get(start..).unwrap_or("").starts_with("which ") {
                break;
            }
            start = item;
        }
        start..phrase.end
    };
    lists().cause_cleared.find(text).iter().map(|phrase| clause(&phrase.range)).collect()
}

/// "Two hours later most nodes were upgraded and back in sync": what brought service back is told there. Where a causal
/// phrase parts the sentence, it is a remedy if that is what it led to: "rebooting it resulted in recovery".
fn is_remedy(unit: &Unit, cause: Option<&Range<usize>>) -> bool {
    let tells = |words: &str| cue_alone(words, MilestoneKind::Mitigated) == Some(milestone_words::Cue::Strong);
    let effect = match cause {
        Some(part) if part.end < unit.text.len() && part.start < REACH_BYTES => unit.text.get(part.end..),
        Some(_) => return false,
        None => return unit.kind == UnitKind::Sentence && *unit.heard.is_remedy.get_or_init(|| tells(&unit.text)),
    };
    unit.kind == UnitKind::Sentence && effect.is_some_and(tells)
}

/// The words that a causal phrase names as the cause: after "caused by", before "led to".
pub fn cause_part(text: &str) -> Option<Range<usize>> {
    if let Some(cue) = lists().cause_before.find(text).first() {
        let end = (cue.range.end + REACH_BYTES).min(text.len());
        let end = (cue.range.end..=end).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
        return Some(cue.range.end..end);
    }
    let cue = lists().cause_after.find(text).into_iter().find(|c| c.range.start > 8)?;
    let start = cue.range.start.saturating_sub(REACH_BYTES);
    let start = (start..=cue.range.start).find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    Some(start..cue.range.start)
}
