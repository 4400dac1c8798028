//! Expressions of which programs were made where the program is built: `build.rs` looks for them in the code, and those
//! that vocabularies spell are made there as well.

use super::program::Program;
use std::borrow::Cow;

/// An expression, and what was made of it.
pub struct Known {
    pub source: &'static str,
    /// Of its groups, the whole first; empty where they have none.
    pub names: &'static [Cow<'static, str>],
    pub program: Program,
}

/// Sorted by their sources.
static KNOWN: &[Known] = include!(concat!(env!("OUT_DIR"), "/expressions.rs"));

/// What the programs that the build made tell of each byte: many share a table.
pub mod tables {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

/// The expression, if its program was made.
pub fn known(source: &str) -> Option<&'static Known> {
    KNOWN.binary_search_by(|known| known.source.cmp(source)).ok().and_then(|nth| KNOWN.get(nth))
}

/// The program of an expression, made now where it was not made before; `None` where it does not parse.
pub fn program(source: &str) -> Option<Program> {
    let made = || Program::new(&regex_syntax::parse(source).ok()?, true);
    known(source).map(|known| known.program.clone()).or_else(made)
}

#[cfg(test)]
mod tests {
    use super::super::groups::groups;
    use super::*;

    #[test]
    fn programs_are_those_that_expressions_make() {
        assert!(KNOWN.len() > 50, "only {} expressions are known", KNOWN.len());
        for Known { source, names, program } in KNOWN {
            let hir = regex_syntax::parse(source).unwrap();
            assert_eq!(*names, groups(&hir), "{source}");
            assert!(*program == Program::new(&hir, true).unwrap(), "{source}");
        }
    }
}
