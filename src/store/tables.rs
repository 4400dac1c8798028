//! Rows ↔ parquet. The schemas derive from the columns declared in `record`; values of a table are written in row
//! groups as they come, so a table may be larger than memory.

use super::cells::{Cells, data_type};
use super::error::{self, StoreError};
use super::manifest::{Manifest, Part, part_folder};
use super::order::Order;
use super::{layout, table_file};
use crate::record::{Column as Declared, ColumnKind, Table, Value};
use polars::prelude::*;
use polars_io::parquet::write::BatchedWriter;
use std::fs::File;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The record that a row of a table belongs to, by its row in the part. Readers of the store don't see it.
pub(super) const ROW: &str = "row";

/// Rows kept back until they make a row group that compresses and scans well.
const ROW_GROUP_ROWS: usize = 16_384;
/// Or until their texts take this much memory.
const ROW_GROUP_BYTES: usize = 16 * 1024 * 1024;

/// Name and type of a column, as the writer needs them.
#[derive(Debug, Clone, Copy)]
pub(super) struct ColumnShape {
    pub name: &'static str,
    pub kind: ColumnKind,
}

impl From<&Declared> for ColumnShape {
    fn from(column: &Declared) -> Self {
        ColumnShape { name: column.name, kind: column.kind }
    }
}

/// Writes one parquet file, row by row.
pub(super) struct TableWriter {
    path: PathBuf,
    columns: Vec<ColumnShape>,
    /// Of each column, those that wait.
    cells: Vec<Cells>,
    rows: usize,
    /// Of the texts that wait.
    bytes: usize,
    writer: BatchedWriter<Remembering>,
    refused: Refused,
}

impl TableWriter {
    pub fn create(path: PathBuf, columns: Vec<ColumnShape>) -> Result<Self, StoreError> {
        let (file, refused) = Remembering::create(&path)?;
        let schema = schema(&columns);
        let writer = ParquetWriter::new(file).set_parallel(false).batched(&schema);
        let writer = writer.map_err(failed(&refused, &path))?;
        let cells = empty_cells(&columns);
        Ok(TableWriter { path, columns, cells, rows: 0, bytes: 0, writer, refused })
    }

    /// Adds a row, a cell for each column.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
        let mut row = row.into_iter();
        for cells in &mut self.cells {
            let value = row.next().unwrap_or(Value::Null);
            self.bytes += if let Value::Text(text) = &value { text.len() } else { 0 };
            cells.push(&value);
        }
        self.rows += 1;
        let is_full = self.rows >= ROW_GROUP_ROWS || self.bytes >= ROW_GROUP_BYTES;
        if is_full { self.flush() } else { Ok(()) }
    }

    /// Writes the rest and the footer.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.flush()?;
        self.writer.finish().map_err(failed(&self.refused, &self.path))?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        if self.rows == 0 {
            return Ok(());
        }
        let cells = std::mem::replace(&mut self.cells, empty_cells(&self.columns));
        let frame = frame(self.rows, cells).map_err(error::table("write", &self.path))?;
        (self.rows, self.bytes) = (0, 0);
        self.writer.write_batch(&frame).map_err(failed(&self.refused, &self.path))
    }
}

/// What the system said when it would not write, by its number.
type Refused = Arc<OnceLock<i32>>;

/// A file that remembers why it could not be written: the parquet writer tells of a "transport error" only.
struct Remembering {
    file: File,
    refused: Refused,
}

impl Remembering {
    fn create(path: &Path) -> Result<(Self, Refused), StoreError> {
        let refused = Refused::default();
        Ok((Remembering { file: layout::create_file(path)?, refused: Arc::clone(&refused) }, refused))
    }

    fn remember<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Some(code) = result.as_ref().err().and_then(io::Error::raw_os_error) {
            self.refused.get_or_init(|| code);
        }
        result
    }
}

impl Write for Remembering {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.file.write(bytes);
        self.remember(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.file.flush();
        self.remember(result)
    }
}

fn failed(refused: &Refused, path: &Path) -> impl FnOnce(PolarsError) -> StoreError {
    // Asked when it has failed, not before.
    let (refused, path) = (Arc::clone(refused), path.to_owned());
    move |source| match refused.get().copied() {
        Some(code) => StoreError::Io { action: "write", path, source: io::Error::from_raw_os_error(code) },
        None => StoreError::Table { action: "write", path, source },
    }
}

/// A table without rows.
pub(super) fn empty(table: &Table, columns: &[String]) -> PolarsResult<DataFrame> {
    let all: Vec<ColumnShape> = table.columns.iter().map(ColumnShape::from).collect();
    frame(0, empty_cells(&all))?.select(columns.iter().filter(|c| *c != ROW).map(String::as_str))
}

fn empty_cells(columns: &[ColumnShape]) -> Vec<Cells> {
    columns.iter().map(|column| Cells::new(column.name, column.kind)).collect()
}

/// A frame of so many rows.
fn frame(rows: usize, cells: Vec<Cells>) -> PolarsResult<DataFrame> {
    DataFrame::new(rows, cells.into_iter().map(Cells::column).collect::<PolarsResult<Vec<_>>>()?)
}

fn schema(columns: &[ColumnShape]) -> Schema {
    columns.iter().map(|c| polars::prelude::Field::new(c.name.into(), data_type(c.kind))).collect()
}

