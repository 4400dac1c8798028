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

/// Of a long hit, its beginning speaks for it.
const LOOKED_AT_BYTES: usize = 16 * 1024;
/// A word in more than this share of the records tells nothing.
const COMMON: f32 = 0.3;
/// How soon repetition stops to count, as in BM25.
const SATURATION: f32 = 1.2;

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
    pub text: Searchable,
}

/// The words to add to a query, given its best hits and the words it has already.
pub fn words(hits: &[Source], known: &dyn Fn(&str) -> bool, lexicon: &Lexicon<'_>, tuning: &Tuning) -> Vec<Added> {
    let whole: f32 = hits.iter().map(|hit| hit.score).sum();
    let records = lexicon.searcher().num_docs() as f32;
    let mut worth: BTreeMap<String, (f32, Vec<(usize, f32)>)> = BTreeMap::new();
    let mut sought = Sought::new(&|text| text.len() > 2);
    let counts: Vec<_> = hits.iter().map(|hit| (hit, counts(&hit.text, &mut sought))).collect();
    let mean = counts.iter().map(|(_, c)| c.values().sum::<u32>() as f32).sum::<f32>() / counts.len().max(1) as f32;
    for (hit, counts) in &counts {
        let length = counts.values().sum::<u32>() as f32 / mean.max(1.0);
        for (text, count) in counts.iter().filter(|(text, _)| !known(text)) {
            let frequency = lexicon.frequency(text) as f32;
            // A word of one record only finds that record again.
            if frequency < 2.0 || frequency > (records * COMMON).max(2.0) {
                continue;
            }
            let count = *count as f32;
            let often = count / (count + SATURATION * (0.25 + 0.75 * length));
            let part = hit.score / whole * often * lexicon.telling(text);
            let (sum, from) = worth.entry(text.clone()).or_default();
            *sum += part;
            from.push((hit.candidate, part));
        }
    }
    let mut worth: Vec<_> = worth.into_iter().map(|(text, (sum, from))| (text, sum, from)).collect();
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
        share: worth / most,
    };
    let added = |(text, worth, from): (String, f32, Vec<(usize, f32)>)| Added {
        term: term(text, worth),
        from: from.into_iter().map(|(candidate, part)| (candidate, part / worth)).collect(),
    };
    worth.into_iter().map(added).collect()
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
