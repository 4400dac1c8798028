//! How long do incidents take? Every metric summarised, over all incidents or over each group of them.

use super::columns::value;
use super::frames::GroupColumn;
use super::summary::{Summary, summarise};
use super::{AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::record::Value;
use polars::prelude::{AnyValue, ExplodeOptions, Expr, LazyFrame, by_name, col, len, lit};
use rayon::prelude::*;
use std::cmp::Ordering;

/// A group of incidents and its durations.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationGroup {
    /// The value of each grouping column; null is a group of its own.
    pub key: Vec<Value>,
    pub incidents: usize,
    /// One a metric asked for, in that order; in minutes.
    pub summaries: Vec<Summary>,
}

/// Summarises metrics over the groups that the columns make; without columns over everything, as one group.
/// Periods and severities come in their order, other groups the largest first.
pub fn durations(
    frames: &Frames,
    by: &[GroupColumn],
    measures: &[Measure],
    basis: Basis,
) -> Result<Vec<DurationGroup>, AnalyticsError> {
    if by.is_empty() {
        // One after the other: the values of one are gone before those of the next are made.
        let summed = |measure| Ok(summarise(&basis.minutes(measure, frames)?));
        let summaries = measures.par_iter().map(summed).collect::<Result<_, AnalyticsError>>()?;
        return Ok(vec![DurationGroup { key: Vec::new(), incidents: frames.incident_count(), summaries }]);
    }
    let groups = grouped(frames, by, basis.all_minutes(measures, frames)?)?;
    let summed = |group: Group| DurationGroup {
        key: group.key,
        incidents: group.incidents,
        summaries: group.values.iter().map(|values| summarise(values)).collect(),
    };
    Ok(groups.into_iter().map(summed).collect())
}

/// A group of incidents and the values of each of them.
pub(super) struct Group {
    pub key: Vec<Value>,
    pub incidents: usize,
    /// One list for each that was given, one value an incident.
    pub values: Vec<Vec<Option<f64>>>,
}

/// The groups that the columns make, in the order in which they are shown, of lists of values that have one for each
/// incident, in the order of the table.
pub(super) fn grouped(
    frames: &Frames,
    by: &[GroupColumn],
    values: Vec<Vec<Option<f64>>>,
) -> Result<Vec<Group>, AnalyticsError> {
    if by.is_empty() {
        return Ok(vec![Group { key: Vec::new(), incidents: frames.incident_count(), values }]);
    }
    let names: Vec<String> = (0..values.len()).map(|i| format!("value-{i}")).collect();
    let mut named: Vec<Expr> = names.iter().map(|name| col(name.as_str())).collect();
    let valued = frames.with_columns(names.iter().cloned().zip(values).collect())?;
    let keys: Vec<_> = by.iter().map(|c| col(c.name)).collect();
    named.push(len().alias("incidents"));
    let grouped = exploded(valued.incidents(), by).group_by(keys).agg(named).collect()?;
    let mut groups = Vec::new();
    for row in 0..grouped.height() {
        let cell = |name: &str| -> Result<AnyValue<'_>, AnalyticsError> { Ok(grouped.column(name)?.get(row)?) };
        let key = by.iter().map(|c| Ok(value(&cell(c.name)?))).collect::<Result<_, AnalyticsError>>()?;
        let incidents = cell("incidents")?.extract::<usize>().unwrap_or_default();
        let values = names.iter().map(|n| numbers(&cell(n)?)).collect::<Result<_, AnalyticsError>>()?;
        groups.push(Group { key, incidents, values });
    }
    let is_ordered = by.first().is_some_and(|c| ORDERED.contains(&c.name));
    groups.sort_by(|a, b| order(a, b, is_ordered));
    Ok(groups)
}

/// Columns whose values have an order of their own.
const ORDERED: &[&str] = &["date", "month", "quarter", "year", "severity_level"];

/// An incident stands once for each value of a column that lists several.
pub(super) fn exploded(mut incidents: LazyFrame, by: &[GroupColumn]) -> LazyFrame {
    for column in by.iter().filter(|c| c.is_list) {
        let options = ExplodeOptions { empty_as_null: true, keep_nulls: true };
        incidents = incidents
            .with_columns([col(column.name).str().split(lit("; "))])
            .explode(by_name([column.name], true, false), options);
    }
    incidents
}

fn numbers(list: &AnyValue<'_>) -> Result<Vec<Option<f64>>, AnalyticsError> {
    match list {
        AnyValue::List(series) => Ok(series.f64()?.iter().collect()),
        _ => Ok(Vec::new()),
    }
}

