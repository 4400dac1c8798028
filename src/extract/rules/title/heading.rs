//! # title-heading (H002)
//!
//! ## What it reads
//! The first heading of a document: a level-1 heading, else a heading that stands before any prose.
//!
//! ## Why it is believed
//! Reports name themselves in their first heading when front matter does not.
//!
//! ## When it declines
//! Headings that announce a part of a report ("Summary"), stand alone as a word of it, or come after prose.
//!
//! ## Seen in
//! Markdown, HTML and wiki pages.

use super::clean::{TITLE_BYTES_MAX, clean, is_bare_date, is_frame, is_page_header};
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::{announced, named};
use crate::source::Format;

pub const RULE: Rule = Rule {
    code: "H002",
    slug: "title-heading",
    source: include_str!("heading.rs"),
    apply,
    examples: &[
        Example { text: "# «Disk full»\n\nText.", expect: &["title Disk full"] },
        Example {
            text: "### «Mail store - impact on several services in the north»\n\nText.",
            expect: &["title Mail store - impact on several services in the north"],
        },
        Example {
            text: "Kestrel's notes from the machine room\n\n# «Disk full»\n\nText.",
            expect: &["title Disk full"],
        },
        Example { text: "## Timeline\n\n- 10:00 Disk full", expect: &[] },
    ],
};

const CONFIDENCE_FIRST_LEVEL: f32 = 0.9;
const CONFIDENCE_DEEPER: f32 = 0.75;
const CONFIDENCE_AFTER_PROSE: f32 = 0.55;
/// A line alone above the first heading says whose page it is, and is less of a title than the heading.
const CONFIDENCE_AFTER_LINE: f32 = 0.65;
const LINE_BYTES: usize = 120;

/// "Incident report 17" says less than a line that tells what happened.
const CONFIDENCE_FRAME: f32 = 0.5;

/// A heading of so few words that names a part is one; a longer one below the first level, too; the longest by its
/// beginning only.
const PART_WORDS_SURE: usize = 2;
const PART_WORDS_MAX: usize = 6;

/// Page headers, frames and parts that may stand before a title.
const HEADINGS_MAX: usize = 3;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut prose_before = false;
    let mut lines_before = 0;
    let mut headings_before = 0;
    let mut dated: Option<usize> = None;
    for (index, block) in reading.blocks() {
        let BlockKind::Heading { level } = block.kind else {
            prose_before |= block.text.split_whitespace().count() > 3;
            lines_before += block.text.len().div_ceil(LINE_BYTES);
            continue;
        };
        let mut title = clean(&block.text);
        let mut place = index;
        // "# Title:" with the title itself in the next block.
        let bare = block.text.trim().trim_end_matches(':').eq_ignore_ascii_case("title");
        if bare && let Some(next) = reading.document.blocks.get(index + 1) {
            (title, place) = (clean(&next.text), index + 1);
        }
        if is_page_header(&title) {
            continue;
        }
        headings_before += 1;
        if headings_before > HEADINGS_MAX {
            return;
        }
        let labelled = level > 1 && is_labelled(&block.text);
        let part = labelled || is_part(&title, level);
        if title.is_empty() || title.len() > TITLE_BYTES_MAX || part {
            if level > 1 {
                return;
            }
            continue;
        }
        let first = headings_before == 1;
        // Plain text has no levels: what stands right below the date is the title.
        let below_date = dated.is_some_and(|date| date + 1 == index) && title.contains(' ');
        dated = (reading.document.format == Format::Text && is_bare_date(&title)).then_some(index);
        let confidence = match (level, prose_before) {
            _ if is_frame(&title) || is_bare_date(&title) => CONFIDENCE_FRAME,
            _ if below_date => CONFIDENCE_DEEPER,
            (1, false) => CONFIDENCE_FIRST_LEVEL,
            (2.., false) if first => CONFIDENCE_DEEPER,
            (1, true) if first && lines_before == 1 => CONFIDENCE_AFTER_LINE,
            (1, true) if first => CONFIDENCE_AFTER_PROSE,
            _ => return,
        };
        let words = reading.text(place);
        let start = words.find(title.as_str()).unwrap_or(0);
        let end = words.get(start..).map_or(words.len(), |w| start + w.len().min(title.len()));
        found.push(Candidate {
            finding: Finding::Title(title),
            confidence,
            evidence: reading.evidence(place, start..end),
            rule: RULE.code,
        });
        if confidence > CONFIDENCE_FRAME {
            return;
        }
    }
}

/// Does it announce a part of the report? Of a longer one below the first level only the beginning tells: "Impact on
/// customers" is a part, "Storage - impact on many services in the north" a title.
fn is_part(title: &str, level: u8) -> bool {
    let words = title.split_whitespace().count();
    let names_part = if words > PART_WORDS_MAX { named(title) } else { announced(title) };
    names_part.is_some() && (level > 1 || words <= PART_WORDS_SURE)
}

/// Fields that a heading may hold.
const FIELDS: &[&str] = &[
    "owner",
    "author",
    "authors",
    "date",
    "status",
    "involved",
    "level",
    "severity",
    "reporter",
    "participants",
    "lead",
];

/// `Owner: somebody`: a heading that holds a field.
fn is_labelled(heading: &str) -> bool {
    heading.split_once(':').is_some_and(|(key, _)| FIELDS.contains(&key.trim().to_lowercase().as_str()))
}
