//! Very many small patterns, looked for in very many short texts.
//!
//! Joined to one pattern, phrases such as `errors? (?:\S+ ){0,4}began` make an automaton that takes long to compile and
//! outgrows its cache. So each phrase stays a pattern of its own, filed under the first letters of the rarest words it
//! needs (the manner of RE2's filtered sets); where a text has such a word, the phrase's program is read, if it was not
//! before, and tried where it can begin. What no text touches costs nothing.
//!
//! Phrases come in sets: what several sets say of a text is found out at once.

use super::bits::Bits;
use super::filed::{Filed, FiledPhrase};
use super::known::program;
use super::narrow::{Narrow, with_narrow};
use super::program::Program;
use super::regex::Regex;
use super::spelled::{OPENING, of_characters};
use super::starts::{Filter, Start};
use std::ops::Range;
use std::sync::OnceLock;

/// Sets of phrases, at most 128; each set is asked about by its number.
pub struct Phrases {
    filed: Filed,
    /// Of each phrase, its program for the text itself, made when it is first tried.
    wide: [OnceLock<Option<Box<Program>>>; Bits::END],
    /// All of a set in one, for the texts that this can't tell. `None` within: does not compile; a test sees to it.
    joined: [OnceLock<Option<Box<Regex>>>; SETS_MAX],
}

/// A phrase with what was made of it.
#[derive(Clone, Copy)]
struct Phrase<'p> {
    told: &'static FiledPhrase,
    of: &'p Filed,
    wide: &'p OnceLock<Option<Box<Program>>>,
}

/// What stands before a phrase: no letter, digit or underscore.
const LEAD: &str = r"(?:^|[^\p{L}\p{N}_])";

/// The time is that of the length, times the words in it: longer texts are few, and asked of all phrases joined.
const TEXT_BYTES_MAX: usize = 2_000;

/// What a build files has no more sets.
const SETS_MAX: usize = 128;

/// So many sets have a bit, the first ones.
const BITS: usize = 64;

impl Phrases {
    /// Takes phrases as they were filed where the program is built.
    pub const fn new(filed: Filed) -> Self {
        Phrases { filed, wide: [const { OnceLock::new() }; Bits::END], joined: [const { OnceLock::new() }; SETS_MAX] }
    }

    /// The sets, of those wanted, of which a phrase stands in the text: bits by their numbers, which are below 64.
    pub fn standing(&self, text: &str, sets: u64) -> u64 {
        let mut standing = 0;
        let mut wanted = self.bits_of(sets);
        let told = self.scan(text, None, &mut wanted, |wanted, set, _, _| {
            standing |= 1 << set;
            self.filed.sets.get(set).into_iter().for_each(|set| wanted.remove(&set.bits));
            Some(0)
        });
        told.map(|()| standing).unwrap_or_else(|| {
            let stands = |set: &usize| self.joined(*set).is_some_and(|joined| joined.is_match(text));
            (0..self.filed.sets.len().min(BITS))
                .filter(|set| sets >> set & 1 == 1)
                .filter(stands)
                .fold(0, |all, set| all | 1 << set)
        })
    }

    /// Does one of a set stand in the text?
    pub fn is_in(&self, set: usize, text: &str) -> bool {
        if told(text, |narrow| Some(!self.may_hold(set, narrow))) == Some(true) {
            return false;
        }
        let mut stands = false;
        let told = self.scan(text, self.keys(set), &mut self.bits(set), |_, _, _, _| {
            stands = true;
            None
        });
        told.map(|()| stands).unwrap_or_else(|| self.joined(set).is_some_and(|joined| joined.is_match(text)))
    }

    /// The first of a set, with the character before it and what must follow.
    pub fn find(&self, set: usize, text: &str) -> Option<Range<usize>> {
        let mut first = None;
        let told = self.scan(text, self.keys(set), &mut self.bits(set), |_, _, narrow, found| {
            first = Some(narrow.place(found));
            None
        });
        told.map(|()| first).unwrap_or_else(|| Some(self.joined(set)?.find(text)?.range()))
    }

