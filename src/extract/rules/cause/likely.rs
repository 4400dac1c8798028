//! What a text that is no report, such as a question or an alert, speaks of: by the same words and weights as reports.
//!
//! Knows nothing of what the answer is used for, and reads neither times nor names.

use super::votes::{Tally, Vote, Weights};
use super::{component, trigger};
use crate::domain::{Component, Trigger};
use crate::extract::vocabulary::{Cues, causes};

/// Labels, each with the share of all that is said for any of them; none where too little is said.
pub type Shares<L> = Vec<(L, f32)>;

/// What may have set off what is told, and where it may have sat. A question or an alert states what is wrong: nothing
/// in it is denied, supposed or intended, as sentences of a report may be.
pub fn likely(text: &str) -> (Shares<Trigger>, Shares<Component>) {
    let causes = causes();
    let triggers = trigger::believed(&told(text, &causes.trigger, &trigger::WEIGHTS));
    let mut components = component::believed(&told(text, &causes.component, &component::WEIGHTS));
    components.retain(|vote| vote.label != Component::Blockchain || component::speaks_of_chain(text));
    (shares(&triggers, trigger::SCORE_MIN), shares(&components, component::SCORE_MIN))
}

fn told<L: Copy + Ord>(text: &str, words: &Cues<L>, weights: &Weights) -> Vec<Vote<L>> {
    let mut tally = Tally::new();
    words.find(text).iter().for_each(|cue| tally.add(cue, cue.weight * weights.summary));
    tally.scores().into_iter().map(|(label, score)| Vote { label, score, unit: 0 }).collect()
}

fn shares<L: Copy>(votes: &[Vote<L>], score_min: f32) -> Shares<L> {
    let all: f32 = votes.iter().map(|v| v.score).sum();
    let told = votes.iter().filter(|v| v.score >= score_min);
    told.map(|v| (v.label, v.score / all)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_speaks_of_a_trigger_and_a_component() {
        assert_eq!(likely("has a certificate ever expired on us?").0, [(Trigger::Expiry, 1.0)]);
        let (_, components) = likely("resolver answers SERVFAIL, DNS lookups fail");
        assert!(components.iter().any(|(label, share)| *label == Component::Dns && *share > 0.6), "{components:?}");
        assert_eq!(likely("what did we do last time?"), (Vec::new(), Vec::new()));
        assert_eq!(likely(""), (Vec::new(), Vec::new()));
    }
}
