//! Composes answers into what is told to a reader: tables with the words that explain them, and the quarterly report.
//!
//! Knows nothing of how anything looks: no layout, no width, no markup.

pub mod method;
mod stats;
mod trend;

pub use stats::{change_of_count, compared, comparison, count_sentence, stats, verdict};
pub use trend::{Point, Series, duration_sentence, series, trend_grid};
