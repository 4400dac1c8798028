//! Every column of every table, once: name, type, unit, meaning, and how to read it from a record. The parquet
//! schema, the SQL tables, the CSV header and the README's column reference all derive from [`TABLES`].

use super::shape::{Field, Milestone, Record, Time};
use crate::domain::Metric;
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
    Flag(bool),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Integer,
    Real,
    Flag,
    /// A calendar date without a zone.
    Date,
    /// A point of time in UTC.
    Instant,
}

impl ColumnKind {
    /// The name shown in `retro schema`.
    pub fn name(self) -> &'static str {
        match self {
            ColumnKind::Text => "text",
            ColumnKind::Integer => "integer",
            ColumnKind::Real => "real",
            ColumnKind::Flag => "boolean",
            ColumnKind::Date => "date",
            ColumnKind::Instant => "timestamp (UTC)",
        }
    }
}

/// One column.
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnKind,
    /// `minutes`, or empty.
    pub unit: &'static str,
    pub meaning: &'static str,
    /// The cell of the nth row that a record contributes to the table.
    pub get: fn(&Record, usize) -> Value,
}

/// One table.
pub struct Table {
    pub name: &'static str,
    pub meaning: &'static str,
    pub columns: &'static [Column],
    /// How many rows a record contributes.
    pub rows: fn(&Record) -> usize,
}

/// The table of this name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name)
}

/// The five tables, the incidents first. Records of kind `none` contribute to none of them.
pub static TABLES: &[Table] = &[
    Table { name: "incidents", meaning: "one row an incident", columns: INCIDENTS, rows: |_| 1 },
    Table { name: "timeline", meaning: "one row a timeline entry", columns: TIMELINE, rows: |r| r.timeline.len() },
    Table {
        name: "providers",
        meaning: "one row a provider of an incident",
        columns: PROVIDERS,
        rows: |r| r.providers.len(),
    },
    Table { name: "actions", meaning: "one row a follow-up action", columns: ACTIONS, rows: |r| r.actions.len() },
    Table {
        name: "notices",
        meaning: "one row a notice about an incident's document",
        columns: NOTICES,
        rows: |r| r.warnings.len(),
    },
];

/// No record knows of the others: the store fills this column.
pub const SAME_AS: &str = "same_as";

const ID: Column = text("id", "the incident's id", |r, _| Value::Text(r.id.clone()));

