//! What tells by itself which kind of document it is, and names that tell nothing (`kinds.toml`).

use crate::text::{Words, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

/// The lists, each for one purpose, in lower case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindWords {
    /// Members of data that tell of an incident beside its milestones.
    pub facts: Words,
    /// Keys that only incidents have.
    pub incident_keys: Words,
    /// Keys by which a status page marks its announcements.
    pub announced_keys: Words,
    /// Words of a title that are too common elsewhere to be words of failure.
    pub trouble: Words,
    /// Words of a template's file name.
    pub template_names: Words,
    /// What may stand beside them: "email-template-outage.md" is no template.
    pub beside_template: Words,
    /// Sentences with these say it outright, not only name an exercise.
    pub drill_outright: Vec<String>,
    /// Names of files that say nothing of what is in them.
    pub silent_names: Words,
    /// What one adds to one's name for the domain that serves customers' things.
    pub serving: Vec<String>,
}

static KINDS: LazyLock<KindWords> =
    LazyLock::new(|| shipped!("extract/vocabulary/kinds.toml").expect("the shipped vocabulary is valid"));

/// The shipped words.
pub fn kind_words() -> &'static KindWords {
    &KINDS
}
