//! `retro stats --compare`: two periods side by side, with what can be said of the difference.

use super::aside::SetAside;
use super::method::{self, counted};
use super::reach;
use super::stats::{count, optional, round};
use crate::analytics::{
    ARM_MIN, AnalyticsError, Arm, Arms, Basis, Comparison, Frames, GroupColumn, RateRatio, Summary, Verdict, arms,
    compare, holm, poisson_interval, rate_ratio, standardise, summarise,
};
use crate::domain::Measure;
use crate::record::{Grid, GridColumn, Test, Value};
use crate::time::period::Period;
use chrono::NaiveDate;

/// What is asked of two periods.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// The incidents of every period.
    pub frames: &'a Frames,
    /// Those of each of the two.
    pub later: &'a Frames,
    pub earlier: &'a Frames,
    pub new: Period,
    pub old: Period,
    /// The columns that make groups; each is compared with itself.
    pub by: &'a [GroupColumn],
    pub measures: &'a [Measure],
    pub basis: Basis,
    /// A column whose shift of mix is told apart from the change.
    pub adjust: Option<GroupColumn>,
    pub aside: &'a SetAside,
    /// The day on which it is asked.
    pub today: NaiveDate,
}

/// Groups compared; a director reads no more, and chance finds something among many.
const GROUPS_MAX: usize = 40;

/// Two periods side by side, with a verdict a metric, of all incidents or of each group.
pub fn comparison(asked: &Changed<'_>) -> Result<Grid, AnalyticsError> {
    let Changed { frames, later, earlier, new, old, by, measures, basis, .. } = *asked;
    let by_whom: Vec<_> = by.iter().map(|c| c.name.replace('_', " ")).collect();
    let by_whom = if by.is_empty() { String::new() } else { format!(" by {}", by_whom.join(" and ")) };
    let mut grid =
        Grid::new(format!("{new} compared with {old}{by_whom}"), columns(by, new, old, asked.adjust.is_some()));
    if asked.adjust.is_some() {
        grid.columns.extend(adjusted_columns());
    }
    let unknown = reach::unknown(frames, (old, new), asked.today)?;
    let found = change_of_count(later, new, earlier, old).filter(|_| unknown.is_none());
    grid.note(count_sentence(later, new, earlier, old, found));
    grid.tests.extend(found.map(|change| count_test(later, earlier, change)));
    grid.notes.extend(unknown.map(|why| reach::refusal(&why)));
    let mut groups = arms((frames, later, earlier), by, measures, basis)?;
    let rest = groups.len().saturating_sub(GROUPS_MAX);
    groups.truncate(GROUPS_MAX);
    let compared: Vec<Vec<Compared>> =
        groups.iter().map(|g| g.values.iter().map(|arm| of_arm(g, arm)).collect()).collect();
    let mut family = if by.is_empty() { None } else { Some(adjusted_p(&compared).into_iter()) };
    let mut refused = 0;
    for (group, compared) in groups.iter().zip(&compared) {
        for (measure, found) in measures.iter().zip(compared) {
            let among = match (&found.comparison, &mut family) {
                (Comparison::Made(_), Some(family)) => family.next(),
                _ => None,
            };
            let mut row = group.key.clone();
            row.push(Value::Text(measure.title.clone()));
            if !by.is_empty() {
                row.extend([count(group.old), count(group.new)]);
            }
            row.extend(cells(found, !by.is_empty(), among));
            if let Some(column) = asked.adjust {
                row.extend(adjusted(standardise(later, earlier, column, measure, basis)?));
            }
            grid.rows.push(row);
            match refusal(measure, &found.comparison) {
                Some(_) if !by.is_empty() => refused += 1,
                told => grid.notes.extend(told),
            }
        }
    }
    if refused > 0 {
        let rows = counted(refused, "row");
        grid.note(format!("{rows} not compared: at least {ARM_MIN} known values on each side are needed"));
    }
    if rest > 0 {
        grid.note(format!("{rest} smaller groups are not shown"));
    }
    for measure in measures {
        grid.note(method::definition(measure));
    }
    grid.note(method::inclusion(basis));
    grid.note(method::comparison());
    if !by.is_empty() {
        grid.note(method::MANY);
    }
    grid.notes.extend(method::grouping(by));
    grid.notes.extend(asked.adjust.map(method::adjustment));
    let undated = frames.undated_count()?;
    if undated > 0 {
        grid.note(format!("Without a date and in neither period: {undated}"));
    }
    grid.notes.extend(asked.aside.notes());
    Ok(grid)
}

