//! Tokens that begin with a letter: months, weekdays, zones, `T+15m`, noon.

use super::{Lexer, NamedDay, Token, WrittenClock, YEARS, date};
use crate::text::{Heads, Regex, Words, hold};
use crate::time::{calendar, tail, zone};
use std::sync::LazyLock;

/// After a month's name: the day, and perhaps the year.
static AFTER_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^ \.? (?:\s{1,2}(?:the\s)?|-) (?P<day>\d{1,2}) (?P<ordinal>st|nd|rd|th)? (?P<rest>
            (?: (?:\s?,\s?|\s|-|\s?of\s) (?P<year>\d{4}) )? )",
    )
    .expect("a valid regex")
});

/// "the 16th", where it counts no attempts or floors: the sentence ends, or goes on with small words or a clock.
static DAY_OF_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<day>\d{1,2})(?:st|nd|rd|th) (?: $ | [.,;:)!?\n] | \s[(–—-]
            | \s(?: at | around | about | by | from | between | and | until | till | to | when | we | it | with | as | \d)\b )",
    )
    .expect("a valid regex")
});

static ELAPSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[Tt]\s?(?P<sign>[+\-−])\s?(?: (?P<h>\d{1,3}):(?P<m>\d{2}) (?::\d{2})?
            | (?:(?P<hours>\d{1,3})\s?h(?:ours?|rs?)?\s?)? (?:(?P<minutes>\d{1,4})\s?(?:m|min|mins|minutes)?)? )",
    )
    .expect("a valid regex")
});

static NAMED_OFFSET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[+\-−]\d{1,2}(?::?(?:00|15|30|45))?").expect("a valid regex"));

/// How far behind its clock a zone may begin.
const ZONE_GAP_BYTES_MAX: usize = 4;

/// Lower-case words that begin the name of a zone.
const OPENS_ZONE: &[&str] = &["heure", "hora", "horário", "tiempo", "eastern", "московскому", "московское"];

/// Of words that name a time, or open a zone, in small letters.
static SMALL: LazyLock<Heads> =
    LazyLock::new(|| Heads::new(OPENS_ZONE.iter().copied().chain(["t"])).joined(calendar::heads()));

/// The same, and of zones.
static ZONED: LazyLock<Heads> = LazyLock::new(|| zone::heads().joined(&SMALL));

/// The words that begin such a name, all of them in small letters, and those that begin a zone's.
static NAMES: LazyLock<Words<&str>> =
    LazyLock::new(|| OPENS_ZONE.iter().copied().chain(["t"]).chain(calendar::openings()).collect());
static ZONES: LazyLock<Words<&str>> = LazyLock::new(|| zone::openings().collect());

/// Of shorter words all letters tell what they may name, of others the first three.
const WORD_LETTERS_MIN: usize = 3;

