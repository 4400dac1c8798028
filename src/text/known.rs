//! Expressions of which programs were made where the program is built: `build.rs` looks for them in the code, and those
//! that vocabularies spell are made there as well.

use super::bytes::Bytes;
use super::packed::{ranges, unpack};
use super::program::Program;
use super::set::Ranges;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

struct Known {
    expressions: BTreeMap<&'static str, Bytes<'static>>,
    /// Characters beyond ASCII, read when an expression first needs them: many share them.
    ranges: Vec<(&'static [u8], OnceLock<Option<Ranges>>)>,
}

static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| {
    let mut bytes = Bytes(include_bytes!(concat!(env!("OUT_DIR"), "/expressions")));
    let ranges = bytes.list(|bytes| Some((bytes.bytes()?, OnceLock::new())))?;
    let expressions = bytes.list(|bytes| Some((bytes.text()?, Bytes(bytes.bytes()?))))?;
    Some(Known { expressions: expressions.into_iter().collect(), ranges })
});

/// The program of an expression and the names of its groups, the whole first; `None` where it was not made.
pub fn known(source: &str) -> Option<(Program, Vec<Option<Box<str>>>)> {
    let known = KNOWN.as_ref()?;
    let mut bytes = *known.expressions.get(source)?;
    let names = bytes.list(|bytes| Some(Some(bytes.text()?).filter(|name| !name.is_empty()).map(Box::from)))?;
    let read = |nth: usize| {
        let (packed, read) = known.ranges.get(nth)?;
        read.get_or_init(|| ranges(&mut Bytes(packed))).clone()
    };
    Some((unpack(&mut bytes, &read)?, names))
}

/// The program of an expression, made now where it was not made before; `None` where it does not parse.
pub fn program(source: &str) -> Option<Program> {
    known(source).map(|(program, _)| program).or_else(|| Program::new(&regex_syntax::parse(source).ok()?, true))
}

#[cfg(test)]
mod tests {
    use super::super::groups::groups;
    use super::super::packing::{pack, put_ranges};
    use super::*;

    #[test]
    fn programs_are_those_that_expressions_make() {
        let sources: Vec<&str> = KNOWN.as_ref().unwrap().expressions.keys().copied().collect();
        assert!(sources.len() > 50, "only {} expressions are known", sources.len());
        for source in sources {
            let (program, names) = known(source).unwrap_or_else(|| panic!("not read back: {source}"));
            let hir = regex_syntax::parse(source).unwrap();
            assert_eq!(names, groups(&hir), "{source}");
            let packed = |program: &Program| {
                let (mut ranges, mut bytes) = (Vec::new(), Vec::new());
                pack(program, &mut ranges, &mut bytes);
                (ranges, bytes)
            };
            for ranges in packed(&program).0 {
                let mut bytes = Vec::new();
                put_ranges(&mut bytes, &ranges);
                assert_eq!(super::ranges(&mut Bytes(&bytes)), Some(ranges));
            }
            assert!(packed(&program) == packed(&Program::new(&hir, true).unwrap()), "{source}");
        }
    }
}
