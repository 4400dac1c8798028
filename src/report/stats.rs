//! `retro stats`: durations summarised, or two periods compared.

use super::method;
use crate::analytics::{
    ARM_MIN, AnalyticsError, Basis, Comparison, DurationGroup, Frames, GroupColumn, RateRatio, Summary, Verdict,
    compare, dated_minutes, durations, intake, poisson_interval, rate_ratio,
};
use crate::domain::Metric;
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::time::period::Period;

/// Durations of all incidents, or of each group.
pub fn stats(frames: &Frames, by: &[GroupColumn], metrics: &[Metric], basis: Basis) -> Result<Grid, AnalyticsError> {
    let groups = durations(frames, by, metrics, basis)?;
    let mut grid = Grid::new(title(by, basis), columns(by));
    for group in &groups {
        for (metric, summary) in metrics.iter().zip(&group.summaries) {
            grid.rows.push(row(group, *metric, summary));
        }
    }
    for metric in metrics {
        grid.note(method::definition(*metric));
    }
    grid.note(method::inclusion(basis));
    grid.notes.extend(method::grouping(by));
    grid.notes.extend(method::left_out(&intake(frames)?));
    grid.note(method::summaries());
    Ok(grid)
}

fn title(by: &[GroupColumn], basis: Basis) -> String {
    let by: Vec<_> = by.iter().map(|c| c.name.replace('_', " ")).collect();
    let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(" and ")) };
    match basis {
        Basis::Chosen => format!("Durations of incidents{by}"),
        Basis::Stated => format!("Stated durations of incidents{by}"),
    }
}

fn columns(by: &[GroupColumn]) -> Vec<GridColumn> {
    let kind =
        |name: &str| if matches!(name, "year" | "severity_level") { ColumnKind::Integer } else { ColumnKind::Text };
    let mut columns: Vec<_> = by.iter().map(|c| GridColumn::new(c.name, heading(c.name), kind(c.name))).collect();
    columns.push(GridColumn::text("metric", "Metric"));
    columns.extend(summary_columns());
    columns
}

/// A column's name as a heading.
pub(super) fn heading(name: &str) -> String {
    let mut heading = name.replace('_', " ");
    if let Some(first) = heading.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    heading
}

/// The columns of a [`Summary`].
pub(super) fn summary_columns() -> Vec<GridColumn> {
    vec![
        GridColumn::integer("n", "n"),
        GridColumn::integer("missing", "Missing"),
        GridColumn::minutes("median_minutes", "Median"),
        GridColumn::minutes("median_low_minutes", "95 % interval"),
        GridColumn::minutes("median_high_minutes", "95 % interval, upper end").range_end(),
        GridColumn::minutes("mean_minutes", "Mean"),
        GridColumn::minutes("geometric_mean_minutes", "Geo. mean"),
        GridColumn::minutes("p90_minutes", "p90"),
        GridColumn::minutes("max_minutes", "Max"),
    ]
}

/// The cells of a [`Summary`].
pub(super) fn summary_cells(summary: &Summary) -> Vec<Value> {
    let mut cells = vec![count(summary.n), count(summary.missing)];
    let interval = summary.interval;
    cells.extend(
        [
            summary.median,
            interval.map(|i| i.low),
            interval.map(|i| i.high),
            summary.mean,
            summary.geometric_mean,
            summary.p90,
            summary.max,
        ]
        .map(|x| x.map_or(Value::Null, minutes)),
    );
    cells
}

fn row(group: &DurationGroup, metric: Metric, summary: &Summary) -> Vec<Value> {
    let mut row = group.key.clone();
    row.push(Value::Text(metric.definition().title.to_owned()));
    row.extend(summary_cells(summary));
    row
}