    /// All of a set, with the character before each and what must follow, none overlapping another; of those that begin
    /// together, the first of the list counts.
    pub fn find_all(&self, set: usize, text: &str) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        let told = self.scan(text, self.keys(set), &mut self.bits(set), |_, _, narrow, found| {
            all.push(narrow.place(found.clone()));
            Some(found.end)
        });
        told.map(|()| all).unwrap_or_else(|| {
            self.joined(set).map(|joined| joined.find_iter(text).map(|m| m.range()).collect()).unwrap_or_default()
        })
    }

    /// Calls `found` with the set of one phrase after the other and its range in bytes of the narrow text. It answers
    /// from where on the next one may begin, if there shall be one, and may want fewer phrases from there on. `None`
    /// where this can't be told. `keys`: of words of which every wanted phrase needs one, if they are told.
    fn scan(
        &self,
        text: &str,
        keys: Option<&Filter>,
        wanted: &mut Bits,
        mut found: impl FnMut(&mut Bits, usize, &Narrow, Range<usize>) -> Option<usize>,
    ) -> Option<()> {
        told(text, |narrow| {
            let mut ahead = self.ahead(narrow, keys, wanted);
            if wanted.is_empty() {
                return Some(());
            }
            // Mostly none.
            let mut anywhere = self.filed.opening.always;
            anywhere.keep(wanted);
            let anywhere: Vec<u16> = anywhere.iter().filter_map(|nth| u16::try_from(nth).ok()).collect();
            let mut candidates: Vec<u16> = Vec::new();
            let mut from = 0;
            let mut begun = false;
            let mut fewer = true;
            for start in &narrow.starts {
                let at = start.at as usize;
                while let Some((_, nth)) = ahead.pop_if(|(last, _)| *last < start.at) {
                    wanted.take(usize::from(nth));
                    fewer = true;
                }
                if fewer && wanted.is_empty() {
                    break;
                }
                fewer = false;
                let before = at.saturating_sub(1);
                let sticks = at > 0 && narrow.bytes.get(before).is_some_and(|b| is_word(*b));
                if sticks || before < from {
                    continue;
                }
                self.candidates(*start, wanted, &anywhere, &mut candidates);
                for nth in &candidates {
                    // Those of a set that was found are wanted no more.
                    if !wanted.has(usize::from(*nth)) {
                        continue;
                    }
                    let phrase = self.phrase(usize::from(*nth))?;
                    begun |= phrase.told.opens && narrow.bytes.get(..at).is_some_and(|b| b.iter().any(|b| is_word(*b)));
                    if phrase.told.opens && begun {
                        continue;
                    }
                    if let Some(end) = phrase.end(text, narrow, *start)? {
                        let range = if phrase.told.opens { 0 } else { before }..end;
                        let Some(next) = found(wanted, usize::from(phrase.told.set), narrow, range) else {
                            return Some(());
                        };
                        (from, fewer) = (next, true);
                        if before < from {
                            break;
                        }
                    }
                }
            }
            Some(())
        })
    }

    /// The wanted phrases that can begin at a place, in the order of the list.
    fn candidates(&self, start: Start, wanted: &Bits, anywhere: &[u16], candidates: &mut Vec<u16>) {
        candidates.clear();
        let is_wanted = |nth: &u16| wanted.has(usize::from(*nth));
        self.filed.opening.each(start, |nth| candidates.extend(Some(nth).filter(is_wanted)));
        let opened = candidates.len();
        candidates.extend(anywhere.iter().copied().filter(is_wanted));
        if opened > 0 && candidates.len() > 1 {
            candidates.sort_unstable();
            candidates.dedup();
        }
    }

    /// Could one of a set stand in the text?
    fn may_hold(&self, set: usize, narrow: &Narrow) -> bool {
        self.keys(set).is_none_or(|keys| narrow.starts.iter().any(|start| keys.passes_key(*start)))
    }

    fn keys(&self, set: usize) -> Option<&Filter> {
        self.filed.sets.get(set)?.keys.as_ref()
    }

    /// Leaves out the phrases without a word that they need. Of the others, in the order of the starts from the last to
    /// the first, the last start where such a word stands.
    fn ahead(&self, narrow: &Narrow, keys: Option<&Filter>, wanted: &mut Bits) -> Vec<(u32, u16)> {
        let mut met = self.filed.needing.always;
        met.keep(wanted);
        let mut ahead = Vec::new();
        let may_need = |start: &&Start| keys.is_none_or(|keys| keys.passes_key(**start));
        for start in narrow.starts.iter().rev().filter(may_need) {
            self.filed.needing.each(*start, |nth| {
                if wanted.has(usize::from(nth)) && !met.has(usize::from(nth)) {
                    met.add(usize::from(nth));
                    ahead.push((start.at, nth));
                }
            });
        }
        *wanted = met;
        ahead
    }

    /// The phrases of sets.
    fn bits_of(&self, sets: u64) -> Bits {
        let mut bits = Bits::default();
        let known = self.filed.sets.len();
        let every = if known < BITS { (1 << known) - 1 } else { u64::MAX };
        if known <= BITS && sets & every == every {
            return Bits::of(0..self.filed.phrases.len());
        }
        for (_, set) in (0..BITS).zip(self.filed.sets).filter(|(nth, _)| sets >> nth & 1 == 1) {
            bits.join(&set.bits);
        }
        bits
    }

    fn bits(&self, set: usize) -> Bits {
        self.filed.sets.get(set).map_or_else(Bits::default, |set| set.bits)
    }

    fn phrase(&self, nth: usize) -> Option<Phrase<'_>> {
        Some(Phrase { told: self.filed.phrases.get(nth)?, of: &self.filed, wide: self.wide.get(nth)? })
    }

    fn phrases(&self, set: usize) -> impl Iterator<Item = Phrase<'_>> {
        let (begin, end) = self.filed.sets.get(set).map_or((0, 0), |set| set.phrases);
        (begin..end).filter_map(|nth| self.phrase(nth))
    }

    fn joined(&self, set: usize) -> Option<&Regex> {
        let spelled = |p: Phrase<'_>| format!("{}{}", if p.told.opens { OPENING } else { "" }, p.spelled());
        let joined = || {
            let all: Vec<String> = self.phrases(set).map(spelled).collect();
            let source = format!("(?i){LEAD}(?:{}){}", all.join("|"), self.filed.tail);
            Regex::new(&source).ok().filter(|_| !all.is_empty()).map(Box::new)
        };
        self.joined.get(set)?.get_or_init(joined).as_deref()
    }

    /// Whether all forms compile.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        let sets = || (0..self.filed.sets.len()).filter(|set| !self.bits(*set).is_empty());
        let reads = |p: Phrase<'_>| !(p.told.foreign || p.told.signs) || p.wide().is_some();
        sets().all(|set| self.joined(set).is_some_and(Regex::compiles) && self.phrases(set).all(reads))
    }
}

