//! Time tokens → written times: what belongs together, ranges, and one moment told in two zones.
//!
//! A written time is what the page says, untouched by context; [`super::resolve`] completes it.

pub use super::lex::NamedDay;
use super::lex::{Lexeme, Token, WrittenClock, WrittenDate, lex};
use super::{calendar, tail};
use crate::text::{Marks, Memory, Regex};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

/// One point of time, or a range of two, as the page says it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// All its words, the end of a range included.
    pub span: Range<usize>,
    pub date: Option<WrittenDate>,
    /// Its name alone, or beside the date.
    pub day: Option<NamedDay>,
    pub clock: Option<WrittenClock>,
    /// The author left the minutes open (`22:XX`): known to the date only.
    pub open_clock: bool,
    pub zone: Option<String>,
    pub approximate: bool,
    /// Minutes since the start (`T+15m`).
    pub elapsed: Option<i64>,
    /// The end of a range.
    pub end: Option<Box<Written>>,
    /// The same moment in another zone (`15:00 CET / 14:00 UTC`).
    pub also: Option<Box<Written>>,
}

/// A zone that belongs to no clock: perhaps a declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct LoneZone {
    pub label: String,
    pub span: Range<usize>,
}

/// Everything about time in one text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times {
    pub written: Vec<Written>,
    pub zones: Vec<LoneZone>,
}

/// Reads the written times of a text. Linear in the text.
pub fn read(text: &str) -> Times {
    read_lines(text, Habits::default())
}

/// As [`read`], for who does not ask about zones.
pub fn times(text: &str) -> Vec<Written> {
    if may_hold_one(text) { read(text).written } else { Vec::new() }
}

/// Every written time has a digit, but for a few words that stand beside one anyway.
fn may_hold_one(text: &str) -> bool {
    DIGITS.any(text) || calendar::has_hour_word(text)
}

/// How a document writes the clocks that lead its lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habits {
    /// With a full stop: "15.38 the home page broke".
    pub dotted: bool,
    /// As four digits with a mark behind them: "1538: the home page broke".
    pub bare: bool,
    /// And without one: "1538 the home page broke".
    pub spaced: bool,
    /// With a letter: "15 h 38 the home page broke".
    pub lettered: bool,
}

/// How many lines of a text begin with a clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedLines {
    /// Written with a full stop.
    pub dotted: usize,
    /// Of four bare digits.
    pub bare: usize,
    /// Likewise, with no mark behind them.
    pub spaced: usize,
    /// Those of both that can't be years: "2031: …" may be either.
    pub timeless: usize,
    /// With a letter.
    pub lettered: usize,
    /// Those of them that are late and exact enough to be no length: "2 h 30" may be either, and so may "12 h".
    pub late: usize,
}

/// Counts the lines of a text that begin with a clock.
pub fn led_lines(text: &str) -> LedLines {
    let mut led = LedLines::default();
    // Most begin with a letter.
    let is_first = |b: &u8| b.is_ascii_alphanumeric() || !b.is_ascii();
    let may_lead = |line: &&str| line.bytes().find(is_first).is_some_and(|b| !b.is_ascii_alphabetic());
    for line in text.lines().filter(may_lead) {
        led.dotted += usize::from(DOTTED_LINE.is_match(line));
        if let Some(found) = LETTERED_LINE.captures(line)
            && let Some(hour) = found.name("hour")
        {
            led.lettered += 1;
            led.late += usize::from(hour.as_str().len() > 1 && found.name("full").is_none());
        }
        if let Some(hour) = BARE_LINE.captures(line).and_then(|found| found.name("hour")) {
            let is_marked = BARE_MARK.is_match(line);
            led.bare += usize::from(is_marked);
            led.spaced += usize::from(!is_marked);
            led.timeless += usize::from(!matches!(hour.as_str(), "19" | "20"));
        }
    }
    led
}

