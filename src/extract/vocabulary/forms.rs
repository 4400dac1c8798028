//! What forms ask, and what stands in them where nobody answered (`forms.toml`).

use crate::text::{Heads, Words, hold, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    blank: Words,
    blank_begins: Vec<String>,
    cause: Words,
    cause_like: Words,
    unexplained: Vec<String>,
    goes_on: Words,
    detection: Words,
    parts: Words,
    no_orgs: Words,
    title: Words,
    frame: Words,
}

static FILE: LazyLock<File> =
    LazyLock::new(|| shipped!("extract/vocabulary/forms.toml").expect("the shipped vocabulary is valid"));

/// Longer values say something.
const BLANK_BYTES_MAX: usize = 200;

/// Is a value what a template left, or a word that says there is none: "TBD", "–", "<describe the cause>"?
pub fn is_blank(value: &str) -> bool {
    let value = value.trim();
    if value.len() > BLANK_BYTES_MAX {
        return false;
    }
    let bare = value.trim_matches(|c: char| !c.is_alphanumeric());
    // "<owner>": one pair of brackets around all of it, and no address.
    let inner = value.strip_prefix('<').and_then(|v| v.strip_suffix('>'));
    let is_prompt = inner.is_some_and(|v| !v.contains(['<', '>', '@', '/']) && v.contains(char::is_alphabetic));
    bare.is_empty() || is_prompt || hold(&FILE.blank, bare) || says_none(bare)
}

/// "No actions were needed", in few words.
fn says_none(bare: &str) -> bool {
    bare.split_whitespace().count() <= NONE_WORDS_MAX && {
        let lower = bare.to_lowercase();
        FILE.blank_begins.iter().any(|begins| lower.starts_with(begins.as_str()))
    }
}

const NONE_WORDS_MAX: usize = 8;

/// How plainly a key asks for the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// "Root cause", "why it happened".
    Outright,
    /// "Trigger", "reason".
    Perhaps,
}

/// Does a key ask for the cause? What stands in brackets behind it tells which: "root cause (technical)".
pub fn asks_cause(key: &str) -> Option<Asked> {
    let bare = key.split(" (").next().unwrap_or(key).trim_end_matches('?').trim_end();
    if FILE.cause.contains(bare) {
        Some(Asked::Outright)
    } else {
        FILE.cause_like.contains(bare).then_some(Asked::Perhaps)
    }
}

/// Does a key ask who or what noticed first?
pub fn asks_who_noticed(key: &str) -> bool {
    let bare = key.split(" (").next().unwrap_or(key).trim_end_matches('?').trim_end();
    FILE.detection.contains(bare)
}

/// Does a key ask for people, or for a part of the organisation?
pub fn asks_for_part(key: &str) -> bool {
    FILE.parts.contains(key)
}

/// Does a key ask for the title?
pub fn asks_title(key: &str) -> bool {
    FILE.title.contains(key)
}

/// Does a word only say what kind of document it stands on?
pub fn is_frame_word(word: &str) -> bool {
    FILE.frame.contains(word)
}

/// Does the value of a field for the organisation name none?
pub fn is_no_org(value: &str) -> bool {
    hold(&FILE.no_orgs, value) || is_blank(value)
}

/// Do words end with one after which a sentence goes on?
pub fn sentence_goes_on(words: &str) -> bool {
    let last = words.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    hold(&FILE.goes_on, last)
}

/// Does an answer about the cause give none: "Not known yet", "TBD"?
pub fn is_unexplained(answer: &str) -> bool {
    let bare = answer.trim_start_matches(|c: char| !c.is_alphanumeric());
    // Nearly all answers begin with another word.
    if !UNEXPLAINED.may_have(bare) {
        return false;
    }
    let begin = bare.get(..bare.floor_char_boundary(UNEXPLAINED_BYTES)).unwrap_or("").to_lowercase();
    FILE.unexplained.iter().any(|words| begin.starts_with(words.as_str()))
}

/// With which letters such an answer begins; none has fewer than three.
static UNEXPLAINED: LazyLock<Heads> = LazyLock::new(|| Heads::new(FILE.unexplained.iter().map(String::as_str)));

/// More than the longest way to begin such an answer.
const UNEXPLAINED_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ask_for_the_cause() {
        assert_eq!(asks_cause("root cause (technical)"), Some(Asked::Outright));
        assert_eq!(asks_cause("why did it happen?"), Some(Asked::Outright));
        assert_eq!(asks_cause("trigger"), Some(Asked::Perhaps));
        assert_eq!(asks_cause("root cause category"), None);
        assert!(is_unexplained("Not known. It came back by itself."));
        assert!(!is_unexplained("Nothing was known of the disk"));
    }

    #[test]
    fn what_nobody_filled_in_is_told_from_values() {
        for blank in [
            "",
            "-",
            "–",
            "...",
            "N/A",
            "n.a.",
            "TBD",
            "[TBD]",
            "_None_",
            "<owner>",
            "<describe the cause>",
            "???",
            "(unknown)",
            "Keine",
            "None at this time",
            "No actions were agreed",
        ] {
            assert!(is_blank(blank), "{blank}");
        }
        for value in [
            "none of the disks was mounted by the new image that we rolled out",
            "<https://example.org/a>",
            "<jo@example.org>",
            "No. 4",
            "1",
            "日本",
            "unknown host keys were rejected",
            "Nonesuch Ltd",
        ] {
            assert!(!is_blank(value), "{value}");
        }
    }
}
