//! Written time + context → moment. What the words leave out comes from the context, and the moment says so.
//!
//! Knows nothing of documents: the caller decides what the context of a written time is.

use super::calendar::CountedDay;
use super::lex::{NamedDay, WrittenDate};
use super::moment::{Moment, Part};
use super::written::Written;
use super::zone::{self, Zone};
use chrono::{Datelike, Days, Duration, FixedOffset, Months, NaiveDate, NaiveTime, Timelike};
use std::sync::Arc;

/// What surrounds a written time.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The date for a clock without one.
    pub date: Option<NaiveDate>,
    /// A weekday may mean a day up to so many days before that date; else it means one of those after it.
    pub days_back: i64,
    /// The days that "today" and "yesterday" mean.
    pub today: Option<NaiveDate>,
    pub yesterday: Option<NaiveDate>,
    /// A day of the month that "the 3rd" is of, where no date is known.
    pub month: Option<NaiveDate>,
    /// Month and day of a date of which nothing tells the year: they still tell the season.
    pub season: Option<(u32, u32)>,
    /// How to complete a date without a year.
    pub year: Option<YearAnchor>,
    /// Numeric dates are day first.
    pub day_first: bool,
    /// The label for a clock without a zone.
    pub zone: Option<String>,
    /// What chooses among the readings of an ambiguous label: the zone that the user configured, else the other zones
    /// that the document names.
    pub witnesses: Arc<[Zone]>,
    /// T in `T+15m`.
    pub origin: Option<Moment>,
}

/// A date that tells the year of dates near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearAnchor {
    /// The incident is near this date, on either side.
    Near(NaiveDate),
    /// The incident is before this date or a few weeks after it: publication, modification.
    Before(NaiveDate),
    /// Only a year is known.
    Year(i32),
}

/// A report may be dated weeks before its last update; one that comes out ten months after the incident is rarer.
const PUBLICATION_SLACK: Days = Days::new(60);

/// A resolved written time.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    pub at: Moment,
    pub end: Option<Moment>,
    /// The reading that the zone label got.
    pub zone: Option<Zone>,
    /// The label has other readings too, and nothing chose among them.
    pub is_ambiguous: bool,
}

/// Completes a written time from its context.
pub fn resolve(written: &Written, context: &Context) -> Resolved {
    if let Some(elapsed) = written.elapsed {
        return Resolved { at: from_origin(elapsed, context), end: None, zone: None, is_ambiguous: false };
    }
    let told = told_twice(written, context);
    let context = told.as_ref().unwrap_or(context);
    let (at, zone, is_ambiguous) = one(written, context);
    let end = written.end.as_ref().map(|end| {
        // An end without a year is in the year of its beginning, or the next one's first days.
        let year = at.date.map(YearAnchor::Near).or(context.year);
        let context = Context { date: at.date.or(context.date), year, ..context.clone() };
        let (mut moment, ..) = one(end, &context);
        // A range of clocks that ends before it begins runs past midnight; without any date it may be a typo.
        if end.date.is_none() && end.day.is_none() && moment.minutes_since(&at).is_some_and(|m| m < 0) {
            moment.date = moment.date.and_then(|d| d.succ_opt());
        }
        moment
    });
    Resolved { at, end, zone, is_ambiguous }
}

/// "15:00 IST / 09:30 UTC": the other clock of the same moment tells which IST is meant.
fn told_twice(written: &Written, context: &Context) -> Option<Context> {
    let other = written.also.as_deref()?;
    let readings = zone::readings(written.zone.as_deref()?);
    if readings.len() < 2 {
        return None;
    }
    let (known, other_zone, _) = one(other, &Context { date: other.date.and(context.date), ..context.clone() });
    let of_day = |clock: NaiveTime, offset: FixedOffset| {
        (i64::from(clock.num_seconds_from_midnight()) - i64::from(offset.local_minus_utc())).rem_euclid(24 * 3600)
    };
    let clock = written.clock.and_then(|c| NaiveTime::from_hms_opt(c.hour, c.minute, 0))?;
    let date = known.date.or(context.date);
    let there = of_day(known.clock?, known.offset.or_else(|| other_zone?.offset(date, known.clock))?);
    let same = |z: &&Zone| z.offset(date, Some(clock)).is_some_and(|o| of_day(clock, o) / 60 == there / 60);
    let meant = readings.iter().find(same)?;
    Some(Context { witnesses: Arc::new([*meant]), ..context.clone() })
}

