//! Values corrected by hand are kept in a file, survive every ingest, are shown as such, and can be taken back.

use crate::world::{World, root};
use insta::assert_snapshot;
use std::fs;

const REPORT: &str = "# Shop down\n\nSeverity: High\n\nOn 2025-03-02 the shop was down from 10:00 to 11:00 UTC.\n";
const ID: &str = "2025-03-02-shop-down";

fn world() -> World {
    let world = World::new().file("reports/a.md", REPORT);
    world.retro(&["ingest", "-q", "reports"]).found();
    world
}

fn show(world: &World) -> serde_json::Value {
    serde_json::from_str(&world.retro(&["show", ID, "--format", "json"]).found().stdout).unwrap()
}

#[test]
fn a_correction_counts_at_once_and_after_every_ingest() {
    let world = world();
    let words = ["started=2025-03-02 09:30 UTC", "trigger=config", "provider=Acme:involved"];
    let args = [&["correct", ID], &words[..], &["--reason", "the log says so"]].concat();
    assert_snapshot!(world.retro(&args).all(), @r"
    exit 0
    --- stderr
    started of 2025-03-02-shop-down: '2025-03-02 09:30 UTC', read as '2025-03-02T10:00+00:00'
    trigger of 2025-03-02-shop-down: 'config', read as nothing
    provider of 2025-03-02-shop-down: 'Acme:involved', read as nothing
    ");
    for again in [&["ingest", "-q", "reports"][..], &["ingest", "-q", "reports", "--rebuild"]] {
        let record = show(&world);
        assert_eq!(record["milestones"]["started"]["at"]["utc"], "2025-03-02T09:30:00Z");
        assert_eq!(record["milestones"]["started"]["rule"], "override");
        assert_eq!(record["durations"]["ttr"]["minutes"], 90);
        assert_eq!(record["causes"]["trigger"]["value"], "config");
        assert_eq!(record["corrections"].as_array().unwrap().len(), 3);
        assert_eq!(record["corrections"][0]["was"], "2025-03-02T10:00+00:00");
        world.retro(again).found();
    }
    world.retro(&["list", "is:corrected", "trigger:config"]).found();
    let card = world.retro(&["show", ID]).found().stdout;
    assert!(card.contains("Corrected by hand") && card.contains("the log says so"), "{card}");
    let extracted = world.retro(&["extract", "reports/a.md"]).found().ndjson();
    assert_eq!(extracted[0]["durations"]["ttr"]["minutes"], 90);
    let explained = world.retro(&["extract", "reports/a.md", "--explain", "started"]).found().stdout;
    assert!(explained.contains("overruled") && explained.contains("the log says so"), "{explained}");
}

#[test]
fn a_corrected_duration_is_an_override() {
    let world = world();
    world.retro(&["correct", ID, "ttr=3h", "--reason", "r"]).found();
    let ttr = show(&world)["durations"]["ttr"].clone();
    assert_eq!((ttr["minutes"].as_i64(), ttr["from"].as_str()), (Some(180), Some("override")));
    assert_eq!(ttr["computed"]["minutes"], 60);
    assert!(world.retro(&["list", "ttr:3h"]).found().stdout.contains(ID));
}

#[test]
fn the_file_can_be_reviewed_listed_and_taken_back() {
    let world = world();
    world.retro(&["correct", ID, "severity=SEV-1", "--reason", "declared in chat"]).found();
    let file = fs::read_to_string(world.path().join("corrections.toml")).unwrap();
    for line in ["path = \"reports/a.md\"", "field = \"severity\"", "value = \"SEV-1\"", "was = \"High\""] {
        assert!(file.contains(line), "{line} is not in\n{file}");
    }
    world.retro(&["correct", ID, "severity=SEV-2", "--reason", "later"]).found();
    let listed = world.retro(&["correct", "--list", "--format", "csv"]).found().stdout;
    let row = listed.lines().nth(1).unwrap();
    assert!(row.starts_with(&format!("{ID},severity,SEV-2,High,applied,later,")), "{listed}");
    assert_eq!(listed.lines().count(), 2, "a later correction takes the place of an earlier one:\n{listed}");
    world.retro(&["correct", ID, "--undo"]).found();
    assert_eq!(show(&world)["severity"]["value"], "High");
    assert_eq!(world.retro(&["correct", "--list"]).code, Some(1));
    assert_eq!(world.retro(&["correct", ID, "--undo"]).code, Some(1));
}

#[test]
fn a_correction_of_what_changed_since_is_told() {
    let world = world();
    world.retro(&["correct", ID, "severity=SEV-1", "--reason", "r"]).found();
    // Other words change; what was corrected is read as before.
    let world = world.file("reports/a.md", format!("{REPORT}\nMore.\n"));
    world.retro(&["ingest", "-q", "reports"]).found();
    assert_eq!(show(&world)["corrections"][0]["stale"], false);
    let world = world.file("reports/a.md", REPORT.replace("High", "Low"));
    world.retro(&["ingest", "-q", "reports"]).found();
    let record = show(&world);
    assert_eq!(
        (record["severity"]["value"].as_str(), &record["corrections"][0]["stale"]),
        (Some("SEV-1"), &true.into())
    );
    assert!(world.retro(&["list", "notice:correction-stale"]).found().stdout.contains(ID));
    assert!(world.retro(&["correct", "--list"]).found().stdout.contains("stale"));
    // What once was an incident is named where it is gone.
    fs::remove_file(world.path().join("reports/a.md")).unwrap();
    assert!(world.retro(&["correct", "--list"]).found().stdout.contains("document missing"));
}

#[test]
fn a_document_can_be_made_an_incident_and_unmade() {
    let index = fs::read_to_string(root().join("corpus/_templates/incident-template.md")).unwrap();
    let world = World::new().file("incident-template.md", index);
    world.retro(&["ingest", "-q", "incident-template.md"]).found();
    let ids = world.retro(&["list", "--format", "ndjson"]);
    assert_eq!(ids.stdout, "", "{}", ids.all());
    let record = world.retro(&["extract", "incident-template.md"]).ndjson().remove(0);
    let id = record["id"].as_str().unwrap();
    world.retro(&["correct", id, "kind=incident", "--reason", "r"]).found();
    assert_eq!(world.retro(&["list", "--format", "ndjson"]).found().ndjson().len(), 1);
    world.retro(&["correct", id, "kind=none", "--reason", "r"]).found();
    assert_eq!(world.retro(&["list"]).code, Some(1));
}

#[test]
fn mistakes_are_told_with_what_is_valid() {
    let world = world();
    for (args, hint) in [
        (&["correct", ID, "sevrity=1", "--reason", "r"][..], "did you mean severity?"),
        (&["correct", ID, "trigger=gremlins", "--reason", "r"], "write one of deploy"),
        (&["correct", ID, "started=soon", "--reason", "r"], "2025-03-02 14:05 UTC"),
        (&["correct", ID, "severity", "--reason", "r"], "severity=SEV-1"),
        (&["correct", ID, "severity=1"], "--reason"),
        (&["correct", ID, "severity=9", "--reason", "r"], "a level from 1 (worst) to 5"),
        (&["correct", ID, "trigger=deploy", "severity=Teal", "--reason", "r"], "[severity] in retro.toml"),
        (&["correct", ID], "FIELD=VALUE"),
        (&["correct", "nowhere", "severity=1", "--reason", "r"], "retro list"),
    ] {
        let answer = world.retro(args);
        assert!(answer.code == Some(2) && answer.stderr.contains(hint), "{args:?}: {}", answer.all());
    }
    assert!(!world.path().join("corrections.toml").exists());
    let world =
        world.file("corrections.toml", "[[correction]]\npath = 'a'\nid = 'x'\nreason = 'r'\nfield = 'sevrity'\n");
    assert_snapshot!(world.retro(&["ingest", "reports"]).all(), @r"
    exit 2
    --- stderr
    error: cannot understand [DIR]/corrections.toml
      caused by: line 1, column 1: missing field `value`
      |
    1 | [[correction]]
      | ^^^^^^^^^^^^^^
    ");
}