/// What is told of a text in bytes, if it is short.
fn told<T>(text: &str, tell: impl FnOnce(&Narrow) -> Option<T>) -> Option<T> {
    (text.len() <= TEXT_BYTES_MAX).then(|| with_narrow(text, tell)).flatten()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'p> Phrase<'p> {
    fn spelled(self) -> &'p str {
        let (begin, end) = self.told.spelled;
        self.of.spelled.get(begin as usize..end as usize).unwrap_or("")
    }

    fn wide(self) -> Option<&'p Program> {
        let source = || of_characters(self.spelled(), self.of.tail);
        self.wide.get_or_init(|| program(&source()).map(Box::new)).as_deref()
    }

    /// Where it ends, if it begins at a place, both in bytes of the narrow text; `None` where it can't be told.
    fn end(self, text: &str, narrow: &Narrow, start: Start) -> Option<Option<usize>> {
        let told = self.told;
        let wide = told.foreign && narrow.foreign || told.signs && narrow.signs;
        let at = start.at as usize;
        let (program, haystack, from) = if wide {
            (self.wide()?, text.as_bytes(), narrow.at(at))
        } else {
            if start.head & told.lead_mask != told.lead {
                return Some(None);
            }
            (&told.program, if told.cased { narrow.bytes.as_slice() } else { narrow.lower.as_slice() }, at)
        };
        let found = program.end(haystack, from).ok()?;
        Some(found.map(|found| if wide { narrow.byte(found) } else { found }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::filing::Filing;
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
    static OURS: LazyLock<Phrases> = LazyLock::new(|| {
        let mut filing = Filing::new(TAIL);
        filing.file("never said", 0).unwrap();
        PHRASES.iter().for_each(|phrase| filing.file(phrase, 1).unwrap());
        Phrases::new(filing.filed())
    });

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn finds_what_the_joined_expression_finds(
            text in "(?:[aAbBkKcö5 _.\n—’éſ\u{A0}½漢²]|began to |fail|fails|fire|of |50%|alert|stör|STÖRUNG|ung|n['’]t ok|un | k|ab|abc| ){0,14}",
        ) {
            let plain = regex::Regex::new(&format!("(?i){LEAD}(?:{}){TAIL}", PHRASES.join("|"))).unwrap();
            // Numbers that are no digits are signs here.
            let text = text.replace(['½', '²'], "·");
            prop_assert_eq!(OURS.is_in(1, &text), plain.is_match(&text));
            prop_assert_eq!(OURS.standing(&text, u64::MAX), u64::from(plain.is_match(&text)) << 1);
            let all: Vec<_> = plain.find_iter(&text).map(|m| m.range()).collect();
            prop_assert_eq!(OURS.find_all(1, &text), all);
        }
    }

    #[test]
    fn letters_of_all_scripts_and_marks_between_them_are_told() {
        for (text, expected) in [
            ("⚠\u{FE0F} alert: 障害", Some("⚠\u{FE0F} alert:")),
            ("сервис on fire", Some("сервис on fire")),
            ("сервис, 50 % fire", Some(" 50 % fire")),
            ("sto\u{308}rung", None),
            ("Die Störung 障害", Some(" Störung ")),
            ("漢漢on fire", None),
            ("漢 on fire 漢", Some("漢 on fire ")),
        ] {
            assert_eq!(OURS.find(1, text).and_then(|found| text.get(found)), expected, "{text}");
        }
    }
}
