//! The configuration as documented: the page names every key, and its example is accepted.

use crate::world::{World, root};
use retrospect::cli::{Config, KEYS};
use std::fs;

const PAGE: &str = "docs/configuration.md";

#[test]
fn the_page_names_every_key() {
    let file = root().join(PAGE);
    let text = fs::read_to_string(&file).unwrap();
    let (open, close) = ("<!-- keys -->\n", "<!-- end of keys -->");
    let start = text.find(open).map(|at| at + open.len()).expect("a section of keys");
    let end = text.find(close).expect("the end of the section");
    let truth = reference();
    if std::env::var_os("RETRO_WRITE_README").is_some() {
        fs::write(&file, format!("{}{truth}{}", &text[..start], &text[end..])).unwrap();
    } else {
        assert_eq!(&text[start..end], truth, "RETRO_WRITE_README=1 cargo test it config writes it");
    }
}

fn reference() -> String {
    let mut text = String::new();
    let mut table = None;
    for key in KEYS {
        if table.replace(key.table) != Some(key.table) {
            let title = if key.table.is_empty() { "At the top".to_owned() } else { format!("`{}`", key.table) };
            text += &format!("\n### {title}\n\n| key | meaning | example |\n|---|---|---|\n");
        }
        text += &format!("| `{}` | {} | `{}` |\n", key.name, key.meaning, key.example);
    }
    text + "\n"
}

#[test]
fn the_example_of_the_page_is_a_configuration() {
    let text = fs::read_to_string(root().join(PAGE)).unwrap();
    let example = text.split("```toml\n").nth(1).and_then(|t| t.split("```").next()).expect("an example");
    let config = Config::parse(example).unwrap();
    assert_eq!((config.slo, config.metrics.len()), (Some(99.9), 1));
}

#[test]
fn a_configuration_that_changes_is_read_into_the_store() {
    let report =
        "# Shop down\n\nSeverity: Gold\n\nOn 2025-03-02 at 10:00 UTC the shop failed. Restored at 10:40 UTC.\n";
    let world = World::new().file("a.md", report).file("retro.toml", "[severity]\nGold = 1\n");
    world.retro(&["ingest", "-q", "a.md"]).found();
    world.retro(&["list", "severity:1"]).found();
    let world = world.file("retro.toml", "[severity]\nGold = 3\n");
    assert!(world.retro(&["ingest", "a.md"]).found().stdout.contains("1 changed"));
    world.retro(&["list", "severity:3"]).found();
}
