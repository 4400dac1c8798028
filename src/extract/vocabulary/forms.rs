//! What stands in a form that nobody filled in (`forms.toml`).

use crate::text::{Words, hold, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    blank: Words,
    blank_begins: Vec<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

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
