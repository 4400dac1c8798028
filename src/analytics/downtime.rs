//! How long was the service impaired? The union of impact windows, and what an objective leaves of its budget.

use super::columns::Columns;
use super::{AnalyticsError, Frames};
use crate::time::period::Period;
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeMap;

/// The impairment of one organisation's service in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Downtime {
    /// `None`: incidents whose organisation is unknown, taken together.
    pub org: Option<String>,
    /// Impact windows that reach into the period.
    pub windows: usize,
    /// Whose windows they are, in order of id.
    pub ids: Vec<String>,
    /// Incidents of the period (by date) without a usable window: no zone, no clock, no end, or an end before the
    /// start.
    pub without_window: usize,
    /// The union of the windows inside the days that count, in minutes; overlapping ones count once.
    pub minutes: f64,
    /// Length of the days that count, in minutes: of a period that is not over, those up to today.
    pub period_minutes: f64,
}

impl Downtime {
    /// Per cent of the period without impact, to three decimals and never rounded up: it is told as a lower bound. Any
    /// impact counts as full unavailability, however partial.
    pub fn availability(&self) -> f64 {
        let share = 100.0 * (1.0 - self.minutes / self.period_minutes);
        // What the last digits of a float take away is no impact.
        (share * 1_000.0 + 1e-6).floor() / 1_000.0
    }

    /// Is anything known of it? Incidents none of which has a window tell nothing of the time they took, and a period
    /// that has not begun has no time.
    pub fn is_told(&self) -> bool {
        (self.windows > 0 || self.without_window == 0) && self.period_minutes > 0.0
    }

    /// Minutes of impact that an objective (in per cent) allows in the period: 129.6 for 99.9 % of 90 days.
    pub fn budget_minutes(&self, objective: f64) -> f64 {
        self.period_minutes * (1.0 - objective / 100.0)
    }
}

/// The impairment in a period, one entry an organisation, in order of name, the unknown last. `frames` hold all
/// incidents, since one that began before the period may reach into it. Of a period that is not over the days up to
/// `today` count, that one included: nobody knows of those to come that they will be without impact.
pub fn downtime(frames: &Frames, period: Period, today: NaiveDate) -> Result<Vec<Downtime>, AnalyticsError> {
    let instant = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    let lived = today.succ_opt().unwrap_or(today).clamp(period.start(), period.end());
    let (first, after) = (instant(period.start()), instant(lived));
    let columns = Columns::of(frames.incidents(), &COLUMNS)?;
    let (orgs, dates, ids) = (columns.words("org")?, columns.dates("date")?, columns.words("id")?);
    let mut groups: BTreeMap<(bool, String), Impaired> = BTreeMap::new();
    let told = orgs.into_iter().zip(dates).zip(ids);
    for (window, ((org, date), id)) in windows(&columns)?.into_iter().zip(told) {
        let clipped = window.map(|(start, end)| (start.max(first), end.min(after)));
        let is_missing = window.is_none() && date.is_some_and(|d| period.contains(d));
        let is_inside = clipped.is_some_and(|(start, end)| start < end);
        if is_inside || is_missing {
            let group = groups.entry((org.is_none(), org.unwrap_or_default().to_owned())).or_default();
            group.windows.extend(clipped.filter(|_| is_inside));
            group.ids.extend(id.filter(|_| is_inside).map(str::to_owned));
            group.without_window += usize::from(is_missing);
        }
    }
    let groups = groups.into_iter().map(|((is_unknown, org), mut group)| {
        group.ids.sort();
        Downtime {
            org: (!is_unknown).then_some(org),
            windows: group.windows.len(),
            ids: group.ids,
            without_window: group.without_window,
            minutes: union_minutes(group.windows),
            period_minutes: ((after - first) / MINUTE) as f64,
        }
    });
    Ok(groups.collect())
}

/// What is collected of one organisation.
#[derive(Default)]
struct Impaired {
    windows: Vec<Window>,
    ids: Vec<String>,
    without_window: usize,
}

/// Start and end, in milliseconds since 1970.
type Window = (i64, i64);

/// In milliseconds.
const MINUTE: i64 = 60_000;

const COLUMNS: [&str; 9] =
    ["id", "org", "date", "started", "mitigated", "resolved", "impact_minutes", "ttm_minutes", "ttr_minutes"];

/// Start and end of impact of each incident: for as long as impact or mitigation counts as having taken (until
/// mitigated, unless that is mistyped or corrected), else until resolved.
fn windows(columns: &Columns) -> Result<Vec<Option<Window>>, AnalyticsError> {
    let (started, mitigated, resolved) =
        (columns.milliseconds("started")?, columns.milliseconds("mitigated")?, columns.milliseconds("resolved")?);
    let (impact, ttm, ttr) =
        (columns.integers("impact_minutes")?, columns.integers("ttm_minutes")?, columns.integers("ttr_minutes")?);
    let ends = mitigated.iter().zip(resolved.iter());
    let lengths = impact.iter().zip(ttm.iter()).zip(ttr.iter());
    let windows =
        started.iter().zip(ends).zip(lengths).map(|((started, (mitigated, resolved)), ((impact, ttm), ttr))| {
            let started = started?;
            let after = |minutes: i64| started.checked_add(minutes.checked_mul(MINUTE)?);
            let length = |told: Option<i64>, end: Option<i64>| match (told.and_then(after), end) {
                // Lengths are whole minutes: the moment itself is more precise.
                (Some(counted), Some(end)) if counted.abs_diff(end) < MINUTE.unsigned_abs() => Some(end),
                (counted, end) => counted.or(end),
            };
            let end = length(impact.or(ttm), mitigated).or_else(|| length(ttr, resolved))?;
            (started < end).then_some((started, end))
        });
    Ok(windows.collect())
}

