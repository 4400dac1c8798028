//! Time as reports write it, and what can be made of it.
//!
//! Responsible for: reading written dates, clocks, zones and durations out of text; completing them from context;
//! calendar periods. Five things are kept apart: what was *written*, a civil date, a clock, an offset, and the
//! instant that only all of them together give.
//!
//! Knows nothing of documents, incidents or files; everything here is a function of a string and a context.

pub mod written;

mod calendar;
pub mod duration;
mod lex;
mod moment;
pub mod period;
pub mod resolve;
pub mod zone;

pub use moment::{Moment, Part};
