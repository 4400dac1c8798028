//! `--redact`: nothing of what it masks is in any format of a report or an export.

use crate::world::World;
use std::collections::BTreeSet;

const SECRETS: &[&str] = &[
    "mara.lind@acme.example",
    "203.0.113.7",
    "2001:db8::7",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "Mara Lind",
    "mara-lind",
    "hunter2hunter2",
];

fn world() -> World {
    let report = "# Mara Lind found 203.0.113.7 down\n\nSeverity: SEV-1\n\nOn 2025-05-02 at 10:00 UTC customers could not pay, because \
        the key ghp_abcdefghijklmnopqrstuvwxyz0123456789 was revoked on 2001:db8::7. It was restored at 11:00 UTC.\n\n\
        ## Root cause\n\nThe root cause was that Mara Lind rotated password=hunter2hunter2 on 203.0.113.7.\n\n\
        ## Action items\n\n- [ ] Ask mara.lind@acme.example to revoke it (owner: Mara Lind)\n";
    let world = World::new().file("mara-lind/a.md", report).file("retro.toml", "[redact]\nnames = ['Mara Lind']\n");
    world.retro(&["ingest", "-q", "mara-lind"]).found();
    world
}

#[test]
fn nothing_of_it_is_in_any_format_of_a_report() {
    let world = world();
    for format in ["table", "md", "html", "json"] {
        let plain = world.retro(&["report", "2025-Q2", "--format", format]).found().stdout;
        assert!(plain.contains("203.0.113.7"), "{format} would show it");
        let masked = world.retro(&["report", "2025-Q2", "--redact", "--format", format]).found().stdout;
        for secret in SECRETS {
            let lower = masked.to_lowercase();
            assert!(!lower.contains(&secret.to_lowercase()), "{secret} is in the report as {format}");
        }
        assert!(masked.contains("[IP address]") || masked.contains("IP address"), "{format}");
    }
}

#[test]
fn the_filter_is_masked_too_and_numbers_stay() {
    let world = world();
    let report = ["report", "2025-Q2", "path:mara-lind", "--format", "json"];
    let plain: serde_json::Value = serde_json::from_str(&world.retro(&report).found().stdout).unwrap();
    let masked = world.retro(&[&report[..], &["--redact"]].concat()).found().stdout;
    assert!(!masked.contains("mara-lind"), "{masked}");
    let masked: serde_json::Value = serde_json::from_str(&masked).unwrap();
    assert_eq!(plain["figures"][0]["value"], masked["figures"][0]["value"]);
}

/// Every file of an export, as text; parquet by its rows.
fn exported(world: &World, args: &[&str]) -> String {
    let folder = world.path().join("out");
    world.retro(&[&["export", "-q", "-o", "out", "--replace"], args].concat()).found();
    let (mut text, mut queue) = (String::new(), vec![folder]);
    while let Some(path) = queue.pop() {
        if path.is_dir() {
            queue.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "parquet") {
            use polars_io::SerReader;
            let frame = polars_io::parquet::read::ParquetReader::new(std::fs::File::open(&path).unwrap());
            let frame = frame.finish().unwrap();
            for row in 0..frame.height() {
                text.push_str(&format!("{:?}\n", frame.get_row(row).unwrap().0));
            }
        } else {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
        text.push_str(&format!("{}\n", path.display()).replace(&*world.path().to_string_lossy(), ""));
    }
    text
}

#[test]
fn nothing_of_it_is_in_any_format_of_an_export() {
    let world = world();
    for args in [
        &["--format", "parquet"][..],
        &["--format", "parquet", "--partition", "quarter"],
        &["--format", "csv"],
        &["--format", "ndjson"],
        &["--format", "quickwit"],
    ] {
        let (plain, masked) = (exported(&world, args), exported(&world, &[args, &["--redact"]].concat()));
        for secret in ["203.0.113.7", "Mara Lind", "mara-lind"] {
            assert!(plain.contains(secret), "{args:?} would show {secret}");
        }
        for secret in SECRETS {
            assert!(!masked.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {args:?}\n{masked}");
        }
        assert!(masked.contains("[IP address]") && masked.contains("[name]"), "{args:?}");
        assert_eq!(plain.lines().count(), masked.lines().count(), "{args:?}");
    }
    let masked = world.retro(&["export", "--format", "csv", "--table", "actions", "--redact"]).found().stdout;
    assert!(masked.contains("[name]") && !masked.contains("Mara"), "{masked}");
}

/// Masking must not make one of two: not of names, and not of ids, by which tables are joined.
#[test]
fn what_differs_in_what_is_masked_stays_apart() {
    let report = |name: &str, what: &str| {
        format!(
            "# {name} and {what} stopped checkout\n\nOn 2025-05-02 at 10:00 UTC customers could not pay. It was restored at \
             11:00 UTC.\n\n## Action items\n\n- [ ] Ask {name} to add a test\n"
        )
    };
    // A word that begins as keys of an API do is masked, in ids too.
    let world = World::new()
        .file("docs/a.md", report("Mara Lind", "the cache"))
        .file("docs/b.md", report("Olav Berg", "the cache"))
        .file("docs/c.md", report("Nobody", "sk-learn-pipelines"))
        .file("docs/d.md", report("Nobody", "sk-image-thumbnails"))
        .file("retro.toml", "[redact]\nnames = ['Mara Lind', 'Olav Berg']\n");
    world.retro(&["ingest", "-q", "docs"]).found();
    let ids = |table: &str| {
        let text = world.retro(&["export", "--format", "ndjson", "--table", table, "--redact"]).found();
        text.ndjson().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(ids("incidents").len(), 4, "{:?}", ids("incidents"));
    assert!(ids("incidents").iter().any(|id| id.ends_with("[secret]-2")), "{:?}", ids("incidents"));
    assert_eq!(ids("incidents"), ids("actions"));
    let figures = |args: &[&str]| {
        let answer = world.retro(&[&["report", "2025-Q2", "--format", "json"], args].concat()).found();
        let value: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        value["figures"].clone()
    };
    assert_eq!(figures(&["--redact"]), figures(&[]));
}

#[test]
fn an_id_does_not_tell_what_its_title_no_longer_does() {
    let report = "# Mailbox full for jane.roe@acme.example\n\nOn 2025-05-02 from 10:00 to 11:00 UTC mail of jdoe(at)acme.example \
        was refused.\n";
    let world = World::new().file("docs/a.md", report);
    world.retro(&["ingest", "-q", "docs"]).found();
    for format in ["table", "md", "html", "json"] {
        let masked = world.retro(&["report", "2025-Q2", "--redact", "--format", format]).found().stdout;
        assert!(!masked.contains("jane-roe") && !masked.contains("jdoe"), "{format}");
    }
    let id = |args: &[&str]| {
        let rows = world.retro(&[&["export", "--format", "ndjson"], args].concat()).found().ndjson();
        rows[0]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(id(&[]), "2025-05-02-mailbox-full-for-jane-roe-acme-example");
    assert_eq!(id(&["--redact"]), "2025-05-02-[e-mail]");
}
