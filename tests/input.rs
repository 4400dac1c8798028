//! Input that is broken, odd or hostile: a clear line or a notice, nothing lost, and the exit code as documented.

use crate::world::{Answer, World, loudly};
use std::fs;

const REPORT: &str = "# Checkout down\n\nOn 2025-03-02 at 10:00 UTC checkout failed. It was restored at 10:40 UTC.\n";

/// The codes of the notices of the record at this path.
fn notices(answer: &Answer, path: &str) -> Vec<String> {
    let records = answer.ndjson();
    let record = records.iter().find(|r| r["source"]["path"].as_str().is_some_and(|p| p.ends_with(path)));
    let warnings = record.unwrap_or_else(|| panic!("no record for {path}:\n{}", answer.all()))["warnings"].clone();
    warnings.as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn odd_files_end_in_a_record_with_a_notice() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(REPORT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut latin = REPORT.as_bytes().to_vec();
    latin.extend(b"Caf\xe9 was \xff\xfe hit.\n");
    let feed = r#"{"incidents": [{"name": "API errors", "created_at": "2025-03-02T10:00:00Z"}, {"name": "Slow log"#;
    let world = World::new()
        .file("in/good.md", REPORT)
        .file("in/binary.md", (0u8..=255).cycle().take(4096).collect::<Vec<_>>())
        .file("in/empty.md", "")
        .file("in/latin.md", latin)
        .file("in/utf16.md", utf16)
        .file("in/cut.json", feed);
    let answer = world.retro(&["extract", "in"]).found();
    for (path, codes) in [("good.md", &[][..]), ("binary.md", &["binary"]), ("empty.md", &["empty"])] {
        let found = notices(&answer, path);
        assert!(codes.iter().all(|c| found.contains(&(*c).to_owned())), "{path}: {found:?}");
    }
    assert!(!notices(&answer, "cut.json").is_empty(), "a feed that breaks off is noticed");
    let records = answer.ndjson();
    let of = |name: &str| records.iter().find(|r| r["source"]["path"].as_str().unwrap().ends_with(name)).unwrap();
    for name in ["good.md", "latin.md", "utf16.md"] {
        let started = &of(name)["milestones"]["started"]["at"]["utc"];
        assert_eq!(started, "2025-03-02T10:00:00Z", "{name} is read like the plain one");
    }
}

#[test]
fn a_line_of_sixty_megabytes_ends() {
    let line = "checkout failed at 10:00 UTC and ".repeat(60 * 1024 * 1024 / 33);
    let world = World::new().file("in/long.md", line).file("in/good.md", REPORT);
    let answer = world.retro(&["extract", "in"]).found();
    assert_eq!(answer.ndjson().len(), 2);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_reached_is_named_and_the_rest_goes_on() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let world = World::new().file("in/good.md", REPORT).file("in/locked/a.md", REPORT);
    symlink("nowhere", world.path().join("in/dangling.md")).unwrap();
    let locked = world.path().join("in/locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let answer = world.retro(&["extract", "in"]).found();
    let binds = fs::read_dir(&locked).is_err();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(answer.stderr.contains("in/dangling.md"), "{}", answer.all());
    if binds {
        assert!(answer.stderr.contains("in/locked: permission denied"), "{}", answer.all());
    } else {
        loudly("SKIPPED: permission bits do not bind this user; a locked folder was not tried");
    }
}

#[test]
fn a_path_that_is_not_there_is_a_failure_after_the_rest() {
    let answer = World::new().file("good.md", REPORT).retro(&["extract", "good.md", "missing.md"]);
    assert_eq!(answer.code, Some(2), "{}", answer.all());
    assert_eq!(answer.ndjson().len(), 1);
    assert!(answer.stderr.contains("missing.md: no such file or folder"), "{}", answer.stderr);
}

#[test]
fn a_bad_line_on_stdin_costs_itself_only() {
    let good = serde_json::json!({"path": "a.md", "text": REPORT}).to_string();
    let lines = format!("{good}\n{{\"path\": \"b.md\"}}\nnot json\n\n{}\n", good.replace("a.md", "c.md"));
    let answer = World::new().retro_with(&["extract", "--stdin"], lines);
    let paths: Vec<_> = answer.ndjson().iter().map(|r| r["source"]["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["a.md", "c.md"]);
    assert_eq!(answer.code, Some(2));
    assert_eq!(answer.stderr.lines().count(), 2, "{}", answer.stderr);
    assert!(answer.stderr.contains("line 2 of stdin: neither text nor base64"), "{}", answer.stderr);
    assert!(answer.stderr.contains("line 3 of stdin: "), "{}", answer.stderr);
}

#[test]
fn nothing_of_a_document_reaches_the_terminal_as_an_escape_sequence() {
    let title = "# Checkout \u{1b}]52;c;aGk=\u{7}\u{1b}[31mdown\u{202e} at 10:00 UTC on 2025-03-02\n\nIt was restored at 10:40 UTC.\n";
    let world = World::new().file("in/\u{1b}[31mname.md", title);
    for args in [&["extract", "in", "--format", "card"][..], &["extract", "in"], &["extract", "in/\u{1b}[2J.md"]] {
        let answer = world.retro(args);
        assert!(!answer.all().contains(['\u{1b}', '\u{7}']), "{args:?}: {:?}", answer.all());
    }
}

/// A status page's history tells the year once a month, not with each incident.
#[test]
fn what_a_feed_says_around_its_entries_counts_for_them() {
    let entry = |name: &str, stamp: &str| {
        format!(
            r#"{{"code": "{name}1", "name": "{name} fails", "message": "This incident has been resolved.",
               "impact": "minor", "timestamp": "{stamp}"}}"#
        )
    };
    let june = entry("Search", "Jun <var data-var='date'>14</var>, <var>18:24</var> - <var>19:52</var> UTC");
    let december = entry("Login", "Dec <var>31</var>, <var>23:30</var> - Jan <var>1</var>, <var>00:30</var> UTC");
    let history = format!(
        r#"{{"page": {{"name": "Quarry"}}, "months": [{{"name": "June", "year": 2026, "incidents": [{june}]}},
           {{"name": "December", "starts_on": 1, "incidents": [{december}], "year": 2025}}]}}"#
    );
    let sites = format!(r#"[{{"org": "Alder", "incidents": [{june}]}}, {{"org": "Birch", "incidents": [{june}]}}]"#);
    let world = World::new().file("in/history.json", history).file("in/sites.json", sites);
    let records = world.retro(&["extract", "in"]).found().ndjson();
    let told = |r: &serde_json::Value| {
        let text = |pointer: &str| r.pointer(pointer).map_or("none".to_owned(), ToString::to_string).replace('"', "");
        [text("/org/value"), text("/date/value"), text("/durations/ttr/minutes")].join(" ")
    };
    let all: Vec<String> = records.iter().map(told).collect();
    assert_eq!(all, ["Quarry 2026-06-14 88", "Quarry 2025-12-31 60", "Alder none 88", "Birch none 88"]);
}

/// A status page that was closed with its first update tells what that said.
#[test]
fn one_update_is_a_timeline() {
    let brief = "Sign-in over IMAP is refused.";
    let long = "Sign-in over IMAP is refused for about a tenth of the mailboxes, and we are working to bring it back.";
    for body in [brief, long] {
        let feed = format!(
            r#"[{{"name": "Mail down", "created_at": "2025-08-01T10:00:00Z", "started_at": "2025-08-01T09:50:00Z",
                 "resolved_at": "2025-08-01T11:30:00Z", "incident_updates": [{{"status": "investigating",
                 "body": "{body}", "created_at": "2025-08-01T10:00:00Z", "display_at": "2025-08-01T10:00:00Z"}}]}}]"#
        );
        let record = World::new().file("a.json", feed).retro(&["extract", "a.json"]).found().ndjson().remove(0);
        let told: Vec<_> = record["timeline"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap()).collect();
        assert!(matches!(told.as_slice(), [only] if only.starts_with(body)), "{told:?}");
    }
}
