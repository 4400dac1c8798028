//! Status, owner, due date and links of an action, from its words and its heading.

use super::marks::{Marks, marks};
use crate::document::Block;
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::Reading;
use crate::extract::vocabulary::{action_words, is_blank, lists};
use crate::text::{Captures, Regex, spaced, words_count};
use chrono::NaiveDate;
use std::sync::LazyLock;

/// An action longer than this is a story; the rest is cut.
const TEXT_BYTES_MAX: usize = 600;

pub const LINKS_MAX: usize = 20;

static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[\s(\[])@(?P<handle>[A-Za-z0-9][\w.-]{0,37}\w)
      | (?i:\b(?:owner|assignee|assigned|responsible|dri|verantwortlich|responsable|responsável|zuständig)\s*[:=]\ ?)
        (?P<named>\p{L}[\p{L}\p{N}.'’-]*(?:\ (?:team\b|\p{Lu}[\p{L}\p{N}'’-]*)){0,2})
      | \((?P<bracket>\p{Lu}[\p{L}'’-]+(?:\ (?:\p{Lu}[\p{L}'’-]+|[Tt]eam))?)\s*(?:[,;)])
      | \s[–—-]\s(?P<dash>\p{Lu}[\p{L}'’]+(?:\ \p{Lu}[\p{L}'’]+)?)(?:\s*,|\s*$)",
    )
    .expect("a valid regex")
});

/// The owner that an action's words name.
fn owner(text: &str, marks: &Marks) -> Option<String> {
    let named = |found: Captures<'_>| {
        let name = ["handle", "named", "bracket", "dash"].iter().find_map(|group| found.name(group))?;
        let name = name.as_str().trim();
        let is_nobody = action_words().nobody.contains(&name.to_lowercase()) || is_blank(name);
        (!is_nobody && status_of(name) == ActionStatus::Unknown).then(|| name.to_owned())
    };
    marks.owner.clone().or_else(|| OWNER.captures_iter(text).find_map(named))
}

/// A status cell or marker; `Unknown` when it says neither.
pub fn status_of(words: &str) -> ActionStatus {
    let lower = words.to_lowercase().replace('_', " ");
    let open = lists().action_open.any(&lower) || lower.contains("n't ");
    let done = lists().action_done.any(&lower);
    match (done, open) {
        (_, true) => ActionStatus::Open,
        (true, false) => ActionStatus::Done,
        (false, false) => ActionStatus::Unknown,
    }
}

/// Markers at the ends of an action: `[DONE] …`, `TODO: …`, `… (done)`, `… – done`, `… ✅`.
pub fn marked_status(text: &str) -> ActionStatus {
    let trimmed = text.trim();
    let first = trimmed.split([' ', ':', ']']).next().unwrap_or("");
    let first = first.trim_matches(|c: char| !c.is_alphanumeric() && !"✅☑☒✔".contains(c));
    let tail_start =
        trimmed.rfind(['(', '–', '—', '[', '-', ':', ',', '.', '✅', '☑', '☒', '✔']).unwrap_or(trimmed.len());
    let tail = trimmed.get(tail_start..).unwrap_or("");
    let short_tail = if tail.split_whitespace().count() <= 4 { tail } else { "" };
    let said = |words: &str| words.split_whitespace().count() <= 4 && !words.is_empty();
    let head = if first.chars().all(|c| c.is_uppercase() || !c.is_alphabetic()) { first } else { "" };
    for words in [head, short_tail] {
        let status = status_of(words);
        if said(words) && status != ActionStatus::Unknown {
            return status;
        }
    }
    ActionStatus::Unknown
}

/// A marker that closes an item, set off by a dash or brackets: where nothing else says that the items are actions, a
/// comma or a full stop, as above, sets off too much.
pub fn closing_status(text: &str) -> ActionStatus {
    let text = text.trim().trim_end_matches('.');
    let dash = ["- ", "– ", "— "].iter().filter_map(|dash| text.rsplit_once(&format!(" {dash}"))).map(|(_, tail)| tail);
    let bracket = text.strip_suffix([')', ']']).and_then(|t| t.rsplit_once(['(', '['])).map(|(_, tail)| tail);
    let tail = dash.chain(bracket).min_by_key(|tail| tail.len()).unwrap_or("");
    if tail.split_whitespace().count() <= 3 { status_of(tail) } else { ActionStatus::Unknown }
}

/// What the headings above say: "Actions taken", "In progress".
pub fn headed_status(reading: &Reading<'_>, block: usize) -> ActionStatus {
    let headings = reading.document.headings(block);
    for heading in headings.iter().rev() {
        let lower = heading.text.to_lowercase();
        if lists().action_open_heading.any(&lower) {
            return ActionStatus::Open;
        }
        if lists().action_done_heading.any(&lower) {
            return ActionStatus::Done;
        }
    }
    ActionStatus::Unknown
}

/// "Add an alert on …": begins with the bare verb.
pub fn is_imperative(words: &str) -> bool {
    lists().action_imperative.find(words).first().is_some_and(|c| c.range.start == 0)
}

/// "was deployed", "has been switched": an action told as done.
pub fn told_status(text: &str) -> ActionStatus {
    let lower = text.to_lowercase();
    let says = |phrases: &[String]| phrases.iter().any(|words| lower.contains(words.as_str()));
    if says(&action_words().coming) {
        ActionStatus::Open
    } else if says(&action_words().made) {
        ActionStatus::Done
    } else {
        ActionStatus::Unknown
    }
}

