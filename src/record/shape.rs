//! The JSON shape of a record, version 1. Names are a contract: fields are added freely, never renamed or dropped
//! without raising [`SCHEMA`]. The store keeps fields in their order, without names: a new one stands last in its
//! structure and has a default, or the format of the store is raised.

use crate::domain::{Metric, MilestoneKind};
use serde::{Deserialize, Serialize};

/// Identifies shape and version.
pub const SCHEMA: &str = "retrospect/incident/1";

/// One incident, or the statement that a document holds none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub schema: String,
    /// Stable: the document's own id where it has one, else a slug of date and title; unique in a store.
    pub id: String,
    pub source: SourceRef,
    /// `incident` or `none`.
    pub kind: String,
    /// What a document is that reports no incident: `drill`, `maintenance`, `template`, `index`, `process`.
    #[serde(default)]
    pub genre: Option<Field<String>>,
    pub title: Option<Field<String>>,
    pub org: Option<Field<String>>,
    /// `2024-02-02`.
    pub published: Option<Field<String>>,
    /// Local calendar date on which the impact began.
    pub date: Option<Field<String>>,
    /// Offsets, most used first.
    pub zones: Vec<String>,
    pub severity: Option<Severity>,
    pub milestones: Milestones,
    pub durations: Durations,
    pub timeline: Vec<Event>,
    pub causes: Causes,
    pub providers: Vec<Provider>,
    pub services: Vec<Field<String>>,
    pub regions: Vec<Field<String>>,
    pub detection: Option<Field<String>>,
    pub impact: Option<Field<String>>,
    pub actions: Vec<Action>,
    pub warnings: Vec<Notice>,
    /// What a person corrected; left out where nobody did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
}

/// A value that a person corrected. The field itself holds the corrected value, signed `override`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub field: String,
    /// As it was written.
    pub value: String,
    /// What reading had made of the document.
    pub was: String,
    pub reason: String,
    /// The document changed since, and is now read otherwise than when it was corrected.
    pub stale: bool,
}

/// Where a record came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceRef {
    /// As given on the command line, `/`-separated, relative to the folder that was read.
    pub path: String,
    /// `2/7` when a document holds several incidents.
    pub part: Option<String>,
    pub format: String,
    pub bytes: u64,
    /// `blake3:…` of the file's bytes.
    pub hash: String,
    pub lang: Option<String>,
}

/// A value with its confidence, rule and evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field<T> {
    pub value: T,
    pub confidence: f32,
    pub rule: String,
    pub evidence: Vec<Spanned>,
}

/// A byte range of the decoded source text and that text itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spanned {
    /// 1-based.
    pub line: usize,
    pub start: usize,
    pub end: usize,
    pub quote: String,
}

/// A severity as stated, and its level from 1 (worst) to 5 where it can be mapped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Severity {
    pub value: String,
    pub level: Option<u8>,
    pub confidence: f32,
    pub rule: String,
    pub evidence: Vec<Spanned>,
}

/// A point of time with as much as is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Time {
    /// `2024-01-18T11:40`, `T10:07` without a date, `2024-01-18` without a clock.
    pub local: String,
    /// `+01:00`; null when no zone is stated or configured.
    pub offset: Option<String>,
    /// As written.
    pub zone: Option<String>,
    /// RFC 3339; null unless date, clock and offset are all known.
    pub utc: Option<String>,
    pub approximate: bool,
    /// Parts that came from context: `year`, `date`, `zone`.
    pub inferred: Vec<String>,
}

/// A milestone's moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    pub at: Time,
    pub confidence: f32,
    pub rule: String,
    pub evidence: Vec<Spanned>,
}

/// The six milestones; null where the text doesn't tell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Milestones {
    pub started: Option<Milestone>,
    pub detected: Option<Milestone>,
    pub acknowledged: Option<Milestone>,
    pub identified: Option<Milestone>,
    pub mitigated: Option<Milestone>,
    pub resolved: Option<Milestone>,
}

impl Milestones {
    pub fn get(&self, kind: MilestoneKind) -> Option<&Milestone> {
        match kind {
            MilestoneKind::Started => self.started.as_ref(),
            MilestoneKind::Detected => self.detected.as_ref(),
            MilestoneKind::Acknowledged => self.acknowledged.as_ref(),
            MilestoneKind::Identified => self.identified.as_ref(),
            MilestoneKind::Mitigated => self.mitigated.as_ref(),
            MilestoneKind::Resolved => self.resolved.as_ref(),
        }
    }
}

/// A duration as the author wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    pub minutes: i64,
    pub approximate: bool,
    pub evidence: Vec<Spanned>,
}

/// A duration as the difference of two milestones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    pub minutes: i64,
    pub start: String,
    pub end: String,
}

/// One metric of one incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricValue {
    /// The value that statistics use.
    pub minutes: i64,
    /// `computed`, `stated` or `override`.
    pub from: String,
    pub stated: Option<Stated>,
    pub computed: Option<Computed>,
    /// Both exist and differ by more than the larger of 10 minutes and 10 %.
    pub conflict: bool,
}

/// The six metrics; null where neither stated nor computable.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Durations {
    pub ttd: Option<MetricValue>,
    pub tta: Option<MetricValue>,
    pub tti: Option<MetricValue>,
    pub ttm: Option<MetricValue>,
    pub ttr: Option<MetricValue>,
    pub impact: Option<MetricValue>,
}

impl Durations {
    pub fn get(&self, metric: Metric) -> Option<&MetricValue> {
        match metric {
            Metric::Ttd => self.ttd.as_ref(),
            Metric::Tta => self.tta.as_ref(),
            Metric::Tti => self.tti.as_ref(),
            Metric::Ttm => self.ttm.as_ref(),
            Metric::Ttr => self.ttr.as_ref(),
            Metric::Impact => self.impact.as_ref(),
        }
    }

    pub(super) fn slot(&mut self, metric: Metric) -> &mut Option<MetricValue> {
        match metric {
            Metric::Ttd => &mut self.ttd,
            Metric::Tta => &mut self.tta,
            Metric::Tti => &mut self.tti,
            Metric::Ttm => &mut self.ttm,
            Metric::Ttr => &mut self.ttr,
            Metric::Impact => &mut self.impact,
        }
    }
}

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub at: Time,
    pub end: Option<Time>,
    pub text: String,
    /// A milestone's name, or `other`.
    pub event: String,
    pub evidence: Vec<Spanned>,
}

/// Trigger, component and root cause: three things.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Causes {
    pub trigger: Option<Field<String>>,
    pub component: Option<Field<String>>,
    /// The sentence of the text that states the root cause.
    pub summary: Option<Field<String>>,
}

/// A third party and its part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    pub name: String,
    /// `at-fault` or `involved`.
    pub role: String,
    pub confidence: f32,
    pub rule: String,
    pub evidence: Vec<Spanned>,
}

/// A follow-up action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub text: String,
    /// `done`, `open` or `unknown`.
    pub status: String,
    pub owner: Option<String>,
    pub due: Option<String>,
    pub links: Vec<String>,
    pub evidence: Vec<Spanned>,
}

/// Something noteworthy about the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub code: String,
    pub message: String,
    pub evidence: Vec<Spanned>,
}
