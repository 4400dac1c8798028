//! Durations, read and written: `3 hours and 28 minutes`, `2h30`, `~1 hour`, `half an hour`, `90 min`.
//!
//! Whole minutes throughout: no report means seconds, and statistics need one unit.

use super::amounts::{Units, Words, begin, expression, spelled};
use crate::text::{Captures, Finder, Marks, Regex, listed_list, shipped};
use std::ops::Range;
use std::sync::LazyLock;

/// A duration as written.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenDuration {
    pub minutes: i64,
    pub approximate: bool,
    pub span: Range<usize>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| shipped!("time/durations.toml").expect("the shipped vocabulary is valid"));

/// One amount with its unit, and amounts that follow it.
static DURATION: LazyLock<Regex> = LazyLock::new(|| Regex::new(&expression(&WORDS)).expect("a valid regex"));

/// A bare `h:mm` or `h:mm:ss`, read as a duration only where a label says it is one.
static COLONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?P<h>\d{1,3}):(?P<m>[0-5]\d)(?::[0-5]\d)?(?:\s?(?:h|hrs?|hours))?\b").expect("a valid regex")
});

/// `PT1H25M`: as programs write it.
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    let number = |name: &str, letter: char| format!(r"(?:(?P<{name}>\d{{1,5}}){letter})?");
    let [days, hours, minutes] = [number("d", 'D'), number("h", 'H'), number("m", 'M')];
    Regex::new(&format!(r"^\s*P{days}T?{hours}{minutes}(?:(?P<s>\d{{1,6}})(?:\.\d{{1,9}})?S)?\s*$"))
        .expect("a valid regex")
});

/// Durations in a text, in order. Single letters (`5m`, `2h`, `3d`) count only when they touch their number.
pub fn read(text: &str) -> Vec<WrittenDuration> {
    let mut durations = Vec::new();
    let mut from = 0;
    for at in amounts(text) {
        if at >= from
            && may_count(text, at)
            && let Some(found) = DURATION.captures_here(text, at)
        {
            from = found.whole().end;
            durations.extend(duration(text, &found));
        }
    }
    durations
}

/// What spelled numbers begin with, up to a space or a letter beyond ASCII.
static NUMBERS: LazyLock<Numbers> = LazyLock::new(|| {
    let spelled = || spelled(&WORDS);
    let is_whole = spelled().map(|number| begin(number).len() == number.len()).collect();
    let numbers = WORDS.numbers.values().flatten().count() + WORDS.indefinite.len();
    let more = spelled().filter_map(|number| number.split(' ').nth(1));
    let following = more.fold(UNITS.clone(), Beginnings::with);
    Numbers { begin: Finder::listed(&listed_list!(durations::begin).table), is_whole, following, numbers }
});

struct Numbers {
    begin: Finder,
    /// Of each, is that all of it?
    is_whole: Vec<bool>,
    /// How many of them are numbers; the rest are lengths of their own, which nothing needs to follow.
    numbers: usize,
    /// With what may begin what follows a number after a space: units, and further words of numbers.
    following: Beginnings,
}

impl Numbers {
    /// May what a number begins with at a range be an amount?
    fn may_count(&self, text: &str, nth: usize, range: Range<usize>) -> bool {
        let rest = text.as_bytes().get(range.end..).unwrap_or_default();
        let is_gap = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0x0B | b'-');
        let is_whole = self.is_whole.get(nth).is_some_and(|whole| *whole);
        if nth >= self.numbers {
            return true;
        }
        match rest.first() {
            Some(b) if !b.is_ascii() => true,
            Some(b) if b.is_ascii_alphanumeric() => is_whole && UNITS.may_begin(rest),
            Some(b) if is_gap(b) => {
                let next = rest.iter().position(|b| !is_gap(b));
                next.and_then(|next| rest.get(next..)).is_some_and(|rest| self.following.may_begin(rest))
            }
            _ => !is_whole,
        }
    }
}

/// The digits that an amount has at most.
const AMOUNT_DIGITS_MAX: usize = 5;

/// The whole number that a word or its digits are.
pub fn count(word: &str) -> Option<usize> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_spelled = |names: &&String| WORDS.numbers.get(*names).is_some_and(|words| words.contains(&word));
    let spelled = || WORDS.numbers.keys().find(is_spelled)?.parse().ok();
    word.parse().ok().or_else(spelled)
}

/// With what units and the words that join halves begin.
static UNITS: LazyLock<Beginnings> = LazyLock::new(|| {
    let Units { weeks, days, hours, minutes, seconds } = &WORDS.units;
    let counted = [&WORDS.counted.days, &WORDS.counted.hours, &WORDS.counted.minutes];
    let units = [weeks, days, hours, minutes, seconds].into_iter().chain(counted).flatten();
    units.map(String::as_str).chain(["and"]).fold(Beginnings::default(), Beginnings::with)
});

