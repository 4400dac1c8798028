//! Documents made to do harm, through the real program: bounded memory, bounded time, a notice; nothing of them acts where
//! it is shown; what is no file is named and passed over. `RETRO_HEAVY=1` makes the largest as large as they are named.

use crate::world::{Answer, World, loudly, retro};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one input may take, however it is made: the first 64 MiB of it are read, of which 8 MiB are parsed.
const MAX_MIB: u64 = 1024;
/// Generous, for unoptimised builds on a busy machine: the point is to tell linear from quadratic.
const MAX_SECONDS: u64 = 90;

/// Runs `retro` with an eye on the memory it takes; the peak in MiB, where the system tells.
fn watched(world: &World, args: &[&str]) -> (Answer, u64, Duration) {
    let begun = Instant::now();
    let (out, err) = (world.path().join("stdout"), world.path().join("stderr"));
    let file = |path: &Path| Stdio::from(fs::File::create(path).unwrap());
    let mut command = retro();
    command.current_dir(world.path()).args(args).stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err));
    let mut child = command.spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        // The highest it has been, told by the kernel; what came in the last moment before the end is missed.
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next());
        peak = high.and_then(|kib| kib.parse().ok()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(2 * MAX_SECONDS) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    (Answer { code: status.code(), stdout: text(&out), stderr: text(&err) }, peak / 1024, begun.elapsed())
}

