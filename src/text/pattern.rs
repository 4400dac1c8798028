//! A regular expression that is asked about very many short texts, most of which it has nothing to say of.
//!
//! Two things make it cheap. Most patterns can only match where some word begins with certain letters: a text that has
//! no such word is answered without looking at the pattern (the manner of RE2's filtered sets). And `\b` over Unicode
//! leaves the fast path at the first character that is not ASCII: a text whose words are all ASCII, as most are, is
//! matched by a pattern whose edges of words are ASCII's. Both give what the pattern itself gives; tests compare.

use super::starts::{Filter, KEY_BYTES, key, with_starts};
use regex_automata::meta::{Config, Regex};
use regex_automata::util::captures::Captures;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Literal};
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};
use std::ops::Range;
use std::sync::OnceLock;

/// A pattern, compiled when it is first needed.
pub struct Pattern {
    whole: Hir,
    /// What a text must hold; `None` where that can't be told.
    needs: Option<Needs>,
    /// `None` within: too large to compile. A test sees to it that none is.
    for_ascii: OnceLock<Option<Regex>>,
    for_ascii_words: OnceLock<Option<Regex>>,
    for_all: OnceLock<Option<Regex>>,
}

/// A match and its groups.
pub struct Groups(Captures);

impl Groups {
    /// The whole match.
    pub fn whole(&self) -> Range<usize> {
        self.0.get_match().map_or(0..0, |m| m.range())
    }

    /// The named group, if it took part.
    pub fn get(&self, name: &str) -> Option<Range<usize>> {
        self.0.get_group_by_name(name).map(|span| span.range())
    }
}

/// Words of which a text must hold at least one.
struct Needs {
    keys: Filter,
    /// Are some of them told by one letter, or by two?
    one: bool,
    two: bool,
}

impl Pattern {
    /// Syntax as of the crate `regex`; its error where it does not parse.
    pub fn new(source: &str) -> Result<Self, Box<regex_syntax::Error>> {
        let whole = regex_syntax::parse(source)?;
        let needs = Needs::of(&whole);
        let [for_ascii, for_ascii_words, for_all] = [const { OnceLock::new() }; 3];
        Ok(Pattern { whole, needs, for_ascii, for_ascii_words, for_all })
    }

    /// Does it match anywhere?
    pub fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.compiled(text).is_some_and(|r| r.is_match(text))
    }

    /// The leftmost match.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        if !self.may_match(text) {
            return None;
        }
        self.compiled(text)?.find(text).map(|m| m.range())
    }

    /// All matches, none overlapping another.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        if !self.may_match(text) {
            return Vec::new();
        }
        self.compiled(text).map(|r| r.find_iter(text).map(|m| m.range()).collect()).unwrap_or_default()
    }

    /// As [`Pattern::find_all`], with the groups of each match.
    pub fn captures_all(&self, text: &str) -> Vec<Groups> {
        if !self.may_match(text) {
            return Vec::new();
        }
        self.compiled(text).map(|r| r.captures_iter(text).map(Groups).collect()).unwrap_or_default()
    }

    /// False only where nothing can match.
    pub fn may_match(&self, text: &str) -> bool {
        self.needs.as_ref().is_none_or(|needs| needs.may_be_in(text))
    }

    /// Whether all forms compile.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        ["", "–", "é"].iter().all(|text| self.compiled(text).is_some())
    }

    fn compiled(&self, text: &str) -> Option<&Regex> {
        let build = |hir: &Hir| Regex::builder().configure(Config::new()).build_from_hir(hir).ok();
        let compiled = if text.is_ascii() {
            self.for_ascii.get_or_init(|| build(&with_ascii_words(&ascii_part(&self.whole))))
        } else if text.chars().all(|c| c.is_ascii() || !regex_syntax::is_word_character(c)) {
            self.for_ascii_words.get_or_init(|| build(&with_ascii_words(&self.whole)))
        } else {
            self.for_all.get_or_init(|| build(&self.whole))
        };
        compiled.as_ref()
    }
}

impl Needs {
    fn of(pattern: &Hir) -> Option<Self> {
        let folded = folded(pattern);
        let literals = openings(&[&folded], Before::Anything)?;
        let mut needs = Needs { keys: Filter::new([]), one: false, two: false };
        needs.one = literals.iter().any(|l| l.len() == 1);
        needs.two = literals.iter().any(|l| l.len() == 2);
        needs.keys = Filter::new(literals.iter().map(|l| key(l)));
        Some(needs)
    }

