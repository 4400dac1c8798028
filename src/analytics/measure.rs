//! Which number of an incident is meant? The value of a metric under each reading of it.

use super::columns::Columns;
use super::{AnalyticsError, Frames};
use crate::domain::{Measure, Metric, MilestoneKind};
use crate::time::hours::SupportHours;
use crate::time::support::minutes_within;
use polars::prelude::{DataFrame, DataType, Expr, NULL, TimeUnit, col, lit, when};

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
const DAY: u64 = 1_440;

/// Stated and computed agree on the clock when they are at most this far apart, in minutes.
const SLACK: u64 = 10;

impl Basis {
    /// The value of every incident in minutes, in the order of the table; none where it is unknown.
    pub(super) fn minutes(self, measure: &Measure, frames: &Frames) -> Result<Vec<Option<f64>>, AnalyticsError> {
        let incidents = frames.frame("incidents");
        let (Some(metric), Some(incidents)) = (measure.metric, incidents) else { return self.own(measure, frames) };
        let name = metric.name();
        let real = |minutes: Option<i64>| minutes.map(|minutes| minutes as f64);
        let of = |kind: &str| Ok::<_, AnalyticsError>(incidents.column(&format!("{name}{kind}_minutes"))?.i64()?);
        Ok(match self {
            Basis::Chosen => lengths(incidents, metric)?.map(|l| real(l.counted())).collect(),
            Basis::Stated => of("_stated")?.iter().map(real).collect(),
            Basis::Computed => of("_computed")?.iter().map(real).collect(),
            Basis::SupportHours => {
                let support = incidents.column(&support_column(measure))?.f64()?;
                // A mistyped date would make weeks of support hours.
                let counted = lengths(incidents, metric)?.zip(support.iter());
                counted.map(|(lengths, support)| support.filter(|_| !lengths.is_mistyped())).collect()
            }
        })
    }

    /// The values of several measures.
    pub(super) fn all_minutes(
        self,
        measures: &[Measure],
        frames: &Frames,
    ) -> Result<Vec<Vec<Option<f64>>>, AnalyticsError> {
        measures.iter().map(|measure| self.minutes(measure, frames)).collect()
    }

    /// The same of a measure that a team has defined.
    fn own(self, measure: &Measure, frames: &Frames) -> Result<Vec<Option<f64>>, AnalyticsError> {
        let value = match self {
            Basis::Stated => return Ok(vec![None; frames.incident_count()]),
            Basis::SupportHours => col(support_column(measure)),
            Basis::Chosen | Basis::Computed => between(measure.start, measure.end).cast(DataType::Float64),
        };
        Columns::computed(frames.incidents(), vec![value.alias("value")])?.numbers("value")
    }

    /// The columns of the table that [`Basis::minutes`] reads.
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

fn computed(metric: Metric) -> Expr {
    col(format!("{}_computed_minutes", metric.name()))
}

/// What is known of how long an incident took, in minutes.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    /// The one that the record chose.
    chosen: Option<i64>,
    stated: Option<i64>,
    computed: Option<i64>,
}

impl Lengths {
    /// The stated and the computed one agree on the clock and are one or more whole days apart: someone mistyped a day,
    /// a month or a year. A correction by hand is not second-guessed.
    fn is_mistyped(self) -> bool {
        let (Some(stated), Some(computed)) = (self.stated, self.computed) else { return false };
        let Some(apart) = computed.checked_sub(stated).map(i64::unsigned_abs) else { return false };
        self.chosen == Some(computed) && apart >= DAY - SLACK && (apart + SLACK) % DAY <= 2 * SLACK
    }

    fn counted(self) -> Option<i64> {
        if self.is_mistyped() { self.stated } else { self.chosen }
    }
}

/// The lengths of every incident, in the order of the table.
fn lengths(incidents: &DataFrame, metric: Metric) -> Result<impl Iterator<Item = Lengths>, AnalyticsError> {
    let of =
        |kind: &str| Ok::<_, AnalyticsError>(incidents.column(&format!("{}{kind}_minutes", metric.name()))?.i64()?);
    let told = of("")?.iter().zip(of("_stated")?.iter()).zip(of("_computed")?.iter());
    Ok(told.map(|((chosen, stated), computed)| Lengths { chosen, stated, computed }))
}

/// Which incidents have a mistyped date, so that the stated value of a metric counts, in the order of the table.
pub(super) fn mistyped_rows(frames: &Frames, metric: Metric) -> Result<Vec<bool>, AnalyticsError> {
    let Some(incidents) = frames.frame("incidents") else { return Ok(Vec::new()) };
    Ok(lengths(incidents, metric)?.map(Lengths::is_mistyped).collect())
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
    let Some(incidents) = frames.frame("incidents") else { return Ok(Vec::new()) };
    let rows = incidents.column("id")?.str()?.iter().zip(lengths(incidents, metric)?);
    let mut ids: Vec<String> =
        rows.filter(|(_, l)| l.is_mistyped()).filter_map(|(id, _)| id.map(str::to_owned)).collect();
    ids.sort();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;
    use crate::domain::CustomMetric;

    fn values(rows: &[&str], measure: &Measure, basis: Basis) -> Vec<Option<f64>> {
        basis.minutes(measure, &incidents(rows)).unwrap()
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
