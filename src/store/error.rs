//! What can go wrong with a store: what was attempted, on what.

use super::remedy::{REBUILD_HINT, remedy};
use polars::prelude::PolarsError;
use std::io;
use std::path::{Path, PathBuf};
use tantivy::TantivyError;
use tantivy::directory::error::{OpenReadError, OpenWriteError};

/// An error of the store. [`StoreError::hint`] says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store at '{}'", .0.display())]
    Missing(PathBuf),
    #[error("cannot {action} '{}'", .path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("another retro (process {pid}) is writing to the store at '{}'", .path.display())]
    Locked { path: PathBuf, pid: String },
    #[error("the store at '{}' has format {found}; this retro reads format {known}", .path.display())]
    Format { path: PathBuf, found: u32, known: u32 },
    #[error("the store is damaged: {what} of '{}'", .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("cannot {action} the table '{}'", .path.display())]
    Table { action: &'static str, path: PathBuf, source: PolarsError },
    #[error("cannot {action} the index '{}'", .path.display())]
    Index { action: &'static str, path: PathBuf, source: TantivyError },
    #[error("cannot read a record of '{}'", .path.display())]
    Record { path: PathBuf, source: serde_json::Error },
    #[error("'{}' is there already", .0.display())]
    Occupied(PathBuf),
    #[error("'{}' is not replaced: no export wrote '{found}' there", .path.display())]
    Foreign { path: PathBuf, found: String },
    #[error("there is no table '{0}'")]
    NoTable(String),
}

impl StoreError {
    /// Why the system refused, where it did.
    fn refused(&self) -> Option<&io::Error> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            StoreError::Table { source: PolarsError::IO { error, .. }, .. }
            | StoreError::Index { source: TantivyError::IoError(error), .. }
            | StoreError::Index {
                source: TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. }),
                ..
            }
            | StoreError::Index {
                source: TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. }),
                ..
            } => Some(error),
            _ => None,
        }
    }

    /// What the user can do.
    pub fn hint(&self) -> Option<String> {
        if let Some(hint) = self.refused().and_then(remedy) {
            return Some(hint.to_owned());
        }
        match self {
            StoreError::Missing(_) => Some("'retro ingest PATH…' makes one".to_owned()),
            StoreError::Locked { .. } => Some("wait until it is done; reading works meanwhile".to_owned()),
            StoreError::Format { found, known, .. } if found > known => {
                Some(format!("use the newer retro that wrote it, or {REBUILD_HINT}"))
            }
            StoreError::Format { .. }
            | StoreError::Damaged { .. }
            | StoreError::Table { .. }
            | StoreError::Index { .. }
            | StoreError::Record { .. } => Some(REBUILD_HINT.to_owned()),
            StoreError::Io { source, .. } if is_damage(source) => Some(REBUILD_HINT.to_owned()),
            StoreError::Occupied(_) => Some("name another folder, or allow to replace it with --replace".to_owned()),
            StoreError::Foreign { .. } => Some("name another folder; only an export is replaced by one".to_owned()),
            StoreError::Io { .. } | StoreError::NoTable(_) => None,
        }
    }

    /// Is the store there, but not as it was written? Then `--rebuild` may replace it.
    pub fn is_damage(&self) -> bool {
        if self.refused().and_then(remedy).is_some() {
            return false;
        }
        match self {
            StoreError::Io { source, .. } => is_damage(source),
            StoreError::Missing(_)
            | StoreError::Locked { .. }
            | StoreError::Occupied(_)
            | StoreError::Foreign { .. }
            | StoreError::NoTable(_) => false,
            StoreError::Format { .. }
            | StoreError::Damaged { .. }
            | StoreError::Table { .. }
            | StoreError::Index { .. }
            | StoreError::Record { .. } => true,
        }
    }
}

/// A file of the store that is gone, that holds no text where text was written, or that ends too early.
fn is_damage(refused: &io::Error) -> bool {
    matches!(refused.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// Adds what was attempted to an I/O error.
pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { action, path, source }
}

/// Adds what was attempted to an error of a table.
pub(super) fn table(action: &'static str, path: &Path) -> impl FnOnce(polars::prelude::PolarsError) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Table { action, path, source }
}

/// Adds what was attempted to an error of the index.
pub(super) fn index(action: &'static str, path: &Path) -> impl FnOnce(tantivy::TantivyError) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Index { action, path, source }
}
