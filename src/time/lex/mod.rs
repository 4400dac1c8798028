//! Text → time tokens: dates, clocks, zones, weekdays, elapsed times, each with its byte range.
//!
//! Knows the written forms and nothing of context; what belongs together is decided in [`super::written`].

mod dates;
mod hours;
mod rare;
mod spoken;
mod words;

pub use spoken::openings as spoken_openings;

use super::calendar::CountedDay;
use super::written::Habits;
use super::{calendar, tail, zone};
use crate::text::{Captures, Regex};
use chrono::Weekday;
use std::ops::Range;
use std::sync::LazyLock;

/// A part of a written time.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Date(WrittenDate),
    Clock(WrittenClock),
    /// An hour whose minutes the author left open: `22:XX`.
    OpenClock,
    Zone(String),
    Day(NamedDay),
    /// Minutes since the start: `T+15m`; before it: `T-20m`.
    Elapsed(i64),
}

/// A day told by a name that other days share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedDay {
    /// "Tuesday".
    Week(Weekday),
    /// "the 16th".
    Month(u32),
    /// "the next day", "today".
    Counted(CountedDay),
}

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
    /// Written with numbers only and readable in the other order too; `month` and `day` are in the written order
    /// month/day.
    pub swappable: bool,
}

/// A clock as written, already on 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenClock {
    pub hour: u32,
    pub minute: u32,
    pub second: Option<u32>,
    /// `24:00` and `24:30` are the next day's 00:00 and 00:30.
    pub next_day: bool,
    /// `None` for a 24-hour clock, else whether `PM` was written.
    pub meridiem: Option<bool>,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexeme {
    pub token: Token,
    pub span: Range<usize>,
}

/// Numeric forms, tried at a digit that nothing sticks to.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
          (?P<iso_y>\d{4}) [-/.] (?P<iso_m>\d{1,2}) [-/.] (?P<iso_d>\d{1,2})
        | (?P<cjk_y>\d{4}) \s?年 \s? (?P<cjk_m>\d{1,2}) \s?月 \s? (?P<cjk_d>\d{1,2}) \s?日
        | (?P<a>\d{1,2}) (?: / (?P<b1>\d{1,2}) / | - (?P<b2>\d{1,2}) - | \. (?P<b3>\d{1,2}) \. ) (?P<y>\d{4}|\d{2})
        | (?P<day>\d{1,2}) (?:st|nd|rd|th|er|\.|º|ª|°)? (?:\s{1,2}|-|\s?\ of\ |\s(?:de|d’|d')\s?)
            (?P<month>\p{L}{3,10}) \.? (?: (?:\s|,|-|\s?de\s|\s?del\s|\s?of\s){1,3} (?P<day_year>\d{4}) | -(?P<short_year>\d{2})\b )?
        | (?P<h>\d{1,2}) (?: : (?P<min>\d{2}) (?: : (?P<sec>\d{2}) (?:[.,]\d{1,9})? )?
                         | \s?[hH]\s? (?P<hmin>\d{2}) )
            (?: \s? (?P<ap>[AaPp])\.?\s?[Mm]\b\.? | (?P<half>[AaPp])\b )?
        | (?P<dot_h>\d{1,2}) \. (?P<dot_min>\d{2}) \s?
            (?: (?P<dot_ap>[AaPp])\.?[Mm]\b | (?P<dot_mark>[Uu]hr\b|[Hh]rs?\b|h\b) )?
        | (?P<open>\d{2}) : (?:[Xx]{2}|\?\?|--)
        | (?P<bare_h>\d{1,2}) \s? (?: (?P<bare_ap>[AaPp])\.?\s?[Mm]\b\.? | (?P<uhr>[Uu]hr\b) | (?P<heure>h\b) )
        | (?P<mil_h>[01]\d|2[0-4]) (?P<mil_min>[0-5]\d) (?: \s? (?P<mil_mark>hrs|hours|[Uu]hr|h)\b )?
        | (?P<s_a>\d{1,2}) / (?P<s_b>\d{1,2})
        )",
    )
    .expect("a valid regex")
});

