//! What a generation says of itself.

use super::error::{self, StoreError};
use super::summary::Tallies;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Raised when the files of a generation change their shape or meaning.
pub const FORMAT: u32 = 4;

pub(super) const MANIFEST: &str = "manifest.json";
const PARTS: &str = "parts";

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
    /// Records and tables, oldest first. Generations share those that did not change.
    pub(super) parts: Vec<Part>,
    /// Is there one part at most, with its rows in order and all of them counting?
    pub(super) is_plain: bool,
    /// The first number that no record in the index has had.
    pub(super) next_serial: u64,
    /// The first number that no part has had.
    pub(super) next_part: u64,
    /// What the other files weigh, to tell damage from truth.
    pub(super) files: BTreeMap<String, FileSeal>,
}

/// Some documents' records and rows, written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub number: u64,
    /// Records in it, and how many of them count: the documents of the others have changed or are gone.
    pub rows: u64,
    pub live: u64,
    pub files: BTreeMap<String, FileSeal>,
}

/// Size and digest of a file as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileSeal {
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
        let parts = manifest.parts.iter().flat_map(|p| {
            let folder = part_folder(folder, p.number);
            p.files.iter().map(move |(name, seal)| (folder.join(name), seal))
        });
        let files = manifest.files.iter().map(|(name, seal)| (folder.join(name), seal));
        for (path, seal) in files.chain(parts) {
            let found = fs::metadata(&path).map_err(error::io("read", &path))?.len();
            if found != seal.bytes {
                let what = format!("{found} bytes instead of {}", seal.bytes);
                return Err(StoreError::Damaged { path, what });
            }
        }
        Ok(manifest)
    }

    /// Records in all.
    pub(super) fn records(&self) -> usize {
        self.incidents + self.none
    }

    pub(super) fn part(&self, number: u64) -> Option<&Part> {
        self.parts.iter().find(|p| p.number == number)
    }

    /// What the index carries to say what it was built from.
    pub(super) fn index_stamp(&self) -> String {
        format!("{} {} {} {}", self.generation, self.corpus, FORMAT, super::analysis::ANALYSIS_VERSION)
    }
}

/// The folder of a part of a generation.
pub(super) fn part_folder(generation: &Path, number: u64) -> PathBuf {
    generation.join(PARTS).join(number.to_string())
}

impl FileSeal {
    /// Of a file that is complete.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(error::io("read", path))?;
        let bytes = file.metadata().map_err(error::io("read", path))?.len();
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(file).map_err(error::io("read", path))?;
        Ok(FileSeal { bytes, hash: hasher.finalize().to_hex().to_string() })
    }

    /// The bytes of the file, when they are those that were written.
    pub fn proved(&self, path: &Path) -> Result<Vec<u8>, StoreError> {
        let bytes = fs::read(path).map_err(error::io("read", path))?;
        if self.hash != blake3::hash(&bytes).to_hex().as_str() {
            return Err(StoreError::Damaged { path: path.to_owned(), what: "changed contents".to_owned() });
        }
        Ok(bytes)
    }
}
