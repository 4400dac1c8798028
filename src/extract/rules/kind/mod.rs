//! Is it a report of an incident, or a template, an index, a process document, an announcement, a drill?
//!
//! Each rule speaks for one answer with a confidence; reconciliation takes the strongest. Without any word either way
//! a document counts as a report.

pub mod about;
pub mod data;
pub mod drill;
pub mod incident;
pub mod index;
pub mod maintenance;
pub mod other;
pub mod process;
mod signs;
pub mod template;
pub mod timeless;

pub use signs::{Counts, Signs};

use crate::domain::Genre;

/// What a rule that speaks against an incident takes the document for.
pub fn genre(code: &str) -> Option<Genre> {
    let rules = [
        (&drill::RULE, Genre::Drill),
        (&maintenance::RULE, Genre::Maintenance),
        (&template::RULE, Genre::Template),
        (&index::RULE, Genre::Index),
        (&process::RULE, Genre::Process),
        (&about::RULE, Genre::Process),
        (&data::RULE, Genre::Data),
    ];
    rules.into_iter().find(|(rule, _)| rule.code == code).map(|(_, genre)| genre)
}
