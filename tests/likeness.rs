//! What is like what: `similar` and `clusters` as a user sees them, and what corrections and exercises change in what is
//! found.

use crate::world::World;

fn report(title: &str, date: &str, summary: &str, cause: &str, fix: &str) -> String {
    format!(
        "# {title}\n\nDate: {date}\n\n## Summary\n\n{summary}\n\n## Timeline (UTC)\n\n- 10:00 Alerts fired\n- 10:40 All \
         good again\n\n## Root cause\n\n{cause}\n\n## Resolution\n\n{fix}\n"
    )
}

/// Two disks that fill up, one expired certificate, one flood of requests.
fn four() -> World {
    let disk = |date, host| {
        let summary = format!("The ledger database refused writes: the disk of {host} was full.");
        let cause = "Old write-ahead log files were kept by an abandoned replication slot until the disk was full.";
        report("Ledger database refuses writes", date, &summary, cause, "We dropped the replication slot.")
    };
    let certificate = report(
        "Login page shows a certificate warning",
        "2025-02-11",
        "Browsers refused the login page because its certificate had expired.",
        "The certificate had expired: the renewal job had been switched off in December.",
        "We renewed the certificate by hand.",
    );
    let flood = report(
        "Search slow during the sale",
        "2025-05-02",
        "Search answered slowly while visitors poured in.",
        "A surge of traffic from the sale exhausted the worker pool of the search service.",
        "We doubled the number of workers.",
    );
    let world = World::new()
        .file("in/disk-1.md", disk("2025-01-14", "db-1"))
        .file("in/disk-2.md", disk("2025-04-03", "db-2"))
        .file("in/certificate.md", certificate)
        .file("in/flood.md", flood);
    world.retro(&["ingest", "in"]).found();
    world
}

#[test]
fn similar_and_clusters_as_they_are_shown() {
    let world = four();
    let mut shown = String::new();
    for args in [
        &["similar", "2025-01-14-ledger-database-refuses-writes"][..],
        &["similar", "--text", "disk full on db-3, postgres refuses writes", "--format", "csv"],
        &["similar", "2025-01-14-ledger-database-refuses-writes", "--format", "json", "--limit", "1"],
        &["clusters"],
        &["clusters", "--format", "csv"],
        &["clusters", "--format", "json"],
        &["clusters", "after:2025-03-01"],
    ] {
        let answer = world.retro(args);
        shown.push_str(&format!("$ retro {}\n{}\n", args.join(" "), answer.all()));
    }
    // Scores may move with any weight; what is said of them may not.
    insta::with_settings!({filters => vec![
        (r#""(score|likeness)": [0-9.]+"#, r#""$1": N"#),
        (r"(?m)^(\d+,[\w-]+),[0-9.]+,", "$1,N,"),
    ]}, {
        insta::assert_snapshot!("similar_and_clusters", shown);
    });
}

#[test]
fn what_is_like_nothing_known_is_said_to_be() {
    let world = four();
    assert_eq!(world.retro(&["similar", "no-such-id"]).code, Some(2));
    let nothing = world.retro(&["similar"]);
    assert!(nothing.code == Some(2) && nothing.stderr.contains("--text TEXT"), "{}", nothing.all());
    assert_eq!(world.retro(&["similar", "--text", "qqqq wwww"]).code, Some(1));
}

#[test]
fn the_words_of_a_correction_are_found() {
    let world = four();
    let id = "2025-02-11-login-page-shows-a-certificate-warning";
    for value in ["title=Moonlit zebra crossing", "root-cause=A gardener switched the renewal off"] {
        world.retro(&["correct", id, value, "--reason", "told by the gardener"]).found();
    }
    for when in ["at once", "after the next ingest"] {
        for words in ["zebra moonlit", "gardener"] {
            let answer = world.retro(&["search", "--format", "csv", words]).found();
            assert!(answer.stdout.contains(id), "{when}, {words}: {}", answer.stdout);
        }
        world.retro(&["ingest", "in"]).found();
    }
}

#[test]
fn an_exercise_is_told_apart_from_other_pages() {
    let world = World::new()
        .file("in/drill.md", "# Game day: loss of a region\n\nDate: 2025-03-04\n\nWe switched it off at 10:00.\n")
        .file("in/template.md", "# Incident template\n\n## Summary\n\n[Describe the impact]\n\n## Timeline\n\nTBD\n")
        .file("in/disk.md", report("Disk full", "2025-03-05", "The disk was full.", "Logs filled it.", "Deleted."));
    world.retro(&["ingest", "in"]).found();
    let list = |filter: &str| world.retro(&["list", "--format", "csv", "kind:none OR kind:incident", filter]).stdout;
    let drills = list("is:drill");
    assert!(drills.contains("drill.md") && !drills.contains("template.md") && !drills.contains("disk.md"), "{drills}");
    let others = list("-is:drill");
    assert!(!others.contains("drill.md") && others.contains("template.md") && others.contains("disk.md"), "{others}");
}

/// What bash offers for a line, by the script that is printed.
fn offered(world: &World, line: &str) -> Option<Vec<String>> {
    let script = world.retro(&["completions", "bash"]).found().stdout;
    let words: Vec<String> = line.replace(':', " : ").split(' ').map(|w| format!("'{w}'")).collect();
    let last = words.len() - 1;
    let run = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={last}; COMP_LINE='{line}'; COMP_POINT={}\n_retro_with_filters retro {} \
         '' 2>/dev/null\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        line.len(),
        words[last]
    );
    let answer = std::process::Command::new("bash").args(["-c", &run]).output().ok()?;
    Some(String::from_utf8_lossy(&answer.stdout).lines().map(str::to_owned).collect())
}

#[test]
fn completions_know_fields_and_values_of_filters() {
    let world = World::new();
    let Some(fields) = offered(&world, "retro list tri") else {
        return crate::world::loudly("no bash here, so its completions were not run");
    };
    assert_eq!(fields, ["trigger:"]);
    assert_eq!(offered(&world, "retro list is:dr").unwrap(), ["drill"]);
    assert!(offered(&world, "retro stats -trigger:x trigger:e").unwrap().contains(&"expiry".to_owned()));
    assert!(offered(&world, "retro inges").unwrap().contains(&"ingest".to_owned()));
    for (shell, line) in [
        ("zsh", "compadd -S '' -- org: provider:"),
        ("zsh", ":_retro_filter' \\"),
        ("fish", "__fish_seen_subcommand_from search"),
    ] {
        let script = world.retro(&["completions", shell]).found().stdout;
        assert!(script.contains(line), "{shell} lacks {line}");
    }
}
