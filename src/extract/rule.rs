//! What a rule is: a named value with a manual, a function, and examples that are run as tests.

use super::reading::Reading;
use crate::domain::{
    Action, Component, Detection, Evidence, Kind, Metric, MilestoneKind, Role, Severity, Stated, Trigger,
};
use crate::time::Moment;
use chrono::NaiveDate;
use std::fmt;

/// One rule. Rules do not see each other's candidates; reconciliation chooses among them.
pub struct Rule {
    /// A letter for the kind and three digits, never reused: `S001`.
    pub code: &'static str,
    /// What it reads, in two or three words: `labelled-severity`.
    pub slug: &'static str,
    /// The rule's own file; its header comment is the manual.
    pub source: &'static str,
    pub apply: fn(&Reading<'_>, &mut Vec<Candidate>),
    pub examples: &'static [Example],
}

/// A document in little, and what the rule must make of it.
pub struct Example {
    /// Markdown, with `«»` around the words that are the evidence of each expected candidate, in order.
    pub text: &'static str,
    /// The candidates' display texts; empty for a counterexample.
    pub expect: &'static [&'static str],
}

/// A rule's proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub finding: Finding,
    /// 0 to 1; fixed by the rule for each form that it reads.
    pub confidence: f32,
    pub evidence: Evidence,
    /// Code of the rule.
    pub rule: &'static str,
}

/// What a candidate proposes.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    Kind(Kind),
    OwnId(String),
    Title(String),
    Org(String),
    Published(NaiveDate),
    Date(NaiveDate),
    Severity(Severity),
    Milestone(MilestoneKind, Moment),
    Duration(Metric, Stated),
    Trigger(Trigger),
    Component(Component),
    RootCause(String),
    Provider(String, Role),
    Service(String),
    Region(String),
    Detection(Detection),
    Impact(String),
    Action(Action),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Kind(kind) => write!(f, "kind {}", kind.name()),
            Finding::OwnId(id) => write!(f, "id {id}"),
            Finding::Title(title) => write!(f, "title {title}"),
            Finding::Org(org) => write!(f, "org {org}"),
            Finding::Published(date) => write!(f, "published {date}"),
            Finding::Date(date) => write!(f, "date {date}"),
            Finding::Severity(severity) => match severity.level {
                Some(level) => write!(f, "severity {} [{level}]", severity.value),
                None => write!(f, "severity {} [?]", severity.value),
            },
            Finding::Milestone(kind, at) => write!(f, "{} {}", kind.name(), moment_text(at)),
            Finding::Duration(metric, stated) => {
                let about = if stated.approximate { "~" } else { "" };
                write!(f, "{} {about}{} min", metric.name(), stated.minutes)
            }
            Finding::Trigger(trigger) => write!(f, "trigger {}", trigger.name()),
            Finding::Component(component) => write!(f, "component {}", component.name()),
            Finding::RootCause(words) => write!(f, "root cause {words}"),
            Finding::Provider(name, role) => write!(f, "provider {name} [{}]", role.name()),
            Finding::Service(name) => write!(f, "service {name}"),
            Finding::Region(name) => write!(f, "region {name}"),
            Finding::Detection(detection) => write!(f, "detection {}", detection.name()),
            Finding::Impact(words) => write!(f, "impact {words}"),
            Finding::Action(action) => write!(f, "action {} [{}]", action.text, action.status.name()),
        }
    }
}

fn moment_text(at: &Moment) -> String {
    format!("{}{}", at.local_text(), at.offset_text().unwrap_or_default())
}
