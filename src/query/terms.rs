//! A text → weighted terms to rank by: what each word may be written as in the index, and how much it tells.
//!
//! Knows nothing of fields, scores or output.

use super::class;
pub use super::class::Class;
use super::lexicon::{self, Lexicon};
use super::tuning::Tuning;
use super::when::{self, When};
use super::{alert, plain, synonyms};
use crate::domain::{Component, Trigger};
use crate::extract::rules::cause::likely::likely;
use crate::store::analysis::{Analyzer, Token, TokenKind};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

/// Of a pasted log, the terms that tell most are kept.
const TERMS_MAX: usize = 40;
/// A longer text is read up to here.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// In a longer text unknown words are ids and names, not slips of the fingers.
const TYPED_TOKENS_MAX: usize = 32;
/// So many times what a word tells in English, a stem of so few letters may tell that another language makes of it.
const FOREIGN: f32 = 1.5;
const STEM_SHORT: usize = 3;
/// Where fewer words would be left, none is left out.
const WORDS_LEFT_MIN: usize = 2;
/// A word that a pasted text repeats more often counts no more.
const REPEATS_MAX: usize = 4;

/// Letters of each of two words that an unknown word is taken apart into, and a known one.
const PIECE_MIN: usize = 3;
const KNOWN_PIECE_MIN: usize = 4;

/// One way in which a term may be written: a single word, or several that stand together.
#[derive(Debug, Clone, PartialEq)]
pub struct Spelling {
    pub terms: Vec<String>,
    pub how: How,
}

/// How a spelling comes from what stands in the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As it stands, or with its neighbour as one word.
    Exact,
    /// Two known words found where the query has them as one.
    Split,
    /// As another language stems it; hundredths of what it tells.
    Foreign(u8),
    /// So many slips away.
    Corrected(usize),
}

impl Spelling {
    pub fn exact(terms: Vec<String>) -> Self {
        Spelling { terms, how: How::Exact }
    }

    pub fn weight(&self, tuning: &Tuning) -> f32 {
        match self.how {
            How::Exact => 1.0,
            How::Split => tuning.split,
            How::Foreign(hundredths) => f32::from(hundredths) / 100.0,
            How::Corrected(1) => tuning.correction,
            How::Corrected(_) => tuning.correction * tuning.correction,
        }
    }
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// As it stands in the query.
    pub shown: String,
    pub class: Class,
    /// A part of a compound whose whole is looked for too.
    pub is_part: bool,
    /// How often it stands in the query beyond once.
    pub repeats: usize,
    pub spellings: Vec<Spelling>,
    /// Place in the query; synonyms of several words have that of the first.
    pub position: usize,
    pub origin: Origin,
    /// The words that it stands for, where these are known: it cannot tell more than they do.
    pub stands_for: Vec<String>,
    /// Of several words that speak for one record, how much this one counts.
    pub share: f32,
}

impl QueryTerm {
    pub fn weight(&self, tuning: &Tuning) -> f32 {
        match self.origin {
            Origin::Synonym | Origin::Related => self.share,
            Origin::Feedback => tuning.feedback * self.share,
            Origin::Query => {
                let class = match self.class {
                    Class::Word => 1.0,
                    Class::Everyday => tuning.plain,
                    Class::Key => tuning.key,
                    Class::Number => tuning.number,
                    Class::Hash => tuning.hash,
                };
                let repeats = (1.0 + tuning.repeated).powf((self.repeats.min(REPEATS_MAX)) as f32);
                self.share * class * repeats * if self.is_part { tuning.part } else { 1.0 }
            }
        }
    }
}

/// Where a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It stands in the query.
    Query,
    /// It says the same as words of the query.
    Synonym,
    /// It goes with words of the query.
    Related,
    /// It stands in the best hits.
    Feedback,
}

/// What a text looks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueryTerms {
    pub terms: Vec<QueryTerm>,
    /// Synonyms, each with the terms that it stands for.
    pub synonyms: Vec<(usize, Vec<usize>)>,
    /// Terms that are neighbours in the query.
    pub pairs: Vec<(usize, usize)>,
    /// Quoted words that must stand together to count.
    pub phrases: Vec<Vec<String>>,
    /// What it may speak of, as labels of records, each with how likely.
    pub labels: Vec<(Label, f32)>,
    /// It asks for a page that reports no incident: a template, a runbook.
    pub is_of_page: bool,
    /// When it says that it was.
    pub when: Option<When>,
    pub hints: Vec<String>,
}

/// A label that the records looked for probably have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Trigger(Trigger),
    Component(Component),
}

impl Label {
    /// The filter field that has it, and how it is written there.
    pub fn written(self) -> (&'static str, &'static str) {
        match self {
            Label::Trigger(trigger) => ("trigger", trigger.name()),
            Label::Component(component) => ("component", component.name()),
        }
    }

