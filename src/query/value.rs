//! What stands after `field:` → a test. One comma-separated piece at a time.
//!
//! Knows nothing of the rest of a filter, nor of the index.

use crate::record::{FieldKind, FilterField};
use crate::store::{day_number, keyword, spelling};
use crate::time::period::Period;
use chrono::{Days, NaiveDate};

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// These words stand together in it; with `is_prefix`, the last may go on.
    Keyword { text: String, is_prefix: bool },
    /// It is this label.
    Label(&'static str),
    /// It does not have this label.
    Lacks(&'static str),
    /// It lies between these numbers, both included: levels, minutes or days.
    Within { low: Option<i64>, high: Option<i64> },
}

/// Why a value can't be understood: what is wrong, and the nearest that would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    pub message: String,
    pub hint: String,
}

/// Reads a value of a field.
pub fn read(field: &FilterField, value: &str) -> Result<Test, ValueError> {
    if value.is_empty() {
        return Err(error(field, format!("'{}:' has no value", field.name)));
    }
    match field.kind {
        FieldKind::Keyword => Ok(keyword_test(value)),
        FieldKind::Label(labels) => label(field, &labels(), value).map(Test::Label),
        FieldKind::Lacks(labels) => label(field, &labels(), value).map(Test::Lacks),
        FieldKind::Level => {
            let number = |text: &str| text.parse::<i64>().ok().map(|n| (n, n));
            Ok(compare(value, number).unwrap_or_else(|| keyword_test(value)))
        }
        FieldKind::Minutes => {
            let span = |text: &str| minutes(text).map(|n| (n, n));
            compare(value, span).ok_or_else(|| error(field, format!("'{value}' is no length of time")))
        }
        FieldKind::Date => compare(value, days).ok_or_else(|| error(field, no_date(value))),
        FieldKind::After => {
            let (first, _) = days(value).ok_or_else(|| error(field, no_date(value)))?;
            Ok(Test::Within { low: Some(first), high: None })
        }
        FieldKind::Before => {
            let (first, _) = days(value).ok_or_else(|| error(field, no_date(value)))?;
            Ok(Test::Within { low: None, high: Some(first - 1) })
        }
    }
}

fn no_date(value: &str) -> String {
    format!("'{value}' is no date or period")
}

fn error(field: &FilterField, message: String) -> ValueError {
    let forms = match field.kind {
        FieldKind::Minutes => "a length of time is written 90m, 2h, 1d or 1h30m",
        FieldKind::Date | FieldKind::After | FieldKind::Before => {
            "a date is written 2024-01-18, a period 2024, 2024-Q1 or 2024-01"
        }
        FieldKind::Keyword | FieldKind::Label(_) | FieldKind::Lacks(_) | FieldKind::Level => field.meaning,
    };
    ValueError { message, hint: format!("{forms}; for example {}:{}", field.name, field.example) }
}

fn keyword_test(value: &str) -> Test {
    let (value, is_prefix) = value.strip_suffix('*').map_or((value, false), |stem| (stem, true));
    Test::Keyword { text: keyword(value), is_prefix }
}

fn label(field: &FilterField, labels: &[&'static str], value: &str) -> Result<&'static str, ValueError> {
    let wanted = value.to_lowercase().replace(['_', ' '], "-");
    if let Some(label) = labels.iter().find(|l| **l == wanted) {
        return Ok(label);
    }
    let message = format!("'{}:' has no value '{value}'", field.name);
    let nearest = spelling::nearest(&wanted, labels.iter().copied());
    let hint = match nearest {
        Some(label) => format!("did you mean {}:{label}?", field.name),
        None => format!("the values are {}", labels.join(", ")),
    };
    Err(ValueError { message, hint })
}

/// `<=x`, `>x`, `x..y`, `x..`, `..y`, `x`. Each x may itself span from its first to its last.
fn compare(value: &str, read: impl Fn(&str) -> Option<(i64, i64)>) -> Option<Test> {
    let within = |low, high| Some(Test::Within { low, high });
    if let Some((from, to)) = value.split_once("..") {
        let side = |text: &str| if text.is_empty() { Some(None) } else { read(text).map(Some) };
        let (from, to) = (side(from)?, side(to)?);
        return (from.is_some() || to.is_some()).then(|| within(from.map(|f| f.0), to.map(|t| t.1)))?;
    }
    if let Some(rest) = value.strip_prefix(">=") {
        return within(Some(read(rest)?.0), None);
    }
    if let Some(rest) = value.strip_prefix("<=") {
        return within(None, Some(read(rest)?.1));
    }
    if let Some(rest) = value.strip_prefix('>') {
        return within(Some(read(rest)?.1.checked_add(1)?), None);
    }
    if let Some(rest) = value.strip_prefix('<') {
        return within(None, Some(read(rest)?.0.checked_sub(1)?));
    }
    let (low, high) = read(value.strip_prefix('=').unwrap_or(value))?;
    within(Some(low), Some(high))
}

/// The days of a date or a period, both ends included.
fn days(text: &str) -> Option<(i64, i64)> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some((day_number(date), day_number(date)));
    }
    let period = Period::parse(text)?;
    let last = period.end().checked_sub_days(Days::new(1))?;
    Some((day_number(period.start()), day_number(last)))
}

