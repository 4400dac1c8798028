//! Values that a person corrected: read from their written form and put in the place of what was read.
//!
//! Pure: which corrections there are and where they are kept is the caller's business.

use super::chronicle;
use super::taxonomy::Taxonomy;
use crate::domain::{
    Component, Detection, Found, Incident, Kind, MilestoneKind, Provider, Role, Severity, Subject, Trigger,
};
use crate::time::resolve::{Context, resolve};
use crate::time::written::times;
use crate::time::{Moment, duration};
use chrono::NaiveDate;

/// Signs what a person corrected.
pub const RULE: &str = "override";

/// A value for one part of a record, by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// `2/7` when the document holds several incidents.
    pub part: Option<String>,
    pub subject: Subject,
    /// As written; empty where nothing is to stand.
    pub value: String,
    /// What reading had made of it when the correction was written.
    pub was: String,
    pub reason: String,
    /// Hash of the document that was corrected.
    pub hash: String,
}

/// Why a value cannot be a correction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    #[error("{} cannot be corrected", .0.name())]
    Fixed(Subject),
    #[error("'{value}' is no {what}")]
    Value { value: String, what: &'static str, valid: String },
}

impl CorrectionError {
    /// What is valid instead.
    pub fn hint(&self) -> String {
        match self {
            CorrectionError::Fixed(_) => {
                let names: Vec<_> = Subject::ALL.iter().filter(|s| is_correctable(**s)).map(|s| s.name()).collect();
                format!("the fields are {}", names.join(", "))
            }
            CorrectionError::Value { valid, .. } => valid.clone(),
        }
    }
}

/// May it be corrected? An id names what is corrected, and actions have no name to correct them by.
pub fn is_correctable(subject: Subject) -> bool {
    !matches!(subject, Subject::Id | Subject::Action)
}

/// Would this be a correction?
///
/// # Errors
/// The value is none that the field can have.
pub fn check(subject: Subject, value: &str) -> Result<(), CorrectionError> {
    apply_one(&mut Incident::default(), subject, value, &Taxonomy::default())
}

/// Would this severity have a level? One without is in no number, and whoever writes it by hand means it to be. Beyond
/// 5 there is none either: reports have such grades, and the nearest is the lowest.
///
/// # Errors
/// Neither the vocabulary nor the configuration knows this grade.
pub fn check_grade(grade: &str, taxonomy: &Taxonomy) -> Result<(), CorrectionError> {
    let grade = grade.trim();
    let number = grade.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_beyond = number.parse::<u32>().is_ok_and(|n| n > 5) && taxonomy.level(grade).is_none();
    let is_known = !is_beyond && super::rules::severity::level(taxonomy, grade).is_some();
    if grade.is_empty() || is_known {
        return Ok(());
    }
    Err(CorrectionError::Value {
        value: grade.to_owned(),
        what: "severity",
        valid: "write a level from 1 (worst) to 5, a grade such as SEV-2, or one that [severity] in retro.toml maps"
            .to_owned(),
    })
}

/// The kind that a document was corrected to: it decides what else is read of it.
pub fn kind(corrections: &[Correction]) -> Option<Kind> {
    let of_kind = corrections.iter().rev().find(|c| c.subject == Subject::Kind && c.part.is_none())?;
    Kind::parse(&of_kind.value)
}

/// Puts corrected values into an incident and settles what follows from them: date, computed durations, marks of the
/// timeline, notices of order and conflict.
pub fn apply(incident: &mut Incident, corrections: &[&Correction], taxonomy: &Taxonomy) {
    for correction in corrections {
        // A value that was refused when the file was read cannot come here; one that makes no sense changes nothing.
        drop(apply_one(incident, correction.subject, &correction.value, taxonomy));
    }
    let is_date_fixed = corrections.iter().any(|c| c.subject == Subject::Date);
    let started = incident.milestones.get(&MilestoneKind::Started);
    if let Some(date) = started.filter(|s| s.rule == RULE && !is_date_fixed).and_then(|s| s.value.date) {
        incident.date = Some(by_hand(date));
    }
    chronicle::settle(incident);
}

fn by_hand<T>(value: T) -> Found<T> {
    Found { value, confidence: 1.0, rule: RULE, evidence: Vec::new() }
}

