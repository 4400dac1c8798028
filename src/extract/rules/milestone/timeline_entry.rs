//! # timeline-milestone (M002)
//!
//! ## What it reads
//! The first entry of an explicit timeline whose words state that impact began, that it was noticed, taken, understood;
//! and the last whose words state that impact ended or the incident was closed.
//!
//! ## Why it is believed
//! Timelines are written entry by entry with milestones in mind; their verbs are plain.
//!
//! ## When it declines
//! Entries whose words plan, negate or try; entries without a clock. Timelines made of prose sentences are left to the
//! prose rules.
//!
//! ## Seen in
//! Bulleted lists, tables, headings per time, bold-time paragraphs.

use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::timeline::Entry;
use crate::time::Moment;

pub const RULE: Rule = Rule {
    code: "M002",
    slug: "timeline-milestone",
    source: include_str!("timeline_entry.rs"),
    apply,
    examples: &[
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 The site went down\n- 14:05 First alert fired\n- 14:30 Root cause identified: a bad route\n- 15:00 Service restored for all customers\n- 16:00 Incident closed",
            expect: &[
                "started 2024-01-18T14:00+00:00",
                "detected 2024-01-18T14:05+00:00",
                "identified 2024-01-18T14:30+00:00",
                "mitigated 2024-01-18T15:00+00:00",
                "resolved 2024-01-18T16:00+00:00",
            ],
        },
        Example { text: "## Timeline\n\n- 14:00 We had lunch\n- 15:00 We had tea", expect: &[] },
    ],
};

const STRONG: f32 = 0.75;
const WEAK: f32 = 0.45;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if !reading.timeline.explicit {
        return;
    }
    for kind in MilestoneKind::ALL {
        let last = matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved);
        let Some((at, confidence, entry)) = choose(&reading.timeline.entries, *kind, last) else { continue };
        found.push(Candidate {
            finding: Finding::Milestone(*kind, at),
            confidence,
            evidence: entry.evidence.clone(),
            rule: RULE.code,
        });
    }
}

/// The first (or last) entry with the plainest words.
fn choose(entries: &[Entry], kind: MilestoneKind, last: bool) -> Option<(Moment, f32, &Entry)> {
    for wanted in [Cue::Strong, Cue::Weak] {
        let mut speaking = entries.iter().filter(|e| e.at.clock.is_some() && cue(&e.text, kind) == Some(wanted));
        let entry = if last { speaking.next_back() } else { speaking.next() };
        if let Some(entry) = entry {
            // The end of an entry that spans a while is when its words came true, for milestones that close.
            let at = if last { entry.end.clone().unwrap_or_else(|| entry.at.clone()) } else { entry.at.clone() };
            return Some((at, if wanted == Cue::Strong { STRONG } else { WEAK }, entry));
        }
    }
    None
}
