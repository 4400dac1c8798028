//! # root-cause-explained (C004)
//!
//! ## What it reads
//! Sentences that join an effect to its cause: "the root cause was …", "… was caused by …", "due to", "because".
//!
//! ## Why it is believed
//! Where no section is given to the cause, one sentence of the summary explains it in such words. Which one is weighed:
//! where it stands, what it names, and every common word of it and of the heading above, as labelled reports teach.
//!
//! ## When it declines
//! Questions, prompts and placeholders; when no sentence is ahead of the others; and, unless one is far ahead, when
//! neither a causal phrase nor a word for a cause speaks.
//!
//! ## Seen in
//! Prose reports, summaries, status updates.

use super::explaining::{Effect, Explanation, effect_told, explanations, is_timed, speaks};
use super::units::{Unit, UnitKind, units};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::vocabulary::lists;

pub const RULE: Rule = Rule {
    code: "C004",
    slug: "root-cause-explained",
    source: include_str!("explained.rs"),
    apply,
    examples: &[
        Example {
            text: "# Down\n\nOn 2024-01-18 it was down. It was not caused, directly or indirectly, by an attack.\n",
            expect: &[],
        },
        Example {
            text: "# Down\n\nOn 2024-01-18 logins failed.\n\nThe maintenance of the relay has been completed.\n",
            expect: &[],
        },
        Example {
            text: "It was down. «The errors were caused by the maintenance of the relay, which has been completed.» We are sorry.",
            expect: &["root cause The errors were caused by the maintenance of the relay, which has been completed."],
        },
        Example {
            text: "It was down. «The outage was caused by a full disk on the primary database.» We are sorry.",
            expect: &["root cause The outage was caused by a full disk on the primary database."],
        },
        Example {
            text: "«A full disk stopped the primary database.» This caused a widespread service disruption.",
            expect: &["root cause A full disk stopped the primary database."],
        },
        Example {
            text: "It was down. «A stuck consumer filled up the primary database with letters.» This then caused late answers for all readers.",
            expect: &["root cause A stuck consumer filled up the primary database with letters."],
        },
        Example {
            text: "It was down. Thank you for your patience with our failed disk. «A worn disk in the primary database had died.» We swapped it.",
            expect: &["root cause A worn disk in the primary database had died."],
        },
        Example {
            text: "It was down. «The primary database had run out of disk space.» An alert was triggered for the database at noon.",
            expect: &["root cause The primary database had run out of disk space."],
        },
        Example {
            text: "It was down.\n\n| When | What |\n|---|---|\n| noon | «The outage was caused by a full disk.» |\n| one | It was up. |\n",
            expect: &["root cause The outage was caused by a full disk."],
        },
        Example {
            text: "It was down. The web servers were fine. «The culprit was a script that deletes buckets.» We are sorry.",
            expect: &["root cause The culprit was a script that deletes buckets."],
        },
        Example {
            text: "Das Portal war gestern nicht erreichbar. «Dies hing mit einer Störung im Netz zusammen.» Wir bitten um Verzeihung.",
            expect: &["root cause Dies hing mit einer Störung im Netz zusammen."],
        },
        Example {
            text: "门户网站今天上午无法访问。«由于防火墙规则配置错误，数据库的连接都被拒绝。»我们深表歉意。",
            expect: &["root cause 由于防火墙规则配置错误，数据库的连接都被拒绝。"],
        },
        Example { text: "It was down. By noon we had found the root cause and sat down to mend it.", expect: &[] },
        Example {
            text: "It was down. The crew sat down with the vendor to isolate the root cause. «A worn disk in the primary database had died.»",
            expect: &["root cause A worn disk in the primary database had died."],
        },
        Example {
            text: "It was down. As a result of this outage letters were late. «The reason for it is that both firewalls crashed over night.»",
            expect: &["root cause The reason for it is that both firewalls crashed over night."],
        },
        Example {
            text: "It was down for two reasons:\n\n- «A worn disk in the primary database had died.»\n- Nobody had been told of the letters.\n\nWe are sorry for it, and will write to all who waited.",
            expect: &["root cause A worn disk in the primary database had died."],
        },
        Example {
            text: "The portal experienced an outage, which resulted in the portal being down. It is up again.",
            expect: &[],
        },
        Example { text: "It was down. We are sorry.", expect: &[] },
        Example {
            text: "## Timeline\n\n- 12:00 UTC: alert for errors\n- 12:20 UTC: database pods restarted, still high\n- 13:05 UTC: back to normal\n",
            expect: &[],
        },
        Example {
            text: "## Timeline\n\n- 12:00 UTC: alert for errors\n- «12:20 UTC: found that the outage was caused by a full disk on the database»\n- 13:05 UTC: back\n",
            expect: &["root cause 12:20 UTC: found that the outage was caused by a full disk on the database"],
        },
    ],
};

/// Below this share of all sentences, none is ahead of the others.
const SHARE_MIN: f32 = 0.2;

/// A sentence that no word for a cause speaks for must stand out among several.
const SHARE_MIN_SILENT: f32 = 0.6;
const SENTENCES_MIN: usize = 6;

/// A share is believed as it was measured: nearly as it is, and never quite.
const CONFIDENCE_MAX: f32 = 0.95;

/// The answer to the question is believed however much is said around it.
const CONFIDENCE_OUTRIGHT: f32 = 0.7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    // Prose says in passing what the answer to the question says outright.
    if !is_answered(reading) {
        found.extend(likeliest(reading, RULE.code, |e| !e.in_root_cause));
    }
}

/// Is there a label that asks for the cause, with an answer?
pub fn is_answered(reading: &Reading<'_>) -> bool {
    explanations(reading).iter().any(|e| e.outright)
}

/// The likeliest explanation among those wanted.
pub fn likeliest(
    reading: &Reading<'_>,
    rule: &'static str,
    wanted: impl Fn(&Explanation) -> bool,
) -> Option<Candidate> {
    let explanations = explanations(reading);
    // "It was not caused by an attack" explains nothing.
    let denies = |e: &Explanation| units(reading).get(e.unit).is_some_and(|unit| unit.has(&lists().cause_denied));
    let best = explanations.iter().filter(|e| wanted(e) && !denies(e)).max_by(|a, b| a.share.total_cmp(&b.share))?;
    let stands_out = best.share >= SHARE_MIN_SILENT && explanations.len() >= SENTENCES_MIN && !is_timed(best);
    let told = best.outright || best.share >= SHARE_MIN && (speaks(best) || stands_out);
    let unit = units(reading).get(best.unit).filter(|_| told)?;
    let least = if best.outright { CONFIDENCE_OUTRIGHT } else { 0.0 };
    let unit = match effect_told(&unit.text) {
        Some(Effect::Bare) => cause_above(reading, best.unit)?,
        Some(Effect::Next) => cause_above(reading, best.unit).unwrap_or(unit),
        None => unit,
    };
    let (text, evidence) = unit.quoted(reading);
    Some(Candidate {
        finding: Finding::RootCause(text),
        confidence: best.share.clamp(least, CONFIDENCE_MAX),
        evidence,
        rule,
    })
}

/// The sentence before one that tells what came of it.
fn cause_above<'r>(reading: &'r Reading<'_>, effect: usize) -> Option<&'r Unit> {
    let before = effect.checked_sub(1)?;
    let unit = units(reading).get(before).filter(|unit| unit.kind == UnitKind::Sentence)?;
    explanations(reading).iter().any(|e| e.unit == before).then_some(unit)
}
