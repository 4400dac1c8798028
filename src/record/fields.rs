//! Every field a filter may name, once: spelling, kind, meaning, example, and its values in a record. The filter
//! language, the index schema, completions and the manual of the filter language all derive from [`FIELDS`].
//!
//! Knows nothing of the syntax of filters or of the index.

use super::columns::Value;
use super::shape::{Field, Record};
use crate::domain::{Component, Detection, Genre, Kind, METRICS, Metric, MilestoneKind, Trigger};

/// What may stand after `field:`.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    /// Words of the value in any case; a `*` at the end stands for any ending.
    Keyword,
    /// One of a closed list.
    Label(fn() -> Vec<&'static str>),
    /// As `Label`, and the records that lack it.
    Lacks(fn() -> Vec<&'static str>),
    /// A number to compare (`<=2`, `1..3`), or words of the value as stated.
    Level,
    /// A length of time to compare (`>2h`, `30m..90m`); a bare number counts minutes.
    Minutes,
    /// A date or a calendar period (`2024-01-18`, `2025-Q2`), alone, compared or as a range.
    Date,
    /// That date or period, or later.
    After,
    /// Earlier than that date or period.
    Before,
}

/// One field of the filter language.
#[derive(Debug)]
pub struct FilterField {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub kind: FieldKind,
    pub meaning: &'static str,
    /// What stands after the colon, for the manual.
    pub example: &'static str,
    /// The field whose values are compared; its own name unless it is another way of asking for the same.
    pub on: &'static str,
    /// The values in a record: texts, integers (levels, minutes) or dates.
    pub values: fn(&Record) -> Vec<Value>,
}

/// The field of this name or alias, in any case, with `_` for `-`.
pub fn filter_field(name: &str) -> Option<&'static FilterField> {
    let name = name.to_lowercase().replace('_', "-");
    FIELDS.iter().find(|f| f.name == name || f.aliases.contains(&name.as_str()))
}

/// Every field, in the order of the manual.
pub static FIELDS: &[FilterField] = &[
    keyword("org", &["organisation", "organization"], "organisation whose service failed", "lumenpay", |r| {
        texts(r.org.as_ref().map(|f| f.value.as_str()))
    }),
    keyword("provider", &[], "third party at fault or involved", "cloudflare", |r| {
        texts(r.providers.iter().map(|p| p.name.as_str()))
    }),
    keyword("at-fault", &["provider-at-fault"], "third party at fault", "aws", |r| {
        texts(r.providers.iter().filter(|p| p.role == "at-fault").map(|p| p.name.as_str()))
    }),
    label("trigger", &[], triggers, "what set it off", "config,deploy", |r| one(r.causes.trigger.as_ref())),
    label("component", &[], components, "where the failure sat", "dns", |r| one(r.causes.component.as_ref())),
    label("detected-by", &["detection"], detections, "who or what noticed first", "customer", |r| {
        one(r.detection.as_ref())
    }),
    field("severity", &["sev"], FieldKind::Level, "level from 1 (worst) to 5, or as stated", "<=2", |r| {
        let severity = r.severity.as_ref();
        let level = severity.and_then(|s| s.level).map(|l| Value::Integer(i64::from(l)));
        level.into_iter().chain(texts(severity.map(|s| s.value.as_str()))).collect()
    }),
    keyword("service", &[], "affected product or service", "checkout", |r| {
        texts(r.services.iter().map(|f| f.value.as_str()))
    }),
    keyword("region", &[], "affected region", "eu-west-2", |r| texts(r.regions.iter().map(|f| f.value.as_str()))),
    on("after", &["since"], FieldKind::After, "began then or later", "2024-01-01"),
    on("before", &[], FieldKind::Before, "began earlier", "2025"),
    on("during", &[], FieldKind::Date, "began within a month, quarter or year", "2025-Q2"),
    field("date", &[], FieldKind::Date, "local date on which the impact began", ">=2025-03", |r| {
        let date = r.date.as_ref().and_then(|f| f.value.parse().ok());
        date.map(Value::Date).into_iter().collect()
    }),
    on("year", &[], FieldKind::Date, "year in which it began", "2024..2025"),
    on("quarter", &[], FieldKind::Date, "quarter in which it began", "2025-Q2"),
    on("month", &[], FieldKind::Date, "month in which it began", "2025-06"),
    minutes("ttd", &[], "time to detect", "<15m", |r| metric(r, Metric::Ttd)),
    minutes("tta", &[], "time to acknowledge", ">5m", |r| metric(r, Metric::Tta)),
    minutes("tti", &[], "time to identify", ">1h", |r| metric(r, Metric::Tti)),
    minutes("ttm", &[], "time to mitigate", "30m..90m", |r| metric(r, Metric::Ttm)),
    minutes("ttr", &[], "time to resolve", ">2h", |r| metric(r, Metric::Ttr)),
    minutes("impact", &[], "length of user-visible impact", ">=1d", |r| metric(r, Metric::Impact)),
    label("is", &[], states, "state of the record", "open", |r| texts(is(r))),
    label("has", &[], parts, "what the report tells", "root-cause", |r| texts(has(r))),
    FilterField {
        name: "missing",
        aliases: &[],
        kind: FieldKind::Lacks(parts),
        meaning: "what the report does not tell",
        example: "detected",
        on: "has",
        values: |_| Vec::new(),
    },
    keyword("notice", &[], "code of a notice on it", "duration-conflict", |r| {
        texts(r.warnings.iter().map(|n| n.code.as_str()))
    }),
    label("kind", &[], kinds, "incident, or any other document", "none", |r| texts(Some(r.kind.as_str()))),
    keyword("lang", &["language"], "language (ISO 639-1)", "fr", |r| texts(r.source.lang.as_deref())),
    keyword("format", &[], "format of the file", "html", |r| texts(Some(r.source.format.as_str()))),
    keyword("path", &[], "folder or file it was read from", "reports/2025*", |r| texts(Some(r.source.path.as_str()))),
    keyword("id", &[], "the record's id", "inc-0131", |r| texts(Some(r.id.as_str()))),
];

