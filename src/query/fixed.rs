//! What ended an incident: the sentence of a record that tells what was done.
//!
//! Knows nothing of the query.

use super::snippet::{Snippet, cut, sentences};
use crate::record::Place;
use crate::store::Searchable;
use serde::Deserialize;
use std::sync::LazyLock;

/// Of a huge record only this much is looked at.
const LOOKED_AT_BYTES: usize = 128 * 1024;

#[derive(Deserialize)]
struct File {
    headings: Vec<String>,
    mended: Vec<String>,
    done: Vec<String>,
    trouble: Vec<String>,
    ended: Vec<String>,
    planned: Vec<String>,
}

#[allow(clippy::expect_used, reason = "the file is part of the program")]
static WORDS: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("vocabulary/fixes.toml")).expect("constant"));

/// The sentence that tells best what fixed it; none where nothing does.
pub fn fixed(searchable: &Searchable) -> Option<Snippet> {
    let mut best: Option<(f32, Snippet)> = None;
    let mut looked_at = 0;
    let title = padded(&searchable.title);
    for passage in &searchable.passages {
        looked_at += passage.text.len();
        if looked_at > LOOKED_AT_BYTES {
            break;
        }
        let section = padded(&passage.section);
        let is_fix = passage.place == Place::Fix && holds(&section, &WORDS.headings) > 0;
        let is_planned = passage.place == Place::Fix && !is_fix;
        for range in sentences(&passage.text) {
            let text = passage.text.get(range).unwrap_or_default();
            let sentence = padded(text);
            // The title tells what happened, wherever it is said again.
            if title.len() > 2 && sentence.contains(&title) {
                continue;
            }
            let score = score(&sentence, is_fix, passage.place) - if is_planned { 2.5 } else { 0.0 };
            if score >= 1.0 && best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, cut(text, &[], &passage.section)));
            }
        }
    }
    best.map(|(_, snippet)| snippet)
}

fn score(sentence: &str, is_fix: bool, place: Place) -> f32 {
    let mended = holds(sentence, &WORDS.mended).min(2) as f32;
    let done = holds(sentence, &WORDS.done).min(2) as f32;
    let ended = holds(sentence, &WORDS.ended).min(1) as f32;
    let planned = holds(sentence, &WORDS.planned).min(1) as f32;
    let trouble = if mended > 0.0 { 0.0 } else { holds(sentence, &WORDS.trouble).min(1) as f32 };
    let done = if is_fix || place == Place::Timeline { done } else { 0.5 * done };
    let place = match place {
        Place::Fix if is_fix => 1.0,
        Place::Timeline => 0.3,
        // What was removed or restarted there is what set it off, unless it ended there.
        Place::Cause => ended - 1.5,
        Place::Symptom | Place::Fix | Place::Body => 0.0,
    };
    (mended + done).min(2.0) + 0.8 * ended + place - trouble - 2.0 * planned
}

/// Lower case, single spaces, one at either end.
fn padded(text: &str) -> String {
    let mut padded = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            padded.push(c);
        } else if !padded.ends_with(' ') {
            padded.push(' ');
        }
    }
    if !padded.ends_with(' ') {
        padded.push(' ');
    }
    padded
}

/// How many of the words stand in it, each whole.
fn holds(padded: &str, words: &[String]) -> usize {
    words.iter().filter(|word| padded.contains(&format!(" {word} "))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Passage;

    #[test]
    fn what_was_done_is_told_and_plans_are_not() {
        let passage =
            |place, section: &str, text: &str| Passage { place, section: section.to_owned(), text: text.to_owned() };
        let mut record = Searchable {
            title: "DNS down".to_owned(),
            names: Vec::new(),
            lang: None,
            passages: vec![
                passage(Place::Symptom, "", "Nothing resolved for an hour."),
                passage(Place::Timeline, "Timeline", "10:40 Rolled back the zone file, names resolve again"),
                passage(Place::Fix, "Action items", "We will have fixed the check so that it can be rolled back"),
            ],
        };
        assert!(fixed(&record).is_some_and(|s| s.text.starts_with("10:40 Rolled back")));
        record.passages.remove(1);
        assert_eq!(fixed(&record), None);
    }
    #[test]
    fn what_the_failure_did_is_no_fix() {
        let told = |place, text: &str| {
            let passage = Passage { place, section: String::new(), text: text.to_owned() };
            let (title, names) = ("Gateway gw-2 rebooted".to_owned(), Vec::new());
            fixed(&Searchable { title, names, lang: None, passages: vec![passage] }).is_some()
        };
        for text in [
            "10:05 First worker OOMKilled, restarted by the kubelet",
            "10:06 Alert on queue depth raised",
            "2025-03-02 Gateway gw-2 rebooted",
            "Priority | P1 (raised from P2)",
            "The renewed key had been issued and was never loaded",
        ] {
            assert!(!told(Place::Timeline, text), "{text}");
        }
        assert!(!told(Place::Body, "The list added all our senders that morning"));
        for text in ["10:40 Memory limit raised to 2 GiB, worker restarted", "Failed release rolled back"] {
            assert!(told(Place::Timeline, text), "{text}");
        }
        assert!(told(Place::Body, "Once the disk was replaced, uploads were back to normal"));
    }
}
