//! Text → tokens, the same way for the index and for queries: engineers' tokens whole and in parts (`osc-fr1`, `osc`,
//! `fr1`; `OOMKilled`, `oom`, `killed`), words stemmed by language, marks off letters, stop words out.
//!
//! Knows nothing of fields, weights or synonyms.

use super::stop_words;
use super::token::{self, is_timestamp};
use frostem::{Algorithm, Stemmer};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use super::token::{Token, TokenKind, Tokens};

/// Changing what tokens a text gives makes existing indexes stale; this number makes them rebuilt.
pub const ANALYSIS_VERSION: u32 = 7;

/// A token longer than this is a blob, not a word.
const TOKEN_BYTES_MAX: usize = 80;
/// A run of joined parts longer than this (a path, a URL) is searchable by its parts only.
const PARTS_MAX: usize = 12;
/// Words that are remembered before all are forgotten: those of a hundred reports.
const REMEMBERED_MAX: usize = 16_384;

/// Words looked for in many texts. What was made of a word is remembered: most come again.
pub struct Sought<'a> {
    is_wanted: &'a dyn Fn(&str) -> bool,
    /// The language of what is known.
    lang: Algorithm,
    /// By surface, where what was made of it is.
    known: HashMap<String, usize>,
    /// None for what is not wanted.
    made: Vec<Option<(TokenKind, String)>>,
}

impl<'a> Sought<'a> {
    /// Those whose indexed text is wanted.
    pub fn new(is_wanted: &'a dyn Fn(&str) -> bool) -> Self {
        Sought { is_wanted, lang: Algorithm::English, known: HashMap::new(), made: Vec::new() }
    }

    /// What is known is of this language, and not too much.
    fn speak(&mut self, lang: Algorithm) {
        if self.lang != lang || self.made.len() > REMEMBERED_MAX {
            self.lang = lang;
            self.known.clear();
            self.made.clear();
        }
    }

    fn read(&mut self, surface: &str, analyzer: &Analyzer) -> Option<&(TokenKind, String)> {
        let at = match self.known.get(surface) {
            Some(at) => *at,
            None => {
                self.known.insert(surface.to_owned(), self.made.len());
                self.made.push(analyzer.read(surface).filter(|(_, text)| (self.is_wanted)(text)));
                self.made.len() - 1
            }
        };
        self.made.get(at)?.as_ref()
    }
}

/// Cuts texts of one language.
#[derive(Clone, Copy)]
pub struct Analyzer {
    stemmer: Stemmer,
    is_english: bool,
    /// Sorted.
    stop_words: &'static [&'static str],
}

impl Analyzer {
    /// For a language by its ISO 639-1 code; unknown ones are treated as English, which most reports are.
    pub fn new(lang: Option<&str>) -> Self {
        let algorithm = match lang {
            Some("fr") => Algorithm::French,
            Some("de") => Algorithm::German,
            Some("es") => Algorithm::Spanish,
            Some("pt") => Algorithm::Portuguese,
            Some("it") => Algorithm::Italian,
            Some("nl") => Algorithm::Dutch,
            Some("sv") => Algorithm::Swedish,
            Some("da") => Algorithm::Danish,
            Some("no" | "nb") => Algorithm::Norwegian,
            Some("fi") => Algorithm::Finnish,
            Some("ru") => Algorithm::Russian,
            _ => Algorithm::English,
        };
        let is_english = matches!(algorithm, Algorithm::English);
        let stop_words = stop_words::of(if is_english { "en" } else { lang.unwrap_or_default() });
        Analyzer { stemmer: Stemmer::new(algorithm), is_english, stop_words }
    }

    /// One that leaves no words out.
    pub fn with_small_words(self) -> Self {
        Analyzer { stop_words: &[], ..self }
    }

