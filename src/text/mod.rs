//! Words and patterns in plain text, found fast: what every rule is made of.
//!
//! Knows nothing of times, documents or incidents; everything here is a function of a string.

mod finder;
mod firsts;
mod narrow;
mod openings;
mod phrases;
mod program;
mod regex;
mod set;
mod starts;
mod walk;

pub use finder::Finder;
pub use phrases::Phrases;
pub use regex::{Captures, Match, Regex};
