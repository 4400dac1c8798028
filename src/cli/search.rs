//! `retro search`: the incidents most like what one sees.

use super::filters::{self, Format};
use super::open::{open, told};
use super::{Outcome, Settings};
use crate::query::{self, Hit, Hits, Options};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::render::{self, Style, sanitise};
use serde_json::json;
use std::io::Write;

/// Find past incidents by what is seen: words, a question, or a pasted alert
///
/// Any text is a query. Filters such as provider:aws or after:2024-01-01 in it restrict the search, quotes keep words
/// together, everything else ranks. A question that says when it was ("in March 2025", "one Friday") finds the
/// incidents of that time first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is seen
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,

    /// At most so many
    #[arg(long, short = 'n', value_name = "N", default_value = "10")]
    pub limit: usize,

    /// Say what each part of the query added to a hit
    #[arg(long)]
    pub explain: bool,

    /// Count all that was found by provider, trigger, component, severity and quarter
    #[arg(long)]
    pub facets: bool,

    /// Order the best hits by date, severity, a metric, org, title, id or path; -FIELD reverses
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,

    /// How the hits are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let store = open(settings)?;
    let order = args.sort.as_deref().map(filters::order).transpose()?;
    let options = Options {
        limit: args.limit,
        snippets: true,
        explain: args.explain,
        facets: args.facets,
        order,
        ..Options::default()
    };
    let hits = query::search(&store, &args.query.join(" "), &options).map_err(told)?;
    for hint in &hits.hints {
        settings.say(&format!("hint: {hint}"));
    }
    match args.format {
        Format::Table => {
            out.write_all(text(&hits, filters::style(settings)).as_bytes())?;
            out.write_all(facets(&hits).as_bytes())?;
        }
        Format::Json => out.write_all(render::json_document(&as_json(&hits)).as_bytes())?,
        Format::Ndjson => {
            for hit in &hits.hits {
                out.write_all(render::json_line(&hit_json(hit)).as_bytes())?;
            }
        }
        format => out.write_all(render::grid(&grid(&hits), format.into(), &filters::style(settings)).as_bytes())?,
    }
    Ok(Outcome::of_count(hits.hits.len()))
}

fn as_json(hits: &Hits) -> serde_json::Value {
    let all: Vec<_> = hits.hits.iter().map(hit_json).collect();
    let mut value = json!({"query": hits.query, "total": hits.total, "hits": all, "hints": hits.hints});
    if let (Some(object), false) = (value.as_object_mut(), hits.facets.is_empty()) {
        let counts = |counts: &[(String, usize)]| -> serde_json::Value {
            counts.iter().map(|(value, count)| json!({"value": value, "count": count})).collect()
        };
        let facets = hits.facets.iter().map(|f| (f.field.to_owned(), counts(&f.counts)));
        object.insert("facets".to_owned(), serde_json::Value::Object(facets.collect()));
    }
    value
}

/// A line a facet, each value as one would filter by it.
fn facets(hits: &Hits) -> String {
    let mut text = String::new();
    for facet in &hits.facets {
        let counts = facet.counts.iter().map(|(value, count)| format!("{} {count}", sanitise::line(value)));
        text.push_str(&format!("{:10} {}\n", facet.field, counts.collect::<Vec<_>>().join(" · ")));
    }
    text
}

fn hit_json(hit: &Hit) -> serde_json::Value {
    let round = |x: f32| (f64::from(x) * 1000.0).round() / 1000.0;
    let highlights: Vec<_> = hit.snippet.highlights.iter().map(|r| [r.start, r.end]).collect();
    let mut value = json!({
        "rank": hit.rank,
        "id": hit.card.id,
        "path": hit.card.path,
        "kind": hit.card.kind,
        "score": round(hit.score),
        "title": hit.card.title,
        "date": hit.card.date,
        "org": hit.card.org,
        "severity": hit.card.severity,
        "snippet": hit.snippet.text,
        "highlights": highlights,
        "section": hit.snippet.section,
        "matched": hit.matched,
    });
    if let (Some(object), false) = (value.as_object_mut(), hit.explanation.is_empty()) {
        let parts = hit.explanation.iter().map(|(part, score)| json!({"part": part, "score": round(*score)}));
        object.insert("explanation".to_owned(), parts.collect());
    }
    value
}

