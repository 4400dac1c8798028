//! What several rules ask of the same reading, found once.

use super::cause::{Explanation, Unit, Vote};
use super::kind::Counts;
use super::provider::{Introduced, Sighting};
use crate::domain::{Component, Evidence, Metric, Span, Trigger};
use crate::extract::rule::Candidate;
use crate::text::Told;
use std::cell::OnceCell;

/// Answers that rules share; each is filled by the module that knows it.
#[derive(Default)]
pub struct Memo {
    pub(super) title: OnceCell<Option<(String, Evidence)>>,
    pub(super) counts: OnceCell<Counts>,
    /// Of the first blocks, which lists of words may have one in them.
    pub(super) blocks_told: OnceCell<Vec<Told>>,
    pub(super) org: OnceCell<Option<String>>,
    pub(super) own_words: OnceCell<Vec<Candidate>>,
    pub(super) introduced: OnceCell<Vec<Introduced>>,
    pub(super) at_fault: OnceCell<Vec<Candidate>>,
    pub(super) outsider: OnceCell<Option<(usize, Span)>>,
    pub(super) sightings: OnceCell<Vec<Sighting>>,
    /// Of each label, the metric that its key names.
    pub(super) metrics: OnceCell<Vec<Option<Metric>>>,
    pub(super) units: OnceCell<Vec<Unit>>,
    pub(super) triggers: OnceCell<Vec<Vote<Trigger>>>,
    pub(super) components: OnceCell<Vec<Vote<Component>>>,
    pub(super) explanations: OnceCell<Vec<Explanation>>,
}

impl Memo {
    /// The title that is known before any rule asks for it.
    pub fn know_title(&self, title: String, evidence: Span) {
        _ = self.title.set(Some((title, vec![evidence])));
    }
}
