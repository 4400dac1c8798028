//! What a rule is: a named value with a manual, a function, and examples that are run as tests.

use super::reading::Reading;
use crate::domain::{
    Action, Component, Detection, Evidence, Found, Kind, Metric, MilestoneKind, Role, Severity, Stated, Subject,
    Trigger,
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

impl Candidate {
    /// Its value as it stands in a record.
    pub fn found<T>(&self, value: T) -> Found<T> {
        Found { value, confidence: self.confidence, rule: self.rule, evidence: self.evidence.clone() }
    }
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

impl Finding {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Finding::Kind(_) => Subject::Kind,
            Finding::OwnId(_) => Subject::Id,
            Finding::Title(_) => Subject::Title,
            Finding::Org(_) => Subject::Org,
            Finding::Published(_) => Subject::Published,
            Finding::Date(_) => Subject::Date,
            Finding::Severity(_) => Subject::Severity,
            Finding::Milestone(kind, _) => Subject::of_milestone(*kind),
            Finding::Duration(metric, _) => Subject::of_metric(*metric),
            Finding::Trigger(_) => Subject::Trigger,
            Finding::Component(_) => Subject::Component,
            Finding::RootCause(_) => Subject::RootCause,
            Finding::Provider(..) => Subject::Provider,
            Finding::Service(_) => Subject::Service,
            Finding::Region(_) => Subject::Region,
            Finding::Detection(_) => Subject::Detection,
            Finding::Impact(_) => Subject::ImpactSentence,
            Finding::Action(_) => Subject::Action,
        }
    }

    /// The value alone, as a person reads it.
    pub fn value(&self) -> String {
        match self {
            Finding::Kind(kind) => kind.name().to_owned(),
            Finding::Published(date) | Finding::Date(date) => date.to_string(),
            Finding::Severity(severity) => match severity.level {
                Some(level) => format!("{} [{level}]", severity.value),
                None => format!("{} [?]", severity.value),
            },
            Finding::Milestone(_, at) => moment_text(at),
            Finding::Duration(_, stated) => {
                let about = if stated.approximate { "~" } else { "" };
                format!("{about}{} min", stated.minutes)
            }
            Finding::Trigger(trigger) => trigger.name().to_owned(),
            Finding::Component(component) => component.name().to_owned(),
            Finding::Detection(detection) => detection.name().to_owned(),
            Finding::Provider(name, role) => format!("{name} [{}]", role.name()),
            Finding::Action(action) => format!("{} [{}]", action.text, action.status.name()),
            Finding::OwnId(text)
            | Finding::Title(text)
            | Finding::Org(text)
            | Finding::RootCause(text)
            | Finding::Service(text)
            | Finding::Region(text)
            | Finding::Impact(text) => text.clone(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = match self {
            Finding::RootCause(_) => "root cause",
            Finding::Impact(_) => "impact",
            other => other.subject().name(),
        };
        write!(f, "{noun} {}", self.value())
    }
}

/// A moment as a person reads it.
pub fn moment_text(at: &Moment) -> String {
    format!("{}{}", at.local_text(), at.offset_text().unwrap_or_default())
}
