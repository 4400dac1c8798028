//! `retro trend`: period by period, and whether it is heading anywhere.

use super::open::open;
use super::scope::{self, Counting, Scope, scope};
use super::{Outcome, Settings};
use crate::analytics::{Basis, group_column};
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
/// Words are a filter as in 'retro list'; the name of a metric chooses it. With --format json, 'tests' has the slope,
/// interval and p of each test as numbers.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Filter, and a metric by name
    #[arg(value_name = "FILTER")]
    words: Vec<String>,

    /// The metric to follow [default: ttr]
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,

    /// Only incidents of this organisation, as org:NAME in the filter
    #[arg(long, value_name = "NAME")]
    org: Option<String>,

    /// How long a period is
    #[arg(long, value_name = "UNIT", default_value = "quarter")]
    period: PeriodUnit,

    /// Only durations that authors stated, not those computed from milestones
    #[arg(long)]
    stated: bool,

    /// Count only the minutes within the configured support hours
    #[arg(long, conflicts_with = "stated")]
    support_hours: bool,

    #[command(flatten)]
    counting: Counting,

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
    let option: Vec<String> = args.metric.iter().cloned().collect();
    let (named, filter) = scope::measures(settings, &args.words, &option)?;
    let filter = scope::with_org(filter, args.org.as_deref());
    let measure = named.into_iter().next().unwrap_or_else(scope::default_measure);
    let unit = match args.period {
        PeriodUnit::Month => Unit::Month,
        PeriodUnit::Quarter => Unit::Quarter,
        PeriodUnit::Year => Unit::Year,
    };
    let basis = match (args.stated, args.support_hours) {
        (true, _) => Basis::Stated,
        (_, true) => Basis::SupportHours,
        _ => Basis::Chosen,
    };
    let measures = [measure];
    let needed = scope::of_durations(&[group_column(unit.name())?], &measures, &[basis], false);
    let store = open(settings)?;
    let Scope { mut frames, aside, .. } = scope(&store, &filter, &needed, args.counting)?;
    scope::say_why_empty(settings, &store, &filter, &frames)?;
    if args.support_hours {
        frames = scope::supported(settings, &frames, &measures)?;
    }
    let [measure] = measures;
    let series = report::series(&frames, &measure, unit, basis, settings.now.date_naive())?;
    let grid = report::trend_grid(&series, unit, basis, &aside);
    let text = match args.format {
        OutputFormat::Table => render::trend(&series, &grid, &settings.style()),
        format => render::grid(&grid, format, &settings.style()),
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::of_count(series.points.len()))
}
