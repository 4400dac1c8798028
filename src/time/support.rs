//! How much of a length of time falls into support hours?

use super::hours::SupportHours;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::ops::Range;

/// Longer than any incident; beyond it no support hours are counted.
const DAYS_MAX: i64 = 3_660;

/// Whole minutes of support hours between two instants. `None` when the end lies before the start, or so far after it
/// that one of them must be a mistake.
pub fn minutes_within(hours: &SupportHours, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<i64> {
    if end < start || (end - start).num_days() > DAYS_MAX {
        return None;
    }
    // Local dates lie within a day of those in UTC.
    let first = start.date_naive().checked_sub_days(Days::new(1))?;
    let last = end.date_naive().checked_add_days(Days::new(1))?;
    let mut total = TimeDelta::zero();
    for day in first.iter_days().take_while(|day| *day <= last).filter(|day| !hours.holidays.contains(day)) {
        let weekday = chrono::Datelike::weekday(&day).num_days_from_monday() as usize;
        for range in hours.week.get(weekday).into_iter().flatten() {
            let (from, to) = (instant(hours, day, range.start)?, instant(hours, day, range.end)?);
            let Range { start, end } = from.max(start)..to.min(end);
            if start < end {
                total += end - start;
            }
        }
    }
    Some(total.num_minutes())
}

/// The instant of a minute of a local day; minute 1,440 is the next day's first.
fn instant(hours: &SupportHours, day: NaiveDate, minute: u16) -> Option<DateTime<Utc>> {
    let local = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(i64::from(minute)))?;
    let offset = hours.zone.offset(Some(local.date()), Some(local.time()))?;
    let utc: NaiveDateTime = local.checked_sub_offset(offset)?;
    Some(utc.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{hours, zone};

    fn london(holidays: &[&str]) -> SupportHours {
        let mut week = Default::default();
        hours::add(&mut week, "Mon-Fri 10:00-17:00").unwrap();
        let holidays = holidays.iter().map(|d| d.parse().unwrap()).collect();
        SupportHours { zone: zone::readings("Europe/London")[0], week, holidays }
    }

    #[test]
    fn only_minutes_on_duty_count() {
        for (start, end, minutes) in [
            // Before the morning; until past the evening.
            ("2020-02-25T07:32:00Z", "2020-02-25T17:07:00Z", 420),
            // In summer London is an hour ahead of UTC.
            ("2020-04-15T06:15:00Z", "2020-04-15T14:09:00Z", 309),
            ("2020-04-15T10:00:00Z", "2020-04-15T10:30:00Z", 30),
            // Overnight, and over a weekend.
            ("2024-04-15T14:53:00Z", "2024-04-18T15:13:00Z", 67 + 7 * 60 + 7 * 60 + 373),
            ("2024-04-19T15:30:00Z", "2024-04-22T09:30:00Z", 30 + 30),
            ("2024-04-20T10:00:00Z", "2024-04-21T10:00:00Z", 0),
            ("2024-04-15T10:00:00Z", "2024-04-15T10:00:00Z", 0),
        ] {
            let found = minutes_within(&london(&[]), start.parse().unwrap(), end.parse().unwrap());
            assert_eq!(found, Some(minutes), "{start} {end}");
        }
    }

    #[test]
    fn nobody_is_there_on_holidays_and_no_incident_lasts_for_decades() {
        let (start, end): (DateTime<Utc>, _) =
            ("2024-04-15T10:00:00Z".parse().unwrap(), "2024-04-16T10:00:00Z".parse().unwrap());
        assert_eq!(minutes_within(&london(&["2024-04-16"]), start, end), Some(360));
        assert_eq!(minutes_within(&london(&[]), end, start), None);
        assert_eq!(minutes_within(&london(&[]), start, "2124-04-16T10:00:00Z".parse().unwrap()), None);
    }
}
