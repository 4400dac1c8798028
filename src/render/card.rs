//! One incident as a page to read: what is known, in the author's words and zone, and on request why it is believed.

use super::cell::{Spelling, duration};
use super::{Style, markdown, pad, sanitise, terminal, width, wrap};
use crate::domain::METRICS;
use crate::record::{Correction, Grid, GridColumn, MetricValue, Record, Spanned, Time, Value};
use chrono::{DateTime, FixedOffset};
use chrono_tz::{TZ_VARIANTS, Tz};

/// What a card shows beside the values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CardOptions {
    /// The quoted words, line, rule and confidence behind each value.
    pub evidence: bool,
    /// A second zone for every time.
    pub zone: Option<ViewZone>,
}

/// A zone to show times in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewZone {
    Named(Tz),
    Fixed(FixedOffset),
}

impl ViewZone {
    /// Reads an IANA name in any case (`Europe/Paris`, `utc`) or an offset (`+02:00`, `-0530`). Abbreviations such as
    /// `CST` have several readings and are refused.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(offset) = text.parse::<FixedOffset>() {
            return Some(ViewZone::Fixed(offset));
        }
        TZ_VARIANTS.iter().copied().find(|z| z.name().eq_ignore_ascii_case(text)).map(ViewZone::Named)
    }

    pub fn name(self) -> String {
        match self {
            ViewZone::Named(zone) => zone.name().to_owned(),
            ViewZone::Fixed(offset) => offset.to_string(),
        }
    }

    fn clock(self, utc: &str) -> Option<String> {
        let instant = DateTime::parse_from_rfc3339(utc).ok()?;
        let format = "%Y-%m-%d %H:%M";
        Some(match self {
            ViewZone::Named(zone) => instant.with_timezone(&zone).format(format).to_string(),
            ViewZone::Fixed(offset) => instant.with_timezone(&offset).format(format).to_string(),
        })
    }
}

/// Spaces before a section's lines.
const INDENT: usize = 2;

/// A card for the terminal.
pub fn card(record: &Record, options: &CardOptions, style: &Style) -> String {
    let mut out = String::new();
    for line in wrap(&title(record), style.width) {
        out.push_str(&style.bold(&line));
        out.push('\n');
    }
    for line in head(record).iter().flat_map(|l| wrap(l, style.width)) {
        out.push_str(&style.dim(&line));
        out.push('\n');
    }
    for section in sections(record, options) {
        out.push('\n');
        if !section.title.is_empty() {
            out.push_str(&style.bold(&section.title));
            out.push('\n');
        }
        if let Some(grid) = &section.table {
            for line in terminal::grid(grid, &Style { width: style.width.saturating_sub(INDENT), ..*style }).lines() {
                out.push_str(&format!("{}{line}\n", " ".repeat(INDENT)));
            }
        }
        let label = section.items.iter().map(|i| width(&i.label)).max().unwrap_or(0).min(style.width / 2);
        for item in &section.items {
            out.push_str(&terminal_item(item, label, style));
        }
    }
    out
}

/// A card as Markdown.
pub fn card_markdown(record: &Record, options: &CardOptions) -> String {
    let mut out = format!("## {}\n\n{}\n", sanitise::markdown(&title(record)), {
        head(record).iter().map(|l| sanitise::markdown(l)).collect::<Vec<_>>().join("  \n")
    });
    for section in sections(record, options) {
        out.push('\n');
        if !section.title.is_empty() {
            out.push_str(&format!("### {}\n\n", sanitise::markdown(&section.title)));
        }
        if let Some(grid) = &section.table {
            out.push_str(&markdown::table(grid));
            if !section.items.is_empty() {
                out.push('\n');
            }
        }
        for item in &section.items {
            let label = if item.label.is_empty() {
                String::new()
            } else {
                format!("**{}**: ", sanitise::markdown(item.label.trim()))
            };
            out.push_str(&format!("- {label}{}\n", sanitise::markdown(&item.value)));
            for line in &item.evidence {
                out.push_str(&format!("  - {}\n", sanitise::markdown(line)));
            }
        }
    }
    out
}

#[derive(Default)]
pub(super) struct Section {
    pub title: String,
    /// Shown before the items.
    pub table: Option<Grid>,
    pub items: Vec<Item>,
}

