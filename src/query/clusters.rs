//! What happened again: incidents that tell much the same, and the same incident told in several documents.
//!
//! Incidents are compared by the words of title, symptoms and cause (cosine of tf-idf; Salton, Wong and Yang, "A vector
//! space model for automatic indexing", 1975) and by labels in common, and joined by average linkage, so that a chain
//! of half-likes makes no group. Only pairs that share a telling word are ever looked at.

use super::filter::{self, Found, of_incidents};
use super::syntax::Expression;
use crate::store::analysis::Analyzer;
use crate::store::{Card, SearchIndex, Store, StoreError, TextField};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

/// Words that speak for an incident.
const WORDS_MAX: usize = 30;
/// A word in more than this share of the incidents, or in so many of them, tells nothing.
const COMMON_SHARE: f32 = 0.15;
const COMMON_MAX: usize = 200;
/// Likeness from which two belong together, of which so much must be words.
const LIKENESS_MIN: f32 = 0.2;
const WORDS_LIKENESS_MIN: f32 = 0.07;
/// What labels in common add to the likeness of words.
const SAME_AT_FAULT: f32 = 0.15;
const SAME_COMPONENT: f32 = 0.1;
const SAME_TRIGGER: f32 = 0.07;
const SAME_ORG: f32 = 0.04;
/// Labels in common that parts of one document need: component and trigger.
const SAME_PART: f32 = SAME_COMPONENT + SAME_TRIGGER;
/// A word of the title counts so many times.
const TITLE: f32 = 3.0;
/// Words shown for a cluster.
const SHOWN_MAX: usize = 8;
/// More members than this are not joined: it would be a topic, not a repeat.
const MEMBERS_MAX: usize = 50;

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
}

/// The clusters among the incidents for which an expression holds, the largest first.
///
/// # Errors
/// The index is damaged.
pub fn clusters(store: &Store, expression: Expression) -> Result<Clusters, StoreError> {
    let index = store.index()?;
    let found = filter::matching(store, &of_incidents(expression))?;
    let cards = found.iter().map(|f| store.card(f.address)).collect::<Result<Vec<_>, _>>()?;
    let places: HashMap<&str, usize> = cards.iter().enumerate().map(|(at, card)| (card.id.as_str(), at)).collect();
    let tellings = store.tellings()?;
    let tellings = tellings.groups().map(|ids| ids.into_iter().filter_map(|id| places.get(id).copied()).collect());
    let tellings: Vec<Vec<usize>> = tellings.filter(|group: &Vec<usize>| group.len() > 1).collect();
    let others: BTreeSet<usize> = tellings.iter().flat_map(|group| group.iter().skip(1).copied()).collect();
    let own: Vec<usize> = (0..cards.len()).filter(|at| !others.contains(at)).collect();
    let vectors = Vectors::of(index, &found, &own).map_err(|e| store.index_error(e))?;
    let pairs = vectors.pairs(&own, &cards);
    let card = |at: usize| cards.get(at).cloned();
    let also = |at: usize| -> Vec<Card> {
        let group = tellings.iter().find(|group| group.first() == Some(&at));
        group.into_iter().flatten().skip(1).filter_map(|at| card(*at)).collect()
    };
    let mut clusters: Vec<Cluster> = joined(&own, &pairs)
        .into_iter()
        .map(|(members, likeness)| {
            let words = vectors.shared(&members, &cards);
            let member = |at: &usize| Some(Member { card: card(*at)?, also: also(*at) });
            let mut members: Vec<Member> = members.iter().filter_map(member).collect();
            let key = |m: &Member| (m.card.date.is_none(), m.card.date.clone(), m.card.id.clone());
            members.sort_by_key(key);
            Cluster { words, fields: fields(&members), members, likeness }
        })
        .collect();
    clusters.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(b.likeness.total_cmp(&a.likeness)));
    let told_twice = tellings.iter().map(|group| group.iter().filter_map(|at| card(*at)).collect()).collect();
    Ok(Clusters { incidents: own.len(), clusters, told_twice })
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

/// The telling words of each incident, by its place, each vector of length one.
struct Vectors {
    words: Vec<String>,
    by_incident: BTreeMap<usize, Vec<(usize, f32)>>,
}

