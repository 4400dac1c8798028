//! Capitalised names in a text, and how much each is spoken of as the writer's own.

use crate::domain::Span;
use crate::extract::vocabulary::{Cues, ProviderKind, ProviderVocabulary, lists, names};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What is known of one name.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// How often each spelling was seen.
    pub spellings: BTreeMap<String, usize>,
    pub score: f32,
    /// Times it was seen in a place that hardly anything but the writer's own name stands in.
    pub own: usize,
    /// Times it was seen inside a sentence, where only names are capitalised.
    pub inner: usize,
    /// Block and range of its most telling place, and how much that place tells.
    pub place: Option<(usize, Span)>,
    pub place_weight: f32,
    pub mentions: usize,
}

/// Tallies by folded name.
pub type Tallies = BTreeMap<String, Tally>;

/// The names that a path's folders may carry: `acme-cloud-postmortems/` carries Acme, Acme Cloud and Cloud.
#[derive(Debug, Default)]
pub struct PathNames {
    joined: BTreeSet<String>,
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
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for folder in folders.split('/') {
            let words: Vec<String> = folder.split(['-', '_', ' ', '.']).map(folded).filter(|w| !w.is_empty()).collect();
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
                        joined.insert(name);
                    }
                }
            }
        }
        PathNames { joined }
    }

    /// Is this folded name, or the name it begins with, one of the path's?
    pub fn carries(&self, key: &str) -> bool {
        self.joined.contains(key)
            || self.joined.iter().any(|p| p.len() > PATH_NAME_BYTES_MIN && key.starts_with(p.as_str()))
    }

    pub fn is_exactly(&self, key: &str) -> bool {
        self.joined.contains(key)
    }

    /// The longest run of whole words in a capitalised run that is one of the path's names.
    fn in_run(&self, run: &str) -> Option<Span> {
        if self.joined.is_empty() {
            return None;
        }
        let mut starts = vec![0];
        starts.extend(run.match_indices(' ').map(|(at, _)| at + 1));
        let mut ends: Vec<usize> = run.match_indices(' ').map(|(at, _)| at).collect();
        ends.push(run.len());
        let spans = starts.iter().flat_map(|s| ends.iter().filter(move |e| *e > s).map(move |e| *s..*e));
        spans.filter(|s| run.get(s.clone()).is_some_and(|w| self.joined.contains(&folded(w)))).max_by_key(Span::len)
    }
}

/// Lower-case letters and digits only; umlauts as file names spell them.
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
        match c {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' => folded.push('a'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' => folded.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' => folded.push('o'),
            'ù' | 'ú' | 'û' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            other => folded.push(other),
        }
    }
    folded
}

/// Up to four capitalised words, a word with a capital inside, or a domain.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b(?P<name>
            (?:[A-Za-z0-9-]+\.)+
            (?:com|org|net|io|eu|co|dev|app|cloud|chat|social|de|fr|es|uk|ch|nl|gov|edu|info|me|finance|example)\b
          | (?:\p{Lu}|[a-z]{1,4}\p{Lu})[\p{L}\p{N}]*(?:[-&’'](?:[\p{L}\p{N}])[\p{L}\p{N}]+)*
            (?:\ (?:\p{Lu}[\p{L}\p{N}]*(?:[-&][\p{L}\p{N}]+)*)){0,3}
        )",
    )
    .expect("a valid regex")
});

/// Scores of the places a name may stand in.
const WE_AT: f32 = 5.0;
const OWN_STRONG: f32 = 2.0;
const OWN_PLAIN: f32 = 0.7;
const SUFFERS: f32 = 1.2;
const POSSESSIVE: f32 = 0.9;
const OF_IT: f32 = 1.0;
const MENTION: f32 = 0.1;
const MENTION_INSIDE: f32 = 0.25;
const MENTIONS_MAX: usize = 6;

/// How far around a name its context is read.
const CONTEXT_BYTES: usize = 40;

