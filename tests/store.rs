//! The store keeps its promises: nothing is lost or doubled, whatever happens to a writer; equal documents give equal
//! tables; damage is told, never answered from.

use crate::world::World;
use retrospect::extract::Defaults;
use retrospect::query::{self, Options};
use retrospect::record::{Record, TABLES, Table};
use retrospect::source::{self, WalkOptions};
use retrospect::store::{self, Job, Progress, Stage, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A report of its own for each number.
fn report(nth: usize) -> String {
    let day = nth % 27 + 1;
    format!(
        "# Outage {nth} of the checkout service\n\nDate: 2025-03-{day:02}\n\n## Summary\n\nUsers saw 502 errors for \
         {nth} minutes.\n\n## Timeline\n\nAll times in UTC.\n\n- 10:00 errors began\n- 10:05 an alert fired\n- 11:00 \
         resolved\n\n## Root cause\n\nA certificate number {nth} had expired.\n"
    )
}

fn world(count: usize) -> World {
    (0..count).fold(World::new(), |world, n| world.file(&format!("docs/{n:03}.md"), report(n)))
}

/// Every record there is, by what a user sees of it.
fn contents(world: &World) -> String {
    let answer = world.retro(&["list", "kind:incident,none", "--sort", "path", "--format", "csv"]);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    answer.stdout
}

fn ingest(world: &World, more: &[&str]) -> serde_json::Value {
    let answer = world.retro(&[&["ingest", "docs", "--format", "json"], more].concat());
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    serde_json::from_str(&answer.stdout).unwrap()
}

/// All that the store holds, as a reader gets it.
#[derive(PartialEq)]
struct Everything {
    tables: Vec<String>,
    documents: Vec<(String, String)>,
    records: Vec<Option<Record>>,
    tallies: String,
}

fn everything(world: &World) -> Everything {
    let store = Store::open(&world.path().join(".retro")).unwrap();
    let table = |table: &Table| {
        let frame = store.frame(table.name).unwrap();
        assert_eq!(frame.get_column_names().len(), table.columns.len());
        let rows = |i| frame.get_row(i).unwrap().0.iter().map(|v| format!("{v:?}|")).collect::<String>();
        (0..frame.height()).map(rows).collect::<Vec<_>>().join("\n")
    };
    Everything {
        tables: TABLES.iter().map(table).collect(),
        documents: store.documents().unwrap().into_iter().map(|d| (d.path, d.hash)).collect(),
        records: store.ids().unwrap().iter().map(|id| store.record(id).unwrap()).collect(),
        tallies: format!("{:?} {}", store.manifest().tallies, store.manifest().corpus),
    }
}

/// What search says, with its scores.
fn searched(world: &World, query: &str) -> String {
    let store = Store::open(&world.path().join(".retro")).unwrap();
    let hits = query::search(&store, query, &Options { snippets: true, ..Options::default() }).unwrap();
    let hit = |hit: &query::Hit| format!("{} {} {:.4} {}\n", hit.rank, hit.card.id, hit.score, hit.snippet.text);
    format!("{}\n{}", hits.total, hits.hits.iter().map(hit).collect::<String>())
}

fn in_docs(path: &Path) -> Result<String, ()> {
    Ok(format!("docs/{}", path.file_name().unwrap().to_string_lossy()))
}

fn in_process(world: &World, turn_round: bool, progress: &dyn Progress) -> Result<store::Summary, StoreError> {
    let docs = world.path().join("docs");
    let mut inputs = source::walk(&[docs], &WalkOptions::default()).inputs;
    source::show(&mut inputs, in_docs).unwrap();
    if turn_round {
        inputs.reverse();
    }
    let scope = vec!["docs".to_owned()];
    let defaults = |_: &str| Defaults::default();
    let job = Job { inputs, unreadable: Vec::new(), scope, defaults: &defaults, keep_missing: false, rebuild: false };
    store::ingest(&world.path().join(".retro"), job, progress)
}

/// As [`ingest`], without the cost of starting a process.
///
/// A process that another test is just starting holds a copy of our lock until it has started; so try again.
fn take_in(world: &World) {
    let tries = (0..20).any(|_| {
        let done = in_process(world, false, &()).is_ok();
        if !done {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        done
    });
    if !tries {
        in_process(world, false, &()).unwrap();
    }
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let world = world(3);
    assert_eq!(ingest(&world, &[])["added"], 3);
    let again = ingest(&world, &[]);
    assert_eq!((&again["is_new"], &again["generation"], &again["unchanged"]), (&false.into(), &1.into(), &3.into()));
    let said = world.retro(&["ingest", "docs"]);
    assert!(said.stdout.contains("nothing had changed"), "{}", said.stdout);
}

#[test]
fn what_changed_is_read_again_and_the_result_is_that_of_a_fresh_start() {
    let world = world(6);
    ingest(&world, &[]);
    let world = world.file("docs/002.md", report(77)).file("docs/zzz.md", report(78)).file("docs/000a.md", report(79));
    fs::remove_file(world.path().join("docs/004.md")).unwrap();
    let summary = ingest(&world, &[]);
    let counts = ["added", "changed", "removed", "unchanged"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts, [2, 1, 1, 4]);
    let incremental = everything(&world);
    ingest(&world, &["--rebuild"]);
    assert!(incremental == everything(&world));
}

/// Many small changes, among them ids that move from one document to another, and parts that are merged; after each,
/// the store answers as if it had been made anew.
#[test]
fn any_history_gives_what_a_fresh_start_gives() {
    let world = world(40);
    take_in(&world);
    let docs = world.path().join("docs");
    let mut state = 12345_u64;
    for round in 0..14 {
        for _ in 0..3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let name = docs.join(format!("{:03}.md", (state >> 33) % 50));
            match (state >> 20) % 3 {
                0 => drop(fs::remove_file(name)),
                // Equal reports have equal ids.
                _ => fs::write(name, report(usize::try_from((state >> 40) % 9).unwrap())).unwrap(),
            }
        }
        take_in(&world);
        let fresh = World::new();
        for entry in fs::read_dir(&docs).unwrap() {
            let entry = entry.unwrap();
            let folder = fresh.path().join("docs");
            fs::create_dir_all(&folder).unwrap();
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        take_in(&fresh);
        assert!(everything(&world) == everything(&fresh), "round {round}");
        for query in
            ["certificate expired", "checkuot \"502 errors\"", "outage 7 date:2025-03-08", "has:timeline alert"]
        {
            assert_eq!(searched(&world, query), searched(&fresh, query), "round {round}: {query}");
        }
        assert_eq!(contents(&world), contents(&fresh), "round {round}");
    }
    assert!(fs::read_dir(world.path().join(".retro/generations")).unwrap().count() <= 2);
}

/// A generation holds again only what has changed.
#[cfg(unix)]
#[test]
fn generations_share_what_did_not_change() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let world = world(30);
    take_in(&world);
    let world = world.file("docs/new.md", report(99));
    take_in(&world);
    let mut queue = vec![world.path().join(".retro")];
    let mut shared = 0;
    while let Some(path) = queue.pop() {
        let metadata = fs::metadata(&path).unwrap();
        let mode = metadata.permissions().mode() & 0o777;
        assert_eq!(mode, if metadata.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if metadata.is_dir() {
            queue.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if metadata.nlink() == 2 {
            shared += 1;
        }
    }
    assert!(shared >= 12, "{shared}");
}

#[test]
fn order_of_inputs_and_number_of_threads_do_not_matter() {
    let (one, other) = (world(12), world(12));
    in_process(&one, false, &()).unwrap();
    in_process(&other, true, &()).unwrap();
    assert!(everything(&one) == everything(&other));
    let third = world(12);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| in_process(&third, false, &())).unwrap();
    assert!(everything(&one) == everything(&third));
}

#[test]
fn missing_files_may_be_kept_and_other_folders_stay() {
    let world = world(2).file("other/x.md", report(50));
    ingest(&world, &[]);
    assert_eq!(world.retro(&["ingest", "other"]).code, Some(0));
    assert_eq!(contents(&world).lines().count(), 4);
    fs::remove_file(world.path().join("docs/001.md")).unwrap();
    assert_eq!(ingest(&world, &["--keep-missing"])["removed"], 0);
    assert_eq!(ingest(&world, &[])["removed"], 1);
    assert!(contents(&world).contains("other/x.md"));
}

#[test]
fn a_file_that_became_unreadable_keeps_its_record() {
    let world = world(2);
    ingest(&world, &[]);
    let before = contents(&world);
    let world = world.file("docs/001.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0");
    let answer = world.retro(&["ingest", "docs"]);
    assert_eq!(answer.code, Some(0));
    assert!(answer.stderr.contains("docs/001.md") && answer.stderr.contains("kept"), "{}", answer.stderr);
    assert_eq!(contents(&world), before);
    assert_eq!(ingest(&world, &[])["is_new"], false);
}

#[test]
fn equal_ids_are_told_apart_and_it_is_said() {
    let world = World::new().file("docs/a.md", report(5)).file("docs/b.md", report(5)).file("docs/c.md", report(5));
    let summary = ingest(&world, &[]);
    let list = contents(&world);
    let ids: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    let [first, second, third] = ids.as_slice() else { panic!("{list}") };
    assert_eq!((format!("{first}-2"), format!("{first}-3")), ((*second).to_owned(), (*third).to_owned()));
    assert_eq!(summary["notices"]["duplicate-id"], 2);
    let store = Store::open(&world.path().join(".retro")).unwrap();
    assert!(store.record(second).unwrap().unwrap().warnings.iter().any(|w| w.code == "duplicate-id"));
    assert!(store.record("nothing").unwrap().is_none());
    assert!(store.ids_like(&first[..12]).unwrap().contains(&(*first).to_owned()));
}

#[test]
fn damage_is_told_and_a_rebuild_mends_it() {
    type Harm = fn(&Path);
    let harms: &[(&str, Harm)] = &[
        ("truncated", |g| {
            let file = fs::OpenOptions::new().write(true).open(g.join("parts/0/incidents.parquet")).unwrap();
            file.set_len(100).unwrap();
        }),
        ("changed", |g| {
            let mut bytes = fs::read(g.join("parts/0/incidents.parquet")).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0xff;
            fs::write(g.join("parts/0/incidents.parquet"), bytes).unwrap();
        }),
        ("missing", |g| fs::remove_file(g.join("parts/0/incidents.parquet")).unwrap()),
        ("no manifest", |g| fs::write(g.join("manifest.json"), "{").unwrap()),
        ("newer", |g| {
            let text = fs::read_to_string(g.join("manifest.json")).unwrap();
            fs::write(g.join("manifest.json"), text.replacen("\"format\": ", "\"format\": 9", 1)).unwrap();
        }),
        ("no generation", |g| fs::remove_dir_all(g).unwrap()),
        ("current", |g| fs::write(g.join("../../CURRENT"), "soon").unwrap()),
    ];
    for (name, harm) in harms {
        let world = world(2);
        take_in(&world);
        let before = contents(&world);
        harm(&world.path().join(".retro/generations/1"));
        let answer = world.retro(&["stats"]);
        assert_eq!(answer.code, Some(2), "{name}: {}", answer.stdout);
        assert!(answer.stderr.contains("--rebuild"), "{name}: {}", answer.stderr);
        ingest(&world, &["--rebuild"]);
        assert_eq!(contents(&world), before, "{name}");
    }
}

#[test]
fn a_lost_or_foreign_index_is_made_again() {
    let world = world(4);
    take_in(&world);
    let before = contents(&world);
    let index = world.path().join(".retro/generations/1/index");
    let truncate = |path: PathBuf| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(7).unwrap();
    let segment = || {
        let mut files: Vec<_> = fs::read_dir(&index).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.into_iter().find(|f| f.extension().is_some_and(|e| e == "store")).unwrap()
    };
    fs::remove_dir_all(&index).unwrap();
    assert_eq!(contents(&world), before);
    truncate(segment());
    assert_eq!(contents(&world), before);
    let meta = fs::read_to_string(index.join("meta.json")).unwrap();
    fs::write(index.join("meta.json"), meta.replace("blake3:", "blake3:0")).unwrap();
    assert_eq!(contents(&world), before);
}

#[test]
fn there_is_one_writer_and_the_other_is_named() {
    let world = world(2);
    ingest(&world, &[]);
    let lock = fs::OpenOptions::new().read(true).write(true).open(world.path().join(".retro/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(world.path().join(".retro/lock"), "4711\n").unwrap();
    let answer = world.retro(&["ingest", "docs"]);
    assert_eq!(answer.code, Some(2));
    assert!(answer.stderr.contains("4711"), "{}", answer.stderr);
    // Readers don't mind, and the file alone, without its owner, blocks nobody.
    contents(&world);
    drop(lock);
    ingest(&world, &[]);
}

#[test]
fn a_reader_keeps_its_generation() {
    let world = world(2);
    take_in(&world);
    let reader = Store::open(&world.path().join(".retro")).unwrap();
    let world = (0..4).fold(world, |world, n| {
        let world = world.file(&format!("docs/more{n}.md"), report(60 + n));
        take_in(&world);
        world
    });
    assert_eq!(reader.frame("incidents").unwrap().height() + reader.manifest().none, 2);
    assert_eq!(reader.ids().unwrap().len(), 2);
    drop(reader);
    let world = world.file("docs/last.md", report(70));
    take_in(&world);
    assert_eq!(fs::read_dir(world.path().join(".retro/generations")).unwrap().count(), 2);
}

/// Dies without a word at the nth thing it hears.
struct Dying {
    left: AtomicUsize,
}

impl Dying {
    fn hear(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

impl Progress for Dying {
    fn begin(&self, _stage: Stage, _steps: usize) {
        self.hear();
    }

    fn advance(&self, _steps: usize) {
        self.hear();
    }
}

const DYING_FOLDER: &str = "STORE_TEST_DYING_FOLDER";
const DYING_AFTER: &str = "STORE_TEST_DYING_AFTER";

/// Not a test of its own: what the next one starts as a process, to kill it.
#[test]
fn dying_ingest() {
    let (Ok(folder), Ok(after)) = (std::env::var(DYING_FOLDER), std::env::var(DYING_AFTER)) else { return };
    let folder = PathBuf::from(folder);
    let mut inputs = source::walk(&[folder.join("docs")], &WalkOptions::default()).inputs;
    source::show(&mut inputs, in_docs).unwrap();
    let job = Job {
        inputs,
        unreadable: Vec::new(),
        scope: vec!["docs".to_owned()],
        defaults: &|_| Defaults::default(),
        keep_missing: false,
        rebuild: false,
    };
    let dying = Dying { left: AtomicUsize::new(after.parse().unwrap()) };
    store::ingest(&folder.join(".retro"), job, &dying).unwrap();
}

#[test]
fn a_writer_killed_at_any_point_leaves_the_old_or_the_new() {
    // Reading begins, each of five documents is read, merging begins, ends, indexing begins, ends, switching begins,
    // sweeping begins.
    for after in 1..=12 {
        let world = world(4);
        take_in(&world);
        let old = contents(&world);
        let world = world.file("docs/002.md", report(90)).file("docs/new.md", report(91));
        fs::remove_file(world.path().join("docs/003.md")).unwrap();
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::dying_ingest", "--test-threads=1"])
            .env(DYING_FOLDER, world.path())
            .env(DYING_AFTER, after.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success(), "it was to die at point {after}");
        check_whole(&world, &old, after == 12);
    }
}

/// A first ingest, one that adds and changes, and one that deletes, killed after some time; `RETRO_KILLS` says how often.
#[test]
fn a_writer_killed_at_any_time_leaves_the_old_or_the_new() {
    let runs = std::env::var("RETRO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6_u64);
    let mut fell = [0; 2];
    // How long one takes on this machine now, so that kills fall everywhere in it.
    let begun = std::time::Instant::now();
    ingest(&world(4), &[]);
    let whole = u64::try_from(begun.elapsed().as_millis()).unwrap();
    for run in 0..runs {
        let world = world(4);
        let old = (run % 3 > 0).then(|| {
            take_in(&world);
            contents(&world)
        });
        let world = match run % 3 {
            1 => world.file("docs/002.md", report(90)).file("docs/new.md", report(91)),
            2 => {
                fs::remove_file(world.path().join("docs/001.md")).unwrap();
                fs::remove_file(world.path().join("docs/003.md")).unwrap();
                world
            }
            _ => world,
        };
        let mut child = crate::world::retro()
            .current_dir(world.path())
            .args(["ingest", "docs"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(3 + whole * (run * 37 % 120) / 100));
        let _ = child.kill();
        child.wait().unwrap();
        let now = world.retro(&["list", "kind:incident,none", "--sort", "path", "--format", "csv"]);
        ingest(&world, &[]);
        let finished = contents(&world);
        assert_eq!(finished.lines().count(), [5, 6, 3][usize::try_from(run % 3).unwrap()], "run {run}");
        match old {
            _ if now.stdout == finished => fell[1] += 1,
            Some(old) => {
                assert_eq!(now.stdout, old, "run {run}");
                fell[0] += 1;
            }
            None => {
                assert!(now.code == Some(2) && now.stderr.contains("there is no store"), "{}", now.all());
                fell[0] += 1;
            }
        }
    }
    crate::world::loudly(&format!("{runs} ingests killed: {} left the old store, {} the new one", fell[0], fell[1]));
}

/// The store answers from the old or the new generation; the next run completes, without loss or doubles.
fn check_whole(world: &World, old: &str, is_new: bool) {
    let now = contents(world);
    assert_eq!(now != old, is_new);
    ingest(world, &[]);
    let finished = contents(world);
    if is_new {
        assert_eq!(now, finished);
    }
    assert_eq!(finished.lines().count(), old.lines().count());
}
