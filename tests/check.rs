//! Reviews: what is found, where, in which format, and what the exit status says.

use crate::world::{World, root};
use insta::assert_snapshot;

const DRAFT: &str = "# Shop down\n\nTicket: INC-XXXX\n\nOn 2025-03-02 at 10:00 the shop failed because the disk was full.\n\
    Customers could not pay until 11:00. At 10:04 we were paged.\n\n## Action items\n\n- [ ] Add an alert\n- [x] Grow the disk\n";

const GOOD: &str = "# Shop down\n\nSeverity: SEV-2\n\nAll times are UTC. On 2025-03-02 at 10:00 the shop failed because the disk was\n\
    full. Customers could not pay until 11:00. At 10:04 we were paged.\n\n## Action items\n\n- [x] Grow the disk\n";

#[test]
fn findings_have_line_reason_and_remedy() {
    let world = World::new().file("draft.md", DRAFT);
    assert_snapshot!(world.retro(&["check", "draft.md"]).all(), @r"
    exit 1
    --- stdout
    draft.md:1:1: note [R201 no-severity]: the report does not tell how severe it was
      fix: Add a line such as 'Severity: SEV-2'; retro.toml says what your own grades mean.
    draft.md:3:9: error [R401 placeholder]: 'INC-XXXX' was never replaced
      | INC-XXXX
      fix: Fill it in, or say that it is not known.
    draft.md:5:4: error [R101 no-zone]: this and 2 other clocks have no time zone
      | 2025-03-02 at 10:00
      fix: Write the zone once, such as 'All times are UTC', or beside the times; retro.toml can give
           one for a folder.
    draft.md:10:7: warning [R301 action-without-owner]: this action lacks an owner
      | Add an alert
      fix: Name a person or a team beside each action, or link its ticket.
    draft.md:10:7: note [R302 action-without-date]: this action lacks a date
      | Add an alert
      fix: Write a date beside each action, or link its ticket.
    --- stderr
    2 errors, 1 warning, 2 notes; 1 incident in 1 document
    ");
}

#[test]
fn a_good_report_is_left_alone() {
    let world = World::new().file("good.md", GOOD).file("guide.md", "# How to write a postmortem\n\nYou should TBD.\n");
    let answer = world.retro(&["check", "."]);
    assert_eq!((answer.code, answer.stdout.as_str()), (Some(0), ""), "{}", answer.all());
    assert!(answer.stderr.starts_with("0 errors, 0 warnings, 0 notes"), "{}", answer.stderr);
}

/// What a row of a table or an entry of an array lacks stands where the row begins.
#[test]
fn a_finding_about_a_row_points_at_it() {
    let rows = "title,started,severity\nAPI down,2025-03-02 10:00 UTC,2\n\"Search\nslow\",2025-03-04 10:00 UTC,2\n";
    let entries = "[{\"title\": \"API down\", \"started\": \"2025-03-02 10:00 UTC\"},\n\
                   {\"title\": \"Search slow\", \"started\": \"2025-03-04 10:00 UTC\"}]\n";
    let world = World::new().file("a.csv", rows).file("a.json", entries);
    for (file, expected) in [("a.csv", [2, 3]), ("a.json", [1, 2])] {
        let found: serde_json::Value =
            serde_json::from_str(&world.retro(&["check", file, "--format", "json"]).stdout).unwrap();
        let ends = found["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "R103");
        assert_eq!(ends.map(|f| f["line"].as_u64().unwrap()).collect::<Vec<_>>(), expected, "{found}");
    }
}

#[test]
fn levels_are_set_by_configuration_and_on_the_command_line() {
    let world = World::new().file("draft.md", DRAFT);
    let off = ["check", "draft.md", "-q", "--level", "R101=off", "--level", "placeholder=note"];
    let answer = world.retro(&off);
    assert_eq!(answer.code, Some(0), "{}", answer.all());
    assert!(!answer.stdout.contains("R101") && answer.stdout.contains("note [R401"), "{}", answer.stdout);
    let world = world.file("retro.toml", "[check]\nno-zone = 'off'\nR401 = 'off'\nno-severity = 'error'\n");
    let answer = world.retro(&["check", "draft.md"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.stdout.contains("error [R201") && !answer.stdout.contains("R401"), "{}", answer.stdout);
    for (args, hint) in [
        (&["check", "draft.md", "--level", "no-zoen=off"][..], "did you mean no-zone?"),
        (&["check", "draft.md", "--level", "no-zone=loud"], "off, note, warning, error"),
        (&["check", "--list", "R11"], "did you mean"),
        (&["check", "missing.md"], "missing.md"),
    ] {
        let answer = world.retro(args);
        assert!(answer.code == Some(2) && answer.stderr.contains(hint), "{args:?}: {}", answer.all());
    }
}

#[test]
fn findings_are_data() {
    let world = World::new().file("draft.md", DRAFT);
    let answer = world.retro(&["check", "draft.md", "--format", "json", "-q"]);
    assert_eq!(answer.code, Some(1));
    let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    let zone = json["findings"].as_array().unwrap().iter().find(|f| f["code"] == "R101").unwrap();
    assert_eq!((zone["line"].as_u64(), zone["level"].as_str()), (Some(5), Some("error")));
    assert_eq!(json["errors"].as_u64(), Some(2));
    let github = world.retro(&["check", "draft.md", "--format", "github"]).stdout;
    assert!(github.contains("::error file=draft.md,line=5,"), "{github}");
    let sarif = world.retro(&["check", "draft.md", "--format", "sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), json["findings"].as_array().unwrap().len());
    let piped = world.retro_with(&["check", "--stdin", "draft.md", "--format", "github"], DRAFT);
    assert_eq!((piped.code, piped.stdout), (Some(1), github));
}

#[test]
fn every_check_has_a_manual() {
    let world = World::new();
    let listed = world.retro(&["check", "--list", "--format", "json"]).found().stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert!(listed["rows"].as_array().unwrap().len() >= 15);
    let page = world.retro(&["check", "--list", "no-zone"]).found().stdout;
    assert!(page.starts_with("R101 no-zone\n") && page.contains("What to do"), "{page}");
}

/// The reports that ship with the program are good ones for the most part: a check that finds something in many of them
/// is wrong about reports.
#[test]
fn checks_do_not_cry_wolf() {
    let answer = World::new().retro(&["check", &root().join("corpus").to_string_lossy(), "--format", "json", "-q"]);
    let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    let incidents = json["incidents"].as_u64().unwrap();
    let errors = json["errors"].as_u64().unwrap();
    assert!(incidents > 50 && errors * 4 < incidents, "{errors} errors in {incidents} incidents");
}
