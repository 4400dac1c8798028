//! Gives the program a digest of the code and data that reading depends on, so that a store knows which of its
//! documents an upgrade would read differently.

use std::fs;
use std::path::{Path, PathBuf};

const READING: &[&str] = &["text", "time", "domain", "source", "document", "extract", "record"];

fn main() {
    let mut files = Vec::new();
    for layer in READING {
        let folder = Path::new("src").join(layer);
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &mut files);
    }
    files.sort();
    // FNV-1a: a change detector, not a defence.
    let mut digest: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        for byte in fs::read(&file).unwrap_or_default() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=RETRO_READING_DIGEST={digest:016x}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
