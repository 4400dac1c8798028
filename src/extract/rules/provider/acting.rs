//! What a third party had done before it all began: "Acme had pushed a rule", "Acme's carrier had filtered our mail",
//! "Acme, in whose hall we stand, switched off the cooling".
//!
//! Knows nothing of who the third party is: it is asked about what stands behind the name that a clause begins with.

use super::blaming::words;
use crate::extract::vocabulary::{is_one, third_parties};

/// Words between a name and what it did: adverbs, or what of its own did it.
const ADVERBS: usize = 1;
const OWN_WORDS: usize = 5;

/// Words between "had" and what was done: "had again".
const DONE_WORDS: usize = 2;

/// Words of a clause that are looked at.
const CLAUSE_WORDS: usize = 24;

/// Does what follows a name tell of an act of it that a report tells as a cause, of itself or of something of its own?
pub fn acted(after: &str) -> bool {
    let own = ["'s ", "’s "].iter().find_map(|s| after.strip_prefix(s));
    let told = own.or_else(|| after.strip_prefix(' ')).unwrap_or("");
    let clause = told.split([';', ':', '|', '.', '(', ',']).next().unwrap_or("");
    let Some(own) = own.map(|_| clause) else {
        return did(clause, ADVERBS) || harms(clause) || does(clause);
    };
    let said = third_parties();
    // "Acme's configuration had changed": who changes it is not told.
    let is_theirs = !words(own).take(2).any(|word| said.own_things.is_all(word));
    is_theirs && (did(own, OWN_WORDS) || failed(own))
}

/// "rotated the keys", "quietly retired the old interface", "lost its link".
fn harms(clause: &str) -> bool {
    let said = third_parties();
    let behind = clause.split_once(' ').filter(|(word, _)| word.ends_with("ly") || *word == "then");
    let told = behind.map_or(clause, |(_, rest)| rest);
    said.harms_itself.opens(clause) || said.altered.opens(told)
}

/// "upgraded the firewall", "wrongly opened a breaker": an act with its object, and no kindness.
fn does(clause: &str) -> bool {
    let said = third_parties();
    let mut rest = words(clause).skip_while(|word| word.ends_with("ly") && !said.kindly.opens(word));
    let Some(verb) = rest.next() else { return false };
    let is_past = verb.len() > 3 && verb.ends_with("ed") || said.past_verbs.is_all(verb);
    let harmless = said.kindly.opens(verb) || is_one(said.harmless, verb);
    is_past && !harmless && rest.next().is_some_and(|word| is_one(said.determiners, word))
}

/// "had pushed", "had to replace", "hatte … gesperrt", up to some words into a clause.
fn did(clause: &str, within: usize) -> bool {
    let said = third_parties();
    let all: Vec<&str> = words(clause).take(CLAUSE_WORDS).collect();
    let Some(at) = all.iter().take(within + 1).position(|word| is_one(said.had, word)) else { return false };
    // "and had": somebody else had.
    if all.iter().take(at).any(|word| is_one(said.coordinating, word)) {
        return false;
    }
    let rest = all.get(at + 1..).unwrap_or(&[]);
    let harmless = |word: &str| said.kindly.opens(word) || is_one(said.harmless, word);
    // "Acme's balancers had been handed a broken list".
    let been = within >= OWN_WORDS && rest.first().is_some_and(|word| *word == "been");
    let rest = if been { rest.get(1..).unwrap_or(&[]) } else { rest };
    if let Some(word) = rest.iter().take(DONE_WORDS + 1).find(|word| is_participle(word)) {
        return !harmless(word);
    }
    match rest {
        ["to", verb, ..] => !is_one(said.harmless, verb),
        [.., last] => all.get(at).is_some_and(|had| had.starts_with("ha")) && is_german_participle(last),
        [] => false,
    }
}

fn is_participle(word: &str) -> bool {
    word.len() > 3 && word.ends_with("ed") || is_one(third_parties().participles, word)
}

