//! Which number of an incident is meant? The value of a metric under each reading of it.

use super::columns::Columns;
use super::{AnalyticsError, Frames};
use crate::domain::{Measure, Metric, MilestoneKind, is_date_mistyped};
use crate::time::hours::SupportHours;
use crate::time::support::minutes_within;
use polars::prelude::{DataType, Expr, NULL, TimeUnit, col, lit, when};

/// Which of a metric's values are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// The one the record chose, as [`crate::domain::Duration::minutes`] says.
    #[default]
    Chosen,
    /// Only what authors stated.
    Stated,
    /// Only the difference of two milestones.
    Computed,
    /// The difference of two milestones, in minutes of support hours. Needs [`with_support_hours`].
    SupportHours,
}

impl Basis {
    /// The value of every incident in minutes, in the order of the table; none where it is unknown.
    pub(super) fn minutes(self, measure: &Measure, frames: &Frames) -> Result<Vec<Option<f64>>, AnalyticsError> {
        let incidents = frames.frame("incidents");
        let (Some(metric), Some(incidents)) = (measure.metric, incidents) else { return self.own(measure, frames) };
        let name = metric.name();
        let real = |minutes: Option<i64>| minutes.map(|minutes| minutes as f64);
        let of = |kind: &str| Ok::<_, AnalyticsError>(incidents.column(&format!("{name}{kind}_minutes"))?.i64()?);
        Ok(match self {
            Basis::Chosen => of("")?.iter().map(real).collect(),
            Basis::Stated => of("_stated")?.iter().map(real).collect(),
            Basis::Computed => of("_computed")?.iter().map(real).collect(),
            Basis::SupportHours => {
                let support = incidents.column(&support_column(measure))?.f64()?;
                // A mistyped date would make weeks of support hours.
                let told = mistyped_rows(frames, metric)?.into_iter().zip(support.iter());
                told.map(|(is_mistyped, support)| support.filter(|_| !is_mistyped)).collect()
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
                moments.map(str::to_owned).chain(metric.into_iter().flat_map(lengths)).collect()
            }
            (_, None) => {
                let offsets = OFFSETS.iter().map(|m| format!("{}_computed_minutes", m.name()));
                let moments = [measure.start, measure.end, MilestoneKind::Started].map(|kind| kind.name().to_owned());
                offsets.chain(moments).collect()
            }
            (Basis::Stated, Some(m)) => vec![format!("{}_stated_minutes", m.name())],
            (Basis::Computed, Some(m)) => vec![format!("{}_computed_minutes", m.name())],
            // The footing names whose date is mistyped.
            (Basis::Chosen, Some(m)) => lengths(m).into(),
        }
    }
}

fn ends(measure: &Measure) -> [MilestoneKind; 2] {
    [measure.start, measure.end]
}

fn computed(metric: Metric) -> Expr {
    col(format!("{}_computed_minutes", metric.name()))
}

/// The columns of what is known of a length: the chosen one, the stated, the computed.
fn lengths(metric: Metric) -> [String; 3] {
    ["", "_stated", "_computed"].map(|kind| format!("{}{kind}_minutes", metric.name()))
}

/// Of which incidents the stated value counts because a date is mistyped, in the order of the table.
pub(super) fn mistyped_rows(frames: &Frames, metric: Metric) -> Result<Vec<bool>, AnalyticsError> {
    let Some(incidents) = frames.frame("incidents") else { return Ok(Vec::new()) };
    let [chosen, stated, computed] = lengths(metric).map(|name| incidents.column(&name));
    let (chosen, stated, computed) = (chosen?.i64()?, stated?.i64()?, computed?.i64()?);
    let told = chosen.iter().zip(stated.iter()).zip(computed.iter());
    let is_mistyped = |((chosen, stated), computed): ((Option<i64>, Option<i64>), Option<i64>)| {
        let both = stated.zip(computed).filter(|_| chosen == stated);
        both.is_some_and(|(stated, computed)| is_date_mistyped(stated, computed))
    };
    Ok(told.map(is_mistyped).collect())
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
    let rows = incidents.column("id")?.str()?.iter().zip(mistyped_rows(frames, metric)?);
    let mut ids: Vec<String> =
        rows.filter(|(_, is_mistyped)| *is_mistyped).filter_map(|(id, _)| id.map(str::to_owned)).collect();
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
    fn whose_date_is_mistyped_is_named() {
        let rows = [
            "id=b ttr_minutes=110 ttr_computed_minutes=89390 ttr_stated_minutes=110",
            "id=a ttr_minutes=60 ttr_computed_minutes=1500 ttr_stated_minutes=60",
            // Two values that merely disagree.
            "id=c ttr_minutes=1305 ttr_computed_minutes=1305 ttr_stated_minutes=285",
            // Corrected by hand: not second-guessed.
            "id=d ttr_minutes=89390 ttr_computed_minutes=89390 ttr_stated_minutes=110",
            "id=e ttr_minutes=70 ttr_stated_minutes=70",
            "id=f",
        ];
        let ttr = Measure::from(Metric::Ttr);
        let chosen = [Some(110.0), Some(60.0), Some(1305.0), Some(89390.0), Some(70.0), None];
        assert_eq!(values(&rows, &ttr, Basis::Chosen), chosen);
        let computed = [Some(89390.0), Some(1500.0), Some(1305.0), Some(89390.0), None, None];
        assert_eq!(values(&rows, &ttr, Basis::Computed), computed);
        assert_eq!(mistyped(&incidents(&rows), Metric::Ttr).unwrap(), ["a", "b"]);
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
