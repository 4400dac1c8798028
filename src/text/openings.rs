//! With which letters a phrase can begin, told from its text alone, without parsing it: a vocabulary of a thousand
//! phrases must cost the start next to nothing. A test compares with what such phrases match.

use super::spelled::{FOREIGN, LATIN_MAX, NEVER};
use super::starts::{HEAD_BYTES, KEY_BYTES};

/// Beyond a key, letters are told as long as a phrase has no more openings than this.
const OPENINGS_MAX: usize = 48;

/// First letters, ASCII ones in lower case. What is open may go on with what follows in the phrase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opening {
    pub(super) letters: Vec<u8>,
    open: bool,
}

impl Opening {
    fn new(letters: &[u8], open: bool) -> Self {
        Opening { letters: letters.to_vec(), open: open && letters.len() < HEAD_BYTES }
    }
}

/// Every match of the phrase begins with one of these, each at most [`HEAD_BYTES`] long; `None` where that is not
/// told. For a Latin letter beyond ASCII stands [`FOREIGN`], as in texts in bytes, and [`NEVER`] for others.
///
/// The syntax is that of the crate `regex`, without whitespace that is to be ignored.
pub fn openings(phrase: &str) -> Option<Vec<Vec<u8>>> {
    let mut parser = Parser { rest: phrase.as_bytes() };
    let found = parser.alternatives();
    let told = parser.rest.is_empty() && found.iter().all(|o| !o.letters.is_empty());
    told.then(|| letters(found))
}

/// The letters, sorted, without those that begin with others of them.
pub(super) fn letters(found: Vec<Opening>) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = found.into_iter().map(|o| o.letters).collect();
    all.sort_unstable();
    all.dedup_by(|next, kept| next.starts_with(kept));
    all
}

/// Is it no choice between phrases?
pub fn is_one_sequence(phrase: &str) -> bool {
    let mut parser = Parser { rest: phrase.as_bytes() };
    parser.skip();
    parser.rest.is_empty()
}

pub(super) struct Parser<'p> {
    pub(super) rest: &'p [u8],
}

