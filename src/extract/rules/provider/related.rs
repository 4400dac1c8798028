//! # provider-related (P005)
//!
//! ## What it reads
//! A name that stands where third parties stand: "hosted at Acme", "a ticket with Acme", "Acme's status page", "a power
//! failure at Acme", "Acme informed us", and the value of a key such as "Vendor".
//!
//! ## Why it is believed
//! Nobody opens a ticket with oneself or learns from one's own status page; no list of providers is needed.
//!
//! ## When it declines
//! Ordinary words, places, abbreviations, the writer's own name, names that the vocabulary knows, which other rules
//! read; and where nobody knows whose report it is, all but keys and places that only others' names have.
//!
//! ## Seen in
//! Reports that depend on small or local third parties.

use super::acting::acted;
use super::befalling::befell;
use super::blaming::{blame_at, does_to_us, what_happened};
use super::introduced::told;
use super::names::{NAME_WORDS, name_before, name_behind, name_opening};
use super::packages::packages;
use crate::domain::{Role, Span};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::org;
use crate::extract::vocabulary::{Cues, is_one, third_parties};
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "P005",
    slug: "provider-related",
    source: include_str!("related.rs"),
    apply,
    examples: &[
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. «The cause was a power failure at Brambleworks.»",
            expect: &["provider Brambleworks [at-fault]"],
        },
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. «We hit a bug in Tallowdb 4.2.»",
            expect: &["provider Tallowdb [at-fault]"],
        },
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. «The domain is registered with Brambleworks.»",
            expect: &["provider Brambleworks [involved]"],
        },
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. «Brambleworks, a third-party vendor, was down.»",
            expect: &["provider Brambleworks [at-fault]"],
        },
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. A bug in Invoicing 4.2, which we released, was the cause.",
            expect: &[],
        },
        Example {
            text: "Vendor: «Brambleworks»\n\nOur own deployment was wrong.",
            expect: &["provider Brambleworks [involved]"],
        },
        Example {
            text: "# Outage at Fennmail\n\nWe at Fennmail are sorry. The incident at Monday's peak was ours.",
            expect: &[],
        },
    ],
};

const CONFIDENCE_INVOLVED: f32 = 0.55;
const CONFIDENCE_BLAMED: f32 = 0.62;
const CONFIDENCE_KEY: f32 = 0.7;
const BLAME_MIN: f32 = 0.6;

/// Names that are looked for in all of a report, which costs as much as there are.
const NAMES_MAX: usize = 16;
/// Bytes of a value that may be names.
const VALUE_BYTES_MAX: usize = 80;

/// Where a name was found to be a third party's.
struct Relation {
    evidence: Vec<Span>,
    /// A key says that it is at fault.
    at_fault: bool,
    by_key: bool,
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for (name, relation) in relations(reading) {
        let blaming = told(reading).find(|s| {
            let words = reading.words(s);
            words.match_indices(name).any(|(at, _)| blame_at(words, at..at + name.len()) >= BLAME_MIN)
        });
        let role = if blaming.is_some() || relation.at_fault { Role::AtFault } else { Role::Involved };
        let confidence = match role {
            _ if relation.by_key => CONFIDENCE_KEY,
            Role::AtFault => CONFIDENCE_BLAMED,
            Role::Involved => CONFIDENCE_INVOLVED,
        };
        let mut evidence = relation.evidence;
        if let Some(sentence) = blaming {
            for part in reading.evidence(sentence.block, sentence.range.clone()) {
                if !evidence.contains(&part) {
                    evidence.push(part);
                }
            }
        }
        let finding = Finding::Provider(name.to_owned(), role);
        found.push(Candidate { finding, confidence, evidence, rule: RULE.code });
    }
}

