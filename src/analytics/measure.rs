//! Which number of an incident is meant? The value of a metric under each reading of it, as an expression over the
//! table of incidents.

use super::frames::Columns;
use super::{AnalyticsError, Frames};
use crate::domain::{Measure, Metric, MilestoneKind};
use crate::time::hours::SupportHours;
use crate::time::support::minutes_within;
use polars::prelude::{DataType, Expr, NULL, TimeUnit, col, lit, when};

/// Which of a metric's values are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// The one the record chose: a correction, else computed from milestones, else stated. Where the computed one
    /// differs from the stated one by whole days, a date is mistyped, and the stated one counts.
    #[default]
    Chosen,
    /// Only what authors stated.
    Stated,
    /// Only the difference of two milestones.
    Computed,
    /// The difference of two milestones, in minutes of support hours. Needs [`with_support_hours`].
    SupportHours,
}

/// A whole day, in minutes.
const DAY: i64 = 1_440;

/// Stated and computed agree on the clock when they are at most this far apart, in minutes.
const SLACK: i64 = 10;

impl Basis {
    /// The value in minutes; null where it is unknown.
    pub(super) fn value(self, measure: &Measure) -> Expr {
        let Some(metric) = measure.metric else {
            return match self {
                // A null a row; a bare literal would be a single one.
                Basis::Stated => when(col("id").is_null()).then(lit(NULL)).otherwise(lit(NULL)).cast(DataType::Float64),
                Basis::SupportHours => col(support_column(measure)),
                Basis::Chosen | Basis::Computed => between(measure.start, measure.end).cast(DataType::Float64),
            };
        };
        let name = metric.name();
        let value = match self {
            Basis::Chosen => when(is_mistyped(metric)).then(stated(metric)).otherwise(col(format!("{name}_minutes"))),
            Basis::Stated => stated(metric),
            Basis::Computed => computed(metric),
            // A mistyped date would make weeks of support hours.
            Basis::SupportHours => when(is_mistyped(metric)).then(lit(NULL)).otherwise(col(support_column(measure))),
        };
        value.cast(DataType::Float64)
    }

    /// The columns of the table that [`Basis::value`] reads.
    pub fn columns(self, measure: &Measure) -> Vec<String> {
        match (self, measure.metric) {
            (Basis::Stated, None) => Vec::new(),
            // Which hours count, the path tells.
            (Basis::SupportHours, metric) => {
                let moments = ends(measure).map(MilestoneKind::name).into_iter().chain(["path"]);
                let chosen = metric.map(|m| Basis::Chosen.columns(&m.into())).unwrap_or_default();
                moments.map(str::to_owned).chain(chosen).collect()
            }
            (_, None) => {
                let offsets = OFFSETS.iter().map(|m| format!("{}_computed_minutes", m.name()));
                let moments = [measure.start, measure.end, MilestoneKind::Started].map(|kind| kind.name().to_owned());
                offsets.chain(moments).collect()
            }
            (Basis::Stated, Some(m)) => vec![format!("{}_stated_minutes", m.name())],
            (Basis::Computed, Some(m)) => vec![format!("{}_computed_minutes", m.name())],
            (Basis::Chosen, Some(m)) => ["", "_stated", "_computed"].map(|s| format!("{}{s}_minutes", m.name())).into(),
        }
    }
}

fn ends(measure: &Measure) -> [MilestoneKind; 2] {
    [measure.start, measure.end]
}

fn stated(metric: Metric) -> Expr {
    col(format!("{}_stated_minutes", metric.name()))
}

fn computed(metric: Metric) -> Expr {
    col(format!("{}_computed_minutes", metric.name()))
}

/// The two values of a metric agree on the clock and are one or more whole days apart: someone mistyped a day, a month
/// or a year. A correction by hand is not second-guessed.
pub(super) fn is_mistyped(metric: Metric) -> Expr {
    let apart = (computed(metric) - stated(metric)).cast(DataType::Int64);
    let apart = when(apart.clone().lt(lit(0))).then(lit(0) - apart.clone()).otherwise(apart);
    let is_chosen = col(format!("{}_minutes", metric.name())).eq(computed(metric));
    let is_whole = ((apart.clone() + lit(SLACK)) % lit(DAY)).lt_eq(lit(2 * SLACK));
    is_chosen.and(apart.gt_eq(lit(DAY - SLACK))).and(is_whole).fill_null(lit(false))
}

/// Metrics that place a milestone on the clock that starts with the incident.
const OFFSETS: [Metric; 5] = [Metric::Ttd, Metric::Tta, Metric::Tti, Metric::Ttm, Metric::Ttr];

/// Minutes from one milestone to another: between the instants where both have one, else by way of the metrics, which
/// are known also where no zone is.
fn between(start: MilestoneKind, end: MilestoneKind) -> Expr {
    let ms = |kind: MilestoneKind| col(kind.name()).dt().timestamp(TimeUnit::Milliseconds);
    let instants = (ms(end) - ms(start)) / lit(60_000);
    let offsets = offset(end) - offset(start);
    let direct = match (start, end) {
        (MilestoneKind::Detected, MilestoneKind::Acknowledged) => computed(Metric::Tta),
        _ => offsets,
    };
    let minutes = when(instants.clone().is_null()).then(direct).otherwise(instants);
    // A milestone from before the incident is a mistyped one.
    let is_early = |kind: MilestoneKind| {
        let by_instant = ms(kind).lt(ms(MilestoneKind::Started)).fill_null(lit(false));
        by_instant.or(offset(kind).lt(lit(0)).fill_null(lit(false)))
    };
    when(is_early(start).or(is_early(end))).then(lit(NULL)).otherwise(minutes)
}

