//! The states that head updates on status pages (`vocabulary/states.toml`).

use crate::text::{Heads, shipped};
use crate::time::calendar::is_glue;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a state says of the incident, and of the row of updates that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Identified,
    Resolved,
    /// Something else happened.
    Event,
    /// Only a page of updates says so: "Monitoring".
    Page,
    /// "Update": no state at all.
    Bare,
}

#[derive(Deserialize)]
struct Data {
    identified: Vec<String>,
    resolved: Vec<String>,
    events: Vec<String>,
    pages: Vec<String>,
    bare: Vec<String>,
}

/// All states, the longest first.
static STATES: LazyLock<Vec<(String, State)>> = LazyLock::new(|| {
    let data: Data = shipped!("extract/vocabulary/states.toml").expect("the shipped vocabulary is valid");
    let of = |words: Vec<String>, state: State| words.into_iter().map(move |w| (w, state));
    let mut states: Vec<(String, State)> = of(data.identified, State::Identified)
        .chain(of(data.resolved, State::Resolved))
        .chain(of(data.events, State::Event))
        .chain(of(data.pages, State::Page))
        .chain(of(data.bare, State::Bare))
        .collect();
    states.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    states
});

/// Of the states, all of which have three letters or more; a test sees to it.
static HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::new(STATES.iter().map(|(words, _)| words.as_str())));

/// Nothing longer heads an update.
const BYTES_MAX: usize = 80;

/// The state that words are, marks around them aside: "**Resolved** -", "update: Investigating |".
pub fn state(words: &str) -> Option<State> {
    let (state, end) = leading(words)?;
    let rest = words.get(end..)?;
    // "Mise à jour de 18h15".
    if !rest.chars().any(char::is_alphanumeric) || is_glue(rest) {
        return Some(state);
    }
    // "Update: Resolved".
    (state == State::Bare).then(|| leading(rest)).flatten().and_then(|(state, end)| {
        let bare = !rest.get(end..)?.chars().any(char::is_alphanumeric);
        bare.then_some(state)
    })
}

/// The words of a state without marks around them and without "update" before them.
pub fn without_bare(words: &str) -> &str {
    let rest = match leading(words) {
        Some((State::Bare, end)) => {
            words.get(end..).filter(|rest| rest.contains(char::is_alphanumeric)).unwrap_or(words)
        }
        _ => words,
    };
    rest.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The state at the beginning of words, set off from what follows by a dash, a colon, a bracket or emphasis.
pub fn heading(words: &str) -> Option<State> {
    let (state, end) = leading(words)?;
    let rest = words.get(end..)?.trim_start_matches([')', ']', '*', '_', '.', ' ']);
    let dash = rest
        .strip_prefix(['-', '–', '—'])
        .is_some_and(|after| after.is_empty() || after.starts_with([' ', '\n', '*', '_']));
    (dash || rest.starts_with([':', '|', '\n'])).then_some(state)
}

/// The state that words begin with, and where it ends.
fn leading(words: &str) -> Option<(State, usize)> {
    let from = words.find(char::is_alphanumeric)?;
    if !HEADS.may_have(words.get(from..)?) {
        return None;
    }
    let head: String = words.get(from..)?.chars().take(BYTES_MAX).collect();
    let folded = head.to_lowercase();
    let (state, length) = STATES.iter().find_map(|(phrase, state)| {
        let rest = folded.strip_prefix(phrase.as_str())?;
        let counted = if *state == State::Bare { count(rest) } else { 0 };
        (!rest.starts_with(char::is_alphanumeric)).then_some((*state, phrase.len() + counted))
    })?;
    // Lower case may have another length, of letters that no state has.
    (folded.len() == head.len()).then_some((state, from + length))
}

/// How far a number goes with which words begin: "Update 5", "UPDATE #5", and not the clock of "Update 10:30".
fn count(words: &str) -> usize {
    let marks = words.trim_start_matches([' ', '#', '№']);
    let rest = marks.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = marks.len() - rest.len();
    let is_time = rest.starts_with([':', '.', '-', '/', 'h'])
        && rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    let is_count = (1..=COUNT_DIGITS_MAX).contains(&digits) && !rest.starts_with(char::is_alphanumeric) && !is_time;
    if is_count { words.len() - rest.len() } else { 0 }
}

/// No incident has more updates than this has digits.
const COUNT_DIGITS_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_told_by_their_first_letters() {
        assert!(STATES.iter().all(|(words, _)| words.len() >= 3));
    }

    #[test]
    fn states_stand_alone_or_head_an_update() {
        for (words, alone, at_head) in [
            ("Resolved", Some(State::Resolved), None),
            ("**Resolved -** All is well", None, Some(State::Resolved)),
            ("::: update Investigating |", Some(State::Page), None),
            ("Update: Resolved", Some(State::Resolved), Some(State::Bare)),
            ("Mise à jour de", Some(State::Bare), None),
            ("Überwachung –", Some(State::Page), Some(State::Page)),
            ("[Identified] - a bad route", None, Some(State::Identified)),
            ("Update #5", Some(State::Bare), None),
            ("**UPDATE 12:**", Some(State::Bare), Some(State::Bare)),
            ("Update 12:30", None, None),
            ("Update 2025", None, None),
            ("Resolved 5", None, None),
            ("Resolved the matter", None, None),
            ("Identified: a bad route", None, Some(State::Identified)),
            ("Investigating-team", None, None),
            ("", None, None),
        ] {
            assert_eq!((state(words), heading(words)), (alone, at_head), "{words}");
        }
        assert_eq!(without_bare("::: update **Monitoring** |"), "Monitoring");
        assert_eq!(without_bare("[Update]"), "Update");
    }
}
