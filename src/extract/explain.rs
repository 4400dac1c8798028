//! Why a value stands in a record: every candidate for it, and what reconciliation made of each.
//!
//! Data, not talk: rules know nothing of being explained. Candidates are weighed again only when somebody asks.

use super::Defaults;
use super::engine::{is_own, read_through};
use super::policy::policy;
use super::rule::{Candidate, moment_text};
use super::{chronicle, reconcile};
use crate::document::Document;
use crate::domain::{Action, Evidence, Incident, MilestoneKind, Role, Span, Subject};
use crate::extract::rule::Finding;

/// One field of one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    pub subject: Subject,
    /// What the record says; several for lists, none where it says nothing.
    pub values: Vec<Chosen>,
    /// Every candidate, the chosen first, then by how much it is believed.
    pub candidates: Vec<Weighed>,
    /// What happened beside weighing.
    pub notes: Vec<String>,
}

/// A value of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    pub value: String,
    pub confidence: f32,
    pub rule: &'static str,
    pub evidence: Evidence,
}

/// A candidate and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    pub candidate: Candidate,
    pub verdict: Verdict,
}

/// What reconciliation made of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Chosen,
    Agrees,
    Outweighed,
    LaterSaid,
    Contradicts,
    BlameWins,
    OwnName,
    Unbelieved,
}

impl Verdict {
    /// The spelling in data.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Chosen => "chosen",
            Verdict::Agrees => "agrees",
            Verdict::Outweighed => "outweighed",
            Verdict::LaterSaid => "as-sure",
            Verdict::Contradicts => "contradicts",
            Verdict::BlameWins => "blame-wins",
            Verdict::OwnName => "own-name",
            Verdict::Unbelieved => "unbelieved",
        }
    }

    /// The reason, for people.
    pub fn reason(self) -> &'static str {
        match self {
            Verdict::Chosen => "stands in the record",
            Verdict::Agrees => "says the same as the chosen one",
            Verdict::Outweighed => "the chosen one is surer",
            Verdict::LaterSaid => "as sure as the chosen one; of equals the one told first counts, of ends the last",
            Verdict::Contradicts => "does not fit the other milestones or the stated durations",
            Verdict::BlameWins => "the text also blames it, and blame is the more telling statement",
            Verdict::OwnName => "the configuration calls it a name of your own",
            Verdict::Unbelieved => "not sure enough to be believed",
        }
    }
}

/// Explains fields of each incident of a document; the incidents are those of [`super::extract`].
pub fn explain(
    document: &Document,
    path: &str,
    defaults: &Defaults,
    subjects: &[Subject],
) -> Vec<(Incident, Vec<Explanation>)> {
    read_through(document, path, defaults, |_, candidates, incident| {
        let explained = subjects.iter().map(|s| one(*s, candidates, &incident, defaults)).collect();
        (incident, explained)
    })
}

fn one(subject: Subject, candidates: &[Candidate], incident: &Incident, defaults: &Defaults) -> Explanation {
    let values = match subject {
        Subject::Kind => kind(candidates, incident),
        _ => chosen(incident, subject),
    };
    let about = candidates.iter().filter(|c| c.finding.subject() == subject);
    let mut weighed: Vec<Weighed> =
        about.map(|c| Weighed { verdict: verdict(c, &values, incident, defaults), candidate: c.clone() }).collect();
    let place = |w: &Weighed| w.candidate.evidence.first().map_or(usize::MAX, |s: &Span| s.start);
    weighed.sort_by(|a, b| {
        let is_other = |w: &Weighed| w.verdict != Verdict::Chosen;
        let surer = b.candidate.confidence.total_cmp(&a.candidate.confidence);
        is_other(a).cmp(&is_other(b)).then(surer).then(place(a).cmp(&place(b)))
    });
    let notes = notes(subject, &values, &weighed, incident);
    Explanation { subject, values, candidates: weighed, notes }
}

/// The least confidence with which a candidate counts.
fn confidence_min(subject: Subject) -> f32 {
    let is_time = subject.milestone().is_some() || subject.metric().is_some();
    if is_time { chronicle::CONFIDENCE_MIN } else { reconcile::CONFIDENCE_MIN }
}

