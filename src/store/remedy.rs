//! What can be done where the system refuses to read or write something, in words for the user.

use std::io;

/// Advice for every store that cannot be read as it is.
pub const REBUILD_HINT: &str = "'retro ingest --rebuild PATH…' makes it anew from the documents";
/// Advice where a process, or the whole system, has as many files open as it may.
pub const CROWDED_HINT: &str = "so few files may be open at once here: allow more ('ulimit -n 1024') and run it again";

/// What to do where nothing is wrong with what is read or written but with the place that it is in.
pub fn remedy(refused: &io::Error) -> Option<&'static str> {
    match refused.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("make room and run it again; what is there is as it was")
        }
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            Some("it may only be read, or not even that: name another folder, or ask who owns this one")
        }
        io::ErrorKind::NotADirectory => Some("a part of this path is a file: name a folder"),
        io::ErrorKind::IsADirectory => Some("this is a folder: name a file"),
        io::ErrorKind::InvalidFilename => Some("nothing can have this name: choose another"),
        // ENFILE and EMFILE, which the standard library has no name for.
        _ if cfg!(unix) && matches!(refused.raw_os_error(), Some(23 | 24)) => Some(CROWDED_HINT),
        _ => None,
    }
}
