//! Clocks in words: "half past three in the afternoon", "ten o'clock", "halb vier", "à 9 heures et demie", "a las tres
//! de la tarde"; and the half of the day behind a clock: "2 in the afternoon".
//!
//! An hour by its name is one of twelve: alone it is read only where the words around it, or a clock before it in the
//! same text, leave no doubt that clocks are meant so.

use super::{Lexer, Token, WrittenClock};
use crate::text::{WordMap, shipped};
use crate::time::{calendar, tail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    hours: BTreeMap<String, Vec<String>>,
    minutes: BTreeMap<String, Vec<String>>,
    behind: BTreeMap<String, Vec<String>>,
    past: Vec<String>,
    to: Vec<String>,
    half_to: Vec<String>,
    o_clock: Vec<String>,
    whole_day: Vec<String>,
    lengths: Vec<String>,
    openings: Vec<String>,
    morning: Vec<String>,
    afternoon: Vec<String>,
    night: Vec<String>,
    about: Vec<String>,
}

struct Spoken {
    hours: WordMap<String, u32>,
    /// Longest first.
    minutes: Vec<(String, u32)>,
    /// Minutes told behind an hour: "et demie", "menos cuarto".
    behind: Vec<(String, i64)>,
    data: Data,
}

static SPOKEN: LazyLock<Spoken> = LazyLock::new(|| {
    let data: Data = shipped!("time/spoken.toml").expect("the shipped vocabulary is valid");
    let listed = |lists: &BTreeMap<String, Vec<String>>| -> Vec<(String, i64)> {
        let each = lists.iter().filter_map(|(n, words)| Some((n.parse::<i64>().ok()?, words)));
        let mut all: Vec<(String, i64)> =
            each.flat_map(|(n, words)| words.iter().map(move |w| (w.clone(), n))).collect();
        all.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        all
    };
    let small = |(word, n): (String, i64)| Some((word, u32::try_from(n).ok()?));
    Spoken {
        hours: listed(&data.hours).into_iter().filter_map(small).collect(),
        minutes: listed(&data.minutes).into_iter().filter_map(small).collect(),
        behind: listed(&data.behind),
        data,
    }
});

/// The words that may open such a clock.
pub fn openings() -> impl Iterator<Item = &'static str> {
    let Spoken { hours, minutes, data, .. } = &*SPOKEN;
    hours
        .keys()
        .map(String::as_str)
        .chain(minutes.iter().map(|(w, _)| w.as_str()))
        .chain(data.half_to.iter().map(String::as_str))
}

/// No such phrase is longer.
const PHRASE_BYTES_MAX: usize = 64;
/// What stands before it: "a las", "jusqu'à".
const BEFORE_CHARS: usize = 24;

/// An hour and a minute of twelve hours, or of the whole day, as far as words tell.
struct Told {
    hour: u32,
    minute: u32,
    length: usize,
    /// Nobody says so of anything but the whole day.
    whole_day: bool,
}

