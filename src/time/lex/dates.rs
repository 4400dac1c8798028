//! Dates in numbers whose order is open, and in the rarer spellings: as trackers and servers write them (`03/May/24`,
//! `2024/May/03`, `[03/May/2024:10:12:00`), with nothing between (`03May2024`), and eight digits before a clock
//! (`20240503 10:12`).

use super::{Lexer, Token, WrittenDate, date, day_month};
use crate::text::Regex;
use crate::time::calendar;
use std::sync::LazyLock;

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
          (?P<day>\d{1,2}) (?: / (?P<slashed>\p{L}{3,9}) / (?P<year>\d{4}|\d{2})
                             | \. (?P<dotted>\p{L}{3,9}) \. (?P<dotted_year>\d{4})
                             | (?P<stuck>\p{L}{3}) (?P<stuck_year>\d{4}) )
        | (?P<first>\d{4}) / (?P<month>\p{L}{3,9}) / (?P<last>\d{1,2})
        )",
    )
    .expect("a valid regex")
});

/// "05.03. 23:10", "5.3., gegen 23.10 Uhr": a day and a month with a full stop each, and a clock behind them.
static DAY_AND_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<day>\d{1,2}) \.\s? (?P<month>\d{1,2}) \. (?P<rest> ,? (?:\s[-–—|])? \s (?:(?P<word>\p{L}{1,9}\.?)\s)?
          \d{1,2} (?: :\d{2} | \.\d{2}\s?[Uu]hr | \s?[Uu]hr ) )",
    )
    .expect("a valid regex")
});

/// "3 to 5 March 2026", "3.–5. März": the first day of a range whose month stands behind the last one.
static SHARED_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<day>\d{1,2}(?:st|nd|rd|th|er|\.|º)?) (?P<gap>[^\d\n:]{1,10})
          (?P<last>\d{1,2})(?:st|nd|rd|th|\.|º)? (?:\s(?:of\s|de\s)?|-) (?P<month>\p{L}{3,10})\.?
          (?: (?:,|\sde|\sdel|\sof)?\s (?P<year>\d{4}) )?",
    )
    .expect("a valid regex")
});

/// What parts the two days: "rd until the".
const GAP_BYTES_MAX: usize = 16;

/// "March 3–5, 2026", behind the first day: the last one of the same month.
static LAST_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<gap>[^\d\n:]{1,10}) (?P<rest> (?P<last>\d{1,2})(?:st|nd|rd|th)?
          (?: ,?\s (?P<year>\d{4}) )? ) (?P<next>.{0,12})",
    )
    .expect("a valid regex")
});

/// "11/25": shorter ones that stand alone count parts, or hours a week.
const ALONE_BYTES_MIN: usize = 5;

/// Brackets, colons and marks around a day that stands alone.
const BESIDE_DAY_BYTES_MAX: usize = 8;

