//! The words of a document as search sees them: one passage a block, with the section it stands in and what that
//! section is about.
//!
//! Knows nothing of tokens, weights or the index.

use crate::document::{Block, BlockKind, Document};
use crate::domain::Incident;
use crate::text::{Memory, shipped};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Text of one record beyond this is not searchable; what was cut is still in the document itself.
const TEXT_BYTES_MAX: usize = 256 * 1024;
/// A single block (a log, a minified page) contributes at most this much.
const PASSAGE_BYTES_MAX: usize = 16_000;
/// Headings above a passage, joined, are cut here.
const SECTION_BYTES_MAX: usize = 200;

/// What the section that a passage stands in is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// What was seen: summary, impact, symptoms, and whatever stands before the first section.
    Symptom,
    Cause,
    Timeline,
    /// What was done and will be done.
    Fix,
    Body,
}

impl Place {
    pub const ALL: &'static [Place] = &[Place::Symptom, Place::Cause, Place::Timeline, Place::Fix, Place::Body];

    pub fn name(self) -> &'static str {
        match self {
            Place::Symptom => "symptom",
            Place::Cause => "cause",
            Place::Timeline => "timeline",
            Place::Fix => "fix",
            Place::Body => "body",
        }
    }
}

/// One block of a document, as search sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub place: Place,
    /// The headings above it below the document's title, outermost first, joined by ` › `; perhaps empty.
    pub section: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Sections {
    section: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    place: Place,
    words: Vec<String>,
}

static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let sections: Sections = shipped!("record/vocabulary/sections.toml").expect("constant");
    // Scripts without spaces between words are looked for anywhere.
    let is_spaced = |words: &str| words.is_ascii() || words.chars().any(|c| c < '\u{2e80}');
    let padded = |words: String| if is_spaced(&words) { format!(" {words} ") } else { words };
    let all = sections.section.into_iter();
    all.map(|s| Section { words: s.words.into_iter().map(padded).collect(), ..s }).collect()
});

/// The passages of each incident of a document. Where the document tells several, one after the other, each gets
/// the passages from its own beginning to that of the next one, and all get what stands before the first.
pub(super) fn passages_by_incident(document: &Document, incidents: &[Incident]) -> Vec<Vec<Passage>> {
    let passages = passages(document);
    if incidents.len() == 1 {
        return vec![passages.into_iter().map(|(_, p)| p).collect()];
    }
    let starts: Vec<Option<usize>> = incidents.iter().map(|i| i.place.as_ref().map(|p| p.start)).collect();
    let is_ordered = starts.iter().all(Option::is_some) && starts.windows(2).all(|pair| pair.first() < pair.last());
    let mut left = TEXT_BYTES_MAX;
    let of = |nth: usize| {
        let from = starts.get(nth).copied().flatten().unwrap_or(0);
        let first = starts.first().copied().flatten().unwrap_or(0);
        let to = starts.get(nth + 1).copied().flatten().unwrap_or(usize::MAX);
        let is_own = |at: usize| !is_ordered || at < first || (from..to).contains(&at);
        let own = passages.iter().filter(|(at, p)| {
            let is_taken = is_own(*at) && p.text.len() <= left;
            left -= if is_taken { p.text.len() } else { 0 };
            is_taken
        });
        own.map(|(_, p)| p.clone()).collect()
    };
    (0..incidents.len()).map(of).collect()
}

/// The passages of a document, in document order, each with the place in the source where it begins.
fn passages(document: &Document) -> Vec<(usize, Passage)> {
    let mut left = TEXT_BYTES_MAX;
    let mut passages = Vec::new();
    let mut push = |at: usize, place, section: String, text: &str| {
        let text = text.trim();
        let end = floor_boundary(text, left.min(PASSAGE_BYTES_MAX));
        let text = text.get(..end).unwrap_or_default();
        if !text.is_empty() {
            left -= text.len();
            passages.push((at, Passage { place, section, text: text.to_owned() }));
        }
    };
    for field in &document.fields {
        // Dates, flags and numbers are nothing to search for.
        if field.value.chars().filter(|c| c.is_alphabetic()).count() > 2 {
            push(field.span.start, Place::Body, String::new(), &field.value);
        }
    }
    // The place of each heading so far, by block: its own words decide, else the heading above it.
    let mut places: BTreeMap<usize, Option<Place>> = BTreeMap::new();
    for (i, block) in document.blocks.iter().enumerate() {
        let section = section(document, i);
        let above = block.heading.and_then(|h| places.get(&h).copied()).flatten();
        if matches!(block.kind, BlockKind::Heading { .. }) {
            places.insert(i, place_of_heading(&block.text).or(above));
            push(block.span.start, Place::Body, section, &block.text);
        } else {
            // Text under nothing but the title is a summary.
            let first = if places.len() <= 1 { Place::Symptom } else { Place::Body };
            push(block.span.start, above.unwrap_or(first), section, &block.text);
        }
    }
    passages
}

thread_local! {
    /// Reports share their headings.
    static PLACES: RefCell<Memory<Option<Place>>> = RefCell::default();
}

fn place_of_heading(heading: &str) -> Option<Place> {
    PLACES.with_borrow_mut(|known| *known.of(heading, |heading, place| *place = told(heading)))
}

fn told(heading: &str) -> Option<Place> {
    let mut padded = String::from(" ");
    for c in heading.chars().flat_map(char::to_lowercase).take(SECTION_BYTES_MAX) {
        if c.is_alphanumeric() {
            padded.push(c);
        } else if !padded.ends_with(' ') {
            padded.push(' ');
        }
    }
    if !padded.ends_with(' ') {
        padded.push(' ');
    }
    SECTIONS.iter().find(|s| s.words.iter().any(|words| padded.contains(words.as_str()))).map(|s| s.place)
}

fn section(document: &Document, block: usize) -> String {
    let headings = document.headings(block);
    let is_title = |h: &&Block| matches!(h.kind, BlockKind::Heading { level: 1 });
    let joined = headings.into_iter().filter(|h| !is_title(h)).map(|h| h.text.trim()).collect::<Vec<_>>().join(" › ");
    let end = floor_boundary(&joined, SECTION_BYTES_MAX);
    joined.get(..end).unwrap_or_default().replace('\n', " ")
}

fn floor_boundary(text: &str, max: usize) -> usize {
    (0..=max.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_a_section_is_about() {
        for (heading, place) in [
            ("Root Cause", Some(Place::Cause)),
            ("Incident timeline (UTC)", Some(Place::Timeline)),
            ("Impact", Some(Place::Symptom)),
            ("Resolution & recovery", Some(Place::Fix)),
            ("根本原因", Some(Place::Cause)),
            ("Because", None),
            ("", None),
        ] {
            assert_eq!(place_of_heading(heading), place, "{heading}");
        }
    }
}