static DOTTED_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W{0,4}(?:[01]?\d|2[0-3])\.[0-5]\d:?(?:\s[-–—])?\s+\p{L}{2}").expect("a valid regex")
});
static LETTERED_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\W{0,4}(?P<hour>1\d|2[0-3]|\d)\s?[hH](?:\s?[0-5]\d(?:min|m)?\W{0,4}\s|(?P<full>\W{0,4}[-–—:|*]\W{0,3}\s))\W{0,3}\p{L}",
    )
        .expect("a valid regex")
});
static BARE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^\w$€£#]{0,4}(?P<hour>[01]\d|2[0-3])[0-5]\d(?:hrs|h)?(?:\s?[:–—|]|\s-)?\s+\W{0,3}\p{L}{2}")
        .expect("a valid regex")
});
/// Behind the four digits of such a line.
static BARE_MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W{0,4}\d{4}(?:hrs|h)?(?:\s?[:–—|]|\s-)\s").expect("a valid regex"));

const DIGITS: Marks<1> = Marks { near: [(b'0', b'9')], far: false };

thread_local! {
    /// What was read, with which habits: once to cut a document, and once more to understand it.
    static READ: RefCell<Memory<Option<(Habits, Times)>>> = RefCell::default();
}

/// As [`read`], in a document with habits.
pub fn read_lines(text: &str, habits: Habits) -> Times {
    READ.with_borrow_mut(|known| match known.of(text, |_, read| *read = None) {
        Some((own, times)) if *own == habits => times.clone(),
        read => read.insert((habits, read_anew(text, habits))).1.clone(),
    })
}

fn read_anew(text: &str, habits: Habits) -> Times {
    if !may_hold_one(text) {
        let zones: Vec<LoneZone> = lex(text, habits).into_iter().filter_map(lone).collect();
        return Times { written: Vec::new(), zones: explained(text, zones) };
    }
    let tokens = lex(text, habits);
    let mut times = Times::default();
    let mut at = 0;
    while at < tokens.len() {
        let mut group = Group { text, tokens: &tokens, at };
        match group.written() {
            Some(written) => {
                times.written.push(written);
                at = group.at;
            }
            None => {
                times.zones.extend(tokens.get(at).cloned().and_then(lone));
                at += 1;
            }
        }
    }
    join_ranges(text, &mut times.written);
    times.zones = explained(text, times.zones);
    times
}

/// "PST (UTC-7)": the offset explains what the name before it means here.
fn explained(text: &str, zones: Vec<LoneZone>) -> Vec<LoneZone> {
    let mut kept: Vec<LoneZone> = Vec::with_capacity(zones.len());
    for zone in zones {
        let offset = zone.label.chars().any(|c| c.is_ascii_digit());
        match kept.last_mut() {
            Some(last)
                if offset
                    && text
                        .get(last.span.end..zone.span.start)
                        .is_some_and(|g| matches!(g.trim(), "(" | "=" | "," | "/" | "")) =>
            {
                last.label = zone.label;
                last.span.end = zone.span.end;
            }
            _ => kept.push(zone),
        }
    }
    kept
}

fn lone(lexeme: Lexeme) -> Option<LoneZone> {
    match lexeme.token {
        Token::Zone(label) => Some(LoneZone { label, span: lexeme.span }),
        _ => None,
    }
}

struct Group<'a> {
    text: &'a str,
    tokens: &'a [Lexeme],
    at: usize,
}

