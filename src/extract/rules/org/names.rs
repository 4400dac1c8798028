//! Capitalised names in a text, and how much each is spoken of as the writer's own.

use super::folders::PathNames;
use crate::domain::Span;
use crate::extract::vocabulary::{Cues, ProviderKind, ProviderVocabulary, is_ordinary_word, lists, names};
use crate::text::{Marks, Regex, hold};
use std::collections::BTreeMap;
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
    /// Times it acts as a person does, or stands where an owner or author stands.
    pub person: usize,
    /// Times it says where a house of the writer's is, or what a part of its system is called.
    pub sited: usize,
    /// Times the opening sentences name it.
    pub lead: usize,
    /// Is it a domain that is spoken of without a host in front of it?
    pub bare: bool,
    /// Block and range of its most telling place, and how much that place tells.
    pub place: Option<(usize, Span)>,
    pub place_weight: f32,
    pub mentions: usize,
}

/// Tallies by folded name.
pub type Tallies = BTreeMap<String, Tally>;

/// Lower-case letters and digits only; umlauts as file names spell them.
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        folded.extend(letters.map(|b| char::from(b.to_ascii_lowercase())));
        return folded;
    }
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
        \b(?:
            (?:[A-Za-z0-9-]+\.)+
            (?:com|org|net|io|eu|co|dev|app|cloud|chat|social|de|fr|es|uk|ch|nl|gov|edu|info|me|finance|example|blog|ai|tech
              |gg|tv|xyz|online|space|network|software|tools|wiki|ht|dk|pl|br|nz|jp|cn|ca|au|cz|cat|pt|ie)\b
          | (?:\p{Lu}|[a-z]{1,4}\p{Lu})[\p{L}\p{N}]*(?:[-&’'](?:[\p{L}\p{N}])[\p{L}\p{N}]+|-\p{Lu}\b)*
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
const MENTION_DOMAIN: f32 = 0.4;
const MENTIONS_MAX: usize = 6;

/// How far around a name its context is read.
const CONTEXT_BYTES: usize = 40;

/// More names than any report has; the rest of a list is left out.
const NAMES_MAX: usize = 1_500;

/// What is known of names before a document is read.
pub struct Names<'r> {
    pub vocabulary: &'r ProviderVocabulary,
    pub path: PathNames,
}

/// A text, and what it counts.
pub struct Passage<'t> {
    pub block: usize,
    pub text: &'t str,
    pub weight: f32,
    /// Is it among the sentences that introduce what happened to whom?
    pub lead: bool,
}

/// Adds the names of one text, each place weighted by the passage's weight.
pub fn tally(names: &Names<'_>, passage: &Passage<'_>, tallies: &mut Tallies) {
    let Names { vocabulary, path } = names;
    let text = passage.text;
    let mut from = 0;
    while let Some(begin) = may_begin(text, from)
        && let Some(run) = lone_word(text, begin).or_else(|| NAME.find_at(text, begin).map(|run| run.range()))
    {
        let (start, found) = (run.start, text.get(run.clone()).unwrap_or(""));
        from = run.end;
        let known = path.in_run(found).map(|r| (r.start + start, r.end + start));
        let known = known.and_then(|(start, end)| Some((text.get(start..end)?, start..end)));
        let confirmed = known.is_some();
        let Some((name, range)) = known.or_else(|| trimmed(found, start)) else { continue };
        if !confirmed && is_no_name(name) || is_in_address(text, range.start) {
            continue;
        }
        let before = preceding(text, range.start);
        let (place, own) = place_score(text, &range, &before);
        let inside = is_inside_sentence(text, range.start);
        let canonical = canonical(vocabulary, name);
        let key = folded(&canonical);
        if tallies.len() >= NAMES_MAX && !tallies.contains_key(&key) {
            continue;
        }
        let domain = canonical.contains('.');
        let tally = tallies.entry(key).or_default();
        tally.bare |= domain && canonical.eq_ignore_ascii_case(name);
        *tally.spellings.entry(canonical).or_default() += 1;
        tally.mentions += 1;
        let seen = match (tally.mentions > MENTIONS_MAX, domain, inside) {
            (true, _, _) => 0.0,
            (false, true, _) => MENTION_DOMAIN,
            (false, false, true) => MENTION_INSIDE,
            (false, false, false) => MENTION,
        };
        let weighed = place * passage.weight;
        tally.score += weighed + seen;
        tally.own += usize::from(own) + usize::from(place >= OWN_STRONG);
        // A word that begins a sentence and owns something is a name too: "Acme's API was down".
        tally.inner += usize::from(inside || place >= POSSESSIVE);
        tally.person += usize::from(is_person(text, &range, &before));
        tally.sited += usize::from(is_site(&before, text.get(range.end..).unwrap_or("")));
        let told = inside || domain || place > 0.0 || name.contains(' ') && !is_ordinary(name);
        tally.lead += usize::from(passage.lead && told);
        if tally.place.is_none() || weighed > tally.place_weight {
            tally.place = Some((passage.block, range));
            tally.place_weight = weighed;
        }
    }
}

const MAY_NAME: Marks<2> = Marks { near: [(b'A', b'Z'), (b'.', b'.')], far: true };

/// Where the next name may begin at the earliest: where what holds the next capital letter or the next full stop
/// before a letter or digit begins, after a space.
fn may_begin(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let bytes = rest.as_bytes();
    let is_inner = |at: usize| bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    let at = MAY_NAME.places(rest).find(|at| bytes.get(*at) != Some(&b'.') || is_inner(*at))?;
    let before = bytes.get(..at)?.iter().rposition(u8::is_ascii_whitespace);
    Some(before.map_or(from, |space| from + space + 1))
}

/// The word at a place or behind the brackets and quotes there, if the expression for names would take just that: one
/// that begins with a capital and ends before a mark, or a space that no capital follows.
fn lone_word(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let begun = at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(u8::is_ascii_whitespace);
    let opening = bytes.get(at..)?.iter().take_while(|b| matches!(b, b'(' | b'[' | b'"' | b'*' | b'`')).count();
    let begin = at + opening;
    let word = bytes.get(begin..).filter(|word| begun && word.first().is_some_and(u8::is_ascii_uppercase))?;
    let letters = word.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let ends = match word.get(letters..)? {
        [b' ', next, ..] => next.is_ascii() && !next.is_ascii_uppercase(),
        [b'.', next, ..] => next.is_ascii() && !next.is_ascii_alphanumeric() && *next != b'-',
        [b'-' | b'&' | b'\'', ..] => false,
        [mark, ..] => mark.is_ascii(),
        [] => true,
    };
    ends.then_some(begin..begin + letters)
}

/// The names of the path that a text writes in small letters: "the acme team" below `acme/`.
pub fn tally_small(names: &Names<'_>, passage: &Passage<'_>, tallies: &mut Tallies) {
    for (at, word) in names.path.whole_firsts.iter().flat_map(|first| words_of(passage.text, *first)) {
        let key = folded(word);
        if word.len() < SMALL_NAME_BYTES_MIN || !names.path.is_whole(&key) || is_ordinary(word) {
            continue;
        }
        let tally = tallies.entry(key).or_default();
        *tally.spellings.entry(word.to_owned()).or_default() += 1;
        tally.mentions += 1;
        tally.inner += 1;
        tally.score += if tally.mentions > MENTIONS_MAX { 0.0 } else { MENTION_INSIDE };
        tally.lead += usize::from(passage.lead);
        if tally.place.is_none() {
            tally.place = Some((passage.block, at..at + word.len()));
        }
    }
}

/// Words in small letters that begin with a byte, with where they stand.
fn words_of(text: &str, first: u8) -> impl Iterator<Item = (usize, &str)> {
    let is_begin = |at: &usize| {
        let before = text.get(..*at).map(|before| before.trim_end_matches('-'));
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    };
    let begun = places_of(text, first).filter(is_begin).filter_map(|at| Some((at, text.get(at..)?)));
    begun.filter(|(_, rest)| rest.starts_with(char::is_lowercase)).map(|(at, rest)| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
        (at, rest.get(..end).unwrap_or("").trim_end_matches('-'))
    })
}