/// The names that stand where third parties stand, each where it does so first.
fn relations<'r>(reading: &'r Reading<'_>) -> BTreeMap<&'r str, Relation> {
    let mut named: BTreeMap<&str, Relation> = BTreeMap::new();
    let own = org::chosen(reading);
    let is_third = |name: &str| is_name(reading, own.as_deref(), name);
    for label in &reading.labels {
        let at_fault = third_parties().fault_keys.is_all(&label.key);
        if !at_fault && !third_parties().related_keys.is_all(&label.key) || label.value.len() > VALUE_BYTES_MAX {
            continue;
        }
        for name in label.value.split([',', ';', '/', '&', '\n']).map(str::trim).filter(|name| is_third(name)) {
            let evidence = vec![label.evidence.clone()];
            named.entry(name).or_insert(Relation { evidence, at_fault, by_key: true });
        }
    }
    // Where nobody knows whose report it is, the name may be the writer's but where only others' can stand.
    let find = if own.is_some() { related } else { outside };
    for sentence in told(reading).filter(|s| may_relate(s) || opens_with_company(reading.words(s))) {
        for (name, at_fault) in find(reading.words(sentence)).into_iter().filter(|(name, _)| is_third(name)) {
            if named.len() >= NAMES_MAX {
                return named;
            }
            let evidence = || reading.evidence(sentence.block, sentence.range.clone());
            let relation = || Relation { evidence: evidence(), at_fault, by_key: false };
            named.entry(name).or_insert_with(relation).at_fault |= at_fault;
        }
    }
    for sentence in told(reading).filter(|s| third_parties().packages.may_stand(s.told)) {
        let words = reading.words(sentence);
        for name in packages(words).into_iter().filter_map(|name| words.get(name)) {
            let known =
                !reading.providers().mentions(name).is_empty() || own.as_deref().is_some_and(|o| is_own(o, name));
            if !known && named.len() < NAMES_MAX {
                let evidence = reading.evidence(sentence.block, sentence.range.clone());
                named.entry(name).or_insert(Relation { evidence, at_fault: true, by_key: false });
            }
        }
    }
    named
}

fn may_relate(sentence: &Sentence) -> bool {
    let said = third_parties();
    let lists = [
        &said.related_before,
        &said.related_after,
        &said.outside_before,
        &said.outside_after,
        &said.related_apposed,
        &said.related_possessive,
        &said.happens_at,
        &said.bug_before,
        &said.bug_told,
        &said.of_theirs,
        &said.software_before,
        &said.lines_of,
    ];
    lists.iter().any(|cues| cues.may_stand(sentence.told))
}

/// The names in a sentence that stand where only somebody else's can.
fn outside(text: &str) -> Vec<(&str, bool)> {
    let said = third_parties();
    let behind = said.outside_before.find(text).into_iter().filter_map(|c| name_behind(text, c.range.end));
    let before = said.outside_after.find(text).into_iter().filter_map(|c| name_before(text.get(..c.range.start)?));
    let apposed = said.related_apposed.find(text).into_iter().filter_map(|c| apposed(text, c.range));
    let found = behind.chain(before).chain(apposed).chain(harmed(text));
    found.filter_map(|name| Some((text.get(name)?, false))).collect()
}

/// "Acme, a third-party vendor": a comma stands before what it is to us.
fn apposed(text: &str, range: Span) -> Option<Span> {
    name_before(text.get(..range.start)?.strip_suffix(", ")?)
}

/// "The line of Acme was cut", "Acme Hosting moved our server": said so of others alone.
fn harmed(text: &str) -> Vec<Span> {
    let said = third_parties();
    let parts = |name: &Span| (text.get(..name.start).unwrap_or(""), text.get(name.end..).unwrap_or(""));
    let lines = said.lines_of.find(text).into_iter().filter_map(|cue| name_behind(text, cue.range.end));
    let mut found: Vec<Span> = lines.filter(|name| befell(parts(name).0, parts(name).1)).collect();
    let is_company = |name: &Span| text.get(name.clone()).is_some_and(says_trade);
    found
        .extend(name_opening(text).filter(|name| is_company(name) && (does_to_us(text, name) || acted(parts(name).1))));
    found
}

/// "Blue Heron Hosting moved".
fn opens_with_company(text: &str) -> bool {
    name_opening(text).and_then(|name| text.get(name)).is_some_and(says_trade)
}

/// "Blue Heron Hosting": the last word of several says the trade.
fn says_trade(name: &str) -> bool {
    name.rsplit_once(' ').is_some_and(|(_, last)| is_one(third_parties().trades, last))
}

/// The names of a report that stand where only somebody else's can.
pub fn outsiders<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = &'r str> {
    let said = third_parties();
    let lists = [&said.outside_before, &said.outside_after, &said.lines_of, &said.related_apposed];
    let may =
        move |s: &&Sentence| lists.iter().any(|list| list.may_stand(s.told)) || opens_with_company(reading.words(s));
    told(reading).filter(may).flat_map(|s| outside(reading.words(s))).map(|(name, _)| name)
}

