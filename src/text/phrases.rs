//! Very many small patterns, looked for in very many short texts.
//!
//! Joined to one pattern, phrases such as `errors? (?:\S+ ){0,4}began` make an automaton that takes long to compile and
//! outgrows its cache. So each phrase stays a pattern of its own, filed under the letters with which it can begin (the
//! manner of RE2's filtered sets); where a word of the text begins with them, the phrase is compiled, if it was not
//! before, and tried from that word on. What no text touches costs nothing.

use super::narrow::{Narrow, in_small_letters, narrow_phrase, with_narrow};
use super::openings::{is_one_sequence, openings};
use super::program::Program;
use super::regex::Regex;
use super::starts::{Filter, Start, key};
use regex_syntax::ParserBuilder;
use std::ops::Range;
use std::sync::OnceLock;

/// Phrases, any of which is looked for.
pub struct Phrases {
    phrases: Vec<Phrase>,
    filter: Filter,
    /// Key and phrase, sorted.
    keyed: Vec<(u32, u32)>,
    /// Phrases that may begin with anything.
    anywhere: Vec<u32>,
    /// What must follow a phrase.
    tail: &'static str,
    /// All in one, for the texts that this can't tell. `None` within: does not compile; a test sees to it.
    joined: OnceLock<Option<Regex>>,
}

struct Phrase {
    spelled: String,
    /// Only other than letters may stand before it in the text.
    opens: bool,
    /// It asks for letters in one case.
    cased: bool,
    /// Letters beyond ASCII stand in it.
    foreign: bool,
    /// For texts in bytes.
    narrow: OnceLock<Option<Program>>,
    /// For the text itself.
    wide: OnceLock<Option<Program>>,
}

/// What stands before a phrase: no letter, digit or underscore.
const LEAD: &str = r"(?:^|[^\p{L}\p{N}_])";
/// How phrases are spelled that open a text.
const OPENING: &str = r"^\W*";
const NO_WORD: &str = r"[^\p{L}\p{N}_]";
const NO_WORD_NARROW: &str = "[^0-9A-Za-z_]";

/// The time is that of the length, times the words in it: longer texts are few, and asked of all phrases joined.
const TEXT_BYTES_MAX: usize = 2_000;

impl Phrases {
    /// Takes regular expressions of phrases, in any case, and of what must follow each.
    pub fn new(phrases: impl IntoIterator<Item = String>, tail: &'static str) -> Self {
        let phrases: Vec<Phrase> = phrases.into_iter().map(Phrase::new).collect();
        let (mut keyed, mut anywhere) = (Vec::new(), Vec::new());
        for (phrase, nth) in phrases.iter().zip(0_u32..) {
            match openings(&phrase.spelled) {
                Some(openings) => keyed.extend(openings.iter().map(|letters| (key(letters), nth))),
                None => anywhere.push(nth),
            }
        }
        keyed.sort_unstable();
        keyed.dedup();
        let filter = Filter::new(keyed.iter().map(|(key, _)| *key));
        Phrases { phrases, filter, keyed, anywhere, tail, joined: OnceLock::new() }
    }

    /// Does one of them stand in the text?
    pub fn is_in(&self, text: &str) -> bool {
        let told = told(text, |narrow| Some(self.next(text, narrow, 0)?.is_some()));
        told.unwrap_or_else(|| self.joined().is_some_and(|joined| joined.is_match(text)))
    }

    /// The first, with the character before it and what must follow.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        let told = told(text, |narrow| Some(self.next(text, narrow, 0)?.map(|found| narrow.place(found))));
        told.unwrap_or_else(|| Some(self.joined()?.find(text)?.range()))
    }

    /// All, with the character before each and what must follow, none overlapping another; of those that begin
    /// together, the first of the list counts.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let told = told(text, |narrow| {
            let (mut all, mut from) = (Vec::new(), 0);
            while let Some(found) = self.next(text, narrow, from)? {
                from = found.end;
                all.push(narrow.place(found));
            }
            Some(all)
        });
        told.unwrap_or_else(|| {
            self.joined().map(|joined| joined.find_iter(text).map(|m| m.range()).collect()).unwrap_or_default()
        })
    }

    /// The next one from a place on, in bytes of the narrow text; `None` where that can't be told.
    fn next(&self, text: &str, narrow: &Narrow, from: usize) -> Option<Option<Range<usize>>> {
        let opens = narrow.bytes.iter().position(|b| is_word(*b)).unwrap_or(narrow.bytes.len());
        let mut candidates = Vec::new();
        for start in &narrow.starts {
            let at = start.at as usize;
            let before = at.saturating_sub(1);
            if before < from {
                continue;
            }
            self.candidates(narrow, *start, &mut candidates);
            for nth in &candidates {
                let phrase = self.phrases.get(*nth as usize)?;
                if phrase.opens && at > opens {
                    continue;
                }
                if let Some(end) = phrase.end(text, narrow, at, self.tail)? {
                    return Some(Some(if phrase.opens { 0 } else { before }..end));
                }
            }
        }
        Some(None)
    }

    /// The phrases that may begin at a place, in the order of the list.
    fn candidates(&self, narrow: &Narrow, start: Start, candidates: &mut Vec<u32>) {
        candidates.clear();
        let at = start.at as usize;
        if at.checked_sub(1).and_then(|before| narrow.bytes.get(before)).is_some_and(|b| is_word(*b)) {
            return;
        }
        candidates.extend(&self.anywhere);
        for key in [start.key(), start.key() & 0xFFFF, start.key() & 0xFF] {
            if self.filter.passes(key) {
                let first = self.keyed.partition_point(|(known, _)| *known < key);
                let alike = self.keyed.iter().skip(first).take_while(|(known, _)| *known == key);
                candidates.extend(alike.map(|(_, nth)| *nth));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
    }

    fn joined(&self) -> Option<&Regex> {
        let spelled = |p: &Phrase| format!("{}{}", if p.opens { OPENING } else { "" }, p.spelled);
        let all = || self.phrases.iter().map(spelled).collect::<Vec<_>>().join("|");
        let joined = || Regex::new(&format!("(?i){LEAD}(?:{}){}", all(), self.tail)).ok();
        self.joined.get_or_init(joined).as_ref()
    }

    /// Whether all forms compile.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        self.joined().is_some_and(Regex::compiles)
            && self.phrases.iter().all(|p| p.narrow(self.tail).is_some() && (!p.foreign || p.wide(self.tail).is_some()))
    }
}

