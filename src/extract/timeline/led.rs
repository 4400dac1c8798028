//! Entries of lines and headings: which times lead or close them, and which words are theirs.

use super::around::{beside, heads_words, stands_alone, state_above, state_within, words_below};
use super::leads::{heads_time, joined_leads, leads_line, line_start};
use super::{Draft, Entry, TEXT_BYTES_MAX, clean, draft};
use crate::document::{Block, BlockKind};
use crate::extract::reading::Reading;
use crate::extract::states::{self, State, state};
use crate::extract::timing::{Stamp, Timing};
use crate::text::Regex;
use std::sync::LazyLock;

/// What stands beside a date above its entries: "(all times UTC)".
static ABOUT_TIMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:all\s|the\s)?(?:times?|timestamps|alle\szeiten|zeiten|(?:toutes\s)?les\sheures|heures|(?:todas\s)?las\shoras|horários|horas)\b.{0,40}$")
        .expect("a valid regex")
});

/// The times that lead lines of a block, and whether its lines had been joined.
fn led<'s>(reading: &Reading<'_>, stamps: &'s [Stamp], index: usize, block: &Block) -> (Vec<&'s Stamp>, bool) {
    let text = block.text.as_str();
    let heads = || stamps.len() == 1 && heads_words(reading, index, block);
    let mut leads: Vec<&Stamp> =
        stamps.iter().filter(|s| leads_line(text, s, block) || heads_time(text, s, block) && heads()).collect();
    if block.kind == BlockKind::Paragraph && leads.len() * 2 <= text.lines().count() {
        // Prose whose lines are broken anywhere: "…\nuntil 8:40 AM. At 9:20 …".
        let opens = |s: &&Stamp| {
            let before = text.get(line_start(text, s.span.start, block)..s.span.start).unwrap_or("");
            line_start(text, s.span.start, block) == 0 || !before.contains(char::is_alphabetic)
        };
        leads.retain(opens);
    }
    let joined = joined_leads(text, stamps);
    if joined.len() > leads.len() { (joined, true) } else { (leads, false) }
}

/// Entries whose times lead lines, or the one whose time closes it.
pub(super) fn line_entries(
    reading: &Reading<'_>,
    timing: &Timing,
    index: usize,
    block: &Block,
    entries: &mut Vec<Draft>,
) {
    let stamps = timing.of_block(index);
    let text = block.text.as_str();
    let (leads, is_joined) = led(reading, stamps, index, block);
    if leads.is_empty() {
        closing_entry(stamps, index, block, entries);
        return;
    }
    let line_of = |s: &Stamp| line_start(text, s.span.start, block);
    let state_of = |s: &Stamp| if is_joined { None } else { state_within(text, line_of(s), s.span.start) };
    let start_of = |s: &Stamp| match state_of(s) {
        Some(state) => state.start,
        None if is_joined => s.span.start,
        None => line_of(s),
    };
    for (i, stamp) in leads.iter().enumerate() {
        let end = leads.get(i + 1).map_or(text.len(), |next| start_of(next));
        let body = stamp.span.end..end.max(stamp.span.end);
        let told = state_of(stamp);
        let mut evidence = vec![block.source(told.as_ref().map_or(stamp.span.start, |t| t.start)..body.end)];
        let mut words = text.get(body).unwrap_or("").to_owned();
        let mut heading = told.as_ref().and_then(|t| text.get(t.clone())).unwrap_or("").to_owned();
        let alone = i == 0 && stands_alone(reading, timing, index, block);
        if alone {
            heading = beside(timing, index, block).unwrap_or_default();
            let above = state_above(reading, index).filter(|_| state(&heading).is_none());
            let below = words_below(reading, timing, index);
            if let Some(above) = above {
                heading.clone_from(&above.text);
                evidence.insert(0, above.source(0..above.text.len()));
            }
            evidence.extend(below.iter().map(|b| b.source(0..b.text.len())));
            words = below.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n");
        }
        let numbered = state(&heading) == Some(State::Bare) && is_counted(&heading);
        let mut words = clean(&words);
        // A date alone above its entries is a heading in spirit.
        if stamp.at.clock.is_none() && (words.is_empty() || ABOUT_TIMES.is_match(&words)) {
            continue;
        }
        if state(&heading).is_some_and(|s| s != State::Bare) {
            let heading = states::without_bare(&heading);
            words = if words.is_empty() { heading.to_owned() } else { format!("{heading} - {words}") };
        }
        let entry = Entry { at: stamp.at.clone(), end: stamp.end.clone(), text: words, block: index, evidence };
        let led = stamp.at.clock.is_some() || stamp.written.open_clock || text.len() < 400;
        let before = text.get(start_of(stamp)..stamp.span.start).filter(|_| told.is_none());
        let loose = before.is_some_and(|t| t.chars().any(char::is_alphabetic));
        let alone = alone && stamp.at.clock.is_some() && !entry.text.is_empty();
        entries.push(Draft { loose, numbered, alone, ..draft(entry, led, vec![stamp.span.start]) });
    }
}