/// Could a form of [`NUMBER`] begin a text? Of most numbers that are no times their digits tell, and what follows.
fn may_tell(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_joint = |b: &u8| b.is_ascii_alphabetic() || b.is_ascii_whitespace() || b"/-.:\x0B".contains(b);
    match (digits, text.get(digits)) {
        (0, _) | (_, Some(0x80..)) => true,
        (1 | 2, next) => next.is_some_and(is_joint),
        (count, _) => count > 3,
    }
}

static DAY_AND_YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\.?\s\d{1,2}(?:st|nd|rd|th)?,\s?\d{4}\b").expect("a valid regex"));

static BARE_OFFSET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s?[+\-−](?:0\d|1[0-4]):?(?:00|15|30|45)").expect("a valid regex"));

/// A clock with what separates it from the words of an entry.
static LED_CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\s[A-Z]{2,4})?\s?[-–—]\s").expect("a valid regex"));

/// Years outside are version numbers, ports and money.
pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;

/// Tokens of a text in order; they never overlap. Linear in the text.
/// `habits` tell how the document writes the clocks that lead its lines.
pub fn lex(text: &str, habits: Habits) -> Vec<Lexeme> {
    let mut lexer = Lexer { text, habits, at: 0, found: Vec::new() };
    lexer.run();
    lexer.found
}

