//! The words that an index knows: how many records hold one, how much it tells, and which one a slip may have meant.
//!
//! Knows nothing of queries or scores.

use super::{plain, synonyms};
use crate::store::analysis::{Analyzer, Token, TokenKind};
use crate::store::{IndexFields, SearchIndex, spelling};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, Term};

/// Languages whose stems a query word is given.
const LANGUAGES_MAX: usize = 6;
/// Words that a slip may have meant.
const CORRECTIONS_MAX: usize = 3;

/// Looks terms up in the index.
pub struct Lexicon<'a> {
    searcher: Searcher,
    index: &'a SearchIndex,
    pub(super) analyzers: Vec<Analyzer>,
    /// As far as they were asked for: where records no longer count, those that do have to be counted.
    frequencies: RefCell<HashMap<String, u64>>,
}

impl<'a> Lexicon<'a> {
    /// Stems for English and for the languages that the index holds most of.
    pub fn new(index: &'a SearchIndex, languages: &BTreeMap<String, usize>) -> Self {
        let mut by_count: Vec<_> = languages.iter().filter(|(lang, _)| *lang != "en").collect();
        by_count.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        let others = by_count.into_iter().take(LANGUAGES_MAX).map(|(lang, _)| Analyzer::new(Some(lang)));
        let analyzers = std::iter::once(Analyzer::new(Some("en"))).chain(others).collect();
        Lexicon { searcher: index.reader.searcher(), index, analyzers, frequencies: RefCell::default() }
    }

    /// Where everything is in the index.
    pub fn fields(&self) -> &IndexFields {
        self.index.fields
    }

    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// How many records stand before the one of this number in the order of their paths.
    pub fn rank(&self, number: u64) -> u64 {
        self.index.rank(number)
    }

    /// The records of a segment of the index that no longer count, in its order.
    pub fn dead(&self, segment: u32) -> &[DocId] {
        self.index.dead(&self.searcher, segment)
    }

    /// How many records hold the term.
    pub fn frequency(&self, term: &str) -> u64 {
        if let Some(known) = self.frequencies.borrow().get(term) {
            return *known;
        }
        let in_index = Term::from_field_text(self.index.fields.all(), term);
        let frequency = self.index.frequency(&self.searcher, &in_index).unwrap_or(0);
        self.frequencies.borrow_mut().insert(term.to_owned(), frequency);
        frequency
    }

    /// The least and the most that [`Self::frequency`] can be, told without looking at records; none as soon as the
    /// least is too many.
    pub fn frequency_bounds(&self, term: &str, is_too_many: &dyn Fn(u64) -> bool) -> Option<RangeInclusive<u64>> {
        let term = Term::from_field_text(self.index.fields.all(), term);
        self.index.frequency_bounds(&self.searcher, &term, is_too_many).unwrap_or(Some(0..=0))
    }

    /// How much the term tells.
    pub fn telling(&self, term: &str) -> f32 {
        self.telling_of(self.frequency(term))
    }

