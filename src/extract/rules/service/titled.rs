//! # service-titled (W002)
//!
//! ## What it reads
//! Titles built from parts: `Acme Mail (Frankfurt)`, `RCA - Acme SQL Database - Japan East`, the same with its state
//! at the end, or nothing but a
//! product's name.
//!
//! ## Why it is believed
//! Status pages name product and place in fixed positions of the title.
//!
//! ## When it declines
//! Parts that tell a failure instead of a name, and places that are not regions.
//!
//! ## Seen in
//! Status histories of clouds and of products built on them.

use super::split::{is_region, regions};
use crate::domain::Evidence;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::vocabulary::{ProviderVocabulary, lists};

pub const RULE: Rule = Rule {
    code: "W002",
    slug: "service-titled",
    source: include_str!("titled.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Acme Mail» («Frankfurt»)\n\nIt was slow.",
            expect: &["service Acme Mail", "region Frankfurt"],
        },
        Example {
            text: "# RCA - «Azure SQL Database» - «Japan East»\n\nIt was slow.",
            expect: &["service Azure SQL Database", "region Japan East"],
        },
        Example {
            text: "# «Acme Speech Service» - «West Europe» - Mitigated\n\nIt was slow.",
            expect: &["service Acme Speech Service", "region West Europe"],
        },
        Example { text: "# October 21, 2025 - Cache Overload\n\nIt was slow.", expect: &[] },
        Example { text: "# The day our disks were full\n\nIt was slow.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.8;
const CONFIDENCE_WITHIN: f32 = 0.65;
const SERVICE_WORDS_MAX: usize = 6;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let Some((title, evidence)) = title::chosen(reading) else { return };
    let push = |found: &mut Vec<Candidate>, finding: Finding, words: &str, confidence: f32| {
        let evidence = narrowed(reading, &evidence, words);
        found.push(Candidate { finding, confidence, evidence, rule: RULE.code });
    };
    // `Acme Mail (Frankfurt)`
    if let Some((name, rest)) = title.split_once(" (")
        && let Some(place) = rest.strip_suffix(')')
        && is_region(place)
        && is_name(name)
    {
        push(found, Finding::Service(name.to_owned()), name, CONFIDENCE);
        push(found, Finding::Region(place.to_owned()), place, CONFIDENCE);
        return;
    }
    let parts = parts(&title);
    // "RCA - Acme Mail - Japan East", "Acme Mail - Japan East - Mitigated"
    let opened = parts.len() > 1 && parts.first().is_some_and(|p| is_frame(p));
    let closed = parts.len() > 1 && parts.last().is_some_and(|p| is_frame(p));
    let framed = opened || closed;
    let told = parts.get(usize::from(opened)..parts.len() - usize::from(closed)).unwrap_or_default();
    if (framed || parts.len() == 1 && is_product(reading.providers(), &title))
        && let Some(name) = told.first().and_then(|p| product(reading.providers(), p))
    {
        push(found, Finding::Service(name.to_owned()), name, CONFIDENCE);
    }
    if let Some(place) = told.iter().rev().find(|p| is_region(p)) {
        push(found, Finding::Region((*place).to_owned()), place, CONFIDENCE);
    } else if let Some(place) = regions(&title).into_iter().next().and_then(|range| title.get(range))
        && framed
    {
        push(found, Finding::Region(place.to_owned()), place, CONFIDENCE_WITHIN);
    }
}

/// The parts of a title between spaced dashes.
fn parts(title: &str) -> Vec<&str> {
    let without_id = title.find(" (Tracking ID").and_then(|at| title.get(..at)).unwrap_or(title);
    without_id
        .split(" - ")
        .flat_map(|p| p.split(" – "))
        .flat_map(|p| p.split(" — "))
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect()
}

fn is_frame(part: &str) -> bool {
    let first = lists().title_frame.find(part).into_iter().find(|cue| cue.range.start == 0);
    first.is_some_and(|cue| part.len() <= cue.range.end + " (pir)".len())
}

/// A name and nothing else: few words, none of failure.
fn is_name(part: &str) -> bool {
    let words = part.split_whitespace().count();
    words <= SERVICE_WORDS_MAX && words > 0 && !lists().failure_words.any(part) && !part.ends_with(['.', '!', '?'])
}

/// Does a whole title name a known product and nothing else?
fn is_product(vocabulary: &ProviderVocabulary, title: &str) -> bool {
    let known = vocabulary.mentions(title).first().is_some_and(|m| m.range.start == 0);
    let capitals = title.split_whitespace().all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    known && capitals && is_name(title)
}

/// The product at the beginning of a part: all of it, or its capitalised words before the telling ones.
fn product<'p>(vocabulary: &ProviderVocabulary, part: &'p str) -> Option<&'p str> {
    let lower = part.to_lowercase();
    if lower.starts_with("services impacted") || lower.starts_with("multiple services") {
        return Some("Multiple Services");
    }
    if is_region(part) {
        return None;
    }
    let mut end = 0;
    let mut at = 0;
    for (nth, word) in part.split(' ').enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let linking = matches!(bare.as_str(), "and" | "for" | "of");
        let telling = lists().title_telling.is_all(&bare) && !(nth > 0 && ends_or_joins_name(part, at, word));
        let stops = telling || matches!(bare.as_str(), "in" | "within" | "across") || nth >= SERVICE_WORDS_MAX;
        let capital = word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '(')
            || linking
            || bare == "resources";
        if stops || !capital {
            break;
        }
        at += word.len();
        if !linking {
            end = at;
        }
        at += 1;
    }
    let name = part.get(..end)?.trim_end_matches([',', ':']);
    // A capitalised first word alone is no product: "Degraded connectivity", "Datacenter power event".
    let known = vocabulary.mentions(name).iter().any(|m| m.range.start == 0);
    (name.len() > 2 && (name.len() == part.len() || known || name.split(' ').count() > 1)).then_some(name)
}

/// "Speech Service", "Data Factory": a word of failures that is one of a name, at its end or before another such word.
fn ends_or_joins_name(part: &str, at: usize, word: &str) -> bool {
    let next = part.get(at + word.len()..).and_then(|rest| rest.split_whitespace().next());
    let is_name = |w: &str| w.starts_with(char::is_uppercase) && !lists().title_telling.is_all(w);
    match word {
        "Service" | "Services" => next.is_none(),
        "Data" => next.is_some_and(is_name),
        _ => false,
    }
}

/// The words' own range within the title's evidence, when the source carries them verbatim.
pub(super) fn narrowed(reading: &Reading<'_>, evidence: &Evidence, words: &str) -> Evidence {
    let Some(span) = evidence.first() else { return Vec::new() };
    let at = reading.document.text.get(span.clone()).and_then(|text| text.find(words));
    at.map_or_else(|| evidence.clone(), |at| vec![span.start + at..span.start + at + words.len()])
}
