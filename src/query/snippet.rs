//! Which sentence of a record shows best why it was found, and which of its words matched where.
//!
//! Knows nothing of scores beyond how much a word tells, nor of markup.

use super::lexicon::Lexicon;
use super::plain;
use super::terms::{Origin, QueryTerms};
use super::tuning::Tuning;
use crate::record::Place;
use crate::store::Searchable;
use crate::store::analysis::{Analyzer, Sought, Token};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A snippet is about this long; a longer sentence is cut around its matches.
const SNIPPET_BYTES: usize = 240;
/// Of a huge record only this much is looked at.
const LOOKED_AT_BYTES: usize = 128 * 1024;
/// Words shown for one place.
const MATCHED_MAX: usize = 12;

/// A piece of a record, on one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    pub text: String,
    /// Byte ranges of `text` that matched.
    pub highlights: Vec<Range<usize>>,
    /// The headings it stands under; perhaps empty.
    pub section: String,
}

/// The terms looked for and how much each tells.
pub struct Wanted {
    telling: BTreeMap<String, f32>,
    /// Those that only tell beside others: `not` and `out` of `not ready` and `out of memory`.
    dependent: BTreeSet<String>,
}

impl Wanted {
    pub fn new(terms: &QueryTerms, lexicon: &Lexicon<'_>, tuning: &Tuning) -> Self {
        let mut telling = BTreeMap::new();
        let (mut dependent, mut own) = (BTreeSet::new(), BTreeSet::new());
        for term in &terms.terms {
            let origin = match term.origin {
                Origin::Synonym => tuning.synonym,
                Origin::Related => tuning.related,
                Origin::Query | Origin::Feedback => 1.0,
            };
            for spelling in &term.spellings {
                for text in &spelling.terms {
                    let tells = lexicon.telling(text) * origin * term.weight(tuning) * spelling.weight(tuning);
                    let known: &mut f32 = telling.entry(text.clone()).or_default();
                    *known = known.max(tells);
                    let is_beside = spelling.terms.len() > 1 || term.is_part;
                    let is_dependent = is_beside && plain::is_dependent(text);
                    if is_dependent { &mut dependent } else { &mut own }.insert(text.clone());
                }
            }
        }
        dependent.retain(|word| !own.contains(word));
        for word in terms.phrases.iter().flatten() {
            telling.entry(word.clone()).or_insert_with(|| lexicon.telling(word));
        }
        Wanted { telling, dependent }
    }
}

/// What a hit shows of a record: a sentence, and the words that matched by where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub snippet: Snippet,
    /// By `title`, `names`, or the place of the section; in order of the record.
    pub matched: BTreeMap<String, Vec<String>>,
}

/// The sentence whose different matches tell most (where nothing matches, the first one), and what matched where.
///
/// `sought` are the words wanted, with what is remembered of them from one record to the next.
pub fn show(searchable: &Searchable, wanted: &Wanted, sought: &mut Sought<'_>) -> Shown {
    let analyzer = Analyzer::new(searchable.lang.as_deref());
    let mut shown = Shown::default();
    shown.note("title", &analyzer.tokens_sought(&searchable.title, sought), wanted);
    for name in &searchable.names {
        shown.note("names", &analyzer.tokens_sought(name, sought), wanted);
    }
    let mut best: Option<f32> = None;
    let mut looked_at = 0;
    for passage in &searchable.passages {
        let tokens = analyzer.tokens_sought(&passage.text, sought);
        shown.note(passage.place.name(), &tokens, wanted);
        // Where nothing matches, the first sentence of all will do.
        let is_empty = tokens.is_empty() && best.is_some();
        for sentence in if is_empty { Vec::new() } else { sentences(&passage.text) } {
            let own: Vec<&Token> = tokens.iter().filter(|t| sentence.contains(&t.range.start)).collect();
            // A heading or a table's rim matches well and says little.
            let length = sentence.len().clamp(40, 400) as f32;
            let place = if passage.place == Place::Symptom { 1.1 } else { 1.0 };
            let score = wanted.tells(&own) * (1.0 - 20.0 / length) * place;
            if best.is_none_or(|known| score > known) {
                best = Some(score);
                let text = passage.text.get(sentence.clone()).unwrap_or_default();
                shown.snippet = cut(text, &ranges(&own, sentence.start), &passage.section);
            }
        }
        looked_at += passage.text.len();
        if looked_at > LOOKED_AT_BYTES {
            break;
        }
    }
    shown
}

impl Shown {
    fn note(&mut self, place: &str, tokens: &[Token], wanted: &Wanted) {
        for token in tokens.iter().filter(|token| !wanted.dependent.contains(&token.text)) {
            let words = self.matched.entry(place.to_owned()).or_default();
            if words.len() < MATCHED_MAX && !words.contains(&token.surface) {
                words.push(token.surface.clone());
            }
        }
    }
}

impl Wanted {
    /// Is it looked for?
    pub fn has(&self, text: &str) -> bool {
        self.telling.contains_key(text)
    }

    /// What the different ones of the tokens tell.
    fn tells(&self, tokens: &[&Token]) -> f32 {
        let distinct: BTreeSet<&str> = tokens.iter().map(|t| t.text.as_str()).collect();
        distinct.into_iter().filter_map(|text| self.telling.get(text)).sum()
    }
}

