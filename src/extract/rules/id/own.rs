//! # own-id (N001)
//!
//! ## What it reads
//! The id that the organisation gave the incident: a field that names it (`Incident ID: INC-0042`, the `id` of a feed's
//! entry), or a ticket-like code at the beginning of title or file name (`SPM-2024-001`, `PM2021-009`).
//!
//! ## Why it is believed
//! Ids are written to be referred to; a report that carries one is filed under it.
//!
//! ## When it declines
//! Values of several words, version numbers, dates, advisories (`CVE-…`), and what a document that holds several
//! incidents as a whole is filed under.
//!
//! ## Seen in
//! Status feeds, front matter, title lines, file names of numbered reports.

use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::text::Regex;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "N001",
    slug: "own-id",
    source: include_str!("own.rs"),
    apply,
    examples: &[
        Example { text: "Incident ID: «INC-0042»", expect: &["id INC-0042"] },
        Example { text: "# «SPM-2024-001» Network loss", expect: &["id SPM-2024-001"] },
        Example { text: "# CVE-2024-1234 in a library", expect: &[] },
        Example { text: "Incident ID: to be assigned", expect: &[] },
        Example { text: "# 2024-01-18 Network loss", expect: &[] },
        Example { text: "# PIR-2025-05-20 Network loss", expect: &[] },
    ],
};

const KEYS: &[&str] = &[
    "id",
    "incident id",
    "incident number",
    "incident no",
    "incident",
    "number",
    "tracking id",
    "reference",
    "case",
    "case number",
    "ticket",
    "ticket number",
    "report number",
    "report id",
    "vorfallnummer",
    "störungsnummer",
    "numéro d'incident",
    "número de incidente",
    "incident ref",
    "incident reference",
    "postmortem id",
];

/// A code as trackers give them: letters, then digits, perhaps with a year between.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<code>[A-Z][A-Z0-9]{1,5}[- ]?(?:\d{4}[-_/]\d{1,5}|\d{2,7}))(?:[\s:.,–—_-]|$)")
        .expect("a valid regex")
});

/// Codes of something else.
const FOREIGN: &[&str] = &["CVE", "RFC", "ISO", "RUSTSEC", "GHSA", "HTTP", "UTC", "GMT", "IPV", "Q1", "Q2", "Q3", "Q4"];

const LABELLED: f32 = 0.9;
const TITLED: f32 = 0.8;
const FILED: f32 = 0.7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut push = |id: &str, confidence: f32, evidence| {
        found.push(Candidate { finding: Finding::OwnId(id.to_owned()), confidence, evidence, rule: RULE.code });
    };
    for label in &reading.labels {
        let plausible = label.form != LabelForm::Heading && is_id(&label.value);
        if plausible && !(reading.is_part && label.form == LabelForm::Field) && KEYS.contains(&label.key.as_str()) {
            push(&label.value, LABELLED, vec![label.evidence.clone()]);
        }
        let named = matches!(label.key.as_str(), "title" | "name" | "nav");
        let title = label.form == LabelForm::Field && named && !reading.is_part;
        if title && let Some(id) = code(&label.value) {
            let end = (label.evidence.start + id.len()).min(label.evidence.end);
            push(id, TITLED, vec![label.evidence.start..end]);
        }
    }
    if let Some((index, block)) = reading.blocks().next()
        && let Some(id) = code(&block.text)
    {
        push(id, TITLED, reading.evidence(index, 0..id.len()));
    }
    if let Some(id) = code(reading.file_stem()).filter(|_| !reading.is_part) {
        push(id, FILED, Vec::new());
    }
}

/// One word with a digit, not a date or a version.
fn is_id(value: &str) -> bool {
    let value = value.trim();
    let word = !value.contains(char::is_whitespace) && (3..=40).contains(&value.len());
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '#'));
    let date = value.len() == 10 && value.bytes().filter(|b| *b == b'-').count() == 2 && digits == 8;
    word && plain && digits > 0 && !date
}

fn code(text: &str) -> Option<&str> {
    let code = CODE.captures(text)?.name("code")?.as_str();
    // "PIR-2025-05-20": a prefix and a date.
    let after = text.get(code.len()..)?.trim_start_matches(['-', '_']);
    if after.len() < text.len() - code.len() && after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    (!FOREIGN.iter().any(|f| code.starts_with(f))).then_some(code)
}
