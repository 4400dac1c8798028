//! The report as GitHub-flavoured Markdown.

use super::chart_table;
use crate::record::Grid;
use crate::render::{markdown as tables, sanitise};
use crate::report::{ChartData, Report};

pub fn markdown(report: &Report) -> String {
    let mut out = format!("# {}\n\n", sanitise::markdown(&report.title));
    if !report.headline.is_empty() {
        out.push_str(&format!("**{}**\n\n", sanitise::markdown(&report.headline)));
    }
    out.push_str(&list("What the data show", &report.shown));
    out.push_str(&list("What they do not show", &report.not_shown));
    out.push_str("## Key figures\n\n| | | |\n| --- | --- | --- |\n");
    for figure in &report.figures {
        let cells = [&figure.label, &figure.value, &figure.note].map(|t| sanitise::markdown(t));
        out.push_str(&format!("| {} | **{}** | {} |\n", cells[0], cells[1], cells[2]));
    }
    for section in &report.sections {
        out.push_str(&format!("\n## {}\n", sanitise::markdown(&section.title)));
        for sentence in &section.lead {
            out.push_str(&format!("\n{}\n", sanitise::markdown(sentence)));
        }
        // Bars say what the tables under them say.
        let charts = section.charts.iter().filter(|c| !matches!(c.data, ChartData::Bars { .. }));
        for grid in charts.map(chart_table).chain(section.tables.iter().cloned()) {
            out.push('\n');
            out.push_str(&table(&grid));
        }
    }
    out.push_str("\n## Provenance\n\n");
    for (key, text) in &report.provenance {
        out.push_str(&format!("- {}: {}\n", sanitise::markdown(key), sanitise::markdown(text)));
    }
    out
}

fn list(title: &str, sentences: &[String]) -> String {
    if sentences.is_empty() {
        return String::new();
    }
    let items: String = sentences.iter().map(|s| format!("- {}\n", sanitise::markdown(s))).collect();
    format!("## {title}\n\n{items}\n")
}

fn table(grid: &Grid) -> String {
    tables::grid(grid)
}
