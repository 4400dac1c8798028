//! # service-listed (W003)
//!
//! ## What it reads
//! Sentences of summaries and impacts that list what was affected: `Services affected included A, B and C`, and those
//! that name three regions or more.
//!
//! ## Why it is believed
//! A list behind such words has no other purpose. Of regions, one or two in a sentence may be where somebody sits or
//! where traffic went; more are where it failed.
//!
//! ## When it declines
//! Lists of what was not affected, and names that are sentences.
//!
//! ## Seen in
//! Reviews by clouds of failures of what others build on.

use super::split::{self, names};
use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::vocabulary::lists;
use crate::text::Regex;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "W003",
    slug: "service-listed",
    source: include_str!("listed.rs"),
    apply,
    examples: &[
        Example {
            text: "# Slow links\n\nServices that were impacted by it included «Acme Mail», «Acme Vault» and «Acme Hub».",
            expect: &["service Acme Mail", "service Acme Vault", "service Acme Hub"],
        },
        Example {
            text: "# Slow links\n\nThe following products were affected: «Mail», «Vault».",
            expect: &["service Mail", "service Vault"],
        },
        Example {
            text: "# Slow links\n\nThree services («Mail», «Vault», and «Hub») were unavailable to all.",
            expect: &["service Mail", "service Vault", "service Hub"],
        },
        Example {
            text: "# Slow links\n\nSeveral services that depend on it also failed – including «Mail» and «Vault».",
            expect: &["service Mail", "service Vault"],
        },
        Example { text: "# Slow links\n\nTwo services (Mail and another one) failed.", expect: &[] },
        Example {
            text: "# Slow links\n\nCustomers were affected in «East US», «North Europe» and «Japan West».",
            expect: &["region East US", "region North Europe", "region Japan West"],
        },
        Example {
            text: "# Slow links\n\nServices that were not affected included Mail, Vault and Queue.",
            expect: &[],
        },
        Example { text: "# Slow links\n\nCustomers were affected; we sit in London and Paris.", expect: &[] },
        Example { text: "# Slow links\n\nThe services affected were slow, and nobody knew why.", expect: &[] },
    ],
};

/// What a field or a title names stands before it.
const CONFIDENCE: f32 = 0.6;
const WORDS_MAX: usize = 6;
const SERVICES_MIN: usize = 2;
const REGIONS_MIN: usize = 3;
/// Longer sentences are tables and logs.
const SENTENCE_BYTES_MAX: usize = 1_500;

/// What stands before a list of what was affected.
static LED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:
            (?:services|products|systems|features|components|offerings) \s (?:[a-z]+\s){0,3}? (?:affected|impacted)
              \s? (?:[a-z]+\s){0,6}?
              (?: included?(?:\sbut\s(?:were|are|was|is)\snot\slimited\sto)? \s?[:\-–]? | including \s?[:\-–]?
                | (?:were|are) \s?[:\-–] | : )
          | (?:affected|impacted) \s (?:[a-z]+\s){0,2}? (?:services|products|systems|features|components|offerings) \s
              (?: (?:include|included|including) (?:\sbut\snot\slimited\sto)? \s?[:\-–]? | (?:were|are) \s?[:\-–] )
          | (?:following|these) \s (?:[a-z]+\s){0,2}? (?:services|products|systems|features|components|offerings) \s
              (?:were|are|have\sbeen) \s (?:[a-z]+\s){0,2}? (?:affected|impacted) \s?:
          | (?:multiple|several|many|other|various|number\sof|subset\sof|range\sof|two|three|four|five|six|seven|eight|\d{1,2})
              \s (?:[a-z]+\s){0,3}? (?:services|products|systems|features)
              (?: (?:[\x20][\w'’-]+){0,12}? (?: ,? \s | \s?[-–—]\s? )
                  (?: including (?:\sbut\snot\slimited\sto)? | such\sas | namely ) \s?:?
                | \s (?P<within>\() ) ) \s?",
    )
    .expect("a valid regex")
});

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for sentence in &reading.sentences {
        let kind = reading.document.blocks.get(sentence.block).map(|block| &block.kind);
        if matches!(kind, Some(BlockKind::Row { .. })) {
            continue;
        }
        let told = matches!(reading.section(sentence.block), Section::Impact | Section::Summary | Section::Opening);
        let words = reading.words(sentence);
        if !told || words.len() > SENTENCE_BYTES_MAX {
            continue;
        }
        services(reading, sentence, words, found);
        regions(reading, sentence, words, found);
    }
}

fn services(reading: &Reading<'_>, sentence: &Sentence, words: &str, found: &mut Vec<Candidate>) {
    // Most sentences name none of what can be listed.
    if !lists().service_nouns.may_stand(sentence.told) {
        return;
    }
    let Some(led) = LED.captures(words) else { return };
    let (Some(led), within) = (led.get(0), led.name("within").is_some()) else { return };
    let is_denied = is_denied(words.get(..led.end()).unwrap_or_default());
    let Some(list) = words.get(led.end()..).filter(|_| !is_denied && speech().suffered.is_in(words)) else { return };
    let list = list.split_once(')').map_or(list, |(inner, _)| if within { inner } else { list });
    let listed: Vec<(usize, &str)> = names(list).into_iter().flat_map(|(at, name)| joined(at, name)).collect();
    let is_name = |name: &str| {
        let starts = name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        starts && name.split_whitespace().count() <= WORDS_MAX
    };
    let named: Vec<_> = listed.into_iter().take_while(|(_, name)| is_name(name)).collect();
    if named.len() >= SERVICES_MIN {
        for (at, name) in named {
            let start = sentence.range.start + led.end() + at;
            push(reading, sentence, start..start + name.len(), Finding::Service(name.to_owned()), found);
        }
    }
}

/// "A and B", the end of a list, is two names; "and B" is one.
fn joined(at: usize, name: &str) -> Vec<(usize, &str)> {
    let name = name.trim_end_matches(['.', '!']);
    let (at, name) = name.strip_prefix("and ").map_or((at, name), |rest| (at + "and ".len(), rest));
    match name.split_once(" and ") {
        Some((one, other)) => vec![(at, one), (at + one.len() + " and ".len(), other)],
        None => vec![(at, name)],
    }
}

/// "Not limited to" denies nothing.
pub(super) fn is_denied(words: &str) -> bool {
    let limited = speech().not_limited.places(words);
    let is_limited = |denied: &Span| limited.iter().any(|l| l.start <= denied.start && denied.end <= l.end);
    speech().denies.places(words).iter().any(|denied| !is_limited(denied))
}

fn regions(reading: &Reading<'_>, sentence: &Sentence, words: &str, found: &mut Vec<Candidate>) {
    let names = split::regions(words);
    if names.len() < REGIONS_MIN || is_denied(words) || !speech().suffered.is_in(words) {
        return;
    }
    for place in names {
        let Some(name) = words.get(place.clone()) else { continue };
        let range = sentence.range.start + place.start..sentence.range.start + place.end;
        push(reading, sentence, range, Finding::Region(name.to_owned()), found);
    }
}

fn push(
    reading: &Reading<'_>,
    sentence: &Sentence,
    range: std::ops::Range<usize>,
    finding: Finding,
    found: &mut Vec<Candidate>,
) {
    let evidence = reading.evidence(sentence.block, range);
    found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
}
