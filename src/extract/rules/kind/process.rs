//! # kind-process (K003)
//!
//! ## What it reads
//! A title that names a guide, a process, a plan or a runbook, and words that instruct the reader ("you should", "in
//! case of").
//!
//! ## Why it is believed
//! A report tells what happened; a process tells what to do.
//!
//! ## When it declines
//! Documents with a dated timeline, and titles in which the word stands for what broke ("Failure of the failover
//! plan").
//!
//! ## Seen in
//! Handbooks beside reports: incident response, on-call, severity definitions, runbooks.

use super::Signs;
use super::about::is_dated;
use crate::domain::Kind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::lists;
use crate::text::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "K003",
    slug: "kind-process",
    source: include_str!("process.rs"),
    apply,
    examples: &[
        Example { text: "# «How to handle a full disk»\n\nLog in and remove old files.\n", expect: &["kind none"] },
        Example { text: "# «Outage and incident runbook»\n\nLog in and remove old files.\n", expect: &["kind none"] },
        Example {
            text: "# Full disks\n\n«If you» see this alert, you should run the following. Make sure to escalate. \
                   The incident commander decides in case of doubt.\n",
            expect: &["kind none"],
        },
        Example { text: "# Outage during the failover process\n\nAt 10:04 it was down.\n", expect: &[] },
        Example { text: "# Disk full\n\nAt 10:04 the disk was full. At 10:30 it was not.\n", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.8;
const CONFIDENCE_TITLE_CLOCKS: f32 = 0.5;
const CONFIDENCE_WORDS: f32 = 0.55;
const CONFIDENCE_STEP: f32 = 0.06;
const CONFIDENCE_MAX: f32 = 0.85;
const PHRASES_MIN: usize = 4;
const CLOCKS_MAX: usize = 3;

/// "Outage during the failover process": what failed, and when.
static RELATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:of|in|on|at|by|to|for|from|with|after|before|during|due|caused|while)\b")
        .expect("a valid regex")
});

/// "for mails about …", "on how to …".
static PURPOSE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^ (?:for|on how|about|to) ").expect("a valid regex"));

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    let mut push = |confidence: f32, evidence| {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    };
    let named = lists().process_title.find(&signs.title);
    let failed = lists().failure_words.find(&signs.title);
    // "Incident response plan" is a process, "Failure of the deployment process" a report.
    let guide = named.first().is_some_and(|n| n.range.start == 0 || failed.iter().all(|f| n.range.start > f.range.end))
        && !failed.iter().any(|f| named.iter().all(|n| f.range.start < n.range.start) && failed.len() > 1);
    // "Downtime and incident management runbook": what comes last is what it is.
    let is_last = named.last().is_some_and(|n| signs.title.trim_end().len() == n.range.end);
    let begins = named.first().is_some_and(|n| n.range.start == 0);
    // "Guidelines for mails about an outage": what they are for stands behind them.
    let leads = named.first().is_some_and(|n| {
        let before = failed.iter().all(|f| f.range.start > n.range.start);
        before && signs.title.get(n.range.end..).is_some_and(|rest| PURPOSE.is_match(rest))
    });
    let is_story = !begins && !leads && !failed.is_empty() && RELATES.is_match(&signs.title);
    // "Runbook: payments fail" has the parts of a report, and no day.
    let is_general = || signs.counts.report_sections < 3 || !is_dated(reading, &BTreeSet::new());
    let is_instructing = || lists().runbook_title.any(&signs.title);
    if (guide || is_last || leads || is_instructing()) && !is_story && is_general() {
        let told = signs.counts.clocks > CLOCKS_MAX;
        push(if told { CONFIDENCE_TITLE_CLOCKS } else { CONFIDENCE_TITLE }, signs.title_evidence.clone());
        return;
    }
    let phrases = signs.distinct(&lists().process_phrases);
    if phrases.len() >= PHRASES_MIN && signs.counts.clocks <= CLOCKS_MAX && signs.counts.report_sections < 2 {
        let more = (phrases.len() - PHRASES_MIN) as f32;
        push((CONFIDENCE_WORDS + CONFIDENCE_STEP * more).min(CONFIDENCE_MAX), signs.evidence(&phrases));
    }
}