pub(super) fn count(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Minutes to a tenth: no report is more precise.
pub(super) fn minutes(x: f64) -> Value {
    Value::Real((x * 10.0).round() / 10.0)
}

/// Two periods side by side, with a verdict a metric.
pub fn comparison(
    frames: &Frames,
    new: Period,
    old: Period,
    metrics: &[Metric],
    basis: Basis,
) -> Result<Grid, AnalyticsError> {
    let (later, earlier) = (frames.during(new)?, frames.during(old)?);
    let mut grid = Grid::new(format!("{new} compared with {old}"), comparison_columns(new, old));
    for (metric, found) in compared(&later, &earlier, metrics, basis)? {
        grid.rows.push(comparison_row(metric, &found));
    }
    let found = change_of_count(&later, new, &earlier, old);
    grid.note(count_sentence(&later, new, &earlier, old, found));
    for metric in metrics {
        grid.note(method::definition(*metric));
    }
    grid.note(method::inclusion(basis));
    grid.note(method::comparison());
    let undated = intake(frames)?.undated;
    if undated > 0 {
        grid.note(format!("Without a date and in neither period: {undated}"));
    }
    Ok(grid)
}

/// A metric in two periods.
pub struct Compared {
    pub new: Summary,
    pub old: Summary,
    pub comparison: Comparison,
}

/// Each metric in two sets of incidents.
pub fn compared(
    later: &Frames,
    earlier: &Frames,
    metrics: &[Metric],
    basis: Basis,
) -> Result<Vec<(Metric, Compared)>, AnalyticsError> {
    let values = |frames, metric| -> Result<Vec<f64>, AnalyticsError> {
        Ok(dated_minutes(frames, metric, basis)?.into_iter().map(|(_, minutes)| minutes).collect())
    };
    let summary = |frames, metric| -> Result<Summary, AnalyticsError> {
        let group = durations(frames, &[], &[metric], basis)?.into_iter().next();
        Ok(group.and_then(|g| g.summaries.into_iter().next()).unwrap_or_default())
    };
    let one = |metric: &Metric| {
        let comparison = compare(&values(later, *metric)?, &values(earlier, *metric)?);
        Ok((*metric, Compared { new: summary(later, *metric)?, old: summary(earlier, *metric)?, comparison }))
    };
    metrics.iter().map(one).collect()
}

fn comparison_columns(new: Period, old: Period) -> Vec<GridColumn> {
    vec![
        GridColumn::text("metric", "Metric"),
        GridColumn::integer("old_n", format!("n {old}")),
        GridColumn::integer("new_n", format!("n {new}")),
        GridColumn::minutes("old_median_minutes", format!("Median {old}")),
        GridColumn::minutes("new_median_minutes", format!("Median {new}")),
        GridColumn::real("ratio", "Ratio"),
        GridColumn::real("ratio_low", "95 % interval"),
        GridColumn::real("ratio_high", "95 % interval, upper end").range_end(),
        GridColumn::real("p", "p"),
        GridColumn::text("verdict", "Change"),
        GridColumn::integer("needed", "n needed"),
    ]
}

fn comparison_row(metric: Metric, found: &Compared) -> Vec<Value> {
    let optional = |x: Option<f64>| x.map_or(Value::Null, minutes);
    let mut row = vec![
        Value::Text(metric.definition().title.to_owned()),
        count(found.old.n),
        count(found.new.n),
        optional(found.old.median),
        optional(found.new.median),
    ];
    match &found.comparison {
        Comparison::TooFew { .. } => {
            row.extend([Value::Null, Value::Null, Value::Null, Value::Null]);
            row.extend([Value::Text("too few".to_owned()), count(ARM_MIN)]);
        }
        Comparison::Made(change) => {
            row.extend([change.ratio, change.interval.low, change.interval.high].map(|x| Value::Real(round(x, 2))));
            row.push(Value::Real(round(change.p, 3)));
            row.extend([Value::Text(verdict(change.verdict).to_owned()), count(change.needed)]);
        }
    }
    row
}

pub(super) fn round(x: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    if x.is_finite() { (x * scale).round() / scale } else { x }
}

/// What can be said, in a word or two.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Shorter => "shorter",
        Verdict::Longer => "longer",
        Verdict::NotShown => "not shown",
    }
}

/// How the number of incidents changed; the periods' lengths are accounted for.
pub fn change_of_count(later: &Frames, new: Period, earlier: &Frames, old: Period) -> Option<RateRatio> {
    let days = |p: Period| (p.end() - p.start()).num_days() as f64;
    rate_ratio(later.incident_count() as u64, days(new), earlier.incident_count() as u64, days(old))
}

/// The count of incidents in two periods as a sentence.
pub fn count_sentence(later: &Frames, new: Period, earlier: &Frames, old: Period, change: Option<RateRatio>) -> String {
    let (n, m) = (later.incident_count(), earlier.incident_count());
    let range = |n: usize| {
        let i = poisson_interval(n as u64);
        format!("95 % interval of the rate behind it {:.1} to {:.1}", i.low, i.high)
    };
    let mut text = format!("Incidents: {n} in {new} ({}), {m} in {old} ({})", range(n), range(m));
    let Some(change) = change else { return text };
    let what = match change.interval {
        i if i.low > 1.0 => "more often",
        i if i.high < 1.0 => "less often",
        _ => "no change of frequency shown",
    };
    text.push_str(&format!("; {what} (exact conditional test, p = {})", probability(change.p)));
    text
}

/// A p-value as people write it.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}