impl Lexer<'_> {
    /// Passes over words that name nothing, and over what is neither word nor number and can follow no clock: nearly
    /// all of a text.
    pub(super) fn pass_over(&mut self) {
        let bytes = self.text.as_bytes();
        let ended = self.found.last().map(|last| last.span.end);
        while let Some(first) = bytes.get(self.at) {
            let passed = match first {
                b' ' | b'+' | b'-' if ended == Some(self.at) => return,
                b'a'..=b'z' | b'A'..=b'Z' => {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    let letters = rest.iter().position(|b| !b.is_ascii_alphabetic()).unwrap_or(rest.len());
                    // What begins an address may be the name of a zone.
                    let ends = rest.get(letters).is_none_or(|b| b.is_ascii() && !matches!(b, b'/' | b'_'));
                    if !ends || self.may_name(letters) {
                        return;
                    }
                    letters
                }
                b'0'..=b'9' | 0x80.. => return,
                _ => 1,
            };
            self.at += passed;
        }
    }

    /// May a word of so many letters name a time or a zone?
    fn may_name(&self, letters: usize) -> bool {
        let rest = self.rest();
        let head = if letters < WORD_LETTERS_MIN { rest.get(..letters).unwrap_or(rest) } else { rest };
        // Zones are written in capitals, unless they stand right behind a clock.
        let zoned = rest.starts_with(|c: char| c.is_ascii_uppercase()) || self.is_near_clock();
        let heads = if zoned { &ZONED } else { &SMALL };
        if !(heads.may_have(head) || zoned && heads.may_have(rest)) {
            return false;
        }
        let word = rest.get(..letters).unwrap_or(rest);
        hold(&NAMES, word) || zoned && hold(&ZONES, word)
    }

    /// Does a clock end so near before this place that what follows may be its zone?
    fn is_near_clock(&self) -> bool {
        let last = self.found.last().filter(|last| self.at - last.span.end <= ZONE_GAP_BYTES_MAX);
        last.is_some_and(|last| matches!(last.token, Token::Clock(_) | Token::OpenClock))
    }

    /// A day of a month that the words before name.
    pub(super) fn day_of_month(&mut self) -> Option<usize> {
        let before = self.text.as_bytes().get(self.at.checked_sub("the ".len())?..self.at)?;
        if !before.eq_ignore_ascii_case(b"the ") {
            return None;
        }
        let day = DAY_OF_MONTH.captures(self.rest())?.name("day")?.as_str();
        let number: u32 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
        self.push(Token::Day(NamedDay::Month(number)), day.len() + 2)
    }

    pub(super) fn word(&mut self, before: Option<char>) -> Option<usize> {
        let letters = self.rest().find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest().len());
        let word = self.rest().get(..letters)?;
        let sticks = before.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '/' | '.' | '@' | '-' | '#'));
        if !sticks && matches!(word, "T" | "t") && self.rest().get(1..)?.trim_start().starts_with(['+', '-', '−']) {
            return self.elapsed();
        }
        if let Some(length) = self.zone_label(word, before) {
            return Some(length);
        }
        if !calendar::may_name(word) {
            return None;
        }
        if let Some(length) = if sticks { None } else { self.spoken() } {
            return Some(length);
        }
        let folded = word.to_lowercase();
        if let Some((day, length)) = calendar::counted_day(&folded, self.rest()).filter(|_| !sticks) {
            return self.push(Token::Day(NamedDay::Counted(day)), length);
        }
        if sticks && before != Some('-') && before != Some('/') || letters < 3 {
            return None;
        }
        if let Some(month) = calendar::month(&folded) {
            return self.month_first(month, word, &folded);
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if let Some(day) = calendar::weekday(&folded).filter(|_| capital || letters > 4) {
            return self.push(Token::Day(NamedDay::Week(day)), letters);
        }
        // "meio-dia" has two words.
        let joined = self.rest().find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(self.rest().len());
        let whole = self.rest().get(..joined)?.to_lowercase();
        let named = [(joined, whole), (letters, folded)];
        let (letters, hour) = named.iter().find_map(|(end, name)| Some((*end, calendar::hour_word(name)?)))?;
        // "Noon: the site went down": it leads its line.
        let after = self.rest().get(letters..)?;
        let leads =
            self.leads_line(self.at) && [":", " -", " –", " —", " |"].iter().any(|mark| after.starts_with(mark));
        if !leads && !calendar::wants_point(tail(self.text.get(..self.at).unwrap_or(""), 24)) {
            return None;
        }
        let clock = WrittenClock { hour, minute: 0, second: None, next_day: false, meridiem: None };
        self.push(Token::Clock(clock), letters)
    }

    /// A zone: an abbreviation, `UTC+1`, an IANA name, "Pacific Time", "Sydney time".
    fn zone_label(&mut self, word: &str, before: Option<char>) -> Option<usize> {
        let after_clock = self.found.last().is_some_and(|l| {
            matches!(l.token, Token::Clock(_) | Token::OpenClock)
                && self
                    .text
                    .get(l.span.end..self.at)
                    .is_some_and(|gap| gap.trim_matches([' ', '(', '[', '*', '`', '_']).is_empty())
                && self.is_near_clock()
        });
        let sticks = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | '#'));
        if sticks && !(after_clock && before.is_some_and(|c| c.is_ascii_digit())) || before == Some('-') {
            return None;
        }
        let first = word.chars().next()?;
        if first.is_uppercase() || after_clock || OPENS_ZONE.contains(&word) {
            // "10:00 (New York)": right behind a clock a city is its zone.
            let bracketed = after_clock && before == Some('(');
            let city = || zone::bracketed_city(self.rest()).filter(|_| bracketed);
            if let Some(length) = zone::phrase_length(self.rest()).or_else(city) {
                let label = self.rest().get(..length)?.to_owned();
                return self.push(Token::Zone(label), length);
            }
            let slashed = self
                .rest()
                .find(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '_'))
                .unwrap_or(self.rest().len());
            let name = self.rest().get(..slashed)?;
            if name.contains('/') && zone::is_label(name, after_clock) {
                return self.push(Token::Zone(name.to_owned()), slashed);
            }
        }
        if !zone::is_label(word, after_clock) {
            return None;
        }
        let next = self.rest().get(word.len()..)?;
        if (word.eq_ignore_ascii_case("utc") || word.eq_ignore_ascii_case("gmt"))
            && let Some(found) = NAMED_OFFSET.find(next)
        {
            let tail = next.get(found.end()..)?.chars().next();
            if !tail.is_some_and(|c| c.is_alphanumeric() || c == ':') {
                let label = format!("{word}{}", found.as_str());
                return self.push(Token::Zone(label), word.len() + found.end());
            }
        }
        // "UTC08:15" is a label and its clock.
        let clock =
            next.len() > 2 && next.starts_with(|c: char| c.is_ascii_digit()) && next.as_bytes().get(2) == Some(&b':');
        if !clock && next.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '/' && !after_clock) {
            return None;
        }
        self.push(Token::Zone(word.to_owned()), word.len())
    }

    fn month_first(&mut self, month: u32, word: &str, folded: &str) -> Option<usize> {
        let found = AFTER_MONTH.captures(self.rest().get(word.len()..)?)?;
        let day: u32 = found.name("day")?.as_str().parse().ok()?;
        let year = found.name("year").and_then(|y| y.as_str().parse().ok()).filter(|y| YEARS.contains(y));
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if !capital && (calendar::is_everyday(folded) || year.is_none()) {
            return None;
        }
        let end = if year.is_some() { found.name("rest")?.end() } else { found.name("rest")?.start() };
        let tail = self.rest().get(word.len() + end..)?;
        // "May 14:05", "June 2024", "March 15%": no day of the month.
        let bad = tail.starts_with([':', '%']) && tail.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
            || tail.starts_with(|c: char| c.is_ascii_digit())
            || tail.starts_with('%');
        let date = date(year, month, day).filter(|_| !bad)?;
        self.push(Token::Date(date), word.len() + end)?;
        let further = if year.is_none() { self.last_day(&date, word.len() + end) } else { None };
        further.or(Some(word.len() + end))
    }

    fn elapsed(&mut self) -> Option<usize> {
        let found = ELAPSED.captures(self.rest())?;
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i64>().ok());
        let hours = number("h").or_else(|| number("hours"));
        let minutes = number("m").or_else(|| number("minutes"));
        if hours.is_none() && minutes.is_none() {
            return None;
        }
        let length = found.get(0)?.as_str().trim_end().len();
        let sign = if found.name("sign").is_some_and(|s| s.as_str() == "+") { 1 } else { -1 };
        self.push(Token::Elapsed(sign * (hours.unwrap_or(0) * 60 + minutes.unwrap_or(0))), length)
    }
}