impl Lexer<'_> {
    /// A clock in words at this word.
    pub(super) fn spoken(&mut self) -> Option<usize> {
        let head = self.rest().get(..self.rest().floor_char_boundary(PHRASE_BYTES_MAX))?.to_lowercase();
        let before = tail(self.text.get(..self.at)?, BEFORE_CHARS).to_lowercase();
        let told = past_or_to(&head).or_else(|| half_to(&head)).or_else(|| named(&head, &before))?;
        let half = half_of_day(head.get(told.length..)?);
        let known =
            || self.found.iter().any(|l| matches!(&l.token, Token::Clock(c) if c.meridiem.is_some() || c.hour > 12));
        if half.is_none() && !told.whole_day && !known() {
            return None;
        }
        let length = told.length + half.map_or(0, |(_, length)| length);
        self.push(Token::Clock(clock(told.hour, told.minute, half.map(|(half, _)| half))?), length)
    }

    /// "2 in the afternoon", "3ish in the afternoon", "à 9 heures et demie": an hour in digits and words behind it.
    pub(super) fn spoken_behind_digits(&mut self) -> Option<usize> {
        let digits = self.rest().bytes().take(3).take_while(u8::is_ascii_digit).count();
        let rest = self.rest().get(digits..).filter(|_| matches!(digits, 1 | 2))?;
        if !rest.starts_with([' ', 'i', '\u{a0}']) {
            return None;
        }
        let hour: u32 = self.rest().get(..digits)?.parse().ok().filter(|hour| *hour < 24)?;
        let before = tail(self.text.get(..self.at)?, BEFORE_CHARS);
        if !calendar::wants_point(before) && !calendar::wants_hour(before) {
            return None;
        }
        let head = rest.get(..rest.floor_char_boundary(PHRASE_BYTES_MAX))?.to_lowercase();
        let about = SPOKEN.data.about.iter().find(|about| starts(&head, about)).map_or(0, String::len);
        let head = head.get(about..)?;
        let counted = head.strip_prefix(' ').filter(|_| calendar::wants_hour(before)).and_then(|words| {
            SPOKEN.data.lengths.iter().filter(|word| starts(words, word)).map(|word| word.len() + 1).max()
        });
        if let Some(length) = counted {
            let rest = head.get(length..)?;
            let (more, behind) = behind(rest).or_else(|| plain_minutes(rest)).unwrap_or((0, 0));
            let (hour, minute) = shifted(hour, more)?;
            let half = half_of_day(rest.get(behind..)?);
            let end = digits + about + length + behind + half.map_or(0, |(_, length)| length);
            return self.push(Token::Clock(clock(hour, minute, half.map(|(half, _)| half))?), end);
        }
        let (half, length) = half_of_day(head).filter(|_| (1..=12).contains(&hour))?;
        self.push(Token::Clock(clock(hour, 0, Some(half))?), digits + about + length)
    }

    /// The half of the day that words behind a clock without a mark tell, and their length.
    pub(super) fn marked_behind(&self, clock: WrittenClock, length: usize) -> (WrittenClock, usize) {
        let rest = self.rest().get(length..).unwrap_or("");
        if clock.meridiem.is_some() || !(1..=12).contains(&clock.hour) || !rest.starts_with([' ', '\u{a0}']) {
            return (clock, length);
        }
        let head = rest.get(..rest.floor_char_boundary(PHRASE_BYTES_MAX)).unwrap_or("").to_lowercase();
        match half_of_day(&head) {
            Some((half, more)) => (half.of(clock), length + more),
            None => (clock, length),
        }
    }
}

/// The half of the day that words tell.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
    /// Before midnight or after it.
    Night,
}

impl Half {
    fn of(self, clock: WrittenClock) -> WrittenClock {
        let late = match self {
            Half::Morning => false,
            Half::Afternoon => true,
            Half::Night => (6..12).contains(&clock.hour),
        };
        let hour = clock.hour % 12 + if late { 12 } else { 0 };
        WrittenClock { hour, meridiem: Some(late), ..clock }
    }
}

fn clock(hour: u32, minute: u32, half: Option<Half>) -> Option<WrittenClock> {
    let clock = WrittenClock { hour, minute, second: None, next_day: false, meridiem: None };
    let clock = half.filter(|_| (1..=12).contains(&hour)).map_or(clock, |half| half.of(clock));
    (clock.hour < 24 && clock.minute < 60).then_some(clock)
}