    /// Words that are not indexed.
    pub fn stop_words(&self) -> impl Iterator<Item = &'static str> {
        self.stop_words.iter().copied()
    }

    /// Is it one of them?
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.binary_search(&word).is_ok()
    }

    /// The stem of a word in lower case, without marks.
    pub fn stem(&self, word: &str) -> String {
        if self.is_english && word == "cannot" {
            return "not".to_owned();
        }
        let american = if self.is_english { american(word) } else { None };
        let stem = self.stemmer.stem(american.as_deref().unwrap_or(word));
        if stem.is_ascii() { stem.into_owned() } else { without_marks(&stem) }
    }

    /// The tokens of a text, in order.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Tokens::default();
        self.cut(text, None, &mut tokens);
        tokens.all
    }

    /// Those of the tokens of a text that are sought.
    pub fn tokens_sought(&self, text: &str, sought: &mut Sought<'_>) -> Vec<Token> {
        let is_wanted = sought.is_wanted;
        let mut tokens = Tokens::default();
        self.read_all(text, sought, &mut tokens);
        tokens.all.retain(|token| is_wanted(&token.text));
        tokens.all
    }

    /// The tokens of a text that are sought, and perhaps others.
    pub fn read_all(&self, text: &str, sought: &mut Sought<'_>, tokens: &mut Tokens) {
        sought.speak(self.stemmer.algorithm());
        self.cut(text, Some(sought), tokens);
    }

    fn cut(&self, text: &str, mut sought: Option<&mut Sought<'_>>, tokens: &mut Tokens) {
        tokens.count = 0;
        let mut position = 0;
        for chunk in (Chunks { text, at: 0 }) {
            position = self.push_chunk(text, chunk, position, sought.as_deref_mut(), tokens);
        }
    }

    /// The terms of a text that stand side by side; of a compound, the whole.
    pub fn whole_terms(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        let mut tokens = self.tokens(text).into_iter();
        while let Some(token) = tokens.next() {
            terms.push(token.text);
            if token.parts > 0 {
                tokens.nth(token.parts - 1);
            }
        }
        terms
    }

    fn push_chunk(
        &self,
        text: &str,
        chunk: Range<usize>,
        position: usize,
        mut sought: Option<&mut Sought<'_>>,
        tokens: &mut Tokens,
    ) -> usize {
        let word = text.get(chunk.clone()).unwrap_or_default();
        if is_simple(word) {
            return self.push_part(word, &(0..word.len()), chunk.start, position, sought, tokens);
        }
        if word.chars().any(is_ideograph) {
            return push_ideographs(word, chunk.start, position, tokens);
        }
        let parts = parts(word);
        let is_numeric = !word.chars().any(char::is_alphabetic) || is_timestamp(word);
        if let [part] = parts.as_slice() {
            return self.push_part(word, part, chunk.start, position, sought, tokens);
        }
        let surface = word.to_lowercase();
        let mut whole = surface.clone();
        // `fail-over` is found as `failover` too.
        let is_compound = parts.len() <= 3 && word.chars().all(|c| c.is_alphabetic() || c == '-');
        let at = tokens.count;
        let is_sought = |text: &str| sought.as_ref().is_none_or(|sought| (sought.is_wanted)(text));
        let mut push_whole = |text: &str| {
            if text.len() <= TOKEN_BYTES_MAX && is_sought(text) {
                tokens.push(text, &surface, token::kind(text), chunk.clone(), position);
            }
        };
        if is_numeric {
            push_whole(&whole);
            return position + 1;
        }
        if is_compound {
            whole.retain(|c| c != '-');
            whole = self.stem(&whole);
        }
        if parts.len() <= PARTS_MAX {
            push_whole(&whole);
        }
        let first = tokens.count;
        let mut next = position;
        for part in &parts {
            next = self.push_part(word, part, chunk.start, next, sought.as_deref_mut(), tokens);
        }
        let count = tokens.count - first;
        if let Some(token) = tokens.all.get_mut(at).filter(|_| first > at) {
            token.parts = count;
        }
        next
    }

    fn push_part(
        &self,
        chunk: &str,
        part: &Range<usize>,
        offset: usize,
        position: usize,
        sought: Option<&mut Sought<'_>>,
        tokens: &mut Tokens,
    ) -> usize {
        let Some(word) = chunk.get(part.clone()) else { return position };
        let surface = if word.bytes().all(|b| b.is_ascii_lowercase()) {
            Cow::Borrowed(word)
        } else if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Owned(without_apostrophe(&word.to_lowercase()))
        };
        if surface.is_empty() || surface.len() > TOKEN_BYTES_MAX {
            return position + 1;
        }
        let own;
        let read = match sought {
            Some(sought) => sought.read(&surface, self),
            None => {
                own = self.read(&surface);
                own.as_ref()
            }
        };
        if let Some((kind, text)) = read {
            tokens.push(text, &surface, *kind, offset + part.start..offset + part.end, position);
        }
        position + 1
    }

    /// What a word is, and what is indexed of it; nothing of a stop word.
    fn read(&self, surface: &str) -> Option<(TokenKind, String)> {
        if self.is_stop_word(surface) {
            return None;
        }
        let kind = token::kind(surface);
        Some((kind, if kind == TokenKind::Word { self.stem(surface) } else { surface.to_owned() }))
    }
}

