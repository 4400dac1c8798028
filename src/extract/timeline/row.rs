//! Entries of tables: which cells hold the time, which one the words, and whether a column tells when it was posted.

use super::{Draft, Entry, Timing, clean, draft, is_lead};
use crate::document::Block;
use crate::domain::Span;
use crate::extract::timing::Stamp;

/// Members of a feed's objects that say when an update was posted; over a column of a table that a person made they
/// head the times of events.
const FEED_KEYS: &[&str] = &["when", "timestamp"];
/// Members and columns that say when an update was posted.
const POSTED_KEYS: &[&str] = &[
    "created",
    "created_at",
    "updated",
    "updated_at",
    "modified",
    "modified_at",
    "display_at",
    "posted",
    "posted_at",
    "published_at",
];

/// Columns of a header that tell when an update was posted.
pub(super) fn posted(block: &Block, cells: &[Span], is_feed: bool) -> Vec<usize> {
    let names = |key: &str| POSTED_KEYS.contains(&key) || is_feed && FEED_KEYS.contains(&key);
    let is_posted = |c: &Span| block.text.get(c.clone()).is_some_and(|t| names(&t.trim().to_lowercase()));
    cells.iter().enumerate().filter(|(_, c)| is_posted(c)).map(|(i, _)| i).collect()
}

pub(super) fn row_entry(
    timing: &Timing,
    index: usize,
    block: &Block,
    cells: &[Span],
    header: bool,
    posted: &dyn Fn(usize) -> bool,
    entries: &mut Vec<Draft>,
) {
    let stamps = timing.of_block(index);
    let holds_time = |cell: &Span| {
        stamps.iter().any(|s| s.span.start < cell.end && cell.start < s.span.end) && {
            let mut left = block.text.get(cell.clone()).unwrap_or("").to_owned();
            for stamp in stamps {
                let start = stamp.span.start.max(cell.start);
                let end = stamp.span.end.min(cell.end);
                if start < end
                    && let Some(words) = block.text.get(start..end)
                {
                    left = left.replacen(words, "", 1);
                }
            }
            is_lead(left.trim()) || left.chars().filter(|c| c.is_alphabetic()).count() <= 3
        }
    };
    let time_cells: Vec<usize> = (0..cells.len()).filter(|i| cells.get(*i).is_some_and(&holds_time)).collect();
    let is_posted = time_cells.iter().any(|c| posted(*c));
    // "Started | 2025-03-14 19:32": a labelled field, not an entry.
    let labelled = cells.len() == 2 && time_cells.first() == Some(&1);
    if labelled && !is_posted {
        return;
    }
    if time_cells.first().is_none_or(|first| *first > 2 && !is_posted) {
        return;
    }
    // The first stamp with a clock, in the leading time cells (date and clock columns read as one).
    let leading = |s: &&Stamp| {
        time_cells.iter().any(|i| cells.get(*i).is_some_and(|c| s.span.start >= c.start && s.span.start < c.end))
    };
    let candidates: Vec<&Stamp> = stamps.iter().filter(leading).collect();
    let Some(stamp) = candidates.iter().find(|s| s.at.clock.is_some()).or(candidates.first()) else { return };
    let others = (0..cells.len()).filter(|i| !time_cells.contains(i)).filter_map(|i| cells.get(i));
    let texts: Vec<&str> =
        others.filter_map(|c| block.text.get(c.clone())).map(str::trim).filter(|t| !t.is_empty()).collect();
    if texts.is_empty() && header {
        return;
    }
    let longest = texts.iter().copied().max_by_key(|t| (!is_list(t), t.len())).unwrap_or("");
    // Who and state columns are short; the event is the longest cell, told first, with what stands beside it after.
    let beside: Vec<&str> = texts.iter().copied().filter(|t| *t != longest).collect();
    let words = if beside.is_empty() { clean(longest) } else { clean(&format!("{longest} ({})", beside.join("; "))) };
    let entry = Entry {
        at: stamp.at.clone(),
        end: stamp.end.clone(),
        text: words,
        block: index,
        evidence: vec![block.source(0..block.text.len())],
    };
    let leads = candidates.iter().map(|s| s.span.start).collect();
    entries.push(Draft { posted: is_posted, ..draft(entry, true, leads) });
}

/// Names and commas: the places that an update concerns, not what it says.
fn is_list(text: &str) -> bool {
    let commas = text.matches(", ").count();
    commas >= LIST_COMMAS_MIN && text.split_whitespace().count() <= (commas + 1) * LIST_WORDS_MAX
}

const LIST_COMMAS_MIN: usize = 3;
/// Words between two commas, on average.
const LIST_WORDS_MAX: usize = 4;
