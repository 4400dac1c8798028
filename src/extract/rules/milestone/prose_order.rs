//! # milestone-in-order (M012)
//!
//! ## What it reads
//! Clauses of the prose beside a clock that state no milestone in so many words: the first that speaks of failure, the
//! first after it that speaks of somebody noticing or of something found out, or learnt to be broken, the last that
//! speaks of things being as they should. Where none speaks of failure, the first of all is the start, if a later one
//! states what came of it.
//!
//! ## Why it is believed
//! A story is told in its order. Which words it uses is open, so single words decide, and only where no clause states
//! the milestone.
//!
//! ## When it declines
//! Clauses that deny or try what they speak of, or plan it; a remedy as the start; comments and actions; reports with a
//! timeline, which has its own order; the end in those whose last update says that more will come.
//!
//! ## Seen in
//! Mails, blog posts, opening paragraphs: "froze at 9:10", "a colleague mentioned it at 9:40", "all was well by noon".

use super::prose_cue::{Told, stated, told};
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::is_unended;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::{Phrases, speech};
use crate::extract::turns::Turns;

pub const RULE: Rule = Rule {
    code: "M012",
    slug: "milestone-in-order",
    source: include_str!("prose_order.rs"),
    apply,
    examples: &[
        Example {
            text: "On 2024-01-18 the file server froze at 14:05 UTC. A colleague mentioned it at 14:20 UTC. \
                   From 15:30 UTC on it worked.",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "detected 2024-01-18T14:20+00:00",
                "mitigated 2024-01-18T15:30+00:00",
                "resolved 2024-01-18T15:30+00:00",
            ],
        },
        Example {
            text: "On 2024-01-18 the file server went down at 14:05 UTC. By 14:40 UTC it showed that a fan had \
                   died. It was restored at 15:30 UTC.",
            expect: &["identified 2024-01-18T14:40+00:00"],
        },
        Example {
            text: "On 2024-01-18 at 14:05 UTC we restarted it. At 15:30 UTC service was fully restored.",
            expect: &[],
        },
        Example {
            text: "Am 18.01.2024 um 14:05 UTC fiel der Dateiserver aus. Um 15:30 UTC war er noch nicht behoben; er wird \
                   voraussichtlich um 17:00 UTC wieder funktionieren.",
            expect: &[],
        },
        Example { text: "On 2024-01-18 at 14:05 UTC we had lunch, and at 15:30 UTC tea.", expect: &[] },
    ],
};

/// Enough to be believed where nothing else speaks.
const IN_ORDER: f32 = 0.5;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    use MilestoneKind::{Detected, Identified, Mitigated, Resolved, Started};
    if reading.timeline.explicit {
        return;
    }
    let told = told(reading);
    // Days are told in passing more often than clocks: of them only a later one ends the story.
    let of_days = told.iter().all(|t| t.stamp.at.clock.is_none());
    let story = Story { stated: told.iter().map(|t| stated(t).collect()).collect(), told: &told };
    let mut propose = |kind: MilestoneKind, told: Option<&Told<'_>>| {
        found.extend(told.map(|told| Candidate {
            finding: Finding::Milestone(kind, told.stamp.at.clone()),
            confidence: IN_ORDER,
            evidence: reading.evidence(told.block, told.clause.clone()),
            rule: RULE.code,
        }));
    };
    // A story breaks before anybody notices, and is understood before it ends.
    let ends = [Mitigated, Resolved];
    let known = story.first(&[Detected, Identified, Mitigated, Resolved]);
    if !story.states(&[Started]) && (!of_days || known.is_some()) {
        propose(Started, story.opening(known));
    }
    let begins = story.first(&[Started]).unwrap_or(0);
    if !story.states(&[Detected]) && !of_days {
        propose(Detected, story.noticing(begins, story.first(&[Identified, Mitigated, Resolved])));
    }
    if !story.states(&[Identified]) && !of_days {
        let (until, finds) = (story.first(&ends), speech().finds_out);
        propose(Identified, story.next(begins, until, finds).or_else(|| story.finding(begins, until)));
    }
    if !story.states(&ends) && !reading.timeline.goes_on() {
        let end = story.closing(story.last(&[Started, Detected, Identified]).map_or(0, |at| at + 1));
        let first = told.first().map(|t| &t.stamp.at);
        let is_later = |end: &&Told<'_>| first.and_then(|f| end.stamp.at.span_since(f)).is_some_and(|m| m > 0);
        // With what it began it did not end.
        let opens = |end: &Told<'_>| story.opening(known).is_some_and(|opening| opening.stamp.at == end.stamp.at);
        let end = end.filter(|end| is_later(end) || !of_days && !opens(end));
        propose(Mitigated, end);
        propose(Resolved, end);
    }
}

