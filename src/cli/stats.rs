//! `retro stats`: how long incidents take, with what is known and what is not.

use super::scope::{self, Scope, scope};
use super::{Outcome, Settings, hinted};
use crate::analytics::{Basis, Frames, GroupColumn, group_column};
use crate::domain::{METRICS, Metric};
use crate::record::Grid;
use crate::render::{self, OutputFormat};
use crate::report;
use crate::time::period::{Period, Unit};
use anyhow::anyhow;
use clap::ValueEnum;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro stats                          all metrics over all incidents
  retro stats ttr --by trigger         one metric, a group a row
  retro stats ttr --period quarter org:acme
  retro stats --compare previous       the latest quarter against the one before
  retro stats --period 2025-Q2 --compare year";

/// Summarise durations: median with interval, mean, p90, n and what is missing
///
/// Words are a filter as in 'retro list'; the name of a metric (ttd, tta, tti, ttm, ttr, impact) chooses it.
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

    /// Metrics to show; several allowed
    #[arg(long, value_name = "METRIC", value_delimiter = ',', value_parser = scope::metric)]
    metric: Vec<Metric>,

    /// Only durations that authors stated, not those computed from milestones
    #[arg(long)]
    stated: bool,

    /// Print what every number means and how it is computed, and stop
    #[arg(long)]
    define: bool,

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
    if args.define {
        let grid = report::method::definitions();
        out.write_all(render::grid(&grid, args.format, &settings.style()).as_bytes())?;
        return Ok(Outcome::Found);
    }
    let (named, filter) = scope::metrics(&args.words);
    let Scope { frames, .. } = scope(settings, &filter)?;
    let named = if args.metric.is_empty() { named } else { args.metric.clone() };
    let grid = answer(args, &named, &frames)?;
    out.write_all(render::grid(&grid, args.format, &settings.style()).as_bytes())?;
    Ok(Outcome::of_count(frames.incident_count()))
}

fn answer(args: &Args, named: &[Metric], frames: &Frames) -> anyhow::Result<Grid> {
    let all: Vec<Metric> = METRICS.iter().map(|d| d.metric).collect();
    let basis = if args.stated { Basis::Stated } else { Basis::Chosen };
    if let Some(against) = args.compare {
        if !args.by.is_empty() {
            return Err(hinted(anyhow!("--compare and --by exclude each other"), "filter for the group to compare"));
        }
        let period = match args.period {
            Some(Span::One(period)) => Some(period),
            Some(Span::Each(unit)) => frames.latest(unit)?,
            None => frames.latest(Unit::Quarter)?,
        };
        let Some(period) = period else { return Err(anyhow!("there is no dated incident to compare")) };
        let metrics = if named.is_empty() { &all } else { named };
        return Ok(report::comparison(frames, period, against.of(period), metrics, basis)?);
    }
    let mut by = args.by.iter().map(|name| group_column(name)).collect::<Result<Vec<GroupColumn>, _>>()?;
    let inside = match args.period {
        Some(Span::One(period)) => frames.during(period)?,
        Some(Span::Each(unit)) => {
            by.insert(0, group_column(unit.name())?);
            frames.clone()
        }
        None => frames.clone(),
    };
    if by.len() > 2 {
        return Err(anyhow!("at most two columns make groups; these are {}", by.len()));
    }
    // A table of every metric in every group is too long to read; ask for it with --metric.
    let metrics = match (named.is_empty(), by.is_empty()) {
        (false, _) => named,
        (true, true) => &all,
        (true, false) => &[Metric::Ttr],
    };
    Ok(report::stats(&inside, &by, metrics, basis)?)
}
