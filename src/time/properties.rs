//! A written time is the same instant however it is written, and again when it is written in UTC.

use super::resolve::{Context, in_zone, resolve};
use super::written::{read, times};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;

/// The one instant that a text tells.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let written = read(text).written;
    let [one] = written.as_slice() else { return None };
    resolve(one, &Context::default()).at.utc()
}

/// Ways to write a date, a clock and an offset. A space before a bare `-05:00` makes a range of it.
const STYLES: &[&str] = &[
    "%Y-%m-%dT%H:%M:%S%:z",
    "%Y-%m-%d %H:%M:%S%:z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%B %-d, %Y %H:%M:%S UTC%:z",
    "%-d %B %Y, %H:%M:%S UTC%:z",
    "%Y-%m-%d %H:%M:%S GMT%:z",
];

/// Where no clock goes through an hour twice.
const ZONES: &[&str] = &["America/Phoenix", "Asia/Kathmandu", "CET", "+14:00", "-03:30"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn written_times_survive_the_way_through_utc(
        minute in 0..67_000_000_i64,
        second in 0..60_i64,
        quarters in -48..=56_i32,
        style in prop::sample::select(STYLES),
    ) {
        let start = NaiveDate::from_ymd_opt(1971, 1, 2).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
        let utc = start + TimeDelta::minutes(minute) + TimeDelta::seconds(second);
        let local = FixedOffset::east_opt(quarters * 900).unwrap().from_utc_datetime(&utc.naive_utc());
        let text = local.format(style).to_string();
        prop_assert_eq!(instant(&text), Some(utc), "{}", text);
        // As the record writes it.
        let shown = utc.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        prop_assert_eq!(instant(&shown), Some(utc), "{}", shown);
    }

    #[test]
    fn another_zone_is_the_same_instant(minute in 0..67_000_000_i64, zone in prop::sample::select(ZONES)) {
        let start = NaiveDate::from_ymd_opt(1971, 1, 2).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
        let utc = start + TimeDelta::minutes(minute);
        let text = utc.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let written = read(&text).written;
        let moment = resolve(&written[0], &Context::default()).at;
        let there = in_zone(&moment, zone, &[]).unwrap();
        prop_assert_eq!(there.utc(), Some(utc), "{} {:?}", text, there);
    }

    #[test]
    fn times_alone_are_those_of_all(text in "(?:noon|Midnight|mediodía|[A-Z]?[a-z]{2,6}|UTC|\\d{1,2}|12:30|[ ,.é-]){0,8}") {
        prop_assert_eq!(times(&text), read(&text).written);
    }

    #[test]
    fn any_text_has_times_or_none(text in any::<String>()) {
        for written in read(&text).written {
            prop_assert!(text.get(written.span).is_some());
        }
    }
}