impl Group<'_> {
    /// The written time that begins at the current token; leaves `at` behind its last token.
    fn written(&mut self) -> Option<Written> {
        let first = self.tokens.get(self.at)?;
        let mut written = Written { span: first.span.clone(), ..Written::default() };
        let leading = self.leading_zone();
        if leading.is_none() && !Self::take(&mut written, first) {
            return None;
        }
        self.at += 1;
        if let (Some(label), Some(next)) = (leading, self.tokens.get(self.at)) {
            Self::take(&mut written, next);
            written.zone = Some(label);
            written.span.end = next.span.end;
            self.at += 1;
        }
        while let Some(next) = self.tokens.get(self.at) {
            let gap = self.text.get(written.span.end..next.span.start).unwrap_or("");
            if !self.joins(&written, gap, next) || !Self::take(&mut written, next) {
                break;
            }
            // "2024-03-12 (Tue)": the bracket closes with its day.
            let closed = gap.ends_with('(') && self.text.get(next.span.end..).is_some_and(|t| t.starts_with(')'));
            let bracket = closed && matches!(next.token, Token::Day(_));
            written.span.end = next.span.end + usize::from(bracket);
            self.at += 1;
        }
        if written.clock.is_some() && written.zone.is_none() {
            written.span.end += hour_word(self.text.get(written.span.end..).unwrap_or(""));
        }
        let before = self.text.get(..written.span.start).unwrap_or("");
        let before = tail(before, 25);
        let approximate = calendar::ends_approximate(before) || self.clock_is_approximate(&written);
        written.approximate |= approximate;
        // "It began on the 3rd": of weekdays and counted days too many are told in passing.
        let of_month = matches!(written.day, Some(NamedDay::Month(_)));
        let meaningful = of_month
            || written.date.is_some()
            || written.clock.is_some()
            || written.elapsed.is_some()
            || written.open_clock;
        meaningful.then_some(written)
    }

    /// "UTC 05:13", "UTC: 05:13": a label right before a clock that has none of its own.
    fn leading_zone(&self) -> Option<String> {
        let [zone, clock, rest @ ..] = self.tokens.get(self.at..)? else { return None };
        let Token::Zone(label) = &zone.token else { return None };
        let between = |from: &Lexeme, to: &Lexeme| self.text.get(from.span.end..to.span.start).unwrap_or("");
        let owned = rest.first().is_some_and(|n| matches!(n.token, Token::Zone(_)) && between(clock, n).len() <= 2);
        let joined = matches!(clock.token, Token::Clock(_)) && matches!(between(zone, clock), "" | " " | ": " | ":");
        (joined && !owned).then(|| label.clone())
    }

    /// Nothing but marks stands before it on its line.
    fn leads_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        let line = before.get(before.rfind('\n').map_or(0, |i| i + 1)..).unwrap_or("");
        !line.contains(char::is_alphanumeric)
    }

    /// "Oct 3 ~14:30": the mark stands inside.
    fn clock_is_approximate(&self, written: &Written) -> bool {
        let words = self.text.get(written.span.clone()).unwrap_or("");
        words.contains('~') || words.contains("ca.")
    }

    fn take(written: &mut Written, lexeme: &Lexeme) -> bool {
        match &lexeme.token {
            Token::Date(date) if written.date.is_none() => written.date = Some(*date),
            Token::Clock(clock) if written.clock.is_none() && !written.open_clock => written.clock = Some(*clock),
            Token::OpenClock if written.clock.is_none() => written.open_clock = true,
            // "PST (UTC-7)": the explicit offset is what the author means by the name.
            Token::Zone(label) if written.clock.is_some() || written.open_clock => match &written.zone {
                None => written.zone = Some(label.clone()),
                // "CST (UTC+8)": the author's label, and what is meant by it.
                Some(known) if label.chars().any(|c| c.is_ascii_digit()) => {
                    written.zone = Some(format!("{known} ({label})"));
                }
                Some(_) => return false,
            },
            Token::Day(day) if written.day.is_none() => written.day = Some(*day),
            Token::Elapsed(minutes) if written.elapsed.is_none() && written.clock.is_none() => {
                written.elapsed = Some(*minutes);
            }
            _ => return false,
        }
        true
    }

    fn joins(&self, written: &Written, gap: &str, next: &Lexeme) -> bool {
        let glue = calendar::is_glue(gap);
        match &next.token {
            Token::Clock(_) | Token::OpenClock => {
                // "Jan 18 - 11:40", "2024-01-18T11:40", "Jan 18 ~11:40"; never across a line, but across a cell.
                let dated = written.date.is_some() || written.day.is_some();
                let gap = if written.day.is_some() { gap.trim_start_matches([')', ',']) } else { gap };
                let glue = calendar::is_glue(gap);
                let bridge = matches!(
                    gap.trim(),
                    "T" | "t" | "-" | "–" | "—" | ":" | "~" | "_" | "/" | "@" | ";" | "," | ", ~" | "- ~"
                ) || calendar::is_eastern_weekday(gap.trim())
                    || gap.trim_end_matches(['~', ' ']).is_empty()
                    || is_approximate_glue(gap)
                    // "Mar 5. 04:54 – logins fail": an entry's date closed by a full stop.
                    || gap == ". " && self.leads_line(written.span.start);
                dated && written.clock.is_none() && (glue || bridge) && !gap.contains('\n')
            }
            Token::Date(_) if written.clock.is_some() || written.open_clock => {
                // "14:05 UTC on January 18": unless the date opens a time of its own ("14:05, January 19 10:30").
                let opens = self.tokens.get(self.at + 1).is_some_and(|after| {
                    let gap = self.text.get(next.span.end..after.span.start).unwrap_or("");
                    matches!(after.token, Token::Clock(_))
                        && (calendar::is_glue(gap) || gap == "T" || gap.trim() == "-")
                });
                glue && !opens && !gap.contains('\n') && !gap.contains('|')
            }
            Token::Date(_) => glue && !gap.contains('\n'),
            Token::Zone(_) => {
                let gap = calendar::after_about(gap);
                gap.trim_matches([' ', '(', ')', '（', '[', '*', '`', '_', ',', '/']).is_empty()
                    && gap.chars().count() <= 4
                    && !gap.contains('\n')
                    || zone_glue(gap)
            }
            // "2024-03-12 (Tue) 08:15", "2024-03-12, Tuesday, 08:15".
            Token::Day(_) if written.date.is_some() && written.clock.is_none() => {
                matches!(gap.trim(), "" | "," | "(") && !gap.contains('\n') && gap.len() <= 2
            }
            Token::Day(_) => {
                glue && written.date.is_none() && written.clock.is_none()
                    // "… at 2:40 p.m. On Tuesday we …": a capital begins a sentence.
                    || glue && written.clock.is_some() && written.date.is_none() && !gap.contains(char::is_uppercase)
            }
            Token::Elapsed(_) => false,
        }
    }
}

