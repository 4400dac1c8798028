//! # remedy-in-timeline (M015)
//!
//! ## What it reads
//! Timelines in which no entry states that impact ended, by what was done against it: the last entry that tells how
//! things got better, or else the last remedy, after somebody noticed and before the closing.
//!
//! ## Why it is believed
//! An author who writes "bad node removed" and then only "incident closed" tells with the first when users were served
//! again. What did not help is followed by another remedy or by more trouble.
//!
//! ## When it declines
//! Timelines in which an entry states the end; remedies that are planned, tried, begun or in vain, or after which the
//! trouble goes on; entries that tell how somebody looked, measured or wrote to others; rows of status updates.
//!
//! ## Seen in
//! Short timelines that end with the closing of the incident.

use super::oldest_first::entries;
use super::timeline_entry::{DAY_MINUTES, DAYS_SHARE, noticed, relapse, sentences, speaks};
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::{Cue, cue, is_unended};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::speech::speech;
use crate::extract::timeline::Entry;
use crate::extract::turns::Turns;

pub const RULE: Rule = Rule {
    code: "M015",
    slug: "remedy-in-timeline",
    source: include_str!("timeline_remedy.rs"),
    apply,
    examples: &[
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids time out\n- 14:05 First alert fired\n- 14:30 Restarted the service, no improvement\n- 14:50 Took the slow replica out of the pool\n- 15:10 Partners informed\n- 16:00 Incident closed",
            expect: &["mitigated 2024-01-18T14:50+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids time out\n- 14:05 First alert fired\n- 14:30 Blocked the crawler\n- 14:40 Response times come down\n- 15:10 Crawler allowed again, at a lower rate limit\n- 16:00 Incident closed",
            expect: &["mitigated 2024-01-18T14:40+00:00", "mitigated 2024-01-18T14:30+00:00"],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids time out\n- 14:05 First alert fired\n- 14:30 Restarted the auction service\n- 14:50 We continue to work on a fix",
            expect: &[],
        },
        Example {
            text: "## Timeline 2024-01-18 UTC\n\n- 14:00 Bids time out\n- 14:05 First alert fired\n- 14:30 Restarted the auction service\n- 14:35 The errors persist\n- 15:10 We plan to replace the pool\n- 16:00 Incident closed",
            expect: &[],
        },
    ],
};

/// Half a word of an end.
const LIKELY: f32 = 0.48;
/// A further entry, kept for when stated durations speak for it.
const AGAIN: f32 = 0.45;

/// How many entries are proposed.
const PROPOSALS_MAX: usize = 4;

/// A remedy that so many entries follow was not the one.
const AFTER_MAX: usize = 8;

/// Who tells that things got better needs no more words.
const PLAIN_WORDS_MAX: usize = 20;

/// How an entry ends trouble, the plainest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    /// Things got better.
    Mends,
    Remedies,
    /// What is done when service is back already.
    Late,
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    use MilestoneKind::{Identified, Mitigated, Resolved, Started};
    if !reading.timeline.explicit || reading.timeline.posted {
        return;
    }
    let (entries, of_days) = entries(reading);
    let relapsed = relapse(&entries);
    if entries.iter().skip(relapsed).any(|e| speaks(e, Mitigated)) {
        return;
    }
    // What looks healthy while the trouble is being noticed is no recovery. Where nobody noticed any, what was disabled
    // may be what broke.
    let broken = noticed(&entries).or_else(|| entries.iter().position(|e| speaks(e, Started)));
    let after = entries.get(broken.map_or(0, |i| i + 1).max(relapsed)..).unwrap_or_default();
    let closed = after.iter().position(|e| speaks(e, Resolved)).unwrap_or(after.len());
    let mut ends: Vec<(Ends, &Entry)> = Vec::new();
    ends.extend(after.get(closed).and_then(|closing| Some((closing_end(closing, broken.is_some())?, *closing))));
    for (nth, entry) in after.iter().enumerate().take(closed).rev() {
        let told: Vec<(&str, Turns)> = sentences(entry).map(|sentence| (sentence, Turns::of(sentence))).collect();
        if told.iter().any(|(_, turns)| turns.persist()) || speaks(entry, Started) || is_unended(&entry.text) {
            break;
        }
        let how = told.iter().filter_map(|(sentence, turns)| said(sentence, *turns, broken.is_some())).min();
        // What explains a cause says much beside.
        let how = how.map(|how| if speaks(entry, Identified) { how.max(Ends::Remedies) } else { how });
        let Some(how) = how else {
            // "Refunds issued": what comes later than that mends for good.
            if speech().aftermath.is_in(&entry.text) {
                ends.clear();
            }
            continue;
        };
        if how != Ends::Mends && ends.is_empty() && closed - nth > AFTER_MAX {
            break;
        }
        // Days later it is mended for good.
        let is_aftercare =
            |(_, later): &(Ends, &Entry)| later.at.span_since(&entry.at).is_some_and(|m| m > DAY_MINUTES);
        if !of_days && ends.last().is_some_and(is_aftercare) {
            ends.clear();
        }
        ends.push((if speech().aftermath.is_in(&entry.text) { Ends::Late } else { how }, *entry));
    }
    // Stable: of those that say it alike, the last.
    ends.sort_by_key(|(how, _)| *how);
    for (nth, (_, entry)) in ends.iter().take(PROPOSALS_MAX).enumerate() {
        let confidence = if nth == 0 { LIKELY } else { AGAIN } * if of_days { DAYS_SHARE } else { 1.0 };
        // The end of an entry that spans a while is when its words came true.
        let at = entry.end.clone().unwrap_or_else(|| entry.at.clone());
        let finding = Finding::Milestone(Mitigated, at);
        found.push(Candidate { finding, confidence, evidence: entry.evidence.clone(), rule: RULE.code });
    }
}

/// "Last parcel sorted, incident closed": what else the closing tells had come true by then, as far as it tells how
/// things stand, or says it in one breath.
fn closing_end(closing: &Entry, is_broken: bool) -> Option<Ends> {
    let closes = |words: &str| cue(words, MilestoneKind::Resolved).is_some();
    let tells = |sentence: &str| {
        let clauses = sentence.split([',', ';', '.', '–', '—']).map(str::trim);
        let others = clauses.filter(|clause| clause.contains(' ') && !closes(clause) && !is_beside(clause));
        let unread = if is_plain(sentence) && closes(sentence) { Some(Ends::Remedies) } else { None };
        others.filter_map(|clause| said(clause, Turns::of(clause), is_broken).or(unread)).min()
    };
    sentences(closing).filter_map(tells).min()
}

/// What people do beside, or once all is over.
fn is_beside(words: &str) -> bool {
    let speech = speech();
    Turns::of(words).are_beside() || [speech.aside, speech.aftermath].iter().any(|others| others.is_in(words))
}

fn is_plain(sentence: &str) -> bool {
    sentence.split_whitespace().nth(PLAIN_WORDS_MAX).is_none()
}

/// Whether a sentence says that trouble ended, and how. Only of what is known to be broken is a deed a remedy.
fn said(sentence: &str, turns: Turns, is_broken: bool) -> Option<Ends> {
    let suggests = || turns.stand() && cue(sentence, MilestoneKind::Mitigated) == Some(Cue::Weak);
    let mends = is_broken && turns.are_mending();
    if mends && is_plain(sentence) {
        Some(Ends::Mends)
    } else if mends
        || is_broken && (turns.are_remedy() || turns.are_partly_mending() || turns.are_so_again())
        || suggests()
    {
        Some(Ends::Remedies)
    } else {
        None
    }
}
