//! Very many small patterns, looked for in very many short texts.
//!
//! Joined to one pattern, phrases such as `errors? (?:\S+ ){0,4}began` make an automaton that takes long to compile and
//! outgrows its cache. So each phrase stays a pattern of its own, filed under the first letters of the rarest words it
//! needs (the manner of RE2's filtered sets); where a text has such a word, the phrase's program is read, if it was not
//! before, and tried where it can begin. What no text touches costs nothing.
//!
//! Phrases come in sets: what several sets say of a text is found out at once.

use super::bits::Bits;
use super::bytes::Bytes;
use super::filed::Filed;
use super::index::Index;
use super::known::program;
use super::narrow::{Narrow, with_narrow};
use super::packed::unpack;
use super::program::Program;
use super::regex::Regex;
use super::set::Ranges;
use super::spelled::{OPENING, of_characters};
use super::starts::{ByteSet, Filter, KEY_BYTES, Start, head};
use std::ops::Range;
use std::sync::OnceLock;

/// Sets of phrases, at most 64; each set is asked about by its number.
pub struct Phrases {
    /// Those of a set follow each other.
    phrases: Vec<Phrase>,
    sets: Vec<PhraseSet>,
    /// Which phrases begin with a word, and which need it.
    opening: Rows,
    needing: Rows,
    /// What must follow a phrase.
    tail: &'static str,
}

#[derive(Default)]
struct PhraseSet {
    phrases: Range<usize>,
    bits: Bits,
    /// Keys of words of which every text has one that a phrase stands in; `None` where that is not told.
    keys: Option<Filter>,
    /// All in one, for the texts that this can't tell. `None` within: does not compile; a test sees to it.
    joined: OnceLock<Option<Regex>>,
}

struct Phrase {
    spelled: &'static str,
    set: usize,
    /// Only other than letters may stand before it in the text.
    opens: bool,
    /// It asks for letters in one case.
    cased: bool,
    /// Letters beyond ASCII stand in it.
    foreign: bool,
    /// Signs beyond ASCII do, other than the apostrophe.
    signs: bool,
    /// For texts in bytes.
    packed: &'static [u8],
    narrow: OnceLock<Option<Box<(Program, Lead)>>>,
    /// For the text itself.
    wide: OnceLock<Option<Box<Program>>>,
}

/// The first letters of a phrase as in [`Start::head`], and which of the eight it has.
struct Lead {
    head: u64,
    mask: u64,
}

impl Lead {
    fn of(program: &Program) -> Self {
        let letters = program.opening();
        let mask = if letters.len() < 8 { (1 << (8 * letters.len())) - 1 } else { u64::MAX };
        Lead { head: head(letters), mask }
    }
}

/// What stands before a phrase: no letter, digit or underscore.
const LEAD: &str = r"(?:^|[^\p{L}\p{N}_])";

/// The time is that of the length, times the words in it: longer texts are few, and asked of all phrases joined.
const TEXT_BYTES_MAX: usize = 2_000;

/// In few texts more starts change what lies ahead.
const STEPS_USUAL: usize = 8;

/// More sets have no bit.
const SETS_MAX: usize = 64;

impl Phrases {
    /// Takes phrases as they were filed where the program is built, those of a set after each other.
    pub fn new(filed: &'static [u8]) -> Self {
        let (tail, all) = Filed::all(filed);
        // Room that is not used is not touched; room that grows is, several times over.
        let room = Bits::END;
        let (mut phrases, mut opening, mut needing) =
            (Vec::with_capacity(room), Vec::with_capacity(room), Vec::with_capacity(room));
        let mut sets: Vec<PhraseSet> = Vec::new();
        for filed in all {
            let set = filed.set.min(SETS_MAX - 1);
            let nth = phrases.len();
            phrases.push(Phrase::new(filed, set));
            opening.push(filed.openings());
            needing.push(filed.needs());
            if sets.len() <= set {
                sets.resize_with(set + 1, || PhraseSet { phrases: nth..nth, ..PhraseSet::default() });
            }
            sets.get_mut(set).into_iter().for_each(|set| set.phrases.end = phrases.len());
        }
        for set in &mut sets {
            set.bits = Bits::of(set.phrases.clone());
            set.keys = keys_of(needing.get(set.phrases.clone()).unwrap_or_default());
        }
        Phrases { phrases, sets, opening: Rows::new(&opening), needing: Rows::new(&needing), tail }
    }

