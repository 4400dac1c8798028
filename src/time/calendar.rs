//! Names of months, weekdays and the small words around times, in every language that is read (`calendar.toml`).

use crate::text::{ByteSet, Heads, WordMap, Words, shipped};
use chrono::Weekday;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Data {
    months: BTreeMap<String, Vec<String>>,
    weekdays: BTreeMap<String, Vec<String>>,
    words: Lists,
}

#[derive(Deserialize)]
struct Lists {
    approximate: Vec<String>,
    range: Vec<String>,
    between: Vec<String>,
    glue: Vec<String>,
    noon: Vec<String>,
    hour_points: Vec<String>,
    lettered_points: Vec<String>,
    lettered_lengths: Vec<String>,
    behind_lengths: Vec<String>,
    day_points: Vec<String>,
    openings: Vec<String>,
    today: Vec<String>,
    yesterday: Vec<String>,
    last_night: Vec<String>,
    next_day: Vec<String>,
    previous_day: Vec<String>,
    midnight: Vec<String>,
    points: Vec<String>,
    before_noon: Vec<String>,
    after_noon: Vec<String>,
    units: Vec<String>,
    beside_hours: Vec<String>,
    eastern_weekdays: Vec<String>,
}

struct Calendar {
    months: WordMap<String, u32>,
    weekdays: WordMap<String, Weekday>,
    approximate: Vec<String>,
    range: Words,
    between: Vec<String>,
    glue: Words,
    noon: Vec<String>,
    hour_points: Vec<String>,
    lettered_points: Vec<String>,
    lettered_lengths: Vec<String>,
    behind_lengths: Vec<String>,
    day_points: Vec<String>,
    openings: Vec<String>,
    /// Words for a day told by counting, by the first of them.
    counted: WordMap<String, Vec<(CountedDay, String)>>,
    midnight: Vec<String>,
    points: Words,
    before_noon: Vec<String>,
    after_noon: Vec<String>,
    units: Vec<String>,
    beside_hours: Vec<String>,
    eastern_weekdays: Vec<String>,
    /// With what the approximate ones end.
    approximate_ends: ByteSet,
    /// Of the words for hours.
    hour_heads: Heads,
    /// Of the names of months, weekdays and hours, and of what opens a counted day.
    heads: Heads,
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let data: Data = shipped!("time/calendar.toml").expect("the shipped calendar is valid");
    let numbered = |lists: BTreeMap<String, Vec<String>>| -> WordMap<String, u32> {
        lists
            .into_iter()
            .filter_map(|(n, names)| Some((n.parse::<u32>().ok()?, names)))
            .flat_map(|(n, names)| names.into_iter().map(move |name| (name, n)))
            .collect()
    };
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let days_counted = [
        (CountedDay::Next, data.words.next_day),
        (CountedDay::Previous, data.words.previous_day),
        (CountedDay::Today, data.words.today),
        (CountedDay::Yesterday, data.words.yesterday),
        (CountedDay::LastNight, data.words.last_night),
    ];
    let mut counted: WordMap<String, Vec<(CountedDay, String)>> = WordMap::default();
    for (day, phrase) in days_counted.into_iter().flat_map(|(day, all)| all.into_iter().map(move |p| (day, p))) {
        counted.entry(first_word(&phrase).to_owned()).or_default().push((day, phrase));
    }
    let named = data.months.values().chain(data.weekdays.values()).chain([&data.words.noon, &data.words.midnight]);
    let names = named.flatten().chain(counted.keys()).map(String::as_str);
    let heads = Heads::new(names).joined(&Heads::new(super::lex::spoken_openings()));
    let hours = data.words.noon.iter().chain(&data.words.midnight).chain(&data.words.beside_hours);
    Calendar {
        counted,
        heads,
        hour_heads: Heads::new(hours.map(String::as_str)),
        approximate_ends: ByteSet::new(data.words.approximate.iter().filter_map(|word| word.bytes().next_back())),
        months: numbered(data.months),
        weekdays: numbered(data.weekdays)
            .into_iter()
            .filter_map(|(name, n)| Some((name, *days.get(n as usize - 1)?)))
            .collect(),
        approximate: data.words.approximate,
        range: data.words.range.into_iter().collect(),
        between: data.words.between,
        glue: data.words.glue.into_iter().collect(),
        noon: data.words.noon,
        hour_points: data.words.hour_points,
        lettered_points: data.words.lettered_points,
        lettered_lengths: data.words.lettered_lengths,
        behind_lengths: data.words.behind_lengths,
        day_points: data.words.day_points,
        openings: data.words.openings,
        midnight: data.words.midnight,
        points: data.words.points.into_iter().collect(),
        before_noon: data.words.before_noon,
        after_noon: data.words.after_noon,
        units: data.words.units,
        beside_hours: data.words.beside_hours,
        eastern_weekdays: data.words.eastern_weekdays,
    }
});

