//! JSON and NDJSON: numbers stay numbers, nothing is rounded away, every character is kept.

use super::sanitise;
use crate::record::{Grid, Test, Value};
use crate::text::Marks;
use serde_json::{Map, Number, Value as Json, json};

/// One object: title, columns, rows, notes, and tests where something was tested. An empty table has an empty `rows`.
pub fn grid(grid: &Grid) -> String {
    let columns: Vec<Json> = grid
        .columns
        .iter()
        .map(|c| json!({"name": c.name, "title": c.title, "kind": c.kind.name(), "unit": c.unit}))
        .collect();
    let rows: Vec<Json> = rows(grid).map(Json::Object).collect();
    let mut all = json!({"title": grid.title, "columns": columns, "rows": rows, "notes": grid.notes});
    let test = |test: &Test| test.iter().map(|(name, v)| ((*name).to_owned(), value(v))).collect();
    if let (Some(all), false) = (all.as_object_mut(), grid.tests.is_empty()) {
        all.insert("tests".to_owned(), grid.tests.iter().map(test).map(Json::Object).collect());
    }
    document(&all)
}

/// One object a row.
pub fn lines(grid: &Grid) -> String {
    rows(grid).map(|row| line(&Json::Object(row))).collect()
}

/// Any JSON value on a line of its own that is safe to print.
pub fn line(json: &Json) -> String {
    text(json.to_string()) + "\n"
}

/// Any JSON value as an indented document that is safe to print.
pub fn document(json: &Json) -> String {
    text(serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string())) + "\n"
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

/// JSON leaves DEL, C1 controls, direction overrides and what has no width as they are; a terminal would obey them, a
/// reader not see them. Escaped they mean the same. They can stand only inside strings.
pub fn text(json: String) -> String {
    // Most of it is plain, which is told of eight bytes at once.
    let is_risky_at = |at: usize| json.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_risky);
    if !MAY_BE_RISKY.places(&json).any(is_risky_at) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match is_risky(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out
}

/// DEL, and all that is beyond ASCII.
const MAY_BE_RISKY: Marks<1> = Marks { near: [(b'\x7f', b'\x7f')], far: true };

fn is_risky(c: char) -> bool {
    ('\u{7f}'..='\u{9f}').contains(&c) || matches!(c, '\u{2028}' | '\u{2029}') || sanitise::is_invisible(c)
}
