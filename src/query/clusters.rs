//! What happened again: incidents that tell much the same, and the same incident told in several documents.
//!
//! Incidents are compared by their telling words and their labels, and joined by average linkage.

use super::filter::{self, of_incidents};
use super::linkage::{Group, joined};
use super::syntax::Expression;
use super::vectors::{Labels, Vectors};
use crate::store::analysis::Analyzer;
use crate::store::{Card, Store, StoreError};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, HashMap};
use tantivy::DocAddress;

/// Words shown for a cluster.
const SHOWN_MAX: usize = 8;
/// So many members are looked at for how they write them.
const WRITTEN_MAX: usize = 10;

/// An incident of a cluster, and its other tellings.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub card: Card,
    pub also: Vec<Card>,
}

/// Incidents that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// What they share, the most telling first.
    pub words: Vec<String>,
    /// Labels that all have.
    pub fields: Vec<(&'static str, String)>,
    /// By date, the undated last.
    pub members: Vec<Member>,
    /// Mean likeness of its pairs, 0 to 1 and a little above.
    pub likeness: f32,
}

impl Cluster {
    /// What holds it together, on one line: labels, then words.
    pub fn shares(&self) -> String {
        let labels = self.fields.iter().map(|(name, value)| format!("{name} {value}"));
        labels.chain([self.words.join(" ")]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    pub fn dates(&self) -> Vec<NaiveDate> {
        self.members.iter().filter_map(|m| m.card.date.as_deref()?.parse().ok()).collect()
    }

    /// Days between the last two dated members.
    pub fn last_gap_days(&self) -> Option<i64> {
        let dates = self.dates();
        let [.., before, last] = dates.as_slice() else { return None };
        Some((*last - *before).num_days())
    }
}

/// What repeats, and what was told more than once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clusters {
    /// Incidents looked at, each telling counted once.
    pub incidents: usize,
    pub clusters: Vec<Cluster>,
    /// Each incident that several documents tell, with all its tellings.
    pub told_twice: Vec<Vec<Card>>,
    /// Clusters beyond the limit.
    pub more: usize,
}

/// Which clusters are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// Only those with a member from the first of these days on and before the second.
    pub during: Option<(NaiveDate, NaiveDate)>,
    /// The largest so many.
    pub limit: Option<usize>,
}

/// The clusters among the incidents for which an expression holds, the largest first.
///
/// # Errors
/// The index is damaged.
pub fn clusters(store: &Store, expression: Expression, shown: Shown) -> Result<Clusters, StoreError> {
    let failed = |e| store.index_error(e);
    let index = store.index()?;
    let searcher = index.reader.searcher();
    let found = filter::matching(store, &of_incidents(expression))?;
    let addresses: Vec<DocAddress> = found.iter().map(|f| f.address).collect();
    let tellings = told_twice(store, &filter::ids(store, &found)?)?;
    let mut is_other = vec![false; found.len()];
    for at in tellings.iter().flat_map(|group| group.iter().skip(1)) {
        is_other.get_mut(*at).into_iter().for_each(|is_other| *is_other = true);
    }
    let own: Vec<usize> = (0..).zip(&is_other).filter(|(_, is_other)| !**is_other).map(|(at, _)| at).collect();
    let vectors = Vectors::of(index, &found, &own).map_err(failed)?;
    let pairs = vectors.pairs(&Labels::of(&searcher, &found).map_err(failed)?);
    let mut groups = joined(found.len(), &pairs);
    if let Some((first, after)) = shown.during {
        let days = super::list::numbers_of(store, "date", &addresses)?;
        let is_inside = |at: &usize| {
            let day = days.get(*at).copied().flatten();
            day.is_some_and(|day| {
                (i64::from(first.num_days_from_ce())..i64::from(after.num_days_from_ce())).contains(&day)
            })
        };
        groups.retain(|(members, _)| members.iter().any(is_inside));
    }
    groups.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(b.1.total_cmp(&a.1)));
    let limit = shown.limit.unwrap_or(groups.len());
    let more = groups.len().saturating_sub(limit);
    groups.truncate(limit);
    let also: HashMap<usize, &[usize]> =
        tellings.iter().filter_map(|group| group.split_first()).map(|(first, others)| (*first, others)).collect();
    let cards = Cards::of(store, &addresses, groups.iter().flat_map(|(m, _)| m).chain(tellings.iter().flatten()))?;
    let clusters = groups.into_iter().map(|group| cluster(group, &vectors, &also, &cards)).collect();
    let told_twice = tellings.iter().map(|group| group.iter().filter_map(|at| cards.get(at)).collect()).collect();
    Ok(Clusters { incidents: own.len(), clusters, told_twice, more })
}

