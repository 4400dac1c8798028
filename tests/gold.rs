//! The shipped corpus against its hand labels. The floors in `gold/floors.toml` are what has been reached: a change may
//! raise a field, never lower it. `cargo gold` prints the table and every miss.

use crate::score::{FIELDS, Label, Tally, score};
use crate::world::{World, corpus, loudly, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set to write the floors that were reached to `gold/floors.toml` (none is lowered).
const RAISE: &str = "RETRO_RAISE_FLOORS";

/// Where the larger labelled collection is, when it isn't beside the repository.
const SHARED: &str = "RETRO_SHARED";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    /// F1 by field, of the shipped corpus.
    corpus: BTreeMap<String, f64>,
    /// F1 by field, of the larger collection.
    shared: BTreeMap<String, f64>,
    /// Per cent right by vendor and field, of the labelled status pages.
    shared_status: BTreeMap<String, f64>,
    /// nDCG@10 by style of query, and how often the first hit helps, of search in the shipped corpus.
    pub search: BTreeMap<String, f64>,
    /// nDCG@10 by style of query, of search in the larger collection.
    shared_search: BTreeMap<String, f64>,
}

#[test]
fn the_corpus_is_read_as_labelled() {
    let labels = labels();
    let tally = score(&labels, &records());
    let floors = floors();
    let mut table =
        format!("{:20} {:>6} {:>6} {:>6} {:>6}  {:>6}\n", "field", "right", "found", "labels", "F1", "floor");
    let mut reached = BTreeMap::new();
    let mut short = Vec::new();
    for field in FIELDS {
        let count = tally.counts.get(field).copied().unwrap_or_default();
        let floor = floors.corpus.get(*field).copied().unwrap_or(0.0);
        let f1 = (count.f1() * 1000.0).floor() / 1000.0;
        let (right, found, labelled) = (count.right, count.predicted, count.labelled);
        table += &format!("{field:20} {right:>6} {found:>6} {labelled:>6} {f1:>6.3}  {floor:>6.3}\n");
        reached.insert((*field).to_owned(), f1.max(floor));
        if f1 < floor {
            short.push(format!("{field}: {f1:.3} is below {floor:.3}"));
        }
    }
    println!("{} labelled documents\n{table}\n{}", labels.len(), misses(&tally));
    if std::env::var_os(RAISE).is_some() {
        raise(&reached);
    }
    assert!(short.is_empty(), "the reading of the shipped corpus got worse:\n{}\n", short.join("\n"));
}

#[test]
fn where_the_corpus_lies_changes_nothing() {
    // Folders above the one that is named, with a date and the names of organisations in them.
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("2019-03-04/lumenpay/silvermine-cloud/corpus");
    for document in documents(&corpus()) {
        let copy = elsewhere.join(shown(&document));
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&document, copy).unwrap();
    }
    let read = |root: &Path| {
        let mut records = World::new().retro(&["extract", &root.to_string_lossy()]).found().ndjson();
        records.iter_mut().for_each(|r| r["source"]["path"] = serde_json::Value::Null);
        records
    };
    let (there, here) = (read(&elsewhere), read(&corpus()));
    assert_eq!(there.len(), here.len());
    for (there, here) in there.iter().zip(&here) {
        assert_eq!(there, here, "a record depends on where its document lies");
    }
}

#[test]
fn every_document_is_labelled_and_every_label_has_its_document() {
    let mut documents: Vec<_> = documents(&corpus()).into_iter().map(|p| shown(&p)).collect();
    let mut labelled: Vec<_> = labels().into_iter().map(|l| l.file).collect();
    documents.sort();
    labelled.sort();
    assert_eq!(documents, labelled);
}

#[test]
fn the_larger_collection_is_read_as_well_as_before() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let records = extracted(&shared.join("corpora/postmortems"), folder.path());
    let labels = shared.join("eval/gold/dev.jsonl");
    let printed = scorer(&shared, "score.py", &[labels.as_os_str(), records.as_os_str(), "--json".as_ref()]);
    let scores: serde_json::Value = serde_json::from_str(&printed).unwrap();
    hold("shared", &floors().shared, |field| match field {
        "mean" => scores["mean_f1"].as_f64(),
        field => scores[field]["f1"].as_f64(),
    });
}

#[test]
fn the_status_pages_are_read_as_well_as_before() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let records = extracted(&shared.join("corpora/status-pages"), folder.path());
    let labels = shared.join("eval/gold/status-dev.jsonl");
    let printed = scorer(&shared, "score_status.py", &[labels.as_os_str(), records.as_os_str(), "--json".as_ref()]);
    let scores: serde_json::Value = serde_json::from_str(&printed).unwrap();
    hold("shared_status", &floors().shared_status, |field| {
        let (vendor, field) = field.split_once('.')?;
        scores[vendor][field].as_f64()
    });
}

