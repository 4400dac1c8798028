//! The rules of the house, as a test. Every violation is printed as `path:line: sentence`.

use crate::world::root;
use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A layer may name itself and those before it; those that share a rank do not know each
/// other.
const LAYERS: &[(&str, u8)] = &[
    ("text", 0),
    ("time", 1),
    ("domain", 2),
    ("source", 3),
    ("document", 4),
    ("extract", 5),
    ("record", 6),
    ("check", 7),
    ("store", 7),
    ("query", 8),
    ("analytics", 8),
    ("report", 9),
    ("render", 10),
    ("cli", 11),
];

/// What only some layers may know: pattern, the layers that may, why.
const RESERVED: &[(&str, &[&str], &str)] = &[
    (
        r"\bfs::|\bFile::",
        &["source", "store", "cli"],
        "only source/ and store/ touch files, and cli/ those it is told to",
    ),
    (r"\b(e?println|e?print)!|\bio::std(in|out|err)\b|\bstd(in|out|err)\(\)", &["cli"], "only cli/ talks"),
    (
        r"\benv::(var|vars|args|current_dir)|\bUtc::now\b|\bLocal::now\b|\bSystemTime::now\b",
        &["cli"],
        "only cli/ knows the clock and the environment",
    ),
    (r"\banyhow\b", &["cli"], "errors below cli/ are typed"),
    (r"\bclap\b", &["cli"], "only cli/ knows arguments"),
    (r"\bcomfy_table\b|\banstyle\b", &["render"], "only render/ lays out"),
    (r"\bpolars(_io|_arrow)?\b", &["store", "analytics"], "only store/ and analytics/ know frames"),
    (r"\btantivy\b", &["store", "query"], "only store/ and query/ know the index"),
    (r"\bSerialize\b", &["record", "store", "render"], "what leaves the program is shaped in record/ and render/"),
    (r"\bunsafe\b", &[], "no unsafe"),
];

const MAX_FILE_LINES: usize = 500;
const MAX_FUNCTION_LINES: usize = 70;
const MAX_LINE_CHARS: usize = 120;
/// A line that is mostly one literal (a pattern, an example) cannot be broken; beyond this it is unreadable anyway.
const MAX_LITERAL_CHARS: usize = 260;

#[test]
fn layers_flow_one_way() {
    let single = Regex::new(r"\bcrate::(?<name>[a-z_]+)").unwrap();
    let group = Regex::new(r"\bcrate::\{").unwrap();
    check(|file, report| {
        let Some(own) = file.layer() else { return };
        let rank = |name: &str| LAYERS.iter().find(|(layer, _)| *layer == name).map(|(_, rank)| *rank);
        let Some(own_rank) = rank(own) else {
            report(1, format!("{own} is not a layer; add it to LAYERS in tests/tidy.rs"));
            return;
        };
        for (number, line) in file.code_lines() {
            for name in single.captures_iter(line).map(|c| c["name"].to_owned()) {
                if name != own && rank(&name).is_some_and(|other| other >= own_rank) {
                    report(number, format!("{own} may not know {name}"));
                }
            }
            if group.is_match(line) {
                report(number, "one `use crate::…` a layer, so that this test can read it".to_owned());
            }
        }
    });
}

#[test]
fn every_layer_keeps_to_its_means() {
    let reserved: Vec<_> = RESERVED.iter().map(|(p, layers, why)| (Regex::new(p).unwrap(), layers, why)).collect();
    check(|file, report| {
        let own = file.layer().unwrap_or("");
        for (number, line) in file.code_lines() {
            for (pattern, layers, why) in &reserved {
                if let Some(found) = pattern.find(line).filter(|_| !layers.contains(&own)) {
                    report(number, format!("{} here: {why}", found.as_str()));
                }
            }
        }
    });
}

/// What a data file looks like is nobody's business but its reader's, so that the file may change.
#[test]
fn shapes_of_data_files_stay_private() {
    check(|file, report| {
        // The store writes what it reads, the record is the contract itself, and a vocabulary is handed out as it stands.
        let is_vocabulary = file.path.components().any(|part| part.as_os_str() == "vocabulary");
        if is_vocabulary || matches!(file.layer(), Some("record" | "store") | None) {
            return;
        }
        let lines: Vec<_> = file.code_lines().collect();
        for (at, (_, line)) in lines.iter().enumerate() {
            let derives = line.contains("derive(") && line.contains("Deserialize");
            let item = lines[at..].iter().find(|(_, l)| l.contains("struct ") || l.contains("enum "));
            if let Some((number, item)) = item.filter(|(_, l)| derives && l.starts_with("pub struct")) {
                report(*number, format!("`{}` is parsed from a file; keep it private", item.trim()));
            }
        }
    });
}

