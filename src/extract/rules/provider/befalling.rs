//! What befell a place, a host or a line of a third party: told without blame, and as good as blame.
//!
//! Knows nothing of who the third party is: it is asked about one place in one text.

use super::blaming::{floor, words};
use crate::extract::vocabulary::{Cue, Cues, is_one, third_parties};

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
    let clause = last_clause(before);
    let said = third_parties();
    let nearest = || words(clause).rev();
    let is_at = |word: &str| said.befalls_at.is_all(word);
    if request_ended_badly(clause, after) {
        return true;
    }
    // "at our data centre operator Acme": ours is what they are to us.
    let is_who = nearest().next().is_some_and(|word| said.roles.is_all(word));
    let reach = if is_who { ROLE_WORDS } else { ARTICLE_WORDS + 1 };
    let is_ours = || !is_who && nearest().take(PLACE_WORDS).any(|word| said.ours.is_all(word));
    if !nearest().take(reach).any(is_at) || is_ours() {
        return false;
    }
    befell_before(clause) || befell_after(after, &[&said.befalls]) || provision_failed(clause, after)
}

/// What stands behind the last mark that ends a clause.
fn last_clause(text: &str) -> &str {
    let bytes = text.as_bytes();
    let behind = |at: usize| match bytes.get(at)? {
        b'(' => Some(at + 1),
        b'.' | b':' | b';' | b'|' | b',' => bytes.get(at + 1).filter(|next| **next == b' ').map(|_| at + 2),
        _ => None,
    };
    (0..bytes.len()).rev().find_map(behind).and_then(|at| text.get(at..)).unwrap_or(text)
}

/// "Our calls to Acme ended in a 503": whoever calls, it is Acme that does not answer.
fn request_ended_badly(clause: &str, after: &str) -> bool {
    let said = third_parties();
    let mut nearest = words(clause).rev().filter(|word| !said.articles.is_all(word));
    let is_to = nearest.next().is_some_and(|word| said.befalls_at.is_all(word));
    let (last, first) = (nearest.next().unwrap_or(""), nearest.next().unwrap_or(""));
    // "Response times" are two words.
    let asks = is_one(said.requests, last) || is_one(said.requests, &format!("{first} {last}"));
    is_to && asks && befell_after(after, &[&said.answered_badly])
}

/// "The hypervisor of Acme crashed": no customer runs it.
fn provision_failed(clause: &str, after: &str) -> bool {
    let said = third_parties();
    let at = |cue: &Cue<()>| {
        let gap = clause.get(cue.range.end..).unwrap_or("");
        words(gap).next().is_some_and(|word| said.befalls_at.is_all(word)) && words(gap).count() <= ROLE_WORDS
    };
    said.provisions.find(clause).last().is_some_and(at) && befell_after(after, &[&said.befalls, &said.fails])
}

/// "An Acme circuit between two towns flapped", "the Acme registry served empty files".
pub fn its_own_failed(before: &str, after: &str) -> bool {
    let said = third_parties();
    let is_ours = words(before).rev().take(ARTICLE_WORDS).any(|word| said.ours.is_all(word));
    let after = [" ", "'s ", "’s "].iter().find_map(|s| after.strip_prefix(s));
    let Some(after) = after.filter(|_| !is_ours) else { return false };
    let own = said.provisions.find(after.get(..floor(after, REACH_BYTES)).unwrap_or("")).into_iter().next();
    let near = own.filter(|cue| after.get(..cue.range.start).is_some_and(|gap| words(gap).count() <= ARTICLE_WORDS));
    near.and_then(|cue| after.get(cue.range.end..))
        .is_some_and(|rest| befell_after(rest, &[&said.befalls, &said.fails]))
}

fn befell_before(clause: &str) -> bool {
    let said = third_parties();
    let close = |end: usize| clause.get(end..).is_some_and(|gap| words(gap).count() <= PLACE_WORDS);
    said.befalls.find(clause).iter().any(|cue| close(cue.range.end))
}

/// Does one of these befall what was named before?
fn befell_after(after: &str, lists: &[&Cues<()>]) -> bool {
    let said = third_parties();
    let head = after.get(..floor(after, REACH_BYTES)).unwrap_or("");
    let head = head.split([';', ':', '|', '.', '(']).next().unwrap_or("");
    let first = lists.iter().filter_map(|list| list.find(head).into_iter().next()).min_by_key(|cue| cue.range.start);
    let Some(cue) = first else { return false };
    let gap = head.get(..cue.range.start).unwrap_or("");
    // "that carries our machine": told of Acme's.
    let carries = words(gap).take(2).any(|word| said.relative.is_all(word));
    let spans = words(gap).next().is_some_and(|word| is_one(said.spans, word));
    let is_meant = |word: &str| carries && said.ours.is_all(word) || spans && !said.ours.is_all(word);
    let is_others = |word: &str| said.linking_own.is_all(word) && !is_meant(word);
    // "to Acme, and our own disk died": somebody else's.
    let others = gap.contains(", ") || words(gap).any(is_others);
    let done = head.get(cue.range.end..).is_some_and(|rest| said.others_doing.opens(rest.trim_start()));
    !others && !done
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
            "The host node at Fennmail that carries our machine lost power.",
            "The hypervisor of Fennmail crashed.",
            "The line of Fennmail was interrupted by roadworks.",
            "The cooling at Fennmail failed.",
            "A point of presence of Fennmail served empty pages.",
            "Our uploads to Fennmail were rejected with 503 for an hour.",
            "Requests to Fennmail took more than a minute.",
            "The response times of Fennmail were far longer than usual.",
        ] {
            assert!(befalls(text), "{text}");
        }
        for text in [
            "Our machine at Fennmail lost its disk.",
            "We run at Fennmail, and a disk died.",
            "A breaker tripped. We run at Fennmail.",
            "Every call to Fennmail was counted.",
            "Our calls to Fennmail failed with 401.",
            "The times of Fennmail were longer than ours.",
            "The database at Fennmail crashed.",
            "Our line at Fennmail was down.",
            "The network at Fennmail was fine.",
            "Fennmail was severed.",
        ] {
            assert!(!befalls(text), "{text}");
        }
    }

    #[test]
    fn what_a_name_stands_before_is_its_own() {
        let failed = |text: &str| {
            let (before, after) = text.split_once("Fennmail").unwrap();
            its_own_failed(before, after)
        };
        assert!(failed("A Fennmail circuit between two towns flapped."));
        assert!(failed("Fennmail's line between two towns and a village was down."));
        assert!(failed("The Fennmail package registry served broken files."));
        assert!(!failed("Our Fennmail circuit flapped."));
        assert!(!failed("The Fennmail key failed."));
        assert!(!failed("The Fennmail region, which we left, and our own disk failed."));
    }

    #[test]
    fn clauses_hang_on_names() {
        assert_eq!(relative(", which was down"), Some(Relative::Itself(" was down")));
        assert_eq!(relative(", whose router rebooted"), Some(Relative::Own(" router rebooted")));
        assert_eq!(relative(" was down"), None);
        assert_eq!(relative(", and so on"), None);
    }
}