/// "at around", "at about", "at approximately" between a date and its clock.
fn is_approximate_glue(gap: &str) -> bool {
    gap.len() <= 32 && calendar::ends_approximate(gap) && {
        let lower = gap.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
        words.len() <= 3 && words.iter().all(|w| calendar::is_glue(w) || calendar::ends_approximate(w))
    }
}

/// The length of a word for the hour that belongs to the clock before it: "14:05 Uhr", "14:05 hrs".
fn hour_word(rest: &str) -> usize {
    [" Uhr", " hrs", " o'clock"]
        .iter()
        .find(|w| {
            let after = rest.strip_prefix(**w).map(|r| r.chars().next());
            after.is_some_and(|c| !c.is_some_and(char::is_alphanumeric))
        })
        .map_or(0, |w| w.len())
}

/// Words that may stand between a clock and its zone: "14:05 h (UTC)", "14:05 Uhr MEZ", "14:05 hrs".
fn zone_glue(gap: &str) -> bool {
    let word = gap.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | '*'));
    matches!(word.to_lowercase().as_str(), "uhr" | "h" | "hs" | "hrs" | "hours" | "o'clock" | "in" | "(in" | "по")
        && !gap.contains('\n')
}

/// Joins neighbours into ranges, and a moment told twice into one.
fn join_ranges(text: &str, written: &mut Vec<Written>) {
    let mut joined: Vec<Written> = Vec::with_capacity(written.len());
    for next in written.drain(..) {
        let Some(previous) = joined.last_mut() else {
            joined.push(next);
            continue;
        };
        let gap = text.get(previous.span.end..next.span.start).unwrap_or("");
        let before = text.get(..previous.span.start).unwrap_or("");
        let before = tail(before, 33);
        if previous.end.is_none() && is_range(previous, gap, before, &next) {
            let mut end = next;
            share(previous, &mut end);
            previous.span.end = end.span.end;
            previous.end = Some(Box::new(end));
        } else if is_same_moment(previous, gap, &next) {
            let other = next;
            previous.span.end = other.span.end;
            previous.also.get_or_insert_with(|| Box::new(other));
        } else {
            joined.push(next);
        }
    }
    *written = joined;
}

