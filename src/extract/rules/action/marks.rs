//! What stands around an action's words: owner, state and date, set apart by dashes, bars and brackets.

use super::details::status_of;
use crate::domain::ActionStatus;
use crate::extract::labels::fold_key;
use crate::extract::vocabulary::{action_words, is_blank, is_named, lists};
use crate::text::Regex;
use crate::time::written::times;
use std::sync::LazyLock;

/// The marks of an action.
#[derive(Debug, Default, PartialEq)]
pub struct Marks {
    pub owner: Option<String>,
    pub status: Option<ActionStatus>,
    /// Where those at its end begin.
    pub from: Option<usize>,
}

/// One mark.
#[derive(Debug, PartialEq)]
pub enum Mark {
    Owner(String),
    Status(ActionStatus),
    /// A date, when the action is due.
    Due,
    /// A ticket, a priority, a dash for nothing.
    Beside,
}

/// An action has no more marks.
const MARKS_MAX: usize = 8;
/// A state has few words.
const STATE_WORDS_MAX: usize = 3;
const NAME_WORDS_MAX: usize = 3;
/// A part longer than this is told, not marked.
const MARK_BYTES_MAX: usize = 60;

/// The marks before and behind an action's words.
pub fn marks(words: &str) -> Marks {
    let mut found = Marks { status: leading_state(words), ..Marks::default() };
    let mut rest = words.trim_end();
    for _ in 0..MARKS_MAX {
        let Some((before, part)) = last_part(rest) else { break };
        let Some(read) = read_part(part) else { break };
        rest = before;
        found.from = Some(rest.len());
        for mark in read {
            match mark {
                Mark::Owner(name) => found.owner = Some(name),
                Mark::Status(status) => found.status = found.status.or(Some(status)),
                Mark::Due | Mark::Beside => {}
            }
        }
    }
    found
}

/// What sets a part at the end apart, and the part.
fn last_part(words: &str) -> Option<(&str, &str)> {
    let bare = words.trim_end_matches(['.', ';', ',']).trim_end();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(inner) = bare.strip_suffix(close) {
            let (before, part) = inner.rsplit_once(open)?;
            return Some((before.trim_end(), part));
        }
    }
    // A sign that stands alone: "Rotate the logs ✅".
    let last = bare.rsplit(char::is_whitespace).next().unwrap_or("");
    if last.len() < bare.len() && !last.is_empty() && !last.contains(char::is_alphanumeric) && !is_dash(last) {
        let before = bare.get(..bare.len() - last.len())?;
        return Some((before.trim_end_matches([' ', '-', '–', '—', '|']), last));
    }
    let dashes = [" - ", " – ", " — ", " | ", " → ", " -> "];
    let dash = dashes.iter().filter_map(|dash| Some((bare.rfind(dash)?, dash.len()))).max();
    let stop = bare.rfind(". ").map(|at| (at, 2)).filter(|(at, _)| dash.is_none_or(|(dash, _)| dash < *at));
    let (at, length) = stop.or(dash)?;
    Some((bare.get(..at)?.trim_end(), bare.get(at + length..)?.trim()))
}

fn is_dash(words: &str) -> bool {
    words.chars().all(|c| matches!(c, '-' | '–' | '—' | '|'))
}

/// The marks of a part, if it is nothing else.
fn read_part(part: &str) -> Option<Vec<Mark>> {
    if part.len() > MARK_BYTES_MAX {
        return None;
    }
    let parts: Vec<&str> = part.split([',', ';', '|']).map(str::trim).collect();
    let marks: Vec<Option<Mark>> = parts.iter().map(|part| mark(part)).collect();
    if marks.iter().all(Option::is_some) {
        return Some(marks.into_iter().flatten().collect());
    }
    // "(ops, done)": a team in small letters, where a state or a date stands beside it.
    let is_kept = |mark: &Option<Mark>| matches!(mark, Some(Mark::Status(_) | Mark::Due));
    let is_team = |part: &str| part.len() <= TEAM_BYTES_MAX && part.chars().all(char::is_alphabetic);
    let lone = marks.iter().position(Option::is_none).filter(|_| marks.iter().any(is_kept))?;
    let all = marks.iter().filter(|mark| mark.is_none()).count() == 1 && parts.get(lone).is_some_and(|p| is_team(p));
    let name = parts.get(lone).map(|part| Mark::Owner((*part).to_owned()));
    all.then(|| marks.into_iter().flatten().chain(name).collect())
}

