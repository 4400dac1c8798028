//! # action-told (A002)
//!
//! ## What it reads
//! Sentences of intent ("we will …", "we are adding …") in a section of actions that has no list; in reports without
//! such a section, sentences of intent at the end.
//!
//! ## Why it is believed
//! Prose reports end with what is going to change, in the first person and the future.
//!
//! ## When it declines
//! Sentences of the timeline, the impact and the summary's beginning; updates before the last; promises to post an
//! update; apologies.
//!
//! ## Seen in
//! Blog posts, provider's reports, summaries in prose.

use super::{details, labelled, led, listed};
use crate::document::{Block, BlockKind};
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::{Reading, Sentence};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::{Section, announced};
use crate::extract::speech::speech;
use crate::extract::vocabulary::lists;
use crate::text::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "A002",
    slug: "action-told",
    source: include_str!("told.rs"),
    apply,
    examples: &[
        Example {
            text: "## Next steps\n\n«We will add an alert on disk space.» It was a hard day.",
            expect: &["action We will add an alert on disk space. [open]"],
        },
        Example {
            text: "It was down. To prevent recurrence, Acme plans to «add an alert», «rotate the logs», and «buy disks».",
            expect: &[
                "action add an alert [unknown]",
                "action rotate the logs [unknown]",
                "action buy disks [unknown]",
            ],
        },
        Example {
            text: "## Next steps\n\nIt was hard. «We will add an alert on disks», and «we are going to test the restart.»",
            expect: &["action We will add an alert on disks [open]", "action we are going to test the restart. [open]"],
        },
        Example {
            text: "It was down for an hour. The disk was full of old logs. «Going forward, each host gets an alert on its disk.»",
            expect: &["action Going forward, each host gets an alert on its disk. [unknown]"],
        },
        Example {
            text: "## Next steps\n\nWe have taken steps to prevent this, including «adding a spare disk» and «testing the restart».",
            expect: &["action adding a spare disk [unknown]", "action testing the restart [unknown]"],
        },
        Example {
            text: "It was down.\n\n## So it won't happen again\n\n«I switched the account to automatic renewal.»",
            expect: &["action I switched the account to automatic renewal. [unknown]"],
        },
        Example {
            text: "It was down.\n\n## Prevention\n\n«An alert on full disks has been added.» It was a hard day.",
            expect: &["action An alert on full disks has been added. [done]"],
        },
        Example {
            text: "It was down.\n\n## Lessons\n\n- Disks fill up fast.\n- «We should alert on full disks.»\n",
            expect: &["action We should alert on full disks. [open]"],
        },
        Example {
            text: "It was down.\n\n## Lessons\n\n- Disks fill up fast.\n- «A ticket was opened to alert on full disks.»\n- «The disks must be replaced in May.»\n- We should have tested the alert.\n",
            expect: &[
                "action A ticket was opened to alert on full disks. [unknown]",
                "action The disks must be replaced in May. [unknown]",
            ],
        },
        Example {
            text: "It was down. The disk was full of old logs. «So that it does not happen again, we have bought disks.» «New alerts were set up.» At 10:40 we added an alert. We should have noticed the logs.",
            expect: &[
                "action So that it does not happen again, we have bought disks. [unknown]",
                "action New alerts were set up. [unknown]",
            ],
        },
        Example {
            text: "It was down. It is up again. We will restore the rest of the old mail on Monday.",
            expect: &[],
        },
        Example { text: "It was down. We will post an update at noon.", expect: &[] },
        Example {
            text: "It was down. We are now awaiting a word of the carrier. We would like to take the time to say sorry.",
            expect: &[],
        },
    ],
};

const CONFIDENCE_SECTION: f32 = 0.65;
const CONFIDENCE_END: f32 = 0.45;

/// Where no section holds the actions, they stand in this last part of the report.
const END_PART: f32 = 0.5;

/// "We are instrumenting …": work that goes on. What people see, know or say changes nothing.
static WORKING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:we(?: are|['’]re)|i(?: am|['’]m)) (?:now |also |currently |actively )?(?P<doing>\w+ing)\b")
        .expect("a valid regex")
});

