//! Asking for numbers. Each file answers one question; frames in, values out.
//!
//! Knows nothing of files, of full-text search, of layout, and of words to a reader: what a number means for a report
//! is said in `report`, how it looks in `render`.

mod compare;
mod counts;
mod random;
mod special;
mod summary;
mod trend;

pub use compare::{ARM_MIN, Change, Comparison, PLANNED_CHANGE, Verdict, compare};
pub use counts::{RateRatio, poisson_interval, rate_ratio};
pub use summary::{EXACT_BELOW, Interval, P90_FROM, RESAMPLES, Summary, summarise};
pub use trend::{POINTS_MIN, Trend, trend};
