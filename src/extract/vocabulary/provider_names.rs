//! The names of third parties in the order in which they are looked for: part of the build too, which files them.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `providers.toml`.
#[derive(Clone, Deserialize)]
pub(super) struct File<K> {
    pub(super) provider: BTreeMap<String, Entry<K>>,
}

/// What the vocabulary says of one provider.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry<K> {
    pub(super) kind: K,
    #[serde(default = "Vec::new")]
    pub(super) aliases: Vec<String>,
    #[serde(default = "Vec::new")]
    pub(super) products: Vec<String>,
    #[serde(default = "Vec::new")]
    pub(super) ambiguous: Vec<String>,
}

/// A name, and the place of its provider in the file.
pub(super) struct Name<'f> {
    pub(super) text: &'f str,
    pub(super) provider: usize,
    pub(super) ambiguous: bool,
    pub(super) product: bool,
    pub(super) exact_case: bool,
}

/// Names this short are also parts of words and abbreviations of other things: their case counts.
const SHORT_NAME_BYTES: usize = 3;

pub(super) fn names<K>(file: &File<K>) -> Vec<Name<'_>> {
    let mut names = Vec::new();
    for (provider, (name, entry)) in file.provider.iter().enumerate() {
        let mut push = |text, ambiguous, product| {
            let exact_case = ambiguous || str::len(text) <= SHORT_NAME_BYTES;
            names.push(Name { text, provider, ambiguous, product, exact_case });
        };
        if !entry.ambiguous.contains(name) {
            push(name, false, false);
        }
        entry.aliases.iter().for_each(|a| push(a, false, false));
        entry.products.iter().for_each(|p| push(p, false, true));
        entry.ambiguous.iter().for_each(|a| push(a, true, false));
    }
    names
}
