//! # provider-introduced (P004)
//!
//! ## What it reads
//! A name that the text introduces as a third party: "our hosting provider Acme", "our primary acquirer, Acme
//! Payments", "Acme, our carrier".
//!
//! ## Why it is believed
//! The role is said beside the name, so that no list of providers is needed.
//!
//! ## When it declines
//! Roles without a name, the writer's own name, and names that the vocabulary knows, which other rules read.
//!
//! ## Seen in
//! Reports that depend on small or local third parties.

use super::blaming::blame_at;
use super::names::{name_before, name_behind};
use crate::domain::{Role, Span};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::org;
use crate::extract::section::Section;
use crate::extract::vocabulary::{is_ordinary_word, names, third_parties};
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "P004",
    slug: "provider-introduced",
    source: include_str!("introduced.rs"),
    apply,
    examples: &[
        Example {
            text: "We run at «our hosting provider Brambleworks». It was our bug.",
            expect: &["provider Brambleworks [involved]"],
        },
        Example {
            text: "«Our primary acquirer, Northmere Pay», sent errors. Northmere Pay had an outage of two hours.",
            expect: &["provider Northmere Pay [at-fault]"],
        },
        Example { text: "The data centre (Brambleworks Region) experienced an outage.", expect: &[] },
        Example { text: "Our hosting provider had an outage. The Monday after was calm.", expect: &[] },
    ],
};

const CONFIDENCE_INVOLVED: f32 = 0.6;
const CONFIDENCE_BLAMED: f32 = 0.68;
const BLAME_MIN: f32 = 0.6;
/// Names that are looked for in all of a report, which costs as much as there are.
const NAMES_MAX: usize = 16;

/// Words between whose it is and what it is to us.
const BETWEEN_WORDS: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let own = org::chosen(reading);
    let mut named: BTreeMap<String, (usize, std::ops::Range<usize>)> = BTreeMap::new();
    for introduction in introduced(reading) {
        let Some(sentence) = reading.sentences.get(introduction.sentence).filter(|s| is_told(reading, s)) else {
            continue;
        };
        let (text, whole) = (introduction.name(reading), &introduction.whole);
        let Some(said) = reading.words(sentence).get(whole.clone()) else { continue };
        let listed = |w: &str| names().no_names.contains(w) || is_ordinary_word(w);
        // "the data centre (North Region)"
        let is_site = || text.rsplit(' ').next().is_some_and(|last| third_parties().sites.is_all(last));
        let ordinary = text.split(' ').all(|w| listed(&w.to_lowercase())) || is_site();
        let is_own = own.as_deref().is_some_and(|o| org::same(o, text));
        if ordinary || is_own || text.len() < 3 || !reading.providers().mentions(text).is_empty() {
            continue;
        }
        let end = said.trim_end_matches(['.', ',']).len();
        let place = sentence.range.start + whole.start..sentence.range.start + whole.start + end;
        named.entry(text.to_owned()).or_insert((sentence.block, place));
        if named.len() >= NAMES_MAX {
            break;
        }
    }
    for (name, (block, place)) in named {
        let blaming = told(reading).find(|s| {
            let words = reading.words(s);
            words.match_indices(name.as_str()).any(|(at, _)| blame_at(words, at..at + name.len()) >= BLAME_MIN)
        });
        let (role, confidence) = match blaming {
            Some(_) => (Role::AtFault, CONFIDENCE_BLAMED),
            None => (Role::Involved, CONFIDENCE_INVOLVED),
        };
        let mut evidence = reading.evidence(block, place);
        if let Some(sentence) = blaming {
            evidence.extend(reading.evidence(sentence.block, sentence.range.clone()));
        }
        found.push(Candidate { finding: Finding::Provider(name, role), confidence, evidence, rule: RULE.code });
    }
}

/// A name that a sentence introduces as a third party's.
#[derive(Debug, Clone)]
pub struct Introduced {
    /// Which of the reading's sentences.
    sentence: usize,
    /// In the sentence's words: the introduction, and the name in it.
    whole: Span,
    name: Span,
}

impl Introduced {
    pub fn name<'a>(&self, reading: &Reading<'a>) -> &'a str {
        let words = reading.sentences.get(self.sentence).map_or("", |s| reading.words(s));
        words.get(self.name.clone()).unwrap_or("")
    }
}

