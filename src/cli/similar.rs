//! `retro similar`: past incidents like one that is known or seen, with what fixed them.

use super::filters::{self, Format};
use super::open::{open, told};
use super::{Outcome, Settings, hinted};
use crate::query::{self, Like, Likes, Options, Similar};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use crate::render::{self, Style, sanitise};
use anyhow::{Context, anyhow};
use serde_json::json;
use std::io::{Read, Write};

const EXAMPLES: &str = "\
Examples:
  retro similar inc-0131
  retro similar --text 'FATAL: sorry, too many clients already'
  kubectl describe pod api-0 | retro similar -";

/// Text on stdin is read up to here.
const STDIN_BYTES_MAX: u64 = 1024 * 1024;

/// Find past incidents like one, or like a pasted alert, with what fixed them
///
/// A record is compared by its title, symptoms, causes and labels. A text is read as 'retro search' reads one.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The incident's id, or - to read a text from stdin
    #[arg(value_name = "ID", conflicts_with = "text")]
    pub id: Option<String>,

    /// A text to compare with: an alert, a log, a sentence
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,

    /// At most so many
    #[arg(long, short = 'n', value_name = "N", default_value = "5")]
    pub limit: usize,

    /// How the incidents are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

pub fn run(args: &Args, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    if args.id.is_none() && args.text.is_none() {
        let hint = "'retro similar ID', 'retro similar --text TEXT', or 'retro similar -' for a text on stdin";
        return Err(hinted(anyhow!("say what to compare with"), hint));
    }
    let store = open(settings)?;
    let options = Options { limit: args.limit, snippets: true, ..Options::default() };
    let text = match (&args.text, args.id.as_deref()) {
        (Some(text), _) => Some(text.clone()),
        (None, Some("-")) => Some(stdin()?),
        (None, _) => None,
    };
    let id = args.id.clone().unwrap_or_default();
    let like = text.as_deref().map_or(Like::Record(&id), Like::Text);
    let Some(likes) = query::similar(&store, like, &options).map_err(told)? else {
        let near = store.ids_like(&id).map_err(told)?;
        let error = anyhow!("there is no incident '{id}'");
        return Err(match near.is_empty() {
            true => hinted(error, "'retro list' shows the ids; --text takes any text"),
            false => hinted(error, format!("did you mean {}?", near.join(", "))),
        });
    };
    for hint in &likes.hints {
        settings.say(&format!("hint: {hint}"));
    }
    match args.format {
        Format::Table => out.write_all(page(&likes, filters::style(settings)).as_bytes())?,
        Format::Json => {
            let all = json!({"hits": likes.hits.iter().map(as_json).collect::<Vec<_>>()});
            out.write_all(render::json_document(&all).as_bytes())?;
        }
        Format::Ndjson => {
            for hit in &likes.hits {
                out.write_all(render::json_line(&as_json(hit)).as_bytes())?;
            }
        }
        format => out.write_all(render::grid(&grid(&likes), format.into(), &filters::style(settings)).as_bytes())?,
    }
    Ok(Outcome::of_count(likes.hits.len()))
}

fn stdin() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(STDIN_BYTES_MAX).read_to_end(&mut bytes).context("cannot read stdin")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn as_json(like: &Similar) -> serde_json::Value {
    let card = &like.hit.card;
    let shared: serde_json::Map<_, _> = like.shared.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect();
    json!({
        "rank": like.hit.rank,
        "id": card.id,
        "path": card.path,
        "score": (f64::from(like.hit.score) * 1000.0).round() / 1000.0,
        "title": card.title,
        "date": card.date,
        "org": card.org,
        "severity": card.severity,
        "ttr_minutes": card.ttr_minutes,
        "snippet": like.hit.snippet.text,
        "section": like.hit.snippet.section,
        "matched": like.hit.matched,
        "shared": shared,
        "same_incident": like.is_same,
        "cause": card.cause,
        "fixed": like.fixed.as_ref().map(|f| &f.text),
    })
}

/// One block an incident: what it is, what it shares, what its cause was and what fixed it.
fn page(likes: &Likes, style: Style) -> String {
    let mut text = String::new();
    for like in &likes.hits {
        let card = &like.hit.card;
        let title = card.title.as_deref().unwrap_or(&card.path);
        let note = if like.is_same { "  (the same incident, told in another document)" } else { "" };
        text.push_str(&format!("{:>2}. {}{note}\n", like.hit.rank, style.bold(&sanitise::line(title))));
        let about = [card.date.as_deref(), card.org.as_deref(), card.severity.as_deref(), Some(&card.id)];
        let about = about.into_iter().flatten().map(|a| sanitise::line(a).into_owned()).collect::<Vec<_>>().join(" · ");
        text.push_str(&format!("    {}\n", style.dim(&about)));
        let labels = like.shared.iter().map(|(name, value)| format!("{name} {value}"));
        let words = like.hit.matched.values().flatten().map(|w| w.to_lowercase());
        let mut seen = Vec::new();
        words.filter(|w| w.len() > 2).for_each(|w| {
            if !seen.contains(&w) {
                seen.push(w);
            }
        });
        seen.truncate(WORDS_SHOWN_MAX);
        let shared = labels.chain((!seen.is_empty()).then(|| seen.join(" "))).collect::<Vec<_>>().join("; ");
        let fixed = like.fixed.as_ref().map(|f| f.text.as_str());
        for (name, value) in [("shares", Some(shared.as_str())), ("cause", card.cause.as_deref()), ("fixed", fixed)] {
            let Some(value) = value.filter(|v| !v.is_empty()) else { continue };
            let lines = render::wrap(&sanitise::line(value), style.width.max(32) - 12);
            for (nth, line) in lines.iter().enumerate() {
                let name = if nth == 0 { name } else { "" };
                text.push_str(&format!("    {} {line}\n", style.dim(&format!("{name:7}"))));
            }
        }
        text.push('\n');
    }
    text
}

/// Words in common that are shown.
const WORDS_SHOWN_MAX: usize = 12;

fn grid(likes: &Likes) -> Grid {
    let columns = vec![
        GridColumn::integer("rank", "rank"),
        GridColumn::text("id", "id"),
        GridColumn::real("score", "score"),
        GridColumn::text("title", "title"),
        GridColumn::new("date", "date", ColumnKind::Date),
        GridColumn::text("org", "org"),
        GridColumn::text("shared", "shared"),
        GridColumn::text("cause", "cause"),
        GridColumn::text("fixed", "fixed"),
    ];
    let text = |t: Option<&String>| t.map_or(Value::Null, |t| Value::Text(t.clone()));
    let mut grid = Grid::new("", columns);
    for like in &likes.hits {
        let card = &like.hit.card;
        let shared = like.shared.iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>().join(" ");
        grid.rows.push(vec![
            Value::Integer(i64::try_from(like.hit.rank).unwrap_or(i64::MAX)),
            Value::Text(card.id.clone()),
            Value::Real((f64::from(like.hit.score) * 1000.0).round() / 1000.0),
            text(card.title.as_ref()),
            card.date.as_deref().and_then(|d| d.parse().ok()).map_or(Value::Null, Value::Date),
            text(card.org.as_ref()),
            Value::Text(shared),
            text(card.cause.as_ref()),
            text(like.fixed.as_ref().map(|f| &f.text)),
        ]);
    }
    grid
}