/// The incidents that several of the documents tell, by their places, the fullest report first.
fn told_twice(store: &Store, ids: &[String]) -> Result<Vec<Vec<usize>>, StoreError> {
    let places: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let tellings = store.tellings()?;
    let tellings = tellings.groups().map(|ids| ids.into_iter().filter_map(|id| places.get(id).copied()).collect());
    Ok(tellings.filter(|group: &Vec<usize>| group.len() > 1).collect())
}

/// The cards of some of what was found, by place.
struct Cards(HashMap<usize, Card>);

impl Cards {
    fn of<'p>(
        store: &Store,
        addresses: &[DocAddress],
        places: impl Iterator<Item = &'p usize>,
    ) -> Result<Self, StoreError> {
        let known = places.filter_map(|at| Some((*at, *addresses.get(*at)?)));
        let (places, addresses): (Vec<usize>, Vec<DocAddress>) = known.collect::<BTreeMap<_, _>>().into_iter().unzip();
        Ok(Cards(places.into_iter().zip(store.cards(&addresses)?).collect()))
    }

    fn get(&self, at: &usize) -> Option<Card> {
        self.0.get(at).cloned()
    }
}

fn cluster(group: Group, vectors: &Vectors, also: &HashMap<usize, &[usize]>, cards: &Cards) -> Cluster {
    let (places, likeness) = group;
    let words = written(&vectors.shared(&places), places.iter().filter_map(|at| cards.0.get(at)));
    let also = |at: &usize| also.get(at).copied().unwrap_or_default().iter().filter_map(|at| cards.get(at)).collect();
    let member = |at: &usize| Some(Member { card: cards.get(at)?, also: also(at) });
    let mut members: Vec<Member> = places.iter().filter_map(member).collect();
    members.sort_by_key(|m| (m.card.date.is_none(), m.card.date.clone(), m.card.id.clone()));
    Cluster { words, fields: fields(&members), members, likeness }
}

/// Words as the members write them. What stands only further down is known by its stem, which is no word to show.
fn written<'c>(stems: &[&str], members: impl Iterator<Item = &'c Card>) -> Vec<String> {
    let analyzer = Analyzer::new(None);
    let mut written: HashMap<String, String> = HashMap::new();
    for card in members.take(WRITTEN_MAX) {
        for text in [&card.title, &card.cause, &card.impact].into_iter().flatten() {
            for token in analyzer.tokens(text) {
                written.entry(token.text).or_insert(token.surface);
            }
        }
    }
    stems.iter().filter_map(|stem| written.get(*stem).cloned()).take(SHOWN_MAX).collect()
}

/// The labels that all members have.
fn fields(members: &[Member]) -> Vec<(&'static str, String)> {
    type Get = fn(&Card) -> Option<&String>;
    let labels: [(&str, Get); 4] = [
        ("org", |c| c.org.as_ref()),
        ("trigger", |c| c.trigger.as_ref()),
        ("component", |c| c.component.as_ref()),
        ("at-fault", |c| c.at_fault.first()),
    ];
    let of_all = |(name, get): (&'static str, Get)| {
        let first = members.first().and_then(|m| get(&m.card)).filter(|label| *label != "unknown")?;
        members.iter().all(|m| get(&m.card) == Some(first)).then(|| (name, first.clone()))
    };
    labels.into_iter().filter_map(of_all).collect()
}