impl Lexer<'_> {
    /// The first day of a range whose month stands behind the last one. Behind anything but a word that opens a range,
    /// a dash with spaces around it may part a number from a date: "Report 3 - 5 March".
    pub(super) fn shared_month(&mut self) -> Option<usize> {
        let rest = self.rest().as_bytes();
        let digits = rest.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        // Another number is near, and no clock or fraction between: nearly every number is told by that.
        let between = rest.get(digits..).unwrap_or_default().iter().take(GAP_BYTES_MAX);
        let parted = between.clone().take_while(|b| !b.is_ascii_digit()).count();
        if !matches!(digits, 1 | 2)
            || matches!(rest.get(digits), None | Some(b':' | b'/' | b'%' | b',' | b'\n'))
            || !between.skip(parted).any(u8::is_ascii_digit)
        {
            return None;
        }
        let found = SHARED_MONTH.captures(self.rest())?;
        let number =
            |name: &str| found.name(name)?.as_str().trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok();
        let first = found.name("day")?;
        let day: u32 = first.as_str().get(..digits)?.parse().ok()?;
        let last: u32 = number("last")?;
        let gap = found.name("gap")?.as_str();
        let spaced = gap.starts_with(' ') && gap.trim().chars().all(|c| !c.is_alphabetic());
        let before = super::tail(self.text.get(..self.at)?, 24);
        let opens = before.trim_end().is_empty()
            || before.trim_end().ends_with(['(', ':', '\n', '|', '*'])
            || before.ends_with('\n')
            || calendar::wants_point(before)
            || calendar::opens_hours(before);
        let joins = calendar::joins_range(gap, true) || gap.trim() == "&";
        if day >= last || !joins || spaced && !opens {
            return None;
        }
        let year = found.name("year").and_then(|y| y.as_str().parse::<i32>().ok());
        let month = found.name("month")?.as_str();
        day_month(last, month, year, true)?;
        let token = day_month(day, month, year, true)?;
        let length = first.end();
        self.push(token, length)
    }

    /// The last day of a range that begins with the date of so many bytes at this place, and how far it reaches.
    pub(super) fn last_day(&mut self, first: &WrittenDate, length: usize) -> Option<usize> {
        let rest = self.rest().get(length..)?;
        let found = LAST_DAY.captures(rest)?;
        let last: u32 = found.name("last")?.as_str().parse().ok()?;
        let gap = found.name("gap")?.as_str();
        let next = found.name("next")?.as_str();
        // "March 3 to 5 April", "March 3 - 5:30", "March 3 to 5 users": no day of that month.
        let word: String =
            next.trim_start().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        let counts = next.starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '%' | '/' | '-' | '–'))
            || next.starts_with('.') && next.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
            || matches!(word.as_str(), "am" | "pm" | "h" | "uhr")
            || calendar::month(&word).is_some();
        let joins = calendar::joins_range(gap, true) || gap.trim() == "&";
        if last <= first.day || !joins || counts {
            return None;
        }
        let year = found.name("year").and_then(|y| y.as_str().parse().ok()).filter(|y| super::YEARS.contains(y));
        let end = if year.is_some() || found.name("year").is_none() { found.name("rest")?.end() } else { return None };
        let token = Token::Date(date(year, first.month, last)?);
        let start = self.at + length + found.name("gap")?.end();
        self.found.push(super::Lexeme { token, span: start..self.at + length + end });
        Some(length + end)
    }

    /// "3/4" is a fraction far more often than a date; beside a clock it is one, and "11/25" where it stands alone.
    pub(super) fn slashed_date(&mut self, a: u32, b: u32, length: usize, next: Option<char>) -> Option<usize> {
        let tail = self.rest().get(length..)?;
        let beside = tail.strip_prefix([' ', ',']).map(str::trim_start).is_some_and(|t| {
            t.split_once(':').is_some_and(|(h, m)| {
                h.len() <= 2
                    && !h.is_empty()
                    && h.bytes().all(|b| b.is_ascii_digit())
                    && m.starts_with(|c: char| c.is_ascii_digit())
            })
        });
        let bare = |text: Option<&str>| {
            text.is_some_and(|t| t.len() <= BESIDE_DAY_BYTES_MAX && !t.contains(char::is_alphanumeric))
        };
        let alone = || length >= ALONE_BYTES_MIN && bare(self.text.get(..self.at)) && bare(Some(tail));
        if next == Some('/') || !beside && !alone() {
            return None;
        }
        let token = numeric(None, a, b)?;
        self.push(token, length)
    }

    pub(super) fn numeric_date(&mut self, a: u32, b: u32, year: u32, dotted: bool, length: usize) -> Option<usize> {
        let year = if year < 100 { 2000 + year as i32 } else { year as i32 };
        // "1.7.27" is a version where nothing fills up its numbers. A dotted date is day first.
        let written = self.rest().get(..length).unwrap_or("");
        if dotted && written.len() < "01.07.27".len() && !written.ends_with(&year.to_string()) {
            return None;
        }
        let token = if dotted { Token::Date(date(Some(year), b, a)?) } else { numeric(Some(year), a, b)? };
        self.push(token, length)
    }

    /// A date in one of the spellings of this file.
    pub(super) fn rare_date(&mut self) -> Option<usize> {
        self.eight_digits().or_else(|| self.named_date()).or_else(|| self.day_and_month())
    }

    fn day_and_month(&mut self) -> Option<usize> {
        let digits = self.rest().bytes().take(3).take_while(u8::is_ascii_digit).count();
        if !matches!(digits, 1 | 2) || self.rest().as_bytes().get(digits) != Some(&b'.') {
            return None;
        }
        let found = DAY_AND_MONTH.captures(self.rest())?;
        let number = |name: &str| found.name(name)?.as_str().parse::<u32>().ok();
        // "5.3. takes 23:10": only what wants a point of time may stand between.
        let is_open = found.name("word").is_none_or(|word| calendar::wants_point(&word.as_str().to_lowercase()));
        let token = Token::Date(date(None, number("month")?, number("day")?).filter(|_| is_open)?);
        let length = found.name("rest")?.start();
        self.push(token, length)
    }

    fn named_date(&mut self) -> Option<usize> {
        // A letter is near, or none of these is meant.
        let rest = self.rest().as_bytes();
        let digits = rest.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
        let parted = usize::from(matches!(rest.get(digits), Some(b'/' | b'.')));
        if !matches!(digits, 1 | 2 | 4)
            || !rest.get(digits + parted).is_some_and(|b| b.is_ascii_alphabetic() || *b > 127)
        {
            return None;
        }
        let found = NAMED.captures(self.rest())?;
        let length = found.get(0)?.end();
        let number = |names: &[&str]| names.iter().find_map(|name| found.name(name)?.as_str().parse::<u32>().ok());
        let word = ["slashed", "dotted", "stuck", "month"].iter().find_map(|name| found.name(name))?;
        let year = number(&["year", "dotted_year", "stuck_year", "first"])?;
        let year = if year < 100 { 2000 + year } else { year };
        let ends = !self.rest().get(length..)?.starts_with(char::is_alphanumeric);
        let day = day_month(number(&["day", "last"])?, word.as_str(), i32::try_from(year).ok(), true);
        self.push(day.filter(|_| ends)?, length)
    }

    /// `20240503 10:12`: eight digits alone may be anything.
    fn eight_digits(&mut self) -> Option<usize> {
        let rest = self.rest().as_bytes();
        let digits = rest.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
        let clock = rest.get(9..14)?;
        let is_clock = |clock: &[u8]| match clock {
            [a, b, b':', c, d] => [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()),
            _ => false,
        };
        if digits != 8 || !matches!(rest.get(8), Some(b' ' | b'_' | b'-')) || !is_clock(clock) {
            return None;
        }
        let number = |from: usize, to: usize| self.rest().get(from..to)?.parse::<u32>().ok();
        let year = number(0, 4).filter(|year| (1990..=2099).contains(year))?;
        let day = date(i32::try_from(year).ok(), number(4, 6)?, number(6, 8)?)?;
        self.push(Token::Date(day), 8)
    }
}

