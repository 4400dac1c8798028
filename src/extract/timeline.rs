//! The report's timeline: its dated entries, in the author's words and order.
//!
//! Entries are lines, items, rows or headings led by a time, else what stands below days that head it. Where a report
//! has none, the clock-timed statements of its prose stand in. Knows nothing of what an entry means for the incident.

mod around;
mod days;
mod leads;
mod led;
mod parted;
mod prose;
mod row;

use super::milestone_words::{Cue, cue};
use super::posts::closing_posts;
use super::reading::Reading;
use super::section::{Section, announced};
use super::sentences::sentence_ranges;
use super::speech::speech;
use super::states::{self, State};
use super::timing::Timing;
use crate::document::BlockKind;
use crate::domain::{Evidence, MilestoneKind, Span};
use crate::source::Format;
use crate::text::spaced;
use crate::time::Moment;
use days::days;
use leads::{is_lead, line_start};
use led::{heading_entry, line_entries};
use parted::parted;
use prose::prose;
use row::{posted, row_entry};
use std::collections::{BTreeMap, BTreeSet};

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: Moment,
    pub end: Option<Moment>,
    pub text: String,
    /// The block it begins in.
    pub block: usize,
    pub evidence: Evidence,
}

/// A timeline and whether the author laid it out as one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    /// The few labelled times of a summary ("Repaired 15:55") beside which the report tells its events at length.
    pub summed_up: Vec<Entry>,
    /// False when the entries are sentences of the prose.
    pub explicit: bool,
    /// The entries are status updates: their times tell when something was posted, not when it happened.
    pub posted: bool,
    /// The times that lead entries: block and beginning in its text.
    leads: BTreeSet<(usize, usize)>,
    /// Entries by block, with their place in time, 0 (oldest) to 1.
    recency: BTreeMap<usize, f32>,
}

impl Timeline {
    /// Whether a time leads an entry (rather than being told by one).
    pub fn is_lead(&self, block: usize, span: &Span) -> bool {
        self.explicit && self.leads.contains(&(block, span.start))
    }

    /// The entries from the oldest to the newest, whichever way the author put them.
    pub fn in_order(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        let origin = entries.first().map(|e| e.at.clone()).unwrap_or_default();
        if entries.last().is_some_and(|last| last.at.minutes_since(&origin) < Some(0)) {
            entries.reverse();
        }
        // Stable: entries without a comparable time keep the order of the document.
        entries.sort_by_key(|e| e.at.minutes_since(&origin).unwrap_or(0));
        entries
    }

    /// Status updates of which the newest promises more: what they tell of an end was not yet the end.
    pub fn goes_on(&self) -> bool {
        let newest = if self.posted { self.in_order().pop() } else { None };
        // Its last word on the matter counts.
        newest.is_some_and(|e| {
            let sentences: Vec<&str> = sentence_ranges(&e.text).filter_map(|r| e.text.get(r)).collect();
            let over = |s: &&str| cue(s, MilestoneKind::Resolved) == Some(Cue::Strong);
            let telling = sentences.iter().rev().find(|s| over(s) || speech().goes_on.is_in(s));
            telling.is_some_and(|s| !over(s))
        })
    }

    /// How late in a row of status updates the words of a block were posted: 0 for the oldest, 1 for the newest.
    /// Later posts know better.
    pub fn recency(&self, reading: &Reading<'_>, block: usize) -> Option<f32> {
        let mut at = Some(block);
        while let Some(index) = at.filter(|_| self.posted) {
            if let Some(recency) = self.recency.get(&index) {
                return Some(*recency);
            }
            at = reading.document.blocks.get(index).and_then(|b| b.heading);
        }
        None
    }
}

/// Longer timelines are cut; the cut is a notice.
pub const ENTRIES_MAX: usize = 2_000;

/// Outside a timeline section, fewer led lines than this are no timeline.
const LED_MIN: usize = 3;

/// A page with one "Posted on …", or one "12:10 We are investigating …", is an article; one with more is a row of
/// updates, and so are words below two clocks that stand alone.
const POSTS_MIN: usize = 2;