/// Pairs of letters of ASCII: of each first one, the second ones as bits, the lowest for the letter itself.
#[derive(Default, Clone)]
struct Beginnings([u32; 32]);

impl Beginnings {
    /// Adds a word, or an expression that begins with a letter and goes on with one or with a choice.
    fn with(mut self, word: &str) -> Self {
        let first = word.bytes().next().filter(u8::is_ascii_alphabetic);
        let ways = word.get(1..).unwrap_or("").trim_start_matches("(?:").split('|');
        let second = ways.filter_map(|way| way.bytes().next()).filter(u8::is_ascii_alphabetic);
        if let Some(bits) = first.and_then(|first| self.0.get_mut(usize::from(first & 31))) {
            *bits |= second.fold(1, |bits, second| bits | 1 << (second & 31));
        }
        self
    }

    /// May one of the words stand where a text goes on so? One that begins beyond ASCII always may.
    fn may_begin(&self, text: &[u8]) -> bool {
        let Some(first) = text.first() else { return false };
        let second = text.get(1).filter(|b| b.is_ascii_alphabetic()).map_or(0, |b| b & 31);
        let bits = self.0.get(usize::from(first & 31)).filter(|_| first.is_ascii_alphabetic());
        !first.is_ascii() || bits.is_some_and(|bits| bits >> second & 1 == 1)
    }
}

/// May a unit follow the digits at a place? Anything may follow words and what is beyond ASCII.
fn may_count(text: &str, at: usize) -> bool {
    let Some(rest) = text.as_bytes().get(at..).filter(|rest| rest.first().is_some_and(u8::is_ascii_digit)) else {
        return true;
    };
    let is_amount =
        |b: &u8| b.is_ascii_digit() || b.is_ascii_whitespace() || matches!(b, 0x0B | b'.' | b',' | b'/' | b'-');
    let next = rest.iter().position(|b| !is_amount(b));
    next.and_then(|next| rest.get(next..)).is_some_and(|rest| UNITS.may_begin(rest))
}

const MAY_COUNT: Marks<1> = Marks { near: [(b'0', b'9')], far: true };

/// Where amounts may begin, in order.
fn amounts(text: &str) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    // Where the last run of digits ends, and how many it has.
    let (mut end, mut digits) = (0, 0);
    for at in MAY_COUNT.places(text) {
        if text.as_bytes().get(at).is_some_and(u8::is_ascii_digit) {
            digits = if at == end { digits } else { 0 };
            // A longer run of digits may hold an amount at its end.
            if digits == 0 || digits >= AMOUNT_DIGITS_MAX {
                places.push(at);
            }
            (end, digits) = (at + 1, digits + 1);
        } else if may_begin(text, at) {
            places.push(at);
        }
    }
    NUMBERS.begin.each(text, |nth, range| {
        if NUMBERS.may_count(text, nth, range.clone()) {
            places.push(range.start);
        }
        true
    });
    places.sort_unstable();
    places.dedup();
    places
}

/// May an amount begin with the character beyond ASCII at a place: a digit, or the first letter of a word for a number?
fn may_begin(text: &str, at: usize) -> bool {
    let is_inside = || text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphanumeric);
    let first = text.get(at..).and_then(|t| t.chars().next());
    first.is_some_and(|c| c.is_numeric() || c.is_alphabetic() && !is_inside())
}

/// The value of a field that is labelled as a duration: everything [`read`] knows, `h:mm`, and a bare number of
/// minutes. The first duration counts.
pub fn read_value(text: &str) -> Option<WrittenDuration> {
    if let Some(colons) = COLONS.captures(text) {
        let number = |name: &str| colons.name(name).and_then(|m| m.as_str().parse::<i64>().ok());
        let span = colons.get(0)?.range();
        return Some(WrittenDuration { minutes: number("h")? * 60 + number("m")?, approximate: false, span });
    }
    let first = read(text).into_iter().next();
    if first.is_some() {
        return first;
    }
    if let Some(exact) = ISO.captures(text) {
        let number = |name: &str| exact.name(name).and_then(|m| m.as_str().parse::<i64>().ok());
        let given = ["d", "h", "m", "s"].map(number);
        let [days, hours, minutes, seconds] = given.map(|amount| amount.unwrap_or(0));
        let minutes = days * 1_440 + hours * 60 + minutes + (seconds + 59) / 60;
        let is_told = given.iter().any(Option::is_some);
        return is_told.then_some(WrittenDuration { minutes, approximate: false, span: 0..text.len() });
    }
    let trimmed = text.trim().trim_start_matches('~').trim();
    // "5 m": where a label says that a length follows.
    let trimmed = trimmed.strip_suffix(" m").unwrap_or(trimmed);
    let minutes = trimmed.parse::<i64>().ok().filter(|m| (0..100_000).contains(m))?;
    Some(WrittenDuration { minutes, approximate: text.contains('~'), span: 0..text.len() })
}