fn is_working(words: &str) -> bool {
    WORKING
        .captures_iter(words)
        .filter_map(|found| found.name("doing"))
        .any(|doing| !lists().action_no_work.any(doing.as_str()))
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let listed = listed_groups(reading);
    // Where each line is an action, or labels name them.
    let labelled = labelled::blocks(reading);
    let mut in_pieces: Option<(usize, bool)> = None;
    let led = led::leads(reading);
    let mut is_in_pieces = |index: usize| match in_pieces {
        _ if led.contains(&index) => true,
        Some((known, is)) if known == index => is,
        _ => {
            let is = reading.section(index) == Section::Actions && !listed::pieces(reading.text(index)).is_empty();
            in_pieces = Some((index, is));
            is
        }
    };
    let sectioned = reading.blocks().any(|(i, _)| reading.section(i) == Section::Actions);
    let mut promising: Option<usize> = None;
    // What stands below a heading that is an action tells of that action.
    let headings = action_headings(reading);
    let is_below = |block: usize| {
        let heading = reading.document.blocks.get(block).and_then(|b| b.heading);
        heading.is_some_and(|heading| headings.contains(&heading))
    };
    for (nth, sentence) in reading.sentences.iter().enumerate() {
        let section = reading.section(sentence.block);
        let place = match section {
            Section::Actions => sectioned,
            Section::Opening | Section::Other | Section::Resolution | Section::Lessons | Section::Summary => !sectioned,
            _ => false,
        };
        // What an update before the last one promised was for the same day.
        let is_passed = || reading.timeline.recency(reading, sentence.block).is_some_and(|r| r < 1.0);
        let block = sentence.block;
        if !place
            || !is_prose(reading, sentence, sectioned)
            || is_passed()
            || labelled.contains(&block)
            || is_in_pieces(block)
        {
            continue;
        }
        let words = reading.words(sentence).to_lowercase();
        if lists().action_none.any(&words) || explains(&words) || RESTORES.is_match(&words) || is_past(&words) {
            // "We have taken several actions to prevent a recurrence.": the promise; the sentences after it keep it.
            if !sectioned && words.contains("prevent") {
                promising = Some(sentence.block);
            }
            continue;
        }
        let confidence = if sectioned {
            if is_below(block) || !is_told_in_section(reading, sentence, &words, &listed) {
                continue;
            }
            CONFIDENCE_SECTION
        } else {
            if !is_told_at_end(reading, nth, sentence, &words, &mut promising) {
                continue;
            }
            CONFIDENCE_END
        };
        let Some(block) = reading.document.blocks.get(block) else { continue };
        for range in parts(reading, sentence) {
            let Some(mut action) = details::action(reading, sentence.block, block, range) else { continue };
            set_status(&mut action);
            let evidence = action.evidence.clone();
            found.push(Candidate { finding: Finding::Action(action), confidence, evidence, rule: RULE.code });
        }
    }
}

/// Does a sentence of a report without a section of actions tell one?
fn is_told_at_end(
    reading: &Reading<'_>,
    nth: usize,
    sentence: &Sentence,
    words: &str,
    promising: &mut Option<usize>,
) -> bool {
    let section = reading.section(sentence.block);
    let goes_on = *promising == Some(sentence.block);
    let late = goes_on
        || section == Section::Lessons
        || lists().action_purpose.any(words)
        || nth as f32 >= reading.sentences.len() as f32 * END_PART;
    let drawn = || section == Section::Lessons && (lists().action_lesson.any(words) || WORKING.is_match(words));
    let told = is_told(words) || drawn() || is_for_good(words);
    // What follows such a promise in its paragraph goes on with it.
    let goes_on = goes_on && GOES_ON.is_match(words);
    if !late || !told && !goes_on || words.trim_end().ends_with(':') || changes_nothing(words, false) {
        return false;
    }
    if words.contains("prevent") {
        *promising = Some(sentence.block);
    }
    true
}

/// The headings in sections of actions that are actions themselves.
fn action_headings(reading: &Reading<'_>) -> BTreeSet<usize> {
    let within = reading.blocks().filter(|(i, _)| reading.section(*i) == Section::Actions);
    within.map(|(i, _)| i).filter(|i| listed::is_action(reading, *i)).collect()
}