static INCIDENTS: &[Column] = &[
    ID,
    text("path", "file it was read from", |r, _| Value::Text(r.source.path.clone())),
    text("part", "nth of how many when a file holds several", |r, _| optional(r.source.part.as_deref())),
    text(SAME_AS, "the incident that tells of the same one more fully, and counts for it", |_, _| Value::Null),
    text("format", "format of the file", |r, _| Value::Text(r.source.format.clone())),
    text("lang", "language of the file (ISO 639-1)", |r, _| optional(r.source.lang.as_deref())),
    text("title", "title of the report", |r, _| field(r.title.as_ref())),
    text("org", "organisation whose service failed", |r, _| field(r.org.as_ref())),
    column("date", ColumnKind::Date, "", "local date on which the impact began", |r, _| date_of(r)),
    column("year", ColumnKind::Integer, "", "year of date", |r, _| {
        with_date(r, |d| Value::Integer(i64::from(d.year())))
    }),
    text("quarter", "quarter of date, such as 2025-Q2", |r, _| {
        with_date(r, |d| Value::Text(format!("{:04}-Q{}", d.year(), d.month0() / 3 + 1)))
    }),
    text("month", "month of date, such as 2025-06", |r, _| {
        with_date(r, |d| Value::Text(d.format("%Y-%m").to_string()))
    }),
    column("published", ColumnKind::Date, "", "date of publication", |r, _| {
        r.published.as_ref().and_then(|f| f.value.parse().ok()).map_or(Value::Null, Value::Date)
    }),
    text("zone", "offset most of its times are stated in", |r, _| optional(r.zones.first().map(String::as_str))),
    text("severity", "severity as stated", |r, _| optional(r.severity.as_ref().map(|s| s.value.as_str()))),
    column("severity_level", ColumnKind::Integer, "", "severity mapped to 1 (worst) … 5", |r, _| {
        r.severity.as_ref().and_then(|s| s.level).map_or(Value::Null, |l| Value::Integer(i64::from(l)))
    }),
    instant("started", "failure or impact began", |r, _| milestone(r.milestones.started.as_ref())),
    instant("detected", "first noticed by the organisation", |r, _| milestone(r.milestones.detected.as_ref())),
    instant("acknowledged", "a responder took it", |r, _| milestone(r.milestones.acknowledged.as_ref())),
    instant("identified", "cause or faulty part known", |r, _| milestone(r.milestones.identified.as_ref())),
    instant("mitigated", "users' impact ended", |r, _| milestone(r.milestones.mitigated.as_ref())),
    instant("resolved", "declared over", |r, _| milestone(r.milestones.resolved.as_ref())),
    minutes("ttd_minutes", "started → detected", |r, _| metric(r, Metric::Ttd)),
    minutes("tta_minutes", "detected → acknowledged", |r, _| metric(r, Metric::Tta)),
    minutes("tti_minutes", "started → identified", |r, _| metric(r, Metric::Tti)),
    minutes("ttm_minutes", "started → mitigated", |r, _| metric(r, Metric::Ttm)),
    minutes("ttr_minutes", "started → resolved", |r, _| metric(r, Metric::Ttr)),
    minutes("impact_minutes", "length of user-visible impact", |r, _| metric(r, Metric::Impact)),
    minutes("ttd_stated_minutes", "TTD as the author wrote it", |r, _| stated(r, Metric::Ttd)),
    minutes("tta_stated_minutes", "TTA as the author wrote it", |r, _| stated(r, Metric::Tta)),
    minutes("tti_stated_minutes", "TTI as the author wrote it", |r, _| stated(r, Metric::Tti)),
    minutes("ttm_stated_minutes", "TTM as the author wrote it", |r, _| stated(r, Metric::Ttm)),
    minutes("ttr_stated_minutes", "TTR as the author wrote it", |r, _| stated(r, Metric::Ttr)),
    minutes("impact_stated_minutes", "impact as the author wrote it", |r, _| stated(r, Metric::Impact)),
    minutes("ttd_computed_minutes", "TTD between its milestones", |r, _| computed(r, Metric::Ttd)),
    minutes("tta_computed_minutes", "TTA between its milestones", |r, _| computed(r, Metric::Tta)),
    minutes("tti_computed_minutes", "TTI between its milestones", |r, _| computed(r, Metric::Tti)),
    minutes("ttm_computed_minutes", "TTM between its milestones", |r, _| computed(r, Metric::Ttm)),
    minutes("ttr_computed_minutes", "TTR between its milestones", |r, _| computed(r, Metric::Ttr)),
    minutes("impact_computed_minutes", "impact between its milestones", |r, _| computed(r, Metric::Impact)),
    column("duration_conflict", ColumnKind::Flag, "", "a stated and a computed duration disagree", |r, _| {
        let d = &r.durations;
        let all = [&d.ttd, &d.tta, &d.tti, &d.ttm, &d.ttr, &d.impact];
        Value::Flag(all.into_iter().flatten().any(|m| m.conflict))
    }),
    text("trigger", "what set it off", |r, _| field(r.causes.trigger.as_ref())),
    text("component", "where the failure sat", |r, _| field(r.causes.component.as_ref())),
    text("root_cause", "the sentence that states the root cause", |r, _| field(r.causes.summary.as_ref())),
    text("provider", "first provider at fault", |r, _| {
        optional(r.providers.iter().find(|p| p.role == "at-fault").map(|p| p.name.as_str()))
    }),
    text("detection", "who or what noticed first", |r, _| field(r.detection.as_ref())),
    text("impact", "the sentence that states the impact", |r, _| field(r.impact.as_ref())),
    text("services", "affected services, separated by semicolons", |r, _| joined(&r.services)),
    text("regions", "affected regions, separated by semicolons", |r, _| joined(&r.regions)),
    column("timeline_count", ColumnKind::Integer, "", "timeline entries", |r, _| count(r.timeline.len())),
    column("action_count", ColumnKind::Integer, "", "follow-up actions", |r, _| count(r.actions.len())),
    column("action_open_count", ColumnKind::Integer, "", "follow-up actions not marked done", |r, _| {
        count(r.actions.iter().filter(|a| a.status != "done").count())
    }),
    column("notice_count", ColumnKind::Integer, "", "notices", |r, _| count(r.warnings.len())),
];

static TIMELINE: &[Column] = &[
    ID,
    column("position", ColumnKind::Integer, "", "1-based place in the timeline", |_, i| count(i + 1)),
    instant("at", "when", |r, i| r.timeline.get(i).map_or(Value::Null, |e| utc(&e.at))),
    text("local", "when, in the written zone", |r, i| optional(r.timeline.get(i).map(|e| e.at.local.as_str()))),
    text("zone", "offset of local", |r, i| optional(r.timeline.get(i).and_then(|e| e.at.offset.as_deref()))),
    instant("until", "end of a range", |r, i| r.timeline.get(i).and_then(|e| e.end.as_ref()).map_or(Value::Null, utc)),
    text("event", "the milestone it speaks of, or other", |r, i| optional(r.timeline.get(i).map(|e| e.event.as_str()))),
    text("text", "the author's words", |r, i| optional(r.timeline.get(i).map(|e| e.text.as_str()))),
];

