//! Where do stated and computed durations disagree, and does the report itself tell why?

use super::columns::Columns;
use super::measure::mistyped_rows;
use super::{AnalyticsError, Frames};
use crate::domain::{Metric, MilestoneKind};
use polars::prelude::col;

/// A metric of one incident whose two values disagree by more than the larger of 10 minutes and 10 % of the stated one.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    pub id: String,
    pub stated: f64,
    pub computed: f64,
    pub reason: Reason,
}

/// What the stated value agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The two are whole days apart: a date is mistyped.
    MistypedDate,
    /// It is the time between two other milestones.
    Between(MilestoneKind, MilestoneKind),
    /// It is the part of the computed one that lies in support hours.
    SupportHours,
    /// With nothing that is known.
    Unknown,
}

/// Both round to minutes, at either end.
const SLACK: f64 = 1.0;

/// The disagreements of a metric, in order of date, then id. `in_support_hours` names the column that
/// [`super::with_support_hours`] has added, if it has.
pub fn disagreements(
    frames: &Frames,
    metric: Metric,
    in_support_hours: bool,
) -> Result<Vec<Disagreement>, AnalyticsError> {
    let name = metric.name();
    let minutes = |name: &str, kind: &str| col(format!("{name}{kind}_minutes"));
    let mut wanted = vec![
        col("id"),
        col("date"),
        minutes(name, "_stated").alias("stated"),
        minutes(name, "_computed").alias("computed"),
    ];
    wanted.extend(OFFSETS.map(|(_, metric)| minutes(metric, "_computed").alias(metric)));
    if in_support_hours {
        wanted.push(minutes(name, "_support").alias("support"));
    }
    let columns = Columns::computed(frames.incidents(), wanted)?;
    let offsets = OFFSETS.iter().map(|(_, metric)| columns.numbers(metric)).collect::<Result<Vec<_>, _>>()?;
    let support = if in_support_hours { columns.numbers("support")? } else { Vec::new() };
    let (stated, computed) = (columns.numbers("stated")?, columns.numbers("computed")?);
    let (dates, mistyped) = (columns.dates("date")?, mistyped_rows(frames, metric)?);
    let mut found = Vec::new();
    for (i, id) in columns.texts("id")?.into_iter().enumerate() {
        let at = |values: &[Option<f64>]| values.get(i).copied().flatten();
        let (Some(id), Some(stated), Some(computed)) = (id, at(&stated), at(&computed)) else { continue };
        let gap = (stated - computed).abs();
        if gap <= 10.0 || gap * 10.0 <= stated {
            continue;
        }
        let is_near = |other: Option<f64>| other.is_some_and(|o| (o - stated).abs() <= SLACK);
        let reason = if mistyped.get(i) == Some(&true) {
            Reason::MistypedDate
        } else if let Some((from, to)) = pair(&offsets.iter().map(|o| at(o)).collect::<Vec<_>>(), metric, &is_near) {
            Reason::Between(from, to)
        } else if is_near(at(&support)) {
            Reason::SupportHours
        } else {
            Reason::Unknown
        };
        let date = dates.get(i).copied().flatten();
        found.push(((date.is_none(), date, id.clone()), Disagreement { id, stated, computed, reason }));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, disagreement)| disagreement).collect())
}

/// Milestones and the metric that places each on the clock that starts with the incident; acknowledgement is told from
/// detection on.
const OFFSETS: [(MilestoneKind, &str); 5] = [
    (MilestoneKind::Detected, "ttd"),
    (MilestoneKind::Acknowledged, "tta"),
    (MilestoneKind::Identified, "tti"),
    (MilestoneKind::Mitigated, "ttm"),
    (MilestoneKind::Resolved, "ttr"),
];

/// Two milestones as far apart as the value says; those that share an end with the metric first.
fn pair(
    lengths: &[Option<f64>],
    metric: Metric,
    is_near: &dyn Fn(Option<f64>) -> bool,
) -> Option<(MilestoneKind, MilestoneKind)> {
    let own = metric.definition();
    let detected = lengths.first().copied().flatten();
    let mut placed = vec![(MilestoneKind::Started, Some(0.0))];
    for ((kind, _), length) in OFFSETS.iter().zip(lengths) {
        let is_ack = *kind == MilestoneKind::Acknowledged;
        placed.push((*kind, if is_ack { length.zip(detected).map(|(a, d)| a + d) } else { *length }));
    }
    // Told from detection on, also where the start is not.
    let acknowledged = lengths.get(1).copied().flatten();
    let mut pairs = vec![];
    for (from, a) in &placed {
        for (to, b) in placed.iter().filter(|(to, _)| to != from) {
            if is_near(a.zip(*b).map(|(a, b)| b - a)) && (*from, *to) != (own.start, own.end) {
                pairs.push((*from, *to));
            }
        }
    }
    if pairs.is_empty() && is_near(acknowledged) {
        pairs.push((MilestoneKind::Detected, MilestoneKind::Acknowledged));
    }
    pairs.sort_by_key(|(from, to)| (*to != own.end, *from != own.start, *from, *to));
    pairs.into_iter().next()
}

/// The columns of the table that [`disagreements`] reads.
pub fn disagreement_columns(metric: Metric) -> Vec<String> {
    let name = metric.name();
    let offsets = OFFSETS.iter().map(|(_, metric)| format!("{metric}_computed_minutes"));
    offsets.chain(["", "_stated", "_computed"].map(|kind| format!("{name}{kind}_minutes"))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    #[test]
    fn the_report_often_tells_why() {
        let frames = incidents(&[
            // Counted from the declaration.
            "id=a date=2025-01-01 ttm_stated_minutes=30 ttm_computed_minutes=474 ttd_computed_minutes=390 \
             tta_computed_minutes=54 ttr_computed_minutes=474",
            // July written as September.
            "id=b date=2025-01-02 ttm_stated_minutes=110 ttm_computed_minutes=89390 ttm_minutes=110",
            "id=c date=2025-01-03 ttm_stated_minutes=249 ttm_computed_minutes=575",
            // Near enough to agree.
            "id=d date=2025-01-04 ttm_stated_minutes=60 ttm_computed_minutes=69",
            "id=e date=2025-01-05 ttm_stated_minutes=60",
        ]);
        let found = disagreements(&frames, Metric::Ttm, false).unwrap();
        let reasons: Vec<_> = found.iter().map(|d| (d.id.as_str(), d.reason)).collect();
        let declared = Reason::Between(MilestoneKind::Acknowledged, MilestoneKind::Mitigated);
        assert_eq!(reasons, [("a", declared), ("b", Reason::MistypedDate), ("c", Reason::Unknown)]);
    }
}
