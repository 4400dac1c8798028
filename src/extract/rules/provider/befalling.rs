//! What befell a place, a host or a line of a third party: told without blame, and as good as blame.
//!
//! Knows nothing of who the third party is: it is asked about one place in one text.

use super::blaming::{floor, words};
use crate::extract::vocabulary::third_parties;

/// How far what befell it may stand from a name.
const REACH_BYTES: usize = 80;

/// Words between what befell and the name of where: "tripped in one of the halls of Acme".
const PLACE_WORDS: usize = 6;

/// Words between where and the name: "in the small hall of Acme".
const ARTICLE_WORDS: usize = 2;

/// And with what Acme is to us between: "at our data centre operator Acme".
const ROLE_WORDS: usize = 6;

/// "A fibre at Acme was severed", "a breaker tripped in the Acme hall", "every call to Acme ended in a 503".
pub fn befell(before: &str, after: &str) -> bool {
    let clause =
        [". ", ": ", "; ", "| ", "(", ", "].iter().filter_map(|mark| before.rsplit_once(mark)).map(|(_, rest)| rest);
    let clause = clause.min_by_key(|rest| rest.len()).unwrap_or(before);
    let said = third_parties();
    let nearest = || words(clause).rev();
    let is_at = |word: &str| said.befalls_at.is_all(word);
    // "at our data centre operator Acme": ours is what they are to us.
    let is_who = nearest().next().is_some_and(|word| said.roles.is_all(word));
    let reach = if is_who { ROLE_WORDS } else { ARTICLE_WORDS + 1 };
    let is_ours = || !is_who && nearest().take(PLACE_WORDS).any(|word| said.ours.is_all(word));
    if !nearest().take(reach).any(is_at) || is_ours() {
        return false;
    }
    befell_before(clause) || befell_after(after)
}

fn befell_before(clause: &str) -> bool {
    let said = third_parties();
    let close = |end: usize| clause.get(end..).is_some_and(|gap| words(gap).count() <= PLACE_WORDS);
    said.befalls.find(clause).iter().any(|cue| close(cue.range.end))
}

fn befell_after(after: &str) -> bool {
    let said = third_parties();
    let head = after.get(..floor(after, REACH_BYTES)).unwrap_or("");
    let head = head.split([';', ':', '|', '.', '(']).next().unwrap_or("");
    let Some(cue) = said.befalls.find(head).into_iter().next() else { return false };
    // "to Acme, and our own disk died": somebody else's.
    !head.get(..cue.range.start).is_some_and(|gap| gap.contains(", ") || words(gap).any(|w| said.linking_own.is_all(w)))
}

/// What is told of a name in the clause that hangs on it: "Acme, which was down", "Acme, whose router rebooted".
pub fn relative(after: &str) -> Option<Relative<'_>> {
    let rest = after.strip_prefix(", ").or_else(|| after.strip_prefix(" ("))?;
    let (pronoun, told) = rest.split_at(rest.find(' ')?);
    let said = third_parties();
    if said.relative.is_all(pronoun) {
        return Some(Relative::Itself(told));
    }
    said.relative_own.is_all(pronoun).then_some(Relative::Own(told))
}

/// Of whom a clause tells that hangs on a name.
#[derive(Debug, PartialEq)]
pub enum Relative<'t> {
    Itself(&'t str),
    /// Of something of its own.
    Own(&'t str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_befalls_a_place_befalls_whose_it_is() {
        let befalls = |text: &str| {
            let (before, after) = text.split_once("Fennmail").unwrap();
            befell(before, after)
        };
        for text in [
            "A fibre between the halls of Fennmail was severed by roadworks.",
            "A breaker tripped in the Fennmail hall.",
            "The power supply of the Fennmail host died.",
            "Every call to Fennmail ended in a 503.",
            "Messages handed to Fennmail never reached a phone.",
            "At our data centre operator Fennmail a fibre was cut.",
            "From 10:00 on every call to Fennmail ended in a 503.",
        ] {
            assert!(befalls(text), "{text}");
        }
        for text in [
            "Our machine at Fennmail lost its disk.",
            "We run at Fennmail, and a disk died.",
            "A breaker tripped. We run at Fennmail.",
            "Every call to Fennmail was counted.",
            "Fennmail was severed.",
        ] {
            assert!(!befalls(text), "{text}");
        }
    }

    #[test]
    fn clauses_hang_on_names() {
        assert_eq!(relative(", which was down"), Some(Relative::Itself(" was down")));
        assert_eq!(relative(", whose router rebooted"), Some(Relative::Own(" router rebooted")));
        assert_eq!(relative(" was down"), None);
        assert_eq!(relative(", and so on"), None);
    }
}
