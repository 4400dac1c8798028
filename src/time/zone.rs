//! Zones: what a label may mean, and which offset a place keeps on a date.
//!
//! Labels are taken literally (`CET` is +01:00 also in June); only places and seasonless names (`PT`, `Europe/London`)
//! follow the date's daylight saving. The data stands in `zones.toml`.

use super::calendar::first_word;
use crate::text::{Heads, WordMap, Words, shipped};
use chrono::{Duration, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One reading of a zone label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Always this offset; the place where the label is in use and its half of the year there, where those are known.
    Fixed { offset: FixedOffset, place: Option<Tz>, season: Option<Season> },
    /// The offset in force at the place on the date.
    Place(Tz),
}

/// The half of the year in which a seasonal label is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Winter,
    Summer,
}

/// What a change of the clocks did to a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    /// Clocks were put forward over it: it never was.
    Skipped,
    /// Clocks were put back: it was twice.
    Repeated,
}

#[derive(Deserialize)]
struct Table {
    zone: Vec<Entry>,
    /// Cities, by the IANA name of whose rules they follow.
    cities: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Entry {
    labels: Vec<String>,
    readings: Vec<Reading>,
}

#[derive(Deserialize)]
struct Reading {
    offset: Option<String>,
    place: Option<String>,
    season: Option<String>,
    #[serde(default)]
    rare: bool,
}

struct Zones {
    by_label: WordMap<String, Vec<Zone>>,
    /// Labels with several readings that are in use, lower case.
    ambiguous: Words,
    /// Labels of several words, longest first, lower case.
    phrases: Vec<String>,
    /// City of each IANA name in lower case with spaces: "sydney", "new york".
    cities: WordMap<String, Tz>,
    /// Of labels, and of what may open a label of several words: labels and cities.
    heads: Heads,
    opening: Heads,
    phrase_heads: Heads,
}

static ZONES: LazyLock<Zones> = LazyLock::new(|| {
    let table: Table = shipped!("time/zones.toml").expect("the shipped zone table is valid");
    let mut by_label = WordMap::default();
    let mut phrases = Vec::new();
    let mut ambiguous = Words::default();
    for entry in table.zone {
        let readings: Vec<Zone> = entry.readings.iter().filter_map(reading).collect();
        for label in entry.labels {
            if label.contains(' ') {
                phrases.push(label.to_lowercase());
            }
            if entry.readings.iter().filter(|r| !r.rare).count() > 1 {
                ambiguous.insert(label.to_lowercase());
            }
            by_label.insert(label.to_lowercase(), readings.clone());
        }
    }
    phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
    let cities = chrono_tz::TZ_VARIANTS
        .iter()
        .filter(|tz| tz.name().contains('/') && !tz.name().starts_with("Etc/"))
        .filter_map(|tz| Some((tz.name().rsplit('/').next()?.replace('_', " ").to_lowercase(), *tz)));
    let further = table.cities.iter().filter_map(|(place, names)| Some((place.parse::<Tz>().ok()?, names)));
    let further = further.flat_map(|(tz, names)| names.iter().map(move |name| (name.to_lowercase(), tz)));
    let cities = cities.chain(further).collect::<WordMap<String, Tz>>();
    let heads = Heads::new(by_label.keys().map(String::as_str));
    let phrase_heads = Heads::new(phrases.iter().map(String::as_str));
    let opening = Heads::new(cities.keys().map(String::as_str)).joined(&phrase_heads);
    Zones { by_label, ambiguous, phrases, cities, heads, phrase_heads, opening }
});

fn reading(reading: &Reading) -> Option<Zone> {
    let place: Option<Tz> = reading.place.as_deref().and_then(|p| p.parse().ok());
    match (&reading.offset, place) {
        (None, Some(place)) => Some(Zone::Place(place)),
        (Some(offset), place) => {
            let season = match reading.season.as_deref() {
                Some("winter") => Some(Season::Winter),
                Some("summer") => Some(Season::Summer),
                _ => None,
            };
            Some(Zone::Fixed { offset: parse_offset(offset)?, place, season })
        }
        (None, None) => None,
    }
}

/// What a label may mean, commonest first; empty when it is no zone.
///
/// Understands the table's labels, IANA names, `UTC+1`, `GMT-05:30`, bare offsets, and `<city> time`.
pub fn readings(label: &str) -> Vec<Zone> {
    let folded = label.trim().to_lowercase();
    if let Some(known) = ZONES.by_label.get(folded.as_str()) {
        return known.clone();
    }
    let explained = folded.split_once(" (").and_then(|(_, rest)| parse_offset(rest.trim_end_matches(')')));
    if let Some(offset) = explained.or_else(|| parse_offset(&folded)) {
        return vec![Zone::Fixed { offset, place: None, season: None }];
    }
    if let Ok(tz) = label.trim().parse::<Tz>() {
        return vec![Zone::Place(tz)];
    }
    let city = folded.strip_suffix(" time").or_else(|| folded.strip_suffix(" local")).unwrap_or(&folded);
    ZONES.cities.get(city).map(|tz| vec![Zone::Place(*tz)]).unwrap_or_default()
}

/// Whether the table knows a label, in any case.
pub fn is_named(label: &str) -> bool {
    ZONES.by_label.contains_key(label.to_lowercase().as_str())
}

/// Whether a name is that of a place whose zone is known. Beside words for clocks it tells a zone.
pub fn is_city(name: &str) -> bool {
    ZONES.cities.contains_key(name.to_lowercase().as_str())
}

/// The length of a city in brackets, as behind a clock: "(New York)".
pub fn bracketed_city(text: &str) -> Option<usize> {
    let head = text.get(..text.floor_char_boundary(CITY_BYTES_MAX)).unwrap_or(text);
    let name = head.get(..head.find(')')?)?;
    (name.starts_with(char::is_uppercase) && is_city(name)).then_some(name.len())
}

const CITY_BYTES_MAX: usize = 24;

/// Whether a label has several readings that are in use.
pub fn is_ambiguous(label: &str) -> bool {
    ZONES.ambiguous.contains(label.trim().to_lowercase().as_str())
}

/// Of all labels.
pub fn heads() -> Heads {
    Heads::new([]).joined(&ZONES.heads).joined(&ZONES.opening)
}

/// The first of the words of each label and city.
pub fn openings() -> impl Iterator<Item = &'static str> {
    ZONES.by_label.keys().chain(ZONES.cities.keys()).map(|name| first_word(name))
}

