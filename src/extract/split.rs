//! Several incidents in one document: an on-call log, a monthly review.
//!
//! A document is split where sibling headings each have a date, an incident's number or a labelled date below them of
//! their own, and more words than that, and at least two of them carry the marks of a report (a duration, an impact, a
//! cause, …). A timeline with a heading a day has neither.

use super::labels::fold_key;
use super::section::announced;
use super::sentences::sentence_ranges;
use super::speech::speaks_of_impact;
use super::vocabulary::lists;
use crate::document::{BlockKind, Document};
use crate::domain::Span;
use crate::text::{Regex, spaced};
use crate::time::duration;
use crate::time::written::read;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

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
    "solution",
    "solutions",
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
        let siblings = headings.iter().copied().filter(|i| siblings_key(document, *i) == Some(key));
        let (mut parts, mut dates) = (Vec::<Part>::new(), BTreeSet::new());
        for index in siblings {
            if let Some((date, title)) = own(document, index) {
                dates.insert(date);
                parts.extend(part(document, index, title));
            }
        }
        let marked =
            parts.iter().filter(|p| is_marked(document, &p.blocks) || is_listed(document, p.blocks.start)).count();
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

/// What sets one incident's heading apart from its siblings, as written, and the words beside it.
fn own(document: &Document, index: usize) -> Option<(String, String)> {
    let text = document.blocks.get(index)?.text.as_str();
    let times = read(text).written;
    if let Some(first) = times.iter().find(|w| w.date.is_some()) {
        let date = text.get(first.span.clone())?.to_owned();
        if times.iter().any(|w| w.clock.is_some()) {
            // A heading led by a clock is an event, unless it says how long that lasted or when it ended.
            let lasts = times.iter().any(|w| w.clock.is_some() && w.end.is_some()) || !duration::read(text).is_empty();
            return lasts.then(|| (date, text.to_owned()));
        }
        let rest = format!("{} {}", text.get(..first.span.start)?, text.get(first.span.end..)?);
        return Some((date, words(&rest)));
    }
    let key = match NUMBER.find(text) {
        Some(number) => number.as_str().to_owned(),
        None => labelled_date(document, index)?,
    };
    times.is_empty().then(|| (key, text.to_owned()))
}

/// "INC-311", "Incident 2": a report's number.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W*(?:(?:INC|IR|PM|SEV|RFO|OUTAGE)-?\d[\d-]*|(?i:incident|outage)\s#?\d+)\b").expect("a valid regex")
});

/// "Date: 5 March 2024" among the first blocks below a heading.
fn labelled_date(document: &Document, index: usize) -> Option<String> {
    let below = document.blocks.get(index + 1..)?.iter().take(LABELS_WITHIN);
    let own = below.take_while(|b| b.heading == Some(index) && !matches!(b.kind, BlockKind::Heading { .. }));
    own.flat_map(|b| b.text.lines()).find_map(|line| {
        let (key, value) = line.split_once([':', '|'])?;
        let dated = || read(value).written.iter().any(|w| w.date.is_some());
        (DATE_KEYS.contains(&fold_key(key).as_str()) && dated()).then(|| value.trim().to_owned())
    })
}

const LABELS_WITHIN: usize = 6;
const DATE_KEYS: &[&str] =
    &["date", "when", "started", "start", "start time", "incident date", "date of incident", "datum", "fecha", "data"];

/// What is left of a heading when its date is gone.
fn words(rest: &str) -> String {
    let joined = spaced(rest);
    let mut text = joined
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | ',' | '/' | '|'))
        .to_owned();
    if let Some((inside, after)) = text.strip_prefix('(').and_then(|t| t.split_once(')'))
        && inside.len() <= ASIDE_BYTES_MAX
    {
        text = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–')).to_owned();
    }
    // The weekday of an aside was read with the date: "2025-11-27 (Thu, holiday) Disk full".
    if let Some((inside, after)) = text.split_once(')')
        && inside.len() <= ASIDE_BYTES_MAX
        && !inside.contains('(')
    {
        text = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–')).to_owned();
    }
    text
}

/// "(Mon)", "(Thu, holiday)" beside the date.
const ASIDE_BYTES_MAX: usize = 24;

fn part(document: &Document, index: usize, mut title: String) -> Option<Part> {
    let block = document.blocks.get(index)?;
    let bare = title.chars().filter(|c| c.is_alphabetic()).count() < TITLE_LETTERS_MIN;
    if bare {
        title = block.text.trim().to_owned();
    } else if announced(&title).is_some() {
        return None;
    }
    let BlockKind::Heading { level } = block.kind else { return None };
    let below = document.blocks.iter().enumerate().skip(index + 1);
    let end = below
        .filter(|(_, b)| matches!(b.kind, BlockKind::Heading { level: other } if other <= level))
        .map(|(i, _)| i)
        .next()
        .unwrap_or(document.blocks.len());
    // A date alone heads a day of a timeline, unless a report with its parts stands below it.
    if bare && marks_below(document, &(index..end)) < MARKS_MIN_BARE && !is_listed(document, index) {
        return None;
    }
    let source = block.source(0..block.text.len());
    Some(Part { blocks: index..end, title, evidence: source })
}

fn is_marked(document: &Document, blocks: &Range<usize>) -> bool {
    let lasts = document.blocks.get(blocks.start).is_some_and(|b| !duration::read(&b.text).is_empty());
    lasts || marks_below(document, blocks) > 0 || tells_impact(document, blocks)
}