    fn may_be_in(&self, text: &str) -> bool {
        let passes = |key: u32| {
            self.keys.passes(key)
                || self.two && self.keys.passes(key & 0xFFFF)
                || self.one && self.keys.passes(key & 0xFF)
        };
        with_starts(text, |starts| starts.iter().any(|start| passes(start.key)))
    }
}

/// What is known of what stands right before a place in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Anything,
    /// The edge of a word: no letter or digit, if one follows.
    Edge,
    /// No ASCII letter or digit.
    Start,
}

/// A pattern that has more is not worth filtering.
const OPENINGS_MAX: usize = 1_500;

/// Beginnings of words one of which every match holds, ASCII letters in lower case, at most [`KEY_BYTES`] long; `None`
/// where there are none to be told.
fn openings(sequence: &[&Hir], before: Before) -> Option<Vec<Vec<u8>>> {
    let mut best: Option<Vec<Vec<u8>>> = None;
    let mut consider = |found: Option<Vec<Vec<u8>>>| {
        if let Some(found) = found
            && best.as_ref().is_none_or(|b| burden(&found) < burden(b))
        {
            best = Some(found);
        }
    };
    let mut before = before;
    for (nth, element) in sequence.iter().enumerate() {
        let rest = sequence.get(nth + 1..).unwrap_or_default();
        match before {
            Before::Anything => {}
            Before::Edge => consider(prefixes(element, rest).filter(|all| all.iter().all(|l| begins_word(l)))),
            Before::Start => consider(prefixes(element, rest)),
        }
        match element.kind() {
            HirKind::Concat(parts) => {
                let parts: Vec<&Hir> = parts.iter().chain(rest.iter().copied()).collect();
                consider(openings(&parts, before));
                return best;
            }
            HirKind::Capture(Capture { sub, .. }) => {
                let parts: Vec<&Hir> = [&**sub].into_iter().chain(rest.iter().copied()).collect();
                consider(openings(&parts, before));
                return best;
            }
            HirKind::Alternation(choices) => {
                let each = choices.iter().map(|choice| openings(&[choice], before));
                let all: Option<Vec<_>> = each.collect();
                consider(all.map(|all| all.concat()).filter(|all| all.len() <= OPENINGS_MAX));
            }
            HirKind::Repetition(repetition) if repetition.min > 0 => consider(openings(&[&repetition.sub], before)),
            _ => {}
        }
        before = after(element, before);
    }
    best
}

/// How often a text may hold one of the openings: the less, the better.
fn burden(openings: &[Vec<u8>]) -> usize {
    let one = |opening: &Vec<u8>| match opening.len() {
        0 | 1 => 60,
        2 => 20,
        _ if COMMON.contains(&opening.as_slice()) => 30,
        _ => 1,
    };
    openings.iter().map(one).sum()
}

/// Beginnings of the words that stand in most English sentences.
const COMMON: &[&[u8]] = &[
    b"the", b"and", b"was", b"our", b"for", b"to ", b"of ", b"in ", b"a ", b"is ", b"on ", b"we ", b"tha", b"wit",
    b"thi", b"fro", b"not", b"at ", b"are", b"has", b"it ", b"had", b"by ", b"be ", b"an ", b"as ", b"no ", b"all",
];

fn prefixes(element: &Hir, rest: &[&Hir]) -> Option<Vec<Vec<u8>>> {
    let whole = Hir::concat([element].into_iter().chain(rest.iter().copied()).cloned().collect());
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_class(64).limit_literal_len(KEY_BYTES).limit_total(OPENINGS_MAX);
    let found = extractor.extract(&whole);
    let mut literals: Vec<Vec<u8>> = found.literals()?.iter().map(Literal::as_bytes).map(<[u8]>::to_vec).collect();
    // A key counts whole characters of any length by their bytes, and says nothing of the empty word.
    literals.iter_mut().for_each(|l| l.truncate(KEY_BYTES));
    literals.sort();
    literals.dedup();
    (!literals.is_empty() && literals.iter().all(|l| !l.is_empty())).then_some(literals)
}

fn begins_word(literal: &[u8]) -> bool {
    let first = literal.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    first.is_some_and(char::is_alphanumeric)
}