#[test]
fn nothing_panics_on_purpose() {
    let banned = Regex::new(r"\.unwrap\(\)|\.expect\(|\b(panic|todo|unimplemented|unreachable)!").unwrap();
    check(|file, report| {
        let constants = file.constant_items();
        for (number, line) in file.code_lines() {
            let Some(found) = banned.find(line) else { continue };
            // A constant regex or an embedded vocabulary either always works or never does, and tests use them all.
            if !constants.iter().any(|item| item.contains(&number)) {
                report(number, format!("{} can be reached by input; return, or handle it", found.as_str()));
            }
        }
    });
}

#[test]
fn files_functions_and_lines_are_short() {
    let function = Regex::new(r"^\s*(pub(\([a-z ]+\))? )?(const )?fn (?<name>\w+)").unwrap();
    check(|file, report| {
        let lines: Vec<_> = file.code_lines().collect();
        if lines.len() > MAX_FILE_LINES {
            report(MAX_FILE_LINES, format!("{} lines; split at {MAX_FILE_LINES}", lines.len()));
        }
        for (at, (number, line)) in lines.iter().enumerate() {
            let Some(found) = function.captures(line) else { continue };
            let length = block_length(lines[at..].iter().map(|(_, line)| *line));
            if length > MAX_FUNCTION_LINES {
                report(*number, format!("fn {} has {length} lines; at most {MAX_FUNCTION_LINES}", &found["name"]));
            }
        }
        let blanked = blank(&file.text);
        for (number, (line, blanked)) in (1..).zip(file.text.lines().zip(blanked.lines())) {
            let is_comment = line.trim_start().starts_with("//");
            let code = line.chars().zip(blanked.chars()).filter(|(c, b)| c == b).count();
            let limit = if code < MAX_LINE_CHARS && !is_comment { MAX_LITERAL_CHARS } else { MAX_LINE_CHARS };
            let length = line.chars().count();
            if length > limit {
                report(number, format!("{length} characters; at most {limit}"));
            }
        }
    });
}

#[test]
fn every_file_says_what_it_is_for() {
    check(|file, report| {
        if !file.text.starts_with("//!") {
            report(1, "a file opens with //! and says what it is responsible for".to_owned());
        }
    });
}

#[test]
fn every_file_is_part_of_the_program() {
    check(|file, report| {
        let (folder, stem) = (file.path.parent().unwrap(), file.path.file_stem().unwrap().to_string_lossy());
        let (folder, stem) = match &*stem {
            "main" | "lib" => return,
            "mod" => (folder.parent().unwrap(), folder.file_name().unwrap().to_string_lossy()),
            _ => (folder, stem),
        };
        let beside = folder.with_extension("rs");
        let parents = [folder.join("mod.rs"), folder.join("lib.rs"), folder.join("main.rs"), beside];
        let declared = Regex::new(&format!(r"\bmod {stem};")).unwrap();
        if !parents.iter().filter_map(|p| fs::read_to_string(p).ok()).any(|text| declared.is_match(&text)) {
            report(1, format!("no `mod {stem};` names this file"));
        }
    });
}

#[test]
fn every_data_file_is_read() {
    let build = root().join("build.rs");
    let sources: Vec<_> = rust_files("src").into_iter().chain([build]).map(|p| File::read(p).text).collect();
    let unread: Vec<_> = files("src", &["toml", "html", "css"])
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let lists = format!(" = {};", path.file_stem().unwrap().to_string_lossy());
            let listed = format!("listed_list!({}::", path.file_stem().unwrap().to_string_lossy());
            !sources.iter().any(|text| {
                let is_named = (text.contains("include_str!") || text.contains("shipped!")) && text.contains(&name);
                is_named || text.contains(&listed) || text.contains("lists! {") && text.contains(&lists)
            })
        })
        .collect();
    assert!(unread.is_empty(), "no code names {unread:?}");
}

/// A page that nothing leads to is one that nobody keeps, or a stray file.
#[test]
fn every_page_is_linked() {
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|page| fs::read_to_string(root().join(page)));
    let pages: Vec<String> = pages.into_iter().map(Result::unwrap).collect();
    let names = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let is_linked = |name: &str| pages.iter().any(|page| page.contains(&format!("](docs/{name})")));
    let stray: Vec<_> = names.filter(|name| !is_linked(&name.to_string_lossy())).collect();
    assert!(stray.is_empty(), "no page of the top level links {stray:?} in docs/");
}

#[test]
fn the_lexer_of_this_test_blanks_what_is_not_code() {
    let code = "let a = \"x // y\"; // z\nlet b = r#\"un\"safe\"#; /* q */ c('\"', '\\'', b'\"');\nfn f<'a>() {}\n";
    let expected = "let a = \"      \";     \nlet b = r#\"       \"#;         c(' ', '  ', b' ');\nfn f<'a>() {}\n";
    assert_eq!(blank(code), expected);
}

