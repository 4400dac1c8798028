//! `retro man`: manual pages, from the definition of the arguments.

use super::{Outcome, Settings};
use anyhow::Context;
use clap_mangen::Man;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  retro man --dir ~/.local/share/man/man1";

/// Print the manual page, or write all of them
///
/// Without --dir the page of retro itself goes to stdout; with it, one page a verb is written there.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder to write retro.1, retro-VERB.1, … to
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut command = super::command();
    command.build();
    let Some(folder) = &args.dir else {
        out.write_all(&page(command)?)?;
        return Ok(Outcome::Found);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let verbs = command.get_subcommands().filter(|c| c.get_name() != "help").cloned();
    let commands: Vec<_> = verbs.chain([command.clone()]).collect();
    let count = commands.len();
    for command in commands {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let file = folder.join(format!("{name}.1"));
        fs::write(&file, page(command)?).with_context(|| format!("cannot write {}", file.display()))?;
    }
    settings.say(&format!("wrote {count} pages to {}", folder.display()));
    Ok(Outcome::Found)
}

fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}