fn one(written: &Written, context: &Context) -> (Moment, Option<Zone>, bool) {
    let mut moment = Moment { approximate: written.approximate, ..Moment::default() };
    match written.date {
        Some(date) => {
            let (date, year_inferred) = complete(date, context);
            moment.date = date;
            if year_inferred {
                moment.inferred.push(Part::Year);
            }
        }
        None => {
            moment.date = match (written.day, context.date) {
                (Some(NamedDay::Counted(CountedDay::LastNight)), Some(near)) => {
                    let is_morning = written.clock.is_some_and(|clock| clock.hour < 12);
                    let day = if is_morning { CountedDay::Today } else { CountedDay::Yesterday };
                    named_day(NamedDay::Counted(day), near, context)
                }
                (Some(day), Some(near)) => named_day(day, near, context),
                (Some(NamedDay::Month(day)), None) => context.month.and_then(|month| month.with_day(day)),
                (_, date) => date,
            };
            if moment.date.is_some() {
                moment.inferred.push(Part::Date);
            }
        }
    }
    if let Some(clock) = written.clock {
        moment.clock = NaiveTime::from_hms_opt(clock.hour, clock.minute, clock.second.unwrap_or(0));
        moment.has_seconds = clock.second.is_some();
        if clock.next_day {
            moment.date = moment.date.and_then(|d| d.succ_opt());
        }
    }
    let label = written.zone.as_ref().or(context.zone.as_ref());
    let (zone, is_ambiguous) = label.map_or((None, false), |l| choose(l, &context.witnesses, moment.date));
    if moment.clock.is_some() {
        let season = written.date.map(|d| (d.month, d.day)).or(context.season).filter(|_| moment.date.is_none());
        moment.offset = zone.and_then(|z| {
            let (month, day) = season.unzip();
            z.offset(moment.date, moment.clock).or_else(|| z.offset_in_season(month?, day?))
        });
        moment.zone = label.map(|l| l.split_once(" (").map_or(l.as_str(), |(own, _)| own).to_owned());
        // An hour that clocks skipped or repeated leaves its offset open.
        let is_open = || zone?.clock_change(moment.date?, moment.clock?);
        if moment.zone.is_some() && (written.zone.is_none() || is_open().is_some()) {
            moment.inferred.push(Part::Zone);
        }
    }
    (moment, zone, is_ambiguous)
}

/// The day of a name that is meant near a date.
fn named_day(day: NamedDay, near: NaiveDate, context: &Context) -> Option<NaiveDate> {
    match day {
        NamedDay::Week(day) => {
            let from = near.checked_sub_signed(Duration::days(context.days_back))?;
            from.iter_days().take(7).find(|d| d.weekday() == day)
        }
        NamedDay::Counted(CountedDay::Next) => near.succ_opt(),
        NamedDay::Counted(CountedDay::Previous) => near.pred_opt(),
        NamedDay::Counted(CountedDay::Today) => context.today.or(Some(near)),
        NamedDay::Counted(CountedDay::Yesterday | CountedDay::LastNight) => context.yesterday.or(Some(near)),
        NamedDay::Month(day) => {
            let first = near.with_day(1)?;
            let months =
                [first.checked_sub_months(Months::new(1)), Some(first), first.checked_add_months(Months::new(1))];
            let days = months.into_iter().flatten().filter_map(|m| m.with_day(day));
            days.min_by_key(|d| (*d - near).num_days().abs())
        }
    }
}

/// The same instant on the calendar and clock of another zone, which the moment then says it came from context.
/// Nothing when the moment is no instant or the label no zone.
pub fn in_zone(moment: &Moment, label: &str, witnesses: &[Zone]) -> Option<Moment> {
    let zone = choose(label, witnesses, moment.date).0?;
    let utc = moment.utc()?.naive_utc();
    // The offset of a place depends on its own calendar, which is at most a day away.
    let offset = zone.offset(Some(utc.date()), Some(utc.time()))?;
    let local = utc.checked_add_offset(offset)?;
    let offset = zone.offset(Some(local.date()), Some(local.time()))?;
    let local = utc.checked_add_offset(offset)?;
    let mut inferred = moment.inferred.clone();
    if !inferred.contains(&Part::Zone) {
        inferred.push(Part::Zone);
    }
    Some(Moment {
        date: Some(local.date()),
        clock: Some(local.time()),
        offset: Some(offset),
        zone: Some(label.to_owned()),
        inferred,
        ..moment.clone()
    })
}

