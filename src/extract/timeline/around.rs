//! What stands around a time that leads an entry: the state of an update that heads it, and words that only come in the
//! blocks below it.

use super::TEXT_BYTES_MAX;
use crate::document::{Block, BlockKind};
use crate::domain::Span;
use crate::extract::reading::Reading;
use crate::extract::states::state;
use crate::extract::timing::Timing;

/// An entry is told in fewer blocks.
const BLOCKS_MAX: usize = 8;

/// Where the state stands that heads a time in its block: before it on its line, or alone on the line above.
pub(super) fn state_within(text: &str, line: usize, time: usize) -> Option<Span> {
    let before = text.get(line..time)?;
    if state(before).is_some() {
        return Some(line..time);
    }
    let above = text.get(..line)?.trim_end_matches('\n');
    let from = above.rfind('\n').map_or(0, |n| n + 1);
    let is_bare = !before.chars().any(char::is_alphanumeric);
    (is_bare && from < line && state(above.get(from..)?).is_some()).then_some(from..above.len())
}

/// The block above, where it is the state of the update that this block begins, or the heading, where that is.
pub(super) fn state_above<'r>(reading: &'r Reading<'_>, index: usize) -> Option<&'r Block> {
    let above = index.checked_sub(1).filter(|i| *i >= reading.blocks.start)?;
    let block = reading.document.blocks.get(above)?;
    let is_words = !matches!(block.kind, BlockKind::Code | BlockKind::Row { .. });
    (is_words && state(&block.text).is_some()).then_some(block)
}

/// The blocks that tell what happened at a time that stands alone in its block: all up to the next such time, or the
/// one below the last.
pub(super) fn words_below<'r>(reading: &'r Reading<'_>, timing: &Timing, index: usize) -> Vec<&'r Block> {
    let mut below: Vec<&Block> = Vec::new();
    let mut bytes = 0;
    for at in (index + 1..reading.blocks.end).take(BLOCKS_MAX) {
        let Some(block) = reading.document.blocks.get(at) else { break };
        if stands_alone(reading, timing, at, block) {
            // A state heads the next time, not this one's words.
            below.pop_if(|b| state(&b.text).is_some());
            return below;
        }
        let is_words = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote);
        if !is_words || bytes > TEXT_BYTES_MAX {
            break;
        }
        bytes += block.text.len();
        below.push(block);
    }
    // "Next steps:" begins something else.
    below.truncate(1);
    below.retain(|b| !b.text.trim_end().ends_with(':'));
    below
}

/// Whether a block holds a clock, and perhaps a date, and on other lines or behind them a state, and nothing else.
/// "Resolved 17:07" is a label with its time.
pub(super) fn stands_alone(reading: &Reading<'_>, timing: &Timing, index: usize, block: &Block) -> bool {
    let Some(first) = timing.of_block(index).first() else { return false };
    let words = beside(timing, index, block);
    let before = block.text.get(..first.span.start).unwrap_or("");
    let labelled = before.rsplit('\n').next().is_some_and(|line| line.chars().any(char::is_alphanumeric));
    (!labelled || heads_words(reading, index, block))
        && words.is_some_and(|w| !w.chars().any(char::is_alphanumeric) || state(&w).is_some())
}

/// "**Resolved** — 09:05" above a paragraph of its own: an update, no label with its time.
pub(super) fn heads_words(reading: &Reading<'_>, index: usize, block: &Block) -> bool {
    let is_told = |below: &Block| {
        let words = below.text.trim_end();
        below.kind == BlockKind::Paragraph && words.ends_with(['.', '!', '?']) && words.contains(' ')
    };
    let is_next = index + 1 < reading.blocks.end;
    is_next && block.kind == BlockKind::Paragraph && reading.document.blocks.get(index + 1).is_some_and(is_told)
}

/// The words of a short block beside its times.
pub(super) fn beside(timing: &Timing, index: usize, block: &Block) -> Option<String> {
    let stamps = timing.of_block(index);
    if block.text.len() > ALONE_BYTES_MAX || !stamps.iter().any(|s| s.at.clock.is_some()) {
        return None;
    }
    let mut at = 0;
    let mut others = String::new();
    for stamp in stamps {
        others.push_str(block.text.get(at..stamp.span.start).unwrap_or(""));
        others.push(' ');
        at = stamp.span.end.max(at);
    }
    others.push_str(block.text.get(at..).unwrap_or(""));
    Some(others)
}

/// A state, a date, and a clock in two zones are shorter.
const ALONE_BYTES_MAX: usize = 120;