/// The ranges of the tokens counted from the beginning of their sentence, joined where they overlap.
fn ranges(tokens: &[&Token], start: usize) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for token in tokens {
        let range = token.range.start - start..token.range.end - start;
        match ranges.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => ranges.push(range),
        }
    }
    ranges
}

/// Sentences end at `.`, `!`, `?` before white space, at line breaks, and at cells.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let is_late = at.saturating_sub(start) > SNIPPET_BYTES * 2;
        // Few bytes begin a character that could end a sentence.
        if !is_late && !matches!(byte, b'.' | b'!' | b'?' | 0xe3 | 0xef) {
            continue;
        }
        let mut chars = text.get(at..).unwrap_or_default().chars();
        let Some(c) = chars.next() else { continue };
        let is_stop = matches!(c, '.' | '!' | '?') && chars.next().is_none_or(char::is_whitespace);
        let is_long = is_late && c.is_whitespace();
        if is_stop || is_long || matches!(c, '。' | '！' | '？') {
            sentences.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    sentences.push(start..text.len());
    sentences.retain(|s| text.get(s.clone()).is_some_and(|t| !t.trim().is_empty()));
    sentences
}

/// The text on one line, cut to size around its matches.
pub(super) fn cut(text: &str, matches: &[Range<usize>], section: &str) -> Snippet {
    let first = matches.first().map_or(0, |m| m.start);
    let last = matches.last().map_or(0, |m| m.end);
    let trimmed = text.len() - text.trim_start().len();
    let mut start = trimmed;
    if text.len() > SNIPPET_BYTES && last > SNIPPET_BYTES {
        // Some words before the first match, from the beginning of one.
        let from = first.saturating_sub(SNIPPET_BYTES / 4);
        start = (from..=first).find(|i| is_word_start(text, *i)).unwrap_or(first).max(trimmed);
    }
    let most = text.trim_end().len().min(start + SNIPPET_BYTES);
    let is_cut = most < text.trim_end().len();
    let floor = (start..=most).rev().find(|i| text.is_char_boundary(*i) && (!is_cut || is_word_start(text, *i)));
    let end = floor.filter(|e| *e > start).or_else(|| (start..=most).rev().find(|i| text.is_char_boundary(*i)));
    let end = end.unwrap_or(start);
    let mut snippet = Snippet { section: section.to_owned(), ..Snippet::default() };
    if start > trimmed {
        snippet.text.push('…');
    }
    let offset = snippet.text.len();
    let shown = text.get(start..end).unwrap_or_default();
    // White space of one byte becomes one space, so that ranges stay true.
    snippet.text.extend(shown.trim_end().chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
    for range in matches {
        if range.start >= start && range.end <= end {
            snippet.highlights.push(range.start - start + offset..range.end - start + offset);
        }
    }
    if is_cut {
        snippet.text.push('…');
    }
    snippet
}

fn is_word_start(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|t| t.chars().next_back());
    text.is_char_boundary(at) && before.is_none_or(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Passage;

    fn wanted(words: &[&str]) -> Wanted {
        Wanted { telling: words.iter().map(|w| ((*w).to_owned(), 2.0)).collect(), dependent: BTreeSet::new() }
    }

    fn shown(searchable: &Searchable, wanted: &Wanted) -> Shown {
        show(searchable, wanted, &mut Sought::new(&|text| wanted.has(text)))
    }

    fn searchable(texts: &[&str]) -> Searchable {
        let passage = |t: &&str| Passage { place: Place::Body, section: "S".to_owned(), text: (*t).to_owned() };
        Searchable {
            title: "DNS down".to_owned(),
            names: Vec::new(),
            lang: None,
            passages: texts.iter().map(passage).collect(),
        }
    }

    #[test]
    fn the_sentence_with_most_matches_is_shown_and_marked() {
        let record = searchable(&["Nothing here at all. The router\nlost its DNS entries, és dns again. Bye.", "DNS."]);
        let snippet = shown(&record, &wanted(&["router", "dns"])).snippet;
        assert_eq!(snippet.text, "The router lost its DNS entries, és dns again.");
        let marked: Vec<_> = snippet.highlights.iter().map(|r| &snippet.text[r.clone()]).collect();
        assert_eq!(marked, ["router", "DNS", "dns"]);
        assert_eq!(shown(&record, &wanted(&["dns"])).matched["title"], ["dns"]);
    }

    #[test]
    fn long_sentences_are_cut_around_the_match_and_any_text_is_safe() {
        let long = format!("{} needle {}", "häy ".repeat(200), "stack ".repeat(200));
        let snippet = shown(&searchable(&[&long]), &wanted(&["needl"])).snippet;
        assert!(snippet.text.contains("needle") && snippet.text.len() < 300, "{}", snippet.text);
        assert_eq!(&snippet.text[snippet.highlights[0].clone()], "needle");
        for text in ["", "…", "é".repeat(2000).as_str(), "\u{2028}a\u{3000}b ", "a".repeat(5000).as_str()] {
            shown(&searchable(&[text]), &wanted(&["a"]));
        }
    }
}