/// A word of plain letters, perhaps with a capital first, as most are: it has no parts.
fn is_simple(word: &str) -> bool {
    let (first, rest) = word.as_bytes().split_first().unwrap_or((&0, &[]));
    first.is_ascii_alphabetic() && rest.iter().all(u8::is_ascii_lowercase)
}

/// `customer's` is `customer`, `didn't` is `not`, `l'incident` is `incident`.
fn without_apostrophe(word: &str) -> String {
    let mut pieces = word.split(['\'', '’']);
    let (Some(first), Some(second), None) = (pieces.next(), pieces.next(), pieces.next()) else {
        return word.chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    };
    match second {
        "s" | "re" | "ve" | "ll" | "d" | "m" | "" => first.to_owned(),
        "t" if first.ends_with('n') => "not".to_owned(),
        _ if first.chars().count() <= 2 => second.to_owned(),
        _ => format!("{first}{second}"),
    }
}

/// An English word as Americans spell it: `virtualisation`, `behaviour`, `fibre`, `catalogue`, `licence`.
///
/// Words that merely look British (`exercise`, `contour`) are changed too, in documents as in queries, which does no
/// harm.
fn american(word: &str) -> Option<String> {
    const ENDINGS: &[(&str, &str)] = &[
        ("isation", "ization"),
        ("isations", "izations"),
        ("ise", "ize"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ising", "izing"),
        ("yse", "yze"),
        ("ysed", "yzed"),
        ("ysing", "yzing"),
        ("our", "or"),
        ("ours", "ors"),
        ("oured", "ored"),
        ("ouring", "oring"),
        ("oural", "oral"),
        ("tre", "ter"),
        ("tres", "ters"),
        ("bre", "ber"),
        ("bres", "bers"),
        ("ogue", "og"),
        ("ogues", "ogs"),
        ("ence", "ense"),
        ("ences", "enses"),
    ];
    const STEM_MIN: usize = 2;
    let is_like = |(british, _): &&(&str, &str)| word.len() >= british.len() + STEM_MIN && word.ends_with(british);
    let (british, american) = ENDINGS.iter().filter(is_like).max_by_key(|(british, _)| british.len())?;
    Some(format!("{}{american}", word.strip_suffix(british)?))
}

fn without_marks(word: &str) -> String {
    word.nfkd().filter(|c| !is_combining_mark(*c)).collect()
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Scripts without spaces are indexed as pairs of neighbours.
fn push_ideographs(word: &str, offset: usize, mut position: usize, tokens: &mut Tokens) -> usize {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    for (i, (at, c)) in chars.iter().enumerate() {
        let mut text = String::from(*c);
        let mut end = at + c.len_utf8();
        match chars.get(i + 1) {
            Some((next, following)) => {
                text.push(*following);
                end = next + following.len_utf8();
            }
            None if i > 0 => break,
            None => {}
        }
        tokens.push(&text, &text, TokenKind::Word, offset + at..offset + end, position);
        position += 1;
    }
    position
}

/// The parts of a chunk: between signs, and where the case says that a new word begins.
fn parts(chunk: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut push = |range: Range<usize>| push_camel(chunk, range, &mut parts);
    for (at, c) in chunk.char_indices() {
        if is_letter(c) || matches!(c, '\'' | '’') {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push(from..at);
        }
    }
    if let Some(from) = start {
        push(from..chunk.len());
    }
    parts
}

fn push_camel(chunk: &str, range: Range<usize>, parts: &mut Vec<Range<usize>>) {
    let word = chunk.get(range.clone()).unwrap_or_default();
    // Only a capital inside a word may begin another.
    if word.bytes().skip(1).all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        parts.push(range);
        return;
    }
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut cuts = vec![0];
    for (i, window) in chars.windows(2).enumerate() {
        let [(_, before), (at, c)] = window else { continue };
        let next_is_lower = chars.get(i + 2).is_some_and(|(_, n)| n.is_lowercase());
        if c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower)) {
            cuts.push(*at);
        }
    }
    cuts.push(word.len());
    let pieces: Vec<Range<usize>> = cuts.windows(2).filter_map(|c| Some(*c.first()?..*c.last()?)).collect();
    // `iPhone` and `eBPF` are one word each.
    if pieces.iter().any(|p| p.len() < 2) {
        parts.push(range);
    } else {
        parts.extend(pieces.into_iter().map(|p| range.start + p.start..range.start + p.end));
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}