/// Where a byte stands with no ASCII letter or digit right before it.
fn places_of(text: &str, byte: u8) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let marks = Marks { near: [if byte.is_ascii() { (byte, byte) } else { (0, 0) }], far: !byte.is_ascii() };
    let begins = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|b| !b.is_ascii_alphanumeric());
    marks.places(text).filter(move |at| bytes.get(*at) == Some(&byte) && begins(*at))
}

/// Shorter words are words of the language more often than names.
const SMALL_NAME_BYTES_MIN: usize = 4;

/// What people do in reports, and what stands after an owner's name.
static PERSON_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^ (?: \ (?:acknowledges|acknowledged|opens|opened|joins|joined|notices|noticed|sees|saw|calls|
            called|confirms|restarts|restarted|ran|runs|checks|checked|spots|spotted|realised|
            realized|fixes|fixed|tries|tried|wakes|woke|pushes|pushed|rolls|merges|merged|
            starts|finds|found|writes|wrote|asks|asked|suggests|suggested|reports|looks|looked|
            pages|posts|posted|declares
            |is\ (?:paged|on\ call|called)|was\ paged|responds|responded|takes|took|and\ \p{Lu})\b
          | ,\ (?:due|by|before|done|until|end|building|\d|avant|bis|antes)\b
          | \ \( (?:platform|infra|on-call|sre|ops|payments|network|backend)\b | \s*\|\s*\d )",
    )
    .expect("a valid regex")
});

