//! # org-own-words (O002)
//!
//! ## What it reads
//! Which name the report speaks of as its own: "at Acme, we", "Acme customers", "the Acme team", "Acme's platform",
//! the status page and e-mail addresses of a domain, workspaces and repositories, the title, the opening sentences, a
//! folder of that name, and how often the name comes.
//!
//! ## Why it is believed
//! Writers rarely introduce themselves, but who has customers, a team, a platform and a status page is the writer.
//!
//! ## When it declines
//! When no name is well ahead of the others; words of the language, people, places, techniques, names that the text
//! introduces as third parties; and a provider that nothing but frequency speaks for.
//!
//! ## Seen in
//! Prose of every layout.

use super::domains::domains;
use super::folders::PathNames;
use super::names::{
    Names, Passage, Tallies, Tally, folded, initials, is_abbreviation, is_company, is_ordinary, is_plain_word,
    is_provider, is_said_small, is_software, tally, tally_small,
};
use crate::document::BlockKind;
use crate::domain::{Evidence, Span};
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::provider::{blames, introduced, outsiders};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::{asks_for_part, is_ordinary_abroad, kind_words, lists};
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

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
        Example {
            text: "Alle Kestrel-Kunden waren betroffen. Die «Kestrel»-Infrastruktur war offline. Kestrel bedauert das.",
            expect: &["org Kestrel"],
        },
        Example { text: "Our provider had an outage. Cloudflare confirmed it.", expect: &[] },
        Example { text: "At «MIT», we take uptime seriously. It was down.", expect: &["org MIT"] },
        Example {
            text: "L'espace client était indisponible, et nos clients ont vu une erreur. Espace a été redémarré par l'équipe.",
            expect: &[],
        },
        Example {
            text: "The Tromso office noticed it. Station staff called. The Tromso team used paper.",
            expect: &[],
        },
        Example {
            text: "Our Heron service was slow. We opened a ticket with Quillnet. Quillnet's team fixed it. Heron customers left.",
            expect: &[],
        },
    ],
};

const SCORE_MIN: f32 = 1.25;
/// No words of ownership, no folder: a capital letter alone makes no organisation.
const SCORE_MIN_UNSPOKEN: f32 = 2.0;
const SCORE_MIN_PROVIDER: f32 = 1.75;
const SCORE_MIN_ADDRESS: f32 = 1.9;
const LEAD_MIN: f32 = 1.1;
/// A name with less is not chosen, and no other name needs to be ahead of it.
const SCORE_HEARD: f32 = 1.0;
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
const ENGLISH_WORD_FACTOR: f32 = 0.4;
const PERSON_FACTOR: f32 = 0.3;
/// "The Ashford office": where something of the writer's is.
const SITE_FACTOR: f32 = 0.2;

/// "Our hosting provider Acme".
const THIRD_PARTY_FACTOR: f32 = 0.15;

/// A folder or file that carries the name says that the documents in it are the name's.
const PATH: f32 = 5.0;
const PATH_BEGINS: f32 = 4.0;
/// Folder and address agree, and the words name no one.
const PATH_ADDRESSED: f32 = 1.6;
const TITLE: f32 = 1.0;
/// The title says that it is the one who was hit: "Acme outage", "What happened at Acme".
const TITLE_HIT: f32 = 1.0;

/// Who is hit is named where a report begins; sentences this far in are the beginning.
const LEAD: f32 = 1.0;
const LEAD_BYTES: usize = 700;

/// A name that ends like a company's.
const COMPANY: f32 = 0.8;

/// Names are told by the beginning of a document.
const BLOCKS_MAX: usize = 300;

/// Shorter names also stand in other words of a title.
const TITLE_NAME_BYTES_MIN: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    found.extend_from_slice(reading.memo.own_words.get_or_init(|| find(reading)));
}

