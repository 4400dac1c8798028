//! Words for a cause where none is told: it is looked for, was found and is kept, or is the outage itself.
//!
//! Knows nothing of units or weights: it is asked about one place in one text.

use crate::extract::vocabulary::{explaining, lists, third_parties};

/// Between a verb and "cause": "to find the exact root cause".
const QUALIFIERS_MAX: usize = 3;

/// "The team worked with the vendor to isolate the root cause", "while establishing the cause".
pub fn is_looked_for(before: &str) -> bool {
    let qualifying = |word: &str| explaining().qualifying.is_all(word);
    let mut back = words(before).rev();
    let mut next = back.next();
    for _ in 0..QUALIFIERS_MAX {
        next = if next.is_some_and(qualifying) { back.next() } else { next };
    }
    let Some(verb) = next.filter(|verb| !explaining().no_search.is_all(verb)) else { return false };
    // "to find out the cause", "to better understand the cause", "could not find the cause"
    let is_to = || back.take(2).any(|word| word.eq_ignore_ascii_case("to") || explaining().negating.is_all(word));
    verb.len() > ING.len() && verb.ends_with(ING) || is_to()
}

const ING: &str = "ing";

/// "We experienced an outage, which resulted in the site being down": that it was down twice, and why not at all.
pub fn is_bare_failure(before: &str) -> bool {
    let clause = before.trim_end_matches([' ', ',']);
    let clause = ["which", "that", "and", "thus"].iter().find_map(|word| clause.strip_suffix(word)).unwrap_or(clause);
    let clause = clause.trim_end_matches([' ', ',']);
    let ends = lists().cause_effects.find(clause).last().is_some_and(|cue| cue.range.end == clause.len());
    ends && explaining().undergone.any(clause) && !third_parties().outsiders.any(clause)
}

/// "We have identified the cause and are working on a fix."
pub fn is_untold(text: &str) -> bool {
    lists().cause_untold.find(text).last().is_some_and(|said| {
        let rest = text.get(said.range.end..).unwrap_or("").trim_start();
        let rest = past_what(rest);
        rest.is_empty() || rest.starts_with(['.', ',', ';', '!']) || rest.starts_with("and ")
    })
}

/// What stands behind "of the outage".
fn past_what(rest: &str) -> &str {
    let Some(what) = ["of ", "for ", "behind "].iter().find_map(|of| rest.strip_prefix(*of)) else { return rest };
    let end = what.find(['.', ',', ';', '!']).into_iter().chain(what.find(" and ").map(|at| at + 1)).min();
    let (what, behind) = what.split_at(end.unwrap_or(what.len()));
    if what.split_whitespace().count() <= WHAT_WORDS { behind } else { rest }
}

/// "of the outage this morning"
const WHAT_WORDS: usize = 4;

/// "As a result of this outage", "due to the nature of the failure": what it points back to is told elsewhere, and what
/// came of it is told here.
pub fn refers_back(from: &str) -> bool {
    let said = explaining();
    let Some(cue) = said.owing.find(from).into_iter().next().filter(|cue| cue.range.start == 0) else { return false };
    let rest = from.get(cue.range.end..).unwrap_or("").trim_start();
    if said.pointing.opens(rest) {
        return true;
    }
    let Some((article, after)) = rest.split_once(' ') else { return false };
    let mut told = words(after);
    let failed = |noun: &str| lists().cause_effects.is_all(noun) || said.resumed.is_all(noun);
    // "the failure of a disk" is none that was told before
    third_parties().articles.is_all(article)
        && told.next().is_some_and(failed)
        && !told.next().is_some_and(|word| said.specifying.is_all(word))
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_is_looked_for_is_not_told() {
        for text in [
            "The vendor helped us to isolate ",
            "We asked them to find out the exact ",
            "The crew is still establishing the ",
            "They could not find the ",
            "Nobody has ever found out, and we didn't find a ",
            "to better understand the underlying ",
        ] {
            assert!(is_looked_for(text), "{text}");
        }
        for text in ["A full disk was ", "It turned out to be the ", "The ", ""] {
            assert!(!is_looked_for(text), "{text}");
        }
    }

    #[test]
    fn a_cause_that_was_found_is_not_yet_told() {
        for text in [
            "We have identified the cause and are working on a fix.",
            "We identified the root cause of the outage.",
            "They found the cause of the late letters and are mending it.",
        ] {
            assert!(is_untold(text), "{text}");
        }
        for text in
            ["We found the cause of the late letters to be a full disk.", "We identified the cause: a full disk."]
        {
            assert!(!is_untold(text), "{text}");
        }
    }

    #[test]
    fn what_points_back_tells_no_cause() {
        for text in [
            "due to this outage, mail was late",
            "As a result of these errors the shop was closed",
            "due to the outage, mail was late",
            "due to the nature of the failure, nobody was told",
            "wegen dieser Störung fehlten Briefe",
        ] {
            assert!(refers_back(text), "{text}");
        }
        for text in [
            "due to an outage at our carrier",
            "due to the outage of our carrier",
            "due to the failure of a disk",
            "due to a full disk",
            "because this field was empty",
        ] {
            assert!(!refers_back(text), "{text}");
        }
    }

    #[test]
    fn an_outage_that_resulted_in_downtime_tells_no_cause() {
        for text in ["The portal experienced an outage, which ", "We suffered a disruption that ", "It had an outage "]
        {
            assert!(is_bare_failure(text), "{text}");
        }
        for text in ["A power outage ", "Our hosting provider had an outage, which ", "We suffered a cut cable, which "]
        {
            assert!(!is_bare_failure(text), "{text}");
        }
    }
}
