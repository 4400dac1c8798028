//! What a clause speaks of: impact that came, something planned, the end of a length (`vocabulary/speech.toml`).

use crate::domain::Span;
use crate::text;
use crate::text::{Memory, filed_phrases};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

/// The phrases of one purpose: a set of those of all.
#[derive(Clone, Copy)]
pub struct Phrases(usize);

/// The phrases of all purposes, filed where the program is built (`build.rs`).
static WITHIN: text::Phrases = text::Phrases::new(filed_phrases!("speech.within"));

/// The forms that stand right before a time or length alone, and those that stand right after it.
static BEFORE: text::Phrases = text::Phrases::new(filed_phrases!("speech.before"));
static AFTER: text::Phrases = text::Phrases::new(filed_phrases!("speech.after"));

impl Phrases {
    /// Whether the words hold one of the phrases.
    pub fn is_in(self, words: &str) -> bool {
        WITHIN.is_in(self.0, words) || self.ends(words) || self.begins(words)
    }

    /// Where the phrases stand that may stand anywhere.
    pub fn places(self, words: &str) -> Vec<Span> {
        WITHIN.find_all(self.0, words)
    }

    /// The words without the phrases that stand anywhere.
    fn without(self, words: &str) -> Cow<'_, str> {
        let mut rest = String::new();
        let mut end = 0;
        for range in WITHIN.find_all(self.0, words) {
            rest.push_str(words.get(end..range.start).unwrap_or(""));
            end = range.end;
        }
        if end == 0 {
            return Cow::Borrowed(words);
        }
        rest.push_str(words.get(end..).unwrap_or(""));
        Cow::Owned(rest)
    }

    /// Whether words end with a phrase of those that stand before a time.
    pub fn ends(self, words: &str) -> bool {
        BEFORE.is_in(self.0, words)
    }

    /// Whether words begin with a phrase of those that stand after a time.
    pub fn begins(self, words: &str) -> bool {
        AFTER.is_in(self.0, words)
    }

    /// Where the first phrase ends that stands anywhere.
    pub fn first_end(self, words: &str) -> Option<usize> {
        WITHIN.find(self.0, words).map(|range| range.end)
    }

    /// Where the phrase ends with which words begin.
    pub fn end(self, words: &str) -> Option<usize> {
        AFTER.find(self.0, words).map(|range| range.end)
    }
}

/// The purposes of the vocabulary, in the order of their sets.
fn purposes() -> impl Iterator<Item = &'static str> {
    include_str!(concat!(env!("OUT_DIR"), "/speech.purposes")).lines()
}

/// A purpose that the vocabulary does not know has no phrases; a test sees to it that there is none.
fn phrases(purpose: &str) -> Phrases {
    Phrases(purposes().position(|known| known == purpose).unwrap_or(usize::MAX))
}

