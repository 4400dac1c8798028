//! [`Incident`](crate::domain::Incident) → [`Record`]: byte ranges become lines and quoted words.

use super::shape::{self, Record, SCHEMA};
use crate::domain::{Corrected, Evidence, Found, Incident, Kind, METRICS, MilestoneKind, Span};
use crate::source::SourceText;
use crate::time::Moment;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What the record says of the file it came from.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    pub path: &'a str,
    pub format: &'static str,
    pub bytes: u64,
    /// `blake3:…`.
    pub hash: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn of(input: &'a SourceText) -> Self {
        Source { path: &input.path, format: input.format.name(), bytes: input.bytes, hash: &input.hash }
    }
}

/// Evidence longer than this is quoted from its beginning only, so that one hostile block cannot fill a record.
const QUOTE_BYTES_MAX: usize = 2_000;

/// The record of one incident. `quoting` holds the decoded source text that the evidence points into.
pub(super) fn record(incident: &Incident, id: String, source: &Source<'_>, quoting: &Quoting<'_>) -> Record {
    let causes = shape::Causes {
        trigger: incident.trigger.as_ref().map(|f| quoting.field(f, |t| t.name().to_owned())),
        component: incident.component.as_ref().map(|f| quoting.field(f, |c| c.name().to_owned())),
        summary: incident.root_cause.as_ref().map(|f| quoting.field(f, Clone::clone)),
    };
    Record {
        schema: SCHEMA.to_owned(),
        id,
        source: shape::SourceRef {
            path: source.path.to_owned(),
            part: incident.part.map(|(nth, of)| format!("{nth}/{of}")),
            format: source.format.to_owned(),
            bytes: source.bytes,
            hash: source.hash.to_owned(),
            lang: incident.lang.clone(),
        },
        kind: incident.kind.unwrap_or(Kind::None).name().to_owned(),
        genre: incident.genre.as_ref().map(|f| quoting.field(f, |g| g.name().to_owned())),
        title: incident.title.as_ref().map(|f| quoting.field(f, Clone::clone)),
        org: incident.org.as_ref().map(|f| quoting.field(f, Clone::clone)),
        published: incident.published.as_ref().map(|f| quoting.field(f, ToString::to_string)),
        date: incident.date.as_ref().map(|f| quoting.field(f, ToString::to_string)),
        zones: incident.zones.clone(),
        severity: incident.severity.as_ref().map(|f| shape::Severity {
            value: f.value.value.clone(),
            level: f.value.level,
            confidence: f.confidence,
            rule: f.rule.to_owned(),
            evidence: quoting.evidence(&f.evidence),
        }),
        milestones: quoting.milestones(incident),
        durations: quoting.durations(incident),
        timeline: incident.timeline.iter().map(|e| quoting.event(e)).collect(),
        causes,
        providers: incident.providers.iter().map(|p| quoting.provider(p)).collect(),
        services: incident.services.iter().map(|f| quoting.field(f, Clone::clone)).collect(),
        regions: incident.regions.iter().map(|f| quoting.field(f, Clone::clone)).collect(),
        detection: incident.detection.as_ref().map(|f| quoting.field(f, |d| d.name().to_owned())),
        impact: incident.impact.as_ref().map(|f| quoting.field(f, Clone::clone)),
        actions: incident.actions.iter().map(|a| quoting.action(a)).collect(),
        warnings: incident.notices.iter().map(|n| quoting.notice(n)).collect(),
        corrections: incident.corrections.iter().map(correction).collect(),
    }
}

fn correction(corrected: &Corrected) -> shape::Correction {
    shape::Correction {
        field: corrected.subject.name().to_owned(),
        value: corrected.value.clone(),
        was: corrected.was.clone(),
        reason: corrected.reason.clone(),
        stale: corrected.is_stale,
    }
}

/// The serialised form of a moment.
fn time(moment: &Moment) -> shape::Time {
    shape::Time {
        local: moment.local_text(),
        offset: moment.offset_text(),
        zone: moment.zone.clone(),
        utc: moment.utc().map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        approximate: moment.approximate,
        inferred: moment.inferred.iter().map(|p| p.name().to_owned()).collect(),
    }
}

/// The incident's own id where it has one, else date and title, else date and file name.
pub(super) fn identify(incident: &Incident, source: &Source<'_>) -> String {
    let part = incident.part.map(|(nth, _)| nth);
    if let Some(own) = &incident.own_id {
        let id = slug(&own.value, 60);
        if !id.is_empty() {
            return id;
        }
    }
    let stem = source.path.rsplit('/').next().unwrap_or(source.path);
    let stem = stem.split_once('.').map_or(stem, |(before, _)| before);
    let title = incident.title.as_ref().map(|t| slug(&t.value, 48)).filter(|t| !t.is_empty());
    let mut id = incident.date.as_ref().map(|d| d.value.to_string()).unwrap_or_default();
    let words = title.unwrap_or_else(|| slug(stem, 48));
    if !id.is_empty() && !words.is_empty() {
        id.push('-');
    }
    // A title that names the date should not say it twice.
    let date = incident.date.as_ref().map(|d| d.value.to_string()).unwrap_or_default();
    let once = if date.is_empty() { words } else { words.replace(&date, "").replace("--", "-") };
    id.push_str(once.trim_start_matches('-'));
    let mut id = id.trim_end_matches('-').to_owned();
    if id.is_empty() {
        id.push_str("document");
    }
    if let Some(nth) = part.filter(|_| incident.own_id.is_none()) {
        id.push_str(&format!("-{nth}"));
    }
    id
}

