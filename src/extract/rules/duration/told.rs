//! # told-duration (D002)
//!
//! ## What it reads
//! A sentence of title, opening, summary or impact that says how long users suffered: "was down for 47 minutes",
//! "a 7 minute outage", "lasted approximately five hours".
//!
//! ## Why it is believed
//! These sections tell the incident as a whole, and the words around the number are about impact.
//!
//! ## When it declines
//! Limits, intervals, retention, age, promises, averages ("within 30 minutes", "every 5 minutes", "99.9 %"), and
//! parts of an incident ("for the first 10 minutes").
//!
//! ## Seen in
//! Blog posts, TL;DR paragraphs, compensation notes.

use crate::domain::{Metric, Span, Stated};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::time::{duration, tail};

pub const RULE: Rule = Rule {
    code: "D002",
    slug: "told-duration",
    source: include_str!("told.rs"),
    apply,
    examples: &[
        Example { text: "«The API was unavailable for 47 minutes.»", expect: &["impact 47 min"] },
        Example { text: "«The outage lasted approximately five hours.»", expect: &["impact ~300 min"] },
        Example { text: "We had a «7 minute cascading failure».", expect: &["impact 7 min"] },
        Example { text: "«Impact: 8 hours 50 minutes without alerts.»", expect: &["impact 530 min"] },
        Example { text: "Tokens expire after 30 minutes, so requests failed.", expect: &[] },
        Example { text: "Alerts fire every 5 minutes during an outage.", expect: &[] },
    ],
};

fn weight(section: Section) -> Option<f32> {
    Some(match section {
        Section::Opening | Section::Summary => 0.75,
        Section::Impact => 0.74,
        Section::Appendix | Section::Other => 0.5,
        Section::RootCause | Section::Resolution | Section::Detection => 0.4,
        Section::Timeline | Section::Lessons | Section::Actions | Section::Comments => return None,
    })
}

fn labelled(reading: &Reading<'_>, block: usize, range: &Span) -> bool {
    let durations = reading.labels.iter().filter(|l| super::labelled::names_metric(&l.key));
    durations
        .filter_map(|l| l.place.as_ref())
        .any(|(b, place)| *b == block && place.start < range.end && range.start < place.end)
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for sentence in &reading.sentences {
        let Some(weight) = weight(reading.section(sentence.block)) else { continue };
        let words = reading.words(sentence);
        // A line of labelled fields is read by its labels.
        if labelled(reading, sentence.block, &sentence.range) {
            continue;
        }
        if !words.bytes().any(|b| b.is_ascii_digit()) && !words.contains("hour") && !words.contains("minute") {
            continue;
        }
        let suffers = speech().impact.is_in(words) || speech().suffering.is_in(words);
        for written in duration::read(words) {
            let before = words.get(..written.span.start).unwrap_or("");
            let near = tail(before, 41);
            let after = words.get(written.span.end..).unwrap_or("");
            let named = speech().of_outage.end(after);
            let clause_start = before.rfind([',', ';', '(', '—', '–']).unwrap_or(0);
            let clause = before.get(clause_start..).unwrap_or(before);
            // An impact section that opens with a length tells the length of impact.
            let opens = reading.section(sentence.block) == Section::Impact && before.trim().is_empty()
                || speech().impact_label.is_in(before);
            let other = speech().other_length.is_in(clause) || after.trim_start().starts_with("ago");
            if other || !(named.is_some() || opens || speech().lasts.is_in(near) && suffers) {
                continue;
            }
            let range = match named {
                Some(end) => sentence.range.start + written.span.start..sentence.range.start + written.span.end + end,
                None => sentence.range.clone(),
            };
            found.push(Candidate {
                finding: Finding::Duration(
                    Metric::Impact,
                    Stated { minutes: written.minutes, approximate: written.approximate },
                ),
                confidence: weight,
                evidence: reading.evidence(sentence.block, range),
                rule: RULE.code,
            });
            break;
        }
    }
}
