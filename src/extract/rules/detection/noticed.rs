//! # detection-noticed (S002)
//!
//! ## What it reads
//! Words of noticing, weighed by where they stand: a section on detection, the first telling entry of the timeline, the
//! summary.
//!
//! ## Why it is believed
//! The first that the timeline knows of an alert, a customer's report or a colleague's remark is how it was noticed.
//!
//! ## When it declines
//! Alerts that did not come, alerts that are to be added, reports later in the timeline, and documents without a word
//! of noticing.
//!
//! ## Seen in
//! Every layout.

use crate::domain::{Detection, Evidence};
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::org::names;
use crate::extract::rules::provider::{name_before, name_behind};
use crate::extract::section::Section;
use crate::extract::vocabulary::{Cue, Cues, NoticingVerb, noticing, providers};
use crate::text::{Words, told};
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "S002",
    slug: "detection-noticed",
    source: include_str!("noticed.rs"),
    apply,
    examples: &[
        Example { text: "«At 10:00 our monitoring detected it.» It was down.", expect: &["detection monitoring"] },
        Example { text: "## Detection\n\n«Several customers reported errors.»", expect: &["detection customer"] },
        Example { text: "## Detection\n\n«Automatic alarm on the queue length.»", expect: &["detection monitoring"] },
        Example {
            text: "## How we noticed\n\n«A colleague mentioned it in the chat.»", expect: &["detection staff"]
        },
        Example { text: "## Detection\n\nNo alert fired.", expect: &[] },
        Example {
            text: "## Timeline\n\n- 10:00 builds fail\n- «10:05 developer reports it in the channel»\n",
            expect: &["detection staff"],
        },
        Example { text: "## Timeline\n\n- 10:05 engineer reports to the provider\n", expect: &[] },
        Example { text: "There was no alert. We will add an alert.", expect: &[] },
    ],
};

const DETECTION_SECTION: f32 = 2.5;
const FIRST_ENTRY: f32 = 2.2;
const LATER_ENTRY: f32 = 0.35;
const SUMMARY: f32 = 1.3;
const ELSEWHERE: f32 = 0.8;
const LESSONS: f32 = 0.5;

/// A sentence that only hints must stand in the section on detection to be believed.
const SCORE_MIN: f32 = 2.6;
const CONFIDENCE_BASE: f32 = 0.4;
const CONFIDENCE_STEP: f32 = 0.06;
const CONFIDENCE_MAX: f32 = 0.88;

/// Repetition counts little: who noticed is said once.
const REPEATED: f32 = 0.2;

/// Longer sentences are logs.
const SENTENCE_BYTES_MAX: usize = 1_500;

/// How many words may stand between one who notices and the verb.
const GAP_WORDS: usize = 5;
const GAP_WORDS_CLOSE: usize = 2;
/// And between the verb and who it was done by.
const GAP_WORDS_BY: usize = 4;

/// What a phrase, a close pair of actor and verb, a loose pair, and an actor alone are worth.
const PHRASE: f32 = 3.0;
const PAIR: f32 = 2.8;
/// "Alerted by users" names who, "alerted" alone does not.
const BY: f32 = 3.5;
const LOOSE_PAIR: f32 = 1.8;
const ALONE: f32 = 1.05;

