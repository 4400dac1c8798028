//! Several incidents in one document: an on-call log, a monthly review, a table of outages.
//!
//! What may begin an incident is drafted: a heading, a paragraph or an item that opens with a date and a name, a row of
//! a table whose columns tell what incidents have. Drafts of one shape are weighed together, by what each of them tells
//! and by what stands around them: a page that announces several incidents needs little, a report on one incident has
//! days, updates, actions and earlier incidents that are none of their own. Splitting a report wrongly is worse than
//! reading several as one.
//!
//! Each incident becomes a document of its own: its heading, what is told below it, and what the page says before the
//! first of them (the year, the zone of its times).

mod cut;
mod draft;
mod frame;
mod headings;
mod lines;
mod table;
#[cfg(test)]
mod tests;
mod words;

use crate::document::{BlockKind, Document};
use crate::domain::Span;
use draft::{Draft, Shape};
use frame::Frame;
use std::collections::BTreeSet;
use std::ops::Range;

/// One incident's part of a document.
#[derive(Debug, Clone)]
pub struct Part {
    /// The part as a document, and its blocks in it.
    pub document: Document,
    pub blocks: Range<usize>,
    /// The heading's words without their date, and their range in the source.
    pub title: String,
    pub evidence: Span,
}

/// Further parts of a document are left out, with a notice.
pub const PARTS_MAX: usize = 2_000;

/// The parts of a document that holds several incidents; empty for all others.
pub fn parts(document: &Document) -> Vec<Part> {
    let frame = Frame::new(document);
    let facts = |draft: &Draft| draft.facts(&cut::blocks(document, draft));
    let shapes = [Shape::Heading, Shape::Lead, Shape::Item, Shape::Row];
    let groups = shapes.into_iter().flat_map(|shape| {
        let groups = match shape {
            Shape::Heading => headings::groups(document, frame.is_log()),
            Shape::Lead => lines::paragraphs(document),
            Shape::Item => lines::items(document),
            Shape::Row => table::groups(document),
        };
        groups.into_iter().map(move |group| (shape, group))
    });
    let weighed = groups.map(|(shape, group)| frame.weigh(shape, group, facts));
    let Some(mut drafts) = weighed.into_iter().find(|drafts| !drafts.is_empty()) else { return Vec::new() };
    drafts.sort_by_key(|draft| draft.place.start);
    drafts.truncate(PARTS_MAX);
    let above: BTreeSet<usize> = drafts.iter().flat_map(|d| headings_above(document, d)).collect();
    let first = drafts.first().map_or(0, |draft| draft.place.start);
    drafts.iter().map(|draft| part(document, draft, first, &above)).collect()
}

/// What says the year and the zone of a log stands in its first blocks.
const PREFACE_BLOCKS: usize = 12;

fn part(document: &Document, draft: &Draft, first: usize, above: &BTreeSet<usize>) -> Part {
    let own: BTreeSet<usize> = headings_above(document, draft).collect();
    // The headings of other months say nothing of this one.
    let is_foreign = |at: &usize| above.contains(at) && !own.contains(at);
    let is_row = |at: &usize| document.blocks.get(*at).is_some_and(|block| matches!(block.kind, BlockKind::Row { .. }));
    let preface = (0..first.min(PREFACE_BLOCKS)).filter(|at| !is_foreign(at) && !is_row(at));
    let before: BTreeSet<usize> = preface.chain(own.iter().copied()).collect();
    let blocks = document.blocks.get(draft.place.clone()).unwrap_or(&[]);
    let start = blocks.first().map_or(0, |block| block.span.start);
    let end = blocks.iter().map(|block| block.span.end).max().unwrap_or(start);
    let (document, blocks) = document.excerpt(start..end, before.into_iter(), cut::blocks(document, draft));
    Part { document, blocks, title: draft.title.clone(), evidence: draft.evidence.clone() }
}

/// The headings above a draft, the nearest first.
fn headings_above(document: &Document, draft: &Draft) -> impl Iterator<Item = usize> {
    let heading = |at: usize| document.blocks.get(at).and_then(|block| block.heading);
    let is_heading =
        |at: &usize| document.blocks.get(*at).is_some_and(|block| matches!(block.kind, BlockKind::Heading { .. }));
    std::iter::successors(heading(draft.place.start), move |at| heading(*at)).filter(is_heading)
}
