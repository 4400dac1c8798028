//! The sections of the report that draw: how often, how long, why, through whom, noticed by whom, at what cost.

use super::aside::SetAside;
use super::comparison::{Changed, comparison, count_sentence};
use super::headline::{Ground, label, spoken};
use super::method::{self, counted};
use super::reach;
use super::stats::{Asked, bucketed, count, heading, minutes, optional, round, stats};
use super::trend::period;
use super::value::{Chart, ChartData, DotGroup, MEMBERS, Section};
use crate::analytics::{
    AnalyticsError, Basis, DurationGroup, Frames, Summary, dated_ids, durations as summarised, group_column, intake,
    members,
};
use crate::domain::{Measure, Metric};
use crate::record::{Grid, GridColumn, Value};
use crate::time::period::{Period, Unit};
use std::collections::BTreeMap;

/// Months that the frequency chart looks back.
const MONTHS: usize = 12;

/// Periods that the distribution chart looks back.
const PERIODS: usize = 8;

/// Dots of the distribution chart; of more incidents, every so-many-th by length stands for its neighbours.
const DOTS_MAX: usize = 3_000;

/// What stands where the reports don't tell.
const UNKNOWN: &str = "not known";

/// Counts by one column, the largest first, `None` (unknown) last.
pub fn breakdown(frames: &Frames, column: &str) -> Result<Vec<(Option<String>, usize)>, AnalyticsError> {
    let mut unknown = 0;
    let mut counts = Vec::new();
    for group in summarised(frames, &[group_column(column)?], &[], Basis::Chosen)? {
        match group.key.first().and_then(label) {
            Some(label) => counts.push((Some(label), group.incidents)),
            None => unknown += group.incidents,
        }
    }
    if unknown > 0 {
        counts.push((None, unknown));
    }
    Ok(counts)
}

/// The column of incidents behind a row.
pub(super) fn which() -> GridColumn {
    GridColumn::text(MEMBERS, "Which")
}

/// Ids in a cell; a filter lists the rest.
const MEMBERS_MAX: usize = 100;

/// Ids as a cell.
pub(super) fn listed(ids: &[String]) -> Value {
    let rest = ids.len().saturating_sub(MEMBERS_MAX);
    let more = (rest > 0).then(|| format!("and {rest} more"));
    let shown: Vec<_> = ids.iter().take(MEMBERS_MAX).chain(&more).map(String::as_str).collect();
    if ids.is_empty() { Value::Null } else { Value::Text(shown.join("; ")) }
}

/// The incidents of the period by a column's labels.
fn by_label(ground: &Ground<'_>, column: &str) -> Result<BTreeMap<Option<String>, Vec<String>>, AnalyticsError> {
    let mut found: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
    for (value, ids) in members(&ground.now, group_column(column)?)? {
        found.entry(label(&value)).or_default().extend(ids);
    }
    Ok(found)
}

fn of_label(found: &BTreeMap<Option<String>, Vec<String>>, label: &Option<String>) -> Value {
    found.get(label).map_or(Value::Null, |ids| listed(ids))
}

/// How often, and how severe?
pub fn frequency(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let (new, old) = (ground.question.period, ground.question.compared_with);
    let mut section = Section { id: "frequency", title: "How often, and how severe".to_owned(), ..Section::default() };
    section.lead.push(count_sentence(&ground.now, new, &ground.before, old, ground.frequency));
    section.lead.extend(ground.unknown.as_deref().map(reach::refusal));
    section.charts.push(monthly(ground)?);
    let mut table = Grid::new(
        "Incidents by severity",
        vec![
            GridColumn::text("severity_level", "Severity"),
            GridColumn::integer("incidents", new.to_string()),
            GridColumn::integer("incidents_before", old.to_string()),
            which(),
        ],
    );
    let levels = by_label(ground, "severity_level")?;
    let (now, before) = (breakdown(&ground.now, "severity_level")?, breakdown(&ground.before, "severity_level")?);
    let of = |counts: &[(Option<String>, usize)], level: Option<&str>| {
        counts.iter().find(|(l, _)| l.as_deref() == level).map_or(0, |(_, n)| *n)
    };
    for level in ["1", "2", "3", "4", "5"].map(Some).into_iter().chain([None]) {
        let (n, m) = (of(&now, level), of(&before, level));
        if n + m > 0 {
            let which = of_label(&levels, &level.map(str::to_owned));
            table.rows.push(vec![Value::Text(severity_label(level)), count(n), count(m), which]);
        }
    }
    table.note("Severity as the reports state it, mapped to 1 (worst) to 5; not told or not comparable stands apart");
    table.note(method::COUNTS);
    section.tables.push(table);
    Ok(section)
}