/// Who noticed according to a sentence, with the weight of its words. `labelled`: the sentence is the answer to the
/// question, so that an actor alone will do.
pub fn spoken(sentence: &str, labelled: bool) -> Option<(Detection, f32)> {
    let words = noticing();
    if sentence.len() > SENTENCE_BYTES_MAX {
        return None;
    }
    let told = told(sentence);
    let (phrased, acted) = (words.phrase.may_stand(told), words.actor.may_stand(told));
    let is_said = |list: &Cues<()>| list.may_stand(told) && list.any(sentence);
    let taken_back = is_said(&words.not);
    if !phrased && !acted && !words.told_us.may_stand(told) && !words.verb.may_stand(told)
        || !labelled && taken_back
        || is_said(&words.prompt)
    {
        return None;
    }
    let mut said: BTreeMap<Detection, f32> = BTreeMap::new();
    let mut say = |detection: Detection, worth: f32| {
        let known = said.entry(detection).or_default();
        *known = known.max(worth) + if *known > 0.0 { REPEATED } else { 0.0 };
    };
    for cue in words.phrase.find(sentence) {
        say(cue.label, PHRASE);
    }
    let verbs = words.verb.find(sentence);
    let actors = words.actor.find(sentence);
    for actor in &actors {
        let worth = verbs.iter().map(|verb| pair(sentence, actor, verb, labelled)).fold(0.0, f32::max);
        if worth > 0.0 {
            say(actor.label, worth);
        } else if labelled && !taken_back {
            say(actor.label, ALONE);
        }
    }
    if said.is_empty() && is_said(&words.told_us) {
        said.insert(Detection::ThirdParty, PHRASE);
    }
    // "Customers were notified by Dana Conley."
    let of_customers = || actors.iter().any(|actor| actor.label == Detection::Customer);
    if said.is_empty() && !of_customers() && verbs.iter().any(|verb| is_by_person(sentence, verb)) {
        said.insert(Detection::Staff, PAIR);
    }
    // Who reports is told beside who takes the report: outsiders go before machines, machines before the team.
    // "No alert fired, a customer called": the machine is what did not notice.
    if taken_back {
        said.remove(&Detection::Monitoring);
    }
    let rank = |d: &Detection| match d {
        Detection::Customer => 3,
        Detection::ThirdParty => 2,
        Detection::Monitoring => 1,
        Detection::Staff | Detection::Unknown => 0,
    };
    said.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(rank(&a.0).cmp(&rank(&b.0))))
}

/// "Dana Conley noticed", "Dana Conley reported that", "reported by Dana Conley": a report names colleagues, and nobody
/// else, by what they are called.
fn is_by_person(sentence: &str, verb: &Cue<NoticingVerb>) -> bool {
    let rest = sentence.get(verb.range.end..).unwrap_or("");
    // A verb may continue beyond its cue.
    let rest = rest.trim_start_matches(char::is_alphabetic).trim_start();
    let tells =
        verb.label == NoticingVerb::Notices || rest.split(' ').take(TOLD_WORDS).any(|w| noticing().that.contains(w));
    let before = sentence.get(..verb.range.start).filter(|_| tells).and_then(name_before);
    let by = rest.split_once(' ').filter(|(word, _)| noticing().by.contains(*word)).map(|(word, _)| word.len());
    let behind = by.and_then(|by| name_behind(sentence, sentence.len() - rest.len() + by));
    let names = before.into_iter().chain(behind).filter_map(|name| sentence.get(name));
    verb.label != NoticingVerb::Machine && names.into_iter().any(is_person)
}

/// So near behind "reported" stands what was.
const TOLD_WORDS: usize = 5;

fn is_person(name: &str) -> bool {
    let is_called = |word: &str| word.chars().skip(1).all(char::is_lowercase) && word.chars().all(char::is_alphabetic);
    let mut words = name.split(' ');
    words.clone().count() == 2
        && words.all(|word| is_called(word) && !names::is_ordinary(word) && !names::is_no_name(word))
        && providers().mentions(name).is_empty()
}

/// What an actor and a verb are worth together: the actor before the verb, or the verb, "by" or "from", the actor.
fn pair(sentence: &str, actor: &Cue<Detection>, verb: &Cue<NoticingVerb>, asked: bool) -> f32 {
    let (gap, before) = if actor.range.end <= verb.range.start {
        (actor.range.end..verb.range.start, true)
    } else if verb.range.end <= actor.range.start {
        (verb.range.end..actor.range.start, false)
    } else {
        return 0.0;
    };
    let fits = match (actor.label, verb.label) {
        // "detected by an administrator": who stands behind "by" did it, whatever the verb.
        _ if !before => true,
        (Detection::Monitoring, kind) => kind == NoticingVerb::Machine,
        // "A colleague mentioned it" answers the question; elsewhere people tell each other many things.
        (Detection::Staff, NoticingVerb::Reports) => asked || tells_all(sentence, actor, verb),
        (Detection::Staff, kind) => kind == NoticingVerb::Notices,
        (_, NoticingVerb::Machine) => false,
        _ => true,
    };
    let Some(gap) = sentence.get(gap).filter(|_| fits) else { return 0.0 };
    if gap.contains(['.', ';', ':', '|']) {
        return 0.0;
    }
    // A cue may stand for the beginning of a word.
    let words = || gap.trim_start_matches(char::is_alphanumeric).split_whitespace();
    let is_of = |list: &Words, word: &str| list.contains(&word.to_lowercase());
    if !before {
        // "raised on the tracker by two users".
        let behind = words().rev().take(GAP_WORDS_CLOSE).position(|w| is_of(&noticing().by, w));
        return if behind.is_some() && words().count() <= GAP_WORDS_BY { BY } else { 0.0 };
    }
    // "customers affected by the issue were notified": told to them, not by them.
    if words().any(|w| noticing().undergone.contains(w)) && verb.label != NoticingVerb::Machine {
        return 0.0;
    }
    match words().filter(|w| !is_of(&noticing().small, w)).count() {
        0..=GAP_WORDS_CLOSE => PAIR,
        n if n <= GAP_WORDS => LOOSE_PAIR,
        _ => 0.0,
    }
}