fn find(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut tallies = Tallies::new();
    let introduced = introduced(reading).iter().map(|i| i.name(reading));
    let third_parties: BTreeSet<String> = introduced.chain(outsiders(reading)).map(folded).collect();
    let vocabulary = reading.providers();
    let known = Names { vocabulary, path: PathNames::of(vocabulary, reading.path) };
    let path = &known.path;
    let read = tally_blocks(reading, &known, &mut tallies);
    for label in reading.labels.iter().filter(|l| l.form == LabelForm::Field) {
        if matches!(label.key.as_str(), "description" | "summary" | "excerpt" | "author" | "authors") {
            let lead = label.key != "author" && label.key != "authors";
            tally(&known, &Passage { block: NO_BLOCK, text: &label.value, weight: 1.0, lead }, &mut tallies);
        }
    }
    let domains = domains(reading, path);
    let (title, title_evidence) = title::chosen(reading).unwrap_or_default();
    let folded_title = folded(&title);
    for (stem, (worth, domain)) in &domains {
        join_domain(&mut tallies, stem, domain, *worth, path.is_exactly(&folded(stem)));
    }
    merge_longer(&mut tallies);
    let expanded = join_initials(&mut tallies);
    let facts = |key: &str, tally: &Tally| {
        let company = if tally.spellings.keys().any(|s| is_company(s)) { COMPANY } else { 0.0 };
        let titled = if key.len() > TITLE_NAME_BYTES_MIN && folded_title.contains(key) { TITLE } else { 0.0 };
        let hit = titled > 0.0 && hit_in_title(&title, tally);
        let titled = titled + if hit { TITLE_HIT } else { 0.0 };
        let spelled_out = if expanded.contains(key) { 1.0 / ABBREVIATION_FACTOR } else { 1.0 };
        // A name that only addresses tell is weaker than one that the text speaks.
        let placed = match (path.is_exactly(key), path.carries(key)) {
            (exactly, begins) if tally.mentions == 0 && (exactly || begins) => PATH_ADDRESSED,
            (true, _) => PATH,
            (false, true) => PATH_BEGINS,
            (false, false) => 0.0,
        };
        Facts { company, titled, hit, spelled_out, placed }
    };
    // Most names are far from being chosen or from being in the way, whatever is doubted of them.
    let heard: Vec<(String, Tally, Facts)> = tallies
        .into_iter()
        .filter_map(|(key, tally)| {
            let facts = facts(&key, &tally);
            let lead = if tally.lead > 0 { LEAD } else { 0.0 };
            let most = (tally.score + lead + facts.company + facts.titled) * facts.spelled_out + facts.placed;
            (most >= SCORE_HEARD).then_some((key, tally, facts))
        })
        .collect();
    // Asked of third parties alone.
    let mentioned = LazyCell::new(|| read.iter().map(|text| (*text, vocabulary.mentions(text))).collect::<Vec<_>>());
    let blames = |name: &str| mentioned.iter().any(|(text, all)| blames(vocabulary, text, all, name));
    let is_small = |key: &str| read.iter().any(|text| is_said_small(text, key));
    let ranked = heard.into_iter().map(|(key, tally, facts)| {
        let Facts { company, titled, hit, spelled_out, placed } = facts;
        let introduced_third = if third_parties.contains(&key) { THIRD_PARTY_FACTOR } else { 1.0 };
        let third = reading.providers();
        let named_elsewhere = || tally.spellings.keys().any(|s| is_provider(third, s) && !s.contains('.'));
        let introduced = if tally.lead > 0 && !named_elsewhere() { LEAD } else { 0.0 };
        let doubt = doubt(reading, &key, &tally, hit, &is_small, &blames) * spelled_out * introduced_third;
        let score = (tally.score + introduced + company + titled) * doubt + placed;
        Ranked { key, tally, score }
    });
    choose(reading, ranked.collect(), &known, &title_evidence, &mut found);
    found
}

