//! # org-page-line (O003)
//!
//! ## What it reads
//! A line or a heading that says whose page it is: "Incident Report for Acme".
//!
//! ## Why it is believed
//! Hosted status pages head every incident so.
//!
//! ## When it declines
//! Names that are no name: a service, a day, a sentence.
//!
//! ## Seen in
//! Incidents copied or saved from hosted status pages.

use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::{is_no_org, is_ordinary_word, names};
use std::ops::Range;

pub const RULE: Rule = Rule {
    code: "O003",
    slug: "org-page-line",
    source: include_str!("page_line.rs"),
    apply,
    examples: &[
        Example { text: "Slow mail\nIncident Report for «Acme Mail»\nResolved\n", expect: &["org Acme Mail"] },
        Example { text: "# Slow mail\n\n#### Incident report for «Acme»\n\nIt was slow.", expect: &["org Acme"] },
        Example { text: "# Incident report for March 2024\n\nIt was slow.", expect: &[] },
        Example { text: "# Incident report for the database\n\nIt was slow.", expect: &[] },
        Example { text: "We wrote the incident report for Acme in March.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.88;
/// Deeper in the document such a line heads something else.
const BLOCKS_MAX: usize = 6;

/// A longer one is a sentence.
const NAME_CHARS_MAX: usize = 40;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for (index, block) in reading.blocks().take(BLOCKS_MAX) {
        let mut start = 0;
        for line in block.text.split('\n') {
            if let Some(name) = named(line) {
                let range = start + name.start..start + name.end;
                let Some(words) = block.text.get(range.clone()) else { continue };
                let evidence = reading.evidence(index, range);
                let finding = Finding::Org(words.to_owned());
                found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
                return;
            }
            start += line.len() + 1;
        }
    }
}

/// Where the name stands in a line that says whose page it is.
pub fn named(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start_matches(|c: char| !c.is_alphabetic()).len();
    let lead = names().reports_for.iter().find(|lead| {
        let begun = line.get(start..start + lead.len());
        begun.is_some_and(|begun| {
            begun.eq_ignore_ascii_case(lead) || !begun.is_ascii() && begun.to_lowercase() == **lead
        })
    })?;
    let start = start + lead.len();
    let words = line.get(start..)?.trim_end();
    let is_time = words.bytes().any(|b| b.is_ascii_digit());
    let is_sentence = words.contains(['\n', ':', ';', '!', '?']) || words.ends_with('.') || words.contains(". ");
    let fits = (2..=NAME_CHARS_MAX).contains(&words.chars().count()) && !is_time && !is_sentence;
    let are_plain = || words.split(' ').all(|word| is_ordinary_word(&word.to_lowercase()));
    let is_name = fits && words.starts_with(char::is_uppercase) && !is_no_org(words);
    // "Incident report for Payments" may be one about a service; as status pages spell it, it is one of theirs.
    let is_name = is_name && (line.contains("Incident Report for ") || !are_plain());
    is_name.then(|| start..start + words.len())
}
