//! Bytes of a file, or of `extract --stdin`, → [`SourceText`].

use super::decode::{self, Decoded};
use super::{Input, SourceText, feed, format, walk};
use crate::domain::Notice;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// How much of one input is read. No report is that long; what is, is a dump, and its beginning must do.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot open {path}: {}", super::walk::reason(source))]
    Open { path: String, source: io::Error },
    #[error("cannot read {path}: it is no regular file")]
    NotAFile { path: String },
    #[error("cannot read {path}: {}", super::walk::reason(source))]
    Read { path: String, source: io::Error },
}

/// Reads one file, at most [`MAX_BYTES`] of it.
///
/// # Errors
/// The file is gone, not permitted, no regular file (a pipe would block), or the disk fails.
pub fn read(input: &Input) -> Result<SourceText, ReadError> {
    fetch(input).map(|fetched| fetched.decode(input))
}

/// The bytes of a file before anything is made of them: what it takes to tell whether it has changed.
pub struct Fetched {
    bytes: Vec<u8>,
    size: u64,
    /// `blake3:…` of the bytes.
    pub hash: String,
}

/// Fetches one file, at most [`MAX_BYTES`] of it.
///
/// # Errors
/// As [`read`].
pub fn fetch(input: &Input) -> Result<Fetched, ReadError> {
    let path = || input.shown();
    let own = input.path();
    // Asked before opening: opening a FIFO waits for its other end.
    let metadata = std::fs::metadata(&own).map_err(|source| ReadError::Open { path: path(), source })?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile { path: path() });
    }
    let file = File::open(&own).map_err(|source| ReadError::Open { path: path(), source })?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|source| ReadError::Read { path: path(), source })?;
    let (size, hash) = (metadata.len().max(bytes.len() as u64), hash(&bytes));
    Ok(Fetched { bytes, size, hash })
}

impl Fetched {
    /// The bytes as text.
    pub fn decode(self, input: &Input) -> SourceText {
        source_text(&input.shown(), &input.below(), &self.bytes, self.size, self.hash)
    }
}

fn hash(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes).to_hex())
}

/// Bytes that are already here. Never fails: what isn't text gives no parts and a notice.
pub fn from_bytes(path: &str, bytes: &[u8]) -> SourceText {
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let read = bytes.get(..limit).unwrap_or(bytes);
    source_text(path, walk::below_itself(path), read, bytes.len() as u64, hash(read))
}

fn source_text(path: &str, below: &str, bytes: &[u8], size: u64, hash: String) -> SourceText {
    let truncated = (bytes.len() as u64) < size;
    let mut notices = Vec::new();
    let mut notice = |code, message| notices.push(Notice { code, message, evidence: Vec::new() });
    if truncated {
        let read_mib = bytes.len() / (1024 * 1024);
        notice("truncated", format!("only the first {read_mib} MiB were read"));
    }
    let (mut known, mut mails) = (None, Vec::new());
    let (text, decoding, is_text) = match decode::decode(bytes, truncated) {
        Decoded::Text { text, notices, format, parts } => {
            (known, mails) = (format, parts);
            (text, notices, true)
        }
        Decoded::Binary { format: Some(name) } => {
            notice("unsupported-format", format!("{name} files are not read"));
            (String::new(), Vec::new(), false)
        }
        Decoded::Binary { format: None } => {
            notice("binary", "the file holds no text".to_owned());
            (String::new(), Vec::new(), false)
        }
    };
    if is_text && text.trim().is_empty() {
        notice("empty", "the file is empty".to_owned());
    }
    notices.extend(decoding);
    let format = known.unwrap_or_else(|| format::detect(path, &text));
    let mut split = match (is_text, mails.is_empty()) {
        (false, _) => feed::Split::default(),
        (true, true) => feed::split(format, &text),
        (true, false) => feed::Split { parts: mails, ..feed::Split::default() },
    };
    notices.append(&mut split.notices);
    SourceText {
        path: path.to_owned(),
        below: below.to_owned(),
        format,
        bytes: size,
        hash,
        text: Arc::from(text),
        parts: split.parts,
        context: split.context,
        frames: split.frames,
        notices,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(bytes: &[u8]) -> Vec<&'static str> {
        from_bytes("a.txt", bytes).notices.iter().map(|n| n.code).collect()
    }

    #[test]
    fn odd_inputs_end_in_notices() {
        assert_eq!(codes(b"words"), [""; 0]);
        assert_eq!(codes(b""), ["empty"]);
        assert_eq!(codes(b"\x1F\x8B"), ["unsupported-format"]);
        assert_eq!(codes(&[0; 400]), ["binary"]);
        assert!(from_bytes("a", &[0; 400]).parts.is_empty());
        assert_eq!(from_bytes("a", b"words").parts.first(), Some(&(0..5)));
    }

    #[test]
    fn the_hash_is_of_the_bytes() {
        let input = from_bytes("a", b"\xEF\xBB\xBFwords");
        assert_eq!(input.bytes, 8);
        assert_eq!(input.hash, format!("blake3:{}", blake3::hash(b"\xEF\xBB\xBFwords").to_hex()));
        assert_eq!(&*input.text, "words");
    }

    #[test]
    fn a_missing_file_says_what_was_attempted() {
        let input = Input::at(std::path::Path::new("/nowhere/at/all"), "at/all", 0);
        let error = read(&input).expect_err("missing").to_string();
        assert_eq!(error, "cannot open at/all: no such file or folder");
    }
}