/// Words before a name that make it the one who was hit.
const BEFORE: &[&str] = &[
    "affecting ",
    "outage of ",
    "outage on ",
    " our ",
    "customers of ",
    "users of ",
    "customer of ",
    "all of ",
    "kunden von ",
    "clients de ",
    "clients d'",
    "clients d’",
    "clientes de ",
    "usuarios de ",
    "us at ",
];

/// More names than any report has; the rest of a list is left out.
const NAMES_MAX: usize = 1_500;

/// What is known of names before a document is read.
pub struct Names<'r> {
    pub vocabulary: &'r ProviderVocabulary,
    pub path: PathNames,
}

/// Adds the names of one text, each place weighted by `weight`.
pub fn tally(names: &Names<'_>, block: usize, text: &str, weight: f32, tallies: &mut Tallies) {
    let Names { vocabulary, path } = names;
    for found in NAME.captures_iter(text).filter_map(|c| c.name("name")) {
        let known = path.in_run(found.as_str()).map(|r| (r.start + found.start(), r.end + found.start()));
        let known = known.and_then(|(start, end)| Some((text.get(start..end)?, start..end)));
        let confirmed = known.is_some();
        let Some((name, range)) = known.or_else(|| trimmed(found.as_str(), found.start())) else { continue };
        if is_no_name(name) && !confirmed {
            continue;
        }
        let (place, own) = place_score(text, &range);
        let inside = is_inside_sentence(text, range.start);
        if tallies.len() >= NAMES_MAX && !tallies.contains_key(&folded(&canonical(vocabulary, name))) {
            continue;
        }
        let tally = tallies.entry(folded(&canonical(vocabulary, name))).or_default();
        *tally.spellings.entry(canonical(vocabulary, name)).or_default() += 1;
        tally.mentions += 1;
        let seen = if tally.mentions > MENTIONS_MAX {
            0.0
        } else if inside {
            MENTION_INSIDE
        } else {
            MENTION
        };
        tally.score += place * weight + seen;
        tally.own += usize::from(own) + usize::from(place >= OWN_STRONG);
        tally.inner += usize::from(inside);
        if tally.place.is_none() || place * weight > tally.place_weight {
            tally.place = Some((block, range));
            tally.place_weight = place * weight;
        }
    }
}

/// A provider's product speaks for the provider; a subdomain for its domain.
fn canonical(vocabulary: &ProviderVocabulary, name: &str) -> String {
    let mentions = vocabulary.mentions(name);
    if let [mention] = mentions.as_slice()
        && mention.range.len() * 2 > name.len()
        && let Some(provider) = vocabulary.get(mention.provider)
    {
        return provider.name.clone();
    }
    let labels: Vec<&str> = name.split('.').collect();
    match labels.as_slice() {
        [_, .., "co" | "gov" | "ac" | "org", _] if labels.len() > 3 => labels[labels.len() - 3..].join("."),
        [_, .., "co" | "gov" | "ac", _] => name.to_owned(),
        [_, .., stem, end] => format!("{stem}.{end}"),
        _ => name.to_owned(),
    }
}

/// A run of capitalised words, without the words at its ends that are no names ("At Acme", "The Acme Team").
fn trimmed(run: &str, start: usize) -> Option<(&str, Span)> {
    let mut name = run.strip_suffix("'s").or_else(|| run.strip_suffix("’s")).unwrap_or(run);
    let no_names = &names().no_names;
    let mut at = start;
    while let Some((first, rest)) = name.split_once(' ') {
        if !no_names.contains(&first.to_lowercase()) {
            break;
        }
        at += first.len() + 1;
        name = rest;
    }
    while let Some((rest, last)) = name.rsplit_once(' ') {
        if !no_names.contains(&last.to_lowercase()) {
            break;
        }
        name = rest;
    }
    let elided = ["d'", "d’", "l'", "l’", "D'", "L'", "D’", "L’"].iter().find_map(|e| name.strip_prefix(e));
    if let Some(rest) = elided {
        at += name.len() - rest.len();
        name = rest;
    }
    let name = name.trim_end_matches(['.', '-', '\'', '’']);
    (!name.is_empty()).then(|| (name, at..at + name.len()))
}

