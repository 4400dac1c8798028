//! The lists of all vocabularies, filed where the program is built: nothing is made of them at a start.

use super::lists::{Lists, Set};
use super::starts::ByteSet;
use super::table::{Phrase, Table};

/// A list, and what its phrases stand for.
pub struct List {
    pub table: Table,
    /// The names of its parts, in order, each with the place in the list where it ends; none of a list of one kind.
    pub parts: &'static [(&'static str, usize)],
}

include!(concat!(env!("OUT_DIR"), "/listed.rs"));

/// A list by the name of its vocabulary and its own: `listed_list!(words::cause_before)`. The build finds them by this.
macro_rules! listed_list {
    ($vocabulary:ident :: $list:ident) => {
        &$crate::text::listed::$vocabulary::$list
    };
}

pub(crate) use listed_list;
