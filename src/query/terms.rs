//! A text → weighted terms to rank by: what each word may be written as in the index, and how much it tells.
//!
//! Knows nothing of fields, scores or output.

use super::tuning::Tuning;
use super::{plain, synonyms};
use crate::store::analysis::{Analyzer, Token, TokenKind};
use crate::store::{SearchIndex, spelling};
use std::collections::{BTreeMap, BTreeSet};
use tantivy::{Searcher, Term};

/// Of a pasted log, the terms that tell most are kept.
const TERMS_MAX: usize = 40;
/// A longer text is read up to here.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// In a longer text unknown words are ids and names, not slips of the fingers.
const TYPED_TOKENS_MAX: usize = 32;
/// Languages whose stems a query word is given.
const LANGUAGES_MAX: usize = 6;
/// Words that a slip may have meant.
const CORRECTIONS_MAX: usize = 3;

/// One way in which a term may be written: a single word, or several that stand together.
#[derive(Debug, Clone, PartialEq)]
pub struct Spelling {
    pub terms: Vec<String>,
    pub weight: f32,
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// As it stands in the query.
    pub shown: String,
    pub weight: f32,
    pub spellings: Vec<Spelling>,
    /// Place in the query; synonyms of several words have that of the first.
    pub position: usize,
    pub origin: Origin,
}

/// Where a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It stands in the query.
    Query,
    /// It stands for words of the query.
    Synonym,
    /// It stands in the best hits.
    Feedback,
}

/// What a text looks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueryTerms {
    pub terms: Vec<QueryTerm>,
    /// Neighbours in the query that were not separated by a stop word or sign.
    pub pairs: Vec<(String, String)>,
    pub hints: Vec<String>,
}

impl QueryTerms {
    /// Is this one of the terms?
    pub fn knows(&self, text: &str) -> bool {
        self.terms.iter().flat_map(|t| &t.spellings).any(|s| s.terms.iter().any(|t| t == text))
    }
}

/// Looks terms up in the index.
pub struct Lexicon<'a> {
    searcher: Searcher,
    index: &'a SearchIndex,
    analyzers: Vec<Analyzer>,
}

impl<'a> Lexicon<'a> {
    /// Stems for English and for the languages that the index holds most of.
    pub fn new(index: &'a SearchIndex, languages: &BTreeMap<String, usize>) -> Self {
        let mut by_count: Vec<_> = languages.iter().filter(|(lang, _)| *lang != "en").collect();
        by_count.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        let others = by_count.into_iter().take(LANGUAGES_MAX).map(|(lang, _)| Analyzer::new(Some(lang)));
        let analyzers = std::iter::once(Analyzer::new(Some("en"))).chain(others).collect();
        Lexicon { searcher: index.reader.searcher(), index, analyzers }
    }

    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// How many records hold the term.
    pub fn frequency(&self, term: &str) -> u64 {
        let term = Term::from_field_text(self.index.fields.all(), term);
        self.index.frequency(&self.searcher, &term).unwrap_or(0)
    }

