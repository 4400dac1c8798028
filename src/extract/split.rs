//! Several incidents in one document: an on-call log, a monthly review.
//!
//! A document is split where sibling headings each have a date of their own and more words than a date, and at least
//! two of them carry the marks of a report (a duration, an impact, a cause, …). A timeline with a heading a day has
//! neither.

use super::reading::fold_key;
use super::section::announced;
use crate::document::{BlockKind, Document};
use crate::domain::Span;
use crate::time::written::read;
use std::collections::BTreeSet;
use std::ops::Range;

/// One incident's part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading and everything below it.
    pub blocks: Range<usize>,
    /// The heading's words without their date, and their range in the source.
    pub title: String,
    pub evidence: Span,
}

/// A part carries one of these as a label or a heading of its own.
const MARKS: &[&str] = &[
    "duration",
    "impact",
    "severity",
    "cause",
    "root cause",
    "root causes",
    "causes",
    "actions",
    "action items",
    "resolution",
    "timeline",
    "detection",
    "fix",
    "summary",
    "follow up",
    "customer impact",
    "dauer",
    "ursache",
    "auswirkung",
    "maßnahmen",
    "durée",
    "cause racine",
    "duración",
    "causa",
    "causa raíz",
    "acciones",
    "impacto",
];

/// Fewer parts are no log.
const PARTS_MIN: usize = 2;

/// The parts of a document that holds several incidents; empty for all others.
pub fn parts(document: &Document) -> Vec<Part> {
    let headings: Vec<usize> = document
        .blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }))
        .map(|(i, _)| i)
        .collect();
    let mut tried: BTreeSet<(Option<usize>, u8)> = BTreeSet::new();
    for index in &headings {
        let Some(key) = siblings_key(document, *index) else { continue };
        if !tried.insert(key) {
            continue;
        }
        let siblings: Vec<usize> =
            headings.iter().copied().filter(|i| siblings_key(document, *i) == Some(key)).collect();
        let parts: Vec<Part> = siblings.iter().filter_map(|i| part(document, *i)).collect();
        let dates: BTreeSet<String> =
            siblings.iter().filter_map(|i| dated(document, *i)).map(|(date, _)| date).collect();
        let marked = parts.iter().filter(|p| is_marked(document, &p.blocks)).count();
        if parts.len() >= PARTS_MIN && dates.len() >= PARTS_MIN && marked >= PARTS_MIN && marked * 2 > parts.len() {
            return parts;
        }
    }
    Vec::new()
}

fn siblings_key(document: &Document, index: usize) -> Option<(Option<usize>, u8)> {
    let block = document.blocks.get(index)?;
    match block.kind {
        BlockKind::Heading { level } if level > 1 => Some((block.heading, level)),
        _ => None,
    }
}

/// The heading's date as written, without a clock, and the words beside it.
fn dated(document: &Document, index: usize) -> Option<(String, String)> {
    let text = document.blocks.get(index)?.text.as_str();
    let times = read(text).written;
    let first = times.iter().find(|w| w.date.is_some())?;
    if times.iter().any(|w| w.clock.is_some()) {
        return None;
    }
    let date = text.get(first.span.clone())?.to_owned();
    let rest = format!("{} {}", text.get(..first.span.start)?, text.get(first.span.end..)?);
    Some((date, words(&rest)))
}

/// What is left of a heading when its date is gone.
fn words(rest: &str) -> String {
    let joined = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = joined
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | ',' | '/' | '|'))
        .to_owned();
    if let Some((inside, after)) = text.strip_prefix('(').and_then(|t| t.split_once(')'))
        && inside.len() <= ASIDE_BYTES_MAX
    {
        text = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–')).to_owned();
    }
    text
}

/// "(Mon)", "(Thu, holiday)" beside the date.
const ASIDE_BYTES_MAX: usize = 24;

fn part(document: &Document, index: usize) -> Option<Part> {
    let (_, title) = dated(document, index)?;
    if title.chars().filter(|c| c.is_alphabetic()).count() < 4 || announced(&title).is_some() {
        return None;
    }
    let block = document.blocks.get(index)?;
    let BlockKind::Heading { level } = block.kind else { return None };
    let below = document.blocks.iter().enumerate().skip(index + 1);
    let end = below
        .filter(|(_, b)| matches!(b.kind, BlockKind::Heading { level: other } if other <= level))
        .map(|(i, _)| i)
        .next()
        .unwrap_or(document.blocks.len());
    let source = block.source(0..block.text.len());
    Some(Part { blocks: index..end, title, evidence: source })
}

fn is_marked(document: &Document, blocks: &Range<usize>) -> bool {
    document.blocks.get(blocks.clone()).unwrap_or(&[]).iter().any(|block| {
        let first = block.text.split([':', '\n']).next().unwrap_or("");
        let labelled = block.text.get(first.len()..).is_some_and(|t| t.starts_with(':'));
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        (labelled || heading) && MARKS.contains(&fold_key(first).as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Format;
    use std::sync::Arc;

    fn titles(text: &str) -> Vec<String> {
        let text: Arc<str> = text.into();
        let document = parse(Format::Markdown, &text, 0..text.len());
        parts(&document).into_iter().map(|p| p.title).collect()
    }

    #[test]
    fn a_log_is_split_and_a_timeline_is_not() {
        let log =
            "# Log\n\n## 2025-11-03 (Mon) Disk full\n\nCause: files\n\n## 2025-11-11 Queue stuck\n\nCause: a release\n";
        assert_eq!(titles(log), ["Disk full", "Queue stuck"]);
        let timeline = "# Report\n\n## Timeline\n\n### 2025-11-03\n\nIt broke.\n\n### 2025-11-04\n\nIt worked.\n";
        assert_eq!(titles(timeline), Vec::<String>::new());
        let one = "# Report\n\n## 2025-11-03 Disk full\n\nCause: files\n\n## Lessons\n\nMany.\n";
        assert_eq!(titles(one), Vec::<String>::new());
    }
}