struct Lexer<'t> {
    text: &'t str,
    habits: Habits,
    at: usize,
    found: Vec<Lexeme>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) {
        loop {
            self.pass_over();
            let Some(c) = self.rest().chars().next() else { return };
            let before = self.before();
            let step = if c.is_ascii_digit() {
                self.number(before)
            } else if c.is_alphabetic() {
                self.word(before)
            } else if matches!(c, '+' | '-' | '−' | ' ') {
                self.offset().or_else(|| self.signed_day())
            } else {
                None
            };
            self.at += step.unwrap_or_else(|| self.skip(c));
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at).and_then(|t| t.chars().next_back())
    }

    /// Length of what to pass over: the whole run of digits or of letters, or one character.
    fn skip(&self, c: char) -> usize {
        let run = |test: fn(char) -> bool| self.rest().find(|c| !test(c)).unwrap_or(self.rest().len());
        if c.is_ascii_digit() {
            run(|c| c.is_ascii_digit())
        } else if c.is_alphabetic() {
            run(char::is_alphabetic)
        } else {
            c.len_utf8()
        }
    }

    fn push(&mut self, token: Token, length: usize) -> Option<usize> {
        self.found.push(Lexeme { token, span: self.at..self.at + length });
        Some(length)
    }

    fn follows(&self, test: impl Fn(&Token) -> bool) -> bool {
        self.found.last().is_some_and(|l| l.span.end == self.at && test(&l.token))
    }

    /// A `+01:00` right after a clock.
    fn offset(&mut self) -> Option<usize> {
        if !self.follows(|t| matches!(t, Token::Clock(_))) {
            return None;
        }
        let found = BARE_OFFSET.find(self.rest())?;
        let sticks = self.rest().get(found.end()..)?.chars().next().is_some_and(|c| c.is_alphanumeric() || c == ':');
        // "14:40 -15:00" is a range, unless the offset reads like one: a space before it needs a full four digits and
        // a plus, since ranges are written with a dash.
        // Clocks of ranges are written without seconds.
        let exact = self.found.last().is_some_and(|l| matches!(&l.token, Token::Clock(c) if c.second.is_some()));
        let spaced = found.as_str().starts_with(' ') && !exact;
        if sticks || spaced && !found.as_str().trim_start().starts_with('+') && found.as_str().contains(':') {
            return None;
        }
        let label = found.as_str().trim().to_owned();
        self.push(Token::Zone(label), found.end())
    }

    fn number(&mut self, before: Option<char>) -> Option<usize> {
        let after_date = self.found.last().is_some_and(|l| {
            matches!(l.token, Token::Date(_))
                && self
                    .text
                    .get(l.span.end..self.at)
                    .is_some_and(|gap| matches!(gap, "T" | "t" | "-" | "_" | "/" | ":"))
        });
        let sticks = before.is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '.' | ':' | '/' | '#' | '$' | '€' | '£' | '_' | '\\' | '=')
        });
        let dashed = before == Some('-') && !self.follows_dash();
        let marked = before.is_some_and(rare::is_eastern) || rare::follows_emphasis(self.text, self.at);
        let sticks = sticks && !marked && !self.sticks_to_zone();
        let joined = sticks && !after_date && !self.follows_punctuation(before) && !self.follows_lost_break(before);
        if joined || dashed && !after_date {
            return None;
        }
        let worded = self.rare().or_else(|| self.shared_month()).or_else(|| self.day_of_month());
        if let Some(length) = worded.or_else(|| self.spoken_behind_digits()) {
            return Some(length);
        }
        let found = may_tell(self.rest().as_bytes()).then(|| NUMBER.captures(self.rest()))??;
        let length = found.get(0)?.end();
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let next = self.rest().get(length..)?.chars().next();
        let form = found.first_named().unwrap_or("");
        if form == "iso_y"
            && let (Some(y), Some(m), Some(d)) = (number("iso_y"), number("iso_m"), number("iso_d"))
        {
            let ends = !next.is_some_and(|c| c.is_ascii_digit());
            let date = date(Some(y as i32), m, d).filter(|_| ends)?;
            return self.push(Token::Date(date), length);
        }
        if form == "cjk_y"
            && let (Some(y), Some(m), Some(d)) = (number("cjk_y"), number("cjk_m"), number("cjk_d"))
        {
            return self.push(Token::Date(date(Some(y as i32), m, d)?), length);
        }
        if form == "a"
            && let (Some(a), Some(b), Some(y)) =
                (number("a"), number("b1").or_else(|| number("b2")).or_else(|| number("b3")), number("y"))
        {
            if next.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | '-') && self.digit_after(length)) {
                return None;
            }
            let dotted = found.name("b3").is_some();
            return self.numeric_date(a, b, y, dotted, length);
        }
        if form == "day"
            && let (Some(day), Some(month)) = (number("day"), found.name("month"))
        {
            let short = number("short_year").map(|y| 2000 + y);
            let year = number("day_year").or(short).map(|y| y as i32).filter(|y| YEARS.contains(y));
            // "Update 2 Jun 5, 2025": the number before the month counts something else.
            if year.is_none() && self.rest().get(month.end()..).is_some_and(|rest| DAY_AND_YEAR.is_match(rest)) {
                return self.plain_clock();
            }
            let linked = found.get(0).is_some_and(|m| m.as_str().contains(" de ")) || self.is_named_day();
            if let Some(token) = day_month(day, month.as_str(), year, linked) {
                // A four-digit number that is no year stays outside: it may be a clock.
                let end = if year.is_some() { length } else { month.end() };
                return self.push(token, end);
            }
            return self.plain_clock();
        }
        self.clock(&found, length, next)
    }

    /// A day-month reading failed ("5 hosts"): the digits may still be a clock ("5 PM" has been tried, "0810 AEST").
    fn plain_clock(&mut self) -> Option<usize> {
        static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?x)^(?: (?P<bare_h>\d{1,2}) \s? (?: (?P<bare_ap>[AaPp])\.?\s?[Mm]\b\.? | (?P<uhr>[Uu]hr\b) ) )",
            )
            .expect("a valid regex")
        });
        let found = PLAIN.captures(self.rest())?;
        let length = found.get(0)?.end();
        self.clock(&found, length, None)
    }

    fn clock(&mut self, found: &Captures<'_>, length: usize, next: Option<char>) -> Option<usize> {
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let meridiem = |name: &str| found.name(name).map(|m| m.as_str().eq_ignore_ascii_case("p"));
        let sticks = next.is_some_and(|c| c.is_ascii_digit() || c == ':' && self.digit_after(length));
        let form = found.first_named().unwrap_or("");
        if form == "h"
            && let (Some(h), Some(m)) = (number("h"), number("min").or_else(|| number("hmin")))
        {
            let lettered = found.name("hmin").is_some();
            // "10h13min": the letters of the minutes are part of a clock where lines begin with such.
            let minutes = if lettered && self.is_habit() { rare::minutes(self.rest().get(length..)?) } else { 0 };
            let goes_on = || next.is_some_and(char::is_alphabetic) && minutes == 0;
            if sticks || lettered && (self.is_length_of_time() || goes_on()) {
                return None;
            }
            // "1:30m", "3:20x": a length or a factor, not a clock; a zone or an h may follow directly.
            let clock = clock(h, m, number("sec"), meridiem("ap").or_else(|| meridiem("half")))?;
            let (clock, length) = self.marked_behind(clock, length + minutes);
            return self.push(Token::Clock(clock), length);
        }
        if form == "dot_h"
            && let (Some(h), Some(m)) = (number("dot_h"), number("dot_min"))
        {
            let tail = self.rest().get(length..)?;
            let marked = found.name("dot_mark").is_some() || meridiem("dot_ap").is_some() || rare::shares_mark(tail);
            let word: &str = tail.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
            let zoned = word.len() >= 2 && zone::is_label(word, false);
            if sticks
                || !(marked
                    || zoned
                    || self.is_dotted_after_date(tail)
                    || self.habits.dotted && self.leads_line(self.at))
            {
                return None;
            }
            let (clock, length) = self.marked_behind(clock(h, m, None, meridiem("dot_ap"))?, length);
            return self.push(Token::Clock(clock), length);
        }
        if form == "open" {
            return self.push(Token::OpenClock, length);
        }
        if form == "bare_h"
            && let Some(h) = number("bare_h")
        {
            return self.bare_hour(found, h, sticks, length);
        }
        if form == "mil_h"
            && let (Some(h), Some(m)) = (number("mil_h"), number("mil_min"))
        {
            let tail = self.rest().get(length..)?.trim_start_matches([' ', '(']);
            let word = tail.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            let marked = found.name("mil_mark").is_some()
                || word.len() >= 2 && zone::is_label(word, false)
                || self.is_zulu(length)
                || rare::shares_zone(tail);
            if sticks || !marked {
                return None;
            }
            return self.push(Token::Clock(clock(h, m, None, None)?), length);
        }
        self.slashed_date(number("s_a")?, number("s_b")?, length, next)
    }

    /// "13h", "13 Uhr", "1 pm": an hour without its minutes.
    fn bare_hour(&mut self, found: &Captures<'_>, h: u32, sticks: bool, length: usize) -> Option<usize> {
        let pm = found.name("bare_ap").map(|m| m.as_str().eq_ignore_ascii_case("p"));
        // "vers 13h": without a word for a point of time it is a length.
        let before = tail(self.text.get(..self.at).unwrap_or(""), 24);
        let is_length = || !calendar::wants_hour(before) && !self.ends_range() && !self.is_led_hour(length);
        if sticks || found.name("heure").is_some() && is_length() || pm.is_some() && !(1..=12).contains(&h) {
            return None;
        }
        let (minutes, length) =
            found.name("uhr").and_then(|_| hours::minutes(self.rest(), length)).unwrap_or((0, length));
        let (clock, length) = self.marked_behind(clock(h, minutes, None, pm)?, length);
        self.push(Token::Clock(clock), length)
    }

    /// The dash before this number joins it to a time: "14:40-14:55".
    fn follows_dash(&self) -> bool {
        self.found.last().is_some_and(|l| l.span.end + 1 == self.at)
    }

    /// "Start:14:05", "it works.08:59: others complain": a colon or a full stop between a word and a clock is
    /// punctuation; after two letters a colon may belong to an address.
    fn follows_punctuation(&self, before: Option<char>) -> bool {
        let word = self.text.get(..self.at.saturating_sub(1)).unwrap_or("");
        let letters = word.chars().rev().take_while(|c| c.is_alphabetic()).take(3).count();
        let clock = self.rest().as_bytes().get(2) == Some(&b':');
        (before == Some(':') || before == Some('.') && clock) && (letters == 3 || word.ends_with('*'))
    }

    /// Whether nothing but marks stands between the beginning of the line and a place.
    fn leads_line(&self, at: usize) -> bool {
        let before = super::tail(self.text.get(..at).unwrap_or(""), 8);
        before.rsplit('\n').next().is_some_and(|l| l.len() < 8 && !l.chars().any(char::is_alphanumeric))
    }

    /// "2024-04-15 14.43": right behind a date, and no amount of anything.
    fn is_dotted_after_date(&self, after: &str) -> bool {
        let dated = self.found.last().is_some_and(|l| {
            let gap = self.text.get(l.span.end..self.at);
            matches!(l.token, Token::Date(_)) && gap.is_some_and(|g| matches!(g, " " | ", " | " - " | " – "))
        });
        let unit: String = after.trim_start_matches(' ').chars().take_while(|c| c.is_alphabetic()).collect();
        dated && !after.trim_start().starts_with(['%', '€', '$', '£']) && !calendar::is_unit(&unit)
    }

    /// "… for replication16:54 - replica lag climbs": a line that lost its break before a clock.
    fn follows_lost_break(&self, before: Option<char>) -> bool {
        let words = self.text.get(..self.at).unwrap_or("");
        let letters = words.chars().rev().take_while(|c| c.is_alphabetic()).take(3).count();
        let ended = matches!(before, Some('.' | ')' | '!' | '?' | '"' | '”'));
        (letters == 3 || ended) && LED_CLOCK.is_match(self.rest())
    }

    fn digit_after(&self, length: usize) -> bool {
        self.rest().get(length..).and_then(|t| t.chars().nth(1)).is_some_and(|c| c.is_ascii_digit())
    }
}

