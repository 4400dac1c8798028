//! Dates in numbers whose order is open, and in the rarer spellings: as trackers and servers write them (`03/May/24`,
//! `2024/May/03`, `[03/May/2024:10:12:00`), with nothing between (`03May2024`), and eight digits before a clock
//! (`20240503 10:12`).

use super::{Lexer, Token, WrittenDate, date, day_month};
use crate::text::Regex;
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

impl Lexer<'_> {
    /// "3/4" is a fraction far more often than a date; beside a clock it is one.
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
        if !beside || next == Some('/') {
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
        self.eight_digits().or_else(|| self.named_date())
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
