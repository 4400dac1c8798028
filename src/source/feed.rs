//! Files that hold many reports: JSON and NDJSON, YAML, TOML, tables, news feeds. Each entry becomes a part.

mod json;
mod names;
mod table;
mod toml;
mod xml;
mod yaml;

pub use names::is_wrapper;
pub(super) use xml::is_feed;

use super::{Format, Frame};
use crate::domain::{Notice, Span};
use std::cmp::Reverse;

/// How many entries of one feed are read.
const MAX_PARTS: usize = 100_000;
/// A member longer than this says nothing about the feed as a whole.
const MAX_CONTEXT_BYTES: usize = 4096;

/// A text, cut up.
#[derive(Default)]
pub(super) struct Split {
    pub parts: Vec<Span>,
    pub context: Vec<Span>,
    pub frames: Vec<Frame>,
    pub notices: Vec<Notice>,
}

/// Finds the entries; where there are none, all of the text is one.
pub(super) fn split(format: Format, text: &str) -> Split {
    let mut split = Split::default();
    match format {
        Format::Json => json::split(text, &mut split),
        Format::Yaml => yaml::split(text, &mut split),
        Format::Toml => toml::split(text, &mut split),
        Format::Csv => table::split(text, &mut split),
        Format::Feed => xml::split(text, &mut split),
        _ => {}
    }
    if split.parts.len() > MAX_PARTS {
        let count = split.parts.len();
        split.notices.push(notice("limit-parts", format!("only {MAX_PARTS} of {count} entries were read")));
        split.parts.truncate(MAX_PARTS);
    }
    // They were found when they ended, the inner ones first.
    split.frames.reverse();
    split.frames.sort_by_key(|frame| (frame.parts.start, Reverse(frame.parts.end)));
    if split.parts.is_empty() {
        split.context.clear();
        split.frames.clear();
        split.parts.push(0..text.len());
    }
    split
}

fn notice(code: &'static str, message: String) -> Notice {
    Notice { code, message, evidence: Vec::new() }
}

/// Lines with their ranges, line breaks included.
fn lines(text: &str, range: Span) -> impl Iterator<Item = (&str, Span)> {
    let mut at = range.start;
    text.get(range).unwrap_or("").split_inclusive('\n').map(move |line| {
        let span = at..at + line.len();
        at = span.end;
        (line, span)
    })
}
