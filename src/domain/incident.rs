//! One incident as extraction understood it: values with their evidence as byte ranges.

use super::{ActionStatus, Component, Detection, Genre, Kind, Metric, MilestoneKind, Role, Subject, Trigger};
use crate::time::Moment;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::ops::Range;

/// A byte range in the decoded source text.
pub type Span = Range<usize>;

/// The ranges that justify a value, most telling first.
pub type Evidence = Vec<Span>;

/// A value, how sure the rule is (0 to 1), the code of the rule that found it, and the words it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    pub value: T,
    pub confidence: f32,
    pub rule: &'static str,
    pub evidence: Evidence,
}

/// A milestone's moment.
pub type Milestone = Found<Moment>;

/// The severity as stated and, where it can be mapped, its level from 1 (worst) to 5.
#[derive(Debug, Clone, PartialEq)]
pub struct Severity {
    pub value: String,
    pub level: Option<u8>,
}

/// A duration as the author wrote it, in whole minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    pub minutes: i64,
    pub approximate: bool,
}

/// One metric of one incident. Stated and computed stand side by side and are never merged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Duration {
    pub stated: Option<Found<Stated>>,
    /// Whole minutes between the metric's two milestones.
    pub computed_minutes: Option<i64>,
    /// What a person says it is; counts before both.
    pub corrected_minutes: Option<i64>,
}

/// A whole day, in minutes.
const DAY: u64 = 1_440;

/// Stated and computed agree on the clock when they are at most this far apart, in minutes.
const SLACK: u64 = 10;

/// Do a stated and a computed length, in minutes, agree on the clock and lie one or more whole days apart? Then someone
/// mistyped a day, a month or a year. A length told in days says nothing of the clock.
pub fn is_date_mistyped(stated: i64, computed: i64) -> bool {
    let is_clocked = !stated.unsigned_abs().is_multiple_of(DAY);
    let is_days = |apart: u64| apart >= DAY - SLACK && (apart + SLACK) % DAY <= 2 * SLACK;
    is_clocked && computed.checked_sub(stated).map(i64::unsigned_abs).is_some_and(is_days)
}

impl Duration {
    /// The value that counts everywhere: corrected by hand, else computed where both milestones are known, else stated;
    /// the stated one also where a date is mistyped.
    pub fn minutes(&self) -> Option<i64> {
        let computed = self.computed_minutes.filter(|_| !self.is_mistyped());
        self.corrected_minutes.or(computed).or_else(|| self.stated.as_ref().map(|s| s.value.minutes))
    }

    /// The date of one of its milestones is mistyped, see [`is_date_mistyped`].
    pub fn is_mistyped(&self) -> bool {
        let told = self.stated.as_ref().zip(self.computed_minutes);
        told.is_some_and(|(stated, computed)| is_date_mistyped(stated.value.minutes, computed))
    }

    /// Both exist and differ by more than the larger of 10 minutes and 10 % of the stated one.
    pub fn conflicts(&self) -> bool {
        match (&self.stated, self.computed_minutes) {
            (Some(stated), Some(computed)) if self.corrected_minutes.is_none() => {
                let gap = (stated.value.minutes - computed).abs();
                gap > 10 && gap * 10 > stated.value.minutes
            }
            _ => false,
        }
    }
}

/// One entry of the report's timeline, in the author's words.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub at: Moment,
    pub end: Option<Moment>,
    pub text: String,
    /// The milestone the entry speaks of, if any.
    pub milestone: Option<MilestoneKind>,
    pub evidence: Evidence,
}

/// A third party and the part it played.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    pub name: String,
    pub role: Role,
    pub confidence: f32,
    pub rule: &'static str,
    pub evidence: Evidence,
}

/// A follow-up action.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub text: String,
    pub status: ActionStatus,
    pub owner: Option<String>,
    pub due: Option<NaiveDate>,
    pub links: Vec<String>,
    pub evidence: Evidence,
}

/// Something noteworthy about the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Stable kebab-case code, such as `zone-season` or `duration-conflict`.
    pub code: &'static str,
    /// One sentence for the reader of the report.
    pub message: String,
    pub evidence: Evidence,
}

/// A value that a person corrected, and what had been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    pub subject: Subject,
    pub value: String,
    pub was: String,
    pub reason: String,
    /// The document changed since, and is now read otherwise than when it was corrected.
    pub is_stale: bool,
}

/// One incident, or the statement that the document holds none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Incident {
    /// The document's own id for it, where it has one.
    pub own_id: Option<Found<String>>,
    /// Ordinal and count when a document holds several.
    pub part: Option<(usize, usize)>,
    /// Where it is told, of a document that tells several one after the other.
    pub place: Option<Span>,
    pub kind: Option<Kind>,
    /// What the document is instead, and the words that show it; of what reports no incident only.
    pub genre: Option<Found<Genre>>,
    pub title: Option<Found<String>>,
    pub org: Option<Found<String>>,
    pub published: Option<Found<NaiveDate>>,
    /// Local calendar date on which the impact began.
    pub date: Option<Found<NaiveDate>>,
    /// Offsets the incident's times are stated in, most used first, as `+01:00`.
    pub zones: Vec<String>,
    pub severity: Option<Found<Severity>>,
    pub milestones: BTreeMap<MilestoneKind, Milestone>,
    pub durations: BTreeMap<Metric, Duration>,
    pub timeline: Vec<Event>,
    pub trigger: Option<Found<Trigger>>,
    pub component: Option<Found<Component>>,
    /// The sentence of the text that states the root cause.
    pub root_cause: Option<Found<String>>,
    pub providers: Vec<Provider>,
    pub services: Vec<Found<String>>,
    pub regions: Vec<Found<String>>,
    pub detection: Option<Found<Detection>>,
    /// The sentence that states the impact.
    pub impact: Option<Found<String>>,
    pub actions: Vec<Action>,
    pub notices: Vec<Notice>,
    pub corrections: Vec<Corrected>,
    /// ISO 639-1 code of the document's language.
    pub lang: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::is_date_mistyped;

    #[test]
    fn whole_days_between_a_clock_and_a_clock_are_a_mistyped_date() {
        for (stated, computed, is_mistyped) in [
            (110, 89_390, true),
            (60, 1_500, true),
            // The end is of the day before the start, or a year before it.
            (26 * 60, 120, true),
            (30, -525_570, true),
            // Stated to about ten minutes.
            (60, 1_509, true),
            (60, 1_511, false),
            (285, 1_305, false),
            (60, 60, false),
            // Days were counted, not clocks.
            (2 * 1_440, 3 * 1_440, false),
            (1, i64::MIN, false),
        ] {
            assert_eq!(is_date_mistyped(stated, computed), is_mistyped, "{stated} {computed}");
        }
    }
}
