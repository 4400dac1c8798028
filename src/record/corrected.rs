//! Corrections by hand, put into incidents between reading and the record.

use super::shape::{Field, Record};
use crate::domain::{Corrected, Incident, Notice, Subject};
use crate::extract::{Correction, Defaults, correction};

/// Applies the corrections that are for this incident; `read` is its record as it was read.
pub(super) fn apply(incident: &mut Incident, read: &Record, defaults: &Defaults) {
    let own = defaults.corrections.iter().filter(|c| c.part == read.source.part);
    let own: Vec<&Correction> = own.collect();
    if own.is_empty() {
        return;
    }
    correction::apply(incident, &own, &defaults.taxonomy);
    for correction in own {
        let now = value_text(read, correction.subject);
        let is_stale = correction.hash != read.source.hash && now != correction.was && now != correction.value;
        if is_stale {
            let message = format!(
                "{} was corrected to '{}' when it read '{}'; the document changed and now reads '{now}'",
                correction.subject.name(),
                correction.value,
                correction.was
            );
            incident.notices.push(Notice { code: "correction-stale", message, evidence: Vec::new() });
        }
        incident.corrections.push(Corrected {
            subject: correction.subject,
            value: correction.value.clone(),
            was: correction.was.clone(),
            reason: correction.reason.clone(),
            is_stale,
        });
    }
}

/// What a record says of a subject, in few words; empty where it says nothing.
pub fn value_text(record: &Record, subject: Subject) -> String {
    let field = |f: &Option<Field<String>>| f.as_ref().map(|f| f.value.clone()).unwrap_or_default();
    let list = |fields: &[Field<String>]| fields.iter().map(|f| f.value.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(kind) = subject.milestone() {
        let at = record.milestones.get(kind).map(|m| format!("{}{}", m.at.local, m.at.offset.as_deref().unwrap_or("")));
        return at.unwrap_or_default();
    }
    if let Some(metric) = subject.metric() {
        return record.durations.get(metric).map(|d| format!("{} min", d.minutes)).unwrap_or_default();
    }
    match subject {
        Subject::Kind => record.kind.clone(),
        Subject::Id => record.id.clone(),
        Subject::Title => field(&record.title),
        Subject::Org => field(&record.org),
        Subject::Published => field(&record.published),
        Subject::Date => field(&record.date),
        Subject::Severity => record.severity.as_ref().map(|s| s.value.clone()).unwrap_or_default(),
        Subject::Trigger => field(&record.causes.trigger),
        Subject::Component => field(&record.causes.component),
        Subject::RootCause => field(&record.causes.summary),
        Subject::Detection => field(&record.detection),
        Subject::ImpactSentence => field(&record.impact),
        Subject::Service => list(&record.services),
        Subject::Region => list(&record.regions),
        Subject::Provider => {
            let named = record.providers.iter().map(|p| format!("{}:{}", p.name, p.role));
            named.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}
