//! A temporary folder, the real `retro` run in it, and its answers made comparable: paths, versions and seconds differ
//! between machines and are replaced by words.

use regex::Regex;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents that ship with the product.
pub fn corpus() -> PathBuf {
    root().join("corpus")
}

/// A temporary working directory. Gone when dropped.
pub struct World {
    folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        World { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a file; folders are made as needed.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("folders can be made");
        fs::write(file, content).expect("a file can be written");
        self
    }

    /// Runs `retro` here.
    pub fn retro(&self, args: &[&str]) -> Answer {
        self.run(args, None)
    }

    /// Runs `retro` here with something on stdin.
    pub fn retro_with(&self, args: &[&str], stdin: impl AsRef<[u8]>) -> Answer {
        self.run(args, Some(stdin.as_ref()))
    }

    fn run(&self, args: &[&str], stdin: Option<&[u8]>) -> Answer {
        let mut child = retro()
            .current_dir(self.path())
            .args(args)
            .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("retro starts");
        let feeder = stdin.map(|bytes| {
            let (mut pipe, bytes) = (child.stdin.take().expect("a pipe"), bytes.to_vec());
            // A program that stops reading early is no error of ours.
            std::thread::spawn(move || drop(pipe.write_all(&bytes)))
        });
        let output = child.wait_with_output().expect("retro ends");
        if let Some(feeder) = feeder {
            feeder.join().expect("stdin was fed");
        }
        Answer {
            code: output.status.code(),
            stdout: self.comparable(&String::from_utf8_lossy(&output.stdout)),
            stderr: self.comparable(&String::from_utf8_lossy(&output.stderr)),
        }
    }

    fn comparable(&self, text: &str) -> String {
        let canonical = self.path().canonicalize().unwrap_or_else(|_| self.path().to_owned());
        let mut text = text.to_owned();
        for folder in [canonical.as_path(), self.path()] {
            text = text.replace(&*folder.to_string_lossy(), "[DIR]");
        }
        text = text.replace(&*root().to_string_lossy(), "[ROOT]");
        comparable(&text)
    }
}

/// What differs between runs and versions, replaced.
pub fn comparable(text: &str) -> String {
    static SECONDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^(\d+ documents? in )[\d.]+ s:").unwrap());
    let text = SECONDS.replace_all(text, "${1}[TIME]:");
    text.replace(&format!("retro {}", env!("CARGO_PKG_VERSION")), "retro [VERSION]")
        .replace(&format!("retrospect {}", env!("CARGO_PKG_VERSION")), "retrospect [VERSION]")
}

/// Says something past the test harness, which swallows what passing tests print.
pub fn loudly(message: &str) {
    drop(writeln!(std::io::stderr(), "{message}"));
}

/// The program, with an environment that is the same everywhere. `RETRO_TEST_BINARY` names another build of it.
pub fn retro() -> Command {
    let binary = std::env::var_os("RETRO_TEST_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_retro").into());
    let mut command = Command::new(binary);
    for name in ["RETRO_STORE", "NO_COLOR", "PAGER", "COLUMNS", "RUST_BACKTRACE", "CLICOLOR_FORCE", "TZ", "LANG"] {
        command.env_remove(name);
    }
    command
}

/// How one run went.
pub struct Answer {
    /// None when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// Everything a user sees, as one text for a snapshot.
    pub fn all(&self) -> String {
        let code = self.code.map_or("signal".to_owned(), |c| c.to_string());
        let mut text = format!("exit {code}\n");
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                text.push_str(&format!("--- {name}\n{stream}"));
            }
        }
        text
    }

    /// The answer, having checked that nothing went wrong.
    #[track_caller]
    pub fn found(self) -> Self {
        assert_eq!(self.code, Some(0), "expected exit 0:\n{}", self.all());
        self
    }

    /// The JSON objects on stdout, one a line.
    pub fn ndjson(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
    }
}

/// A place where the shipped corpus has been ingested once, for all tests that only read.
pub fn ingested() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| {
        let world = World::new();
        let corpus = corpus();
        world.retro(&["ingest", "--quiet", &corpus.to_string_lossy()]).found();
        world
    });
    &WORLD
}