/// An entry's text is cut here: what follows a heading can be pages.
pub(super) const TEXT_BYTES_MAX: usize = 600;

/// What may be an entry, in document order.
fn drafts(reading: &Reading<'_>, timing: &Timing) -> Vec<Draft> {
    let mut entries = Vec::new();
    let mut posted_columns: Vec<(u32, usize)> = Vec::new();
    for (index, block) in reading.blocks() {
        let before = entries.len();
        match &block.kind {
            // Times of code are read where it is a timeline.
            BlockKind::Code if timing.of_block(index).is_empty() => {}
            BlockKind::Heading { .. } => heading_entry(reading, timing, index, block, &mut entries),
            BlockKind::Row { table, header, cells } => {
                if *header {
                    let is_feed = reading.document.format == Format::Json;
                    posted_columns = posted(block, cells, is_feed).into_iter().map(|c| (*table, c)).collect();
                }
                let in_posted = |c: usize| posted_columns.contains(&(*table, c));
                row_entry(timing, index, block, cells, *header, &in_posted, &mut entries);
            }
            _ => {
                let posts = closing_posts(reading, timing, index, block);
                if posts.is_empty() {
                    line_entries(reading, timing, index, block, &mut entries);
                }
                let post = |(entry, lead)| Draft { posted: true, ..draft(entry, true, vec![lead]) };
                entries.extend(posts.into_iter().map(post));
            }
        }
        let section = entry_section(reading, index);
        entries.iter_mut().skip(before).for_each(|e: &mut Draft| e.section = section);
        if entries.len() > ENTRIES_MAX {
            break;
        }
    }
    entries
}

/// Reads the timeline.
pub fn timeline(reading: &Reading<'_>, timing: &Timing) -> Timeline {
    let mut entries = drafts(reading, timing);
    let in_timeline = |d: &Draft| d.section == Section::Timeline;
    let mut summed_up = Vec::new();
    if entries.iter().any(in_timeline) && !tells_elsewhere(&entries) {
        entries.retain(in_timeline);
    } else {
        summed_up = entries.extract_if(.., |d| in_timeline(d)).map(|d| d.entry).collect();
        // Prose that opens with "At 08:40 …" is no entry where lines led by bare clocks abound.
        let strict = entries.iter().filter(|d| d.led && !d.loose).count() >= LED_MIN;
        let clocked = entries.iter().filter(|d| d.led && d.entry.at.clock.is_some()).count() >= LED_MIN;
        let elsewhere = |s: Section| matches!(s, Section::Comments | Section::Appendix | Section::Actions);
        entries.retain(|d| {
            let weaker = strict && d.loose || clocked && d.entry.at.clock.is_none();
            d.led && !weaker && !elsewhere(d.section)
        });
        without_posts(reading, &mut entries);
        let is_post = |d: &&Draft| d.posted || d.numbered || d.alone || d.led && is_voiced(&d.entry.text);
        let posts = entries.iter().filter(is_post).count();
        let in_passing = !entries.iter().any(|d| d.posted) && is_in_passing(reading, timing, &entries);
        if entries.len() < LED_MIN && posts < POSTS_MIN && !is_lone_post(reading, &entries, timing) || in_passing {
            let headed = headed_posts(reading, entries);
            entries = days(reading, timing);
            if entries.is_empty() {
                let mut entries = prose(reading, timing);
                entries.extend(headed);
                entries.sort_by_key(|entry| entry.block);
                return Timeline { entries, ..Timeline::default() };
            }
        }
    }
    let posted = entries.iter().any(|d| d.posted) || {
        // "The problem was found at 10:40" is told by its author, who posted nothing then.
        let voiced = entries.iter().filter(|d| d.led && is_voiced(&d.entry.text)).count();
        voiced * 2 > entries.len()
    };
    if !posted {
        entries = parted(reading, timing, entries);
    }
    let leads = entries.iter().flat_map(|d| d.leads.iter().map(|l| (d.entry.block, *l))).collect();
    let told = once(entries, posted);
    let recency = recency(&told);
    Timeline { entries: told, summed_up, explicit: true, posted, leads, recency }
}

