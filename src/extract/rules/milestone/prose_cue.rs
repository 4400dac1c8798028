//! # told-milestone (M004)
//!
//! ## What it reads
//! A clause of the prose that names a milestone beside a clock: "errors began at 14:05", "we were alerted at 14:10",
//! "the issue was resolved by 15:30", "nobody noticed until 14:10".
//!
//! ## Why it is believed
//! A reporting verb beside a clock states what happened then.
//!
//! ## When it declines
//! Clauses that plan or negate; times that lead an entry of the timeline (they have a rule of their own); comments
//! and actions.
//!
//! ## Seen in
//! Blog posts, provider summaries, opening paragraphs of reports with a timeline.

use crate::domain::{MilestoneKind, Span};
use crate::extract::milestone_words::{Cue, cue};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::{is_planned, joints, speaks_of_impact, speech};
use crate::extract::timing::Stamp;
use crate::time::tail;

pub const RULE: Rule = Rule {
    code: "M004",
    slug: "told-milestone",
    source: include_str!("prose_cue.rs"),
    apply,
    examples: &[
        Example {
            text: "Orders failed on 2024-03-12. «Nobody noticed until 08:40 UTC.» Then we looked.",
            expect: &["detected 2024-03-12T08:40+00:00"],
        },
        Example {
            text: "Orders failed on 2024-03-12. «It took us until 08:40 UTC to understand why.» Then we slept.",
            expect: &["identified 2024-03-12T08:40+00:00"],
        },
        Example {
            text: "On 2024-01-18 the API went down at 14:05 UTC. The issue was resolved at 15:30 UTC.",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "mitigated 2024-01-18T15:30+00:00",
                "resolved 2024-01-18T15:30+00:00",
            ],
        },
        Example {
            text: "«Exports began to fail on 3 March 2026.» «We were alerted on 6 March 2026.»",
            expect: &["started 2026-03-03", "detected 2026-03-06"],
        },
        Example {
            text: "On 2024-01-18 the site went down at 14:05 UTC and was restored at 15:30 UTC. All refunds were issued by 18:00 UTC.",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "mitigated 2024-01-18T15:30+00:00",
                "mitigated 2024-01-18T18:00+00:00",
            ],
        },
        Example {
            text: "On 2024-01-18 the API went down at 14:05 UTC. It was found that a fan had died, and spare parts came \
                   in at 15:40 UTC. During a scheduled maintenance window we lost connectivity at 15:50 UTC. Once it \
                   was replaced it took long to start and the API was restored by 17:00 UTC.",
            expect: &[
                "started 2024-01-18T14:05+00:00",
                "started 2024-01-18T15:50+00:00",
                "mitigated 2024-01-18T17:00+00:00",
            ],
        },
        Example { text: "On 2024-01-18 at 14:05 UTC we had lunch.", expect: &[] },
    ],
};

fn weight(section: Section) -> Option<f32> {
    Some(match section {
        Section::Opening | Section::Summary => 0.72,
        Section::Impact | Section::Detection | Section::Resolution => 0.68,
        Section::Other | Section::RootCause => 0.6,
        // Told by an entry in passing: its own time comes first.
        Section::Timeline => 0.46,
        Section::Lessons | Section::Appendix | Section::Actions | Section::Comments => return None,
    })
}

/// How far before a clock the word that tells what it is may stand.
const WORDS_BEFORE_CHARS: usize = 60;

/// What a status update says happened, and what a later one is worth more.
const POSTED: f32 = 0.72;
const LATER: f32 = 0.06;

/// What the place of a clock alone is worth beside a statement.
const POSITIONED_SHARE: f32 = 0.99;

/// What is told of the time after the end is worth less than half a word of the end.
const AFTERMATH_SHARE: f32 = 0.59;

/// What a day is worth beside a clock.
const DAYS_SHARE: f32 = 0.8;

/// A weak cue in prose is half a guess.
const WEAK_SHARE: f32 = 0.6;

/// A clock of the prose with the words that belong to it.
pub(super) struct Told<'r> {
    pub stamp: &'r Stamp,
    pub block: usize,
    pub clause: Span,
    /// The clause itself.
    pub words: &'r str,
    /// What stands before the clock in its sentence.
    pub before: &'r str,
    /// Whether the sentence speaks of impact.
    impact: bool,
    /// "Nobody knew until 08:40", "it took until 08:40 to understand": the clock is that of noticing, of a cause found,
    /// and no end.
    known: Option<MilestoneKind>,
    section: Section,
    /// How much a statement in such a place is worth.
    weight: f32,
}

