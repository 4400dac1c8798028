//! What a reviewer would say of a report before it is filed: each check a named value with its reason, its remedy and
//! examples that run as tests.
//!
//! A check speaks only of what it is sure of: a report is said to lack something when nothing was read *and* nothing in
//! its words could have been meant. Knows nothing of files, the store or how findings are printed.

mod actions;
mod leftovers;
mod missing;
mod times;

use crate::document;
use crate::domain::{Incident, Kind, Span};
use crate::extract::reading::Reading;
use crate::extract::rule::Candidate;
use crate::extract::{Defaults, read_through};
use crate::source::SourceText;
use std::collections::BTreeMap;

/// One thing that is looked at.
pub struct Check {
    /// `R` and three digits, never reused.
    pub code: &'static str,
    /// What it finds, in two or three words.
    pub slug: &'static str,
    pub level: Level,
    /// What it finds, in a sentence.
    pub finds: &'static str,
    /// Why a reader is worse off.
    pub reason: &'static str,
    pub remedy: &'static str,
    /// Reports in which it finds something.
    pub examples: &'static [&'static str],
    /// Reports in which it finds nothing.
    pub counterexamples: &'static [&'static str],
    apply: fn(&Look<'_>, &mut Vec<Hit>),
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Off,
    Note,
    Warning,
    Error,
}

impl Level {
    pub const ALL: &'static [Level] = &[Level::Off, Level::Note, Level::Warning, Level::Error];

    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.name() == text)
    }
}

/// What a check looks at: one incident, its words, and what was read of it.
struct Look<'a> {
    reading: &'a Reading<'a>,
    incident: &'a Incident,
    candidates: &'a [Candidate],
}

/// What a check found; without a place it is about the report as a whole.
struct Hit {
    span: Option<Span>,
    message: String,
}

/// A finding, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub path: String,
    pub check: &'static str,
    pub level: Level,
    /// 1-based; the first line for what is about the report as a whole.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    pub message: String,
    /// The words it is about.
    pub quote: String,
}

/// What was found in one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    pub incidents: usize,
    /// In order of their place.
    pub findings: Vec<Finding>,
}

/// Levels that differ from the checks' own, by code.
pub type Levels = BTreeMap<&'static str, Level>;

/// Every check, in the order of the manual.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [times::CHECKS, missing::CHECKS, actions::CHECKS, leftovers::CHECKS].into_iter().flatten()
}

/// The check of this code or name, in any case.
pub fn named(name: &str) -> Option<&'static Check> {
    all().find(|c| c.code.eq_ignore_ascii_case(name) || c.slug.eq_ignore_ascii_case(name))
}

/// More findings of one check in one incident say no more.
const HITS_MAX: usize = 50;

/// More of a quote stands in the document.
const QUOTE_CHARS_MAX: usize = 160;

/// Looks at every incident of an input. A document that reports none gives no finding.
pub fn check(input: &SourceText, defaults: &Defaults, levels: &Levels) -> Checked {
    let lines = Lines::new(&input.text);
    let mut checked = Checked::default();
    for document in document::documents(input) {
        let looked = read_through(&document, &input.below, defaults, |reading, candidates, incident| {
            let is_report = incident.kind == Some(Kind::Incident);
            is_report.then(|| findings(&Look { reading, incident: &incident, candidates }, input, &lines, levels))
        });
        for findings in looked.into_iter().flatten() {
            checked.incidents += 1;
            checked.findings.extend(findings);
        }
    }
    checked.findings.sort_by(|a, b| (a.line, a.column, a.check).cmp(&(b.line, b.column, b.check)));
    checked
}

fn findings(look: &Look<'_>, input: &SourceText, lines: &Lines<'_>, levels: &Levels) -> Vec<Finding> {
    let mut findings = Vec::new();
    // What is about a part as a whole stands at its heading, or, of a row of a table, where it begins.
    let part = &look.reading.document.range;
    let blank = input.text.get(part.clone()).and_then(|text| text.find(|c: char| !c.is_whitespace())).unwrap_or(0);
    // The names of its columns stand elsewhere.
    let heading = look.reading.blocks().map(|(_, block)| block.span.start).find(|start| part.contains(start));
    let start = heading.unwrap_or(part.start + blank);
    for check in all() {
        let level = levels.get(check.code).copied().unwrap_or(check.level);
        if level == Level::Off {
            continue;
        }
        let mut hits = Vec::new();
        (check.apply)(look, &mut hits);
        for hit in hits.into_iter().take(HITS_MAX) {
            let span = hit.span.clone().unwrap_or(start..start);
            let (line, column) = lines.place(span.start);
            let quote = hit.span.and_then(|s| input.text.get(s)).unwrap_or("").lines().next().unwrap_or("");
            findings.push(Finding {
                path: input.path.clone(),
                check: check.code,
                level,
                line,
                column,
                message: hit.message,
                quote: quote.chars().take(QUOTE_CHARS_MAX).collect(),
            });
        }
    }
    findings
}

/// The line of a text that a byte stands in.
fn line_at(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
    text.get(start..).and_then(|t| t.lines().next()).unwrap_or("")
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Lines { text, starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Line and column of a byte, both from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|s| *s <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        (line, self.text.get(start..at).map_or(0, |t| t.chars().count()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;
    use std::collections::BTreeSet;

    fn codes(text: &str) -> BTreeSet<&'static str> {
        let checked = check(&source::from_bytes("a.md", text.as_bytes()), &Defaults::default(), &Levels::new());
        checked.findings.iter().map(|f| f.check).collect()
    }

    #[test]
    fn checks_find_what_their_examples_say() {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for check in all() {
            if !seen.insert(check.code) || !seen.insert(check.slug) {
                wrong.push(format!("{} is there twice", check.code));
            }
            if check.examples.is_empty() || check.counterexamples.is_empty() {
                wrong.push(format!("{}: needs an example and a counterexample", check.code));
            }
            for text in check.examples.iter().filter(|t| !codes(t).contains(check.code)) {
                wrong.push(format!("{} finds nothing in {text:?}", check.code));
            }
            for text in check.counterexamples.iter().filter(|t| codes(t).contains(check.code)) {
                wrong.push(format!("{} finds something in {text:?}", check.code));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn findings_have_a_place_and_levels_can_be_changed() {
        let text = "# Shop down\n\nOn 2025-03-02 at 10:00 UTC it failed. Ärger: TBD.\n";
        let input = source::from_bytes("a.md", text.as_bytes());
        let found = |levels: &Levels| check(&input, &Defaults::default(), levels).findings;
        let placeholder = found(&Levels::new()).into_iter().find(|f| f.check == "R401").unwrap();
        assert_eq!((placeholder.line, placeholder.column, placeholder.quote.as_str()), (3, 46, "TBD"));
        let off = Levels::from([("R401", Level::Off), ("R104", Level::Error)]);
        assert!(found(&off).iter().all(|f| f.check != "R401"));
        assert!(found(&off).iter().any(|f| f.check == "R104" && f.level == Level::Error));
    }
}
