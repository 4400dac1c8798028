//! A hostile document goes through every verb that shows it, and nothing of it acts.

use crate::world::{Answer, World};

const TITLE: &str =
    "=HYPERLINK(evil) <script>alert(1)</script> \u{1b}[2J\u{1b}]0;owned\u{7} \u{202e}txt |x| ![p](http://e)";

fn world() -> World {
    let report = format!(
        "# {TITLE}\n\nDate: 2025-04-03\n\nSeverity: SEV1 \u{1b}[31m\n\n## Timeline\n\n\
         - 2025-04-03 10:00 UTC impact started <img src=x onerror=alert(1)>\n\
         - 2025-04-03 10:05 UTC detected by monitoring \u{9b}31m\n\
         - 2025-04-03 11:00 UTC resolved\n\n## Action items\n\n- [ ] @sum(1) \u{1b}[31m tell everyone\n"
    );
    let world = World::new().file("reports/hostile.md", report);
    world.retro(&["ingest", "reports"]).found();
    world
}

fn tame(answer: &Answer) {
    let is_wild = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    for stream in [&answer.stdout, &answer.stderr] {
        assert!(!stream.contains(is_wild), "{stream:?}");
    }
}

#[test]
fn nothing_of_a_document_acts() {
    let world = world();
    let ids = world.retro(&["query", "SELECT id FROM incidents", "--format", "csv"]).found().stdout;
    let id = ids.lines().nth(1).expect("one incident").to_owned();
    for format in ["table", "json", "ndjson", "csv", "md"] {
        let answer = world.retro(&["query", "SELECT * FROM incidents", "--format", format]).found();
        tame(&answer);
        if format == "csv" {
            assert!(!answer.stdout.contains(",=HYPER") && !answer.stdout.contains(",\"=HYPER"), "{}", answer.stdout);
        }
        if format == "md" {
            assert!(!answer.stdout.contains("<script") && !answer.stdout.contains("![p]("), "{}", answer.stdout);
        }
    }
    for format in ["card", "json", "md"] {
        tame(&world.retro(&["show", &id, "--evidence", "--tz", "Asia/Tokyo", "--format", format]).found());
    }
    for format in ["table", "json", "md", "html"] {
        let answer = world.retro(&["report", "2025-Q2", "--format", format]).found();
        tame(&answer);
        if format == "html" {
            assert!(!answer.stdout.contains("<script") && !answer.stdout.contains("<img"));
            assert!(answer.stdout.contains("&lt;script&gt;"), "the words themselves are shown");
        }
    }
}