fn is_no_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let short = name.chars().count() < 3;
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let code = digits * 3 >= name.len() || name.contains(|c: char| c.is_ascii_digit()) && name.contains('-');
    short || code || names().no_names.contains(&lower)
}

/// One word with a capital first letter and nothing else that would mark it as a name.
pub fn is_plain_word(name: &str) -> bool {
    !name.contains([' ', '.', '-']) && name.chars().skip(1).all(|c| c.is_lowercase() || c == '\'' || c == '’')
}

/// Is it all capitals: an abbreviation, more often of a technique than of an organisation?
pub fn is_abbreviation(name: &str) -> bool {
    name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '-')
}

/// The words of a text that stand there in lower case: not names.
pub fn ordinary_words(text: &str, words: &mut BTreeSet<String>) {
    for word in text.split_whitespace() {
        // Parts of addresses and paths are no words of the language.
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let spoken = word.len() > 2 && word.chars().all(char::is_alphabetic) && word.starts_with(char::is_lowercase);
        if !spoken {
            continue;
        }
        if !words.contains(word) {
            words.insert(word.to_owned());
        }
    }
}

fn is_inside_sentence(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("").trim_end_matches([' ', '"', '“', '(', '*', '`', '\'', '[']);
    before.ends_with(|c: char| c.is_alphanumeric() || c == ',') && !before.ends_with(|c: char| c.is_ascii_digit())
}

/// How much the words around a name say that it is the writer's own, and whether they leave no doubt.
fn place_score(text: &str, range: &Span) -> (f32, bool) {
    let after = text.get(range.end..).unwrap_or("");
    let possessive = after.strip_prefix("'s").or_else(|| after.strip_prefix("’s"));
    let rest = possessive.unwrap_or(after);
    let spaced = rest.starts_with([' ', '\n']);
    let next = window(rest.trim_start());
    let before = preceding(text, range.start);
    let lists = lists();
    let begins = |cues: &Cues<()>| cues.find(next).first().is_some_and(|c| c.range.start == 0);
    let at = ["at ", "chez ", "bei ", "en "].iter().any(|w| before.ends_with(w));
    let we = [", we ", ", our ", ", nous ", ", wir "].iter().any(|w| rest.starts_with(w));
    let us = ["we at ", "here at ", "us at ", "nous chez ", "wir bei "].iter().any(|w| before.ends_with(w));
    if at && we || us {
        return (WE_AT, true);
    }
    let mut score: f32 = if spaced && begins(&lists.org_own_strong) {
        OWN_STRONG
    } else if spaced && begins(&lists.org_own_plain) {
        OWN_PLAIN
    } else if spaced && possessive.is_none() && begins(&lists.org_suffers) {
        SUFFERS
    } else {
        0.0
    };
    if possessive.is_some() {
        score = score.max(POSSESSIVE);
    }
    if BEFORE.iter().any(|w| before.ends_with(w)) {
        score = score.max(OF_IT);
    }
    (score, false)
}

fn preceding(text: &str, at: usize) -> String {
    let from = (at.saturating_sub(CONTEXT_BYTES)..=at).find(|i| text.is_char_boundary(*i)).unwrap_or(at);
    text.get(from..at).unwrap_or("").to_lowercase()
}

fn window(text: &str) -> &str {
    let end = (0..=CONTEXT_BYTES.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

/// Is this one of the third parties that reports usually name?
pub fn is_provider(vocabulary: &ProviderVocabulary, name: &str) -> bool {
    vocabulary.mentions(name).iter().any(|m| m.range.len() * 2 > name.len())
}

/// Is this software that one runs oneself?
pub fn is_software(vocabulary: &ProviderVocabulary, name: &str) -> bool {
    let named = |m: &crate::extract::vocabulary::Mention| {
        m.range.len() * 2 > name.len() && vocabulary.get(m.provider).is_some_and(|p| p.kind == ProviderKind::Software)
    };
    vocabulary.mentions(name).iter().any(named)
}
