//! Document → incidents. Rules propose candidates, reconciliation chooses, nothing is guessed.
//!
//! Knows nothing of files, tables, the index or the terminal.

mod chronicle;
pub mod correction;
mod engine;
pub mod explain;
mod labels;
mod language;
pub mod manual;
pub mod milestone_words;
mod milestones;
pub mod policy;
pub mod posts;
pub mod reading;
mod reconcile;
pub mod rule;
pub mod rules;
pub mod section;
pub mod sentences;
pub mod speech;
mod split;
pub mod states;
pub mod taxonomy;
pub mod timeline;
pub mod timing;
mod turns;
pub mod verbatim;
pub mod vocabulary;

pub use correction::{Correction, CorrectionError};
pub use engine::{extract, read_through};
pub use taxonomy::{ExtraProvider, Taxonomy, TaxonomyError};

use std::sync::Arc;

/// What the user configured for a document's path: completes what the text leaves open.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Defaults {
    pub org: Option<String>,
    /// IANA name, abbreviation or offset for clocks without a zone.
    pub zone: Option<String>,
    /// What is added to the vocabularies; the same for every path.
    pub taxonomy: Arc<Taxonomy>,
    /// Names of the organisation and its services that are never third parties; the same for every path.
    pub own_names: Arc<[String]>,
    /// What a person said of this document's incidents; the one thing that overrides.
    pub corrections: Vec<Correction>,
}
