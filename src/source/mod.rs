//! Finding and reading input: walking folders, decoding bytes, telling formats apart, splitting feeds into entries.
//! The only reader of input files.
//!
//! Knows nothing of what a document means.

mod format;

pub use format::Format;

use crate::domain::{Notice, Span};
use std::sync::Arc;

/// One input as text: a file, or one line of `extract --stdin`.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// `/`-separated, as shown to users and kept in records.
    pub path: String,
    pub format: Format,
    /// Size of the undecoded input.
    pub bytes: u64,
    /// `blake3:…` of the undecoded input.
    pub hash: String,
    pub text: Arc<str>,
    /// The documents in it: one range over all of it, or one a feed entry.
    pub parts: Vec<Span>,
    pub notices: Vec<Notice>,
}
