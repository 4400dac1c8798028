//! Where a verb's data goes: stdout, through `$PAGER` when it is a terminal and the output is longer than the screen.

use super::Settings;
use std::io::{self, BufWriter, Stdout, Write};
use std::process::{Child, Command, Stdio};

/// A verb's `out`.
pub struct Output {
    state: State,
}

enum State {
    Plain(BufWriter<Stdout>),
    /// On a terminal, as long as the output fits the screen.
    Holding {
        held: Vec<u8>,
        lines: usize,
        height: usize,
        pager: Vec<String>,
    },
    Paging(Child),
}

impl Output {
    pub fn new(settings: &Settings) -> Self {
        let state = match (&settings.pager, settings.height) {
            (Some(pager), Some(height)) => State::Holding { held: Vec::new(), lines: 0, height, pager: pager.clone() },
            _ => State::Plain(BufWriter::new(io::stdout())),
        };
        Output { state }
    }

    /// Writes what is held and waits for the pager.
    pub fn finish(self) -> io::Result<()> {
        match self.state {
            State::Plain(mut out) => out.flush(),
            State::Holding { held, .. } => {
                let mut out = io::stdout();
                out.write_all(&held)?;
                out.flush()
            }
            State::Paging(mut child) => {
                drop(child.stdin.take());
                child.wait().map(|_| ())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Plain(out) => out.write(bytes),
            State::Paging(child) => match &mut child.stdin {
                Some(stdin) => stdin.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            State::Holding { held, lines, height, pager } => {
                held.extend_from_slice(bytes);
                *lines += bytes.iter().filter(|b| **b == b'\n').count();
                if *lines >= *height {
                    self.state = overflow(pager, held)?;
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Plain(out) => out.flush(),
            State::Paging(child) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
            State::Holding { .. } => Ok(()),
        }
    }
}

/// What is held goes to the pager, or, where there is none, straight to the terminal.
fn overflow(pager: &[String], held: &[u8]) -> io::Result<State> {
    let child = pager.split_first().and_then(|(program, args)| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped());
        // What git does: colours pass, a short text does not hold the terminal.
        command.env("LESS", std::env::var_os("LESS").unwrap_or_else(|| "FRX".into()));
        command.spawn().ok()
    });
    let Some(mut child) = child else {
        let mut out = BufWriter::new(io::stdout());
        out.write_all(held)?;
        return Ok(State::Plain(out));
    };
    if let Some(stdin) = &mut child.stdin {
        match stdin.write_all(held) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    Ok(State::Paging(child))
}
