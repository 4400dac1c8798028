//! Every saved query runs with its defaults on the shipped corpus and finds something, unless it says it may not.

use crate::world::{World, ingested, root};
use std::fs;

#[test]
fn every_saved_query_finds_something() {
    let folder = root().join("queries");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "sql"));
    files.sort();
    assert!(files.len() >= 8, "{} saved queries", files.len());
    let store = ingested().path().join(".retro");
    let mut failures = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        for head in ["-- title: ", "-- purpose: "] {
            if !text.lines().any(|line| line.starts_with(head)) {
                failures.push(format!("{name}: no line `{head}…`"));
            }
        }
        // Below the folder `queries`, as a user would stand.
        let world = World::new().file(&format!("queries/{name}.sql"), &text);
        let answer = world.retro(&["query", &name, "--format", "csv", "--store", &store.to_string_lossy()]);
        let rows = answer.stdout.lines().count().saturating_sub(1);
        let may_be_empty = text.contains("-- may-be-empty: ");
        if answer.code == Some(2) || (rows == 0 && !may_be_empty) {
            failures.push(format!("{name}: {rows} rows\n{}", answer.all()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_mistake_in_sql_is_told_in_a_line() {
    for (sql, told) in [
        ("SELECT org FROM incidents WHERE date > 'soon'", "cannot compare"),
        ("SELECT nonsense FROM incidents", "unable to find column \"nonsense\""),
    ] {
        let answer = ingested().retro(&["query", sql]);
        assert!(answer.code == Some(2) && answer.stderr.contains(told), "{}", answer.stderr);
        assert!(answer.stderr.lines().count() <= 2 && !answer.stderr.contains("valid columns"), "{}", answer.stderr);
    }
}
