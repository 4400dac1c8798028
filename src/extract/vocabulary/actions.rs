//! Words that stand beside actions: names of columns, states, what is no owner (`actions.toml`).

use crate::text::{Words, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

/// The lists, each for one purpose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionWords {
    /// Names of columns and keys.
    pub text: Words,
    pub owner: Words,
    pub due: Words,
    pub status: Words,
    /// What a column of states says that asks whether.
    pub yes: Words,
    pub no: Words,
    /// Keys of a form about one action that tell nothing of these.
    pub beside: Words,
    /// Names of a column that make a table one of actions.
    pub tasks: Words,
    /// Words in the name of a first column that make a table a timeline.
    pub timed: Vec<String>,
    /// Before a date that an action is due.
    pub by: Vec<String>,
    /// What stands in brackets and after dashes and names nobody.
    pub nobody: Words,
    /// Small words in names, and what names of teams end with.
    pub joins: Words,
    /// "And", before the last of several actions.
    pub joints: Vec<String>,
    pub teams: Words,
    /// Of something to come, and of something that was made.
    pub coming: Vec<String>,
    pub made: Vec<String>,
    /// What a lead begins with that says what an action is for.
    pub purposes: Vec<String>,
    /// How a value begins that says where the actions stand.
    pub refers: Vec<String>,
    /// What numbers an action that nobody wrote.
    pub numbers: Words,
    /// How headings begin below which a review thinks of what might be done.
    pub ideas: Vec<String>,
    /// Names of headings below which stands what was agreed on.
    pub agreed: Words,
}

static ACTIONS: LazyLock<ActionWords> =
    LazyLock::new(|| shipped!("extract/vocabulary/actions.toml").expect("the shipped vocabulary is valid"));

/// The shipped words.
pub fn action_words() -> &'static ActionWords {
    &ACTIONS
}

/// Does a list name a column or key: all of it, its beginning, or its last word?
pub fn is_named(list: &Words, name: &str) -> bool {
    let begins = |known: &String| known.len() > BEGINNING_BYTES_MIN && name.starts_with(known.as_str());
    let last = name.rsplit(' ').next().filter(|last| last.len() < name.len() && last.len() >= BEGINNING_BYTES_MIN);
    list.contains(name) || last.is_some_and(|last| list.contains(last)) || list.iter().any(begins)
}

/// A shorter word begins too many others.
const BEGINNING_BYTES_MIN: usize = 3;