/// Whether a single word is a zone label. Abbreviations count in capitals only, unless they follow a clock directly,
/// where `utc` and `pst` are plain too.
pub fn is_label(word: &str, after_clock: bool) -> bool {
    let known = ZONES.heads.may_have(word) && ZONES.by_label.contains_key(word.to_lowercase().as_str());
    let capitals = word.chars().all(|c| c.is_ascii_uppercase() || c == '/');
    let spelled = word.contains('/') || matches!(word, "Pacific" | "Mountain" | "Central" | "Eastern" | "Zulu");
    known && (capitals && word != "Z" || after_clock && (spelled || word.len() >= 3 || word == "Z"))
        || word.contains('/') && word.parse::<Tz>().is_ok()
}

/// Length of a zone label of several words at the beginning of a text, if there is one: `Pacific Time`, `Sydney time`.
pub fn phrase_length(text: &str) -> Option<usize> {
    if !ZONES.opening.may_have(text) {
        return None;
    }
    let initial = text.chars().next()?.to_lowercase().next()?;
    let starts = |phrase: &str| {
        let head = text.get(..phrase.len())?;
        let ends = text.get(phrase.len()..)?.chars().next().is_none_or(|c| !c.is_alphanumeric());
        (ends && head.to_lowercase() == phrase).then_some(phrase.len())
    };
    let candidates = ZONES.phrases.iter().filter(|p| p.starts_with(initial));
    if ZONES.phrase_heads.may_have(text)
        && let Some(length) = candidates.filter_map(|p| starts(p)).next()
    {
        return Some(length);
    }
    // "<City> time", where the city names a zone; at most three words.
    let first = text.chars().next().filter(|c| c.is_uppercase())?;
    let window = text.get(..text.char_indices().nth(40).map_or(text.len(), |(i, _)| i))?;
    let at = window.find(" time")?;
    let city = window.get(..at)?;
    let after = window.get(at + 5..)?.chars().next();
    let known = ZONES.cities.contains_key(city.to_lowercase().as_str());
    (first.is_uppercase() && known && after.is_none_or(|c| !c.is_alphanumeric())).then_some(at + 5)
}

