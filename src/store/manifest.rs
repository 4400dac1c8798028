//! What a generation says of itself.

use super::error::{self, StoreError};
use super::summary::Tallies;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Raised when the files of a generation change their shape or meaning.
pub const FORMAT: u32 = 1;

pub(super) const MANIFEST: &str = "manifest.json";

/// The manifest of a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub generation: u64,
    /// Version of the program that wrote it.
    pub version: String,
    /// `blake3:…` over the sorted paths and hashes of all documents: equal corpora have equal digests.
    pub corpus: String,
    pub documents: usize,
    pub incidents: usize,
    /// Documents that report no incident.
    pub none: usize,
    /// Documents that could not be read.
    pub failed: usize,
    pub tallies: Tallies,
    /// The tables and what they weigh, to tell damage from truth.
    pub files: BTreeMap<String, FileSeal>,
}

/// Size and digest of a file as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeal {
    pub bytes: u64,
    pub hash: String,
}

/// Only what is needed to refuse a manifest of another format.
#[derive(Deserialize)]
struct Stamp {
    format: u32,
}

impl Manifest {
    /// Reads the manifest of a generation and refuses what this program would misread.
    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(error::io("read", &path))?;
        let damaged =
            |e: serde_json::Error| StoreError::Damaged { path: path.clone(), what: format!("{e} in manifest") };
        let stamp: Stamp = serde_json::from_str(&text).map_err(damaged)?;
        if stamp.format != FORMAT {
            return Err(StoreError::Format { path: folder.to_owned(), found: stamp.format, known: FORMAT });
        }
        let manifest: Manifest = serde_json::from_str(&text).map_err(damaged)?;
        for (name, seal) in &manifest.files {
            let path = folder.join(name);
            let found = fs::metadata(&path).map_err(error::io("read", &path))?.len();
            if found != seal.bytes {
                let what = format!("{found} bytes instead of {}", seal.bytes);
                return Err(StoreError::Damaged { path, what });
            }
        }
        Ok(manifest)
    }

    /// What the index carries to say what it was built from.
    pub(super) fn index_stamp(&self) -> String {
        format!("{} {} {} {}", self.generation, self.corpus, FORMAT, super::analysis::ANALYSIS_VERSION)
    }
}
