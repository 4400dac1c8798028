//! What happened again: incidents that tell much the same, and the same incident told in several documents.
//!
//! Incidents are compared by their telling words and their labels, and joined by average linkage.

use super::filter::{self, of_incidents};
use super::linkage::{Group, joined};
use super::syntax::Expression;
use super::vectors::{Labels, Vectors};
use crate::store::analysis::Analyzer;
use crate::store::{Card, Store, StoreError};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use tantivy::DocAddress;

/// Words shown for a cluster.
const SHOWN_MAX: usize = 8;
/// So many members are looked at for how they write what they share.
const WRITTEN_MAX: usize = 5;

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
        shares(&self.fields, &self.words)
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

fn shares(fields: &[(&str, String)], words: &[String]) -> String {
    let labels = fields.iter().map(|(name, value)| format!("{name} {value}"));
    labels.chain([words.join(" ")]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// What repeats, and what was told more than once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clusters {
    /// Incidents looked at, each telling counted once.
    pub incidents: usize,
    pub clusters: Vec<Cluster>,
    /// Each incident that several documents tell, with all its tellings.
    pub told_twice: Vec<Vec<Card>>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// As [`Cluster::shares`].
    pub shares: String,
    /// Ids with their dates, in order of dates, the undated last.
    pub members: Vec<(String, Option<NaiveDate>)>,
}

/// What came back in some period, the largest groups first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repeats {
    pub groups: Vec<Repeat>,
    /// Groups beyond the limit.
    pub more: usize,
}

/// The clusters among the incidents for which an expression holds, the largest first.
///
/// # Errors
/// The index is damaged.
pub fn clusters(store: &Store, expression: Expression) -> Result<Clusters, StoreError> {
    let grouped = Grouped::of(store, expression)?;
    let places = grouped.groups.iter().flat_map(|(members, _)| members);
    let cards = Cards::of(store, &grouped.addresses, places.chain(grouped.tellings.iter().flatten()))?;
    let also: HashMap<usize, &[usize]> =
        grouped.tellings.iter().filter_map(|t| t.split_first()).map(|(first, others)| (*first, others)).collect();
    let cluster = |(places, likeness): &Group| {
        let also =
            |at: &usize| also.get(at).copied().unwrap_or_default().iter().filter_map(|at| cards.get(at)).collect();
        let member = |at: &usize| Some(Member { card: cards.get(at)?, also: also(at) });
        let mut members: Vec<Member> = places.iter().filter_map(member).collect();
        members.sort_by_key(|m| (m.card.date.is_none(), m.card.date.clone(), m.card.id.clone()));
        Cluster { words: grouped.words(places, &cards), fields: grouped.fields(places), members, likeness: *likeness }
    };
    let clusters = grouped.groups.iter().map(cluster).collect();
    let told_twice = grouped.tellings.iter().map(|t| t.iter().filter_map(|at| cards.get(at)).collect()).collect();
    Ok(Clusters { incidents: grouped.own, clusters, told_twice })
}

/// The `limit` largest groups among the incidents for which an expression holds that have a member from the first day
/// on and before the second.
///
/// # Errors
/// The index is damaged.
pub fn repeats(
    store: &Store,
    expression: Expression,
    (first, after): (NaiveDate, NaiveDate),
    limit: usize,
) -> Result<Repeats, StoreError> {
    let mut grouped = Grouped::of(store, expression)?;
    let days = super::list::numbers_of(store, "date", &grouped.addresses)?;
    let date = |at: &usize| NaiveDate::from_num_days_from_ce_opt(i32::try_from((*days.get(*at)?)?).ok()?);
    let is_inside = |at: &usize| date(at).is_some_and(|date| first <= date && date < after);
    grouped.groups.retain(|(members, _)| members.iter().any(is_inside));
    let more = grouped.groups.len().saturating_sub(limit);
    grouped.groups.truncate(limit);
    // What they share, a few of them tell.
    let places = grouped.groups.iter().flat_map(|(members, _)| members.iter().take(WRITTEN_MAX));
    let cards = Cards::of(store, &grouped.addresses, places)?;
    let repeat = |(places, _): &Group| {
        let member = |at: &usize| (grouped.ids.get(*at).cloned().unwrap_or_default(), date(at));
        let mut members: Vec<_> = places.iter().map(member).collect();
        members.sort_by(|a, b| (a.1.is_none(), a.1, &a.0).cmp(&(b.1.is_none(), b.1, &b.0)));
        Repeat { shares: shares(&grouped.fields(places), &grouped.words(places, &cards)), members }
    };
    let groups = grouped.groups.iter().map(repeat).collect();
    Ok(Repeats { groups, more })
}

