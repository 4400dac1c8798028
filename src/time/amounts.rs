//! The words of amounts of time, and the expression that they make: part of the build too, which makes its program.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `durations.toml`.
#[derive(Deserialize)]
pub(super) struct Words {
    pub(super) indefinite: Vec<String>,
    pub(super) joins: Vec<String>,
    pub(super) approximate: Vec<String>,
    pub(super) units: Units,
    pub(super) counted: Counted,
    pub(super) numbers: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Units {
    pub(super) weeks: Vec<String>,
    pub(super) days: Vec<String>,
    pub(super) hours: Vec<String>,
    pub(super) minutes: Vec<String>,
    pub(super) seconds: Vec<String>,
}

/// Units that stand behind digits only.
#[derive(Deserialize)]
pub(super) struct Counted {
    pub(super) days: Vec<String>,
    pub(super) hours: Vec<String>,
    pub(super) minutes: Vec<String>,
}

/// One amount with its unit, and amounts that follow it.
pub(super) fn expression(words: &Words) -> String {
    let mut spelled: Vec<String> = words.numbers.values().flatten().chain(&words.indefinite).cloned().collect();
    // Longest first: "twenty four" before "twenty", and a hyphen counts as a space.
    spelled.sort_by_key(|w| std::cmp::Reverse(w.len()));
    let spelled = spelled.join("|").replace(' ', r"[-\ ]");
    let number = format!(r"\d{{1,5}}(?:[.,]\d{{1,2}})?(?:\s(?:1/2|½))?|½|\b(?:{spelled})");
    let Units { weeks, days, hours, minutes, seconds } = &words.units;
    let (weeks, days, hours) = (weeks.join("|"), days.join("|"), hours.join("|"));
    let (minutes, seconds) = (minutes.join("|"), seconds.join("|"));
    let counted = &words.counted;
    let (counted_days, counted_hours) = (counted.days.join("|"), counted.hours.join("|"));
    let counted_minutes = counted.minutes.join("|");
    let join = format!(r"[\s,.]{{0,3}} (?:(?:{})\s)?", words.joins.join("|"));
    format!(
        r"(?xi)
        (?P<number>{number})
          (?: [-\s]{{1,2}} (?P<weeks>{weeks}) \b
            | [-\s]{{0,2}} (?P<days>{days}) \b (?: {join} (?P<days_h>\d{{1,2}}) \s? (?:{hours}) \b
                  (?: {join} (?P<days_m>\d{{1,2}}) \s? (?:{minutes}) \b )? )?
            | \s? (?P<letter>h) \s (?P<apart>[0-5]\d) \b
            | (?P<frac>\sand\s(?:a\s)?half)? [-\s]{{0,2}} (?P<hours>{hours}) (?P<half>\sand\s(?:a\s)?half)?
                  (?: (?:\b {join})? (?P<m>\d{{1,2}}) [-\s]? (?:{minutes}) \b | (?P<glued>\d{{2}}) \b | \b )
            | [-\s]{{0,2}} (?P<minutes>{minutes}) \b )
        | (?P<seconds>\d{{1,5}}) [-\s]{{0,2}} (?:{seconds}) \b
        | (?P<counted>\d{{1,5}}) \s?
            (?: (?P<counted_days>{counted_days})
              | (?P<counted_hours>{counted_hours}) (?: {join} (?P<counted_m>\d{{1,2}}) \s? (?:{counted_minutes}) )?
              | (?P<counted_minutes>{counted_minutes}) )"
    )
}
