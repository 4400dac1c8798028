//! Page headers and footers in text that came out of a PDF.

use super::line::lines;
use std::collections::{BTreeMap, BTreeSet};

/// A line must stand at the edge of at least this many pages to be furniture.
const MIN_PAGES: usize = 3;
/// Furniture is shorter than this.
const MAX_LINE_BYTES: usize = 160;

/// Where the lines begin that are no part of the text: page numbers, and what repeats at the edge of pages.
pub(super) fn furniture(text: &str, start: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut edges: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut last = None;
    let mut is_page_start = false;
    let mut pages = 1;
    // Headers that count pages, where no form feed tells where a page ends.
    let mut counted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for range in lines(text, start) {
        let line = text.get(range.clone()).unwrap_or("");
        let words = line.trim();
        if is_page_number(words) {
            found.insert(range.start);
        } else if !words.is_empty() && words.len() <= MAX_LINE_BYTES {
            if is_page_start {
                edges.entry(shape(words)).or_default().push(range.start);
                is_page_start = false;
            }
            if counts_pages(words) {
                counted.entry(shape(words)).or_default().push(range.start);
            }
            last = Some((range.start, words));
        }
        if line.ends_with('\x0C') {
            pages += 1;
            is_page_start = true;
            if let Some((at, words)) = last.take() {
                edges.entry(shape(words)).or_default().push(at);
            }
        }
    }
    let repeated = edges.into_values().filter(|places| places.len() >= MIN_PAGES && places.len() * 2 >= pages);
    found.extend(repeated.flatten());
    found.extend(counted.into_values().filter(|places| places.len() >= 2).flatten());
    found
}

/// `Report 7 – Page 2 of 4`.
fn counts_pages(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["page ", "seite ", "página "]
        .iter()
        .any(|name| lower.rfind(name).is_some_and(|at| lower.get(at..).is_some_and(is_page_number)))
}

/// The same for all page numbers.
fn shape(words: &str) -> String {
    words.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// `Page 2 of 4`, `Seite 3`, `2/4`, `- 2 -`.
fn is_page_number(words: &str) -> bool {
    if words.len() > 30 || !words.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lower = words.to_lowercase();
    let named = ["page ", "seite ", "página ", "p. "].iter().find_map(|name| lower.strip_prefix(name));
    let is_bracketed = lower.starts_with("- ") && lower.ends_with(" -");
    let counted = named.unwrap_or_else(|| lower.trim_matches([' ', '-']));
    let mut parts = counted.split([' ', '/']).filter(|part| !part.is_empty());
    let is_number = |part: &str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let numbers = parts.by_ref().filter(|part| !matches!(*part, "of" | "von" | "sur" | "de")).collect::<Vec<_>>();
    numbers.iter().all(|part| is_number(part)) && (named.is_some() || is_bracketed) && (1..=2).contains(&numbers.len())
}
