//! Third parties: who is named, who is blamed, on whom the failing system depends.

pub mod blamed;
pub mod depended;
mod sightings;
pub mod unnamed;

pub use sightings::{Sighting, blamed_in};

use crate::extract::reading::Reading;
use crate::extract::rule::Candidate;

/// The providers at fault, for the rules that look for what set an incident off.
pub fn at_fault(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    (blamed::RULE.apply)(reading, &mut candidates);
    (unnamed::RULE.apply)(reading, &mut candidates);
    candidates
}