/// A range keeps to one line, and its two ends are of one kind.
fn is_range(first: &Written, gap: &str, before: &str, second: &Written) -> bool {
    let clocks = first.clock.is_some() && second.clock.is_some();
    let dates = first.clock.is_none() && second.clock.is_none() && first.date.is_some() && second.date.is_some();
    let open = first.open_clock || second.open_clock || first.elapsed.is_some() || second.elapsed.is_some();
    // "from 4:58 to ~8:51", but "4:58~8:51".
    let exact = gap.trim_end_matches('~');
    let gap = if exact.trim().is_empty() { gap } else { exact };
    let gap = without_aside(gap.trim_start_matches([')', ']']));
    // "On 3 and 4 March": days that follow each other.
    let next_day = |a: &WrittenDate, b: &WrittenDate| a.month == b.month && a.day + 1 == b.day;
    let follows = dates && first.date.as_ref().zip(second.date.as_ref()).is_some_and(|(a, b)| next_day(a, b));
    let joined = calendar::joins_range(&gap, follows || calendar::opens_range(before));
    (clocks || dates) && !open && joined && !gap.contains('\n') && gap.len() < 24
}

/// "from 12:00 (maybe before) to 17:55": what stands in brackets joins nothing and parts nothing.
fn without_aside(gap: &str) -> Cow<'_, str> {
    let aside = gap.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    match aside {
        Some((before, (words, after))) if words.len() <= ASIDE_BYTES_MAX => Cow::Owned(format!("{before}{after}")),
        _ => Cow::Borrowed(gap),
    }
}

const ASIDE_BYTES_MAX: usize = 32;

/// `10:15 EST / 15:15 UTC`, `10:15 EST (15:15 UTC)`, `16:00 PDT, 23:00 UTC`: two zones, nothing but punctuation
/// between.
fn is_same_moment(first: &Written, gap: &str, second: &Written) -> bool {
    let zoned = first.zone.is_some() && second.zone.is_some() && first.zone != second.zone;
    let clocks = first.clock.is_some() && second.clock.is_some() && first.end.is_none() && second.end.is_none();
    let punctuation = gap
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, '/' | '(' | ')' | ',' | '|' | '=' | '[' | ';' | '*' | '·' | '&'));
    let close = gap.len() <= 6 && !gap.contains('\n') && !gap.is_empty();
    zoned && clocks && close && punctuation && minutes_agree(first, second)
}

/// Two clocks of one moment differ by whole quarters of an hour.
fn minutes_agree(first: &Written, second: &Written) -> bool {
    match (first.clock, second.clock) {
        (Some(a), Some(b)) => (a.minute + 60 - b.minute).is_multiple_of(15),
        _ => false,
    }
}

