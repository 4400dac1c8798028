//! Calendar periods: a month, a quarter, a year. All in UTC unless the caller shifts the date first.

use chrono::{Datelike, NaiveDate};
use std::fmt;

/// A calendar period, ordered by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    Month { year: i32, month: u32 },
    Quarter { year: i32, quarter: u32 },
    Year { year: i32 },
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// The word on the command line, and the column that holds a date's period.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

impl Period {
    /// The period of the given unit that holds the date.
    pub fn of(date: NaiveDate, unit: Unit) -> Self {
        let year = date.year();
        match unit {
            Unit::Month => Period::Month { year, month: date.month() },
            Unit::Quarter => Period::Quarter { year, quarter: (date.month() - 1) / 3 + 1 },
            Unit::Year => Period::Year { year },
        }
    }

    /// Reads `2025`, `2025-Q2`, `2025Q2`, `2025-06`; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, rest) = text.split_at_checked(4)?;
        let year: i32 = year.parse().ok().filter(|y| *y > 0)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        if rest.is_empty() {
            return text.len().eq(&4).then_some(Period::Year { year });
        }
        if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
            let quarter = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
            return Some(Period::Quarter { year, quarter });
        }
        let month = rest.parse().ok().filter(|m| rest.len() == 2 && (1..=12).contains(m))?;
        Some(Period::Month { year, month })
    }

    pub fn unit(self) -> Unit {
        match self {
            Period::Month { .. } => Unit::Month,
            Period::Quarter { .. } => Unit::Quarter,
            Period::Year { .. } => Unit::Year,
        }
    }

    /// First day.
    pub fn start(self) -> NaiveDate {
        let (year, month) = match self {
            Period::Month { year, month } => (year, month),
            Period::Quarter { year, quarter } => (year, quarter * 3 - 2),
            Period::Year { year } => (year, 1),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// First day after it.
    pub fn end(self) -> NaiveDate {
        self.next().start()
    }

    pub fn next(self) -> Self {
        self.shift(1)
    }

    pub fn previous(self) -> Self {
        self.shift(-1)
    }

    /// The same period a year earlier.
    pub fn year_before(self) -> Self {
        match self {
            Period::Month { year, month } => Period::Month { year: year - 1, month },
            Period::Quarter { year, quarter } => Period::Quarter { year: year - 1, quarter },
            Period::Year { year } => Period::Year { year: year - 1 },
        }
    }

    pub fn contains(self, date: NaiveDate) -> bool {
        self.start() <= date && date < self.end()
    }

    fn shift(self, by: i32) -> Self {
        match self {
            Period::Month { year, month } => {
                let index = year * 12 + month as i32 - 1 + by;
                Period::Month { year: index.div_euclid(12), month: index.rem_euclid(12) as u32 + 1 }
            }
            Period::Quarter { year, quarter } => {
                let index = year * 4 + quarter as i32 - 1 + by;
                Period::Quarter { year: index.div_euclid(4), quarter: index.rem_euclid(4) as u32 + 1 }
            }
            Period::Year { year } => Period::Year { year: year + by },
        }
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start(), self.end()).cmp(&(other.start(), other.end()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Period::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Period::Year { year } => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_print_and_step() {
        for (text, start, next) in
            [("2025-Q4", "2025-10-01", "2026-Q1"), ("2025-12", "2025-12-01", "2026-01"), ("2025", "2025-01-01", "2026")]
        {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(period.start().to_string(), start);
            assert_eq!(period.next().to_string(), next);
            assert_eq!(period.next().previous(), period);
        }
        for wrong in ["", "25-Q1", "2025-Q5", "2025-13", "2025-1", "2025-Q", "20255", "année"] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }
}
