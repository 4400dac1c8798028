//! # milestone-by-echo (M014)
//!
//! ## What it reads
//! Entries of a timeline that state no milestone in so many words, by what they take up again. What began as "bids are
//! rejected" is over where a later entry says "bids accepted again"; and what an engineer finds between the noticing
//! and the end is what the very next entry mends: "the balance was used up", "balance topped up".
//!
//! ## Why it is believed
//! The ways to say that something works are as many as the things that break, but an author calls the thing by the
//! same name, first and last. The cause and its remedy stand beside each other for the same reason.
//!
//! ## When it declines
//! Timelines in which an entry states the milestone; entries that deny, break, try or work on something, that tell who
//! was informed, or that come after the closing; chats and rows of status updates.
//!
//! ## Seen in
//! Tables and lists of events in reports of services that are no web sites: printers, payments, meters, displays.

use super::oldest_first::clocked;
use super::timeline_entry::{is_chat, speaks};
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{is_unended, keyed};
use crate::extract::reading::{Label, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::speech;
use crate::extract::timeline::Entry;
use crate::extract::turns::Turns;

pub const RULE: Rule = Rule {
    code: "M014",
    slug: "milestone-by-echo",
    source: include_str!("timeline_echo.rs"),
    apply,
    examples: &[
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids are rejected\n- 14:05 First alert fired\n- 14:30 The prepaid balance was used up\n- 14:40 Balance topped up\n- 15:00 Bids accepted within the usual second\n- 16:00 Incident closed",
            expect: &["mitigated 2024-01-18T15:00+00:00", "identified 2024-01-18T14:30+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids are rejected\n- 14:05 First alert fired\n- 14:40 We still see rejected bids\n- 15:00 The bids of hall 2 sorted by time\n- 15:10 We look at the usual bids\n- 16:00 Incident closed",
            expect: &[],
        },
    ],
};

/// No more than a hint.
const ENDED: f32 = 0.5;
const EXPLAINED: f32 = 0.46;

/// A beginning, a noticing, an end and a closing.
const ENTRIES_MIN: usize = 4;

/// So much of an entry is compared.
const WORDS_MAX: usize = 24;

/// Who tells that things work needs few.
const CALM_WORDS_MAX: usize = 20;

/// "It does.": who says what is wrong needs a few words for it.
const FINDING_WORDS_MIN: usize = 4;

/// Shorter words say little of what something is about.
const LETTERS_MIN: usize = 4;

/// Endings that words of the same stem may differ in.
const ENDING_BYTES_MAX: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    use MilestoneKind::{Acknowledged, Detected, Identified, Mitigated, Resolved, Started};
    if !reading.timeline.explicit || reading.timeline.posted {
        return;
    }
    let entries = clocked(reading);
    if entries.len() < ENTRIES_MIN || is_chat(&entries) {
        return;
    }
    let Some(noticed) = entries.iter().position(|e| says(e, &[Detected, Acknowledged])) else { return };
    let labelled = |kinds: &[MilestoneKind]| {
        let names = |l: &&Label| keyed(&l.key).is_some_and(|named| kinds.contains(&named));
        reading.labels.iter().filter(names).any(|l| !reading.timing.of_label(l).is_empty())
    };
    // What it was about.
    let opening = entries.get(..=noticed).unwrap_or_default();
    let known: Vec<&str> = opening.iter().flat_map(|e| words(&e.text)).take(WORDS_MAX).collect();
    let closed = entries.iter().rposition(|e| says(e, &[Resolved])).unwrap_or(entries.len());
    let stated = entries.iter().position(|e| says(e, &[Mitigated]) && !says(e, &[Resolved]));
    let ended = stated.or_else(|| {
        let trouble = |e: &&Entry| says(e, &[Started, Detected, Acknowledged, Identified]) && !says(e, &[Resolved]);
        let last = entries.get(..closed).and_then(|open| open.iter().rposition(trouble)).unwrap_or(noticed);
        let works = |i: &usize| entries.get(*i).is_some_and(|e| is_calm(&e.text) && shares(&known, &e.text));
        (last + 1..closed).find(works)
    });
    if let Some(entry) = ended.and_then(|i| entries.get(i)).filter(|_| stated.is_none())
        && !labelled(&[Mitigated, Resolved])
    {
        propose(found, Mitigated, ENDED, entry);
    }
    if entries.iter().any(|e| says(e, &[Identified])) || labelled(&[Identified]) {
        return;
    }
    let between = entries.get(noticed + 1..ended.unwrap_or(closed)).unwrap_or_default();
    let explains = |pair: &&[&Entry]| {
        let [cause, remedy] = pair else { return false };
        let told: Vec<&str> = words(&cause.text).filter(|word| !known.iter().any(|k| is_same(k, word))).collect();
        is_finding(&cause.text) && !says(cause, &[Detected, Acknowledged, Mitigated]) && shares(&told, &remedy.text)
    };
    // What is understood last is what ends it, if anything does.
    let mut pairs = between.windows(2);
    let has_end = noticed + between.len() + 1 < entries.len();
    let explained = if has_end { pairs.rfind(explains) } else { pairs.find(explains) };
    if let Some(entry) = explained.and_then(|pair| pair.first()) {
        propose(found, Identified, EXPLAINED, entry);
    }
}

fn says(entry: &Entry, kinds: &[MilestoneKind]) -> bool {
    kinds.iter().any(|kind| speaks(entry, *kind))
}

/// Says that something is as it should: nothing is denied, broken, noticed, done or tried.
fn is_calm(text: &str) -> bool {
    let speech = speech();
    let others =
        [speech.denied, speech.breaks, speech.notices, speech.remedies, speech.deeds, speech.efforts, speech.aside];
    let is_short = text.split_whitespace().nth(CALM_WORDS_MAX).is_none();
    is_short
        && speech.is_well.is_in(text)
        && !others.iter().any(|words| words.is_in(text))
        && !speech.aftermath.is_in(text)
        && !is_unended(text)
}

/// Tells what is wrong, not what somebody did about it.
fn is_finding(text: &str) -> bool {
    let speech = speech();
    let others = [speech.remedies, speech.deeds, speech.efforts, speech.notices, speech.aside];
    let is_well = speech.is_well.is_in(text) && !speech.denied.is_in(text);
    text.split_whitespace().nth(FINDING_WORDS_MIN - 1).is_some()
        && !is_well
        && !Turns::of(text).are_remedy()
        && !others.iter().any(|words| words.is_in(text))
}

fn shares(words_of_one: &[&str], text: &str) -> bool {
    words(text).any(|word| words_of_one.iter().any(|other| is_same(word, other)))
}

/// The words that say what an entry is about.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let telling = |word: &&str| word.chars().count() >= LETTERS_MIN && !speech().hollow.is_in(word);
    text.split(|c: char| !c.is_alphanumeric()).filter(telling).take(WORDS_MAX)
}

/// "rejection" and "Rejections".
fn is_same(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let same = long.get(..short.len()).is_some_and(|head| head.eq_ignore_ascii_case(short));
    same && long.len() - short.len() <= ENDING_BYTES_MAX
}

fn propose(found: &mut Vec<Candidate>, kind: MilestoneKind, confidence: f32, entry: &Entry) {
    found.push(Candidate {
        finding: Finding::Milestone(kind, entry.at.clone()),
        confidence,
        evidence: entry.evidence.clone(),
        rule: RULE.code,
    });
}
