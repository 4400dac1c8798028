//! Words and patterns in plain text, found fast: what every rule is made of.
//!
//! Knows nothing of times, documents or incidents; everything here is a function of a string.

mod bits;
mod finder;
mod firsts;
mod heads;
mod index;
mod memory;
mod narrow;
#[cfg(test)]
mod needs;
mod openings;
mod phrases;
mod program;
mod regex;
mod set;
mod starts;
mod walk;

pub use finder::Finder;
pub use heads::Heads;
pub use memory::Memory;
pub use phrases::{Filed, Phrases};
pub use regex::{Captures, Match, Regex};