fn verdict(candidate: &Candidate, values: &[Chosen], incident: &Incident, defaults: &Defaults) -> Verdict {
    let subject = candidate.finding.subject();
    let value = candidate.finding.value();
    // An action keeps no rule.
    let by_rule = |v: &Chosen| v.rule.is_empty() || v.rule == candidate.rule;
    let is_it = |v: &Chosen| by_rule(v) && v.evidence == candidate.evidence && v.value == value;
    if values.iter().any(is_it) {
        return Verdict::Chosen;
    }
    if candidate.confidence < confidence_min(subject) {
        return Verdict::Unbelieved;
    }
    if let Finding::Provider(name, role) = &candidate.finding {
        if is_own(&candidate.finding, &defaults.own_names) {
            return Verdict::OwnName;
        }
        let blamed = incident.providers.iter().any(|p| p.name == *name && p.role == Role::AtFault);
        if blamed && *role == Role::Involved {
            return Verdict::BlameWins;
        }
    }
    if values.iter().any(|v| v.value.eq_ignore_ascii_case(&value)) {
        return Verdict::Agrees;
    }
    let best = values.iter().map(|v| v.confidence).fold(f32::NAN, f32::max);
    if subject.milestone().is_some() && (best.is_nan() || best < candidate.confidence) {
        return Verdict::Contradicts;
    }
    if (best - candidate.confidence).abs() < f32::EPSILON { Verdict::LaterSaid } else { Verdict::Outweighed }
}

/// What the record says of a subject.
fn chosen(incident: &Incident, subject: Subject) -> Vec<Chosen> {
    if let Some(kind) = subject.milestone() {
        return incident.milestones.get(&kind).iter().map(|m| found(m, moment_text(&m.value))).collect();
    }
    if let Some(metric) = subject.metric() {
        let stated = incident.durations.get(&metric).and_then(|d| d.stated.as_ref());
        return stated.iter().map(|s| found(s, Finding::Duration(metric, s.value.clone()).value())).collect();
    }
    macro_rules! one {
        ($field:ident, $variant:ident) => {
            incident.$field.iter().map(|f| found(f, Finding::$variant(f.value.clone()).value())).collect()
        };
    }
    match subject {
        Subject::Id => one!(own_id, OwnId),
        Subject::Title => one!(title, Title),
        Subject::Org => one!(org, Org),
        Subject::Published => one!(published, Published),
        Subject::Date => one!(date, Date),
        Subject::Severity => one!(severity, Severity),
        Subject::Trigger => one!(trigger, Trigger),
        Subject::Component => one!(component, Component),
        Subject::RootCause => one!(root_cause, RootCause),
        Subject::Service => one!(services, Service),
        Subject::Region => one!(regions, Region),
        Subject::Detection => one!(detection, Detection),
        Subject::ImpactSentence => one!(impact, Impact),
        Subject::Provider => {
            let providers = incident.providers.iter();
            providers
                .map(|p| Chosen {
                    value: Finding::Provider(p.name.clone(), p.role).value(),
                    confidence: p.confidence,
                    rule: p.rule,
                    evidence: p.evidence.clone(),
                })
                .collect()
        }
        Subject::Action => {
            let bare = |a: &Action| Chosen {
                value: Finding::Action(a.clone()).value(),
                confidence: f32::NAN,
                rule: "",
                evidence: a.evidence.clone(),
            };
            incident.actions.iter().map(bare).collect()
        }
        _ => Vec::new(),
    }
}

fn found<T>(found: &crate::domain::Found<T>, value: String) -> Chosen {
    Chosen { value, confidence: found.confidence, rule: found.rule, evidence: found.evidence.clone() }
}

