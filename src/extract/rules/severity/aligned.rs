//! # severity-aligned (V003)
//!
//! ## What it reads
//! A word for severity and a grade that stand apart by nothing but spaces: `Priority   P1`, `Severity 2`.
//!
//! ## Why it is believed
//! Forms lose their colons when they become text.
//!
//! ## When it declines
//! Anything but a digit or a `P`, `S`, `SEV` with a digit after the word, and lines of a timeline or of actions.
//!
//! ## Seen in
//! Text out of PDFs; cover lines of reviews.

use super::level;
use crate::document::BlockKind;
use crate::domain::Severity;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::text::{Regex, spaced};
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "V003",
    slug: "severity-aligned",
    source: include_str!("aligned.rs"),
    apply,
    examples: &[
        Example { text: "INC0067120      «Priority 1»\n\nIt was down.", expect: &["severity Priority 1 [1]"] },
        Example { text: "Priority      «P1»\nService     Cards", expect: &["severity P1 [1]"] },
        Example { text: "This had priority over 2 other tasks.", expect: &[] },
    ],
};

const CONFIDENCE: f32 = 0.8;

static ALIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?mx)
        (?P<whole> \b (?:Severity|Priority|Prio|Schweregrad|Priorität|Gravité|Priorité|Gravedad|Prioridad
            |SEVERITY|PRIORITY)
          (?P<gap>[\ \t]+) (?P<grade>[PpSs]?[0-5]|SEV[\ -]?[0-5]) ) (?:\s*$|[\ \t]{2,}|[\ \t]*\()",
    )
    .expect("a valid regex")
});

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    for (index, block) in reading.blocks() {
        let section = reading.section(index);
        if !matches!(
            block.kind,
            BlockKind::Paragraph | BlockKind::Heading { .. } | BlockKind::Code | BlockKind::Item { .. }
        ) || matches!(section, Section::Timeline | Section::Actions | Section::Comments)
        {
            continue;
        }
        let Some(captures) = ALIGNED.captures(&block.text) else { continue };
        let (Some(whole), Some(grade)) = (captures.name("whole"), captures.name("grade")) else { continue };
        // A bare digit means nothing without its word.
        let bare = grade.as_str().len() == 1;
        let shown = if bare { whole } else { grade };
        let evidence = reading.evidence(index, shown.range());
        let value = spaced(shown.as_str());
        let severity = Severity { level: level(&reading.defaults.taxonomy, &value), value };
        found.push(Candidate {
            finding: Finding::Severity(severity),
            confidence: CONFIDENCE,
            evidence,
            rule: RULE.code,
        });
        return;
    }
}