/// What is known after an element.
fn after(element: &Hir, before: Before) -> Before {
    let unless = |letters: bool| if letters { Before::Anything } else { Before::Start };
    match element.kind() {
        HirKind::Look(Look::Start | Look::StartLF | Look::StartCRLF) => Before::Start,
        HirKind::Look(Look::WordUnicode) => before.max(Before::Edge),
        HirKind::Empty | HirKind::Look(_) => before,
        HirKind::Literal(literal) => unless(literal.0.last().is_none_or(u8::is_ascii_alphanumeric)),
        HirKind::Class(class) => unless(match class {
            Class::Unicode(class) => class.ranges().iter().any(|r| has_letters(r.start().into(), r.end().into())),
            Class::Bytes(class) => class.ranges().iter().any(|r| has_letters(r.start().into(), r.end().into())),
        }),
        HirKind::Repetition(repetition) => {
            let once = after(&repetition.sub, before).min(after(&repetition.sub, Before::Anything));
            if repetition.min > 0 { once } else { once.min(before) }
        }
        HirKind::Capture(capture) => after(&capture.sub, before),
        HirKind::Concat(parts) => parts.iter().fold(before, |before, part| after(part, before)),
        HirKind::Alternation(choices) => choices.iter().map(|c| after(c, before)).min().unwrap_or(Before::Anything),
    }
}

fn has_letters(from: u32, to: u32) -> bool {
    [('0', '9'), ('A', 'Z'), ('a', 'z')].iter().any(|(a, z)| from <= u32::from(*z) && u32::from(*a) <= to)
}

/// The pattern with every ASCII capital made small: what it says of a text in small letters.
fn folded(pattern: &Hir) -> Hir {
    mapped(pattern, &|kind| match kind {
        HirKind::Literal(literal) => Some(Hir::literal(literal.0.to_ascii_lowercase())),
        HirKind::Class(Class::Unicode(class)) => {
            let capitals = ClassUnicode::new([ClassUnicodeRange::new('A', 'Z')]);
            let mut small = class.clone();
            small.intersect(&capitals);
            let small = small
                .iter()
                .map(|r| ClassUnicodeRange::new(r.start().to_ascii_lowercase(), r.end().to_ascii_lowercase()));
            let mut all = class.clone();
            all.union(&ClassUnicode::new(small));
            all.difference(&capitals);
            Some(Hir::class(Class::Unicode(all)))
        }
        _ => None,
    })
}

/// The pattern over texts of ASCII alone.
fn ascii_part(pattern: &Hir) -> Hir {
    mapped(pattern, &|kind| match kind {
        HirKind::Class(Class::Unicode(class)) => {
            let mut ascii = class.clone();
            ascii.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7F')]));
            Some(Hir::class(Class::Unicode(ascii)))
        }
        _ => None,
    })
}

/// The pattern over texts in which no letter or digit is other than ASCII.
fn with_ascii_words(pattern: &Hir) -> Hir {
    mapped(pattern, &|kind| match kind {
        HirKind::Look(look) => Some(Hir::look(match look {
            Look::WordUnicode => Look::WordAscii,
            Look::WordUnicodeNegate => Look::WordAsciiNegate,
            Look::WordStartUnicode => Look::WordStartAscii,
            Look::WordEndUnicode => Look::WordEndAscii,
            Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
            Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
            other => *other,
        })),
        _ => None,
    })
}

/// The pattern with its leaves changed.
fn mapped(pattern: &Hir, leaf: &impl Fn(&HirKind) -> Option<Hir>) -> Hir {
    if let Some(changed) = leaf(pattern.kind()) {
        return changed;
    }
    match pattern.kind() {
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(mapped(&repetition.sub, leaf))),
        HirKind::Capture(Capture { index, name, sub }) => {
            Hir::capture(Capture { index: *index, name: name.clone(), sub: Box::new(mapped(sub, leaf)) })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|p| mapped(p, leaf)).collect()),
        HirKind::Alternation(choices) => Hir::alternation(choices.iter().map(|c| mapped(c, leaf)).collect()),
        _ => pattern.clone(),
    }
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
    ];

    proptest! {
        #[test]
        fn matches_what_the_plain_expression_matches(
            text in "(?:[aAbBkKc5 _.\n—éſ]|began|to|fail|outage|stör|back|was|500|at ){0,12}",
        ) {
            for source in PATTERNS {
                let (ours, plain) = (Pattern::new(source).unwrap(), regex::Regex::new(source).unwrap());
                prop_assert_eq!(ours.find(&text), plain.find(&text).map(|m| m.range()), "{} in {:?}", source, &text);
                let all: Vec<_> = plain.find_iter(&text).map(|m| m.range()).collect();
                prop_assert_eq!(ours.find_all(&text), all);
            }
        }
    }

    #[test]
    fn most_texts_are_answered_without_looking() {
        let pattern = Pattern::new(PATTERNS[0]).unwrap();
        assert!(!pattern.may_match("All is well, and nothing has happened."));
        assert!(pattern.may_match("Then it began."));
    }
}
