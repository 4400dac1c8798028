//! One value as people read it.

use super::sanitise;
use crate::record::Value;

/// How much room there is for a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `1 h 27 min`
    Roomy,
    /// `1h27m`
    Tight,
}

/// What stands where nothing is known.
pub const UNKNOWN: &str = "–";

/// A value in a table for people. `unit` decides how numbers are spelled.
pub fn text(value: &Value, unit: &str, spelling: Spelling) -> String {
    match value {
        Value::Null => UNKNOWN.to_owned(),
        Value::Text(t) => sanitise::line(t).into_owned(),
        Value::Integer(n) if unit == "minutes" => duration(*n as f64, spelling),
        Value::Real(x) if unit == "minutes" => duration(*x, spelling),
        Value::Integer(n) => n.to_string(),
        Value::Real(x) => number(*x),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Date(d) => d.to_string(),
        Value::Instant(t) => t.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// A lower and an upper end, as one cell. An unknown upper end is open.
pub fn range(low: &Value, high: &Value, unit: &str, spelling: Spelling) -> String {
    match (low, high) {
        (Value::Null, Value::Null) => UNKNOWN.to_owned(),
        (low, high) => format!("{} – {}", end(low, unit, spelling), end(high, unit, spelling)),
    }
}

fn end(value: &Value, unit: &str, spelling: Spelling) -> String {
    if *value == Value::Null { "?".to_owned() } else { text(value, unit, spelling) }
}

/// Minutes as people say them, to the minute: `1 d 2 h 5 min`. From 10 days on, and tightly from one day on, the
/// minutes are left out.
pub fn duration(minutes: f64, spelling: Spelling) -> String {
    if !minutes.is_finite() {
        return UNKNOWN.to_owned();
    }
    let sign = if minutes.round() < 0.0 { "−" } else { "" };
    let total = minutes.round().abs() as u64;
    let is_long = total >= if spelling == Spelling::Tight { 1_440 } else { 14_400 };
    // Rounded to the hour, so that 23 h 59 min of rest do not vanish.
    let total = if is_long { (minutes.abs() / 60.0).round() as u64 * 60 } else { total };
    let (days, hours, rest) = (total / 1_440, total % 1_440 / 60, total % 60);
    let units = match spelling {
        Spelling::Roomy => [" d", " h", " min"],
        Spelling::Tight => ["d", "h", "m"],
    };
    let mut text = sign.to_owned();
    for (n, unit) in [days, hours, rest].into_iter().zip(units).filter(|(n, _)| *n > 0) {
        if spelling == Spelling::Roomy && text.len() > sign.len() {
            text.push(' ');
        }
        text.push_str(&n.to_string());
        text.push_str(unit);
    }
    if text.len() == sign.len() { format!("0{}", units[2]) } else { text }
}

/// Three decimals at most, no trailing zeros, never an exponent.
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return UNKNOWN.to_owned();
    }
    let decimals = match x.abs() {
        a if a >= 1_000.0 => 0,
        a if a >= 100.0 => 1,
        _ => 3,
    };
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_people_say_them() {
        for (minutes, roomy, tight) in [
            (0.0, "0 min", "0m"),
            (0.4, "0 min", "0m"),
            (87.4, "1 h 27 min", "1h27m"),
            (60.0, "1 h", "1h"),
            (1_565.0, "1 d 2 h 5 min", "1d2h"),
            (2_879.0, "1 d 23 h 59 min", "2d"),
            // Not to 1 d 30 min first.
            (1_469.6, "1 d 30 min", "1d"),
            (30_245.0, "21 d", "21d"),
            (-5.0, "−5 min", "−5m"),
            (f64::NAN, "–", "–"),
        ] {
            assert_eq!(duration(minutes, Spelling::Roomy), roomy);
            assert_eq!(duration(minutes, Spelling::Tight), tight);
        }
    }

    #[test]
    fn numbers_carry_no_noise() {
        for (x, text) in [
            (0.0, "0"),
            (-0.0001, "0"),
            (0.12345, "0.123"),
            (4.3810, "4.381"),
            (99.9954, "99.995"),
            (129.6, "129.6"),
            (12_345.67, "12346"),
        ] {
            assert_eq!(number(x), text);
        }
    }
}
