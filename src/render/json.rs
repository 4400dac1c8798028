//! JSON and NDJSON: numbers stay numbers, nothing is rounded away, every character is kept.

use crate::record::{Grid, Value};
use serde_json::{Map, Number, Value as Json, json};

/// One object: title, columns, rows, notes. An empty table has an empty `rows`.
pub fn grid(grid: &Grid) -> String {
    let columns: Vec<Json> = grid
        .columns
        .iter()
        .map(|c| json!({"name": c.name, "title": c.title, "kind": c.kind.name(), "unit": c.unit}))
        .collect();
    let rows: Vec<Json> = rows(grid).map(Json::Object).collect();
    document(&json!({"title": grid.title, "columns": columns, "rows": rows, "notes": grid.notes}))
}

/// One object a row.
pub fn lines(grid: &Grid) -> String {
    rows(grid).map(|row| escape(&Json::Object(row).to_string()) + "\n").collect()
}

/// Any JSON value as an indented document that is safe to print.
pub fn document(json: &Json) -> String {
    let text = serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string());
    escape(&text) + "\n"
}

fn rows(grid: &Grid) -> impl Iterator<Item = Map<String, Json>> {
    grid.rows.iter().map(|row| {
        let cell = |i: usize| row.get(i).map_or(Json::Null, value);
        grid.columns.iter().enumerate().map(|(i, column)| (column.name.clone(), cell(i))).collect()
    })
}

/// One value. Not-a-number, which JSON lacks, is null.
pub fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(t) => Json::String(t.clone()),
        Value::Integer(n) => Json::from(*n),
        // A whole number may come from a median of integers; `87.0` would only be noise.
        Value::Real(x) if x.fract() == 0.0 && x.abs() < 1e15 => Json::from(*x as i64),
        Value::Real(x) => Number::from_f64(round(*x)).map_or(Json::Null, Json::Number),
        Value::Flag(b) => Json::Bool(*b),
        Value::Date(d) => Json::String(d.to_string()),
        Value::Instant(t) => Json::String(t.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
    }
}

/// Six decimals: more than any input carries, and safe against the last digits that differ between machines.
pub fn round(x: f64) -> f64 {
    if x.abs() < 1e9 { (x * 1e6).round() / 1e6 } else { x }
}

/// JSON leaves DEL, C1 controls and direction overrides as they are; a terminal would obey them. Escaped they mean
/// the same. They can stand only inside strings.
fn escape(json: &str) -> String {
    if !json.contains(is_risky) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_risky(c) { out.push_str(&format!("\\u{:04x}", u32::from(c))) } else { out.push(c) }
    }
    out
}

fn is_risky(c: char) -> bool {
    let is_control = ('\u{7f}'..='\u{9f}').contains(&c);
    is_control || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
