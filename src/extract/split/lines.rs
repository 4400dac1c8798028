//! Incidents told in paragraphs or list items that open with a date and a name.

use super::draft::{Cut, Draft, TITLE_LETTERS_MIN, heads_section, letters, name, words};
use super::headings::STRONG_LINE_LEVEL;
use crate::document::{Block, BlockKind, Document};
use crate::domain::Span;
use crate::extract::section::announced;
use crate::extract::sentences::sentence_ranges;
use std::collections::BTreeMap;

/// Paragraphs that may each begin an incident.
pub(super) fn paragraphs(document: &Document) -> Vec<Vec<Draft>> {
    groups(document, |kind| matches!(kind, BlockKind::Paragraph))
}

/// Items that may, those of one depth together.
pub(super) fn items(document: &Document) -> Vec<Vec<Draft>> {
    groups(document, |kind| matches!(kind, BlockKind::Item { .. }))
}

fn groups(document: &Document, wanted: impl Fn(&BlockKind) -> bool) -> Vec<Vec<Draft>> {
    let mut groups: BTreeMap<Option<u8>, Vec<Draft>> = BTreeMap::new();
    let mut ends = Ends::new(document.blocks.len());
    for (at, block) in document.blocks.iter().enumerate().rev() {
        let depth = match block.kind {
            BlockKind::Paragraph => Some(None),
            BlockKind::Item { depth, .. } if depth <= DEPTH_MAX => Some(Some(depth)),
            _ => None,
        };
        let depth = depth.filter(|_| wanted(&block.kind));
        if let Some((depth, draft)) = depth.and_then(|depth| Some((depth, draft(document, at, depth, &ends)?))) {
            if depth.is_none() {
                ends.paragraph = at;
            }
            groups.entry(depth).or_default().push(draft);
        }
        ends.pass(document, at, block);
    }
    groups.values_mut().for_each(|group| group.reverse());
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Where what belongs to a line ends, going from the last block to the first: of an item with the items below it, of a
/// paragraph with the next that opens like it, or with a heading.
struct Ends {
    paragraph: usize,
    items: [usize; DEPTH_MAX as usize + 1],
}

impl Ends {
    fn new(end: usize) -> Self {
        Ends { paragraph: end, items: [end; DEPTH_MAX as usize + 1] }
    }

    fn of(&self, depth: Option<u8>) -> usize {
        depth.map_or(self.paragraph, |depth| self.items.get(usize::from(depth)).copied().unwrap_or(0))
    }

    fn pass(&mut self, document: &Document, at: usize, block: &Block) {
        let is_section = |level: u8| level >= STRONG_LINE_LEVEL && announced(&block.text).is_some();
        // Down to which depth items end here.
        let ended = match block.kind {
            BlockKind::Heading { level } => {
                self.paragraph = if is_section(level) { self.paragraph } else { at };
                0
            }
            BlockKind::Item { depth, .. } => usize::from(depth),
            BlockKind::Paragraph | BlockKind::Quote if is_indented(document, block) => return,
            BlockKind::Code => return,
            _ => 0,
        };
        self.items.iter_mut().skip(ended).for_each(|end| *end = at);
    }
}

/// Deeper items are details of something.
const DEPTH_MAX: u8 = 1;

fn draft(document: &Document, at: usize, depth: Option<u8>, ends: &Ends) -> Option<Draft> {
    let block = document.blocks.get(at)?;
    if !may_be_dated(&block.text) {
        return None;
    }
    let opening = opening(block, depth.is_some())?;
    let head = block.text.get(opening.head.clone())?;
    let name = name(head).filter(|name| leads(head, &name.place))?;
    // "2024-05-04: API down": the words behind what is strong or before the colon are its name.
    let title = if letters(&name.title) < TITLE_LETTERS_MIN { words(head) } else { name.title };
    if letters(&title) < TITLE_LETTERS_MIN || name.timed || heads_section(&title) {
        return None;
    }
    let evidence = block.source(opening.head.clone());
    let place = at..ends.of(depth).max(at + 1);
    let cut = Cut::Line { head: opening.head, body: opening.body, depth };
    Some(Draft { place, key: name.key, title, evidence, bare: false, dated_below: false, cut })
}

/// A date stands among the first letters.
fn may_be_dated(text: &str) -> bool {
    text.bytes().take(DATE_WITHIN).any(|b| b.is_ascii_digit())
}

const DATE_WITHIN: usize = 24;

/// Whether nothing but marks and the name of a day stand before a place.
fn leads(head: &str, place: &Span) -> bool {
    head.get(..place.start).is_some_and(|before| letters(before) < TITLE_LETTERS_MIN)
}

/// Which words of a block name an incident, and which tell of it.
struct Opening {
    head: Span,
    body: Span,
}

fn opening(block: &Block, is_item: bool) -> Option<Opening> {
    let text = block.text.as_str();
    let whole = text.len();
    let line = text.find('\n').unwrap_or(whole);
    let strong = block.strong.first().filter(|s| s.start == 0 && s.end <= HEAD_BYTES_MAX);
    if let Some(strong) = strong {
        let named = text.get(strong.clone()).and_then(name).is_some_and(|n| letters(&n.title) >= TITLE_LETTERS_MIN);
        if named {
            return Some(Opening { head: 0..strong.end, body: strong.end..whole });
        }
    }
    // A line of its own above the others.
    let is_line = line < whole && line <= HEAD_BYTES_MAX && !text.get(..line)?.trim_end().ends_with(['.', ',', ';']);
    if is_line || line == whole && whole <= HEAD_BYTES_MAX && !is_sentence(text) {
        return Some(Opening { head: 0..line, body: line..whole });
    }
    if !is_item && strong.is_none() {
        return None;
    }
    // What follows the date up to a mark names it; a sentence names it and tells of it.
    let sentence = sentence_ranges(text).next()?;
    let first = text.get(..sentence.end)?;
    let dated = name(first).filter(|n| leads(first, &n.place))?.place.end;
    let after = first.get(dated..)?;
    let skipped = after.find(char::is_alphabetic)?;
    let marked = MARKS.iter().filter_map(|mark| Some(after.get(skipped..)?.find(mark)? + skipped)).min();
    let cut =
        marked.map(|at| dated + at).filter(|at| text.get(dated..*at).is_some_and(|t| letters(t) >= NAME_LETTERS_MIN));
    match cut.filter(|at| *at <= HEAD_BYTES_MAX) {
        Some(at) => Some(Opening { head: 0..at, body: at..whole }),
        None => Some(Opening { head: 0..sentence.end.min(floor(text, HEAD_BYTES_MAX)), body: dated..whole }),
    }
}

/// Between what names an incident and what tells of it.
const MARKS: [&str; 5] = [": ", " – ", " — ", " - ", "; "];

/// A shorter run before such a mark may be a word of the date.
const NAME_LETTERS_MIN: usize = 6;

/// Longer words tell a story rather than name it.
const HEAD_BYTES_MAX: usize = 140;

/// Whether a line tells what happened, rather than only names it.
fn is_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?']) || text.split_whitespace().count() >= SENTENCE_WORDS_MIN
}

const SENTENCE_WORDS_MIN: usize = 9;

/// Where a name that has to be cut ends: at the end of a word.
fn floor(text: &str, max: usize) -> usize {
    if text.len() <= max {
        return text.len();
    }
    let end = text.floor_char_boundary(max);
    text.get(..end).and_then(|t| t.rfind(' ')).filter(|space| *space > 0).unwrap_or(end)
}

/// Whether white space stands before a block on its line, as before a paragraph of an item.
fn is_indented(document: &Document, block: &Block) -> bool {
    let before = document.text.get(..block.span.start).unwrap_or("");
    let blank = before.trim_end_matches([' ', '\t']);
    blank.len() < before.len() && (blank.is_empty() || blank.ends_with('\n'))
}
