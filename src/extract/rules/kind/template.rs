//! # kind-template (K001)
//!
//! ## What it reads
//! A title that says "template", and placeholders and instructions: `YYYY-MM-DD`, `[title]`, `{{ name }}`,
//! "describe how the issue was found".
//!
//! ## Why it is believed
//! A form that still asks has not been filled in.
//!
//! ## When it declines
//! Reports that kept a few leftovers of their template: they carry clocks, the form doesn't.
//!
//! ## Seen in
//! Folders of reports that ship their own template.

use super::Signs;
use super::about::is_dated;
use crate::domain::Kind;
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::{kind_words, lists};
use crate::text::{Marks, Regex};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "K001",
    slug: "kind-template",
    source: include_str!("template.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Incident report template»\n\n## Summary\n\nDescribe what happened.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# «[Title]»\n\nDate: YYYY-MM-DD\n\nDescribe how the incident was detected.\n\nStart: HH:MM\n",
            expect: &["kind none"],
        },
        Example {
            text: "---\nname: Post-mortem\nabout: «A report of an outage»\nlabels: outage\n---\n\n### What is wrong?\n",
            expect: &["kind none"],
        },
        Example { text: "# Disk full\n\nAt 10:04 the disk was full. At 10:30 it was not.\n", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.9;
const CONFIDENCE_BASE: f32 = 0.5;
const CONFIDENCE_STEP: f32 = 0.1;
const CONFIDENCE_MAX: f32 = 0.95;
/// A template that somebody filled in tells more times.
const CLOCKS_A_TEMPLATE: usize = 4;

const PLACEHOLDERS_MIN: usize = 3;

/// So many clocks outweigh one placeholder.
const CLOCKS_A_PLACEHOLDER: usize = 3;

/// More blanks tell nothing new.
const BLANKS_MAX: usize = 10;

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\{\{[^}\n]{2,60}\}\}|\[[A-Z][\w ,/'’-]{2,60}\](?:[^(\[]|$)|<[A-Za-z](?:[\w ,;/'’.?–-]|: ){2,120}>|\.\.\.\s*$|…\s*$|_{4,}",
    )
    .expect("a valid regex")
});

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    let mut push = |confidence: f32, evidence| {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    };
    if let Some(field) = issue_form(reading) {
        push(CONFIDENCE_TITLE, vec![field.evidence.clone()]);
        return;
    }
    // "TEMPLATE-incident.md".
    let name = reading.path.rsplit('/').next().unwrap_or("").replace(['-', '_', '.'], " ").to_lowercase();
    let stem = name.rsplit_once(' ').map_or("", |(stem, _)| stem);
    let known =
        |w: &str| w.is_empty() || kind_words().template_names.contains(w) || kind_words().beside_template.contains(w);
    let named = stem.split(' ').any(|w| kind_words().template_names.contains(w)) && stem.split(' ').all(known);
    if named && signs.counts.clocks < CLOCKS_A_TEMPLATE {
        push(CONFIDENCE_TITLE, signs.title_evidence.clone());
        return;
    }
    let asks = signs.distinct(&lists().template_phrases);
    let titled =
        lists().template_title.any(&signs.title) || has_marks(&signs.title) && PLACEHOLDER.is_match(&signs.title);
    // A sample of a timeline has clocks and no day.
    let sampled = || signs.counts.clocks < CLOCKS_A_TEMPLATE || !is_dated(reading, &BTreeSet::new());
    if titled && lists().template_title.any(&signs.title) && sampled() {
        push(CONFIDENCE_TITLE, signs.title_evidence.clone());
        return;
    }
    let blanks = reading.blocks().filter(|(_, b)| has_blank(&b.text)).take(BLANKS_MAX).count();
    let asking = asks.len() + blanks + usize::from(titled);
    let balance = asking.saturating_sub(signs.counts.clocks / CLOCKS_A_PLACEHOLDER);
    // A form asks throughout; one "e.g." in a long report is none.
    let dense = asking * 120 >= signs.counts.words;
    if balance >= PLACEHOLDERS_MIN && dense {
        let more = (balance - PLACEHOLDERS_MIN) as f32;
        push((CONFIDENCE_BASE + CONFIDENCE_STEP * (1.0 + more)).min(CONFIDENCE_MAX), signs.evidence(&asks));
    }
}

/// The field that says what a form for issues is about, as trackers keep such forms.
fn issue_form<'r>(reading: &'r Reading<'_>) -> Option<&'r Label> {
    let field = |key: &str| reading.labels.iter().find(|l| l.form == LabelForm::Field && l.key == key);
    field("about").filter(|_| field("name").is_some() && field("date").is_none())
}

/// A placeholder, but not a line that is nothing but words in brackets: updates are headed so ("[Final message]").
fn has_blank(text: &str) -> bool {
    has_marks(text)
        && PLACEHOLDER.find_iter(text).any(|found| {
            let line_start = text.get(..found.start()).is_none_or(|before| before.is_empty() || before.ends_with('\n'));
            !(found.as_str().starts_with('[') && line_start)
        })
}

const MARKS: Marks<5> =
    Marks { near: [(b'{', b'{'), (b'[', b'['), (b'<', b'<'), (b'.', b'.'), (b'_', b'_')], far: true };

/// Does it hold what every placeholder has? Told before the pattern is compiled, which is large.
fn has_marks(text: &str) -> bool {
    let bytes = text.as_bytes();
    let rest = |at: usize| bytes.get(at..).unwrap_or_default();
    MARKS.places(text).any(|at| match bytes.get(at) {
        Some(b'.') => rest(at).starts_with(b"..."),
        Some(b'_') => rest(at).starts_with(b"____"),
        Some(0x80..) => rest(at).starts_with("…".as_bytes()),
        _ => true,
    })
}
