//! The reliability report in each format.

mod html;
mod json;
mod markdown;
mod svg;
mod table;
mod terminal;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use terminal::terminal;

use crate::record::{Grid, GridColumn, Value};
use crate::report::{Chart, ChartData};

/// A chart's numbers as a table, for formats without pictures and for readers who cannot see them.
fn chart_table(chart: &Chart) -> Grid {
    let integer = |n: usize| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let mut grid = Grid::new(chart.title.clone(), Vec::new());
    match &chart.data {
        ChartData::Stacked { categories, parts } => {
            grid.columns.push(GridColumn::text("category", "Month"));
            grid.columns.extend(parts.iter().map(|(name, _)| GridColumn::integer(name.clone(), name.clone())));
            grid.columns.push(GridColumn::integer("total", "all"));
            for (i, category) in categories.iter().enumerate() {
                let counts: Vec<usize> = parts.iter().map(|(_, n)| n.get(i).copied().unwrap_or(0)).collect();
                let mut row = vec![Value::Text(category.clone())];
                row.extend(counts.iter().copied().map(integer));
                row.push(integer(counts.iter().sum()));
                grid.rows.push(row);
            }
        }
        ChartData::Dots { groups } => {
            grid.columns = vec![
                GridColumn::text("group", "Period"),
                GridColumn::integer("n", "n"),
                GridColumn::minutes("shortest_minutes", "Shortest"),
                GridColumn::minutes("median_minutes", "Median"),
                GridColumn::minutes("longest_minutes", "Longest"),
            ];
            for group in groups {
                let minutes = |x: Option<f64>| x.map_or(Value::Null, Value::Real);
                let values = group.dots.iter().map(|(m, _)| *m);
                let (low, high) = (values.clone().reduce(f64::min), values.reduce(f64::max));
                let label = Value::Text(group.label.clone());
                grid.rows.push(vec![label, integer(group.n), minutes(low), minutes(group.median), minutes(high)]);
            }
        }
        ChartData::Bars { bars } => {
            grid.columns = vec![GridColumn::text("label", "Label"), GridColumn::integer("incidents", "Incidents")];
            grid.rows = bars.iter().map(|(label, n)| vec![Value::Text(label.clone()), integer(*n)]).collect();
        }
    }
    grid
}

#[cfg(test)]
mod tests;