/// Does a sentence in a section of actions tell one? Beside lists of actions elsewhere, prose that is no plain intent
/// comments on them.
fn is_told_in_section(
    reading: &Reading<'_>,
    sentence: &Sentence,
    words: &str,
    listed: &BTreeSet<Option<usize>>,
) -> bool {
    let group = reading.document.blocks.get(sentence.block).and_then(|b| b.heading);
    let heading = group.and_then(|h| reading.document.blocks.get(h)).map_or("", |h| h.text.as_str());
    let is_of_changes = || lists().action_done_heading.any(heading) || lists().action_prevent_heading.any(heading);
    let done = CHANGED.is_match(words) && is_of_changes() || ADDED.is_match(words) || is_for_good(words);
    let plain = details::is_imperative(words) || done || is_told(words) || ASKS.is_match(words);
    let intends = plain || listed.is_empty() && (lists().action_future.any(words) || is_counted(words));
    !listed.contains(&group) && intends && !words.trim_end().ends_with(':') && !changes_nothing(words, true)
}

/// "To keep it from happening again, we've split the logs", "Since then an alert has been added": a change, and what
/// it was made for or after.
fn is_for_good(words: &str) -> bool {
    let made = || ADDED.is_match(words) || WE.is_match(words);
    lists().action_purpose.any(words) && (made() || CHANGED.is_match(words))
        || lists().action_since.any(words) && (made() || ADDED_THEN.is_match(words))
}

/// "We should have tested it": too late.
static TOO_LATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:should|could|would|must)(?: not|n['’]t)? have (?:\w+ly )?(?:been|had|shown|seen|known|caught|\w+ed(?: (?:the|an?|our|it|this|that|them|us|by|at|on|in|to|for|earlier|sooner)\b|$|[.,;]))")
        .expect("a valid regex")
});

/// "At 10:40 we added a host": the story, unless it tells what is to come.
static CLOCKED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:at|by|around|from|until) [0-2]?\d[:h.][0-5]\d\b").expect("a valid regex"));

fn is_past(words: &str) -> bool {
    TOO_LATE.is_match(words) || CLOCKED.is_match(words) && !lists().action_future.any(words)
}

/// "First, every host gets an alert."
fn is_counted(words: &str) -> bool {
    lists().action_ordinal.opens(words.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// "we split", "I've written": somebody did it.
static WE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:we|i)(?:['’]ve| have)? (?:\w+ly |now |since |also )?(?:\w+ed|split|set|put|cut|wrote|written|built|made|moved|bought|taken|took|gave|given|sent|rewrote|rewritten)\b")
        .expect("a valid regex")
});

/// A change that was made: "the account was disabled", "we then removed".
static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:was|were|has been|have been) (?:\w+ly )?\w+(?:ed|en)\b|\b(?:we|i) (?:\w+ly |then |also |have (?:also )?)?\w+ed\b")
        .expect("a valid regex")
});

/// Does a sentence tell an intention, work that goes on, or a change that was made?
fn is_told(words: &str) -> bool {
    lists().action_intent.any(words)
        || is_working(words)
        || MADE.is_match(words)
        || speech().intends_change.is_in(words)
        || lists().cause_to_come.opens(words.trim_start())
}

/// "We have also implemented", "I've already added": a change, not a repair.
static MADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:we|i) (?:\ have | ['’]ve ) \ (?:(?:now|already|also|since|further|therefore|subsequently)\ )*
          (?: \w+ed\ and\ )?
          (?: added | implemented | deployed | introduced | increased | improved | updated | upgraded | changed | enabled
          | created | built | put\ in\ place | set\ up | rolled\ out | released | reduced | adjusted | extended
          | documented | begun | filed | shipped | removed | replaced | tightened | scheduled | switched | expanded ) \b",
    )
    .expect("a valid regex")
});

/// "An alert has been added": a change, by no one.
static ADDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:has|have)\ (?:now\ |already\ |since\ |also\ )?been\ (?: added | implemented | deployed | introduced
        | increased | improved | updated | upgraded | enabled | created | built | put\ in\ place | set\ up | rolled\ out
        | reduced | extended | documented | filed | tightened | scheduled | switched | expanded ) \b",
    )
    .expect("a valid regex")
});

/// "An alert was added", told of the time after.
static ADDED_THEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:was|were) (?:added|implemented|deployed|introduced|increased|improved|updated|upgraded|enabled|created|built|put in place|set up|replaced|extended|tightened|moved)\b")
        .expect("a valid regex")
});

