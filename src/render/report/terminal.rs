//! The report as a page for the terminal, with charts made of characters.

use crate::record::Grid;
use crate::render::cell::{Spelling, duration};
use crate::render::charts::{ROOM_MIN, axis, legend};
use crate::render::{Style, bar, pad, sanitise, terminal as tables, truncate, width, wrap};
use crate::report::{Chart, ChartData, DotGroup, MEMBERS, Report, Section};

/// Sections whose tables are for looking things up; a terminal shows them in the other formats' stead as a pointer.
const REFERENCE: &[&str] = &["method"];

pub fn terminal(report: &Report, style: &Style) -> String {
    let title = sanitise::line(&report.title);
    let mut out = format!("{}\n{}\n", style.bold(&title), "═".repeat(width(&title).min(style.width)));
    for line in wrap(&sanitise::line(&report.headline), style.width) {
        out.push_str(&format!("{line}\n"));
    }
    out.push_str(&sentences("What the data show", "+", &report.shown, style));
    out.push_str(&sentences("What they do not show", "?", &report.not_shown, style));
    out.push_str(&figures(report, style));
    for section in report.sections.iter().filter(|s| !REFERENCE.contains(&s.id)) {
        out.push_str(&show(section, style));
    }
    out.push_str(&heading("Provenance", style));
    let label = report.provenance.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    for (key, text) in &report.provenance {
        out.push_str(&entry(&pad(key, label), &sanitise::line(text), style));
    }
    let hint = format!(
        "The incidents behind a number: 'retro list during:{} trigger:…', and so on for the other labels; the words behind \
         them: 'retro stats ttr during:{} --evidence'. Definitions and methods: 'retro stats --define'. A page to pass \
         on: --format html -o report.html",
        report.period, report.period
    );
    out.push('\n');
    for line in wrap(&hint, style.width) {
        out.push_str(&format!("{}\n", style.dim(&line)));
    }
    out
}

fn heading(title: &str, style: &Style) -> String {
    let rest = style.width.saturating_sub(width(title) + 4);
    format!("\n{} {} {}\n\n", style.dim("──"), style.bold(title), style.dim(&"─".repeat(rest)))
}

fn sentences(title: &str, mark: &str, sentences: &[String], style: &Style) -> String {
    if sentences.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", style.bold(title));
    for sentence in sentences {
        out.push_str(&entry(mark, &sanitise::line(sentence), style));
    }
    out
}

