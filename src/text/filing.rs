//! Files phrases as [`super::filed`] reads them: under the words they need, with their programs for texts in bytes.
//! Part of the build, and of tests.

use super::needs::needs;
use super::openings::{is_one_sequence, openings};
use super::packing::{pack, put, put_bytes};
use super::program::Program;
use super::scripts::stands_alone;
use super::set::Ranges;
use super::spelled::{self, APOSTROPHE, NEVER, OPENING};
use super::starts::key;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use std::borrow::Cow;

/// What stands for a curly apostrophe in bytes.
const APOSTROPHE_PATTERN: &str = r"\x92";

/// What is no letter, digit or underscore, in what follows phrases.
const NO_WORD: &str = r"[^\p{L}\p{N}_]";
const NO_WORD_NARROW: &str = "[^0-9A-Za-z_]";

/// A file without phrases yet, and what must follow each.
pub fn new(tail: &str) -> Vec<u8> {
    let mut out = Vec::new();
    put_bytes(&mut out, tail.as_bytes());
    out
}

/// Files a phrase of a set, with what must follow it. `None` where it has no program over bytes.
pub fn file(phrase: &str, set: usize, tail: &str, out: &mut Vec<u8>) -> Option<()> {
    // What opens a text is filed under what stands behind the marks before it.
    let opening = phrase.strip_prefix(OPENING).filter(|rest| is_one_sequence(rest));
    let bare = opening.unwrap_or(phrase);
    let cased = bare.contains("(?-");
    let beyond = || bare.chars().filter(|c| !c.is_ascii() && *c != APOSTROPHE);
    let (foreign, signs) = (beyond().any(char::is_alphabetic), beyond().any(|c| !c.is_alphabetic()));
    let (mut program, mut ranges) = (Vec::new(), vec![Ranges::default()]);
    pack(&narrow_program(bare, cased, tail)?, &mut ranges, &mut program);
    put(out, set as u64);
    out.push(u8::from(opening.is_some()) | u8::from(cased) << 1 | u8::from(foreign) << 2 | u8::from(signs) << 3);
    put_bytes(out, bare.as_bytes());
    put_bytes(out, &keys(openings(bare)));
    put_bytes(out, &keys(needs(bare)));
    put_bytes(out, &program);
    // Over bytes there is nothing beyond them.
    (ranges.len() == 1).then_some(())
}

/// The phrase for texts of characters, where it has letters or signs that bytes do not tell.
pub fn of_characters(phrase: &str, tail: &str) -> Option<String> {
    let bare = phrase.strip_prefix(OPENING).filter(|rest| is_one_sequence(rest)).unwrap_or(phrase);
    bare.contains(|c: char| !c.is_ascii() && c != APOSTROPHE).then(|| spelled::of_characters(bare, tail))
}

/// The keys of words; nothing where no words are told.
fn keys(words: Option<Vec<Vec<u8>>>) -> Vec<u8> {
    let mut keys = Vec::new();
    if let Some(words) = words {
        put(&mut keys, words.len() as u64);
        words.iter().for_each(|word| put(&mut keys, u64::from(key(word))));
    }
    keys
}

/// The program of a phrase and what must follow it, over bytes; over small letters, unless its case counts.
fn narrow_program(phrase: &str, cased: bool, tail: &str) -> Option<Program> {
    let (phrase, tail) = (narrow_phrase(phrase), tail.replace(NO_WORD, NO_WORD_NARROW));
    if cased {
        return Program::new(&parsed(&format!("(?i)(?:{phrase}){tail}"), false)?, false);
    }
    let (phrase, tail) = (parsed(&in_small_letters(&phrase), false)?, parsed(&tail, false)?);
    Program::new(&Hir::concat(vec![phrase, tail]), false)
}

/// An expression of characters, or of bytes: those are made in a tenth of the time, as none of Unicode's tables is in
/// them.
fn parsed(source: &str, unicode: bool) -> Option<Hir> {
    ParserBuilder::new().unicode(unicode).utf8(unicode).build().parse(source).ok()
}

/// The phrase as a pattern of bytes. Its letters beyond ASCII match nothing, so that it is complete only for texts that
/// have none.
fn narrow_phrase(phrase: &str) -> String {
    let mut narrow = String::with_capacity(phrase.len());
    for c in phrase.chars() {
        match c {
            APOSTROPHE => narrow.push_str(APOSTROPHE_PATTERN),
            c if c.is_ascii() => narrow.push(c),
            _ => narrow.push_str(&format!("\\x{NEVER:X}")),
        }
    }
    narrow
}

/// The pattern with its letters small, but for those that an escape names: over bytes in small letters it says what it
/// says in any case, and needs no alternatives for the cases.
fn in_small_letters(pattern: &str) -> String {
    let mut escaped = false;
    let small = |c: char| {
        let kept = escaped;
        escaped = c == '\\' && !escaped;
        if kept { c } else { c.to_ascii_lowercase() }
    };
    pattern.chars().map(small).collect()
}

/// The pattern for texts in which letters of scripts without spaces stand apart ([`super::scripts`]): a space may stand
/// behind each of these letters.
pub fn apart_pattern(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains(stands_alone) {
        return Cow::Borrowed(pattern);
    }
    let mut apart = String::with_capacity(2 * pattern.len());
    let mut letters = pattern.chars().peekable();
    while let Some(c) = letters.next() {
        let is_repeated = letters.peek().is_some_and(|next| matches!(next, '?' | '*' | '+' | '{'));
        match (stands_alone(c), is_repeated) {
            (true, true) => apart.push_str(&format!("(?:{c} ?)")),
            (true, false) => apart.push_str(&format!("{c} ?")),
            (false, _) => apart.push(c),
        }
    }
    Cow::Owned(apart)
}

#[cfg(test)]
mod tests {
    use super::super::scripts::Apart;
    use super::*;

    #[test]
    fn patterns_find_their_words_apart() {
        for (pattern, text) in [
            ("障害(?:が)?発生", "障害発生"),
            ("障害(?:が)?発生", "障害が発生"),
            ("繋がら?な", "繋がな"),
            ("fail", "fail"),
        ] {
            let apart = regex::Regex::new(&apart_pattern(pattern)).unwrap();
            assert!(apart.is_match(&Apart::of(text).text), "{pattern} in {text}");
        }
    }

    #[test]
    fn phrases_that_bytes_do_not_tell_are_made_for_characters() {
        for (phrase, expected) in [
            ("störung", Some(r"(?i)(?:störung)\b")),
            (r"^\W*障害", Some(r"(?i)(?:障害)\b")),
            ("10 %–20", Some(r"(?i)(?:10 %–20)\b")),
            ("didn’t fail", None),
        ] {
            assert_eq!(of_characters(phrase, r"\b").as_deref(), expected, "{phrase}");
        }
    }
}
