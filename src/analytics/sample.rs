//! Tables for tests, written as text: `id=a date=2025-04-03 ttr_minutes=87`. Columns left out are null; year, quarter
//! and month follow the date.

use super::Frames;
use crate::record::{Column as Declared, ColumnKind, Table, table};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use std::collections::BTreeMap;

/// Frames of incidents only.
pub fn incidents(rows: &[&str]) -> Frames {
    frames(&[("incidents", rows)])
}

pub fn frames(tables: &[(&str, &[&str])]) -> Frames {
    let none: &[&str] = &[];
    Frames::load(
        |table| table.columns.iter().map(|c| c.name.to_owned()).collect(),
        |name, _| {
            let rows = tables.iter().find(|(table, _)| *table == name).map_or(none, |(_, rows)| *rows);
            Ok::<_, ()>(frame(table(name).unwrap(), rows))
        },
    )
    .unwrap()
}

fn frame(table: &Table, rows: &[&str]) -> DataFrame {
    let rows: Vec<_> = rows.iter().map(|row| cells(row)).collect();
    for name in rows.iter().flat_map(BTreeMap::keys) {
        let is_period = ["year", "quarter", "month"].contains(&name.as_str());
        assert!(is_period || table.columns.iter().any(|c| c.name == name), "{} has no column {name}", table.name);
    }
    let columns = table.columns.iter().map(|column| series(column, &rows)).collect();
    DataFrame::new(rows.len(), columns).unwrap()
}

/// Words with an underscore stand for words with a space.
fn cells(row: &str) -> BTreeMap<String, String> {
    let mut cells: BTreeMap<String, String> = row
        .split_whitespace()
        .map(|word| word.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.replace('_', " ")))
        .collect();
    if let Some(date) = cells.get("date").map(|d| d.parse::<NaiveDate>().unwrap()) {
        cells.insert("year".into(), date.year().to_string());
        cells.insert("quarter".into(), format!("{}-Q{}", date.year(), date.month0() / 3 + 1));
        cells.insert("month".into(), date.format("%Y-%m").to_string());
    }
    cells
}

fn series(column: &Declared, rows: &[BTreeMap<String, String>]) -> Column {
    let name = column.name.into();
    let texts = rows.iter().map(|row| row.get(column.name));
    let instant = |t: &String| t.parse::<DateTime<Utc>>().unwrap().timestamp_millis();
    let day =
        |t: &String| t.parse::<NaiveDate>().unwrap().signed_duration_since(NaiveDate::default()).num_days() as i32;
    match column.kind {
        ColumnKind::Text => Column::new(name, texts.map(Option::<&String>::cloned).collect::<Vec<_>>()),
        ColumnKind::Integer => {
            Column::new(name, texts.map(|t| t.map(|t| t.parse::<i64>().unwrap())).collect::<Vec<_>>())
        }
        ColumnKind::Real => Column::new(name, texts.map(|t| t.map(|t| t.parse::<f64>().unwrap())).collect::<Vec<_>>()),
        ColumnKind::Flag => Column::new(name, texts.map(|t| t.map(|t| t == "true")).collect::<Vec<_>>()),
        ColumnKind::Date => {
            Column::new(name, texts.map(|t| t.map(day)).collect::<Vec<_>>()).cast(&DataType::Date).unwrap()
        }
        ColumnKind::Instant => Column::new(name, texts.map(|t| t.map(instant)).collect::<Vec<_>>())
            .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
            .unwrap(),
    }
}
