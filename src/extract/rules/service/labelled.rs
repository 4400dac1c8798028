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
use crate::extract::vocabulary::places;

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
        Example {
            text: "**Regions/Zones:** «North Europe», «UK South»",
            expect: &["region North Europe", "region UK South"],
        },
        Example {
            text: r#"{"title": "Slow disks", "updates": [{"when": "09:00", "text": "Writes wait."}, {"when": "09:40", "text": "All is well.", "affected_locations": [{"id": "n2", "title": "«Narvik (n2)»"}, {"id": "n3", "title": "«Bodø (n3)»"}]}]}"#,
            expect: &["region Narvik (n2)", "region Bodø (n3)"],
        },
        Example { text: "# Slow disks\n\n## Location\n\n«North Europe»\n", expect: &["region North Europe"] },
        Example { text: "# Slow disks\n\n## Location\n\nThe disks stand in Narvik.\n", expect: &[] },
        Example { text: "Region: it was felt by everyone who lives near the lake or far from it.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.9;
const WORDS_MAX: usize = 7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in &reading.labels {
        let service = places().service_keys.is_all(&label.key);
        let region = places().region_keys.is_all(&label.key);
        // Below a heading stand sentences, but for names that are a region's beyond doubt.
        let is_headed = label.form == LabelForm::Heading;
        if !service && !region || is_headed && !(region && names(&label.value).iter().all(|(_, n)| is_region(n))) {
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

/// Where the rows of a table name a product or a place.
struct Column {
    table: u32,
    cell: usize,
    is_region: bool,
    /// Each cell names several.
    is_list: bool,
}

/// Arrays of objects in a feed: the member `title` or `name` of each. An update may hold such an array itself.
fn from_tables(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut columns: Vec<Column> = Vec::new();
    for (index, block) in reading.blocks() {
        let BlockKind::Row { table, header, cells } = &block.kind else { continue };
        let cell = |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim();
        if *header {
            let heading = block.heading.map(|h| reading.text(h)).unwrap_or_default();
            columns = told_in(heading, &|at| (at < cells.len()).then(|| cell(at)), *table);
            continue;
        }
        for column in columns.iter().filter(|column| column.table == *table) {
            let Some(whole) = cells.get(column.cell) else { continue };
            let text = cell(column.cell);
            let start = whole.start + block.text.get(whole.clone()).and_then(|t| t.find(text)).unwrap_or(0);
            let named = if column.is_list { names(text) } else { vec![(0, text)] };
            for (at, name) in named.into_iter().filter(|(_, name)| !name.is_empty()) {
                let is_region = column.is_region;
                let finding =
                    if is_region { Finding::Region(name.to_owned()) } else { Finding::Service(name.to_owned()) };
                let evidence = reading.evidence(index, start + at..start + at + name.len());
                found.push(Candidate { finding, confidence: CONFIDENCE, evidence, rule: RULE.code });
            }
        }
    }
}

/// The columns that a table's header, below its heading, says to name products or places.
fn told_in<'t>(heading: &str, cell: &dyn Fn(usize) -> Option<&'t str>, table: u32) -> Vec<Column> {
    let key = |text: &str| text.to_lowercase().replace('_', " ").trim().to_owned();
    let is_region = |key: &str| {
        let (service, region) = (places().feed_service_keys.is_all(key), places().feed_region_keys.is_all(key));
        (service || region).then_some(region)
    };
    let heading = is_region(&key(heading));
    let column = |at: usize| {
        let key = key(cell(at)?);
        match heading {
            Some(is_region) if matches!(key.as_str(), "title" | "name") => {
                Some(Column { table, cell: at, is_region, is_list: false })
            }
            None if key.contains("affected") => {
                is_region(&key).map(|is_region| Column { table, cell: at, is_region, is_list: true })
            }
            _ => None,
        }
    };
    let mut columns: Vec<Column> = (0..).take_while(|at| cell(*at).is_some()).filter_map(column).collect();
    // Of an array of its own the first name is enough.
    columns.truncate(if heading.is_some() { 1 } else { columns.len() });
    columns
}