#[test]
fn the_larger_collection_is_found_as_well_as_before() {
    let Some(shared) = shared() else { return };
    let (documents, queries) = (shared.join("corpora/postmortems"), shared.join("eval/search/dev.queries.jsonl"));
    let retro: &OsStr = env!("CARGO_BIN_EXE_retro").as_ref();
    let arguments = [retro, documents.as_os_str(), queries.as_os_str(), "--json".as_ref()];
    let printed = scorer(&shared, "score_search.py", &arguments);
    let scores: serde_json::Value = serde_json::from_str(&printed).unwrap();
    hold("shared_search", &floors().shared_search, |style| scores["styles"][style][0].as_f64());
}

/// The folder's records, in a file.
fn extracted(documents: &Path, folder: &Path) -> PathBuf {
    let records = folder.join("records.ndjson");
    let output = crate::world::retro().arg("extract").arg(documents).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(&records, output.stdout).unwrap();
    records
}

/// What a scorer prints.
fn scorer(shared: &Path, name: &str, arguments: &[&OsStr]) -> String {
    let output = Command::new("python3").arg(shared.join("eval").join(name)).args(arguments).output();
    let output = output.expect("python3 runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}

/// Fails with every value that fell under its floor.
#[track_caller]
pub fn hold(section: &str, floors: &BTreeMap<String, f64>, reached: impl Fn(&str) -> Option<f64>) {
    let mut short = Vec::new();
    for (name, floor) in floors {
        let value = reached(name).unwrap_or_else(|| panic!("the scorer knows no {name}"));
        println!("{section} {name}: {value:.3} (floor {floor:.3})");
        if value < *floor {
            short.push(format!("{name}: {value:.3} is below {floor:.3}"));
        }
    }
    assert!(short.is_empty(), "[{section}] got worse:\n{}\n", short.join("\n"));
}

/// Every label, in the order of the files.
pub fn labels() -> Vec<Label> {
    let mut files: Vec<_> = documents(&root().join("tests/gold"));
    files.retain(|f| f.file_name().is_some_and(|n| n != "floors.toml"));
    files.sort();
    let read = |file: &PathBuf| match toml::from_str(&fs::read_to_string(file).unwrap()) {
        Ok(label) => label,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    files.iter().map(read).collect()
}

/// The records of the shipped corpus, by file.
fn records() -> BTreeMap<String, Vec<serde_json::Value>> {
    let answer = World::new().retro(&["extract", &corpus().to_string_lossy()]).found();
    let mut records = BTreeMap::<_, Vec<_>>::new();
    for record in answer.ndjson() {
        let path = record["source"]["path"].as_str().unwrap();
        let below = path.split_once("corpus/").map_or(path, |(_, below)| below).to_owned();
        records.entry(below).or_default().push(record);
    }
    records
}

/// Every file below, but for the page that explains them.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if ![corpus().join("README.md"), corpus().join(".ignore")].contains(&path) {
            found.push(path);
        }
    }
    found
}

fn shown(path: &Path) -> String {
    let below = path.strip_prefix(corpus()).unwrap();
    below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn misses(tally: &Tally) -> String {
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let line = |m: &crate::score::Miss| {
        format!("{} · {}\n    want {}\n    got  {}\n", m.field, m.file, short(&m.want), short(&m.got))
    };
    tally.misses.iter().map(line).collect()
}

fn floors_file() -> PathBuf {
    root().join("tests/gold/floors.toml")
}

pub fn floors() -> Floors {
    toml::from_str(&fs::read_to_string(floors_file()).unwrap()).expect("floors.toml is as expected")
}

/// Rewrites the `[corpus]` section; the others are kept.
fn raise(reached: &BTreeMap<String, f64>) {
    let text = fs::read_to_string(floors_file()).unwrap();
    let start = text.find("[corpus]\n").unwrap() + "[corpus]\n".len();
    // Up to the empty line before what is said of the next section.
    let end = start + text[start..].find("\n\n").map_or(text[start..].len(), |at| at + 1);
    let lines: String = FIELDS.iter().map(|f| format!("{f} = {:.3}\n", reached[*f])).collect();
    fs::write(floors_file(), format!("{}{lines}{}", &text[..start], &text[end..])).unwrap();
}

/// The larger collection is not part of the repository.
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os(SHARED).map_or_else(|| root().join("../shared"), PathBuf::from);
    if folder.join("eval/score.py").is_file() {
        return Some(folder);
    }
    loudly(&format!("SKIPPED: no labelled collection at {} ({SHARED} names another place)", folder.display()));
    None
}
