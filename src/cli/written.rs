//! Files that people write for the program (configuration, corrections, saved queries), read within bounds: what lies
//! in the place of one may be a pipe, a device or a dump.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// No one writes as much by hand.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The text of a file that was found by its name.
///
/// # Errors
/// It is no regular file, and reading it could wait for ever; and as [`named`].
pub fn found(file: &Path) -> io::Result<String> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    named(file)
}

/// The text of a file that the user named, which may be a pipe.
///
/// # Errors
/// It is gone, not permitted, no text, or longer than any that a person writes.
pub fn named(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is longer than {} MiB", BYTES_MAX / (1024 * 1024)),
        ));
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_written_text_is_refused_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("text"), "words").unwrap();
        assert_eq!(found(&at("text")).unwrap(), "words");
        fs::write(at("bytes"), b"\xFF\xFE\x00").unwrap();
        assert_eq!(found(&at("bytes")).unwrap_err().kind(), io::ErrorKind::InvalidData);
        File::create(at("long")).unwrap().set_len(BYTES_MAX + 1).unwrap();
        assert!(named(&at("long")).unwrap_err().to_string().contains("16 MiB"));
        assert_eq!(found(&at("gone")).unwrap_err().kind(), io::ErrorKind::NotFound);
        #[cfg(unix)]
        {
            let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
            assert!(found(&at("socket")).unwrap_err().to_string().contains("no regular file"));
            assert!(named(Path::new("/dev/zero")).unwrap_err().to_string().contains("16 MiB"));
        }
    }
}
