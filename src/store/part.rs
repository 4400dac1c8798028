//! A part: some documents' records and their rows of every table, written once and shared by generations until too much
//! of it no longer counts.

use super::documents::DocumentRow;
use super::error::{self, StoreError};
use super::manifest::{FileSeal, Part, part_folder};
use super::order::Order;
use super::prepare::TableRows;
use super::records::{RECORDS, RecordRow, RecordsReader, RecordsWriter};
use super::tables::{self, ColumnShape, ROW, TableWriter};
use super::{layout, table_file};
use crate::record::{ColumnKind, TABLES, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A part of which less than two thirds counts is written anew.
const DEAD_SHARE: u64 = 3;

/// Writes a part, record by record.
pub(super) struct PartWriter {
    number: u64,
    folder: PathBuf,
    tables: Vec<TableWriter>,
    records: RecordsWriter,
    rows: u64,
}

impl PartWriter {
    pub fn create(generation: &Path, number: u64) -> Result<Self, StoreError> {
        let folder = part_folder(generation, number);
        layout::create_private(&folder)?;
        let tables = TABLES.iter().map(|table| {
            let row = ColumnShape { name: ROW, kind: ColumnKind::Integer };
            let columns = std::iter::once(row).chain(table.columns.iter().map(ColumnShape::from)).collect();
            TableWriter::create(folder.join(table_file(table.name)), columns)
        });
        let tables = tables.collect::<Result<_, _>>()?;
        let records = RecordsWriter::create(folder.join(RECORDS))?;
        Ok(PartWriter { number, folder, tables, records, rows: 0 })
    }

    pub fn number(&self) -> u64 {
        self.number
    }

    /// Adds a record with its rows of the tables; tells its own row.
    pub fn push(&mut self, record: &RecordRow, tables: Vec<TableRows>) -> Result<u64, StoreError> {
        let row = self.rows;
        self.records.push(&record.record, &record.searchable)?;
        for (writer, rows) in self.tables.iter_mut().zip(tables) {
            for cells in rows {
                let own = Value::Integer(i64::try_from(row).unwrap_or(i64::MAX));
                writer.push(std::iter::once(own).chain(cells))?;
            }
        }
        self.rows += 1;
        Ok(row)
    }

    pub fn finish(self) -> Result<Part, StoreError> {
        for table in self.tables {
            table.finish()?;
        }
        self.records.finish()?;
        sealed(&self.folder, self.number, self.rows)
    }
}

/// A complete part, all of which counts.
fn sealed(folder: &Path, number: u64, rows: u64) -> Result<Part, StoreError> {
    let mut files = BTreeMap::new();
    for name in TABLES.iter().map(|t| table_file(t.name)).chain([RECORDS.to_owned()]) {
        let seal = FileSeal::of(&folder.join(&name))?;
        files.insert(name, seal);
    }
    Ok(Part { number, rows, live: rows, files })
}

/// Gives the next generation a part of the one before it.
pub(super) fn share(part: &Part, from: &Path, to: &Path) -> Result<(), StoreError> {
    let (from, to) = (part_folder(from, part.number), part_folder(to, part.number));
    layout::create_private(&to)?;
    part.files.keys().try_for_each(|name| layout::share(&from.join(name), &to.join(name)))
}

pub(super) fn remove(generation: &Path, number: u64) -> Result<(), StoreError> {
    let folder = part_folder(generation, number);
    fs::remove_dir_all(&folder).map_err(error::io("remove", &folder))
}

/// The parts to write anew, together: those of which too much no longer counts, and the youngest ones as long as an
/// older one is no larger than all younger ones together. So there are few parts, and a record is rewritten seldom.
pub(super) fn worth_merging(parts: &[Part]) -> BTreeSet<u64> {
    let mut chosen: BTreeSet<u64> =
        parts.iter().filter(|p| (p.rows - p.live.min(p.rows)) * DEAD_SHARE > p.rows).map(|p| p.number).collect();
    let mut young = Vec::new();
    let mut sum = 0;
    for part in parts.iter().rev() {
        if !young.is_empty() && part.live > sum {
            break;
        }
        sum += part.live;
        young.push(part.number);
    }
    if young.len() > 1 {
        chosen.extend(young);
    }
    chosen
}

/// Writes what counts of some parts of a generation into a new one, and tells the documents.
pub(super) fn merge(
    generation: &Path,
    chosen: &[Part],
    number: u64,
    documents: &mut [DocumentRow],
) -> Result<Part, StoreError> {
    let folder = part_folder(generation, number);
    layout::create_private(&folder)?;
    let is_chosen = |d: &DocumentRow| d.count() > 0 && chosen.iter().any(|p| p.number == d.part);
    let order = Order::new(documents.iter().filter(|d| is_chosen(d)).map(DocumentRow::place));
    for table in TABLES {
        let parts = chosen.iter().map(|part| {
            let path = part_folder(generation, part.number).join(table_file(table.name));
            let bytes = fs::read(&path).map_err(error::io("read", &path))?;
            Ok((tables::read_bytes(&path, bytes, None)?, order.ranks(part.number)))
        });
        let path = folder.join(table_file(table.name));
        let parts = parts.collect::<Result<Vec<_>, StoreError>>()?;
        let (frame, rows) = tables::assemble(parts).map_err(error::table("write", &path))?;
        tables::write_frame(&path, frame, &rows)?;
    }
    let mut readers = BTreeMap::new();
    for part in chosen {
        readers.insert(part.number, RecordsReader::open(&part_folder(generation, part.number).join(RECORDS))?);
    }
    let mut writer = RecordsWriter::create(folder.join(RECORDS))?;
    let mut rows = 0;
    for document in documents.iter_mut().filter(|d| is_chosen(d)) {
        let Some(reader) = readers.get(&document.part) else { continue };
        for row in document.row..document.row + document.count() {
            let record = reader.row(row)?;
            writer.push(&record.record, &record.searchable)?;
        }
        (document.part, document.row) = (number, rows);
        rows += document.count();
    }
    writer.finish()?;
    sealed(&folder, number, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u64, rows: u64, live: u64) -> Part {
        Part { number, rows, live, files: BTreeMap::new() }
    }

    #[test]
    fn young_parts_are_merged_like_the_digits_of_a_counter() {
        for (sizes, expected) in [
            (vec![(100, 100)], vec![]),
            (vec![(100, 100), (1, 1)], vec![]),
            (vec![(100, 100), (1, 1), (1, 1)], vec![1, 2]),
            (vec![(100, 99), (2, 2), (1, 1)], vec![]),
            (vec![(100, 99), (2, 2), (1, 1), (1, 1)], vec![1, 2, 3]),
            (vec![(100, 60), (2, 2)], vec![0]),
            (vec![(4, 4), (4, 4)], vec![0, 1]),
            (vec![(3, 0)], vec![0]),
        ] {
            let parts: Vec<_> = (0..).zip(&sizes).map(|(n, (rows, live))| part(n, *rows, *live)).collect();
            assert_eq!(worth_merging(&parts).into_iter().collect::<Vec<_>>(), expected, "{sizes:?}");
        }
    }
}
