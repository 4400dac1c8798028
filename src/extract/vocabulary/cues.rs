//! Finds weighted phrases in text: whole words, any ASCII case, one pass.

use crate::domain::Span;
use aho_corasick::{AhoCorasick, MatchKind};

/// Phrases, each standing for a label with a weight. `*` at a phrase's end matches any continuation of the word, at its
/// beginning any beginning.
pub struct Cues<L> {
    /// `None` only if the phrases did not fit an automaton; a test sees to it that they do.
    searcher: Option<AhoCorasick>,
    phrases: Vec<Phrase<L>>,
}

struct Phrase<L> {
    label: L,
    weight: f32,
    open_start: bool,
    open_end: bool,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue<L> {
    pub label: L,
    pub weight: f32,
    pub range: Span,
    /// Which phrase of the vocabulary.
    pub phrase: usize,
}

impl<L: Copy> Cues<L> {
    /// Builds a finder; phrases that are empty but for stars are ignored.
    pub fn new<'p>(entries: impl IntoIterator<Item = (L, f32, &'p str)>) -> Self {
        let mut phrases = Vec::new();
        let mut words = Vec::new();
        for (label, weight, text) in entries {
            let core = text.trim_matches('*');
            if core.is_empty() {
                continue;
            }
            let (open_start, open_end) = (text.starts_with('*'), text.ends_with('*'));
            phrases.push(Phrase { label, weight, open_start, open_end });
            words.push(core);
        }
        let searcher =
            AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(&words).ok();
        Cues { searcher, phrases }
    }

    /// The phrases in `text`, in order of their start; one inside a longer one is left out.
    pub fn find(&self, text: &str) -> Vec<Cue<L>> {
        let mut found: Vec<Cue<L>> = self
            .searcher
            .iter()
            .flat_map(|s| s.find_overlapping_iter(text))
            .filter_map(|m| {
                let phrase = self.phrases.get(m.pattern().as_usize())?;
                let range = m.range();
                let starts = phrase.open_start || !continues(text.get(..range.start)?.chars().next_back());
                let ends = phrase.open_end || !continues(text.get(range.end..)?.chars().next());
                (starts && ends).then(|| Cue {
                    label: phrase.label,
                    weight: phrase.weight,
                    range,
                    phrase: m.pattern().as_usize(),
                })
            })
            .collect();
        found.sort_by_key(|c| (c.range.start, std::cmp::Reverse(c.range.end), c.phrase));
        let mut reach = 0;
        let mut last_start = usize::MAX;
        found.retain(|c| {
            let inside = c.range.end <= reach && !(c.range.end == reach && c.range.start == last_start);
            if c.range.end > reach {
                (reach, last_start) = (c.range.end, c.range.start);
            }
            !inside
        });
        found
    }

    /// Does any phrase stand in `text`?
    pub fn any(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }
}

fn continues(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words_and_the_longer_one_wins() {
        let cues = Cues::new([(1, 1.0, "load"), (2, 1.0, "load balancer*"), (3, 1.0, "deploy*"), (4, 1.0, "*server")]);
        let labels = |text| cues.find(text).iter().map(|c| c.label).collect::<Vec<i32>>();
        assert_eq!(labels("Load was high"), [1]);
        assert_eq!(labels("the load balancers and the load"), [2, 1]);
        assert_eq!(labels("download, redeployed"), [0; 0]);
        assert_eq!(labels("deployment to nameserver"), [3, 4]);
        assert_eq!(labels("überload"), [0; 0]);
    }
}
