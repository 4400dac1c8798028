//! The incidents that several documents tell, found once for a generation, when all its tables are complete.
//!
//! Knows nothing of what statistics make of them.

use super::error::{self, StoreError};
use super::manifest::Manifest;
use super::order::Order;
use super::{layout, tables};
use crate::domain::{Compared, Told};
use crate::record::{self, SAME_AS};
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{Column, DataFrame, DataType, PolarsResult};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

pub(super) const TELLINGS: &str = "tellings.json";

/// What makes a report full: the more of these it tells, the better it stands for the incident.
const TOLD: &[&str] = &[
    "date",
    "severity",
    "started",
    "detected",
    "acknowledged",
    "identified",
    "mitigated",
    "resolved",
    "ttr_minutes",
    "trigger",
    "component",
    "root_cause",
    "detection",
];
/// And which of equally full ones has more of a timeline.
const ENTRIES: &str = "timeline_count";

/// What is compared.
const COMPARED: &[&str] = &[
    "path",
    "org",
    "title",
    "root_cause",
    "impact",
    "date",
    "started",
    "mitigated",
    "resolved",
    "trigger",
    "component",
    "regions",
];

/// Groups of incidents that are one, each with the fullest report first: row in the table of incidents, and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tellings(Vec<Vec<(usize, String)>>);

impl Tellings {
    /// The ids of each incident that is told more than once, that of the fullest report first.
    pub fn groups(&self) -> impl Iterator<Item = Vec<&str>> {
        self.0.iter().map(|group| group.iter().map(|(_, id)| id.as_str()).collect())
    }

    /// All ids that tell of the same incident as this one, and itself; none when it is told once.
    pub fn of(&self, id: &str) -> Vec<&str> {
        self.groups().find(|ids| ids.contains(&id)).unwrap_or_default()
    }
}

/// Finds them in the tables of a generation.
pub(super) fn find(folder: &Path, manifest: &Manifest, order: &Order) -> Result<Tellings, StoreError> {
    let Some(table) = record::table("incidents") else { return Ok(Tellings::default()) };
    let path = folder.join(super::table_file(table.name));
    let failed = || error::table("read", &path);
    let mut found = Found::default();
    let columns: BTreeSet<&str> = TOLD.iter().chain(COMPARED).chain([&ENTRIES]).copied().collect();
    let columns = columns.into_iter().map(str::to_owned).collect();
    tables::pieces(folder, manifest, table, columns, order, |frame| found.add(frame).map_err(failed()))?;
    let Found { compared, fullness } = found;
    let mut groups = compared.groups();
    groups.iter_mut().for_each(|group| group.sort_by_key(|at| (Reverse(fullness.get(*at)), *at)));
    drop(fullness);
    // The few that are needed.
    let mut ids: BTreeMap<usize, Option<String>> = groups.iter().flatten().map(|at| (*at, None)).collect();
    let mut before = 0;
    tables::pieces(folder, manifest, table, vec!["id".to_owned()], order, |frame| {
        let column = frame.column("id").and_then(|c| c.str()).map_err(failed())?;
        for (at, id) in ids.range_mut(before..before + frame.height()) {
            *id = column.get(at - before).map(str::to_owned);
        }
        before += frame.height();
        Ok(())
    })?;
    let mut id = |at: usize| Some((at, ids.get_mut(&at)?.take()?));
    Ok(Tellings(groups.into_iter().map(|group| group.into_iter().filter_map(&mut id).collect()).collect()))
}

/// What is found out of incidents, a piece of their table after the other.
#[derive(Default)]
struct Found {
    compared: Compared,
    /// How much each report tells, and how many entries its timeline has.
    fullness: Vec<(u8, Option<i64>)>,
}

impl Found {
    fn add(&mut self, frame: &DataFrame) -> PolarsResult<()> {
        let from = self.fullness.len();
        self.fullness.extend(frame.column(ENTRIES)?.i64()?.iter().map(|entries| (0, entries)));
        for name in TOLD {
            let is_told = frame.column(name)?.is_not_null();
            let own = self.fullness.iter_mut().skip(from);
            own.zip(is_told.iter()).for_each(|((n, _), told)| *n += u8::from(told == Some(true)));
        }
        let text =
            |name: &str| Ok::<_, polars::prelude::PolarsError>(frame.column(name)?.str()?.iter().collect::<Vec<_>>());
        let (paths, orgs) = (text("path")?, text("org")?);
        let (titles, causes, impacts) = (text("title")?, text("root_cause")?, text("impact")?);
        let (triggers, components, regions) = (text("trigger")?, text("component")?, text("regions")?);
        let days = frame.column("date")?.cast(&DataType::Int32)?;
        let dates: Vec<_> = days.i32()?.iter().map(|days| days.and_then(date)).collect();
        let (started, mitigated, resolved) =
            (instants(frame, "started")?, instants(frame, "mitigated")?, instants(frame, "resolved")?);
        let of = |all: &[Option<DateTime<Utc>>], at: usize| all.get(at).copied().flatten();
        for at in 0..frame.height() {
            self.compared.add(&Told {
                path: paths.get(at).copied().flatten().unwrap_or_default(),
                org: orgs.get(at).copied().flatten(),
                date: dates.get(at).copied().flatten(),
                started: of(&started, at),
                ended: of(&mitigated, at).or(of(&resolved, at)),
                trigger: triggers.get(at).copied().flatten(),
                component: components.get(at).copied().flatten(),
                regions: regions.get(at).copied().flatten(),
                texts: [&titles, &causes, &impacts].map(|texts| texts.get(at).copied().flatten()),
            });
        }
        Ok(())
    }
}

fn date(days: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::try_days(i64::from(days))?)
}

fn instants(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<DateTime<Utc>>>> {
    let milliseconds = frame.column(name)?.cast(&DataType::Int64)?;
    Ok(milliseconds.i64()?.iter().map(|ms| ms.and_then(DateTime::from_timestamp_millis)).collect())
}

pub(super) fn write(folder: &Path, tellings: &Tellings) -> Result<(), StoreError> {
    let path = folder.join(TELLINGS);
    let text = serde_json::to_string(&tellings.0).unwrap_or_default() + "\n";
    layout::create_file(&path)?.write_all(text.as_bytes()).map_err(error::io("write", &path))
}

pub(super) fn read(folder: &Path, bytes: &[u8]) -> Result<Tellings, StoreError> {
    let damaged = |e| StoreError::Damaged { path: folder.join(TELLINGS), what: format!("{e}") };
    serde_json::from_slice(bytes).map(Tellings).map_err(damaged)
}

/// Says of each row of the table of incidents which one counts for it.
pub(super) fn fill(mut frame: DataFrame, tellings: &Tellings) -> PolarsResult<DataFrame> {
    let mut same: Vec<Option<&str>> = vec![None; frame.height()];
    for group in &tellings.0 {
        let Some(((_, fullest), others)) = group.split_first() else { continue };
        for (row, _) in others {
            if let Some(cell) = same.get_mut(*row) {
                *cell = Some(fullest);
            }
        }
    }
    frame.with_column(Column::new(SAME_AS.into(), same))?;
    Ok(frame)
}
