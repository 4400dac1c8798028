//! Paragraphs of a timeline that tell more than the time which leads them: "At 14:20 we switched over. By 14:40 all was
//! well."
//!
//! Only where small words stand before the leading time: a line led by a bare clock is one entry, whatever else it
//! tells.

use super::{Draft, Entry, Timing, clean, draft};
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::sentences::sentence_ranges;
use crate::extract::speech::speech;
use crate::time::tail;

/// The entries, with those that later sentences of their paragraphs tell.
pub(super) fn parted(reading: &Reading<'_>, timing: &Timing, drafts: Vec<Draft>) -> Vec<Draft> {
    let mut found = Vec::with_capacity(drafts.len());
    let mut drafts = drafts.into_iter().peekable();
    while let Some(draft) = drafts.next() {
        let next = drafts.peek().filter(|next| next.entry.block == draft.entry.block);
        let end = next.and_then(|next| next.leads.first().copied());
        part(reading, timing, draft, end, &mut found);
    }
    found
}

/// Cuts an entry before each later sentence that tells a clock of its own.
fn part(reading: &Reading<'_>, timing: &Timing, mut first: Draft, end: Option<usize>, found: &mut Vec<Draft>) {
    let index = first.entry.block;
    let block = reading.document.blocks.get(index).filter(|block| block.kind == BlockKind::Paragraph);
    let lead = first.leads.first().and_then(|lead| timing.of_block(index).iter().find(|s| s.span.start == *lead));
    let (Some(block), Some(lead), true) = (block, lead, first.loose) else {
        found.push(first);
        return;
    };
    let text = block.text.as_str();
    // The sentence of the next lead is its own.
    let until = end.map_or(text.len(), |end| {
        sentence_ranges(text).take_while(|range| range.start <= end).last().map_or(end, |range| range.start)
    });
    let later = sentence_ranges(text).filter(|range| range.start >= lead.span.end && range.start < until);
    let telling = later.filter_map(|range| {
        let told = |at: usize| speech().foretold.is_in(tail(text.get(range.start..at).unwrap_or(""), LEAD_CHARS_MAX));
        let clocked = timing.within(index, &range).find(|s| s.at.clock.is_some() && s.at != lead.at);
        Some((range.start, clocked.filter(|s| !told(s.span.start))?))
    });
    let cuts: Vec<_> = telling.collect();
    let Some((start, _)) = cuts.first() else {
        found.push(first);
        return;
    };
    first.entry.text = clean(text.get(lead.span.end..*start).unwrap_or(""));
    first.entry.evidence = vec![block.source(lead.span.start..*start)];
    found.push(first);
    let ends = cuts.iter().skip(1).map(|(start, _)| *start).chain([until]);
    for ((start, stamp), end) in cuts.iter().zip(ends) {
        let entry = Entry {
            at: stamp.at.clone(),
            end: stamp.end.clone(),
            text: clean(text.get(*start..end).unwrap_or("")),
            block: index,
            evidence: vec![block.source(*start..end)],
        };
        found.push(Draft { loose: true, ..draft(entry, true, vec![stamp.span.start]) });
    }
}

/// An estimate stands this near to the clock that it names.
const LEAD_CHARS_MAX: usize = 80;