/// "A developer reports it in the channel": one of us, not all of us, tells nobody in particular.
fn tells_all(sentence: &str, actor: &Cue<Detection>, verb: &Cue<NoticingVerb>) -> bool {
    let words = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or("").to_lowercase();
    let after = sentence.get(verb.range.end..).unwrap_or("").trim_start_matches(char::is_alphanumeric);
    let object = after.split_whitespace().next().unwrap_or("").to_lowercase();
    !noticing().ourselves.contains(&words(actor.range.clone())) && noticing().objects.contains(&object)
}

struct Place {
    weight: f32,
    detection: Detection,
    evidence: Evidence,
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut places = from_sentences(reading);
    places.extend(from_timeline(reading));
    let mut by_source: BTreeMap<Detection, (f32, f32)> = BTreeMap::new();
    for place in &places {
        let known = by_source.entry(place.detection).or_insert((0.0, 0.0));
        known.1 += place.weight;
        known.0 = known.0.max(place.weight);
    }
    let score = |(best, sum): &(f32, f32)| best + ((sum - best) * REPEATED).min(*best * 0.5);
    let winner = by_source.iter().max_by(|a, b| score(a.1).total_cmp(&score(b.1)).then(b.0.cmp(a.0)));
    let Some((detection, tally)) = winner else { return };
    if score(tally) < SCORE_MIN {
        return;
    }
    let place = places.iter().filter(|p| p.detection == *detection).max_by(|a, b| a.weight.total_cmp(&b.weight));
    let Some(place) = place else { return };
    found.push(Candidate {
        finding: Finding::Detection(*detection),
        confidence: (CONFIDENCE_BASE + CONFIDENCE_STEP * score(tally)).min(CONFIDENCE_MAX),
        evidence: place.evidence.clone(),
        rule: RULE.code,
    });
}

fn from_sentences(reading: &Reading<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    for sentence in &reading.sentences {
        let weight = match reading.section(sentence.block) {
            Section::Detection => DETECTION_SECTION,
            Section::Summary | Section::Opening => SUMMARY,
            Section::Impact | Section::Other | Section::Resolution | Section::RootCause => ELSEWHERE,
            Section::Lessons => LESSONS,
            Section::Timeline if !reading.timeline.explicit => ELSEWHERE,
            Section::Timeline | Section::Actions | Section::Appendix | Section::Comments => continue,
        };
        let asked = reading.section(sentence.block) == Section::Detection;
        let Some((detection, told)) = spoken(reading.words(sentence), asked) else { continue };
        let evidence = reading.evidence(sentence.block, sentence.range.clone());
        places.push(Place { weight: told * weight, detection, evidence });
    }
    places
}

/// The first entry of the timeline that tells of a noticing, and how much less the later ones count.
fn from_timeline(reading: &Reading<'_>) -> Vec<Place> {
    if !reading.timeline.explicit || reading.timeline.posted {
        return Vec::new();
    }
    let mut places = Vec::new();
    for entry in &reading.timeline.entries {
        let Some((detection, told)) = spoken(&entry.text, false) else { continue };
        let weight = if places.is_empty() { FIRST_ENTRY } else { LATER_ENTRY };
        places.push(Place { weight: told * weight, detection, evidence: entry.evidence.clone() });
    }
    places
}
