//! Charts made of characters, for terminals and wherever only text goes.

use super::cell::{Spelling, duration};
use super::{Style, pad, terminal};
use crate::record::Grid;
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

/// The trend table under its two sparklines.
pub fn trend(series: &Series, grid: &Grid, style: &Style) -> String {
    let mut out = String::new();
    let title = format!("Median {}", series.metric.definition().title);
    // As many of the latest periods as fit on a line.
    let room = style.width.saturating_sub(40).max(8);
    let shown = series.points.iter().skip(series.points.len().saturating_sub(room));
    let counts: Vec<_> = shown.clone().map(|p| Some(p.incidents as f64)).collect();
    let medians: Vec<_> = shown.clone().map(|p| p.summary.median).collect();
    let largest = |values: &[Option<f64>]| values.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
    if let (Some(first), Some(last)) = (shown.clone().next(), series.points.last()) {
        let label = super::width(&title).max(super::width("Incidents")) + 2;
        for (name, values, most) in [
            ("Incidents", &counts, largest(&counts).to_string()),
            (title.as_str(), &medians, duration(largest(&medians), Spelling::Roomy)),
        ] {
            out.push_str(&format!("{}{}  at most {most}\n", style.dim(&pad(name, label)), spark(values)));
        }
        out.push_str(&style.dim(&format!("{}{} to {}", " ".repeat(label), first.period, last.period)));
        out.push_str("\n\n");
    }
    out + &terminal::grid(grid, style)
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
