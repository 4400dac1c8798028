//! The words of amounts of time, and the expression that they make: part of the build too, which makes its program.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `durations.toml`.
#[derive(Deserialize)]
pub(super) struct Words {
    pub(super) indefinite: Vec<String>,
    pub(super) halves: Vec<String>,
    pub(super) quarters: Vec<String>,
    pub(super) joins: Vec<String>,
    pub(super) approximate: Vec<String>,
    pub(super) units: Units,
    pub(super) counted: Counted,
    pub(super) numbers: BTreeMap<String, Vec<String>>,
    /// Phrases that are a length without any number, by their minutes.
    pub(super) wholes: BTreeMap<String, Vec<String>>,
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

/// All spelled numbers, and the lengths of their own behind them.
pub(super) fn spelled(words: &Words) -> impl Iterator<Item = &String> {
    words.numbers.values().flatten().chain(&words.indefinite).chain(words.wholes.values().flatten())
}

/// What a spelled number begins with, up to a space or a letter beyond ASCII.
pub(super) fn begin(number: &str) -> &str {
    number.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("")
}

/// One amount with its unit, and amounts that follow it.
pub(super) fn expression(words: &Words) -> String {
    // Longest first: "twenty four" before "twenty", and a hyphen counts as a space.
    let alternatives = |words: &mut dyn Iterator<Item = &String>| {
        let mut all: Vec<&str> = words.map(String::as_str).collect();
        all.sort_by_key(|w| std::cmp::Reverse(w.len()));
        all.join("|").replace(' ', r"[-\ ]")
    };
    let spelled = alternatives(&mut words.numbers.values().flatten().chain(&words.indefinite));
    let counting = alternatives(&mut words.numbers.values().flatten());
    let wholes = alternatives(&mut words.wholes.values().flatten());
    let part = |phrases: &[String]| phrases.join("|").replace(' ', r"\s");
    let (halves, quarters) = (part(&words.halves), part(&words.quarters));
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
            | (?P<days_frac>\s(?:{halves}))? [-\s]{{0,2}} (?P<days>{days}) \b (?P<days_half>\s(?:{halves})\b)?
                  (?: {join} (?P<days_h>\d{{1,2}}) \s? (?:{hours}) \b
                  (?: {join} (?P<days_m>\d{{1,2}}) \s? (?:{minutes}) \b )? )?
            | \s? (?P<letter>h) \s (?P<apart>[0-5]\d) (?: \s? (?:{minutes}) )? \b
            | (?P<frac>\s(?:{halves}))? [-\s]{{0,2}} (?P<hours>{hours})
                  (?: (?P<half>\s(?:{halves})) | (?P<quarter>\s(?:{quarters})) )?
                  (?: (?:\b {join})? (?P<m>\d{{1,2}}|\b(?:{counting})) [-\s]? (?:{minutes}) \b
                    | (?P<glued>\d{{2}}) \b | \b )
            | [-\s]{{0,2}} (?P<minutes>{minutes}) \b )
        | \b(?P<whole>{wholes}) \b
        | (?P<seconds>\d{{1,5}}) [-\s]{{0,2}} (?:{seconds}) \b
        | (?P<counted>\d{{1,5}}) \s?
            (?: (?P<counted_days>{counted_days})
              | (?P<counted_hours>{counted_hours}) (?: {join} (?P<counted_m>\d{{1,2}}) \s? (?:{counted_minutes}) )?
              | (?P<counted_minutes>{counted_minutes}) )"
    )
}
