//! The documents of a generation that is being written: where the records of each are, and, packed, what else is known
//! of it. They are written last, for their places may change until then, and there are very many.
//!
//! Knows nothing of tables.

use super::documents::{DocumentOutcome, DocumentRow};
use super::error::StoreError;
use super::order::Order;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// Documents that are packed together.
const TOGETHER: usize = 512;
/// They stay for a minute, so this is quick rather than small.
const LEVEL: i32 = 1;

/// Where the records of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the first in the index.
    pub serial: u64,
    pub part: u64,
    /// Row of the first in the part.
    pub row: u64,
    pub count: u64,
}

/// All but the place.
#[derive(Serialize, Deserialize)]
struct Known<'a>(
    Cow<'a, str>,
    Cow<'a, str>,
    Cow<'a, str>,
    u64,
    DocumentOutcome,
    Option<Cow<'a, str>>,
    usize,
    Cow<'a, [String]>,
    Cow<'a, [String]>,
    Cow<'a, str>,
);

/// Documents in order of their paths.
#[derive(Default)]
pub(super) struct Rows {
    places: Vec<Place>,
    /// Each with its size when it is unpacked.
    packed: Vec<(Vec<u8>, usize)>,
    /// Those that come after the packed ones.
    open: Vec<DocumentRow>,
    pub incidents: usize,
    pub failed: usize,
}

impl Rows {
    pub fn push(&mut self, row: DocumentRow) {
        self.places.push(row.place());
        self.incidents += row.incidents;
        self.failed += usize::from(row.outcome == DocumentOutcome::Failed);
        self.open.push(row);
    }

    /// Makes them small, as many as are packed together.
    pub fn pack(&mut self) -> Result<(), StoreError> {
        while self.open.len() >= TOGETHER {
            let known: Vec<Known<'_>> = self.open.iter().take(TOGETHER).map(Known::of).collect();
            let bytes = serde_json::to_vec(&known).map_err(|_| damaged())?;
            let mut packed = zstd::bulk::compress(&bytes, LEVEL).map_err(|_| damaged())?;
            // It comes in memory for the worst case, as large as what was packed.
            packed.shrink_to_fit();
            self.packed.push((packed, bytes.len()));
            self.open.drain(..TOGETHER);
        }
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn places(&self) -> &[Place] {
        &self.places
    }

    pub fn places_mut(&mut self) -> &mut [Place] {
        &mut self.places
    }

    /// The order of their records.
    pub fn order(&self) -> Order {
        Order::new(self.places.iter().copied())
    }

    /// Goes through all of them.
    pub fn each(&self, mut told: impl FnMut(DocumentRow) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut places = self.places.iter();
        let mut at = |row: DocumentRow| places.next().map(|place| told(row.at(*place))).unwrap_or(Ok(()));
        // Nearly all documents were read by the same, so one text serves them.
        let mut last: Arc<str> = Arc::from("");
        for (packed, size) in &self.packed {
            let bytes = zstd::bulk::decompress(packed, *size).map_err(|_| damaged())?;
            let known: Vec<Known<'_>> = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
            for known in known {
                if *last != *known.2 {
                    last = Arc::from(&*known.2);
                }
                at(known.row(&last))?;
            }
        }
        self.open.iter().cloned().try_for_each(at)
    }
}

impl FromIterator<DocumentRow> for Rows {
    fn from_iter<I: IntoIterator<Item = DocumentRow>>(all: I) -> Self {
        let mut rows = Rows::default();
        all.into_iter().for_each(|row| rows.push(row));
        rows
    }
}

impl<'a> Known<'a> {
    fn of(row: &'a DocumentRow) -> Self {
        Known(
            Cow::from(&row.path),
            Cow::from(&row.hash),
            Cow::from(&*row.extraction),
            row.bytes,
            row.outcome,
            row.reason.as_deref().map(Cow::from),
            row.incidents,
            Cow::from(&row.ids),
            Cow::from(&row.own_ids),
            Cow::from(&row.tallies),
        )
    }

    fn row(self, extraction: &Arc<str>) -> DocumentRow {
        let Known(path, hash, _, bytes, outcome, reason, incidents, ids, own_ids, tallies) = self;
        DocumentRow {
            hash: hash.into_owned(),
            extraction: Arc::clone(extraction),
            bytes,
            outcome,
            reason: reason.map(Cow::into_owned),
            incidents,
            ids: ids.into_owned(),
            own_ids: own_ids.into_owned(),
            tallies: tallies.into_owned(),
            ..DocumentRow::unread(path.into_owned())
        }
    }
}

/// What was packed in memory cannot be read again.
fn damaged() -> StoreError {
    StoreError::Damaged { path: PathBuf::from("memory"), what: "unreadable documents".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_documents_are_what_they_were() {
        let row = |n: u64| DocumentRow {
            hash: format!("blake3:{n:064x}"),
            extraction: Arc::from(if n.is_multiple_of(700) { "old" } else { "new" }),
            bytes: n * 7,
            outcome: if n.is_multiple_of(5) { DocumentOutcome::Failed } else { DocumentOutcome::Incident },
            reason: n.is_multiple_of(5).then(|| "it holds \"no\" text".to_owned()),
            incidents: 2,
            ids: vec![format!("a-{n}"), format!("é-{n}")],
            own_ids: if n.is_multiple_of(3) { vec!["a".to_owned(), "é".to_owned()] } else { Vec::new() },
            tallies: format!(r#"{{"words":{{"all":{n}}}}}"#),
            ..DocumentRow::unread(format!("reports/{n:04}.md")).at(Place {
                serial: n * 2,
                part: 3,
                row: n * 2,
                count: 2,
            })
        };
        for count in [0, 1, 512, 1_300] {
            let expected: Vec<DocumentRow> = (0..count).map(row).collect();
            let mut rows = Rows::default();
            for row in expected.iter().cloned() {
                rows.push(row);
                rows.pack().unwrap();
            }
            assert!(rows.open.len() < TOGETHER && rows.len() == expected.len());
            assert_eq!((rows.incidents, rows.failed), (2 * expected.len(), expected.len().div_ceil(5)));
            let mut found = Vec::new();
            let keep = |row| {
                found.push(row);
                Ok(())
            };
            rows.each(keep).unwrap();
            assert_eq!(found, expected);
        }
    }
}
