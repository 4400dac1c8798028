//! What was typed ([`Globals`]) and what it means here and now ([`Settings`]): the store's folder, the configuration,
//! colour, width, and the clock, which is read here once and nowhere else.

use super::Config;
use super::corrections::{self, Corrections};
use crate::extract::Defaults;
use crate::render::{Style, WIDTH_DEFAULT};
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder a store lives in.
const STORE_FOLDER: &str = ".retro";

/// The configuration's file name.
const CONFIG_FILE: &str = "retro.toml";

/// Options that every verb takes, as typed.
#[derive(Debug, Clone, clap::Args)]
pub struct Globals {
    /// Folder of the store [default: the nearest .retro from here upward]
    #[arg(long, global = true, value_name = "DIR", env = "RETRO_STORE", hide_env_values = true)]
    pub store: Option<PathBuf>,

    /// Configuration file [default: the nearest retro.toml from here upward]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Colours on the terminal; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub color: ColorChoice,

    /// Say only what went wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// What the run goes by. Passed down explicitly; nothing below reads the environment or the clock.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The store's folder. It need not exist.
    pub store: PathBuf,
    pub config: Config,
    pub corrections: Corrections,
    /// The moment the run began.
    pub now: DateTime<Utc>,
    /// Colour on stdout.
    pub color: bool,
    /// Columns of the terminal; none when stdout is not one, and nothing is to be fitted.
    pub width: Option<usize>,
    /// Lines of the terminal.
    pub height: Option<usize>,
    /// The pager's command line, when stdout is a terminal.
    pub pager: Option<Vec<String>>,
    /// May progress be drawn on stderr?
    pub progress: bool,
    pub quiet: bool,
}

impl Settings {
    /// Resolves what was typed against the environment, the working directory and the terminal.
    pub fn resolve(globals: &Globals) -> anyhow::Result<Self> {
        let here = env::current_dir().context("cannot tell the working directory")?;
        let store = match &globals.store {
            Some(folder) => folder.clone(),
            None => nearest(&here, STORE_FOLDER, Path::is_dir).unwrap_or_else(|| here.join(STORE_FOLDER)),
        };
        let config = match &globals.config {
            Some(file) => Config::read(file)?,
            None => match nearest(&here, CONFIG_FILE, Path::is_file) {
                Some(file) => Config::read(&file)?,
                None => Config::default(),
            },
        };
        let beside = || store.parent().unwrap_or(&here).join(corrections::FILE);
        let file = nearest(&here, corrections::FILE, Path::is_file).unwrap_or_else(beside);
        let is_terminal = io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        Ok(Settings {
            corrections: Corrections::read(&file)?,
            store,
            config,
            // Not what asks the library for the time, which panics where the clock is before 1970.
            now: SystemTime::now().into(),
            color: color(globals.color, is_terminal),
            width: columns().or(size.map(|(width, _)| usize::from(width.0))),
            height: size.map(|(_, height)| usize::from(height.0)),
            pager: if is_terminal { pager() } else { None },
            progress: io::stderr().is_terminal() && !globals.quiet,
            quiet: globals.quiet,
        })
    }

    /// What is said of a document: by the configuration under the path that records keep, and by hand where it lies.
    pub fn defaults(&self, shown: &str, document: &Path) -> Defaults {
        Defaults { corrections: self.corrections.of(document), ..self.config.defaults(shown) }
    }

    /// The same with the corrections as they are now.
    pub fn with_corrections(&self) -> anyhow::Result<Self> {
        Ok(Settings { corrections: Corrections::read(&self.corrections.file)?, ..self.clone() })
    }

    /// What stdout can show.
    pub fn style(&self) -> Style {
        Style { width: self.width.unwrap_or(WIDTH_DEFAULT), colour: self.color }
    }

    /// Talk: to stderr, unless asked to be quiet.
    pub fn say(&self, message: &str) {
        if !self.quiet {
            eprintln!("{}", super::outcome::printable(message));
        }
    }

    /// Something went wrong, and the run goes on.
    pub fn complain(&self, message: &str) {
        eprintln!("error: {}", super::outcome::printable(message));
    }
}

/// The nearest entry of this name, from a folder upward.
fn nearest(from: &Path, name: &str, is_wanted: fn(&Path) -> bool) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(name)).find(|path| is_wanted(path))
}

fn color(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            let dumb = env::var_os("TERM").is_some_and(|v| v == "dumb");
            is_terminal && !refused && !dumb
        }
    }
}

/// `COLUMNS`, when someone exported it: the way to a fixed width in scripts and tests.
fn columns() -> Option<usize> {
    env::var("COLUMNS").ok().and_then(|v| v.parse().ok()).filter(|width| *width >= 20)
}

/// `$PAGER`, else `less`; an empty one or `cat` means none.
fn pager() -> Option<Vec<String>> {
    let line = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty() && words != ["cat"]).then_some(words)
}
