//! Checks of what a template left behind.

use super::{Check, Hit, Level, Look};
use crate::document::BlockKind;
use crate::extract::section::{Section, announced};
use crate::source::Format;
use regex::Regex;
use std::sync::LazyLock;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "R401",
        slug: "placeholder",
        level: Level::Error,
        finds: "placeholders that were to be replaced: TBD, YYYY-MM-DD, [insert …], {{name}}, INC-XXXX",
        reason: "The reader is shown a form where the facts should be.",
        remedy: "Fill it in, or say that it is not known.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay. Root cause: TBD.\n",
            "# Shop down\n\nTicket: INC-XXXX\n\nOn 2025-03-02 at 10:00 UTC customers could not pay.\n",
            "# Shop down\n\nEnd: YYYY-MM-DD HH:MM\n\nOn 2025-03-02 at 10:00 UTC customers could not pay.\n",
            "# Shop down\n\nOwner: [insert name here]\n\nOn 2025-03-02 at 10:00 UTC customers could not pay.\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay because the job wrote `YYYY-MM-DD` for the date.\n",
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n- TODO: add an alert\n",
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n```\n{{ template }} TBD\n```\n",
        ],
        apply: placeholder,
    },
    Check {
        code: "R402",
        slug: "empty-section",
        level: Level::Warning,
        finds: "a heading of a part that every report has, with nothing below it",
        reason: "A reader cannot tell whether there is nothing to say or it was forgotten.",
        remedy: "Write the section, say why it is empty, or remove the heading.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay.\n\n## Root cause\n\n## Action items\n\n- Add an alert\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 at 10:00 UTC customers could not pay.\n\n## Root cause\n\n### The disk\n\nIt was full.\n",
        ],
        apply: empty_section,
    },
];

/// Words that stand in reports for nothing but what is still to be written.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \bTBD\b | \bTBA\b | \bFIXME\b
        | \b(?:YYYY|AAAA|JJJJ)[-/.](?:MM)[-/.](?:DD|TT|JJ)\b | \b(?:DD|MM|TT|JJ)[-/.](?:MM|DD)[-/.](?:YYYY|JJJJ|AAAA)\b
        | \bHH:MM\b | \b(?:XX|xx|\?\?):(?:XX|xx|\?\?)\b
        | \b(?:INC|SEV|PIR|TICKET|JIRA|OPS)[-\ ]?X{2,}\b
        | \[(?i:insert|enter|add|describe|fill\ in|your|name\ of|link\ to)\b[^\]\n]{0,80}\]
        | <(?i:insert|enter|add|describe|fill\ in|your|name\ of|link\ to)\b[^>\n]{0,80}>
        | \{\{[^}\n]{1,60}\}\}
        | (?i:\blorem\ ipsum\b)",
    )
    .expect("a valid regex")
});

fn placeholder(look: &Look<'_>, hits: &mut Vec<Hit>) {
    for (index, block) in look.reading.blocks() {
        let is_own = !matches!(look.reading.section(index), Section::Comments | Section::Appendix);
        if matches!(block.kind, BlockKind::Code | BlockKind::Quote) || !is_own {
            continue;
        }
        for found in PLACEHOLDER.find_iter(&block.text) {
            let span = block.source(found.range());
            let text = &look.reading.document.text;
            // What stands in code or quotation marks is spoken of; what leads somewhere is a link's name.
            let before = text.get(..span.start).and_then(|t| t.chars().next_back());
            let after = text.get(span.end..).and_then(|t| t.chars().next());
            let is_quoted = [before, after].iter().any(|c| matches!(c, Some('`' | '"' | '\'' | '“' | '”' | '’' | '/')));
            let is_link =
                after == Some('(') || block.links.iter().any(|(l, _)| l.start < found.end() && found.start() < l.end);
            if !is_quoted && !is_link && !in_code(text, span.start) {
                hits.push(Hit { span: Some(span), message: format!("'{}' was never replaced", found.as_str()) });
            }
        }
    }
}

/// Does it stand between backticks of its line?
fn in_code(text: &str, at: usize) -> bool {
    let line = text.get(..at).map_or("", |t| t.rsplit('\n').next().unwrap_or(""));
    line.matches('`').count() % 2 == 1
}

fn empty_section(look: &Look<'_>, hits: &mut Vec<Hit>) {
    let blocks: Vec<_> = look.reading.blocks().collect();
    for (i, (_, block)) in blocks.iter().enumerate() {
        let BlockKind::Heading { level } = block.kind else { continue };
        let is_expected = matches!(
            announced(&block.text),
            Some(
                Section::Summary
                    | Section::Timeline
                    | Section::RootCause
                    | Section::Impact
                    | Section::Detection
                    | Section::Resolution
                    | Section::Actions
            )
        );
        let next = blocks.get(i + 1).map(|(_, b)| &b.kind);
        let is_empty = match next {
            Some(BlockKind::Heading { level: next }) => *next <= level,
            Some(_) => false,
            None => true,
        };
        // A heading with a colon or a clock is a line of its own: it says what it has to say.
        // Where headings are guessed from text, one that stands over another may be its first line.
        let is_marked = look.reading.document.format != Format::Text;
        let says_itself = block.text.contains([':', '–']) || block.text.chars().any(|c| c.is_ascii_digit());
        if is_marked && is_expected && is_empty && !says_itself && level > 1 {
            let span = Some(block.source(0..block.text.len()));
            hits.push(Hit { span, message: format!("nothing stands below '{}'", block.text.trim()) });
        }
    }
}
