//! `retro.toml`: what a team tells the program about its own documents, once.
//!
//! The shape of the file is `shape`, the reference of its keys `keys`; a mistake names its line and what is valid.

mod keys;
mod place;
mod shape;

pub use keys::{KEYS, Key};
pub use place::Mistake;

use super::written;
use crate::check::Levels;
use crate::domain::CustomMetric;
use crate::extract::{Defaults, Taxonomy};
use crate::time::hours::SupportHours;
use anyhow::Context;
use globset::GlobMatcher;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The configuration in force.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Availability objective in per cent, such as 99.9.
    pub slo: Option<f64>,
    /// Metrics beside the shipped ones, in the order of their names.
    pub metrics: Vec<CustomMetric>,
    /// Names that `--redact` masks beside addresses and secrets.
    pub redacted_names: Vec<String>,
    /// Levels of checks that differ from their own, by code.
    pub levels: Levels,
    support_hours: Option<SupportHours>,
    taxonomy: Arc<Taxonomy>,
    own_names: Arc<[String]>,
    rules: Vec<PathRule>,
}

/// Defaults for the documents whose path matches.
#[derive(Debug, Clone)]
struct PathRule {
    pattern: GlobMatcher,
    org: Option<String>,
    zone: Option<String>,
    support_hours: Option<SupportHours>,
}

impl Config {
    /// Reads the file; an unknown key, a wrong type or a bad value is an error that names the place.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = written::named(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).map_err(|m| m.told(&text).context(format!("cannot understand {}", file.display())))
    }

    /// Any text is a configuration or a mistake with its place.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        shape::read(text)
    }

    /// The defaults for a document: for each value, the first matching entry that sets it.
    pub fn defaults(&self, path: &str) -> Defaults {
        let mut found = Defaults {
            taxonomy: Arc::clone(&self.taxonomy),
            own_names: Arc::clone(&self.own_names),
            ..Defaults::default()
        };
        for rule in self.matching(path) {
            found.org = found.org.or_else(|| rule.org.clone());
            found.zone = found.zone.or_else(|| rule.zone.clone());
        }
        found
    }

    /// A mark of what documents are read by. What is asked of the store later (objective, metrics, support hours,
    /// checks) applies at once.
    pub fn reading(&self) -> String {
        let said = self.rules.iter().filter(|rule| rule.org.is_some() || rule.zone.is_some());
        let rules: Vec<_> = said.map(|rule| (rule.pattern.glob().glob(), &rule.org, &rule.zone)).collect();
        blake3::hash(format!("{:?} {:?} {rules:?}", self.taxonomy, self.own_names).as_bytes()).to_hex().to_string()
    }

    /// Are any support hours configured?
    pub fn has_support_hours(&self) -> bool {
        self.support_hours.is_some() || self.rules.iter().any(|rule| rule.support_hours.is_some())
    }

    /// The support hours of the team that a document is of; none when none are configured, and all time counts.
    pub fn support_hours(&self, path: &str) -> Option<&SupportHours> {
        self.matching(path).find_map(|rule| rule.support_hours.as_ref()).or(self.support_hours.as_ref())
    }

    fn matching<'s, 'p>(&'s self, path: &'p str) -> impl Iterator<Item = &'s PathRule> + use<'s, 'p> {
        self.rules.iter().filter(move |rule| rule.pattern.is_match(path))
    }
}

/// The keys of a table that names things, and what is said of each.
type Named<T> = BTreeMap<toml::Spanned<String>, T>;

#[cfg(test)]
mod tests;
