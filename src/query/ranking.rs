//! What the evidence is worth: the score of each candidate, part by part.
//!
//! BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004), plus what words
//! are worth for standing together, times how much of the query a record covers. A word tells the same in every field:
//! that is counted over whole records, so that a common word is not rare for standing in few titles.

use super::close::Speakers;
use super::evidence::{Candidate, Evidence, Sighting, Sightings};
use super::feedback::Added;
use super::terms::{Label, Origin, QueryTerm, QueryTerms, Spelling};
use super::tuning::Tuning;
use crate::store::TextField;
use std::collections::BTreeMap;

/// Words between two that count as neighbours.
const PAIR_STEP_MAX: u32 = 4;

/// What adds to a score: terms, pairs, phrases and added words by their places among those of the query.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    Term(usize),
    Pair(usize),
    TitleShare,
    Lead,
    Window,
    Phrase(usize),
    Added,
    When,
    Label(Label),
}

impl Part {
    /// What it is called in an explanation.
    pub fn name(self, asked: &QueryTerms) -> String {
        let term = |at: usize| asked.terms.get(at).map(|t| t.shown.as_str()).unwrap_or_default();
        match self {
            Part::Term(at) => match asked.terms.get(at).map(|t| t.origin) {
                Some(Origin::Synonym) => format!("as {}", term(at)),
                Some(Origin::Related) => format!("near to {}", term(at)),
                _ => term(at).to_owned(),
            },
            Part::Pair(at) => {
                let (one, other) = asked.pairs.get(at).copied().unwrap_or_default();
                format!("{} near {}", term(one), term(other))
            }
            Part::TitleShare => "share of the title".to_owned(),
            Part::Lead => "words at the beginning".to_owned(),
            Part::Window => "words close together".to_owned(),
            Part::Phrase(at) => format!("\"{}\"", asked.phrases.get(at).map(|p| p.join(" ")).unwrap_or_default()),
            Part::When => "the time asked for".to_owned(),
            Part::Added => "words of the best hits".to_owned(),
            Part::Label(label) => {
                let (field, name) = label.written();
                format!("{field} {name}")
            }
        }
    }
}

/// A candidate and what each part of the query adds to its score.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// Its place among the candidates.
    pub candidate: usize,
    pub score: f32,
    /// The share that it holds of what the words of the query are worth.
    pub held: f32,
    pub parts: Vec<(Part, f32)>,
}

/// A candidate with what it holds of the query itself, before words are added.
pub struct Weighed {
    candidate: usize,
    parts: Vec<(Part, f32)>,
    /// What all of it is multiplied by.
    factor: f32,
    /// The share that it holds of what the words of the query are worth.
    held: f32,
}

/// One way to write a term, with what it is worth where it is found.
struct Way<'a> {
    value: f32,
    sightings: Sightings<'a>,
}

/// One term of the query in one candidate.
#[derive(Default)]
struct Held {
    /// What it adds.
    score: f32,
    /// What it is worth to the record, beside what says the same there.
    worth: f32,
    /// What it is worth in places where nothing else says the same.
    alone: f32,
    positions: Vec<u32>,
    is_in_title: bool,
}

/// The candidates that hold anything that was asked for, in their order.
pub fn weigh(asked: &QueryTerms, evidence: &Evidence, tuning: &Tuning) -> Vec<Weighed> {
    let whole: f32 = asked.terms.iter().map(|t| worth(t, evidence, tuning)).sum();
    let terms: Vec<Vec<Way<'_>>> = asked.terms.iter().map(|t| ways(t, evidence, tuning)).collect();
    let phrase = |phrase: &Vec<String>| {
        let tells: f32 = phrase.iter().map(|w| evidence.telling(w)).sum();
        Way { value: tuning.phrase * tells, sightings: evidence.sightings(phrase) }
    };
    let phrases: Vec<Way<'_>> = asked.phrases.iter().map(phrase).collect();
    let speakers = Speakers::new(terms.len(), &asked.synonyms);
    let weigh = |(at, candidate): (usize, &Candidate)| {
        let mut held: Vec<Option<Held>> = terms.iter().map(|t| hold(t, at, candidate, evidence, tuning)).collect();
        replace(&mut held, asked, tuning);
        let mut parts = Vec::new();
        let scores = held.iter().enumerate().filter_map(|(nth, held)| Some((Part::Term(nth), held.as_ref()?.score)));
        parts.extend(scores);
        for (nth, (one, other)) in asked.pairs.iter().enumerate() {
            let held = (held.get(*one).and_then(Option::as_ref), held.get(*other).and_then(Option::as_ref));
            if let (Some(one), Some(other)) = held {
                parts.push((Part::Pair(nth), near(one, other, tuning)));
            }
        }
        parts.push((Part::TitleShare, tuning.title_share * title_share(&held, candidate)));
        parts.push((Part::Lead, tuning.lead * lead(&held, tuning.lead_words)));
        parts.push((Part::Window, tuning.window * best_window(&held, &speakers, tuning)));
        for (nth, phrase) in phrases.iter().enumerate() {
            let count = phrase.sightings.of(at).map_or(0, |s| s.positions.len());
            parts.push((Part::Phrase(nth), phrase.value * saturated(count as f32, tuning)));
        }
        parts.push((Part::When, tuning.when * evidence.timely(at).unwrap_or(0.0)));
        parts.retain(|(_, score)| *score > 0.0);
        let covered: f32 = held.iter().flatten().map(|h| h.worth).sum();
        let held = if whole > 0.0 { covered / whole } else { 1.0 };
        let kind = if candidate.is_incident == asked.is_of_page { tuning.no_incident } else { 1.0 };
        let time = if asked.when.is_some() && evidence.timely(at).is_none() { tuning.untimely } else { 1.0 };
        let factor = held.powf(tuning.coverage) * kind * time;
        (!parts.is_empty()).then_some(Weighed { candidate: at, parts, factor, held })
    };
    evidence.candidates.iter().enumerate().filter_map(weigh).collect()
}

