//! `--redact`: nothing of what it masks is in any format of a report.

use crate::world::World;

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
