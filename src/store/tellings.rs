//! The incidents that several documents tell, found once for a generation, when all its tables are complete.
//!
//! Knows nothing of what statistics make of them.

use super::error::{self, StoreError};
use super::manifest::Manifest;
use super::rows::Rows;
use super::{layout, tables};
use crate::domain::{Told, told_twice};
use crate::record::{self, SAME_AS};
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::{Column, DataFrame, DataType, PolarsResult};
use std::cmp::Reverse;
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
    "id",
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
pub(super) fn find(folder: &Path, manifest: &Manifest, rows: &Rows) -> Result<Tellings, StoreError> {
    let Some(table) = record::table("incidents") else { return Ok(Tellings::default()) };
    let path = folder.join(super::table_file(table.name));
    let read = |columns: &mut dyn Iterator<Item = &&str>| {
        let columns = columns.map(|name| (*name).to_owned()).collect();
        tables::of_generation(folder, manifest, table, columns, &|| Ok(rows.order()))
    };
    // One after the other: together they take much memory.
    let fullness = fullness(&read(&mut TOLD.iter().chain([&ENTRIES]))?).map_err(error::table("read", &path))?;
    groups(&read(&mut COMPARED.iter())?, &fullness).map_err(error::table("read", &path))
}

/// How much each report tells, and how many entries its timeline has.
fn fullness(frame: &DataFrame) -> PolarsResult<Vec<(usize, Option<i64>)>> {
    let mut fullness: Vec<_> = frame.column(ENTRIES)?.i64()?.iter().map(|entries| (0, entries)).collect();
    for name in TOLD {
        let is_told = frame.column(name)?.is_not_null();
        fullness.iter_mut().zip(is_told.iter()).for_each(|((n, _), told)| *n += usize::from(told == Some(true)));
    }
    Ok(fullness)
}

fn groups(frame: &DataFrame, fullness: &[(usize, Option<i64>)]) -> PolarsResult<Tellings> {
    let text =
        |name: &str| Ok::<_, polars::prelude::PolarsError>(frame.column(name)?.str()?.iter().collect::<Vec<_>>());
    let (ids, paths, orgs) = (text("id")?, text("path")?, text("org")?);
    let (titles, causes, impacts) = (text("title")?, text("root_cause")?, text("impact")?);
    let (triggers, components, regions) = (text("trigger")?, text("component")?, text("regions")?);
    let days = frame.column("date")?.cast(&DataType::Int32)?;
    let dates: Vec<_> = days.i32()?.iter().map(|days| days.and_then(date)).collect();
    let (started, mitigated, resolved) =
        (instants(frame, "started")?, instants(frame, "mitigated")?, instants(frame, "resolved")?);
    let of = |all: &[Option<DateTime<Utc>>], at: usize| all.get(at).copied().flatten();
    let told = |at: usize| Told {
        path: paths.get(at).copied().flatten().unwrap_or_default(),
        org: orgs.get(at).copied().flatten(),
        date: dates.get(at).copied().flatten(),
        started: of(&started, at),
        ended: of(&mitigated, at).or(of(&resolved, at)),
        trigger: triggers.get(at).copied().flatten(),
        component: components.get(at).copied().flatten(),
        regions: regions.get(at).copied().flatten(),
        texts: [&titles, &causes, &impacts].map(|texts| texts.get(at).copied().flatten()),
    };
    let all: Vec<Told<'_>> = (0..frame.height()).map(told).collect();
    let id = |at: usize| Some((at, ids.get(at).copied().flatten()?.to_owned()));
    let rank = |at: &usize| (Reverse(fullness.get(*at)), *at);
    let group = |mut group: Vec<usize>| {
        group.sort_by_key(rank);
        group.into_iter().filter_map(id).collect()
    };
    Ok(Tellings(told_twice(&all).into_iter().map(group).collect()))
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
