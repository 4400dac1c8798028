//! The report as one JSON object.

use crate::record::Grid;
use crate::render::json::{document, round, value};
use crate::report::{Chart, ChartData, Report};
use serde_json::{Map, Value as Json, json};

/// Identifies shape and version.
const SCHEMA: &str = "retrospect/report/1";

pub fn json(report: &Report) -> String {
    let sections: Vec<Json> = report
        .sections
        .iter()
        .map(|section| {
            json!({
                "id": section.id,
                "title": section.title,
                "text": section.lead,
                "charts": section.charts.iter().map(chart).collect::<Vec<_>>(),
                "tables": section.tables.iter().map(table).collect::<Vec<_>>(),
            })
        })
        .collect();
    let figures = report
        .figures
        .iter()
        .map(|f| json!({"label": f.label, "value": f.value, "note": f.note, "section": f.section}));
    let provenance: Map<String, Json> =
        report.provenance.iter().map(|(key, text)| (key.to_lowercase().replace(' ', "_"), json!(text))).collect();
    document(&json!({
        "schema": SCHEMA,
        "title": report.title,
        "period": report.period.to_string(),
        "compared_with": report.compared_with.to_string(),
        "headline": report.headline,
        "shown": report.shown,
        "not_shown": report.not_shown,
        "figures": figures.collect::<Vec<_>>(),
        "sections": sections,
        "provenance": provenance,
    }))
}

fn table(grid: &Grid) -> Json {
    let columns: Vec<Json> =
        grid.columns.iter().map(|c| json!({"name": c.name, "kind": c.kind.name(), "unit": c.unit})).collect();
    let rows: Vec<Json> = grid
        .rows
        .iter()
        .map(|row| {
            let cells = grid.columns.iter().zip(row).map(|(column, cell)| (column.name.clone(), value(cell)));
            Json::Object(cells.collect())
        })
        .collect();
    json!({"title": grid.title, "columns": columns, "rows": rows, "notes": grid.notes})
}

fn chart(chart: &Chart) -> Json {
    let (kind, data) = match &chart.data {
        ChartData::Stacked { categories, parts } => {
            let parts: Map<String, Json> = parts.iter().map(|(name, counts)| (name.clone(), json!(counts))).collect();
            ("stacked", json!({"categories": categories, "parts": parts}))
        }
        ChartData::Dots { groups } => {
            let groups: Vec<Json> = groups
                .iter()
                .map(|g| {
                    let dots: Vec<Json> =
                        g.dots.iter().map(|(minutes, id)| json!({"minutes": round(*minutes), "id": id})).collect();
                    json!({"label": g.label, "n": g.n, "median_minutes": g.median.map(round), "dots": dots})
                })
                .collect();
            ("dots", json!({"groups": groups}))
        }
        ChartData::Bars { bars } => {
            let bars: Vec<Json> = bars.iter().map(|(label, n)| json!({"label": label, "incidents": n})).collect();
            ("bars", json!({"bars": bars}))
        }
    };
    json!({"title": chart.title, "kind": kind, "n": chart.n, "data": data})
}