/// The p-values of all comparisons that were made, adjusted for their number.
fn adjusted_p(compared: &[Vec<Compared>]) -> Vec<f64> {
    let made = compared.iter().flatten().filter_map(|found| match &found.comparison {
        Comparison::Made(change) => Some(change.p),
        Comparison::TooFew { .. } => None,
    });
    holm(&made.collect::<Vec<_>>())
}

/// A metric in two periods.
pub struct Compared {
    pub new: Summary,
    pub old: Summary,
    pub comparison: Comparison,
}

/// One metric in two sets of incidents, out of `all` in scope.
pub fn compared(
    frames: (&Frames, &Frames, &Frames),
    measure: Measure,
    basis: Basis,
) -> Result<Option<Compared>, AnalyticsError> {
    let groups = arms(frames, &[], &[measure], basis)?;
    Ok(groups.first().and_then(|group| Some(of_arm(group, group.values.first()?))))
}

fn of_arm(group: &Arms, arm: &Arm) -> Compared {
    let summary = |incidents: usize, known: &[f64]| {
        let mut values: Vec<_> = known.iter().copied().map(Some).collect();
        values.resize(incidents.max(values.len()), None);
        summarise(&values)
    };
    Compared {
        new: summary(group.new, &arm.new),
        old: summary(group.old, &arm.old),
        comparison: compare(&arm.new, &arm.old, &arm.all),
    }
}

fn columns(by: &[GroupColumn], new: Period, old: Period, is_adjusted: bool) -> Vec<GridColumn> {
    let is_grouped = !by.is_empty();
    // What a table of groups, or one that tells the shift of mix, gives up first where there is no room.
    let spare = |spare: u8| if is_grouped || is_adjusted { spare } else { 0 };
    let mut columns = super::stats::columns(by);
    if is_grouped {
        columns.extend([
            GridColumn::integer("old_incidents", format!("Incidents {old}")).spare(3),
            GridColumn::integer("new_incidents", format!("Incidents {new}")).spare(3),
        ]);
    }
    columns.extend([
        GridColumn::integer("old_n", format!("n {old}")),
        GridColumn::integer("new_n", format!("n {new}")),
        GridColumn::minutes("old_median_minutes", format!("Median {old}")),
        GridColumn::minutes("new_median_minutes", format!("Median {new}")),
        GridColumn::real("ratio", "Ratio"),
        GridColumn::real("ratio_low", "95 % interval"),
        GridColumn::real("ratio_high", "95 % interval, upper end").range_end(),
        GridColumn::real("p", "p").spare(spare(1)),
    ]);
    if is_grouped {
        columns.push(GridColumn::real("p_adjusted", "p of all"));
    }
    columns.extend([
        GridColumn::real("chance", "Chance").spare(spare(4)),
        GridColumn::text("verdict", "Change"),
        GridColumn::integer("needed", "n needed").spare(spare(2)),
    ]);
    columns
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

/// The cells of a comparison; `among` is its p-value among all of the table.
fn cells(found: &Compared, is_grouped: bool, among: Option<f64>) -> Vec<Value> {
    let mut row = vec![count(found.old.n), count(found.new.n), optional(found.old.median), optional(found.new.median)];
    match &found.comparison {
        Comparison::TooFew { needed, .. } => {
            row.extend(vec![Value::Null; if is_grouped { 6 } else { 5 }]);
            row.extend([Value::Text("too few".to_owned()), needed.map_or(Value::Null, count)]);
        }
        Comparison::Made(change) => {
            row.extend([change.ratio, change.interval.low, change.interval.high].map(|x| Value::Real(round(x, 2))));
            row.push(Value::Real(round(change.p, 3)));
            row.extend(among.map(|p| Value::Real(round(p, 3))));
            row.push(Value::Real(round(change.chance, 3)));
            let claimed = if among.is_some_and(|p| p >= 0.05) { Verdict::NotShown } else { change.verdict };
            row.extend([Value::Text(verdict(claimed).to_owned()), count(change.needed)]);
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

/// The same as numbers.
fn count_test(later: &Frames, earlier: &Frames, change: RateRatio) -> Test {
    let ends = change.interval;
    let finite = |x: f64| if x.is_finite() { Value::Real(x) } else { Value::Null };
    vec![
        ("of", Value::Text("incidents".to_owned())),
        ("old_n", count(earlier.incident_count())),
        ("new_n", count(later.incident_count())),
        ("rate_ratio", change.ratio.map_or(Value::Null, Value::Real)),
        ("rate_ratio_low", Value::Real(ends.low)),
        ("rate_ratio_high", finite(ends.high)),
        ("p", Value::Real(change.p)),
        ("is_shown", Value::Flag(ends.low > 1.0 || ends.high < 1.0)),
    ]
}

/// A p-value as people write it.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}