fn severity_label(level: Option<&str>) -> String {
    match level {
        Some("1") => "1 (worst)".to_owned(),
        Some(level) => level.to_owned(),
        None => UNKNOWN.to_owned(),
    }
}

/// Incidents a month by severity: the months up to the period's last, back to the first with data, a year at most.
fn monthly(ground: &Ground<'_>) -> Result<Chart, AnalyticsError> {
    let by = [group_column("month")?, group_column("severity_level")?];
    let mut found: BTreeMap<Period, BTreeMap<Option<String>, usize>> = BTreeMap::new();
    for group in summarised(ground.all, &by, &[], Basis::Chosen)? {
        let [Value::Text(month), level] = group.key.as_slice() else { continue };
        if let Some(month) = Period::parse(month) {
            *found.entry(month).or_default().entry(label(level)).or_default() += group.incidents;
        }
    }
    let last = Period::of(ground.question.period.end(), Unit::Month).previous();
    let first = Period::of(ground.question.period.start(), Unit::Month);
    let earliest = found.keys().next().copied().map_or(first, |e| e.min(first));
    let period_months = std::iter::successors(Some(last), |p| Some(p.previous())).take_while(|p| *p >= first).count();
    let mut months: Vec<Period> = std::iter::successors(Some(last), |p| Some(p.previous()))
        .take_while(|p| *p >= earliest)
        .take(MONTHS.max(period_months))
        .collect();
    months.reverse();
    let levels = ["1", "2", "3", "4", "5"].map(|l| Some(l.to_owned())).into_iter().chain([None]);
    let mut parts = Vec::new();
    for level in levels {
        let counts: Vec<usize> =
            months.iter().map(|m| found.get(m).and_then(|c| c.get(&level)).copied().unwrap_or(0)).collect();
        if counts.iter().any(|n| *n > 0) {
            parts.push((format!("severity {}", severity_label(level.as_deref())), counts));
        }
    }
    let n = parts.iter().flat_map(|(_, counts)| counts).sum();
    let totals = months.iter().enumerate().map(|(i, m)| {
        let total: usize = parts.iter().filter_map(|(_, counts)| counts.get(i)).sum();
        format!("{m}: {total}")
    });
    Ok(Chart {
        title: format!("Incidents a month by severity (n = {n})"),
        description: format!("Stacked bars. {}", totals.collect::<Vec<_>>().join(", ")),
        n,
        data: ChartData::Stacked { categories: months.iter().map(ToString::to_string).collect(), parts },
    })
}

