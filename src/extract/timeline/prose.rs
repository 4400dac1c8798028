//! The clocks of the prose, which stand in for a timeline where a report has none.

use super::{ENTRIES_MAX, Entry, Timing, clean};
use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::milestone_words::keyed;
use crate::extract::reading::{Label, Reading};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::timing::{Stamp, is_publication};
use crate::time::tail;
use std::collections::BTreeMap;

/// The clock-timed statements of the prose, one a written time.
pub(super) fn prose(reading: &Reading<'_>, timing: &Timing) -> Vec<Entry> {
    let mut entries = Vec::new();
    let fields = fields(reading);
    let is_field = |s: &Stamp| {
        let holds = |range: &Span| range.start <= s.span.start && s.span.end <= range.end;
        fields.get(&s.block).is_some_and(|ranges| ranges.iter().any(holds))
    };
    for sentence in &reading.sentences {
        let section = reading.section(sentence.block);
        let listed =
            reading.document.blocks.get(sentence.block).is_some_and(|b| matches!(b.kind, BlockKind::Item { .. }));
        // A clock in an action says when something shall happen.
        if matches!(section, Section::Comments | Section::Appendix) || section == Section::Actions && listed {
            continue;
        }
        let words = reading.words(sentence);
        let text = reading.text(sentence.block);
        for stamp in timing.within(sentence.block, &sentence.range) {
            let before = text.get(sentence.range.start..stamp.span.start).unwrap_or("");
            let foretold = speech().foretold.is_in(tail(before, FORETOLD_CHARS_MAX));
            // A time that stands alone tells nothing.
            let is_bare = stamps_only(words, text, sentence.range.start, stamp);
            if stamp.at.clock.is_none() || foretold || is_bare || is_field(stamp) {
                continue;
            }
            entries.push(Entry {
                at: stamp.at.clone(),
                end: stamp.end.clone(),
                text: clean(words),
                block: sentence.block,
                evidence: reading.evidence(sentence.block, sentence.range.clone()),
            });
        }
        if entries.len() > ENTRIES_MAX {
            break;
        }
    }
    entries
}

/// Is a sentence nothing but its time?
fn stamps_only(words: &str, text: &str, start: usize, stamp: &Stamp) -> bool {
    words.len() <= FIELD_BYTES_MAX
        && ![start..stamp.span.start, stamp.span.end..start + words.len()]
            .into_iter()
            .any(|rest| text.get(rest).is_some_and(|rest| rest.contains(char::is_alphabetic)))
}

/// An estimate stands this near to the clock that it names.
const FORETOLD_CHARS_MAX: usize = 80;

/// The values of fields that name a milestone, by block: "Start time: 07:15" is told by the field, not by the prose.
fn fields(reading: &Reading<'_>) -> BTreeMap<usize, Vec<Span>> {
    let mut fields: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    // "Published at: …" is about the page.
    let is_told = |l: &&Label| keyed(&l.key).is_some() || is_publication(l);
    let keyed = reading.labels.iter().filter(|l| l.value.len() <= FIELD_BYTES_MAX).filter(is_told);
    for (block, range) in keyed.filter_map(|l| l.place.clone()) {
        fields.entry(block).or_default().push(range);
    }
    fields
}

/// A field holds a time and little else.
const FIELD_BYTES_MAX: usize = 60;
