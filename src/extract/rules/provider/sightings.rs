//! Where third parties are named, and what the words around each say.

use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::reading::Reading;
use crate::extract::rules::org;
use crate::extract::section::Section;
use crate::extract::vocabulary::{Cues, Mention, Provider, ProviderKind, ProviderVocabulary, lists};
use crate::text::{Told, told};
use std::collections::BTreeSet;

/// A place where a third party is named.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Index into the vocabulary.
    pub provider: usize,
    pub block: usize,
    /// The sentence (or heading) it stands in.
    pub sentence: Span,
    pub section: Section,
    pub in_title: bool,
    /// How strongly the sentence blames it, 0 to 1.
    pub blame: f32,
}

/// How far around a name a context word may stand.
const CONTEXT_BYTES: usize = 48;

/// How far a blaming word may stand from the name it blames.
const BLAME_GAP_BYTES: usize = 40;
const BLAME_GAP_WORDS: usize = 5;

/// Sentences longer than this are lists or logs.
const SENTENCE_BYTES_MAX: usize = 2_000;

/// All sightings of third parties in document order, without passing mentions and without the writer's own name.
pub fn sightings<'r>(reading: &'r Reading<'_>) -> &'r [Sighting] {
    reading.memo.sightings.get_or_init(|| find(reading))
}

fn find(reading: &Reading<'_>) -> Vec<Sighting> {
    let own = org::chosen(reading);
    let mut found = Vec::new();
    let mut doubtful = Vec::new();
    let title_block = first_heading(reading);
    let headings = reading.blocks().filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }));
    for (index, block) in headings {
        look(
            reading,
            index,
            0..block.text.len(),
            told(&block.text),
            Some(index) == title_block,
            own.as_deref(),
            (&mut found, &mut doubtful),
        );
    }
    for sentence in &reading.sentences {
        let (range, told) = (sentence.range.clone(), sentence.told);
        look(reading, sentence.block, range, told, false, own.as_deref(), (&mut found, &mut doubtful));
    }
    // "Acme" is the cloud Acme in a report that also says "Acme Cloud".
    let known: BTreeSet<usize> = found.iter().map(|s: &Sighting| s.provider).collect();
    found.extend(doubtful.into_iter().filter(|s| known.contains(&s.provider)));
    found.sort_by_key(|s| (s.block, s.sentence.start));
    found
}

fn first_heading(reading: &Reading<'_>) -> Option<usize> {
    reading.blocks().find(|(_, b)| matches!(b.kind, BlockKind::Heading { .. })).map(|(i, _)| i)
}

const LIKENESS: [&str; 4] = ["-like", "-style", "-compatible", "-inspired"];

/// Sightings in one sentence.
fn look(
    reading: &Reading<'_>,
    block: usize,
    sentence: Span,
    told: Told,
    in_title: bool,
    own: Option<&str>,
    (found, doubtful): (&mut Vec<Sighting>, &mut Vec<Sighting>),
) {
    let vocabulary = reading.providers();
    if !vocabulary.may_stand(told) {
        return;
    }
    let section = reading.section(block);
    let Some(text) = reading.text(block).get(sentence.clone()) else { return };
    if matches!(section, Section::Comments | Section::Appendix) || text.len() > SENTENCE_BYTES_MAX {
        return;
    }
    for mention in vocabulary.mentions(text) {
        let Some(provider) = vocabulary.get(mention.provider) else { continue };
        let own_name = own.is_some_and(|o| is_own(vocabulary, o, &mention, provider));
        let linked = in_link(reading, block, sentence.start + mention.range.start);
        // "A Notion-like editor" is none of Notion.
        let is_likeness =
            text.get(mention.range.end..).is_some_and(|after| LIKENESS.iter().any(|l| after.starts_with(l)));
        if own_name || is_likeness || is_passing(text, &mention, provider, linked) {
            continue;
        }
        let blame = blame(text, &mention, provider.kind);
        let sure = !mention.ambiguous || in_context(text, &mention);
        let sightings = if sure { &mut *found } else { &mut *doubtful };
        sightings.push(Sighting {
            provider: mention.provider,
            block,
            sentence: sentence.clone(),
            section,
            in_title,
            blame,
        });
    }
}

fn is_own(vocabulary: &ProviderVocabulary, own: &str, mention: &Mention, provider: &Provider) -> bool {
    org::same(own, &provider.name) || vocabulary.mentions(own).iter().any(|m| m.provider == mention.provider)
}

