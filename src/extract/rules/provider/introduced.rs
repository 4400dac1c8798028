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
use crate::domain::{Role, Span};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::org;
use crate::extract::section::Section;
use crate::extract::vocabulary::{Cues, is_ordinary_word, names};
use crate::text::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

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
        Example { text: "Our hosting provider had an outage. The Monday after was calm.", expect: &[] },
    ],
};

const CONFIDENCE_INVOLVED: f32 = 0.6;
const CONFIDENCE_BLAMED: f32 = 0.68;
const BLAME_MIN: f32 = 0.6;

static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b(?: (?:[Oo]ur|[Tt]heir|[Tt]he) (?:\ [\p{L}-]+){0,3}?
              \ (?:provider|hoster|carrier|acquirer|vendor|supplier|registrar|processor|operator|reseller|ISP|PSP)
              (?:,\ |\ |\ \(|:\ )(?P<after>\p{Lu}[\p{L}\p{N}.&-]*(?:\ \p{Lu}[\p{L}\p{N}.&-]*){0,2})
          | (?P<before>\p{Lu}[\p{L}\p{N}.&-]*(?:\ \p{Lu}[\p{L}\p{N}.&-]*){0,2}),\ (?:our|the) (?:\ [\p{L}-]+){0,3}?
              \ (?:provider|hoster|carrier|acquirer|vendor|supplier|registrar|processor|operator|reseller|ISP|PSP)\b
          | (?:unser(?:em|en|er)?|notre|nuestro|nosso)\ (?:[\p{L}-]+\ ){0,2}?
              (?:Anbieter|Hoster|Provider|Dienstleister|Netzbetreiber|fournisseur|hébergeur|opérateur|proveedor|provedor|fornecedor)
              (?:,\ |\ )(?:de\ [\p{L}]+\ )?(?P<abroad>\p{Lu}[\p{L}\p{N}.&-]*(?:\ \p{Lu}[\p{L}\p{N}.&-]*){0,2})
        )",
    )
    .expect("a valid regex")
});

/// The nouns of it: most sentences have none.
static THIRD_PARTIES: LazyLock<Cues<()>> = LazyLock::new(|| {
    let nouns = [
        "provider*",
        "hoster*",
        "carrier*",
        "acquirer*",
        "vendor*",
        "supplier*",
        "registrar*",
        "processor*",
        "operator*",
        "reseller*",
        "isp*",
        "psp*",
        "anbieter*",
        "dienstleister*",
        "netzbetreiber*",
        "fournisseur*",
        "hébergeur*",
        "opérateur*",
        "proveedor*",
        "provedor*",
        "fornecedor*",
    ];
    Cues::new(nouns.map(|noun| ((), 1.0, noun)))
});

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
        let ordinary = text.split(' ').all(|w| listed(&w.to_lowercase()));
        let is_own = own.as_deref().is_some_and(|o| org::same(o, text));
        if ordinary || is_own || text.len() < 3 || !reading.providers().mentions(text).is_empty() {
            continue;
        }
        let end = said.trim_end_matches(['.', ',']).len();
        let place = sentence.range.start + whole.start..sentence.range.start + whole.start + end;
        named.entry(text.to_owned()).or_insert((sentence.block, place));
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
        let sentences = (0..).zip(&reading.sentences).filter(|(_, s)| introduces(reading, s));
        let found = sentences.flat_map(|(sentence, s)| {
            let found = INTRODUCED.captures_iter(reading.words(s));
            found.filter_map(move |found| Some(Introduced { sentence, whole: found.whole(), name: name(&found)? }))
        });
        found.collect()
    })
}

fn introduces(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    THIRD_PARTIES.may_stand(sentence.told) && THIRD_PARTIES.any(reading.words(sentence))
}

fn name(groups: &Captures<'_>) -> Option<Span> {
    let name = ["after", "before", "abroad"].iter().find_map(|group| groups.name(group))?;
    Some(name.start()..name.start() + name.as_str().trim_end_matches(['.', ',']).len())
}

fn told<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = &'r Sentence> {
    reading.sentences.iter().filter(|s| is_told(reading, s))
}

fn is_told(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    !matches!(reading.section(sentence.block), Section::Actions | Section::Comments | Section::Appendix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_chosen_by_the_nouns_of_the_expression() {
        let spelled = |from: &str| RULE.source.split(from).nth(1).and_then(|rest| rest.split(')').next()).unwrap();
        let nouns = spelled(r"\ (?:provider|").split('|').chain(spelled("(?:Anbieter|").split('|'));
        for noun in nouns.chain(["provider", "Anbieter"]) {
            assert!(THIRD_PARTIES.any(&format!("our {noun} Acme")), "{noun}");
        }
    }
}