fn duration(text: &str, found: &Captures<'_>) -> Option<WrittenDuration> {
    let span = found.whole();
    let before = text.get(..span.start)?;
    let previous = before.chars().next_back();
    // Where words are written without spaces, a letter may stand before an amount, but for those of clocks and dates.
    let is_apart = found.name("counted").is_some() && previous.is_some_and(|c| !c.is_ascii() && !OF_CLOCKS.contains(c));
    if !is_apart && previous.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ':' | '/' | '_' | '$' | '€')) {
        return None;
    }
    let words = text.get(span.clone())?;
    let amount = |name: &str| found.name(name).and_then(|said| number(said.as_str()));
    let is = |part: &str| found.name(part).is_some();
    let half = is("half") || is("frac");
    let half_day = is("days_half") || is("days_frac");
    let of = |unit: &str| found.name(unit).and_then(|_| amount("number"));
    // "a day", "a week" are figures of speech.
    let loose = |said: &str| WORDS.indefinite.iter().any(|w| w.eq_ignore_ascii_case(said));
    let figure = of("days").filter(|_| !half_day).or(of("weeks"));
    if figure.is_some() && found.name("number").is_some_and(|said| loose(said.as_str())) {
        return None;
    }
    let minutes = if let Some(whole) = found.name("whole") {
        whole_minutes(whole.as_str())?
    } else if let Some(weeks) = of("weeks") {
        weeks * 10_080.0
    } else if let Some(days) = of("days") {
        (days + if half_day { 0.5 } else { 0.0 }) * 1_440.0
            + amount("days_h").unwrap_or(0.0) * 60.0
            + amount("days_m").unwrap_or(0.0)
    } else if let Some(hours) = of("letter") {
        // "1 h 33", but not "2 hours 30 users".
        hours * 60.0 + amount("apart").unwrap_or(0.0)
    } else if let Some(hours) = of("hours") {
        let more = amount("m").or_else(|| amount("glued")).unwrap_or(0.0);
        hours * 60.0 + more + if half { 30.0 } else { 0.0 } + if is("quarter") { 15.0 } else { 0.0 }
    } else if let Some(minutes) = of("minutes") {
        minutes
    } else if let Some(number) = amount("counted") {
        let unit = if is("counted_days") {
            1_440.0
        } else if is("counted_hours") {
            60.0
        } else {
            1.0
        };
        number * unit + amount("counted_m").unwrap_or(0.0)
    } else {
        (amount("seconds")? / 60.0).ceil()
    };
    // "5 m" is metres, "3 s" a plural: these letters must touch their number.
    let detached = !is("hours")
        && !is("letter")
        && words.split(|c: char| c.is_whitespace() || c == '-').any(|w| matches!(w, "m" | "s" | "j" | "M" | "S"));
    if detached || minutes > MINUTES_MAX {
        return None;
    }
    let lead = super::tail(before, 25);
    let lead = lead.trim_end_matches("(").trim_end().trim_end_matches(" a").trim_end_matches(" the");
    let folded = lead.to_lowercase();
    let approximate = super::calendar::ends_approximate(lead)
        || WORDS.approximate.iter().any(|w| folded.trim_end().ends_with(w.as_str()));
    Some(WrittenDuration { minutes: minutes.round() as i64, approximate, span })
}

/// What stands between the numbers of clocks and dates in Chinese, Japanese and Korean.
const OF_CLOCKS: &str = "時时点點分시년年月월日일第";

/// Ten years: longer is no incident.
const MINUTES_MAX: f64 = 5_256_000.0;

/// The minutes of a phrase that is a length of its own.
fn whole_minutes(text: &str) -> Option<f64> {
    let spelled = text.to_lowercase().replace('-', " ");
    WORDS.wholes.iter().find(|(_, phrases)| phrases.contains(&spelled)).and_then(|(minutes, _)| minutes.parse().ok())
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    if let Some(whole) = text.strip_suffix("1/2").or_else(|| text.strip_suffix('½')) {
        let whole = whole.trim();
        return if whole.is_empty() { Some(0.5) } else { whole.parse::<f64>().ok().map(|n| n + 0.5) };
    }
    if let Ok(number) = text.replace(',', ".").parse::<f64>() {
        return Some(number);
    }
    let spelled = text.replace('-', " ");
    if WORDS.indefinite.contains(&spelled) {
        return Some(1.0);
    }
    let value = WORDS.numbers.iter().find(|(_, words)| words.contains(&spelled)).map(|(value, _)| value);
    value.and_then(|v| v.parse().ok())
}