    /// How much the term tells: its inverse document frequency, as BM25 has it.
    pub fn telling(&self, term: &str) -> f32 {
        let (n, df) = (self.searcher.num_docs() as f32, self.frequency(term) as f32);
        (1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln()
    }

    /// The stems of a word that the index knows.
    fn known_stems(&self, token: &Token) -> Vec<String> {
        if token.kind != TokenKind::Word {
            return Some(token.text.clone()).filter(|t| self.frequency(t) > 0).into_iter().collect();
        }
        let stems: BTreeSet<String> = self.analyzers.iter().map(|a| a.stem(&token.surface)).collect();
        stems
            .into_iter()
            .chain([token.text.clone()])
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter(|stem| self.frequency(stem) > 0)
            .collect()
    }

    /// Words of the index that a slip of the fingers may have meant, the nearest and then the commonest first.
    fn corrections(&self, word: &str) -> Vec<(String, usize)> {
        let max = spelling::slips(word);
        if max == 0 {
            return Vec::new();
        }
        // The first letter is rarely wrong, and to look at one letter only is cheap.
        let first = word.chars().next();
        let initial: String = first.into_iter().collect();
        let mut near = self.words_near(word, max, &initial);
        if near.is_empty() {
            near = self.words_near(word, max, "");
        }
        let mut near: Vec<_> = near.into_iter().collect();
        let rank = |(known, distance): &(String, usize)| {
            let cost = distance * 2 + usize::from(known.chars().next() != first);
            let frequency = self.analyzers.first().map_or(0, |a| self.frequency(&a.stem(known)));
            (cost, u64::MAX - frequency)
        };
        near.sort_by_cached_key(|entry| (rank(entry), entry.0.clone()));
        let best = near.first().map_or(0, |(_, d)| *d);
        near.retain(|(_, distance)| *distance == best);
        near.truncate(CORRECTIONS_MAX);
        near
    }

    /// Words of the index that begin in a given way and are at most so many slips away.
    fn words_near(&self, word: &str, max: usize, beginning: &str) -> BTreeMap<String, usize> {
        // Beyond every word that begins so: no text holds this character.
        let end = format!("{beginning}\u{10ffff}");
        let mut near = BTreeMap::new();
        for reader in self.searcher.segment_readers() {
            let Ok(inverted) = reader.inverted_index(self.index.fields.word) else { continue };
            let range = inverted.terms().range().ge(beginning).lt(&end);
            let Ok(mut stream) = range.into_stream() else { continue };
            while stream.advance() {
                let Ok(known) = std::str::from_utf8(stream.key()) else { continue };
                // Lengths in bytes can differ by more only where letters take several.
                let is_close = known.len().abs_diff(word.len()) <= max || !known.is_ascii() || !word.is_ascii();
                let distance = is_close.then(|| spelling::distance(word, known, max)).flatten();
                // A word may be left in the index of which no record counts any more.
                if let Some(distance) = distance.filter(|_| self.is_alive(known)) {
                    near.insert(known.to_owned(), distance);
                }
            }
        }
        near
    }

    fn is_alive(&self, word: &str) -> bool {
        let term = Term::from_field_text(self.index.fields.word, word);
        self.index.frequency(&self.searcher, &term).is_ok_and(|count| count > 0)
    }

    /// Two known words that were written as one.
    fn split(&self, word: &str) -> Option<Vec<String>> {
        const PIECE_MIN: usize = 3;
        let stem = |piece: &str| self.analyzers.first().map(|a| a.stem(piece)).filter(|s| self.frequency(s) > 0);
        let cuts = (PIECE_MIN..word.len().saturating_sub(PIECE_MIN - 1)).rev();
        let mut splits = cuts.filter_map(|at| {
            let (head, tail) = word.split_at_checked(at)?;
            Some(vec![stem(head)?, stem(tail)?])
        });
        splits.next()
    }
}

/// The terms of a text.
pub fn read(text: &str, lexicon: &Lexicon<'_>, tuning: &Tuning) -> QueryTerms {
    let end = (0..=TEXT_BYTES_MAX.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let text = text.get(..end).unwrap_or_default();
    let Some(analyzer) = lexicon.analyzers.first() else { return QueryTerms::default() };
    let mut tokens = analyzer.tokens(text);
    let is_asking = |t: &Token| plain::is_of_questions(&t.surface);
    if tokens.iter().filter(|t| !is_asking(t)).count() >= 2 {
        tokens.retain(|t| !is_asking(t));
    }
    let mut found = QueryTerms::default();
    let is_typed = tokens.len() <= TYPED_TOKENS_MAX;
    let mut seen: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (i, token) in tokens.iter().enumerate() {
        if let Some(at) = seen.get(&token.text) {
            if let Some(term) = at.and_then(|at| found.terms.get_mut(at)) {
                term.weight += term.weight * tuning.repeated;
            }
            continue;
        }
        let is_part = tokens.iter().take(i).rev().take(12).any(|t| t.parts > 0 && t.range.end >= token.range.end);
        let weight = weight(token, tuning) * if is_part { tuning.part } else { 1.0 };
        let mended = if is_typed && !is_part { Some(&mut found.hints) } else { None };
        let term = term(token, weight, lexicon, tuning, mended);
        seen.insert(token.text.clone(), term.as_ref().map(|_| found.terms.len()));
        found.terms.extend(term);
    }
    found.pairs = pairs(&tokens);
    add_joined(&tokens, lexicon, &mut found);
    add_synonyms(&tokens, lexicon, tuning, &mut found);
    keep_telling(&mut found, lexicon);
    found
}

/// A term of one token, if the index knows it, one of its stems, or, where there is someone to tell, what it may have
/// been meant to be.
fn term(
    token: &Token,
    weight: f32,
    lexicon: &Lexicon<'_>,
    tuning: &Tuning,
    hints: Option<&mut Vec<String>>,
) -> Option<QueryTerm> {
    let known = lexicon.known_stems(token);
    let mut spellings: Vec<Spelling> =
        known.into_iter().map(|text| Spelling { terms: vec![text], weight: 1.0 }).collect();
    let is_word = token.kind == TokenKind::Word && token.parts == 0;
    if let Some(hints) = hints.filter(|_| spellings.is_empty() && is_word) {
        if let Some(terms) = lexicon.split(&token.surface) {
            spellings.push(Spelling { terms, weight: tuning.split });
        } else {
            let corrections = lexicon.corrections(&token.surface);
            let words: Vec<_> = corrections.iter().map(|(word, _)| word.as_str()).collect();
            if !words.is_empty() {
                hints.push(format!("'{}' occurs nowhere; searched for {}", token.surface, words.join(", ")));
            }
            for (word, distance) in &corrections {
                let text = lexicon.analyzers.first().map_or_else(|| word.clone(), |a| a.stem(word));
                let weight = if *distance > 1 { tuning.correction * tuning.correction } else { tuning.correction };
                spellings.push(Spelling { terms: vec![text], weight });
            }
        }
    }
    let shown = token.surface.clone();
    (!spellings.is_empty()).then_some(QueryTerm {
        shown,
        weight,
        spellings,
        position: token.position,
        origin: Origin::Query,
    })
}

fn weight(token: &Token, tuning: &Tuning) -> f32 {
    match token.kind {
        TokenKind::Word if plain::is_everyday(&token.surface) => tuning.plain,
        TokenKind::Word | TokenKind::Name => 1.0,
        TokenKind::Number if is_status(&token.text) => 1.0,
        TokenKind::Number => tuning.number,
        TokenKind::Hash => tuning.hash,
    }
}

/// An HTTP status, an SMTP reply: three digits that mean something.
fn is_status(number: &str) -> bool {
    number.len() == 3
        && matches!(number.bytes().next(), Some(b'1'..=b'5'))
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// Words that follow each other directly.
fn pairs(tokens: &[Token]) -> Vec<(String, String)> {
    let words: Vec<&Token> = tokens.iter().filter(|t| t.parts == 0).collect();
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for window in words.windows(2) {
        let [one, other] = window else { continue };
        let pair = (one.text.clone(), other.text.clone());
        if other.position <= one.position + 2 && one.text != other.text && seen.insert(pair.clone()) {
            pairs.push(pair);
        }
    }
    pairs.truncate(TERMS_MAX);
    pairs
}

/// Two words that the index knows as one: `name server`, `nameserver`.
fn add_joined(tokens: &[Token], lexicon: &Lexicon<'_>, found: &mut QueryTerms) {
    let Some(analyzer) = lexicon.analyzers.first() else { return };
    let words: Vec<&Token> = tokens.iter().filter(|t| t.kind == TokenKind::Word && t.parts == 0).collect();
    for window in words.windows(2).take(TERMS_MAX) {
        let [one, other] = window else { continue };
        let joined = analyzer.stem(&format!("{}{}", one.surface, other.surface));
        if other.position == one.position + 1 && lexicon.frequency(&joined) > 0 {
            for term in found.terms.iter_mut().filter(|t| t.position == one.position && t.origin == Origin::Query) {
                term.spellings.push(Spelling { terms: vec![joined.clone()], weight: 1.0 });
            }
        }
    }
}

fn add_synonyms(tokens: &[Token], lexicon: &Lexicon<'_>, tuning: &Tuning, found: &mut QueryTerms) {
    let texts: Vec<String> = tokens.iter().map(|t| t.text.clone()).collect();
    for group in synonyms::matches(&texts) {
        let known = |terms: &[String]| terms.iter().all(|t| lexicon.frequency(t) > 0);
        let spellings: Vec<Spelling> = group
            .others
            .iter()
            .filter(|entry| known(&entry.terms))
            .map(|entry| Spelling { terms: entry.terms.clone(), weight: 1.0 })
            .collect();
        let run = tokens.get(group.start..group.start + group.length).unwrap_or_default();
        if spellings.is_empty() || run.is_empty() {
            continue;
        }
        let shown = run.iter().map(|t| t.surface.as_str()).collect::<Vec<_>>().join(" ");
        let position = run.first().map_or(0, |t| t.position);
        found.terms.push(QueryTerm { shown, weight: tuning.synonym, spellings, position, origin: Origin::Synonym });
    }
}

/// Keeps the terms that tell most, in the order of the query.
fn keep_telling(found: &mut QueryTerms, lexicon: &Lexicon<'_>) {
    if found.terms.len() <= TERMS_MAX {
        return;
    }
    let telling = |term: &QueryTerm| {
        let best = term.spellings.iter().filter_map(|s| s.terms.first()).map(|t| lexicon.telling(t));
        term.weight * best.fold(0.0, f32::max)
    };
    let mut ranked: Vec<(f32, usize)> = found.terms.iter().map(telling).enumerate().map(|(i, t)| (t, i)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let kept: BTreeSet<usize> = ranked.into_iter().take(TERMS_MAX).map(|(_, i)| i).collect();
    let mut nth = 0;
    found.terms.retain(|_| {
        nth += 1;
        kept.contains(&(nth - 1))
    });
}
