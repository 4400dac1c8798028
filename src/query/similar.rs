//! Incidents like one that is known, or like a text: what they share, and what ended them.
//!
//! A record is looked for by the words of its title, symptoms and cause that tell most (MoreLikeThis, as Lucene calls
//! it), with settings for stores of tens of documents: a word counts as soon as one other record has it. Labels in
//! common add to that.

use super::candidates;
use super::filter;
use super::fixed::fixed;
use super::lexicon::Lexicon;
use super::search::{self, Hit, Options, answer};
use super::snippet::Snippet;
use super::syntax::{Expression, Filter};
use super::terms::{Class, Origin, QueryTerm, QueryTerms, Spelling};
use super::value::Test;
use crate::record::{Place, filter_field};
use crate::store::analysis::{Analyzer, TokenKind};
use crate::store::{Card, Searchable, Store, StoreError, keyword};
use std::collections::BTreeMap;

/// Words by which a record is looked for.
const TERMS_MAX: usize = 30;
/// Below so many words of title, symptoms and cause, the whole text speaks.
const WORDS_MIN: usize = 25;
/// Of a long record, its beginning speaks for it.
const LOOKED_AT_BYTES: usize = 32 * 1024;
/// What a word of the title counts, compared with one of symptoms and cause.
const TITLE: f32 = 3.0;
/// In a store of fewer records than this, a word of both of two still tells.
const RECORDS_FEW: u64 = 4;
/// How soon repetition stops to count.
const SATURATION: f32 = 2.0;
/// What a label in common adds to the score.
const SAME_AT_FAULT: f32 = 0.2;
const SAME_COMPONENT: f32 = 0.15;
const SAME_TRIGGER: f32 = 0.1;
const SAME_SERVICE: f32 = 0.1;

/// What others are to be like.
#[derive(Debug, Clone, Copy)]
pub enum Like<'a> {
    /// The record of this id.
    Record(&'a str),
    /// Any text.
    Text(&'a str),
}

/// A past incident and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    pub hit: Hit,
    /// Labels that both have, such as `component` and `dns`.
    pub shared: Vec<(&'static str, String)>,
    /// What ended it.
    pub fixed: Option<Snippet>,
    /// It is the same incident, told in another document.
    pub is_same: bool,
}

/// The answer, and hints for the user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Likes {
    pub hits: Vec<Similar>,
    pub hints: Vec<String>,
}

/// Finds the incidents most like a record or a text; nothing if there is no such record.
///
/// # Errors
/// The index or the records are damaged.
pub fn similar(store: &Store, like: Like<'_>, options: &Options) -> Result<Option<Likes>, StoreError> {
    // Labels change the order, so some more are looked at than shown.
    let wider = Options { limit: options.limit.saturating_mul(2).saturating_add(10), ..options.clone() };
    let (own, hits, hints) = match like {
        Like::Text(text) => {
            let found = search::search(store, text, &Options { is_pasted: true, ..wider.clone() })?;
            (None, found.hits, found.hints)
        }
        Like::Record(id) => {
            let Some(address) = find(store, id)? else { return Ok(None) };
            let index = store.index()?;
            let lexicon = Lexicon::new(index, &store.manifest().tallies.languages);
            let terms = profile(&store.searchable(address)?, &lexicon);
            let found = candidates::find(&[], &terms, &lexicon, &wider, &mut |_| ());
            let found = found.map_err(|e| store.index_error(e))?;
            (Some(store.card(address)?), answer(store, found, &terms, &lexicon, &wider)?, Vec::new())
        }
    };
    let tellings = store.tellings()?;
    let tellings = own.as_ref().map(|own| tellings.of(&own.id)).unwrap_or_default();
    let mut likes = Likes { hits: Vec::new(), hints };
    for mut hit in hits {
        if hit.card.kind != "incident" || own.as_ref().is_some_and(|own| own.id == hit.card.id) {
            continue;
        }
        let (shared, factor) = own.as_ref().map_or((Vec::new(), 1.0), |own| shared(own, &hit.card));
        hit.score *= factor;
        let is_same = tellings.contains(&hit.card.id.as_str());
        likes.hits.push(Similar { hit, shared, fixed: None, is_same });
    }
    likes.hits.sort_by(|a, b| b.hit.score.total_cmp(&a.hit.score).then(a.hit.rank.cmp(&b.hit.rank)));
    likes.hits.truncate(options.limit);
    for (nth, like) in likes.hits.iter_mut().enumerate() {
        like.hit.rank = nth + 1;
        if let Some(address) = find(store, &like.hit.card.id)? {
            like.fixed = fixed(&store.searchable(address)?);
        }
    }
    Ok(Some(likes))
}

