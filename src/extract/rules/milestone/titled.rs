//! # titled-range (M013)
//!
//! ## What it reads
//! From when to when it lasted, or from when and how long, as the heading of the incident says: "2024-01-18,
//! 14:05–15:10 UTC: search down", "11 October 2024, 08:52 UTC (lasting 2 hours)", "mail down from 4 to 6 March".
//!
//! ## Why it is believed
//! A heading names the incident as a whole; two clocks or days in it can hardly be anything else.
//!
//! ## When it declines
//! Headings with one clock or day and no end, headings of planned work, and all headings but the first.
//!
//! ## Seen in
//! Logs of incidents, titles of short reports and of posts.

use crate::document::BlockKind;
use crate::domain::MilestoneKind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::is_planned;
use crate::time::duration;

pub const RULE: Rule = Rule {
    code: "M013",
    slug: "titled-range",
    source: include_str!("titled.rs"),
    apply,
    examples: &[
        Example {
            text: "# Search down, 2024-01-18 14:05 - 15:10 UTC\n\nThe disk was full.\n",
            expect: &["started 2024-01-18T14:05+00:00", "mitigated 2024-01-18T15:10+00:00"],
        },
        Example {
            text: "# «2024-01-18 14:05 UTC (lasting 2 hours)»\n\nThe disk was full.\n",
            expect: &["started 2024-01-18T14:05+00:00"],
        },
        Example { text: "# Search down, 2024-01-18 14:05 UTC\n\nThe disk was full.\n", expect: &[] },
        Example {
            text: "# Mail down from 4 to 6 March 2019\n\nThe disk was full.\n",
            expect: &["started 2019-03-04", "mitigated 2019-03-06"],
        },
        Example { text: "# Mail down on 4 March 2019\n\nThe disk was full.\n", expect: &[] },
        Example { text: "# Planned work, 2024-01-18 14:05 - 15:10 UTC\n\nSearch will be down.\n", expect: &[] },
        Example { text: "# Search down\n\n## 2024-01-18 14:05 - 15:10 UTC\n\nThe disk was full.\n", expect: &[] },
    ],
};

/// Less than what a sentence tells of impact.
const CONFIDENCE: f32 = 0.7;
/// A day says less than any clock.
const CONFIDENCE_DAYS: f32 = 0.5;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let is_heading = |kind: &BlockKind| matches!(kind, BlockKind::Heading { .. });
    let Some((index, block)) = reading.blocks().find(|(_, block)| is_heading(&block.kind)) else { return };
    let stamps = reading.timing.of_block(index);
    let mut clocked = stamps.iter().filter(|s| s.at.clock.is_some());
    let (only, confidence) = match (clocked.next(), clocked.next(), stamps) {
        (Some(only), None, _) => (only, CONFIDENCE),
        (None, _, [only]) if only.end.is_some() => (only, CONFIDENCE_DAYS),
        _ => return,
    };
    let lasts = only.end.is_some() || !duration::read(&block.text).is_empty();
    if !lasts || is_planned(&block.text) {
        return;
    }
    let start = Some((MilestoneKind::Started, only.at.clone()));
    let end = only.end.clone().map(|end| (MilestoneKind::Mitigated, end));
    for (kind, at) in start.into_iter().chain(end) {
        let (finding, evidence) = (Finding::Milestone(kind, at), reading.evidence(index, 0..block.text.len()));
        found.push(Candidate { finding, confidence, evidence, rule: RULE.code });
    }
}
