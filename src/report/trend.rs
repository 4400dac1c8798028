//! `retro trend`: one metric and the number of incidents, period by period, and whether either is heading somewhere.

use super::aside::SetAside;
use super::comparison::probability;
use super::method;
use super::stats::{count, optional, round};
use crate::analytics::{
    AnalyticsError, Basis, Frames, POINTS_MIN, Summary, Trend, dated_minutes, durations, group_column, intake,
    poisson_interval, trend,
};
use crate::domain::Measure;
use crate::record::{Grid, GridColumn, Test, Value};
use crate::time::period::{Period, Unit};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A series of periods without gaps, from the first to the last with an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub measure: Measure,
    pub points: Vec<Point>,
    /// Of the metric's logarithm, a year; over all dated incidents.
    pub trend: Option<Trend>,
    /// Of the number of incidents, a period.
    pub count_trend: Option<Trend>,
    pub undated: usize,
    /// The first period that is not over: how many incidents it will have is not known yet.
    pub unfinished: Option<Period>,
}

/// One period.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub period: Period,
    pub incidents: usize,
    pub summary: Summary,
}

/// The longest series shown: a document with a date in the year 1 must not make a million rows.
const POINTS_MAX: usize = 600;

/// The series of a metric by month, quarter or year. `today` is the day on which it is asked: the number of incidents
/// has a trend over the periods that are over.
pub fn series(
    frames: &Frames,
    measure: &Measure,
    unit: Unit,
    basis: Basis,
    today: NaiveDate,
) -> Result<Series, AnalyticsError> {
    let groups = durations(frames, &[group_column(unit.name())?], std::slice::from_ref(measure), basis)?;
    let mut found = BTreeMap::new();
    for group in groups {
        let period = group.key.first().and_then(period);
        if let (Some(period), Some(summary)) = (period, group.summaries.into_iter().next()) {
            found.insert(period, (group.incidents, summary));
        }
    }
    let mut points = Vec::new();
    if let (Some(first), Some(last)) = (found.keys().next().copied(), found.keys().last().copied()) {
        // From the last one back, so that the newest are kept should there be too many.
        let all = std::iter::successors(Some(last), |p| Some(p.previous())).take_while(|p| *p >= first);
        for period in all.take(POINTS_MAX) {
            let (incidents, summary) = found.remove(&period).unwrap_or_default();
            points.push(Point { period, incidents, summary });
        }
        points.reverse();
    }
    let dated = dated_minutes(frames, measure, basis)?;
    let logs: Vec<_> = dated.iter().map(|(day, m)| (day / 365.25, m.max(0.5).ln())).collect();
    let is_over = |p: &&Point| p.period.end() <= today;
    let counts = points.iter().take_while(is_over).map(|p| p.incidents as f64);
    let counts: Vec<_> = (0..).map(f64::from).zip(counts).collect();
    let unfinished = points.iter().find(|p| !is_over(p)).map(|p| p.period);
    let (trend, count_trend) = (trend(&logs), trend(&counts));
    Ok(Series { measure: measure.clone(), trend, count_trend, undated: intake(frames)?.undated, points, unfinished })
}

/// The period that a cell of the columns `month`, `quarter` and `year` names.
pub(super) fn period(cell: &Value) -> Option<Period> {
    match cell {
        Value::Text(text) => Period::parse(text),
        Value::Integer(year) => Period::parse(&format!("{year:04}")),
        _ => None,
    }
}

