//! # title-file-name (H005)
//!
//! ## What it reads
//! The name of the file, with dashes and underscores as spaces.
//!
//! ## Why it is believed
//! Where nothing in the text names the report, the file does.
//!
//! ## When it declines
//! Names that say nothing (`index`, `readme`, a bare number or hash) and entries of a feed, which share one file.
//!
//! ## Seen in
//! Folders of notes without headings.

use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::kind_words;

pub const RULE: Rule = Rule {
    code: "H005",
    slug: "title-file-name",
    source: include_str!("file_name.rs"),
    apply,
    examples: &[
        Example { text: "At noon the disk was full.", expect: &["title example"] },
        Example { text: "", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.35;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let whole = reading.document.range == (0..reading.document.text.len());
    if reading.document.blocks.is_empty() || !whole {
        return;
    }
    let stem = reading.file_stem();
    let title = stem.split(['_', ' ']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let title = undated(&title);
    let hash = title.len() >= 16 && title.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '-' | ' '));
    if title.is_empty() || hash || kind_words().silent_names.contains(&title.to_lowercase()) {
        return;
    }
    // The name is not in the text: the document's first bytes stand for "the whole document".
    let evidence = Vec::new();
    found.push(Candidate {
        finding: Finding::Title(title.to_owned()),
        confidence: CONFIDENCE,
        evidence,
        rule: RULE.code,
    });
}

/// A name without the date in front of it, unless nothing else is left.
fn undated(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let dated = name.len() - rest.len() >= "2024-01-18".len();
    if dated && rest.chars().any(char::is_alphabetic) { rest.trim_start() } else { name }
}
