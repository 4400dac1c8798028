//! `retro completions`: completion scripts, from the definition of the arguments and of the filter fields.

use super::{Outcome, Settings};
use crate::record::{FIELDS, FieldKind};
use clap::Command;
use clap_complete::Shell;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro completions bash > ~/.local/share/bash-completion/completions/retro
  retro completions fish > ~/.config/fish/completions/retro.fish";

/// Print a completion script for your shell
///
/// Add it to your shell's start-up, or to the folder where your shell looks for completions. In bash, zsh and fish,
/// filters complete too: their fields, and the values of those that have a closed list.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: &Args, _settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let mut command = super::command();
    // The generator panics when its writer fails; a Vec doesn't.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "retro", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    out.write_all(with_filters(args.shell, script, &command).as_bytes())?;
    Ok(Outcome::Found)
}

/// The script, taught what may stand where a filter is meant; the generator knows options and closed lists only.
fn with_filters(shell: Shell, script: String, command: &Command) -> String {
    let fields = FIELDS.iter().map(|f| format!("{}:", f.name)).collect::<Vec<_>>().join(" ");
    let verbs: Vec<(String, String)> = verbs(command).collect();
    let names = verbs.iter().map(|(verb, _)| verb.as_str());
    match shell {
        Shell::Bash => script + &bash(&names.collect::<Vec<_>>().join("|"), &fields, &values()),
        Shell::Fish => script + &fish(&names.collect::<Vec<_>>().join(" "), &format!("{fields} {}", values())),
        Shell::Zsh => zsh(&script, &verbs, &fields, &values()),
        _ => script,
    }
}

/// The verbs that take filters, and what each calls the argument.
fn verbs(command: &Command) -> impl Iterator<Item = (String, String)> {
    command.get_subcommands().filter_map(|verb| {
        let takes_filters = |arg: &&clap::Arg| {
            let names = arg.get_value_names().unwrap_or_default();
            names.iter().any(|n| n.split('|').any(|n| matches!(n, "FILTER" | "QUERY")))
        };
        let argument = verb.get_positionals().find(takes_filters)?;
        Some((verb.get_name().to_owned(), argument.get_id().to_string()))
    })
}

/// `field:value` for every value of a closed list.
fn values() -> String {
    let of = |field: &crate::record::FilterField| -> Vec<String> {
        match field.kind {
            FieldKind::Label(values) | FieldKind::Lacks(values) => {
                values().iter().map(|value| format!("{}:{value}", field.name)).collect()
            }
            _ => Vec::new(),
        }
    };
    FIELDS.iter().flat_map(of).collect::<Vec<_>>().join(" ")
}

/// Bash takes a word apart at colons, so what was typed is read off the line.
fn bash(verbs: &str, fields: &str, values: &str) -> String {
    format!(
        r#"
_retro_with_filters() {{
    _retro "$@"
    local typed="${{COMP_LINE:0:COMP_POINT}}" verb word
    typed="${{typed##*[[:space:]]}}"
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$word" in
            {verbs}) verb=1; break ;;
        esac
    done
    if [[ -z "$verb" || "$typed" == -* ]]; then
        return 0
    fi
    local words="{fields}"
    if [[ "$typed" == *:* ]]; then
        words="{values}"
    fi
    local found=($(compgen -W "$words" -- "$typed"))
    if [[ "${{#found[@]}}" -eq 0 ]]; then
        return 0
    fi
    if [[ "${{#found[@]}}" -eq 1 && "${{found[0]}}" == *: ]]; then
        compopt -o nospace 2>/dev/null
    fi
    if [[ "$typed" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
        found=("${{found[@]#"${{typed%:*}}:"}}")
    fi
    COMPREPLY=("${{found[@]}}")
}}
complete -F _retro_with_filters -o bashdefault -o default retro
"#
    )
}

fn fish(verbs: &str, words: &str) -> String {
    format!("complete -c retro -n \"__fish_seen_subcommand_from {verbs}\" -f -a \"{words}\"\n")
}

fn zsh(script: &str, verbs: &[(String, String)], fields: &str, values: &str) -> String {
    let mut text = String::with_capacity(script.len());
    let is_filter = |line: &str| verbs.iter().any(|(_, name)| line.starts_with(&format!("'*::{name} -- ")));
    for line in script.lines() {
        match line.strip_suffix(":_default' \\").filter(|_| is_filter(line)) {
            Some(argument) => text.push_str(&format!("{argument}:_retro_filter' \\\n")),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    let function = format!(
        "_retro_filter() {{\n    if [[ \"$PREFIX\" == *:* ]]; then\n        compadd -- {values}\n    else\n        compadd -S '' -- {fields}\n    fi\n}}\n\n"
    );
    // Defined before the last lines, which run the completion at once.
    match text.rfind("if [ \"$funcstack[1]\"") {
        Some(at) => text.insert_str(at, &function),
        None => text.push_str(&function),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_that_take_filters_are_known_by_their_arguments() {
        let verbs: Vec<String> = verbs(&super::super::command()).map(|(verb, _)| verb).collect();
        for verb in ["search", "list", "stats", "trend", "report", "export", "clusters"] {
            assert!(verbs.iter().any(|v| v == verb), "{verb}: {verbs:?}");
        }
        assert!(!verbs.iter().any(|v| v == "query" || v == "ingest"), "{verbs:?}");
        assert!(values().contains("trigger:expiry") && values().contains("is:drill"));
    }
}