/// What has an order of its own (time, severity) in that order, else the largest first; equal sizes by name; the
/// unknown last.
fn order(a: &Group, b: &Group, is_ordered: bool) -> Ordering {
    let unknown = |g: &Group| g.key.iter().filter(|v| **v == Value::Null).count();
    let size = if is_ordered { Ordering::Equal } else { b.incidents.cmp(&a.incidents) };
    unknown(a).cmp(&unknown(b)).then(size).then_with(|| compare_keys(&a.key, &b.key))
}

pub(super) fn compare_keys(a: &[Value], b: &[Value]) -> Ordering {
    let rank = |v: &Value| super::columns::number(v).unwrap_or(f64::INFINITY);
    let pair = |a: &Value, b: &Value| match (a, b) {
        // Grouping comes in any order, so that no two different keys may be equal here.
        (Value::Null, _) | (_, Value::Null) => (*a == Value::Null).cmp(&(*b == Value::Null)),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (a, b) => rank(a).total_cmp(&rank(b)),
    };
    a.iter().zip(b).map(|(a, b)| pair(a, b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// One metric of every dated incident, as (date in days, minutes), in order of time. Undated ones have no place in it.
pub fn dated_minutes(frames: &Frames, measure: &Measure, basis: Basis) -> Result<Vec<(f64, f64)>, AnalyticsError> {
    let dates = frames.columns(&["date"])?.dates("date")?;
    let days = |d: chrono::NaiveDate| f64::from(chrono::Datelike::num_days_from_ce(&d));
    let pairs = dates.into_iter().zip(basis.minutes(measure, frames)?);
    let mut points: Vec<_> =
        pairs.filter_map(|(date, minutes)| Some((days(date?), minutes.filter(|m| *m >= 0.0)?))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::super::group_column;
    use super::super::sample::incidents;
    use super::*;
    use crate::domain::Metric;

    fn sample() -> Frames {
        incidents(&[
            "id=a date=2025-04-03 ttr_minutes=87 trigger=config services=api;_dns",
            "id=b date=2025-05-03 ttr_minutes=13 trigger=config services=api ttr_stated_minutes=10",
            "id=c date=2025-01-03 ttr_minutes=240 trigger=deploy",
            "id=d ttr_minutes=1 trigger=config",
            "id=e date=2025-04-20",
        ])
    }

    fn groups(by: &[&str]) -> Vec<String> {
        let by: Vec<_> = by.iter().map(|n| group_column(n).unwrap()).collect();
        let groups = durations(&sample(), &by, &[Metric::Ttr.into()], Basis::Chosen).unwrap();
        let show = |g: &DurationGroup| {
            let key: Vec<_> = g.key.iter().map(|v| if let Value::Text(t) = v { t.as_str() } else { "-" }).collect();
            let s = &g.summaries[0];
            format!(
                "{} {} n{} missing{} median{}",
                key.join("/"),
                g.incidents,
                s.n,
                s.missing,
                s.median.unwrap_or(-1.0)
            )
        };
        groups.iter().map(show).collect()
    }

    #[test]
    fn everything_is_one_group() {
        assert_eq!(groups(&[]), [" 5 n4 missing1 median50"]);
    }

    #[test]
    fn groups_come_largest_first_and_unknown_last() {
        assert_eq!(
            groups(&["trigger"]),
            ["config 3 n3 missing0 median13", "deploy 1 n1 missing0 median240", "- 1 n0 missing1 median-1"]
        );
    }

    #[test]
    fn periods_come_in_order_of_time_and_the_undated_apart() {
        assert_eq!(
            groups(&["quarter", "trigger"]),
            [
                "2025-Q1/deploy 1 n1 missing0 median240",
                "2025-Q2/config 2 n2 missing0 median50",
                "2025-Q2/- 1 n0 missing1 median-1",
                "-/config 1 n1 missing0 median1",
            ]
        );
    }

    #[test]
    fn an_incident_counts_once_for_each_of_its_services() {
        assert_eq!(
            groups(&["service"]),
            ["api 2 n2 missing0 median50", "dns 1 n1 missing0 median87", "- 3 n2 missing1 median120.5"]
        );
    }

    #[test]
    fn stated_values_stand_alone() {
        let stated = durations(&sample(), &[], &[Metric::Ttr.into()], Basis::Stated).unwrap();
        assert_eq!((stated[0].summaries[0].n, stated[0].summaries[0].median), (1, Some(10.0)));
    }

    #[test]
    fn a_series_leaves_out_what_has_no_date() {
        let points = dated_minutes(&sample(), &Metric::Ttr.into(), Basis::Chosen).unwrap();
        assert_eq!(points.iter().map(|p| p.1).collect::<Vec<_>>(), [240.0, 87.0, 13.0]);
    }

    #[test]
    fn a_column_that_makes_no_groups_is_refused_with_those_that_do() {
        let error = group_column("title").unwrap_err().to_string();
        assert!(error.contains("'title'") && error.contains("component"), "{error}");
    }
}
