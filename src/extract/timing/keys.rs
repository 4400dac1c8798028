//! What a label's key says about the date in its value (`vocabulary/date_keys.toml`).

use crate::extract::reading::Label;
use crate::text::{Words, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Keys {
    incident: Words,
    publication: Words,
    windows: Words,
    moments: Words,
}

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| shipped!("extract/vocabulary/date_keys.toml").expect("the shipped vocabulary is valid"));

/// What a label's key says about the time in its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateLabel {
    /// The incident's own time: start, date of incident.
    Incident,
    /// When the report was published or changed.
    Publication,
    /// A bare `date`, which is either.
    Bare,
}

/// Whether a label holds the incident's window.
pub fn is_window(label: &Label) -> bool {
    KEYS.windows.contains(label.key.as_str())
}

/// Whether a label may hold the clock at which the incident began.
pub fn is_moment(label: &Label) -> bool {
    KEYS.moments.contains(label.key.as_str())
}

/// Whether a label tells when the page was written, changed or fetched.
pub fn is_publication(label: &Label) -> bool {
    KEYS.publication.contains(label.key.as_str())
}

/// How many bytes of a text in small letters the longest key of publication has that it begins with.
pub(super) fn publication_key_length(text: &str) -> Option<usize> {
    let mut ends = text.match_indices(' ').map(|(at, _)| at).take(KEY_WORDS_MAX).collect::<Vec<_>>();
    ends.push(text.len());
    let is_key = |end: &usize| text.get(..*end).is_some_and(|key| KEYS.publication.contains(key.trim_end_matches(':')));
    ends.into_iter().rev().find(is_key)
}

/// More words than the longest key has.
const KEY_WORDS_MAX: usize = 5;

pub(super) fn date_label(label: &Label) -> Option<DateLabel> {
    let key = label.key.as_str();
    if KEYS.incident.contains(key) {
        Some(DateLabel::Incident)
    } else if KEYS.publication.contains(key) {
        Some(DateLabel::Publication)
    } else if key == "date" {
        Some(DateLabel::Bare)
    } else {
        None
    }
}

/// Whether a (folded) key may name the day, the clock or the window of an incident.
pub fn names_time(key: &str) -> bool {
    names_day(key) || KEYS.moments.contains(key) || KEYS.windows.contains(key)
}

/// Whether a (folded) key may name the day of an incident.
pub fn names_day(key: &str) -> bool {
    key == "date" || KEYS.incident.contains(key)
}
