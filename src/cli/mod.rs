//! The command line: one file a verb, each an `Args` (whose doc comments are the help) and a `run`.
//!
//! The only place that knows stdout and stderr, the clock, the environment, the terminal and exit codes. Verbs compose
//! what the other layers offer; they compute nothing themselves.
//!
//! To add a verb: a file with `Args` and `run`, its `mod` line below, and its line in the table `verbs!`.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod check;
mod clusters;
mod completions;
mod correct;
mod export;
mod extract;
mod help;
mod ingest;
mod list;
mod man;
mod query;
mod report;
mod rules;
mod schema;
mod search;
mod show;
mod similar;
mod stats;
mod trend;

mod config;
mod configured;
mod corrections;
mod filters;
mod open;
mod outcome;
mod output;
mod paths;
mod scope;
mod settings;
mod threads;
mod topics;
mod written;

pub use config::{Config, KEYS, Key};
pub use outcome::{Outcome, hinted};
pub use settings::Settings;

use crate::query::is_negated_filter;
use clap::{CommandFactory, FromArgMatches, Parser};
use output::Output;
use std::env;
use std::ffi::OsString;
use std::io::Write;
use std::panic;
use std::process::ExitCode;

/// Defines the verbs: the subcommands, the way from each to its `run`, and the grouping of the help.
macro_rules! verbs {
    ($($purpose:literal: $($module:ident $variant:ident,)+)+) => {
        #[derive(Debug, clap::Subcommand)]
        enum Verb {
            $($($variant($module::Args),)+)+
        }

        impl Verb {
            fn run(&self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
                match self {
                    $($(Verb::$variant(args) => $module::run(args, settings, out),)+)+
                }
            }
        }

        /// Purpose, and the verbs that serve it.
        const PURPOSES: &[(&str, &[&str])] = &[$(($purpose, &[$(stringify!($module)),+])),+];
    };
}

verbs! {
    "Read documents":
        ingest Ingest,
        extract Extract,
        rules Rules,
        correct Correct,
        check Check,
    "Ask for documents":
        search Search,
        similar Similar,
        clusters Clusters,
        list List,
        show Show,
    "Ask for numbers":
        stats Stats,
        trend Trend,
        report Report,
        query Query,
        schema Schema,
        export Export,
    "Set up":
        help Help,
        completions Completions,
        man Man,
}

const AFTER_HELP: &str = "\
Data goes to stdout, everything else to stderr. Exit status: 0 something was found, 1 nothing was found, \
2 it could not be done. 'retro help VERB' tells more, 'retro help TOPIC' \
explains filters, time, metrics, configuration and exit-codes.";

/// Postmortem analytics and query over a folder of incident reports.
#[derive(Debug, Parser)]
#[command(name = "retro", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten, next_help_heading = "Everywhere")]
    globals: settings::Globals,

    #[command(subcommand)]
    verb: Verb,
}

/// The whole command line as `clap` sees it, with the verbs grouped by purpose.
pub fn command() -> clap::Command {
    let command = Cli::command();
    let overview = overview(&command);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{overview}Options:\n{{options}}{{after-help}}"
    ))
}

fn overview(command: &clap::Command) -> String {
    let width = PURPOSES.iter().flat_map(|(_, verbs)| verbs.iter()).map(|v| v.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (purpose, verbs) in PURPOSES {
        text.push_str(&format!("{purpose}:\n"));
        for verb in *verbs {
            let about = command.find_subcommand(verb).and_then(clap::Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            text.push_str(&format!("  {verb:width$}  {about}\n"));
        }
        text.push('\n');
    }
    text
}

/// Parses, runs, and says how it went. A reader that went away (`retro … | head`) is success.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(outcome::report_panic));
    let result = panic::catch_unwind(run).unwrap_or(Ok(Outcome::Failed));
    match result {
        Ok(outcome) => outcome.code(),
        Err(error) if outcome::is_broken_pipe(&error) => Outcome::Found.code(),
        Err(error) => {
            outcome::report(&error);
            Outcome::Failed.code()
        }
    }
}

fn run() -> anyhow::Result<Outcome> {
    threads::check()?;
    let matches = command().get_matches_from(arguments(env::args_os()));
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settings = Settings::resolve(&cli.globals)?;
    let mut out = Output::new(&settings);
    let outcome = cli.verb.run(&settings, &mut out);
    let finished = out.finish();
    let outcome = outcome?;
    finished?;
    Ok(outcome)
}

/// The command line with negated filters spelled so that they are not taken for options: `!org:acme`.
fn arguments(typed: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut is_free = false;
    let spell = |word: OsString| {
        is_free |= word == "--";
        let negated = word.to_str().filter(|w| !is_free && is_negated_filter(w));
        match negated.and_then(|w| w.strip_prefix('-')) {
            Some(filter) => format!("!{filter}").into(),
            None => word,
        }
    };
    typed.map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_sound() {
        command().debug_assert();
    }

    #[test]
    fn negated_filters_are_no_options() {
        let typed = ["retro", "list", "-has:timeline", "-n", "3", "--", "-org:acme"].map(OsString::from);
        let expected = ["retro", "list", "!has:timeline", "-n", "3", "--", "-org:acme"];
        assert_eq!(arguments(typed.into_iter()), expected);
    }

    #[test]
    fn every_verb_is_grouped_and_described() {
        let command = command();
        let grouped: Vec<_> = PURPOSES.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect();
        for verb in command.get_subcommands().filter(|c| c.get_name() != "help") {
            assert!(grouped.contains(&verb.get_name()), "{} is in no group", verb.get_name());
            assert!(verb.get_about().is_some(), "{} has no help", verb.get_name());
        }
    }
}
