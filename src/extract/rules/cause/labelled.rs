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

use super::explained::{is_answered, likeliest};
use super::explaining::{Explanation, explanations};
use super::units::units;
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
        Example {
            text: "## Root cause\n\n«The disk filled up.» We moved the archive to another one and slept.",
            expect: &["root cause The disk filled up."],
        },
        Example {
            text: "## How did it happen?\n\n«The nightly job had dropped the index of the letters.» Every query then read all of them.",
            expect: &["root cause The nightly job had dropped the index of the letters."],
        },
        Example { text: "Root cause: «Expired certificate»", expect: &["root cause Expired certificate"] },
        Example {
            text: "It was slow. The load was caused by very many requests to the query service, as the metrics show.\n\n**Cause:** «a board that asked each second was shown on the start page»",
            expect: &["root cause a board that asked each second was shown on the start page"],
        },
        Example {
            text: "Trigger: a release of the gateway that broke it\nRoot cause (technical): «the key of a cache lacked the currency»",
            expect: &["root cause the key of a cache lacked the currency"],
        },
        Example {
            text: "Why it happened - «the address of the relay stood on a block list»",
            expect: &["root cause the address of the relay stood on a block list"],
        },
        Example {
            text: "## Five whys\n\n- Why was mail late? The queue was full of it.\n- Why was it full? «Nobody is told when the disk of the queue fills up.»\n",
            expect: &["root cause Nobody is told when the disk of the queue fills up."],
        },
        Example {
            text: "## Five whys\n\n1. Mail was late, as the queue was full.\n2. «The queue was full, as nobody is told when it fills up.»\n",
            expect: &["root cause The queue was full, as nobody is told when it fills up."],
        },
        Example {
            text: "## Contributing factors\n\n- The alert was muted because of a drill.\n\n## Root cause\n\n«The new limiter counted all shops as one.»\n",
            expect: &["root cause The new limiter counted all shops as one."],
        },
        Example { text: "# Down\n\n## Cause\n\n«Deleted bucket»\n", expect: &["root cause Deleted bucket"] },
        Example { text: "# Down\n\n## Cause\n\nWe cannot prove what set it off that night.\n", expect: &[] },
        Example { text: "Root cause: Not known. It came back by itself.", expect: &[] },
        Example { text: "Root cause: <describe the cause of the incident>", expect: &[] },
        Example { text: "Root cause: N/A\nImpact: staff had to be let in by hand because of it.", expect: &[] },
        Example { text: "Root cause: Under investigation", expect: &[] },
        Example { text: "Root cause: TBD", expect: &[] },
    ],
};

/// Where the author's own answer has more than half of all that could explain, one of its sentences is likely it,
/// however many they are.
const SECTION_SHARE_MIN: f32 = 0.5;
const CONFIDENCE_SECTION: f32 = 0.35;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let is_label = |e: &Explanation| units(reading).get(e.unit).is_some_and(|unit| unit.kind.is_label());
    if is_answered(reading) {
        // A trigger or a reason is no better answer than one to the question itself; a section on it may be.
        found.extend(likeliest(reading, RULE.code, |e| e.outright || e.in_root_cause && !is_label(e)));
    } else {
        let mut best = likeliest(reading, RULE.code, |e| e.in_root_cause);
        let shares = explanations(reading).iter().filter(|e| e.in_root_cause).map(|e| e.share);
        if let Some(best) = best.as_mut().filter(|_| shares.sum::<f32>() >= SECTION_SHARE_MIN) {
            best.confidence = best.confidence.max(CONFIDENCE_SECTION);
        }
        found.extend(best);
    }
}