/// The names that sentences introduce as third parties', in order.
pub fn introduced<'r>(reading: &'r Reading<'_>) -> &'r [Introduced] {
    reading.memo.introduced.get_or_init(|| {
        let may = |s: &Sentence| third_parties().roles.may_stand(s.told);
        let sentences = (0..).zip(&reading.sentences).filter(|(_, s)| may(s));
        let found = sentences.flat_map(|(sentence, s)| {
            let found = introductions(reading.words(s)).into_iter();
            found.map(move |(whole, name)| Introduced { sentence, whole, name })
        });
        found.collect()
    })
}

/// The introductions in a text, each with the name in it.
fn introductions(text: &str) -> Vec<(Span, Span)> {
    let introduction = |role: Span| {
        let whose = whose(text, role.start)?;
        // "Our registrar is Acme".
        let is = text.get(role.end..).and_then(|rest| third_parties().being.iter().find(|is| rest.starts_with(**is)));
        if let Some(name) = name_behind(text, role.end).or_else(|| name_behind(text, role.end + is?.len())) {
            return Some((whose..name.end, name));
        }
        let before = text.get(..whose)?;
        let before = third_parties().among.iter().find_map(|of| before.strip_suffix(*of)).unwrap_or(before);
        let before = before.strip_suffix(", ").or_else(|| before.strip_suffix(" ("))?;
        let name = name_before(before)?;
        Some((name.start..role.end, name))
    };
    let mut found: Vec<(Span, Span)> = Vec::new();
    for (whole, name) in third_parties().roles.find(text).into_iter().filter_map(|c| introduction(c.range)) {
        if found.last().is_none_or(|(last, _)| last.end <= whole.start) {
            found.push((whole, name));
        }
    }
    found
}

/// Where "our" stands before what a third party is to us.
fn whose(text: &str, role: usize) -> Option<usize> {
    let mut start = role;
    for _ in 0..=BETWEEN_WORDS {
        let before = text.get(..start)?.trim_end_matches(' ');
        if before.ends_with([',', '.', ';', ':', '(', ')']) {
            return None;
        }
        start = before.rfind([' ', '\n', '(', '\'', '’']).map_or(0, |at| at + 1);
        if third_parties().whose.is_all(before.get(start..)?) {
            return Some(start);
        }
        // "l'hébergeur"
        if before.ends_with(['\'', '’']) {
            start = before.rfind([' ', '\n', '(']).map_or(0, |at| at + 1);
            return third_parties().whose.is_all(before.get(start..)?).then_some(start);
        }
        if start == 0 {
            return None;
        }
    }
    None
}

pub fn told<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = &'r Sentence> {
    reading.sentences.iter().filter(|s| is_told(reading, s))
}

pub fn is_told(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    !matches!(reading.section(sentence.block), Section::Actions | Section::Comments | Section::Appendix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_introduced_by_what_it_is_to_us() {
        let name = |text: &str| {
            introductions(text)
                .first()
                .map(|(whole, name)| (text[whole.clone()].to_owned(), text[name.clone()].to_owned()))
        };
        for (text, whole) in [
            ("We told our hosting provider Fennmail Web.", "our hosting provider Fennmail Web"),
            ("Our primary acquirer, Fennmail Web, sent errors.", "Our primary acquirer, Fennmail Web"),
            ("Mail is sent by Fennmail Web, our mail provider.", "Fennmail Web, our mail provider"),
            ("Fennmail Web (our mail provider) was down.", "Fennmail Web (our mail provider"),
            ("Fennmail Web (one of our mail providers) was down.", "Fennmail Web (one of our mail providers"),
            (
                "Mail left by Fennmail Web, one of our relays and carriers.",
                "Fennmail Web, one of our relays and carriers",
            ),
            ("L'hébergeur Fennmail Web a subi une panne.", "L'hébergeur Fennmail Web"),
            ("notre fournisseur de paiement Fennmail Web", "notre fournisseur de paiement Fennmail Web"),
            ("Unser Hoster Fennmail Web hatte einen Stromausfall.", "Unser Hoster Fennmail Web"),
        ] {
            assert_eq!(name(text), Some((whole.to_owned(), "Fennmail Web".to_owned())), "{text}");
        }
        for text in [
            "our provider had an outage. Fennmail",
            "Is it our provider? Fennmail",
            "a provider Fennmail",
            "our old, provider Fennmail",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