/// The reading of a label, and whether it has others among which nothing chose: the reading that the first possible
/// witness agrees with, else the commonest.
fn choose(label: &str, witnesses: &[Zone], date: Option<NaiveDate>) -> (Option<Zone>, bool) {
    let readings = zone::readings(label);
    let named = |w: &Zone| readings.iter().find(|z| z.agrees_with(*w, date)).copied();
    match witnesses.iter().find_map(named) {
        Some(zone) => (Some(zone), false),
        None => (readings.first().copied(), zone::is_ambiguous(label)),
    }
}

fn from_origin(elapsed: i64, context: &Context) -> Moment {
    let Some(origin) = &context.origin else { return Moment::default() };
    let mut moment = origin.clone();
    moment.inferred = vec![Part::Date];
    if moment.zone.is_some() {
        moment.inferred.push(Part::Zone);
    }
    let (Some(clock), shift) = (origin.clock, Duration::minutes(elapsed)) else { return Moment::default() };
    let (clock, overflow) = clock.overflowing_add_signed(shift);
    moment.clock = Some(clock);
    moment.date = origin.date.and_then(|d| d.checked_add_signed(Duration::seconds(overflow)));
    moment
}

/// The full date, and whether its year came from context.
fn complete(date: WrittenDate, context: &Context) -> (Option<NaiveDate>, bool) {
    let (month, day) =
        if date.swappable && context.day_first { (date.day, date.month) } else { (date.month, date.day) };
    if let Some(year) = date.year {
        return (NaiveDate::from_ymd_opt(year, month, day), false);
    }
    let Some(anchor) = context.year else { return (None, false) };
    let year = match anchor {
        YearAnchor::Year(year) => Some(year),
        YearAnchor::Near(near) => (near.year() - 1..=near.year() + 1)
            .filter_map(|y| NaiveDate::from_ymd_opt(y, month, day))
            .min_by_key(|d| (*d - near).num_days().abs())
            .map(|d| d.year()),
        YearAnchor::Before(before) => {
            let limit = before.checked_add_days(PUBLICATION_SLACK).unwrap_or(before);
            (before.year() - 1..=before.year() + 1)
                .rev()
                .filter_map(|y| NaiveDate::from_ymd_opt(y, month, day))
                .find(|d| *d <= limit)
                .map(|d| d.year())
        }
    };
    (year.and_then(|y| NaiveDate::from_ymd_opt(y, month, day)), true)
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;

    fn resolved(text: &str, context: &Context) -> String {
        let times = written::read(text);
        let resolved = resolve(&times.written[0], context);
        let show = |m: &Moment| {
            let inferred: Vec<&str> = m.inferred.iter().map(|p| p.name()).collect();
            let marks = if inferred.is_empty() { String::new() } else { format!(" [{}]", inferred.join(",")) };
            format!("{}{}{marks}", m.local_text(), m.offset_text().unwrap_or_default())
        };
        match &resolved.end {
            Some(end) => format!("{} > {}", show(&resolved.at), show(end)),
            None => show(&resolved.at),
        }
    }

    #[test]
    fn a_named_day_is_the_one_near_the_date_before() {
        // A Friday.
        let date = NaiveDate::from_ymd_opt(2024, 3, 1);
        for (text, days_back, expected) in [
            ("Mon 08:15", 3, "2024-03-04T08:15 [date]"),
            ("at 08:15 on Wednesday", 3, "2024-02-28T08:15 [date]"),
            ("Wednesday 08:15", 1, "2024-03-06T08:15 [date]"),
            ("Monday at 08:15", 6, "2024-02-26T08:15 [date]"),
            ("Friday 08:15", 6, "2024-03-01T08:15 [date]"),
            ("at 8 PM on the 29th.", 3, "2024-02-29T20:00 [date]"),
            ("On the 2nd at 08:15", 3, "2024-03-02T08:15 [date]"),
            ("at 08:15 on the 2nd attempt", 3, "2024-03-01T08:15 [date]"),
            ("at 08:15 the next morning", 3, "2024-03-02T08:15 [date]"),
            ("08:15 (+1 day)", 3, "2024-03-02T08:15 [date]"),
            ("08:15 (+1)", 3, "2024-03-02T08:15 [date]"),
            ("23:29 (the night before)", 3, "2024-02-29T23:29 [date]"),
            ("22:10 -1d", 3, "2024-02-29T22:10 [date]"),
            ("am Vorabend um 22:10", 3, "2024-02-29T22:10 [date]"),
            ("at 8:15 p.m. On Sunday", 3, "2024-03-01T20:15 [date]"),
            ("rétabli samedi vers 13h", 3, "2024-03-02T13:00 [date]"),
            ("today at 08:15", 3, "2024-03-05T08:15 [date]"),
            ("08:15 yesterday", 3, "2024-03-04T08:15 [date]"),
            ("last night at 23:15", 3, "2024-03-04T23:15 [date]"),
            ("last night at 00:15", 3, "2024-03-05T00:15 [date]"),
            ("le lendemain à 08:15", 3, "2024-03-02T08:15 [date]"),
            ("from 22:00 on Friday until 04:00 on Sunday", 3, "2024-03-01T22:00 [date] > 2024-03-03T04:00 [date]"),
        ] {
            let (today, yesterday) = (NaiveDate::from_ymd_opt(2024, 3, 5), NaiveDate::from_ymd_opt(2024, 3, 4));
            let context = Context { date, days_back, today, yesterday, ..Context::default() };
            assert_eq!(resolved(text, &context), expected, "{text}");
        }
    }

    #[test]
    fn context_completes_what_the_words_leave_out() {
        let date = |text: &str| Some(text.parse().unwrap());
        let plain = Context::default();
        let dated = Context { date: date("2024-01-18"), zone: Some("CET".to_owned()), ..Context::default() };
        let near = Context { year: Some(YearAnchor::Near("2024-01-02".parse().unwrap())), ..Context::default() };
        let before = Context { year: Some(YearAnchor::Before("2024-01-02".parse().unwrap())), ..Context::default() };
        let year = Context { year: Some(YearAnchor::Year(2025)), ..Context::default() };
        let day_first = Context { day_first: true, ..Context::default() };
        for (text, context, expected) in [
            ("10:07 CET", &plain, "T10:07+01:00"),
            ("10:07", &plain, "T10:07"),
            ("10:07", &dated, "2024-01-18T10:07+01:00 [date,zone]"),
            ("23:50 - 00:20", &dated, "2024-01-18T23:50+01:00 [date,zone] > 2024-01-19T00:20+01:00 [date,zone]"),
            ("Dec 30 10:00 UTC", &near, "2023-12-30T10:00+00:00 [year]"),
            ("Jan 4 10:00 UTC", &before, "2024-01-04T10:00+00:00 [year]"),
            ("Feb 18 10:00 UTC", &before, "2024-02-18T10:00+00:00 [year]"),
            ("May 18 10:00 UTC", &before, "2023-05-18T10:00+00:00 [year]"),
            ("Dec 31 23:00 - Jan 1 01:00", &year, "2025-12-31T23:00 [year] > 2026-01-01T01:00 [year]"),
            ("06/07/2025 14:05", &plain, "2025-06-07T14:05"),
            ("06/07/2025 14:05", &day_first, "2025-07-06T14:05"),
            ("2025-06-10 08:14 PT", &plain, "2025-06-10T08:14-07:00"),
            ("24:00", &dated, "2024-01-19T00:00+01:00 [date,zone]"),
        ] {
            assert_eq!(resolved(text, context), expected, "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_tells_the_season_of_a_place() {
        let paris = Context { zone: Some("Europe/Paris".to_owned()), ..Context::default() };
        assert_eq!(resolved("16 novembre à 18:00", &paris), "T18:00+01:00 [zone]");
        assert_eq!(resolved("18:20", &Context { season: Some((11, 16)), ..paris.clone() }), "T18:20+01:00 [zone]");
        assert_eq!(resolved("18:20", &paris), "T18:20 [zone]");
    }

    #[test]
    fn an_instant_can_be_told_in_another_zone() {
        let times = written::read("2018-02-01T04:49:55Z");
        let at = resolve(&times.written[0], &Context::default()).at;
        let there = in_zone(&at, "US/Pacific", &[]).unwrap();
        assert_eq!(there.local_text(), "2018-01-31T20:49:55");
        assert_eq!((there.utc(), there.inferred), (at.utc(), vec![Part::Zone]));
        assert_eq!(in_zone(&Moment { offset: None, ..at.clone() }, "UTC", &[]), None);
        assert_eq!(in_zone(&at, "nowhere", &[]), None);
    }

    #[test]
    fn a_configured_zone_chooses_among_readings() {
        let dublin = Context { witnesses: zone::readings("Europe/Dublin").into(), ..Context::default() };
        assert_eq!(resolved("2024-07-01 10:00 IST", &Context::default()), "2024-07-01T10:00+05:30");
        assert_eq!(resolved("2024-07-01 10:00 IST", &dublin), "2024-07-01T10:00+01:00");
    }

    #[test]
    fn ambiguous_labels_are_chosen_or_known_to_be_open() {
        let at = |text: &str, witnesses: &str| {
            let witnesses = zone::readings(witnesses).into();
            let found = resolve(&written::read(text).written[0], &Context { witnesses, ..Context::default() });
            (found.at.offset_text().unwrap_or_default(), found.is_ambiguous)
        };
        for (text, witness, offset, open) in [
            ("2024-07-01 10:00 IST", "", "+05:30", true),
            ("2024-07-01 10:00 IST", "Asia/Jerusalem", "+02:00", false),
            ("2024-07-01 10:00 IST / 09:00 UTC", "", "+01:00", false),
            ("2024-01-10 10:00 CST", "", "-06:00", true),
            ("2024-01-10 10:00 CST", "CDT", "-06:00", false),
            ("2024-01-10 10:00 CST", "Asia/Shanghai", "+08:00", false),
            ("2024-07-01 10:00 BST", "Europe/London", "+01:00", false),
            ("2024-07-01 10:00 BST", "+06:00", "+06:00", false),
            ("2024-01-10 10:00 EST", "", "-05:00", true),
            ("2024-01-10 10:00 EST", "Australia/Brisbane", "+10:00", false),
            ("2024-01-10 10:00 AST", "Asia/Riyadh", "+03:00", false),
            ("2024-01-10 10:00 CET", "", "+01:00", false),
            ("2024-01-10 10:00 PST", "", "-08:00", false),
            ("2024-01-10 10:00 PST", "Asia/Manila", "+08:00", false),
        ] {
            assert_eq!(at(text, witness), (offset.to_owned(), open), "{text} beside {witness:?}");
        }
    }

    #[test]
    fn the_edges_of_time_are_defined() {
        let plain = Context::default();
        for (text, context, expected) in [
            // A day that does not exist is no date; its clock keeps standing.
            ("2024-02-29 10:00 UTC", &plain, "2024-02-29T10:00+00:00"),
            ("2023-02-29 10:00 UTC", &plain, "T10:00+00:00"),
            (
                "29 February 10:00 UTC",
                &Context { year: Some(YearAnchor::Year(2023)), ..Context::default() },
                "T10:00+00:00 [year]",
            ),
            // The end of a day is the beginning of the next, of a year too.
            ("2024-12-31 24:00 UTC", &plain, "2025-01-01T00:00+00:00"),
            ("2024-12-31 23:50 - 00:10 UTC", &plain, "2024-12-31T23:50+00:00 > 2025-01-01T00:10+00:00 [date]"),
            // Years before 1970 and after 2099 are version numbers, ports and placeholders.
            ("0001-01-01 10:00 UTC", &plain, "T10:00+00:00"),
            ("9999-12-31 10:00 UTC", &plain, "T10:00+00:00"),
            ("2099-12-31 10:00 UTC", &plain, "2099-12-31T10:00+00:00"),
            // Offsets reach from -14:00 to +14:00.
            ("2024-01-01T10:00+14:00", &plain, "2024-01-01T10:00+14:00"),
            ("2024-01-01T10:00-14:00", &plain, "2024-01-01T10:00-14:00"),
            ("2024-01-01T10:00+14:30", &plain, "2024-01-01T10:00"),
            // A clock that did not exist is read with the offset before the change, one that came twice with the first.
            ("2025-03-30 02:30 Europe/Berlin", &plain, "2025-03-30T02:30+01:00 [zone]"),
            ("2025-10-26 02:30 Europe/Berlin", &plain, "2025-10-26T02:30+02:00 [zone]"),
        ] {
            assert_eq!(resolved(text, context), expected, "{text}");
        }
        let shown = |text: &str| resolve(&written::read(text).written[0], &Context::default()).at;
        // Lengths may be negative, and as long as a year and more.
        assert_eq!(shown("2024-01-01 10:00 UTC").minutes_since(&shown("2024-01-01 12:00 UTC")), Some(-120));
        assert_eq!(shown("2025-02-04 10:00 UTC").minutes_since(&shown("2024-01-01 10:00 UTC")), Some(400 * 1440));
        assert_eq!(shown("2024-01-01T00:00-14:00").minutes_since(&shown("2024-01-01T00:00+14:00")), Some(28 * 60));
    }
}