/// The kind keeps no rule: the candidate that won is found again.
fn kind(candidates: &[Candidate], incident: &Incident) -> Vec<Chosen> {
    let believed: Vec<&Candidate> =
        candidates.iter().filter(|c| c.confidence >= confidence_min(Subject::Kind)).collect();
    let kind = |f: &Finding| if let Finding::Kind(kind) = f { Some(*kind) } else { None };
    match reconcile::best(&believed, kind) {
        Some(best) if Some(best.value) == incident.kind => vec![found(&best, best.value.name().to_owned())],
        _ => {
            let name = incident.kind.map(|k| k.name().to_owned());
            name.map(|value| Chosen { value, confidence: f32::NAN, rule: "", evidence: Vec::new() })
                .into_iter()
                .collect()
        }
    }
}

fn notes(subject: Subject, values: &[Chosen], weighed: &[Weighed], incident: &Incident) -> Vec<String> {
    let mut notes = Vec::new();
    let from_candidate = |v: &Chosen| weighed.iter().any(|w| w.candidate.rule == v.rule);
    for value in values.iter().filter(|v| !v.rule.is_empty() && !from_candidate(v)) {
        match (policy(value.rule), subject.milestone()) {
            (Some(policy), _) => notes.push(format!("{} ({}): {}", value.rule, policy.slug, policy.what_it_reads)),
            (None, Some(MilestoneKind::Mitigated | MilestoneKind::Resolved)) => {
                notes.push("the text tells one end only, which counts for both mitigated and resolved".to_owned());
            }
            (None, _) if subject == Subject::Date => notes.push("it is the date of the start of impact".to_owned()),
            (None, _) => {}
        }
    }
    if subject == Subject::Kind && weighed.is_empty() {
        notes
            .push("nothing speaks against it: a document is taken for a report until a rule says otherwise".to_owned());
    }
    if let Some(metric) = subject.metric() {
        let definition = metric.definition();
        let (start, end) = (definition.start.name(), definition.end.name());
        notes.push(match incident.durations.get(&metric).and_then(|d| d.computed_minutes) {
            Some(minutes) => format!("computed from {start} to {end}: {minutes} min, which statistics use"),
            None => format!("not computed: {start} or {end} is not known exactly enough"),
        });
    }
    if values.is_empty() && weighed.is_empty() && notes.is_empty() {
        notes.push("no rule found anything".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::source::Format;
    use std::sync::Arc;

    fn verdicts(text: &str, subject: Subject, defaults: &Defaults) -> Vec<(String, &'static str)> {
        let text: Arc<str> = text.into();
        let document = document::parse(Format::Markdown, &text, 0..text.len());
        let mut explained = explain(&document, "a.md", defaults, &[subject]);
        let explanation = explained.remove(0).1.remove(0);
        explanation.candidates.iter().map(|w| (w.candidate.finding.value(), w.verdict.name())).collect()
    }

    #[test]
    fn the_chosen_candidate_is_first_and_the_others_have_a_reason() {
        let text = "# SEV-2: Shop down\n\nSeverity: High\n\nSeverity: Low\n\nOn 2025-03-02 at 10:00 UTC it failed.\n";
        let found = verdicts(text, Subject::Severity, &Defaults::default());
        let expected = [("High [2]", "chosen"), ("Low [4]", "as-sure"), ("SEV-2 [2]", "outweighed")];
        assert_eq!(found, expected.map(|(v, n)| (v.to_owned(), n)));
    }

    #[test]
    fn names_of_our_own_are_told_apart() {
        let text = "# Shop down\n\nOn 2025-03-02 at 10:00 UTC the shop failed because of an outage at Cloudflare.\n";
        let own_names = Arc::from(vec!["Cloudflare".to_owned()]);
        let found = verdicts(text, Subject::Provider, &Defaults { own_names, ..Defaults::default() });
        assert!(found.iter().any(|(v, n)| v.starts_with("Cloudflare") && *n == "own-name"), "{found:?}");
    }

    #[test]
    fn what_no_rule_proposed_has_a_note() {
        let text: Arc<str> = "# Shop down\n\n2025-03-02: the shop failed for two hours.\n".into();
        let document = document::parse(Format::Markdown, &text, 0..text.len());
        for subject in [Subject::Started, Subject::Ttr, Subject::Org] {
            let explained = explain(&document, "a.md", &Defaults::default(), &[subject]);
            assert!(!explained[0].1[0].notes.is_empty(), "{}", subject.name());
        }
    }
}