type Values = fn(&Record) -> Vec<Value>;
type Names = &'static [&'static str];

const fn field(
    name: &'static str,
    aliases: Names,
    kind: FieldKind,
    meaning: &'static str,
    example: &'static str,
    values: Values,
) -> FilterField {
    FilterField { name, aliases, kind, meaning, example, on: name, values }
}

const fn keyword(
    name: &'static str,
    aliases: Names,
    meaning: &'static str,
    example: &'static str,
    values: Values,
) -> FilterField {
    field(name, aliases, FieldKind::Keyword, meaning, example, values)
}

const fn label(
    name: &'static str,
    aliases: Names,
    labels: fn() -> Vec<&'static str>,
    meaning: &'static str,
    example: &'static str,
    values: Values,
) -> FilterField {
    field(name, aliases, FieldKind::Label(labels), meaning, example, values)
}

const fn minutes(
    name: &'static str,
    aliases: Names,
    meaning: &'static str,
    example: &'static str,
    values: Values,
) -> FilterField {
    field(name, aliases, FieldKind::Minutes, meaning, example, values)
}

/// Another way of asking for the date.
const fn on(
    name: &'static str,
    aliases: Names,
    kind: FieldKind,
    meaning: &'static str,
    example: &'static str,
) -> FilterField {
    FilterField { name, aliases, kind, meaning, example, on: "date", values: |_| Vec::new() }
}

fn triggers() -> Vec<&'static str> {
    Trigger::ALL.iter().map(|l| l.name()).collect()
}

fn components() -> Vec<&'static str> {
    Component::ALL.iter().map(|l| l.name()).collect()
}

fn detections() -> Vec<&'static str> {
    Detection::ALL.iter().map(|l| l.name()).collect()
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|l| l.name()).collect()
}

/// What `is:` knows.
fn states() -> Vec<&'static str> {
    let states = ["open", "closed", "dated", "undated", "part", "corrected"];
    states.into_iter().chain(Genre::ALL.iter().map(|g| g.name())).collect()
}

