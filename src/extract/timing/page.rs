//! The day of writing where a line of the text tells it rather than a labelled field: "Published on 4 March 2026",
//! "By Jane Doe, 4 March 2026" (`vocabulary/page_lines.toml`).

use super::keys::publication_key_length;
use super::{Builder, Extent, PREFACE_BLOCKS, extent};
use crate::domain::Span;
use crate::text::shipped;
use crate::time::written::Written;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    subjects: Vec<String>,
    bylines: Vec<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| shipped!("extract/vocabulary/page_lines.toml").expect("the shipped vocabulary is valid"));

/// The foot of a page: so many last blocks.
const FOOT_BLOCKS: usize = 4;
/// Of a name between "by" and its date, and of what may stand behind the date: "· 5 min read".
const NAME_BYTES_MAX: usize = 48;
const REST_BYTES_MAX: usize = 40;
/// So far around a date its line is looked at: longer ones tell more than when they were written.
const LINE_BYTES: usize = 4 * NAME_BYTES_MAX;
/// Of articles and prepositions.
const SMALL_BYTES_MAX: usize = 3;

impl Builder<'_, '_> {
    /// The dates in lines of the text that tell of its own writing, by block and range.
    pub(super) fn page_dates(&self) -> BTreeSet<(usize, Extent)> {
        let foot = self.times.len().saturating_sub(FOOT_BLOCKS);
        let first = self.reading.blocks.start;
        let framing = self.times.iter().enumerate();
        let framing = framing.filter(|(nth, (block, _))| *block < first + PREFACE_BLOCKS || *nth >= foot);
        let dates = framing.flat_map(|(_, (block, times))| {
            let text = self.reading.text(*block);
            let told = move |w: &&Written| is_page_date(text, w);
            times.written.iter().filter(told).map(|w| (*block, extent(&w.span)))
        });
        dates.collect()
    }

    /// The earliest day that those lines name with its year.
    pub(super) fn told_publication(&self, dates: &BTreeSet<(usize, Extent)>) -> Option<(NaiveDate, Span)> {
        let written = self.times.iter().flat_map(|(block, times)| times.written.iter().map(|w| (*block, w)));
        let told = written.filter(|(block, w)| dates.contains(&(*block, extent(&w.span))));
        let full = |(block, written): (usize, &Written)| {
            written.date.filter(|date| date.year.is_some())?;
            let date = self.plain_date(written)?;
            Some((date, self.reading.document.blocks.get(block)?.source(written.span.clone())))
        };
        told.filter_map(full).min_by_key(|(date, span)| (*date, span.start))
    }
}

/// Whether a date stands in a line that says when its own page was written, and little else.
fn is_page_date(text: &str, written: &Written) -> bool {
    if written.date.is_none() || written.end.is_some() {
        return false;
    }
    // A line of any length may hold any number of dates.
    let from = text.floor_char_boundary(written.span.start.saturating_sub(LINE_BYTES));
    let to = text.ceil_char_boundary(written.span.end.saturating_add(LINE_BYTES).min(text.len()));
    let (before, after) =
        (text.get(from..written.span.start).unwrap_or(""), text.get(written.span.end..to).unwrap_or(""));
    let start = before.rfind(['\n', '|', '·']).map_or(0, |at| before.ceil_char_boundary(at + 1));
    let start = start.max(before.rfind(". ").map_or(0, |at| at + 2));
    let before = before.get(start..).unwrap_or("");
    let end = after.find(['\n', '|', '.', '·']).unwrap_or(after.len());
    let rest = after.get(..end).unwrap_or("");
    // "Updated 4 March, 10:00: service is back" tells more than that.
    if before.len() > NAME_BYTES_MAX * 2 || rest.len() > REST_BYTES_MAX || rest.contains(':') {
        return false;
    }
    let lower = before.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let subject = DATA.subjects.iter().filter_map(|subject| words_after(&lower, subject)).min_by_key(|rest| rest.len());
    let verb = subject.unwrap_or(&lower);
    let opened = publication_key_length(verb).and_then(|length| verb.get(length..));
    // "Dieser Bericht wurde am 4. März veröffentlicht": the verb stands behind the date.
    let closed = || {
        let rest = rest.trim().to_lowercase();
        subject.is_some_and(is_small) && publication_key_length(&rest) == Some(rest.len())
    };
    let authored = |words: &str| {
        // A sentence of its own has more such words than the name of an author or of a team.
        let own = before.get(before.len().saturating_sub(words.len())..).unwrap_or(before);
        let plain = own.split_whitespace().filter(|w| w.starts_with(char::is_lowercase) && w.len() > SMALL_BYTES_MAX);
        own.len() <= NAME_BYTES_MAX && plain.count() <= 1 && !own.contains([';', '!', '?'])
    };
    opened.is_some_and(authored) || closed() || is_byline(before)
}

/// "By Jane Doe, 4 March": a name stands between, and nothing else.
fn is_byline(before: &str) -> bool {
    let line = before.trim_start_matches(|c: char| !c.is_alphanumeric());
    let by = DATA.bylines.iter().find_map(|by| line.get(..by.len()).filter(|l| l.eq_ignore_ascii_case(by)));
    let Some(name) = by.and_then(|by| line.get(by.len()..)).and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    name.len() <= NAME_BYTES_MAX && capitals > 0 && words.len() <= capitals + 2
}

/// What stands behind the words that a text begins with.
fn words_after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(words)?;
    (!rest.starts_with(char::is_alphanumeric)).then(|| rest.trim_start())
}

/// No more than the article or preposition before a date.
fn is_small(words: &str) -> bool {
    words.trim().len() <= SMALL_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::written::read;

    #[test]
    fn a_page_says_when_it_was_written() {
        let told = |text: &str| read(text).written.iter().any(|w| is_page_date(text, w));
        for text in [
            "Published on 4 March 2026.",
            "*Posted March 4, 2026 by the platform team*",
            "Written by Ana on 4 March 2026.",
            "This post was published on Wednesday, 4 March 2026.",
            "By Kim Lee, Thursday 5 March 2026",
            "Last updated March 4, 2026",
            "Report written 4 March 2026.",
            "Posted on Mar 4, 2026 · 5 min read",
            "Veröffentlicht am 4. März 2026.",
            "Dieser Bericht wurde am 4. März 2026 veröffentlicht.",
            "Publié le 4 mars 2026",
            "Publicado el 4 de marzo de 2026.",
        ] {
            assert!(told(text), "{text}");
        }
        for text in [
            "4 March 2026",
            "We published the fix on 4 March 2026.",
            "Posted messages were lost from 4 March 2026 on.",
            "By Monday, 9 March 2026, all backups were running again.",
            "By 9 March 2026 all was well.",
            "Updated 4 March 2026, 10:00 UTC: service is back",
            "Created on 3 March 2026, the index had grown to twice its size by May.",
            "Sent mail was late on 4 March 2026, and so were replies to it and to others.",
        ] {
            assert!(!told(text), "{text}");
        }
    }
}
