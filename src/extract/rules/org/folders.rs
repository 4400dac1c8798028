//! The names that the folders of a path carry: a weak witness of whose documents lie there.

use super::names::folded;
use crate::domain::Span;
use crate::extract::vocabulary::{ProviderVocabulary, names};
use std::collections::BTreeSet;

/// The names that a path's folders may carry: `acme-cloud-postmortems/` carries Acme, Acme Cloud and Cloud.
#[derive(Debug, Default)]
pub struct PathNames {
    joined: BTreeSet<String>,
    /// Whole folders, without the words that name no one: `acme-cloud-postmortems/` is Acme Cloud's.
    whole: BTreeSet<String>,
    /// With what those begin: a cheap test of a word before it is folded.
    pub whole_firsts: BTreeSet<u8>,
}

/// Words of folders that name no one.
const GENERIC_FOLDERS: &[&str] = &[
    "postmortem",
    "postmortems",
    "post",
    "posts",
    "mortem",
    "mortems",
    "incident",
    "incidents",
    "report",
    "reports",
    "docs",
    "doc",
    "blog",
    "status",
    "page",
    "pages",
    "infra",
    "infrastructure",
    "engineering",
    "ops",
    "sre",
    "corpus",
    "src",
    "source",
    "content",
    "data",
    "main",
    "master",
    "outages",
    "outage",
    "archive",
    "site",
    "www",
    "public",
    "files",
    "work",
    "home",
    "users",
    "tmp",
    "team",
    "the",
    "and",
    "test",
    "tests",
    "examples",
    "dev",
    "cloud",
    "network",
    "platform",
    "media",
    "web",
    "app",
    "api",
    "lang",
    "homelab",
    "lab",
    "server",
    "servers",
    "handbook",
    "runbooks",
    "notes",
    "project",
    "projects",
    "company",
    "community",
    "foundation",
    "com",
    "org",
    "net",
    "github",
    "drive",
];

/// Part of a folder's name that is a technique's or a third party's own name: `python-acme/` is not Python's.
fn is_taken(vocabulary: &ProviderVocabulary, word: &str) -> bool {
    let word_named = capitalised(word);
    let mentions = vocabulary.mentions(&word_named);
    names().no_names.contains(word) || mentions.iter().any(|m| m.ambiguous)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Shorter names also stand in other words.
const PATH_NAME_BYTES_MIN: usize = 3;

impl PathNames {
    pub fn of(vocabulary: &ProviderVocabulary, path: &str) -> Self {
        let mut joined = BTreeSet::new();
        let mut whole = BTreeSet::new();
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for folder in folders.split('/') {
            let words: Vec<String> = folder.split(['-', '_', ' ', '.']).map(folded).filter(|w| !w.is_empty()).collect();
            let naming = words.iter().filter(|w| !GENERIC_FOLDERS.contains(&w.as_str()));
            whole.insert(naming.map(String::as_str).collect::<String>());
            for from in 0..words.len() {
                for to in from + 1..=words.len() {
                    let run = words.get(from..to).unwrap_or(&[]);
                    let name = run.concat();
                    let part = run.len() < words.len();
                    let says = match run {
                        [word] => !GENERIC_FOLDERS.contains(&word.as_str()) && !(part && is_taken(vocabulary, word)),
                        _ => true,
                    };
                    if says && name.len() >= PATH_NAME_BYTES_MIN {
                        joined.extend(spelled_out(run));
                        joined.insert(name);
                    }
                }
            }
        }
        let whole_firsts = whole.iter().filter_map(|name| name.bytes().next()).collect();
        PathNames { joined, whole, whole_firsts }
    }

    /// Is this folded name, or the name it begins with, one of the path's?
    pub fn carries(&self, key: &str) -> bool {
        self.joined.contains(key)
            || self.joined.iter().any(|p| p.len() > PATH_NAME_BYTES_MIN && key.starts_with(p.as_str()))
    }

    /// "getacme", "myacme".
    pub fn ends_with(&self, key: &str) -> bool {
        key.len() > PATH_NAME_BYTES_MIN && self.joined.iter().any(|p| p.ends_with(key))
    }

    /// Is this folded name a whole folder's?
    pub fn is_whole(&self, key: &str) -> bool {
        self.whole.contains(key)
    }

    pub fn is_exactly(&self, key: &str) -> bool {
        self.joined.contains(key)
    }

    /// The longest run of whole words in a capitalised run that is one of the path's names.
    pub fn in_run(&self, run: &str) -> Option<Span> {
        if self.joined.is_empty() {
            return None;
        }
        // Folding changes no first letter or digit of ASCII but for its case.
        let bytes = run.as_bytes();
        let may_begin = |at: &usize| {
            let first = bytes.get(*at).filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
            first.is_none_or(|first| self.joined.iter().any(|name| name.as_bytes().first() == Some(&first)))
        };
        let begun = std::iter::once(0).chain(run.match_indices(' ').map(|(at, _)| at + 1));
        let starts: Vec<usize> = begun.filter(may_begin).collect();
        if starts.is_empty() {
            return None;
        }
        let mut ends: Vec<usize> = run.match_indices(' ').map(|(at, _)| at).collect();
        ends.push(run.len());
        let spans = starts.iter().flat_map(|s| ends.iter().filter(move |e| *e > s).map(move |e| *s..*e));
        spans.filter(|s| run.get(s.clone()).is_some_and(|w| self.joined.contains(&folded(w)))).max_by_key(Span::len)
    }
}

/// `uni-freiberg/` is the folder of the "Universität Freiberg".
fn spelled_out<'w>(run: &'w [String]) -> impl Iterator<Item = String> + 'w {
    let place = match run {
        [short, place @ ..] if matches!(short.as_str(), "uni" | "univ") && !place.is_empty() => Some(place.concat()),
        _ => None,
    };
    place.into_iter().flat_map(|place| names().institutions.iter().map(move |kind| folded(kind) + &place))
}
