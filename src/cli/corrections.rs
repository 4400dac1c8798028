//! `corrections.toml`: values that people corrected, a file that a team keeps beside its reports and reviews.
//!
//! Read whole, written entry by entry: what others wrote into it, comments included, stays as it is.

use super::config::Mistake;
use super::paths::{plain, relative};
use super::written;
use crate::domain::Subject;
use crate::extract::{Correction, correction};
use anyhow::Context;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The file's name.
pub const FILE: &str = "corrections.toml";

/// The head of a new file.
const HEAD: &str =
    "# Values corrected by hand with 'retro correct'. Keep this file with the reports; 'retro ingest' applies it.\n";

/// The corrections in force.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// Where they are kept, or would be.
    pub file: PathBuf,
    pub entries: Vec<Entry>,
}

/// One correction, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The document, relative to the file's folder.
    pub path: String,
    /// The incident, for readers: the path says which document it is.
    pub id: String,
    /// `2025-11-20`.
    pub on: String,
    pub correction: Correction,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    #[serde(default)]
    correction: Vec<Spanned<EntryShape>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryShape {
    path: String,
    id: String,
    part: Option<String>,
    field: Spanned<String>,
    value: Spanned<String>,
    #[serde(default)]
    was: String,
    reason: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    hash: String,
}