/// A label and wrapped text beside it.
fn entry(label: &str, text: &str, style: &Style) -> String {
    let indent = width(label) + 3;
    let mut out = String::new();
    for (i, line) in wrap(text, style.width.saturating_sub(indent)).iter().enumerate() {
        if i == 0 {
            out.push_str(&format!(" {}  {line}\n", style.dim(label)));
        } else {
            out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
    }
    out
}

fn figures(report: &Report, style: &Style) -> String {
    let mut out = heading("Key figures", style);
    let label = report.figures.iter().map(|f| width(&f.label)).max().unwrap_or(0);
    let value = report.figures.iter().map(|f| width(&f.value)).max().unwrap_or(0);
    for figure in &report.figures {
        let number = style.bold(&pad(&figure.value, value));
        let indent = label + value + 5;
        // Beside both there is hardly room for a word: below them.
        if style.width < indent + NOTE_COLUMNS_MIN {
            out.push_str(&format!(" {}  {}\n", pad(&figure.label, label), style.bold(&figure.value)));
            for line in wrap(&sanitise::line(&figure.note), style.width.saturating_sub(3).max(ROOM_MIN)) {
                out.push_str(&format!("   {}\n", style.dim(&line)));
            }
            continue;
        }
        for (i, line) in wrap(&sanitise::line(&figure.note), style.width.saturating_sub(indent)).iter().enumerate() {
            if i == 0 {
                out.push_str(&format!(" {}  {number}  {}\n", pad(&figure.label, label), style.dim(line)));
            } else {
                out.push_str(&format!("{}{}\n", " ".repeat(indent), style.dim(line)));
            }
        }
    }
    out
}

/// What a note beside a figure needs.
const NOTE_COLUMNS_MIN: usize = 24;

fn show(section: &Section, style: &Style) -> String {
    let mut out = heading(&section.title, style);
    for sentence in &section.lead {
        for line in wrap(&sanitise::line(sentence), style.width) {
            out.push_str(&format!("{line}\n"));
        }
        out.push('\n');
    }
    let has_bars = section.charts.iter().any(|c| matches!(c.data, ChartData::Bars { .. }));
    let mut parts: Vec<String> = section.charts.iter().map(|c| chart(c, style)).collect();
    for grid in &section.tables {
        // Bars show the counts already; a table of a line says little.
        if !(has_bars && grid.columns.iter().any(|c| c.name == "share_of_known_percent")) {
            parts.push(tables::grid(&without_members(grid), style));
        }
    }
    out + &parts.join("\n")
}

/// Lists of ids fill a screen; the filter that finds them is a word.
fn without_members(grid: &Grid) -> Grid {
    let mut grid = grid.clone();
    if let Some(at) = grid.columns.iter().position(|c| c.name == MEMBERS) {
        grid.columns.remove(at);
        for row in grid.rows.iter_mut().filter(|row| at < row.len()) {
            row.remove(at);
        }
    }
    grid
}

fn chart(chart: &Chart, style: &Style) -> String {
    let mut out = String::new();
    for line in wrap(&sanitise::line(&chart.title), style.width) {
        out.push_str(&format!("{}\n", style.bold(&line)));
    }
    out.push('\n');
    out + &match &chart.data {
        ChartData::Stacked { categories, parts } => stacked(categories, parts, style),
        ChartData::Dots { groups } => dots(groups, style),
        ChartData::Bars { bars } => self::bars(bars, style),
    }
}

/// A character an incident, the digit its severity; where that is too wide, plain bars.
fn stacked(categories: &[String], parts: &[(String, Vec<usize>)], style: &Style) -> String {
    let total = |i: usize| parts.iter().map(|(_, n)| n.get(i).copied().unwrap_or(0)).sum::<usize>();
    let largest = (0..categories.len()).map(total).max().unwrap_or(0);
    let label = categories.iter().map(|c| width(c)).max().unwrap_or(0);
    let room = style.width.saturating_sub(label + 10).max(ROOM_MIN);
    let mark = |name: &str| name.chars().find(char::is_ascii_digit).unwrap_or('·');
    let mut out = String::new();
    for (i, category) in categories.iter().enumerate() {
        let n = total(i);
        let line: String = if largest <= room {
            parts
                .iter()
                .map(|(name, counts)| mark(name).to_string().repeat(counts.get(i).copied().unwrap_or(0)))
                .collect()
        } else {
            bar(n as f64, largest as f64, room)
        };
        let gap = if line.is_empty() { "" } else { "  " };
        out.push_str(&format!(" {}  {line}{gap}{}\n", pad(category, label), style.dim(&n.to_string())));
    }
    if largest > 0 && largest <= room {
        let names: Vec<String> = parts.iter().map(|(name, _)| format!("{} {name}", mark(name))).collect();
        out.push_str(&legend(&sanitise::line(&format!("One character an incident: {}", names.join(", "))), style));
    }
    out
}

fn bars(bars: &[(String, usize)], style: &Style) -> String {
    let label = bars.iter().map(|(l, _)| width(l)).max().unwrap_or(0).min(30).min(style.width / 2);
    let largest = bars.iter().map(|(_, n)| *n).max().unwrap_or(0) as f64;
    let room = style.width.saturating_sub(label + 10).clamp(ROOM_MIN, 50);
    let mut out = String::new();
    for (name, n) in bars {
        let name = truncate(&sanitise::line(name), label);
        out.push_str(&format!(" {}  {} {n}\n", pad(&name, label), bar(*n as f64, largest, room)));
    }
    if bars.is_empty() {
        out.push_str(" (nothing)\n");
    }
    out
}

/// A line a group: dots along a logarithmic axis, `┃` the median.
fn dots(groups: &[DotGroup], style: &Style) -> String {
    let values = groups.iter().flat_map(|g| &g.dots).map(|(m, _)| m.max(1.0));
    let (Some(low), Some(high)) = (values.clone().reduce(f64::min), values.reduce(f64::max)) else {
        return " (nothing)\n".to_owned();
    };
    let label = groups.iter().map(|g| width(&g.label)).max().unwrap_or(0);
    let told = |group: &DotGroup| {
        let median = group.median.map_or(String::new(), |m| format!(" {}", duration(m, Spelling::Tight)));
        format!("n={}{median}", group.n)
    };
    let told_columns = groups.iter().map(|g| width(&told(g))).max().unwrap_or(0).max(TOLD_COLUMNS_MIN);
    let room = style.width.saturating_sub(label + told_columns + 5).max(ROOM_MIN);
    let (low, high) = (low.ln(), high.ln().max(low.ln() + 1.0));
    let place = |m: f64| {
        let at = (m.max(1.0).ln() - low) / (high - low) * (room - 1) as f64;
        (at.round().max(0.0) as usize).min(room - 1)
    };
    let mut out = String::new();
    for group in groups {
        let mut counts = vec![0usize; room];
        for (minutes, _) in &group.dots {
            if let Some(count) = counts.get_mut(place(*minutes)) {
                *count += 1;
            }
        }
        let median = group.median.map(place);
        let line: String = counts
            .iter()
            .enumerate()
            .map(|(i, n)| match n {
                _ if median == Some(i) => '┃',
                0 => ' ',
                1 => '·',
                2 => ':',
                _ => '⁝',
            })
            .collect();
        out.push_str(&format!(" {} │{line}│ {}\n", pad(&group.label, label), style.dim(&told(group))));
    }
    out.push_str(&axis(low.exp(), high.exp(), label + 3, room, style));
    out + &legend("· one incident, : two, ⁝ more, ┃ the median; n and median at the right", style)
}

/// Room for "n=12 1d23h" beside the dots.
const TOLD_COLUMNS_MIN: usize = 17;
