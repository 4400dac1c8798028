//! # org-page-title (O004)
//!
//! ## What it reads
//! The part of an HTML page's `<title>` that names the site: "Slow mail | Acme Status", "Acme Blog – Slow mail".
//!
//! ## Why it is believed
//! Generators of pages put the site's name beside that of the page, and reports lie on the writer's own site.
//!
//! ## When it declines
//! Parts that are words of the language or of the trade ("Engineering Blog"), persons' sites, services that host
//! anybody's pages, and a first part where the last one is not the page's own heading.
//!
//! ## Seen in
//! Saved pages of status sites, blogs and documentation.

use super::field;
use super::names::{folded, is_no_name, is_ordinary, is_provider};
use crate::domain::Span;
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::vocabulary::{ProviderVocabulary, is_no_org, names};

pub const RULE: Rule = Rule {
    code: "O004",
    slug: "org-page-title",
    source: include_str!("page_title.rs"),
    apply,
    examples: &[
        Example {
            text: "<!doctype html><title>Slow mail | «Kestrel» Status</title><h1>Slow mail</h1><p>It was slow.",
            expect: &["org Kestrel"],
        },
        Example {
            text: "<!doctype html><title>«Kestrel» Status - Slow mail</title><h1>Slow mail</h1><p>It was slow.",
            expect: &["org Kestrel"],
        },
        Example {
            text: "<!doctype html><title>Slow mail - Engineering Blog</title><h1>Slow mail</h1><p>It was slow.",
            expect: &[],
        },
        Example {
            text: "<!doctype html><title>Slow mail | GitHub</title><h1>Slow mail</h1><p>It was slow.",
            expect: &[],
        },
        Example {
            text: "<!doctype html><title>Disk full - slow mail</title><h1>Disk full - slow mail</h1><p>It was slow.",
            expect: &[],
        },
    ],
};

const CONFIDENCE: f32 = 0.72;

/// What parts a page's name from its site's.
const SEPARATORS: &[&str] = &[" | ", " · ", " • ", " — ", " – ", " - ", " « ", " » ", " :: ", " : "];

/// More words are a sentence.
const NAME_WORDS_MAX: usize = 4;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let Some(label) = reading.labels.iter().find(|l| l.form == LabelForm::Field && l.key == "html title") else {
        return;
    };
    // Where the page has no heading of its own, what is chosen is this title.
    let heading = title::chosen(reading).map(|(title, _)| title).filter(|title| title.len() < label.value.trim().len());
    let heading = heading.map(|title| folded(&title)).unwrap_or_default();
    let Some(range) = site(reading.providers(), &label.value, &heading) else { return };
    let Some(name) = label.value.get(range.clone()) else { return };
    let is_verbatim = reading.document.text.get(label.evidence.clone()) == Some(label.value.as_str());
    let start = label.evidence.start;
    let evidence = if is_verbatim { start + range.start..start + range.end } else { label.evidence.clone() };
    let finding = Finding::Org(name.to_owned());
    found.push(Candidate { finding, confidence: CONFIDENCE, evidence: vec![evidence], rule: RULE.code });
}

/// Where the site's name stands in a page's title.
fn site(vocabulary: &ProviderVocabulary, title: &str, heading: &str) -> Option<Span> {
    let cuts = |find: fn(&str, &str) -> Option<usize>| {
        SEPARATORS.iter().filter_map(move |mark| Some((find(title, mark)?, mark.len())))
    };
    let (last, last_mark) = cuts(|title, mark| title.rfind(mark)).max()?;
    let (first, first_mark) = cuts(|title, mark| title.find(mark)).min()?;
    let is_page = |range: Span| {
        let part = folded(title.get(range).unwrap_or(""));
        !part.is_empty() && (part == heading || part.len() >= PART_BYTES_MIN && heading.contains(&part))
    };
    let behind = last + last_mark..title.len();
    // "Disk full - slow mail" in both: all of it is the page's own name.
    let all_own = is_page(0..title.len()) || is_page(behind.clone());
    if all_own {
        let is_own_last = is_page(first + first_mark..title.len());
        return if is_own_last { name(vocabulary, title, 0..first, true) } else { None };
    }
    // "Report 17 - slow mail" above another heading: only what says that it is a site names one.
    name(vocabulary, title, behind, is_page(0..last))
}

/// Shorter parts stand in other headings by chance.
const PART_BYTES_MIN: usize = 6;

/// The name in a part, without what says that it is a site; where it says so, or is known to be one.
fn name(vocabulary: &ProviderVocabulary, title: &str, part: Span, is_site: bool) -> Option<Span> {
    let words = title.get(part.clone())?;
    let mut name = words.trim();
    // "(Product Blog)" and "Help: Acme" are of a site as well.
    name = name.split_once(" (").map_or(name, |(name, _)| name);
    let whole = name.len();
    while let Some(rest) = names().site_ends.iter().find_map(|end| without_end(name, end)) {
        name = rest.trim_end();
    }
    let is_marked = name.len() < whole;
    let name = field::name(name)?;
    let start = part.start + words.find(name)?;
    let is_person = name.contains("'s") || name.contains("’s");
    let is_hosts = names().common_hosts.contains(&folded(name)) || !is_marked && is_provider(vocabulary, name);
    let fits = name.split_whitespace().count() <= NAME_WORDS_MAX && name.starts_with(char::is_alphanumeric);
    let is_name = fits && !is_no_name(name) && !is_no_org(name) && !is_ordinary(name) && !name.contains(':');
    ((is_site || is_marked) && is_name && !is_person && !is_hosts).then(|| start..start + name.len())
}

fn without_end<'t>(name: &'t str, end: &str) -> Option<&'t str> {
    let at = name.len().checked_sub(end.len())?;
    let tail = name.get(at..)?;
    let stands = name.get(..at).is_some_and(|rest| rest.ends_with(' '));
    (stands && tail.eq_ignore_ascii_case(end)).then(|| name.get(..at))?
}
