//! `retro completions`: completion scripts, from the definition of the arguments.

use super::{Outcome, Settings};
use clap_complete::Shell;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro completions bash > ~/.local/share/bash-completion/completions/retro
  retro completions fish > ~/.config/fish/completions/retro.fish";

/// Print a completion script for your shell
///
/// Add it to your shell's start-up, or to the folder where your shell looks for completions.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: &Args, _settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    // The generator panics when its writer fails; a Vec doesn't.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "retro", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Found)
}
