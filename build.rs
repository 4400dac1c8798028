//! Gives the program a digest of the code and data that reading depends on, so that a store knows which of its
//! documents an upgrade would read differently; the synonyms as the index spells them, which a search would spend most
//! of its time on; and the phrases of milestones with the words they need, which a first report would.

use analysis::Analyzer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/store/analysis.rs"]
mod analysis;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/text/openings.rs"]
mod openings;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/text/needs.rs"]
mod needs;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/text/starts.rs"]
mod starts;

#[allow(dead_code, reason = "the program uses more of it")]
#[path = "src/text/memory.rs"]
mod memory;

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
    let (phrases, keys) = milestones(include_str!("src/extract/vocabulary/milestones.toml"))?;
    fs::write(folder.join("milestones.phrases"), phrases)?;
    fs::write(folder.join("milestones.keys"), keys)?;
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

#[derive(Deserialize)]
struct Milestones {
    /// Alternatives that several phrases share, by the name that stands for them.
    classes: BTreeMap<String, String>,
    milestone: Vec<Milestone>,
}

#[derive(Deserialize)]
struct Milestone {
    name: String,
    keys: Vec<String>,
    strong: Vec<String>,
    weak: Vec<String>,
    against: Vec<String>,
    ignored: Vec<String>,
    #[serde(default)]
    outright: Vec<String>,
}

/// What `src/extract/milestone_words.rs` reads: five sets of phrases a milestone, and the keys that name each.
fn milestones(file: &str) -> Result<(String, String), toml::de::Error> {
    let file: Milestones = toml::from_str(file)?;
    let (mut phrases, mut keys) = (String::new(), String::new());
    for (nth, milestone) in file.milestone.iter().enumerate() {
        keys.push_str(&format!("{}\t{}\n", milestone.name, milestone.keys.join("\t")));
        let sets = [&milestone.strong, &milestone.weak, &milestone.against, &milestone.ignored, &milestone.outright];
        for (set, words) in sets.iter().enumerate() {
            for phrase in *words {
                // `<name>` stands for a class.
                let named = file.classes.iter().filter(|_| phrase.contains('<'));
                let spelled =
                    named.fold(phrase.clone(), |text, (name, class)| text.replace(&format!("<{name}>"), class));
                let words = |told: Option<Vec<Vec<u8>>>| {
                    let told = told.unwrap_or_default();
                    told.iter().map(|word| String::from_utf8_lossy(word)).collect::<Vec<_>>().join("\x1f")
                };
                // What opens a text is filed under what stands behind the marks before it.
                let bare = spelled.strip_prefix(r"^\W*").filter(|rest| openings::is_one_sequence(rest));
                let bare = bare.unwrap_or(&spelled);
                let (openings, needs) = (words(openings::openings(bare)), words(needs::needs(bare)));
                phrases.push_str(&format!("{}\t{openings}\t{needs}\t{spelled}\n", sets.len() * nth + set));
            }
        }
    }
    Ok((phrases, keys))
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