/// A short note of an incident has no labels: it says from when to when something failed.
fn tells_impact(document: &Document, blocks: &Range<usize>) -> bool {
    let below = document.blocks.get(blocks.start + 1..blocks.end).unwrap_or(&[]);
    below.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::Item { .. })).any(|block| {
        let ranged = |s: &Span| {
            let words = block.text.get(s.clone()).unwrap_or("");
            let range = read(words).written.iter().any(|w| w.clock.is_some() && w.end.is_some());
            range && (speaks_of_impact(words) || lists().failure_words.any(words))
        };
        sentence_ranges(&block.text).any(|s| ranged(&s))
    })
}

/// Does it stand below a heading that announces incidents: "Past incidents"?
fn is_listed(document: &Document, index: usize) -> bool {
    let above = document.blocks.get(index).and_then(|b| b.heading).and_then(|h| document.blocks.get(h));
    above.is_some_and(|h| LISTS.contains(&fold_key(&h.text).as_str()))
}

/// Headings above incidents that are told one below the other.
const LISTS: &[&str] = &[
    "past incidents",
    "previous incidents",
    "incident history",
    "recent incidents",
    "resolved incidents",
    "incidents",
    "past outages",
    "outages",
    "incidents passés",
    "vergangene störungen",
    "störungen",
    "incidentes anteriores",
    "incidentes",
];

/// How many different marks of a report stand in these blocks.
fn marks_below(document: &Document, blocks: &Range<usize>) -> usize {
    let mut marks: BTreeSet<String> = BTreeSet::new();
    for block in document.blocks.get(blocks.clone()).unwrap_or(&[]) {
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        for line in block.text.lines() {
            let key = line.split([':', '|']).next().unwrap_or("");
            let key = if heading || key.len() < line.len() { fold_key(key) } else { String::new() };
            if MARKS.contains(&key.as_str()) {
                marks.insert(key);
            }
        }
    }
    marks.len()
}

/// Letters that a title has at least.
const TITLE_LETTERS_MIN: usize = 4;
const MARKS_MIN_BARE: usize = 2;

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
        let log = "# Log\n\n## 2025-11-03 (Mon) Disk full\n\nCause: files\n\n## 2025-11-11 (Tue, holiday) Queue stuck\n\nCause: a release\n";
        assert_eq!(titles(log), ["Disk full", "Queue stuck"]);
        let timeline = "# Report\n\n## Timeline\n\n### 2025-11-03\n\nIt broke.\n\n### 2025-11-04\n\nIt worked.\n";
        assert_eq!(titles(timeline), Vec::<String>::new());
        let bare = "# Log\n\n## 03.11.2025\n\nSummary: files\n\nSolution: a disk\n\n## 11.11.2025\n\nSummary: mail\n\nSolution: a queue\n";
        assert_eq!(titles(bare), ["03.11.2025", "11.11.2025"]);
        let past = "# Status\n\n## Past incidents\n\n### June 25, 2020\n\nMail was slow.\n\n### May 2, 2018\n\nMail was down.\n";
        assert_eq!(titles(past), ["June 25, 2020", "May 2, 2018"]);
        let one = "# Report\n\n## 2025-11-03 Disk full\n\nCause: files\n\n## Lessons\n\nMany.\n";
        assert_eq!(titles(one), Vec::<String>::new());
        let events = "# Report\n\n## 2025-11-03 10:00 Disk full\n\nImpact: all\n\n## 2025-11-04 11:00 Disk grown\n\nFix: a disk\n";
        assert_eq!(titles(events), Vec::<String>::new());
    }

    #[test]
    fn short_notes_tell_from_when_to_when_something_failed() {
        let log = "# Week\n\n## September 10: Volumes\n\nBetween 14:00 and 15:10 UTC new volumes failed.\n\n\
                   ## September 13: Mail\n\nFrom 02:12 until 02:31 UTC users saw errors.\n";
        assert_eq!(titles(log), ["Volumes", "Mail"]);
        let days = "# Report\n\n## September 10: calm\n\nWe slept.\n\n## September 11: busy\n\nWe looked.\n";
        assert_eq!(titles(days), Vec::<String>::new());
    }

    #[test]
    fn a_review_is_split_by_lengths_numbers_and_labels() {
        let review = "# October\n\n## October 11 08:52 UTC (lasting 2 hours)\n\nJobs failed.\n\n\
                      ## October 24 20:05 UTC (lasting 43 minutes)\n\nSearch failed.\n";
        assert_eq!(
            titles(review),
            ["October 11 08:52 UTC (lasting 2 hours)", "October 24 20:05 UTC (lasting 43 minutes)"]
        );
        let numbered = "# Q3\n\n## INC-31: Mail down\n\nImpact: all\n\n## INC-32: Mail slow\n\nImpact: some\n";
        assert_eq!(titles(numbered), ["INC-31: Mail down", "INC-32: Mail slow"]);
        let labelled = "# Q3\n\n## Mail down\n\nDate: 3 July 2024\nDuration: 1 h\n\n## Mail slow\n\nDate: 9 July 2024\nDuration: 2 h\n";
        assert_eq!(titles(labelled), ["Mail down", "Mail slow"]);
        let ranges = "# Log\n\n## 2024-07-03 22:26 - 22:53\n\n- Cause: full pool\n- Impact: all\n\n## 2024-07-09 20:01 - 20:38\n\n- Cause: typo\n- Impact: some\n";
        assert_eq!(titles(ranges), ["2024-07-03 22:26 - 22:53", "2024-07-09 20:01 - 20:38"]);
    }
}
