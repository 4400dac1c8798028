//! What the evidence is worth: the score of each candidate, part by part.
//!
//! BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004), plus what words
//! are worth for standing together, times how much of the query a record covers. A word tells the same in every field:
//! that is counted over whole records, so that a common word is not rare for standing in few titles.

use super::evidence::{Candidate, Evidence, Sighting};
use super::feedback::Added;
use super::terms::{Origin, QueryTerm, QueryTerms};
use super::tuning::Tuning;
use crate::store::TextField;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Words between two that count as neighbours.
const PAIR_STEP_MAX: u32 = 4;

/// A candidate and what each part of the query adds to its score.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// Its place among the candidates.
    pub candidate: usize,
    pub score: f32,
    pub parts: BTreeMap<String, f32>,
}

/// Scores by what they are called in an explanation.
#[derive(Default)]
struct Parts(BTreeMap<String, f32>);

impl Parts {
    fn add(&mut self, name: String, score: f32) {
        if score > 0.0 {
            *self.0.entry(name).or_insert(0.0) += score;
        }
    }
}

/// One term of the query in one candidate.
struct Held {
    /// What it adds.
    score: f32,
    /// What it is worth where it stands.
    worth: f32,
    positions: Vec<u32>,
    is_in_title: bool,
}

/// The candidates that hold anything that was asked for, best first.
pub fn rank(asked: &QueryTerms, added: &[Added], evidence: &Evidence, tuning: &Tuning) -> Vec<Ranked> {
    let whole: f32 = asked.terms.iter().map(|t| worth(t, evidence, tuning)).sum();
    let score = |(at, candidate): (usize, &Candidate)| {
        let mut held: Vec<Option<Held>> =
            asked.terms.iter().map(|t| hold(t, at, candidate, evidence, tuning)).collect();
        replace(&mut held, asked, tuning);
        let mut parts = Parts::default();
        for (term, held) in asked.terms.iter().zip(&held) {
            parts.add(name(term), held.as_ref().map_or(0.0, |h| h.score));
        }
        for (one, other) in &asked.pairs {
            let pair = (asked.terms.get(*one), asked.terms.get(*other));
            let held = (held.get(*one).and_then(Option::as_ref), held.get(*other).and_then(Option::as_ref));
            if let ((Some(a), Some(b)), (Some(one), Some(other))) = (pair, held) {
                parts.add(format!("{} near {}", a.shown, b.shown), near(one, other, tuning));
            }
        }
        parts.add("share of the title".to_owned(), tuning.title_share * title_share(&held, candidate));
        parts.add("words at the beginning".to_owned(), tuning.lead * lead(&held, tuning.lead_words));
        parts.add("words close together".to_owned(), tuning.window * best_window(&held, tuning.window_words));
        for phrase in &asked.phrases {
            let count = evidence.sighting(phrase, at).map_or(0, |s| s.positions.len());
            let tells: f32 = phrase.iter().map(|w| evidence.telling(w)).sum();
            parts.add(format!("\"{}\"", phrase.join(" ")), tuning.phrase * tells * saturated(count as f32, tuning));
        }
        if parts.0.is_empty() {
            return None;
        }
        let covered: f32 = held.iter().flatten().map(|h| h.worth).sum();
        for Added { term, from } in added {
            // A hit whose own words come back to it would hold its place by itself.
            let own = from.iter().find(|(source, _)| *source == at).map_or(0.0, |(_, share)| *share);
            let foreign = 1.0 - own * (1.0 - tuning.feedback_own);
            parts.add(name(term), foreign * hold(term, at, candidate, evidence, tuning).map_or(0.0, |h| h.score));
        }
        let coverage = if whole > 0.0 { (covered / whole).powf(tuning.coverage) } else { 1.0 };
        let kind = if candidate.is_incident { 1.0 } else { tuning.no_incident };
        parts.0.values_mut().for_each(|part| *part *= coverage * kind);
        Some(Ranked { candidate: at, score: parts.0.values().sum(), parts: parts.0 })
    };
    let mut ranked: Vec<Ranked> = evidence.candidates.iter().enumerate().filter_map(score).collect();
    let row = |r: &Ranked| evidence.candidates.get(r.candidate).map_or(u64::MAX, |c| c.row);
    ranked.sort_by(|a, b| match b.score.total_cmp(&a.score) {
        Ordering::Equal => row(a).cmp(&row(b)),
        unequal => unequal,
    });
    spread(&mut ranked, evidence, tuning);
    ranked
}

