//! Words as data: cue words by what they tell, and the names of third parties. Loaded once from TOML.
//!
//! Knows nothing of documents: it is asked about a piece of text and answers with what stands where.

mod cues;
mod providers;
mod words;

pub use cues::{Cue, Cues};
pub use providers::{ExtraProvider, Mention, Provider, ProviderKind, ProviderVocabulary, providers};
pub use words::{
    Causes, Lists, Names, Noticing, NoticingVerb, causes, causes_in, explaining, is_ordinary_word, lists, names,
    noticing, regions, severity_levels,
};
