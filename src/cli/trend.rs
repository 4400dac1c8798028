//! `retro trend`: period by period, and whether it is heading anywhere.

use super::scope::{self, scope};
use super::{Outcome, Settings};
use crate::analytics::Basis;
use crate::domain::Metric;
use crate::render::{self, OutputFormat};
use crate::report;
use crate::time::period::Unit;
use clap::ValueEnum;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  retro trend                       TTR and incidents by quarter
  retro trend ttd --period month org:acme";

/// Follow a metric and the number of incidents over time, and test for a trend
///
/// Words are a filter as in 'retro list'; the name of a metric chooses it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Filter, and a metric by name
    #[arg(value_name = "FILTER")]
    words: Vec<String>,

    /// The metric to follow [default: ttr]
    #[arg(long, value_name = "METRIC", value_parser = scope::metric)]
    metric: Option<Metric>,

    /// How long a period is
    #[arg(long, value_name = "UNIT", default_value = "quarter")]
    period: PeriodUnit,

    /// Only durations that authors stated, not those computed from milestones
    #[arg(long)]
    stated: bool,

    /// table, json, ndjson, csv or md
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = scope::format)]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PeriodUnit {
    Month,
    Quarter,
    Year,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (named, filter) = scope::metrics(&args.words);
    let metric = args.metric.or(named.first().copied()).unwrap_or(Metric::Ttr);
    let unit = match args.period {
        PeriodUnit::Month => Unit::Month,
        PeriodUnit::Quarter => Unit::Quarter,
        PeriodUnit::Year => Unit::Year,
    };
    let basis = if args.stated { Basis::Stated } else { Basis::Chosen };
    let frames = scope(settings, &filter)?.frames;
    let series = report::series(&frames, metric, unit, basis)?;
    let grid = report::trend_grid(&series, unit, basis);
    let text = match args.format {
        OutputFormat::Table => render::trend(&series, &grid, &settings.style()),
        format => render::grid(&grid, format, &settings.style()),
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::of_count(series.points.len()))
}
