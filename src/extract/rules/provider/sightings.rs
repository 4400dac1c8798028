//! Where third parties are named, and what the words around each say.

use super::blaming::{blame, does_to_us, floor};
use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::reading::Reading;
use crate::extract::rules::org;
use crate::extract::section::Section;
use crate::extract::vocabulary::{Mention, Provider, ProviderKind, ProviderVocabulary, third_parties};
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
        // "A Notion-like editor" is none of Notion, nor is "Orange County" of Orange.
        let is_likeness =
            text.get(mention.range.end..).is_some_and(|after| third_parties().likeness.opens(after.trim_start()));
        if own_name || is_likeness || is_passing(text, &mention, provider, linked) {
            continue;
        }
        let blame = blame(text, &mention, provider.kind);
        let has_bug = provider.kind == ProviderKind::Software && blame > 0.0;
        let sure = has_bug
            || is_introduced(text, &mention.range)
            || !mention.ambiguous
            || in_context(text, &mention)
            || blame >= SURE_BLAME && is_within(text, &mention.range)
            || does_to_us(text, &mention.range);
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

/// What is blamed so is somebody.
const SURE_BLAME: f32 = 0.8;

/// Does a capital stand where no sentence begins?
fn is_within(text: &str, name: &Span) -> bool {
    let before = text.get(..name.start).unwrap_or("").trim_end();
    before.ends_with(|c: char| c.is_lowercase())
        && text.get(name.start..).is_some_and(|n| n.starts_with(char::is_uppercase))
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
    carrier && (linked || third_parties().passing.find(text).iter().any(|c| overlaps(&c.range)))
}

/// "Our host, Acme, was down": who it is to us says that it is a third party.
fn is_introduced(text: &str, name: &Span) -> bool {
    let before = text.get(..name.start).unwrap_or("").trim_end_matches([' ', ',', '(', ':']);
    let begun = floor(before, before.len().saturating_sub(CONTEXT_BYTES));
    let near = before.get(begun..).unwrap_or("");
    let roles = third_parties().roles.find(near);
    roles.last().is_some_and(|role| role.range.end == near.len())
}

fn in_context(text: &str, mention: &Mention) -> bool {
    let from = floor(text, mention.range.start.saturating_sub(CONTEXT_BYTES));
    let to = floor(text, (mention.range.end + CONTEXT_BYTES).min(text.len()));
    let before = text.get(from..mention.range.start).unwrap_or("");
    let after = text.get(mention.range.end..to).unwrap_or("");
    third_parties().provider_context.any(before) || third_parties().provider_context.any(after)
}
