//! How a run ended, and how an error is told: what was attempted, the chain of causes, and a hint on its own line.

use crate::render::sanitise::is_invisible;
use crate::store::REBUILD_HINT;
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
    let hint = error.downcast_ref::<Hint>().cloned();
    let mut lines = Vec::new();
    for cause in error.chain() {
        let text = printable(&cause.to_string());
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

/// A defect of ours is told as one, without the internals that help nobody at a terminal.
pub fn report_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    eprint!("{}", describe_panic(info.location().map(|l| (l.file(), l.line())), message));
}

/// Libraries are named without the folder that they were built in. That of the index takes its files at their word: it
/// gives up in one that was changed behind its back.
fn describe_panic(place: Option<(&str, u32)>, message: &str) -> String {
    let of_library = |file: &str| {
        let (_, below) = file.split_once("registry")?.1.split_once("src")?;
        below.trim_start_matches(['/', '\\']).split_once(['/', '\\']).map(|(_, library)| library.to_owned())
    };
    let library = place.and_then(|(file, _)| of_library(file));
    if library.as_deref().is_some_and(|library| library.starts_with("tantivy")) {
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
        let told = describe_panic(Some(("C:\\cargo\\registry\\src\\host-1a2b\\other-0.1\\src\\a.rs", 7)), "no");
        assert!(told.starts_with("error: internal error at other-0.1") && told.contains("a defect"), "{told}");
        assert!(describe_panic(Some(("src/cli/mod.rs", 7)), "no").contains("at src/cli/mod.rs:7: no"));
    }

    #[test]
    fn a_broken_pipe_is_recognised_through_context() {
        let error = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("cannot write");
        assert!(is_broken_pipe(&error));
        assert!(!is_broken_pipe(&anyhow!("other")));
    }
}