/// One line of a card: a label, what is known, and why.
pub(super) struct Item {
    pub label: String,
    pub value: String,
    pub evidence: Vec<String>,
}

fn terminal_item(item: &Item, label: usize, style: &Style) -> String {
    let gap = if label == 0 { 0 } else { 2 };
    let rest = style.width.saturating_sub(INDENT + label + gap).max(20);
    let blank = " ".repeat(INDENT + label + gap);
    let mut out = String::new();
    for (i, line) in wrap(&item.value, rest).iter().enumerate() {
        if i == 0 {
            out.push_str(&" ".repeat(INDENT));
            out.push_str(&style.dim(&pad(&item.label, label + gap)));
        } else {
            out.push_str(&blank);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    for line in &item.evidence {
        for (i, part) in wrap(line, rest.saturating_sub(2)).iter().enumerate() {
            out.push_str(&blank);
            out.push_str(&style.dim(&format!("{}{part}", if i == 0 { "↳ " } else { "  " })));
            out.push('\n');
        }
    }
    out
}

fn clean(text: &str) -> String {
    sanitise::line(text).into_owned()
}

pub(super) fn title(record: &Record) -> String {
    record.title.as_ref().map(|t| clean(&t.value)).filter(|t| !t.is_empty()).unwrap_or_else(|| clean(&record.id))
}

/// The lines under the title: what identifies the incident, and the file it came from.
pub(super) fn head(record: &Record) -> Vec<String> {
    let severity = record.severity.as_ref().map(|s| match s.level {
        Some(level) => format!("{} (level {level})", clean(&s.value)),
        None => clean(&s.value),
    });
    let incident = record.kind == "incident";
    let date = || record.date.as_ref().map_or("date unknown".to_owned(), |d| clean(&d.value));
    let first = [
        Some(clean(&record.id)),
        record.org.as_ref().map(|o| clean(&o.value)),
        Some(if incident { date() } else { "no incident report".to_owned() }),
        severity.filter(|_| incident),
    ];
    let source = &record.source;
    let part = source.part.as_deref().map(|p| format!(", part {}", clean(p))).unwrap_or_default();
    let lang = source.lang.as_deref().map(|l| format!(", {}", clean(l))).unwrap_or_default();
    vec![
        first.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        format!("{}{part} ({}{lang})", clean(&source.path), clean(&source.format)),
    ]
}

pub(super) fn sections(record: &Record, options: &CardOptions) -> Vec<Section> {
    let all = [
        facts(record, options),
        milestones(record, options),
        durations(record, options),
        timeline(record, options),
        actions(record, options),
        notices(record, options),
        corrections(record),
    ];
    all.into_iter().filter(|s| s.table.is_some() || !s.items.is_empty()).collect()
}

fn facts(record: &Record, options: &CardOptions) -> Section {
    let mut items = Vec::new();
    let causes = &record.causes;
    for (label, field) in [
        ("Impact", &record.impact),
        ("Root cause", &causes.summary),
        ("Trigger", &causes.trigger),
        ("Component", &causes.component),
        ("Detected by", &record.detection),
        ("Published", &record.published),
    ] {
        if let Some(f) = field {
            let evidence = evidence(options, &f.evidence, &f.rule, f.confidence);
            items.push(Item { label: label.to_owned(), value: clean(&f.value), evidence });
        }
    }
    for provider in &record.providers {
        let value = format!("{} ({})", clean(&provider.name), clean(&provider.role));
        let evidence = evidence(options, &provider.evidence, &provider.rule, provider.confidence);
        items.push(Item { label: "Provider".to_owned(), value, evidence });
    }
    for (label, fields) in [("Services", &record.services), ("Regions", &record.regions)] {
        if !fields.is_empty() {
            let value = fields.iter().map(|f| clean(&f.value)).collect::<Vec<_>>().join(", ");
            let evidence = fields.iter().flat_map(|f| evidence(options, &f.evidence, &f.rule, f.confidence)).collect();
            items.push(Item { label: label.to_owned(), value, evidence });
        }
    }
    if options.evidence {
        for (label, field) in [("Title", &record.title), ("Organisation", &record.org), ("Date", &record.date)] {
            if let Some(f) = field {
                let evidence = evidence(options, &f.evidence, &f.rule, f.confidence);
                items.push(Item { label: label.to_owned(), value: clean(&f.value), evidence });
            }
        }
        if let Some(s) = &record.severity {
            let evidence = evidence(options, &s.evidence, &s.rule, s.confidence);
            items.push(Item { label: "Severity".to_owned(), value: clean(&s.value), evidence });
        }
    }
    Section { items, ..Section::default() }
}

fn milestones(record: &Record, options: &CardOptions) -> Section {
    let m = &record.milestones;
    let mut items = Vec::new();
    for (label, milestone) in [
        ("started", &m.started),
        ("detected", &m.detected),
        ("acknowledged", &m.acknowledged),
        ("identified", &m.identified),
        ("mitigated", &m.mitigated),
        ("resolved", &m.resolved),
    ] {
        if let Some(found) = milestone {
            items.push(Item {
                label: label.to_owned(),
                value: moment(&found.at, options),
                evidence: evidence(options, &found.evidence, &found.rule, found.confidence),
            });
        }
    }
    Section { title: "Milestones".to_owned(), items, ..Section::default() }
}

/// `2024-01-18 11:40 CET (+01:00) · 10:40 in UTC · year from context`.
fn moment(time: &Time, options: &CardOptions) -> String {
    let mut text = clock(time);
    match (&time.zone, &time.offset) {
        (Some(zone), Some(offset)) if zone != offset => {
            text.push_str(&format!(" {} ({})", clean(zone), clean(offset)));
        }
        (_, Some(offset)) => text.push_str(&format!(" {}", clean(offset))),
        (Some(zone), None) => text.push_str(&format!(" {} (offset unknown)", clean(zone))),
        (None, None) if time.local.contains('T') => text.push_str(" (zone unknown)"),
        (None, None) => {}
    }
    if let (Some(other), Some(zone)) = (elsewhere(time, options), options.zone) {
        text.push_str(&format!(" = {other} {}", zone.name()));
    }
    if !time.inferred.is_empty() {
        text.push_str(&format!(" · {} from context", clean(&time.inferred.join(", "))));
    }
    text
}

/// The wall clock as written; a missing date shows as such.
fn clock(time: &Time) -> String {
    let about = if time.approximate { "~" } else { "" };
    let local = clean(&time.local);
    match local.split_once('T') {
        Some(("", clock)) => format!("{about}{clock} (undated)"),
        Some((date, clock)) => format!("{date} {about}{clock}"),
        None => format!("{about}{local}"),
    }
}

/// The same instant in the zone asked for.
fn elsewhere(time: &Time, options: &CardOptions) -> Option<String> {
    let zone = options.zone?;
    let clock = time.utc.as_deref().and_then(|utc| zone.clock(utc))?;
    Some(clock)
}

/// Stated and computed side by side; the statistics' choice last.
fn durations(record: &Record, options: &CardOptions) -> Section {
    let mut grid = Grid::new(
        "",
        vec![
            GridColumn::text("metric", "Metric"),
            GridColumn::minutes("stated_minutes", "Stated"),
            GridColumn::minutes("computed_minutes", "Computed"),
            GridColumn::minutes("minutes", "In statistics"),
            GridColumn::text("between", "Between"),
            GridColumn::text("note", "Note"),
        ],
    );
    let mut items = Vec::new();
    for definition in METRICS {
        let Some(value) = record.durations.get(definition.metric) else { continue };
        let minutes = |m: Option<i64>| m.map_or(Value::Null, Value::Integer);
        grid.rows.push(vec![
            Value::Text(definition.title.to_owned()),
            minutes(value.stated.as_ref().map(|s| s.minutes)),
            minutes(value.computed.as_ref().map(|c| c.minutes)),
            Value::Integer(value.minutes),
            Value::Text(format!("{} → {}", definition.start.name(), definition.end.name())),
            Value::Text(remark(value)),
        ]);
        if let Some(stated) = value.stated.as_ref().filter(|_| options.evidence) {
            let evidence = quotes(options, &stated.evidence);
            let value = format!("stated as {}", duration(stated.minutes as f64, Spelling::Roomy));
            items.push(Item { label: definition.title.to_owned(), value, evidence });
        }
    }
    if grid.rows.is_empty() {
        return Section::default();
    }
    Section { title: "Durations".to_owned(), table: Some(grid), items }
}

/// What a person corrected, what had been read, and why.
fn corrections(record: &Record) -> Section {
    let item = |c: &Correction| {
        let or_nothing = |text: &str| if text.is_empty() { "nothing".to_owned() } else { clean(text) };
        let stale = if c.stale { "; the document has changed since" } else { "" };
        let value = format!("{}, read as {}: {}{stale}", or_nothing(&c.value), or_nothing(&c.was), clean(&c.reason));
        Item { label: clean(&c.field), value, evidence: Vec::new() }
    };
    let items = record.corrections.iter().map(item).collect();
    Section { title: "Corrected by hand".to_owned(), table: None, items }
}

fn remark(value: &MetricValue) -> String {
    let mut remarks = Vec::new();
    if value.conflict {
        remarks.push("conflict");
    }
    if value.from == "stated" && value.computed.is_some() {
        remarks.push("a date is mistyped");
    }
    if value.from == "override" {
        remarks.push("corrected by hand");
    }
    if value.stated.as_ref().is_some_and(|s| s.approximate) {
        remarks.push("approximate");
    }
    remarks.join(", ")
}

fn timeline(record: &Record, options: &CardOptions) -> Section {
    let offset = |t: &Time| t.zone.clone().or_else(|| t.offset.clone());
    let first = record.timeline.first().and_then(|e| offset(&e.at));
    let is_one_zone = record.timeline.iter().all(|e| offset(&e.at) == first);
    let count = record.timeline.len();
    let mut title = format!("Timeline ({count} {}", if count == 1 { "entry" } else { "entries" });
    match &first {
        Some(zone) if is_one_zone => title.push_str(&format!(", {}", clean(zone))),
        None if is_one_zone => title.push_str(", zone unknown"),
        _ => {}
    }
    if let Some(zone) = options.zone {
        title.push_str(&format!("; [{}]", zone.name()));
    }
    title.push(')');
    let items = record.timeline.iter().map(|event| {
        let mut label = clock(&event.at);
        if let Some(end) = &event.end {
            label.push_str(&format!("–{}", until(&event.at, end)));
        }
        if !is_one_zone && let Some(zone) = offset(&event.at) {
            label.push_str(&format!(" {}", clean(&zone)));
        }
        let mut value = String::new();
        if let Some(other) = elsewhere(&event.at, options) {
            value.push_str(&format!("[{other}] "));
        }
        value.push_str(&clean(&event.text));
        if event.event != "other" {
            value.push_str(&format!(" ← {}", clean(&event.event)));
        }
        Item { label, value, evidence: quotes(options, &event.evidence) }
    });
    Section { title, items: items.collect(), ..Section::default() }
}

/// The end of a range, without the date when it is the start's.
fn until(start: &Time, end: &Time) -> String {
    let date = |t: &Time| t.local.split_once('T').map(|(d, _)| d.to_owned());
    match end.local.split_once('T') {
        Some((_, clock)) if date(start) == date(end) => clean(clock),
        _ => clock(end),
    }
}

fn actions(record: &Record, options: &CardOptions) -> Section {
    let open = record.actions.iter().filter(|a| a.status != "done").count();
    let items = record.actions.iter().map(|action| {
        let mut value = clean(&action.text);
        let mut aside = Vec::new();
        aside.extend(action.owner.as_deref().map(|o| format!("owner {}", clean(o))));
        aside.extend(action.due.as_deref().map(|d| format!("due {}", clean(d))));
        aside.extend(action.links.iter().map(|l| clean(l)));
        if !aside.is_empty() {
            value.push_str(&format!(" ({})", aside.join(", ")));
        }
        Item { label: clean(&action.status), value, evidence: quotes(options, &action.evidence) }
    });
    let title = format!("Actions ({}, {open} not marked done)", record.actions.len());
    Section { title, items: items.collect(), ..Section::default() }
}

fn notices(record: &Record, options: &CardOptions) -> Section {
    let items = record.warnings.iter().map(|notice| {
        let line = notice.evidence.first().map(|e| format!(" (line {})", e.line)).unwrap_or_default();
        Item {
            label: clean(&notice.code),
            value: format!("{}{line}", clean(&notice.message)),
            evidence: quotes(options, &notice.evidence),
        }
    });
    Section { title: format!("Notices ({})", record.warnings.len()), items: items.collect(), ..Section::default() }
}

fn evidence(options: &CardOptions, spans: &[Spanned], rule: &str, confidence: f32) -> Vec<String> {
    if !options.evidence {
        return Vec::new();
    }
    let mut lines = quotes(options, spans);
    let by = format!("rule {}, confidence {confidence:.2}", clean(rule));
    match lines.last_mut() {
        Some(last) => last.push_str(&format!(" ({by})")),
        None => lines.push(by),
    }
    lines
}

/// `line 12: “quoted words”`, one a span.
fn quotes(options: &CardOptions, spans: &[Spanned]) -> Vec<String> {
    if !options.evidence {
        return Vec::new();
    }
    spans.iter().map(|s| format!("line {}: “{}”", s.line, clean(&s.quote))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record() -> Record {
        let span = json!([{"line": 3, "start": 40, "end": 51, "quote": "packet\nloss"}]);
        let field = |v: &str| json!({"value": v, "confidence": 0.9, "rule": "labelled-field", "evidence": span});
        let at = |local: &str, utc: &str| {
            json!({"local": local, "offset": "+01:00", "zone": "CET", "utc": utc, "approximate": false,
                   "inferred": ["year"]})
        };
        let milestone = |local: &str, utc: &str| {
            let at = at(local, utc);
            json!({"at": at, "confidence": 0.8, "rule": "timeline-cue", "evidence": span})
        };
        serde_json::from_value(json!({
            "schema": "retrospect/incident/1", "id": "a-1", "kind": "incident",
            "source": {"path": "acme/a-1.md", "part": "1/2", "format": "markdown", "bytes": 10, "hash": "blake3:0",
                       "lang": "en"},
            "title": field("Packet loss in \u{1b}[31mzone A"), "org": field("Acme"), "published": null,
            "date": field("2024-01-18"), "zones": ["+01:00"],
            "severity": {"value": "P1", "level": 1, "confidence": 1.0, "rule": "r", "evidence": []},
            "milestones": {"started": milestone("2024-01-18T11:40", "2024-01-18T10:40:00Z"), "detected": null,
                           "acknowledged": null, "identified": null, "mitigated": null,
                           "resolved": milestone("2024-01-18T15:38", "2024-01-18T14:38:00Z")},
            "durations": {"ttd": null, "tta": null, "tti": null, "ttm": null, "impact": null,
                "ttr": {"minutes": 238, "from": "computed", "conflict": true,
                        "stated": {"minutes": 180, "approximate": true, "evidence": span},
                        "computed": {"minutes": 238, "start": "started", "end": "resolved"}}},
            "timeline": [{"at": at("2024-01-18T11:40", "2024-01-18T10:40:00Z"),
                          "end": at("2024-01-18T11:55", "2024-01-18T10:55:00Z"),
                          "text": "Probes between two halls of zone A lose four of ten packets",
                          "event": "started", "evidence": span}],
            "causes": {"trigger": field("hardware"), "component": field("network"), "summary": null},
            "providers": [{"name": "Nordlink", "role": "at-fault", "confidence": 0.7, "rule": "blame",
                           "evidence": span}],
            "services": [field("api"), field("dns")], "regions": [], "detection": null, "impact": null,
            "actions": [{"text": "Add a second path", "status": "open", "owner": "Lee", "due": "2024-03-01",
                         "links": [], "evidence": []}],
            "warnings": [{"code": "duration-conflict", "message": "stated and computed TTR disagree",
                          "evidence": span}]
        }))
        .unwrap()
    }

    #[test]
    fn a_card_reads_as_a_page() {
        insta::assert_snapshot!(card(&record(), &CardOptions::default(), &Style::PLAIN), @r#"
        Packet loss in zone A
        a-1 · Acme · 2024-01-18 · P1 (level 1)
        acme/a-1.md, part 1/2 (markdown, en)

          Trigger    hardware
          Component  network
          Provider   Nordlink (at-fault)
          Services   api, dns

        Milestones
          started   2024-01-18 11:40 CET (+01:00) · year from context
          resolved  2024-01-18 15:38 CET (+01:00) · year from context

        Durations
          Metric  Stated  Computed  In statistics  Between           Note
          ──────────────────────────────────────────────────────────────────────────────
          TTR         3h     3h58m          3h58m  started →         conflict,
                                                   resolved          approximate

        Timeline (1 entry, CET)
          2024-01-18 11:40–11:55  Probes between two halls of zone A lose four of ten
                                  packets ← started

        Actions (1, 1 not marked done)
          open  Add a second path (owner Lee, due 2024-03-01)

        Notices (1)
          duration-conflict  stated and computed TTR disagree (line 3)
        "#);
    }

    #[test]
    fn a_card_shows_another_zone_and_the_evidence_on_request() {
        let options = CardOptions { evidence: true, zone: ViewZone::parse("asia/tokyo") };
        insta::assert_snapshot!(card(&record(), &options, &Style::PLAIN), @r#"
        Packet loss in zone A
        a-1 · Acme · 2024-01-18 · P1 (level 1)
        acme/a-1.md, part 1/2 (markdown, en)

          Trigger       hardware
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Component     network
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Provider      Nordlink (at-fault)
                        ↳ line 3: “packet loss” (rule blame, confidence 0.70)
          Services      api, dns
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Title         Packet loss in zone A
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Organisation  Acme
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Date          2024-01-18
                        ↳ line 3: “packet loss” (rule labelled-field, confidence 0.90)
          Severity      P1
                        ↳ rule r, confidence 1.00

        Milestones
          started   2024-01-18 11:40 CET (+01:00) = 2024-01-18 19:40 Asia/Tokyo · year
                    from context
                    ↳ line 3: “packet loss” (rule timeline-cue, confidence 0.80)
          resolved  2024-01-18 15:38 CET (+01:00) = 2024-01-18 23:38 Asia/Tokyo · year
                    from context
                    ↳ line 3: “packet loss” (rule timeline-cue, confidence 0.80)

        Durations
          Metric  Stated  Computed  In statistics  Between           Note
          ──────────────────────────────────────────────────────────────────────────────
          TTR         3h     3h58m          3h58m  started →         conflict,
                                                   resolved          approximate
          TTR  stated as 3 h
               ↳ line 3: “packet loss”

        Timeline (1 entry, CET; [Asia/Tokyo])
          2024-01-18 11:40–11:55  [2024-01-18 19:40] Probes between two halls of zone A
                                  lose four of ten packets ← started
                                  ↳ line 3: “packet loss”

        Actions (1, 1 not marked done)
          open  Add a second path (owner Lee, due 2024-03-01)

        Notices (1)
          duration-conflict  stated and computed TTR disagree (line 3)
                             ↳ line 3: “packet loss”
        "#);
    }

    #[test]
    fn what_is_no_report_is_not_shown_as_one() {
        let record = Record { kind: "none".to_owned(), ..record() };
        assert_eq!(head(&record).first().map(String::as_str), Some("a-1 · Acme · no incident report"));
    }

    #[test]
    fn a_card_is_markdown_too() {
        insta::assert_snapshot!(card_markdown(&record(), &CardOptions::default()), @r#"
        ## Packet loss in zone A

        a-1 · Acme · 2024-01-18 · P1 (level 1)  
        acme/a-1.md, part 1/2 (markdown, en)

        - **Trigger**: hardware
        - **Component**: network
        - **Provider**: Nordlink (at-fault)
        - **Services**: api, dns

        ### Milestones

        - **started**: 2024-01-18 11:40 CET (+01:00) · year from context
        - **resolved**: 2024-01-18 15:38 CET (+01:00) · year from context

        ### Durations

        | Metric | Stated | Computed | In statistics | Between | Note |
        | --- | ---: | ---: | ---: | --- | --- |
        | TTR | 3 h | 3 h 58 min | 3 h 58 min | started → resolved | conflict, approximate |

        ### Timeline (1 entry, CET)

        - **2024-01-18 11:40–11:55**: Probes between two halls of zone A lose four of ten packets ← started

        ### Actions (1, 1 not marked done)

        - **open**: Add a second path (owner Lee, due 2024-03-01)

        ### Notices (1)

        - **duration-conflict**: stated and computed TTR disagree (line 3)
        "#);
    }

    #[test]
    fn zones_to_show_are_unambiguous() {
        for (text, name) in [
            ("UTC", Some("UTC")),
            ("europe/paris", Some("Europe/Paris")),
            ("+05:30", Some("+05:30")),
            ("-0800", Some("-08:00")),
            ("CST", None),
            ("Mars/Olympus", None),
        ] {
            assert_eq!(ViewZone::parse(text).map(ViewZone::name).as_deref(), name, "{text}");
        }
    }
}