impl Corrections {
    /// Reads the file; one that isn't there holds none.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = text_of(file)?;
        let entries =
            parse(&text).map_err(|m| m.told(&text).context(format!("cannot understand {}", file.display())))?;
        Ok(Corrections { file: file.to_owned(), entries })
    }

    /// The corrections of the document at this place.
    pub fn of(&self, document: &Path) -> Vec<Correction> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let path = self.path_of(document);
        self.entries.iter().filter(|e| Some(&e.path) == path.as_ref()).map(|e| e.correction.clone()).collect()
    }

    /// A document's path as the file writes it.
    pub fn path_of(&self, document: &Path) -> Option<String> {
        let folder = plain(&std::path::absolute(&self.file).ok()?).parent()?.to_owned();
        let document = plain(&std::path::absolute(document).ok()?);
        Some(relative(&document, &folder))
    }

    /// The document of an entry, from here.
    pub fn document(&self, entry: &Entry) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("")).join(&entry.path)
    }

    /// Writes an entry in the place of an earlier one for the same field, else at the end.
    pub fn put(&self, entry: &Entry) -> anyhow::Result<()> {
        let mut text = without(&text_of(&self.file)?, entry);
        if text.trim().is_empty() {
            HEAD.clone_into(&mut text);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&written(entry));
        self.write(&text)
    }

    /// Removes an entry.
    pub fn remove(&self, entry: &Entry) -> anyhow::Result<()> {
        let text = without(&text_of(&self.file)?, entry);
        self.write(&text)
    }

    /// Beside, then in its place: a reader sees the old file or the new one.
    fn write(&self, text: &str) -> anyhow::Result<()> {
        let told = || format!("cannot write {}", self.file.display());
        let folder = self.file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut aside = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Teams share it; the store's secrecy is not its own.
            aside.permissions(fs::Permissions::from_mode(0o644));
        }
        let aside = aside.tempfile_in(folder).with_context(told)?;
        fs::write(aside.path(), text).with_context(told)?;
        aside.persist(&self.file).with_context(told)?;
        Ok(())
    }
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    match written::found(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Any text is corrections or a mistake with its place.
pub fn parse(text: &str) -> Result<Vec<Entry>, Mistake> {
    let shape: Shape = toml::from_str(text).map_err(|e| Mistake::of_toml(&e))?;
    shape.correction.into_iter().map(|entry| one(entry.into_inner())).collect()
}

fn one(entry: EntryShape) -> Result<Entry, Mistake> {
    let subject = subject(entry.field.get_ref()).map_err(|hint| {
        Mistake::at(entry.field.span(), format!("there is no field '{}'", entry.field.get_ref()), hint)
    })?;
    let value = entry.value.get_ref();
    correction::check(subject, value).map_err(|e| Mistake::at(entry.value.span(), e.to_string(), e.hint()))?;
    let correction = Correction {
        part: entry.part,
        subject,
        value: value.clone(),
        was: entry.was,
        reason: entry.reason,
        hash: entry.hash,
    };
    Ok(Entry { path: entry.path, id: entry.id, on: entry.on, correction })
}

/// A field by its name; else what may have been meant.
pub fn subject(name: &str) -> Result<Subject, String> {
    let folded = name.trim().to_lowercase().replace('_', "-");
    if let Some(subject) = Subject::parse(&folded).filter(|s| correction::is_correctable(*s)) {
        return Ok(subject);
    }
    let names = || Subject::ALL.iter().filter(|s| correction::is_correctable(**s)).map(|s| s.name());
    let near = names().filter_map(|n| Some((crate::store::spelling::distance(&folded, n, 2)?, n))).min();
    Err(match near {
        Some((_, name)) => format!("did you mean {name}?"),
        None => format!("the fields are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

fn written(entry: &Entry) -> String {
    let c = &entry.correction;
    let mut members = vec![("path", entry.path.as_str()), ("id", &entry.id)];
    members.extend(c.part.as_deref().map(|part| ("part", part)));
    members.extend([("field", c.subject.name()), ("value", &c.value), ("was", &c.was), ("reason", &c.reason)]);
    members.extend([("on", entry.on.as_str()), ("hash", &c.hash)]);
    let lines = members.iter().map(|(key, value)| format!("{key} = {}\n", toml::Value::String((*value).to_owned())));
    format!("\n[[correction]]\n{}", lines.collect::<String>())
}

/// The text without the entry for the same field of the same incident. Comments right above the next entry stay.
fn without(text: &str, entry: &Entry) -> String {
    let is_it = |other: &Entry| {
        (&other.path, &other.correction.part, other.correction.subject)
            == (&entry.path, &entry.correction.part, entry.correction.subject)
    };
    let Ok(shape) = toml::from_str::<Shape>(text) else { return text.to_owned() };
    let starts: Vec<usize> = shape.correction.iter().map(|e| line_start(text, e.span().start)).collect();
    let mut kept = String::new();
    let mut at = 0;
    for (i, shape) in shape.correction.into_iter().enumerate() {
        let Some(start) = starts.get(i).copied() else { continue };
        let next = starts.get(i + 1).map_or(text.len(), |next| above(text, *next));
        if one(shape.into_inner()).is_ok_and(|e| is_it(&e)) {
            kept.push_str(text.get(at..start).unwrap_or(""));
            at = next.max(start);
        }
    }
    kept.push_str(text.get(at..).unwrap_or(""));
    kept.truncate(kept.trim_end().len());
    if !kept.is_empty() {
        kept.push('\n');
    }
    kept
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1)
}

/// Where the comments right above a line begin.
fn above(text: &str, line: usize) -> usize {
    let mut start = line;
    while let Some(before) = text.get(..start.saturating_sub(1)).filter(|_| start > 0) {
        let previous = before.rfind('\n').map_or(0, |n| n + 1);
        if !before.get(previous..).is_some_and(|l| l.trim_start().starts_with('#')) {
            break;
        }
        start = previous;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, field: Subject, value: &str) -> Entry {
        let correction = Correction {
            part: None,
            subject: field,
            value: value.to_owned(),
            was: String::new(),
            reason: "because \"so\"".to_owned(),
            hash: "blake3:0".to_owned(),
        };
        Entry { path: path.to_owned(), id: "x".to_owned(), on: "2025-11-20".to_owned(), correction }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let entries = [entry("a.md", Subject::Trigger, "deploy"), entry("b\\\u{7}.md", Subject::Ttr, "1h 5m")];
        let text: String = entries.iter().map(written).collect();
        assert_eq!(parse(&text).unwrap(), entries);
    }

    #[test]
    fn removing_leaves_what_others_wrote() {
        let (first, second) = (entry("a.md", Subject::Trigger, "deploy"), entry("a.md", Subject::Org, "Acme"));
        let text = format!("# ours\n{}\n# about the name{}", written(&first), written(&second));
        let text = text.replace("# about the name\n\n", "# about the name\n");
        let rest = without(&text, &first);
        assert_eq!(parse(&rest).unwrap(), std::slice::from_ref(&second));
        assert!(rest.starts_with("# ours\n") && rest.contains("# about the name\n[[correction]]"), "{rest}");
        assert_eq!(without(&without(&text, &first), &second).matches("[[").count(), 0);
    }

    #[test]
    fn mistakes_have_a_place() {
        let text = "[[correction]]\npath = 'a'\nid = 'x'\nreason = 'r'\n";
        for (more, marked, hint) in [
            ("field = 'sevrity'\nvalue = '1'\n", "'sevrity'", "severity"),
            ("field = 'trigger'\nvalue = 'gremlins'\n", "'gremlins'", "deploy"),
            ("feild = 'trigger'\nvalue = 'deploy'\n", "feild", "field"),
        ] {
            let text = format!("{text}{more}");
            let mistake = parse(&text).unwrap_err();
            assert_eq!(mistake.span.and_then(|s| text.get(s)), Some(marked));
            assert!(mistake.hint.unwrap().contains(hint));
        }
    }
}
