//! Names of packages that others publish and that a sentence blames: "the npm package left-trim was unpublished", "we
//! traced it to libharrow, an open-source parser".
//!
//! Such names begin with small letters, so that only what is said of them tells that they are names.

use super::blaming::words;
use crate::domain::Span;
use crate::extract::rules::org;
use crate::extract::vocabulary::{Cues, is_one, third_parties};

/// Words between a comma and what the name before it is: "an open-source parsing library".
const APPOSED_WORDS: usize = 5;

/// The blamed packages that a text names.
pub fn packages(text: &str) -> Vec<Span> {
    let said = third_parties();
    if !said.package_harm.any(text) {
        return Vec::new();
    }
    let behind = said.packages.find(text).into_iter().filter(|cue| !is_ours(text, cue.range.start));
    let behind = behind.filter_map(|cue| token(text, cue.range.end));
    let apposed = [", a ", ", an "].into_iter().flat_map(|mark| text.match_indices(mark));
    let apposed = apposed.filter_map(|(at, mark)| before(text, at, text.get(at + mark.len()..)?));
    let mut found: Vec<Span> = behind.chain(apposed).collect();
    found.sort_by_key(|name| name.start);
    found.dedup();
    found
}

/// The name behind "the package", if it is written as no word is or a version follows.
fn token(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let rest = rest.strip_prefix(' ')?;
    let start = text.len() - rest.len();
    let name = clean(rest.split([' ', ',', ';', '(', '\n']).next()?);
    let end = start + name.len();
    (is_code(name) || has_version(text.get(end..)?) && is_plain(name)).then_some(start..end)
}

/// The name before a comma and what it is.
fn before(text: &str, at: usize, told: &str) -> Option<Span> {
    let clause = told.split([',', ';', '.', '(']).next().unwrap_or("");
    let is_package = ends_clause(&third_parties().packages, clause);
    let head = text.get(..at)?;
    let start = head.rfind([' ', '\n', '(']).map_or(0, |space| space + 1);
    let name = clean(head.get(start..)?);
    let known = is_code(name) || is_plain(name);
    (is_package && known && !is_ours(text, start)).then_some(start..start + name.len())
}

/// Do a few words end in what a package is: "open-source parsing library", "tiny npm package that we use"?
fn ends_clause(cues: &Cues<()>, clause: &str) -> bool {
    let near = |end: usize| clause.get(..end).is_some_and(|told| words(told).count() <= APPOSED_WORDS);
    let ours = || words(clause).any(|word| third_parties().ours.is_all(word));
    cues.find(clause).iter().any(|cue| near(cue.range.end)) && !ours()
}

fn clean(name: &str) -> &str {
    name.trim_matches(|c: char| matches!(c, '`' | '"' | '\'' | '.' | ':' | '*' | '“' | '”' | '!' | '?'))
}

/// A name in small letters that no prose writes so: "left-trim", "@scope/name", "libc6".
fn is_code(name: &str) -> bool {
    let of_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '@' | '.' | ':');
    let marked = name.contains(['-', '_', '/', '@', ':']) || name.bytes().any(|b| b.is_ascii_digit());
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '@');
    name.len() > 2 && begins && marked && name.chars().all(of_names) && !third_parties().no_packages.is_all(name)
}

/// A word in small letters that is no ordinary one.
fn is_plain(name: &str) -> bool {
    let small = name.len() > 3 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    small && !org::names::is_ordinary(name) && !org::names::is_no_name(name)
}

/// " 4.2", " v4.2", " (4.2)", " version 4.2".
fn has_version(after: &str) -> bool {
    let after = after.trim_start().trim_start_matches('(');
    let after = after.strip_prefix("version ").unwrap_or(after);
    let after = after.strip_prefix('v').unwrap_or(after);
    let version = after.split([' ', ',', ')', ';']).next().unwrap_or("");
    version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.')
}

fn is_ours(text: &str, at: usize) -> bool {
    let said = third_parties();
    let before = text.get(..at).unwrap_or("");
    words(before).rev().take(3).any(|word| said.ours.is_all(word) || is_one(said.in_house, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_by_what_is_said_of_them() {
        let named = |text: &str| packages(text).into_iter().map(|name| text[name].to_owned()).collect::<Vec<_>>();
        for (text, name) in [
            ("The npm package pad-ends was unpublished.", "pad-ends"),
            ("The crash was traced to libfenn, an open-source parsing library.", "libfenn"),
            ("Builds broke as the maintainer of pad-ends deleted it.", "pad-ends"),
            ("A release of the Python package fennreq (2.9.0) removed a function.", "fennreq"),
            ("We hit a bug in the dependency @fenn/ui.", "@fenn/ui"),
        ] {
            assert_eq!(named(text), [name], "{text}");
        }
        for text in [
            "A bug in our package pad-ends broke it.",
            "A bug in the library was the cause.",
            "The npm package pad-ends is used here.",
            "The in-house library pad-ends had a bug.",
            "A bug in the package manager broke the install.",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
    }
}