    /// How much a term tells that so many records hold: its inverse document frequency, as BM25 has it.
    pub fn telling_of(&self, frequency: u64) -> f32 {
        let (n, df) = (self.searcher.num_docs() as f32, frequency as f32);
        (1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln()
    }

    /// The stems of a word that the index knows.
    pub(super) fn known_stems(&self, token: &Token) -> Vec<String> {
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
    pub(super) fn corrections(&self, word: &str) -> Vec<(String, usize)> {
        let max = spelling::slips(word);
        if max == 0 || self.is_plain_slip(word) {
            return Vec::new();
        }
        // The first letter is rarely wrong, and to look at one letter only is cheap.
        let first = word.chars().next();
        let initial: String = first.into_iter().collect();
        let mut near = self.words_near(word, max, &initial);
        if near.is_empty() {
            near = self.words_near(word, max, "");
        }
        let mut near: Vec<_> = near.into_iter().filter(|(known, _)| is_likely_slip(word, known)).collect();
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

    /// What a word was meant to be that stands in a record or two, mistyped there too: a word one slip away that many
    /// more have.
    pub(super) fn commoner(&self, word: &str, text: &str) -> Option<String> {
        let rare = self.frequency(text);
        if word.chars().count() < RARE_CHARS_MIN || rare > RARE_RECORDS_MAX {
            return None;
        }
        let initial: String = word.chars().take(1).collect();
        let stem = |known: &str| self.analyzers.first().map_or_else(|| known.to_owned(), |a| a.stem(known));
        let known = self.words_near(word, 1, &initial).into_keys();
        let counted = known.filter(|known| known != word).map(|known| (self.frequency(&stem(&known)), known));
        let common = counted.filter(|(records, known)| *records >= rare * COMMONER && stem(known) != text);
        common.max().map(|(_, known)| known)
    }

    /// Is it left out of the index in one of its languages?
    pub(super) fn is_stop_word(&self, word: &str) -> bool {
        self.analyzers.iter().any(|analyzer| analyzer.is_stop_word(word))
    }

    /// Is it one slip away from a word that is not looked for, `thier` or `waht`? Those are mistyped most.
    pub(super) fn is_plain_slip(&self, word: &str) -> bool {
        let stop_words = self.analyzers.first().into_iter().flat_map(Analyzer::stop_words);
        let mut plain = stop_words.chain(plain::questions()).filter(|plain| plain.len() > 2);
        plain.any(|plain| {
            plain.starts_with(word.get(..1).unwrap_or("?")) && spelling::distance(word, plain, 1).is_some()
        })
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

    /// Two known words of at least so many letters that were written as one.
    pub(super) fn split(&self, word: &str, piece_min: usize) -> Option<Vec<String>> {
        let stem = |piece: &str| self.analyzers.first().map(|a| a.stem(piece)).filter(|s| self.frequency(s) > 0);
        let cuts = (piece_min..word.len().saturating_sub(piece_min - 1)).rev();
        let mut splits = cuts.filter_map(|at| {
            let (head, tail) = word.split_at_checked(at)?;
            Some(vec![stem(head)?, stem(tail)?])
        });
        splits.next()
    }
}

/// Words up to this length have neighbours that are words.
const SHORT_CHARS_MAX: usize = 5;
/// Of words that are listed, shorter ones are one slip away from too much.
const LISTED_CHARS_MIN: usize = 7;
/// Shorter words have too many neighbours, and what more records hold is a word.
const RARE_CHARS_MIN: usize = 4;
const RARE_RECORDS_MAX: u64 = 1;
/// So many times as many records hold what was meant.
const COMMONER: u64 = 6;

/// The word with synonyms that was meant by one that the index does not know, as it is compared and as it is written:
/// what it stands for may be there.
pub(super) fn listed(token: &Token, analyzer: Analyzer) -> Option<(String, String)> {
    let is_word = token.kind == TokenKind::Word && token.parts == 0;
    if !is_word || token.surface.chars().count() < LISTED_CHARS_MIN || synonyms::has(&token.text) {
        return None;
    }
    // Words are listed by their stems, and a slip in an ending leaves another stem: so the slip is taken back first.
    let written = spelling::before_slip(&token.surface).into_iter();
    written.map(|written| (analyzer.stem(&written), written)).find(|(stem, _)| synonyms::has(stem))
}

/// A short word with a letter replaced or left out is another: `cut` and `out`, `loan` and `load`, `ping` and `png`.
fn is_likely_slip(word: &str, known: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (letters, others) = (sorted(word), sorted(known));
    letters.len() > SHORT_CHARS_MAX || letters.len() < others.len() || letters == others
}

/// Counts only over records that count.
impl Bm25StatisticsProvider for Lexicon<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.index.words(field).map_or_else(|| self.searcher.total_num_tokens(field), Ok)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match term.value().as_str().filter(|_| term.field() == self.index.fields.all()) {
            Some(text) => Ok(self.frequency(text)),
            None => self.index.frequency(&self.searcher, term),
        }
    }
}