/// How long?
pub fn durations(ground: &Ground<'_>, measures: &[Measure], basis: Basis) -> Result<Section, AnalyticsError> {
    let (new, old) = (ground.question.period, ground.question.compared_with);
    let mut section = Section { id: "durations", title: "How long".to_owned(), ..Section::default() };
    // The method section says what was set aside.
    let aside = SetAside::default();
    let mut table = stats(&Asked { frames: &ground.now, by: &[], measures, basis, aside: &aside })?;
    table.title = format!("Durations in {new}");
    // The method section defines everything at length.
    table.notes = vec![method::formulas(measures), method::inclusion(basis).to_owned()];
    table.notes.extend(method::left_out(&intake(&ground.now)?));
    section.tables.push(table);
    section.charts.push(distribution(ground)?);
    let ttr: [Measure; 1] = [Metric::Ttr.into()];
    let mut classes = bucketed(&Asked { frames: &ground.now, by: &[], measures: &ttr, basis, aside: &aside })?;
    classes.title = format!("Time to resolve in {new}, in classes");
    classes.notes = vec![method::CLASSES.to_owned()];
    section.tables.push(classes);
    let (frames, later, earlier) = (ground.all, &ground.now, &ground.before);
    let (by, adjust, aside, today) = ([].as_slice(), None, &aside, ground.question.today);
    let asked = Changed { frames, later, earlier, new, old, by, measures, basis, adjust, aside, today };
    let mut change = comparison(&asked)?;
    // Definitions stand under the table before.
    change.notes = vec![method::comparison()];
    section.tables.push(change);
    Ok(section)
}

/// TTR of every incident, by period.
fn distribution(ground: &Ground<'_>) -> Result<Chart, AnalyticsError> {
    let unit = ground.question.period.unit();
    let until = ground.question.period;
    let periods = || std::iter::successors(Some(until), |p| Some(p.previous())).take(PERIODS);
    let ttr = Measure::from(Metric::Ttr);
    let mut columns = Basis::Chosen.columns(&ttr);
    columns.extend(["id", "date", unit.name()].map(str::to_owned));
    let shown = ground.all.between(periods().last().unwrap_or(until).start(), until.end(), &columns)?;
    let mut dots: BTreeMap<Period, Vec<(f64, String)>> = BTreeMap::new();
    for (date, minutes, id) in dated_ids(&shown, &ttr, Basis::Chosen)? {
        dots.entry(Period::of(date, unit)).or_default().push((minutes, id));
    }
    let mut summaries = by_period(&shown, unit)?;
    let first = summaries.keys().next().copied().unwrap_or(until);
    let mut groups: Vec<DotGroup> = periods()
        .take_while(|period| *period >= first)
        .map(|period| {
            let summary = summaries.remove(&period).unwrap_or_default();
            let dots = dots.remove(&period).unwrap_or_default();
            DotGroup { label: period.to_string(), n: summary.n, median: summary.median, dots }
        })
        .collect();
    groups.reverse();
    let n = groups.iter().map(|g| g.n).sum();
    let step = usize::div_ceil(n, DOTS_MAX).max(1);
    let told = groups.iter().map(|g| {
        let median = g.median.map_or("unknown".to_owned(), spoken);
        format!("{}: n = {}, median {median}", g.label, g.n)
    });
    Ok(Chart {
        title: match step {
            1 => format!("Time to resolve by {}, one dot an incident (n = {n}, log scale)", unit.name()),
            _ => format!("Time to resolve by {}, one dot for {step} incidents (n = {n}, log scale)", unit.name()),
        },
        description: format!("Dots on a logarithmic axis. {}", told.collect::<Vec<_>>().join("; ")),
        n,
        data: ChartData::Dots { groups: groups.into_iter().map(|g| thinned(g, step)).collect() },
    })
}

/// TTR of each period that has an incident.
fn by_period(frames: &Frames, unit: Unit) -> Result<BTreeMap<Period, Summary>, AnalyticsError> {
    let groups = summarised(frames, &[group_column(unit.name())?], &[Metric::Ttr.into()], Basis::Chosen)?;
    let of = |group: DurationGroup| Some((period(group.key.first()?)?, group.summaries.into_iter().next()?));
    Ok(groups.into_iter().filter_map(of).collect())
}

/// Every `step`-th dot by length, from the middle of the first step on, so that the distribution keeps its shape.
fn thinned(mut group: DotGroup, step: usize) -> DotGroup {
    if step > 1 {
        group.dots.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        group.dots = group.dots.into_iter().skip(step / 2).step_by(step).collect();
    }
    group
}

