//! # told-duration (D002)
//!
//! ## What it reads
//! A sentence of title, opening, summary or impact that says how long users suffered: "was down for 47 minutes",
//! "a 7 minute outage", "lasted approximately five hours"; and how long it took to notice, to repair, to resolve.
//!
//! ## Why it is believed
//! These sections tell the incident as a whole, and the words around the number are about impact.
//!
//! ## When it declines
//! Limits, intervals, retention, age, promises, averages ("within 30 minutes", "every 5 minutes", "99.9 %"), and
//! parts of an incident ("for the first 10 minutes").
//!
//! ## Seen in
//! Blog posts, TL;DR paragraphs, compensation notes.

use super::labelled::metrics;
use crate::document::BlockKind;
use crate::domain::{Evidence, Metric, Span, Stated};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::speech::{Phrases, speech};
use crate::time::duration::WrittenDuration;
use crate::time::{duration, tail};

pub const RULE: Rule = Rule {
    code: "D002",
    slug: "told-duration",
    source: include_str!("told.rs"),
    apply,
    examples: &[
        Example { text: "«The API was unavailable for 47 minutes.»", expect: &["impact 47 min"] },
        Example { text: "«The outage lasted approximately five hours.»", expect: &["impact ~300 min"] },
        Example { text: "We had a «7 minute cascading failure».", expect: &["impact 7 min"] },
        Example { text: "«Impact: 8 hours 50 minutes without alerts.»", expect: &["impact 530 min"] },
        Example { text: "«The incident was resolved in 2 hours.»", expect: &["ttr 120 min"] },
        Example { text: "«It took us 20 minutes to notice.»", expect: &["ttd 20 min"] },
        Example { text: "«It took 40 minutes to find the cause.»", expect: &["tti 40 min"] },
        Example { text: "«It ran for 19 hours before anyone noticed.»", expect: &["ttd 1140 min"] },
        Example { text: "«About nine hours after it started, we identified the cause.»", expect: &["tti ~540 min"] },
        Example { text: "«Our alert fired 12 minutes after the release.»", expect: &["ttd 12 min"] },
        Example { text: "«A customer alerted us 20 minutes into the outage.»", expect: &["ttd 20 min"] },
        Example { text: "«After 46 minutes our servers were reachable again.»", expect: &["ttm 46 min"] },
        Example { text: "Ten minutes after the deploy we scaled the workers.", expect: &[] },
        Example { text: "«The page was acknowledged within 5 minutes.»", expect: &["tta 5 min"] },
        Example { text: "Tickets are resolved in 2 hours per our SLA.", expect: &[] },
        Example { text: "# «Search down (42 minutes)»\n\nThe disk was full.\n", expect: &["impact 42 min"] },
        Example { text: "# Search slow (timeout of 30 seconds)\n\nThe disk was full.\n", expect: &[] },
        Example { text: "Tokens expire after 30 minutes, so requests failed.", expect: &[] },
        Example { text: "Webhooks were delayed by up to 50 minutes, some failed.", expect: &[] },
        Example { text: "API latency rose to 30 s and requests timed out after 2 minutes.", expect: &[] },
        Example { text: "«The outage lasted nine hours before service was restored.»", expect: &["impact 540 min"] },
        Example {
            text: "«The database restore took two hours; the site was offline for four hours.»",
            expect: &["impact 240 min"],
        },
        Example { text: "The certificate failed thirteen hours before the incident.", expect: &[] },
        Example { text: "Users saw wrong data that was up to 40 minutes old.", expect: &[] },
        Example { text: "«Webhooks were delayed for 50 minutes.»", expect: &["impact 50 min"] },
        Example {
            text: "«High latency was seen for up to 45 minutes, by a few users.»", expect: &["impact ~45 min"]
        },
        Example { text: "Alerts fire every 5 minutes during an outage.", expect: &[] },
    ],
};

fn weight(reading: &Reading<'_>, block: usize) -> Option<f32> {
    Some(match reading.section(block) {
        Section::Opening | Section::Summary => 0.75,
        Section::Impact => 0.74,
        Section::Appendix | Section::Other => 0.5,
        Section::RootCause | Section::Resolution | Section::Detection | Section::Lessons => ASIDE,
        // What leads a timeline in sums it up; its entries tell of parts.
        Section::Timeline => reading.timeline.entries.first().filter(|first| block < first.block).map(|_| ASIDE)?,
        Section::Actions | Section::Comments => return None,
    })
}

