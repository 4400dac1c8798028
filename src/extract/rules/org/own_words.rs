//! # org-own-words (O002)
//!
//! ## What it reads
//! Which name the report speaks of as its own: "at Acme, we", "Acme customers", "the Acme team", "Acme's platform",
//! the status page and e-mail addresses of a domain, the title, a folder of that name, and how often the name comes.
//!
//! ## Why it is believed
//! Writers rarely introduce themselves, but who has customers, a team, a platform and a status page is the writer.
//!
//! ## When it declines
//! When no name is well ahead of the others, and when the best one is a provider that nothing but frequency speaks for.
//!
//! ## Seen in
//! Prose of every layout.

use super::domains::domains;
use super::names::{
    Names, PathNames, Tallies, Tally, folded, is_abbreviation, is_plain_word, is_provider, is_software, ordinary_words,
    tally,
};
use crate::document::BlockKind;
use crate::domain::Evidence;
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::provider::blamed_in;
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::ProviderVocabulary;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "O002",
    slug: "org-own-words",
    source: include_str!("own_words.rs"),
    apply,
    examples: &[
        Example { text: "At «Kestrel», we take uptime seriously. It was down.", expect: &["org Kestrel"] },
        Example {
            text: "«Kestrel» customers saw errors. The Kestrel team was paged. See https://status.kestrel.example.",
            expect: &["org Kestrel"],
        },
        Example { text: "Our provider had an outage. Cloudflare confirmed it.", expect: &[] },
    ],
};

const SCORE_MIN: f32 = 1.75;
const SCORE_MIN_UNKNOWN: f32 = 2.4;
const LEAD_MIN: f32 = 1.2;
const CONFIDENCE_BASE: f32 = 0.5;
const CONFIDENCE_STEP: f32 = 0.04;
const CONFIDENCE_MAX: f32 = 0.9;

/// A provider is the writer only when words of ownership say so; frequency is for the one who is blamed.
const PROVIDER_FACTOR: f32 = 0.35;
const SOFTWARE_FACTOR: f32 = 0.25;
const PROVIDER_UNBLAMED_FACTOR: f32 = 0.45;
const PROVIDER_SPOKEN_FACTOR: f32 = 0.8;

/// A word that the text also uses in lower case, or that only stands where every word is capitalised, is hardly a name.
const ORDINARY_FACTOR: f32 = 0.2;
const NEVER_INSIDE_FACTOR: f32 = 0.4;
const ABBREVIATION_FACTOR: f32 = 0.5;

/// A folder or file that carries the name says that the documents in it are the name's.
const PATH: f32 = 5.0;
const PATH_BEGINS: f32 = 4.0;
const TITLE: f32 = 1.0;

/// Names are told by the beginning of a document.
const BLOCKS_MAX: usize = 300;

/// Shorter names also stand in other words of a title.
const TITLE_NAME_BYTES_MIN: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut tallies = Tallies::new();
    let mut ordinary = BTreeSet::new();
    let mut blamed = BTreeSet::new();
    let vocabulary = reading.providers();
    let known = Names { vocabulary, path: PathNames::of(vocabulary, reading.path) };
    let path = &known.path;
    for (index, block) in reading.blocks().take(BLOCKS_MAX) {
        let weight = match (&block.kind, reading.section(index)) {
            (BlockKind::Code, _) | (_, Section::Comments) => continue,
            (BlockKind::Heading { .. }, _) => 0.5,
            (_, Section::Opening | Section::Summary | Section::Impact) => 1.0,
            (_, Section::Appendix) => 0.3,
            _ => 0.75,
        };
        tally(&known, index, &block.text, weight, &mut tallies);
        ordinary_words(&block.text, &mut ordinary);
        let names = blamed_in(vocabulary, &block.text).into_iter().filter_map(|p| vocabulary.get(p));
        blamed.extend(names.map(|p| p.name.clone()));
    }
    for label in reading.labels.iter().filter(|l| l.form == LabelForm::Field) {
        if matches!(label.key.as_str(), "description" | "summary" | "excerpt" | "author" | "authors") {
            tally(&known, NO_BLOCK, &label.value, 1.0, &mut tallies);
        }
    }
    let domains = domains(reading);
    let (title, title_evidence) = title::chosen(reading).unwrap_or_default();
    let folded_title = folded(&title);
    for (stem, (worth, domain)) in &domains {
        join_domain(&mut tallies, stem, domain, *worth, path.is_exactly(&folded(stem)));
    }
    merge_longer(&mut tallies);
    let ranked = tallies.into_iter().map(|(key, tally)| {
        let mut score = tally.score * doubt(vocabulary, &key, &tally, &ordinary, &blamed);
        if key.len() > TITLE_NAME_BYTES_MIN && folded_title.contains(&key) {
            score += TITLE;
        }
        // A name that only addresses tell is weaker than one that the text speaks.
        score += match (path.is_exactly(&key), path.carries(&key)) {
            _ if tally.mentions == 0 => 0.0,
            (true, _) => PATH,
            (false, true) => PATH_BEGINS,
            (false, false) => 0.0,
        };
        Ranked { key, tally, score }
    });
    choose(reading, ranked.collect(), &known, &title_evidence, found);
}

/// A place outside the blocks.
const NO_BLOCK: usize = usize::MAX;