impl Parser<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(super) fn passes(&mut self, expected: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn alternatives(&mut self) -> Vec<Opening> {
        let mut all = self.sequence();
        while self.passes(b"|") {
            all.extend(self.sequence());
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    pub(super) fn sequence(&mut self) -> Vec<Opening> {
        let mut all = vec![Opening::new(b"", true)];
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            if all.iter().any(|o| o.open) {
                let next = self.repeated();
                let most = if all.len() * next.len() > OPENINGS_MAX { KEY_BYTES } else { HEAD_BYTES };
                all = all.iter().flat_map(|one| followed(one, &next, most)).collect();
                all.sort_unstable();
                all.dedup();
            } else {
                self.skip();
            }
        }
        all
    }

    /// Passes over what is left of a sequence.
    pub(super) fn skip(&mut self) {
        let mut depth = 0;
        while let Some(byte) = self.rest.first() {
            match byte {
                b'|' | b')' if depth == 0 => return,
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'[' => {
                    self.next();
                    self.class();
                    continue;
                }
                b'\\' => self.rest = self.rest.get(1..).unwrap_or_default(),
                _ => {}
            }
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
    }

    /// One element with how often it may stand; a repetition may be repeated.
    fn repeated(&mut self) -> Vec<Opening> {
        let mut element = self.element();
        while let Some((least, most_one)) = self.repetition() {
            for one in element.iter_mut().filter(|_| !most_one) {
                one.open = false;
            }
            if least == 0 {
                element.push(Opening::new(b"", true));
            }
        }
        element
    }

    /// How often the element before may stand: at least so many times, and whether at most once.
    pub(super) fn repetition(&mut self) -> Option<(usize, bool)> {
        let found = match self.rest.first()? {
            b'?' => (0, true),
            b'*' => (0, false),
            b'+' => (1, false),
            b'{' => (self.rest.get(1).map_or(0, |b| usize::from(*b != b'0')), false),
            _ => return None,
        };
        let end = if self.rest.first() == Some(&b'{') { self.rest.iter().position(|b| *b == b'}') } else { Some(0) };
        self.rest = self.rest.get(end.map_or(self.rest.len(), |end| end + 1)..).unwrap_or_default();
        self.passes(b"?");
        Some(found)
    }

    pub(super) fn element(&mut self) -> Vec<Opening> {
        let anything = || vec![Opening::new(b"", false)];
        match self.next() {
            Some(b'(') => {
                if self.passes(b"?") {
                    while self.next().is_some_and(|b| b != b':' && b != b'>') {}
                }
                let within = self.alternatives();
                self.passes(b")");
                within
            }
            Some(b'[') => self.class(),
            Some(b'^' | b'$') => vec![Opening::new(b"", true)],
            Some(b'.') | None => anything(),
            Some(b'\\') => match self.next() {
                Some(b'b') => vec![Opening::new(b"", true)],
                Some(b'd') => (b'0'..=b'9').map(|digit| Opening::new(&[digit], true)).collect(),
                Some(mark) if mark.is_ascii_punctuation() => vec![Opening::new(&[mark], true)],
                _ => anything(),
            },
            Some(byte) if byte.is_ascii() => vec![Opening::new(&[byte.to_ascii_lowercase()], true)],
            Some(first) => {
                // The rest of the character, so that a repetition is that of the whole.
                let mut character = vec![first];
                while self.rest.first().is_some_and(|b| b & 0xC0 == 0x80) {
                    character.extend(self.next());
                }
                let letter = std::str::from_utf8(&character).ok().and_then(|c| c.chars().next());
                match letter.filter(|c| c.is_alphabetic()) {
                    Some(letter) => vec![Opening::new(&[if letter <= LATIN_MAX { FOREIGN } else { NEVER }], true)],
                    None => anything(),
                }
            }
        }
    }

    /// What stands behind an opening bracket: plain characters are told, all else may be anything.
    fn class(&mut self) -> Vec<Opening> {
        let mut members = Vec::new();
        let mut plain = true;
        while let Some(byte) = self.next() {
            match byte {
                b']' => break,
                b'\\' => {
                    self.next();
                    plain = false;
                }
                b'^' | b'-' | b'[' | b'&' => plain = false,
                _ if byte.is_ascii() => members.push(Opening::new(&[byte.to_ascii_lowercase()], true)),
                _ => plain = false,
            }
        }
        if plain { members } else { vec![Opening::new(b"", false)] }
    }
}

/// Of at most so many letters, unless it has more already.
fn followed(one: &Opening, next: &[Opening], most: usize) -> Vec<Opening> {
    if !one.open || one.letters.len() >= most {
        return vec![Opening { open: false, ..one.clone() }];
    }
    let joined = |then: &Opening| {
        let letters = [one.letters.as_slice(), then.letters.as_slice()].concat();
        match letters.get(..most) {
            Some(cut) => Opening { letters: cut.to_vec(), open: false },
            None => Opening::new(&letters, then.open),
        }
    };
    next.iter().map(joined).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: &[&str] = &[
        "a", "b", " ", "é", "漢", "(?:a", "(?:b|", "(?:", ")", "|", "?", "*", "+", "{0,2}", "{1,2}", r"\b", r"\w",
        r"\d", r"\.", "[ab]", "[^a]", "[a-b]", "^", ".",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_match_begins_with_an_opening(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..9),
            text in "[aAbB 1.é漢]{0,6}",
        ) {
            let phrase = parts.concat();
            let Ok(parsed) = regex::Regex::new(&format!("^(?i:{phrase})")) else { return Ok(()) };
            let Some(found) = openings(&phrase) else { return Ok(()) };
            let narrow = |c: char| match c {
                'é' => FOREIGN,
                '漢' => NEVER,
                c => u8::try_from(c.to_ascii_lowercase()).unwrap(),
            };
            let lower: Vec<u8> = text.chars().map(narrow).collect();
            let told = found.iter().any(|letters| lower.starts_with(letters));
            prop_assert!(told || !parsed.is_match(&text), "{} in {:?}: {:?}", phrase, text, found);
        }
    }

    #[test]
    fn tells_with_which_letters_a_phrase_begins() {
        for (phrase, expected) in [
            ("no (?:\\w+ )?impact", &["no "][..]),
            ("a?b(?:c|d)e|[xy]z", &["abce", "abde", "bce", "bde", "xz", "yz"]),
            ("(?:un|not )noticed", &["not noti", "unnotice"]),
            ("\\bpages?", &["page"]),
            ("stö", &["st_"]),
            ("élan", &["_lan"]),
            ("(?:ab)+c", &["ab"]),
            ("o(?:k|n){0,2}x", &["ok", "on", "ox"]),
            ("a(?:b?)*c", &["a"]),
        ] {
            let mut found = openings(phrase).unwrap();
            found.sort();
            assert_eq!(found, expected.iter().map(|e| e.as_bytes().to_vec()).collect::<Vec<_>>(), "{phrase}");
        }
        for phrase in ["\\w+ a", "(?:\\S+ )?a", "’", "[^a]b", "^\\W*a", ""] {
            assert_eq!(openings(phrase), None, "{phrase}");
        }
    }
}
