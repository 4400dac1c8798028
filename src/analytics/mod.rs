//! Asking for numbers. Each file answers one question; frames in, values out.
//!
//! Knows nothing of files, of full-text search, of layout, and of words to a reader: what a number means for a report
//! is said in `report`, how it looks in `render`.

mod columns;
mod frames;

mod actions;
mod arms;
mod buckets;
mod compare;
mod computed;
mod counts;
mod coverage;
mod disagree;
mod downtime;
mod durations;
mod holm;
mod listing;
mod measure;
mod mix;
mod names;
mod permutation;
mod sql;
mod summary;
mod survival;
mod trend;

mod random;
mod special;

#[cfg(test)]
mod sample;

pub use actions::{ActionBalance, AgeClass, PendingAction, actions, ages};
pub use arms::{Arm, Arms, arms};
pub use buckets::{BUCKETS, Bucketed, buckets};
pub use compare::{ARM_MIN, Change, Comparison, PLANNED_CHANGE, RESAMPLED_MAX, Verdict, compare};
pub use counts::{RateRatio, poisson_interval, rate_ratio};
pub use coverage::{FieldCoverage, INTAKE_COLUMNS, Intake, coverage, intake};
pub use disagree::{Disagreement, Reason, disagreement_columns, disagreements};
pub use downtime::{Downtime, downtime};
pub use durations::{DurationGroup, dated_minutes, durations};
pub use frames::{Frames, GROUPS, GroupColumn, group_column};
pub use holm::holm;
pub use listing::{NoticeCount, dated_ids, incident_list, members, notice_counts};
pub use measure::{Basis, mistyped, with_support_hours};
pub use mix::{Standardised, standardise};
pub use names::one_spelling;
pub use permutation::SHUFFLES;
pub use sql::{Parameter, SavedQuery, sql};
pub use summary::{EXACT_BELOW, Interval, P90_FROM, RESAMPLES, Summary, summarise};
pub use survival::{Survival, survival};
pub use trend::{POINTS_MIN, Trend, trend};

use polars::prelude::PolarsError;
use sqlparser::parser::ParserError;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnalyticsError {
    #[error("incidents cannot be grouped by '{name}'; they can be by {known}")]
    NoGroup { name: String, known: String },
    #[error("refused: {0}")]
    Refused(String),
    #[error("{0}")]
    Parameter(String),
    #[error("cannot understand the statement: {0}")]
    Syntax(#[from] ParserError),
    #[error("cannot compute: {0}")]
    Compute(String),
}

impl From<PolarsError> for AnalyticsError {
    /// What went wrong, without the plan in which it did, and without columns that happened to be read.
    fn from(error: PolarsError) -> Self {
        let message = error.to_string();
        let first = message.lines().next().unwrap_or_default();
        let first = first.split("; valid columns").next().unwrap_or_default();
        let first = first.split(". It's possible").next().unwrap_or_default();
        // A part of the statement, as the engine keeps it, is long and says nothing to anybody.
        AnalyticsError::Compute(match (first.find(" {"), first.rfind('}')) {
            (Some(begin), Some(end)) if begin < end => {
                format!("{} …{}", first.get(..begin).unwrap_or_default(), first.get(end + 1..).unwrap_or_default())
            }
            _ => first.to_owned(),
        })
    }
}
