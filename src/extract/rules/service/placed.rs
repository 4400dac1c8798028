//! # region-placed (W004)
//!
//! ## What it reads
//! A region that a title or a sentence says the failure was in: `Slow writes in South America`, `errors in the US
//! multi-region`, `customers in Western Europe saw timeouts`, and those that it names beside it.
//!
//! ## Why it is believed
//! The name stands where the sentence says who or what was hit, or is called a region.
//!
//! ## When it declines
//! Places where somebody sits, what was not affected, and sentences that tell of no failure.
//!
//! ## Seen in
//! Titles and updates of status pages, summaries.

use super::listed::is_denied;
use super::split::regions;
use super::titled::narrowed;
use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::vocabulary::places;

pub const RULE: Rule = Rule {
    code: "W004",
    slug: "region-placed",
    source: include_str!("placed.rs"),
    apply,
    examples: &[
        Example { text: "# Slow writes in «South America»\n\nWrites were slow.", expect: &["region South America"] },
        Example {
            text: "# Slow writes\n\nErrors hit reads and writes in the «US» multi-region from 09:40.",
            expect: &["region US"],
        },
        Example {
            text: "# Slow writes\n\nCustomers in «Norway» and «Western Europe» saw timeouts.",
            expect: &["region Norway", "region Western Europe"],
        },
        Example { text: "# Slow writes\n\nWrites failed for an hour; let us know. We sit in Paris.", expect: &[] },
        Example { text: "# Slow writes\n\nCustomers in Europe were not affected.", expect: &[] },
        Example { text: "# Slow writes\n\nOur colleagues in India noticed errors.", expect: &[] },
    ],
};

/// What a field or a title names in a fixed position stands before it.
const CONFIDENCE: f32 = 0.55;
/// Longer sentences are tables and logs.
const SENTENCE_BYTES_MAX: usize = 1_500;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if let Some((title, evidence)) = title::chosen(reading) {
        let placed = placed(&title, true);
        for range in &placed {
            let Some(name) = title.get(range.clone()) else { continue };
            let evidence = narrowed(reading, &evidence, name);
            let finding = Finding::Region(name.to_owned());
            found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
        }
        if !placed.is_empty() {
            return;
        }
    }
    for sentence in &reading.sentences {
        let is_row =
            matches!(reading.document.blocks.get(sentence.block).map(|b| &b.kind), Some(BlockKind::Row { .. }));
        let told = matches!(reading.section(sentence.block), Section::Impact | Section::Summary | Section::Opening);
        let words = reading.words(sentence);
        if !(told || is_row) || words.len() > SENTENCE_BYTES_MAX {
            continue;
        }
        let placed = placed(words, false);
        if placed.is_empty() || !speech().suffered.is_in(words) || is_denied(words) {
            continue;
        }
        for range in placed {
            let Some(name) = words.get(range.clone()) else { continue };
            let range = sentence.range.start + range.start..sentence.range.start + range.end;
            let evidence = reading.evidence(sentence.block, range);
            let finding = Finding::Region(name.to_owned());
            found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
        }
        // Further ones repeat it, or tell of other days.
        return;
    }
}

/// The regions that a text says a failure was in. In a title the name itself says so, in a sentence what stands beside.
fn placed(text: &str, is_title: bool) -> Vec<Span> {
    let mut placed: Vec<Span> = Vec::new();
    for name in regions(text) {
        let (Some(before), Some(after)) = (text.get(..name.start), text.get(name.end..)) else { continue };
        let goes_on = placed.last().and_then(|last| text.get(last.end..name.start));
        let goes_on = goes_on.is_some_and(is_joint);
        let is_region = || places().kinds.opens(after.trim_start());
        if goes_on || led(before).is_some_and(|rest| is_title || is_region() || ends_with_hit(rest)) {
            placed.push(name);
        }
    }
    placed
}

/// Does what stands between two names make a list of them?
fn is_joint(between: &str) -> bool {
    let word = between.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '&'));
    word.is_empty() && !between.trim().is_empty() || places().joints.is_all(word)
}

/// What stands before the words that lead to a place, if such words end a text.
fn led(before: &str) -> Option<&str> {
    let cut = |text: &str| Some(text.trim_end().rsplit_once(char::is_whitespace).map_or(0, |(rest, _)| rest.len()));
    let before = before.trim_end();
    let one = cut(before)?;
    let two = before.get(..one).and_then(cut)?;
    [two, one].into_iter().find_map(|at| {
        let words = before.get(at..)?.trim();
        places().before.is_all(words).then(|| before.get(..at)).flatten()
    })
}

/// Does a text end with who or what was hit?
fn ends_with_hit(text: &str) -> bool {
    let text = text.trim_end();
    let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
    places().hit.is_all(last)
}
