//! The blocks of one incident, made of those of the document: a heading, and what is told below it.

use super::draft::{Cut, Draft};
use super::headings::STRONG_LINE_LEVEL;
use super::table;
use crate::document::{Block, BlockKind, Document};
use crate::domain::Span;

/// The heading of an incident that has none: above strong lines, below all others.
pub(super) const LEVEL: u8 = STRONG_LINE_LEVEL - 1;

/// The blocks of a draft.
pub(super) fn blocks(document: &Document, draft: &Draft) -> Vec<Block> {
    match &draft.cut {
        Cut::Heading { level } => headed(document, draft, *level),
        Cut::Line { head, body, depth } => line(document, draft, head, body, *depth),
        Cut::Row { header, title } => table::blocks(document, draft, *header, *title),
    }
}

fn headed(document: &Document, draft: &Draft, level: u8) -> Vec<Block> {
    let mut blocks = document.blocks.get(draft.place.clone()).unwrap_or(&[]).to_vec();
    // Strong lines below a strong line are sections of its incident.
    let first = blocks.first_mut().filter(|_| level >= STRONG_LINE_LEVEL);
    first.into_iter().for_each(|block| block.kind = BlockKind::Heading { level: LEVEL });
    blocks
}

fn line(document: &Document, draft: &Draft, head: &Span, body: &Span, depth: Option<u8>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut own = document.blocks.get(draft.place.clone()).unwrap_or(&[]).iter();
    if let Some(first) = own.next() {
        blocks.extend(first.part(head.clone(), BlockKind::Heading { level: LEVEL }));
        let words = first.text.get(body.clone()).unwrap_or("");
        // What joined the words to their name.
        let skipped = words.len() - words.trim_start_matches(|c: char| !c.is_alphanumeric() && !is_opening(c)).len();
        blocks.extend(first.part(body.start + skipped..body.end, BlockKind::Paragraph));
    }
    blocks.extend(own.map(|block| {
        let mut block = block.clone();
        if let BlockKind::Item { depth: below, .. } = &mut block.kind {
            *below = below.saturating_sub(depth.map_or(0, |own| own + 1));
        }
        block
    }));
    blocks
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '"' | '“' | '„' | '«' | '`' | '~')
}
