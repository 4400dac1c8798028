//! `retro.toml`: what a team tells the program about its own documents, once.

use super::hinted;
use crate::extract::Defaults;
use crate::time::zone;
use anyhow::{Context, anyhow};
use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// The configuration in force.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Availability objective in per cent, such as 99.9.
    pub slo: Option<f64>,
    rules: Vec<PathRule>,
}

/// Defaults for the documents whose path matches.
#[derive(Debug, Clone)]
struct PathRule {
    pattern: GlobMatcher,
    defaults: Defaults,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    slo: Option<f64>,
    #[serde(default)]
    defaults: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default = "everything")]
    path: String,
    org: Option<String>,
    zone: Option<String>,
}

fn everything() -> String {
    "**".to_owned()
}

impl Config {
    /// Reads the file; an unknown key, a wrong type or a bad pattern is an error that names the place.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).map_err(|e| e.context(format!("cannot understand {}", file.display())))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = toml::from_str(text)
            .map_err(|e| hinted(anyhow!("{}", e.to_string().trim_end()), "the keys are slo and [[defaults]]"))?;
        if let Some(slo) = file.slo.filter(|slo| !(0.0..100.0).contains(slo)) {
            return Err(hinted(anyhow!("slo = {slo} is no availability in per cent"), "write slo = 99.9"));
        }
        let rules = file.defaults.into_iter().map(PathRule::new).collect::<anyhow::Result<_>>()?;
        Ok(Config { slo: file.slo, rules })
    }

    /// The defaults for a document: for each value, the first matching entry that sets it.
    pub fn defaults(&self, path: &str) -> Defaults {
        let mut found = Defaults::default();
        for rule in self.rules.iter().filter(|rule| rule.pattern.is_match(path)) {
            found.org = found.org.or_else(|| rule.defaults.org.clone());
            found.zone = found.zone.or_else(|| rule.defaults.zone.clone());
        }
        found
    }
}

impl PathRule {
    fn new(entry: Entry) -> anyhow::Result<Self> {
        if let Some(zone) = &entry.zone {
            check_zone(zone)?;
        }
        let pattern = GlobBuilder::new(&entry.path).literal_separator(true).build();
        let pattern = pattern.with_context(|| format!("path = \"{}\" is no pattern", entry.path))?.compile_matcher();
        Ok(PathRule { pattern, defaults: Defaults { org: entry.org, zone: entry.zone, ..Defaults::default() } })
    }
}

/// A default must have one reading: the documents it is for are those that give no context to choose by.
fn check_zone(zone: &str) -> anyhow::Result<()> {
    let problem = match zone::readings(zone).len() {
        1 => return Ok(()),
        0 => "is no time zone",
        _ => "has several readings",
    };
    let hint = "write an IANA name or an offset, such as zone = \"Europe/Paris\" or \"+01:00\"";
    Err(hinted(anyhow!("zone = \"{zone}\" {problem}"), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_entry_that_sets_a_value_wins() {
        let config = Config::parse(
            "slo = 99.95\n[[defaults]]\npath = 'acme/**'\norg = 'Acme'\n[[defaults]]\norg = 'Other'\nzone = 'CET'\n",
        )
        .unwrap();
        assert_eq!(config.slo, Some(99.95));
        let acme = config.defaults("acme/2025/a.md");
        assert_eq!((acme.org.as_deref(), acme.zone.as_deref()), (Some("Acme"), Some("CET")));
        assert_eq!(config.defaults("b.md").org.as_deref(), Some("Other"));
    }

    #[test]
    fn mistakes_are_errors() {
        let zones = ["[[defaults]]\nzoen = 'CET'", "[[defaults]]\nzone = 'Moon'", "[[defaults]]\nzone = 'IST'"];
        for text in ["slo = 120", "sol = 99.9", "[[defaults]]\npath = '['", "slo ="].iter().chain(&zones) {
            assert!(Config::parse(text).is_err(), "{text}");
        }
    }
}