/// How far before a length the words stand that say what it measures.
const NEAR_BYTES: usize = 41;

/// A length that is told in passing.
const ASIDE: f32 = 0.46;
/// A title that names the length: "36-minute outage of …".
const TITLE: f32 = 0.7;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let labels = metrics(reading).filter(|(_, metric)| metric.is_some());
    let labelled: Vec<&(usize, Span)> = labels.filter_map(|(label, _)| label.place.as_ref()).collect();
    for sentence in &reading.sentences {
        let Some(weight) = weight(reading, sentence.block) else { continue };
        let words = reading.words(sentence);
        // A line of labelled fields is read by its labels.
        let within = |block: usize, place: &Span| {
            block == sentence.block && place.start < sentence.range.end && sentence.range.start < place.end
        };
        if labelled.iter().any(|(block, place)| within(*block, place)) {
            continue;
        }
        for written in duration::read(words) {
            // "de 10h à 11h30": a clock.
            if is_clock(reading, sentence, &written.span) {
                continue;
            }
            let Some((metric, end)) = told(reading, sentence, words, &written.span) else { continue };
            let range = match end {
                Some(end) => sentence.range.start + written.span.start..sentence.range.start + written.span.end + end,
                None => sentence.range.clone(),
            };
            let evidence = reading.evidence(sentence.block, range);
            push(found, metric, &written, weight, evidence);
            break;
        }
    }
    // A title that is the first sentence was read with it.
    let is_told = |c: &Candidate| matches!(c.finding, Finding::Duration(Metric::Impact, _)) && c.rule == RULE.code;
    if !found.iter().any(is_told) {
        titled(reading, found);
    }
}

fn is_clock(reading: &Reading<'_>, sentence: &Sentence, span: &Span) -> bool {
    let (start, end) = (sentence.range.start + span.start, sentence.range.start + span.end);
    reading.timing.of_block(sentence.block).iter().any(|s| s.span.start < end && start < s.span.end)
}

/// What a length in a sentence measures, and where the words after it that say so end.
fn told(reading: &Reading<'_>, sentence: &Sentence, words: &str, span: &Span) -> Option<(Metric, Option<usize>)> {
    let before = words.get(..span.start).unwrap_or("");
    let after = words.get(span.end..).unwrap_or("");
    let near = tail(before, NEAR_BYTES);
    if after.trim_start().starts_with("ago") {
        return None;
    }
    let took = [
        (Metric::Ttd, &speech().noticed_after),
        (Metric::Tta, &speech().acknowledged_after),
        (Metric::Tti, &speech().identified_after),
        (Metric::Ttr, &speech().resolved_after),
        (Metric::Ttm, &speech().repaired_after),
    ];
    // "took 20 minutes to notice": the words stand behind a length that something took.
    let lasted = speech().took.is_in(near);
    // "after 40 minutes of debugging we found the cause".
    let passed = near.split_whitespace().next_back().is_some_and(|word| word.eq_ignore_ascii_case("after"));
    let is_told = |p: &Phrases| p.ends(near) || (lasted || passed) && p.begins(after);
    let named = [(Metric::Ttd, &speech().unknown_for), (Metric::Ttm, &speech().repair_time)];
    let taken = took.iter().find(|(_, phrases)| is_told(phrases));
    let metric = taken.or_else(|| named.iter().find(|(_, phrases)| phrases.begins(after))).map(|(metric, _)| *metric);
    if let Some(metric) = metric.or_else(|| since_start(before, after)) {
        return (!speech().promised.is_in(words)).then_some((metric, None));
    }
    let section = reading.section(sentence.block);
    // "The restore took an hour; the site was down for two": each part has its own.
    let from = before.rfind(';').map_or(0, |at| at + 1);
    let part = words.get(from..after.find(';').map_or(words.len(), |at| span.end + at)).unwrap_or(words);
    let suffers = speech().impact.is_in(part) || speech().suffering.is_in(part);
    // "Four hours before the outage" is none of it; what "lasted four hours before" something is.
    let named = speech().of_outage.end(after).filter(|_| !speech().apart.begins(after));
    let clause_start = before.rfind([',', ';', '(', '—', '–']).unwrap_or(0);
    let clause = before.get(clause_start..).unwrap_or(before);
    // An impact section that opens with a length tells the length of impact.
    let opens = section == Section::Impact && before.trim().is_empty() || speech().impact_label.is_in(before);
    // "was down for a while (~6 hours)".
    let bracketed = near.trim_end_matches(['~', '≈', ' ']).ends_with('(') && after.starts_with(')');
    let lasts = suffers
        && (speech().lasts.is_in(near) || speech().lasts.begins(after) || bracketed && speech().impact.is_in(near));
    let impact = section != Section::Lessons && (named.is_some() || opens || lasts);
    let is_other = || named.is_none() && is_shift(near, after) || speech().other_length.is_in(clause);
    (impact && !is_other()).then_some((Metric::Impact, named))
}

