//! Charts made of characters, for terminals and wherever only text goes.

use super::cell::{Spelling, duration};
use super::{Style, pad, terminal, wrap};
use crate::record::{Grid, Value};
use crate::report::Series;

/// A bar for each value, as high as it is of the largest; a space where nothing is known.
pub fn spark(values: &[Option<f64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let largest = values.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
    let bar = |value: f64| {
        let step = if largest > 0.0 { value / largest * (BARS.len() - 1) as f64 } else { 0.0 };
        BARS.get(step.round().max(0.0) as usize).copied().unwrap_or('█')
    };
    values.iter().map(|v| v.map_or(' ', bar)).collect()
}

/// A horizontal bar of at most `columns`, to an eighth of a column.
pub fn bar(value: f64, largest: f64, columns: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if largest <= 0.0 || value <= 0.0 {
        return String::new();
    }
    let eighths = ((value / largest).min(1.0) * (columns * 8) as f64).round().max(1.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), PARTS.get(eighths % 8).unwrap_or(&""))
}

/// The two ends of an axis, below a row of that many columns that begins behind `label` ones.
pub fn axis(low: f64, high: f64, label: usize, room: usize, style: &Style) -> String {
    let (first, last) = (duration(low, Spelling::Tight), duration(high, Spelling::Tight));
    let gap = room.saturating_sub(super::width(&first) + super::width(&last)).max(1);
    format!("{}{}\n", " ".repeat(label), style.dim(&format!("{first}{}{last}", " ".repeat(gap))))
}

/// What the signs of a chart mean.
pub fn legend(text: &str, style: &Style) -> String {
    wrap(text, style.width).iter().map(|line| format!("{}\n", style.dim(line))).collect()
}

/// The trend table under its two sparklines.
pub fn trend(series: &Series, grid: &Grid, style: &Style) -> String {
    let mut out = String::new();
    let title = format!("Median {}", series.measure.title);
    // As many of the latest periods as fit on a line.
    let label = super::width(&title).max(super::width("Incidents")) + 2;
    let room = style.width.saturating_sub(label).max(ROOM_MIN);
    let earlier = series.points.len().saturating_sub(room);
    let shown = series.points.iter().skip(earlier);
    let counts: Vec<_> = shown.clone().map(|p| Some(p.incidents as f64)).collect();
    let medians: Vec<_> = shown.clone().map(|p| p.summary.median).collect();
    let largest = |values: &[Option<f64>]| values.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
    if let (Some(first), Some(last)) = (shown.clone().next(), series.points.last()) {
        for (name, values, most) in [
            ("Incidents", &counts, largest(&counts).to_string()),
            (title.as_str(), &medians, duration(largest(&medians), Spelling::Roomy)),
        ] {
            let bars = spark(values);
            let most = format!("at most {most}");
            // Where the line is full, below it.
            let is_wide = label + super::width(&bars) + 2 + super::width(&most) <= style.width;
            let apart = if is_wide { "  ".to_owned() } else { format!("\n{}", " ".repeat(label)) };
            out.push_str(&format!("{}{bars}{apart}{most}\n", style.dim(&pad(name, label))));
        }
        let earlier = if earlier > 0 { format!(", {earlier} earlier left out") } else { String::new() };
        let span = format!("{} to {}{earlier}", first.period, last.period);
        let lines = wrap(&span, style.width.saturating_sub(label).max(ROOM_MIN));
        let lines: Vec<String> = lines.iter().map(|line| format!("{}{line}", " ".repeat(label))).collect();
        out.push_str(&style.dim(&lines.join("\n")));
        out.push_str("\n\n");
    }
    out + &terminal::grid(grid, style)
}

/// A table of durations, and under it, where there are several to compare, a chart of its medians or its classes.
pub fn stats(grid: &Grid, style: &Style) -> String {
    let table = terminal::grid(grid, style);
    let chart = if has(grid, "median_minutes") { medians(grid, style) } else { classes(grid, style) };
    if chart.is_empty() { table } else { format!("{table}\n{chart}") }
}

fn has(grid: &Grid, name: &str) -> bool {
    grid.columns.iter().any(|c| c.name == name)
}

fn cell<'g>(grid: &'g Grid, row: &'g [Value], name: &str) -> Option<&'g Value> {
    row.get(grid.columns.iter().position(|c| c.name == name)?)
}