    pub fn weight(self, tuning: &Tuning) -> f32 {
        match self {
            Label::Trigger(_) => tuning.trigger,
            Label::Component(_) => tuning.component,
        }
    }
}

impl QueryTerms {
    /// Every word that the terms are written with.
    pub fn spelled(&self) -> HashSet<&str> {
        self.terms.iter().flat_map(|t| &t.spellings).flat_map(|s| &s.terms).map(String::as_str).collect()
    }

    /// Every word of the index that any of it is written with.
    pub fn words(&self) -> BTreeSet<&str> {
        let spellings = self.terms.iter().flat_map(|t| &t.spellings).flat_map(|s| &s.terms);
        let stood_for = self.terms.iter().flat_map(|t| &t.stands_for);
        spellings.chain(stood_for).chain(self.phrases.iter().flatten()).map(String::as_str).collect()
    }
}

/// The terms of a text, and of what is quoted in it.
pub fn read(text: &str, phrases: &[String], lexicon: &Lexicon<'_>, tuning: &Tuning) -> QueryTerms {
    let end = (0..=TEXT_BYTES_MAX.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let text = text.get(..end).unwrap_or_default();
    let Some(analyzer) = lexicon.analyzers.first() else { return QueryTerms::default() };
    let mut tokens = analyzer.tokens(text);
    let is_typed = tokens.len() <= TYPED_TOKENS_MAX;
    let boilerplate = alert::boilerplate(text);
    leave_out(&mut tokens, &|t| alert::is_within(&boilerplate, &t.range));
    // Words of asking may tell what is asked for all the same: "still" of what persists.
    let mut all = tokens.clone();
    leave_out(&mut tokens, &|t| plain::is_of_questions(&t.surface));
    let when = if is_typed { when::read(text) } else { None };
    let is_of_page = is_typed && tokens.iter().any(|t| plain::is_page(&t.surface));
    let mut found = QueryTerms { when, is_of_page, ..QueryTerms::default() };
    let mut seen: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut parts_left = 0_usize;
    for token in &mut tokens {
        let is_part = parts_left > 0;
        parts_left = parts_left.saturating_sub(1).max(token.parts);
        if let Some(at) = seen.get(&token.text) {
            if let Some(term) = at.and_then(|at| found.terms.get_mut(at)) {
                term.repeats += 1;
            }
            continue;
        }
        let mended = if is_typed && !is_part { Some(&mut found.hints) } else { None };
        let mut term = term(token, is_part, lexicon, mended);
        let listed = || lexicon::listed(token, *analyzer).filter(|_| is_typed && !is_part);
        if let Some((stem, written)) = term.as_ref().map_or_else(listed, |_| None) {
            found.hints.push(format!("'{}' occurs nowhere; taken for {written}", token.surface));
            token.text = stem;
            continue;
        }
        if let Some(term) = term.as_mut() {
            term.class = class::within(term.class, token, text, found.when);
        }
        if let Some(meant) = term.as_ref().and_then(meant) {
            // From here on it is the word that was meant.
            meant.clone_into(&mut token.text);
        }
        seen.insert(token.text.clone(), term.as_ref().map(|_| found.terms.len()));
        found.terms.extend(term);
    }
    add_joined(&tokens, lexicon, &mut found);
    // As the words are meant.
    let mut meant = tokens.iter().peekable();
    for token in &mut all {
        if let Some(same) = meant.next_if(|t| t.position == token.position && t.surface == token.surface) {
            token.text.clone_from(&same.text);
        }
    }
    let spoken = if is_typed { spoken(text, &all, *analyzer) } else { Vec::new() };
    add_synonyms(&all, &spoken, lexicon, &mut found);
    if is_typed {
        let missed = |token: &&Token| {
            let is_standing_in = found.terms.iter().any(|term| term.position == token.position);
            seen.get(&token.text).is_some_and(Option::is_none) && !is_standing_in && is_missed(text, token, lexicon)
        };
        found.hints.extend(missing(tokens.iter().filter(missed)));
    }
    keep_telling(&mut found, lexicon, tuning);
    found.pairs = pairs(&found.terms);
    found.synonyms = synonyms_of(&found.terms);
    let (triggers, components) = likely(text);
    found.labels.extend(triggers.into_iter().map(|(label, share)| (Label::Trigger(label), share)));
    found.labels.extend(components.into_iter().map(|(label, share)| (Label::Component(label), share)));
    found.phrases = phrases.iter().map(|p| analyzer.whole_terms(p)).filter(|p| p.len() > 1).collect();
    found
}

/// Without some of the tokens, if others are left to look for.
fn leave_out(tokens: &mut Vec<Token>, is_out: &dyn Fn(&Token) -> bool) {
    if tokens.iter().filter(|t| !is_out(t)).count() >= WORDS_LEFT_MIN {
        tokens.retain(|t| !is_out(t));
    }
}

/// A term of one token, if the index knows it, one of its stems, or, where there is someone to tell, what it may have
/// been meant to be.
fn term(token: &Token, is_part: bool, lexicon: &Lexicon<'_>, hints: Option<&mut Vec<String>>) -> Option<QueryTerm> {
    let mut spellings = known(token, lexicon);
    let is_word = token.kind == TokenKind::Word && token.parts == 0;
    let mut class = class::of(token);
    if is_word && !spellings.is_empty() && hints.is_some() {
        // `homepage` and `home page` are one; the parts count only where they stand together.
        let split = lexicon.split(&token.surface, KNOWN_PIECE_MIN);
        spellings.extend(split.map(|terms| Spelling { terms, how: How::Split }));
    }
    // A word that stands in the vocabularies is meant as it is written, whether the index has it or not.
    let is_meant = || {
        let surface = &token.surface;
        plain::is_everyday(surface) || lexicon.is_stop_word(surface) || synonyms::has(&token.text)
    };
    let mut hints = hints.filter(|_| is_word && !is_meant());
    if let Some(hints) = hints.as_mut().filter(|_| !spellings.is_empty())
        && let Some(word) = lexicon.commoner(&token.surface, &token.text)
    {
        hints.push(format!("'{}' is rare; searched for {word} as well", token.surface));
        let text = lexicon.analyzers.first().map_or_else(|| word.clone(), |a| a.stem(&word));
        spellings.push(Spelling { terms: vec![text], how: How::Corrected(1) });
    }
    if let Some(hints) = hints.filter(|_| spellings.is_empty()) {
        if let Some(terms) = lexicon.split(&token.surface, PIECE_MIN) {
            spellings.push(Spelling { terms, how: How::Split });
        } else {
            let corrections = lexicon.corrections(&token.surface);
            if !corrections.is_empty() && corrections.iter().all(|(word, _)| plain::is_everyday(word)) {
                class = Class::Everyday;
            }
            let words: Vec<_> = corrections.iter().map(|(word, _)| word.as_str()).collect();
            if !words.is_empty() {
                hints.push(format!("'{}' occurs nowhere; searched for {}", token.surface, words.join(", ")));
            }
            for (word, distance) in &corrections {
                let text = lexicon.analyzers.first().map_or_else(|| word.clone(), |a| a.stem(word));
                spellings.push(Spelling { terms: vec![text], how: How::Corrected(*distance) });
            }
        }
    }
    (!spellings.is_empty()).then_some(QueryTerm {
        shown: token.surface.clone(),
        class,
        is_part,
        repeats: 0,
        spellings,
        position: token.position,
        origin: Origin::Query,
        stands_for: Vec::new(),
        share: 1.0,
    })
}

/// The stems of a word that the index knows. A short one of another language may be of another word: `los` of `lose` is
/// that of the German `lösen`. So it tells little more than the word does in English, however rare it is.
fn known(token: &Token, lexicon: &Lexicon<'_>) -> Vec<Spelling> {
    let own = Some(lexicon.telling(&token.text)).filter(|_| lexicon.frequency(&token.text) > 0);
    let spelling = |text: String| {
        let how = match own {
            Some(own) if text != token.text && text.len() <= STEM_SHORT => {
                let share = FOREIGN * own / lexicon.telling(&text).max(f32::EPSILON);
                How::Foreign((share.min(1.0) * 100.0) as u8)
            }
            _ => How::Exact,
        };
        Spelling { terms: vec![text], how }
    };
    lexicon.known_stems(token).into_iter().map(spelling).collect()
}

/// Is it told when a word is not there? Names and numbers often are not, and everyday words are not missed.
fn is_missed(text: &str, token: &Token, lexicon: &Lexicon<'_>) -> bool {
    // `can't` is not the word that is made of it, nor are pairs of ideographs.
    let is_as_typed = text.get(token.range.clone()).is_some_and(|typed| typed.to_lowercase() == token.surface);
    let is_word = token.kind == TokenKind::Word && is_as_typed && token.surface.chars().count() > 2;
    let is_plain = plain::is_everyday(&token.surface) || lexicon.is_stop_word(&token.surface);
    is_word && !is_plain && !lexicon.is_plain_slip(&token.surface)
}

/// Says which words were looked for in vain.
fn missing<'a>(tokens: impl Iterator<Item = &'a Token>) -> Option<String> {
    let words: Vec<String> = tokens.map(|token| format!("'{}'", token.surface)).collect();
    match words.as_slice() {
        [] => None,
        [one] => Some(format!("{one} occurs nowhere")),
        several => Some(format!("{} occur nowhere", several.join(", "))),
    }
}

