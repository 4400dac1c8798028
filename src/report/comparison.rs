//! `retro stats --compare`: two periods side by side, with what can be said of the difference.

use super::method::{self, counted};
use super::stats::{count, optional, round};
use crate::analytics::{
    ARM_MIN, AnalyticsError, Basis, Comparison, Frames, GroupColumn, RateRatio, Summary, Verdict, compare,
    dated_minutes, intake, poisson_interval, rate_ratio, standardise, summarise,
};
use crate::domain::Measure;
use crate::record::{Grid, GridColumn, Value};
use crate::time::period::Period;

/// Two periods side by side, with a verdict a metric; `adjust` adds the change at equal mix of a column.
pub fn comparison(
    frames: &Frames,
    (new, old): (Period, Period),
    measures: &[Measure],
    basis: Basis,
    adjust: Option<GroupColumn>,
) -> Result<Grid, AnalyticsError> {
    let (later, earlier) = (frames.during(new)?, frames.during(old)?);
    let mut grid = Grid::new(format!("{new} compared with {old}"), columns(new, old));
    if adjust.is_some() {
        grid.columns.extend(adjusted_columns());
    }
    let found = change_of_count(&later, new, &earlier, old);
    grid.note(count_sentence(&later, new, &earlier, old, found));
    for (measure, found) in measures.iter().zip(compared(frames, &later, &earlier, measures, basis)?) {
        let mut row = row(measure, &found);
        if let Some(column) = adjust {
            row.extend(adjusted(standardise(&later, &earlier, column, measure, basis)?));
        }
        grid.rows.push(row);
        grid.notes.extend(refusal(measure, &found.comparison));
    }
    for measure in measures {
        grid.note(method::definition(measure));
    }
    grid.note(method::inclusion(basis));
    grid.note(method::comparison());
    grid.notes.extend(adjust.map(method::adjustment));
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

/// Each metric in two sets of incidents, out of `all` in scope.
pub fn compared(
    all: &Frames,
    later: &Frames,
    earlier: &Frames,
    measures: &[Measure],
    basis: Basis,
) -> Result<Vec<Compared>, AnalyticsError> {
    let values = |frames: &Frames, measure: &Measure| -> Result<Vec<f64>, AnalyticsError> {
        Ok(dated_minutes(frames, measure, basis)?.into_iter().map(|(_, minutes)| minutes).collect())
    };
    let summary = |frames: &Frames, known: &[f64]| {
        let mut values: Vec<_> = known.iter().copied().map(Some).collect();
        values.resize(frames.incident_count().max(values.len()), None);
        summarise(&values)
    };
    let one = |measure: &Measure| {
        let (new, old) = (values(later, measure)?, values(earlier, measure)?);
        let comparison = compare(&new, &old, &values(all, measure)?);
        Ok(Compared { new: summary(later, &new), old: summary(earlier, &old), comparison })
    };
    measures.iter().map(one).collect()
}

fn columns(new: Period, old: Period) -> Vec<GridColumn> {
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
        GridColumn::real("chance", "Chance"),
        GridColumn::text("verdict", "Change"),
        GridColumn::integer("needed", "n needed"),
    ]
}

fn adjusted_columns() -> Vec<GridColumn> {
    vec![
        GridColumn::real("within", "At equal mix"),
        GridColumn::real("within_low", "95 % interval"),
        GridColumn::real("within_high", "95 % interval, upper end").range_end(),
        GridColumn::real("mix", "Mix alone"),
        GridColumn::integer("unmatched", "Left out"),
    ]
}

fn adjusted(found: Option<crate::analytics::Standardised>) -> Vec<Value> {
    let Some(found) = found else { return vec![Value::Null; adjusted_columns().len()] };
    let mut cells: Vec<Value> =
        [found.within, found.interval.low, found.interval.high, found.mix].map(|x| Value::Real(round(x, 2))).into();
    cells.push(count(found.unmatched));
    cells
}

fn row(measure: &Measure, found: &Compared) -> Vec<Value> {
    let mut row = vec![
        Value::Text(measure.title.clone()),
        count(found.old.n),
        count(found.new.n),
        optional(found.old.median),
        optional(found.new.median),
    ];
    match &found.comparison {
        Comparison::TooFew { needed, .. } => {
            row.extend(vec![Value::Null; 5]);
            row.extend([Value::Text("too few".to_owned()), needed.map_or(Value::Null, count)]);
        }
        Comparison::Made(change) => {
            row.extend([change.ratio, change.interval.low, change.interval.high].map(|x| Value::Real(round(x, 2))));
            row.extend([change.p, change.chance].map(|x| Value::Real(round(x, 3))));
            row.extend([Value::Text(verdict(change.verdict).to_owned()), count(change.needed)]);
        }
    }
    row
}

/// Why a metric is not compared, and what it would take.
fn refusal(measure: &Measure, comparison: &Comparison) -> Option<String> {
    let Comparison::TooFew { new, old, needed } = comparison else { return None };
    let refused = format!(
        "{}: not compared, {} before and {new} now; at least {ARM_MIN} on each side are needed",
        measure.title,
        counted(*old, "known value")
    );
    Some(match needed {
        Some(n) => format!("{refused}, and about {n} to see a change by a fifth, as widely as the known ones vary"),
        None => refused,
    })
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
    let ratio = change.ratio.map_or(String::new(), |ratio| {
        format!("ratio of rates {ratio:.2}, 95 % interval {:.2} to {:.2}, ", change.interval.low, change.interval.high)
    });
    text.push_str(&format!("; {what} ({ratio}exact conditional test, p = {})", probability(change.p)));
    text
}

/// A p-value as people write it.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}
