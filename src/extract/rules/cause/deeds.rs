//! What was done to what, in one clause: "the ACL was edited", "somebody dropped the table", "the disk filled up".
//!
//! Knows words only, and nothing of where they stand in a report.

use crate::domain::{Span, Trigger};
use crate::extract::vocabulary::{Cue, Deed, bit, causes, deeds};

/// A word that plays a part, and the clause it stands in.
struct Played {
    part: u32,
    range: Span,
    clause: usize,
}

/// What the clauses of a sentence tell.
pub fn told(text: &str) -> Vec<Cue<Trigger>> {
    let words = deeds();
    let parts = words.parts.find(text);
    let all = parts.iter().fold(0, |bits, cue| bits | bit(cue.label));
    // Numbered behind the phrases that tell a trigger alone.
    let numbered = words.all.iter().zip(causes().trigger.count()..);
    let mut may_stand =
        numbered.filter(|(deed, _)| all & deed.needs == deed.needs && all & deed.unless == 0).peekable();
    // Most sentences have parts of deeds and none that is whole.
    if may_stand.peek().is_none() {
        return Vec::new();
    }
    let played = played(text, parts);
    let cue = |(deed, phrase): (&Deed, usize)| {
        let range = done(deed, text, &played)?;
        let is_taken_back = deed.unless & bit(words.released) != 0 && names_version(text);
        if is_taken_back {
            return None;
        }
        Some(Cue { label: deed.trigger, weight: deed.weight, range, phrase })
    };
    may_stand.filter_map(cue).collect()
}

fn played(text: &str, found: Vec<Cue<u32>>) -> Vec<Played> {
    let (mut clause, mut reached) = (0, 0);
    let mut words = Vec::new();
    for cue in found {
        let between = text.get(reached..cue.range.start).unwrap_or("");
        clause += usize::from(cue.label == deeds().joint || parts(between));
        reached = reached.max(cue.range.end);
        words.push(Played { part: cue.label, range: cue.range, clause });
    }
    words
}

/// Is there a mark between two clauses? "80,000" has none.
fn parts(between: &str) -> bool {
    let mark = |word: &str| word.ends_with([',', ';', ':', ')', '–', '—']) || word.starts_with('(');
    between.split(' ').rev().skip(1).any(mark) || between.ends_with('(')
}

/// Where all parts of a deed stand in one clause.
fn done(deed: &Deed, text: &str, played: &[Played]) -> Option<Span> {
    let (first, rest) = deed.of.split_first()?;
    let begun = played.iter().filter(|word| word.part == *first);
    begun.into_iter().find_map(|begun| {
        let mut range = begun.range.clone();
        for part in rest {
            let meets = |word: &&Played| {
                let is_joined = deed.across || word.clause == begun.clause;
                word.part == *part && is_joined && are_near(deed, text, &range, &word.range)
            };
            let next = played.iter().find(meets)?;
            range = range.start.min(next.range.start)..range.end.max(next.range.end);
        }
        let told = !begins_log(text, &range) && (!deed.numbered || is_numbered(text, range.end));
        told.then_some(range)
    })
}

fn are_near(deed: &Deed, text: &str, one: &Span, other: &Span) -> bool {
    let between = if one.end <= other.start {
        one.end..other.start
    } else if other.end <= one.start && !deed.ordered {
        other.end..one.start
    } else {
        return false;
    };
    text.get(between).is_some_and(|words| words.split_whitespace().take(deed.words + 1).count() <= deed.words)
}

/// "Raised the limit": who begins with the verb keeps a log of the response.
fn begins_log(text: &str, range: &Span) -> bool {
    let before = text.get(..range.start).unwrap_or("");
    let first = text.get(range.clone()).and_then(|words| words.split_whitespace().next()).unwrap_or("");
    first.ends_with("ed") && !before.contains(char::is_alphabetic)
}

/// "Gateway 4.18.0 changed the timeout": what came with a release.
fn names_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_version = |word: &str| word.split('.').count() == 3 && word.split('.').all(is_number);
    text.split_whitespace().any(|word| is_version(word.trim_start_matches('v')))
}

/// "Build 419".
fn is_numbered(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triggers(text: &str) -> Vec<Trigger> {
        told(text).iter().map(|cue| cue.label).collect()
    }

    #[test]
    fn a_clause_tells_what_was_done_to_what() {
        assert_eq!(triggers("The ACL of the lab had been edited."), [Trigger::Config]);
        assert_eq!(triggers("Somebody dropped the table of invoices."), [Trigger::Manual]);
    }

    #[test]
    fn nothing_is_told_across_clauses_or_of_what_mended_it() {
        assert_eq!(triggers("The invoices were removed, as the limit says."), []);
        assert_eq!(triggers("We raised the limit to restore service."), []);
        assert_eq!(triggers("Relay 3.7.1 changed the default timeout."), []);
    }
}
