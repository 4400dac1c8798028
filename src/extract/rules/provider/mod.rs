//! Third parties: who is named, who is blamed, on whom the failing system depends.

mod acting;
mod befalling;
pub mod blamed;
mod blaming;
pub mod depended;
mod faulty;
pub mod introduced;
mod names;
mod packages;
pub mod related;
mod sightings;
mod software;
pub mod unnamed;

pub use blaming::blames;
pub use introduced::{Introduced, introduced};
pub use names::{name_before, name_behind};
pub use related::outsiders;
pub use sightings::Sighting;
pub use unnamed::{outsider, outsider_told};

use crate::domain::Role;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Finding};

/// The providers at fault, for the rules that look for what set an incident off.
pub fn at_fault<'r>(reading: &'r Reading<'_>) -> &'r [Candidate] {
    reading.memo.at_fault.get_or_init(|| {
        let mut candidates = Vec::new();
        (blamed::RULE.apply)(reading, &mut candidates);
        (unnamed::RULE.apply)(reading, &mut candidates);
        (introduced::RULE.apply)(reading, &mut candidates);
        (related::RULE.apply)(reading, &mut candidates);
        candidates.retain(|c| matches!(c.finding, Finding::Provider(_, Role::AtFault)));
        candidates
    })
}
