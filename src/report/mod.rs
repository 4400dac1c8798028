//! Composes answers into what is told to a reader: tables with the words that explain them, and the quarterly report.
//!
//! Knows nothing of how anything looks: no layout, no width, no markup.

pub mod method;

mod aside;
mod beside;
mod comparison;
mod evidence;
mod quarterly;
mod reach;
mod stats;
mod trend;

mod headline;
mod lists;
mod sections;
mod value;

pub use aside::SetAside;
pub use beside::beside;
pub use comparison::{Changed, comparison};
pub use evidence::evidence;
pub use quarterly::{OBJECTIVE_DEFAULT, Question, REPEATS_MAX, REPEATS_MONTHS, Source, default_period, quarterly};
pub use stats::{Asked, bucketed, stats, survived};
pub use trend::{Point, Series, series, trend_grid};
pub use value::{Chart, ChartData, DotGroup, Figure, MEMBERS, Report, Section};