/// "gesperrt", "abgeschaltet", "beschädigt", at the end of a clause.
fn is_german_participle(word: &str) -> bool {
    let said = third_parties();
    let ends = word.len() > 5 && (word.ends_with('t') || word.ends_with("en"));
    let begun = |list: &[&str]| list.iter().any(|part| word.starts_with(part));
    ends && word.starts_with(char::is_lowercase) && begun(said.german_done) && !is_one(said.harmless, word)
}

/// "Acme's proxy lost track of our machines".
fn failed(own: &str) -> bool {
    let said = third_parties();
    let at = |cues: &crate::extract::vocabulary::Cues<()>| {
        cues.find(own).first().is_some_and(|cue| {
            let gap = own.get(..cue.range.start).unwrap_or("");
            let rest = own.get(cue.range.end..).unwrap_or("");
            words(gap).count() <= OWN_WORDS
                && !said.others_doing.opens(rest.trim_start())
                && !words(gap).any(|word| said.linking_own.is_all(word))
        })
    };
    at(&said.harms_itself) || at(&said.fails)
}

/// "A package of ", "The new signature file from ": what a clause begins with is the work of whom it names then.
pub fn is_work(before: &str) -> bool {
    let said = third_parties();
    let clause = before.rsplit([':', ';', '.']).next().unwrap_or(before);
    if clause.contains([',', '(']) {
        return false;
    }
    let all: Vec<&str> = words(clause).take(WORK_WORDS + 1).collect();
    let [first, .., of] = all.as_slice() else { return false };
    let ours = |word: &&str| said.ours.is_all(word) || is_one(said.ourselves, word);
    let verb = |word: &&str| said.being_in.is_all(word) || is_participle(word);
    all.len() <= WORK_WORDS
        && all.len() > 2
        && is_one(said.determiners, first)
        && is_one(said.work_of, of)
        && !all.iter().any(|word| ours(word) || verb(word))
}

/// Words of what somebody made, with the article and "of".
const WORK_WORDS: usize = 7;

/// What is told behind a clause in commas: ", in whose hall we stand, switched off the cooling".
pub fn past_relative(after: &str) -> &str {
    let said = third_parties();
    // "The aggregator that we use dropped".
    let use_of = said.own_use.find(after).into_iter().next().filter(|cue| cue.range.start <= 1);
    if let Some(rest) = use_of.and_then(|cue| after.get(cue.range.end..)) {
        return rest;
    }
    let Some((clause, rest)) = after.strip_prefix(", ").and_then(|rest| rest.split_once(',')) else { return after };
    let is_relative = words(clause).take(2).any(|word| said.relative.is_all(word) || said.relative_own.is_all(word))
        || words(clause).take(1).any(|word| said.whose.is_all(word))
            && words(clause).any(|word| said.roles.is_all(word));
    if is_relative { rest } else { after }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_had_done_is_told_as_a_cause() {
        for after in [
            " had pushed a rule set that dropped the cookie.",
            " had again null-routed the address.",
            " had put the domain on hold.",
            " had to replace a switch, and the links went dark.",
            "'s carrier in the north had filtered all messages.",
            "’s proxy lost track of our machines.",
            ", in whose hall we stand, had switched off the cooling.",
            ", the processor behind our shop, had retired the interface.",
            " hatte den Port ohne Ankündigung gesperrt.",
            " avait coupé le courant.",
        ] {
            assert!(acted(past_relative(after)), "{after}");
        }
        for after in [
            " had warned us.",
            " had informed all customers.",
            " had a part in it.",
            " and had pushed a rule.",
            "'s configuration had changed.",
            " is where we run, and we had pushed a rule.",
            ", which we use, and had pushed.",
            " hatte uns gewarnt.",
            "'s traffic and our queue failed.",
        ] {
            assert!(!acted(past_relative(after)), "{after}");
        }
    }
}