/// Months whose short names are everyday words in another language: alone and in lower case they are no month.
const EVERYDAY: &[&str] =
    &["may", "mar", "march", "mars", "out", "set", "ago", "abr", "dic", "ene", "fev", "mai", "dec", "sep"];

/// May a word name a month, a weekday, an hour, or open a counted day? Told by its first letters; in any case.
pub fn may_name(word: &str) -> bool {
    CALENDAR.heads.may_have(word)
}

/// Of all those words.
pub fn heads() -> &'static Heads {
    &CALENDAR.heads
}

/// The first of the words of each name of a month, a weekday, an hour or a counted day.
pub fn openings() -> impl Iterator<Item = &'static str> {
    let Calendar { months, weekdays, noon, midnight, counted, .. } = &*CALENDAR;
    let names = months.keys().chain(weekdays.keys()).chain(noon).chain(midnight).chain(counted.keys());
    names.map(String::as_str).chain(super::lex::spoken_openings()).map(first_word)
}

/// The letters with which words begin.
pub fn first_word(words: &str) -> &str {
    words.split(|c: char| !c.is_alphabetic()).next().unwrap_or("")
}

/// The month of this name, 1 to 12. Expects lower case without a trailing full stop.
pub fn month(word: &str) -> Option<u32> {
    CALENDAR.months.get(word).copied()
}

/// Whether a month's name is an everyday word when it stands in lower case.
pub fn is_everyday(word: &str) -> bool {
    EVERYDAY.contains(&word)
}

/// The weekday of this name. Expects lower case.
pub fn weekday(word: &str) -> Option<Weekday> {
    CALENDAR.weekdays.get(word).copied()
}

/// Does the name of a weekday stand anywhere in a text?
pub fn names_weekday(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|w| w.len() >= WEEKDAY_BYTES_MIN);
    words.map(str::to_lowercase).any(|word| weekday(&word).is_some())
}

/// "sat" and "sun" are words as well.
const WEEKDAY_BYTES_MIN: usize = 5;

/// A day that words at the beginning of a text tell by counting, and their length. `first` is the first of them, in
/// lower case: few words open such a phrase, and every word of a text is asked about.
pub fn counted_day(first: &str, text: &str) -> Option<(CountedDay, usize)> {
    let phrases = CALENDAR.counted.get(first)?;
    // Most are told by what stands behind the first word.
    let next = text.as_bytes().get(first.len() + 1).filter(|_| first.is_ascii()).map(u8::to_ascii_lowercase);
    let may_stand = |phrase: &str| {
        let second = phrase.as_bytes().get(first.len() + 1);
        second.is_none() || next.is_none_or(|next| !next.is_ascii() || second == Some(&next))
    };
    if !phrases.iter().any(|(_, phrase)| may_stand(phrase)) {
        return None;
    }
    let head = text.get(..text.floor_char_boundary(COUNTED_BYTES_MAX)).unwrap_or(text).to_lowercase();
    let opens = |phrase: &str| {
        head.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)).then_some(phrase.len())
    };
    let longest = |day| phrases.iter().filter(|(of, _)| *of == day).filter_map(|(_, phrase)| opens(phrase)).max();
    let days =
        [CountedDay::Next, CountedDay::Previous, CountedDay::Today, CountedDay::Yesterday, CountedDay::LastNight];
    days.into_iter().filter_map(|day| Some((day, longest(day)?))).max_by_key(|(_, length)| *length)
}

