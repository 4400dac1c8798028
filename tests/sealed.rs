//! Nothing gets out: the program opens no socket, and a report that it made of hostile documents runs nothing and asks
//! nobody, in a real browser.

use crate::world::{World, corpus, loudly, retro};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

/// What a program needs to reach or be reached by another machine. `socketpair` and `sendmsg` are not among them: the
/// standard library starts processes with those.
const OF_THE_NETWORK: &[&str] = &[
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "getaddrinfo",
    "gethostbyname",
    "sendto",
    "recvfrom",
    "res_query",
];

/// The functions that a binary asks the system's libraries for: the names without a place in its table of dynamic
/// symbols (ELF, 64 bits, little-endian).
fn asked_for(binary: &[u8]) -> BTreeSet<String> {
    let number = |at: usize, bytes: usize| -> usize {
        binary[at..at + bytes].iter().rev().fold(0, |n, b| n << 8 | usize::from(*b))
    };
    assert_eq!(&binary[..6], b"\x7fELF\x02\x01");
    let (headers, size, count) = (number(0x28, 8), number(0x3a, 2), number(0x3c, 2));
    let header = |n: usize| headers + n * size;
    const DYNSYM: usize = 11;
    let symbols = (0..count).map(header).find(|h| number(h + 4, 4) == DYNSYM).expect("dynamic symbols");
    let strings = number(header(number(symbols + 0x28, 4)) + 0x18, 8);
    let (start, length) = (number(symbols + 0x18, 8), number(symbols + 0x20, 8));
    let asked = (start..start + length).step_by(24).filter(|at| number(at + 6, 2) == 0);
    asked
        .map(|at| {
            String::from_utf8_lossy(binary[strings + number(at, 4)..].split(|b| *b == 0).next().unwrap()).into_owned()
        })
        .collect()
}

#[cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
#[test]
fn no_function_of_the_network_is_linked() {
    let asked = asked_for(&fs::read(retro().get_program()).unwrap());
    assert!(asked.iter().any(|name| name.starts_with("open")), "files are opened, and that is seen: {asked:?}");
    let linked: Vec<_> = OF_THE_NETWORK.iter().filter(|name| asked.contains(**name)).collect();
    assert!(linked.is_empty(), "the binary asks the system for {linked:?}");
    // This test opens a socket, so its own binary asks for what must not be found in the other one.
    let own = asked_for(&fs::read(std::env::current_exe().unwrap()).unwrap());
    assert!(own.contains("bind") && own.contains("listen"));
}

#[cfg(target_os = "linux")]
#[test]
fn no_verb_opens_a_socket() {
    let traced = |folder: &World, program: &mut Command, args: &[&str]| {
        let log = folder.path().join("calls");
        let mut strace = Command::new("strace");
        strace.current_dir(folder.path()).args(["-f", "-qq", "-e", "trace=%network", "-o"]).arg(&log);
        let output = strace.arg(program.get_program()).args(args).output().ok()?;
        Some((output.status.code(), fs::read_to_string(log).unwrap_or_default()))
    };
    let world = World::new();
    let corpus = corpus().to_string_lossy().into_owned();
    let python = traced(&world, &mut Command::new("python3"), &["-c", "import socket; socket.socket()"]);
    if !python.is_some_and(|(code, calls)| code == Some(0) && calls.contains("socket(AF_INET")) {
        loudly("SKIPPED: no strace that sees the sockets of python3; the verbs were not traced");
        return;
    }
    for args in [
        &["ingest", "-q", &corpus][..],
        &["search", "certificate expired"],
        &["similar", "--text", "502 bad gateway"],
        &["clusters"],
        &["list"],
        &["stats", "--by", "org"],
        &["trend"],
        &["report", "2025-Q2", "-o", "report.html"],
        &["query", "SELECT count(*) FROM incidents"],
        &["export", "-q", "-o", "out"],
        &["check", &corpus],
        &["extract", &corpus],
    ] {
        let (code, calls) = traced(&world, &mut retro(), args).unwrap();
        assert!(matches!(code, Some(0 | 1)), "{args:?}: {code:?}");
        let opened: Vec<_> = calls.lines().filter(|l| l.contains("socket(") || l.contains("connect(")).collect();
        assert!(opened.is_empty(), "{args:?}: {opened:?}");
    }
}

/// Listens, and remembers what was asked for.
fn listen() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut head = [0; 512];
            let length = stream.read(&mut head).unwrap_or(0);
            let line = String::from_utf8_lossy(&head[..length]).lines().next().unwrap_or_default().to_owned();
            log.lock().unwrap().push(line);
            drop(stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
        }
    });
    (address, asked)
}

