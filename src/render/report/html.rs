//! The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere.
//!
//! The page is a template that escapes by default; what it is told not to escape are charts and tables, which escape
//! themselves.

use super::{chart_table, svg};
use crate::record::{Grid, Record};
use crate::render::card::{self, CardOptions};
use crate::render::sanitise;
use crate::report::{ChartData, Report, Section};
use minijinja::{Environment, Value, context};
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("../templates/report.html");
const STYLE: &str = include_str!("../templates/report.css");

/// The page.
pub fn html(report: &Report) -> String {
    let anchors: BTreeMap<&str, String> =
        report.details.iter().enumerate().map(|(i, r)| (r.id.as_str(), format!("#incident-{}", i + 1))).collect();
    let sections: Vec<Value> = report.sections.iter().map(|s| section(s, &anchors)).collect();
    let details: Vec<Value> = report.details.iter().enumerate().map(|(i, r)| detail(i + 1, r)).collect();
    let figures: Vec<Value> = report
        .figures
        .iter()
        .map(|f| {
            let (label, value, note) = (words(&f.label), sentence(&f.value), sentence(&f.note));
            context! { label, value, note, section => f.section }
        })
        .collect();
    let provenance: Vec<Value> =
        report.provenance.iter().map(|(key, text)| context! { key => words(key), text => words(text) }).collect();
    let page = context! {
        title => words(&report.title),
        style => Value::from_safe_string(STYLE.to_owned()),
        headline => sentence(&report.headline),
        shown => all(&report.shown),
        not_shown => all(&report.not_shown),
        figures,
        sections,
        details,
        provenance,
    };
    let mut environment = Environment::new();
    // The template is part of the program; a test renders it.
    let rendered = environment.add_template("report.html", TEMPLATE).and_then(|()| {
        let template = environment.get_template("report.html")?;
        template.render(page)
    });
    rendered.unwrap_or_else(|error| {
        format!("<!DOCTYPE html><title>Report</title><p>{}", sanitise::html(&error.to_string()))
    })
}

/// Untrusted text without control characters; the template escapes it.
fn words(text: &str) -> Value {
    Value::from(sanitise::line(text).into_owned())
}

/// A sentence of our own, in which a number stays with its unit.
fn sentence(text: &str) -> Value {
    let text = sanitise::line(text);
    let mut kept = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        kept.push_str(word);
        let Some(next) = words.peek() else { break };
        let is_number = word.ends_with(|c: char| c.is_ascii_digit());
        let unit = next.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
        let is_unit = ["%", "d", "h", "min"].contains(&unit);
        kept.push(if (is_number && is_unit) || word == "=" || *next == "=" { '\u{a0}' } else { ' ' });
    }
    Value::from(kept)
}

fn all(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|t| sentence(t)).collect()
}

fn section(section: &Section, anchors: &BTreeMap<&str, String>) -> Value {
    let link = |id: &str| anchors.get(id).cloned();
    let charts: Vec<Value> = section
        .charts
        .iter()
        .enumerate()
        .map(|(i, chart)| {
            let key = format!("{}-{i}", section.id);
            context! {
                title => words(&chart.title),
                svg => Value::from_safe_string(svg::chart(chart, &key, &link)),
                is_over_time => !matches!(chart.data, ChartData::Bars { .. }),
                table => table(&chart_table(chart), anchors),
            }
        })
        .collect();
    context! {
        id => section.id,
        title => words(&section.title),
        lead => all(&section.lead),
        charts,
        tables => section.tables.iter().map(|grid| table(grid, anchors)).collect::<Vec<_>>(),
    }
}

/// A table that stands as it is, and its notes.
fn table(grid: &Grid, anchors: &BTreeMap<&str, String>) -> Value {
    context! { body => Value::from_safe_string(super::table::table(grid, anchors)), notes => all(&grid.notes) }
}

/// One incident with the words behind every value.
fn detail(number: usize, record: &Record) -> Value {
    let options = CardOptions { evidence: true, zone: None };
    let none = BTreeMap::new();
    let sections: Vec<Value> = card::sections(record, &options)
        .into_iter()
        .map(|section| {
            let items: Vec<Value> = section
                .items
                .iter()
                .map(
                    |i| context! { label => i.label.clone(), value => i.value.clone(), evidence => i.evidence.clone() },
                )
                .collect();
            context! {
                title => section.title,
                table => section.table.as_ref().map(|grid| table(grid, &none)),
                items,
            }
        })
        .collect();
    context! { number, title => card::title(record), head => card::head(record), sections }
}
