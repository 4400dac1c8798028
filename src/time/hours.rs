//! Support hours: when somebody is there to respond, week by week, as clocks on the wall of one zone.
//!
//! Knows nothing of incidents or of how durations are summed within such hours.

use super::zone::Zone;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::ops::Range;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// When a team is on duty. Outside of it, time does not count where support hours are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportHours {
    /// The zone of the clocks below.
    pub zone: Zone,
    /// Monday first: ranges of minutes after local midnight (`0..=1440`), in order and disjoint.
    pub week: [Vec<Range<u16>>; 7],
    /// Local days on which nobody is there.
    pub holidays: BTreeSet<NaiveDate>,
}

/// Why hours could not be understood; a sentence for whoever wrote them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("'{0}' names no day or range of days")]
    Days(String),
    #[error("'{0}' is no range of clocks that ends after it begins")]
    Clocks(String),
    #[error("'{0}' is not days and clocks")]
    Shape(String),
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Adds hours written as `Mon-Fri 09:00-17:30`, `Sat 10:00-14:00`, `daily 00:00-24:00`, or `Mon-Fri 8:00-12:00
/// 13:00-17:00` to a week.
///
/// # Errors
/// Days or clocks that are none.
pub fn add(week: &mut [Vec<Range<u16>>; 7], text: &str) -> Result<(), HoursError> {
    let mut words = text.split_whitespace();
    let days = words.next().ok_or_else(|| HoursError::Shape(text.to_owned()))?;
    let days = days_of(days).ok_or_else(|| HoursError::Days(days.to_owned()))?;
    let clocks: Vec<Range<u16>> =
        words.map(|w| clocks_of(w).ok_or_else(|| HoursError::Clocks(w.to_owned()))).collect::<Result<_, _>>()?;
    if clocks.is_empty() {
        return Err(HoursError::Shape(text.to_owned()));
    }
    for (day, ranges) in week.iter_mut().enumerate() {
        if days.contains(&day) {
            ranges.extend(clocks.iter().cloned());
            *ranges = disjoint(std::mem::take(ranges));
        }
    }
    Ok(())
}

/// `Mon`, `Monday`, `Mon-Fri`, `Sat,Sun`, `daily`.
fn days_of(text: &str) -> Option<BTreeSet<usize>> {
    if text.eq_ignore_ascii_case("daily") {
        return Some((0..DAYS.len()).collect());
    }
    let mut days = BTreeSet::new();
    for part in text.split(',') {
        match part.split_once(['-', '–']) {
            None => drop(days.insert(day_of(part)?)),
            Some((first, last)) => {
                let (first, last) = (day_of(first)?, day_of(last)?);
                // Fri-Mon goes past the end of the week.
                let count = (last + DAYS.len() - first) % DAYS.len();
                days.extend((0..=count).map(|n| (first + n) % DAYS.len()));
            }
        }
    }
    Some(days)
}

fn day_of(text: &str) -> Option<usize> {
    let folded = text.to_ascii_lowercase();
    let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    DAYS.iter().position(|d| *d == folded).or_else(|| full.iter().position(|d| *d == folded))
}

fn clocks_of(text: &str) -> Option<Range<u16>> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (clock_of(from)?, clock_of(to)?);
    (from < to).then_some(from..to)
}

/// Minutes after midnight; `24:00` is the end of the day.
fn clock_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let plain = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !plain(hour) || !plain(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

fn disjoint(mut ranges: Vec<Range<u16>>) -> Vec<Range<u16>> {
    ranges.sort_by_key(|r| r.start);
    let mut merged: Vec<Range<u16>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(lines: &[&str]) -> Result<[Vec<Range<u16>>; 7], HoursError> {
        let mut week = <[Vec<Range<u16>>; 7]>::default();
        lines.iter().try_for_each(|line| add(&mut week, line))?;
        Ok(week)
    }

    #[test]
    fn hours_are_read_as_written() {
        let found = week(&["Mon-Fri 09:00-17:30", "sat 10-14", "Friday 17:00-24:00"]).unwrap();
        assert_eq!(found[0], [540..1050]);
        assert_eq!(found[4], [540..1440]);
        assert_eq!(found[5], [600..840]);
        assert!(found[6].is_empty());
        let split = week(&["Sat-Mon,Wed 8:00-12:00 13:00-17:00"]).unwrap();
        assert_eq!(split.iter().filter(|d| d.len() == 2).count(), 4);
        assert_eq!(week(&["daily 00:00-24:00"]).unwrap()[6], [0..1440]);
    }

    #[test]
    fn what_is_no_hours_is_an_error() {
        for text in ["", "Mon", "Mon-Fri", "Lun 09:00-17:00", "Mon 17:00-09:00", "Mon 9:60-10:00", "Mon 09:00-25:00"] {
            assert!(week(&[text]).is_err(), "{text}");
        }
    }
}
