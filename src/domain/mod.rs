//! The nouns of the product, and the definition of every metric, once.
//!
//! | word | meaning |
//! |---|---|
//! | incident | one period of unwanted impact |
//! | organisation | who was hit and wrote the report |
//! | provider | a third party whose service the incident involves, at fault or just involved |
//! | timeline event | one dated entry of the report's timeline, in the author's words |
//! | milestone | a moment with a defined meaning: started, detected, acknowledged, identified, mitigated, resolved |
//! | evidence | the byte range of the words that justify a value |
//! | notice | something noteworthy about the input; not an error |
//! | stated / computed | a duration the author wrote / the difference of two milestones; never merged |
//!
//! Knows nothing of text, regexes, files or serialisation.

mod incident;
mod metric;
mod twice;
mod vocabulary;

pub use incident::{
    Action, Corrected, Duration, Event, Evidence, Found, Incident, Milestone, Notice, Provider, Severity, Span, Stated,
    is_date_mistyped,
};
pub use metric::{CustomMetric, METRICS, Measure, Metric, MetricDefinition};
pub use twice::{Compared, Told};
pub use vocabulary::{ActionStatus, Component, Detection, Genre, Kind, MilestoneKind, Role, Subject, Trigger};