/// "half past three", "a quarter to five", "Viertel nach neun".
fn past_or_to(head: &str) -> Option<Told> {
    let (word, minutes) = SPOKEN.minutes.iter().find(|(word, _)| starts(head, word))?;
    let rest = head.get(word.len()..)?.strip_prefix(' ')?;
    let joins = |words: &[String]| words.iter().find(|w| starts(rest, w)).map(|w| w.len() + 1);
    let past = joins(&SPOKEN.data.past);
    let join = past.or_else(|| joins(&SPOKEN.data.to).filter(|_| *minutes < 30))?;
    let (hour, length, whole_day) = counted_from(rest.get(join..)?)?;
    let more = if past.is_some() { i64::from(*minutes) } else { -i64::from(*minutes) };
    let (hour, minute) = shifted(hour, more)?;
    let length = word.len() + 1 + join + length;
    let o_clock = o_clock(head.get(length..)?, "").map_or(0, |(length, _)| length);
    Some(Told { hour, minute, length: length + o_clock, whole_day })
}

/// "halb vier": half an hour before four.
fn half_to(head: &str) -> Option<Told> {
    let word = SPOKEN.data.half_to.iter().find(|word| starts(head, word))?;
    let (hour, length) = hour(head.get(word.len()..)?.strip_prefix(' ')?)?;
    let (hour, minute) = shifted(hour, -30)?;
    Some(Told { hour, minute, length: word.len() + 1 + length, whole_day: false })
}

/// "three o'clock", "neuf heures et demie", "four thirty" and "tres y media" behind a word that wants a point of time.
fn named(head: &str, before: &str) -> Option<Told> {
    let (hour, length) = hour(head)?;
    let rest = head.get(length..)?;
    if let Some((word, whole_day)) = o_clock(rest, before) {
        let (more, behind) = rest.get(word..).and_then(behind).unwrap_or((0, 0));
        let (hour, minute) = shifted(hour, more)?;
        return Some(Told { hour, minute, length: length + word + behind, whole_day });
    }
    let opened = SPOKEN.data.openings.iter().any(|word| ends(before, word));
    if opened {
        let (more, behind) = behind(rest).unwrap_or((0, 0));
        let (hour, minute) = shifted(hour, more)?;
        return Some(Told { hour, minute, length: length + behind, whole_day: false });
    }
    let rest = rest.strip_prefix([' ', '-']).filter(|_| calendar::wants_point(before))?;
    let (word, minute) = SPOKEN.minutes.iter().find(|(word, n)| *n >= 10 && starts(rest, word))?;
    // "at one quarter", "about ten half-full disks": a word for a part is no minute.
    let counts = word.ends_with("ty") || word.ends_with("teen") || word.contains(' ');
    counts.then_some(Told { hour, minute: *minute, length: length + 1 + word.len(), whole_day: false })
}

/// An hour by its name, and the length of that.
fn hour(text: &str) -> Option<(u32, usize)> {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    Some((*SPOKEN.hours.get(text.get(..length)?)?, length))
}

/// The same, or noon or midnight, which leave no doubt.
fn counted_from(text: &str) -> Option<(u32, usize, bool)> {
    let named = || {
        let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        Some((calendar::hour_word(text.get(..length)?)?, length, true))
    };
    hour(text).map(|(hour, length)| (hour, length, false)).or_else(named)
}

/// A word for the hour behind its number, and whether it is said of the whole day. One that is said of lengths too
/// needs a word before the number that wants an hour.
fn o_clock(rest: &str, before: &str) -> Option<(usize, bool)> {
    let rest = rest.strip_prefix(' ')?;
    let found = |words: &[String]| words.iter().find(|word| starts(rest, word)).map(|word| word.len() + 1);
    let point = || found(&SPOKEN.data.lengths).filter(|_| calendar::wants_hour(before));
    found(&SPOKEN.data.whole_day)
        .or_else(point)
        .map(|length| (length, true))
        .or_else(|| found(&SPOKEN.data.o_clock).map(|length| (length, false)))
}

/// "et demie", "menos cuarto": the minutes, and the length of the words.
fn behind(rest: &str) -> Option<(i64, usize)> {
    let words = rest.strip_prefix(' ')?;
    SPOKEN.behind.iter().find(|(word, _)| starts(words, word)).map(|(word, minutes)| (*minutes, word.len() + 1))
}