/// `6 min`, `1 h 27 min`, `2 d 3 h`; negative durations keep their sign.
pub fn show(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let minutes = minutes.unsigned_abs();
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let parts: Vec<String> = match (days, hours, rest) {
        (0, 0, m) => vec![format!("{m} min")],
        (0, h, 0) => vec![format!("{h} h")],
        (0, h, m) => vec![format!("{h} h {m} min")],
        (d, 0, 0) => vec![format!("{d} d")],
        (d, h, 0) => vec![format!("{d} d {h} h")],
        (d, h, m) => vec![format!("{d} d {h} h {m} min")],
    };
    format!("{sign}{}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("3 hours and 28 minutes", vec![208]),
            ("~2h30", vec![150]),
            ("for 50 minutes", vec![50]),
            ("about 1 hour", vec![60]),
            ("5h 09m", vec![309]),
            ("lasted 1 h 33.", vec![93]),
            ("2 hours 30 users", vec![120]),
            ("1 h 33 minutes", vec![93]),
            ("~24h40m", vec![1480]),
            ("a 47-minute outage", vec![47]),
            ("half an hour", vec![30]),
            ("an hour and a half", vec![90]),
            ("two and a half hours", vec![150]),
            ("nine hours", vec![540]),
            ("3.25 hours", vec![195]),
            ("2 days, 3 hours", vec![3060]),
            ("90 min.", vec![90]),
            ("1 Std. 30 Min.", vec![90]),
            ("2 heures et 30 minutes", vec![150]),
            ("dos horas", vec![120]),
            ("90 seconds", vec![2]),
            ("approximately twenty-four hours", vec![1440]),
            ("a week", vec![]),
            ("1 week", vec![10_080]),
            ("5 m wide", vec![]),
            ("3 dogs", vec![]),
            ("for a few hours", vec![]),
            ("1.2.3d", vec![]),
            ("a day", vec![]),
            ("one day", vec![1440]),
            ("it 14:05 min", vec![]),
            ("due ore e mezza", vec![150]),
            ("une heure et demie", vec![90]),
            ("hora y media", vec![90]),
            ("two hours and a quarter", vec![135]),
            ("one hour, twelve minutes", vec![72]),
            ("1 h 10 m", vec![70]),
            ("an hour, ten users", vec![60]),
            ("three quarters of an hour", vec![45]),
            ("a quarter of an hour", vec![15]),
            ("a quarter of all requests", vec![]),
            ("eine Dreiviertelstunde lang", vec![45]),
            ("anderthalb Stunden", vec![90]),
            ("twenty-two minutes", vec![22]),
            ("half a day", vec![720]),
            ("a day and a half", vec![2160]),
            ("two and a half days", vec![3600]),
            ("a full day", vec![1440]),
            ("half the requests", vec![]),
            ("2 ore e 15 minuti", vec![135]),
            ("3 uur", vec![180]),
            ("fyra timmar", vec![240]),
            ("2 timer og 5 minutter", vec![125]),
            ("a timer", vec![]),
            ("one time", vec![]),
            ("2 часа 10 минут", vec![130]),
            ("5 минут", vec![5]),
            ("服务中断持续约2小时30分钟", vec![150]),
            ("14時30分に復旧", vec![]),
            ("約45分間停止", vec![45]),
            ("30분간 장애", vec![30]),
        ] {
            let got: Vec<i64> = read(text).into_iter().map(|d| d.minutes).collect();
            if got != expected {
                wrong.push(format!("{text}: expected {expected:?}, got {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn units_begin_with_letters_that_are_told() {
        let Units { weeks, days, hours, minutes, seconds } = &WORDS.units;
        let counted = [&WORDS.counted.days, &WORDS.counted.hours, &WORDS.counted.minutes];
        for unit in [weeks, days, hours, minutes, seconds].into_iter().chain(counted).flatten() {
            // What is beyond ASCII may always follow.
            assert!(unit.starts_with(|c: char| c.is_alphabetic()), "{unit}");
        }
    }

    #[test]
    fn labelled_values() {
        for (text, expected) in [
            ("1:27", Some(87)),
            ("335", Some(335)),
            ("about 2 h", Some(120)),
            ("PT1H25M", Some(85)),
            ("P", None),
            ("5 m", Some(5)),
            ("n/a", None),
        ] {
            assert_eq!(read_value(text).map(|d| d.minutes), expected, "{text}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for minutes in [0, 6, 60, 87, 1440, 1500, 3127] {
            assert_eq!(read(&show(minutes)).first().map(|d| d.minutes), Some(minutes), "{}", show(minutes));
        }
    }
}
