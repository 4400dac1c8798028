//! What one who may notice and a verb of noticing are worth together.

use super::spoken::{PAIR, is_answer, tail};
use crate::domain::{Detection, Span};
use crate::extract::vocabulary::{Cue, NoticingVerb, noticing};
use crate::text::Words;

/// How many words may stand between one who notices and the verb; in a clause about what one was doing; and between
/// the verb and who it was done by.
const GAP_WORDS: usize = 5;
const GAP_WORDS_CLOSE: usize = 2;
const GAP_WORDS_CLAUSE: usize = 7;
const GAP_WORDS_BY: usize = 4;

/// Words of all that one does before the verb.
const PREDICATE_WORDS: usize = 12;

/// "Alerted by users" names who, "alerted" alone does not.
const BY: f32 = 3.5;
const LOOSE_PAIR: f32 = 1.8;

/// So near behind the verb stands whom one tells, and what.
const TOLD_WORDS: usize = 5;
const ADDRESSED_WORDS: usize = 3;

/// What an actor and a verb are worth together: the actor before the verb, or the verb, "by" or "from", the actor.
/// `all`: the actors of the sentence.
pub fn pair(
    sentence: &str,
    actor: &Cue<Detection>,
    verb: &Cue<NoticingVerb>,
    all: &[Cue<Detection>],
    asked: bool,
) -> f32 {
    let (gap, before) = if actor.range.end <= verb.range.start {
        (actor.range.end..verb.range.start, true)
    } else if verb.range.end <= actor.range.start {
        (verb.range.end..actor.range.start, false)
    } else {
        return 0.0;
    };
    let Some(gap) = sentence.get(gap).filter(|gap| !gap.contains(['.', ';', ':', '|'])) else { return 0.0 };
    // "Users of all of it – mail, web, files": one dash parts, two set off what stands between.
    if gap.matches(['–', '—']).count() == 1 {
        return 0.0;
    }
    // A cue may stand for the beginning of a word.
    let gap = gap.trim_start_matches(char::is_alphanumeric);
    let is_of = |list: &Words, word: &str| list.contains(&word.to_lowercase());
    if !before {
        return if is_done_by(sentence, verb, gap) { BY } else { 0.0 };
    }
    if !fits(sentence, actor, verb, all, asked) {
        return 0.0;
    }
    let clause = last_predicate(gap);
    let is_second = clause.len() < gap.len();
    if is_second && (is_of_another(actor, verb, clause.len(), all) || is_told(sentence, actor, all)) {
        return 0.0;
    }
    let words = || clause.split_whitespace();
    // "customers affected by the issue were notified": told to them, not by them.
    let undergoes = || {
        let begins = words().nth_back(1).is_some_and(|w| noticing().begins.contains(w));
        !begins && words().rev().take(GAP_WORDS_CLOSE).any(|w| noticing().undergone.contains(w))
    };
    let is_thing = || words().next_back().is_some_and(|w| is_of(&noticing().articles, w));
    let is_not_done = words().any(|w| is_of(&noticing().never, w));
    if is_not_done || is_thing() || verb.label != NoticingVerb::Machine && undergoes() {
        return 0.0;
    }
    // Customers see the harm; who saw it first is another question.
    let is_harm = actor.label == Detection::Customer && verb.label == NoticingVerb::Sees;
    let near = if is_harm { LOOSE_PAIR } else { PAIR };
    let meanwhile = || noticing().meanwhile.opens(clause.trim_start());
    match words().filter(|w| !is_of(&noticing().small, w)).count() {
        0..=GAP_WORDS_CLOSE => near,
        n if n <= GAP_WORDS_CLAUSE && meanwhile() => near,
        n if n <= GAP_WORDS => {
            if tells_us(sentence, verb) {
                near
            } else {
                LOOSE_PAIR
            }
        }
        _ => 0.0,
    }
}

