//! Zones that a line declares by the name of a place: "All times are local (Berlin)", "Timeline (Pacific)"
//! (`vocabulary/zone_lines.toml`).

use crate::domain::Span;
use crate::text::{Words, hold, shipped};
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
    let is_of = |words: &Words, range: &Span| line.get(range.clone()).is_some_and(|word| hold(words, word));
    let opens = |word: &str| hold(&DATA.small, word) || hold(&DATA.clocks, word) || hold(&DATA.lists, word);
    let mut first = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(OPENING_WORDS);
    let counts = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    if !first.all(|word| counts(word) || opens(word)) {
        return None;
    }
    // And the first that is no small one does not speak of times.
    let said = words(line).find(|range| !is_of(&DATA.small, range))?;
    if !is_of(&DATA.clocks, &said) && !is_of(&DATA.lists, &said) {
        return None;
    }
    let words: Vec<Span> = words(line).collect();
    let (mut opened, mut listed) = (false, false);
    let mut place: Option<LoneZone> = None;
    let mut at = 0;
    while let Some(range) = words.get(at) {
        at += 1;
        if let Some((zone, count)) = (opened || listed).then(|| named(line, &words, at - 1, opened)).flatten() {
            // Two zones declare none.
            if place.as_ref().is_some_and(|known| zone::readings(&known.label) != zone::readings(&zone.label)) {
                return None;
            }
            place = place.or(Some(zone));
            at += count - 1;
        } else if is_of(&DATA.clocks, range) {
            opened = true;
        } else if is_of(&DATA.lists, range) {
            listed = true;
        } else if !is_of(&DATA.small, range) {
            return None;
        }
    }
    place
}

/// The place that begins at a word, and how many words it has.
fn named(line: &str, words: &[Span], at: usize, opened: bool) -> Option<(LoneZone, usize)> {
    (1..=PLACE_WORDS_MAX).rev().find_map(|count| {
        let last = at + count - 1;
        let span = words.get(at)?.start..words.get(last)?.end;
        let name = line.get(span.clone())?;
        let capital = name.starts_with(char::is_uppercase);
        let is_zone = |label: &str| zone::is_named(label) || opened && capital && zone::is_city(label);
        let completed = || DATA.completions.iter().map(|more| format!("{name}{more}")).find(|l| zone::is_named(l));
        let label = Some(name.to_owned()).filter(|l| capital && is_zone(l)).or_else(completed)?;
        Some((LoneZone { label, span }, count))
    })
}

/// Where the words of a line stand.
fn words(line: &str) -> impl Iterator<Item = Span> {
    let mut places = line.char_indices().chain([(line.len(), ' ')]);
    std::iter::from_fn(move || {
        let (from, _) = places.find(|(_, c)| c.is_alphabetic())?;
        places.find(|(_, c)| !c.is_alphanumeric()).map(|(end, _)| from..end)
    })
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