/// One block a hit: what it is, the sentence that shows why, and what matched.
fn text(hits: &Hits, style: Style) -> String {
    let mut text = String::new();
    for hit in &hits.hits {
        let card = &hit.card;
        let title = card.title.as_deref().unwrap_or(&card.path);
        let date = card.date.as_deref().unwrap_or("undated");
        let about = [Some(date), card.org.as_deref(), card.severity.as_deref(), not_incident(&card.kind)];
        let about = about.into_iter().flatten().map(|a| sanitise::line(a).into_owned()).collect::<Vec<_>>().join(" · ");
        text.push_str(&format!("{:>2}. {}\n", hit.rank, style.bold(&sanitise::line(title))));
        text.push_str(&format!("    {}\n", style.dim(&format!("{about} · {}", sanitise::line(&card.id)))));
        let section = &hit.snippet.section;
        let section = if section.is_empty() { String::new() } else { format!("{}: ", sanitise::line(section)) };
        let lines = render::wrap(&format!("{section}{}", sanitise::line(&hit.snippet.text)), style.width.max(24) - 4);
        for line in lines {
            text.push_str(&format!("    {}\n", mark(&line, hit, style)));
        }
        let matched = hit.matched.iter().map(|(place, words)| format!("{place}: {}", words.join(" ")));
        let matched = matched.collect::<Vec<_>>().join("; ");
        if hit.explanation.is_empty() {
            text.push('\n');
            continue;
        }
        for line in render::wrap(&format!("matched {}", sanitise::line(&matched)), style.width.max(24) - 4) {
            text.push_str(&format!("    {line}\n"));
        }
        for (part, score) in &hit.explanation {
            text.push_str(&format!("    {score:>7.2}  {}\n", sanitise::line(part)));
        }
        text.push_str(&format!("    {:>7.2}  in all\n\n", hit.score));
    }
    text
}

fn not_incident(kind: &str) -> Option<&str> {
    (kind != "incident").then_some("no incident")
}

/// Paints the words that matched. Wrapping moved them, so they are found again by what they say.
fn mark(line: &str, hit: &Hit, style: Style) -> String {
    if !style.colour {
        return line.to_owned();
    }
    let words: Vec<&str> =
        hit.snippet.highlights.iter().filter_map(|range| hit.snippet.text.get(range.clone())).collect();
    line.split_inclusive(' ')
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let is_match = !bare.is_empty() && words.iter().any(|w| *w == bare || w.split(' ').any(|w| w == bare));
            if is_match { word.replacen(bare, &style.bold(bare), 1) } else { word.to_owned() }
        })
        .collect()
}

fn grid(hits: &Hits) -> Grid {
    let columns = vec![
        GridColumn::integer("rank", "rank"),
        GridColumn::text("id", "id"),
        GridColumn::text("path", "path"),
        GridColumn::real("score", "score"),
        GridColumn::text("title", "title"),
        GridColumn::new("date", "date", ColumnKind::Date),
        GridColumn::text("org", "org"),
        GridColumn::text("severity", "severity"),
        GridColumn::text("snippet", "snippet"),
    ];
    let text = |t: Option<&String>| t.map_or(Value::Null, |t| Value::Text(t.clone()));
    let mut grid = Grid::new("", columns);
    grid.rows = hits
        .hits
        .iter()
        .map(|hit| {
            vec![
                Value::Integer(i64::try_from(hit.rank).unwrap_or(i64::MAX)),
                Value::Text(hit.card.id.clone()),
                Value::Text(hit.card.path.clone()),
                Value::Real((f64::from(hit.score) * 1000.0).round() / 1000.0),
                text(hit.card.title.as_ref()),
                hit.card.date.as_deref().and_then(|d| d.parse().ok()).map_or(Value::Null, Value::Date),
                text(hit.card.org.as_ref()),
                text(hit.card.severity.as_ref()),
                Value::Text(hit.snippet.text.clone()),
            ]
        })
        .collect();
    grid
}
