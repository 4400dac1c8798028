//! Clocks in the rarer spellings: compact (`20240312T0815Z`), bare behind a date (`2024-03-12 0815`), and
//! those of Chinese, Japanese and Korean reports (`午後5時05分`).

use super::{CountedDay, Lexer, NamedDay, Token, clock, date};
use crate::text::Regex;
use crate::time::{calendar, tail, zone};
use std::sync::LazyLock;

static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)[T_-](?P<hour>[0-2]\d)(?P<min>[0-5]\d)(?P<sec>[0-5]\d)?",
    )
    .expect("a valid regex")
});

static BARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?P<hour>[01]\d|2[0-3])(?P<min>[0-5]\d)").expect("a valid regex"));

/// "1538: the home page broke".
static BARE_ENTRY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[01]\d|2[0-3])[0-5]\d(?:hrs|h)?(?:\s?[:–—|]|\s-)\s").expect("a valid regex"));

static BARE_WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[01]\d|2[0-3])[0-5]\d(?:hrs|h)?\s+\W{0,3}\p{L}{2}").expect("a valid regex"));

static EASTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<hour>\d{1,2}) \s? (?: : (?P<colon>\d{2})
          | [時时點点시] \s? (?: (?P<min>\d{1,2}) \s? [分분] (?: \s? (?P<sec>\d{1,2}) \s? [秒초] )? | (?P<half>半) )? )",
    )
    .expect("a valid regex")
});

/// Dotted clocks that share the mark of the last: "between 0.45 and 9.00 AM".
static SHARES_MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s?(?:-|–|and|to|until|till|und|bis|et|à|y|a|e)\s?\d{1,2}\.\d{2}\s?(?:[AaPp]\.?[Mm]\b|[Uu]hr\b|h\b)")
        .expect("a valid regex")
});

/// The hour with which a range begins that ends in a clock: "from 9 to 11 am", "de 10h à 11h30", "von 10 bis 11:30
/// Uhr".
/// "2 à 3h" may be how long it took.
static OPENING_HOUR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?P<hour>\d{1,2}) (?: (?P<mark> \s?(?:[hH]|[Uu]hr) )? \s? (?P<join> -|–|—|\p{L}{1,5} ) \s?
            (?: \d{1,2}:\d{2} | \d{1,2}\s?[hH]\s?\d{2} | \d{1,2}(?:\.\d{2})?\s?(?:[AaPp]\.?[Mm]|[Uu]hr)
              | (?P<bare>\d{1,2}\s?[hH]) ) \b )",
    )
    .expect("a valid regex")
});

/// Four digits that share the mark or the zone of the next four: "from 1900 to 2100 UTC".
static SHARES_ZONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s?(?:-|–|and|to|until|till|und|bis|et|à|y|a|e)\s?(?:[01]\d|2[0-4])[0-5]\d(?:(?P<mark>\s?(?:Z|hrs|hours|[Uu]hr|h)\b)|\s?\(?(?P<zone>[A-Z]{2,5})\b)",
    )
    .expect("a valid regex")
});

/// Right behind a clock: "+1 day", "(-1d)", "(+1)".
static SIGNED_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s?(?:[+\-−]\s?1\s?(?:d|day|Tag|jour|día|dia)\b|\([+\-−]\s?1(?:\s?(?:d|day|Tag|jour|día|dia))?\))")
        .expect("a valid regex")
});

/// Length of the letters after the minutes of "10h13min"; 0 where there are none.
pub(super) fn minutes(after: &str) -> usize {
    let rest = after.strip_prefix("min").or_else(|| after.strip_prefix('m'));
    rest.filter(|rest| !rest.starts_with(char::is_alphabetic)).map_or(0, |rest| after.len() - rest.len())
}

/// "**_07:05 _** …": marks of an emphasis that the page did not close.
pub(super) fn follows_emphasis(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let marks = before.trim_end_matches(['_', '*']);
    before.ends_with('_') && !marks.ends_with(|c: char| !c.is_whitespace())
}

