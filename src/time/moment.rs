//! A point of time with exactly as much as is known about it.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

/// A part of a [`Moment`] that the words themselves left out and that came from context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Year,
    Date,
    Zone,
}

impl Part {
    /// The name the record's `inferred` list uses.
    pub fn name(self) -> &'static str {
        match self {
            Part::Year => "year",
            Part::Date => "date",
            Part::Zone => "zone",
        }
    }
}

/// One point of time as a report gives it: wall clock first, instant only when date, clock and offset are all known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Moment {
    /// Local calendar date.
    pub date: Option<NaiveDate>,
    /// Local wall clock.
    pub clock: Option<NaiveTime>,
    /// Whether the words gave seconds.
    pub has_seconds: bool,
    /// Offset from UTC in force; `None` when no zone is stated or configured.
    pub offset: Option<FixedOffset>,
    /// The zone as the author wrote it (`CET`, `Europe/London`, `Z`).
    pub zone: Option<String>,
    /// `~14:30`, `ca. 14:30`, `around 2 PM`.
    pub approximate: bool,
    /// What came from context, in the order year, date, zone.
    pub inferred: Vec<Part>,
}

impl Moment {
    /// The instant, when date, clock and offset are all known and in range.
    pub fn utc(&self) -> Option<DateTime<Utc>> {
        let local = self.date?.and_time(self.clock?);
        let offset = self.offset?;
        offset.from_local_datetime(&local).single().map(|t| t.with_timezone(&Utc))
    }

    /// `2024-01-18T11:40`, `2024-01-18T11:40:30`, `T10:07` without a date, `2024-01-18` without a clock.
    pub fn local_text(&self) -> String {
        let date = self.date.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default();
        match self.clock {
            None => date,
            Some(c) if self.has_seconds => format!("{date}T{}", c.format("%H:%M:%S")),
            Some(c) => format!("{date}T{}", c.format("%H:%M")),
        }
    }

    /// `+01:00`, when an offset is known.
    pub fn offset_text(&self) -> Option<String> {
        self.offset.map(|o| {
            let seconds = o.local_minus_utc();
            let minutes = seconds.abs() / 60;
            format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
        })
    }

    /// So many minutes later by the same clock; only what has date and clock has one.
    pub fn later(&self, minutes: i64) -> Option<Moment> {
        let local = self.date?.and_time(self.clock?).checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
        Some(Moment { date: Some(local.date()), clock: Some(local.time()), ..self.clone() })
    }

    /// Whole minutes from `earlier` to `self`.
    ///
    /// Both need a clock. With both dated the difference is taken on the UTC axis (an unknown offset on both sides
    /// counts as the same one); with neither dated the difference of the clocks is taken as they stand. A pair of
    /// which only one has a date, or only one an offset, has no difference.
    pub fn minutes_since(&self, earlier: &Moment) -> Option<i64> {
        if self.date.is_some() != earlier.date.is_some() || self.offset.is_some() != earlier.offset.is_some() {
            return None;
        }
        let seconds = |m: &Moment| -> Option<i64> {
            let clock = m.clock?;
            let day = m.date.map_or(0, |d| i64::from(chrono::Datelike::num_days_from_ce(&d)));
            let offset = m.offset.map_or(0, |o| i64::from(o.local_minus_utc()));
            Some(day * 86_400 + i64::from(chrono::Timelike::num_seconds_from_midnight(&clock)) - offset)
        };
        Some((seconds(self)? - seconds(earlier)?).div_euclid(60))
    }

    /// The same; of two days without any clock, as many minutes as whole days lie between them. It tells which is later
    /// and whether that is much, and no length of anything.
    pub fn span_since(&self, earlier: &Moment) -> Option<i64> {
        match (self.clock, earlier.clock) {
            (None, None) => Some((self.date? - earlier.date?).num_days() * 24 * 60),
            _ => self.minutes_since(earlier),
        }
    }
}