/// Incidents and the groups that they make, by their places.
struct Grouped {
    ids: Vec<String>,
    addresses: Vec<DocAddress>,
    labels: Vec<Labels>,
    /// What the numbers in the labels stand for.
    names: Vec<String>,
    vectors: Vectors,
    /// The incidents that several of the documents tell, the fullest report first.
    tellings: Vec<Vec<usize>>,
    /// How many there are, each telling counted once.
    own: usize,
    /// The largest first.
    groups: Vec<Group>,
}

impl Grouped {
    fn of(store: &Store, expression: Expression) -> Result<Self, StoreError> {
        let failed = |e| store.index_error(e);
        let index = store.index()?;
        let found = filter::matching(store, &of_incidents(expression))?;
        let ids = filter::ids(store, &found)?;
        let tellings = told_twice(store, &ids)?;
        let mut is_other = vec![false; found.len()];
        for at in tellings.iter().flat_map(|group| group.iter().skip(1)) {
            is_other.get_mut(*at).into_iter().for_each(|is_other| *is_other = true);
        }
        let own: Vec<usize> = (0..).zip(&is_other).filter(|(_, is_other)| !**is_other).map(|(at, _)| at).collect();
        let vectors = Vectors::of(index, &found, &own).map_err(failed)?;
        let (labels, names) = Labels::of(&index.reader.searcher(), &found).map_err(failed)?;
        let mut groups = joined(found.len(), &vectors.pairs(&labels));
        groups.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(b.1.total_cmp(&a.1)));
        let addresses = found.into_iter().map(|f| f.address).collect();
        Ok(Grouped { ids, addresses, labels, names, vectors, tellings, own: own.len(), groups })
    }

    /// What members share, as they write it. What stands only further down is known by its stem, which is no word to
    /// show.
    fn words(&self, members: &[usize], cards: &Cards) -> Vec<String> {
        let analyzer = Analyzer::new(None);
        let shared = self.vectors.shared(members);
        let mut written: HashMap<String, String> = HashMap::new();
        let cards = members.iter().take(WRITTEN_MAX).filter_map(|at| cards.0.get(at));
        for text in cards.flat_map(|card| [&card.title, &card.cause, &card.impact]).flatten() {
            for token in analyzer.tokens(text) {
                written.entry(token.text).or_insert(token.surface);
            }
            // No further text changes what is shown.
            if shared.iter().take(SHOWN_MAX).all(|stem| written.contains_key(*stem)) {
                break;
            }
        }
        shared.into_iter().filter_map(|stem| written.get(stem).cloned()).take(SHOWN_MAX).collect()
    }

    /// The labels that all members have.
    fn fields(&self, members: &[usize]) -> Vec<(&'static str, String)> {
        let labels = |name| members.iter().map(move |at| self.labels.get(*at)?.first(name));
        let of_all = |name: &'static str| {
            let first = labels(name).next()??;
            let is_of_all = labels(name).all(|label| label == Some(first));
            is_of_all.then(|| Some((name, self.names.get(first)?.clone())))?
        };
        ["org", "trigger", "component", "at-fault"].into_iter().filter_map(of_all).collect()
    }
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