impl Vectors {
    fn of(index: &SearchIndex, found: &[Found], own: &[usize]) -> tantivy::Result<Self> {
        let searcher = index.reader.searcher();
        let place: HashMap<DocAddress, usize> =
            own.iter().filter_map(|at| found.get(*at).map(|f| (f.address, *at))).collect();
        let most = ((own.len() as f32 * COMMON_SHARE) as usize).clamp(3, COMMON_MAX);
        // Counts by word and incident, over the fields that tell what it was.
        let mut counts: BTreeMap<String, BTreeMap<usize, f32>> = BTreeMap::new();
        for (field, at) in index.fields.texts() {
            let weight = match field {
                TextField::Title => TITLE,
                TextField::Symptom | TextField::Cause => 1.0,
                TextField::All | TextField::Names => continue,
            };
            for (ordinal, segment) in (0_u32..).zip(searcher.segment_readers()) {
                let inverted = segment.inverted_index(*at)?;
                let mut stream = inverted.terms().stream()?;
                while stream.advance() {
                    let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
                    if word.chars().count() < 3 || word.chars().all(|c| !c.is_alphabetic()) {
                        continue;
                    }
                    let mut postings =
                        inverted.read_postings_from_terminfo(stream.value(), IndexRecordOption::WithFreqs)?;
                    while postings.doc() != TERMINATED {
                        if let Some(incident) = place.get(&DocAddress::new(ordinal, postings.doc())) {
                            let by_incident = counts.entry(word.to_owned()).or_default();
                            *by_incident.entry(*incident).or_default() += weight * postings.term_freq() as f32;
                        }
                        postings.advance();
                    }
                }
            }
        }
        let all = index.fields.all();
        let mut vectors = Vectors { words: Vec::new(), by_incident: BTreeMap::new() };
        let mut squares: BTreeMap<usize, f32> = BTreeMap::new();
        for (word, by_incident) in counts {
            let everywhere = index.frequency(&searcher, &Term::from_field_text(all, &word))? as usize;
            let rarity = (1.0 + own.len() as f32 / everywhere.max(1) as f32).ln();
            let is_shared = by_incident.len() > 1 && by_incident.len() <= most && everywhere <= most * 2;
            for (incident, count) in by_incident {
                let value = (1.0 + count.ln().max(0.0)) * rarity;
                // What one incident has alone makes it less like every other.
                *squares.entry(incident).or_default() += value * value;
                if is_shared {
                    vectors.by_incident.entry(incident).or_default().push((vectors.words.len(), value));
                }
            }
            vectors.words.push(word);
        }
        for (incident, vector) in &mut vectors.by_incident {
            vector.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            vector.truncate(WORDS_MAX);
            let length = squares.get(incident).map_or(1.0, |square| square.sqrt()).max(f32::EPSILON);
            vector.iter_mut().for_each(|(_, value)| *value /= length);
        }
        Ok(vectors)
    }

    /// Pairs that belong together, and how alike they are.
    fn pairs(&self, own: &[usize], cards: &[Card]) -> BTreeMap<(usize, usize), f32> {
        let mut holders: BTreeMap<usize, Vec<(usize, f32)>> = BTreeMap::new();
        for incident in own {
            for (word, value) in self.by_incident.get(incident).into_iter().flatten() {
                holders.entry(*word).or_default().push((*incident, *value));
            }
        }
        let mut pairs: BTreeMap<(usize, usize), f32> = BTreeMap::new();
        for holders in holders.values() {
            for (nth, (one, a)) in holders.iter().enumerate() {
                for (other, b) in holders.iter().skip(nth + 1) {
                    *pairs.entry((*one, *other)).or_default() += a * b;
                }
            }
        }
        pairs.retain(|(one, other), likeness| {
            let (Some(a), Some(b)) = (cards.get(*one), cards.get(*other)) else { return false };
            let labels = labels_in_common(a, b);
            // Parts of one document share its words, whatever they tell.
            let is_told = *likeness >= WORDS_LIKENESS_MIN && (a.path != b.path || labels >= SAME_PART);
            *likeness += labels;
            is_told && *likeness >= LIKENESS_MIN
        });
        pairs
    }

