//! CSV (RFC 4180): one header line, then rows. Title and notes have no place in it.

use super::sanitise;
use crate::record::{Grid, Value};

pub fn grid(grid: &Grid) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory can't fail; if a record were refused, it would be missing rather than wrong.
    let _ = writer.write_record(grid.columns.iter().map(|c| sanitise::spreadsheet(&c.name).into_owned()));
    for row in &grid.rows {
        let cells = (0..grid.columns.len()).map(|i| row.get(i).map_or_else(String::new, cell));
        let _ = writer.write_record(cells);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(t) => sanitise::spreadsheet(t).into_owned(),
        Value::Integer(n) => n.to_string(),
        Value::Real(x) if x.is_finite() => super::json::round(*x).to_string(),
        Value::Real(_) | Value::Null => String::new(),
        Value::Flag(b) => b.to_string(),
        Value::Date(d) => d.to_string(),
        Value::Instant(t) => t.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}