/// Lower-case letters, digits and single dashes, cut at a dash so that at most `max` bytes remain.
fn slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    // Accents are dropped: an id is typed on keyboards that lack them.
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    for c in plain.flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' && c != '’' {
            slug.push('-');
        }
    }
    if slug.len() > max {
        let cut = (0..=max).rev().find(|i| slug.is_char_boundary(*i)).unwrap_or(0);
        let cut = slug[..cut].rfind('-').filter(|i| *i > max / 2).unwrap_or(cut);
        slug.truncate(cut);
    }
    slug.trim_matches('-').to_owned()
}

/// Turns byte ranges into quotes; line starts are found once an input.
pub(super) struct Quoting<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> Quoting<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Quoting { text, line_starts: std::iter::once(0).chain(starts).collect() }
    }

    fn span(&self, span: &Span) -> Option<shape::Spanned> {
        let end = span.end.min(span.start.saturating_add(QUOTE_BYTES_MAX));
        let end = (span.start..=end).rev().find(|i| self.text.is_char_boundary(*i))?;
        let quote = self.text.get(span.start..end)?;
        let line = self.line_starts.partition_point(|s| *s <= span.start);
        Some(shape::Spanned { line, start: span.start, end, quote: quote.to_owned() })
    }

    pub(super) fn evidence(&self, spans: &Evidence) -> Vec<shape::Spanned> {
        spans.iter().filter_map(|s| self.span(s)).collect()
    }

    fn field<T>(&self, found: &Found<T>, to_text: impl Fn(&T) -> String) -> shape::Field<String> {
        shape::Field {
            value: to_text(&found.value),
            confidence: found.confidence,
            rule: found.rule.to_owned(),
            evidence: self.evidence(&found.evidence),
        }
    }

    fn milestones(&self, incident: &Incident) -> shape::Milestones {
        let one = |kind: MilestoneKind| {
            incident.milestones.get(&kind).map(|m| shape::Milestone {
                at: time(&m.value),
                confidence: m.confidence,
                rule: m.rule.to_owned(),
                evidence: self.evidence(&m.evidence),
            })
        };
        shape::Milestones {
            started: one(MilestoneKind::Started),
            detected: one(MilestoneKind::Detected),
            acknowledged: one(MilestoneKind::Acknowledged),
            identified: one(MilestoneKind::Identified),
            mitigated: one(MilestoneKind::Mitigated),
            resolved: one(MilestoneKind::Resolved),
        }
    }

    fn durations(&self, incident: &Incident) -> shape::Durations {
        let mut durations = shape::Durations::default();
        for definition in METRICS {
            let Some(duration) = incident.durations.get(&definition.metric) else { continue };
            let Some(minutes) = duration.minutes() else { continue };
            *durations.slot(definition.metric) = Some(shape::MetricValue {
                minutes,
                from: match (duration.corrected_minutes, duration.computed_minutes) {
                    (Some(_), _) => "override",
                    (None, Some(_)) if !duration.is_mistyped() => "computed",
                    (None, _) => "stated",
                }
                .to_owned(),
                stated: duration.stated.as_ref().map(|s| shape::Stated {
                    minutes: s.value.minutes,
                    approximate: s.value.approximate,
                    evidence: self.evidence(&s.evidence),
                }),
                computed: duration.computed_minutes.map(|minutes| shape::Computed {
                    minutes,
                    start: definition.start.name().to_owned(),
                    end: definition.end.name().to_owned(),
                }),
                conflict: duration.conflicts(),
            });
        }
        durations
    }

    fn event(&self, event: &crate::domain::Event) -> shape::Event {
        shape::Event {
            at: time(&event.at),
            end: event.end.as_ref().map(time),
            text: event.text.clone(),
            event: event.milestone.map_or("other", MilestoneKind::name).to_owned(),
            evidence: self.evidence(&event.evidence),
        }
    }

    fn provider(&self, provider: &crate::domain::Provider) -> shape::Provider {
        shape::Provider {
            name: provider.name.clone(),
            role: provider.role.name().to_owned(),
            confidence: provider.confidence,
            rule: provider.rule.to_owned(),
            evidence: self.evidence(&provider.evidence),
        }
    }

    fn action(&self, action: &crate::domain::Action) -> shape::Action {
        shape::Action {
            text: action.text.clone(),
            status: action.status.name().to_owned(),
            owner: action.owner.clone(),
            due: action.due.map(|d| d.to_string()),
            links: action.links.clone(),
            evidence: self.evidence(&action.evidence),
        }
    }

    fn notice(&self, notice: &crate::domain::Notice) -> shape::Notice {
        shape::Notice {
            code: notice.code.to_owned(),
            message: notice.message.clone(),
            evidence: self.evidence(&notice.evidence),
        }
    }
}
