//! Time as reports write it, and what can be made of it.
//!
//! Responsible for: reading written dates, clocks, zones and durations out of text; completing them from context;
//! calendar periods. Five things are kept apart: what was *written*, a civil date, a clock, an offset, and the
//! instant that only all of them together give.
//!
//! Knows nothing of documents, incidents or files; everything here is a function of a string and a context.

pub mod written;

mod amounts;
pub mod calendar;
pub mod duration;
pub mod hours;
mod lex;
mod moment;
pub mod period;
pub mod resolve;
pub mod support;
pub mod zone;

pub use lex::NamedDay;
pub use moment::{Moment, Part};

/// The last `max` characters of a text: what stands right before a time decides, and looking further back from every
/// time would cost the square of a long line.
pub fn tail(text: &str, max: usize) -> &str {
    text.char_indices().rev().nth(max.saturating_sub(1)).and_then(|(i, _)| text.get(i..)).unwrap_or(text)
}

#[cfg(test)]
mod properties;
