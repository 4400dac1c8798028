//! Finds weighted phrases in text: whole words, any ASCII case.

use crate::domain::Span;
use crate::text::{Apart, Finder, List, Told};
use std::borrow::Cow;

/// Phrases, each standing for a label with a weight. `*` at a phrase's end matches any continuation of the word.
pub struct Cues<L: Clone + 'static> {
    finder: Finder,
    /// What phrases stand for, up to one and from there on to the next.
    labels: Cow<'static, [(usize, L, f32)]>,
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

impl Cues<()> {
    /// A list that the build filed.
    pub const fn listed(list: &'static List) -> Self {
        Cues { finder: Finder::listed(&list.table), labels: Cow::Borrowed(&[(usize::MAX, (), 1.0)]) }
    }
}

impl<L: Copy> Cues<L> {
    /// A list that the build filed, with what is told of each part by its name. A part of which nothing is told is the
    /// next one's; tests see to it that there is none.
    pub fn labelled(list: &'static List, label: impl Fn(&'static str) -> Option<(L, f32)>) -> Self {
        let told = list.parts.iter().filter_map(|(name, end)| label(name).map(|(label, weight)| (*end, label, weight)));
        Cues { finder: Finder::listed(&list.table), labels: told.collect() }
    }

    /// Takes phrases in any case; those that are empty but for a star are ignored.
    pub fn new<'p>(entries: impl IntoIterator<Item = (L, f32, &'p str)>) -> Self {
        let (mut labels, mut words) = (Vec::new(), Vec::new());
        for (label, weight, text) in entries {
            let core = text.trim_end_matches('*');
            if !core.is_empty() {
                words.push((Apart::of(core).text, text.ends_with('*')));
                labels.push((words.len(), label, weight));
            }
        }
        let finder = Finder::new(words.iter().map(|(core, open)| (&**core, *open)));
        Cues { finder, labels: labels.into() }
    }

    /// What a phrase stands for.
    #[inline]
    fn label(&self, nth: usize) -> Option<(L, f32)> {
        let labels = &*self.labels;
        let place = if labels.len() == 1 { 0 } else { labels.partition_point(|(end, ..)| *end <= nth) };
        labels.get(place).map(|(_, label, weight)| (*label, *weight))
    }

    /// The phrases in `text`, in order of their start; one inside a longer one is left out.
    pub fn find(&self, text: &str) -> Vec<Cue<L>> {
        let mut found: Vec<Cue<L>> = Vec::new();
        self.finder.each_apart(text, |apart, nth, range| {
            if let Some((label, weight)) = self.label(nth) {
                found.push(Cue { label, weight, range: apart.original(&range), phrase: nth });
            }
            true
        });
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

    /// May one stand in a text of which this is told? Cheaper than to look where a text is asked about many lists.
    pub fn may_stand(&self, told: Told) -> bool {
        self.finder.may_stand(told)
    }

    /// How many phrases there are.
    pub fn count(&self) -> usize {
        self.finder.count()
    }

    /// Every label, once a phrase.
    pub fn all(&self) -> impl Iterator<Item = L> + '_ {
        (0..self.count()).filter_map(|nth| self.label(nth)).map(|(label, _)| label)
    }

    /// The labels of the phrases in `text`, each with the place where the first phrase of that label begins.
    pub fn labels(&self, text: &str) -> Vec<(L, usize)>
    where
        L: PartialEq,
    {
        let mut labels: Vec<(L, usize)> = Vec::new();
        self.finder.each_apart(text, |apart, nth, range| {
            let told = self.label(nth).filter(|(told, _)| labels.iter().all(|(label, _)| label != told));
            labels.extend(told.map(|(label, _)| (label, apart.original(&range).start)));
            true
        });
        labels
    }

    /// Does `text` begin with a phrase?
    pub fn opens(&self, text: &str) -> bool {
        let mut stands = false;
        self.finder.each_opening(text, |_, _| {
            stands = true;
            false
        });
        stands
    }

    /// Is `text` a phrase and nothing else?
    pub fn is_all(&self, text: &str) -> bool {
        self.finder.is_all(text)
    }

    /// Does any phrase stand in `text`?
    pub fn any(&self, text: &str) -> bool {
        let mut stands = false;
        self.finder.each_apart(text, |_, _, _| {
            stands = true;
            false
        });
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words_and_the_longer_one_wins() {
        let cues = Cues::new([(1, 1.0, "load"), (2, 1.0, "load balancer*"), (3, 1.0, "deploy*")]);
        let labels = |text| cues.find(text).iter().map(|c| c.label).collect::<Vec<i32>>();
        assert_eq!(labels("Load was high"), [1]);
        assert_eq!(labels("the load balancers and the load"), [2, 1]);
        assert_eq!(labels("download, redeployed"), [0; 0]);
        assert_eq!(labels("Deployment to nameserver"), [3]);
        assert_eq!(labels("überload"), [0; 0]);
    }
}
