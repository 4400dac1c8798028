//! What was done to what (`deeds.toml`): words that say little alone tell a trigger together.

use super::cues::Cues;
use crate::domain::Trigger;
use crate::text::{listed_list, shipped};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Words by the part they play, and what such parts tell together.
pub struct Deeds {
    /// Words, each with the number of its part.
    pub parts: Cues<u32>,
    /// What begins another clause.
    pub joint: u32,
    /// Of a release, as the number of a version is.
    pub released: u32,
    pub all: Vec<Deed>,
}

/// Parts that stand in one clause, and what they tell.
pub struct Deed {
    pub trigger: Trigger,
    pub of: Vec<u32>,
    /// In this order, or in any.
    pub ordered: bool,
    /// They may stand in two clauses.
    pub across: bool,
    /// At most so many words between one and the next.
    pub words: usize,
    /// A number stands right behind the last.
    pub numbered: bool,
    /// Parts as bits: those that it has, and those that take it back.
    pub needs: u64,
    pub unless: u64,
    pub weight: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    deed: Vec<DeedFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeedFile {
    trigger: String,
    of: Vec<String>,
    #[serde(default)]
    ordered: bool,
    #[serde(default)]
    across: bool,
    #[serde(default)]
    words: usize,
    #[serde(default)]
    numbered: bool,
    #[serde(default)]
    unless: Vec<String>,
    weight: f32,
}

static DEEDS: LazyLock<Deeds> = LazyLock::new(|| {
    let file: File = shipped!("extract/vocabulary/deeds.toml").expect("the shipped vocabulary is valid");
    let list = listed_list!(deeds::parts);
    let numbered: BTreeMap<&str, u32> = list.parts.iter().map(|(name, _)| *name).zip(0..).collect();
    let number = |name: &String| numbered.get(name.as_str()).copied();
    let bits = |names: &[String]| names.iter().filter_map(number).fold(0, |bits, part| bits | bit(part));
    let deed = |deed: &DeedFile| {
        Some(Deed {
            trigger: Trigger::parse(&deed.trigger)?,
            of: deed.of.iter().filter_map(number).collect(),
            ordered: deed.ordered,
            across: deed.across,
            words: deed.words,
            numbered: deed.numbered,
            needs: bits(&deed.of),
            unless: bits(&deed.unless),
            weight: deed.weight,
        })
    };
    Deeds {
        parts: Cues::labelled(list, |part| Some((*numbered.get(part)?, 1.0))),
        joint: numbered.get("joint").copied().unwrap_or_default(),
        released: numbered.get("released").copied().unwrap_or_default(),
        all: file.deed.iter().filter_map(deed).collect(),
    }
});

/// A part as a bit; a test sees to it that there are enough.
pub fn bit(part: u32) -> u64 {
    1 << (part % u64::BITS)
}

/// The shipped deeds.
pub fn deeds() -> &'static Deeds {
    &DEEDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_is_of_known_parts() {
        let file: File = shipped!("extract/vocabulary/deeds.toml").unwrap();
        let parts = listed_list!(deeds::parts).parts;
        let known = |name: &String| parts.iter().any(|(known, _)| known == name);
        for deed in &file.deed {
            assert!(Trigger::parse(&deed.trigger).is_some(), "{}", deed.trigger);
            assert!(deed.of.iter().chain(&deed.unless).all(known), "{:?} {:?}", deed.of, deed.unless);
            assert!(deed.numbered || deed.words > 0, "{:?}", deed.of);
        }
        assert!(["joint", "released"].iter().all(|part| known(&(*part).to_owned())));
        assert!(parts.len() <= u64::BITS as usize);
    }
}
