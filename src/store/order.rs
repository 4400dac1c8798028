//! The order of a generation: which records of its parts count, and where each stands in the order of paths.
//!
//! Parts are written once and keep rows of documents that have changed since or are gone; a row that is in no document
//! of the generation does not count. Documents that were read one after the other are one run as long as none of them
//! changes, so an order is short, and searches read it from a file of its own.

use super::error::{self, StoreError};
use super::layout;
use std::io::Write;
use std::path::Path;

/// Beside the table of documents, which says the same.
pub(super) const ORDER: &str = "order.bin";
const RUN_BYTES: usize = 32;

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

/// Records that follow each other in their part, in the index and in the order of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Number of the first in the index.
    serial: u64,
    part: u64,
    /// Row of the first in the part.
    row: u64,
    count: u64,
    /// How many records stand before it.
    rank: u64,
}

/// Where records are and which comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    runs: Vec<Run>,
    /// Places in `runs`, by serial.
    by_serial: Vec<usize>,
}

impl Order {
    /// From the places of documents, in order of their paths.
    pub fn new(places: impl Iterator<Item = Place>) -> Self {
        let mut runs = Runs::default();
        places.for_each(|place| runs.push(place));
        runs.order()
    }

    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.runs.last().map_or(0, |last| last.rank.saturating_add(last.count))
    }

    /// Is each record's number its row?
    pub fn is_plain(&self) -> bool {
        self.runs.iter().all(|run| run.serial == run.row)
    }

    pub fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(ORDER);
        let numbers = self.runs.iter().flat_map(|run| [run.serial, run.part, run.row, run.count]);
        let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
        layout::create_file(&path)?.write_all(&bytes).map_err(error::io("write", &path))
    }

    /// From what was written.
    pub fn parse(bytes: &[u8]) -> Self {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Order::new(bytes.chunks_exact(RUN_BYTES).filter_map(|run| {
            let mut numbers = run.chunks_exact(8).map(number);
            let mut next = || numbers.next();
            Some(Place { serial: next()?, part: next()?, row: next()?, count: next()? })
        }))
    }

    fn run(&self, serial: u64) -> Option<&Run> {
        let at = self.by_serial.partition_point(|i| self.runs.get(*i).is_some_and(|run| run.serial <= serial));
        let run = self.runs.get(*self.by_serial.get(at.checked_sub(1)?)?)?;
        (serial - run.serial < run.count).then_some(run)
    }

    /// How many records stand before this one.
    pub fn rank(&self, serial: u64) -> Option<u64> {
        self.run(serial).map(|run| run.rank + (serial - run.serial))
    }

    /// Part and row of a record.
    pub fn place(&self, serial: u64) -> Option<(u64, u64)> {
        self.run(serial).map(|run| (run.part, run.row + (serial - run.serial)))
    }

    /// The rank of each row of a part; none for those that don't count.
    pub fn ranks(&self, part: u64) -> Vec<Option<u64>> {
        let mut ranks = Vec::new();
        for run in self.runs.iter().filter(|run| run.part == part) {
            for n in 0..run.count {
                let row = usize::try_from(run.row + n).unwrap_or(usize::MAX);
                if ranks.len() <= row {
                    ranks.resize(row + 1, None);
                }
                if let Some(slot) = ranks.get_mut(row) {
                    *slot = Some(run.rank + n);
                }
            }
        }
        ranks
    }
}

/// An order that is being made.
#[derive(Default)]
pub(super) struct Runs {
    runs: Vec<Run>,
    rank: u64,
}

impl Runs {
    /// Adds the records of the next document.
    pub fn push(&mut self, place: Place) {
        let Place { serial, part, row, count } = place;
        let follows = |last: &&mut Run| {
            let next = (last.serial.wrapping_add(last.count), last.part, last.row.wrapping_add(last.count));
            next == (serial, part, row)
        };
        match self.runs.last_mut().filter(follows) {
            _ if count == 0 => {}
            Some(last) => last.count = last.count.saturating_add(count),
            None => self.runs.push(Run { serial, part, row, count, rank: self.rank }),
        }
        self.rank = self.rank.saturating_add(count);
    }

    pub fn order(self) -> Order {
        let runs = self.runs;
        let mut by_serial: Vec<usize> = (0..runs.len()).collect();
        by_serial.sort_by_key(|i| runs.get(*i).map(|run| run.serial));
        Order { runs, by_serial }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(places: &[(u64, u64, u64, u64)]) -> Order {
        let place = |(serial, part, row, count): &(u64, u64, u64, u64)| Place {
            serial: *serial,
            part: *part,
            row: *row,
            count: *count,
        };
        Order::new(places.iter().map(place))
    }

    #[test]
    fn records_are_found_and_ordered_across_parts() {
        let order = order(&[(0, 0, 0, 2), (10, 1, 0, 1), (9, 9, 9, 0), (4, 0, 4, 3), (11, 1, 1, 1)]);
        for (serial, rank, place) in [
            (0, Some(0), Some((0, 0))),
            (1, Some(1), Some((0, 1))),
            (2, None, None),
            (4, Some(3), Some((0, 4))),
            (6, Some(5), Some((0, 6))),
            (7, None, None),
            (10, Some(2), Some((1, 0))),
            (11, Some(6), Some((1, 1))),
            (99, None, None),
        ] {
            assert_eq!((order.rank(serial), order.place(serial)), (rank, place), "{serial}");
        }
        let ranks = [Some(0), Some(1), None, None, Some(3), Some(4), Some(5)];
        assert_eq!((order.ranks(0), order.ranks(1)), (ranks.to_vec(), vec![Some(2), Some(6)]));
        assert!(order.ranks(7).is_empty());
    }

    #[test]
    fn what_follows_is_one_run_and_an_order_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        for (documents, runs) in [
            (vec![], 0),
            (vec![(0, 0, 0, 2), (2, 0, 2, 1), (3, 0, 3, 0), (3, 0, 3, 7)], 1),
            (vec![(0, 0, 0, 2), (2, 1, 2, 1), (4, 1, 3, 1), (5, 1, 5, 1)], 4),
            (vec![(5, 0, 0, 1), (0, 0, 1, 5), (u64::MAX, u64::MAX, u64::MAX, 1)], 3),
        ] {
            let order = order(&documents);
            assert_eq!(order.runs.len(), runs, "{order:?}");
            order.write(folder.path()).unwrap();
            assert_eq!(Order::parse(&std::fs::read(folder.path().join(ORDER)).unwrap()), order);
            std::fs::remove_file(folder.path().join(ORDER)).unwrap();
        }
    }
}
