//! How a run ended, and how an error is told: what was attempted, the chain of causes, and a hint on its own line.

use crate::render::sanitise::is_invisible;
use crate::store::{CROWDED_HINT, REBUILD_HINT, remedy};
use std::fmt;
use std::io;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

/// The three ways a run can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found, or the work was done.
    Found,
    /// The question was understood; the answer is empty.
    NothingFound,
    /// It could not be done.
    Failed,
}

impl Outcome {
    pub fn code(self) -> ExitCode {
        match self {
            Outcome::Found => ExitCode::SUCCESS,
            Outcome::NothingFound => ExitCode::from(1),
            Outcome::Failed => ExitCode::from(2),
        }
    }

    /// `Found` if there is anything, else `NothingFound`.
    pub fn of_count(count: usize) -> Self {
        if count == 0 { Outcome::NothingFound } else { Outcome::Found }
    }
}

/// Advice that travels with an error and is printed on a `hint:` line.
#[derive(Debug, Clone)]
struct Hint(String);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error, with advice.
pub fn hinted(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> anyhow::Error {
    error.into().context(Hint(hint.into()))
}

/// Was it only that nobody reads our output any more?
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Prints an error to stderr.
pub fn report(error: &anyhow::Error) {
    eprint!("{}", describe(error));
}

fn describe(error: &anyhow::Error) -> String {
    let refused = || error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    let hint = error.downcast_ref::<Hint>().cloned().or_else(|| refused().and_then(advice).map(Hint));
    let mut lines = Vec::new();
    for cause in error.chain() {
        let told = cause.downcast_ref::<io::Error>().map_or_else(|| cause.to_string(), words);
        let text = printable(&told);
        let is_hint = hint.as_ref().is_some_and(|h| printable(&h.0) == text);
        // An error that already quotes its cause is not told twice.
        if !is_hint && !lines.last().is_some_and(|last: &String| last.ends_with(&text)) {
            lines.push(text);
        }
    }
    let mut told = String::new();
    for (i, line) in lines.iter().enumerate() {
        told.push_str(if i == 0 { "error: " } else { "  caused by: " });
        told.push_str(line);
        told.push('\n');
    }
    if let Some(hint) = hint {
        told.push_str(&format!("hint: {}\n", printable(&hint.0)));
    }
    told
}

/// The same words on every platform for what happens most, and no number that says nothing.
fn words(refused: &io::Error) -> String {
    match refused.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => "it holds no text".to_owned(),
        _ => {
            let told = refused.to_string();
            told.split_once(" (os error ").map_or(told.clone(), |(told, _)| told.to_owned())
        }
    }
}

/// What to do where the system refused and nobody knew better advice.
fn advice(refused: &io::Error) -> Option<String> {
    let own = match refused.kind() {
        io::ErrorKind::NotFound => Some("look at how it is spelled, and at the folder you are in"),
        io::ErrorKind::InvalidData => Some("it must be a text file, in UTF-8"),
        io::ErrorKind::InvalidInput | io::ErrorKind::FileTooLarge => Some("a text file is wanted in its place"),
        _ => remedy(refused),
    };
    own.map(str::to_owned)
}

/// A defect of ours is told as one, without the internals that help nobody at a terminal.
pub fn report_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    eprint!("{}", describe_panic(info.location().map(|l| (l.file(), l.line())), message));
}

/// The SQL engine gives up by a panic on some of what it cannot do.
pub fn report_engine(info: &PanicHookInfo<'_>) {
    eprint!("{}", describe_engine(info.payload_as_str().unwrap_or("no message")));
}

fn describe_engine(message: &str) -> String {
    let words = message.rsplit_once("ErrString(").map_or(message, |(_, words)| words);
    let line = words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    format!(
        "error: the SQL engine gave up on the statement: {}\nhint: ask in other words; 'retro schema' lists tables and \
         columns\n",
        printable(line.trim_matches(|c: char| matches!(c, '"' | ')')))
    )
}

/// What is said of a document that a defect of ours costs; the run goes on.
pub fn left_out(path: &str) -> String {
    format!("{path} was left out because of the internal error above")
}

