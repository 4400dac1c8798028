//! Days told by counting from the day of writing: "yesterday", "last Thursday" (`vocabulary/relative_days.toml`).
//!
//! Knows nothing of which day that was.

use crate::text::{Heads, Regex, is_unspaced, shipped};
use crate::time::calendar::weekday;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    days: Vec<Counted>,
    weekday: Beside,
}

#[derive(Deserialize)]
struct Counted {
    days_back: u64,
    #[serde(flatten)]
    words: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Beside {
    before: Vec<String>,
    after: Vec<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| shipped!("extract/vocabulary/relative_days.toml").expect("the shipped vocabulary is valid"));

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+").expect("a valid regex"));

/// A day as counted from the day of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RelativeDay {
    Back(u64),
    /// The last such day before.
    On(Weekday),
}

impl RelativeDay {
    /// The date, of a text written on `written`. A weekday that is the day of writing's own may mean that day or the
    /// one a week before: none.
    pub(super) fn date(self, written: NaiveDate) -> Option<NaiveDate> {
        match self {
            RelativeDay::Back(days) => written.checked_sub_days(Days::new(days)),
            RelativeDay::On(day) => {
                let back = (7 + written.weekday().num_days_from_monday() - day.num_days_from_monday()) % 7;
                (back > 0).then(|| written.checked_sub_days(Days::new(u64::from(back))))?
            }
        }
    }
}

/// The first such day in the words of a text in a language.
pub(super) fn relative_day(text: &str, lang: Option<&str>) -> Option<RelativeDay> {
    let lower = text.to_lowercase();
    let heads = Heads::of_text(&lower);
    let counted = DATA.days.iter().flat_map(|counted| {
        let spoken = counted.words.iter().filter(|(l, _)| l.as_str() == "en" || Some(l.as_str()) == lang);
        spoken
            .flat_map(|(_, words)| words)
            .filter(|words| heads.may_stand(words))
            .filter_map(|w| Some((place(&lower, w)?, RelativeDay::Back(counted.days_back))))
    });
    let words: Vec<(usize, &str)> = WORD.find_iter(&lower).map(|m| (m.start(), m.as_str())).collect();
    let weekdays = words.iter().enumerate().filter_map(|(i, (at, word))| {
        let day = weekday(word).filter(|_| word.chars().count() > 3)?;
        let before = lower.get(..*at)?.trim_end();
        let opened = DATA.weekday.before.iter().any(|b| ends_with_word(before, b));
        let next = words.get(i + 1).map_or("", |(_, w)| w);
        (opened || DATA.weekday.after.iter().any(|a| a == next)).then_some((*at, RelativeDay::On(day)))
    });
    counted.chain(weekdays).min_by_key(|(at, _)| *at).map(|(_, day)| day)
}

/// Where a phrase stands as whole words, in scripts that set them apart.
fn place(text: &str, phrase: &str) -> Option<usize> {
    if phrase.starts_with(is_unspaced) {
        return text.find(phrase);
    }
    text.match_indices(phrase).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.chars().next_back().is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_day_of_writing() {
        // A Tuesday.
        let written = NaiveDate::from_ymd_opt(2023, 11, 21).expect("a date");
        for (text, lang, expected) in [
            ("Last Thursday we had an outage.", "en", Some("2023-11-16")),
            ("What happened last night, and why.", "en", Some("2023-11-20")),
            ("Our mail was down on Monday afternoon.", "en", Some("2023-11-20")),
            ("Our mail was down on Tuesday.", "en", None),
            ("Every Monday we look at the graphs.", "en", None),
            ("Gestern war die Suche weg.", "de", Some("2023-11-20")),
            ("Hier soir, le site est tombé.", "fr", Some("2023-11-20")),
            ("Hier ist der Bericht.", "de", None),
            ("Včera večer vypadl rozvaděč.", "cs", Some("2023-11-20")),
            ("サーバは昨日止まりました。", "ja", Some("2023-11-20")),
            ("Ieri sera il sito non rispondeva.", "it", Some("2023-11-20")),
            ("El jueves pasado cayó la API.", "es", Some("2023-11-16")),
        ] {
            let date = relative_day(text, Some(lang)).and_then(|d| d.date(written)).map(|d| d.to_string());
            assert_eq!(date.as_deref(), expected, "{text}");
        }
    }
}
