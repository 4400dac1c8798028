//! Status updates as pages print them: the words of an update, and below them when it was posted.
//!
//! Knows nothing of what an update says.

use super::reading::Reading;
use super::states::heading;
use super::timeline::{Entry, TEXT_BYTES_MAX, clean};
use super::timing::{Stamp, Timing};
use crate::document::{Block, BlockKind};
use crate::domain::Span;
use crate::text::Regex;
use std::sync::LazyLock;

/// What stands before the time of posting on its line, with how long ago that was when the page was made.
static POSTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^\W* (?: posted | published | publié(?:\s le)? | veröffentlicht(?:\s am)? | publicado(?:\s (?:el|em))? )
          (?: [\s:.,–-]+ (?: on | at | about | over | almost | \d+ | an? | (?:minute|hour|day|week|month|year)s? | ago ) )*
          [\s:.,–-]* $",
    )
    .expect("a valid regex")
});

/// An update is told in fewer blocks.
const BLOCKS_MAX: usize = 8;

/// The updates of a block that lines like "Posted … Jul 02, 2024 - 19:22 PDT" close, each with where its time stands in
/// the block's text.
pub fn closing_posts(reading: &Reading<'_>, timing: &Timing, index: usize, block: &Block) -> Vec<(Entry, usize)> {
    let text = block.text.as_str();
    let mut posts = Vec::new();
    let mut from = 0;
    let closing = closing(text, timing.of_block(index));
    for (i, stamp) in closing.iter().enumerate() {
        let until = if i + 1 < closing.len() { stamp.span.end } else { text.len() };
        let entry = post(reading, timing, index, block, from..until, stamp);
        posts.extend(entry.map(|e| (e, stamp.span.start)));
        from = stamp.span.end;
    }
    posts
}

/// The update within a part of a block that the time in it closes.
fn post(
    reading: &Reading<'_>,
    timing: &Timing,
    index: usize,
    block: &Block,
    part: Span,
    stamp: &Stamp,
) -> Option<Entry> {
    let text = block.text.as_str();
    let line = text.get(..stamp.span.start)?.rfind('\n').map_or(0, |n| n + 1).max(part.start);
    let line = if closes_update(text, stamp) { stamp.span.start } else { line };
    let (above, below) = (text.get(part.start..line)?.trim(), text.get(stamp.span.end..part.end)?.trim());
    let mut evidence = vec![block.source(part.clone())];
    let mut words = match (above, below) {
        // Under its state and its time, an update goes on with its words.
        (state, words) if !words.is_empty() && (state.is_empty() || is_state(state)) => format!("{state}\n{words}"),
        (words, _) => words.to_owned(),
    };
    words = words.trim().to_owned();
    if words.is_empty() && part.start == 0 {
        let told = told_above(reading, timing, index);
        words = told.iter().map(|b| b.text.trim()).collect::<Vec<_>>().join("\n");
        evidence.splice(0..0, told.iter().map(|b| b.source(0..b.text.len())));
    }
    let (first, rest) = words.split_once('\n').unwrap_or((&words, ""));
    let first = first.trim_end_matches([':', '-', '–', ' ']);
    let state =
        block.heading.and_then(|h| reading.document.blocks.get(h)).filter(|h| !is_title(h) && is_state(&h.text));
    words = match state {
        _ if is_state(first) && !rest.is_empty() => format!("{first} - {rest}"),
        Some(heading) => {
            evidence.insert(0, heading.source(0..heading.text.len()));
            format!("{} - {words}", heading.text.trim_end_matches(':'))
        }
        None => words,
    };
    if words.is_empty() || words.len() > TEXT_BYTES_MAX * BLOCKS_MAX {
        return None;
    }
    Some(Entry { at: stamp.at.clone(), end: None, text: clean(&words), block: index, evidence })
}