/// Reads a whole table whose bytes are already here and proved.
pub(super) fn read_bytes(path: &Path, bytes: Vec<u8>, columns: Option<Vec<String>>) -> Result<DataFrame, StoreError> {
    let reader = ParquetReader::new(Cursor::new(bytes)).with_columns(columns);
    reader.finish().map_err(error::table("read", path))
}

/// Some columns of a table of a generation, the rows that count in order of their records. `order` is asked for where
/// the parts' own order is another.
pub(super) fn of_generation(
    folder: &Path,
    manifest: &Manifest,
    table: &Table,
    mut columns: Vec<String>,
    order: &dyn Fn() -> Result<Order, StoreError>,
) -> Result<DataFrame, StoreError> {
    let name = table_file(table.name);
    if !manifest.is_plain {
        columns.push(ROW.to_owned());
    }
    let read = |part: &Part| {
        let path = part_folder(folder, part.number).join(&name);
        let seal = part.files.get(&name);
        let bytes = seal.map(|seal| seal.proved(&path)).transpose()?;
        let missing = || StoreError::Damaged { path: path.clone(), what: "missing seal".to_owned() };
        read_bytes(&path, bytes.ok_or_else(missing)?, Some(columns.clone()))
    };
    let path = folder.join(&name);
    match manifest.parts.as_slice() {
        [] => empty(table, &columns).map_err(error::table("read", &path)),
        [part] if manifest.is_plain => read(part),
        parts => {
            let order = order()?;
            let parts = parts.iter().map(|part| Ok((read(part)?, order.ranks(part.number))));
            let parts = parts.collect::<Result<Vec<_>, StoreError>>()?;
            Ok(assemble(parts).map_err(error::table("read", &path))?.0)
        }
    }
}

/// Some columns of a table of a generation as [`of_generation`] reads them, told piece by piece: at once they may take
/// much memory.
pub(super) fn pieces(
    folder: &Path,
    manifest: &Manifest,
    table: &Table,
    columns: Vec<String>,
    order: &Order,
    mut told: impl FnMut(&DataFrame) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let ([part], true) = (manifest.parts.as_slice(), manifest.is_plain) else {
        return told(&of_generation(folder, manifest, table, columns, &|| Ok(order.clone()))?);
    };
    let name = table_file(table.name);
    let path = part_folder(folder, part.number).join(&name);
    let missing = || StoreError::Damaged { path: path.clone(), what: "missing seal".to_owned() };
    let bytes = part.files.get(&name).ok_or_else(missing)?.proved(&path)?;
    let mut from = 0;
    loop {
        let reader = ParquetReader::new(Cursor::new(bytes.as_slice())).with_columns(Some(columns.clone()));
        let piece = reader.with_slice(Some((from, ROW_GROUP_ROWS))).finish().map_err(error::table("read", &path))?;
        if piece.height() == 0 {
            return Ok(());
        }
        from += piece.height();
        told(&piece)?;
    }
}

/// The rows of several parts that count, in order of their records. Each part has its frame, which tells in [`ROW`] the
/// record that a row belongs to, and the ranks of its records.
pub(super) fn assemble(parts: Vec<(DataFrame, Vec<Option<u64>>)>) -> PolarsResult<(DataFrame, Vec<u64>)> {
    let mut picks: Vec<(u64, IdxSize)> = Vec::new();
    let mut whole: Option<DataFrame> = None;
    for (mut frame, ranks) in parts {
        let before = whole.as_ref().map_or(0, DataFrame::height);
        let rows = frame.drop_in_place(ROW)?;
        for (i, row) in rows.i64()?.iter().enumerate() {
            let rank = row.and_then(|row| ranks.get(usize::try_from(row).ok()?).copied().flatten());
            if let (Some(rank), Ok(at)) = (rank, IdxSize::try_from(before + i)) {
                picks.push((rank, at));
            }
        }
        match &mut whole {
            None => whole = Some(frame),
            Some(whole) => {
                whole.vstack_mut(&frame)?;
            }
        }
    }
    picks.sort_unstable();
    let at = IdxCa::from_vec(PlSmallStr::EMPTY, picks.iter().map(|(_, at)| *at).collect());
    let frame = whole.unwrap_or_default().take(&at)?;
    Ok((frame, picks.into_iter().map(|(rank, _)| rank).collect()))
}

/// Writes a whole table: the rows of a frame, and the record that each belongs to.
pub(super) fn write_frame(path: &Path, mut frame: DataFrame, rows: &[u64]) -> Result<(), StoreError> {
    let (file, refused) = Remembering::create(path)?;
    let failed = || failed(&refused, path);
    let rows: Vec<i64> = rows.iter().map(|row| i64::try_from(*row).unwrap_or(i64::MAX)).collect();
    frame.insert_column(0, Column::new(ROW.into(), rows)).map_err(failed())?;
    frame.rechunk_mut();
    let writer = ParquetWriter::new(file).set_parallel(false).with_row_group_size(Some(ROW_GROUP_ROWS));
    writer.finish(&mut frame).map_err(failed())?;
    Ok(())
}

/// A text column, cell by cell.
pub(super) fn texts<'a>(frame: &'a DataFrame, name: &str, path: &Path) -> Result<Vec<Option<&'a str>>, StoreError> {
    let read = || frame.column(name)?.str().map(|c| c.iter().collect());
    read().map_err(error::table("read", path))
}

/// An integer column, cell by cell.
pub(super) fn integers(frame: &DataFrame, name: &str, path: &Path) -> Result<Vec<Option<i64>>, StoreError> {
    let read = || frame.column(name)?.i64().map(|c| c.iter().collect());
    read().map_err(error::table("read", path))
}