/// The names in a sentence that stand where third parties stand, each with whether that alone puts it at fault.
fn related(text: &str) -> Vec<(&str, bool)> {
    let said = third_parties();
    let places = |cues: &Cues<()>| cues.find(text).into_iter().map(|c| c.range);
    let up_to = |range: &Span| text.get(..range.start).unwrap_or("");
    let behind = |range: Span| name_behind(text, range.end);
    let before = |range: Span| name_before(text.get(..range.start)?);
    let is_owned = |range: &Span| ["'s ", "’s ", "' ", "’ "].iter().any(|end| up_to(range).ends_with(end));
    let happened = |range: &Span| what_happened(up_to(range));
    let mut found: Vec<Span> = places(&said.related_before).filter_map(behind).collect();
    found.extend(places(&said.happens_at).filter(happened).filter_map(behind));
    found.extend(places(&said.related_after).filter_map(before));
    // "Acme changed their interface".
    if said.of_theirs.any(text) {
        found.extend(name_opening(text));
    }
    found.extend(places(&said.related_possessive).filter(is_owned).filter_map(before));
    // What has numbers of versions is somebody's product: "a bug in Acme 4.2".
    let is_released = |name: &Span| is_released(text.get(name.end..).unwrap_or(""));
    let mut faulty: Vec<Span> = places(&said.bug_before).filter_map(behind).filter(is_released).collect();
    // "Acme 4.2, which has a bug".
    let told_of = |range: Span| name_before(without_version(text.get(..range.start)?)?);
    faulty.extend(places(&said.bug_told).filter_map(told_of));
    if said.bug_before.any(text) || said.package_harm.any(text) {
        faulty.extend(places(&said.software_before).filter_map(behind));
    }
    let named = |at_fault: bool| move |name: Span| Some((text.get(name)?, at_fault));
    outside(text)
        .into_iter()
        .chain(found.into_iter().filter_map(named(false)))
        .chain(faulty.into_iter().filter_map(named(true)))
        .collect()
}

/// What stands before a version: "Acme" of "Acme 4.2, which".
fn without_version(text: &str) -> Option<&str> {
    let (name, version) = text.trim_end_matches([' ', ',']).rsplit_once(' ')?;
    let is_version = version.contains('.') && version.bytes().any(|b| b.is_ascii_digit());
    is_version.then_some(name)
}

/// " 4.2", " driver 4.2", unless it is ours: " 4.2, which we released".
fn is_released(after: &str) -> bool {
    let said = third_parties();
    let noun = after.trim_start().split(' ').next().filter(|word| said.software_nouns.is_all(word));
    let after = noun.and_then(|noun| after.trim_start().strip_prefix(noun)).unwrap_or(after);
    begins_with_version(after) && !said.our_release.any(after)
}

/// " 4.2", " v4.2".
fn begins_with_version(text: &str) -> bool {
    let word = text.strip_prefix(' ').and_then(|rest| rest.split([' ', ',', ';']).next()).unwrap_or("");
    let word = word.strip_prefix('v').unwrap_or(word);
    word.split_once('.').is_some_and(|(major, minor)| {
        !major.is_empty()
            && major.bytes().all(|b| b.is_ascii_digit())
            && minor.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// May it be the name of a third party that the vocabulary does not know?
fn is_name(reading: &Reading<'_>, own: Option<&str>, name: &str) -> bool {
    let is_small = |name: &str| name.chars().any(char::is_lowercase);
    let of_names = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-');
    name.starts_with(char::is_uppercase)
        && name.split(' ').count() <= NAME_WORDS
        && name.chars().all(of_names)
        && is_small(name)
        && !is_common(name)
        && !what_happened(name)
        && !own.is_some_and(|own| is_own(own, name))
        && [name, name.trim_end_matches('s')].iter().all(|name| reading.providers().mentions(name).is_empty())
}

/// Is it, or is a part of it, an ordinary word? One that says the trade may end a name, and others begin it where they
/// are several.
fn is_common(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let before = if says_trade(name) { words.len() - 1 } else { words.len() };
    let ordinary = |word: &&&str| org::names::is_ordinary(word) || org::names::is_no_name(word);
    let common = words.iter().take(before).filter(ordinary).count();
    common > 0 && !(before < words.len() && before >= 2 && !words.iter().any(|word| org::names::is_no_name(word)))
}

/// Is it the writer's name, or a part of it, or one with more behind it?
fn is_own(own: &str, name: &str) -> bool {
    let first = |name: &str| name.split([' ', '.', '-']).next().unwrap_or("").to_lowercase();
    org::same(own, name) || first(own) == first(name)
}