fn apply_one(
    incident: &mut Incident,
    subject: Subject,
    value: &str,
    taxonomy: &Taxonomy,
) -> Result<(), CorrectionError> {
    let value = value.trim();
    let text = || (!value.is_empty()).then(|| by_hand(value.to_owned()));
    if let Some(milestone) = subject.milestone() {
        match value {
            "" => drop(incident.milestones.remove(&milestone)),
            _ => drop(incident.milestones.insert(milestone, by_hand(moment(incident, value)?))),
        }
        return Ok(());
    }
    if let Some(metric) = subject.metric() {
        let minutes = if value.is_empty() { None } else { Some(minutes(value)?) };
        let known = incident.durations.entry(metric).or_default();
        known.corrected_minutes = minutes;
        if minutes.is_none() {
            incident.durations.remove(&metric);
        }
        return Ok(());
    }
    match subject {
        // A document is an incident or none; there is no third.
        Subject::Kind => {
            let known = names(Kind::ALL, Kind::name);
            let none = || CorrectionError::Value {
                value: String::new(),
                what: "kind",
                valid: format!("write one of {}", known.join(", ")),
            };
            incident.kind = Some(label(value, "kind", Kind::parse, &known)?.ok_or_else(none)?);
        }
        Subject::Title => incident.title = text(),
        Subject::Org => incident.org = text(),
        Subject::Published => incident.published = date(value)?.map(by_hand),
        Subject::Date => incident.date = date(value)?.map(by_hand),
        Subject::Severity => {
            let level = super::rules::severity::level(taxonomy, value);
            incident.severity = text().map(|f| by_hand(Severity { value: f.value, level }));
        }
        Subject::Trigger => {
            let known = names(Trigger::ALL, Trigger::name);
            incident.trigger = label(value, "trigger", Trigger::parse, &known)?.map(by_hand);
        }
        Subject::Component => {
            let known = names(Component::ALL, Component::name);
            incident.component = label(value, "component", Component::parse, &known)?.map(by_hand);
        }
        Subject::Detection => {
            let known = names(Detection::ALL, Detection::name);
            incident.detection = label(value, "detection", Detection::parse, &known)?.map(by_hand);
        }
        Subject::RootCause => incident.root_cause = text(),
        Subject::ImpactSentence => incident.impact = text(),
        Subject::Service => incident.services = list(value).map(|n| by_hand(n.to_owned())).collect(),
        Subject::Region => incident.regions = list(value).map(|n| by_hand(n.to_owned())).collect(),
        Subject::Provider => incident.providers = list(value).map(provider).collect::<Result<_, _>>()?,
        other => return Err(CorrectionError::Fixed(other)),
    }
    Ok(())
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|n| !n.is_empty())
}

/// `Acme` or `Acme:involved`; who writes no role means the one at fault.
fn provider(text: &str) -> Result<Provider, CorrectionError> {
    let (name, role) = match text.rsplit_once(':') {
        Some((name, role)) => (name.trim(), role.trim()),
        None => (text, Role::AtFault.name()),
    };
    let valid = || "write NAME, NAME:at-fault or NAME:involved, separated by commas".to_owned();
    let wrong = || CorrectionError::Value { value: text.to_owned(), what: "provider", valid: valid() };
    let role = Role::parse(role).filter(|_| !name.is_empty()).ok_or_else(wrong)?;
    Ok(Provider { name: name.to_owned(), role, confidence: 1.0, rule: RULE, evidence: Vec::new() })
}

fn names<L: Copy>(all: &[L], name: fn(L) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|l| name(*l)).collect()
}

fn label<L>(
    value: &str,
    what: &'static str,
    parse: fn(&str) -> Option<L>,
    known: &[&str],
) -> Result<Option<L>, CorrectionError> {
    if value.is_empty() {
        return Ok(None);
    }
    let wrong = || CorrectionError::Value {
        value: value.to_owned(),
        what,
        valid: format!("write one of {}", known.join(", ")),
    };
    parse(&value.to_lowercase()).map(Some).ok_or_else(wrong)
}

fn date(value: &str) -> Result<Option<NaiveDate>, CorrectionError> {
    if value.is_empty() {
        return Ok(None);
    }
    let wrong = |_| CorrectionError::Value {
        value: value.to_owned(),
        what: "date",
        valid: "write it as 2025-03-02".to_owned(),
    };
    value.parse().map(Some).map_err(wrong)
}

fn minutes(value: &str) -> Result<i64, CorrectionError> {
    let plain = value.parse::<i64>().ok();
    let read = plain.or_else(|| duration::read_value(value).map(|d| d.minutes));
    read.filter(|m| *m >= 0).ok_or_else(|| CorrectionError::Value {
        value: value.to_owned(),
        what: "duration",
        valid: "write it as '1h 30m', '47 min' or as minutes".to_owned(),
    })
}