/// The clocks of the prose, in the order of the document: those of ranges, of plans, and those that lead an entry of
/// the timeline left out.
pub(super) fn told<'r>(reading: &'r Reading<'_>) -> Vec<Told<'r>> {
    let mut found = Vec::new();
    // Days count where no clock is told.
    let is_clocked = |s: &Stamp| s.at.clock.is_some() && reading.section(s.block) != Section::Comments;
    let of_days = !reading.timing.stamps.iter().any(is_clocked);
    for sentence in &reading.sentences {
        let section = reading.section(sentence.block);
        let Some(weight) = weight(section) else { continue };
        let weight = if of_days { weight * DAYS_SHARE } else { weight };
        let recency = reading.timeline.recency(reading, sentence.block);
        let weight = recency.map_or(weight, |r| POSTED + r * LATER);
        let text = reading.text(sentence.block);
        let counts = |s: &Stamp| s.at.clock.is_some() || of_days && reading.timing.is_told_day(s);
        let told = |s: &&Stamp| counts(s) && !reading.timeline.is_lead(sentence.block, &s.span);
        let stamps: Vec<&Stamp> = reading.timing.within(sentence.block, &sentence.range).filter(told).collect();
        for (i, stamp) in stamps.iter().enumerate().filter(|(_, stamp)| stamp.end.is_none()) {
            let previous = i.checked_sub(1).and_then(|p| stamps.get(p)).map(|s| s.span.end);
            let next = stamps.get(i + 1).map(|s| s.span.start);
            let clause = clause(text, &sentence.range, &stamp.span, previous, next);
            let words = text.get(clause.clone()).unwrap_or("");
            if is_planned(words) {
                continue;
            }
            let before = text.get(sentence.range.start..stamp.span.start).unwrap_or("");
            let before = tail(before, WORDS_BEFORE_CHARS);
            let impact = speaks_of_impact(reading.words(sentence));
            let known = known_from(before, words);
            found.push(Told { stamp, block: sentence.block, clause, words, before, impact, known, section, weight });
        }
    }
    found
}

/// What was known only from the clock on that its clause tells.
fn known_from(before: &str, words: &str) -> Option<MilestoneKind> {
    let until = [(speech().unnoticed, MilestoneKind::Detected), (speech().unexplained, MilestoneKind::Identified)];
    until.iter().find(|(phrases, _)| phrases.is_in(words)).filter(|_| speech().closes.is_in(before)).map(|(_, k)| *k)
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let goes_on = reading.timeline.goes_on();
    for told in told(reading) {
        let ends = stated(&told).any(|kind| matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved));
        for kind in MilestoneKind::ALL {
            let Some((cue, share)) = said(&told, *kind) else { continue };
            // "error rates returned to normal": a word of failure beside the end is not the start.
            if *kind == MilestoneKind::Started && cue == Cue::Weak && ends {
                continue;
            }
            let end = matches!(kind, MilestoneKind::Mitigated | MilestoneKind::Resolved);
            let opens = *kind == MilestoneKind::Started;
            // "since 11:40", "until 15:00": the clock is one of impact, whatever else the words tell.
            let passing = told.section == Section::Timeline;
            let bounds = passing && speech().opens.is_in(told.before)
                || speech().closes.is_in(told.before) && told.known != Some(*kind);
            if goes_on && end || !opens && !end && (bounds || cue == Cue::Weak) {
                continue;
            }
            // "All affected users were informed by 18:00": after the end, where another is told.
            let share = if end && speech().aftermath.is_in(told.words) { share * AFTERMATH_SHARE } else { share };
            found.push(Candidate {
                finding: Finding::Milestone(*kind, told.stamp.at.clone()),
                confidence: told.weight * share,
                evidence: reading.evidence(told.block, told.clause.clone()),
                rule: RULE.code,
            });
        }
    }
}

/// How plainly a clause says that its clock is that of a milestone, and what share of its place's weight that is worth.
fn said(told: &Told<'_>, kind: MilestoneKind) -> Option<(Cue, f32)> {
    let positioned = match kind {
        MilestoneKind::Detected | MilestoneKind::Identified => told.known == Some(kind),
        MilestoneKind::Started => told.impact && speech().opens.is_in(told.before),
        MilestoneKind::Mitigated => {
            told.impact && told.known.is_none() && speech().closes.is_in(told.before)
                || speech().by.is_in(told.before) && speech().completes.is_in(told.words) && !breaks(told.words)
        }
        _ => false,
    };
    match cue(told.words, kind) {
        Some(Cue::Strong) => Some((Cue::Strong, 1.0)),
        // Where a clock stands says a little less than words that state the milestone.
        _ if positioned => Some((Cue::Strong, POSITIONED_SHARE)),
        Some(Cue::Weak) => Some((Cue::Weak, POSITIONED_SHARE * WEAK_SHARE)),
        None => None,
    }
}

