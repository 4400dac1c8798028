//! By which configuration the documents of a store were read, and a word to who asks it after that has changed.
//!
//! The mark is a small file beside the generations. Losing it costs the word and nothing else, so trouble with it is
//! none of the verb's.

use super::{Config, Settings};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

const MARK: &str = "configuration";

/// Notes the configuration that all documents were read by.
pub fn note(store: &Path, config: &Config) {
    let mark = config.reading();
    if fs::read_to_string(store.join(MARK)).is_ok_and(|known| known == mark) {
        return;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(store.join(MARK)).and_then(|mut file| file.write_all(mark.as_bytes())));
}

/// Says so where the documents were read by another configuration than the one in force.
pub fn tell(settings: &Settings) {
    let known = fs::read_to_string(settings.store.join(MARK));
    if known.is_ok_and(|known| known != settings.config.reading()) {
        settings.say(
            "retro.toml has changed since the documents were read; 'retro ingest' of all their folders applies it",
        );
    }
}
