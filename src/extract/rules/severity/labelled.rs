//! # severity-labelled (V001)
//!
//! ## What it reads
//! A field, line, row or heading whose key is a word for severity: `Severity: High`, `Priorität | P2`.
//!
//! ## Why it is believed
//! The label is the author's own classification.
//!
//! ## When it declines
//! Values that are no grade (a sentence, a placeholder, a list of all grades), and keys such as `Priority` above a
//! value that is none.
//!
//! ## Seen in
//! Summary blocks, front matter, forms, status feeds.

use super::level;
use crate::domain::Severity;
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::lists;

pub const RULE: Rule = Rule {
    code: "V001",
    slug: "severity-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Severity: «High»", expect: &["severity High [2]"] },
        Example { text: "Severity: SEV-<1-4>", expect: &[] },
        Example { text: "- **Priority**: «P1-critical»", expect: &["severity P1-critical [1]"] },
        Example {
            text: "Severity: «High» (every request failed for about half an hour)",
            expect: &["severity High [2]"],
        },
        Example {
            text: "# Severity\n\n**«High»** - a part of the service stopped, and many users noticed",
            expect: &["severity High [2]"],
        },
        Example {
            text: "Severity: «S3». One job stuck (284 retries), nobody noticed.", expect: &["severity S3 [3]"]
        },
        Example { text: "Severity: [«High»]", expect: &["severity High [2]"] },
        Example { text: "Severity: [low, medium, high]", expect: &[] },
        Example { text: "Severity: low, medium, high", expect: &[] },
        Example { text: "Severity: «P2 / Medium»", expect: &["severity P2 / Medium [2]"] },
        Example { text: "Severity: Low / High", expect: &[] },
        Example { text: "Severity: TBD", expect: &[] },
        Example { text: "Priority - «High»", expect: &["severity High [2]"] },
        Example { text: "Sev: «2 (was 1)»", expect: &["severity 2 (was 1) [2]"] },
        Example { text: "Priority: keep the shop open during the sale", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.95;

/// Grades of a status page name the state of a component, not how bad the incident was judged.
const CONFIDENCE_STATUS: f32 = 0.9;

const STATUS_KEYS: &[&str] = &["impact", "impact override", "incident impact"];
const STATUS_VALUES: &[&str] = &["critical", "major", "minor"];
const GRADE_BYTES_MAX: usize = 60;
const GRADE_WORDS_MAX: usize = 7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in &reading.labels {
        let in_actions = label.place.as_ref().is_some_and(|(b, _)| {
            matches!(reading.section(*b), Section::Actions | Section::Comments | Section::Timeline)
        });
        if in_actions {
            continue;
        }
        let status = STATUS_KEYS.contains(&label.key.as_str()) && label.form == LabelForm::Field;
        let key = lists().severity_keys.find(&label.key);
        let whole = key.iter().any(|c| c.range == (0..label.key.len()));
        let framed = label.key.starts_with("incident ") || label.key.starts_with("severity");
        if !(status || whole || framed && !key.is_empty()) {
            continue;
        }
        let Some(grade) = grade(&label.value) else { continue };
        let known = level(&reading.defaults.taxonomy, grade);
        let severity_key = label.key.contains("sev") || label.key.contains("grav") || label.key.contains("schwere");
        if status && !STATUS_VALUES.contains(&grade.to_lowercase().as_str()) {
            continue;
        }
        // `Priority: keep the shop open` is no grade; `Severity: purple` is one we cannot map.
        if known.is_none() && !(severity_key && grade.split_whitespace().count() <= 2) {
            continue;
        }
        let quoted = reading.document.text.get(label.evidence.clone()).unwrap_or("");
        let start = quoted.find(grade).map(|at| label.evidence.start + at);
        let evidence = start.map_or(label.evidence.clone(), |start| start..start + grade.len());
        found.push(Candidate {
            finding: Finding::Severity(Severity { value: grade.to_owned(), level: known }),
            confidence: if status { CONFIDENCE_STATUS } else { CONFIDENCE },
            evidence: vec![evidence],
            rule: RULE.code,
        });
    }
}

/// The grade at the beginning of a value; `None` for placeholders and enumerations of all grades.
fn grade(value: &str) -> Option<&str> {
    let line = value.lines().next().unwrap_or("").trim();
    // "[High]": a form filled in within its brackets.
    let filled = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
    let line = filled.filter(|l| l.chars().all(char::is_alphanumeric)).unwrap_or(line);
    // "High - a part of the service stopped, and many users noticed": the grade, and what it means.
    let dashes = [" - ", " – ", " — "].iter().filter_map(|dash| line.find(dash));
    let meaning = dashes.min().filter(|_| line.split_whitespace().count() > GRADE_WORDS_MAX);
    let line = line.get(..meaning.unwrap_or(line.len()))?;
    let open = line.find(" (").unwrap_or(line.len());
    let end = line.find(['.', ';', ',', '|']).filter(|at| *at < open || !line.contains(')')).unwrap_or(line.len());
    let grade = line.get(..end)?.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"' | '`' | '\''));
    let placeholder = line.starts_with(['[', '<', '{'])
        || line.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
        || line.contains(" / ") && !is_twofold(line)
        || line.get(end..).is_some_and(|r| r.starts_with(", "));
    // "High (every request failed, for half an hour)": a long aside tells why, a short one what it is called.
    let aside = grade.find(" (").filter(|_| grade.split_whitespace().count() > GRADE_WORDS_MAX);
    let grade = short_grade(grade.get(..aside.unwrap_or(grade.len()))?);
    let fits = !grade.is_empty() && grade.len() <= GRADE_BYTES_MAX;
    (fits && !placeholder && grade.split_whitespace().count() <= GRADE_WORDS_MAX).then_some(grade)
}

/// `P2 / Medium`: a code and its name, where a list of grades has either.
fn is_twofold(line: &str) -> bool {
    let has_digit = |part: &&str| part.contains(|c: char| c.is_ascii_digit());
    let parts: Vec<&str> = line.split(" / ").collect();
    parts.len() == 2 && parts.iter().filter(|part| has_digit(part)).count() == 1
}

/// `P1 All times are local`: a code and then something else. A dash or bracket goes on with the grade.
fn short_grade(grade: &str) -> &str {
    let Some((first, rest)) = grade.split_once(' ') else { return grade };
    let code = first.len() <= "SEV-1".len() && first.ends_with(|c: char| c.is_ascii_digit());
    if code && rest.trim_start().starts_with(char::is_alphabetic) { first } else { grade }
}
