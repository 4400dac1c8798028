//! Which words a phrase needs, told from its text where the program is built: a text that has none of them is not asked
//! about the phrase.

use super::openings::{Parser, letters, openings};
use super::spelled::NEVER;
use super::starts::KEY_BYTES;

/// Every match of the phrase holds a word that begins with one of these: of all such lists that are told, the one whose
/// words are rarest. `None` where none is told.
pub fn needs(phrase: &str) -> Option<Vec<Vec<u8>>> {
    // Of a choice between phrases, a match holds a word that one of them needs.
    let mut ways = Vec::new();
    let mut parser = Parser { rest: choice(phrase).as_bytes() };
    loop {
        let before = parser.rest;
        parser.skip();
        let way = before.get(..before.len() - parser.rest.len())?;
        ways.push(of_one(std::str::from_utf8(way).ok()?));
        if !parser.passes(b"|") {
            break;
        }
    }
    let mut all: Vec<Vec<u8>> = ways.into_iter().collect::<Option<Vec<_>>>()?.concat();
    all.sort_unstable();
    all.dedup();
    parser.rest.is_empty().then_some(all)
}

/// Without the brackets around the whole of a phrase.
fn choice(phrase: &str) -> &str {
    let within = phrase.strip_prefix("(?:").and_then(|rest| rest.strip_suffix(')'));
    within.filter(|within| is_balanced(within)).unwrap_or(phrase)
}

/// Are all brackets closed that a part of a phrase opens, and none before it is opened?
fn is_balanced(part: &str) -> bool {
    let mut parser = Parser { rest: part.as_bytes() };
    loop {
        parser.skip();
        if !parser.passes(b"|") {
            return parser.rest.is_empty();
        }
    }
}

/// The same, of one phrase that is no choice.
fn of_one(phrase: &str) -> Option<Vec<Vec<u8>>> {
    let mut best = openings(phrase);
    let mut parser = Parser { rest: phrase.as_bytes() };
    // Does a word begin here, whatever stood before?
    let mut begins = false;
    while !matches!(parser.rest.first(), None | Some(b'|' | b')')) {
        if begins {
            let found = letters(Parser { rest: parser.rest }.sequence());
            let is_word = |letters: &Vec<u8>| letters.first().is_some_and(u8::is_ascii_alphanumeric);
            if found.iter().all(is_word) && best.as_ref().is_none_or(|b| burden(&found) < burden(b)) {
                best = Some(found);
            }
        }
        let before = parser.rest;
        parser.element();
        let element = before.get(..before.len() - parser.rest.len()).unwrap_or_default();
        let mut optional = false;
        while let Some((least, _)) = parser.repetition() {
            optional |= least == 0;
        }
        begins = ends_spaced(element) && (begins || !optional);
    }
    parser.rest.is_empty().then_some(best).flatten()
}

/// Is it a space, or a choice between phrases that all end with one?
fn ends_spaced(element: &[u8]) -> bool {
    let Some(within) = element.strip_prefix(b"(?:").and_then(|rest| rest.strip_suffix(b")")) else {
        return element == b" ";
    };
    let mut parser = Parser { rest: within };
    let mut all = true;
    loop {
        let before = parser.rest;
        parser.skip();
        all &= before.get(..before.len() - parser.rest.len()).is_some_and(|way| way.ends_with(b" "));
        if !parser.passes(b"|") {
            return all && parser.rest.is_empty();
        }
    }
}

/// Of a thousand sentences, how many have a word that begins so, roughly: the fewer, the better.
fn burden(words: &[Vec<u8>]) -> usize {
    let one = |word: &Vec<u8>| match word.len() {
        _ if word.first() == Some(&NEVER) => 0,
        0 | 1 => 200,
        2 => 60,
        _ => COMMON.iter().find(|(_, words)| words.split('|').any(|w| w.as_bytes() == word)).map_or(4, |(n, _)| *n),
    };
    // By their first letters, each once; words are sorted.
    let mut all: Vec<Vec<u8>> = words.iter().map(|word| word.iter().take(KEY_BYTES).copied().collect()).collect();
    all.dedup();
    all.iter().map(one).sum()
}

/// Beginnings of words that stand in many sentences of reports, by how many of a thousand have them.
const COMMON: &[(usize, &str)] = &[
    (200, "the|to |and|of "),
    (90, "in |inc|con|ser|for|we |wit|res|sta|pro|thi|iss|a s|a c"),
    (60, "tha|on |imp|by |are|is |exp|com|not|whe|our|an |dat|at |was|all|it |had|has|be "),
    (40, "cre|tim|cus|fro|tra|hav|fai|aff|err|upd|wil|as |reg|mod|rec|wor|int|wer|che|det|inv|cau|eng|whi"),
    (25, "str|ope|use|net|dis|eve|pre|sto|rat|hea|des|mit|may|cen|ins|ava|or |out|cha|req|bee|min|aut|man|inf|bac"),
    (18, "cur|rep|tea|app|rol|but|dow|log|api|bet|pla|mor|thr|lin|dur|dep|one|no |wen|sit|cou|acc|clo|sys"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: &[&str] = &[
        "a",
        "b",
        " ",
        " ",
        "a b ",
        "(?:a |b )",
        "(?:a|b )",
        "(?:a |b)?",
        "(?:b ){0,2}",
        "é",
        "(?:a",
        "(?:",
        ")",
        "|",
        "?",
        "*",
        r"\S+",
        r"\w",
        r"\.",
        "[ab]",
        "[^a]",
        "(?:\\S+ )?",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_match_holds_a_word_it_needs(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..12),
            text in "(?:[ab] ?|\\.|1| ){0,8}",
        ) {
            let phrase = parts.concat();
            let Ok(parsed) = regex::Regex::new(&format!("(?i)(?:^|[^\\w])(?:{phrase})")) else { return Ok(()) };
            let Some(found) = needs(&phrase) else { return Ok(()) };
            let begins = |at: usize| at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
            let here = |at: usize, word: &Vec<u8>| begins(at) && text.as_bytes()[at..].starts_with(word);
            let told = (0..=text.len()).any(|at| found.iter().any(|word| here(at, word)));
            prop_assert!(told || !parsed.is_match(&text), "{} in {:?}: {:?}", phrase, text, found);
        }
    }

    #[test]
    fn a_phrase_needs_its_rarest_word() {
        for (phrase, expected) in [
            ("the (?:\\S+ ){0,3}end", &["end"][..]),
            ("(?:one|two|six) (?:a |of )?(?:kind|sort)", &["kind", "sort"]),
            ("(?:one|two) (?:a|of )?kind", &["one akin", "one kind", "one of k", "two akin", "two kind", "two of k"]),
            ("\\w+ (?:the|our) back", &["back"]),
        ] {
            let found = needs(phrase).unwrap();
            assert_eq!(found, expected.iter().map(|e| e.as_bytes().to_vec()).collect::<Vec<_>>(), "{phrase}");
        }
    }
}
