//! # kind-data (K010)
//!
//! ## What it reads
//! The names of the members of a JSON, YAML, TOML or CSV file, and whether its words speak of failure.
//!
//! ## Why it is believed
//! Settings, manifests and lists lie in the same folders as reports. An incident's data say when it was, how bad, or
//! why; settings say none of that.
//!
//! ## When it declines
//! Data with a member that only incidents have (a start, an end, a severity, a cause), a timeline, a section of a
//! report, or a date and a word of failure.
//!
//! ## Seen in
//! Configuration of site generators, manifests of deployments, package descriptions beside reports.

use super::Signs;
use crate::domain::Kind;
use crate::extract::milestone_words::keyed;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::{kind_words, lists};

pub const RULE: Rule = Rule {
    code: "K010",
    slug: "kind-data",
    source: include_str!("data.rs"),
    apply,
    examples: &[
        Example { text: "{\"replicas\": 3, \"image\": \"web\"}", expect: &["kind none"] },
        Example { text: "{\"title\": \"Disk full\", \"started\": \"2024-01-18T10:00Z\"}", expect: &[] },
        Example { text: "---\nreplicas: 3\n---\n\nWords.\n", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if !reading.document.format.is_data() {
        return;
    }
    let last = |key: &str| key.rsplit('.').next().unwrap_or("").to_owned();
    let tells = reading.labels.iter().any(|label| {
        let key = last(&label.key);
        let dated = keyed(&key).is_some() && !reading.timing.of_label(label).is_empty();
        dated
            || kind_words().incident_keys.contains(&key) && label.value.contains(' ')
            || kind_words().facts.contains(&key)
    });
    let severity =
        reading.labels.iter().any(|label| matches!(last(&label.key).as_str(), "severity" | "impact" | "duration"));
    let signs = Signs::of(reading);
    let failed = lists().failure_words.any(&signs.title) || !signs.distinct(&lists().failure_words).is_empty();
    let dated = !reading.timing.stamps.is_empty() || reading.timing.published.is_some();
    if tells || severity || reading.timeline.explicit || signs.counts.report_sections > 0 || failed && dated {
        return;
    }
    let evidence = reading.labels.first().map(|label| label.evidence.clone()).into_iter().collect();
    found.push(Candidate { finding: Finding::Kind(Kind::None), confidence: CONFIDENCE, evidence, rule: RULE.code });
}
