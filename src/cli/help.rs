//! `retro help`: a verb, or a topic that several verbs share.

use super::topics::TOPICS;
use super::{Outcome, Settings, hinted};
use crate::render;
use crate::store::spelling;
use anyhow::anyhow;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro help filters
  retro help stats

Topics: filters, time, metrics, configuration, exit-codes.";

/// Explain a verb, or a topic: filters, time, metrics, configuration, exit-codes
///
/// On a terminal, what is longer than the screen goes through $PAGER.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A verb or a topic
    #[arg(value_name = "VERB|TOPIC")]
    word: Option<String>,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut command = super::command().term_width(settings.style().width);
    let text = match &args.word {
        None => {
            let topics = TOPICS.iter().map(|t| format!("  {:13}  {}\n", t.name, t.about)).collect::<String>();
            format!("{}\nTopics:\n{topics}", command.render_long_help())
        }
        Some(word) => {
            let folded = word.to_lowercase().replace('_', "-");
            if let Some(topic) = TOPICS.iter().find(|t| t.name == folded || t.name.trim_end_matches('s') == folded) {
                render::page(&(topic.page)(), &settings.style())
            } else {
                command.build();
                match command.find_subcommand_mut(&folded) {
                    Some(verb) => verb.render_long_help().to_string(),
                    None => return Err(unknown(word, &command)),
                }
            }
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

fn unknown(word: &str, command: &clap::Command) -> anyhow::Error {
    let names = command.get_subcommands().map(clap::Command::get_name).chain(TOPICS.iter().map(|t| t.name));
    let near = names.filter_map(|n| Some((spelling::distance(&word.to_lowercase(), n, 3)?, n))).min();
    let topics: Vec<_> = TOPICS.iter().map(|t| t.name).collect();
    let hint = match near {
        Some((_, name)) => format!("did you mean {name}?"),
        None => format!("the topics are {}", topics.join(", ")),
    };
    hinted(anyhow!("there is no verb or topic '{word}'"), hint)
}
