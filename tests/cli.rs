//! What a user sees: exit code, stdout and stderr.

use crate::world::{World, root};
use insta::assert_snapshot;

const REPORT: &str = "# Checkout down\n\nOn 2025-03-02 at 10:00 UTC checkout failed. It was restored at 10:40 UTC.\n";

/// The complete help of all verbs, in a file: a change to any option shows up in review.
#[test]
fn help() {
    let world = World::new();
    let overview = world.retro(&["--help"]).found().stdout;
    let verbs: Vec<_> = overview
        .lines()
        .take_while(|line| !line.starts_with("Options:"))
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.len() >= 3, "{overview}");
    let mut help = format!("$ retro --help\n{overview}");
    for verb in verbs {
        help += &format!("\n$ retro {verb} --help\n{}", world.retro(&[verb, "--help"]).found().stdout);
    }
    assert_snapshot!(help);
}

#[test]
fn version() {
    assert_snapshot!(World::new().retro(&["--version"]).all(), @r"
    exit 0
    --- stdout
    retro [VERSION]
    ");
}

#[test]
fn mistakes_on_the_command_line() {
    let world = World::new();
    assert_snapshot!(world.retro(&["extrct"]).all(), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'extrct'

      tip: some similar subcommands exist: 'export', 'extract'

    Usage: retro [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(world.retro(&["extract"]).all(), @r"
    exit 2
    --- stderr
    error: the following required arguments were not provided:
      <PATH>...

    Usage: retro extract <PATH>...

    For more information, try '--help'.
    ");
    let slip = world.retro(&["ingest", "nope"]);
    assert!(slip.code == Some(2) && slip.stderr.contains("no file or folder 'nope'"), "{}", slip.stderr);
    assert!(!world.path().join(".retro").exists(), "nothing is made of a slip");
    assert_eq!(world.retro(&[]).code, Some(2), "no verb is a mistake, and prints the help");
}

#[test]
fn a_mistake_in_the_configuration_is_told_with_its_place() {
    let world = World::new().file("retro.toml", "slo = 99.9\n[[defaults]]\nzoen = 'CET'\n").file("a.md", REPORT);
    assert_snapshot!(world.retro(&["extract", "a.md"]).all(), @r"
    exit 2
    --- stderr
    error: cannot understand [DIR]/retro.toml
      caused by: line 3, column 1: unknown field `zoen`, expected one of `path`, `org`, `zone`, `support-hours`
      |
    3 | zoen = 'CET'
      | ^^^^
    hint: did you mean zone?
    ");
}

#[test]
fn extract_finds_nothing_in_a_template_or_an_index() {
    let (template, index) = (root().join("corpus/_templates"), root().join("corpus/tidewater/README.md"));
    let answer = World::new().retro(&["extract", &template.to_string_lossy(), &index.to_string_lossy()]);
    assert_eq!(answer.code, Some(1), "{}", answer.all());
    assert!(answer.ndjson().iter().all(|record| record["kind"] == "none"));
}

#[test]
fn extract_is_the_same_whatever_the_number_of_threads() {
    let world = (0..40).fold(World::new(), |world, n| world.file(&format!("in/{n}.md"), REPORT.repeat(1 + n % 3)));
    let run = |threads: &str| {
        let mut retro = crate::world::retro();
        retro.current_dir(world.path()).args(["extract", "in"]).env("RAYON_NUM_THREADS", threads);
        retro.output().unwrap().stdout
    };
    assert_eq!(run("1"), run("4"));
}

#[test]
fn extract_as_an_array() {
    let world = World::new().file("a.md", REPORT).file("b.md", REPORT);
    let answer = world.retro(&["extract", "a.md", "b.md", "--format", "json"]).found();
    let records: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(records.as_array().unwrap().len(), 2);
}

#[test]
fn completions_and_manual_pages_are_made_of_the_arguments() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(world.retro(&["completions", shell]).found().stdout.contains("retro"), "{shell}");
    }
    world.retro(&["man", "--dir", "man"]).found();
    let page = std::fs::read_to_string(world.path().join("man/retro-extract.1")).unwrap();
    assert!(page.contains("retro\\-extract") && page.contains("\\-\\-stdin"), "{page}");
    assert!(world.retro(&["man"]).found().stdout.starts_with(".ie"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut retro = crate::world::retro();
    let corpus = root().join("corpus");
    let mut child = retro.arg("extract").arg(corpus).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Who asks after a change of what documents are read by hears of it, until all are read again.
#[test]
fn a_change_of_the_configuration_is_told() {
    let world = World::new();
    let report = "# Shop down\n\nOn 2025-03-02 at 10:00 the shop failed. It was restored at 11:00.\n";
    std::fs::create_dir_all(world.path().join("docs/old")).unwrap();
    std::fs::write(world.path().join("docs/one.md"), report).unwrap();
    std::fs::write(world.path().join("docs/old/two.md"), report).unwrap();
    let configure = |text: &str| std::fs::write(world.path().join("retro.toml"), text).unwrap();
    let is_told = |verb: &[&str]| world.retro(verb).stderr.contains("retro.toml has changed");
    configure("slo = 99.9\n");
    world.retro(&["ingest", "docs"]).found();
    assert!(!is_told(&["list"]));
    // What applies at once is no change of how documents are read.
    configure("slo = 99.5\n");
    assert!(!is_told(&["stats"]));
    configure("slo = 99.5\n\n[[defaults]]\nzone = \"Europe/Paris\"\n");
    for verb in [&["list"][..], &["stats"], &["search", "shop"], &["query", "SELECT id FROM incidents"]] {
        assert!(is_told(verb), "{verb:?}");
    }
    assert!(!is_told(&["list", "--quiet"]));
    world.retro(&["ingest", "docs/old"]).found();
    assert!(is_told(&["list"]));
    world.retro(&["ingest", "docs"]).found();
    assert!(!is_told(&["list"]));
}

#[test]
fn absurd_numbers_of_threads_are_refused() {
    let world = World::new();
    for (name, value) in [("RAYON_NUM_THREADS", "99999"), ("POLARS_MAX_THREADS", "0")] {
        let output = crate::world::retro().current_dir(world.path()).env(name, value).arg("schema").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(name) && told.contains("hint: "), "{told}");
    }
}

#[test]
fn topics_and_verbs_are_explained() {
    let world = World::new();
    for (topic, words) in [
        ("filters", "during:2025-Q2"),
        ("time", "zone-season"),
        ("metrics", "time to detect"),
        ("configuration", "[[defaults]]"),
        ("exit-codes", "nothing was found"),
        ("stats", "--compare"),
    ] {
        let page = world.retro(&["help", topic]).found().stdout;
        assert!(page.contains(words), "{topic}: {page}");
    }
    assert!(world.retro(&["help"]).found().stdout.contains("exit-codes"));
    assert_snapshot!(world.retro(&["help", "metrcs"]).all(), @r"
    exit 2
    --- stderr
    error: there is no verb or topic 'metrcs'
    hint: did you mean metrics?
    ");
}
