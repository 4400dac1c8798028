//! # provider-blamed (P001)
//!
//! ## What it reads
//! Sentences and titles that name a third party beside blaming words: "an outage at Acme", "the Acme network outage",
//! "Acme confirmed the issue", "on Acme's side"; and what a third party did to what is ours: "Acme moved our servers".
//!
//! ## Why it is believed
//! The author says so, most tellingly in the title, in the summary and under the root cause.
//!
//! ## When it declines
//! Names without blame (hosting alone is involvement), the writer's own name, own instances of a product ("our RDS
//! instance ran out of space"), self-run software unless a bug of it is blamed, and sentences that take blame away.
//!
//! ## Seen in
//! Reports of customers of clouds, carriers, CDNs and SaaS.

use super::blaming::is_modifier;
use super::sightings::{Sighting, sightings};
use crate::domain::Role;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::third_parties;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "P001",
    slug: "provider-blamed",
    source: include_str!("blamed.rs"),
    apply,
    examples: &[
        Example { text: "«The delay was caused by an outage at Fastly.»", expect: &["provider Fastly [at-fault]"] },
        Example { text: "«A bug in Traefik dropped the routes.»", expect: &["provider Traefik [at-fault]"] },
        Example { text: "«Hetzner moved our server to another rack.»", expect: &["provider Hetzner [at-fault]"] },
        Example { text: "«Our server was unplugged by Hetzner.»", expect: &["provider Hetzner [at-fault]"] },
        Example {
            text: "«A breaker tripped in the Equinix hall where our racks stand.»",
            expect: &["provider Equinix [at-fault]"],
        },
        Example {
            text: "«We moved the shop to Heroku, whose router was down.»",
            expect: &["provider Heroku [at-fault]"],
        },
        Example {
            text: "Heroku rejected our calls because our key had expired. Our Vercel project was broken.",
            expect: &[],
        },
        Example {
            text: "«The cause was a failure in our mail provider (Mailgun).» All is well again.",
            expect: &["provider Mailgun [at-fault]"],
        },
        Example { text: "«Mailgun had been timing out for an hour.»", expect: &["provider Mailgun [at-fault]"] },
        Example {
            text: "«Fastly (one of our carriers of pictures) went down.»",
            expect: &["provider Fastly [at-fault]"],
        },
        Example {
            text: "«Fastly, a carrier of pictures for half the world, went down.»",
            expect: &["provider Fastly [at-fault]"],
        },
        Example { text: "«With Mailgun down, no letters left.»", expect: &["provider Mailgun [at-fault]"] },
        Example { text: "«The cause was a bug on Stripe's side.»", expect: &["provider Stripe [at-fault]"] },
        Example {
            text: "«Bei Hetzner ist am Abend ein Switch ausgefallen.»",
            expect: &["provider Hetzner [at-fault]"],
        },
        Example {
            text: "«Our internet provider (Zayo) had routing problems.»", expect: &["provider Zayo [at-fault]"]
        },
        Example { text: "«Le problème venait de Scaleway.»", expect: &["provider Scaleway [at-fault]"] },
        Example {
            text: "With Mailgun up again, letters left. Mailgun had no outage. Mailgun had reported the error.",
            expect: &[],
        },
        Example { text: "Readers in Fastly experienced network trouble.", expect: &[] },
        Example { text: "Fastly (our carrier) was told. No evidence of an outage at Fastly was found.", expect: &[] },
        Example {
            text: "«Mailgun had pushed a filter that dropped our mail.»",
            expect: &["provider Mailgun [at-fault]"],
        },
        Example { text: "Mailgun had warned us. We saw it in Mailgun and rolled back.", expect: &[] },
        Example {
            text: "«The fix was sent as a pull request; we reported the bug to Traefik.»",
            expect: &["provider Traefik [at-fault]"],
        },
        Example { text: "Our servers at Mailgun were down. Probes in Mailgun were failing.", expect: &[] },
        Example { text: "Hetzner helped our team. Fastly sent all requests to one origin.", expect: &[] },
        Example { text: "We run on AWS. Our own code was wrong. Traefik restarted.", expect: &[] },
    ],
};

const BLAME_MIN: f32 = 0.75;
const BLAME_FAINT: f32 = 0.3;
const CONFIDENCE_BASE: f32 = 0.42;
const CONFIDENCE_STEP: f32 = 0.16;
const CONFIDENCE_MAX: f32 = 0.95;
const TITLE: f32 = 2.0;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let sightings = sightings(reading);
    let titled = title_blames(reading);
    let mut by_provider: BTreeMap<usize, (f32, Option<&Sighting>)> = BTreeMap::new();
    for sighting in sightings {
        // Many faint hints are no blame.
        if sighting.blame < BLAME_FAINT {
            by_provider.entry(sighting.provider).or_insert((0.0, None));
            continue;
        }
        let weight = if sighting.in_title { TITLE } else { section_weight(sighting.section) };
        let entry = by_provider.entry(sighting.provider).or_insert((0.0, None));
        let more = sighting.blame * weight;
        let best = entry.1.map_or(0.0, |s| s.blame * section_weight(s.section));
        if more > best {
            entry.1 = Some(sighting);
        }
        entry.0 += more;
    }
    for (provider, (mut score, best)) in by_provider {
        let Some(name) = reading.providers().get(provider).map(|p| p.name.to_string()) else { continue };
        if titled.contains(&provider) {
            score += TITLE;
        }
        let best = best.or_else(|| sightings.iter().find(|s| s.provider == provider));
        let Some(best) = best.filter(|_| score >= BLAME_MIN) else { continue };
        let confidence = (CONFIDENCE_BASE + CONFIDENCE_STEP * score).min(CONFIDENCE_MAX);
        let evidence = reading.evidence(best.block, best.sentence.clone());
        found.push(Candidate {
            finding: Finding::Provider(name, Role::AtFault),
            confidence,
            evidence,
            rule: RULE.code,
        });
    }
}

fn section_weight(section: Section) -> f32 {
    match section {
        Section::RootCause => 1.3,
        Section::Summary | Section::Opening => 1.1,
        Section::Impact | Section::Other | Section::Detection => 1.0,
        Section::Timeline | Section::Resolution => 0.85,
        Section::Lessons => 0.4,
        Section::Actions => 0.2,
        Section::Appendix | Section::Comments => 0.0,
    }
}

/// Providers that a title names beside a word of failure: "Update centre slow due to Acme outage".
fn title_blames(reading: &Reading<'_>) -> Vec<usize> {
    let Some((title, _)) = title::chosen(reading) else { return Vec::new() };
    let failed = third_parties().blame_nouns.find(&title);
    let mentions = reading.providers().mentions(&title);
    let blamed = |range: &std::ops::Range<usize>| {
        failed.iter().any(|f| {
            let (from, to) = (range.end.min(f.range.end), range.start.max(f.range.start));
            let gap = title.get(from..to).unwrap_or("");
            let after = title.get(range.end..).unwrap_or("");
            gap.split_whitespace().count() <= 3 && !gap.contains([':', ';', ',']) && !is_modifier(after)
        })
    };
    let software = |provider: usize| {
        reading.providers().get(provider).is_some_and(|p| p.kind == crate::extract::vocabulary::ProviderKind::Software)
    };
    let named = mentions.iter().filter(|m| !m.ambiguous && !m.product && !software(m.provider) && blamed(&m.range));
    named.map(|m| m.provider).collect()
}