/// "They are also reviewing …", "We have deployed …", "The most important is to improve …".
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^\W* (?:
            (?:additionally,?\ |furthermore,?\ )? (?:we|they|it|the\ (?:\w+\ )?(?:team|company))
            \ (?:are|is|have|has|will|(?:immediately|also|then)\ \w+ed)\b
          | (?:the\ \w+(?:\ \w+)?|first(?:ly)?|second(?:ly)?|another)\ (?:\w+\ ){0,3}(?:is|are|was)\ to\ \w )",
    )
    .expect("a valid regex")
});

/// "Can we detect a recurrence?": what a review wants to be looked into.
static ASKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W*(?:can|do|should) (?:we|teams|users)\b[^?]*\?").expect("a valid regex"));

/// An intention to tell more, to watch or to help; a question; beside no section of actions also one to find out why.
fn changes_nothing(words: &str, sectioned: bool) -> bool {
    speech().empty_promise.is_in(words)
        || !sectioned && speech().seeks_cause.is_in(words)
        || words.trim_end().ends_with('?') && !ASKS.is_match(words)
}

/// "This will provide …", "In such a case, …" explain the action before them; "It would be useful …" wishes one.
fn explains(words: &str) -> bool {
    EXPLAINS.is_match(words) && !lists().action_wish.opens(words.trim_start())
}

/// Words about an action that was told before.
static EXPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W*(?:(?:this|it) (?:\w+ )?(?:will|would|should|is|means|allows|gives|takes)|in (?:such|this|that) (?:a )?case|these (?:\w+ )?(?:will|would|should|give|allow)|it will take)\b")
        .expect("a valid regex")
});

/// "We are working on quickly restoring …", "We will restore the rest on Monday.": the repair itself.
static RESTORES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\bwork(?:ing)?\ (?:on|to)\ (?:\w+ly\ )?restor\w+
        | \bwill\ (?:\w+ly\ |also\ |then\ )?(?:restore|resume|reopen|be\ restored)\b | \bhave\ (?:\w+\ ){1,3}restored\b",
    )
    .expect("a valid regex")
});

/// The first of several gerunds that a sentence lists: "is decoupling A, reviewing B, and adding C".
static GERUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:is|are|be|includes?|including) (?:also |now )?(?P<first>\w{3,}ing) ").expect("a valid regex")
});

/// An enumeration has at least so many parts.
const PARTS_MIN: usize = 3;
const PART_WORDS_MIN: usize = 2;

/// The actions in a sentence: one, or each part of an enumeration.
fn parts(reading: &Reading<'_>, sentence: &Sentence) -> Vec<Span> {
    let words = reading.words(sentence);
    let start = sentence.range.start;
    let whole = start + details::without_lead(words)..sentence.range.end;
    let after =
        speech().enumerates.first_end(words).filter(|end| words.get(*end..).is_some_and(|w| w.starts_with(' ')));
    let after = after.map(|end| end + 1);
    let gerund = || Some(GERUND.captures(words)?.name("first")?.start()).filter(|at| lists_gerunds(words, *at));
    if let Some(clauses) = clauses(words, &(whole.start - start..words.len())) {
        return clauses.into_iter().map(|clause| start + clause.start..start + clause.end).collect();
    }
    let Some(from) = after.or_else(gerund) else { return vec![whole] };
    let mut parts = Vec::new();
    let mut at = from;
    while let Some(rest) = words.get(at..).filter(|r| !r.is_empty()) {
        let end = rest.find([',', ';']).unwrap_or(rest.len());
        let piece = rest.get(..end).unwrap_or("");
        let skip = ["and ", "or "].iter().find(|w| piece.trim_start().starts_with(**w)).map_or(0, |w| w.len());
        let lead = piece.len() - piece.trim_start().len() + skip;
        let body = piece.get(lead..).unwrap_or("").trim_end_matches(['.', ' ']);
        if body.split_whitespace().count() < PART_WORDS_MIN {
            return vec![whole];
        }
        parts.push(start + at + lead..start + at + lead + body.len());
        at += end + 1;
    }
    let gerunds = after.map_or_else(Vec::new, |from| at_gerunds(words, from));
    if parts.len() < PARTS_MIN && gerunds.len() >= 2 {
        return gerunds.into_iter().map(|part| start + part.start..start + part.end).collect();
    }
    if parts.len() >= PARTS_MIN { parts } else { vec![whole] }
}