struct Ranked {
    key: String,
    tally: Tally,
    score: f32,
}

/// How far a name's score is to be believed, from what the name is.
fn doubt(
    vocabulary: &ProviderVocabulary,
    key: &str,
    tally: &Tally,
    ordinary: &BTreeSet<String>,
    blamed: &BTreeSet<String>,
) -> f32 {
    let plain = tally.spellings.keys().all(|s| is_plain_word(s));
    let mut factor = 1.0;
    if tally.spellings.keys().any(|s| is_software(vocabulary, s)) {
        factor *= SOFTWARE_FACTOR;
    } else if tally.spellings.keys().any(|s| is_provider(vocabulary, s)) {
        factor *= match (tally.own, tally.spellings.keys().any(|s| blamed.contains(s))) {
            (3.., false) => 1.0,
            (3.., true) => PROVIDER_SPOKEN_FACTOR * PROVIDER_SPOKEN_FACTOR,
            (_, true) => PROVIDER_FACTOR,
            (1 | 2, false) => PROVIDER_SPOKEN_FACTOR,
            (0, false) => PROVIDER_UNBLAMED_FACTOR,
        };
    }
    if plain && ordinary.contains(key) {
        factor *= ORDINARY_FACTOR;
    } else if plain && tally.inner == 0 {
        factor *= NEVER_INSIDE_FACTOR;
    }
    if tally.spellings.keys().all(|s| is_abbreviation(s)) {
        factor *= ABBREVIATION_FACTOR;
    }
    factor
}

/// A domain's worth goes to the name that it spells without its ending: `status.acme.example` to "Acme".
fn join_domain(tallies: &mut Tallies, stem: &str, domain: &str, worth: f32, in_path: bool) {
    let stem_key = folded(stem);
    let domain_key = folded(domain);
    if let Some(tally) = tallies.get_mut(&domain_key) {
        tally.score += worth;
        return;
    }
    let spelled = tallies
        .keys()
        .filter(|k| {
            **k == stem_key || k.len() > 3 && stem_key.starts_with(k.as_str()) && k.len() * 3 >= stem_key.len() * 2
        })
        .max_by_key(|k| k.len())
        .cloned();
    if let Some(known) = spelled {
        if let Some(tally) = tallies.get_mut(&known) {
            tally.score += worth;
        }
        return;
    }
    // Nothing but addresses tell the name: the stem when the path confirms it, else the domain.
    let name = if in_path { stem } else { domain };
    let known = tallies.entry(folded(name)).or_default();
    known.score += worth;
    known.spellings.entry(name.to_owned()).or_insert(1);
}

/// "Acme Network" and "Acme Status" speak for "Acme" when it also stands alone.
fn merge_longer(tallies: &mut Tallies) {
    let longer: Vec<(String, f32)> = tallies
        .iter()
        .filter(|(_, t)| t.spellings.keys().any(|s| s.contains([' ', '.'])))
        .map(|(k, t)| (k.clone(), t.score))
        .collect();
    for (key, tally) in tallies.iter_mut() {
        if key.len() > 2 && !tally.spellings.keys().any(|s| s.contains(' ')) {
            let said = longer.iter().filter(|(l, _)| l != key && l.starts_with(key.as_str())).map(|(_, score)| *score);
            tally.score += said.sum::<f32>();
        }
    }
}

fn choose(
    reading: &Reading<'_>,
    mut ranked: Vec<Ranked>,
    names: &Names<'_>,
    title_evidence: &Evidence,
    found: &mut Vec<Candidate>,
) {
    let Names { vocabulary, path } = names;
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    let Some(first) = ranked.first() else { return };
    let related = |other: &str| other.starts_with(&first.key) || first.key.starts_with(other);
    let rival = ranked.iter().skip(1).find(|r| !related(&r.key));
    let lead = rival.is_none_or(|r| first.score >= r.score * LEAD_MIN);
    // A name that neither the path nor the vocabulary knows needs more to be believed.
    let known = path.carries(&first.key) || first.tally.spellings.keys().any(|s| is_provider(vocabulary, s));
    if first.score < if known { SCORE_MIN } else { SCORE_MIN_UNKNOWN } || !lead {
        return;
    }
    let spelling = first.tally.spellings.iter().max_by_key(|(s, n)| (**n, std::cmp::Reverse((*s).clone())));
    let Some((name, _)) = spelling else { return };
    let evidence = match &first.tally.place {
        Some((block, range)) if *block != NO_BLOCK => reading.evidence(*block, range.clone()),
        _ => title_evidence.clone(),
    };
    let confidence = (CONFIDENCE_BASE + CONFIDENCE_STEP * first.score).min(CONFIDENCE_MAX);
    found.push(Candidate { finding: Finding::Org(shown(name, path)), confidence, evidence, rule: RULE.code });
}

/// A domain whose first part is a folder's name stands for that name: `acme.example` below `acme/` is Acme.
fn shown(name: &str, path: &PathNames) -> String {
    let Some((stem, _)) = name.split_once('.').filter(|(stem, _)| path.is_exactly(&folded(stem))) else {
        return name.to_owned();
    };
    if path.is_exactly(&folded(name)) {
        return name.to_owned();
    }
    let mut letters = stem.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
