//! What a clause speaks of: impact that came, something planned, the end of a length (`vocabulary/speech.toml`).

use crate::text;
use crate::text::Memory;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Phrases of one purpose.
pub struct Phrases {
    any: text::Phrases,
    /// The forms that stand right before a time or length alone, and those that stand right after it.
    before: text::Phrases,
    after: text::Phrases,
}

impl Phrases {
    /// Whether the words hold one of the phrases.
    pub fn is_in(&self, words: &str) -> bool {
        self.any.is_in(0, words)
    }

    /// Whether words end with a phrase of those that stand before a time.
    pub fn ends(&self, words: &str) -> bool {
        self.before.is_in(0, words)
    }

    /// Whether words begin with a phrase of those that stand after a time.
    pub fn begins(&self, words: &str) -> bool {
        self.after.is_in(0, words)
    }

    /// Where the phrase ends with which words begin.
    pub fn end(&self, words: &str) -> Option<usize> {
        self.after.find(0, words).map(|range| range.end)
    }
}

#[derive(Deserialize)]
struct Data {
    fillers: Vec<String>,
    #[serde(flatten)]
    lists: BTreeMap<String, List>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct List {
    within: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

macro_rules! speech {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// All phrases about time and impact, by purpose.
        pub struct Speech { $($(#[$doc])* pub $name: Phrases,)+ }

        fn compile(data: &Data) -> Speech {
            Speech { $($name: phrases(data, stringify!($name)),)+ }
        }

        #[cfg(test)]
        const PURPOSES: &[&str] = &[$(stringify!($name),)+];
    };
}

speech! {
    /// Users suffered.
    impact,
    /// Something to come.
    planned,
    /// Right before the clock at which impact began.
    opens,
    /// Right before the clock at which it ended.
    closes,
    /// "by", before a clock.
    by,
    /// All of something was done.
    completes,
    /// Right before a length of impact.
    lasts,
    /// A label whose value opens with a length of impact.
    impact_label,
    /// Right after a length of impact.
    of_outage,
    /// Further words of a sentence that tells a length of impact.
    suffering,
    /// Before a length of time that something took.
    took,
    /// Around a length: until somebody noticed.
    noticed_after,
    /// Around a length: until service was back.
    repaired_after,
    /// Around a length: until it was over.
    resolved_after,
    /// A sentence about what is promised or usual, not about this incident.
    promised,
    /// A length of something else.
    other_length,
    /// What stands in a timeline before or after the incident.
    aside,
    /// The beginning of a status update.
    update_voice,
    /// A first status update that takes up what began before it.
    taken_up,
    /// A sentence that points to another page for what it tells of.
    elsewhere,
    /// A status update after which more will come.
    goes_on,
    /// Before a clock: somebody's estimate of when something will be.
    foretold,
    /// Before a list: what is going to change.
    introduces_actions,
    /// Before a list: what was done to end it, or what readers may do.
    introduces_else,
    /// A sentence that declares the zone in it.
    declares_zone,
}

static SPEECH: LazyLock<Speech> = LazyLock::new(|| {
    compile(&toml::from_str(include_str!("vocabulary/speech.toml")).expect("the shipped vocabulary is valid"))
});

/// The phrases.
pub fn speech() -> &'static Speech {
    &SPEECH
}

fn phrases(data: &Data, purpose: &str) -> Phrases {
    let none = List::default();
    let list = data.lists.get(purpose).unwrap_or(&none);
    let fillers = data.fillers.join("|");
    let joined = |phrases: &[String], form: &dyn Fn(&str) -> String| {
        (!phrases.is_empty()).then(|| form(&phrases.join("|"))).into_iter().collect::<Vec<_>>()
    };
    let within: Vec<String> = list.within.iter().map(|p| format!(r"(?:{p})\b")).collect();
    // The small words that may follow are too many for each phrase to have them to itself.
    let before = joined(&list.before, &|p| format!(r"(?:{p})(?:[\s:,~]|\b(?:{fillers})\b){{0,12}}$"));
    let after = joined(&list.after, &|p| format!(r"^\W*(?:{p})"));
    Phrases {
        any: text::Phrases::new([&within[..], &before, &after].concat(), ""),
        before: text::Phrases::new(before, ""),
        after: text::Phrases::new(after, ""),
    }
}

/// Whether a sentence speaks of impact that came, not of work that was planned.
pub fn speaks_of_impact(words: &str) -> bool {
    IMPACT.with_borrow_mut(|known| {
        *known.of(words, |words, speaks| *speaks = SPEECH.impact.is_in(words) && !is_planned(words))
    })
}

thread_local! {
    /// Asked of a sentence by several rules.
    static IMPACT: RefCell<Memory<bool>> = RefCell::default();
}

/// Whether words speak of something to come: planned work, the next update.
pub fn is_planned(words: &str) -> bool {
    SPEECH.planned.is_in(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_compiles_and_is_used() {
        let data: Data = toml::from_str(include_str!("vocabulary/speech.toml")).unwrap();
        for purpose in PURPOSES {
            assert!(phrases(&data, purpose).any.compiles(), "{purpose}");
        }
        assert_eq!(data.lists.len(), PURPOSES.len());
    }

    #[test]
    fn clauses_are_told_apart() {
        assert!(speaks_of_impact("the API was unavailable"));
        assert!(!speaks_of_impact("an outage is planned"));
        assert!(SPEECH.opens.is_in("errors starting at approximately "));
        assert!(!SPEECH.opens.is_in("we look at "));
        assert!(SPEECH.lasts.is_in("was down for about "));
        assert!(!SPEECH.lasts.is_in("was down every "));
        assert!(SPEECH.of_outage.is_in("-minute cascading failure"));
    }
}
