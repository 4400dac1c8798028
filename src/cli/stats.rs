//! `retro stats`: how long incidents take, with what is known and what is not.

use super::open::{open, told};
use super::scope::{self, Counting, Scope, scope};
use super::{Outcome, Settings, hinted};
use crate::analytics::{Basis, Frames, GroupColumn, disagreement_columns, group_column, incident_list, one_spelling};
use crate::domain::Measure;
use crate::record::{Grid, Table, Value};
use crate::render::{self, OutputFormat};
use crate::report::{self, Asked, Changed, SetAside};
use crate::store::Store;
use crate::time::period::{Period, Unit};
use anyhow::anyhow;
use chrono::NaiveDate;
use clap::ValueEnum;
use std::io::Write;

/// Incidents whose words '--evidence' shows; a filter narrows them down.
const EVIDENCE_MAX: usize = 500;

const EXAMPLES: &str = "\
Examples:
  retro stats                          all metrics over all incidents
  retro stats ttr --by trigger         one metric, a group a row
  retro stats ttr --period quarter org:acme
  retro stats ttr --buckets            how many took under 15 minutes, under an hour, over a day
  retro stats --compare previous       the latest quarter against the one before
  retro stats ttr --compare year --period 2025 --by trigger
  retro stats --period 2025-Q2 --compare year --adjust severity_level
  retro stats ttm,ttr --by quarter --stated --computed
  retro stats ttr during:2025-Q2 --evidence";

/// Summarise durations: median with interval, mean, p90, n and what is missing
///
/// Words are a filter as in 'retro list'; the name of a metric (ttd, tta, tti, ttm, ttr, impact, or one that the
/// configuration defines) chooses it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Filter, and metrics by name
    #[arg(value_name = "FILTER")]
    words: Vec<String>,

    /// Group by one or two columns, such as trigger or org,severity_level
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    by: Vec<String>,

    /// Group by month, quarter or year; or look at one period only, such as 2025-Q2
    #[arg(long, value_name = "PERIOD", value_parser = Span::parse)]
    period: Option<Span>,

    /// Compare a period (the latest quarter, or what --period says) with the one before or the same a year earlier
    #[arg(long, value_name = "WITH")]
    compare: Option<Against>,

    /// With --compare: tell a change within groups of this column (severity_level, services) from a shift between them
    #[arg(long, value_name = "COLUMN", requires = "compare", conflicts_with = "by")]
    adjust: Option<String>,

    /// Metrics to show; several allowed
    #[arg(long, value_name = "METRIC", value_delimiter = ',')]
    metric: Vec<String>,

    /// Only incidents of this organisation, as org:NAME in the filter
    #[arg(long, value_name = "NAME")]
    org: Option<String>,

    /// Only durations that authors stated, not those computed from milestones
    #[arg(long)]
    stated: bool,

    /// Only durations computed from milestones; with --stated: both side by side, and why they differ
    #[arg(long)]
    computed: bool,

    /// Count only the minutes within the configured support hours
    #[arg(long)]
    support_hours: bool,

    /// Count incidents in classes: under 15 and 30 minutes, under 1 and 3 hours, under a day, and longer
    #[arg(long, conflicts_with_all = ["compare", "censored"])]
    buckets: bool,

    /// Take incidents in whose end is not told, as having lasted at least to their last entry (Kaplan–Meier)
    #[arg(long, conflicts_with_all = ["compare", "stated"])]
    censored: bool,

    /// Show the incidents behind the numbers, each value with the line and the words it was read from
    #[arg(long, conflicts_with_all = ["compare", "by", "buckets", "censored"])]
    evidence: bool,

    /// Print what every number means and how it is computed, and stop
    #[arg(long)]
    define: bool,

    #[command(flatten)]
    counting: Counting,

    /// table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Against {
    Previous,
    Year,
}

impl Against {
    pub fn of(self, period: Period) -> Period {
        match self {
            Against::Previous => period.previous(),
            Against::Year => period.year_before(),
        }
    }
}

/// `quarter`, or one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Each(Unit),
    One(Period),
}

impl Span {
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        match text {
            "month" => Ok(Span::Each(Unit::Month)),
            "quarter" => Ok(Span::Each(Unit::Quarter)),
            "year" => Ok(Span::Each(Unit::Year)),
            other => Period::parse(other)
                .map(Span::One)
                .ok_or_else(|| anyhow!("write month, quarter or year, or a period such as 2025-Q2, 2025-06 or 2025")),
        }
    }
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let style = settings.style();
    if args.define {
        let grid = report::method::definitions(&scope::own(settings));
        out.write_all(render::grid(&grid, args.format, &style).as_bytes())?;
        return Ok(Outcome::Found);
    }
    let (named, filter) = scope::measures(settings, &args.words, &args.metric)?;
    let filter = scope::with_org(filter, args.org.as_deref());
    let by = columns(args)?;
    let measures = chosen(args, named, by.is_empty());
    let needed = needed(args, &by, &measures)?;
    let store = open(settings)?;
    let Scope { frames, aside, .. } = scope(&store, &filter, &needed, args.counting)?;
    scope::say_why_empty(settings, &store, &filter, &frames)?;
    let mut frames = one_spelling(frames)?;
    if args.support_hours {
        frames = scope::supported(settings, &frames, &measures)?;
    }
    let question = Question { args, by, measures, aside, store: &store, today: settings.now.date_naive() };
    let grid = question.answer(&frames)?;
    let text = match args.format {
        OutputFormat::Table => render::stats(&grid, &style),
        format => render::grid(&grid, format, &style),
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::of_count(frames.incident_count()))
}