const TEAM_BYTES_MAX: usize = 16;

static TICKET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^#?[A-Z]{0,10}[A-Z0-9]{0,4}-?#?\d{1,7}$").expect("a valid regex"));
/// "Q3", "Q3 2025", "May 2025", "next week", "EOW".
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:(?:(?:due|by|until|eta|target|end of)[:\s]+)*(?:q[1-4](?:[/\s-]*\d{2,4})?|h[12](?:\s\d{4})?|(?:next|this) (?:week|month|quarter|sprint|year)|eo[dwmqy]|(?:\p{L}{3,9}\s)?20\d\d|(?:asap|tomorrow|today)))$")
        .expect("a valid regex")
});

/// What one part is.
pub fn mark(part: &str) -> Option<Mark> {
    let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '.' | '[' | ']' | '(' | ')'));
    if is_blank(part) || TICKET.is_match(part) || VAGUE.is_match(part) {
        // "todo" is what nobody filled in elsewhere, and a state here.
        let status = Some(status_of(part)).filter(|status| *status != ActionStatus::Unknown);
        return Some(status.map_or(Mark::Beside, Mark::Status));
    }
    if let Some((key, value)) = part.split_once([':', '=']) {
        let kind = kind(key)?;
        let value = value.trim();
        return Some(match kind {
            Kind::Owner if is_name_of_any(value) => Mark::Owner(value.trim_start_matches('@').to_owned()),
            Kind::Status => Mark::Status(status_of(value)),
            Kind::Due => Mark::Due,
            Kind::Owner | Kind::Beside => Mark::Beside,
        });
    }
    let words = part.split_whitespace().count();
    let status = status_of(part);
    if status != ActionStatus::Unknown && words <= STATE_WORDS_MAX {
        return Some(Mark::Status(status));
    }
    if let Some(handle) = part.strip_prefix('@').filter(|h| !h.is_empty() && !h.contains(char::is_whitespace)) {
        return Some(Mark::Owner(handle.to_owned()));
    }
    if part.contains(|c: char| c.is_ascii_digit()) {
        let dated = times(part).iter().any(|w| w.date.is_some());
        return (dated && words <= DATE_WORDS_MAX).then_some(Mark::Due);
    }
    let nobody = action_words().nobody.contains(&part.to_lowercase());
    (is_name(part) || nobody).then(|| if nobody { Mark::Beside } else { Mark::Owner(part.to_owned()) })
}

const DATE_WORDS_MAX: usize = 5;

/// One to three words with capitals, or a team.
fn is_name(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_capital = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-'))
    };
    let known = action_words();
    let is_small = |word: &&str| known.joins.contains(*word) || known.teams.contains(*word);
    let is_team = || words.len() >= 2 && words.last().is_some_and(|word| known.teams.contains(*word));
    let names = words.iter().filter(|word| is_capital(word)).count();
    let all = words.iter().all(|word| is_capital(word) || is_small(word));
    all && (1..=NAME_WORDS_MAX).contains(&names) || is_team() && words.len() <= NAME_WORDS_MAX
}

/// What a form gives as an owner: anything short that is no sentence.
fn is_name_of_any(value: &str) -> bool {
    !is_blank(value) && value.split_whitespace().count() <= OWNER_WORDS_MAX && value.chars().any(char::is_alphabetic)
}

const OWNER_WORDS_MAX: usize = 5;

/// What a key says that its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Owner,
    Due,
    Status,
    Beside,
}