/// "By 10:31 all nodes had crashed".
fn breaks(words: &str) -> bool {
    speech().breaks.is_in(words) || cue(words, MilestoneKind::Started).is_some()
}

/// The milestones that a clause states.
pub(super) fn stated(told: &Told<'_>) -> impl Iterator<Item = MilestoneKind> {
    let states = |kind: &&MilestoneKind| matches!(said(told, **kind), Some((Cue::Strong, _)));
    MilestoneKind::ALL.iter().filter(states).copied()
}

/// The words around a clock that belong to it: up to the neighbouring clocks, cut at a comma or conjunction where the
/// sentence goes on to another clock.
fn clause(text: &str, sentence: &Span, stamp: &Span, previous: Option<usize>, next: Option<usize>) -> Span {
    let mut start = sentence.start;
    let mut end = sentence.end;
    if previous.is_none() {
        start = joined_before(text, sentence.start, stamp.start, next.unwrap_or(sentence.end));
    }
    if next.is_none() {
        end = joined_after(text, start, stamp.end, sentence.end);
    }
    let cuts = [", ", "; ", " and ", " – ", " but ", " then "];
    if let Some(previous) = previous
        && let Some(between) = text.get(previous..stamp.start)
    {
        // "and was resolved the same day, by 20:00": a cut that leaves a preposition alone parts nothing.
        // "…, am 6. Mai wurde sie behoben": unless what it tells stands behind the time.
        let after = text.get(stamp.end..next.unwrap_or(sentence.end)).unwrap_or("");
        let goes_on = MilestoneKind::ALL.iter().any(|kind| cue(after, *kind).is_some());
        let says =
            |from: usize| between.get(from..).is_some_and(|rest| rest.split_whitespace().nth(1).is_some() || goes_on);
        let marks = cuts.iter().flat_map(|c| between.match_indices(c).map(|(i, c)| i + c.len()));
        start = previous + marks.filter(|cut| says(*cut)).max().unwrap_or(0);
    }
    if let Some(next) = next
        && let Some(between) = text.get(stamp.end..next)
    {
        let cut = cuts.iter().filter_map(|c| between.rfind(c)).min().unwrap_or(between.len());
        end = stamp.end + cut;
    }
    start..end
}

/// So many words make a clause of their own.
const CLAUSE_WORDS_MIN: usize = 4;

/// "It was found that a fan had died, and repairs began at 15:40": where the clause begins that holds the clock.
fn joined_before(text: &str, sentence: usize, stamp: usize, end: usize) -> usize {
    let before = text.get(sentence..stamp).unwrap_or("");
    let is_clause = |from: &usize| {
        let words = before.get(*from..).unwrap_or("");
        words.split_whitespace().nth(CLAUSE_WORDS_MIN - 1).is_some()
    };
    let joined = joints(before).map(|joint| joint.end).filter(is_clause).max();
    // "Once the disk was in the array was rebuilt and mail was back by 22:00": where the rest states it alone.
    let linked = || {
        let last = before.rmatch_indices(LINK).map(|(at, link)| at + link.len()).find(is_clause)?;
        text.get(sentence + last..end).is_some_and(states).then_some(last)
    };
    sentence + joined.max(linked()).unwrap_or(0)
}

/// It joins words more often than clauses.
const LINK: &str = " and ";

/// Whether words state a milestone.
fn states(words: &str) -> bool {
    MilestoneKind::ALL.iter().any(|kind| cue(words, *kind) == Some(Cue::Strong))
}

/// "At 13:40 the site went down, the following is a report of it": where the clause ends that holds the clock, if it
/// states a milestone without what follows.
fn joined_after(text: &str, clause: usize, stamp: usize, sentence: usize) -> usize {
    let after = text.get(stamp..sentence).unwrap_or("");
    let joint = joints(after).next();
    joint.map(|joint| stamp + joint.start).filter(|end| text.get(clause..*end).is_some_and(states)).unwrap_or(sentence)
}