/// The first date that is written within a range of a block.
pub fn due(reading: &Reading<'_>, block: usize, range: &Span) -> Option<NaiveDate> {
    reading.timing.within(block, range).filter(|stamp| stamp.written.date.is_some()).find_map(|stamp| stamp.at.date)
}

/// Targets of the links in a range of a block.
pub fn links(block: &Block, range: &Span) -> Vec<String> {
    let within = block.links.iter().filter(|(r, _)| range.start <= r.start && r.end <= range.end);
    within.map(|(_, target)| target.clone()).take(LINKS_MAX).collect()
}

/// "#2739: Test for proxies": the number of a ticket names the action and is none of its words.
static TICKET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\[?#\d{1,7}\]?\s?[:–—-]\s+").expect("a valid regex"));

/// Words of the action without a list's own marks.
pub fn clean(text: &str) -> String {
    let flat = spaced(text);
    let marks =
        |c: char| matches!(c, '-' | '*' | '•' | '–' | '☐' | '☑' | '☒' | '✅' | '✔' | '⬜' | '🔲' | '\u{fe0f}' | ' ');
    // "🔴 Rotate the key".
    let is_picture = |c: char| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}');
    let text = flat.trim_start_matches(|c| marks(c) || is_picture(c));
    let text = text
        .strip_prefix("[ ]")
        .or_else(|| text.strip_prefix("[x]"))
        .or_else(|| text.strip_prefix("[X]"))
        .unwrap_or(text);
    let text = TICKET.find(text).map_or(text, |found| text.get(found.end()..).unwrap_or(text));
    let end = (0..=TEXT_BYTES_MAX.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    text.get(..end).unwrap_or("").trim().to_owned()
}

/// The action of a range of a block, with all that its words tell.
pub fn action(reading: &Reading<'_>, index: usize, block: &Block, range: Span) -> Option<Action> {
    let words = block.text.get(range.clone())?;
    let text = clean(words);
    if words_count(&text) < 2 {
        return None;
    }
    if is_left_open(&text) && links(block, &range).is_empty() {
        return None;
    }
    let marks = marks(words);
    let lower = words.to_lowercase();
    let dated = action_words().by.iter().any(|by| lower.contains(by.as_str())) || words.trim_end().ends_with(')');
    let marked = marks.from.map(|from| range.start + from..range.end);
    Some(Action {
        text,
        status: marks.status.unwrap_or_else(|| marked_status(words)),
        owner: owner(words, &marks),
        due: marked
            .and_then(|marked| due(reading, index, &marked))
            .or_else(|| if dated { due(reading, index, &range) } else { None }),
        links: links(block, &range),
        evidence: reading.evidence(index, range),
    })
}

/// What a template left: "[Action item 1]", "TBD", "None".
fn is_left_open(text: &str) -> bool {
    let framed = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    is_blank(text) || is_numbered(text) || refers(text) || framed.is_some_and(|inner| !inner.contains(['[', ']']))
}

/// "Item 1", "Task two": a number of what nobody wrote.
fn is_numbered(text: &str) -> bool {
    let words = action_words();
    let lower = text.trim_end_matches(['.', ':', '…']).to_lowercase();
    let Some((noun, number)) = lower.rsplit_once(' ') else { return false };
    let number = number.trim_start_matches('#');
    let counts = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) || words.numbers.contains(number);
    counts && words.text.contains(noun)
}

/// "As above": where the action stands.
fn refers(text: &str) -> bool {
    let lower = text.to_lowercase();
    words_count(&lower) <= REFERS_WORDS_MAX
        && action_words().refers.iter().any(|words| lower.starts_with(words.as_str()))
}

/// More words tell the action as well.
const REFERS_WORDS_MAX: usize = 3;

/// A told action without its lead: "First, we will …", "To prevent this, we are …".
pub fn without_lead(words: &str) -> usize {
    let head_end = (0..=LEAD_BYTES_MAX.min(words.len())).rev().find(|i| words.is_char_boundary(*i)).unwrap_or(0);
    let head = words.get(..head_end).unwrap_or("");
    let we = [", we ", ", we’", ", we'", ": we "].iter().filter_map(|w| head.find(w)).min();
    let purposes = &action_words().purposes;
    let to = || purposes.iter().any(|p| head.starts_with(p.as_str())).then(|| head.find(", ")).flatten();
    // "We will redesign how we work: we will …" begins with its own intention.
    let leads =
        |at: &usize| !head.get(..*at).is_some_and(|lead| lists().action_intent.any(lead) || lead.starts_with("We "));
    we.filter(leads).or_else(to).map_or(0, |at| at + 2)
}

/// A lead longer than this belongs to the action.
const LEAD_BYTES_MAX: usize = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_and_marks() {
        for (text, expected) in [
            ("Rotate keys (Anya, 2025-12-05)", Some("Anya")),
            ("Rotate keys @sre-lead", Some("sre-lead")),
            ("Ask @jane.doe.", Some("jane.doe")),
            ("Rotate keys – Commerce, by June 5", Some("Commerce")),
            ("Rotate keys. Owner: Jo Smith", Some("Jo Smith")),
            ("Rotate keys (done)", None),
            ("Rotate keys (see the ticket)", None),
        ] {
            assert_eq!(owner(text, &marks(text)).as_deref(), expected, "{text}");
        }
        assert_eq!(marked_status("Rotate keys (done)"), ActionStatus::Done);
        assert_eq!(marked_status("TODO Rotate keys"), ActionStatus::Open);
        assert_eq!(marked_status("Rotate keys that are done with"), ActionStatus::Unknown);
    }
}