/// The times of a text that close updates, in order: after a word for posting, or alone on their lines below updates
/// that open with their state ("Resolved - …").
fn closing<'s>(text: &str, stamps: &'s [Stamp]) -> Vec<&'s Stamp> {
    let mut closing: Vec<&Stamp> = Vec::new();
    for stamp in stamps.iter().filter(|s| s.at.clock.is_some()) {
        let from = closing.last().map_or(0, |s| s.span.end);
        let above = text.get(from..stamp.span.start).unwrap_or("");
        let alone = above.rsplit('\n').next().is_some_and(|l| !l.chars().any(char::is_alphanumeric));
        let stated = alone && stamp.written.date.is_some() && heading(above).is_some();
        if closes(text, &stamp.span) || stated && !has_more(text, &stamp.span) || closes_update(text, stamp) {
            closing.push(stamp);
        }
    }
    closing
}

/// "Resolved - All is well. 2024-11-12 09:40": an update led by its state and closed by the time of its posting. A time
/// as programs print it closes a paragraph of any words.
fn closes_update(text: &str, stamp: &Stamp) -> bool {
    let (before, after) = (text.get(..stamp.span.start).unwrap_or(""), text.get(stamp.span.end..).unwrap_or(""));
    let is_whole = stamp.at.clock.is_some() && stamp.written.date.is_some() && !after.contains(char::is_alphanumeric);
    let ends = before.trim_end().ends_with(['.', '!', '?']);
    let words = text.get(stamp.span.clone()).unwrap_or("");
    let printed =
        PRINTED.is_match(words) && (ends || before.trim_end_matches(' ').ends_with('\n')) && before.contains(' ');
    is_whole && (printed || ends && !before.contains('\n') && heading(before).is_some())
}

/// "2024-11-12 09:40:00".
static PRINTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d").expect("a valid regex"));

/// The blocks between the post before and this line.
fn told_above<'r>(reading: &'r Reading<'_>, timing: &Timing, index: usize) -> Vec<&'r Block> {
    let above =
        (reading.blocks.start..index).rev().take(BLOCKS_MAX).filter_map(|i| Some((i, reading.document.blocks.get(i)?)));
    let own = above.take_while(|(i, block)| {
        let is_post = !closing(&block.text, timing.of_block(*i)).is_empty();
        !is_post && !matches!(block.kind, BlockKind::Heading { .. } | BlockKind::Row { .. })
    });
    let mut told: Vec<&Block> = own.map(|(_, block)| block).collect();
    told.reverse();
    told
}

/// "Resolved", "Fix deployed": an update's state, on a line of its own.
fn is_state(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (1..=STATE_WORDS_MAX).contains(&words)
        && !line.trim_end().ends_with('.')
        && !line.chars().any(|c| c.is_ascii_digit())
}

const STATE_WORDS_MAX: usize = 3;

/// The document's title is above all updates.
fn is_title(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading { level: 1 })
}

fn closes(text: &str, span: &Span) -> bool {
    let line = text.get(..span.start).map_or("", |t| t.get(t.rfind('\n').map_or(0, |n| n + 1)..).unwrap_or(""));
    POSTED.is_match(line) && !has_more(text, span)
}

/// Whether words follow a time on its line.
fn has_more(text: &str, span: &Span) -> bool {
    let rest = text.get(span.end..).map_or("", |t| t.lines().next().unwrap_or(""));
    rest.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_about_posting_closes_a_post() {
        for (text, time, expected) in [
            ("All is well.\nPosted Nov 12, 2024 - 09:40 UTC", "Nov 12, 2024 - 09:40 UTC", true),
            ("Posted about 2 years ago. 12 Nov 2024 09:40", "12 Nov 2024 09:40", true),
            ("Publié le 12/11/2024 09:40", "12/11/2024 09:40", true),
            ("Posted by Ann on Nov 12, 2024 09:40", "Nov 12, 2024 09:40", false),
            ("Posted Nov 12, 2024 09:40 by Ann", "Nov 12, 2024 09:40", false),
            ("We posted at 09:40 that mail was down.", "09:40", false),
        ] {
            let start = text.find(time).expect("a time");
            assert_eq!(closes(text, &(start..start + time.len())), expected, "{text}");
        }
    }
}