/// `+01:00`, `-0800`, `+5:30`, `UTC+1`, `GMT-5`, `utc−03:00`; `None` for anything else or beyond ±14:00.
pub fn parse_offset(text: &str) -> Option<FixedOffset> {
    let text = text.trim();
    let named = ["utc", "gmt", "UTC", "GMT"].iter().find_map(|p| text.strip_prefix(p));
    let rest = named.unwrap_or(text).trim();
    let mut chars = rest.chars();
    let sign = match chars.next()? {
        '+' => 1,
        '-' | '−' | '–' => -1,
        _ => return None,
    };
    let written = chars.as_str().trim();
    let digits = written.replacen(':', "", 1);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || written.len() > 5 {
        return None;
    }
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 if named.is_some() => (digits.parse().ok()?, 0),
        2 => (digits.parse().ok()?, 0),
        3 => (digits.get(..1)?.parse().ok()?, digits.get(1..)?.parse().ok()?),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    let total = hours * 60 + minutes;
    (total <= 14 * 60 && minutes < 60).then(|| FixedOffset::east_opt(sign * total * 60)).flatten()
}

impl Zone {
    /// The offset in force. A place needs a date; without a clock noon is taken. In a gap the time is read with the
    /// offset before the change, in a fold with the first (summer) one, as clocks on walls go.
    pub fn offset(self, date: Option<NaiveDate>, clock: Option<NaiveTime>) -> Option<FixedOffset> {
        match self {
            Zone::Fixed { offset, .. } => Some(offset),
            Zone::Place(tz) => Some(place_offset(tz, date?, clock)),
        }
    }

    /// Whether a local time was skipped or repeated where clocks are changed.
    pub fn clock_change(self, date: NaiveDate, clock: NaiveTime) -> Option<ClockChange> {
        let Zone::Place(place) = self else { return None };
        match place.offset_from_local_datetime(&NaiveDateTime::new(date, clock)) {
            MappedLocalTime::Single(_) => None,
            MappedLocalTime::None => Some(ClockChange::Skipped),
            MappedLocalTime::Ambiguous(..) => Some(ClockChange::Repeated),
        }
    }

    /// The offset of a place on a day whose year is not known, where the years of this century agree on it.
    pub fn offset_in_season(self, month: u32, day: u32) -> Option<FixedOffset> {
        let mut offsets = SEASON_YEARS.filter_map(|y| self.offset(NaiveDate::from_ymd_opt(y, month, day), None));
        let first = offsets.next()?;
        offsets.all(|o| o == first).then_some(first)
    }

    /// The place whose clocks this is.
    pub fn place(self) -> Option<Tz> {
        match self {
            Zone::Fixed { place, .. } => place,
            Zone::Place(tz) => Some(tz),
        }
    }

    /// Whether another zone of a document says that this reading of a label is meant: it is of the same place, or has
    /// the same offset on the date.
    pub fn agrees_with(self, other: Zone, date: Option<NaiveDate>) -> bool {
        let same_place = self.place().is_some_and(|p| other.place() == Some(p));
        let offset = self.offset(date, None);
        same_place || offset.is_some() && offset == other.offset(date, None)
    }

    /// What it is, for a reader: `+05:30 (Asia/Kolkata)`.
    pub fn describe(self) -> String {
        match self {
            Zone::Fixed { offset, place: Some(place), .. } => format!("{offset} ({place})"),
            Zone::Fixed { offset, .. } => offset.to_string(),
            Zone::Place(place) => place.to_string(),
        }
    }

    /// Whether the label is used outside its half of the year at its usual place, such as CET in June. On the day on
    /// which clocks are changed, both are in force.
    pub fn is_out_of_season(self, date: NaiveDate) -> bool {
        let Zone::Fixed { offset, place: Some(tz), season: Some(_) } = self else { return false };
        let next = date.succ_opt().unwrap_or(date);
        [date, next].into_iter().all(|day| place_offset(tz, day, Some(NaiveTime::MIN)) != offset)
    }
}

/// Reports of which the year is not known are of these.
const SEASON_YEARS: std::ops::RangeInclusive<i32> = 2010..=2030;