fn union_minutes(mut windows: Vec<Window>) -> f64 {
    windows.sort_unstable();
    let mut total = 0;
    let mut reached = i64::MIN;
    for (start, end) in windows {
        total += (end - start.max(reached)).max(0);
        reached = reached.max(end);
    }
    (total / 1_000) as f64 / 60.0
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    #[test]
    fn overlapping_windows_count_once_and_are_cut_at_the_period() {
        let frames = incidents(&[
            // One hour, of which half overlaps the next.
            "id=a org=Acme date=2025-04-03 started=2025-04-03T10:00:00Z mitigated=2025-04-03T11:00:00Z",
            "id=b org=Acme date=2025-04-03 started=2025-04-03T10:30:00Z impact_minutes=60",
            // Inside a window that is already counted.
            "id=c org=Acme date=2025-04-03 started=2025-04-03T10:05:00Z mitigated=2025-04-03T10:10:00Z",
            // Ten minutes of it lie in April.
            "id=d org=Acme date=2025-03-31 started=2025-03-31T23:00:00Z resolved=2025-04-01T00:10:00Z",
            "id=e org=Acme date=2025-05-01 ttr_minutes=60",
            "id=f org=Acme date=2025-07-01 started=2025-07-01T00:00:00Z resolved=2025-07-01T01:00:00Z",
            "id=g date=2025-05-01 started=2025-05-01T00:00:00Z mitigated=2025-05-01T00:30:00Z",
            // Ends before it starts.
            "id=h date=2025-05-01 started=2025-05-01T00:00:00Z mitigated=2025-04-30T00:30:00Z",
        ]);
        let found = downtime(&frames, Period::parse("2025-Q2").unwrap(), NaiveDate::MAX).unwrap();
        let shown: Vec<_> = found.iter().map(|d| (d.org.as_deref(), d.windows, d.without_window, d.minutes)).collect();
        assert_eq!(shown, [(Some("Acme"), 4, 1, 100.0), (None, 1, 1, 30.0)]);
        assert_eq!(found[0].ids, ["a", "b", "c", "d"]);
        assert_eq!(found[0].period_minutes, 91.0 * 1_440.0);
    }

    #[test]
    fn days_to_come_are_not_counted_as_up() {
        let frames = incidents(&[
            "id=a org=Acme date=2025-04-03 started=2025-04-03T10:00:00Z mitigated=2025-04-03T11:40:00Z",
            "id=b org=Acme date=2025-06-30 started=2025-06-30T10:00:00Z mitigated=2025-06-30T11:40:00Z",
        ]);
        let told = |today: &str| {
            let found = downtime(&frames, Period::parse("2025-Q2").unwrap(), today.parse().unwrap()).unwrap();
            found.iter().map(|d| (d.minutes, d.period_minutes / 1_440.0, d.is_told())).collect::<Vec<_>>()
        };
        assert_eq!(told("2025-04-10"), [(100.0, 10.0, true)]);
        assert_eq!(told("2025-06-30"), [(200.0, 91.0, true)]);
        assert_eq!(told("2026-01-01"), [(200.0, 91.0, true)]);
        assert_eq!(told("2025-03-31"), []);
    }

    /// A length that was corrected, or stated because a date is mistyped, counts here too.
    #[test]
    fn a_window_is_as_long_as_the_length_that_counts() {
        let frames = incidents(&[
            "id=a org=A date=2025-04-03 started=2025-04-03T10:00:00Z mitigated=2025-04-04T11:00:00Z impact_minutes=60",
            "id=b org=B date=2025-04-03 started=2025-04-03T10:00:00Z resolved=2025-04-04T11:00:00Z ttr_minutes=60",
            // The moments are more precise than whole minutes.
            "id=c org=C date=2025-04-03 started=2025-04-03T10:00:00Z mitigated=2025-04-03T11:00:30Z impact_minutes=60",
        ]);
        let found = downtime(&frames, Period::parse("2025-Q2").unwrap(), NaiveDate::MAX).unwrap();
        assert_eq!(found.iter().map(|d| d.minutes).collect::<Vec<_>>(), [60.0, 60.0, 60.5]);
    }

    #[test]
    fn three_nines_of_ninety_days_are_129_6_minutes() {
        let period_minutes = 90.0 * 1_440.0;
        let quarter =
            Downtime { org: None, windows: 0, ids: Vec::new(), without_window: 0, minutes: 129.6, period_minutes };
        assert!((quarter.budget_minutes(99.9) - 129.6).abs() < 1e-9);
        assert!((quarter.availability() - 99.9).abs() < 1e-9);
        let hardly = Downtime { minutes: 0.4, ..quarter.clone() };
        assert!(hardly.availability() < 100.0, "{}", hardly.availability());
        assert!((Downtime { minutes: 0.0, ..quarter }.availability() - 100.0).abs() < 1e-9);
    }
}
