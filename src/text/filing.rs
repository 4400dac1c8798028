//! Files phrases as [`super::filed`] reads them: under the words they need, with their programs for texts in bytes.
//! Part of the build, and of tests.

use super::bits::Bits;
use super::filed::{Entry, Filed, FiledPhrase, FiledSet, Rows, is_short};
use super::firsts::FirstTable;
use super::index::Index;
use super::needs::needs;
use super::openings::{is_one_sequence, openings};
use super::program::Program;
use super::scripts::stands_alone;
use super::spelled::{self, APOSTROPHE, NEVER, OPENING};
use super::starts::{ByteSet, Filter, head, key};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use std::borrow::Cow;

/// What stands for a curly apostrophe in bytes.
const APOSTROPHE_PATTERN: &str = r"\x92";

/// What is no letter, digit or underscore, in what follows phrases.
const NO_WORD: &str = r"[^\p{L}\p{N}_]";
const NO_WORD_NARROW: &str = "[^0-9A-Za-z_]";

/// Phrases that are being filed.
pub struct Filing {
    tail: String,
    spelled: String,
    phrases: Vec<FiledPhrase>,
    /// The words with which each can begin, and those one of which it needs; `None` where they are not told.
    opening: Vec<Option<Vec<Vec<u8>>>>,
    needing: Vec<Option<Vec<Vec<u8>>>>,
}

/// What asks has no more room.
const SETS_MAX: usize = 128;

impl Filing {
    /// Without phrases yet, and what must follow each.
    pub fn new(tail: &str) -> Self {
        let (opening, needing) = (Vec::new(), Vec::new());
        Filing { tail: tail.to_owned(), spelled: String::new(), phrases: Vec::new(), opening, needing }
    }

    /// Files a phrase of a set, those of a set after each other. `None` where it has no program over bytes, and where
    /// there are too many.
    pub fn file(&mut self, phrase: &str, set: usize) -> Option<()> {
        // What opens a text is filed under what stands behind the marks before it.
        let opening = phrase.strip_prefix(OPENING).filter(|rest| is_one_sequence(rest));
        let bare = opening.unwrap_or(phrase);
        let cased = bare.contains("(?-");
        let beyond = || bare.chars().filter(|c| !c.is_ascii() && *c != APOSTROPHE);
        let begin = self.spelled.len();
        self.spelled.push_str(bare);
        let mut program = narrow_program(bare, cased, &self.tail)?;
        program.first = FirstTable { by_byte: Cow::default(), empty: false };
        let letters = program.opening();
        let lead_mask = if letters.len() < 8 { (1 << (8 * letters.len())) - 1 } else { u64::MAX };
        // Over bytes there is nothing beyond them.
        let is_narrow = program.sets.iter().all(|set| set.far.is_empty());
        self.phrases.push(FiledPhrase {
            set: u8::try_from(set).ok().filter(|_| set < SETS_MAX)?,
            opens: opening.is_some(),
            cased,
            foreign: beyond().any(char::is_alphabetic),
            signs: beyond().any(|c| !c.is_alphabetic()),
            spelled: (u32::try_from(begin).ok()?, u32::try_from(self.spelled.len()).ok()?),
            lead: head(letters),
            lead_mask,
            program,
        });
        self.opening.push(openings(bare));
        self.needing.push(needs(bare));
        (is_narrow && self.phrases.len() <= Bits::END).then_some(())
    }

    /// All that were filed, for a program that lives no longer than they do.
    pub fn filed(self) -> Filed {
        let sets = self.phrases.iter().map(|phrase| usize::from(phrase.set) + 1).max().unwrap_or(0);
        let set = |nth: usize| {
            let own = |phrase: &FiledPhrase| usize::from(phrase.set) == nth;
            let begin = self.phrases.iter().position(own).unwrap_or(0);
            let end = begin + self.phrases.iter().filter(|phrase| own(phrase)).count();
            let keys = keys_of(self.needing.get(begin..end).unwrap_or_default());
            FiledSet { phrases: (begin, end), bits: Bits::of(begin..end), keys }
        };
        Filed {
            sets: (0..sets).map(set).collect::<Vec<_>>().leak(),
            tail: self.tail.leak(),
            spelled: self.spelled.leak(),
            phrases: self.phrases.leak(),
            opening: rows(&self.opening),
            needing: rows(&self.needing),
        }
    }
}

/// The keys of which phrases need one each; `None` where a phrase needs none, or words shorter than a key.
fn keys_of(phrases: &[Option<Vec<Vec<u8>>>]) -> Option<Filter> {
    let words = phrases.iter().map(Option::as_ref).collect::<Option<Vec<_>>>()?;
    let keys: Vec<u32> = words.into_iter().flatten().map(|word| key(word)).collect();
    keys.iter().all(|key| !is_short(*key)).then(|| Filter::new(keys))
}

/// Takes the words of each phrase.
fn rows(phrases: &[Option<Vec<Vec<u8>>>]) -> Rows {
    let (mut keyed, mut always) = (Vec::new(), Bits::default());
    for (nth, words) in phrases.iter().enumerate() {
        match (words, u16::try_from(nth)) {
            (Some(words), Ok(nth)) => keyed.extend(words.iter().map(|word| (key(word), Entry::new(word, nth)))),
            _ => always.add(nth),
        }
    }
    keyed.sort_unstable();
    keyed.dedup();
    let short = ByteSet::new(keyed.iter().filter(|(key, _)| is_short(*key)).map(|(key, _)| (key & 0xFF) as u8));
    let Index { filter, places } = Index::new(keyed.iter().map(|(key, _)| *key));
    let entries = keyed.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>();
    Rows { index: Index { filter, places: places.leak() }, short, entries: entries.leak(), always }
}

/// The phrase for texts of characters, where it has letters or signs that bytes do not tell.
pub fn of_characters(phrase: &str, tail: &str) -> Option<String> {
    let bare = phrase.strip_prefix(OPENING).filter(|rest| is_one_sequence(rest)).unwrap_or(phrase);
    bare.contains(|c: char| !c.is_ascii() && c != APOSTROPHE).then(|| spelled::of_characters(bare, tail))
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
    use super::super::starts::Start;
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
    fn a_word_is_told_by_all_of_its_first_letters() {
        let mut filing = Filing::new("");
        let phrases = ["considered", "confirms?", "con", "no (?:word|sign)"];
        phrases.iter().for_each(|phrase| filing.file(phrase, 0).unwrap());
        let filed = filing.filed();
        let told = |text: &str| {
            let mut told = Vec::new();
            filed.opening.each(Start::new(0, head(text.as_bytes())), |nth| told.push(nth));
            told.sort_unstable();
            told
        };
        assert_eq!(told("Confirmed"), [1, 2]);
        assert_eq!(told("Consigned"), [2]);
        assert_eq!(told("no signal"), [3]);
        assert_eq!(told("no answer"), [0; 0]);
        assert_eq!(told("co"), [0; 0]);
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
