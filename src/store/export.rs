//! What leaves the store for other programs: a folder that appears whole or not at all, and tables as parquet or Arrow.
//!
//! Knows nothing of what is asked for.

use super::error::{self, StoreError};
use crate::record::TABLES;
use polars::prelude::{CompatLevel, DataFrame, ParquetWriter, PolarsResult, SchemaExt};
use polars_arrow::io::ipc::write::{FileWriter, WriteOptions};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows of a row group or record batch: what other engines read at once.
const ROW_GROUP_ROWS: usize = 64 * 1024;

/// What tells an engine of the tables of an export.
pub const EXPORT_CONFIG: &str = "index-config.yaml";

/// A folder that is being written beside its place and moved there when it is complete.
pub struct ExportFolder {
    target: PathBuf,
    aside: PathBuf,
    replace: bool,
    is_finished: bool,
}

impl ExportFolder {
    /// Begins one. What stands at the place already is replaced at the end, if that is allowed.
    ///
    /// # Errors
    /// Something is there and may not be replaced; the disk fails.
    pub fn begin(target: &Path, replace: bool) -> Result<Self, StoreError> {
        let is_there = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_some()) || target.is_file();
        if is_there && !(replace && target.is_dir()) {
            return Err(StoreError::Occupied(target.to_owned()));
        }
        if let Some(found) = foreign(target).map_err(error::io("read", target))? {
            return Err(StoreError::Foreign { path: target.to_owned(), found });
        }
        let aside = beside(target, "partial");
        remove(&aside)?;
        fs::create_dir_all(&aside).map_err(error::io("create", &aside))?;
        Ok(ExportFolder { target: target.to_owned(), aside, replace, is_finished: false })
    }

    /// A new file in it, in folders as needed.
    ///
    /// # Errors
    /// The disk fails.
    pub fn file(&self, parts: &[&str]) -> Result<ExportFile, StoreError> {
        let path = parts.iter().fold(self.aside.clone(), |path, part| path.join(part));
        let folder = path.parent().unwrap_or(&self.aside);
        fs::create_dir_all(folder).map_err(error::io("create", folder))?;
        let file = File::create_new(&path).map_err(error::io("create", &path))?;
        Ok(ExportFile { path, file: BufWriter::new(file) })
    }

    /// Moves it to its place.
    ///
    /// # Errors
    /// The disk fails; then what stood there stands there still, or beside it.
    pub fn finish(mut self) -> Result<(), StoreError> {
        let old = beside(&self.target, "replaced");
        remove(&old)?;
        if self.replace && self.target.is_dir() {
            fs::rename(&self.target, &old).map_err(error::io("replace", &self.target))?;
        }
        fs::rename(&self.aside, &self.target).map_err(error::io("write", &self.target))?;
        self.is_finished = true;
        remove(&old)
    }
}

/// An export that was not finished leaves nothing behind.
impl Drop for ExportFolder {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// What stands in a folder that no export writes there: its tables as files, or as folders of their parts, and what
/// tells an engine of them. A link is left alone: it would be replaced, not what it points at.
fn foreign(target: &Path) -> std::io::Result<Option<String>> {
    if target.is_symlink() {
        return Ok(Some(target.file_name().unwrap_or_default().to_string_lossy().into_owned()));
    }
    if !target.is_dir() {
        return Ok(None);
    }
    for entry in fs::read_dir(target)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let is_table = TABLES.iter().any(|table| table.name == stem);
        let is_own = match entry.file_type()? {
            kind if kind.is_dir() => is_table && is_of_parts(&entry.path())?,
            kind => kind.is_file() && (is_table && stem != name || name == EXPORT_CONFIG),
        };
        if !is_own {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn is_of_parts(folder: &Path) -> std::io::Result<bool> {
    for part in fs::read_dir(folder)? {
        let part = part?;
        if !(part.file_type()?.is_dir() && part.file_name().to_string_lossy().contains('=')) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn beside(target: &Path, what: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    target.with_file_name(format!(".{name}.{what}-{}", std::process::id()))
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(error::io("remove", folder))?;
    }
    Ok(())
}

/// A file of an export.
pub struct ExportFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl ExportFile {
    /// # Errors
    /// The disk is full or fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(bytes).map_err(error::io("write", &self.path))
    }

    /// # Errors
    /// The disk is full or fails.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.file.flush().map_err(error::io("write", &self.path))?;
        self.file.get_ref().sync_all().map_err(error::io("sync", &self.path))
    }
}

/// A table as parquet: dates as `DATE`, instants as `TIMESTAMP` in UTC, everything else as the columns declare it.
///
/// # Errors
/// The table cannot be encoded.
pub fn parquet(mut frame: DataFrame) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    frame.rechunk_mut();
    let writer = ParquetWriter::new(&mut bytes).set_parallel(false).with_row_group_size(Some(ROW_GROUP_ROWS));
    writer.finish(&mut frame).map_err(error::table("encode", Path::new("export")))?;
    Ok(bytes)
}

/// A table as an Arrow IPC file, uncompressed, with the types that [`parquet`] has; texts are `LargeUtf8`, which older
/// readers know too.
///
/// # Errors
/// The table cannot be encoded.
pub fn arrow(mut frame: DataFrame) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    frame.rechunk_mut();
    let mut write = || -> PolarsResult<()> {
        let level = CompatLevel::oldest();
        let schema = frame.schema().to_arrow(level);
        let mut writer = FileWriter::try_new(&mut bytes, schema.into(), None, WriteOptions { compression: None })?;
        for start in (0..frame.height()).step_by(ROW_GROUP_ROWS) {
            let rows = frame.slice(i64::try_from(start).unwrap_or(i64::MAX), ROW_GROUP_ROWS);
            rows.iter_chunks(level, false).try_for_each(|batch| writer.write(&batch, None))?;
        }
        writer.finish()
    };
    write().map_err(error::table("encode", Path::new("export")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_and_replaces_only_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let write = |text: &[u8], replace| {
            let export = ExportFolder::begin(&target, replace)?;
            let mut file = export.file(&["incidents", "quarter=1", "part-0.csv"])?;
            file.write(text)?;
            file.finish()?;
            assert!(text != b"one" || !target.exists());
            export.finish()
        };
        write(b"one", false).unwrap();
        assert!(matches!(write(b"two", false), Err(StoreError::Occupied(_))));
        assert_eq!(fs::read(target.join("incidents/quarter=1/part-0.csv")).unwrap(), b"one");
        write(b"three", true).unwrap();
        assert_eq!(fs::read(target.join("incidents/quarter=1/part-0.csv")).unwrap(), b"three");
        drop(ExportFolder::begin(&target, true).unwrap());
        fs::write(target.join("mine.txt"), "").unwrap();
        assert!(matches!(write(b"four", true), Err(StoreError::Foreign { found, .. }) if found == "mine.txt"));
        fs::remove_file(target.join("mine.txt")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