/// A page of updates that holds a report of its own, with its timeline: what happened is told by that, not by the times
/// at which updates were posted below their words.
fn without_posts(reading: &Reading<'_>, entries: &mut Vec<Draft>) {
    let is_row = |d: &Draft| {
        let block = reading.document.blocks.get(d.entry.block);
        block.is_some_and(|block| matches!(block.kind, BlockKind::Row { .. } | BlockKind::Heading { .. }))
    };
    let own = |d: &&Draft| !d.posted && !d.loose && d.entry.at.clock.is_some() && !is_voiced(&d.entry.text);
    let mut posts = entries.iter().filter(|d| d.posted).peekable();
    if posts.peek().is_some() && !posts.any(is_row) && entries.iter().filter(own).count() >= LED_MIN {
        entries.retain(|d| !d.posted);
    }
}

/// The entries, each once: a feed repeats its latest update, and long updates stand in a row and in paragraphs of their
/// own.
fn once(entries: Vec<Draft>, posted: bool) -> Vec<Entry> {
    let mut told: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().map(|d| d.entry).take(ENTRIES_MAX) {
        let repeats = |t: &&Entry| t.at == entry.at && same_beginning(&t.text, &entry.text);
        if !posted || !told.iter().rev().take(REPEATS_WITHIN).any(|t| repeats(&t)) {
            told.push(entry);
        }
    }
    told
}

/// Whether all that is timed is one update: its time of posting closes it, or it is the only row of a table of updates,
/// perhaps told again at length.
fn is_lone_post(reading: &Reading<'_>, entries: &[Draft], timing: &Timing) -> bool {
    let clocks = timing.stamps.iter().filter(|s| s.at.clock.is_some()).count();
    let is_row = |draft: &Draft| {
        let block = reading.document.blocks.get(draft.entry.block);
        draft.posted && block.is_some_and(|block| matches!(block.kind, BlockKind::Row { .. }))
    };
    let Some(first) = entries.first() else { return false };
    let is_one = entries.iter().all(|d| d.entry.at == first.entry.at);
    is_one && entries.iter().any(is_row) || matches!(entries, [only] if only.posted && clocks == 1)
}

/// The updates that headings post: prose does not tell them.
fn headed_posts(reading: &Reading<'_>, entries: Vec<Draft>) -> Vec<Entry> {
    let is_heading = |entry: &Entry| {
        let block = reading.document.blocks.get(entry.block);
        block.is_some_and(|block| matches!(block.kind, BlockKind::Heading { .. }))
    };
    entries.into_iter().filter(|draft| draft.posted).map(|draft| draft.entry).filter(is_heading).collect()
}

/// Whether words are those of a status update.
fn is_voiced(words: &str) -> bool {
    speech().update_voice.is_in(words) || states::heading(words) == Some(State::Page)
}

/// Whether the timeline's section holds but a few labels with their times ("Repaired 15:55"), while the report tells
/// its events at length elsewhere.
fn tells_elsewhere(entries: &[Draft]) -> bool {
    let (own, others): (Vec<&Draft>, Vec<&Draft>) = entries.iter().partition(|d| d.section == Section::Timeline);
    let elsewhere = |d: &&&Draft| {
        d.led && !d.loose && d.entry.at.clock.is_some() && matches!(d.section, Section::Summary | Section::Other)
    };
    let others = others.iter().filter(elsewhere).count();
    own.len() <= SUMMED_UP_MAX && own.iter().all(|d| !d.led) && others >= LED_MIN && others > own.len()
}

/// A summary of a timeline has an entry a milestone.
const SUMMED_UP_MAX: usize = 6;

/// Paragraphs that open with "At 08:40 …", and a few items that do, are prose where many clocks of the document stand
/// inside its sentences; one bare time between them changes nothing.
fn is_in_passing(reading: &Reading<'_>, timing: &Timing, entries: &[Draft]) -> bool {
    let paragraph = |d: &&Draft| {
        let block = reading.document.blocks.get(d.entry.block);
        block.is_some_and(|b| match b.kind {
            BlockKind::Paragraph => d.loose,
            BlockKind::Item { .. } => entries.len() <= LED_MIN,
            _ => false,
        })
    };
    let clocks = timing.stamps.iter().filter(|s| s.at.clock.is_some()).count();
    let opened = entries.iter().filter(paragraph).count();
    let (all, most) = (opened == entries.len(), opened >= LED_MIN && opened + 1 == entries.len());
    all && entries.len() * 2 <= clocks || most && entries.len() * 2 < clocks
}

