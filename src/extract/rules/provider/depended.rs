//! # provider-depended (P003)
//!
//! ## What it reads
//! Where a third party is named at all: clouds, hosts, carriers, DNS, CDNs and certificate authorities anywhere in the
//! report, other services when the title names them or they come up again and again.
//!
//! ## Why it is believed
//! A report names the infrastructure it runs on when it matters; other names also come in passing.
//!
//! ## When it declines
//! Names that only stand among actions, lessons, links and comments; tools that watch or carry the talk; self-run
//! software.
//!
//! ## Seen in
//! Every layout.

use super::sightings::sightings;
use crate::domain::Role;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::ProviderKind;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "P003",
    slug: "provider-depended",
    source: include_str!("depended.rs"),
    apply,
    examples: &[
        Example { text: "«Our shop runs on Hetzner.» It was our bug.", expect: &["provider Hetzner [involved]"] },
        Example { text: "We talked in Slack and wrote a GitHub issue.", expect: &[] },
    ],
};

const CONFIDENCE_INFRASTRUCTURE: f32 = 0.65;
const CONFIDENCE_REPEATED: f32 = 0.75;
const CONFIDENCE_SERVICE: f32 = 0.55;
const CONFIDENCE_TITLE: f32 = 0.8;
const SERVICE_MENTIONS_MIN: usize = 2;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let title = title::chosen(reading).map_or_else(String::new, |(title, _)| title);
    let titled: Vec<usize> =
        reading.providers().mentions(&title).iter().filter(|m| !m.ambiguous).map(|m| m.provider).collect();
    let mut by_provider: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for sighting in sightings(reading) {
        if !matches!(sighting.section, Section::Actions | Section::Lessons) {
            by_provider.entry(sighting.provider).or_default().push(sighting);
        }
    }
    for (provider, seen) in by_provider {
        let Some(entry) = reading.providers().get(provider) else { continue };
        let confidence = match entry.kind {
            ProviderKind::Software => continue,
            _ if titled.contains(&provider) => CONFIDENCE_TITLE,
            ProviderKind::Monitoring | ProviderKind::Office => continue,
            kind if kind.is_infrastructure() || kind == ProviderKind::Ca => {
                if seen.len() > 1 {
                    CONFIDENCE_REPEATED
                } else {
                    CONFIDENCE_INFRASTRUCTURE
                }
            }
            _ if seen.len() >= SERVICE_MENTIONS_MIN => CONFIDENCE_SERVICE,
            _ => continue,
        };
        let Some(first) = seen.iter().find(|s| !s.in_title).or_else(|| seen.first()) else { continue };
        let evidence = reading.evidence(first.block, first.sentence.clone());
        let finding = Finding::Provider(entry.name.to_string(), Role::Involved);
        found.push(Candidate { finding, confidence, evidence, rule: RULE.code });
    }
}
