//! Explanations in their serialised form: why a field of a record says what it says, with the words quoted.

use super::convert::{Quoting, Source, identify};
use super::number_parts;
use super::shape::{Field, Spanned};
use crate::document;
use crate::domain::Subject;
use crate::extract::{self, Defaults, explain as weigh};
use crate::source::SourceText;
use serde::Serialize;

/// One field of one incident: what stands in the record, and all that was proposed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    pub id: String,
    pub path: String,
    /// `2/7` when a document holds several incidents.
    pub part: Option<String>,
    pub field: String,
    /// Empty where the record says nothing.
    pub values: Vec<Field<String>>,
    /// The chosen first, then by confidence.
    pub candidates: Vec<Candidate>,
    pub notes: Vec<String>,
}

/// A proposal of a rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    pub value: String,
    pub confidence: f32,
    /// Code of the rule; `retro rules CODE` is its manual.
    pub rule: String,
    pub rule_name: String,
    pub verdict: String,
    pub reason: String,
    pub evidence: Vec<Spanned>,
}

/// Explains fields of every incident of an input, in the order of [`super::records`].
pub fn explain(input: &SourceText, defaults: &Defaults, subjects: &[Subject]) -> Vec<Explanation> {
    let documents = document::documents(input);
    let mut explained: Vec<_> = documents.flat_map(|d| weigh::explain(&d, &input.below, defaults, subjects)).collect();
    number_parts(explained.iter_mut().map(|(incident, _)| incident));
    let (source, quoting) = (Source::of(input), Quoting::new(&input.text));
    let mut explanations = Vec::new();
    for (incident, fields) in explained {
        let id = identify(&incident, &source);
        let part = incident.part.map(|(nth, of)| format!("{nth}/{of}"));
        for field in fields {
            let mut explanation = Explanation {
                id: id.clone(),
                path: input.path.clone(),
                part: part.clone(),
                field: field.subject.name().to_owned(),
                values: field.values.iter().map(|v| value(v, &quoting)).collect(),
                candidates: field.candidates.iter().map(|w| candidate(w, &quoting)).collect(),
                notes: field.notes,
            };
            let own = |c: &&extract::Correction| c.part == part && c.subject == field.subject;
            if let Some(correction) = defaults.corrections.iter().rev().find(own) {
                overrule(&mut explanation, correction);
            }
            explanations.push(explanation);
        }
    }
    explanations
}

/// A person's word counts before all that was read.
fn overrule(explanation: &mut Explanation, correction: &extract::Correction) {
    let (value, rule) = (correction.value.clone(), extract::correction::RULE.to_owned());
    explanation.values = match value.is_empty() {
        true => Vec::new(),
        false => vec![Field { value, confidence: 1.0, rule, evidence: Vec::new() }],
    };
    explanation.notes.push(format!("corrected by hand: {}", correction.reason));
    for candidate in explanation.candidates.iter_mut().filter(|c| c.verdict == "chosen") {
        candidate.verdict = "overruled".to_owned();
        candidate.reason = "it was chosen, and a person corrected it".to_owned();
    }
}

fn value(chosen: &weigh::Chosen, quoting: &Quoting<'_>) -> Field<String> {
    Field {
        value: chosen.value.clone(),
        confidence: chosen.confidence,
        rule: chosen.rule.to_owned(),
        evidence: quoting.evidence(&chosen.evidence),
    }
}

fn candidate(weighed: &weigh::Weighed, quoting: &Quoting<'_>) -> Candidate {
    let rule = weighed.candidate.rule;
    let name = extract::rules::ALL.iter().find(|r| r.code == rule).map_or("", |r| r.slug);
    Candidate {
        value: weighed.candidate.finding.value(),
        confidence: weighed.candidate.confidence,
        rule: rule.to_owned(),
        rule_name: name.to_owned(),
        verdict: weighed.verdict.name().to_owned(),
        reason: weighed.verdict.reason().to_owned(),
        evidence: quoting.evidence(&weighed.candidate.evidence),
    }
}