/// "Raised on the tracker by two users": who stands behind "by" did it, whatever the verb, if it was done at all; not
/// what "could not be opened by users in the north".
fn is_done_by(sentence: &str, verb: &Cue<NoticingVerb>, gap: &str) -> bool {
    let is_of = |list: &Words, word: &str| list.contains(&word.to_lowercase());
    let mut lead = sentence.get(..verb.range.start).unwrap_or("").split_whitespace().rev();
    let is_undone = lead.by_ref().take(GAP_WORDS_CLOSE).any(|w| is_of(&noticing().never, w));
    let words = || gap.split_whitespace();
    let weighty = words().rev().filter(|w| !is_of(&noticing().small, w) || is_of(&noticing().by, w));
    let behind = weighty.take(GAP_WORDS_CLOSE).any(|w| is_of(&noticing().by, w));
    verb.label != NoticingVerb::Fails && !is_undone && behind && words().count() <= GAP_WORDS_BY
}

/// Can this verb be this actor's?
fn fits(sentence: &str, actor: &Cue<Detection>, verb: &Cue<NoticingVerb>, all: &[Cue<Detection>], asked: bool) -> bool {
    use NoticingVerb::{Fails, Machine, Notices, Posts, Reports, Sees};
    let rest = || sentence.get(verb.range.end..).unwrap_or("");
    let who = || sentence.get(actor.range.clone()).unwrap_or("").to_lowercase();
    match (actor.label, verb.label) {
        (Detection::Monitoring, kind) => {
            let mended = || noticing().mended.any(rest());
            kind == Machine
                && !mended()
                && !is_adjunct(sentence, &actor.range)
                && (asked || !is_probed(sentence, actor))
        }
        // "A colleague mentioned it" answers the question; elsewhere people tell each other many things.
        (Detection::Staff, Reports | Posts) => {
            let is_anybody = || noticing().anybody.contains(&who());
            let free = asked || verb.label == Posts && is_anybody() || tells_all(sentence, actor, verb);
            free && !addresses(sentence, verb, all) && (asked || !raises(sentence, verb))
        }
        (Detection::Staff, Fails) => is_one_of_us(sentence, actor) && !is_toil(rest()),
        (Detection::Staff | Detection::Customer, Notices | Sees) => !noticing().mended.any(rest()),
        (Detection::ThirdParty, Reports) => !is_answer(sentence, verb.range.end) && !is_inward(sentence, verb),
        (Detection::Customer, Reports) => !tells_of_end(rest()),
        (_, Machine | Fails) => false,
        _ => true,
    }
}

/// "The vendor escalated to the second line": told to somebody of theirs.
fn is_inward(sentence: &str, verb: &Cue<NoticingVerb>) -> bool {
    let rest = sentence.get(verb.range.start..).unwrap_or("");
    let mut words = rest.split([' ', ',', '.']);
    let is_inward = words.next().is_some_and(|word| noticing().inward.contains(word));
    is_inward && !words.take(ADDRESSED_WORDS).any(|word| word == "us")
}

/// "Reported that pages load again", but not "that they could not get back online".
fn tells_of_end(rest: &str) -> bool {
    let fails = || rest.split_whitespace().any(|word| noticing().never.contains(word));
    let is_unable = || noticing().verb.find(rest).iter().any(|verb| verb.label == NoticingVerb::Fails);
    noticing().mended.any(rest) && !fails() && !is_unable()
}

/// What stands before the last of several predicates: "" of "could not check out and called".
fn last_predicate(gap: &str) -> &str {
    if gap.split_whitespace().count() > PREDICATE_WORDS || gap.contains(',') {
        return gap;
    }
    let joints = noticing().joints.iter().filter_map(|joint| gap.rsplit_once(joint.as_str()));
    joints.map(|(_, rest)| rest).min_by_key(|rest| rest.len()).unwrap_or(gap)
}

/// Does somebody else stand between an actor and a verb: "users waited and an engineer noticed"?
fn is_of_another(actor: &Cue<Detection>, verb: &Cue<NoticingVerb>, reach: usize, all: &[Cue<Detection>]) -> bool {
    let from = verb.range.start.saturating_sub(reach);
    let between = |other: &&Cue<Detection>| other.range.start >= from && other.range.end <= verb.range.start;
    all.iter().filter(between).any(|other| other.label != actor.label)
}

