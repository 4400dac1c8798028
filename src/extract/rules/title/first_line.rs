//! # title-first-line (H004)
//!
//! ## What it reads
//! The first line of a document, when it is short and no sentence, or stands in bold on its own.
//!
//! ## Why it is believed
//! Plain text and text out of a PDF carry the title without any markup.
//!
//! ## When it declines
//! Lines that end like a sentence, are a label or a part of a report, or are longer than a title.
//!
//! ## Seen in
//! Plain text, e-mail, text extracted from PDFs.

use super::clean::clean;
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::announced;

pub const RULE: Rule = Rule {
    code: "H004",
    slug: "title-first-line",
    source: include_str!("first_line.rs"),
    apply,
    examples: &[
        Example {
            text: "«Summary of the disk outage»\n\nAt noon the disk was full.",
            expect: &["title Summary of the disk outage"],
        },
        Example { text: "At noon the disk was full.\n\nWe are sorry.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.6;
const LINE_BYTES_MAX: usize = 140;
const WORDS_MIN: usize = 2;

/// A line shorter than this was not broken for want of room.
const LINE_BYTES_WRAPPED: usize = 50;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let Some((index, block)) = reading.blocks().find(|(_, b)| !b.text.trim().is_empty()) else { return };
    if !matches!(block.kind, BlockKind::Paragraph) {
        return;
    }
    let line = block.text.lines().next().unwrap_or("");
    let title = clean(line);
    let sentence = line.trim_end().ends_with(['.', ':', ',', ';', '!']);
    let long = title.len() > LINE_BYTES_MAX || title.split_whitespace().count() < WORDS_MIN;
    let wrapped = block.text.lines().nth(1).is_some_and(|second| goes_on(line, second));
    let label = title.contains(": ") && is_label(reading, index);
    if sentence || long || wrapped || label {
        return;
    }
    if announced(&title).is_some() && title.split_whitespace().count() <= 2 {
        return;
    }
    let start = block.text.find(title.as_str()).unwrap_or(0);
    let end = (start + title.len()).min(block.text.len());
    let evidence = reading.evidence(index, start..end);
    found.push(Candidate { finding: Finding::Title(title), confidence: CONFIDENCE, evidence, rule: RULE.code });
}

/// Is the second line the rest of the first? Not when the first is set in title case or the second is a paragraph of
/// its own length.
fn goes_on(first: &str, second: &str) -> bool {
    let words: Vec<&str> = first.split_whitespace().filter(|w| w.len() > 3).collect();
    let capitals = words.iter().filter(|w| w.starts_with(char::is_uppercase)).count();
    let title_case = capitals * 3 >= words.len() * 2 && !words.is_empty();
    let short = first.len() <= LINE_BYTES_WRAPPED && second.starts_with(char::is_uppercase);
    !title_case && !short && second.len() <= first.len() * 2
}

fn is_label(reading: &Reading<'_>, index: usize) -> bool {
    reading.labels.iter().filter_map(|l| l.place.as_ref()).any(|(block, _)| *block == index)
}
