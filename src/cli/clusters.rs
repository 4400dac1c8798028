//! `retro clusters`: what happened again, and what was told twice.

use super::filters::{self, Format};
use super::open::{open, told};
use super::{Outcome, Settings};
use crate::query::{self, Cluster, Clusters};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::render::{self, Style, sanitise};
use crate::store::Card;
use serde_json::json;
use std::io::Write;

/// Group incidents that repeat, with what holds each group together
///
/// Incidents are compared by the words of title, symptoms and cause and by their labels. An incident that several
/// documents tell counts once; those are listed at the end.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Among which incidents, such as org:acme after:2024
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,

    /// How the groups are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let expression = filters::parse(&args.filter)?;
    let store = open(settings)?;
    let found = query::clusters(&store, expression.clone()).map_err(told)?;
    if found.incidents == 0 {
        filters::say_hints(&store, &expression, settings)?;
    }
    match args.format {
        Format::Table => out.write_all(page(&found, filters::style(settings)).as_bytes())?,
        Format::Json => out.write_all(render::json_document(&as_json(&found)).as_bytes())?,
        Format::Ndjson => {
            for cluster in &found.clusters {
                out.write_all(render::json_line(&cluster_json(cluster)).as_bytes())?;
            }
        }
        format => out.write_all(render::grid(&grid(&found), format.into(), &filters::style(settings)).as_bytes())?,
    }
    Ok(Outcome::of_count(found.clusters.len() + found.told_twice.len()))
}

fn as_json(found: &Clusters) -> serde_json::Value {
    let told_twice: Vec<Vec<_>> = found.told_twice.iter().map(|t| t.iter().map(card_json).collect()).collect();
    let clusters: Vec<_> = found.clusters.iter().map(cluster_json).collect();
    json!({"incidents": found.incidents, "clusters": clusters, "told_twice": told_twice})
}

fn cluster_json(cluster: &Cluster) -> serde_json::Value {
    let fields: serde_json::Map<_, _> = cluster.fields.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect();
    let dates = cluster.dates();
    let member = |m: &query::Member| {
        let mut value = card_json(&m.card);
        if let Some(object) = value.as_object_mut() {
            object.insert("also".to_owned(), m.also.iter().map(card_json).collect());
        }
        value
    };
    json!({
        "words": cluster.words,
        "fields": fields,
        "likeness": (f64::from(cluster.likeness) * 1000.0).round() / 1000.0,
        "first": dates.first().map(ToString::to_string),
        "last": dates.last().map(ToString::to_string),
        "last_gap_days": cluster.last_gap_days(),
        "members": cluster.members.iter().map(member).collect::<Vec<_>>(),
    })
}

fn card_json(card: &Card) -> serde_json::Value {
    json!({"id": card.id, "path": card.path, "date": card.date, "title": card.title, "org": card.org})
}

fn page(found: &Clusters, style: Style) -> String {
    let mut text = String::new();
    for (nth, cluster) in found.clusters.iter().enumerate() {
        let count = cluster.members.len();
        text.push_str(&format!("{:>2}. {}\n", nth + 1, style.bold(&format!("{count} incidents{}", span(cluster)))));
        for line in render::wrap(&format!("share {}", sanitise::line(&cluster.shares())), style.width.max(24) - 4) {
            text.push_str(&format!("    {}\n", style.dim(&line)));
        }
        for member in &cluster.members {
            text.push_str(&line(&member.card, "", style));
            member.also.iter().for_each(|card| text.push_str(&line(card, "also ", style)));
        }
        text.push('\n');
    }
    if !found.told_twice.is_empty() {
        text.push_str(&format!("{}\n", style.bold("Told in several documents")));
        for tellings in &found.told_twice {
            for (nth, card) in tellings.iter().enumerate() {
                text.push_str(&line(card, if nth == 0 { "" } else { "also " }, style));
            }
        }
    }
    text
}

/// The time between the first and the last, and since the one before.
fn span(cluster: &Cluster) -> String {
    let dates = cluster.dates();
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return String::new() };
    let gap = cluster.last_gap_days().map(|days| format!(", last after {days} days")).unwrap_or_default();
    format!(", {first} to {last}{gap}")
}

fn line(card: &Card, mark: &str, style: Style) -> String {
    let (date, title) = (card.date.as_deref().unwrap_or("undated"), card.title.as_deref().unwrap_or(&card.path));
    let line = format!("    {date:10}  {mark}{}  {}", sanitise::line(&card.id), sanitise::line(title));
    format!("{}\n", render::truncate(&line, style.width.max(24)))
}

/// One row an incident, with the number of its group.
fn grid(found: &Clusters) -> Grid {
    let columns = vec![
        GridColumn::integer("cluster", "cluster"),
        GridColumn::new("date", "date", ColumnKind::Date),
        GridColumn::text("id", "id"),
        GridColumn::text("title", "title"),
        GridColumn::text("org", "org"),
        GridColumn::text("shares", "shares"),
    ];
    let text = |t: Option<&String>| t.map_or(Value::Null, |t| Value::Text(t.clone()));
    let mut grid = Grid::new("", columns);
    for (nth, cluster) in found.clusters.iter().enumerate() {
        for member in &cluster.members {
            let card = &member.card;
            grid.rows.push(vec![
                Value::Integer(i64::try_from(nth + 1).unwrap_or(i64::MAX)),
                card.date.as_deref().and_then(|d| d.parse().ok()).map_or(Value::Null, Value::Date),
                Value::Text(card.id.clone()),
                text(card.title.as_ref()),
                text(card.org.as_ref()),
                Value::Text(cluster.words.join(" ")),
            ]);
        }
    }
    grid
}