macro_rules! speech {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// All phrases about time and impact, by purpose.
        pub struct Speech { $($(#[$doc])* pub $name: Phrases,)+ }

        static SPEECH: LazyLock<Speech> = LazyLock::new(|| Speech { $($name: phrases(stringify!($name)),)+ });

        #[cfg(test)]
        const PURPOSES: &[&str] = &[$(stringify!($name),)+];
    };
}

speech! {
    /// Users suffered.
    impact,
    /// Something to come.
    planned,
    /// Work that was planned, told beside what came of it.
    planned_beside,
    /// Right before the clock at which impact began.
    opens,
    /// Right before the clock at which it ended.
    closes,
    /// Until such a clock nobody knew.
    unnoticed,
    /// Until such a clock nobody understood.
    unexplained,
    /// What was done on the very day.
    same_day,
    /// "by", before a clock.
    by,
    /// All of something was done.
    completes,
    /// A clause in which something breaks, somebody notices, something is found out, or things are as they should.
    breaks,
    notices,
    /// Behind a comma: what begins another clause; what takes up the one before.
    joins,
    takes_up,
    /// Before what somebody did, not only meant to do.
    achieved,
    /// What names what is wrong, in quotes behind it.
    alarms,
    finds_out,
    is_well,
    /// What takes such a word back.
    denied,
    /// What is done against it.
    remedies,
    /// What people did in a while, rather than what users suffered.
    efforts,
    /// What they did at one moment.
    deeds,
    /// Words that do not say what a text is about.
    hollow,
    /// Right before a length of impact.
    lasts,
    /// A label whose value opens with a length of impact.
    impact_label,
    /// Right after a length of impact.
    of_outage,
    /// Further words of a sentence that tells a length of impact.
    suffering,
    /// Around a length of how late, slow or old something was.
    shifted,
    /// Right after a length that parts something from the incident.
    apart,
    /// Before a length of time that something took.
    took,
    /// Around a length: until somebody noticed.
    noticed_after,
    /// Around a length: until somebody took it on, until the cause was known.
    acknowledged_after,
    identified_after,
    /// Around a length: until service was back.
    repaired_after,
    /// Around a length: until it was over.
    resolved_after,
    /// The key of a field, all of it, that holds such a length.
    ttd_key,
    tta_key,
    tti_key,
    ttm_key,
    ttr_key,
    impact_key,
    /// Right after a length, what it is counted from: "after the incident started".
    from_start,
    /// Right after a length: nobody knew for so long; it was repaired in it.
    unknown_for,
    repair_time,
    /// A sentence about what is promised or usual, not about this incident.
    promised,
    /// A length of something else.
    other_length,
    /// What stands in a timeline before or after the incident.
    aside,
    /// What is still done when service is back already.
    aftermath,
    /// The beginning of a status update.
    update_voice,
    /// A first status update that takes up what began before it.
    taken_up,
    /// A sentence that points to another page for what it tells of.
    elsewhere,
    /// Work was completed.
    completes_work,
    /// It is not over; its end is still to come; people still look for it.
    unended,
    awaited,
    goes_on_looking,
    /// So begins the value of a field for an end that has not come.
    no_end_yet,
    /// A status update after which more will come.
    goes_on,
    /// A sentence that tells of other days without naming them by a date.
    other_days,
    /// Before a clock: somebody's estimate of when something will be.
    foretold,
    /// Before a list: what is going to change.
    introduces_actions,
    /// Before a list: what was done to end it, or what readers may do.
    introduces_else,
    /// Before a list below an action: what the thing does that was made.
    introduces_steps,
    /// "these steps", in a sentence above the list of them.
    points_below,
    /// A sentence that declares the zone in it.
    declares_zone,
    /// A heading that asks or says what is to be done, and one that speaks of something else all the same.
    heads_actions,
    heads_else,
    /// A sentence that tells a change to come, or one that was made for good.
    intends_change,
    /// An intention that changes nothing: to tell more, to watch, to do one's best.
    empty_promise,
    /// An intention to find out, or to finish what is still being repaired.
    seeks_cause,
    /// A sentence that says what a report is, or what a page is good for.
    defines_report,
    states_purpose,
    /// Such a sentence that speaks of one incident all the same.
    states_incident,
    /// Somebody is sorry for what broke, or promises that it will not break again.
    apologises,
    /// In a sentence that tells where something failed; in one that tells what did not; what denies nothing.
    suffered,
    denies,
    not_limited,
    /// Before what a sentence enumerates.
    enumerates,
}

/// The phrases.
pub fn speech() -> &'static Speech {
    &SPEECH
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
    SPEECH.planned.is_in(words) && SPEECH.planned.is_in(&SPEECH.planned_beside.without(words))
}

/// What parts the clauses of a sentence that tell something of their own: a comma before "and" or "though", a
/// semicolon, a dash. What takes up the clause before it ("and this was reported") is parted from nothing.
pub fn joints(sentence: &str) -> impl Iterator<Item = Span> + '_ {
    sentence.match_indices([',', ';', '–', '—']).filter_map(|(at, mark)| {
        let after = sentence.get(at + mark.len()..)?;
        let rest = after.trim_start();
        let parts = mark != "," || SPEECH.joins.begins(rest);
        let is_apart = parts && rest.len() < after.len() && !SPEECH.takes_up.begins(rest);
        is_apart.then(|| at..sentence.len() - rest.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_compiles_and_is_used() {
        let mut known: Vec<&str> = PURPOSES.to_vec();
        known.sort_unstable();
        assert_eq!(purposes().collect::<Vec<_>>(), known);
        for phrases in [&WITHIN, &BEFORE, &AFTER] {
            assert!(phrases.compiles());
        }
    }

    #[test]
    fn clauses_are_told_apart() {
        assert!(speaks_of_impact("the API was unavailable"));
        assert!(!speaks_of_impact("an outage is planned"));
        assert!(speaks_of_impact("during a planned upgrade of the pumps all pages failed"));
        assert!(!speaks_of_impact("the scheduled maintenance may make pages fail"));
        assert!(SPEECH.achieved.ends("we were able "));
        assert!(SPEECH.achieved.ends("Mara managed "));
        assert!(SPEECH.achieved.ends("we were finally able "));
        let parts = |sentence: &'static str| joints(sentence).map(|j| &sentence[j]).collect::<Vec<_>>();
        assert_eq!(parts("It was slow, old and, later, dead, but we slept; then it ended"), [", ", "; "]);
        assert_eq!(parts("Tests pass, and this is reported"), [""; 0]);
        assert!(SPEECH.opens.is_in("errors starting at approximately "));
        assert!(!SPEECH.opens.is_in("we look at "));
        assert!(SPEECH.lasts.is_in("was down for about "));
        assert!(!SPEECH.lasts.is_in("was down every "));
        assert!(SPEECH.of_outage.is_in("-minute cascading failure"));
    }
}
