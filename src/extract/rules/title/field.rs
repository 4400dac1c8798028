//! # title-field (H001)
//!
//! ## What it reads
//! The `title` of front matter, of an HTML page (without the site's name), and the naming member of a feed's entry.
//!
//! ## Why it is believed
//! It is the author's own name for the document, made to be read by programs.
//!
//! ## When it declines
//! Fields that are empty, placeholders, or as long as a paragraph.
//!
//! ## Seen in
//! Front matter of blogs and documentation sites, HTML pages, status feeds.

use super::clean::{TITLE_BYTES_MAX, clean, is_frame, without_frame, without_site};
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::source::Format;

pub const RULE: Rule = Rule {
    code: "H001",
    slug: "title-field",
    source: include_str!("field.rs"),
    apply,
    examples: &[
        Example { text: "---\ntitle: «Disk full»\n---\nText.", expect: &["title Disk full"] },
        Example {
            text: "Von: Ann\nBetreff: «Bericht: Suche war weg»\n\nDie Suche war weg.",
            expect: &["title Bericht: Suche war weg"],
        },
        Example { text: "---\nlayout: post\n---\nText.", expect: &[] },
    ],
};

/// Keys in order of trust.
const KEYS: &[(&str, f32)] = &[
    ("title", 0.95),
    ("incident title", 0.95),
    ("titel", 0.95),
    ("titre", 0.95),
    ("external desc", 0.9),
    ("incident name", 0.9),
    ("short description", 0.9),
    ("headline", 0.9),
    ("name", 0.85),
    ("og:title", 0.8),
    ("html title", 0.7),
    ("subject", 0.8),
    ("betreff", 0.8),
    ("objet", 0.8),
    ("asunto", 0.8),
    ("assunto", 0.8),
    ("oggetto", 0.8),
    ("linktitle", 0.5),
];

/// Keys that name an incident in exports of tools which have no other, and mean other things elsewhere.
const KEYS_OF_DATA: &[(&str, f32)] = &[("summary", 0.8), ("message", 0.78), ("bezeichnung", 0.85)];
/// What is longer tells the story.
const DATA_TITLE_BYTES_MAX: usize = 120;

const CONFIDENCE_FRAME: f32 = 0.5;

/// An HTML `<title>` also names the site, so the page's own heading is better.
const CONFIDENCE_PAGE: f32 = 0.7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for label in reading.labels.iter().filter(|l| l.form == LabelForm::Field) {
        let format = reading.document.format;
        let is_short = label.value.len() <= DATA_TITLE_BYTES_MAX && !label.value.trim_end().contains('\n');
        let of_data = KEYS_OF_DATA.iter().filter(|_| format.is_data() && is_short);
        let Some((_, confidence)) = KEYS.iter().chain(of_data).find(|(key, _)| *key == label.key) else { continue };
        let value = if format == Format::Mail { without_frame(&label.value) } else { &label.value };
        let title = clean(without_site(value, format));
        let placeholder =
            title.contains("{{") || title.starts_with('<') || title.starts_with('[') && title.ends_with(']');
        if title.is_empty() || title.len() > TITLE_BYTES_MAX || placeholder {
            continue;
        }
        // "Report": what kind of document it is; a heading may say what happened.
        let is_bare = title.chars().all(char::is_alphabetic) && is_frame(&title);
        let confidence = if is_bare { &CONFIDENCE_FRAME } else { confidence };
        let confidence = if matches!(format, Format::Html) { confidence.min(CONFIDENCE_PAGE) } else { *confidence };
        found.push(Candidate {
            finding: Finding::Title(title),
            confidence,
            evidence: vec![label.evidence.clone()],
            rule: RULE.code,
        });
    }
}