/// Libraries are named without the folder that they were built in. That of the index takes its files at their word: it
/// gives up in one that was changed behind its back.
fn describe_panic(place: Option<(&str, u32)>, message: &str) -> String {
    let of_library = |file: &str| {
        let (_, below) = file.split_once("registry")?.1.split_once("src")?;
        below.trim_start_matches(['/', '\\']).split_once(['/', '\\']).map(|(_, library)| library.to_owned())
    };
    let library = place.and_then(|(file, _)| of_library(file));
    let is_of = |names: &[&str]| library.as_deref().is_some_and(|l| names.iter().any(|name| l.starts_with(name)));
    // Libraries that unwrap what the system says.
    if library.is_some() && (message.contains("Os { code: 24,") || message.contains("Os { code: 23,")) {
        return format!("error: too many open files\nhint: {CROWDED_HINT}\n");
    }
    if is_of(INDEX_LIBRARIES) {
        return format!(
            "error: the index of the store cannot be read: {}\nhint: a file of it is damaged; {REBUILD_HINT}\n",
            printable(message)
        );
    }
    let at = place.map(|(file, line)| format!(" at {}:{line}", library.as_deref().unwrap_or(file))).unwrap_or_default();
    format!(
        "error: internal error{at}: {}\nhint: this is a defect of retro, not of your input; please report it with the \
         command that shows it\n",
        printable(message)
    )
}

/// What reads the files of the index.
const INDEX_LIBRARIES: &[&str] = &["tantivy", "ownedbytes", "bitpacking", "lz4_flex", "zstd"];

/// File names and quoted input must not reach a terminal as control sequences.
pub fn printable(text: &str) -> String {
    let hidden = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_invisible(c);
    text.chars().map(|c| if hidden(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn an_error_is_told_with_causes_and_hint() {
        let error = hinted(anyhow!("no such file").context("cannot read 'a\u{1b}[31m'"), "look again");
        assert_eq!(
            describe(&error),
            "error: cannot read 'a\u{fffd}[31m'\n  caused by: no such file\nhint: look again\n"
        );
    }

    #[test]
    fn a_hint_survives_further_context() {
        let error = hinted(anyhow!("x"), "y").context("while doing z");
        assert_eq!(describe(&error), "error: while doing z\n  caused by: x\nhint: y\n");
    }

    #[test]
    fn a_damaged_index_is_no_defect_of_the_program() {
        let told =
            describe_panic(Some(("/home/x/.cargo/registry/src/host-1a2b/tantivy-sstable-0.1/src/s.rs", 7)), "eof");
        assert!(told.contains("cannot be read: eof") && told.contains("--rebuild") && !told.contains("host"), "{told}");
        let told = describe_panic(Some(("/x/registry/src/host-1a2b/ownedbytes-0.9/src/lib.rs", 41)), "out of range");
        assert!(told.contains("--rebuild") && !told.contains("internal"), "{told}");
        let told = describe_panic(Some(("C:\\cargo\\registry\\src\\host-1a2b\\other-0.1\\src\\a.rs", 7)), "no");
        assert!(told.starts_with("error: internal error at other-0.1") && told.contains("a defect"), "{told}");
        assert!(describe_panic(Some(("src/cli/mod.rs", 7)), "no").contains("at src/cli/mod.rs:7: no"));
    }

    #[test]
    fn what_the_system_refuses_is_told_with_a_way_out() {
        for (code, words, hint) in [
            (2, "no such file or folder", "spelled"),
            (13, "permission denied", "owns"),
            (20, "Not a directory", "is a file"),
            (21, "Is a directory", "is a folder"),
            (24, "Too many open files", "ulimit"),
            (28, "No space left on device", "make room"),
            (36, "File name too long", "choose another"),
        ] {
            let told = describe(&anyhow::Error::from(io::Error::from_raw_os_error(code)).context("cannot read x"));
            assert!(told.starts_with(&format!("error: cannot read x\n  caused by: {words}\nhint: ")), "{told}");
            assert!(told.contains(hint) && !told.contains("os error"), "{told}");
        }
        // Better advice is kept.
        let known = hinted(io::Error::from_raw_os_error(2), "name another");
        assert!(describe(&known).ends_with("hint: name another\n"), "{}", describe(&known));
        let place = Some(("/x/registry/src/host-1a2b/polars-async-0.55/src/lib.rs", 49));
        let told = describe_panic(place, "called `Result::unwrap()` on an `Err` value: Os { code: 24, kind: X }");
        assert!(told.contains("ulimit") && !told.contains("internal"), "{told}");
    }

    #[test]
    fn an_engine_that_gives_up_is_no_defect_of_the_program() {
        let told = describe_engine("called `Result::unwrap()` on an `Err` value: X(ErrString(\"no interval: 'x'\"))");
        assert_eq!(told.lines().next(), Some("error: the SQL engine gave up on the statement: no interval: 'x'"));
        assert!(told.contains("\nhint: ") && !told.contains("internal"), "{told}");
        assert!(describe_engine("\n~~\u{1b}[2J").contains("~~\u{fffd}[2J"), "{}", describe_engine("\n~~\u{1b}[2J"));
    }

    #[test]
    fn a_broken_pipe_is_recognised_through_context() {
        let error = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("cannot write");
        assert!(is_broken_pipe(&error));
        assert!(!is_broken_pipe(&anyhow!("other")));
    }
}
