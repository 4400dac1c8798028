//! Parts of a document as documents of their own: blocks of it, cut anew, that still know where they stand in the
//! source.

use super::{Block, BlockKind, BlockText, Document, Run, SourceMap};
use crate::domain::Span;
use std::ops::Range;

/// Level and index of the headings that govern what comes next, outermost first.
#[derive(Debug, Clone, Default)]
pub(super) struct Above(Vec<(u8, usize)>);

impl Above {
    /// Links a block that comes at an index to the heading above it.
    pub(super) fn link(&mut self, block: &mut Block, index: usize) {
        let level = if let BlockKind::Heading { level } = block.kind { Some(level) } else { None };
        while level.is_some_and(|own| self.0.last().is_some_and(|(above, _)| *above >= own)) {
            self.0.pop();
        }
        block.heading = self.0.last().map(|(_, index)| *index);
        self.0.extend(level.map(|level| (level, index)));
    }
}

impl Document {
    /// A part of this document that stands at a range of the text: some of its blocks `before` others of the part's
    /// `own`, and where those stand in it.
    pub fn excerpt(
        &self,
        range: Span,
        before: impl Iterator<Item = usize>,
        own: Vec<Block>,
    ) -> (Document, Range<usize>) {
        let mut blocks: Vec<Block> = before.filter_map(|at| self.blocks.get(at).cloned()).collect();
        let first = blocks.len();
        blocks.extend(own);
        let mut above = Above::default();
        blocks.iter_mut().enumerate().for_each(|(at, block)| above.link(block, at));
        let place = first..blocks.len();
        let (format, text, fields) = (self.format, self.text.clone(), self.fields.clone());
        (Document { format, text, range, blocks, fields, notices: Vec::new() }, place)
    }
}

impl Block {
    /// A part of the text, trimmed, as a block of its own; `None` if there is nothing to read in it.
    pub fn part(&self, range: Span, kind: BlockKind) -> Option<Block> {
        let words = self.text.get(range.clone())?;
        let start = range.start + words.len() - words.trim_start().len();
        let words = words.trim();
        if words.is_empty() {
            return None;
        }
        let kept = start..start + words.len();
        let clipped = |span: &Span| {
            let (from, to) = (span.start.max(kept.start), span.end.min(kept.end));
            (from < to).then(|| from - kept.start..to - kept.start)
        };
        let runs = self.map.runs.iter().filter_map(|run| {
            let text = clipped(&run.text)?;
            let source = run.source_of(text.start + kept.start, false)..run.source_of(text.end + kept.start, true);
            Some(Run { text, source })
        });
        Some(Block {
            kind,
            text: words.to_owned(),
            span: self.source(kept.clone()),
            heading: None,
            strong: self.strong.iter().filter_map(clipped).collect(),
            links: self.links.iter().filter_map(|(span, to)| Some((clipped(span)?, to.clone()))).collect(),
            map: SourceMap { runs: runs.collect() },
        })
    }

    /// Words that stand nowhere at this place of the source, after those of the block.
    #[must_use]
    pub fn followed_by(mut self, words: &str) -> Block {
        self.text.push_str(words);
        self
    }

    /// A row of two cells: a key's words and this block's.
    #[must_use]
    pub fn keyed(self, key: &str, table: u32) -> Block {
        let Block { text, span, heading, strong, links, map, .. } = self;
        let mut joined = BlockText::default();
        joined.push_separator(key);
        joined.push_separator(SEPARATOR);
        let from = joined.text.len();
        joined.push_separator(&text);
        let moved = |span: Span| span.start + from..span.end + from;
        let runs = map.runs.into_iter().map(|run| Run { text: moved(run.text), source: run.source });
        let cells = vec![0..key.len(), from..joined.text.len()];
        Block {
            kind: BlockKind::Row { table, header: false, cells },
            text: joined.text,
            span,
            heading,
            strong: strong.into_iter().map(moved).collect(),
            links: links.into_iter().map(|(span, to)| (moved(span), to)).collect(),
            map: SourceMap { runs: runs.collect() },
        }
    }
}

/// Between the cells of a row.
const SEPARATOR: &str = " | ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Format;
    use std::sync::Arc;

    #[test]
    fn cut_blocks_know_where_they_stand() {
        let text: Arc<str> = "# Log\n\n- **One**: a &amp; b\n- Two\n".into();
        let document = parse(Format::Markdown, &text, 0..text.len());
        let item = &document.blocks[1];
        let head = item.part(0..3, BlockKind::Heading { level: 2 }).unwrap();
        let rest = item.part(5..item.text.len(), BlockKind::Paragraph).unwrap();
        assert_eq!((head.text.as_str(), rest.text.as_str()), ("One", "a & b"));
        let row = rest.clone().keyed("cause", 0);
        assert_eq!(row.text, "cause | a & b");
        assert_eq!(&text[row.source(8..13)], "a &amp; b");
        let long = rest.followed_by(" UTC");
        assert_eq!(&text[long.source(0..long.text.len())], "a &amp; b");
        let (part, own) = document.excerpt(9..30, 0..1, vec![head, long]);
        assert_eq!(part.blocks[own.start].heading, Some(0));
        assert_eq!(part.blocks[own.end - 1].heading, Some(own.start));
        assert_eq!(part.range, 9..30);
    }
}