/// Does the title say in so many words that a name is the one who was hit?
fn hit_in_title(title: &str, tally: &Tally) -> bool {
    tally.spellings.keys().any(|name| {
        let places = title.match_indices(name.as_str());
        places.into_iter().any(|(at, name)| {
            let (before, after) = (title.get(..at).unwrap_or(""), title.get(at + name.len()..).unwrap_or(""));
            let whole = !before.ends_with(char::is_alphanumeric) && after.starts_with([' ', ',', ':']);
            // "Acme Mail Export Outage": part of a longer name, whose whole is nobody's.
            let last = before.split_whitespace().next_back().unwrap_or("");
            let begins =
                !last.starts_with(char::is_uppercase) || !last.ends_with(char::is_alphanumeric) || is_title_word(last);
            begins && whole && lists().title_hit.opens(after.trim_start_matches([' ', ':', ',']))
                || is_place(before) && !after.starts_with(char::is_alphanumeric)
        })
    })
}

/// "The Acme outage", "Postmortem Acme outage".
fn is_title_word(word: &str) -> bool {
    lists().title_hit.opens(&word.to_lowercase()) || word.eq_ignore_ascii_case("the")
}

/// "What happened at", "Outage at": what a title says right before the name of who was hit.
fn is_place(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    before.ends_with(' ') && words.next() == Some("at") && words.next().is_some_and(is_title_word)
}

/// Adds the names of the blocks that tell of the writer: their texts.
fn tally_blocks<'d>(reading: &Reading<'d>, known: &Names<'_>, tallies: &mut Tallies) -> Vec<&'d str> {
    let mut lead_bytes = 0;
    let mut read = Vec::new();
    // "Team: Logistics Platform" names a part of whoever it is.
    let mut parts: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    let asked = reading.labels.iter().filter(|label| label.form != LabelForm::Heading && asks_for_part(&label.key));
    for (block, range) in asked.filter_map(|label| label.place.clone()) {
        parts.entry(block).or_default().push(range);
    }
    for (index, block) in reading.blocks().take(BLOCKS_MAX) {
        let section = reading.section(index);
        let opening = matches!(section, Section::Opening | Section::Summary | Section::Impact | Section::Other)
            && matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote);
        let lead = opening && lead_bytes < LEAD_BYTES;
        lead_bytes += if opening { block.text.len() } else { 0 };
        let weight = match (&block.kind, section) {
            (BlockKind::Code, _) | (_, Section::Comments) => continue,
            (BlockKind::Heading { .. }, _) => 0.5,
            (_, Section::Opening | Section::Summary | Section::Impact) => 1.0,
            // Actions are given to teams.
            (_, Section::Appendix | Section::Actions) => 0.3,
            _ => 0.75,
        };
        let masked = parts.get(&index).map(|ranges| without(&block.text, ranges));
        let passage = Passage { block: index, text: masked.as_deref().unwrap_or(&block.text), weight, lead };
        tally(known, &passage, tallies);
        tally_small(known, &passage, tallies);
        read.push(block.text.as_str());
    }
    read
}

/// A text with spaces in place of some ranges, which leaves all else where it was.
fn without(text: &str, ranges: &[Span]) -> String {
    let mut rest = 0;
    let mut kept = String::with_capacity(text.len());
    for range in ranges.iter().filter(|range| range.start < range.end) {
        let start = range.start.max(rest);
        kept.push_str(text.get(rest..start).unwrap_or(""));
        kept.extend(std::iter::repeat_n(' ', range.end.saturating_sub(start)));
        rest = range.end.max(rest);
    }
    kept.push_str(text.get(rest..).unwrap_or(""));
    kept
}

/// A place outside the blocks.
const NO_BLOCK: usize = usize::MAX;

/// What speaks for a name beside its places in the text.
struct Facts {
    company: f32,
    titled: f32,
    /// Does the title say that it is the one who was hit?
    hit: bool,
    /// What it is worth more for being spelled out.
    spelled_out: f32,
    placed: f32,
}