/// A written time; date and zone that it leaves out are those of the incident.
fn moment(incident: &Incident, value: &str) -> Result<Moment, CorrectionError> {
    let started = incident.milestones.get(&MilestoneKind::Started).map(|s| &s.value);
    let date = started.and_then(|s| s.date).or(incident.date.as_ref().map(|d| d.value));
    let zone = started.and_then(|s| s.zone.clone()).or_else(|| incident.zones.first().cloned());
    let context = Context { date, zone, ..Context::default() };
    let read = times(value);
    match read.as_slice() {
        [one] if one.end.is_none() && (one.clock.is_some() || one.date.is_some()) => Ok(resolve(one, &context).at),
        _ => Err(CorrectionError::Value {
            value: value.to_owned(),
            what: "time",
            valid: "write it as '2025-03-02 14:05 UTC', 2025-03-02T14:05+01:00 or 14:05".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::domain::Metric;
    use crate::extract::{Defaults, extract};
    use crate::source::Format;
    use std::sync::Arc;

    const TEXT: &str = "# Shop down\n\nOn 2025-03-02 the shop was down from 10:00 to 11:00 CET. Impact: 2 hours.\n";

    fn corrected(corrections: &[(Subject, &str)]) -> Incident {
        let text: Arc<str> = TEXT.into();
        let document = document::parse(Format::Markdown, &text, 0..text.len());
        let mut incident = extract(&document, "a.md", &Defaults::default()).remove(0);
        let correction = |(subject, value): &(Subject, &str)| Correction {
            part: None,
            subject: *subject,
            value: (*value).to_owned(),
            was: String::new(),
            reason: String::new(),
            hash: String::new(),
        };
        let corrections: Vec<_> = corrections.iter().map(correction).collect();
        apply(&mut incident, &corrections.iter().collect::<Vec<_>>(), &Taxonomy::default());
        incident
    }

    #[test]
    fn a_corrected_start_moves_what_follows_from_it() {
        let incident = corrected(&[(Subject::Started, "2025-03-01 23:30")]);
        assert_eq!(incident.date.as_ref().unwrap().value.to_string(), "2025-03-01");
        assert_eq!(incident.durations[&Metric::Ttr].computed_minutes, Some(11 * 60 + 30));
        assert_eq!(incident.milestones[&MilestoneKind::Started].value.offset_text().as_deref(), Some("+01:00"));
        let late = corrected(&[(Subject::Started, "12:00")]);
        assert!(late.notices.iter().any(|n| n.code == "milestone-order"), "{:?}", late.notices);
        assert_eq!(late.durations.get(&Metric::Ttr).and_then(|d| d.computed_minutes), None);
    }

    #[test]
    fn a_corrected_duration_counts_and_settles_the_conflict() {
        let incident = corrected(&[(Subject::Ttr, "1h 30m"), (Subject::Trigger, "Deploy"), (Subject::Org, "")]);
        assert_eq!(incident.durations[&Metric::Ttr].minutes(), Some(90));
        assert_eq!(incident.trigger.unwrap().value, Trigger::Deploy);
        assert_eq!(incident.org, None);
    }

    #[test]
    fn a_grade_that_nobody_knows_is_no_severity() {
        for (grade, is_known) in [
            ("9", false),
            ("SEV-9", false),
            ("99999999999", false),
            ("Teal", false),
            ("2", true),
            ("SEV-1", true),
            ("Major", true),
            ("", true),
        ] {
            assert_eq!(check_grade(grade, &Taxonomy::default()).is_ok(), is_known, "{grade}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_an_error_with_what_does() {
        for (subject, value, hint) in [
            (Subject::Trigger, "gremlins", "deploy"),
            (Subject::Kind, "", "incident"),
            (Subject::Started, "soon", "14:05"),
            (Subject::Started, "10:00 - 11:00", "14:05"),
            (Subject::Ttr, "long", "47 min"),
            (Subject::Date, "2025-13-01", "2025-03-02"),
            (Subject::Provider, "Acme:guilty", "at-fault"),
            (Subject::Id, "x", "severity"),
        ] {
            let error = check(subject, value).unwrap_err();
            assert!(error.hint().contains(hint), "{error}: {}", error.hint());
        }
    }
}
