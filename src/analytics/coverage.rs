//! What do the reports tell at all? For each field how many incidents have it, and what keeps incidents out of numbers.

use super::columns::Columns;
use super::{AnalyticsError, Frames};

/// How many incidents tell a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldCoverage {
    /// The column.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    pub known: usize,
    pub total: usize,
    /// The incidents whose report lacks it, in order of id.
    pub lacking: Vec<String>,
}

/// The fields that a good report tells, in the order of a report. A label `unknown` and a count of 0 are not known.
const FIELDS: &[(&str, &str)] = &[
    ("org", "organisation"),
    ("date", "date"),
    ("zone", "time zone"),
    ("severity", "severity"),
    ("started", "start"),
    ("detected", "detection time"),
    ("acknowledged", "acknowledgement time"),
    ("identified", "identification time"),
    ("mitigated", "mitigation time"),
    ("resolved", "resolution time"),
    ("timeline_count", "timeline"),
    ("trigger", "trigger"),
    ("component", "component"),
    ("root_cause", "root cause"),
    ("detection", "detection source"),
    ("impact", "impact sentence"),
    ("action_count", "actions"),
];

pub fn coverage(frames: &Frames) -> Result<Vec<FieldCoverage>, AnalyticsError> {
    let names: Vec<_> = FIELDS.iter().map(|(name, _)| *name).chain(["id"]).collect();
    let columns = Columns::of(frames.incidents(), &names)?;
    let ids = columns.words("id")?;
    let count = |(name, title): &(&'static str, &'static str)| {
        let is_known = columns.told(name)?;
        let lacks = is_known.iter().zip(&ids).filter(|(is_known, _)| !**is_known);
        let mut lacking: Vec<&str> = lacks.filter_map(|(_, id)| *id).collect();
        lacking.sort_unstable();
        let lacking = lacking.into_iter().map(str::to_owned).collect();
        let known = is_known.iter().filter(|is_known| **is_known).count();
        Ok(FieldCoverage { name, title, known, total: columns.height(), lacking })
    };
    FIELDS.iter().map(count).collect()
}

/// What stands behind a set of incidents, and what keeps some of them out of which numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Intake {
    pub incidents: usize,
    /// No date: in no period.
    pub undated: usize,
    /// Neither an end nor a length is told (still open, or not written down): no TTM, TTR or impact.
    pub endless: usize,
    /// A stated and a computed duration disagree; the computed one is used.
    pub conflicting: usize,
    /// A negative duration (an end before the start): counted as missing.
    pub impossible: usize,
}

/// The columns of the table that [`intake`] reads.
pub const INTAKE_COLUMNS: &[&str] = &[
    "date",
    "mitigated",
    "resolved",
    "duration_conflict",
    "ttd_minutes",
    "tta_minutes",
    "tti_minutes",
    "ttm_minutes",
    "ttr_minutes",
    "impact_minutes",
];

pub fn intake(frames: &Frames) -> Result<Intake, AnalyticsError> {
    let columns = Columns::of(frames.incidents(), INTAKE_COLUMNS)?;
    let mut intake = Intake { incidents: columns.height(), ..Intake::default() };
    let (mut has_end, mut is_impossible) = (vec![false; columns.height()], vec![false; columns.height()]);
    for name in INTAKE_COLUMNS.iter().copied().filter(|name| name.ends_with("_minutes")) {
        let is_end = !["ttd_minutes", "tta_minutes", "tti_minutes"].contains(&name);
        let minutes = columns.integers(name)?;
        for ((has_end, is_impossible), minutes) in has_end.iter_mut().zip(&mut is_impossible).zip(minutes.iter()) {
            *has_end |= is_end && minutes.is_some();
            *is_impossible |= minutes.is_some_and(|minutes| minutes < 0);
        }
    }
    for name in ["mitigated", "resolved"] {
        for (has_end, is_known) in has_end.iter_mut().zip(columns.known(name)?.iter()) {
            *has_end |= is_known == Some(true);
        }
    }
    let count = |rows: &[bool], wanted: bool| rows.iter().filter(|row| **row == wanted).count();
    intake.undated = columns.unknown_count("date")?;
    intake.endless = count(&has_end, false);
    intake.impossible = count(&is_impossible, true);
    intake.conflicting = count(&columns.flags("duration_conflict")?, true);
    Ok(intake)
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    fn sample() -> Frames {
        incidents(&[
            "id=a org=Acme date=2025-04-03 trigger=unknown timeline_count=0 ttr_minutes=5 duration_conflict=true",
            "id=b org=Acme trigger=config timeline_count=4 ttd_minutes=-2",
            "id=c resolved=2025-04-03T10:00:00Z",
        ])
    }

    #[test]
    fn unknown_labels_and_empty_lists_are_not_known() {
        let found = coverage(&sample()).unwrap();
        let of = |name: &str| found.iter().find(|f| f.name == name).map(|f| (f.known, f.total));
        assert_eq!(of("org"), Some((2, 3)));
        assert_eq!(found[0].lacking, ["c"]);
        assert_eq!(of("trigger"), Some((1, 3)));
        assert_eq!(of("timeline_count"), Some((1, 3)));
    }

    #[test]
    fn what_stays_out_is_counted() {
        let expected = Intake { incidents: 3, undated: 2, endless: 1, conflicting: 1, impossible: 1 };
        assert_eq!(intake(&sample()).unwrap(), expected);
    }
}