fn in_link(reading: &Reading<'_>, block: usize, at: usize) -> bool {
    let links = reading.document.blocks.get(block).map_or(&[][..], |b| &b.links);
    links.iter().any(|(range, _)| range.contains(&at))
}

/// Is the name only the carrier of a link, a ticket, a talk?
fn is_passing(text: &str, mention: &Mention, provider: &Provider, linked: bool) -> bool {
    let carrier = matches!(provider.kind, ProviderKind::Saas | ProviderKind::Office | ProviderKind::Monitoring);
    let overlaps = |range: &Span| range.start < mention.range.end && mention.range.start < range.end;
    carrier && (linked || lists().passing.find(text).iter().any(|c| overlaps(&c.range)))
}

fn in_context(text: &str, mention: &Mention) -> bool {
    let from = floor(text, mention.range.start.saturating_sub(CONTEXT_BYTES));
    let to = floor(text, (mention.range.end + CONTEXT_BYTES).min(text.len()));
    let before = text.get(from..mention.range.start).unwrap_or("");
    let after = text.get(mention.range.end..to).unwrap_or("");
    lists().provider_context.any(before) || lists().provider_context.any(after)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// Does a text blame the third party of this name, one of those that it mentions?
pub fn blames(vocabulary: &ProviderVocabulary, text: &str, mentions: &[Mention], name: &str) -> bool {
    let named = |mention: &Mention| vocabulary.get(mention.provider).filter(|p| p.name == name);
    mentions.iter().any(|m| named(m).is_some_and(|provider| blame(text, m, provider.kind) > 0.0))
}

/// How strongly a sentence blames the name at a place in it.
pub fn blame_at(text: &str, range: Span) -> f32 {
    let mention = Mention { provider: usize::MAX, range, ambiguous: false, product: false };
    blame(text, &mention, ProviderKind::Hosting)
}

/// How strongly a sentence blames a name in it.
///
/// A product of a big cloud fails for many reasons that are not the cloud's ("our RDS instance ran out of space"), and
/// software that one runs oneself is to blame only for its bugs.
fn blame(text: &str, mention: &Mention, kind: ProviderKind) -> f32 {
    if lists().no_blame.any(text) { 0.0 } else { blame_told(text, mention, kind) }
}

/// The same, of a sentence that no words of it clear.
fn blame_told(text: &str, mention: &Mention, kind: ProviderKind) -> f32 {
    let before = text.get(..mention.range.start).unwrap_or("");
    let after = text.get(mention.range.end..).unwrap_or("");
    if kind == ProviderKind::Software {
        let bug = near_before(
            before,
            &["bug in", "bugs in", "defect in", "flaw in", "vulnerability in", "condition in", "a bug of"],
        );
        let has = near_after(after, &["bug", "bugs"]);
        return if (bug || has) && !is_modifier(after) { SOFTWARE_BLAME } else { 0.0 };
    }
    // "between Acme and us", "due to Acme resource limits": the name only says whose or where.
    if before.trim_end().ends_with("between") {
        return 0.0;
    }
    let own_instance = mention.product && has_own(before);
    let mut blame: f32 = 0.0;
    let watches = matches!(kind, ProviderKind::Monitoring | ProviderKind::Office);
    if cue_before(before) && !watches {
        blame = BLAMED_BEFORE;
    }
    // Of a service there is one; of a cloud's product everybody has instances of his own.
    let share = if mention.product && kind == ProviderKind::Cloud { PRODUCT } else { 1.0 };
    if let Some(noun) = noun_after(after) {
        blame = blame.max(noun * share);
    }
    // "the uplink to Acme was unavailable": the way there was.
    let led_to = ["to", "towards", "with", "via", "through", "between", "vers", "zu", "nach"];
    let is_way = before.split_whitespace().next_back().is_some_and(|w| led_to.contains(&w.to_lowercase().as_str()));
    let acts = || is_subject(before) && !watches && !has_own(before) && (failed_itself(after) || acts_on_us(after));
    let did = || !after.starts_with(['\'', '’']) && done_by(before);
    if !is_way && (cue_after(after) || acts() || did()) {
        blame = blame.max(BLAMED_AFTER * share);
    }
    if own_instance || is_modifier(after) { blame * OWN_INSTANCE } else { blame }
}

/// Does a sentence begin with the name, but for an article and one word?
fn is_subject(before: &str) -> bool {
    let clause = before.rsplit(':').next().unwrap_or(before);
    clause.split_whitespace().filter(|w| w.starts_with(char::is_alphabetic)).count() <= 1 && !clause.contains(',')
}

/// "Acme's zone, which held our servers, had an outage": said of the subject, however late.
fn failed_itself(after: &str) -> bool {
    let lower = after.to_lowercase();
    ["had an outage", "had an incident", "experienced an outage", "suffered an outage", "had a major outage"]
        .iter()
        .any(|w| lower.find(w).and_then(|at| lower.get(..at)).is_some_and(|gap| !gap.contains([';', ':', '|'])))
}

/// "Acme moved our servers", "Acme could not reach us", "Acme lost cooling": what a third party does of itself in a
/// report, to what is ours or to its own harm, unless it is a kindness.
fn acts_on_us(after: &str) -> bool {
    let after = after.strip_prefix("'s").or_else(|| after.strip_prefix("’s")).map_or(after, skip_word);
    let end = floor(after, ACT_BYTES).min(after.find([';', ':', '.', '(', '|']).unwrap_or(after.len()));
    let act = after.get(..end).unwrap_or("").to_lowercase();
    let mut words = act.split_whitespace().skip_while(|w| w.ends_with("ly") && !lists().kindly.opens(w));
    let Some(verb) = words.next().filter(|_| after.starts_with(' ')) else { return false };
    let verb_of = |known: &Cues<()>| known.opens(verb);
    if lists().harms_itself.opens(act.trim_start()) {
        return true;
    }
    let past = verb.ends_with("ed") || verb_of(&lists().past_verbs);
    past && !verb_of(&lists().kindly) && words.take(ACT_WORDS).any(|w| matches!(w.trim_matches(','), "our" | "us"))
}

/// "was restarted by Acme".
fn done_by(before: &str) -> bool {
    let mut words = before.trim_end().rsplit(' ');
    let by = words.next().is_some_and(|w| w.eq_ignore_ascii_case("by"));
    let verb = words.next().unwrap_or("").to_lowercase();
    let is = words.take(2).any(|w| ["was", "were", "been", "got"].contains(&w));
    by && is && (verb.ends_with("ed") || lists().past_verbs.opens(&verb)) && !lists().kindly.opens(&verb)
}

fn skip_word(text: &str) -> &str {
    let text = text.trim_start();
    text.find(' ').and_then(|at| text.get(at..)).unwrap_or("")
}

/// How far an act reaches.
const ACT_BYTES: usize = 80;
const ACT_WORDS: usize = 6;

/// What the forms of blame are worth, and the factors for products and own instances of them.
const SOFTWARE_BLAME: f32 = 0.9;
const BLAMED_BEFORE: f32 = 0.9;
const BLAMED_AFTER: f32 = 0.8;
const PRODUCT: f32 = 0.65;
const OWN_INSTANCE: f32 = 0.3;

/// What a customer has of a third party: "the Acme password", "our Acme configuration".
const OWN_THINGS: &[&str] = &[
    "password",
    "account",
    "accounts",
    "admin",
    "credential",
    "credentials",
    "token",
    "tokens",
    "key",
    "keys",
    "resource",
    "limit",
    "limits",
    "quota",
    "configuration",
    "config",
    "settings",
    "upgrade",
    "rotation",
    "manifest",
    "manifests",
    "module",
    "modules",
    "script",
    "scripts",
    "playbook",
    "playbooks",
    "chart",
    "charts",
    "documentation",
    "docs",
    "policy",
    "rule",
    "rules",
    "migration",
    "instance",
    "instances",
    "bucket",
    "user",
    "users",
    "customers",
    "workspace",
    "organization",
    "terraform",
    "webhook",
    "deployment",
    "cluster",
    "subscription",
    "build",
    "builds",
    "pipeline",
    "pipelines",
    "pods",
    "job",
    "jobs",
    "workflow",
    "workflows",
];

/// Is the name only what something of the customer's belongs to?
pub fn is_modifier(after: &str) -> bool {
    let next = after.split_whitespace().take(2).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    after.starts_with(' ') && next.into_iter().any(|w| OWN_THINGS.contains(&w.as_str()))
}

/// "our RDS instance", "the team's S3 bucket".
fn has_own(before: &str) -> bool {
    let last: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    last.iter().any(|w| {
        ["our", "my", "team's", "notre", "unsere", "unserer", "nuestro", "nuestra", "nosso", "nossa"].contains(w)
    })
}

fn near_before(before: &str, words: &[&str]) -> bool {
    let tail = tail(before).to_lowercase();
    words.iter().any(|w| tail.rfind(w).is_some_and(|at| is_close(tail.get(at + w.len()..).unwrap_or(""))))
}

fn near_after(after: &str, words: &[&str]) -> bool {
    let next: Vec<&str> =
        after.split_whitespace().take(2).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    next.iter().any(|w| words.contains(&w.to_lowercase().as_str()))
}

fn tail(before: &str) -> &str {
    let from = before.len().saturating_sub(BLAME_GAP_BYTES + 24);
    let from = (from..=before.len()).find(|i| before.is_char_boundary(*i)).unwrap_or(before.len());
    before.get(from..).unwrap_or("")
}

/// Few words and no end of a clause between a blaming word and the name.
fn is_close(gap: &str) -> bool {
    gap.len() <= BLAME_GAP_BYTES
        && gap.split_whitespace().count() <= BLAME_GAP_WORDS
        && !gap.contains([';', '.', ':'])
        && !NOT_BLAMED.iter().any(|w| gap.contains(w) && !(*w == "our" && is_trade(gap)))
}

/// "an outage of our cloud provider Acme": what follows is who it is, not what is ours of it.
fn is_trade(gap: &str) -> bool {
    let last = gap.split_whitespace().next_back().unwrap_or("");
    ["provider", "host", "hoster", "vendor", "partner", "supplier", "registrar", "carrier", "isp"].contains(&last)
}

/// Words that turn the blame on something else than the name that follows.
const NOT_BLAMED: &[&str] =
    &["our", "configuration", "misconfigur", "upgrade", "using", "towards", "to ", "through", " and "];

fn cue_before(before: &str) -> bool {
    let tail = tail(before);
    lists().blame_before.find(tail).iter().any(|c| is_close(tail.get(c.range.end..).unwrap_or("")))
}

/// What may stand between a name and what happened to it, and between it and what happened to something of its own.
const GAP_BYTES: usize = 24;
const GAP_WORDS: usize = 2;
const GAP_OWN_BYTES: usize = 32;
const GAP_OWN_WORDS: usize = 4;

fn cue_after(after: &str) -> bool {
    let end = floor(after, BLAME_GAP_BYTES + 24);
    let head = after.get(..end).unwrap_or("");
    lists().blame_after.find(head).iter().any(|c| {
        let gap = head.get(..c.range.start).unwrap_or("");
        // "traffic went down to its usual level", "webhooks were rejected by our firewall"
        let rest = head.get(c.range.end..).unwrap_or("");
        let is_other = [" to ", " by our", " by us"].iter().any(|words| rest.starts_with(words));
        // "Acme's routing layer was degraded": what is its own does not stand between.
        let own = ["'s ", "’s "].iter().any(|s| gap.starts_with(s));
        let (bytes, words) = if own { (GAP_OWN_BYTES, GAP_OWN_WORDS) } else { (GAP_BYTES, GAP_WORDS) };
        !is_other
            && gap.len() <= bytes
            && gap.split_whitespace().count() <= words
            && !gap.contains([';', '.', ':', ',', '(', '|'])
    })
}

/// "the Acme private network outage": up to three words, then what happened.
fn noun_after(after: &str) -> Option<f32> {
    let end = floor(after, BLAME_GAP_BYTES + 24);
    let head = after.get(..end).unwrap_or("");
    let cue = lists().blame_nouns.find(head).into_iter().next()?;
    let gap = head.get(..cue.range.start).unwrap_or("");
    let words: Vec<&str> = gap.split_whitespace().collect();
    let clean = !gap.contains([';', '.', ':', ',', '(', ')', '|']) && words.len() <= 3;
    let linking = [
        "to", "and", "for", "with", "in", "on", "is", "was", "were", "we", "that", "of", "from", "as", "the", "a",
        "an", "our", "by",
    ];
    let joined =
        words.iter().skip_while(|w| matches!(**w, "'s" | "’s")).any(|w| linking.contains(&w.to_lowercase().as_str()));
    if !clean || joined {
        return None;
    }
    let following = head.get(cue.range.end..).unwrap_or("").trim_start().to_lowercase();
    let other = ["response", "report", "management", "tracker", "template", "channel", "team", "commander"];
    if other.iter().any(|w| following.starts_with(w)) {
        return None;
    }
    let noun = head.get(cue.range.clone()).unwrap_or("").to_lowercase();
    let weak =
        ["issue", "issues", "problem", "problems", "maintenance", "failure", "failures", "incident", "incidents"];
    Some(if weak.contains(&noun.as_str()) { 0.7 } else { 0.95 })
}