/// The clocks of a report in its order, and the milestones that the clause of each states.
struct Story<'t, 'r> {
    told: &'t [Told<'r>],
    stated: Vec<Vec<MilestoneKind>>,
}

impl<'t, 'r> Story<'t, 'r> {
    /// Where a clause states one of some milestones first.
    fn first(&self, of: &[MilestoneKind]) -> Option<usize> {
        self.stated.iter().position(|stated| stated.iter().any(|kind| of.contains(kind)))
    }

    /// Where one does last.
    fn last(&self, of: &[MilestoneKind]) -> Option<usize> {
        self.stated.iter().rposition(|stated| stated.iter().any(|kind| of.contains(kind)))
    }

    fn states(&self, of: &[MilestoneKind]) -> bool {
        self.first(of).is_some()
    }

    /// The clauses of a part of the story that state nothing.
    fn loose(&self, begin: usize, end: usize) -> impl DoubleEndedIterator<Item = &'t Told<'r>> {
        let part = self.told.iter().zip(&self.stated).take(end).skip(begin);
        part.filter(|(_, stated)| stated.is_empty()).map(|(told, _)| told)
    }

    /// The clause in which it broke; failing words, the first of a story that goes on to state something.
    fn opening(&self, end: Option<usize>) -> Option<&'t Told<'r>> {
        let opens = |told: &&Told<'_>| !speech().by.is_in(told.before);
        let breaks = |told: &&Told<'_>| opens(told) && speech().breaks.is_in(told.words);
        let later = [speech().notices, speech().finds_out, speech().is_well, speech().remedies];
        let may = |told: &&Told<'_>| opens(told) && !later.iter().any(|words| words.is_in(told.words));
        let first = || self.loose(0, end?.min(1)).find(may);
        self.loose(0, end.unwrap_or(self.told.len())).find(breaks).or_else(first)
    }

    /// The first clause of a part of the story that has some words.
    fn next(&self, begin: usize, end: Option<usize>, words: Phrases) -> Option<&'t Told<'r>> {
        self.loose(begin, end.unwrap_or(self.told.len())).find(|told| says(told, words))
    }

    /// The first clause of a part of the story in which somebody notices: "a seller wrote that nothing could be listed"
    /// denies nothing of it.
    fn noticing(&self, begin: usize, end: Option<usize>) -> Option<&'t Told<'r>> {
        let notices = |told: &&Told<'_>| {
            let until = speech().notices.first_end(told.words).and_then(|end| told.words.get(..end));
            until.is_some_and(|words| !speech().denied.is_in(words)) && !speech().unnoticed.is_in(told.words)
        };
        self.loose(begin, end.unwrap_or(self.told.len())).find(notices)
    }

    /// The first clause of a part of the story in which somebody learns of a defect.
    fn finding(&self, begin: usize, end: Option<usize>) -> Option<&'t Told<'r>> {
        let finds = |told: &&Told<'_>| !speech().closes.is_in(told.before) && Turns::of(told.words).are_finding();
        self.loose(begin, end.unwrap_or(self.told.len())).find(finds)
    }

    /// The last clause from there on in which things are as they should.
    fn closing(&self, begin: usize) -> Option<&'t Told<'r>> {
        let ends = |told: &&Told<'_>| {
            says(told, speech().is_well) && !speech().aftermath.is_in(told.words) && !is_unended(told.words)
        };
        self.loose(begin, self.told.len()).rfind(ends)
    }
}

/// Whether a clause has some words and nothing that takes them back.
fn says(told: &Told<'_>, words: Phrases) -> bool {
    words.is_in(told.words) && !speech().denied.is_in(told.words)
}
