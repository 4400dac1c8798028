//! Cheap facts about a whole document that tell reports from other pages.

use crate::document::BlockKind;
use crate::domain::Evidence;
use crate::extract::reading::Reading;
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::Cues;
use crate::text::{Regex, told, words_count};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A clock with digits: a report says when.
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:[01]?\d|2[0-3])[:hH.][0-5]\d\b|\b\d{1,2} ?[ap]\.?m\b").expect("a valid regex"));

/// What the kind rules look at.
pub struct Signs<'r> {
    pub title: String,
    pub title_evidence: Evidence,
    pub counts: Counts,
    reading: &'r Reading<'r>,
}

/// What is counted once for all kinds.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// Clocks in the text, at most [`CLOCKS_MAX`] counted.
    pub clocks: usize,
    /// Share of the words of items, rows and paragraphs that are links, 0 to 1.
    pub link_share: f32,
    pub links: usize,
    pub words: usize,
    /// Sections that reports have: timeline, root cause, impact, detection, resolution.
    pub report_sections: usize,
}

/// More clocks than this tell nothing new.
pub const CLOCKS_MAX: usize = 50;

/// Kinds are told by the beginning of a document.
const BLOCKS_MAX: usize = 400;

impl<'r> Signs<'r> {
    pub fn of(reading: &'r Reading<'r>) -> Self {
        let (title, title_evidence) = title::chosen(reading).unwrap_or_default();
        let counts = *reading.memo.counts.get_or_init(|| Counts::of(reading));
        Signs { title, title_evidence, counts, reading }
    }

    /// Distinct phrases of a list in the text, with the first place of each.
    pub fn distinct(&self, list: &Cues<()>) -> Vec<(usize, std::ops::Range<usize>)> {
        let mut seen: Vec<usize> = Vec::new();
        let mut places = Vec::new();
        let first = || self.reading.blocks().take(BLOCKS_MAX);
        let all = self
            .reading
            .memo
            .blocks_told
            .get_or_init(|| first().map(|(_, block)| told(&one_line(&block.text))).collect());
        for ((index, block), told) in first().zip(all) {
            if matches!(block.kind, BlockKind::Code) || !list.may_stand(*told) {
                continue;
            }
            for cue in list.find(&one_line(&block.text)) {
                if !seen.contains(&cue.phrase) {
                    seen.push(cue.phrase);
                    places.push((index, cue.range));
                }
            }
        }
        places
    }

    /// Evidence for the first of the places.
    pub fn evidence(&self, places: &[(usize, std::ops::Range<usize>)]) -> Evidence {
        places.first().map_or_else(Vec::new, |(block, range)| self.reading.evidence(*block, range.clone()))
    }
}

/// A text without breaks, which mails have anywhere.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { Cow::Owned(text.replace('\n', " ")) } else { Cow::Borrowed(text) }
}

impl Counts {
    fn of(reading: &Reading<'_>) -> Self {
        let (mut clocks, mut links, mut linked, mut bytes, mut words) = (0, 0, 0, 0, 0);
        for (_, block) in reading.blocks().take(BLOCKS_MAX) {
            if matches!(block.kind, BlockKind::Code) {
                continue;
            }
            if clocks < CLOCKS_MAX {
                clocks += CLOCK.find_iter(&block.text).take(CLOCKS_MAX).count();
            }
            if !matches!(block.kind, BlockKind::Heading { .. }) {
                links += block.links.len();
                linked += block.links.iter().map(|(range, _)| range.len()).sum::<usize>();
                bytes += block.text.len();
                words += words_count(&block.text);
            }
        }
        let mut sections: Vec<Section> = reading
            .blocks()
            .map(|(i, _)| reading.section(i))
            .filter(|s| {
                use Section::{Detection, Impact, Resolution, RootCause, Timeline};
                matches!(s, Timeline | RootCause | Impact | Detection | Resolution)
            })
            .collect();
        sections.sort_unstable();
        sections.dedup();
        let link_share = if bytes == 0 { 0.0 } else { linked as f32 / bytes as f32 };
        Counts { clocks, link_share, links, words, report_sections: sections.len() }
    }
}
