//! Software that one runs oneself and others made: to blame for its bugs alone.
//!
//! Knows nothing of vocabularies of names: it is asked about one place in one text.

use super::blaming::{close_before, is_modifier, words};
use super::faulty::faulty;
use crate::extract::vocabulary::third_parties;

/// Is the software between two texts said to have had a bug, or its makers to have made one?
pub fn is_to_blame(before: &str, after: &str) -> bool {
    let said = third_parties();
    let bug = close_before(before, &said.bug_before);
    let upstream = close_before(before, &said.reported_to) || said.makers.opens(after.trim_start());
    let has = words(after).take(2).any(|word| said.bug_after.opens(word)) || has_bug(after) || upstream;
    (bug || has || faulty(before) || harmed_anew(before, after)) && !is_modifier(after)
}

/// "Acme 4.2 contains a bug", "the Acme driver has a leak", "Acme's design is inefficient".
fn has_bug(after: &str) -> bool {
    let said = third_parties();
    let is_version = |word: &&str| word.bytes().any(|b| b.is_ascii_digit()) && !word.contains('/');
    let after = ["'s ", "’s "].iter().find_map(|s| after.strip_prefix(s)).unwrap_or(after).trim_start();
    let first = after.split(' ').next();
    let part = first.filter(|word| said.software_nouns.is_all(word)).and_then(|part| after.strip_prefix(part));
    let version = first.filter(is_version);
    let told = version.and_then(|version| after.strip_prefix(version)).or(part).unwrap_or(after);
    let told = told.trim_start();
    said.has_bug.opens(told) || version.is_some() && said.version_harm.opens(told)
}

/// "The new version of Acme dropped a flag".
fn harmed_anew(before: &str, after: &str) -> bool {
    let said = third_parties();
    let before = before.trim_end();
    let is_new = said.versions_of.find(before).last().is_some_and(|cue| cue.range.end == before.len());
    is_new && said.version_harm.opens(after.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn software_is_to_blame_for_its_bugs() {
        for (before, after) in [
            ("The bug is in ", " and was mended in 2.4."),
            ("The ", " driver has a memory leak."),
            ("", "'s design is inefficient for so many readers."),
            ("The new version of ", " dropped a flag that we use."),
        ] {
            assert!(is_to_blame(before, after), "{before}…{after}");
        }
        for (before, after) in [
            ("We ran ", " on two hosts."),
            ("Our ", " driver has a memory leak of ours to thank for."),
            ("The new version of ", " runs well."),
            ("", "'s memory was full."),
        ] {
            assert_eq!(is_to_blame(before, after), before == "Our ", "{before}…{after}");
        }
    }
}
