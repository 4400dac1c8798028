//! The README is true: its commands run on the shipped corpus and print what it shows, its references are what the code
//! declares, its files exist. `RETRO_WRITE_README=1 cargo test readme` brings it up to date.
//!
//! In a `console` block a line `$ command` is followed by what it prints. A line `…` stands for any number of lines, a
//! `…` within a line for any characters. Bringing up to date, a lone `… 12` becomes the first twelve lines.

use crate::gold::labels;
use crate::world::{World, comparable, corpus, root};
use regex::Regex;
use retrospect::domain::METRICS;
use retrospect::record::{FIELDS, TABLES};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set to write what is true into the README instead of complaining.
const WRITE: &str = "RETRO_WRITE_README";

/// The width that README shows output in.
const COLUMNS: &str = "100";

#[test]
fn commands_print_what_the_readme_shows() {
    let readme = readme();
    let world = World::new();
    copy(&corpus(), &world.path().join("corpus"));
    copy(&root().join("queries"), &world.path().join("queries"));
    let mut differences = Vec::new();
    let mut written = readme.clone();
    let shown = commands(&readme);
    assert!(shown.len() >= 8, "the README shows {} commands; the tour was lost", shown.len());
    for example in &shown {
        // Building and installing is what the reader does first and what CI does anyway.
        if ["cargo build", "cargo install", "cargo test", "git "].iter().any(|p| example.command.starts_with(p)) {
            continue;
        }
        let (code, printed) = run(&world, &example.command);
        if code == Some(2) || code.is_none() {
            differences.push(format!("$ {}\nfailed:\n{printed}", example.command));
        } else if !agrees(&example.output, &comparable(&printed)) {
            differences.push(format!("$ {}\nprints\n{printed}\nnot\n{}", example.command, example.output));
            let truth = elided(&example.output, &printed);
            let before = format!("$ {}\n{}", example.command, example.output);
            written = written.replacen(&before, &format!("$ {}\n{truth}", example.command), 1);
        }
    }
    conclude(&written, &differences);
}

#[test]
fn references_are_what_the_code_declares() {
    let readme = readme();
    let mut written = readme.clone();
    let mut differences = Vec::new();
    for (name, truth) in [("columns", columns()), ("fields", fields()), ("metrics", metrics()), ("scores", scores())] {
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let start = readme.find(&open).map(|at| at + open.len());
        let section = start.and_then(|start| Some(&readme[start..start + readme[start..].find(&close)?]));
        let Some(section) = section else {
            differences.push(format!("no section between {open}and {close}"));
            continue;
        };
        if section != truth {
            differences.push(format!("the reference of {name} is out of date; it must be\n{truth}"));
            written = written.replacen(&format!("{open}{section}"), &format!("{open}{truth}"), 1);
        }
    }
    conclude(&written, &differences);
}

#[test]
fn the_corpus_says_what_each_document_is_for() {
    let file = corpus().join("README.md");
    let text = fs::read_to_string(&file).unwrap();
    let section = Regex::new(r"(?s)<!-- documents -->\n(?<inner>.*?)<!-- end of documents -->").unwrap();
    let found = section.captures(&text).expect("a section between comments").name("inner").unwrap();
    let truth = documents();
    if std::env::var_os(WRITE).is_some() {
        fs::write(&file, format!("{}{truth}{}", &text[..found.start()], &text[found.end()..])).unwrap();
    } else {
        assert_eq!(found.as_str(), truth, "{WRITE}=1 cargo test readme writes it");
    }
}

#[test]
fn what_is_linked_exists() {
    let link = Regex::new(r"\]\((?<target>[^)#]+)(#[^)]*)?\)").unwrap();
    for file in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "corpus/README.md",
        "queries/README.md",
        "docs/quality.md",
        "docs/configuration.md",
    ] {
        let file = root().join(file);
        let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for found in link.captures_iter(&text).filter(|c| !c["target"].contains(':')) {
            let target = file.parent().unwrap().join(&found["target"]);
            assert!(target.exists(), "{} links {}, which isn't there", file.display(), &found["target"]);
        }
    }
}

fn readme_file() -> PathBuf {
    root().join("README.md")
}

fn readme() -> String {
    fs::read_to_string(readme_file()).unwrap()
}

#[track_caller]
fn conclude(written: &str, differences: &[String]) {
    if std::env::var_os(WRITE).is_some() {
        fs::write(readme_file(), written).unwrap();
        return;
    }
    let hint = format!("{WRITE}=1 cargo test readme -- --test-threads 1 writes what is true");
    assert!(differences.is_empty(), "{}\n\n{hint}", differences.join("\n\n"));
}

struct Example {
    command: String,
    /// Empty when the README shows none; then any will do.
    output: String,
}

fn commands(readme: &str) -> Vec<Example> {
    let block = Regex::new(r"(?s)```console\n(?<inner>.*?)```").unwrap();
    let mut examples: Vec<Example> = Vec::new();
    for found in block.captures_iter(readme) {
        for line in found["inner"].lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                examples.push(Example { command: command.to_owned(), output: String::new() });
            } else if let Some(example) = examples.last_mut() {
                example.output += &format!("{line}\n");
            }
        }
    }
    examples
}

