//! What a question is about: the incidents of the store that a filter lets through, and the measures asked for.

use super::open::told;
use super::{Settings, filters, hinted};
use crate::analytics::{Basis, Frames, GroupColumn, INTAKE_COLUMNS, with_support_hours};
use crate::domain::{Measure, Metric};
use crate::query;
use crate::record::{SAME_AS, Table};
use crate::render::OutputFormat;
use crate::report::SetAside;
use crate::store::Store;
use anyhow::anyhow;

/// The incidents in question.
pub struct Scope {
    pub frames: Frames,
    pub aside: SetAside,
    /// The filter as one line; empty when there is none.
    pub filter: String,
}

/// Which columns of which table a question reads.
pub type Needed<'a> = &'a dyn Fn(&Table) -> Vec<String>;

/// How an incident counts that several documents tell.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Counting {
    /// Count an incident once for each document that tells it, not once
    #[arg(long)]
    pub every_telling: bool,
}

impl Counting {
    /// Other programs get every row, and the column that tells them which to count.
    pub const EVERY: Self = Counting { every_telling: true };
}

/// What the filter's words let through of the incidents of a store.
pub fn scope(store: &Store, words: &[String], needed: Needed<'_>, counting: Counting) -> anyhow::Result<Scope> {
    let needed = |table: &Table| {
        let mut columns = needed(table);
        // Which of its tellings counts for an incident.
        if table.name == "incidents" && !counting.every_telling && columns.iter().all(|name| name != SAME_AS) {
            columns.push(SAME_AS.to_owned());
        }
        columns
    };
    let mut frames = Frames::load(needed, |table, columns| store.columns(table, Some(columns))).map_err(told)?;
    if !words.is_empty() {
        let ids = query::matching_ids(store, filters::parse(words)?).map_err(told)?;
        frames = frames.restricted(&ids)?;
    }
    let mut retold = Vec::new();
    if !counting.every_telling {
        (frames, retold) = frames.once()?;
    }
    let aside = SetAside { genres: store.manifest().tallies.genres.clone(), retold };
    Ok(Scope { frames, aside, filter: words.join(" ") })
}

/// Tells why no incident is left of those that a filter's words let through, where that can be told.
pub fn say_why_empty(settings: &Settings, store: &Store, words: &[String], frames: &Frames) -> anyhow::Result<()> {
    if frames.incident_count() > 0 || words.is_empty() {
        return Ok(());
    }
    settings.say(&format!("no incident passes '{}'", words.join(" ")));
    let known = known(settings);
    for word in words {
        // "mttr": statistics of a metric are asked for by its name.
        let metric = word.to_lowercase().strip_prefix('m').and_then(|name| known.iter().find(|m| m.name == name));
        if let Some(metric) = metric {
            settings
                .say(&format!("hint: 'retro stats {}' gives median, mean and more of {}", metric.name, metric.title));
        }
    }
    filters::say_hints(store, &filters::parse(words)?, settings)
}

/// The columns of the incidents that durations are computed from; with the timeline's times when `is_censored`.
pub fn of_durations(
    by: &[GroupColumn],
    measures: &[Measure],
    bases: &[Basis],
    is_censored: bool,
) -> impl Fn(&Table) -> Vec<String> + use<> {
    const ALWAYS: [&str; 2] = ["id", "date"];
    const MOMENTS: [&str; 6] = ["started", "detected", "acknowledged", "identified", "mitigated", "resolved"];
    let mut wanted: Vec<String> = ALWAYS.iter().chain(INTAKE_COLUMNS).map(|name| (*name).to_owned()).collect();
    wanted.extend(by.iter().map(|c| c.name.to_owned()));
    wanted.extend(bases.iter().flat_map(|basis| measures.iter().flat_map(|m| basis.columns(m))));
    if is_censored {
        wanted.extend(MOMENTS.map(str::to_owned));
    }
    move |table| {
        let is_wanted = |name: &str| match table.name {
            "incidents" => wanted.iter().any(|w| w == name),
            "timeline" => is_censored && ["id", "at", "until"].contains(&name),
            _ => false,
        };
        table.columns.iter().map(|c| c.name).filter(|name| is_wanted(name)).map(str::to_owned).collect()
    }
}

/// The frames with lengths in support hours, where hours are configured.
pub fn supported(settings: &Settings, frames: &Frames, measures: &[Measure]) -> anyhow::Result<Frames> {
    if !settings.config.has_support_hours() {
        let hint = "write [support-hours] zone = \"Europe/London\" and hours = [\"Mon-Fri 09:00-17:30\"] in retro.toml";
        return Err(hinted(anyhow!("no support hours are configured"), hint));
    }
    Ok(with_support_hours(frames, measures, |path| settings.config.support_hours(path))?)
}

/// Measures among the words (`stats ttr,ttd org:acme`) and those named by an option: the measures, and the words that
/// are left as the filter.
pub fn measures(
    settings: &Settings,
    words: &[String],
    named: &[String],
) -> anyhow::Result<(Vec<Measure>, Vec<String>)> {
    let known = known(settings);
    let find = |name: &str| known.iter().position(|m| m.name == name);
    let read = |word: &String| word.split(',').map(find).collect::<Option<Vec<_>>>();
    let mut found: Vec<usize> = words.iter().filter_map(read).flatten().collect();
    for name in named {
        let names: Vec<_> = known.iter().map(|m| m.name.as_str()).collect();
        found.push(find(name).ok_or_else(|| anyhow!("no such metric '{name}'; there are {}", names.join(", ")))?);
    }
    // In the order of the manual, once each.
    found.sort_unstable();
    found.dedup();
    let chosen = found.into_iter().filter_map(|i| known.get(i).cloned()).collect();
    Ok((chosen, words.iter().filter(|w| read(w).is_none()).cloned().collect()))
}

/// The metrics of the manual and those that the configuration adds.
pub fn known(settings: &Settings) -> Vec<Measure> {
    Measure::all().into_iter().chain(own(settings)).collect()
}

/// The metrics that the configuration adds.
pub fn own(settings: &Settings) -> Vec<Measure> {
    settings.config.metrics.iter().map(Measure::from).collect()
}

/// What durations are of where nothing else is asked for.
pub fn default_measure() -> Measure {
    Metric::Ttr.into()
}

/// The filter with an organisation named by an option.
pub fn with_org(mut words: Vec<String>, org: Option<&str>) -> Vec<String> {
    if let Some(org) = org {
        words.push(format!("org:\"{}\"", org.replace('"', "")));
    }
    words
}

/// An output format's name on the command line.
pub fn format(text: &str) -> anyhow::Result<OutputFormat> {
    let known: Vec<_> = OutputFormat::ALL.iter().map(|f| f.name()).collect();
    OutputFormat::parse(text).ok_or_else(|| anyhow!("no such format; there are {}", known.join(", ")))
}
