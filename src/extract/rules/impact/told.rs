//! # impact-told (I001)
//!
//! ## What it reads
//! The value of a label such as `Impact:`, else the sentence that tells most of users' trouble: in the section on
//! impact, then in the summary and the opening.
//!
//! ## Why it is believed
//! Reports say near their beginning, or under a heading of its own, who could not do what.
//!
//! ## When it declines
//! Sentences without people or services that suffered, and values that are only a grade.
//!
//! ## Seen in
//! Every layout.

use crate::domain::{Evidence, Span};
use crate::extract::reading::{LabelForm, Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::{lists, noticing};
use crate::text::spaced;

pub const RULE: Rule = Rule {
    code: "I001",
    slug: "impact-told",
    source: include_str!("told.rs"),
    apply,
    examples: &[
        Example {
            text: "Impact: «customers could not pay for two hours»",
            expect: &["impact customers could not pay for two hours"],
        },
        Example {
            text: "# Disk full\n\n«Users could not log in for an hour.» We are sorry.",
            expect: &["impact Users could not log in for an hour."],
        },
        Example {
            text: "# Till\n\n**Date:** 2024-01-18 · **Severity:** «nobody could pay, and users saw errors»",
            expect: &["impact nobody could pay, and users saw errors"],
        },
        Example { text: "Impact: high", expect: &[] },
        Example { text: "## Impact\n\nDescribe how customers were affected by errors.", expect: &[] },
    ],
};

const CONFIDENCE_LABEL: f32 = 0.85;
const CONFIDENCE_SECTION: f32 = 0.75;
const CONFIDENCE_SUMMARY: f32 = 0.55;
const WORDS_MIN: usize = 4;

/// Longer sentences are logs.
const SENTENCE_BYTES_MAX: usize = 1_500;

/// Distinct words of trouble that a sentence must have outside the section on impact.
const TROUBLE_MIN: usize = 2;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in reading.labels.iter().filter(|l| lists().impact_keys.is_all(&l.key) && l.form != LabelForm::Heading) {
        let sentence = label.value.lines().next().unwrap_or("").trim();
        if sentence.len() <= SENTENCE_BYTES_MAX && sentence.split_whitespace().count() >= WORDS_MIN {
            push(found, sentence, vec![label.evidence.clone()], CONFIDENCE_LABEL);
            return;
        }
    }
    let mut best: Option<(usize, bool, &Sentence)> = None;
    for sentence in &reading.sentences {
        let own = match reading.section(sentence.block) {
            Section::Impact => true,
            Section::Summary | Section::Opening => false,
            _ => continue,
        };
        let words = reading.words(sentence);
        if words.len() > SENTENCE_BYTES_MAX {
            continue;
        }
        let trouble = trouble(words);
        let enough = words.split_whitespace().count() >= WORDS_MIN && trouble >= if own { 1 } else { TROUBLE_MIN };
        let better = best.is_none_or(|(known, known_own, _)| (own, trouble) > (known_own, known));
        // "Describe how users were impacted": what a form asks.
        if enough && better && !words.trim_end().ends_with(':') && !noticing().prompt.opens(words) {
            best = Some((trouble, own, sentence));
        }
    }
    if let Some((_, own, sentence)) = best {
        let range = value_within(reading, sentence).unwrap_or_else(|| sentence.range.clone());
        let words = reading.text(sentence.block).get(range.clone()).unwrap_or("");
        let evidence = reading.evidence(sentence.block, range.clone());
        let confidence = if own { CONFIDENCE_SECTION } else { CONFIDENCE_SUMMARY };
        push(found, words, evidence, confidence);
    }
}

/// "Date: 4 March · Severity: high, as nobody could pay": of several fields in one line, the value that tells of it.
fn value_within(reading: &Reading<'_>, sentence: &Sentence) -> Option<Span> {
    let places = reading.labels.iter().filter_map(|label| label.place.as_ref());
    let inside = places.filter(|(block, range)| {
        *block == sentence.block && sentence.range.start <= range.start && range.end <= sentence.range.end
    });
    let values: Vec<&Span> = inside.map(|(_, range)| range).collect();
    let told = |range: &&Span| trouble(reading.text(sentence.block).get((*range).clone()).unwrap_or(""));
    values.iter().copied().max_by_key(told).filter(|range| values.len() > 1 && told(range) > 0).cloned()
}

/// How many different words of impact a sentence has.
fn trouble(words: &str) -> usize {
    let mut phrases: Vec<usize> = lists().impact_words.find(words).iter().map(|c| c.phrase).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases.len()
}

fn push(found: &mut Vec<Candidate>, words: &str, evidence: Evidence, confidence: f32) {
    let flat = spaced(words);
    found.push(Candidate { finding: Finding::Impact(flat), confidence, evidence, rule: RULE.code });
}
