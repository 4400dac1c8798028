//! # provider-unnamed (P002)
//!
//! ## What it reads
//! A sentence or heading that blames "our infrastructure provider" (hosting, cloud, network …) without its name, in a
//! report that names exactly one such provider.
//!
//! ## Why it is believed
//! There is only one it can mean.
//!
//! The trigger asks here as well for an outsider without any name.
//!
//! ## When it declines
//! No or several infrastructure providers named, or no word of blame beside the unnamed one.
//!
//! ## Seen in
//! Customer notices that name the provider once, in passing.

use super::blaming::blame_at;
use super::sightings::sightings;
use crate::document::BlockKind;
use crate::domain::{Evidence, Role, Span};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::third_parties;

pub const RULE: Rule = Rule {
    code: "P002",
    slug: "provider-unnamed",
    source: include_str!("unnamed.rs"),
    apply,
    examples: &[
        Example {
            text: "«Our hosting provider had a network outage.» We run at Hetzner.",
            expect: &["provider Hetzner [at-fault]"],
        },
        Example { text: "Our hosting provider had a network outage. We run at Hetzner and at Vultr.", expect: &[] },
        Example { text: "Our hosting provider is Hetzner. The bug was ours.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.6;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut named: Vec<usize> = sightings(reading)
        .iter()
        .filter(|s| reading.providers().get(s.provider).is_some_and(|p| p.kind.is_infrastructure()))
        .map(|s| s.provider)
        .collect();
    named.sort_unstable();
    named.dedup();
    let [only] = named.as_slice() else { return };
    let Some(name) = reading.providers().get(*only).map(|p| p.name.to_string()) else { return };
    let headings = reading.blocks().filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }));
    let headings = headings.map(|(i, b)| (i, 0..b.text.len()));
    let may_blame = |s: &&Sentence| third_parties().unnamed_provider.may_stand(s.told);
    let sentences = reading.sentences.iter().filter(may_blame).map(|s| (s.block, s.range.clone()));
    let blaming = headings.chain(sentences).find(|(block, range)| {
        let told = !matches!(reading.section(*block), Section::Lessons | Section::Comments | Section::Appendix);
        told && reading.text(*block).get(range.clone()).is_some_and(blames_unnamed)
    });
    if let Some((block, range)) = blaming {
        let finding = Finding::Provider(name, Role::AtFault);
        let evidence = reading.evidence(block, range);
        found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
    }
}

/// Where an outsider is blamed of whom the report says no name: "our carrier cut a fibre".
pub fn outsider(reading: &Reading<'_>) -> Option<Evidence> {
    let (block, range) = outsider_told(reading)?;
    Some(reading.evidence(*block, range.clone()))
}

/// The block and the sentence where that is told.
pub fn outsider_told<'r>(reading: &'r Reading<'_>) -> Option<&'r (usize, Span)> {
    reading.memo.outsider.get_or_init(|| find_outsider(reading)).as_ref()
}

fn find_outsider(reading: &Reading<'_>) -> Option<(usize, Span)> {
    let (outsiders, traders) = (&third_parties().outsiders, &third_parties().traders);
    let blamed = |text: &str| {
        let found = outsiders.find(text).into_iter().map(|cue| whose(text, &cue.range));
        let traders = traders.find(text).into_iter().filter_map(|cue| of_ours(text, &cue.range));
        found.chain(traders).any(|range| blame_at(text, range) >= OUTSIDER_BLAME_MIN)
    };
    let headings = reading.blocks().filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }));
    let headings = headings.map(|(i, b)| (i, 0..b.text.len()));
    let sentences = reading.sentences.iter().filter(|s| outsiders.may_stand(s.told) || traders.may_stand(s.told));
    let sentences = sentences.map(|s| (s.block, s.range.clone()));
    let told = |block: usize| {
        !matches!(
            reading.section(block),
            Section::Lessons | Section::Comments | Section::Appendix | Section::Actions | Section::Timeline
        )
    };
    let text = |block: usize, range: &Span| reading.text(block).get(range.clone()).unwrap_or("");
    headings.chain(sentences).find(|(block, range)| told(*block) && blamed(text(*block, range)))
}

/// With "our" before it, which says no more than whose outsider it is.
fn whose(text: &str, range: &Span) -> Span {
    let before = text.get(..range.start).unwrap_or("").trim_end();
    let start = before.rfind(' ').map_or(0, |at| at + 1);
    let is_our = before.get(start..).is_some_and(|word| third_parties().ours.is_all(word));
    if is_our { start..range.end } else { range.clone() }
}

/// A trader with whose he is before it, and what he trades in between: "one of our DNS hosts", "a third-party vendor".
fn of_ours(text: &str, trader: &Span) -> Option<Span> {
    let said = third_parties();
    let mut start = trader.start;
    if let Some(of) = text.get(trader.end..).and_then(|rest| said.of_us.iter().find(|of| rest.starts_with(**of))) {
        return Some(start..trader.end + of.len());
    }
    for _ in 0..TRADE_WORDS {
        let before = text.get(..start)?.trim_end_matches(' ');
        if before.is_empty() || before.ends_with([',', '.', ';', ':', '(', ')']) {
            return None;
        }
        start = before.rfind([' ', '\n', '(']).map_or(0, |at| at + 1);
        if before.get(start..).is_some_and(|word| said.traded.is_all(word)) {
            return Some(start..trader.end);
        }
    }
    None
}

/// Words from whose a trader is to what he is called: "our primary text message carrier".
const TRADE_WORDS: usize = 4;

/// Hints are no blame.
const OUTSIDER_BLAME_MIN: f32 = 0.75;

fn blames_unnamed(sentence: &str) -> bool {
    let unnamed = third_parties().unnamed_provider.find(sentence);
    let Some(first) = unnamed.first() else { return false };
    if third_parties().no_blame.any(sentence) {
        return false;
    }
    third_parties().unnamed_doing.any(sentence)
        || near(sentence, &first.range, &third_parties().blame_before)
        || near(sentence, &first.range, &third_parties().blame_after)
        || near(sentence, &first.range, &third_parties().blame_nouns)
}

/// Does a cue stand close to the unnamed provider?
fn near(sentence: &str, range: &Span, cues: &crate::extract::vocabulary::Cues<()>) -> bool {
    cues.find(sentence).iter().any(|c| {
        let gap = if c.range.end <= range.start { c.range.end..range.start } else { range.end..c.range.start };
        sentence.get(gap).is_some_and(|g| g.split_whitespace().count() <= GAP_WORDS)
    })
}

const GAP_WORDS: usize = 6;
