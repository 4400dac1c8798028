//! What holds for every input, however odd: records are sound, and their evidence quotes what was read.

use super::*;
use crate::source::from_bytes;
use proptest::prelude::*;

/// Pieces of reports, so that rules find something, and of markup, so that it stands in odd places.
const PIECES: &[&str] = &[
    "# Checkout down\n\n",
    "## Timeline (UTC)\n\n",
    "## Root cause\n\n",
    "## Action items\n\n",
    "Severity: SEV-2\n",
    "**Date:** 2025-03-02\n",
    "On March 2, 2025 at 10:00 CET checkout was down for about 1 hour. ",
    "Customers saw 502 errors from 10:00 to 11:00 UTC. ",
    "An alert fired at 10:05. ",
    "The root cause was an expired certificate at Cloudflare. ",
    "It was resolved at 11:00 UTC. ",
    "- 10:00 errors began\n",
    "- T+5m on-call was paged\n",
    "- [ ] Add an alert (owner: Jane, due 2025-04-01)\n",
    "| 10:05 | alert |\n",
    "| When | What |\n|---|---|\n",
    "<p>",
    "<li>",
    "</table>",
    "&amp;",
    "\n",
    "\n\n",
    "\r\n",
    "> ",
    "**",
    "`",
    "\u{a0}",
    "é日\u{200b}",
    "\u{1b}[31m",
    "{\"title\": \"",
    "\", \"started\": \"2025-03-02 10:00 UTC\"}",
    "---\n",
    "title: x\n",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn evidence_quotes_the_text(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
        name in "a\\.(md|html|txt|rst|adoc|wiki|json)",
    ) {
        let input = from_bytes(&name, pieces.concat().as_bytes());
        sound::check(&input, &records(&input, &Defaults::default()));
    }

    #[test]
    fn any_bytes_give_a_record(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in "a\\.(md|html|txt|json|pdf|docx|eml)",
    ) {
        let input = from_bytes(&name, &bytes);
        sound::check(&input, &records(&input, &Defaults::default()));
    }
}

/// The properties above look at something.
#[test]
fn a_report_has_evidence_to_look_at() {
    // Those that are of a report in Markdown, each below its heading.
    let report = [0, 4, 5, 6, 7, 8, 10, 1, 11, 12, 2, 9, 3, 13].map(|piece| PIECES[piece]);
    let input = from_bytes("a.md", report.concat().as_bytes());
    let seen = sound::check(&input, &records(&input, &Defaults::default()));
    assert!(seen > 14, "{seen}");
}
