//! What every document keeps to, whatever its text: asserted by property tests and by the fuzz targets.

use super::{Block, BlockKind, Document};
use crate::domain::Span;

/// Panics where the document breaks a promise.
pub fn check(document: &Document) {
    let (text, format) = (&document.text, document.format);
    let is_sound = |span: &Span| {
        document.range.start <= span.start && span.end <= document.range.end && text.get(span.clone()).is_some()
    };
    for field in &document.fields {
        // What a feed says of all of its entries stands outside each.
        assert!(text.get(field.span.clone()).is_some(), "{format:?} {field:?}");
    }
    for (i, block) in document.blocks.iter().enumerate() {
        assert!(!block.text.trim().is_empty(), "{format:?} {block:?}");
        assert!(is_sound(&block.span), "{format:?} {block:?}");
        check_heading(document, i);
        check_ranges(block);
        for run in &block.map.runs {
            assert!(is_sound(&run.source), "{format:?} {run:?} {block:?}");
            let (words, source) = (&block.text[run.text.clone()], &text[run.source.clone()]);
            // An entity may happen to be as long as what it stands for.
            let is_verbatim = words == source || source.contains('&');
            assert!(words.len() != source.len() || is_verbatim, "{format:?} {block:?}");
            assert!(is_sound(&block.source(run.text.clone())));
        }
        for (at, word) in block.text.match_indices(char::is_alphanumeric) {
            let source = block.source(at..at + word.len());
            assert!(is_sound(&source) && !source.is_empty(), "{format:?} {word} {block:?}");
        }
    }
}

fn check_heading(document: &Document, i: usize) {
    let block = &document.blocks[i];
    let Some(above) = block.heading else { return };
    assert!(above < i);
    let level = match document.blocks[above].kind {
        BlockKind::Heading { level } => level,
        _ => u8::MAX,
    };
    assert!(level < u8::MAX, "governed by {above}, no heading");
    if let BlockKind::Heading { level: own } = block.kind {
        assert!(level < own);
    }
}

fn check_ranges(block: &Block) {
    let is_sound = |span: &Span| block.text.get(span.clone()).is_some();
    assert!(block.strong.iter().all(is_sound), "{block:?}");
    assert!(block.links.iter().all(|(span, _)| is_sound(span)), "{block:?}");
    if let BlockKind::Row { cells, .. } = &block.kind {
        let joined: Vec<_> = cells.iter().map(|cell| block.text.get(cell.clone()).unwrap_or("no cell")).collect();
        assert_eq!(joined.join(" | "), block.text, "{block:?}");
    }
}