fn is(record: &Record) -> Vec<&'static str> {
    let milestones = &record.milestones;
    let ended = milestones.mitigated.is_some()
        || milestones.resolved.is_some()
        || [Metric::Ttm, Metric::Ttr, Metric::Impact].iter().any(|m| record.durations.get(*m).is_some());
    let mut states = vec![if ended { "closed" } else { "open" }];
    states.push(if record.date.is_some() { "dated" } else { "undated" });
    if record.source.part.is_some() {
        states.push("part");
    }
    if !record.corrections.is_empty() {
        states.push("corrected");
    }
    states.extend(record.genre.as_ref().and_then(|g| Genre::parse(&g.value)).map(Genre::name));
    states
}

/// What `has:` and `missing:` know: the milestones, the metrics, and the parts of a good report.
fn parts() -> Vec<&'static str> {
    let milestones = MilestoneKind::ALL.iter().map(|m| m.name());
    let metrics = METRICS.iter().map(|d| d.name);
    milestones.chain(metrics.filter(|m| *m != "impact")).chain(PARTS.iter().map(|(name, _)| *name)).collect()
}

fn has(record: &Record) -> Vec<&'static str> {
    let m = &record.milestones;
    let milestones = [
        (MilestoneKind::Started, m.started.is_some()),
        (MilestoneKind::Detected, m.detected.is_some()),
        (MilestoneKind::Acknowledged, m.acknowledged.is_some()),
        (MilestoneKind::Identified, m.identified.is_some()),
        (MilestoneKind::Mitigated, m.mitigated.is_some()),
        (MilestoneKind::Resolved, m.resolved.is_some()),
    ];
    let milestones = milestones.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind.name());
    let metrics = METRICS.iter().filter(|d| d.metric != Metric::Impact && record.durations.get(d.metric).is_some());
    let parts = PARTS.iter().filter(|(_, has)| has(record)).map(|(name, _)| *name);
    milestones.chain(metrics.map(|d| d.name)).chain(parts).collect()
}

type Test = fn(&Record) -> bool;

static PARTS: &[(&str, Test)] = &[
    ("title", |r| r.title.is_some()),
    ("org", |r| r.org.is_some()),
    ("date", |r| r.date.is_some()),
    ("zone", |r| !r.zones.is_empty()),
    ("severity", |r| r.severity.is_some()),
    ("timeline", |r| !r.timeline.is_empty()),
    ("root-cause", |r| r.causes.summary.is_some()),
    ("trigger", |r| is_told(r.causes.trigger.as_ref())),
    ("component", |r| is_told(r.causes.component.as_ref())),
    ("detection", |r| is_told(r.detection.as_ref())),
    ("impact", |r| r.impact.is_some() || r.durations.impact.is_some()),
    ("provider", |r| !r.providers.is_empty()),
    ("at-fault", |r| r.providers.iter().any(|p| p.role == "at-fault")),
    ("service", |r| !r.services.is_empty()),
    ("region", |r| !r.regions.is_empty()),
    ("actions", |r| !r.actions.is_empty()),
    ("open-actions", |r| r.actions.iter().any(|a| a.status == "open")),
    ("notices", |r| !r.warnings.is_empty()),
];

fn is_told(label: Option<&Field<String>>) -> bool {
    label.is_some_and(|l| l.value != "unknown")
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Value> {
    texts.into_iter().map(|t| Value::Text(t.to_owned())).collect()
}

fn one(field: Option<&Field<String>>) -> Vec<Value> {
    texts(field.map(|f| f.value.as_str()))
}

fn metric(record: &Record, metric: Metric) -> Vec<Value> {
    record.durations.get(metric).map(|m| Value::Integer(m.minutes)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_what_they_stand_on_exists() {
        let mut names = BTreeSet::new();
        for field in FIELDS {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                assert!(names.insert(*name), "{name} is declared twice");
            }
            assert!(FIELDS.iter().any(|f| f.name == field.on && f.on == f.name), "{} stands on nothing", field.name);
        }
        assert_eq!(filter_field("Detected_By").map(|f| f.name), Some("detected-by"));
        assert!(filter_field("http").is_none());
    }
}
