//! Gives the program a digest of the code and data that reading depends on, so that a store knows which of its
//! documents an upgrade would read differently; and the synonyms as the index spells them, which a search would spend
//! most of its time on.

use analysis::Analyzer;
use serde::Deserialize;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/store/analysis.rs"]
mod analysis;

const READING: &[&str] = &["text", "time", "domain", "source", "document", "extract", "record"];

fn main() -> Result<(), Box<dyn Error>> {
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
    // What `include_str!` names makes this program anew when it changes.
    let (groups, met) = synonyms(include_str!("src/query/vocabulary/synonyms.toml"))?;
    #[allow(clippy::disallowed_methods, reason = "cargo says in the environment where to write")]
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(folder.join("synonyms.groups"), groups)?;
    fs::write(folder.join("synonyms.met"), met)?;
    Ok(())
}

#[derive(Deserialize)]
struct File {
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<String>,
    /// Kinds of it, such as products: who asks for the words finds these, but not the other way round.
    #[serde(default)]
    kinds: Vec<String>,
    /// They go together without being the same.
    #[serde(default)]
    near: bool,
    /// The same in other languages, stemmed as these are.
    #[serde(default)]
    de: Vec<String>,
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    fr: Vec<String>,
    #[serde(default)]
    pt: Vec<String>,
    /// Why these belong together; for whoever reads the file.
    #[allow(dead_code, reason = "required of every group by being read")]
    reason: String,
}

/// What `src/query/synonyms.rs` reads: the groups, and what is met of them.
fn synonyms(file: &str) -> Result<(String, String), toml::de::Error> {
    let file: File = toml::from_str(file)?;
    let english = Analyzer::new(None);
    let (mut groups, mut met) = (String::new(), String::new());
    for (nth, group) in file.group.iter().enumerate() {
        let near = |is_near: bool| if is_near { "~" } else { "" };
        let entry = |analyzer: &Analyzer, words: &String, is_near: bool| {
            format!("{}{}", near(is_near), analyzer.whole_terms(words).join(" "))
        };
        let mut entries = Vec::new();
        entries.extend(group.words.iter().map(|w| entry(&english, w, group.near)));
        entries.extend(group.kinds.iter().map(|w| entry(&english, w, true)));
        for (lang, words) in [("de", &group.de), ("es", &group.es), ("fr", &group.fr), ("pt", &group.pt)] {
            let analyzer = Analyzer::new(Some(lang));
            entries.extend(words.iter().map(|w| entry(&analyzer, w, group.near)));
        }
        groups.push_str(&format!("{}\n", entries.join("\t")));
        // Queries are read as English; what stands in one in another language is met as English makes it.
        let foreign = [&group.de, &group.es, &group.fr, &group.pt].into_iter().flatten();
        for words in group.words.iter().chain(foreign) {
            met.push_str(&format!("{}\t{nth}\n", english.whole_terms(words).join(" ")));
        }
    }
    Ok((groups, met))
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
