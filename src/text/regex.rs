//! Regular expressions that are asked of very many short texts, and of most of them for the first time.
//!
//! Syntax, matches and groups are those of the crate `regex`, whose parser reads them and which answers where walking
//! would take too long; tests compare. Only an automaton is not made of each, as that takes a hundred times as long as
//! most texts take to be read.

use super::groups::groups;
use super::known::{Known, known};
use super::program::Program;
use super::walk::{Exhausted, NOWHERE};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

/// An expression.
pub struct Regex {
    source: Cow<'static, str>,
    /// `None` where it can't be walked.
    program: Option<Program>,
    /// By number, the whole first; empty where groups have none.
    names: Cow<'static, [Cow<'static, str>]>,
    /// `None` within: too large to compile. A test sees to it that none is.
    automaton: OnceLock<Option<regex::Regex>>,
}

/// A match, or what a group took of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Match<'a> {
    pub fn start(&self) -> usize {
        self.start
    }

    pub fn end(&self) -> usize {
        self.end
    }

    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    pub fn as_str(&self) -> &'a str {
        self.text.get(self.range()).unwrap_or("")
    }
}

/// A match and its groups.
pub struct Captures<'a> {
    text: &'a str,
    names: &'a [Cow<'static, str>],
    /// Begin and end of each group, the whole first.
    slots: Vec<usize>,
}

impl<'a> Captures<'a> {
    /// The whole match.
    pub fn whole(&self) -> Range<usize> {
        self.get(0).map_or(0..0, |found| found.range())
    }

    /// A group by its number, if it took part.
    pub fn get(&self, nth: usize) -> Option<Match<'a>> {
        let (start, end) = (*self.slots.get(2 * nth)?, *self.slots.get(2 * nth + 1)?);
        (start != NOWHERE && end != NOWHERE).then_some(Match { text: self.text, start, end })
    }

    /// The name of the first named group that took part: which of several forms it is.
    pub fn first_named(&self) -> Option<&'a str> {
        let took = |nth: usize| self.slots.get(2 * nth).is_some_and(|slot| *slot != NOWHERE);
        let named = self.names.iter().map(|name| &**name).enumerate().filter(|(_, name)| !name.is_empty());
        named.filter(|(nth, _)| took(*nth)).map(|(_, name)| name).next()
    }

    /// A group by its name, if it took part.
    pub fn name(&self, name: &str) -> Option<Match<'a>> {
        let nth = self.names.iter().position(|known| known == name)?;
        self.get(nth)
    }
}

impl Regex {
    /// The error where it does not parse.
    pub fn new(source: &str) -> Result<Self, Box<regex_syntax::Error>> {
        let automaton = OnceLock::new();
        if let Some(Known { source, names, program }) = known(source) {
            let (source, names) = (Cow::Borrowed(*source), Cow::Borrowed(*names));
            return Ok(Regex { source, program: Some(program.clone()), names, automaton });
        }
        let hir = regex_syntax::parse(source)?;
        let (program, names) = (Program::new(&hir, true), groups(&hir).into());
        Ok(Regex { source: Cow::Owned(source.to_owned()), program, names, automaton })
    }

    /// Does it match anywhere?
    pub fn is_match(&self, text: &str) -> bool {
        self.search(text, 0, false, |found, _| found.is_some())
            .unwrap_or_else(|_| self.automaton().is_some_and(|r| r.is_match(text)))
    }

    /// The leftmost match.
    pub fn find<'a>(&self, text: &'a str) -> Option<Match<'a>> {
        self.find_at(text, 0)
    }

    /// The leftmost match from a place on.
    pub fn find_at<'a>(&self, text: &'a str, from: usize) -> Option<Match<'a>> {
        let found = self.search(text, from, false, |found, _| found);
        let range = found.unwrap_or_else(|_| Some(self.automaton()?.find_at(text, from)?.range()))?;
        Some(Match { text, start: range.start, end: range.end })
    }

    /// The leftmost match, with its groups.
    pub fn captures<'a>(&'a self, text: &'a str) -> Option<Captures<'a>> {
        self.captures_at(text, 0)
    }

    /// The leftmost match from a place on, with its groups.
    pub fn captures_at<'a>(&'a self, text: &'a str, from: usize) -> Option<Captures<'a>> {
        let found = self.search(text, from, true, |found, slots| {
            let range = found?;
            let mut slots = slots.to_vec();
            slots.iter_mut().zip([range.start, range.end]).for_each(|(slot, place)| *slot = place);
            Some(slots)
        });
        let slots = found.unwrap_or_else(|_| {
            let found = self.automaton()?.captures_at(text, from)?;
            Some(found.iter().flat_map(|m| m.map_or([NOWHERE; 2], |m| [m.start(), m.end()])).collect())
        })?;
        Some(Captures { text, names: &self.names, slots })
    }

    /// The match that begins at a place, with its groups.
    pub fn captures_here<'a>(&'a self, text: &'a str, at: usize) -> Option<Captures<'a>> {
        let program = self.program.as_ref().ok_or(Exhausted);
        let found = program.and_then(|program| {
            program.search_at(text.as_bytes(), at, |end, slots| {
                let mut slots = slots.to_vec();
                slots.iter_mut().zip([at, end?]).for_each(|(slot, place)| *slot = place);
                Some(Captures { text, names: &self.names, slots })
            })
        });
        // The leftmost match from a place on is the one that begins there, if there is one.
        found.unwrap_or_else(|_| self.captures_at(text, at).filter(|found| found.whole().start == at))
    }

    /// All matches, none overlapping another.
    pub fn find_iter<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match<'a>> + 'a {
        each(text, |from| self.find_at(text, from), Match::range)
    }

    /// As [`Regex::find_iter`], with the groups of each match.
    pub fn captures_iter<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Captures<'a>> + 'a {
        each(text, |from| self.captures_at(text, from), Captures::whole)
    }

    fn search<T>(
        &self,
        text: &str,
        from: usize,
        with_groups: bool,
        tell: impl FnOnce(Option<Range<usize>>, &[usize]) -> T,
    ) -> Result<T, Exhausted> {
        self.program.as_ref().ok_or(Exhausted)?.search(text.as_bytes(), from, with_groups, tell)
    }

    fn automaton(&self) -> Option<&regex::Regex> {
        self.automaton.get_or_init(|| regex::Regex::new(&self.source).ok()).as_ref()
    }

    /// Whether it can be walked, and an automaton made of it.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        self.program.is_some() && self.automaton().is_some()
    }
}