/// What one end of a range says counts for the other: the zone, the date of the start, the meridiem of the end.
fn share(start: &mut Written, end: &mut Written) {
    if start.zone.is_none() {
        start.zone.clone_from(&end.zone);
    } else if end.zone.is_none() {
        end.zone.clone_from(&start.zone);
    }
    // "from 14:05 to 19:50 on April 7": the date stands once, at the end.
    if start.date.is_none() && start.clock.is_some() && end.date.is_some() && start.day.is_none() {
        start.date = end.date;
    }
    if let (Some(a), Some(b)) = (start.clock.as_mut(), end.clock)
        && a.meridiem.is_none()
        && b.meridiem == Some(true)
        && a.hour < 12
        && a.hour + 12 <= b.hour
    {
        a.hour += 12;
        a.meridiem = Some(true);
    }
    // "October 29-30": handled as dates; the month and year of the start count for the end.
    if let (Some(a), Some(b)) = (start.date, end.date.as_mut()) {
        b.year = b.year.or(a.year);
    }
    if let (Some(a), Some(b)) = (start.date.as_mut(), end.date)
        && a.year.is_none()
    {
        a.year = b.year;
    }
    if start.approximate {
        end.approximate = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_again_with_other_habits() {
        let (text, dotted) = ("15.38 the home page broke", Habits { dotted: true, ..Habits::default() });
        for _ in 0..2 {
            assert_eq!(read(text).written, []);
            assert_eq!(read_lines(text, dotted).written.len(), 1);
        }
    }

    /// One line a written time: `date clock zone ~ > end & also`.
    fn show(written: &Written) -> String {
        let mut parts = Vec::new();
        if let Some(d) = written.date {
            let year = d.year.map_or("????".to_owned(), |y| y.to_string());
            parts.push(format!("{year}-{:02}-{:02}{}", d.month, d.day, if d.swappable { "?" } else { "" }));
        }
        if let Some(c) = written.clock {
            let seconds = c.second.map_or(String::new(), |s| format!(":{s:02}"));
            parts.push(format!("{:02}:{:02}{seconds}{}", c.hour, c.minute, if c.next_day { "+1" } else { "" }));
        }
        if written.open_clock {
            parts.push("open".to_owned());
        }
        if let Some(e) = written.elapsed {
            parts.push(format!("T+{e}"));
        }
        parts.extend(written.zone.clone());
        if written.approximate {
            parts.push("~".to_owned());
        }
        if let Some(end) = &written.end {
            parts.push(format!("> {}", show(end)));
        }
        if let Some(also) = &written.also {
            parts.push(format!("& {}", show(also)));
        }
        parts.join(" ")
    }

    #[test]
    fn written_forms() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("2024-01-18T11:40:30Z", vec!["2024-01-18 11:40:30 Z"]),
            ("2024-01-18 11:40 +0100 it broke", vec!["2024-01-18 11:40 +0100"]),
            ("2025-04-01T14:05:00+02:00 alert", vec!["2025-04-01 14:05:00 +02:00"]),
            ("On April 7th, 2025, down from 14:05 to 19:50 UTC", vec!["2025-04-07", "14:05 UTC > 19:50 UTC"]),
            ("Jan 18 14:40 - 14:55", vec!["????-01-18 14:40 > 14:55"]),
            ("14:40-14:55", vec!["14:40 > 14:55"]),
            ("between 9:16 PM and 11:16 PM PDT", vec!["21:16 PDT > 23:16 PDT"]),
            ("between 9:16 and 11:16 PM", vec!["21:16 > 23:16"]),
            ("12:17A - 12:35A", vec!["00:17 > 00:35"]),
            ("starting 7:21am CST and ending 12:11pm CST", vec!["07:21 CST > 12:11 CST"]),
            ("**_07:05 _** a network outage", vec!["07:05"]),
            ("node_07:05 and row_12", vec![]),
            ("2025-09-04 22:26 ~ 22:53 (GMT+9)", vec!["2025-09-04 22:26 GMT+9 > 22:53 GMT+9 ~"]),
            ("18:20頃 〜 19:24頃（UTC+9）", vec!["18:20 UTC+9 > 19:24 UTC+9"]),
            ("at 14:40 and 14:55", vec!["14:40", "14:55"]),
            ("**08:15**: on call", vec!["08:15"]),
            ("15:00 CET / 14:00 UTC", vec!["15:00 CET & 14:00 UTC"]),
            ("10:15 EST (15:15 UTC)", vec!["10:15 EST & 15:15 UTC"]),
            ("~14:30 PST", vec!["14:30 PST ~"]),
            ("down 4:58~8:51 UTC", vec!["04:58 UTC > 08:51 UTC ~"]),
            ("alarms at 11h", vec!["11:00"]),
            ("around 6pm", vec!["18:00 ~"]),
            ("bis 22 Uhr, gegen Mitternacht", vec!["22:00", "00:00 ~"]),
            ("vers minuit", vec!["00:00 ~"]),
            ("from ~12:00 (maybe before) to 17:55 CEST", vec!["12:00 CEST ~ > 17:55 CEST ~"]),
            ("declared 2024-04-15 14.43", vec!["2024-04-15 14:43"]),
            ("16:47 - errors rise16:54 - lag climbs", vec!["16:47", "16:54"]),
            ("ca. 11:20", vec!["11:20 ~"]),
            ("0810 AEST", vec!["08:10 AEST"]),
            ("12.39UTC", vec!["12:39 UTC"]),
            ("14.05 Uhr", vec!["14:05"]),
            ("um 14:05 Uhr MEZ", vec!["14:05 MEZ"]),
            ("Am 3. Juni 2025 um 14:05 Uhr", vec!["2025-06-03 14:05"]),
            ("le 12 mars 2026 à 14h05", vec!["2026-03-12 14:05"]),
            ("el 12 de marzo de 2026 a las 14:05", vec!["2026-03-12 14:05"]),
            ("2025年7月3日 14:05 JST", vec!["2025-07-03 14:05 JST"]),
            ("03.06.2025, 14:05", vec!["2025-06-03 14:05"]),
            ("06/07/2025 14:05", vec!["2025-06-07? 14:05"]),
            ("18/01/2024", vec!["2024-01-18"]),
            ("T+15m the pager rang", vec!["T+15"]),
            ("T+1h10m", vec!["T+70"]),
            ("T-20m: as announced", vec!["T+-20"]),
            ("22:XX Dec 17th", vec!["????-12-17 open"]),
            ("24:00", vec!["00:00+1"]),
            ("Thu Jan 18 11:40:30 UTC 2024", vec!["????-01-18 11:40:30 UTC"]),
            ("14:05 UTC on January 18, 2024", vec!["2024-01-18 14:05 UTC"]),
            ("14:05, January 19 10:30", vec!["14:05", "????-01-19 10:30"]),
            (
                "6th November, 2022 between 12.39UTC (Block #8647535) and 17.17UTC",
                vec!["2022-11-06", "12:39 UTC > 17:17 UTC"],
            ),
            ("2021-09-01 11:34 | Malformed", vec!["2021-09-01 11:34"]),
            ("4:38 a.m. PDT", vec!["04:38 PDT"]),
            ("13:20 PM", vec!["13:20"]),
            ("06:20 US/Pacific", vec!["06:20 US/Pacific"]),
            ("14:05 Sydney time", vec!["14:05 Sydney time"]),
            ("from July 1 to July 8, 2023", vec!["2023-07-01 > 2023-07-08"]),
            ("from 3 to 5 March 2026", vec!["2026-03-03 > 2026-03-05"]),
            ("March 3–5, 2026", vec!["2026-03-03 > 2026-03-05"]),
            ("on 3 and 4 March", vec!["????-03-03 > ????-03-04"]),
            ("on 3 March and 9 March", vec!["????-03-03", "????-03-09"]),
            ("06-nov-2022", vec!["2022-11-06"]),
            ("4:05 PM CET (UTC+1)", vec!["16:05 CET (UTC+1)"]),
            ("11:20 PST (UTC-7)", vec!["11:20 PST (UTC-7)"]),
            ("2024-03-12, Tuesday, 08:15 it broke", vec!["2024-03-12 08:15"]),
            ("2024-03-12 (Tue) 08:15", vec!["2024-03-12 08:15"]),
            ("12-Mar-24 08:15", vec!["2024-03-12 08:15"]),
            ("beginning from UTC 05:13.", vec!["05:13 UTC"]),
            ("UTC08:15: pages fail", vec!["08:15 UTC"]),
            ("at 14:05 UTC 15:05 CET", vec!["14:05 UTC & 15:05 CET"]),
            ("- 8h15 - pages fail", vec!["08:15"]),
            ("between 0.45 and 9.00 AM (CET)", vec!["00:45 CET > 09:00 CET"]),
            ("Mar 4, 12:13 AM PST", vec!["????-03-04 00:13 PST"]),
        ] {
            let got: Vec<String> = read(text).written.iter().map(show).collect();
            if got != expected {
                wrong.push(format!("{text}: expected {expected:?}, got {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn letters_make_clocks_where_lines_begin_with_them() {
        let text = "9 h 21 livraison\n10 h 13 alerte\n11h05 retour";
        assert_eq!((led_lines(text).lettered, led_lines(text).late), (3, 2));
        let lengths = led_lines("- 2 h : relais\n- 12 h : pompe\n- 14 h - vanne");
        assert_eq!((lengths.lettered, lengths.late), (3, 0));
        let read = |lettered| read_lines(text, Habits { lettered, ..Habits::default() }).written.len();
        assert_eq!((read(true), read(false)), (3, 2));
    }

    #[test]
    fn full_stops_make_clocks_where_lines_begin_with_them() {
        let text = "15.38 Home page broken\n15.40 Load is 2.50\n- 15.41: rolling back";
        assert_eq!(led_lines(text), LedLines { dotted: 3, ..LedLines::default() });
        let dotted = Habits { dotted: true, ..Habits::default() };
        assert_eq!(read_lines(text, dotted).written.iter().map(show).collect::<Vec<_>>(), ["15:38", "15:40", "15:41"]);
        assert!(read(text).written.is_empty());
    }

    #[test]
    fn four_digits_make_clocks_where_lines_begin_with_them() {
        let text =
            "1538: the home page broke\n~1540: we saw it\nPort 1541: closed\n1542 requests failed\n1543 - all was well";
        assert_eq!(led_lines(text), LedLines { bare: 3, spaced: 1, timeless: 4, ..LedLines::default() });
        assert_eq!(led_lines("2019: founded\n2020: sold").timeless, 0);
        let bare = Habits { bare: true, ..Habits::default() };
        let show = |w: &Written| w.clock.map(|c| format!("{:02}:{:02}", c.hour, c.minute)).unwrap_or_default();
        assert_eq!(read_lines(text, bare).written.iter().map(show).collect::<Vec<_>>(), ["15:38", "15:40", "15:43"]);
        assert!(read(text).written.is_empty());
    }

    #[test]
    fn what_is_no_time() {
        let mut wrong = Vec::new();
        for text in [
            "version 1.2.3",
            "containerd (1.7.27)",
            "1.1.1.1",
            "a ratio of 3/4",
            "for 2h30",
            "about 2h",
            "plus de 24h",
            "durant 3h",
            "lasted 12h30",
            "5 may fail",
            "port 10.0.0.1:8080",
            "5 out of 10",
            "aa:bb:10:20:30",
            "HH:MM UTC",
            "--:--",
            "500 errors",
            "10x",
            "SPM-2024-001",
            "99:99",
            "the May release",
            "0.5 s",
            "24/7",
            "3:1",
            "page 2 of 4",
            "t4g.medium",
            "10.09 GB",
            "the replica16:54",
            "midnight run",
            "1,234 users",
            "v2024-01",
            "CVE-2024-10-1",
        ] {
            let got: Vec<String> = read(text).written.iter().map(show).collect();
            if !got.is_empty() {
                wrong.push(format!("{text}: {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn zones_that_belong_to_no_clock_are_kept_apart() {
        let labels = |text: &str| read(text).zones.into_iter().map(|z| z.label).collect::<Vec<_>>();
        assert_eq!(labels("All times are in CET"), ["CET"]);
        assert_eq!(labels("Time (UTC+1)"), ["UTC+1"]);
        assert_eq!(labels("All times in PST (UTC-7)"), ["UTC-7"]);
        assert_eq!(labels("Les heures sont données en heure de Paris."), ["heure de Paris"]);
        assert_eq!(labels("at 14:05 UTC"), Vec::<String>::new());
    }
}
