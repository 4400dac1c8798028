//! Hours with a letter or a word behind them: whether "11 h" is a clock or a length, and what follows "10 Uhr".

use super::{Lexer, NamedDay, Token};
use crate::text::Regex;
use crate::time::calendar;
use std::sync::LazyLock;

/// "8h15 - ", "8h15 : " at the beginning of a line.
static LED_HOUR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d[hH]\d{2}\s?[-–—:]\s").expect("a valid regex"));

/// What parts a full hour from the words of its entry: "11 h : ", "**11h**", "11h | ".
static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[ \u00a0]?(?:[:|,*)\n]|[-–—]\s|$)").expect("a valid regex"));

/// Words of the entry itself, right behind it.
static WORDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s\p{L}{2}").expect("a valid regex"));

/// "10 Uhr 20": the minutes, before what ends them.
static MINUTES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[ \u00a0](?P<minutes>[0-5]\d)(?:\s?[:,;)|–—]|\s-|\.?\s*$|\.\s)").expect("a valid regex")
});

/// The minutes behind "10 Uhr", and where they end. "10 Uhr 20 Server" counts servers.
pub(super) fn minutes(text: &str, length: usize) -> Option<(u32, usize)> {
    let found = MINUTES.captures(text.get(length..)?)?;
    let minutes = found.name("minutes")?;
    Some((minutes.as_str().parse().ok()?, length + minutes.end()))
}

impl Lexer<'_> {
    /// "11 h : incident clos": a full hour that leads a line as a clock, or stands right behind a date. How long
    /// something took is told so too, so one of a single digit counts only where clocks lead the lines.
    pub(super) fn is_led_hour(&self, length: usize) -> bool {
        let after = self.rest().get(length..).unwrap_or("");
        let is_habit = self.is_habit();
        let is_long = self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let behind_date = || {
            let last = self.found.last().filter(|last| matches!(last.token, Token::Date(_) | Token::Day(_)));
            let gap = last.and_then(|last| self.text.get(last.span.end..self.at));
            gap.is_some_and(|gap| matches!(gap, " " | ", " | " - " | " – " | " | "))
        };
        let is_marked = MARK.is_match(after);
        // "A 11h, fin de la panne", without the accent.
        let before = self.text.get(..self.at).unwrap_or("");
        let is_point = before.ends_with("A ") && self.leads_line(self.at - 2);
        is_marked && (is_habit || is_long && self.leads_line(self.at) || is_point || behind_date())
            || is_habit && WORDS.is_match(after) && !calendar::opens_length(after)
    }

    /// "2h30", "for 14h05": a length of time. A clock written with `h` has two digits or a word before it that wants
    /// a point of time.
    pub(super) fn is_length_of_time(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("").trim_end();
        let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("").to_lowercase();
        let two_digits = self.rest().as_bytes().get(1).copied().is_some_and(|b| b.is_ascii_digit());
        let leads = before.is_empty() || before.ends_with(['\n', '*']) || matches!(before, "-" | "•");
        calendar::wants_length(&last)
            || before.ends_with('~')
            || !two_digits
                && !self.is_habit()
                && !calendar::wants_lettered(&last)
                && !(leads && LED_HOUR.is_match(self.rest()))
    }

    /// "mercredi 5 mars", "le 5 mars": before the number of a day, so that a word like "mars" is a month.
    pub(super) fn is_named_day(&self) -> bool {
        let gap = |last: &super::Lexeme| self.text.get(last.span.end..self.at);
        let named = self.found.last().filter(|last| matches!(last.token, Token::Day(NamedDay::Week(_))));
        named.and_then(gap).is_some_and(|gap| matches!(gap, " " | ", "))
            || calendar::wants_day(super::tail(self.text.get(..self.at).unwrap_or(""), 8))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Token, lex};
    use crate::time::written::Habits;

    fn clocks(text: &str, lettered: bool) -> Vec<String> {
        let shown = |token| match token {
            Token::Clock(c) => Some(format!("{:02}:{:02}", c.hour, c.minute)),
            _ => None,
        };
        lex(text, Habits { lettered, ..Habits::default() }).into_iter().filter_map(|l| shown(l.token)).collect()
    }

    #[test]
    fn full_hours_lead_lines() {
        for text in [
            "11 h : fin",
            "- 11h - fin",
            "**11 h**",
            "le 4 avril 2025, 11 h : fin",
            "mardi, 11h : fin",
            "11h | fin",
            "A 11h, fin",
        ] {
            assert_eq!(clocks(text, false), ["11:00"], "{text}");
        }
        for text in ["9 h : fin", "- 11h fin de la panne", "9h"] {
            assert_eq!((clocks(text, true).len(), clocks(text, false).len()), (1, 0), "{text}");
        }
        for text in
            ["11 h de panne", "panne : 11 h", "- 11h plus tard", "11 hôtes", "il y a 2h", "Durée 11h, puis rien"]
        {
            assert_eq!(clocks(text, true), [""; 0], "{text}");
        }
    }

    #[test]
    fn minutes_stand_behind_the_word() {
        assert_eq!(clocks("10 Uhr 20: Neustart", false), ["10:20"]);
        assert_eq!(clocks("um 10 Uhr 05.", false), ["10:05"]);
        assert_eq!(clocks("um 10 Uhr 20 Server neu gestartet", false), ["10:00"]);
        assert_eq!(clocks("10 Uhr 75: Neustart", false), ["10:00"]);
    }

    #[test]
    fn months_that_are_words_have_a_day_before_them() {
        let dates =
            |text: &str| lex(text, Habits::default()).into_iter().filter(|l| matches!(l.token, Token::Date(_))).count();
        assert_eq!(["mercredi 5 mars", "le 5 mars", "au 5 mars"].map(dates), [1; 3]);
        assert_eq!(["5 may fail", "all 5 set up", "the 5 out of 6"].map(dates), [0; 3]);
    }
}