/// Minutes from the start of the incident.
fn offset(kind: MilestoneKind) -> Expr {
    match kind {
        MilestoneKind::Started => lit(0i64),
        MilestoneKind::Detected => computed(Metric::Ttd),
        MilestoneKind::Acknowledged => computed(Metric::Ttd) + computed(Metric::Tta),
        MilestoneKind::Identified => computed(Metric::Tti),
        MilestoneKind::Mitigated => computed(Metric::Ttm),
        MilestoneKind::Resolved => computed(Metric::Ttr),
    }
}

fn support_column(measure: &Measure) -> String {
    format!("{}_support_minutes", measure.name)
}

/// The frames with the measures' lengths in support hours, from the milestones' instants. `hours_of` gives the hours in
/// force for a document's path; incidents without instants or without hours have no such length.
pub fn with_support_hours<'h>(
    frames: &Frames,
    measures: &[Measure],
    hours_of: impl Fn(&str) -> Option<&'h SupportHours>,
) -> Result<Frames, AnalyticsError> {
    let paths = frames.columns(&["path"])?.texts("path")?;
    let hours: Vec<_> = paths.iter().map(|path| hours_of(path.as_deref().unwrap_or_default())).collect();
    let mut added = Vec::new();
    for measure in measures {
        let columns = frames.columns(&ends(measure).map(MilestoneKind::name))?;
        let (starts, ends) = (columns.instants(measure.start.name())?, columns.instants(measure.end.name())?);
        let minutes = starts.into_iter().zip(ends).zip(&hours).map(|((start, end), hours)| {
            let minutes = minutes_within((*hours)?, start?, end?)?;
            Some(minutes as f64)
        });
        added.push((support_column(measure), minutes.collect()));
    }
    frames.with_columns(added)
}

/// The ids of incidents whose mistyped date makes the stated value of a metric count.
pub fn mistyped(frames: &Frames, metric: Metric) -> Result<Vec<String>, AnalyticsError> {
    let columns = Columns::of(frames.incidents().filter(is_mistyped(metric)), &["id"])?;
    let mut ids: Vec<String> = columns.texts("id")?.into_iter().flatten().collect();
    ids.sort();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;
    use crate::domain::CustomMetric;

    fn values(rows: &[&str], measure: &Measure, basis: Basis) -> Vec<Option<f64>> {
        let frames = incidents(rows);
        let columns = Columns::computed(frames.incidents(), vec![basis.value(measure).alias("v")]).unwrap();
        columns.numbers("v").unwrap()
    }

    #[test]
    fn a_mistyped_date_does_not_make_months() {
        let rows = [
            // The end is written in September instead of July.
            "ttr_minutes=89390 ttr_computed_minutes=89390 ttr_stated_minutes=110",
            // A year too early.
            "ttr_minutes=-525570 ttr_computed_minutes=-525570 ttr_stated_minutes=30",
            // Two values that merely disagree.
            "ttr_minutes=1305 ttr_computed_minutes=1305 ttr_stated_minutes=285",
            // Corrected by hand.
            "ttr_minutes=89390 ttr_computed_minutes=50 ttr_stated_minutes=110",
            "ttr_minutes=70 ttr_stated_minutes=70",
            "ttr_minutes=70 ttr_computed_minutes=70",
            "",
        ];
        let ttr = Measure::from(Metric::Ttr);
        let chosen = [Some(110.0), Some(30.0), Some(1305.0), Some(89390.0), Some(70.0), Some(70.0), None];
        assert_eq!(values(&rows, &ttr, Basis::Chosen), chosen);
        let computed = [Some(89390.0), Some(-525570.0), Some(1305.0), Some(50.0), None, Some(70.0), None];
        assert_eq!(values(&rows, &ttr, Basis::Computed), computed);
        assert_eq!(
            mistyped(
                &incidents(&[
                    "id=b",
                    "id=a ttr_minutes=1500 ttr_computed_minutes=1500 \
                                           ttr_stated_minutes=60"
                ]),
                Metric::Ttr
            )
            .unwrap(),
            ["a"]
        );
    }

    #[test]
    fn a_teams_own_metric_is_the_time_between_its_milestones() {
        let text = String::new;
        let (start, end) = (MilestoneKind::Acknowledged, MilestoneKind::Mitigated);
        let own = CustomMetric { name: "repair".to_owned(), title: text(), start, end, meaning: text() };
        let own = Measure::from(&own);
        let rows = [
            "acknowledged=2025-04-03T10:10:00Z mitigated=2025-04-03T10:40:00Z",
            // No zone, so no instants; the metrics tell as much.
            "ttd_computed_minutes=5 tta_computed_minutes=6 ttm_computed_minutes=40",
            "ttd_computed_minutes=5 ttm_computed_minutes=40",
            // The responder's year is mistyped.
            "started=2025-04-03T10:00:00Z acknowledged=2024-04-03T10:10:00Z mitigated=2025-04-03T10:40:00Z",
        ];
        assert_eq!(values(&rows, &own, Basis::Chosen), [Some(30.0), Some(29.0), None, None]);
        assert_eq!(values(&rows, &own, Basis::Stated), [None, None, None, None]);
    }
}
