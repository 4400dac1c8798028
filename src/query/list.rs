//! The records for which a filter holds, in a chosen order.

use super::filter;
use super::syntax::Expression;
use crate::record::{FIELDS, FilterField, filter_field};
use crate::store::{Card, Store, StoreError};
use std::cmp::Ordering;
use tantivy::DocAddress;

/// What to order by, and which end comes first.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    key: Key,
    is_descending: bool,
}

type TextOf = fn(&Card) -> Option<&str>;

#[derive(Debug, Clone, Copy)]
enum Key {
    /// A number of the index.
    Number(&'static FilterField),
    Text(TextOf),
}

/// Texts that lists can be ordered by; every field that has numbers can be, too.
const TEXTS: &[(&str, TextOf)] = &[
    ("id", |c| Some(&c.id)),
    ("path", |c| Some(&c.path)),
    ("title", |c| c.title.as_deref()),
    ("org", |c| c.org.as_deref()),
    ("trigger", |c| c.trigger.as_deref()),
    ("component", |c| c.component.as_deref()),
];

const NUMBERS: &[&str] = &["date", "severity", "ttd", "tta", "tti", "ttm", "ttr", "impact"];

impl Order {
    /// The newest first.
    pub fn default_order() -> Self {
        let date = FIELDS.iter().find(|f| f.name == "date");
        let key = date.map_or(Key::Text(|c| Some(&c.path)), Key::Number);
        Order { key, is_descending: true }
    }

    /// Reads `field`, or `-field` for the opposite direction. Dates and durations begin with the newest and longest,
    /// everything else with the smallest.
    ///
    /// # Errors
    /// The words that would be right.
    pub fn parse(text: &str) -> Result<Self, Vec<&'static str>> {
        let (name, is_reversed) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        if let Some((_, get)) = TEXTS.iter().find(|(known, _)| *known == name) {
            return Ok(Order { key: Key::Text(*get), is_descending: is_reversed });
        }
        let field = filter_field(name).and_then(|f| filter_field(f.on)).filter(|f| NUMBERS.contains(&f.name));
        match field {
            Some(field) => {
                Ok(Order { key: Key::Number(field), is_descending: (field.name != "severity") != is_reversed })
            }
            None => Err(NUMBERS.iter().copied().chain(TEXTS.iter().map(|(name, _)| *name)).collect()),
        }
    }
}

impl Order {
    /// Puts what was found in this order; without a value last, equals as they were.
    pub(super) fn sort<T>(
        self,
        store: &Store,
        items: &mut [T],
        address: impl Fn(&T) -> DocAddress,
        card: impl Fn(&T) -> &Card,
    ) -> Result<(), StoreError> {
        match self.key {
            Key::Number(field) => {
                let column = column(store, field)?;
                items.sort_by(|a, b| by(column(address(a)), column(address(b)), self.is_descending));
            }
            Key::Text(get) => {
                let key = |item: &T| get(card(item)).map(str::to_lowercase);
                items.sort_by(|a, b| by(key(a), key(b), self.is_descending));
            }
        }
        Ok(())
    }
}

/// A list and how many records there are without the limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    pub total: usize,
    pub lines: Vec<T>,
}

/// What is made of the cards of the incidents for which the expression holds. Those without a value come last; equals
/// by path. The cards have what lists print.
///
/// # Errors
/// The index is damaged.
pub fn list<T: Send>(
    store: &Store,
    expression: Expression,
    order: Order,
    limit: Option<usize>,
    line: impl Fn(Card) -> T + Sync,
) -> Result<Listing<T>, StoreError> {
    let found = filter::matching(store, &filter::of_incidents(expression))?;
    let mut addresses: Vec<DocAddress> = found.into_iter().map(|f| f.address).collect();
    let total = addresses.len();
    let limit = limit.unwrap_or(total);
    match order.key {
        Key::Number(field) => {
            let column = column(store, field)?;
            addresses
                .sort_by_cached_key(|address| Ranked { value: column(*address), is_descending: order.is_descending });
            addresses.truncate(limit);
            Ok(Listing { total, lines: store.lines(&addresses, line)? })
        }
        Key::Text(get) => {
            let mut cards = store.lines(&addresses, |card| card)?;
            let key = |c: &Card| get(c).map(str::to_lowercase);
            cards.sort_by_cached_key(|card| Ranked { value: key(card), is_descending: order.is_descending });
            cards.truncate(limit);
            Ok(Listing { total, lines: cards.into_iter().map(line).collect() })
        }
    }
}

/// A value in the order of a list.
#[derive(PartialEq, Eq)]
struct Ranked<T> {
    value: Option<T>,
    is_descending: bool,
}

impl<T: Ord> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        by(self.value.as_ref(), other.value.as_ref(), self.is_descending)
    }
}

impl<T: Ord> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What is missing comes last in either direction.
fn by<T: Ord>(a: Option<T>, b: Option<T>, is_descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// The numbers that a field has in some records; none where there is no such field.
pub(super) fn numbers_of(store: &Store, field: &str, addresses: &[DocAddress]) -> Result<Vec<Option<i64>>, StoreError> {
    let Some(field) = filter_field(field) else { return Ok(Vec::new()) };
    let column = column(store, field)?;
    Ok(addresses.iter().map(|address| column(*address)).collect())
}

/// The number that a field has in a record.
fn column(store: &Store, field: &FilterField) -> Result<impl Fn(DocAddress) -> Option<i64>, StoreError> {
    let searcher = store.index()?.reader.searcher();
    let columns = searcher.segment_readers().iter().map(|s| s.fast_fields().i64(&format!("number.{}", field.name)));
    let columns: Vec<_> = columns.collect::<tantivy::Result<_>>().map_err(|e| store.index_error(e))?;
    Ok(move |address: DocAddress| columns.get(address.segment_ord as usize)?.first(address.doc_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_missing_values_come_last() {
        assert!(Order::parse("-date").is_ok_and(|o| !o.is_descending));
        assert!(Order::parse("ttr").is_ok_and(|o| o.is_descending));
        assert!(Order::parse("org").is_ok_and(|o| !o.is_descending));
        assert!(Order::parse("colour").is_err());
        assert_eq!(by(Some(1), None, true), Ordering::Less);
        assert_eq!(by(Some(1), None, false), Ordering::Less);
        assert_eq!(by(Some(1), Some(2), true), Ordering::Greater);
    }
}