/// What is told of a text in bytes, if it is short and can be told.
fn told<T>(text: &str, tell: impl FnOnce(&Narrow) -> Option<T>) -> Option<T> {
    (text.len() <= TEXT_BYTES_MAX)
        .then(|| with_narrow(text, |narrow| if narrow.told { tell(narrow) } else { None }))
        .flatten()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Phrase {
    fn new(spelled: String) -> Self {
        let opening = spelled.strip_prefix(OPENING).filter(|rest| is_one_sequence(rest)).map(str::to_owned);
        let opens = opening.is_some();
        let spelled = opening.unwrap_or(spelled);
        let foreign = spelled.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
        let cased = spelled.contains("(?-");
        Phrase { spelled, opens, cased, foreign, narrow: OnceLock::new(), wide: OnceLock::new() }
    }

    fn narrow(&self, tail: &str) -> Option<&Program> {
        let program = || {
            let phrase = narrow_phrase(&self.spelled);
            let phrase = if self.cased { phrase } else { in_small_letters(&phrase) };
            let cases = if self.cased { "(?i)" } else { "" };
            program(&format!("{cases}(?:{phrase}){}", tail.replace(NO_WORD, NO_WORD_NARROW)), false)
        };
        self.narrow.get_or_init(program).as_ref()
    }

    fn wide(&self, tail: &str) -> Option<&Program> {
        self.wide.get_or_init(|| program(&format!("(?i)(?:{}){tail}", self.spelled), true)).as_ref()
    }

    /// Where it ends, if it begins at a place, both in bytes of the narrow text; `None` where it can't be told.
    fn end(&self, text: &str, narrow: &Narrow, at: usize, tail: &str) -> Option<Option<usize>> {
        let wide = self.foreign && narrow.foreign;
        let (program, haystack, from) = if wide {
            (self.wide(tail)?, text.as_bytes(), narrow.at(at))
        } else {
            (self.narrow(tail)?, if self.cased { narrow.bytes.as_slice() } else { narrow.lower.as_slice() }, at)
        };
        let found = program.end(haystack, from).ok()?;
        Some(found.map(|found| if wide { at + text.get(from..found).map_or(0, |t| t.chars().count()) } else { found }))
    }
}

fn program(source: &str, unicode: bool) -> Option<Program> {
    let hir = ParserBuilder::new().unicode(unicode).utf8(unicode).build().parse(source).ok()?;
    Program::new(&hir, unicode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAIL: &str = r"(?:$|[^\p{L}\p{N}_]|(?:s|ed)\b)";
    const PHRASES: &[&str] = &[
        r"began to (?:\S+ ){0,2}fail",
        r"(?:\d+ ?%|\w+ o[nf]) fire",
        r"^\W*alerts?\b",
        "störung",
        "n['’]t ok",
        r"un [^.,;]* k",
        "ab|abc",
        r"ABC (?:\S+ )?K|of (?-i:[A-Z])\w",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn finds_what_the_joined_expression_finds(
            text in "(?:[aAbBkKcö5 _.\n—’éſ\u{A0}½漢²]|began to |fail|fails|fire|of |50%|alert|stör|STÖRUNG|ung|n['’]t ok|un | k|ab|abc| ){0,14}",
        ) {
            let ours = Phrases::new(PHRASES.iter().map(|p| (*p).to_owned()), TAIL);
            let plain = regex::Regex::new(&format!("(?i){LEAD}(?:{}){TAIL}", PHRASES.join("|"))).unwrap();
            prop_assert_eq!(ours.is_in(&text), plain.is_match(&text));
            let all: Vec<_> = plain.find_iter(&text).map(|m| m.range()).collect();
            prop_assert_eq!(ours.find_all(&text), all);
        }
    }
}