/// `90`, `90m`, `1.5h`, `1h30m`, `1 h 30 min`, `2d`, `1w`; at most a hundred years.
fn minutes(text: &str) -> Option<i64> {
    const MINUTES_MAX: f64 = 100.0 * 366.0 * 24.0 * 60.0;
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let number: f64 = number.parse().ok()?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let factor = match unit.to_ascii_lowercase().as_str() {
            "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
            "" if total == 0.0 && after.is_empty() => 1.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0 / 60.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
            "d" | "day" | "days" => 24.0 * 60.0,
            "w" | "week" | "weeks" => 7.0 * 24.0 * 60.0,
            _ => return None,
        };
        total += number * factor;
        rest = after;
    }
    #[allow(clippy::cast_possible_truncation, reason = "bounded above")]
    (!text.is_empty() && total <= MINUTES_MAX).then(|| total.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::filter_field;

    fn within(field: &str, value: &str) -> Option<(Option<i64>, Option<i64>)> {
        match read(filter_field(field).unwrap(), value) {
            Ok(Test::Within { low, high }) => Some((low, high)),
            _ => None,
        }
    }

    #[test]
    fn numbers_and_lengths_of_time_compare() {
        for (field, value, expected) in [
            ("severity", "<=2", Some((None, Some(2)))),
            ("severity", "1", Some((Some(1), Some(1)))),
            ("severity", "P1-critical", None),
            ("ttr", ">2h", Some((Some(121), None))),
            ("ttr", "30m..90m", Some((Some(30), Some(90)))),
            ("ttr", "1h30m", Some((Some(90), Some(90)))),
            ("ttr", "1.5h..", Some((Some(90), None))),
            ("ttr", ">1 hour 30 min", Some((Some(91), None))),
            ("ttr", "2 5m", None),
            ("ttr", ">", None),
            ("ttr", "2 ", Some((Some(2), Some(2)))),
            ("ttr", "..", None),
            ("ttr", "soon", None),
            ("ttr", "1e300h", None),
            ("ttr", ">99999999999999999999d", None),
        ] {
            assert_eq!(within(field, value), expected, "{field}:{value}");
        }
    }

    #[test]
    fn dates_and_periods_compare() {
        let day = |text: &str| Some(day_number(text.parse().unwrap()));
        for (field, value, low, high) in [
            ("after", "2024-01-01", day("2024-01-01"), None),
            ("before", "2025", None, day("2024-12-31")),
            ("during", "2025-Q2", day("2025-04-01"), day("2025-06-30")),
            ("date", ">2025-06", day("2025-07-01"), None),
            ("year", "2024..2025", day("2024-01-01"), day("2025-12-31")),
        ] {
            assert_eq!(within(field, value), Some((low, high)), "{field}:{value}");
        }
        assert_eq!(within("during", "2025-Q5"), None);
    }

    #[test]
    fn labels_are_checked_and_the_nearest_is_named() {
        let trigger = filter_field("trigger").unwrap();
        assert_eq!(read(trigger, "Third_Party"), Ok(Test::Label("third-party")));
        assert_eq!(read(trigger, "confg").unwrap_err().hint, "did you mean trigger:config?");
        assert!(read(trigger, "xyzzy").unwrap_err().hint.starts_with("the values are deploy, config"));
        assert!(read(trigger, "").is_err());
    }
}