fn real(grid: &Grid, row: &[Value], name: &str) -> Option<f64> {
    match cell(grid, row, name)? {
        Value::Real(x) => Some(*x),
        Value::Integer(n) => Some(*n as f64),
        _ => None,
    }
}

/// What a row is about: its cells up to the metric.
fn label(grid: &Grid, row: &[Value]) -> String {
    let end = grid.columns.iter().position(|c| c.name == "metric").unwrap_or(0);
    let cells = row.iter().take(end + 1).map(|v| super::cell::text(v, "", Spelling::Tight));
    cells.collect::<Vec<_>>().join(" ")
}

/// More rows than this are no picture any more.
const LINES_MAX: usize = 30;
const LABEL_COLUMNS_MAX: usize = 32;
/// Where a terminal is narrow, a chart is at least this wide.
pub const ROOM_MIN: usize = 10;
/// Room for `1d23h` beside the axis.
const VALUE_COLUMNS: usize = 8;

/// A line a row on one logarithmic axis: `●` the median, `─` its interval.
fn medians(grid: &Grid, style: &Style) -> String {
    let strip = |row: &Vec<Value>| {
        let ends = real(grid, row, "median_low_minutes").zip(real(grid, row, "median_high_minutes"));
        Some((label(grid, row), real(grid, row, "median_minutes")?, ends))
    };
    let rows: Vec<_> = grid.rows.iter().filter_map(strip).collect();
    if rows.len() < 2 || rows.len() > LINES_MAX {
        return String::new();
    }
    // A label leaves half of a narrow terminal to the picture.
    let label_max = LABEL_COLUMNS_MAX.min(style.width / 2);
    let width = rows.iter().map(|(l, ..)| super::width(l)).max().unwrap_or(0).min(label_max);
    let room = style.width.min(110).saturating_sub(width + VALUE_COLUMNS + 4).max(ROOM_MIN);
    let ends = rows.iter().flat_map(|(_, m, i)| [i.map_or(*m, |i| i.0), i.map_or(*m, |i| i.1)]).map(|m| m.max(1.0));
    let low = ends.clone().fold(f64::INFINITY, f64::min).ln();
    let high = ends.fold(0.0, f64::max).ln().max(low + 1.0);
    let place = |m: f64| (((m.max(1.0).ln() - low) / (high - low) * (room - 1) as f64).round() as usize).min(room - 1);
    let mut out = String::new();
    for (label, median, interval) in &rows {
        let line: String = (0..room)
            .map(|i| match interval.map(|(a, b)| place(a)..=place(b)) {
                _ if i == place(*median) => '●',
                Some(reach) if reach.contains(&i) => '─',
                _ => ' ',
            })
            .collect();
        let label = pad(&super::truncate(label, width), width);
        out.push_str(&format!("{label} │{line}│ {}\n", duration(*median, Spelling::Tight)));
    }
    out.push_str(&axis(low.exp(), high.exp(), width + 2, room, style));
    out + &legend("● median, ─ its 95 % interval, logarithmic axis", style)
}

/// A bar a class, of the only row there is.
fn classes(grid: &Grid, style: &Style) -> String {
    let ([row], Some(first)) = (grid.rows.as_slice(), grid.columns.iter().position(|c| c.name == "missing")) else {
        return String::new();
    };
    let counts: Vec<(&str, f64)> = grid
        .columns
        .iter()
        .skip(first + 1)
        .filter_map(|c| Some((c.title.as_str(), real(grid, row, &c.name)?)))
        .collect();
    let largest = counts.iter().fold(0.0f64, |a, (_, n)| a.max(*n));
    let width = counts.iter().map(|(title, _)| super::width(title)).max().unwrap_or(0);
    let room = style.width.saturating_sub(width + 8).clamp(ROOM_MIN, 50);
    counts.iter().map(|(title, n)| format!("{}  {} {n}\n", pad(title, width), bar(*n, largest, room))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion() {
        assert_eq!(spark(&[Some(0.0), None, Some(4.0), Some(8.0)]), "▁ ▅█");
        assert_eq!(spark(&[]), "");
        assert_eq!(spark(&[Some(0.0)]), "▁");
        assert_eq!(bar(1.0, 2.0, 5), "██▌");
        assert_eq!(bar(0.001, 2.0, 5), "▏");
        assert_eq!(bar(0.0, 2.0, 5), "");
    }
}