    /// The words that most members share, as the members write them.
    fn shared(&self, members: &[usize], cards: &[Card]) -> Vec<String> {
        let mut worth: BTreeMap<usize, (usize, f32)> = BTreeMap::new();
        for (word, value) in members.iter().filter_map(|m| self.by_incident.get(m)).flatten() {
            let known = worth.entry(*word).or_default();
            known.0 += 1;
            known.1 += value;
        }
        let mut worth: Vec<(usize, f32)> =
            worth.into_iter().filter(|(_, (count, _))| *count * 2 > members.len()).map(|(w, (_, v))| (w, v)).collect();
        worth.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        let analyzer = Analyzer::new(None);
        for card in members.iter().filter_map(|m| cards.get(*m)) {
            for text in [&card.title, &card.cause, &card.impact].into_iter().flatten() {
                for token in analyzer.tokens(text) {
                    written.entry(token.text).or_insert(token.surface);
                }
            }
        }
        // What stands only further down is known by its stem, which is no word to show.
        let shown = worth.into_iter().filter_map(|(word, _)| written.get(self.words.get(word)?).cloned());
        shown.take(SHOWN_MAX).collect()
    }
}

fn labels_in_common(a: &Card, b: &Card) -> f32 {
    let same = |a: Option<&String>, b: Option<&String>| a.is_some_and(|label| label != "unknown" && Some(label) == b);
    let mut sum = 0.0;
    for (is_same, worth) in [
        (same(a.component.as_ref(), b.component.as_ref()), SAME_COMPONENT),
        (same(a.trigger.as_ref(), b.trigger.as_ref()), SAME_TRIGGER),
        (same(a.org.as_ref(), b.org.as_ref()), SAME_ORG),
        (a.at_fault.iter().any(|p| b.at_fault.contains(p)), SAME_AT_FAULT),
    ] {
        sum += if is_same { worth } else { 0.0 };
    }
    sum
}

/// Average linkage: the most alike first, and two groups join while their pairs are alike on average.
fn joined(own: &[usize], pairs: &BTreeMap<(usize, usize), f32>) -> Vec<(Vec<usize>, f32)> {
    let mut order: Vec<(&(usize, usize), &f32)> = pairs.iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    let mut groups: BTreeMap<usize, Vec<usize>> = own.iter().map(|at| (*at, vec![*at])).collect();
    let mut group_of: BTreeMap<usize, usize> = own.iter().map(|at| (*at, *at)).collect();
    let likeness = |a: usize, b: usize| pairs.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0);
    let between = |one: &[usize], other: &[usize]| {
        let sum: f32 = one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b))).map(|(a, b)| likeness(a, b)).sum();
        sum / (one.len() * other.len()).max(1) as f32
    };
    for ((a, b), _) in order {
        let (Some(one), Some(other)) = (group_of.get(a).copied(), group_of.get(b).copied()) else { continue };
        let (Some(first), Some(second)) = (groups.get(&one), groups.get(&other)) else { continue };
        if one == other || first.len() + second.len() > MEMBERS_MAX || between(first, second) < LIKENESS_MIN {
            continue;
        }
        let moved = groups.remove(&other).unwrap_or_default();
        group_of.extend(moved.iter().map(|at| (*at, one)));
        groups.entry(one).or_default().extend(moved);
    }
    let several = groups.into_values().filter(|members| members.len() > 1);
    let mean = |members: &Vec<usize>| {
        let count = members.len() * (members.len() - 1) / 2;
        let sum: f32 = members
            .iter()
            .enumerate()
            .flat_map(|(nth, a)| members.iter().skip(nth + 1).map(move |b| (*a, *b)))
            .map(|(a, b)| likeness(a, b))
            .sum();
        sum / count.max(1) as f32
    };
    several
        .map(|members| {
            let mean = mean(&members);
            (members, mean)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_likes_make_no_chain() {
        let pairs = BTreeMap::from([((0, 1), 0.9), ((1, 2), 0.3), ((2, 3), 0.31), ((4, 5), 0.4)]);
        let mut groups: Vec<Vec<usize>> = joined(&[0, 1, 2, 3, 4, 5], &pairs).into_iter().map(|(m, _)| m).collect();
        groups.iter_mut().for_each(|g| g.sort_unstable());
        groups.sort();
        assert_eq!(groups, [vec![0, 1], vec![2, 3], vec![4, 5]]);
    }
}