/// The candidates with what is added, best first.
pub fn rank(weighed: &[Weighed], added: &[Added], evidence: &Evidence, tuning: &Tuning) -> Vec<Ranked> {
    let added: Vec<_> = added.iter().map(|a| (ways(&a.term, evidence, tuning), &a.from)).collect();
    let score = |weighed: &Weighed| {
        let candidate = evidence.candidates.get(weighed.candidate)?;
        let mut more = 0.0;
        for (ways, from) in &added {
            // A hit whose own words come back to it would hold its place by itself.
            let own = from.iter().find(|(source, _)| *source == weighed.candidate).map_or(0.0, |(_, share)| *share);
            let foreign = 1.0 - own * (1.0 - tuning.feedback_own);
            more += foreign * hold(ways, weighed.candidate, candidate, evidence, tuning).map_or(0.0, |h| h.score);
        }
        let mut parts = weighed.parts.clone();
        let asked: f32 = parts.iter().map(|(_, score)| score).sum();
        let more = bounded(more, tuning.feedback_most * asked);
        parts.extend((more > 0.0).then_some((Part::Added, more)));
        let told: f32 = parts.iter().map(|(_, score)| score).sum();
        let labels = evidence.labels_of(weighed.candidate);
        parts.extend(labels.map(|(label, share)| (Part::Label(label), share * label.weight(tuning) * told)));
        parts.iter_mut().for_each(|(_, score)| *score *= weighed.factor);
        let score = parts.iter().map(|(_, score)| score).sum();
        Some(Ranked { candidate: weighed.candidate, score, held: weighed.held, parts })
    };
    let mut ranked: Vec<Ranked> = weighed.iter().filter_map(score).collect();
    let row = |r: &Ranked| evidence.candidates.get(r.candidate).map_or(u64::MAX, |c| c.row);
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| row(a).cmp(&row(b))));
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
        hit.parts.iter_mut().for_each(|(_, part)| *part *= factor);
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
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

/// The ways to write a term.
fn ways<'a>(term: &QueryTerm, evidence: &'a Evidence, tuning: &Tuning) -> Vec<Way<'a>> {
    let together = if term.stands_for.is_empty() { 0.0 } else { alternatives(term, evidence, tuning) };
    let way = |spelling: &Spelling| {
        let mut tells = telling(&spelling.terms, evidence, tuning);
        if !term.stands_for.is_empty() {
            tells = tells.min(telling(&term.stands_for, evidence, tuning));
            tells = tells.powf(1.0 - tuning.alternatives) * tells.min(together).powf(tuning.alternatives);
            // What stands for several words is worth all of them.
            tells *= (term.stands_for.len() as f32).powf(tuning.synonym_several);
        }
        let value = term.weight(tuning) * spelling.weight(tuning) * tells;
        Way { value, sightings: evidence.sightings(&spelling.terms) }
    };
    term.spellings.iter().map(way).collect()
}

/// What all ways to write a term tell together, as if they stood in records independently of each other (after Pirkola,
/// "The effects of query structure and dictionary setups", 1998, who counts the records that hold any of them).
fn alternatives(term: &QueryTerm, evidence: &Evidence, tuning: &Tuning) -> f32 {
    let without = |spelling: &Spelling| {
        let rarest = spelling.terms.iter().map(|word| evidence.telling(word)).fold(0.0, f32::max);
        let share = if spelling.terms.len() > 1 { tuning.together } else { 1.0 };
        // What a word tells is the logarithm of the share of records that hold it.
        1.0 - share * (-rarest).exp()
    };
    let none: f32 = term.spellings.iter().map(without).product();
    -(1.0 - none).max(f32::EPSILON).ln()
}

/// What a candidate holds of a term, in its best spelling.
fn hold(ways: &[Way<'_>], at: usize, candidate: &Candidate, evidence: &Evidence, tuning: &Tuning) -> Option<Held> {
    let mut best: Option<Held> = None;
    for way in ways {
        let Some(sighting) = way.sightings.of(at) else { continue };
        let score = way.value * amount(&sighting, candidate, evidence, tuning);
        let held = best.get_or_insert_with(Held::default);
        held.score = held.score.max(score);
        held.worth = held.worth.max(way.value);
        held.alone = held.worth;
        held.is_in_title |= sighting.counts.get(1).is_some_and(|count| *count > 0);
        held.positions.extend_from_slice(&sighting.positions);
    }
    if let Some(best) = best.as_mut().filter(|_| ways.len() > 1) {
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

/// As much of an amount as stays below a bound that it comes near slowly.
fn bounded(amount: f32, most: f32) -> f32 {
    if amount > 0.0 { amount * most / (amount + most) } else { 0.0 }
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
        synonym.alone *= factor;
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

/// The most that different things that were asked for are worth close together.
fn best_window(held: &[Option<Held>], speakers: &Speakers, tuning: &Tuning) -> f32 {
    let told = held.iter().map(|held| held.as_ref().map_or((0.0, [].as_slice()), |h| (h.alone, &h.positions)));
    speakers.best_window(told, tuning.window_words)
}