/// The word that a slip is taken for.
fn meant(term: &QueryTerm) -> Option<&str> {
    let first = term.spellings.first()?;
    matches!(first.how, How::Corrected(_)).then(|| first.terms.first().map(String::as_str)).flatten()
}

/// Synonyms with the terms whose words they stand for.
fn synonyms_of(terms: &[QueryTerm]) -> Vec<(usize, Vec<usize>)> {
    let is_in = |term: &QueryTerm, words: &[String]| {
        let written = term.spellings.iter().flat_map(|s| &s.terms);
        term.origin == Origin::Query && written.into_iter().any(|text| words.contains(text))
    };
    let standing = terms.iter().enumerate().filter(|(_, t)| t.origin != Origin::Query).map(|(at, synonym)| {
        let for_them = terms.iter().enumerate().filter(|(_, t)| is_in(t, &synonym.stands_for));
        (at, for_them.map(|(i, _)| i).collect())
    });
    standing.collect()
}

/// Terms that follow each other, with at most one word between them.
fn pairs(terms: &[QueryTerm]) -> Vec<(usize, usize)> {
    let asked = terms.iter().enumerate().filter(|(_, t)| t.origin == Origin::Query && !t.is_part);
    let asked: Vec<(usize, usize)> = asked.map(|(i, t)| (i, t.position)).collect();
    let neighbours = asked.windows(2).filter_map(|window| match window {
        [(one, at), (other, next)] if *next <= at + 2 => Some((*one, *other)),
        _ => None,
    });
    neighbours.collect()
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
                term.spellings.push(Spelling::exact(vec![joined.clone()]));
            }
        }
    }
}