/// A day told by counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedDay {
    /// The day after the one told before, and the one before it.
    Next,
    Previous,
    /// The day of writing, and the one before it.
    Today,
    Yesterday,
    /// The night between them: its first hours are of today.
    LastNight,
}

const COUNTED_BYTES_MAX: usize = 32;

/// The hour of a clock that is a word: noon, midnight. Expects lower case.
pub fn hour_word(word: &str) -> Option<u32> {
    let is = |words: &[String]| words.iter().any(|w| w == word);
    if is(&CALENDAR.noon) { Some(12) } else { is(&CALENDAR.midnight).then_some(0) }
}

/// Whether a text holds a clock that is a word. Expects any case.
pub fn has_hour_word(text: &str) -> bool {
    let words = || CALENDAR.noon.iter().chain(&CALENDAR.midnight).chain(&CALENDAR.beside_hours);
    let is_one = |w: &str| {
        (4..=12).contains(&w.len()) && CALENDAR.hour_heads.may_have(w) && words().any(|h| w.eq_ignore_ascii_case(h))
    };
    if text.is_ascii() {
        text.split(|c: char| !c.is_ascii_alphabetic() && c != '-').any(is_one)
    } else {
        text.split(|c: char| !c.is_alphabetic() && c != '-').any(is_one)
    }
}

/// Whether words end with one that wants a point of time: "at", "gegen".
pub fn wants_point(before: &str) -> bool {
    CALENDAR.points.contains(last_word(before).as_str())
}

/// Whether "13h" after these words is a clock and no length.
pub fn wants_hour(before: &str) -> bool {
    CALENDAR.hour_points.contains(&last_word(before))
}

/// Whether "9h30" after this word, in lower case, is a clock.
pub fn wants_lettered(word: &str) -> bool {
    CALENDAR.lettered_points.iter().any(|known| known == word)
}

/// Whether it is a length.
pub fn wants_length(word: &str) -> bool {
    CALENDAR.lettered_lengths.iter().any(|known| known == word)
}

