//! Runs the rules over a document and lets reconciliation choose.

use super::chronicle::chronicle;
use super::reading::Reading;
use super::reconcile::reconcile;
use super::rule::{Candidate, Finding};
use super::split::{PARTS_MAX, parts};
use super::{Defaults, correction, rules};
use crate::document::Document;
use crate::domain::{Found, Incident, Kind, Notice};

/// The incidents of one document, in document order; a document that reports none gives one of kind `none`.
/// `path` (where the document lies below what the user named) serves as a source of dates, titles and names where the
/// text has none.
pub fn extract(document: &Document, path: &str, defaults: &Defaults) -> Vec<Incident> {
    read_through(document, path, defaults, |_, _, incident| incident)
}

/// As [`extract`], for who wants more than the outcome: `keep` sees each incident with its prepared words and every
/// candidate that a rule proposed, and keeps of them what it needs.
pub fn read_through<T>(
    document: &Document,
    path: &str,
    defaults: &Defaults,
    keep: impl Fn(&Reading<'_>, &[Candidate], Incident) -> T,
) -> Vec<T> {
    let mut kept = Vec::new();
    let mut notices = document.notices.clone();
    let parts = parts(document);
    if parts.len() == PARTS_MAX {
        let message = format!("only the first {PARTS_MAX} incidents of the document were read");
        notices.push(Notice { code: "limit-parts", message, evidence: Vec::new() });
    }
    for part in parts {
        let reading = Reading::of_part(&part, path, defaults);
        let (candidates, mut incident) = one(&reading);
        if incident.kind != Some(Kind::Incident) {
            continue;
        }
        // The heading of a part is its title, whatever the rules for whole documents propose.
        let (value, evidence) = (part.title.clone(), vec![part.evidence.clone()]);
        incident.title = Some(Found { value, confidence: 0.9, rule: "T003", evidence });
        incident.place = Some(part.document.range.clone());
        incident.notices.append(&mut notices);
        kept.push(keep(&reading, &candidates, incident));
    }
    if kept.len() < 2 {
        let reading = Reading::new(document, path, defaults);
        let (candidates, mut incident) = one(&reading);
        incident.notices.extend(document.notices.iter().cloned());
        kept = vec![keep(&reading, &candidates, incident)];
    }
    kept
}

fn one(reading: &Reading<'_>) -> (Vec<Candidate>, Incident) {
    let mut candidates: Vec<Candidate> = Vec::new();
    for rule in rules::ALL {
        (rule.apply)(reading, &mut candidates);
    }
    let own_names = &reading.defaults.own_names;
    let mut incident = reconcile(&candidates, |c| !is_own(&c.finding, own_names));
    if reading.document.blocks.is_empty() && reading.document.fields.is_empty() {
        incident.kind = Some(Kind::None);
    }
    if let Some(kind) = correction::kind(&reading.defaults.corrections) {
        incident.kind = Some(kind);
        incident.genre = None;
    }
    if incident.kind != Some(Kind::None) {
        // Whatever a rule said: a person, or the absence of any better reading, made it an incident.
        incident.genre = None;
    }
    if incident.kind != Some(Kind::None) {
        chronicle(reading, &candidates, &mut incident);
    }
    incident.lang = reading.lang.map(str::to_owned);
    (candidates, incident)
}

/// Is it a provider that the configuration calls ours?
pub(super) fn is_own(finding: &Finding, own_names: &[String]) -> bool {
    matches!(finding, Finding::Provider(name, _) if own_names.iter().any(|own| own.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::extract::taxonomy;
    use crate::source::Format;
    use std::sync::Arc;

    /// Runs every rule alone over its own examples: display texts and evidence must agree exactly, and each rule must
    /// have an example and a counterexample and the four headings of its manual.
    #[test]
    fn rules_do_what_their_examples_say() {
        let mut wrong = Vec::new();
        let mut codes: Vec<&str> = rules::ALL.iter().map(|r| r.code).collect();
        codes.sort_unstable();
        wrong.extend(
            codes.windows(2).filter(|w| w.first() == w.last()).map(|w| format!("two rules are {:?}", w.first())),
        );
        for rule in rules::ALL {
            for heading in ["## What it reads", "## Why it is believed", "## When it declines", "## Seen in"] {
                if !rule.source.contains(&format!("//! {heading}")) {
                    wrong.push(format!("{}: the manual lacks {heading}", rule.code));
                }
            }
            if !rule.examples.iter().any(|e| e.expect.is_empty()) || rule.examples.iter().all(|e| e.expect.is_empty()) {
                wrong.push(format!("{}: needs an example and a counterexample", rule.code));
            }
            for example in rule.examples {
                let plain: String = example.text.replace(['«', '»'], "");
                let marked = marked(example.text);
                let text: Arc<str> = plain.as_str().into();
                let format = if text.starts_with('{') { Format::Json } else { Format::Markdown };
                let document = document::parse(format, &text, 0..text.len());
                let defaults = Defaults::default();
                let reading = Reading::new(&document, "example.md", &defaults);
                let mut found = Vec::new();
                (rule.apply)(&reading, &mut found);
                let shown: Vec<String> = found.iter().map(|c| c.finding.to_string()).collect();
                if shown != example.expect {
                    wrong.push(format!(
                        "{}: {:?}\n  expected {:?}\n  found    {shown:?}",
                        rule.code, plain, example.expect
                    ));
                }
                let quoted: Vec<&str> =
                    found.iter().filter_map(|c| c.evidence.first()).filter_map(|s| text.get(s.clone())).collect();
                if !marked.is_empty() && quoted != marked {
                    wrong.push(format!(
                        "{}: {:?}\n  evidence expected {marked:?}\n  evidence found    {quoted:?}",
                        rule.code, plain
                    ));
                }
                for candidate in &found {
                    if candidate.rule != rule.code {
                        wrong.push(format!("{}: a candidate signed {}", rule.code, candidate.rule));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_configuration_adds_providers_and_grades() {
        let text: Arc<str> = "# Shop down\n\nSeverity: Bronze\n\nIt was caused by an outage at BWX.\n".into();
        let document = document::parse(Format::Markdown, &text, 0..text.len());
        let read = |defaults: &Defaults| {
            let incident = extract(&document, "a.md", defaults).remove(0);
            let level = incident.severity.and_then(|s| s.value.level);
            (level, incident.providers.iter().map(|p| (p.name.clone(), p.role)).collect::<Vec<_>>())
        };
        assert_eq!(read(&Defaults::default()), (None, vec![]));
        let (name, aliases) = ("Brambleworks".to_owned(), vec!["BWX".to_owned()]);
        let extra = taxonomy::ExtraProvider { name: name.clone(), kind: None, aliases, products: Vec::new() };
        let levels = std::collections::BTreeMap::from([("bronze".to_owned(), 4)]);
        let taxonomy = Arc::new(taxonomy::Taxonomy::new(vec![extra], &levels).unwrap());
        let configured = Defaults { taxonomy, ..Defaults::default() };
        assert_eq!(read(&configured), (Some(4), vec![(name, crate::domain::Role::AtFault)]));
    }

    #[test]
    fn the_end_of_a_window_in_whole_hours_gives_way_to_the_minute_of_the_timeline() {
        let end = |window: &str, back: &str| {
            let text = format!(
                "# Shop down\n\nOn 2024-01-18 requests failed from {window} UTC.\n\n## Timeline (UTC)\n\n- 14:05 Outage begins\n- 14:10 Pagers went off\n- {back} All traffic is back online\n"
            );
            let text: Arc<str> = text.into();
            let document = document::parse(Format::Markdown, &text, 0..text.len());
            let incident = extract(&document, "a.md", &Defaults::default()).remove(0);
            incident.milestones.get(&crate::domain::MilestoneKind::Mitigated).map(|m| m.value.local_text())
        };
        assert_eq!(end("14:00 to 16:00", "15:52"), Some("2024-01-18T15:52".to_owned()));
        assert_eq!(end("14:00 to 16:05", "15:52"), Some("2024-01-18T16:05".to_owned()));
        assert_eq!(end("14:00 to 16:00", "14:52"), Some("2024-01-18T16:00".to_owned()));
    }

    #[test]
    fn a_sentence_that_tells_start_and_length_tells_the_end() {
        let end = |text: &str| {
            let text: Arc<str> = text.into();
            let document = document::parse(Format::Markdown, &text, 0..text.len());
            let incident = extract(&document, "a.md", &Defaults::default()).remove(0);
            incident.milestones.get(&crate::domain::MilestoneKind::Mitigated).map(|m| m.value.local_text())
        };
        let told = "# Printers down\n\nOn 2024-01-18 the printers were down for three hours from 22:05 UTC.";
        assert_eq!(end(told), Some("2024-01-19T01:05".to_owned()));
        assert_eq!(end(&format!("{told} They worked again at 01:20 UTC.")), Some("2024-01-19T01:20".to_owned()));
        assert_eq!(end("# Printers down\n\nOn 2024-01-18 the printers went down at 22:05 UTC."), None);
    }

    fn marked(text: &str) -> Vec<&str> {
        text.split('«').skip(1).filter_map(|rest| rest.split('»').next()).collect()
    }
}