fn recency(entries: &[Entry]) -> BTreeMap<usize, f32> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let origin = entries.first().map(|e| e.at.clone()).unwrap_or_default();
    // Stable: entries without a comparable time keep the order of the document.
    order.sort_by_key(|i| entries.get(*i).and_then(|e| e.at.minutes_since(&origin)).unwrap_or(0));
    let last = order.len().saturating_sub(1).max(1) as f32;
    let ranked = order.iter().enumerate().filter_map(|(rank, i)| Some((entries.get(*i)?.block, rank as f32 / last)));
    ranked.collect()
}

/// How far back a repeated update is looked for.
const REPEATS_WITHIN: usize = 200;

fn same_beginning(a: &str, b: &str) -> bool {
    // Markup that one of the two still carries says nothing.
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).take(40).collect::<Vec<_>>();
    letters(a).iter().zip(&letters(b)).all(|(a, b)| a == b)
}

/// An entry with what decides whether it belongs to the timeline.
struct Draft {
    entry: Entry,
    section: Section,
    /// The time leads it; otherwise it closes it ("Disk fails 06:40"), which only a timeline section makes an entry.
    led: bool,
    /// The column of its time tells when it was posted.
    posted: bool,
    /// "Update 3" heads it: one of a row, however few there are.
    numbered: bool,
    /// Small words stand before its time.
    loose: bool,
    /// Its time stands alone above its words.
    alone: bool,
    /// Beginnings of the times that lead it.
    leads: Vec<usize>,
}

fn draft(entry: Entry, led: bool, leads: Vec<usize>) -> Draft {
    Draft { entry, section: Section::Other, led, posted: false, numbered: false, loose: false, alone: false, leads }
}

/// The section of an entry: its heading's, or what the item above it announces ("Key events").
fn entry_section(reading: &Reading<'_>, index: usize) -> Section {
    let own = reading.section(index);
    if own == Section::Timeline {
        return own;
    }
    let block = reading.document.blocks.get(index);
    // "20:04 UTC - Initial detection" below "Timeline" heads an entry, not a section.
    if let Some(heading) = block.filter(|b| matches!(b.kind, BlockKind::Heading { .. })).and_then(|b| b.heading) {
        return if reading.section(heading) == Section::Timeline { Section::Timeline } else { own };
    }
    let Some(BlockKind::Item { depth, .. }) = block.map(|b| &b.kind) else { return own };
    // Walk back to the nearest shallower item or to the paragraph that introduces the list.
    for at in (reading.blocks.start..index).rev().take(ENTRIES_MAX) {
        let Some(block) = reading.document.blocks.get(at) else { break };
        match &block.kind {
            BlockKind::Item { depth: above, .. } if above < depth => {
                return announced(block.text.trim_end_matches(':')).unwrap_or(own);
            }
            BlockKind::Item { .. } | BlockKind::Code => {}
            BlockKind::Paragraph if block.text.len() < 80 => {
                return announced(block.text.trim_end_matches(':')).unwrap_or(own);
            }
            _ => break,
        }
    }
    own
}

/// One line of words, without the punctuation that joined them to their time.
pub(super) fn clean(words: &str) -> String {
    let joined = spaced(words);
    let start = joined.trim_start_matches(|c: char| {
        matches!(c, ':' | '-' | '–' | '—' | '|' | '*' | ')' | ']' | ',' | ';' | '.' | '`' | '_' | '→' | '>' | '=')
            || c.is_whitespace()
    });
    let end = start.trim_end_matches(['|', '*', '•']).trim_end();
    match end.char_indices().nth(TEXT_BYTES_MAX) {
        Some((cut, _)) => format!("{}…", end.get(..cut).unwrap_or("").trim_end()),
        None => end.to_owned(),
    }
}
