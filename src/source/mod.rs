//! Finding and reading input: walking folders, decoding bytes, telling formats apart, splitting feeds into entries.
//! The only reader of input files.
//!
//! Knows nothing of what a document means.

mod decode;
mod docx;
mod feed;
mod format;
mod input;
pub(crate) mod json;
mod mail;
mod pdf;
mod read;
pub(crate) mod rows;
mod walk;

pub use feed::is_wrapper;
pub use format::Format;
pub(crate) use format::{has_jira_structure, has_markdown_structure};
pub use input::{Input, show};
pub use mail::body_format;
pub use read::{Fetched, MAX_BYTES, ReadError, fetch, from_bytes, read};
pub use walk::{PatternError, SkipKind, Skipped, Walk, WalkOptions, walk};

use crate::domain::{Notice, Span};
use std::ops::Range;
use std::sync::Arc;

/// Text that was made of a file that is none.
#[derive(Debug, Default)]
struct Extracted {
    text: String,
    /// The documents in it, where there are several.
    parts: Vec<Span>,
    notices: Vec<Notice>,
}

impl Extracted {
    fn notice(&mut self, code: &'static str, message: String) {
        self.notices.push(Notice { code, message, evidence: Vec::new() });
    }
}

/// One input as text: a file, or one line of `extract --stdin`.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// `/`-separated, as shown to users and kept in records.
    pub path: String,
    /// The part of the path that may tell something about the document, as in [`Input::below`].
    pub below: String,
    pub format: Format,
    /// Size of the undecoded input.
    pub bytes: u64,
    /// `blake3:…` of the undecoded input, as far as it was read.
    pub hash: String,
    /// Decoded, or for a PDF or a Word document pulled out of it: every range of evidence is one of this text.
    pub text: Arc<str>,
    /// The documents in it: one range over all of it, or one a feed entry; none in a file that holds no text.
    pub parts: Vec<Span>,
    /// What a feed says about all of its entries: ranges of members (`"page": {…}`) outside them.
    pub context: Vec<Span>,
    /// What it says about some of them, outer frames before those in them.
    pub frames: Vec<Frame>,
    pub notices: Vec<Notice>,
}

/// An object of a feed around some of its entries: `{"year": 2026, "incidents": […]}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The entries in it, by their places among the parts.
    pub parts: Range<usize>,
    /// The name of the member that holds it, alone or among others; none where nothing names it.
    pub key: Option<Span>,
    /// Its other members.
    pub members: Vec<Span>,
}
