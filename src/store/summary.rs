//! What an ingest did and what the store holds afterwards.

use crate::record::{FIELDS, Record, Value};
use std::collections::BTreeMap;

/// A document that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub path: String,
    pub reason: String,
    /// Records of an earlier reading that stay in the store.
    pub kept: usize,
}

/// The outcome of an ingest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// The generation that counts now.
    pub generation: u64,
    /// Is it a new one? If not, nothing had changed and nothing was written.
    pub is_new: bool,
    /// Documents in the store, and what they turned out to be.
    pub documents: usize,
    pub incidents: usize,
    pub none: usize,
    /// Documents of this run that could not be read, in order of their paths.
    pub failed: Vec<Failure>,
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
    pub tallies: Tallies,
}

/// Counts over the incidents of a generation.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Tallies {
    /// Notices by code.
    pub notices: BTreeMap<String, usize>,
    /// How many incidents tell each part that `has:` knows.
    pub coverage: BTreeMap<String, usize>,
    /// Documents that report no incident, by what they are; `other` where no rule says.
    pub genres: BTreeMap<String, usize>,
    /// Records of each language.
    pub languages: BTreeMap<String, usize>,
    /// Words of each text field of the index: ranking needs their mean, of the records that count only.
    pub(super) words: BTreeMap<String, usize>,
}

impl Tallies {
    /// Documents of which no words could be read out, such as a damaged PDF.
    pub fn unreadable(&self) -> usize {
        self.notices.get("unreadable").copied().unwrap_or_default()
    }

    /// Counts one record; coverage is of incidents only.
    pub(super) fn count(&mut self, record: &Record) {
        for notice in &record.warnings {
            *self.notices.entry(notice.code.clone()).or_default() += 1;
        }
        if let Some(lang) = &record.source.lang {
            *self.languages.entry(lang.clone()).or_default() += 1;
        }
        if record.kind != "incident" {
            let genre = record.genre.as_ref().map_or("other", |g| &g.value);
            *self.genres.entry(genre.to_owned()).or_default() += 1;
            return;
        }
        let parts = FIELDS.iter().find(|f| f.name == "has").map(|f| (f.values)(record)).unwrap_or_default();
        for part in parts {
            if let Value::Text(part) = part {
                *self.coverage.entry(part).or_default() += 1;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Tallies) {
        self.change(other, usize::saturating_add);
    }

    pub(super) fn subtract(&mut self, other: &Tallies) {
        self.change(other, usize::saturating_sub);
    }

    fn change(&mut self, other: &Tallies, by: fn(usize, usize) -> usize) {
        let pairs = [
            (&mut self.notices, &other.notices),
            (&mut self.coverage, &other.coverage),
            (&mut self.genres, &other.genres),
            (&mut self.languages, &other.languages),
            (&mut self.words, &other.words),
        ];
        for (own, other) in pairs {
            for (name, n) in other {
                let count = own.entry(name.clone()).or_default();
                *count = by(*count, *n);
            }
            // As if what is gone had never been there.
            own.retain(|_, n| *n > 0);
        }
    }
}
