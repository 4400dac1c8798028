//! # kind-maintenance (K004)
//!
//! ## What it reads
//! A title that announces planned work, a field that marks it (`maintenance: true`), and words of announcement: "will
//! be unavailable", "is scheduled for".
//!
//! ## Why it is believed
//! An announcement speaks of the future; an incident was not planned.
//!
//! ## When it declines
//! Titles that speak of failure ("Outage after maintenance") and documents that tell a root cause.
//!
//! ## Seen in
//! Blogs and status pages that carry notices and reports side by side.

use super::Signs;
use crate::domain::Kind;
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::vocabulary::{kind_words, lists};

pub const RULE: Rule = Rule {
    code: "K004",
    slug: "kind-maintenance",
    source: include_str!("maintenance.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Planned maintenance on 4 May»\n\nThe shop will be unavailable from 22:00.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Move to new servers\n\nThe move «is scheduled for» Sunday. Mail will be offline for an hour.\n",
            expect: &["kind none"],
        },
        Example {
            text: "---\ntitle: New certificates\nmaintenance: «true»\n---\n\nEvery service gets its own.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# «メンテナンスのお知らせ»\n\n6月8日 22:00から作業を実施いたします。\n",
            expect: &["kind none"],
        },
        Example { text: "# Maintenance of the mail hosts went wrong\n\nMail bounced.\n", expect: &[] },
        Example { text: "# Outage during planned maintenance\n\nThe shop was down.\n", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.85;
const CONFIDENCE_TITLE_MOVED: f32 = 0.6;
const CONFIDENCE_WORDS: f32 = 0.4;
const CONFIDENCE_STEP: f32 = 0.12;
const CONFIDENCE_MAX: f32 = 0.85;

const PHRASES_MIN: usize = 2;
const PHRASES_MIN_FAILED: usize = 3;

/// An announcement is dense with its words.
const WORDS_A_PHRASE: usize = 120;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let field = |l: &&Label| l.form == LabelForm::Field && kind_words().announced_keys.contains(&l.key);
    if let Some(field) = reading.labels.iter().filter(field).find(|l| l.value.trim().eq_ignore_ascii_case("true")) {
        let evidence = vec![field.evidence.clone()];
        found.push(Candidate {
            finding: Finding::Kind(Kind::None),
            confidence: CONFIDENCE_TITLE,
            evidence,
            rule: RULE.code,
        });
        return;
    }
    let signs = Signs::of(reading);
    let explained = reading.blocks().any(|(i, _)| reading.section(i) == Section::RootCause);
    let title = signs.title.to_lowercase();
    let unplanned = lists().failure_words.find(&title);
    let announced = lists().maintenance_title.find(&title);
    let troubled = title.split(|c: char| !c.is_alphanumeric()).any(|w| kind_words().trouble.contains(w));
    let failed = troubled
        || unplanned
            .iter()
            .any(|f| !announced.iter().any(|a| a.range.start <= f.range.start && f.range.end <= a.range.end));
    let phrases = signs.distinct(&lists().maintenance_phrases);
    let mut push = |confidence: f32, evidence| {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    };
    if !announced.is_empty() && !failed {
        let sure = !phrases.is_empty() && !explained;
        push(if sure { CONFIDENCE_TITLE } else { CONFIDENCE_TITLE_MOVED }, signs.title_evidence.clone());
        return;
    }
    // A power cut may be announced as well; enough words of announcement outweigh a word of failure in the title.
    let enough = phrases.len() >= if failed { PHRASES_MIN_FAILED } else { PHRASES_MIN };
    let dense = phrases.len() * WORDS_A_PHRASE >= signs.counts.words;
    if enough && dense && !explained && signs.counts.report_sections < 2 {
        let confidence = CONFIDENCE_WORDS + CONFIDENCE_STEP * phrases.len() as f32;
        push(confidence.min(CONFIDENCE_MAX), signs.evidence(&phrases));
    }
}