static PROVIDERS: &[Column] = &[
    ID,
    text("provider", "name", |r, i| optional(r.providers.get(i).map(|p| p.name.as_str()))),
    text("role", "at-fault or involved", |r, i| optional(r.providers.get(i).map(|p| p.role.as_str()))),
    column("confidence", ColumnKind::Real, "", "0 to 1", |r, i| {
        r.providers.get(i).map_or(Value::Null, |p| Value::Real((f64::from(p.confidence) * 100.0).round() / 100.0))
    }),
];

static ACTIONS: &[Column] = &[
    ID,
    column("position", ColumnKind::Integer, "", "1-based place in the list", |_, i| count(i + 1)),
    text("text", "the author's words", |r, i| optional(r.actions.get(i).map(|a| a.text.as_str()))),
    text("status", "done, open or unknown", |r, i| optional(r.actions.get(i).map(|a| a.status.as_str()))),
    text("owner", "who does it", |r, i| optional(r.actions.get(i).and_then(|a| a.owner.as_deref()))),
    column("due", ColumnKind::Date, "", "by when", |r, i| {
        let due = r.actions.get(i).and_then(|a| a.due.as_deref());
        due.and_then(|d| d.parse().ok()).map_or(Value::Null, Value::Date)
    }),
    text("links", "links, separated by spaces", |r, i| match r.actions.get(i) {
        Some(a) if !a.links.is_empty() => Value::Text(a.links.join(" ")),
        _ => Value::Null,
    }),
];

static NOTICES: &[Column] = &[
    ID,
    text("code", "kind of notice", |r, i| optional(r.warnings.get(i).map(|n| n.code.as_str()))),
    text("message", "what is noteworthy", |r, i| optional(r.warnings.get(i).map(|n| n.message.as_str()))),
    column("line", ColumnKind::Integer, "", "line of the file", |r, i| {
        r.warnings.get(i).and_then(|n| n.evidence.first()).map_or(Value::Null, |e| count(e.line))
    }),
];

type Get = fn(&Record, usize) -> Value;

const fn column(name: &'static str, kind: ColumnKind, unit: &'static str, meaning: &'static str, get: Get) -> Column {
    Column { name, kind, unit, meaning, get }
}

const fn text(name: &'static str, meaning: &'static str, get: Get) -> Column {
    column(name, ColumnKind::Text, "", meaning, get)
}

const fn minutes(name: &'static str, meaning: &'static str, get: Get) -> Column {
    column(name, ColumnKind::Integer, "minutes", meaning, get)
}

const fn instant(name: &'static str, meaning: &'static str, get: Get) -> Column {
    column(name, ColumnKind::Instant, "", meaning, get)
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |t| Value::Text(t.to_owned()))
}

fn field(field: Option<&Field<String>>) -> Value {
    optional(field.map(|f| f.value.as_str()))
}

fn joined(fields: &[Field<String>]) -> Value {
    if fields.is_empty() {
        return Value::Null;
    }
    Value::Text(fields.iter().map(|f| f.value.as_str()).collect::<Vec<_>>().join("; "))
}

fn count(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

fn date_of(record: &Record) -> Value {
    with_date(record, Value::Date)
}

fn with_date(record: &Record, value: impl Fn(NaiveDate) -> Value) -> Value {
    record.date.as_ref().and_then(|f| f.value.parse().ok()).map_or(Value::Null, value)
}

fn milestone(milestone: Option<&Milestone>) -> Value {
    milestone.map_or(Value::Null, |m| utc(&m.at))
}

fn utc(time: &Time) -> Value {
    let parsed = time.utc.as_deref().and_then(|t| DateTime::parse_from_rfc3339(t).ok());
    parsed.map_or(Value::Null, |t| Value::Instant(t.with_timezone(&Utc)))
}

fn metric(record: &Record, metric: Metric) -> Value {
    record.durations.get(metric).map_or(Value::Null, |m| Value::Integer(m.minutes))
}

fn stated(record: &Record, metric: Metric) -> Value {
    let stated = record.durations.get(metric).and_then(|m| m.stated.as_ref());
    stated.map_or(Value::Null, |s| Value::Integer(s.minutes))
}

fn computed(record: &Record, metric: Metric) -> Value {
    let computed = record.durations.get(metric).and_then(|m| m.computed.as_ref());
    computed.map_or(Value::Null, |c| Value::Integer(c.minutes))
}
