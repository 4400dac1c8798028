//! `retro stats`: durations summarised, counted in classes, or with open incidents taken in.

use super::aside::SetAside;
use super::method;
use crate::analytics::{
    AnalyticsError, BUCKETS, Basis, DurationGroup, Frames, GroupColumn, Summary, Survival, buckets, durations, intake,
    mistyped, survival,
};
use crate::domain::Measure;
use crate::record::{ColumnKind, Grid, GridColumn, Value};

/// What is asked of a set of incidents.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub frames: &'a Frames,
    pub by: &'a [GroupColumn],
    pub measures: &'a [Measure],
    pub basis: Basis,
    pub aside: &'a SetAside,
}

/// Durations of all incidents, or of each group.
pub fn stats(asked: &Asked<'_>) -> Result<Grid, AnalyticsError> {
    let groups = durations(asked.frames, asked.by, asked.measures, asked.basis)?;
    let mut grid = Grid::new(title(asked), columns(asked.by));
    grid.columns.extend(summary_columns());
    for group in &groups {
        for (measure, summary) in asked.measures.iter().zip(&group.summaries) {
            grid.rows.push(row(group, measure, summary));
        }
    }
    footing(asked, &mut grid)?;
    grid.note(method::summaries());
    Ok(grid)
}

/// How many incidents fall into each class of durations.
pub fn bucketed(asked: &Asked<'_>) -> Result<Grid, AnalyticsError> {
    let mut grid = Grid::new(format!("{} in classes", title(asked)), columns(asked.by));
    grid.columns.push(GridColumn::integer("n", "n"));
    grid.columns.push(GridColumn::integer("missing", "Missing"));
    grid.columns.extend(BUCKETS.iter().map(|(name, title, _)| GridColumn::integer(*name, *title)));
    for group in buckets(asked.frames, asked.by, asked.measures, asked.basis)? {
        for (measure, counts) in asked.measures.iter().zip(&group.counts) {
            let mut row = group.key.clone();
            row.push(Value::Text(measure.title.clone()));
            if let Some((missing, known)) = counts.split_last() {
                row.extend([count(known.iter().sum()), count(*missing)]);
                row.extend(known.iter().map(|n| count(*n)));
            }
            grid.rows.push(row);
        }
    }
    footing(asked, &mut grid)?;
    grid.note(method::CLASSES);
    Ok(grid)
}

/// Durations with incidents whose end is not told counted as "at least".
pub fn survived(asked: &Asked<'_>) -> Result<Grid, AnalyticsError> {
    let mut grid = Grid::new(format!("{}, open incidents taken in", title(asked)), columns(asked.by));
    grid.columns.extend([
        GridColumn::integer("incidents", "Incidents"),
        GridColumn::integer("ended", "Ended"),
        GridColumn::integer("censored", "At least"),
        GridColumn::integer("missing", "Missing"),
        GridColumn::minutes("median_minutes", "Median"),
        GridColumn::minutes("median_low_minutes", "95 % interval"),
        GridColumn::minutes("median_high_minutes", "95 % interval, upper end").range_end(),
        GridColumn::minutes("ended_median_minutes", "Of the ended"),
    ]);
    let mut rows: Vec<(usize, Vec<Value>)> = Vec::new();
    for measure in asked.measures {
        let groups = survival(asked.frames, asked.by, measure, asked.basis)?;
        rows.extend(groups.into_iter().enumerate().map(|(i, found)| (i, survived_row(measure, found))));
    }
    // A group's metrics stand together, as everywhere.
    rows.sort_by_key(|(i, _)| *i);
    grid.rows = rows.into_iter().map(|(_, row)| row).collect();
    footing(asked, &mut grid)?;
    grid.note(method::CENSORED);
    Ok(grid)
}

fn survived_row(measure: &Measure, found: Survival) -> Vec<Value> {
    let mut row = found.key;
    row.push(Value::Text(measure.title.clone()));
    row.extend([found.incidents, found.ended, found.censored, found.missing].map(count));
    row.extend([found.median, found.low, found.high, found.ended_median].map(optional));
    row
}

/// What every table of durations must say: what the numbers mean, and what is not in them.
fn footing(asked: &Asked<'_>, grid: &mut Grid) -> Result<(), AnalyticsError> {
    for measure in asked.measures {
        grid.note(method::definition(measure));
    }
    grid.note(method::inclusion(asked.basis));
    grid.notes.extend(method::grouping(asked.by));
    grid.notes.extend(method::left_out(&intake(asked.frames)?));
    if asked.basis == Basis::Chosen {
        for measure in asked.measures {
            if let Some(metric) = measure.metric {
                grid.notes.extend(method::mistyped(&measure.title, &mistyped(asked.frames, metric)?));
            }
        }
    }
    grid.notes.extend(asked.aside.notes());
    Ok(())
}

/// ` by trigger and month`; nothing without groups.
pub(super) fn by(asked: &Asked<'_>) -> String {
    let by: Vec<_> = asked.by.iter().map(|c| c.name.replace('_', " ")).collect();
    if by.is_empty() { String::new() } else { format!(" by {}", by.join(" and ")) }
}

fn title(asked: &Asked<'_>) -> String {
    let by = by(asked);
    match asked.basis {
        Basis::Chosen => format!("Durations of incidents{by}"),
        Basis::Stated => format!("Stated durations of incidents{by}"),
        Basis::Computed => format!("Computed durations of incidents{by}"),
        Basis::SupportHours => format!("Durations of incidents in support hours{by}"),
    }
}

pub(super) fn columns(by: &[GroupColumn]) -> Vec<GridColumn> {
    let kind = |name: &str| match name {
        "year" | "severity_level" => ColumnKind::Integer,
        "date" => ColumnKind::Date,
        "duration_conflict" => ColumnKind::Flag,
        _ => ColumnKind::Text,
    };
    let mut columns: Vec<_> = by.iter().map(|c| GridColumn::new(c.name, heading(c.name), kind(c.name))).collect();
    columns.push(GridColumn::text("metric", "Metric"));
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
fn summary_columns() -> Vec<GridColumn> {
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
fn summary_cells(summary: &Summary) -> Vec<Value> {
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
        .map(optional),
    );
    cells
}

fn row(group: &DurationGroup, measure: &Measure, summary: &Summary) -> Vec<Value> {
    let mut row = group.key.clone();
    row.push(Value::Text(measure.title.clone()));
    row.extend(summary_cells(summary));
    row
}

pub(super) fn count(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Minutes as they are: whoever prints them rounds, once.
pub(super) fn minutes(x: f64) -> Value {
    Value::Real(x)
}

pub(super) fn optional(x: Option<f64>) -> Value {
    x.map_or(Value::Null, minutes)
}

pub(super) fn round(x: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    if x.is_finite() { (x * scale).round() / scale } else { x }
}