fn is_person(text: &str, range: &Span, before: &str) -> bool {
    let after = text.get(range.end..).unwrap_or("");
    let labelled = ["lead: ", "owner: ", "author: ", "commander: ", "call: ", "by: ", "@"];
    PERSON_AFTER.is_match(window(after)) || labelled.iter().any(|l| before.ends_with(l))
}

/// Does the name stand inside an address, which another rule reads?
fn is_in_address(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    before.ends_with(['/', '@', '=', '#', '\\', '_'])
}

/// A provider's product speaks for the provider; a subdomain for its domain.
fn canonical(vocabulary: &ProviderVocabulary, name: &str) -> String {
    let mentions = vocabulary.mentions(name);
    if let [mention] = mentions.as_slice()
        && mention.range.len() * 2 > name.len()
        && let Some(provider) = vocabulary.get(mention.provider)
    {
        return provider.name.to_string();
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
        if !hold(no_names, first) {
            break;
        }
        at += first.len() + 1;
        name = rest;
    }
    while let Some((rest, last)) = name.rsplit_once(' ') {
        // "Acme Post" delivers mail, unless a mortem follows.
        if !hold(no_names, last) || last.eq_ignore_ascii_case("post") {
            break;
        }
        name = rest;
    }
    // "Acme-hosted", "acmeNet-mainnet", "Acme-Kunden": what follows says what of the name's.
    if let Some((head, tail)) = name.rsplit_once('-')
        && head.len() > 2
        && (tail.starts_with(char::is_lowercase) || lists().org_own_joined.is_all(tail))
        && !name.contains('.')
    {
        name = head;
    }
    let elided = ["d'", "d’", "l'", "l’", "D'", "L'", "D’", "L’"].iter().find_map(|e| name.strip_prefix(e));
    if let Some(rest) = elided {
        at += name.len() - rest.len();
        name = rest;
    }
    let name = name.trim_end_matches(['.', '-', '\'', '’']);
    (!name.is_empty()).then(|| (name, at..at + name.len()))
}

pub fn is_no_name(name: &str) -> bool {
    let short = name.chars().count() < 3;
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let code = digits * 3 >= name.len() || name.contains(|c: char| c.is_ascii_digit()) && name.contains('-');
    let noun = is_plain_word(name) && names().noun_endings.iter().any(|end| name.ends_with(end.as_str()));
    short || code || noun || [&names().no_names, &names().places, &names().parts].iter().any(|words| hold(words, name))
}

/// One word with a capital first letter and nothing else that would mark it as a name.
pub fn is_plain_word(name: &str) -> bool {
    !name.contains([' ', '.', '-']) && name.chars().skip(1).all(|c| c.is_lowercase() || c == '\'' || c == '’')
}

/// Does it end like a company's name: "Acme Labs", "Acme GmbH"?
pub fn is_company(name: &str) -> bool {
    name.rsplit_once(' ').is_some_and(|(_, last)| hold(&names().company_ends, last))
}

/// Is every word of it an ordinary one: "Content Delivery", "LoadBalancer", "Exit"?
pub fn is_ordinary(name: &str) -> bool {
    let mut words: Vec<String> = Vec::new();
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && small || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words.retain(|w| !w.is_empty());
    let listed = |w: &str| is_ordinary_word(w) || names().no_names.contains(w);
    // "Enhanced", "Deploying", "Silently".
    let inflected = |w: &str| {
        ["s", "d", "ed", "ing", "ly"].iter().any(|end| {
            w.strip_suffix(end)
                .is_some_and(|stem| stem.len() > 2 && (listed(stem) || *end == "ing" && listed(&format!("{stem}e"))))
        })
    };
    let known = |w: &String| listed(w) || inflected(w);
    !name.contains('.') && words.iter().all(known)
}

/// The first letters of a name of several words.
pub fn initials(name: &str) -> String {
    name.split([' ', '-'])
        .filter_map(|w| w.chars().next())
        .filter(|c| c.is_uppercase())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Is it all capitals: an abbreviation, more often of a technique than of an organisation?
pub fn is_abbreviation(name: &str) -> bool {
    let one = name.strip_suffix('s').unwrap_or(name);
    // "mTLS", "vCPU": a kind of what the capitals are short for.
    let one = if one.len() > 3 { one.trim_start_matches(|c: char| c.is_ascii_lowercase()) } else { one };
    !one.is_empty() && one.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | ' '))
}

