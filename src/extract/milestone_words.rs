//! The words that name milestones: keys of labelled fields, and cue phrases (`vocabulary/milestones.toml`).

use super::reading::sentence_ranges;
use crate::domain::{MilestoneKind, Span};
use crate::text::Phrases;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    /// Alternatives that several phrases share, by the name that stands for them.
    classes: BTreeMap<String, String>,
    milestone: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    keys: Vec<String>,
    #[serde(default)]
    outright: Vec<String>,
    strong: Vec<String>,
    weak: Vec<String>,
    against: Vec<String>,
    ignored: Vec<String>,
}

struct Words {
    kind: MilestoneKind,
    keys: Vec<String>,
    /// Strong words that outdo other strong ones.
    outright: Phrases,
    strong: Phrases,
    weak: Phrases,
    against: Phrases,
    /// Passed over: a negation or a condition that says nothing of the rest of the sentence.
    ignored: Phrases,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let data: Data =
        toml::from_str(include_str!("vocabulary/milestones.toml")).expect("the shipped vocabulary is valid");
    data.milestone
        .into_iter()
        .filter_map(|e| {
            Some(Words {
                kind: MilestoneKind::parse(&e.name)?,
                outright: phrases(&e.outright, &data.classes),
                strong: phrases(&e.strong, &data.classes),
                weak: phrases(&e.weak, &data.classes),
                against: phrases(&e.against, &data.classes),
                ignored: phrases(&e.ignored, &data.classes),
                keys: e.keys,
            })
        })
        .collect()
});

/// What may follow a phrase: the end of the word, or an ending.
const TAIL: &str = r"(?:$|[^\p{L}\p{N}_]|(?:s|d|ed|es|en|n|e)\b)";

/// `<name>` stands for a class.
fn phrases(words: &[String], classes: &BTreeMap<String, String>) -> Phrases {
    let spelled = |phrase: &String| {
        let named = classes.iter().filter(|_| phrase.contains('<'));
        named.fold(phrase.clone(), |text, (name, class)| text.replace(&format!("<{name}>"), class))
    };
    Phrases::new(words.iter().map(spelled), TAIL)
}

/// How plainly words speak of a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    Weak,
    Strong,
}

/// The milestone that a (folded) label key names.
pub fn keyed(key: &str) -> Option<MilestoneKind> {
    let bare = key.split(" (").next().unwrap_or(key);
    WORDS.iter().find(|w| w.keys.iter().any(|k| k == key || k == bare)).map(|w| w.kind)
}

/// How plainly words speak of a milestone, if they do: as plainly as the plainest of their sentences.
pub fn cue(words: &str, kind: MilestoneKind) -> Option<Cue> {
    let entry = WORDS.iter().find(|w| w.kind == kind)?;
    // "OUTAGE BEGINS — automated message about …": what the author puts before a dash labels the rest.
    if label(words).is_some_and(|l| entry.told(l) == Some(Cue::Strong)) {
        return Some(Cue::Strong);
    }
    let sentences = sentence_ranges(words).filter_map(|range| words.get(range));
    sentences.filter_map(|sentence| entry.told(sentence)).max()
}

/// Do words that are a strong cue say it so plainly that they outdo other strong ones?
pub fn is_outright(words: &str, kind: MilestoneKind) -> bool {
    let entry = WORDS.iter().find(|w| w.kind == kind);
    entry.is_some_and(|e| {
        sentence_ranges(words)
            .filter_map(|r| words.get(r))
            .any(|s| e.outright.is_in(s) && e.told(s) == Some(Cue::Strong))
    })
}

/// The label that opens an entry.
fn label(words: &str) -> Option<&str> {
    let head = words.get(..words.floor_char_boundary(LABEL_BYTES_MAX)).unwrap_or(words);
    let end = [" — ", " – ", " - ", ": "].iter().filter_map(|m| head.find(m)).min()?;
    let label = head.get(..end)?;
    (label.split_whitespace().count() <= LABEL_WORDS_MAX).then_some(label)
}

const LABEL_BYTES_MAX: usize = 60;
const LABEL_WORDS_MAX: usize = 4;

/// Quotes and emphasis around words say nothing: back to "normal".
const MARKS: &[char] = &['"', '“', '”', '*', '`'];

/// The text with something else in place of each range.
fn without<'t>(text: &'t str, ranges: impl Iterator<Item = Span>, instead: &str) -> Cow<'t, str> {
    let mut kept = String::new();
    let mut end = 0;
    for range in ranges {
        kept.push_str(text.get(end..range.start).unwrap_or(""));
        kept.push_str(instead);
        end = range.end;
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(end..).unwrap_or(""));
    Cow::Owned(kept)
}

impl Words {
    fn told(&self, sentence: &str) -> Option<Cue> {
        // A question states nothing: "Could it have been found sooner?"
        if sentence.trim_end().ends_with('?') || self.against.is_in(sentence) {
            return None;
        }
        let plain = without(sentence, sentence.match_indices(MARKS).map(|(at, mark)| at..at + mark.len()), "");
        let passed_over = self.ignored.find_all(&plain);
        let heard = without(&plain, passed_over.into_iter(), " – ");
        if self.strong.is_in(&heard) {
            Some(Cue::Strong)
        } else if self.weak.is_in(&heard) {
            Some(Cue::Weak)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_milestone_has_its_words() {
        for kind in MilestoneKind::ALL {
            let compiled =
                |w: &Words| [&w.outright, &w.strong, &w.weak, &w.against, &w.ignored].iter().all(|p| p.compiles());
            assert!(WORDS.iter().any(|w| w.kind == *kind && compiled(w)), "{}", kind.name());
        }
        assert_eq!(keyed("impact start (utc)"), Some(MilestoneKind::Started));
    }

    #[test]
    fn cues_speak_plainly_or_not_at_all() {
        use MilestoneKind::{Detected, Identified, Mitigated, Resolved, Started};
        for (words, kind, expected) in [
            ("The site went down", Started, Some(Cue::Strong)),
            ("errors started to rise", Started, Some(Cue::Strong)),
            ("We started to investigate errors", Started, None),
            ("First alert fired for high error rate", Detected, Some(Cue::Strong)),
            ("Root cause identified as a bad deploy", Identified, Some(Cue::Strong)),
            ("root cause not yet identified", Identified, None),
            ("Traffic is back to normal", Mitigated, Some(Cue::Strong)),
            ("The incident is considered resolved", Resolved, Some(Cue::Strong)),
            ("We keep watching", Resolved, None),
            ("OUTAGE BEGINS — automated alert about timeouts", Started, Some(Cue::Strong)),
        ] {
            assert_eq!(cue(words, kind), expected, "{words}");
        }
    }
}
