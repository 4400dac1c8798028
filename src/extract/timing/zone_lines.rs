//! Zones that a line declares by the name of a place: "All times are local (Berlin)", "Timeline (Pacific)"
//! (`vocabulary/zone_lines.toml`).

use crate::domain::Span;
use crate::text::{Words, shipped};
use crate::time::written::LoneZone;
use crate::time::zone;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    clocks: Words,
    lists: Words,
    small: Words,
    completions: Vec<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| shipped!("extract/vocabulary/zone_lines.toml").expect("the shipped vocabulary is valid"));

/// A line that declares a zone says nothing else.
const LINE_BYTES_MAX: usize = 120;
/// So many small words stand before a place, or one of them for clocks.
const OPENING_WORDS: usize = 1;
/// "São Paulo", "Ho Chi Minh".
const PLACE_WORDS_MAX: usize = 3;

/// The zone that a line declares.
pub(super) fn declared(line: &str) -> Option<LoneZone> {
    // "3. Timeline": a number may lead a line.
    let counted = line.trim_start_matches(|c: char| !c.is_alphabetic());
    if line.len() > LINE_BYTES_MAX || counted.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Nearly every line has another word among its first ones.
    let opens = |word: &str| DATA.small.contains(word) || DATA.clocks.contains(word) || DATA.lists.contains(word);
    let mut first = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(OPENING_WORDS);
    let counts = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    if !first.all(|word| counts(word) || opens(&word.to_lowercase())) {
        return None;
    }
    let words = words(line);
    let (mut opened, mut listed) = (false, false);
    let mut place: Option<LoneZone> = None;
    let mut at = 0;
    while let Some((range, lower)) = words.get(at) {
        at += 1;
        let word = lower.as_str();
        if let Some((zone, count)) = (opened || listed).then(|| named(line, &words, at - 1, opened)).flatten() {
            // Two zones declare none.
            if place.as_ref().is_some_and(|known| zone::readings(&known.label) != zone::readings(&zone.label)) {
                return None;
            }
            place = place.or(Some(zone));
            at += count - 1;
        } else if DATA.clocks.contains(word) {
            opened = true;
        } else if DATA.lists.contains(word) {
            listed = true;
        } else if !DATA.small.contains(word) && line.get(range.clone()).is_some_and(|w| !w.is_empty()) {
            return None;
        }
    }
    place
}

/// The place that begins at a word, and how many words it has.
fn named(line: &str, words: &[(Span, String)], at: usize, opened: bool) -> Option<(LoneZone, usize)> {
    (1..=PLACE_WORDS_MAX).rev().find_map(|count| {
        let last = at + count - 1;
        let span = words.get(at)?.0.start..words.get(last)?.0.end;
        let name = line.get(span.clone())?;
        let capital = name.starts_with(char::is_uppercase);
        let is_zone = |label: &str| zone::is_named(label) || opened && capital && zone::is_city(label);
        let completed = || DATA.completions.iter().map(|more| format!("{name}{more}")).find(|l| zone::is_named(l));
        let label = Some(name.to_owned()).filter(|l| capital && is_zone(l)).or_else(completed)?;
        Some((LoneZone { label, span }, count))
    })
}

/// The words of a line in small letters, and where they stand.
fn words(line: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match from {
            None if c.is_alphabetic() => from = Some(at),
            Some(start) if !c.is_alphanumeric() => {
                found.push((start..at, line.get(start..at).unwrap_or("").to_lowercase()));
                from = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_tell_the_zone_of_clocks() {
        for (line, expected) in [
            ("All times local (Berlin).", Some("Berlin")),
            ("Times are in Eastern.", Some("Eastern")),
            ("All times are local time in São Paulo.", Some("São Paulo")),
            ("Timeline (Pacific)", Some("Pacific")),
            ("3. Timeline (all times Amsterdam)", Some("Amsterdam")),
            ("Time (local, Tokyo)", Some("Tokyo")),
            ("Alle Zeiten in Ortszeit (Wien).", Some("Wien")),
            ("Heures locales (Montréal).", Some("Montréal")),
            ("Todas las horas en hora de Bogotá.", Some("Bogotá")),
            ("Время указано московское.", Some("московское время")),
            ("Times in this report are Mountain time unless noted.", Some("Mountain time")),
            ("Note: timestamps are US Central.", Some("US Central")),
            ("Times are Australian Eastern (Sydney).", Some("Australian Eastern")),
            ("All times are Berlin or London.", None),
            ("All times are Berlin and London.", None),
            ("Timeline Frankfurt", None),
            ("Timeline of the Berlin outage", None),
            ("At all times the Berlin office was reachable.", None),
            ("It was a bad time for London.", None),
            ("Berlin", None),
        ] {
            assert_eq!(declared(line).map(|z| z.label).as_deref(), expected, "{line}");
        }
    }
}