/// Runs of letters and digits, joined by single signs that engineers join names with.
struct Chunks<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Chunks<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find(is_letter)?;
        let rest = self.text.get(start..)?;
        if let Some(length) = simple_length(rest) {
            self.at = start + length;
            return Some(start..self.at);
        }
        let mut end = rest.len();
        let mut before = ' ';
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map_or(' ', |(_, c)| *c);
            let is_script_change = is_letter(c) && is_letter(before) && is_ideograph(c) != is_ideograph(before);
            if is_script_change || !(is_letter(c) || joins(c, before, after)) {
                end = at;
                break;
            }
            before = c;
        }
        self.at = start + end;
        Some(start..self.at)
    }
}

/// The length of a word of plain letters that nothing is joined to: what most texts are made of needs no closer look.
fn simple_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    bytes.first().filter(|b| b.is_ascii_alphabetic())?;
    let length = 1 + bytes.iter().skip(1).take_while(|b| b.is_ascii_lowercase()).count();
    let is_space = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let is_end = match bytes.get(length) {
        Some(b',' | b'.' | b':' | b';' | b')' | b'"') => is_space(length + 1),
        _ => is_space(length),
    };
    is_end.then_some(length)
}

fn joins(sign: char, before: char, after: char) -> bool {
    if !is_letter(before) || !is_letter(after) {
        return false;
    }
    match sign {
        '-' | '_' | '.' | '/' | '@' | '&' | '\'' | '’' | '\u{2010}' | '\u{2011}' => true,
        ':' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> String {
        let tokens = Analyzer::new(Some("en")).tokens(text);
        tokens.iter().map(|t| format!("{}@{}", t.text, t.position)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn engineers_tokens_stay_whole_and_are_split() {
        for (text, expected) in [
            ("502 from 1.1.1.1", "502@0 1.1.1.1@2"),
            ("SERVFAIL on osc-fr1.", "servfail@0 osc-fr1@2 osc@2 fr1@3"),
            ("OOMKilled x509", "oomkil@0 oom@0 kill@1 x509@2"),
            ("fail-over of eBPF", "failov@0 fail@0 over@1 ebpf@3"),
            (
                "node=ip-10-3-4-5 at 2024-01-18T11:40:30Z",
                "node@0 ip-10-3-4-5@1 ip@1 10@2 3@3 4@4 5@5 2024-01-18t11:40:30z@7",
            ),
            ("colleague's can't cannot Let's", "colleagu@0 not@1 not@2 let@3"),
            ("http://a.io/x: down", "http@0 a.io/x@1 io@2 x@3 down@4"),
            ("無法連線 DNS", "無法@0 法連@1 連線@2 dns@3"),
            ("", ""),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn ranges_quote_the_text_and_any_text_is_cut() {
        for text in ["naïve Überlast—osc-fr1", "ééé'éé", "a-b-c-d-e-f-g-h-i-j-k-l-m-n", "ＡＢＣ ｄｅｆ", "\u{0301}x"]
        {
            for token in Analyzer::new(None).tokens(text) {
                assert!(text.get(token.range.clone()).is_some_and(|t| !t.is_empty()), "{text}: {token:?}");
            }
        }
        assert_eq!(Analyzer::new(Some("fr")).tokens("l'incident réseau")[0].text, "incident");
    }

    #[test]
    fn british_and_american_spellings_are_one_word() {
        let english = Analyzer::new(Some("en"));
        for (british, american) in [
            ("virtualisation", "virtualization"),
            ("synchronised", "synchronized"),
            ("behaviour", "behavior"),
            ("centres", "centers"),
            ("fibre", "fiber"),
            ("catalogue", "catalog"),
            ("licence", "license"),
            ("analysed", "analyzed"),
            ("cancelled", "canceled"),
        ] {
            assert_eq!(english.stem(british), english.stem(american), "{british}");
        }
        for (one, other) in [("four", "for"), ("hour", "hor"), ("tree", "ter"), ("rise", "rize")] {
            assert_ne!(english.stem(one), english.stem(other), "{one}");
        }
        assert_eq!(Analyzer::new(Some("fr")).stem("centre"), "centr");
    }
}