/// As a shell would, with `retro` and `cargo run` being the program under test.
fn run(world: &World, command: &str) -> (Option<i32>, String) {
    let bin = Path::new(env!("CARGO_BIN_EXE_retro")).parent().unwrap();
    let command = command.replace("cargo run --locked -- ", "retro ");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    for name in ["RETRO_STORE", "NO_COLOR", "PAGER"] {
        shell.env_remove(name);
    }
    shell.args(["-c", &format!("{{ {command}\n}} 2>&1")]).env("PATH", path).env("COLUMNS", COLUMNS);
    let output = shell.current_dir(world.path()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let printed: String = printed.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    (output.status.code(), printed)
}

fn agrees(shown: &str, printed: &str) -> bool {
    if shown.is_empty() {
        return true;
    }
    let lines = shown.lines().map(|line| {
        let line = comparable(line);
        if line.trim() == "…" {
            r"(?:.*\n)*?".to_owned()
        } else {
            format!("{}\n", regex::escape(&line).replace('…', ".*?"))
        }
    });
    let pattern = format!(r"\A{}\z", lines.collect::<String>());
    Regex::new(&pattern).unwrap().is_match(printed)
}

/// What is printed, with as many lines before and after the elision as the README shows now.
fn elided(shown: &str, printed: &str) -> String {
    if let Some(count) = shown.strip_prefix("… ").and_then(|n| n.trim().parse().ok()) {
        let head: String = printed.lines().take(count).map(|l| format!("{l}\n")).collect();
        return if printed.lines().count() > count { head + "…\n" } else { head };
    }
    let lines: Vec<_> = shown.lines().collect();
    let Some(head) = lines.iter().position(|line| line.trim() == "…") else { return printed.to_owned() };
    let tail = lines.len() - 1 - lines.iter().rposition(|line| line.trim() == "…").unwrap_or(head);
    let printed: Vec<_> = printed.lines().collect();
    if head + tail >= printed.len() {
        return printed.iter().map(|l| format!("{l}\n")).collect();
    }
    let kept = [&printed[..head], &["…"], &printed[printed.len() - tail..]].concat();
    kept.iter().map(|l| format!("{l}\n")).collect()
}

fn columns() -> String {
    let mut text = String::new();
    for table in TABLES {
        text += &format!(
            "\n**{}**: {}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
            table.name, table.meaning
        );
        for c in table.columns {
            text += &format!("| `{}` | {} | {} | {} |\n", c.name, c.kind.name(), c.unit, c.meaning);
        }
    }
    text + "\n"
}

fn fields() -> String {
    let mut text = "\n| field | meaning | example |\n|---|---|---|\n".to_owned();
    for f in FIELDS {
        let aliases: String = f.aliases.iter().map(|a| format!(", `{a}`")).collect();
        text += &format!("| `{}`{aliases} | {} | `{}:{}` |\n", f.name, f.meaning, f.name, f.example);
    }
    text + "\n"
}

fn metrics() -> String {
    let mut text = "\n| metric | from | to | meaning |\n|---|---|---|---|\n".to_owned();
    for m in METRICS {
        text += &format!("| {} | {} | {} | {} |\n", m.title, m.start.name(), m.end.name(), m.meaning);
    }
    text + "\n"
}

/// What `docs/quality.md` says of the fields that readers ask about first.
fn scores() -> String {
    let quality = fs::read_to_string(root().join("docs/quality.md")).unwrap();
    let (_, real) = quality.split_once("## Real reports").expect("a section on real reports");
    let mut text = "\n| on 120 real reports | precision | recall |\n|---|---:|---:|\n".to_owned();
    for (field, title) in [
        ("kind", "is it an incident report at all"),
        ("date", "date"),
        ("zone", "time zone"),
        ("timeline_full", "timeline entries: date, clock and zone right"),
        ("started", "start of impact"),
        ("resolved", "end"),
        ("stated_durations", "durations that the author states"),
        ("org", "organisation"),
        ("providers_at_fault", "providers at fault"),
        ("trigger", "trigger"),
        ("detection", "who noticed"),
        ("root_cause", "the sentence that explains"),
        ("actions", "follow-up actions"),
    ] {
        let row = real.lines().find_map(|line| line.strip_prefix(&format!("| {field} | "))).expect("a row a field");
        let cells: Vec<_> = row.split(" | ").collect();
        text += &format!("| {title} | {} | {} |\n", cells[0], cells[1]);
    }
    text + "\n"
}

fn documents() -> String {
    let mut text = "\n| document | holds | began | zone | what it is here for |\n|---|---|---|---|---|\n".to_owned();
    for label in labels() {
        let parts = if label.kind == "multi" { &label.part[..] } else { std::slice::from_ref(&label) };
        let list = |values: Vec<&str>| {
            let mut unique: Vec<_> = values;
            unique.dedup();
            unique.join(", ")
        };
        let months = list(parts.iter().filter_map(|p| p.date.first().and_then(|d| d.get(..7))).collect());
        let zones = list(parts.iter().filter_map(|p| p.zones.first().map(String::as_str)).collect());
        let holds = match label.kind.as_str() {
            "multi" => format!("{} incidents", label.part.len()),
            "none" => "no incident".to_owned(),
            _ => "an incident".to_owned(),
        };
        let (file, why) = (&label.file, label.exercises.replace('|', "\\|"));
        text += &format!("| [{file}]({}) | {holds} | {months} | {zones} | {why} |\n", file.replace(' ', "%20"));
    }
    text + "\n"
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn an_elision_stands_for_lines_or_characters() {
    assert!(agrees("a\n…\nz\n", "a\nb\nc\nz\n"));
    assert!(agrees("a … z\n", "a b c z\n"));
    assert!(!agrees("a\nz\n", "a\nb\nz\n"));
    assert_eq!(elided("x\n…\ny\n", "a\nb\nc\nd\n"), "a\n…\nd\n");
}
