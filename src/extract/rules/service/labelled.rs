//! # service-labelled (W001)
//!
//! ## What it reads
//! Fields, lines and rows that name what was affected and where: `Affected services:`, `product:`, `service_name`,
//! `affected_locations`, `Region:`.
//!
//! ## Why it is believed
//! The label is the author's own classification.
//!
//! ## When it declines
//! Values that are sentences.
//!
//! ## Seen in
//! Status feeds, front matter, summary blocks.

use super::split::{is_region, names};
use crate::document::BlockKind;
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};

pub const RULE: Rule = Rule {
    code: "W001",
    slug: "service-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example {
            text: "Affected services: «Checkout», «Search»", expect: &["service Checkout", "service Search"]
        },
        Example { text: "Region: «eu-west-2»", expect: &["region eu-west-2"] },
        Example { text: "Region: it was felt by everyone who lives near the lake or far from it.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.9;
const WORDS_MAX: usize = 7;

const SERVICES: &[&str] = &[
    "service name",
    "service",
    "services",
    "affected service",
    "affected services",
    "services affected",
    "affected product",
    "affected products",
    "products affected",
    "product",
    "products",
    "affected component",
    "affected components",
    "components",
    "component",
    "impacted service",
    "impacted services",
    "services impacted",
    "business service",
    "configuration item",
    "affected systems",
    "affected system",
    "affected",
    "services touchés",
    "services affectés",
    "service touché",
    "betroffene dienste",
    "betroffener dienst",
    "betroffene systeme",
    "servicios afectados",
    "servicio afectado",
    "serviços afetados",
    "serviço afetado",
];
const REGIONS: &[&str] = &[
    "region",
    "regions",
    "affected region",
    "affected regions",
    "affected location",
    "affected locations",
    "location",
    "locations",
    "datacenter",
    "data center",
    "data centre",
    "availability zone",
    "site",
    "région",
    "régions",
    "standort",
    "región",
    "regiones",
    "região",
    "regiões",
];

/// Members of a feed's objects that name a product or a place.
const FEED_SERVICES: &[&str] = &["affected products", "components", "services", "products"];
const FEED_REGIONS: &[&str] =
    &["affected locations", "locations", "currently affected locations", "previously affected locations"];

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in reading.labels.iter().filter(|l| l.form != LabelForm::Heading) {
        let service = SERVICES.contains(&label.key.as_str());
        let region = REGIONS.contains(&label.key.as_str());
        if !service && !region {
            continue;
        }
        let verbatim = reading.document.text.get(label.evidence.clone()) == Some(label.value.as_str());
        for (at, name) in names(&label.value) {
            if name.split_whitespace().count() > WORDS_MAX || name.contains("://") {
                continue;
            }
            let range = if verbatim {
                label.evidence.start + at..label.evidence.start + at + name.len()
            } else {
                label.evidence.clone()
            };
            let finding = if region || is_region(name) {
                Finding::Region(name.to_owned())
            } else {
                Finding::Service(name.to_owned())
            };
            found.push(Candidate { finding, confidence: CONFIDENCE, evidence: vec![range], rule: RULE.code });
        }
    }
    from_tables(reading, found);
}

/// Arrays of objects in a feed: the member `title` or `name` of each.
fn from_tables(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut column: Option<(u32, usize, bool)> = None;
    for (index, block) in reading.blocks() {
        let BlockKind::Row { table, header, cells } = &block.kind else { continue };
        let cell = |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim();
        if *header {
            let heading = block.heading.map(|h| reading.text(h).to_lowercase().replace('_', " ")).unwrap_or_default();
            let service = FEED_SERVICES.contains(&heading.trim());
            let region = FEED_REGIONS.contains(&heading.trim());
            let named = (0..cells.len()).find(|at| matches!(cell(*at).to_lowercase().as_str(), "title" | "name"));
            column = named.filter(|_| service || region).map(|at| (*table, at, region));
            continue;
        }
        let Some((of, at, region)) = column.filter(|(of, ..)| of == table) else { continue };
        let name = cell(at).to_owned();
        let Some(range) = cells.get(at).cloned().filter(|_| of == *table && !name.is_empty()) else { continue };
        let finding = if region { Finding::Region(name) } else { Finding::Service(name) };
        let evidence = reading.evidence(index, range);
        found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
    }
}