/// Has a text a name also as a word in lower case? Then it is none. Parts of addresses and paths are no words of the
/// language.
pub fn is_said_small(text: &str, key: &str) -> bool {
    let Some(first) = key.bytes().next().filter(|_| key.len() > 2 && key.starts_with(char::is_lowercase)) else {
        return false;
    };
    let bare =
        |around: &mut dyn Iterator<Item = char>| !around.take_while(|c| !c.is_whitespace()).any(char::is_alphanumeric);
    let stands = |at: usize| {
        let after = text.get(at..).and_then(|rest| rest.strip_prefix(key));
        after.is_some_and(|after| bare(&mut text.get(..at).unwrap_or("").chars().rev()) && bare(&mut after.chars()))
    };
    places_of(text, first).any(stands) && key.chars().all(char::is_alphabetic)
}

fn is_inside_sentence(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("").trim_end_matches([' ', '"', '“', '(', '*', '`', '\'', '[']);
    before.ends_with(|c: char| c.is_alphanumeric() || c == ',') && !before.ends_with(|c: char| c.is_ascii_digit())
}

/// How much the words around a name say that it is the writer's own, and whether they leave no doubt.
fn place_score(text: &str, range: &Span, before: &str) -> (f32, bool) {
    let after = text.get(range.end..).unwrap_or("");
    let possessive = after.strip_prefix("'s").or_else(|| after.strip_prefix("’s"));
    let rest = possessive.unwrap_or(after);
    let spaced = rest.starts_with([' ', '\n']);
    let next = window(rest.trim_start());
    let lists = lists();
    let begins = |cues: &Cues<()>| cues.opens(next);
    let at = ["at ", "chez ", "bei ", "en "].iter().any(|w| before.ends_with(w));
    let we = [", we ", ", our ", " we ", " our ", ", nous ", ", wir "].iter().any(|w| rest.starts_with(w));
    let us = ["we at ", "here at ", "us at ", "nous chez ", "wir bei "].iter().any(|w| before.ends_with(w));
    if at && we || us {
        return (WE_AT, true);
    }
    let joined = || rest.strip_prefix('-').is_some_and(|tail| lists.org_own_joined.opens(window(tail)));
    let mut score: f32 = if spaced && begins(&lists.org_own_strong) || joined() {
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
    if possessive.is_none() && is_owner_of_rights(before) {
        return (OWN_STRONG, true);
    }
    if is_hit_before(before) {
        score = score.max(OF_IT);
    }
    (score, false)
}

/// "customers of": words before a name that make it the one who was hit.
fn is_hit_before(before: &str) -> bool {
    let words = before.trim_end_matches(' ');
    lists().org_hit_before.find(words).last().is_some_and(|cue| cue.range.end == words.len())
}

/// Is it said to be where a house of the writer's is, or what a part of its system is called: "the Ashford office",
/// "our existing Heron service"?
fn is_site(before: &str, after: &str) -> bool {
    let next = || after.trim_start();
    let ours = before.ends_with("our ") || before.trim_end().rsplit_once(' ').is_some_and(|(b, _)| b.ends_with("our"));
    let is_part = ours && lists().org_components.opens(next());
    after.starts_with(' ') && (is_part || before.ends_with("the ") && lists().org_sites.opens(next()))
}

/// "© 2025 Acme": what stands before the name.
fn is_owner_of_rights(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '-', '–', ',']);
    let before = before.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | ' '));
    ["©", "(c)", "copyright"].iter().any(|sign| before.ends_with(sign))
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
    vocabulary.mentions(name).iter().any(|m| m.range.len() * 2 > name.len() || m.range.start == 0)
}

/// Is this software that one runs oneself?
pub fn is_software(vocabulary: &ProviderVocabulary, name: &str) -> bool {
    let named = |m: &crate::extract::vocabulary::Mention| {
        m.range.len() * 2 > name.len() && vocabulary.get(m.provider).is_some_and(|p| p.kind == ProviderKind::Software)
    };
    vocabulary.mentions(name).iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lone_words_are_what_the_expression_takes(
            text in r#"(?:Acme|DNS|S3|a|aB|com|[ .,:)(\["*_/@&'’\-\n1é]| ){0,9}"#,
        ) {
            let begun = |at: &usize| text.is_char_boundary(*at);
            for at in (0..text.len()).filter(begun) {
                if let Some(word) = lone_word(&text, at) {
                    prop_assert_eq!(NAME.find_at(&text, at).map(|found| found.range()), Some(word), "at {}", at);
                }
            }
        }
    }
}