/// Why?
pub fn causes(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let mut section = Section { id: "causes", title: "Why".to_owned(), ..Section::default() };
    for (column, title) in [("trigger", "What set incidents off"), ("component", "Where the failure sat")] {
        section.charts.push(bars(ground, column, title)?);
        section.tables.push(shares(ground, column, title)?);
    }
    Ok(section)
}

fn bars(ground: &Ground<'_>, column: &str, title: &str) -> Result<Chart, AnalyticsError> {
    let counts = breakdown(&ground.now, column)?;
    let n = counts.iter().map(|(_, n)| n).sum();
    let bars: Vec<_> = counts.into_iter().map(|(label, n)| (label.unwrap_or_else(|| UNKNOWN.to_owned()), n)).collect();
    let told = bars.iter().map(|(label, n)| format!("{label}: {n}"));
    Ok(Chart {
        title: format!("{title} (incidents, n = {n})"),
        description: format!("Horizontal bars. {}", told.collect::<Vec<_>>().join(", ")),
        n,
        data: ChartData::Bars { bars },
    })
}

/// Counts now and before, and the share of what is known.
fn shares(ground: &Ground<'_>, column: &'static str, title: &str) -> Result<Grid, AnalyticsError> {
    let (now, before) = (breakdown(&ground.now, column)?, breakdown(&ground.before, column)?);
    let known: usize = now.iter().filter(|(l, _)| l.is_some()).map(|(_, n)| n).sum();
    let mut table = Grid::new(
        title,
        vec![
            GridColumn::text(column, heading(column)),
            GridColumn::integer("incidents", ground.question.period.to_string()),
            GridColumn::real("share_of_known_percent", "Of known").unit("%"),
            GridColumn::integer("incidents_before", ground.question.compared_with.to_string()),
            which(),
        ],
    );
    let which = by_label(ground, column)?;
    let mut labels: Vec<_> = now.iter().map(|(l, _)| l.clone()).collect();
    labels.extend(before.iter().map(|(l, _)| l.clone()).filter(|l| now.iter().all(|(k, _)| k != l)));
    labels.sort_by_key(Option::is_none);
    let of = |counts: &[(Option<String>, usize)], label: &Option<String>| {
        counts.iter().find(|(l, _)| l == label).map_or(0, |(_, n)| *n)
    };
    for label in labels {
        let n = of(&now, &label);
        let share = match &label {
            Some(_) if known > 0 => Value::Real(round(100.0 * n as f64 / known as f64, 0)),
            _ => Value::Null,
        };
        let (m, which) = (of(&before, &label), of_label(&which, &label));
        let label = Value::Text(label.unwrap_or_else(|| UNKNOWN.to_owned()));
        table.rows.push(vec![label, count(n), share, count(m), which]);
    }
    table.note(format!("Known for {known} of {}", counted(ground.now.incident_count(), "incident")));
    Ok(table)
}

/// Through whom?
pub fn providers(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let mut section = Section { id: "providers", title: "Providers at fault".to_owned(), ..Section::default() };
    let mut chart = bars(ground, "provider", "First provider that the report blames")?;
    if let ChartData::Bars { bars } = &mut chart.data {
        for bar in bars.iter_mut().filter(|(label, _)| label == UNKNOWN) {
            "none blamed".clone_into(&mut bar.0);
        }
    }
    section.charts.push(chart);
    let by = group_column("provider")?;
    let mut table = Grid::new(
        "Providers at fault",
        vec![
            GridColumn::text("provider", "Provider"),
            GridColumn::integer("incidents", "Incidents"),
            GridColumn::integer("n", "n TTR"),
            GridColumn::minutes("ttr_median_minutes", "Median TTR"),
            GridColumn::minutes("ttr_max_minutes", "Longest"),
            which(),
        ],
    );
    let which = by_label(ground, "provider")?;
    for group in summarised(&ground.now, &[by], &[Metric::Ttr.into()], Basis::Chosen)? {
        let (Some(name), Some(ttr)) = (group.key.first().and_then(label), group.summaries.first()) else { continue };
        let which = of_label(&which, &Some(name.clone()));
        let (median, longest) = (optional(ttr.median), optional(ttr.max));
        table.rows.push(vec![Value::Text(name), count(group.incidents), count(ttr.n), median, longest, which]);
    }
    table.note("At fault: the report's words blame it. Hosting something there alone does not count");
    section.tables.push(table);
    Ok(section)
}

