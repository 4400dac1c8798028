//! Words and patterns in plain text, found fast: what every rule is made of.
//!
//! Knows nothing of times, documents or incidents; everything here is a function of a string.

mod finder;
mod narrow;
mod openings;
mod pattern;
mod phrases;
mod starts;

pub use finder::Finder;
pub use pattern::{Groups, Pattern};
pub use phrases::Phrases;