/// "including adding a watchdog and testing the restart": each part that begins with a gerund, where the first does.
fn at_gerunds(words: &str, from: usize) -> Vec<Span> {
    let is_gerund = |text: &str| text.split(' ').next().is_some_and(|word| word.len() > 5 && word.ends_with("ing"));
    let rest = words.get(from..).unwrap_or("").trim_end_matches(['.', ' ']);
    if !is_gerund(rest) || rest.contains([',', ';', ':', '(']) {
        return Vec::new();
    }
    let joints = rest.match_indices(" and ").map(|(at, joint)| (at, at + joint.len()));
    let joints = joints.filter(|(_, next)| rest.get(*next..).is_some_and(is_gerund));
    let mut parts = Vec::new();
    let mut at = 0;
    for (end, next) in joints {
        parts.push(from + at..from + end);
        at = next;
    }
    parts.push(from + at..from + rest.len());
    parts
}

/// "We will add an alert, and we are going to test the restart": a second intention begins.
static AND_WE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[,;]|\sand)\s+(?:(?:and|also|then)\s+)?(?P<we>(?i:we|i)(?:['’]ll\b|\s(?:will|plan|intend|are going|are also|have also)\b))")
        .expect("a valid regex")
});

/// The clauses of a sentence that each tell an intention.
fn clauses(words: &str, whole: &Span) -> Option<Vec<Span>> {
    let mut found: Vec<Span> = Vec::new();
    let mut start = whole.start;
    let joints =
        AND_WE.captures_iter(words).filter_map(|joint| Some((joint.get(0)?.start(), joint.name("we")?.start())));
    for (end, next) in joints.filter(|(end, _)| *end > whole.start) {
        found.push(start..end);
        start = next;
    }
    found.push(start..whole.end);
    let tells = |clause: &Span| {
        words
            .get(clause.clone())
            .is_some_and(|w| w.split_whitespace().count() >= CLAUSE_WORDS_MIN && is_told(&w.to_lowercase()))
    };
    (found.len() >= 2 && found.iter().all(tells)).then_some(found)
}

/// A clause of fewer words goes on with the one before.
const CLAUSE_WORDS_MIN: usize = 4;

/// Does every part after this place begin with a gerund?
fn lists_gerunds(words: &str, from: usize) -> bool {
    let mut parts = words.get(from..).unwrap_or("").split(',').map(|p| p.trim().trim_start_matches("and "));
    parts.all(|p| p.split_whitespace().next().is_some_and(|w| w.ends_with("ing")))
}

/// "- We should alert on full disks." among the lessons: what the item asks for.
fn asks_for(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let is_item =
        matches!(reading.document.blocks.get(sentence.block).map(|b| &b.kind), Some(BlockKind::Item { depth: 0, .. }));
    if !is_item || sentence.range.start != 0 {
        return false;
    }
    let words = reading.words(sentence);
    lists().action_lesson.opens(words) || is_told(&words.to_lowercase())
}

/// The headings below which actions stand in a list or a table: prose beside it introduces or comments.
fn listed_groups(reading: &Reading<'_>) -> BTreeSet<Option<usize>> {
    // An item that only announces ("Review actions:") lists nothing.
    let announces = |b: &Block| b.text.trim_end().ends_with(':') && announced(&b.text).is_some();
    let steps = listed::steps(reading);
    let listed = reading.blocks().filter(|(i, b)| {
        let listed = matches!(b.kind, BlockKind::Item { .. } | BlockKind::Row { .. });
        listed && reading.section(*i) == Section::Actions && !announces(b) && !steps.contains(i)
    });
    listed.map(|(_, b)| b.heading).collect()
}

/// Is it prose, or, without a section of actions, what an item among the lessons asks for?
fn is_prose(reading: &Reading<'_>, sentence: &Sentence, sectioned: bool) -> bool {
    let kind = reading.document.blocks.get(sentence.block).map(|b| &b.kind);
    let is_asked = || !sectioned && reading.section(sentence.block) == Section::Lessons && asks_for(reading, sentence);
    matches!(kind, Some(BlockKind::Paragraph | BlockKind::Quote)) || is_asked()
}

fn set_status(action: &mut Action) {
    if action.status == ActionStatus::Unknown {
        action.status = details::told_status(&action.text);
    }
}