struct Ranked {
    key: String,
    tally: Tally,
    score: f32,
}

/// How far a name's score is to be believed, from what the name is.
fn doubt(
    reading: &Reading<'_>,
    key: &str,
    tally: &Tally,
    hit_in_title: bool,
    is_small: &dyn Fn(&str) -> bool,
    blames: &dyn Fn(&str) -> bool,
) -> f32 {
    let vocabulary = reading.providers();
    // German writes every noun with a capital.
    let nouns_are_capitalised = reading.lang == Some("de");
    let plain = tally.spellings.keys().all(|s| is_plain_word(s));
    let domain = tally.spellings.keys().any(|s| s.contains('.'));
    let mut factor = 1.0;
    // A project that gives its name to software keeps a domain of it.
    if !domain && tally.spellings.keys().any(|s| is_software(vocabulary, s)) {
        factor *= SOFTWARE_FACTOR;
    } else if tally.spellings.keys().any(|s| is_provider(vocabulary, s) && !is_software(vocabulary, s)) {
        let speaks = reports_on_itself(reading, tally);
        factor *= match (tally.own, !speaks && tally.spellings.keys().any(|s| blames(s))) {
            _ if speaks => 1.0,
            (3.., false) => 1.0,
            (3.., true) => PROVIDER_SPOKEN_FACTOR * PROVIDER_SPOKEN_FACTOR,
            (_, true) => PROVIDER_FACTOR,
            (1 | 2, false) => PROVIDER_SPOKEN_FACTOR,
            (0, false) => PROVIDER_UNBLAMED_FACTOR,
        };
    }
    let addressed = tally.mentions == 0;
    let loud = tally.spellings.keys().all(|s| is_abbreviation(s));
    let is_abroad = |name: &str| reading.lang.is_some_and(|lang| is_ordinary_abroad(&name.to_lowercase(), lang));
    if (plain || loud) && is_small(key) || tally.spellings.keys().all(|name| is_abroad(name)) {
        factor *= ORDINARY_FACTOR;
    } else if plain && !addressed && !hit_in_title && tally.own == 0 && (tally.inner == 0 || nouns_are_capitalised) {
        factor *= NEVER_INSIDE_FACTOR;
    } else if (tally.own == 0 || plain && tally.own <= 2 && tally.lead == 0)
        && tally.spellings.keys().all(|s| is_ordinary(s))
    {
        // "The Rates team", "Field engineers": teams and trades have engineers too, but are not who is hit.
        factor *= ENGLISH_WORD_FACTOR;
    }
    if tally.sited > 0 {
        factor *= SITE_FACTOR;
    }
    if tally.person > 0 && tally.own == 0 {
        factor *= PERSON_FACTOR;
    }
    if !addressed && tally.spellings.keys().all(|s| is_abbreviation(s)) {
        factor *= ABBREVIATION_FACTOR;
    }
    factor
}

/// How often a provider that reports on itself names itself or its products.
const SELF_MENTIONS_MIN: usize = 8;

/// Is this a provider that tells of its own failure? Its title names nothing else, it has customers, and nobody runs on
/// it: "we host at", "their status page" and the like are a customer's words.
fn reports_on_itself(reading: &Reading<'_>, tally: &Tally) -> bool {
    let Some((title, _)) = title::chosen(reading) else { return false };
    let named = |mention: &crate::extract::vocabulary::Mention| {
        reading.providers().get(mention.provider).is_some_and(|p| tally.spellings.contains_key(&*p.name))
    };
    tally.mentions >= SELF_MENTIONS_MIN
        && reading.providers().mentions(&title).iter().any(named)
        && reading.sentences.iter().any(|s| lists().self_report.any(reading.words(s)))
        && !reading.sentences.iter().any(|s| lists().depends_words.any(reading.words(s)))
}