fn docx(body: &[u8], times: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default().large_file(true)).unwrap();
    for _ in 0..times {
        zip.write_all(body).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn pdf(content: Vec<u8>, pages: i64) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let mut stream = Stream::new(dictionary! {}, content);
    stream.compress().unwrap();
    let content = document.add_object(stream);
    let parent = document.new_object_id();
    // Every page paints the same content, again and again.
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content });
    let resources = dictionary! { "Font" => dictionary! { "F1" => font } };
    let kids = vec![Object::from(page); usize::try_from(pages).unwrap()];
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => pages, "Resources" => resources };
    document.objects.insert(parent, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// Some notice: which limit is met first depends on how fast the machine is.
const ANY: &str = "any";

/// One hostile file: its name, what is in it, and a notice that it must have; none where nothing is left out.
type Hostile = (&'static str, Vec<u8>, &'static str);

/// Sizes are divided by `shrink`.
fn texts(shrink: usize) -> Vec<Hostile> {
    let (million, levels) = (1_000_000 / shrink, 100_000 / shrink);
    let many = |piece: &str, times: usize| piece.repeat(times).into_bytes();
    let whole = |notice: &'static str| if shrink == 1 { notice } else { "" };
    let aliases: String = (1..60).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    vec![
        ("line-of-10^8-characters.txt", many("words 10:05 ", 100 * million / 12), whole("truncated")),
        ("line-of-10^8-characters.md", many("a **b** `c` ", 100 * million / 12), whole("truncated")),
        ("10^6-headings.md", many("# a\n", million), whole("limit-blocks")),
        ("10^6-headings.html", many("<h2>a</h2>", million), whole("limit-blocks")),
        ("10^6-headings.rst", many("A\n=\n\n", million), whole("limit-blocks")),
        ("10^6-headings.adoc", many("== a\n\n", million), whole("limit-blocks")),
        ("10^6-headings.wiki", many("== a ==\n", million), whole("limit-blocks")),
        (
            "10^6-cells.md",
            [many("| a ", million), many("\n|---", 1), many("|---", million)].concat(),
            whole("limit-cells"),
        ),
        (
            "10^6-cells.html",
            many("<table><tr>", 1).into_iter().chain(many("<td>a", million)).collect(),
            whole("limit-cells"),
        ),
        ("10^6-rows.md", [many("| a |\n|---|\n", 1), many("| 10:05 |\n", million)].concat(), whole("limit-blocks")),
        ("deep-lists.md", (0..2000 / shrink).flat_map(|n| many(" ", 2 * n).into_iter().chain(*b"- x\n")).collect(), ""),
        ("deep-lists-in-a-line.md", many("- ", levels), ""),
        ("deep-lists.html", many("<ul><li>x", levels), ""),
        ("deep-quotes.md", many("> ", levels), ""),
        ("deep-quotes.html", many("<blockquote>x", levels), ""),
        ("deep-elements.html", many("<div><b><i>x", levels), ""),
        ("deep-tables.html", many("<table><tr><td>x", levels), ""),
        ("deep-objects.json", many("{\"a\":", levels), ""),
        ("deep-arrays.json", many("[", levels), ""),
        ("deep-yaml.md", [many("---\na: ", 1), many("[", levels), many("\n---\nx", 1)].concat(), ""),
        ("yaml-aliases.md", format!("---\na0: &a0 [x, x]\n{aliases}---\nwords\n").into_bytes(), ""),
        ("10^5-links.md", many("[a](https://b.example/c) ", levels), ""),
        ("10^5-links.html", many("<a href=https://b.example>a</a> ", levels), ""),
        ("10^5-references.md", many("[a]: b\n[c]\n", levels), ""),
        ("10^6-times.md", many("- 10:05 UTC on 2025-03-02 errors\n", million / 4), whole("limit-blocks")),
        (
            "10^6-fields.md",
            [many("# Down\n\nDate: 2025-03-02\n\n", 1), many("Time: 10:05\n\n", million)].concat(),
            whole("limit-blocks"),
        ),
        (
            "10^5-labels.md",
            many("# Down\n\n| a | b |\n|---|---|\n", 1)
                .into_iter()
                .chain(many("| Action 1 | mend it soon |\n", levels))
                .collect(),
            whole("limit-blocks"),
        ),
        ("10^5-moments.md", many("At 10:05 UTC it failed.\n\nAt 10:05 CET it failed.\n\n", levels / 4), ""),
        ("10^5-publications.md", many("Published: 2025-03-02\n\n", levels / 2), ""),
        ("dates-of-a-page.md", many("Published on 4 March 2026.\n", levels / 2), whole("limit-block")),
        ("10^5-incidents.ndjson", many("{\"title\": \"a\", \"started\": \"2025-03-02 10:05 UTC\"}\n", levels), ""),
        ("escapes.txt", many("\u{1b}]8;;x\u{7}\u{1b}[", million), ""),
        ("nul.txt", vec![0; 64 * million], "binary"),
    ]
}

#[test]
fn every_hostile_document_is_bounded() {
    let shrink = if std::env::var_os("RETRO_HEAVY").is_some() { 1 } else { 100 };
    let mut inputs = texts(shrink);
    let paragraph = b"<w:p><w:r><w:t>words and words and words</w:t></w:r></w:p>".repeat(1000);
    inputs.push(("zip-bomb.docx", docx(&paragraph, 20_000 / shrink), if shrink == 1 { "limit-inflated" } else { "" }));
    let painted = b"BT /F1 10 Tf 1 0 0 1 50 600 Tm (words) Tj ET\n".repeat(2_000_000 / shrink);
    let pages = 1000 / i64::try_from(shrink).unwrap();
    inputs.push(("pdf-bomb.pdf", pdf(painted.clone(), pages), if shrink == 1 { ANY } else { "" }));
    inputs.push((
        "pdf-of-many-pages.pdf",
        pdf(painted[..painted.len() / 20].to_vec(), 5 * pages),
        if shrink == 1 { ANY } else { "" },
    ));
    loudly(&format!("{:28} {:>9} {:>9} {:>9}  notices", "input", "MiB", "peak MiB", "seconds"));
    for (name, bytes, notice) in inputs {
        let size = bytes.len() as f64 / 1_048_576.0;
        let world = World::new().file(name, bytes);
        bounded(&world, name, notice, size);
    }
    let world = World::new();
    fs::File::create(world.path().join("2-GB-of-nothing.md")).unwrap().set_len(2 << 30).unwrap();
    bounded(&world, "2-GB-of-nothing.md", "truncated", 2048.0);
}

/// Reads the file within the bounds, and with the notice; says what it took.
fn bounded(world: &World, name: &str, notice: &str, size: f64) {
    let (answer, peak, spent) = watched(world, &["extract", name, "--format", "ndjson"]);
    assert!(matches!(answer.code, Some(0 | 1)), "{name}: {:.2000}", answer.stderr);
    assert!(peak < MAX_MIB, "{name}: {peak} MiB");
    assert!(spent < Duration::from_secs(MAX_SECONDS), "{name}: {spent:?}");
    let mut codes = std::collections::BTreeSet::new();
    for record in answer.ndjson() {
        let warnings = record["warnings"].as_array().cloned().unwrap_or_default();
        codes.extend(warnings.iter().map(|w| w["code"].as_str().unwrap().to_owned()));
    }
    let is_noticed = notice.is_empty() || codes.contains(notice) || notice == ANY && !codes.is_empty();
    assert!(is_noticed, "{name}: {notice} is not among {codes:?}");
    let codes: Vec<_> = codes.into_iter().collect();
    loudly(&format!("{name:28} {size:9.1} {peak:9} {:9.1}  {}", spent.as_secs_f64(), codes.join(" ")));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_passed_over() {
    use std::os::unix::fs::symlink;
    let good = "# Checkout down\n\nOn 2025-03-02 at 10:00 UTC checkout failed.\n";
    let world = World::new().file("in/good.md", good).file("in/deep/er/good.md", good);
    let at = |name: &str| world.path().join("in").join(name);
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.md")).unwrap();
    symlink("..", at("deep/loop")).unwrap();
    symlink("loop-b.md", at("loop-a.md")).unwrap();
    symlink("loop-a.md", at("loop-b.md")).unwrap();
    symlink("/dev/zero", at("zero.md")).unwrap();
    symlink("/etc", at("out")).unwrap();
    let made = |args: &[&str]| Command::new(args[0]).args(&args[1..]).status().is_ok_and(|s| s.success());
    let mut named = vec!["in/socket.md", "in/deep/loop", "in/loop-a.md", "in/loop-b.md", "in/zero.md", "in/out"];
    if made(&["mkfifo", &at("fifo.md").to_string_lossy()]) {
        named.push("in/fifo.md");
    }
    if made(&["mknod", &at("device.md").to_string_lossy(), "c", "1", "5"]) {
        named.push("in/device.md");
    } else {
        loudly("SKIPPED: this user may not make devices; only a link to one was tried");
    }
    for args in [&["extract", "in"][..], &["ingest", "in"]] {
        let answer = world.retro(args);
        assert_eq!(answer.code, Some(0), "{}", answer.all());
        for name in &named {
            assert!(answer.stderr.contains(name), "{args:?} is silent about {name}: {}", answer.all());
        }
    }
    assert_eq!(world.retro(&["list"]).found().stdout.lines().filter(|l| l.contains("Checkout down")).count(), 2);
    // Named outright, each is an error, and nothing waits for its other end.
    for name in named.iter().chain(&["/dev/zero"]) {
        let answer = world.retro(&["extract", name, "in/good.md"]);
        let is_folder = name.ends_with("loop") || name.ends_with("out");
        assert!(is_folder || answer.code == Some(2), "{name}: {}", answer.all());
        assert!(is_folder || answer.stderr.contains(name), "{name}: {}", answer.all());
    }
}

/// Everything that makes a terminal do something, or shows words that are not there: CSI, OSC 8 and 52, a title, DCS, C1
/// controls, cursor keys, bidi overrides and isolates, zero-width characters and tags.
const ESCAPES: &str = "\u{1b}[31m\u{1b}[2J\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\\u{1b}]52;c;b3duZWQ=\u{7}\
    \u{1b}]0;owned\u{7}\u{1b}Pq\u{1b}\\\u{9b}5n\u{9d}x\u{9c}\u{1b}c\u{8}\u{7f}\u{202e}txt\u{2066}a\u{2069}\u{200b}\u{2060}\u{feff}\u{e0041}";

/// No control character but line ends, no override, nothing without width.
#[track_caller]
fn assert_tame(what: &[&str], answer: &Answer) {
    let is_wild = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\r')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || ('\u{e0000}'..='\u{e0fff}').contains(&c)
    };
    assert!(!answer.all().contains(is_wild), "{what:?}: {:?}", answer.all());
}

fn escaped_world() -> World {
    let report = |n: usize| {
        format!(
            "---\ntitle: \"{0} down {n}\"\norg: \"Acme{0}\"\nid: \"INC-{n}{0}\"\n---\n\n# Checkout{0} down {n}\n\nSeverity: SEV-1{0}\n\n\
             Service: pay{0}ments\n\nOn 2025-05-0{n} at 10:00 UTC{0} customers{0} saw 502 errors. It was{0} resolved at 11:00 UTC.\n\n\
             ## Timeline\n\n- 10:00 UTC {0}errors began\n- 10:05 UTC alert {0} fired\n- 11:00 UTC resolved{0}\n\n\
             ## Root cause\n\nThe root cause was an expired{0} certificate at Cloudflare{0} in eu-{0}west-1.\n\n\
             ## Action items\n\n- [ ] Add{0} an alert (owner: Jane{0}, due 2025-06-01) [x](http://e.example/{0})\n\n\
             {1}",
            ESCAPES,
            // So many control characters would make it no text at all.
            "Ordinary words about what happened to customers that day, and about nothing else. ".repeat(200)
        )
    };
    let name = |n: usize| format!("docs/{n}\u{1b}[31m\u{1b}]52;c;aGk=\u{7}\u{202e}\u{200b}.md");
    let world = (1..=5).fold(World::new(), |world, n| world.file(&name(n), report(n)));
    world.retro(&["ingest", "docs"]).found();
    world
}

#[test]
fn no_verb_and_no_format_lets_an_escape_sequence_out() {
    let world = escaped_world();
    let id =
        world.retro(&["query", "SELECT id FROM incidents", "--format", "ndjson"]).found().ndjson()[0]["id"].clone();
    let id = id.as_str().unwrap();
    let sql = "SELECT * FROM incidents";
    let grids = ["table", "json", "ndjson", "csv", "md"];
    let verbs: &[(&[&str], &[&str])] = &[
        (&["search", "502 errors"], &grids),
        (&["search", ESCAPES], &grids),
        (&["search", "--explain", "502 errors"], &["table", "json"]),
        (&["similar", id], &grids),
        (&["similar", "--text", ESCAPES], &grids),
        (&["clusters"], &grids),
        (&["list"], &grids),
        (&["show", id], &["card", "json", "md"]),
        (&["show", id, "--evidence"], &["card", "json", "md"]),
        (&["stats", "--by", "org"], &grids),
        (&["stats", "--evidence"], &grids),
        (&["trend"], &grids),
        (&["report", "2025-Q2"], &["table", "md", "html", "json"]),
        (&["query", sql], &grids),
        (&["query", "SELECT * FROM timeline"], &grids),
        (&["query", "SELECT * FROM actions"], &grids),
        (&["query", "SELECT * FROM notices"], &grids),
        (&["export", "--table", "incidents"], &["csv", "ndjson"]),
        (&["export", "--table", "actions"], &["csv", "ndjson"]),
        (&["check", "docs"], &["text", "json", "github", "sarif"]),
        (&["extract", "docs"], &["ndjson", "json", "card"]),
    ];
    let ours = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for (verb, formats) in verbs {
        for format in *formats {
            let args = [*verb, &["--format", format]].concat();
            let answer = world.retro(&args);
            assert!(matches!(answer.code, Some(0 | 1)), "{args:?}: {}", answer.all());
            assert_tame(&args, &answer);
            // A terminal is asked for outright: then our own colours are the only sequences.
            let coloured = world.retro(&[&args[..], &["--color", "always"]].concat());
            let without = ours.replace_all(&coloured.stdout, "").into_owned();
            assert!(!without.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{args:?}: {without:?}");
        }
    }
    // What a user types or a file is called comes back in errors.
    for args in [
        &["show", ESCAPES][..],
        &["list", &format!("severity:{ESCAPES}")],
        &["list", &format!("{ESCAPES}:x")],
        &["query", &format!("SELECT '{ESCAPES}' FROM {ESCAPES}")],
        &["extract", &format!("docs/{ESCAPES}.md")],
        &["--store", ESCAPES, "list"],
        &["correct", id, &format!("trigger={ESCAPES}"), "--reason", ESCAPES],
        &["correct", id, &format!("org=Acme{ESCAPES}"), "--reason", ESCAPES],
        &["correct", "--list"],
        &["list"],
    ] {
        let answer = world.retro(args);
        assert_tame(args, &answer);
    }
}

/// Cells that a spreadsheet would take for a formula, in every column that holds words of documents.
#[test]
fn no_cell_is_a_formula() {
    let mut world = World::new();
    for (n, start) in ["=", "+", "-", "@", "\t=", "\r=", "＝", " ="].iter().enumerate() {
        let evil = format!("{start}HYPERLINK(\"http://evil.example\")");
        let report = format!(
            "---\ntitle: {title}\norg: {title}\nseverity: {title}\n---\n\nOn 2025-05-0{day} at 10:00 UTC customers could not pay. It was restored at \
             11:00 UTC.\n\n## Timeline\n\n- 10:00 UTC {evil}\n\n## Root cause\n\n{evil} was the root cause.\n\n## Action items\n\n\
             - [ ] {evil} (owner: {evil})\n",
            title = serde_json::Value::from(evil.as_str()),
            day = n + 1,
        );
        world = world.file(&format!("docs/{}{n}.md", start.trim()), report);
    }
    world.retro(&["ingest", "-q", "docs"]).found();
    let mut words = 0;
    for args in [
        &["query", "SELECT * FROM incidents"][..],
        &["query", "SELECT * FROM actions"],
        &["query", "SELECT * FROM timeline"],
        &["query", "SELECT * FROM notices"],
        &["query", "SELECT path AS \"=1+1\" FROM incidents"],
        &["list"],
        &["search", "customers"],
        &["stats", "--by", "org"],
        &["clusters"],
        &["export", "--table", "incidents"],
        &["export", "--table", "actions"],
        &["export", "--table", "timeline"],
    ] {
        let answer = world.retro(&[args, &["--format", "csv"]].concat());
        assert!(matches!(answer.code, Some(0 | 1)), "{}", answer.all());
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(answer.stdout.as_bytes());
        for cell in reader.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            words += usize::from(cell.contains("HYPERLINK"));
            let is_number = cell.parse::<f64>().is_ok();
            let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            assert!(is_number || !is_formula, "{args:?}: {cell:?}");
        }
    }
    assert!(words > 20, "{words}");
}

/// Ids and paths of documents are words, never places: nothing is written outside the folder that was named.
#[test]
fn an_id_is_no_path() {
    let report = |id: &str| {
        format!("---\nid: \"{id}\"\ntitle: \"{id}\"\n---\n\nOn 2025-05-02 at 10:00 UTC checkout was down.\n")
    };
    let mut world = World::new().file("work/x.md", "x");
    for (n, id) in ["../../evil", "/etc/evil", "..", "a/../../b", "C:\\\\evil", "evil\\u0000.md"].iter().enumerate() {
        world = world.file(&format!("work/docs/{n}.md"), report(id));
    }
    let run = |args: &[&str]| {
        let mut command = retro();
        command.current_dir(world.path().join("work")).args(args).output().unwrap().status.code()
    };
    assert_eq!(run(&["ingest", "-q", "docs"]), Some(0));
    assert_eq!(run(&["export", "-q", "-o", "out"]), Some(0));
    assert_eq!(run(&["export", "-q", "-o", "lake", "--partition", "quarter"]), Some(0));
    assert_eq!(run(&["report", "2025-Q2", "-o", "report.html"]), Some(0));
    let names = |folder: &Path| {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(world.path()), ["work"]);
    assert_eq!(names(&world.path().join("work")), [".retro", "docs", "lake", "out", "report.html", "x.md"]);
}