/// "Disk fails 2021-03-02 06:40": a short item whose time closes it.
fn closing_entry(stamps: &[Stamp], index: usize, block: &Block, entries: &mut Vec<Draft>) {
    let [stamp] = stamps else { return };
    let text = block.text.as_str();
    let item = matches!(block.kind, BlockKind::Item { .. });
    let first = text.get(..stamp.span.start).unwrap_or("");
    let rest = text.get(stamp.span.end..).unwrap_or("");
    if !item
        || stamp.at.clock.is_none()
        || first.len() > 160
        || !(rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() || rest.starts_with('\n') || first.len() < 60)
    {
        return;
    }
    let words = clean(&format!("{first} {rest}"));
    let entry = Entry {
        at: stamp.at.clone(),
        end: stamp.end.clone(),
        text: words,
        block: index,
        evidence: vec![block.source(0..text.len())],
    };
    entries.push(draft(entry, false, vec![stamp.span.start]));
}

/// A heading led by a time; its text is the rest of the heading, else the words below it.
pub(super) fn heading_entry(
    reading: &Reading<'_>,
    timing: &Timing,
    index: usize,
    block: &Block,
    entries: &mut Vec<Draft>,
) {
    let clocked = || timing.of_block(index).iter().filter(|s| s.at.clock.is_some() && s.written.clock.is_some());
    let text = |span: std::ops::Range<usize>| block.text.get(span).unwrap_or("");
    // "Resolved 2024-01-18 15:02", a state before its time.
    let closes = |s: &&Stamp| {
        let bare = |words: &str| !words.contains(char::is_alphanumeric);
        state(text(0..s.span.start)).is_some() && bare(text(s.span.end..block.text.len()))
    };
    let Some(stamp) = clocked().find(|s| leads_line(&block.text, s, block)).or_else(|| clocked().find(closes)) else {
        return;
    };
    let mut evidence = vec![block.source(0..block.text.len())];
    let mut words = clean(text(stamp.span.end..block.text.len()));
    // "Update 3" is no part of what it tells.
    let is_bare = |words: &str| state(words) == Some(State::Bare);
    let before = text(0..stamp.span.start);
    let numbered = [before, &words].iter().any(|words| is_bare(words) && is_counted(words));
    // "Update 11:26": posted then, even if it is the only one.
    let posted = is_bare(before) || is_bare(&words);
    if is_bare(&words) {
        words.clear();
    }
    let alone = words.is_empty() && !before.contains(char::is_alphanumeric);
    if words.is_empty() && state(before).is_some() && !is_bare(before) {
        words = format!("{} -", clean(text(0..stamp.span.start)).trim_end_matches([' ', '-', '–', '—', ':']));
    }
    for at in index + 1..reading.blocks.end {
        let Some(below) = reading.document.blocks.get(at) else { break };
        if matches!(below.kind, BlockKind::Heading { .. }) || words.len() >= TEXT_BYTES_MAX {
            break;
        }
        if matches!(below.kind, BlockKind::Code) {
            continue;
        }
        if words.is_empty() {
            evidence.push(below.source(0..below.text.len()));
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&below.text);
    }
    let entry = Entry { at: stamp.at.clone(), end: stamp.end.clone(), text: clean(&words), block: index, evidence };
    let alone = alone && !entry.text.is_empty();
    entries.push(Draft { numbered, posted, alone, ..draft(entry, true, vec![stamp.span.start]) });
}

fn is_counted(words: &str) -> bool {
    words.contains(|c: char| c.is_ascii_digit())
}