/// Runs a check on every source file and fails with all violations.
fn check(rule: impl Fn(&File, &mut dyn FnMut(usize, String))) {
    let mut violations = Vec::new();
    for path in rust_files("src") {
        let file = File::read(path);
        let shown = file.path.strip_prefix(root()).unwrap().display().to_string();
        rule(&file, &mut |line, sentence| violations.push(format!("{shown}:{line}: {sentence}")));
    }
    assert!(violations.is_empty(), "{} violations:\n{}\n", violations.len(), violations.join("\n"));
}

struct File {
    path: PathBuf,
    text: String,
    /// The text up to its tests, with comments and the contents of strings blanked.
    code: String,
}

impl File {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let parent = fs::read_to_string(path.with_file_name("mod.rs")).unwrap_or_default();
        let stem = path.file_stem().unwrap().to_string_lossy();
        let for_tests =
            Regex::new(&format!(r"#\[cfg\((?:test|any\(test, fuzzing\))\)\]\s*(pub(\([a-z ]+\))? )?mod {stem};"))
                .unwrap();
        let is_test = for_tests.is_match(&parent);
        let blanked = blank(&text);
        let end = if is_test { 0 } else { blanked.find("#[cfg(test)]\nmod ").unwrap_or(blanked.len()) };
        let code = blanked[..end].to_owned();
        File { path, text, code }
    }

    /// The folder under src/, for files that are in one.
    fn layer(&self) -> Option<&str> {
        let below = self.path.strip_prefix(root().join("src")).unwrap();
        let first = below.components().next()?.as_os_str().to_str()?;
        (!first.ends_with(".rs")).then_some(first)
    }

    /// Numbered from 1.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }

    /// The line ranges of `static … LazyLock …` items.
    fn constant_items(&self) -> Vec<std::ops::Range<usize>> {
        let start = Regex::new(r"^\s*(pub(\([a-z ]+\))? )?static \w+: (LazyLock|OnceLock)").unwrap();
        let lines: Vec<_> = self.code_lines().collect();
        let starts = lines.iter().enumerate().filter(|(_, (_, line))| start.is_match(line));
        starts.map(|(at, (number, _))| *number..number + item_length(&lines[at..])).collect()
    }
}

/// How many lines until the item's final semicolon, outside all brackets.
fn item_length(lines: &[(usize, &str)]) -> usize {
    let mut depth = 0i32;
    for (n, (_, line)) in lines.iter().enumerate() {
        for c in line.chars() {
            match c {
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' => depth -= 1,
                ';' if depth == 0 => return n + 1,
                _ => {}
            }
        }
    }
    lines.len()
}

/// How many lines from a function's head to its closing brace.
fn block_length<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    let mut depth = 0;
    for (n, line) in lines.enumerate() {
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => return n + 1,
                '}' => depth -= 1,
                ';' if depth == 0 => return n + 1,
                _ => {}
            }
        }
    }
    0
}

/// Rust text with comments and the contents of literals replaced by spaces; lines stay lines.
fn blank(text: &str) -> String {
    let literal = Regex::new(
        r#"(?xs) //[^\n]* | /\*.*?\*/ | r(?<h>\#{0,3})"(?<raw>.*?)"\#{0,3} | "(?<s>(\\.|[^"\\])*)" | '(?<c>\\?[^\n]|\\u\{\w+\})'"#,
    )
    .unwrap();
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = literal.captures_at(text, at) {
        let whole = found.get(0).unwrap();
        let mut end = whole.end();
        out.push_str(&text[at..whole.start()]);
        if let (Some(hashes), Some(_)) = (found.name("h"), found.name("raw")) {
            // The regex cannot count: find the quote that is followed by as many hashes.
            let open = hashes.end() + 1;
            let close = format!("\"{}", hashes.as_str());
            let length = text[open..].find(&close).unwrap_or(0);
            end = open + length + close.len();
            out.push_str(&text[whole.start()..open]);
            out.push_str(&spaces(&text[open..open + length]));
            out.push_str(&close);
        } else if let Some(inner) = found.name("s").or_else(|| found.name("c")) {
            out.push_str(&text[whole.start()..inner.start()]);
            out.push_str(&spaces(inner.as_str()));
            out.push_str(&text[inner.end()..end]);
        } else {
            out.push_str(&spaces(whole.as_str()));
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

fn spaces(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    files(folder, &["rs"])
}

fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { visit(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    visit(&root().join(folder), &mut found);
    found.retain(|path| path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted)));
    found.sort();
    found
}
