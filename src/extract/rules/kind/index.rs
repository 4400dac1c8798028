//! # kind-index (K002)
//!
//! ## What it reads
//! How much of the text is links, how many there are, and whether the title names a collection.
//!
//! ## Why it is believed
//! A page that mostly points elsewhere lists reports and is none.
//!
//! ## When it declines
//! Pages with the sections of a report, or with many clocks: a timeline may be full of links.
//!
//! ## Seen in
//! `README` and `index` files of report folders, link lists.

use super::Signs;
use crate::document::BlockKind;
use crate::domain::Kind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::lists;

pub const RULE: Rule = Rule {
    code: "K002",
    slug: "kind-index",
    source: include_str!("index.rs"),
    apply,
    examples: &[
        Example {
            text: "# «Postmortems»\n\n- 2019: [Full disks](a.md)\n- 2020: [Empty queues](b.md)\n- 2021: [No power](c.md)\n",
            expect: &["kind none"],
        },
        Example { text: "# «Reports»\n\n- [Full disks](a.md)\n- [No power](b.md)\n", expect: &["kind none"] },
        Example {
            text: "# «Incidents»\n\n| Date | Title | Severity |\n|---|---|---|\n| 2024-03-01 | [Full](a.md) | 1 |\n| 2024-02-11 | [DNS](b.md) | 2 |\n| 2024-01-05 | [Slow](c.md) | 3 |\n",
            expect: &["kind none"],
        },
        Example { text: "# Disk full\n\nSee the [ticket](https://example.org/1) for all we know.\n", expect: &[] },
    ],
};

const CONFIDENCE_LIST: f32 = 0.85;
const CONFIDENCE_TITLED: f32 = 0.8;
const SHARE_MIN: f32 = 0.5;
const SHARE_TITLED_MIN: f32 = 0.25;
const LINKS_MIN: usize = 3;

/// A page of a title and a few links, and hardly a word beside them.
const LINKS_MIN_BARE: usize = 2;
const SHARE_BARE_MIN: f32 = 0.7;
const CLOCKS_MAX: usize = 3;

/// Of the rows or items of a collection, so many lead somewhere.
const LINKED_LINES_MIN: f32 = 0.8;

/// Share of rows and items that hold a link.
fn share_of_linked_lines(reading: &Reading<'_>) -> f32 {
    let is_line = |kind: &BlockKind| matches!(kind, BlockKind::Row { header: false, .. } | BlockKind::Item { .. });
    let lines = || reading.blocks().map(|(_, block)| block).filter(|block| is_line(&block.kind));
    let linked = lines().filter(|block| !block.links.is_empty()).count();
    linked as f32 / lines().count().max(1) as f32
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let signs = Signs::of(reading);
    if signs.counts.clocks > CLOCKS_MAX || signs.counts.report_sections >= 2 {
        return;
    }
    let title = signs.title.to_lowercase();
    let collection = lists().index_title.find(&title).iter().any(|c| c.range.len() * 2 > title.len());
    let stem = reading.file_stem().to_lowercase();
    let listed = matches!(stem.as_str(), "readme" | "index" | "summary" | "_index") && !title.contains("incident on");
    let named = listed && !lists().index_title.find(&title).is_empty();
    let several = signs.counts.links >= LINKS_MIN;
    let bare = signs.counts.links >= LINKS_MIN_BARE && signs.counts.clocks == 0 && signs.counts.report_sections == 0;
    let pointing = (collection || listed) && signs.counts.link_share >= SHARE_TITLED_MIN;
    let lists_links = (collection || listed) && several && share_of_linked_lines(reading) >= LINKED_LINES_MIN;
    let confidence = if several && !named && signs.counts.link_share >= SHARE_MIN {
        CONFIDENCE_LIST
    } else if lists_links
        || several && (named || pointing)
        || bare && (pointing || signs.counts.link_share >= SHARE_BARE_MIN)
    {
        CONFIDENCE_TITLED
    } else {
        return;
    };
    let evidence = signs.title_evidence.clone();
    found.push(Candidate { finding: Finding::Kind(Kind::None), confidence, evidence, rule: RULE.code });
}