/// Markup that acts where it is let in, each calling home by a name of its own.
fn payloads(home: &str) -> Vec<String> {
    [
        "<script>fetch('HOME/script')</script>",
        "<img src=x onerror=\"fetch('HOME/onerror')\">",
        "<img src=\"HOME/image\">",
        "<svg onload=\"fetch('HOME/svg')\"><use href=\"HOME/use\"/></svg>",
        "<style>@import 'HOME/style'; * { background: url(HOME/background) }</style>",
        "<link rel=stylesheet href=\"HOME/link\">",
        "<iframe src=\"HOME/frame\"></iframe>",
        "\"><b style=\"background:url(HOME/attribute)\" onmouseover=\"fetch('HOME/over')\">x</b>",
        "' onload='fetch(\"HOME/quote\")",
        "</title></text></svg></style><script>fetch('HOME/closing')</script>",
        "[click](javascript:fetch('HOME/markdown')) ![x](HOME/picture)",
        "<a href=\"javascript:fetch('HOME/href')\">x</a><a href=\"data:text/html,x\">y</a>",
        "<meta http-equiv=refresh content=\"0;url=HOME/refresh\"><base href=\"HOME/\">",
        "<video autoplay src=\"HOME/video\"></video><object data=\"HOME/object\"></object>",
        "]]><!--><script>fetch('HOME/comment')</script>--><form action=HOME/form><input autofocus onfocus=submit()>",
        "&lt;script&gt;fetch('HOME/entity')&lt;/script&gt;&#60;img src=HOME/numeric&#62;",
        "{{ '<img src=HOME/template>' }} {% raw %}<img src=HOME/raw>",
    ]
    .iter()
    .map(|p| p.replace("HOME", home))
    .collect()
}

fn browse(chromium: &str, world: &World, page: &str) -> String {
    let profile = world.path().join("profile").to_string_lossy().into_owned();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"])
        .args(["--disable-component-update", "--disable-sync", "--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={profile}"))
        .arg(format!("file://{}", world.path().join(page).display()))
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
}

#[test]
fn a_report_of_hostile_documents_runs_nothing_and_asks_nobody() {
    let Some(chromium) = chromium() else {
        loudly("SKIPPED: there is no Chromium; no report was opened in a browser");
        return;
    };
    let (home, asked) = listen();
    let payloads = payloads(&home);
    let mut world = World::new();
    for (n, payload) in payloads.iter().enumerate() {
        let title = payload.replace('\n', " ");
        let report = format!(
            "---\ntitle: {}\nseverity: {}\norg: {}\n---\n\n# {title}\n\nOn 2025-05-{:02} at 10:00 UTC {payload} was down \
             for customers. It was restored at 11:00 UTC.\n\n## Root cause\n\nThe root cause was {payload} by Cloudflare.\n\n\
             ## Action items\n\n- [ ] Mend {payload} (owner: {payload}) [it]({home}/action) [js](javascript:alert(1))\n",
            serde_json::Value::from(title.as_str()),
            serde_json::Value::from(format!("SEV-1 {title}")),
            serde_json::Value::from(format!("Acme {title}")),
            n + 1,
        );
        let name = payload.replace('/', "_").chars().take(60).collect::<String>();
        world = world.file(&format!("docs/{n} {name}.md"), report);
    }
    world.retro(&["ingest", "-q", "docs"]).found();
    world.retro(&["report", "2025-Q2", "-o", "report.html"]).found();
    let page = fs::read_to_string(world.path().join("report.html")).unwrap();
    // The charts by themselves, as someone would save them.
    let charts: Vec<&str> = page.split("<svg").skip(1).filter_map(|c| c.split("</svg>").next()).collect();
    assert!(!charts.is_empty());
    let world = charts.iter().enumerate().fold(world, |world, (n, chart)| {
        world.file(&format!("chart{n}.svg"), format!("<svg xmlns=\"http://www.w3.org/2000/svg\"{chart}</svg>"))
    });

    // The payloads do act where nothing tames them, or this test would prove nothing.
    let world = world.file("control.html", format!("<!doctype html><body>{}", payloads[..7].concat()));
    browse(chromium, &world, "control.html");
    let acted = std::mem::take(&mut *asked.lock().unwrap());
    for name in ["/script", "/onerror", "/image", "/svg", "/style", "/link", "/frame"] {
        assert!(acted.iter().any(|line| line.contains(name)), "{name} does nothing: {acted:?}");
    }

    let dom = browse(chromium, &world, "report.html");
    assert!(dom.contains("&lt;script&gt;fetch"), "the words are shown as words");
    for n in 0..charts.len() {
        browse(chromium, &world, &format!("chart{n}.svg"));
    }
    let asked = asked.lock().unwrap().clone();
    assert!(asked.is_empty(), "the report asked for {asked:?}");
    let lower = dom.to_lowercase();
    for acting in
        ["<script", "<iframe", "<object", "<embed", "<base", "<form", "<link", "<img", "<video", "http-equiv=\"refresh"]
    {
        assert!(!lower.contains(acting), "{acting} is an element of the page");
    }
    let attributes =
        regex::Regex::new(r#"<[a-z][^>]*\s(on[a-z]+\s*=|(?:href|src|action)\s*=\s*"\s*(?:javascript|data|vbscript):)"#);
    let found = attributes.unwrap().find(&lower).map(|m| m.as_str().to_owned());
    assert_eq!(found, None);
    loudly(&format!(
        "{} payloads, {} charts in a browser: no script ran, no request left",
        payloads.len(),
        charts.len()
    ));
}