/// "We asked the carrier and opened a ticket": to whom the first of two things is done does not do the second.
fn is_told(sentence: &str, actor: &Cue<Detection>, all: &[Cue<Detection>]) -> bool {
    let does = |other: &Cue<Detection>| {
        let gap = sentence.get(other.range.end..actor.range.start).unwrap_or(",");
        noticing().ourselves.contains(&sentence.get(other.range.clone()).unwrap_or("").to_lowercase())
            && !gap.contains([',', ';', ':'])
            && (1..=GAP_WORDS_BY).contains(&gap.split_whitespace().count())
    };
    all.iter().any(|other| other.range.end < actor.range.start && does(other))
}

/// "A developer reports it in the channel": one of us, not all of us, tells nobody in particular.
fn tells_all(sentence: &str, actor: &Cue<Detection>, verb: &Cue<NoticingVerb>) -> bool {
    let words = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or("").to_lowercase();
    let after = words(verb.range.end..sentence.len());
    let mut told = after.trim_start_matches(char::is_alphanumeric).split_whitespace();
    let object = told.next().unwrap_or("");
    let is_object = noticing().objects.contains(object) || told.take(TOLD_WORDS).any(|w| noticing().that.contains(w));
    !noticing().ourselves.contains(&words(actor.range.clone())) && is_object
}

/// "An engineer called the hosting company": whom one tells is no colleague.
fn addresses(sentence: &str, verb: &Cue<NoticingVerb>, all: &[Cue<Detection>]) -> bool {
    let others = |label: Detection| matches!(label, Detection::Customer | Detection::ThirdParty);
    let near =
        |at: usize| sentence.get(verb.range.end..at).is_some_and(|gap| gap.split(' ').count() <= ADDRESSED_WORDS + 1);
    all.iter().any(|other| others(other.label) && other.range.start >= verb.range.end && near(other.range.start))
}

/// "Checking the dashboards showed": who looks there knows already.
fn is_probed(sentence: &str, actor: &Cue<Detection>) -> bool {
    let before = tail(sentence, actor.range.start);
    let near = |at: usize| before.get(at..).is_some_and(|gap| gap.split_whitespace().count() <= GAP_WORDS_CLOSE);
    noticing().probing.find(before).iter().any(|cue| near(cue.range.end))
}

/// "The alert threshold was raised": no alert.
pub fn is_adjunct(sentence: &str, machine: &Span) -> bool {
    let next = sentence.get(machine.end..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or("");
    next.split([' ', ',', '.']).next().is_some_and(|word| noticing().adjunct.contains(word))
}

/// "An engineer opened a ticket with the carrier": the work that follows.
fn raises(sentence: &str, verb: &Cue<NoticingVerb>) -> bool {
    let rest = sentence.get(verb.range.end..).unwrap_or("").trim_start_matches(char::is_alphanumeric);
    noticing().raised.opens(rest.trim_start())
}

/// "The bank's fraud team called us."
fn tells_us(sentence: &str, verb: &Cue<NoticingVerb>) -> bool {
    let rest = sentence.get(verb.range.end..).unwrap_or("").trim_start_matches(char::is_alphanumeric);
    verb.label == NoticingVerb::Reports && rest.trim_start().split([' ', ',', '.']).next() == Some("us")
}

/// "Two of our developers", "our own staff", "a librarian of ours": who uses what failed, and is one of us.
fn is_one_of_us(sentence: &str, actor: &Cue<Detection>) -> bool {
    let words = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or("").to_lowercase();
    let before = words(0..actor.range.start);
    let own = || before.split_whitespace().rev().take(2).any(|w| noticing().own.contains(w));
    let who = words(actor.range.clone());
    before.trim_end().ends_with("of our") || own() || who.split(' ').any(|w| noticing().own.contains(w))
}

/// "Could not find the cause": the trouble of those who mend it.
fn is_toil(rest: &str) -> bool {
    let rest = rest.trim_start();
    noticing().toil.opens(rest.strip_prefix("yet ").unwrap_or(rest))
}