/// The columns that make groups.
fn columns(args: &Args) -> anyhow::Result<Vec<GroupColumn>> {
    let mut by = args.by.iter().map(|name| group_column(name)).collect::<Result<Vec<_>, _>>()?;
    if let (Some(Span::Each(unit)), None) = (args.period, args.compare) {
        by.insert(0, group_column(unit.name())?);
        by.dedup();
    }
    if by.len() > 2 {
        return Err(anyhow!("at most two columns make groups; these are {}", by.len()));
    }
    Ok(by)
}

/// A table of every metric in every group is too long to read; who wants it names them.
fn chosen(args: &Args, named: Vec<Measure>, is_ungrouped: bool) -> Vec<Measure> {
    let is_short = is_ungrouped && !args.evidence && !args.censored;
    match (named.is_empty(), is_short) {
        (false, _) => named,
        (true, true) => Measure::all(),
        (true, false) => vec![scope::default_measure()],
    }
}

/// The columns to read, of the tables that hold them.
fn needed(
    args: &Args,
    by: &[GroupColumn],
    measures: &[Measure],
) -> anyhow::Result<impl Fn(&Table) -> Vec<String> + use<>> {
    let mut columns = by.to_vec();
    if let Some(name) = &args.adjust {
        columns.push(group_column(name)?);
    }
    let bases = [Basis::Chosen, Basis::Stated, Basis::Computed, Basis::SupportHours];
    let is_used = |basis: &Basis| *basis != Basis::SupportHours || args.support_hours;
    let bases: Vec<_> = bases.into_iter().filter(is_used).collect();
    let duration = scope::of_durations(&columns, measures, &bases, args.censored);
    let reasons: Vec<String> = measures.iter().filter_map(|m| m.metric).flat_map(disagreement_columns).collect();
    let is_beside = args.stated && args.computed;
    Ok(move |table: &Table| {
        let mut columns = duration(table);
        if table.name == "incidents" && is_beside {
            columns.extend(reasons.iter().cloned());
            columns.sort();
            columns.dedup();
        }
        columns
    })
}

/// What was typed, understood.
struct Question<'a> {
    args: &'a Args,
    by: Vec<GroupColumn>,
    measures: Vec<Measure>,
    aside: SetAside,
    store: &'a Store,
    today: NaiveDate,
}

impl Question<'_> {
    fn basis(&self) -> Basis {
        match (self.args.support_hours, self.args.stated, self.args.computed) {
            (true, ..) => Basis::SupportHours,
            (_, true, _) => Basis::Stated,
            (_, _, true) => Basis::Computed,
            _ => Basis::Chosen,
        }
    }

    fn answer(&self, frames: &Frames) -> anyhow::Result<Grid> {
        let args = self.args;
        if let Some(against) = args.compare {
            return self.compare(frames, against);
        }
        let inside = match args.period {
            Some(Span::One(period)) => frames.during(period)?,
            _ => frames.clone(),
        };
        if args.evidence {
            return self.evidence(&inside);
        }
        let (by, measures, basis) = (self.by.as_slice(), self.measures.as_slice(), self.basis());
        let asked = Asked { frames: &inside, by, measures, basis, aside: &self.aside };
        if args.stated && args.computed {
            return Ok(report::beside(&asked, args.support_hours)?);
        }
        Ok(match (args.buckets, args.censored) {
            (true, _) => report::bucketed(&asked)?,
            (_, true) => report::survived(&asked)?,
            _ => report::stats(&asked)?,
        })
    }

    fn compare(&self, frames: &Frames, against: Against) -> anyhow::Result<Grid> {
        let period = match self.args.period {
            Some(Span::One(period)) => Some(period),
            Some(Span::Each(unit)) => frames.latest(unit, self.today)?,
            None => frames.latest(Unit::Quarter, self.today)?,
        };
        let Some(period) = period else {
            return Err(hinted(anyhow!("there is no dated incident to compare"), "'retro list' shows what has a date"));
        };
        let adjust = self.args.adjust.as_deref().map(group_column).transpose()?;
        let (by, measures, basis, aside) = (self.by.as_slice(), self.measures.as_slice(), self.basis(), &self.aside);
        let (new, old) = (period, against.of(period));
        let (later, earlier) = (frames.during(new)?, frames.during(old)?);
        let (later, earlier) = (&later, &earlier);
        let today = self.today;
        let asked = Changed { frames, later, earlier, new, old, by, measures, basis, adjust, aside, today };
        Ok(report::comparison(&asked)?)
    }

    /// The words behind every value that enters the numbers.
    fn evidence(&self, frames: &Frames) -> anyhow::Result<Grid> {
        let (rows, count) = incident_list(frames, &["id".to_owned()], EVIDENCE_MAX)?;
        let mut records = Vec::new();
        for row in &rows {
            if let Some(Value::Text(id)) = row.first() {
                records.extend(self.store.record(id).map_err(told)?);
            }
        }
        let mut grid = report::evidence(&records, &self.measures);
        if count > rows.len() {
            grid.note(format!("{} more are not shown; a filter narrows them down", count - rows.len()));
        }
        Ok(grid)
    }
}