fn find(store: &Store, id: &str) -> Result<Option<tantivy::DocAddress>, StoreError> {
    let Some(field) = filter_field("id") else { return Ok(None) };
    let test = Test::Keyword { text: keyword(id), is_prefix: false };
    let found = filter::matching(store, &Expression::Filter(Filter { field, tests: vec![test] }))?;
    let own = filter::ids(store, &found)?.into_iter().position(|found| found == id);
    Ok(own.and_then(|at| found.get(at)).map(|f| f.address))
}

/// The labels that both have, and what they are worth.
fn shared(own: &Card, other: &Card) -> (Vec<(&'static str, String)>, f32) {
    let mut shared = Vec::new();
    let mut factor = 1.0;
    let known = |label: Option<&String>| label.filter(|l| *l != "unknown").cloned();
    let mut same = |name: &'static str, a: Option<String>, b: Option<String>, worth: f32| {
        if let Some(value) = a.filter(|a| b.as_ref() == Some(a)) {
            shared.push((name, value));
            factor += worth;
        }
    };
    same("component", known(own.component.as_ref()), known(other.component.as_ref()), SAME_COMPONENT);
    same("trigger", known(own.trigger.as_ref()), known(other.trigger.as_ref()), SAME_TRIGGER);
    let common = |a: &[String], b: &[String]| a.iter().find(|p| b.contains(p)).cloned();
    let at_fault = common(&own.at_fault, &other.at_fault);
    same("at-fault", at_fault.clone(), at_fault, SAME_AT_FAULT);
    let provider = common(&own.providers, &other.providers).filter(|p| !own.at_fault.contains(p));
    same("provider", provider.clone(), provider, SAME_SERVICE);
    (shared, factor)
}

/// What a record is about, as terms to look for.
fn profile(searchable: &Searchable, lexicon: &Lexicon<'_>) -> QueryTerms {
    let analyzer = Analyzer::new(searchable.lang.as_deref());
    let mut counts: BTreeMap<String, (f32, String)> = BTreeMap::new();
    let mut add = |text: &str, weight: f32| {
        let tokens = analyzer.tokens(text).into_iter();
        let telling = tokens.filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Name) && t.text.len() > 2);
        let mut count = 0;
        for token in telling {
            counts.entry(token.text).or_insert((0.0, token.surface)).0 += weight;
            count += 1;
        }
        count
    };
    let mut words = add(&searchable.title, TITLE);
    for is_core in [true, false] {
        if words >= WORDS_MIN && !is_core {
            break;
        }
        let mut looked_at = 0;
        for passage in &searchable.passages {
            if matches!(passage.place, Place::Symptom | Place::Cause) == is_core {
                words += add(&passage.text, 1.0);
                looked_at += passage.text.len();
            }
            if looked_at > LOOKED_AT_BYTES {
                break;
            }
        }
    }
    let records = lexicon.searcher().num_docs().max(RECORDS_FEW);
    let worth = |(text, (count, shown)): (String, (f32, String))| {
        // A word of one record only finds that record again, and one of most records finds them all.
        let frequency = lexicon.frequency(&text);
        let is_telling = frequency > 1 && frequency * 2 <= records;
        is_telling.then(|| (count / (count + SATURATION) * lexicon.telling(&text), text, shown))
    };
    let mut terms: Vec<(f32, String, String)> = counts.into_iter().filter_map(worth).collect();
    terms.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    terms.truncate(TERMS_MAX);
    let most = terms.first().map_or(1.0, |(worth, ..)| *worth).max(f32::EPSILON);
    let term = |(worth, text, shown): (f32, String, String)| QueryTerm {
        shown,
        class: Class::Word,
        is_part: false,
        repeats: 0,
        spellings: vec![Spelling::exact(vec![text])],
        position: 0,
        origin: Origin::Query,
        stands_for: Vec::new(),
        share: worth / most,
    };
    QueryTerms { terms: terms.into_iter().map(term).collect(), ..QueryTerms::default() }
}
