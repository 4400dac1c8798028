//! # root-cause-labelled (C003)
//!
//! ## What it reads
//! The value of a label or a telling sentence under a heading that announces the root cause.
//!
//! ## Why it is believed
//! It is the author's own answer to the question. Of several sentences the likeliest is taken, weighed as for
//! root-cause-explained.
//!
//! ## When it declines
//! Values that are empty, placeholders, "unknown" or a word, and root-cause sections without a sentence.
//!
//! ## Seen in
//! Summary fields, root-cause sections.

use super::explained::likeliest;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Rule};

pub const RULE: Rule = Rule {
    code: "C003",
    slug: "root-cause-labelled",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example {
            text: "Root cause: «a disk that nobody watched filled up»",
            expect: &["root cause a disk that nobody watched filled up"],
        },
        Example {
            text: "## Root cause\n\n«The disk was full of logs that nobody rotated.»\n\nThis had grown.",
            expect: &["root cause The disk was full of logs that nobody rotated."],
        },
        Example { text: "Root cause: «Expired certificate»", expect: &["root cause Expired certificate"] },
        Example { text: "Root cause: Under investigation", expect: &[] },
        Example { text: "Root cause: TBD", expect: &[] },
    ],
};

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    found.extend(likeliest(reading, RULE.code, |e| e.in_root_cause));
}