/// A numeric date with two numbers in unknown order: first read month/day.
fn numeric(year: Option<i32>, a: u32, b: u32) -> Option<Token> {
    match (date(year, a, b), date(year, b, a)) {
        (Some(date), Some(_)) => Some(Token::Date(WrittenDate { swappable: a != b, ..date })),
        (Some(date), None) | (None, Some(date)) => Some(Token::Date(date)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Token, lex};
    use crate::time::written::Habits;

    fn read(text: &str) -> String {
        let shown = |t: Token| match t {
            Token::Date(d) => format!("{}-{:02}-{:02}", d.year.unwrap_or(0), d.month, d.day),
            Token::Clock(c) => format!("{:02}:{:02}", c.hour, c.minute),
            other => format!("{other:?}"),
        };
        lex(text, Habits::default()).into_iter().map(|l| shown(l.token)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_that_share_a_month() {
        for (text, expected) in [
            ("from 3 to 5 March 2026", "2026-03-03 2026-03-05"),
            ("3–5 March 2026", "2026-03-03 2026-03-05"),
            ("between the 3rd and the 5th of March 2026", "2026-03-03 2026-03-05"),
            ("on 3 and 4 March", "0-03-03 0-03-04"),
            ("vom 3. bis 5. März 2026", "2026-03-03 2026-03-05"),
            ("du 3 au 5 mars 2026", "2026-03-03 2026-03-05"),
            ("del 3 al 5 de marzo de 2026", "2026-03-03 2026-03-05"),
            ("March 3–5, 2026", "0-03-03 2026-03-05"),
            ("March 3 and 4", "0-03-03 0-03-04"),
            ("Report 3 - 5 March 2026", "2026-03-05"),
            ("March 3 to 5 April", "0-03-03 0-04-05"),
            ("March 3 - 5:30", "0-03-03 05:30"),
            ("5 to 3 March", "0-03-03"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn days_and_months_with_full_stops() {
        for (text, expected) in [
            ("05.03. 23:10 Uhr: Ausfall", "0-03-05 23:10"),
            ("am 5.3. gegen 23:10", "0-03-05 23:10"),
            ("5. 3., 9 Uhr", "0-03-05 09:00"),
            ("31.12. – 23:10 weg", "0-12-31 23:10"),
            ("05.03.2024 23:10", "2024-03-05 23:10"),
            ("step 5.3. takes 23:10", "23:10"),
            ("40.3. 23:10", "23:10"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn rare_dates() {
        for text in [
            "03/May/24 10:12 AM",
            "03/May/2024 10:12",
            "2024/May/03 10:12",
            "03.May.2024 10:12",
            "03May2024 10:12",
            "20240503 10:12",
            "[03/May/2024:10:12:00",
            "2024-05-03:10:12",
        ] {
            assert_eq!(read(text), "2024-05-03 10:12", "{text}");
        }
        for text in ["20240503", "20249903 users", "3/day/24", "03/May/24th", "1.may.3", "5gb2024", "20240503 1012 ok"]
        {
            assert_eq!(read(text), "", "{text}");
        }
    }
}