fn place_offset(tz: Tz, date: NaiveDate, clock: Option<NaiveTime>) -> FixedOffset {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let local = NaiveDateTime::new(date, clock.unwrap_or(noon));
    let at = |t: NaiveDateTime| tz.offset_from_local_datetime(&t).earliest().map(|o| o.fix());
    at(local)
        .or_else(|| at(local.checked_sub_signed(Duration::hours(3))?))
        .unwrap_or_else(|| tz.offset_from_utc_datetime(&local).fix())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(label: &str, date: &str) -> Option<String> {
        let date = date.parse().unwrap();
        readings(label).first().and_then(|z| z.offset(Some(date), None)).map(|o| o.to_string())
    }

    #[test]
    fn labels_are_literal_and_places_follow_the_season() {
        for (label, date, expected) in [
            ("CET", "2025-06-10", Some("+01:00")),
            ("Europe/London", "2025-06-10", Some("+01:00")),
            ("PT", "2025-01-10", Some("-08:00")),
            ("Pacific Time", "2025-07-10", Some("-07:00")),
            ("CET/CEST", "2025-01-10", Some("+01:00")),
            ("PST/PDT", "2025-07-10", Some("-07:00")),
            ("Greenwich Mean Time", "2025-07-10", Some("+00:00")),
            ("Sydney time", "2025-01-10", Some("+11:00")),
            ("UTC+5:30", "2025-01-10", Some("+05:30")),
            ("gmt-3", "2025-01-10", Some("-03:00")),
            ("+0100", "2025-01-10", Some("+01:00")),
            ("IST", "2025-01-10", Some("+05:30")),
            ("-00:00", "2025-01-10", Some("+00:00")),
            ("CST (UTC+8)", "2025-01-10", Some("+08:00")),
            ("Munich", "2025-07-10", Some("+02:00")),
            ("Bengaluru time", "2025-07-10", Some("+05:30")),
            ("XYZ", "2025-01-10", None),
            ("+99:00", "2025-01-10", None),
            ("+1:2:3", "2025-01-10", None),
        ] {
            assert_eq!(offset(label, date).as_deref(), expected, "{label}");
        }
    }

    #[test]
    fn a_label_out_of_season_is_noticed() {
        let cet = readings("CET")[0];
        assert!(cet.is_out_of_season("2025-06-10".parse().unwrap()));
        assert!(!cet.is_out_of_season("2025-12-10".parse().unwrap()));
        assert!(!readings("UTC")[0].is_out_of_season("2025-06-10".parse().unwrap()));
    }

    #[test]
    fn a_season_tells_the_offset_of_a_day_without_its_year() {
        let paris = readings("Europe/Paris")[0];
        let offset = |month, day| paris.offset_in_season(month, day).map(|o| o.to_string());
        assert_eq!(offset(11, 16).as_deref(), Some("+01:00"));
        assert_eq!(offset(7, 1).as_deref(), Some("+02:00"));
        // The last Sunday of March is on another day each year.
        assert_eq!(offset(3, 28), None);
    }

    #[test]
    fn gaps_and_folds_have_an_offset() {
        let place = readings("Europe/Berlin")[0];
        let at = |d: &str, h, m| place.offset(Some(d.parse().unwrap()), NaiveTime::from_hms_opt(h, m, 0)).unwrap();
        assert_eq!(at("2025-03-30", 2, 30).to_string(), "+01:00");
        assert_eq!(at("2025-10-26", 2, 30).to_string(), "+02:00");
    }

    #[test]
    fn clocks_are_changed_where_a_place_changes_them() {
        let change = |zone: &str, date: &str, h, m| {
            readings(zone)[0].clock_change(date.parse().unwrap(), NaiveTime::from_hms_opt(h, m, 0).unwrap())
        };
        assert_eq!(change("Europe/London", "2025-03-30", 1, 30), Some(ClockChange::Skipped));
        assert_eq!(change("Europe/London", "2025-03-30", 2, 0), None);
        assert_eq!(change("PT", "2025-11-02", 1, 59), Some(ClockChange::Repeated));
        assert_eq!(change("PST", "2025-11-02", 1, 59), None);
        assert_eq!(change("UTC", "2025-03-30", 1, 30), None);
    }
}
