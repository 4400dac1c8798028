//! What a third party made that was bad, or did by mistake: "a faulty update of Acme", "a wrong rule at Acme".
//!
//! Knows nothing of who the third party is: it is asked about what stands before one place in one text.

use super::blaming::words;
use crate::extract::vocabulary::{is_one, third_parties};

/// Words between what was made and the name: "of the".
const MADE_WORDS: usize = 3;

/// Words between the adjective and what was made: "faulty content update".
const ADJECTIVE_WORDS: usize = 2;

/// Does a bad thing of the name's, or a mistake, stand right before it?
pub fn faulty(before: &str) -> bool {
    let said = third_parties();
    let clause = before.rsplit(['.', ';', ':', '|', '(', ',']).next().unwrap_or(before);
    let Some(made) = said.made.find(clause).pop() else { return false };
    let gap = clause.get(made.range.end..).unwrap_or("");
    let is_ours = words(gap).any(|word| said.ours.is_all(word) || is_one(said.ourselves, word));
    if is_ours || words(gap).count() > MADE_WORDS {
        return false;
    }
    let opens = |list: &[&str]| words(gap).next().is_some_and(|word| is_one(list, word));
    let (by, of) = (opens(said.made_by), opens(said.made_of));
    let told = words(clause.get(..made.range.start).unwrap_or("")).rev();
    let told: Vec<&str> = told.take(ADJECTIVE_WORDS + 1).collect();
    let is = |list: &[&str]| told.iter().any(|word| is_one(list, word));
    let ours = told.iter().any(|word| said.ours.is_all(word));
    !ours && ((by || of) && is(said.faulty) || by && is(said.mistaken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_badly_is_its_makers() {
        for before in [
            "A faulty update of the ",
            "We installed a broken release of ",
            "A bad content update from ",
            "A wrong rule at ",
            "Because of a mistaken suspension by ",
        ] {
            assert!(faulty(before), "{before}");
        }
        for before in [
            "An update of the ",
            "Our faulty update of the ",
            "A wrong rule of ours at ",
            "A wrong version of the ",
            "A faulty update. We run at ",
            "A wrong record in ",
        ] {
            assert!(!faulty(before), "{before}");
        }
    }
}
