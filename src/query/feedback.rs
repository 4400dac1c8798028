//! Words that the best hits share, to find what tells the same in other words.
//!
//! Pseudo-relevance feedback after Rocchio (1971) in the manner of RM3 (Abdul-Jaleel et al., "UMass at TREC 2004"): few
//! hits and little weight, because a store holds tens of documents where the literature has millions.

use super::lexicon::Lexicon;
use super::terms::{Class, Origin, QueryTerm, Spelling};
use super::tuning::Tuning;
use crate::store::Searchable;
use crate::store::analysis::{Analyzer, Sought, TokenKind};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Of a long hit, its beginning speaks for it.
const LOOKED_AT_BYTES: usize = 16 * 1024;
/// A word in more than this share of the records tells nothing.
const COMMON: f32 = 0.3;
/// How soon repetition stops to count, as in BM25.
const SATURATION: f32 = 1.2;

/// Sums of the same numbers differ by less.
const ROUNDING: f32 = 1e-4;

/// A word to add to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    pub term: QueryTerm,
    /// What share of its worth comes from which candidate.
    pub from: Vec<(usize, f32)>,
}

/// A hit that words are taken from.
pub struct Source {
    pub candidate: usize,
    pub score: f32,
    /// The share that it holds of what the words of the query are worth.
    pub held: f32,
    pub text: Searchable,
}

/// The words to add to a query, given its best hits and the words it has already.
pub fn words(hits: &[Source], known: &dyn Fn(&str) -> bool, lexicon: &Lexicon<'_>, tuning: &Tuning) -> Vec<Added> {
    let whole: f32 = hits.iter().map(|hit| hit.score).sum();
    let held = hits.iter().map(|hit| hit.held * hit.score).sum::<f32>() / whole.max(f32::EPSILON);
    let trust = (held - tuning.feedback_held) / (tuning.feedback_sure - tuning.feedback_held);
    if trust <= 0.0 {
        return Vec::new();
    }
    let records = lexicon.searcher().num_docs() as f32;
    // By word, how much of it which hit has.
    let mut had: BTreeMap<&str, Vec<(usize, f32)>> = BTreeMap::new();
    let mut sought = Sought::new(&|text| text.len() > 2);
    let counts: Vec<_> = hits.iter().map(|hit| (hit, counts(&hit.text, &mut sought))).collect();
    let mean = counts.iter().map(|(_, c)| c.values().sum::<u32>() as f32).sum::<f32>() / counts.len().max(1) as f32;
    for (hit, counts) in &counts {
        let length = counts.values().sum::<u32>() as f32 / mean.max(1.0);
        for (text, count) in counts.iter().filter(|(text, _)| !known(text)) {
            let count = *count as f32;
            let often = count / (count + SATURATION * (0.25 + 0.75 * length));
            had.entry(text).or_default().push((hit.candidate, hit.score / whole * often));
        }
    }
    // A word of one record only finds that record again.
    let telling = 2..=((records * COMMON).max(2.0) as u64);
    let worth = |text: &str, had: &[(usize, f32)]| {
        let frequency = Some(lexicon.frequency(text)).filter(|f| telling.contains(f))?;
        let tells = lexicon.telling_of(frequency);
        let from: Vec<(usize, f32)> = had.iter().map(|(candidate, part)| (*candidate, part * tells)).collect();
        Some((text.to_owned(), from.iter().fold(0.0, |sum, (_, part)| sum + part), from))
    };
    let promising = promising(&had, &telling, lexicon, tuning.feedback_words);
    let mut worth: Vec<_> = promising.into_iter().filter_map(|text| worth(text, had.get(text)?)).collect();
    worth.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    worth.truncate(tuning.feedback_words);
    let most = worth.first().map_or(1.0, |(_, w, _)| *w);
    let term = |text: String, worth: f32| QueryTerm {
        shown: text.clone(),
        class: Class::Word,
        is_part: false,
        repeats: 0,
        spellings: vec![Spelling::exact(vec![text])],
        position: 0,
        origin: Origin::Feedback,
        stands_for: Vec::new(),
        share: trust.min(1.0) * worth / most,
    };
    let added = |(text, worth, from): (String, f32, Vec<(usize, f32)>)| Added {
        term: term(text, worth),
        from: from.into_iter().map(|(candidate, part)| (candidate, part / worth)).collect(),
    };
    worth.into_iter().map(added).collect()
}

/// The words that may be among the so many of most worth. How many records hold a word is counted for few of them: as
/// long as no more is known than bounds of that, the others are out of it.
fn promising<'a>(
    had: &BTreeMap<&'a str, Vec<(usize, f32)>>,
    telling: &RangeInclusive<u64>,
    lexicon: &Lexicon<'_>,
    wanted: usize,
) -> Vec<&'a str> {
    let mut had: Vec<(&str, f32)> = had.iter().map(|(text, had)| (*text, had.iter().map(|(_, p)| p).sum())).collect();
    had.sort_by(|a, b| b.1.total_cmp(&a.1));
    // What the words of most worth are worth at least, and of each word that may be one of them what it is at most.
    let (mut sure, mut possible): (Vec<f32>, Vec<(&str, f32)>) = (Vec::new(), Vec::new());
    let rarest = lexicon.telling_of(*telling.start());
    for (text, part) in had {
        let needed = sure.last().copied().filter(|_| sure.len() >= wanted).unwrap_or(0.0);
        if part * rarest * (1.0 + ROUNDING) < needed {
            break;
        }
        // The fewer hold it, the more it tells.
        let at_most = |least: u64| part * lexicon.telling_of(least.max(*telling.start())) * (1.0 + ROUNDING);
        let is_too_many = |least: u64| least > *telling.end() || at_most(least) < needed;
        let bounds = lexicon.frequency_bounds(text, &is_too_many);
        let Some((least, most)) = bounds.map(RangeInclusive::into_inner) else { continue };
        if most < *telling.start() {
            continue;
        }
        possible.push((text, at_most(least)));
        if telling.contains(&least) && telling.contains(&most) {
            let at_least = part * lexicon.telling_of(most);
            sure.insert(sure.partition_point(|known| *known >= at_least), at_least);
            sure.truncate(wanted);
        }
    }
    let needed = sure.last().copied().filter(|_| sure.len() >= wanted).unwrap_or(0.0);
    possible.into_iter().filter(|(_, at_most)| *at_most >= needed).map(|(text, _)| text).collect()
}

fn counts(hit: &Searchable, sought: &mut Sought<'_>) -> BTreeMap<String, u32> {
    let analyzer = Analyzer::new(hit.lang.as_deref());
    let mut counts = BTreeMap::new();
    let mut looked_at = 0;
    for text in std::iter::once(&hit.title).chain(hit.passages.iter().map(|p| &p.text)) {
        looked_at += text.len();
        if looked_at > LOOKED_AT_BYTES {
            break;
        }
        let tokens = analyzer.tokens_sought(text, sought).into_iter();
        for token in tokens.filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Name)) {
            *counts.entry(token.text).or_insert(0) += 1;
        }
    }
    counts
}