/// Noticed by whom, and how soon?
pub fn detection(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let mut section = Section { id: "detection", title: "Who noticed, and how soon".to_owned(), ..Section::default() };
    let mut table = Grid::new(
        "Detection",
        vec![
            GridColumn::text("detection", "Noticed by"),
            GridColumn::integer("incidents", "Incidents"),
            GridColumn::integer("n", "n TTD"),
            GridColumn::integer("missing", "Missing"),
            GridColumn::minutes("ttd_median_minutes", "Median TTD"),
            GridColumn::minutes("ttd_median_low_minutes", "95 % interval"),
            GridColumn::minutes("ttd_median_high_minutes", "95 % interval, upper end").range_end(),
            which(),
        ],
    );
    let which = by_label(ground, "detection")?;
    for group in summarised(&ground.now, &[group_column("detection")?], &[Metric::Ttd.into()], Basis::Chosen)? {
        let Some(ttd) = group.summaries.first() else { continue };
        let source = group.key.first().and_then(label);
        let which = of_label(&which, &source);
        table.rows.push(vec![
            Value::Text(source.unwrap_or_else(|| UNKNOWN.to_owned())),
            count(group.incidents),
            count(ttd.n),
            count(ttd.missing),
            optional(ttd.median),
            optional(ttd.interval.map(|i| i.low)),
            optional(ttd.interval.map(|i| i.high)),
            which,
        ]);
    }
    table.note(method::definition(&Metric::Ttd.into()));
    section.tables.push(table);
    Ok(section)
}

/// At what cost?
pub fn availability(ground: &Ground<'_>) -> Result<Section, AnalyticsError> {
    let objective = ground.question.objective;
    let mut table = Grid::new(
        format!("Downtime and error budget of {objective} % in {}", ground.question.period),
        vec![
            GridColumn::text("org", "Organisation"),
            GridColumn::integer("windows", "Windows"),
            GridColumn::integer("without_window", "Unknown"),
            GridColumn::minutes("downtime_minutes", "Downtime"),
            GridColumn::real("availability_percent", "Availability").unit("%"),
            GridColumn::minutes("budget_minutes", "Budget"),
            GridColumn::minutes("budget_left_minutes", "Left"),
            which(),
        ],
    );
    if let Some(days) = reach::lived(ground.question.period, ground.question.today) {
        table.note(format!("{} is not over: availability and budget are of {days}", ground.question.period));
    }
    for one in &ground.downtime {
        let budget = one.budget_minutes(objective);
        // Incidents of unknown organisations may be of several, which have no availability in common.
        let of_one = |value: Value| if one.org.is_some() { value } else { Value::Null };
        let told = |value: Value| if one.is_told() { value } else { Value::Null };
        table.rows.push(vec![
            Value::Text(one.org.clone().unwrap_or_else(|| UNKNOWN.to_owned())),
            count(one.windows),
            count(one.without_window),
            told(minutes(one.minutes)),
            told(of_one(Value::Real(one.availability()))),
            of_one(minutes(budget)),
            told(of_one(minutes(budget - one.minutes))),
            listed(&one.ids),
        ]);
    }
    table.note(method::DOWNTIME);
    table.note(method::ONE_SPELLING);
    table.note(
        "Unknown: incidents of the period whose window is not told. Where there is none, availability is at least what \
         is shown; where no window is told, nothing is",
    );
    let title = "Availability and error budget".to_owned();
    Ok(Section { id: "availability", title, tables: vec![table], ..Section::default() })
}
