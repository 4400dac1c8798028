//! # severity-named (V002)
//!
//! ## What it reads
//! A grade that carries its own name, in the title (`P1-critical incident`, `[SEV-2]`) or in prose that declares it
//! (`declared a SEV1`, `severity 2 incident`).
//!
//! ## Why it is believed
//! `SEV` and `P` with a digit are grades and nothing else beside a word of incident.
//!
//! ## When it declines
//! Adjectives ("a major outage"), an alert's priority, `P95`, and lists of what each grade means.
//!
//! ## Seen in
//! Titles of reports from paging tools; opening sentences.

use super::level;
use crate::domain::Severity;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::text::Regex;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "V002",
    slug: "severity-named",
    source: include_str!("named.rs"),
    apply,
    examples: &[
        Example { text: "# «P1-critical» incident\n\nText.", expect: &["severity P1-critical [1]"] },
        Example { text: "At 10:00 we declared a «SEV-2» incident.", expect: &["severity SEV-2 [2]"] },
        Example { text: "The P95 latency was a major problem.", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.85;
const CONFIDENCE_PROSE: f32 = 0.6;

static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?P<grade>(?:(?i:sev)[ -]?[0-5]|[PS][0-5](?:-\p{L}+)?|(?i:severity)[ -][0-5]))\b")
        .expect("a valid regex")
});

static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:
            (?P<grade>(?i:sev)[\ -]?[0-5])\b
          | (?P<before>[PS][0-5](?:-\p{L}+)?)\ (?:incident|outage|issue)\b
          | (?:incident|severity|declared\ (?:an?|as)|upgraded\ to|raised\ to)\ (?:an?\ |as\ |of\ |level\ )?
            (?P<after>[PS][0-5]|(?i:severity)[\ -][0-5]|[0-5])\b
        )",
    )
    .expect("a valid regex")
});

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if let Some((title, evidence)) = title::chosen(reading)
        && let Some(grade) = TITLED.captures(&title).and_then(|c| c.name("grade"))
    {
        let whole = evidence.first().cloned();
        let span = whole.and_then(|span| {
            let at = reading.document.text.get(span.clone())?.find(grade.as_str())?;
            Some(span.start + at..span.start + at + grade.as_str().len())
        });
        push(reading, found, grade.as_str(), CONFIDENCE_TITLE, span.into_iter().collect());
        return;
    }
    for sentence in &reading.sentences {
        if !matches!(
            reading.section(sentence.block),
            Section::Opening | Section::Summary | Section::Impact | Section::Timeline | Section::Other
        ) {
            continue;
        }
        // Grades are numbered.
        if !reading.words(sentence).bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let words = reading.words(sentence);
        let Some(found_grade) = DECLARED.captures(words) else { continue };
        let grade = ["grade", "before", "after"].iter().find_map(|name| found_grade.name(name));
        let Some(grade) = grade else { continue };
        let several = DECLARED.find_iter(words).count() > 2;
        // A provider's ticket has a grade of its own.
        let ticket = words.contains("ticket") || words.contains("support case");
        let bare = grade.as_str().len() == 1 && !words.to_lowercase().contains("severity");
        if several || bare || ticket {
            continue;
        }
        let range = sentence.range.start + grade.start()..sentence.range.start + grade.end();
        push(reading, found, grade.as_str(), CONFIDENCE_PROSE, reading.evidence(sentence.block, range));
        return;
    }
}

fn push(
    reading: &Reading<'_>,
    found: &mut Vec<Candidate>,
    grade: &str,
    confidence: f32,
    evidence: Vec<std::ops::Range<usize>>,
) {
    let severity = Severity { value: grade.to_owned(), level: level(&reading.defaults.taxonomy, grade) };
    found.push(Candidate { finding: Finding::Severity(severity), confidence, evidence, rule: RULE.code });
}