    /// The sets, of those wanted, of which a phrase stands in the text: bits by their numbers.
    pub fn standing(&self, text: &str, sets: u64) -> u64 {
        let mut standing = 0;
        let mut wanted = Bits::default();
        for (_, set) in (0..).zip(&self.sets).filter(|(nth, _)| sets >> nth & 1 == 1) {
            wanted.join(&set.bits);
        }
        let told = self.scan(text, &mut wanted, |wanted, set, _, _| {
            standing |= 1 << set;
            self.sets.get(set).into_iter().for_each(|set| wanted.remove(&set.bits));
            Some(0)
        });
        told.map(|()| standing).unwrap_or_else(|| {
            let stands = |set: &usize| self.joined(*set).is_some_and(|joined| joined.is_match(text));
            (0..self.sets.len()).filter(|set| sets >> set & 1 == 1).filter(stands).fold(0, |all, set| all | 1 << set)
        })
    }

    /// Does one of a set stand in the text?
    pub fn is_in(&self, set: usize, text: &str) -> bool {
        let mut wanted = self.bits(set);
        if wanted.is_empty() || told(text, |narrow| Some(!self.may_hold(set, narrow))) == Some(true) {
            return false;
        }
        let mut stands = false;
        let told = self.scan(text, &mut wanted, |_, _, _, _| {
            stands = true;
            None
        });
        told.map(|()| stands).unwrap_or_else(|| self.joined(set).is_some_and(|joined| joined.is_match(text)))
    }

    /// The first of a set, with the character before it and what must follow.
    pub fn find(&self, set: usize, text: &str) -> Option<Range<usize>> {
        let mut first = None;
        let told = self.scan(text, &mut self.bits(set), |_, _, narrow, found| {
            first = Some(narrow.place(found));
            None
        });
        told.map(|()| first).unwrap_or_else(|| Some(self.joined(set)?.find(text)?.range()))
    }

    /// All of a set, with the character before each and what must follow, none overlapping another; of those that begin
    /// together, the first of the list counts.
    pub fn find_all(&self, set: usize, text: &str) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        let told = self.scan(text, &mut self.bits(set), |_, _, narrow, found| {
            all.push(narrow.place(found.clone()));
            Some(found.end)
        });
        told.map(|()| all).unwrap_or_else(|| {
            self.joined(set).map(|joined| joined.find_iter(text).map(|m| m.range()).collect()).unwrap_or_default()
        })
    }

    /// Calls `found` with the set of one phrase after the other and its range in bytes of the narrow text. It answers
    /// from where on the next one may begin, if there shall be one, and may want fewer phrases from there on. `None`
    /// where this can't be told.
    fn scan(
        &self,
        text: &str,
        wanted: &mut Bits,
        mut found: impl FnMut(&mut Bits, usize, &Narrow, Range<usize>) -> Option<usize>,
    ) -> Option<()> {
        // More are asked one set after the other.
        (self.phrases.len() <= Bits::END).then_some(())?;
        told(text, |narrow| {
            let mut ahead = self.ahead(narrow, wanted);
            ahead.last().into_iter().for_each(|(_, phrases)| wanted.keep(phrases));
            let mut from = 0;
            let mut begun = false;
            for start in &narrow.starts {
                let at = start.at as usize;
                while ahead.last().is_some_and(|(end, _)| *end < start.at) {
                    ahead.pop();
                    ahead.last().into_iter().for_each(|(_, phrases)| wanted.keep(phrases));
                }
                if wanted.is_empty() {
                    break;
                }
                let before = at.saturating_sub(1);
                let sticks = at > 0 && narrow.bytes.get(before).is_some_and(|b| is_word(*b));
                if sticks || before < from {
                    continue;
                }
                let mut candidates = self.opening.always;
                self.opening.add(*start, &mut candidates);
                candidates.keep(wanted);
                while let Some(nth) = candidates.pop() {
                    let phrase = self.phrases.get(nth)?;
                    begun |= phrase.opens && narrow.bytes.get(..at).is_some_and(|b| b.iter().any(|b| is_word(*b)));
                    if phrase.opens && begun {
                        continue;
                    }
                    if let Some(end) = phrase.end(text, narrow, *start, self.tail)? {
                        let range = if phrase.opens { 0 } else { before }..end;
                        let Some(next) = found(wanted, phrase.set, narrow, range) else { return Some(()) };
                        from = next;
                        if before < from {
                            break;
                        }
                        candidates.keep(wanted);
                    }
                }
            }
            Some(())
        })
    }

    /// Could one of a set stand in the text?
    fn may_hold(&self, set: usize, narrow: &Narrow) -> bool {
        let Some(set) = self.sets.get(set) else { return false };
        set.keys.as_ref().is_none_or(|keys| narrow.starts.iter().any(|start| keys.passes_key(*start)))
    }

    /// Which of the wanted phrases have a word that they need at a start or behind it: from the last start on which
    /// this changes to the first.
    fn ahead(&self, narrow: &Narrow, wanted: &Bits) -> Vec<(u32, Bits)> {
        let mut met = self.needing.always;
        met.keep(wanted);
        let mut ahead = Vec::with_capacity(STEPS_USUAL);
        ahead.push((u32::MAX, met));
        for start in narrow.starts.iter().rev() {
            let mut needing = Bits::default();
            if self.needing.add(*start, &mut needing) {
                needing.keep(wanted);
                needing.remove(&met);
                if !needing.is_empty() {
                    met.join(&needing);
                    ahead.push((start.at, met));
                }
            }
        }
        ahead
    }

    fn bits(&self, set: usize) -> Bits {
        self.sets.get(set).map_or_else(Bits::default, |set| set.bits)
    }

    fn joined(&self, set: usize) -> Option<&Regex> {
        let set = self.sets.get(set)?;
        let spelled = |p: &Phrase| format!("{}{}", if p.opens { OPENING } else { "" }, p.spelled);
        let joined = || {
            let all: Vec<String> = self.phrases.get(set.phrases.clone())?.iter().map(spelled).collect();
            Regex::new(&format!("(?i){LEAD}(?:{}){}", all.join("|"), self.tail)).ok()
        };
        set.joined.get_or_init(|| joined().filter(|_| !set.phrases.is_empty())).as_ref()
    }

    /// Whether all forms compile.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        assert!(self.phrases.len() <= Bits::END, "{} phrases are more than one look can tell", self.phrases.len());
        let sets = || (0..self.sets.len()).filter(|set| !self.bits(*set).is_empty());
        sets().all(|set| self.joined(set).is_some_and(Regex::compiles))
            && self
                .phrases
                .iter()
                .all(|p| p.narrow().is_some() && (!(p.foreign || p.signs) || p.wide(self.tail).is_some()))
    }
}