/// The kind of a key of a form about one action.
pub fn kind(key: &str) -> Option<Kind> {
    let key = fold_key(key);
    let words = action_words();
    // "Done: …" is a state before an action, and no key.
    if status_of(&key) != ActionStatus::Unknown {
        None
    } else if words.beside.contains(&key) {
        Some(Kind::Beside)
    } else if key.split(' ').count() > NAME_WORDS_MAX {
        None
    } else if is_named(&words.owner, &key) {
        Some(Kind::Owner)
    } else if is_named(&words.due, &key) {
        Some(Kind::Due)
    } else {
        is_named(&words.status, &key).then_some(Kind::Status)
    }
}

/// The state that leads an action: "[DONE] …", "In progress – …", "✅ …".
fn leading_state(words: &str) -> Option<ActionStatus> {
    let told = |words: &str| Some(status_of(words)).filter(|status| *status != ActionStatus::Unknown);
    let words = words.trim_start();
    let signs = words.len() - words.trim_start_matches(|c: char| !c.is_alphanumeric() && !c.is_whitespace()).len();
    if let Some(status) = words.get(..signs).and_then(told) {
        return Some(status);
    }
    let bare = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    let ends = [" - ", " – ", " — ", ": ", ":", "] ", ") ", " | "];
    let (at, end) = ends.iter().filter_map(|end| Some((bare.find(end)?, *end))).min_by_key(|(at, _)| *at)?;
    let head = bare.get(..at)?;
    let goes_on = bare.get(at + end.len()..).is_some_and(|rest| !rest.trim().is_empty());
    // "Complete: the list" and "(open) …": a closing bracket needs one that opens.
    let is_framed = !end.starts_with([']', ')']) || words.len() > bare.len();
    told(head).filter(|_| goes_on && is_framed && is_state(head))
}

/// Are the words a state and nothing else? "Complete the inventory: …" is something to do.
fn is_state(words: &str) -> bool {
    let cues = [&lists().action_done, &lists().action_open].map(|list| list.find(words));
    let is_told = |at: usize| cues.iter().flatten().any(|cue| cue.range.contains(&at));
    words.split_whitespace().count() <= STATE_WORDS_MAX
        && words.char_indices().all(|(at, c)| !c.is_alphanumeric() || is_told(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ActionStatus::{Done, Open};

    #[test]
    fn marks_are_read_from_both_ends() {
        for (words, owner, status) in [
            ("Add alert — @jane — done", Some("jane"), Some(Done)),
            ("Rotate keys — Sofia Lindqvist — Q3", Some("Sofia Lindqvist"), None),
            ("Rotate keys – owner: Product – ⏳", Some("Product"), Some(Open)),
            ("Rotate keys (Ilse Brandt, 2025-04-01) - open", Some("Ilse Brandt"), Some(Open)),
            ("Rotate keys [Owner: Femi] [Due: 2025-12-12] [Closed]", Some("Femi"), Some(Done)),
            ("Rotate keys (In Progress, Zofia)", Some("Zofia"), Some(Open)),
            ("Rotate keys (ops, done)", Some("ops"), Some(Done)),
            ("Rotate keys (OPS-114)", None, None),
            ("Rotate keys - Nils - 2025-08-20", Some("Nils"), None),
            ("Rotate keys - owner: Network team - due 2025-09-30", Some("Network team"), None),
            ("✅ Rotate keys", None, Some(Done)),
            ("⏳ Rotate keys", None, Some(Open)),
            ("[DONE] Rotate keys", None, Some(Done)),
            ("In progress – rotate keys (Paula)", Some("Paula"), Some(Open)),
            ("Rotate keys. Not yet done.", None, Some(Open)),
            ("Rotate keys. Done.", None, Some(Done)),
            ("Rotate the keys of the two clusters (the others have none)", None, None),
            ("Move from A to B - it is cheaper", None, None),
            ("Complete the inventory: hosts, disks, owners", None, None),
            ("Open a ticket", None, None),
            ("Rotate keys (high)", None, None),
        ] {
            let found = marks(words);
            assert_eq!((found.owner.as_deref(), found.status), (owner, status), "{words}");
        }
    }
}