/// The groups of synonyms that are met only with small words, such as `log in`, each with the tokens that it is met by.
fn spoken(text: &str, tokens: &[Token], analyzer: Analyzer) -> Vec<(usize, Range<usize>)> {
    let words = analyzer.with_small_words().tokens(text);
    let texts: Vec<String> = words.iter().map(|t| t.text.clone()).collect();
    let place = |(group, run): (usize, Range<usize>)| {
        let run = words.get(run)?;
        let within = run.first()?.range.start..run.last()?.range.end;
        let start = tokens.partition_point(|t| t.range.start < within.start);
        let end = tokens.partition_point(|t| t.range.end <= within.end);
        (start < end).then_some((group, start..end))
    };
    synonyms::spoken(&texts).into_iter().filter_map(place).collect()
}

/// One term for each run of words that has synonyms, written as any of them.
fn add_synonyms(tokens: &[Token], spoken: &[(usize, Range<usize>)], lexicon: &Lexicon<'_>, found: &mut QueryTerms) {
    let texts: Vec<String> = tokens.iter().map(|t| t.text.clone()).collect();
    // Words that stand in the query themselves speak for themselves.
    let is_asked = |terms: &[String]| terms.iter().all(|t| texts.contains(t));
    let mut runs: BTreeMap<(usize, usize, Origin), Vec<Spelling>> = BTreeMap::new();
    for group in synonyms::matches(&texts, spoken) {
        let is_known = |terms: &[String]| terms.iter().all(|t| lexicon.frequency(t) > 0);
        for entry in group.others.iter().filter(|e| !is_asked(&e.terms) && is_known(&e.terms)) {
            let origin = if entry.is_near { Origin::Related } else { Origin::Synonym };
            let spellings = runs.entry((group.start, group.length, origin)).or_default();
            let spelling = Spelling::exact(entry.terms.clone());
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    }
    for ((start, length, origin), spellings) in runs {
        let run = tokens.get(start..start + length).unwrap_or_default();
        if spellings.is_empty() || run.is_empty() {
            continue;
        }
        found.terms.push(QueryTerm {
            shown: run.iter().map(|t| t.surface.as_str()).collect::<Vec<_>>().join(" "),
            class: Class::Word,
            is_part: false,
            repeats: 0,
            spellings,
            position: run.first().map_or(0, |t| t.position),
            origin,
            stands_for: run.iter().map(|t| t.text.clone()).collect(),
            share: 1.0,
        });
    }
}

/// Keeps the terms that tell most, in the order of the query.
fn keep_telling(found: &mut QueryTerms, lexicon: &Lexicon<'_>, tuning: &Tuning) {
    if found.terms.len() <= TERMS_MAX {
        return;
    }
    let telling = |term: &QueryTerm| {
        let best = term.spellings.iter().filter_map(|s| s.terms.first()).map(|t| lexicon.telling(t));
        let origin = match term.origin {
            Origin::Synonym => tuning.synonym,
            Origin::Related => tuning.related,
            Origin::Query | Origin::Feedback => 1.0,
        };
        origin * term.weight(tuning) * best.fold(0.0, f32::max)
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
