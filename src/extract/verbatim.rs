//! Verbatim blocks that hold a timeline: lines led by clocks, written by people.
//!
//! What programs write, with seconds and levels, is a log and tells no story.

use super::section::Section;
use crate::document::{Block, BlockKind};
use crate::text::Regex;
use std::sync::LazyLock;

/// Fewer lines tell no story, unless the section is one.
const LINES_MIN: usize = 5;
const LINES_MIN_SECTION: usize = 3;

/// A line that a person wrote: perhaps a date, a clock without seconds, words.
static LED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[\s\[(*-]* (?:\d{4}-\d{2}-\d{2}[T\s]+ | \d{1,2}[./]\d{1,2}[./]\d{2,4}\s+ | [[:alpha:]]{3,9}\.?\s\d{1,2},?\s+)?
          \d{1,2}:\d{2} (?:\s?[AaPp]\.?[Mm]\.?)? [\])]? (?:\s[A-Z]{2,4})? [\s:–—|-]+ [<@\p{L}(`'\x22\#]",
    )
    .expect("a valid regex")
});

/// Likewise, to the full minute as programs spell it.
static LED_IN_FULL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[\s\[(*-]* \d{4}-\d{2}-\d{2}[Tt\s]+ \d{2}:\d{2} (?::00)? [Zz]? [\])]? (?:\s[A-Z]{2,4})?
          [\s:–—|-]+ [<@\p{L}(`'\x22\#]",
    )
    .expect("a valid regex")
});

/// How programs mark their lines.
static LOGGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE|FATAL|CRITICAL|level=|pid=|HTTP/1)").expect("a valid regex")
});

/// Whether a block is a verbatim timeline.
pub fn is_timeline(block: &Block, section: Section) -> bool {
    if block.kind != BlockKind::Code {
        return false;
    }
    let lines = || block.text.lines().filter(|l| !l.trim().is_empty());
    let is_led = |line: &str| LED.is_match(line) || LED_IN_FULL.is_match(line);
    let led = lines().filter(|line| is_led(line)).count();
    let logged = lines().filter(|l| LOGGED.is_match(l)).count();
    let least = if section == Section::Timeline { LINES_MIN_SECTION } else { LINES_MIN };
    led >= least && led * 3 >= lines().count() * 2 && logged * 4 < led
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::source::Format;
    use std::sync::Arc;

    #[test]
    fn people_write_timelines_and_programs_logs() {
        for (lines, expected) in [
            ("2024-01-18 14:02 site down\n2024-01-18 14:05 on-call paged\n2024-01-18 14:30 fixed", true),
            ("14:02 <ann> is it down?\n14:03 <bob> yes\n14:04 <ann> looking", true),
            ("2024-01-18T14:02:00Z site down\n2024-01-18T14:05Z page\n2024-01-18T14:30:00Z fixed", true),
            ("14:02:11 site down\n14:02:12 again\n14:02:13 again", false),
            ("14:02 ERROR no disk\n14:03 ERROR no disk\n14:04 ERROR no disk", false),
            ("14:02 site down\n$ df -h\n/dev/sda1 100%", false),
            ("0 4 * * * backup.sh\n5 4 * * * clean.sh", false),
        ] {
            let text: Arc<str> = Arc::from(format!("```\n{lines}\n```\n"));
            let document = parse(Format::Markdown, &text, 0..text.len());
            let found = document.blocks.first().is_some_and(|b| is_timeline(b, Section::Timeline));
            assert_eq!(found, expected, "{lines}");
        }
    }
}