/// "9 heures 30".
fn plain_minutes(rest: &str) -> Option<(i64, usize)> {
    let digits = rest.strip_prefix(' ')?.get(..2)?;
    let minutes = digits.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    let ends = !rest.get(3..)?.starts_with(|c: char| c.is_alphanumeric());
    ends.then_some((minutes, 3))
}

/// "in the afternoon", "de la tarde": the half of the day and the length of the words, with the space before them.
fn half_of_day(rest: &str) -> Option<(Half, usize)> {
    let text = rest.strip_prefix([' ', '\u{a0}'])?;
    let space = rest.len() - text.len();
    let Data { morning, afternoon, night, .. } = &SPOKEN.data;
    let lists = [(Half::Morning, morning), (Half::Afternoon, afternoon), (Half::Night, night)];
    lists.into_iter().find_map(|(half, words)| {
        let word = words.iter().find(|word| starts(text, word))?;
        // "at 8:15 this morning": these words tell the day too, and are read for it.
        let told = calendar::counted_day(calendar::first_word(text), text).is_some();
        Some((half, if told { 0 } else { space + word.len() }))
    })
}

fn shifted(hour: u32, minutes: i64) -> Option<(u32, u32)> {
    let at = (i64::from(hour) * 60 + minutes).rem_euclid(24 * 60);
    let hour = if hour == 1 && minutes < 0 { 12 } else { u32::try_from(at / 60).ok()? };
    Some((hour, u32::try_from(at % 60).ok()?))
}

/// Whether a text begins with whole words.
fn starts(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn ends(text: &str, words: &str) -> bool {
    let rest = text.trim_end().strip_suffix(words);
    rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::super::{Token, lex};
    use crate::time::written::Habits;

    fn clocks(text: &str) -> String {
        let shown = |t: Token| match t {
            Token::Clock(c) => Some(format!("{:02}:{:02}", c.hour, c.minute)),
            _ => None,
        };
        lex(text, Habits::default()).into_iter().filter_map(|l| shown(l.token)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn clocks_are_told_in_words() {
        for (text, expected) in [
            ("at half past three in the afternoon, and at quarter to five", "15:30 04:45"),
            ("at quarter past nine in the morning, by ten o'clock", "09:15 10:00"),
            ("at three o'clock in the morning and at four thirty", "03:00 04:30"),
            ("at twenty to six in the evening", "17:40"),
            ("at 2 in the afternoon", "14:00"),
            ("around 3ish in the afternoon", "15:00"),
            ("at 11:40 at night", "23:40"),
            ("at 2 at night", "02:00"),
            ("um halb vier nachmittags, um Viertel vor fünf", "15:30 04:45"),
            ("um neun Uhr morgens", "09:00"),
            ("um 3 Uhr nachts", "03:00"),
            ("à 9 heures et demie, puis à 10 heures", "09:30 10:00"),
            ("vers dix heures", "10:00"),
            ("a las tres y media de la tarde", "15:30"),
            ("às três e meia da tarde", "15:30"),
            ("ao meio-dia", "12:00"),
            ("at five past midnight", "00:05"),
            ("at a quarter to noon", "11:45"),
            ("Noon: site down", "12:00"),
        ] {
            assert_eq!(clocks(text), expected, "{text}");
        }
        for text in [
            "One half past due invoice was lost.",
            "at half past three",
            "a quarter to a third of users",
            "from five to ten hosts",
            "at one of the sites",
            "durant 10 heures",
            "a duré une heure et demie",
            "à dix kilomètres",
            "the noon batch",
            "at two thirty-second intervals, ten past the limit",
            "twenty to thirty hosts in the morning",
            "error 2 in the afternoon",
        ] {
            assert_eq!(clocks(text), "", "{text}");
        }
    }
}
