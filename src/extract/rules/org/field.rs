//! # org-field (O001)
//!
//! ## What it reads
//! A field, line or row that names the organisation: `company:`, `organisation:`, the page's name in a status feed, the
//! site's name of an HTML page, a team in front matter. Without any, what the configuration says for the path.
//!
//! ## Why it is believed
//! The label is the author's own classification.
//!
//! ## When it declines
//! Values that are no name: sentences, addresses, placeholders.
//!
//! ## Seen in
//! Front matter, status feeds, forms, HTML pages.

use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::{is_no_org, is_ordinary_word, names};

pub const RULE: Rule = Rule {
    code: "O001",
    slug: "org-field",
    source: include_str!("field.rs"),
    apply,
    examples: &[
        Example { text: "---\ncompany: «Acme»\n---\nText.", expect: &["org Acme"] },
        Example { text: "---\nteam: «The Acme Team»\n---\nText.", expect: &["org Acme"] },
        Example { text: "---\nteam: Edge\n---\nText.", expect: &[] },
        Example { text: "---\nteam: Platform Team\n---\nText.", expect: &[] },
        Example { text: "Team: Payments, Org: «Example Corp»", expect: &["org Example Corp"] },
        Example { text: "It broke.\n\nOrganisation: External\nOrg: N/A", expect: &[] },
        Example { text: "Company: we make shoes and sell them.", expect: &[] },
    ],
};

/// Keys with the trust in each; those below only as a field outside the prose.
const KEYS: &[(&str, f32)] = &[
    ("company", 0.97),
    ("org", 0.9),
    ("organization", 0.95),
    ("organisation", 0.95),
    ("company name", 0.95),
    ("organization name", 0.95),
    ("organisation name", 0.95),
    ("entreprise", 0.95),
    ("société", 0.95),
    ("organisme", 0.9),
    ("unternehmen", 0.95),
    ("firma", 0.95),
    ("organización", 0.95),
    ("empresa", 0.95),
    ("azienda", 0.95),
    ("bedrijf", 0.95),
    ("organização", 0.95),
];
const FIELD_KEYS: &[(&str, f32)] = &[
    ("org", 0.95),
    ("page.name", 0.95),
    ("feed.org", 0.95),
    ("feed.title", 0.85),
    ("publisher", 0.9),
    ("og:site name", 0.85),
    ("site name", 0.85),
    ("application name", 0.8),
    ("extra.team", 0.75),
    ("team", 0.6),
    ("copyright", 0.6),
];
/// Keys that name a team first of all.
const TEAM_KEYS: &[&str] = &["team", "extra.team"];
const NAME_BYTES_MAX: usize = 60;
const NAME_WORDS_MAX: usize = 5;

/// Configuration: below what a text says outright, above what it merely suggests.
const CONFIDENCE_CONFIGURED: f32 = 0.62;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    if let Some(org) = reading.defaults.org.as_deref().map(str::trim).filter(|o| !o.is_empty()) {
        let finding = Finding::Org(org.to_owned());
        let evidence = Vec::new();
        found.push(Candidate { finding, confidence: CONFIDENCE_CONFIGURED, evidence, rule: RULE.code });
    }
    for label in &reading.labels {
        let named = |keys: &[(&str, f32)], key: &str| keys.iter().find(|(own, _)| *own == key).map(|(_, c)| *c);
        let field = label.form == LabelForm::Field;
        let key = label.key.as_str();
        // Said once for all entries of a feed, or for those of one organisation.
        let once = key.strip_prefix("feed.").and_then(|key| key.rsplit('.').next()).filter(|_| field);
        let confidence = named(KEYS, once.unwrap_or(key)).or_else(|| if field { named(FIELD_KEYS, key) } else { None });
        let Some(confidence) = confidence else { continue };
        let Some(name) = name(&label.value).filter(|name| !is_no_org(name)) else { continue };
        // "Edge", "Platform team": a part of the organisation. "The Acme team" bears its name.
        if TEAM_KEYS.contains(&key) && !bears_name(&label.value, name) {
            continue;
        }
        found.push(Candidate {
            finding: Finding::Org(name.to_owned()),
            confidence,
            evidence: vec![label.evidence.clone()],
            rule: RULE.code,
        });
    }
}

/// Is the name of a team one of an organisation: "The Acme team", or said to be a team's and no word of the language or
/// of the trade?
fn bears_name(value: &str, name: &str) -> bool {
    if value.trim().starts_with("The ") {
        return true;
    }
    let is_word = |word: &str| is_ordinary_word(word) || names().no_names.contains(word);
    let words = name.split_whitespace().map(str::to_lowercase);
    value.trim().len() > name.len() && !words.into_iter().all(|word| is_word(&word))
}

/// The name in a value: without article, "team", "status" and "blog"; `None` where the value is none.
pub(super) fn name(value: &str) -> Option<&str> {
    let mut name = value.trim().trim_matches(['"', '\'', '*']);
    name = name.strip_prefix("The ").or_else(|| name.strip_prefix("the ")).unwrap_or(name);
    for end in [
        " - Incident History",
        " – Incident History",
        " Team",
        " team",
        " Infrastructure",
        " Infra",
        " SRE",
        " Operations",
        " Security",
        " Status",
        " status",
        " Status Page",
        " Blog",
        " blog",
        " Engineering",
        " Documentation",
    ] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    let name = name.trim();
    let words = name.split_whitespace().count();
    let fits = !name.is_empty() && name.len() <= NAME_BYTES_MAX && words <= NAME_WORDS_MAX;
    let odd = name.contains(['{', '[', '<', '@', '\n', ';']) || name.contains("://") || name.ends_with('.');
    (fits && !odd && name.chars().any(char::is_alphabetic)).then_some(name)
}