/// Whether words behind "9 h" make a length of it.
pub fn opens_length(after: &str) -> bool {
    let after = after.trim_start().to_lowercase();
    CALENDAR.behind_lengths.iter().any(|word| {
        let rest = after.strip_prefix(word.as_str());
        rest.is_some_and(|rest| word.ends_with(['\'', '’']) || !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whether words end with one that stands before the number of a day.
pub fn wants_day(before: &str) -> bool {
    before.ends_with(' ') && CALENDAR.day_points.contains(&last_word(before))
}

fn last_word(before: &str) -> String {
    before.trim_end().rsplit(|c: char| c.is_whitespace()).next().unwrap_or("").to_lowercase()
}

/// The half of the day that the words before a clock end with: whether it is the one after noon.
pub fn half_of_day(before: &str) -> Option<bool> {
    let ends = |words: &[String]| words.iter().any(|word| before.ends_with(word.as_str()));
    if ends(&CALENDAR.after_noon) { Some(true) } else { ends(&CALENDAR.before_noon).then_some(false) }
}

/// Whether words are a weekday in brackets, as dates of Chinese, Japanese and Korean reports have it: "(水)".
pub fn is_eastern_weekday(words: &str) -> bool {
    let within = |open, close| words.strip_prefix(open)?.strip_suffix(close);
    let day = within('(', ')').or_else(|| within('（', '）'));
    day.is_some_and(|day| CALENDAR.eastern_weekdays.iter().any(|known| known == day))
}

/// Whether a word behind a number with a full stop makes it an amount.
pub fn is_unit(word: &str) -> bool {
    CALENDAR.units.iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

/// Whether the words just before a time say that it is not exact.
pub fn ends_approximate(before: &str) -> bool {
    let before = before.trim_end();
    // Small letters end with the bytes that capitals of ASCII do, but for their case; most words end otherwise.
    let may_end = |text: &str| {
        text.bytes().next_back().is_some_and(|b| !b.is_ascii() || CALENDAR.approximate_ends.has(b.to_ascii_lowercase()))
    };
    if !may_end(before) && !before.ends_with(['T', 't']) && !before.ends_with(['E', 'e']) {
        return false;
    }
    let before = before.to_lowercase();
    let tail = before.trim_end_matches("the ").trim_end_matches(" at").trim_end();
    [before.as_str(), tail].iter().any(|text| {
        CALENDAR.approximate.iter().any(|word| {
            text.strip_suffix(word.as_str()).is_some_and(|rest| {
                !word.starts_with(char::is_alphabetic) || rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
            })
        })
    })
}

/// Whether the words between two times make them a range. `opened` tells that "between" stood before the first.
pub fn joins_range(gap: &str, opened: bool) -> bool {
    let gap = after_about(gap).trim().trim_matches(['(', ')', '*', '`']).trim().to_lowercase();
    if matches!(gap.as_str(), "and" | "et" | "und" | "y" | "e") {
        return opened;
    }
    if CALENDAR.range.contains(gap.as_str()) {
        return true;
    }
    let small = |w: &str| {
        CALENDAR.glue.contains(w) || CALENDAR.range.contains(w) || CALENDAR.approximate.iter().any(|a| a == w)
    };
    // "between the 4th and the 6th".
    if let Some(("and" | "et" | "und" | "y" | "e", rest)) = gap.split_once(' ')
        && (!opened || rest.split_whitespace().all(small))
    {
        return opened;
    }
    // "until the", "to around", "and lasted until about": one range word, small words after it.
    let mut words = gap.split_whitespace();
    let first = words.next().is_some_and(|w| CALENDAR.range.contains(w));
    first && words.all(small)
}

/// "18:20頃 〜 19:24頃": what makes a clock approximate stands behind it in Japanese and Chinese.
pub fn after_about(text: &str) -> &str {
    let text = text.trim_start();
    ["頃", "ごろ", "ころ", "左右", "前后", "경"].iter().find_map(|about| text.strip_prefix(about)).unwrap_or(text)
}

/// Whether the words just before a time open a range: "between", "entre".
pub fn opens_range(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    // "between about 14:00 and 15:00", "between the 4th…": one small word may stand between.
    let skipped = before.rsplit_once(char::is_whitespace).map_or("", |(rest, last)| {
        let small = CALENDAR.glue.contains(last) || CALENDAR.approximate.iter().any(|a| a == last);
        if small { rest.trim_end() } else { "" }
    });
    CALENDAR.between.iter().any(|b| before.ends_with(b.as_str()) || skipped.ends_with(b.as_str()))
}

/// Whether the words just before an hour say that something began then: "from", "de".
pub fn opens_hours(before: &str) -> bool {
    CALENDAR.openings.contains(&last_word(before))
}

/// Whether the text between two parts of one time means nothing by itself.
pub fn is_glue(gap: &str) -> bool {
    if gap.len() > GLUE_BYTES_MAX {
        return false;
    }
    let lower = gap.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | '|' | '*' | '_' | '`' | '·'))
        .filter(|w| !w.is_empty())
        .collect();
    // A word may be glue by itself or together with the next ("a las").
    let mut rest = words.as_slice();
    while let [first, tail @ ..] = rest {
        let pair = tail.first().map(|second| format!("{first} {second}"));
        if pair.is_some_and(|p| CALENDAR.glue.contains(p.as_str())) {
            rest = tail.get(1..).unwrap_or(&[]);
        } else if CALENDAR.glue.contains(*first) {
            rest = tail;
        } else {
            return false;
        }
    }
    true
}

/// Parts of one time stand close together.
const GLUE_BYTES_MAX: usize = 24;