fn date(year: Option<i32>, month: u32, day: u32) -> Option<WrittenDate> {
    let plausible = year.is_none_or(|y| YEARS.contains(&y));
    // A leap year stands in for an unknown one.
    let exists = chrono::NaiveDate::from_ymd_opt(year.unwrap_or(2024), month, day).is_some();
    (plausible && exists).then_some(WrittenDate { year, month, day, swappable: false })
}

fn day_month(day: u32, month: &str, year: Option<i32>, linked: bool) -> Option<Token> {
    let folded = month.to_lowercase();
    let number = calendar::month(&folded)?;
    let capital = month.chars().next().is_some_and(char::is_uppercase);
    if !capital && year.is_none() && !linked && calendar::is_everyday(&folded) {
        return None;
    }
    date(year, number, day).map(Token::Date)
}

fn clock(hour: u32, minute: u32, second: Option<u32>, meridiem: Option<bool>) -> Option<WrittenClock> {
    // "13:20 PM" is a 24-hour clock with a superfluous mark.
    let hour_24 = match meridiem {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let next_day = hour_24 == 24;
    let hour_24 = if next_day { 0 } else { hour_24 };
    (hour_24 < 24 && minute < 60 && second.is_none_or(|s| s < 61)).then_some(WrittenClock {
        hour: hour_24,
        minute,
        second: second.map(|s| s.min(59)),
        next_day,
        meridiem: meridiem.filter(|_| hour <= 12),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_tells_a_time_may_tell_one(text in "[0-9]{1,5}[ :./,%)hHst\u{a0}年-]{0,2}[0-9a-zX年]{0,4}[ :.-]?[0-9]{0,4}(?:am|h| Uhr)?") {
            proptest::prop_assert!(may_tell(text.as_bytes()) || NUMBER.captures(&text).is_none(), "{}", text);
        }
    }
}