/// The keys of which phrases need one each; `None` where a phrase needs none, or words shorter than a key.
fn keys_of(phrases: &[Option<Vec<u32>>]) -> Option<Filter> {
    let keys: Vec<u32> =
        phrases.iter().map(Option::as_ref).collect::<Option<Vec<_>>>()?.into_iter().flatten().copied().collect();
    keys.iter().all(|key| !is_short(*key)).then(|| Filter::new(keys))
}

/// Has a key fewer letters than others?
fn is_short(key: u32) -> bool {
    key >> (8 * (KEY_BYTES - 1)) == 0
}

/// What is told of a text in bytes, if it is short.
fn told<T>(text: &str, tell: impl FnOnce(&Narrow) -> Option<T>) -> Option<T> {
    (text.len() <= TEXT_BYTES_MAX).then(|| with_narrow(text, tell)).flatten()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Which phrases have to do with a word, by the word's key: words are filed under three letters, or all they have.
struct Rows {
    index: Index,
    /// First bytes of the keys that are shorter than others.
    short: ByteSet,
    /// Sorted by their keys; a set of bits a key would touch a hundred times the memory at every start.
    entries: Vec<u16>,
    /// Phrases of which no words are told.
    always: Bits,
}

impl Rows {
    /// Takes the keys of each phrase.
    fn new(phrases: &[Option<Vec<u32>>]) -> Self {
        let (mut keyed, mut always) = (Vec::new(), Bits::default());
        for (nth, keys) in phrases.iter().enumerate() {
            match (keys, u16::try_from(nth)) {
                (Some(keys), Ok(nth)) => keyed.extend(keys.iter().map(|key| (*key, nth))),
                _ => always.add(nth),
            }
        }
        keyed.sort_unstable();
        keyed.dedup();
        let short = ByteSet::new(keyed.iter().filter(|(key, _)| is_short(*key)).map(|(key, _)| (key & 0xFF) as u8));
        let index = Index::new(keyed.iter().map(|(key, _)| *key));
        Rows { index, short, entries: keyed.into_iter().map(|(_, nth)| nth).collect(), always }
    }

    /// Adds those that have to do with the word at a place, if there are any.
    fn add(&self, start: Start, phrases: &mut Bits) -> bool {
        let mut added = false;
        let mut join = |key: u32| {
            for nth in self.entries.get(self.index.places(key)).unwrap_or_default() {
                phrases.add(usize::from(*nth));
                added = true;
            }
        };
        if self.index.may_have_key(start) {
            join(start.key());
        }
        if self.short.has(start.first()) {
            let shorter = [start.key() & 0xFFFF, start.key() & 0xFF].into_iter();
            shorter.filter(|key| *key != start.key() && self.index.may_have(*key)).for_each(join);
        }
        added
    }
}

impl Phrase {
    fn new(filed: Filed<'static>, set: usize) -> Self {
        let Filed { phrase: spelled, opens, cased, foreign, signs, program: packed, .. } = filed;
        let (narrow, wide) = (OnceLock::new(), OnceLock::new());
        Phrase { spelled, set, opens, cased, foreign, signs, packed, narrow, wide }
    }

    fn narrow(&self) -> Option<&(Program, Lead)> {
        let read = || {
            let program = unpack(&mut Bytes(self.packed), &|_| Some(Ranges::default()))?;
            let lead = Lead::of(&program);
            Some(Box::new((program, lead)))
        };
        self.narrow.get_or_init(read).as_deref()
    }

    fn wide(&self, tail: &str) -> Option<&Program> {
        let source = || of_characters(self.spelled, tail);
        self.wide.get_or_init(|| program(&source()).map(Box::new)).as_deref()
    }

    /// Where it ends, if it begins at a place, both in bytes of the narrow text; `None` where it can't be told.
    fn end(&self, text: &str, narrow: &Narrow, start: Start, tail: &str) -> Option<Option<usize>> {
        let wide = self.foreign && narrow.foreign || self.signs && narrow.signs;
        let at = start.at as usize;
        let (program, haystack, from) = if wide {
            (self.wide(tail)?, text.as_bytes(), narrow.at(at))
        } else {
            let (program, lead) = self.narrow()?;
            if start.head & lead.mask != lead.head {
                return Some(None);
            }
            (program, if self.cased { narrow.bytes.as_slice() } else { narrow.lower.as_slice() }, at)
        };
        let found = program.end(haystack, from).ok()?;
        Some(found.map(|found| if wide { narrow.byte(found) } else { found }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::filing::{self, file};
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const TAIL: &str = r"(?:$|[^\p{L}\p{N}_]|(?:s|ed)\b)";
    const PHRASES: &[&str] = &[
        r"began to (?:\S+ ){0,2}fail",
        r"(?:\d+ ?%|\w+ o[nf]) fire",
        r"^\W*alerts?\b",
        "störung",
        r"^\W*fire ?[:—] ?on",
        "n['’]t ok",
        r"un [^.,;]* k",
        "ab|abc",
        r"ABC (?:\S+ )?K|of (?-i:[A-Z])\w",
    ];

    /// As the build files them.
    static FILED: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut filed = filing::new(TAIL);
        file("never said", 0, TAIL, &mut filed).unwrap();
        PHRASES.iter().for_each(|phrase| file(phrase, 1, TAIL, &mut filed).unwrap());
        filed
    });

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn finds_what_the_joined_expression_finds(
            text in "(?:[aAbBkKcö5 _.\n—’éſ\u{A0}½漢²]|began to |fail|fails|fire|of |50%|alert|stör|STÖRUNG|ung|n['’]t ok|un | k|ab|abc| ){0,14}",
        ) {
            let ours = Phrases::new(&FILED);
            let plain = regex::Regex::new(&format!("(?i){LEAD}(?:{}){TAIL}", PHRASES.join("|"))).unwrap();
            // Numbers that are no digits are signs here.
            let text = text.replace(['½', '²'], "·");
            prop_assert_eq!(ours.is_in(1, &text), plain.is_match(&text));
            prop_assert_eq!(ours.standing(&text, u64::MAX), u64::from(plain.is_match(&text)) << 1);
            let all: Vec<_> = plain.find_iter(&text).map(|m| m.range()).collect();
            prop_assert_eq!(ours.find_all(1, &text), all);
        }
    }

    #[test]
    fn letters_of_all_scripts_and_marks_between_them_are_told() {
        let ours = Phrases::new(&FILED);
        for (text, expected) in [
            ("⚠\u{FE0F} alert: 障害", Some("⚠\u{FE0F} alert:")),
            ("сервис on fire", Some("сервис on fire")),
            ("сервис, 50 % fire", Some(" 50 % fire")),
            ("sto\u{308}rung", None),
            ("Die Störung 障害", Some(" Störung ")),
            ("漢漢on fire", None),
            ("漢 on fire 漢", Some("漢 on fire ")),
        ] {
            assert_eq!(ours.find(1, text).and_then(|found| text.get(found)), expected, "{text}");
        }
    }
}
