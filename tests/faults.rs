//! What a store does when the disk is full, cannot be written, vanishes, or many use it at once: a clear error with the
//! way out, or the answer of one whole generation; never a wrong one, and never a loss.

use crate::world::{Answer, World, loudly, retro};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

fn report(nth: usize, what: &str) -> String {
    format!(
        "# Outage {nth} of {what}\n\nDate: 2025-03-{:02}\n\n## Timeline\n\nAll times in UTC.\n\n- 10:00 errors began\n\
         - 10:05 an alert fired\n- 11:00 resolved\n\n## Root cause\n\nA certificate number {nth} had expired.\n",
        nth % 27 + 1
    )
}

/// Every document tells of the same thing, so that an answer that mixes two states shows.
fn fill(world: &World, count: usize, what: &str) {
    fs::create_dir_all(world.path().join("docs")).unwrap();
    for n in 0..count {
        fs::write(world.path().join(format!("docs/{n:03}.md")), report(n, what)).unwrap();
    }
}

fn ingest(world: &World) -> Answer {
    world.retro(&["ingest", "-q", "docs"])
}

/// A file of the index that was changed, its size and the end that tells what it is left alone.
#[test]
fn an_index_changed_behind_our_back_is_an_error_with_the_way_out() {
    let mut told = 0;
    for ending in ["idx", "pos", "term", "fast", "fieldnorm", "store"] {
        let world = World::new();
        fill(&world, 40, "checkout");
        ingest(&world).found();
        for file in
            below(&world.path().join(".retro")).into_iter().filter(|f| f.extension().is_some_and(|e| e == ending))
        {
            let mut bytes = fs::read(&file).unwrap();
            let end = bytes.len().saturating_sub(200);
            bytes.iter_mut().take(end).skip(10).for_each(|b| *b ^= 0xa5);
            fs::write(&file, bytes).unwrap();
        }
        for args in [&["search", "checkout"][..], &["list"], &["clusters"], &["similar", "--text", "checkout"]] {
            let answer = world.retro(args);
            if answer.code == Some(2) {
                told += 1;
                let is_clear = answer.stderr.contains("--rebuild") && !answer.stderr.contains("registry");
                assert!(is_clear && !answer.stderr.contains("defect"), "{ending} {args:?}: {}", answer.stderr);
            }
        }
        assert_eq!(world.retro(&["ingest", "-q", "--rebuild", "docs"]).code, Some(0));
        world.retro(&["search", "checkout"]).found();
    }
    assert!(told > 0);
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

fn titles(world: &World) -> Answer {
    world.retro(&["query", "SELECT title FROM incidents ORDER BY title", "--format", "csv"])
}

/// A file system of its own in the memory, of the given size; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    fn new(folder: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir_all(&folder).unwrap();
        let options = format!("size={size},mode=0755");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "retro-test"]).arg(&folder).output();
        mount.is_ok_and(|o| o.status.success()).then_some(Disk(folder))
    }

    fn again(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(status.unwrap().success(), "remount {options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

/// An error that tells what was attempted, why not, and what to do; no other ending is allowed.
#[track_caller]
fn assert_told(answer: &Answer, because: &[&str]) {
    assert_eq!(answer.code, Some(2), "{}", answer.all());
    assert!(answer.stderr.starts_with("error: ") && answer.stderr.contains("\nhint: "), "{}", answer.all());
    assert!(!answer.stderr.contains("internal error"), "{}", answer.all());
    let told = answer.stderr.to_lowercase();
    assert!(because.iter().any(|words| told.contains(words)), "{because:?}: {}", answer.all());
}

/// The disk fills up at every place of an ingest: from no room at all to enough of it.
#[test]
fn a_full_disk_is_told_and_costs_nothing() {
    let world = World::new();
    let Some(disk) = Disk::new(world.path().join("disk"), "8m") else {
        loudly("SKIPPED: no file system could be mounted; a full disk was not tried");
        return;
    };
    let store = ["--store", "disk/store"];
    let run = |args: &[&str]| world.retro(&[args, &store].concat());
    let list = || run(&["query", "SELECT title FROM incidents ORDER BY title", "--format", "csv"]);
    fill(&world, 12, "checkout");
    run(&["ingest", "-q", "docs"]).found();
    let before = list().found().stdout;
    fill(&world, 12, "search");
    let mut outcomes = [0, 0];
    for room in [0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512] {
        fs::write(disk.0.join("filler"), vec![0; leave(&disk.0, room)]).unwrap();
        let answer = run(&["ingest", "-q", "docs"]);
        let now = list().found().stdout;
        if answer.code == Some(0) {
            outcomes[1] += 1;
            assert!(now.contains("search") && !now.contains("checkout"), "{room} KiB: {now}");
            fill(&world, 12, "checkout");
            fs::remove_file(disk.0.join("filler")).unwrap();
            run(&["ingest", "-q", "docs"]).found();
            assert_eq!(list().found().stdout, before, "{room} KiB");
            fill(&world, 12, "search");
        } else {
            outcomes[0] += 1;
            assert_told(&answer, &["no space left", "disk is full"]);
            assert!(answer.stderr.contains("make room"), "{room} KiB: {}", answer.stderr);
            assert_eq!(now, before, "{room} KiB");
            assert_eq!(run(&["search", "certificate", "--format", "csv"]).code, Some(0), "{room} KiB");
            let left = run(&["export", "-q", "-o", "disk/out"]);
            assert!(left.code == Some(0) || left.code == Some(2), "{}", left.all());
            if left.code == Some(2) {
                assert_told(&left, &["no space left", "disk is full"]);
                assert!(!disk.0.join("out").exists(), "an export appears whole or not at all");
            }
            drop(fs::remove_dir_all(disk.0.join("out")));
            fs::remove_file(disk.0.join("filler")).unwrap();
        }
    }
    assert!(outcomes[0] > 3 && outcomes[1] > 0, "{outcomes:?}");
    run(&["ingest", "-q", "docs"]).found();
    assert!(!list().found().stdout.contains("checkout"));
    loudly(&format!("{} full disks told, {} with just enough room", outcomes[0], outcomes[1]));
}

/// How many bytes fill the file system up to so many KiB.
fn leave(folder: &Path, kib: usize) -> usize {
    let out = Command::new("df").args(["--output=avail", "-k"]).arg(folder).output().unwrap().stdout;
    let free: usize = String::from_utf8_lossy(&out).lines().nth(1).unwrap().trim().parse().unwrap();
    free.saturating_sub(kib) * 1024
}

#[test]
fn a_store_that_cannot_be_written_can_be_read() {
    let world = World::new();
    let Some(disk) = Disk::new(world.path().join("disk"), "8m") else {
        loudly("SKIPPED: no file system could be mounted; a read-only store was not tried");
        return;
    };
    fill(&world, 4, "checkout");
    let store = ["--store", "disk/store"];
    let run = |args: &[&str]| world.retro(&[args, &store].concat());
    run(&["ingest", "-q", "docs"]).found();
    disk.again("ro");
    fill(&world, 4, "search");
    for args in [&["ingest", "-q", "docs"][..], &["ingest", "-q", "--rebuild", "docs"], &["export", "-o", "disk/out"]] {
        assert_told(&run(args), &["read-only"]);
    }
    for args in [&["list"][..], &["search", "certificate"], &["stats"], &["report", "2025-Q1"], &["show", "2025-03-01"]]
    {
        let answer = run(args);
        assert_eq!(answer.code, Some(0), "{args:?}: {}", answer.all());
    }
    // A lost index cannot be made again there.
    disk.again("rw");
    fs::remove_dir_all(disk.0.join("store/generations/1/index")).unwrap();
    disk.again("ro");
    assert_told(&run(&["list"]), &["read-only"]);
    disk.again("rw");
    run(&["ingest", "-q", "docs"]).found();
    assert_eq!(run(&["list"]).code, Some(0));
}

#[test]
fn a_store_that_vanishes_is_told() {
    let world = World::new();
    fill(&world, 4, "checkout");
    ingest(&world).found();
    let before = titles(&world).found().stdout;
    let store = world.path().join(".retro");
    // While it is open: what is not read yet is missing, and that is said.
    let open = retrospect::store::Store::open(&store).unwrap();
    fs::remove_dir_all(&store).unwrap();
    let Err(error) = open.frame("incidents") else { panic!("a table of a store that is gone") };
    assert!(error.hint().is_some_and(|h| h.contains("--rebuild")), "{error}");
    let Err(error) = open.index().map(|_| ()) else { panic!("an index of a store that is gone") };
    assert!(error.hint().is_some_and(|h| h.contains("--rebuild")), "{error}");
    drop(open);
    // Between runs.
    for verb in ["list", "stats", "export"] {
        assert_told(&world.retro(&[verb]), &["there is no store"]);
    }
    ingest(&world).found();
    assert_eq!(titles(&world).found().stdout, before);
    // Parts of it.
    for part in ["CURRENT", "generations", "lock"] {
        let path = store.join(part);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        let answer = titles(&world);
        if answer.code != Some(0) {
            assert_told(&answer, &["there is no store", "damaged", "cannot"]);
        }
        let answer = ingest(&world);
        if answer.code != Some(0) {
            assert_told(&answer, &["damaged", "cannot"]);
            world.retro(&["ingest", "-q", "--rebuild", "docs"]).found();
        }
        assert_eq!(titles(&world).found().stdout, before, "{part}");
    }
}

/// The folder is removed at some time while an ingest writes to it.
#[test]
fn a_store_that_vanishes_under_a_writer_is_told() {
    let world = World::new();
    fill(&world, 12, "checkout");
    ingest(&world).found();
    let before = titles(&world).found().stdout;
    for wait in [0, 20, 60, 120, 250] {
        fill(&world, 12, if wait % 40 == 0 { "search" } else { "login" });
        let child = spawn(&world, &["ingest", "-q", "docs"]);
        thread::sleep(Duration::from_millis(wait));
        drop(fs::remove_dir_all(world.path().join(".retro")));
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        assert!(code == Some(0) || code == Some(2) && told.starts_with("error: "), "{code:?} {told}");
        assert!(!told.contains("internal error"), "{told}");
        fill(&world, 12, "checkout");
        if ingest(&world).code != Some(0) {
            world.retro(&["ingest", "-q", "--rebuild", "docs"]).found();
        }
        assert_eq!(titles(&world).found().stdout, before, "after {wait} ms");
    }
}

fn spawn(world: &World, args: &[&str]) -> std::process::Child {
    let mut command = retro();
    command.current_dir(world.path()).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// What lies in the place of a file that is read, or what the system allows too little of: an error that says what can
/// be done, and nothing waits.
#[cfg(unix)]
#[test]
fn what_stands_in_the_way_is_told_with_the_way_out() {
    let world = World::new();
    fill(&world, 4, "checkout");
    ingest(&world).found();
    let at = |name: &str| world.path().join(name);
    for (args, words, hint) in [
        (&["list", "--config", "gone.toml"][..], "no such file or folder", "spelled"),
        (&["list", "--config", "docs"], "cannot read docs", "name a file"),
        (&["list", "--config", "/dev/zero"], "longer than 16 MiB", "text file"),
        (&["list", "--store", "docs/000.md"], "Not a directory", "name a folder"),
        (&["report", "2025", "-o", "gone/x.html"], "no such file or folder", "spelled"),
        (&["list", &"(".repeat(10_000)], "nested too deeply", "retro search"),
        (&["query", "SELECT id FROM incidents ORDER BY 0"], "engine gave up", "retro schema"),
        (
            &[
                "query",
                "SELECT * FROM timeline a, timeline b, timeline c, timeline d, timeline e, timeline f, timeline g",
            ],
            "refused",
            "JOIN",
        ),
    ] {
        let answer = world.retro(args);
        assert_eq!(answer.code, Some(2), "{args:?}: {}", answer.all());
        assert!(answer.stderr.contains(words) && answer.stderr.contains(hint), "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.len() < 1_000 && !answer.stderr.contains("internal"), "{args:?}: {}", answer.stderr);
        assert!(!answer.stderr.contains("os error"), "{args:?}: {}", answer.stderr);
    }
    // However many values are unknown, a few are named.
    let many: Vec<String> = (0..5_000).map(|n| format!("org:unknown{n}")).collect();
    assert!(world.retro(&["search", &many.join(" ")]).stderr.lines().count() < 10);
    // A pipe in the place of corrections would be waited for.
    let _socket = std::os::unix::net::UnixListener::bind(at("corrections.toml")).unwrap();
    assert_told(&world.retro(&["list"]), &["no regular file"]);
    fs::remove_file(at("corrections.toml")).unwrap();
    // Too few files are no damage.
    for files in 4..9 {
        let binary = retro().get_program().to_owned();
        let limited = format!("ulimit -n {files}; exec \"$0\" search certificate");
        let out = Command::new("sh").args(["-c", &limited]).arg(binary).current_dir(world.path()).output().unwrap();
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success() || told.contains("ulimit"), "{files}: {told}");
        assert!(!told.contains("damaged") && !told.contains("internal"), "{files}: {told}");
    }
    // No text where a number was written.
    fs::write(at(".retro/CURRENT"), b"\xFF\xFE").unwrap();
    let answer = world.retro(&["list"]);
    assert!(answer.code == Some(2) && answer.stderr.contains("--rebuild"), "{}", answer.all());
    world.retro(&["ingest", "-q", "--rebuild", "docs"]).found();
    titles(&world).found();
}

/// Several writers at the same moment: some win, the others say who holds the lock, and nothing is lost or doubled.
#[test]
fn writers_at_the_same_moment_exclude_each_other() {
    let world = World::new();
    fill(&world, 12, "checkout");
    for round in 0..3 {
        fill(&world, 12, if round % 2 == 0 { "search" } else { "checkout" });
        let writers: Vec<_> = (0..4).map(|_| spawn(&world, &["ingest", "-q", "docs"])).collect();
        let mut won = 0;
        for writer in writers {
            let output = writer.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => won += 1,
                Some(2) => assert!(told.contains("another retro (process "), "{told}"),
                other => panic!("{other:?}: {told}"),
            }
        }
        assert!(won > 0);
        ingest(&world).found();
        assert_eq!(titles(&world).found().stdout.lines().count(), 13);
    }
}

/// Readers in a loop while a writer turns all documents from one state to the other and back: every answer is of one
/// state. `RETRO_SOAK` says for how many seconds.
#[test]
fn readers_during_writes_see_one_generation() {
    let seconds = std::env::var("RETRO_SOAK").ok().and_then(|s| s.parse().ok()).unwrap_or(4);
    let world = World::new();
    let states = ["checkout", "search"].map(|what| {
        fill(&world, 12, what);
        ingest(&world).found();
        (titles(&world).found().stdout, searched(&world).found().stdout)
    });
    assert!(states[0].0 != states[1].0 && states[0].1 != states[1].1);
    let (stop, writes) = (AtomicBool::new(false), AtomicUsize::new(0));
    let end = Instant::now() + Duration::from_secs(seconds);
    let (answers, seen) = thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0_usize.. {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                fill(&world, 12, ["checkout", "search"][round % 2]);
                ingest(&world).found();
                writes.fetch_add(1, Ordering::SeqCst);
            }
        });
        let readers = [0, 1].map(|which| {
            let (world, states) = (&world, &states);
            scope.spawn(move || {
                let (mut answers, mut seen) = (0, BTreeSet::new());
                while Instant::now() < end {
                    let answer = if which == 0 { titles(world) } else { searched(world) }.found().stdout;
                    let state = states.iter().position(|(t, s)| answer == *if which == 0 { t } else { s });
                    seen.insert(state.unwrap_or_else(|| panic!("of no generation:\n{answer}")));
                    answers += 1;
                }
                (answers, seen)
            })
        });
        let read = readers.map(|r| r.join().unwrap());
        stop.store(true, Ordering::SeqCst);
        read.into_iter().fold((0, BTreeSet::new()), |(n, mut all), (m, seen)| {
            all.extend(seen);
            (n + m, all)
        })
    });
    let writes = writes.load(Ordering::SeqCst);
    loudly(&format!("{answers} answers during {writes} writes in {seconds} s, each of one generation"));
    assert!(answers > 0 && writes > 0 && !seen.is_empty());
}

/// Words, counts and the order of the index, without what differs by generation only.
fn searched(world: &World) -> Answer {
    world.retro(&["search", "checkout OR search certificate", "-n", "50", "--format", "json"])
}