/// One match after the other. One that takes nothing right where the last one ended is passed over.
fn each<'a, M>(
    text: &'a str,
    find: impl Fn(usize) -> Option<M> + 'a,
    range: impl Fn(&M) -> Range<usize> + 'a,
) -> impl Iterator<Item = M> + 'a {
    let (mut from, mut last) = (0, None);
    std::iter::from_fn(move || {
        let mut found = find(from)?;
        if range(&found).is_empty() && Some(range(&found).end) == last {
            from += text.get(from..)?.chars().next()?.len_utf8();
            found = find(from)?;
        }
        from = range(&found).end;
        last = Some(from);
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERNS: &[&str] = &[
        r"(?i)(?:^|[^\p{L}\p{N}_])(?:began to (?:\S+ ){0,2}fail|5\d\ds?|outage|störung)(?:$|[^\p{L}\p{N}_]|(?:s|ed)\b)",
        r"(?i)\b(?:was|is) (?:now )?back\b|(?:^|\W)(?:at)(?:[\s:,~]|\b(?:a|the)\b){0,3}$|^\W*(?:k|ab)",
        r"x?yes|\d+ ab|[^a]bc",
        r"(?:ab)+c|ab(?:é|k)",
        r"(?m)^(?P<key>\p{L}[\p{L} ]{0,6}?)(?P<mark>:|—)\s*(?:(?P<value>\w+)|$)",
        r"(?i)ask|k[Ss]s|(?-i:K)é|\bſ",
        r"a*|\B5|(?:b|)c",
        r"^(?:[ab]{2,3}|k.{1,4}?5)|_$",
        r"(?is)^.{0,3}was(?P<a>a)?(?P<b>b|B)?",
        "[^.\n]* at$",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn matches_what_the_automaton_matches(
            text in "(?:[aAbBkKcsS5 _.\n—éſ\u{212A}漢:]|began|to|fail|outage|stör|back|was|500|at |yes|ks){0,14}",
        ) {
            for source in PATTERNS {
                let (ours, plain) = (Regex::new(source).unwrap(), regex::Regex::new(source).unwrap());
                prop_assert!(source.contains("|)") || ours.program.is_some(), "{}", source);
                prop_assert_eq!(ours.is_match(&text), plain.is_match(&text));
                let all: Vec<_> = plain.find_iter(&text).map(|m| m.range()).collect();
                let found: Vec<_> = ours.find_iter(&text).map(|m| m.range()).collect();
                prop_assert_eq!(found, all, "{} in {:?}", source, &text);
                let groups = |found: Captures<'_>| -> Vec<_> {
                    (0..found.slots.len() / 2).map(|n| found.get(n).map(|m| m.range())).collect()
                };
                let plainly = |found: regex::Captures<'_>| -> Vec<_> {
                    found.iter().map(|m| m.map(|m| m.range())).collect()
                };
                for (at, _) in text.char_indices() {
                    let here = ours.captures_here(&text, at).map(groups);
                    let plain = plain.captures_at(&text, at).filter(|f| f.get(0).is_some_and(|m| m.start() == at));
                    prop_assert_eq!(here, plain.map(plainly), "{} at {} of {:?}", source, at, &text);
                }
                let all: Vec<_> = plain.captures_iter(&text).map(plainly).collect();
                let found: Vec<_> = ours.captures_iter(&text).map(groups).collect();
                prop_assert_eq!(found, all, "{} in {:?}", source, &text);
            }
        }
    }

    #[test]
    fn what_takes_too_many_steps_is_asked_of_the_library() {
        let text = "a".repeat(3_000);
        let endless = Regex::new("a*a*a*b|a$").unwrap();
        assert!(endless.search(&text, 0, true, |_, _| ()).is_err());
        assert_eq!(endless.find(&text).map(|m| m.range()), Some(2_999..3_000));
    }
}
