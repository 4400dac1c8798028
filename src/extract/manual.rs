//! The manual of every rule, from where it is written: the head of the rule's own file and its examples.

use super::policy::POLICIES;
use super::rule::{Example, Rule};
use super::rules;
use crate::domain::Subject;

/// What can be read of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Manual {
    pub code: &'static str,
    pub slug: &'static str,
    /// What it finds.
    pub subjects: Vec<Subject>,
    pub what_it_reads: String,
    pub why_it_is_believed: String,
    pub when_it_declines: String,
    pub seen_in: String,
    /// Anything else that the head of the file says, by its heading.
    pub further: Vec<(String, String)>,
    /// The text with `«»` around the evidence, and what the rule makes of it.
    pub examples: Vec<(&'static str, Vec<&'static str>)>,
}

/// The manuals of all rules, in the order of their codes.
pub fn manuals() -> Vec<Manual> {
    let mut manuals: Vec<Manual> = rules::ALL.iter().map(|rule| of_rule(rule)).collect();
    manuals.extend(POLICIES.iter().map(|p| Manual {
        code: p.code,
        slug: p.slug,
        subjects: subjects(p.code),
        what_it_reads: p.what_it_reads.to_owned(),
        why_it_is_believed: p.why_it_is_believed.to_owned(),
        when_it_declines: p.when_it_declines.to_owned(),
        seen_in: String::new(),
        further: Vec::new(),
        examples: Vec::new(),
    }));
    manuals.sort_by_key(|m| m.code);
    manuals
}

fn of_rule(rule: &Rule) -> Manual {
    let mut sections = sections(rule.source);
    let mut take = |name: &str| match sections.iter().position(|(heading, _)| heading == name) {
        Some(at) => sections.remove(at).1,
        None => String::new(),
    };
    Manual {
        code: rule.code,
        slug: rule.slug,
        subjects: subjects(rule.code),
        what_it_reads: take("What it reads"),
        why_it_is_believed: take("Why it is believed"),
        when_it_declines: take("When it declines"),
        seen_in: take("Seen in"),
        examples: rule.examples.iter().map(|Example { text, expect }| (*text, expect.to_vec())).collect(),
        further: sections,
    }
}

/// Headings and the text below each, paragraphs kept, of the comment that opens a file.
fn sections(source: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim) {
        if let Some(heading) = line.strip_prefix("## ") {
            sections.push((heading.to_owned(), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            let glue = match (line, text.as_str()) {
                ("", "") => "",
                ("", _) => "\n\n",
                (_, before) if before.is_empty() || before.ends_with('\n') => "",
                _ => " ",
            };
            text.push_str(glue);
            text.push_str(line);
        }
    }
    sections.iter_mut().for_each(|(_, text)| text.truncate(text.trim_end().len()));
    sections
}

/// What the rules of a letter find.
fn subjects(code: &str) -> Vec<Subject> {
    use Subject as S;
    let milestones = [S::Started, S::Detected, S::Acknowledged, S::Identified, S::Mitigated, S::Resolved];
    match code.as_bytes() {
        b"override" => S::ALL.iter().copied().filter(|s| super::correction::is_correctable(*s)).collect(),
        b"M005" | b"M006" => vec![S::Started],
        b"C001" => vec![S::Trigger],
        b"C002" => vec![S::Component],
        b"T001" => vec![S::Published],
        b"T002" => vec![S::Date],
        [b'A', ..] => vec![S::Action],
        [b'C', ..] => vec![S::RootCause],
        [b'D', ..] => vec![S::Ttd, S::Tta, S::Tti, S::Ttm, S::Ttr, S::Impact],
        b"T003" | [b'H', ..] => vec![S::Title],
        [b'I', ..] => vec![S::ImpactSentence],
        [b'K', ..] => vec![S::Kind],
        [b'M', ..] => milestones.to_vec(),
        [b'N', ..] => vec![S::Id],
        [b'O', ..] => vec![S::Org],
        [b'P', ..] => vec![S::Provider],
        [b'S', ..] => vec![S::Detection],
        [b'V', ..] => vec![S::Severity],
        [b'W', ..] => vec![S::Service, S::Region],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::extract::Defaults;
    use crate::extract::reading::Reading;
    use crate::source::Format;
    use std::sync::Arc;

    #[test]
    fn every_rule_has_a_manual() {
        for manual in manuals() {
            let code = manual.code;
            assert!(!manual.subjects.is_empty(), "{code} finds nothing");
            let texts = [&manual.what_it_reads, &manual.why_it_is_believed, &manual.when_it_declines];
            assert!(texts.iter().all(|t| t.len() > 10 && !t.contains("//!")), "{code}: {manual:?}");
        }
    }

    #[test]
    fn rules_find_what_their_manual_says() {
        for rule in rules::ALL {
            for example in rule.examples {
                let text: Arc<str> = example.text.replace(['«', '»'], "").into();
                let format = if text.starts_with('{') { Format::Json } else { Format::Markdown };
                let document = document::parse(format, &text, 0..text.len());
                let defaults = Defaults::default();
                let reading = Reading::new(&document, "example.md", &defaults);
                let mut found = Vec::new();
                (rule.apply)(&reading, &mut found);
                for candidate in found {
                    let subject = candidate.finding.subject();
                    assert!(subjects(rule.code).contains(&subject), "{} finds {}", rule.code, subject.name());
                }
            }
        }
    }

    #[test]
    fn paragraphs_of_a_manual_are_kept() {
        let found = sections(
            "//! # x (X001)\n//!\n//! ## A b\n//! one\n//! two\n//!\n//! three\n//!\n//! ## C\n//! d\n\nuse x;\n//! no",
        );
        let expected = [("A b", "one two\n\nthree"), ("C", "d")];
        assert_eq!(found, expected.map(|(h, t)| (h.to_owned(), t.to_owned())));
    }
}
