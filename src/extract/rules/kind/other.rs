//! # kind-other (K012)
//!
//! ## What it reads
//! Titles of pages that folders of reports hold as well: change logs, minutes, handovers, announcements; pages in which
//! nothing fails, and none of a report's parts stands; and sentences that say outright that there was no incident.
//!
//! ## Why it is believed
//! A report cannot do without a word of failure.
//!
//! ## When it declines
//! Titles that speak of failure, pages with a report's parts or a timeline, attacks.
//!
//! ## Seen in
//! Wikis and repositories in which reports lie beside everything else.

use super::Signs;
use crate::domain::{Evidence, Kind, MilestoneKind, Trigger};
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::cause::trigger;
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::extract::vocabulary::{kind_words, lists};
use crate::text::{Regex, lowered};
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "K012",
    slug: "kind-other",
    source: include_str!("other.rs"),
    apply,
    examples: &[
        Example { text: "# «Release notes 2.4»\n\n2024-01-18: fixed a crash.\n", expect: &["kind none"] },
        Example {
            text: "# «New office»\n\nOn 2024-01-18 we moved into the new house. It is bright and near the river, and there is room for all of us.\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Alarm of 2024-01-18\n\n«It was a false alarm, the site was never down.»\n",
            expect: &["kind none"],
        },
        Example {
            text: "# Mailbox full\n\nOn 2024-01-18 from 10:00 to 11:00 UTC the mail of all of us was refused.\n",
            expect: &[],
        },
        Example { text: "# Weekly meeting\n\nOn 2024-01-18 the site went down at 10:04.\n", expect: &[] },
        Example { text: "# Notes\n\nOn 2024-01-18 an attacker used a stolen token.\n", expect: &[] },
        Example { text: "# «Release 4.2»\n\n2024-01-18: errors are shown in red.\n", expect: &["kind none"] },
        Example { text: "# Outage after release notes were posted\n\nOn 2024-01-18 it was slow.\n", expect: &[] },
    ],
};

const CONFIDENCE_TITLE: f32 = 0.7;
const CONFIDENCE_SAID: f32 = 0.75;
/// Nothing speaks for an incident, and nothing else against it.
const CONFIDENCE_SILENT: f32 = 0.5;
const CLOCKS_MAX: usize = 2;

/// A title that is a version and nothing else: "Release 4.2", "v2.3.1".
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:release|version)\s)?v?\d+(?:\.\d+)+(?:[-\s]\(?[\w.]+\)?)?$").expect("a valid regex")
});

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    if lists().failure_words.any(&signs.title) || names_report(&signs.title) || signs.counts.report_sections >= 2 {
        return;
    }
    let mut push = |confidence: f32, evidence: Evidence| {
        found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
    };
    let denied = reading.sentences.iter().find(|s| {
        let early = matches!(reading.section(s.block), Section::Opening | Section::Summary | Section::Impact);
        early && lists().no_incident.any(reading.words(s))
    });
    if let Some(sentence) = denied {
        push(CONFIDENCE_SAID, reading.evidence(sentence.block, sentence.range.clone()));
    }
    let few_clocks = signs.counts.clocks <= CLOCKS_MAX && !reading.timeline.explicit;
    if !few_clocks || reading.document.format.is_data() || happens(reading) {
        return;
    }
    if lists().other_title.any(&signs.title) || VERSION.is_match(&signs.title) {
        push(CONFIDENCE_TITLE, signs.title_evidence.clone());
    } else if is_silent(reading, &signs) {
        push(CONFIDENCE_SILENT, signs.title_evidence.clone());
    }
}

/// No part of a report, no clock, and no word of failure of any kind.
fn is_silent(reading: &Reading<'_>, signs: &Signs<'_>) -> bool {
    let breaks = speech().breaks;
    is_known(reading)
        && signs.counts.report_sections == 0
        && signs.counts.clocks == 0
        && signs.distinct(&lists().failure_words).is_empty()
        && !breaks.is_in(&signs.title)
        && !reading.sentences.iter().any(|s| breaks.is_in(reading.words(s)))
}

/// Is it in a language whose words of failure are known well? Nothing can be told from the silence of others.
fn is_known(reading: &Reading<'_>) -> bool {
    reading.lang.is_some_and(|lang| ["en", "fr", "de", "es", "pt"].contains(&lang))
}

fn names_report(title: &str) -> bool {
    let stem = lowered(title).replace(HYPHEN, "-");
    lists().report_title.any(&stem)
}

/// The hyphen at which no line breaks.
const HYPHEN: char = '\u{2011}';

/// A field of a report, an attack, or a sentence that tells what broke.
fn happens(reading: &Reading<'_>) -> bool {
    let is_labelled =
        reading.labels.iter().any(|l| kind_words().incident_keys.contains(&l.key) && !l.value.trim().is_empty());
    let breaks = |words: &str| cue(words, MilestoneKind::Started) == Some(Cue::Strong);
    is_labelled
        || trigger::told(reading).iter().any(|vote| vote.label == Trigger::Security)
        || reading.sentences.iter().any(|s| reading.section(s.block) != Section::Actions && breaks(reading.words(s)))
}