/// "Delayed by up to 50 minutes", "latency rose to 30 s", "data 40 minutes old": of something else than impact.
fn is_shift(near: &str, after: &str) -> bool {
    speech().shifted.ends(near) || speech().shifted.begins(after)
}

/// "Nine hours after it began, we found the cause", "a customer told us 20 minutes into the outage": of a length that
/// is counted from the beginning, what happened at its end.
fn since_start(before: &str, after: &str) -> Option<Metric> {
    let counted = speech().from_start.end(after)?;
    let is_leading = before.split_whitespace().count() < LEADING_WORDS;
    let ahead = || happened(before.rsplit(['.', ';', ':']).next()?);
    // "Our alert fired 12 minutes after the release": few words as well.
    if is_leading { happened(after.get(counted..)?).or_else(ahead) } else { ahead() }
}

/// What a clause tells that is dated from the beginning.
fn happened(event: &str) -> Option<Metric> {
    let told = [
        (Metric::Ttd, speech().notices.is_in(event)),
        (Metric::Tti, speech().finds_out.is_in(event)),
        (Metric::Ttm, speech().is_well.is_in(event) && !speech().denied.is_in(event)),
    ];
    let mut told = told.into_iter().filter(|(_, is_told)| *is_told).map(|(metric, _)| metric);
    // Where a clause tells two of them, the length is of either.
    told.next().filter(|_| told.next().is_none())
}

/// So few words before a length begin a sentence with it: "About", "It was only".
const LEADING_WORDS: usize = 4;

/// "36-minute outage of the checkout", "Search down for 2 hours": a title names the length of the whole incident.
fn titled(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let Some((title, evidence)) = title::chosen(reading) else { return };
    for written in duration::read(&title) {
        let before = title.get(..written.span.start).unwrap_or("");
        let after = title.get(written.span.end..).unwrap_or("");
        // "20 minutes into the outage": no length of it.
        if speech().from_start.begins(after) || speech().apart.begins(after) {
            continue;
        }
        let suffers = speech().impact.is_in(&title) || speech().suffering.is_in(&title);
        let near = tail(before, NEAR_BYTES);
        let lasts = speech().lasts.is_in(near) && suffers && !is_shift(near, after);
        if (lasts || speech().of_outage.end(after).is_some()) && !speech().other_length.is_in(before) {
            push(found, Metric::Impact, &written, TITLE, evidence);
            return;
        }
    }
    bracketed(reading, found);
}

/// "Search down (42 minutes)", "11 October 08:52 UTC (lasting 2 hours)": a heading's own length, in brackets.
fn bracketed(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let is_heading = |kind: &BlockKind| matches!(kind, BlockKind::Heading { .. });
    let Some((index, block)) = reading.blocks().find(|(_, block)| is_heading(&block.kind)) else { return };
    let text = block.text.as_str();
    for (open, _) in text.match_indices('(') {
        let Some(close) = text.get(open..).and_then(|t| t.find(')')) else { return };
        let inside = text.get(open + 1..open + close).unwrap_or("");
        let lengths = duration::read(inside);
        let [written] = lengths.as_slice() else { continue };
        let (before, after) =
            (inside.get(..written.span.start).unwrap_or(""), inside.get(written.span.end..).unwrap_or(""));
        let lasts = !before.contains(char::is_alphabetic) || speech().lasts.is_in(before);
        if lasts && !after.contains(char::is_alphanumeric) && !speech().other_length.is_in(before) {
            push(found, Metric::Impact, written, TITLE, reading.evidence(index, 0..text.len()));
            return;
        }
    }
}

fn push(found: &mut Vec<Candidate>, metric: Metric, written: &WrittenDuration, confidence: f32, evidence: Evidence) {
    let stated = Stated { minutes: written.minutes, approximate: written.approximate };
    found.push(Candidate { finding: Finding::Duration(metric, stated), confidence, evidence, rule: RULE.code });
}
