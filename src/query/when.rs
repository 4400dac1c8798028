//! When a question says that it was: a month, a year, a quarter, a day, a weekday.
//!
//! Knows nothing of what alerts say: their dates are of now, and records of the past are looked for.

use crate::time::calendar;
use chrono::{Datelike, NaiveDate, Weekday};
use std::ops::RangeInclusive;

/// Sorted; from `vocabulary/when.toml`.
const BEFORE_DATES: &[&str] = include!(concat!(env!("OUT_DIR"), "/before_dates.words.rs"));

const WORDS_AS_WELL: &[&str] = include!(concat!(env!("OUT_DIR"), "/words_as_well.words.rs"));

const BESIDE_NUMBERS: &[&str] = include!(concat!(env!("OUT_DIR"), "/beside_numbers.words.rs"));

/// Of other numbers a year is not told without a word before it.
const YEARS: RangeInclusive<i32> = 1990..=2099;
/// A name of a month in fewer letters may be a word of its own.
const MONTH_LETTERS_MIN: usize = 5;

/// What of a day is said; at least one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct When {
    year: Option<i32>,
    quarter: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    weekday: Option<Weekday>,
}

impl When {
    /// Is this one of the words that say it? What such a word asks for, a record's date answers.
    pub fn is_said_by(self, word: &str) -> bool {
        fn is<T: PartialEq + Copy>(said: Option<T>, told: Option<T>) -> bool {
            said.is_some() && said == told
        }
        is(self.year, year(word))
            || is(self.quarter, quarter(word))
            || is(self.month, month(word))
            || is(self.weekday, weekday(word))
            || (self.month.is_some() && is(self.day, day(word)))
    }

    /// Is it said of this day?
    pub fn is(self, date: NaiveDate) -> bool {
        self.year.is_none_or(|year| year == date.year())
            && self.quarter.is_none_or(|quarter| quarter == date.month0() / 3 + 1)
            && self.month.is_none_or(|month| month == date.month())
            && self.day.is_none_or(|day| day == date.day())
            && self.weekday.is_none_or(|weekday| weekday == date.weekday())
    }
}

/// What a text says of when it was, if it says one day or span; nothing where a clock stands, as in a log or an alert.
pub fn read(text: &str) -> Option<When> {
    let words: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| is_clock(word)) {
        return None;
    }
    let mut told = When::default();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default();
        let after = words.get(at + 1).map(String::as_str).unwrap_or_default();
        let is_led = BEFORE_DATES.binary_search(&before).is_ok();
        let is_beside = |other: &str| month(other).is_some() || quarter(other).is_some();
        if let Some(year) =
            year(word).filter(|_| is_led || is_beside(before) || is_beside(after) || words.len() == at + 1)
        {
            set(&mut told.year, year)?;
        } else if let Some(quarter) = quarter(word) {
            set(&mut told.quarter, quarter)?;
        } else if let Some(weekday) = weekday(word) {
            set(&mut told.weekday, weekday)?;
        } else if let Some(month) = month(word) {
            let day = day(before).or_else(|| day(after));
            let is_long = word.chars().count() >= MONTH_LETTERS_MIN && !WORDS_AS_WELL.contains(&word.as_str());
            let is_alone = (is_led || is_long) && !BESIDE_NUMBERS.contains(&word.as_str());
            if day.is_some() || is_alone || year(after).is_some() {
                set(&mut told.month, month)?;
                day.map_or(Some(()), |day| set(&mut told.day, day))?;
            }
        }
    }
    (told != When::default()).then_some(told)
}

/// Two different ones are a span that this does not read.
fn set<T: PartialEq>(known: &mut Option<T>, told: T) -> Option<()> {
    match known {
        Some(known) => (*known == told).then_some(()),
        None => {
            *known = Some(told);
            Some(())
        }
    }
}

/// In small letters, without signs around it and without what makes it another's.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).map(str::to_owned).unwrap_or(word)
}

fn is_clock(word: &str) -> bool {
    word.as_bytes().windows(3).any(|w| matches!(w, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()))
}

fn year(word: &str) -> Option<i32> {
    word.parse().ok().filter(|year| word.len() == 4 && YEARS.contains(year))
}

fn quarter(word: &str) -> Option<u32> {
    word.strip_prefix('q')?.parse().ok().filter(|quarter| (1..=4).contains(quarter))
}

fn month(word: &str) -> Option<u32> {
    calendar::month(word)
}

fn weekday(word: &str) -> Option<Weekday> {
    let long = |word: &str| calendar::weekday(word).filter(|_| word.chars().count() >= MONTH_LETTERS_MIN);
    long(word).or_else(|| long(word.strip_suffix('s')?))
}

fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_day = ["", "st", "nd", "rd", "th", "er"].contains(&word.get(digits.len()..)?);
    digits.parse().ok().filter(|day| is_day && (1..=31).contains(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_say_when_it_was() {
        for (text, is, is_not) in [
            ("what broke in january 2023?", "2023-01-09", "2022-01-09"),
            ("the Friday outage of the wiki in April", "2023-04-28", "2023-04-27"),
            ("Q3 2024 certificate", "2024-08-01", "2024-10-01"),
            ("which mail problem was there on May 4th", "2021-05-04", "2021-05-05"),
            ("was war am 3. März 2022 mit der Anmeldung", "2022-03-03", "2022-03-04"),
            ("dns trouble last March", "2020-03-30", "2020-04-01"),
            ("the september database crash", "2019-09-02", "2019-08-02"),
            ("slow on Mondays", "2024-06-03", "2024-06-04"),
            ("storage loss since 2021", "2021-12-31", "2020-12-31"),
        ] {
            let when = read(text).unwrap_or_else(|| panic!("{text}"));
            assert!(when.is(is.parse().unwrap()) && !when.is(is_not.parse().unwrap()), "{text}: {when:?}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for text in [
            "why may a node fail",
            "jobs set to run out of memory",
            "2001 errors from port 2024 of the proxy",
            "Nov 12 03:41:07 db-03 postgres: no space left",
            "between January and March",
            "march of progress",
            "packets in and out of the cluster days ago",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
