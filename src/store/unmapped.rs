//! The index of a generation as its writer sees it: files are read piece by piece.
//!
//! The library maps files whole, and merging segments touches every page of theirs: tens of megabytes of a large
//! ingest. A merge reads each file from its beginning to its end, so a small window serves.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};

/// What is read at once, where less is asked for.
const WINDOW_BYTES: usize = 32 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Unmapped {
    folder: PathBuf,
    /// Does all but read.
    files: MmapDirectory,
}

impl Unmapped {
    pub fn open(folder: &Path) -> tantivy::Result<Self> {
        Ok(Unmapped { folder: folder.to_owned(), files: MmapDirectory::open(folder)? })
    }
}

impl Directory for Unmapped {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        let file = File::open(self.folder.join(path)).map_err(failed)?;
        let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
        Ok(Arc::new(Windowed { length, window: Mutex::new(Window { file, at: 0, bytes: Vec::new() }) }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.files.atomic_write(path, content)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, told: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(told)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }
}

/// A file and the part of it that was read last.
#[derive(Debug)]
struct Windowed {
    length: usize,
    window: Mutex<Window>,
}

#[derive(Debug)]
struct Window {
    file: File,
    at: usize,
    bytes: Vec<u8>,
}

impl HasLen for Windowed {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Windowed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        // A lock is poisoned by a panic only, and the window is whole at any time.
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if range.len() >= WINDOW_BYTES {
            return Ok(OwnedBytes::new(window.read(range)?));
        }
        if window.held(&range).is_none() {
            let next = range.start..self.length.min(range.start + WINDOW_BYTES);
            window.bytes.clear();
            window.bytes = window.read(next)?;
            window.at = range.start;
        }
        let held = window.held(&range).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(OwnedBytes::new(held.to_owned()))
    }
}

impl Window {
    fn held(&self, range: &Range<usize>) -> Option<&[u8]> {
        self.bytes.get(range.start.checked_sub(self.at)?..range.end.checked_sub(self.at)?)
    }

    fn read(&mut self, range: Range<usize>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; range.len()];
        self.file.seek(SeekFrom::Start(range.start as u64))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn pieces_are_those_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<u8> = (0..100_000u32).map(|n| (n * 7 / 3) as u8).collect();
        File::create(folder.path().join("f")).unwrap().write_all(&all).unwrap();
        let directory = Unmapped::open(folder.path()).unwrap();
        let file = directory.get_file_handle(Path::new("f")).unwrap();
        assert_eq!(file.len(), all.len());
        for from in (0..all.len()).step_by(997).chain([99_999, 0, 50_000, 100_000]) {
            for count in [0, 1, 300, 32 * 1024, 70_000] {
                let range = from..all.len().min(from + count);
                assert_eq!(file.read_bytes(range.clone()).unwrap().as_slice(), &all[range]);
            }
        }
        assert!(file.read_bytes(0..100_001).is_err() && file.read_bytes(99_999..100_001).is_err());
        assert!(directory.get_file_handle(Path::new("g")).is_err());
    }
}