/// Ideographs and syllables stick to numbers without a space between.
pub(super) fn is_eastern(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

pub(super) fn shares_mark(after: &str) -> bool {
    SHARES_MARK.is_match(after)
}

pub(super) fn shares_zone(after: &str) -> bool {
    let found = SHARES_ZONE.captures(after);
    found.is_some_and(|f| f.name("mark").is_some() || f.name("zone").is_some_and(|z| zone::is_label(z.as_str(), false)))
}

impl Lexer<'_> {
    /// A number in one of the spellings of this file, or a date in one of those beside it.
    pub(super) fn rare(&mut self) -> Option<usize> {
        self.compact()
            .or_else(|| self.bare_behind_date())
            .or_else(|| self.eastern())
            .or_else(|| self.rare_date())
            .or_else(|| self.opening_hour())
    }

    /// Whether clocks with a letter lead the lines of the document, and one could here.
    pub(super) fn is_habit(&self) -> bool {
        self.habits.lettered && self.leads_line(self.at)
    }

    /// `20240312T081500`: as programs write it.
    fn compact(&mut self) -> Option<usize> {
        let found = self.digit_at(7).then(|| COMPACT.captures(self.rest()))??;
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let day = date(number("y").map(|y| y as i32), number("m")?, number("d")?)?;
        let time = clock(number("hour")?, number("min")?, number("sec"), None)?;
        let (whole, hour) = (found.get(0)?.end(), found.name("hour")?.start());
        if self.digit_at(whole) {
            return None;
        }
        self.push(Token::Date(day), hour - 1);
        let start = self.at;
        self.found.push(super::Lexeme { token: Token::Clock(time), span: start + hour..start + whole });
        Some(whole)
    }

    /// `2024-03-12 0815: …`, `2024-03-12/0815`: four digits right behind a full date, with a mark behind them; without
    /// one only where the date leads its line and no amount begins so, with a nought.
    fn bare_behind_date(&mut self) -> Option<usize> {
        let is_led = |habit: bool, entry: &Regex| habit && self.leads_line(self.at) && entry.is_match(self.rest());
        if is_led(self.habits.bare, &BARE_ENTRY) || is_led(self.habits.spaced, &BARE_WORDS) {
            let number = |from: usize| self.rest().get(from..from + 2)?.parse().ok();
            return self.push(Token::Clock(clock(number(0)?, number(2)?, None, None)?), 4);
        }
        let last = self.found.last()?;
        let Token::Date(day) = &last.token else { return None };
        let gap = self.text.get(last.span.end..self.at)?;
        let leads = self.leads_line(last.span.start);
        let found = BARE.captures(self.rest())?;
        let length = found.get(0)?.end();
        let tail = self.rest().get(length..)?;
        let ended = tail.is_empty()
            || tail.starts_with(['\n', ':', ',', ')', ']', '|', '*', '`'])
            || ["–", "-", "—", "|"].iter().any(|m| tail.trim_start().starts_with(m));
        if day.year.is_none()
            || !matches!(gap, " " | "  " | ", " | "/" | " @ " | " - " | " at ")
            || self.digit_at(length)
        {
            return None;
        }
        let led = leads && tail.starts_with(' ') && found.get(0)?.as_str().starts_with('0');
        if !(led || ended) || tail.starts_with('-') {
            return None;
        }
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let time = clock(number("hour")?, number("min")?, None, None)?;
        self.push(Token::Clock(time), length)
    }

    /// `8時15分`, `下午3:15`, `오후 3시 15분`; an hour without minutes only behind a word for its half of the day.
    fn eastern(&mut self) -> Option<usize> {
        // Behind the hour stands an ideograph or a syllable, or else a colon.
        let rest = self.rest().as_bytes();
        let hour = rest.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
        let space = usize::from(rest.get(hour).is_some_and(u8::is_ascii_whitespace));
        let mark = rest.get(hour + space).filter(|b| !b.is_ascii() || **b == b':')?;
        let before = tail(self.text.get(..self.at)?, 12).trim_end();
        let half_of_day = if before.is_ascii() { None } else { calendar::half_of_day(before) };
        // A plain 8:15 is read elsewhere.
        if *mark == b':' && half_of_day.is_none() {
            return None;
        }
        let found = EASTERN.captures(self.rest())?;
        let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
        let length = found.get(0)?.end();
        let minute = number("min").or_else(|| number("colon")).or_else(|| found.name("half").map(|_| 30));
        let bare = minute.is_none() && half_of_day.is_none();
        let next = self.rest().get(length..)?.chars().next();
        // Hours that last: 8時間, 3시간.
        let lasts = next.is_some_and(|c| matches!(c, '間' | '间' | '간')) || self.digit_at(length);
        if bare || lasts {
            return None;
        }
        let time = clock(number("hour")?, minute.unwrap_or(0), number("sec"), half_of_day)?;
        self.push(Token::Clock(time), length)
    }

    /// "02:10 (+1)": of the day after the one told before.
    pub(super) fn signed_day(&mut self) -> Option<usize> {
        let found = self.follows(|t| matches!(t, Token::Clock(_))).then(|| SIGNED_DAY.find(self.rest()))??;
        let day = if found.as_str().contains('+') { CountedDay::Next } else { CountedDay::Previous };
        self.push(Token::Day(NamedDay::Counted(day)), found.end())
    }

    fn opening_hour(&mut self) -> Option<usize> {
        // Behind most hours their minutes stand.
        let mark = self.rest().bytes().find(|b| !b.is_ascii_digit())?;
        if matches!(mark, b':' | b'.' | b'/') {
            return None;
        }
        let found = OPENING_HOUR.captures(self.rest())?;
        let (hour, join) = (found.name("hour")?, found.name("join")?);
        let before = tail(self.text.get(..self.at)?, 24);
        let opened = calendar::opens_range(before);
        if !opened && !calendar::opens_hours(before) {
            return None;
        }
        let is_length = found.name("bare").is_some() && found.name("mark").is_none();
        if is_length || !calendar::joins_range(join.as_str(), opened) {
            return None;
        }
        let end = found.name("mark").map_or(hour.end(), |mark| mark.end());
        let time = clock(hour.as_str().parse().ok()?, 0, None, None)?;
        self.push(Token::Clock(time), end)
    }

    /// "… et 11h" behind the hour at which a range began.
    pub(super) fn ends_range(&self) -> bool {
        let gap = |last: &super::Lexeme| self.text.get(last.span.end..self.at);
        let begun = self.found.last().filter(|last| matches!(last.token, Token::Clock(_)));
        begun.and_then(gap).is_some_and(|gap| gap.len() < 8 && calendar::joins_range(gap, true))
    }

    fn digit_at(&self, offset: usize) -> bool {
        self.rest().as_bytes().get(offset).is_some_and(u8::is_ascii_digit)
    }

    /// "0815Z": the letter right behind four digits.
    pub(super) fn is_zulu(&self, offset: usize) -> bool {
        let mut after = self.rest().get(offset..).unwrap_or("").chars();
        after.next() == Some('Z') && !after.next().is_some_and(char::is_alphanumeric)
    }

    /// "UTC08:15": the label of a zone without a space before its clock.
    pub(super) fn sticks_to_zone(&self) -> bool {
        let before = tail(self.text.get(..self.at).unwrap_or(""), 5);
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        word.len() >= 3 && zone::is_label(word, false) && self.rest().as_bytes().get(2) == Some(&b':')
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Token, lex};
    use crate::time::written::Habits;

    fn clocks(text: &str) -> Vec<String> {
        let shown = |t: Token| match t {
            Token::Clock(c) => Some(format!("{:02}:{:02}", c.hour, c.minute)),
            _ => None,
        };
        lex(text, Habits::default()).into_iter().filter_map(|l| shown(l.token)).collect()
    }

    #[test]
    fn rare_spellings() {
        for (text, expected) in [
            ("20240312T081500Z alert", "08:15"),
            ("20240312T0815Z", "08:15"),
            ("2024-03-12 0815: alert", "08:15"),
            ("- 2024-03-12 0815 alert", "08:15"),
            ("2024-03-12/08:15", "08:15"),
            ("0815Z: alert", "08:15"),
            ("8時15分に", "08:15"),
            ("午後5時05分", "17:05"),
            ("下午3:15", "15:15"),
            ("오후 3시 15분", "15:15"),
            ("2024年3月12日08時15分", "08:15"),
            ("午後5時", "17:00"),
        ] {
            assert_eq!(clocks(text), [expected], "{text}");
        }
        for (text, start, end) in [
            ("de 10h à 11h30", "10:00", "11:30"),
            ("De 9h à 11h", "09:00", "11:00"),
            ("from 9 to 11 am", "09:00", "11:00"),
            ("from 10 to 11:30 UTC", "10:00", "11:30"),
            ("between 2 and 3:30 pm", "02:00", "15:30"),
            ("von 10 bis 11:30 Uhr", "10:00", "11:30"),
            ("entre 10h et 11h30", "10:00", "11:30"),
            ("entre 10h et 11h", "10:00", "11:00"),
        ] {
            assert_eq!(clocks(text), [start, end], "{text}");
        }
        assert_eq!(clocks("between 0.45 and 9.00 AM"), ["00:45", "09:00"]);
        for text in ["from 1900 to 2100 UTC", "1900-2100 hrs", "between the hours of 1900 and 2100Z"] {
            assert_eq!(clocks(text), ["19:00", "21:00"], "{text}");
        }
    }

    #[test]
    fn no_clocks() {
        for text in [
            "8時間",
            "3시간",
            "8点",
            "2024-03-12 2000 users were hit",
            "build 20240312-0815123",
            "on 2024-03-12 1500 users were hit",
            "0815",
            "from 3 to 5 hosts",
            "between 2 and 3 percent",
            "the price is 0.45 and 9.00",
            "from 1900 to 2100 CPUs",
        ] {
            assert_eq!(clocks(text), [""; 0], "{text}");
        }
    }
}
