//! Cards: what lists and hits show of a record without reading it whole. They are kept in the index.

use super::index;
use super::{Store, StoreError};
use crate::record::{Field, Record};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tantivy::DocAddress;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};

/// Cards that one thread reads before others join in.
const CARDS_AT_ONCE: usize = 1_024;

/// What lists and hits show of a record without reading it whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: String,
    pub path: String,
    pub part: Option<String>,
    pub kind: String,
    pub title: Option<String>,
    pub org: Option<String>,
    pub date: Option<String>,
    pub severity: Option<String>,
    pub level: Option<u8>,
    pub ttr_minutes: Option<i64>,
    pub trigger: Option<String>,
    pub component: Option<String>,
    pub providers: Vec<String>,
    pub at_fault: Vec<String>,
    /// The sentences that tell the root cause and the impact.
    pub cause: Option<String>,
    pub impact: Option<String>,
}

impl Card {
    pub(super) fn of(record: &Record) -> Self {
        let field = |f: Option<&Field<String>>| f.map(|f| f.value.clone());
        let at_fault = record.providers.iter().filter(|p| p.role == "at-fault");
        Card {
            id: record.id.clone(),
            path: record.source.path.clone(),
            part: record.source.part.clone(),
            kind: record.kind.clone(),
            title: field(record.title.as_ref()),
            org: field(record.org.as_ref()),
            date: field(record.date.as_ref()),
            severity: record.severity.as_ref().map(|s| s.value.clone()),
            level: record.severity.as_ref().and_then(|s| s.level),
            ttr_minutes: record.durations.ttr.as_ref().map(|d| d.minutes),
            trigger: field(record.causes.trigger.as_ref()),
            component: field(record.causes.component.as_ref()),
            providers: record.providers.iter().map(|p| p.name.clone()).collect(),
            at_fault: at_fault.map(|p| p.name.clone()).collect(),
            cause: field(record.causes.summary.as_ref()),
            impact: field(record.impact.as_ref()),
        }
    }
}

/// A card as far as lists print it: to keep the rest would take more time than to read it.
#[derive(Deserialize)]
#[serde(remote = "Card")]
struct Line {
    id: String,
    path: String,
    #[serde(skip)]
    part: Option<String>,
    #[serde(skip)]
    kind: String,
    title: Option<String>,
    org: Option<String>,
    date: Option<String>,
    severity: Option<String>,
    level: Option<u8>,
    ttr_minutes: Option<i64>,
    trigger: Option<String>,
    component: Option<String>,
    #[serde(skip)]
    providers: Vec<String>,
    #[serde(skip)]
    at_fault: Vec<String>,
    #[serde(skip)]
    cause: Option<String>,
    #[serde(skip)]
    impact: Option<String>,
}

/// The only text that the index keeps of a record.
struct Kept(String);

impl DocumentDeserialize for Kept {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut document: D) -> Result<Self, DeserializeError> {
        Ok(Kept(document.next_field::<String>()?.map(|(_, text)| text).unwrap_or_default()))
    }
}

impl Store {
    /// The card of the record at an address of the index.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn card(&self, address: DocAddress) -> Result<Card, StoreError> {
        let kept: Kept = self.index()?.reader.searcher().doc(address).map_err(|e| self.index_error(e))?;
        serde_json::from_str(&kept.0).map_err(|e| self.unreadable(&e))
    }

    /// The cards of several records, in their order.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn cards(&self, addresses: &[DocAddress]) -> Result<Vec<Card>, StoreError> {
        self.each_card(addresses, |text| serde_json::from_str(text))
    }

    /// What is made of several records' cards, in their order. The cards have what lists print, and nothing else.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn lines<T: Send>(
        &self,
        addresses: &[DocAddress],
        line: impl Fn(Card) -> T + Sync,
    ) -> Result<Vec<T>, StoreError> {
        self.each_card(addresses, |text| Line::deserialize(&mut serde_json::Deserializer::from_str(text)).map(&line))
    }

    fn each_card<T: Send>(
        &self,
        addresses: &[DocAddress],
        read: impl Fn(&str) -> serde_json::Result<T> + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let searcher = self.index()?.reader.searcher();
        // Cards are packed together in the order of the index, and are unpacked once if they are read in that order.
        let mut packed: Vec<(DocAddress, usize)> = addresses.iter().copied().zip(0..).collect();
        packed.sort_unstable();
        let read = |some: &[(DocAddress, usize)]| {
            let mut cards = Vec::with_capacity(some.len());
            for of_segment in some.chunk_by(|(a, _), (b, _)| a.segment_ord == b.segment_ord) {
                let Some((first, _)) = of_segment.first() else { continue };
                let segment = searcher.segment_reader(first.segment_ord);
                // Threads that shared one would unpack each other's cards anew.
                let reader = segment.get_store_reader(1).map_err(|e| self.index_error(e.into()))?;
                for (address, place) in of_segment {
                    let kept: Kept = reader.get(address.doc_id).map_err(|e| self.index_error(e))?;
                    cards.push((*place, read(&kept.0).map_err(|e| self.unreadable(&e))?));
                }
            }
            Ok(cards)
        };
        let cards: Vec<Result<Vec<_>, StoreError>> = match packed.len() {
            0..=CARDS_AT_ONCE => vec![read(&packed)],
            _ => packed.par_chunks(CARDS_AT_ONCE).map(read).collect(),
        };
        let mut ordered: Vec<Option<T>> = addresses.iter().map(|_| None).collect();
        for cards in cards {
            for (place, card) in cards? {
                if let Some(slot) = ordered.get_mut(place) {
                    *slot = Some(card);
                }
            }
        }
        Ok(ordered.into_iter().flatten().collect())
    }

    fn unreadable(&self, error: &serde_json::Error) -> StoreError {
        StoreError::Damaged { path: index::path(self.folder()), what: format!("unreadable card: {error}") }
    }
}