/// "ASF" and "Apache Software Foundation" are one name: each gives the other what it has.
fn join_initials(tallies: &mut Tallies) -> BTreeSet<String> {
    let spelled: Vec<(String, String, f32)> = tallies
        .iter()
        .flat_map(|(k, t)| t.spellings.keys().map(|s| (k.clone(), initials(s), t.score)))
        .filter(|(_, short, _)| short.len() >= INITIALS_MIN)
        .collect();
    let mut expanded = BTreeSet::new();
    for (long, short, score) in spelled {
        let Some(lead) = tallies.get(&long).map(|t| t.lead) else { continue };
        if let Some(tally) = tallies.get_mut(&short) {
            tally.score += score;
            tally.lead += lead;
            expanded.insert(short);
        }
    }
    expanded
}

/// Shorter initials stand for too many things.
const INITIALS_MIN: usize = 3;

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
    // Addresses alone tell less than words.
    ranked.retain(|r| r.tally.mentions > 0 || r.score >= SCORE_MIN_ADDRESS);
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    let Some(first) = ranked.first() else { return };
    let short = |r: &Ranked| r.tally.spellings.keys().any(|s| initials(s) == first.key);
    let spelled = |r: &Ranked| first.tally.spellings.keys().any(|s| initials(s) == r.key);
    let related = |r: &Ranked| r.key.starts_with(&first.key) || first.key.starts_with(&r.key) || short(r) || spelled(r);
    let lead = ranked.iter().skip(1).find(|r| !related(r)).is_none_or(|r| first.score >= r.score * LEAD_MIN);
    let third = first.tally.spellings.keys().any(|s| is_provider(vocabulary, s) && !s.contains('.'));
    let is_spoken_of = first.tally.own > 0 || path.carries(&first.key) || path.ends_with(&first.key);
    let least = match (third, is_spoken_of) {
        (true, _) => SCORE_MIN_PROVIDER,
        (false, true) => SCORE_MIN,
        (false, false) => SCORE_MIN_UNSPOKEN,
    };
    if first.score < least || !lead {
        return;
    }
    let is_spelled = |s: &str| s.chars().any(char::is_uppercase) || s.contains('.');
    let spelling =
        first.tally.spellings.iter().max_by_key(|(s, n)| (is_spelled(s), **n, std::cmp::Reverse((*s).clone())));
    let Some((name, _)) = spelling else { return };
    let evidence = match &first.tally.place {
        Some((block, range)) if *block != NO_BLOCK => reading.evidence(*block, range.clone()),
        _ => title_evidence.clone(),
    };
    let confidence = (CONFIDENCE_BASE + CONFIDENCE_STEP * first.score).min(CONFIDENCE_MAX);
    found.push(Candidate {
        finding: Finding::Org(shown(name, &first.tally, path)),
        confidence,
        evidence,
        rule: RULE.code,
    });
}

/// A domain of which only hosts are spoken stands for the name it spells, as does one whose first part is a folder's
/// name: `status.acme.example` is Acme's.
fn shown(name: &str, tally: &Tally, path: &PathNames) -> String {
    let Some((stem, _)) = name.split_once('.') else { return name.to_owned() };
    let in_path = path.is_exactly(&folded(stem)) && !path.is_exactly(&folded(name));
    let serves = kind_words().serving.iter().any(|end| stem.ends_with(end.as_str()) && stem.len() > end.len() + 3);
    // "ab.example": two letters alone are no name.
    if stem.len() < STEM_BYTES_MIN && !in_path
        || !in_path && !serves && (tally.bare || name.chars().any(char::is_uppercase))
    {
        return name.to_owned();
    }
    // `acmeapps.example` and `acmeusercontent.example` serve what is Acme's.
    let stem = kind_words()
        .serving
        .iter()
        .find_map(|end| stem.strip_suffix(end.as_str()))
        .filter(|s| s.len() > 3)
        .unwrap_or(stem);
    let mut letters = stem.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const STEM_BYTES_MIN: usize = 4;