/// The series as a table.
pub fn trend_grid(series: &Series, unit: Unit, basis: Basis, aside: &SetAside) -> Grid {
    let title = &series.measure.title;
    let columns = vec![
        GridColumn::text("period", "Period"),
        GridColumn::integer("incidents", "Incidents"),
        GridColumn::real("incidents_low", "95 % interval"),
        GridColumn::real("incidents_high", "95 % interval, upper end").range_end(),
        GridColumn::integer("n", format!("n {title}")),
        GridColumn::integer("missing", "Missing"),
        GridColumn::minutes("median_minutes", format!("Median {title}")),
        GridColumn::minutes("median_low_minutes", "95 % interval"),
        GridColumn::minutes("median_high_minutes", "95 % interval, upper end").range_end(),
    ];
    let mut grid = Grid::new(format!("{title} and incidents by {}", unit.name()), columns);
    for point in &series.points {
        let interval = poisson_interval(point.incidents as u64);
        let median = point.summary.interval;
        grid.rows.push(vec![
            Value::Text(point.period.to_string()),
            count(point.incidents),
            Value::Real(round(interval.low, 1)),
            Value::Real(round(interval.high, 1)),
            count(point.summary.n),
            count(point.summary.missing),
            optional(point.summary.median),
            optional(median.map(|i| i.low)),
            optional(median.map(|i| i.high)),
        ]);
    }
    grid.note(duration_sentence(series));
    grid.note(count_sentence(series, unit));
    grid.notes
        .extend(series.unfinished.map(|period| format!("{period} is not over and left out of the trend of counts")));
    grid.note(method::definition(&series.measure));
    grid.note(method::inclusion(basis));
    if series.undated > 0 {
        grid.note(format!("Without a date and in no period: {}", method::counted(series.undated, "incident")));
    }
    grid.notes.extend(aside.notes());
    grid.note("The first and the last period may be incomplete: documents may begin or end within them");
    grid.note(method::TREND);
    grid.note(method::COUNTS);
    grid.tests = tests(series, unit);
    grid
}

/// Both trends as numbers: of the metric in per cent a year, of the incidents in incidents a period.
fn tests(series: &Series, unit: Unit) -> Vec<Test> {
    let test = |of: &str, slope_unit: String, trend: &Trend, value: fn(f64) -> f64| {
        let ends = trend.interval;
        vec![
            ("of", Value::Text(of.to_owned())),
            ("n", count(trend.n)),
            ("slope", Value::Real(value(trend.slope))),
            ("slope_low", Value::Real(value(ends.low))),
            ("slope_high", Value::Real(value(ends.high))),
            ("slope_unit", Value::Text(slope_unit)),
            ("p", Value::Real(trend.p)),
            ("is_shown", Value::Flag(trend.is_shown())),
        ]
    };
    let percent = |log_slope: f64| log_slope.exp_m1() * 100.0;
    let of_metric = series.trend.as_ref().map(|t| test(&series.measure.title, "percent a year".to_owned(), t, percent));
    let of_counts = series
        .count_trend
        .as_ref()
        .map(|t| test("incidents", format!("incidents a {}", unit.name()), t, |slope| slope));
    of_metric.into_iter().chain(of_counts).collect()
}

/// Where the metric is heading, in a sentence.
pub fn duration_sentence(series: &Series) -> String {
    let title = &series.measure.title;
    let Some(trend) = &series.trend else {
        let n: usize = series.points.iter().map(|p| p.summary.n).sum();
        return format!(
            "{title}: no trend can be tested with {n} dated values; {POINTS_MIN} at different dates are needed"
        );
    };
    let change = |log_slope: f64| format!("{:+.0} %", (log_slope.exp() - 1.0) * 100.0);
    let estimate = format!(
        "{} a year, 95 % interval {} to {}, p = {}, n = {}",
        change(trend.slope),
        change(trend.interval.low),
        change(trend.interval.high),
        probability(trend.p),
        trend.n
    );
    match (trend.is_shown(), trend.slope < 0.0) {
        (false, _) => format!("{title}: no trend shown ({estimate})"),
        (true, true) => format!("{title} is getting shorter ({estimate})"),
        (true, false) => format!("{title} is getting longer ({estimate})"),
    }
}

/// Where the number of incidents is heading, in a sentence.
pub fn count_sentence(series: &Series, unit: Unit) -> String {
    let unit = unit.name();
    let Some(trend) = &series.count_trend else {
        return format!(
            "Incidents a {unit}: no trend can be tested with {} periods; {POINTS_MIN} are needed",
            series.points.iter().filter(|p| series.unfinished.is_none_or(|u| p.period < u)).count()
        );
    };
    let estimate = format!(
        "{:+.2} a {unit}, 95 % interval {:+.2} to {:+.2}, p = {}, {} periods",
        trend.slope,
        trend.interval.low,
        trend.interval.high,
        probability(trend.p),
        trend.n
    );
    match (trend.is_shown(), trend.slope < 0.0) {
        (false, _) => format!("Incidents a {unit}: no trend shown ({estimate})"),
        (true, true) => format!("Incidents are becoming fewer ({estimate})"),
        (true, false) => format!("Incidents are becoming more ({estimate})"),
    }
}