/// Each further incident of one document steps back, for they are told in much the same words.
fn spread(ranked: &mut [Ranked], evidence: &Evidence, tuning: &Tuning) {
    let mut seen: BTreeMap<u64, i32> = BTreeMap::new();
    for hit in ranked.iter_mut() {
        let Some(candidate) = evidence.candidates.get(hit.candidate) else { continue };
        let count = seen.entry(candidate.document).or_default();
        let factor = tuning.same_document.powi(*count);
        *count += 1;
        hit.score *= factor;
        hit.parts.values_mut().for_each(|part| *part *= factor);
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
}

fn name(term: &QueryTerm) -> String {
    match term.origin {
        Origin::Query => term.shown.clone(),
        Origin::Synonym => format!("as {}", term.shown),
        Origin::Related => format!("near to {}", term.shown),
        Origin::Feedback => "words of the best hits".to_owned(),
    }
}

/// What a term is worth where it is found at all: its best known spelling.
fn worth(term: &QueryTerm, evidence: &Evidence, tuning: &Tuning) -> f32 {
    let best = term.spellings.iter().map(|s| s.weight(tuning) * telling(&s.terms, evidence, tuning));
    match term.origin {
        Origin::Query => term.weight(tuning) * best.fold(0.0, f32::max),
        Origin::Synonym | Origin::Related | Origin::Feedback => 0.0,
    }
}

/// What one word tells, or several that are one spelling, on average.
fn telling(words: &[String], evidence: &Evidence, tuning: &Tuning) -> f32 {
    let sum: f32 = words.iter().map(|w| evidence.telling(w)).sum();
    (sum / words.len().max(1) as f32).powf(tuning.rarity)
}

/// What a candidate holds of a term, in its best spelling.
fn hold(term: &QueryTerm, at: usize, candidate: &Candidate, evidence: &Evidence, tuning: &Tuning) -> Option<Held> {
    let mut best: Option<Held> = None;
    for spelling in &term.spellings {
        let Some(sighting) = evidence.sighting(&spelling.terms, at) else { continue };
        let mut tells = telling(&spelling.terms, evidence, tuning);
        if !term.stands_for.is_empty() {
            tells = tells.min(telling(&term.stands_for, evidence, tuning));
            // What stands for several words is worth all of them.
            tells *= (term.stands_for.len() as f32).powf(tuning.synonym_several);
        }
        let value = term.weight(tuning) * spelling.weight(tuning) * tells;
        let score = value * amount(&sighting, candidate, evidence, tuning);
        match &mut best {
            Some(known) => {
                known.is_in_title |= sighting.counts.get(1).is_some_and(|count| *count > 0);
                known.positions.extend(sighting.positions);
                known.score = known.score.max(score);
                known.worth = known.worth.max(value);
            }
            None => {
                let is_in_title = sighting.counts.get(1).is_some_and(|count| *count > 0);
                best = Some(Held { score, worth: value, positions: sighting.positions, is_in_title });
            }
        }
    }
    if let Some(best) = &mut best {
        best.positions.sort_unstable();
    }
    best
}

/// How much of it there is: in each field relative to its usual length, over all by their weights.
fn amount(sighting: &Sighting, candidate: &Candidate, evidence: &Evidence, tuning: &Tuning) -> f32 {
    let mut sum = 0.0;
    for (nth, field) in TextField::ALL.iter().enumerate() {
        let (Some(count), Some(length), Some(mean)) =
            (sighting.counts.get(nth), candidate.lengths.get(nth), evidence.mean_lengths.get(nth))
        else {
            continue;
        };
        let (weight, b) = match field {
            TextField::All => (1.0, tuning.length),
            TextField::Title => (tuning.title, tuning.part_length),
            TextField::Names => (tuning.names, tuning.part_length),
            TextField::Symptom => (tuning.symptom, tuning.part_length),
            TextField::Cause => (tuning.cause, tuning.part_length),
        };
        sum += weight * saturated(*count as f32 / (1.0 - b + b * *length as f32 / mean), tuning);
    }
    sum
}

/// Repetition soon stops to count: 1 for once in a record of usual length, at most 1 + `saturation`.
fn saturated(count: f32, tuning: &Tuning) -> f32 {
    count * (1.0 + tuning.saturation) / (count + tuning.saturation)
}

/// A synonym stands in for words that are not there; beside them it adds little.
fn replace(held: &mut [Option<Held>], asked: &QueryTerms, tuning: &Tuning) {
    for (at, members) in &asked.synonyms {
        let own: f32 = members.iter().filter_map(|m| held.get(*m)?.as_ref()).map(|h| h.score).sum();
        let Some(Some(synonym)) = held.get_mut(*at) else { continue };
        let is_same = asked.terms.get(*at).is_some_and(|t| t.origin == Origin::Synonym);
        let factor = if is_same { tuning.synonym } else { tuning.related };
        let instead = factor * synonym.score;
        synonym.score = (instead - own).max(0.0) + tuning.synonym_beside * synonym.score.min(own.max(instead));
        synonym.worth *= if own > 0.0 { 0.0 } else { factor };
    }
}

fn title_share(held: &[Option<Held>], candidate: &Candidate) -> f32 {
    let inside = held.iter().flatten().filter(|h| h.is_in_title && h.worth > 0.0);
    let (count, worth) = inside.fold((0.0, 0.0), |(count, worth), h| (count + 1.0, worth + h.worth));
    let length = candidate.lengths.get(1).copied().unwrap_or(0).max(1) as f32;
    worth * f32::min(count / length, 1.0)
}

fn lead(held: &[Option<Held>], words: usize) -> f32 {
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    let first = held.iter().flatten().filter(|h| h.positions.first().is_some_and(|at| *at < words));
    first.map(|h| h.worth).sum()
}

/// What two terms add for standing side by side.
fn near(one: &Held, other: &Held, tuning: &Tuning) -> f32 {
    let is_followed = |at: &&u32| {
        let next = other.positions.get(other.positions.partition_point(|p| p <= *at));
        next.is_some_and(|next| next - **at <= PAIR_STEP_MAX)
    };
    let count = one.positions.iter().filter(is_followed).count();
    tuning.pair * (one.worth + other.worth) / 2.0 * saturated(count as f32, tuning)
}

/// The most that different terms are worth within so many words.
fn best_window(held: &[Option<Held>], words: usize) -> f32 {
    let held: Vec<&Held> = held.iter().flatten().filter(|h| h.worth > 0.0).collect();
    let places = held.iter().enumerate().flat_map(|(term, h)| h.positions.iter().map(move |at| (*at, term)));
    let mut places: Vec<(u32, usize)> = places.collect();
    places.sort_unstable();
    let width = u32::try_from(words).unwrap_or(u32::MAX);
    let worth = |term: usize| held.get(term).map_or(0.0, |h| h.worth);
    let mut inside = vec![0_usize; held.len()];
    let (mut sum, mut best, mut first) = (0.0_f32, 0.0_f32, 0);
    for (at, term) in &places {
        if let Some(count) = inside.get_mut(*term) {
            *count += 1;
            sum += if *count == 1 { worth(*term) } else { 0.0 };
        }
        while let Some((begin, left)) = places.get(first).filter(|(begin, _)| at - begin > width) {
            debug_assert!(begin <= at);
            if let Some(count) = inside.get_mut(*left) {
                *count -= 1;
                sum -= if *count == 0 { worth(*left) } else { 0.0 };
            }
            first += 1;
        }
        best = best.max(sum);
    }
    best
}
