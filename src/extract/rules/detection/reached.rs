//! How news of a fault reaches a team without a word of who brings it: calls to the desk, tickets that pile up, what is
//! said in public, what a review brings to light.

use crate::domain::{Detection, Span};
use crate::extract::vocabulary::{Cue, Cues, NoticingVerb, noticing};
use crate::text::Told;

/// Words between what one gets and the getting, and between a verb and whom or where one tells.
const GAP_WORDS: usize = 4;
const DESK_WORDS: usize = 2;
const PUBLIC_WORDS: usize = 3;
const RAISED_WORDS: usize = 1;
const OCCASION_WORDS: usize = 6;
const HINT_WORDS: usize = 10;

/// Where the public tells: "branches rang the service desk", "the hotline had forty calls", "tickets came in",
/// "reported on the forum". Whose doing it is, is not asked.
pub fn by_the_public(sentence: &str, told: Told, verbs: &[Cue<NoticingVerb>]) -> Vec<Span> {
    let words = noticing();
    let mut places = Vec::new();
    let tells =
        |verb: &&Cue<NoticingVerb>| verb.label == NoticingVerb::Reports && has_subject(sentence, verb.range.start);
    let (desks, public) = (found(&words.desk, sentence, told), found(&words.public, sentence, told));
    let raised = found(&words.raised, sentence, told);
    for verb in verbs.iter().filter(tells) {
        let end = behind_word(sentence, verb.range.end);
        let is_desk = |desk: &&Cue<()>| is_ours(sentence, end, &desk.range) && !is_of_others(sentence, desk.range.end);
        let is_public = |place: &&Cue<()>| is_near(sentence, end, place.range.start, PUBLIC_WORDS);
        // "Opened a ticket with the carrier" is ours.
        let is_raised = |what: &&Cue<()>| {
            let with = sentence.get(what.range.end..).is_some_and(|rest| rest.starts_with(" with "));
            !with && is_near(sentence, end, what.range.start, RAISED_WORDS)
        };
        let told = desks.iter().find(is_desk).or_else(|| public.iter().find(is_public));
        let told = told.or_else(|| raised.iter().find(is_raised));
        places.extend(told.map(|place| verb.range.start..place.range.end));
    }
    places.extend(tidings(sentence, told, &desks));
    places
}

/// The cues in a sentence of which this is told.
fn found(cues: &Cues<()>, sentence: &str, told: Told) -> Vec<Cue<()>> {
    if cues.may_stand(told) { cues.find(sentence) } else { Vec::new() }
}

/// "The hotline had forty calls", "tickets came in".
fn tidings(sentence: &str, told: Told, desks: &[Cue<()>]) -> Vec<Span> {
    let words = noticing();
    let tidings = found(&words.tidings, sentence, told);
    if tidings.is_empty() {
        return Vec::new();
    }
    let (takes, comes) = (words.takes.find(sentence), words.comes.find(sentence));
    let is_taken = |news: &Cue<()>| {
        let by_desk = |at: usize| desks.iter().any(|d| is_near(sentence, d.range.end, at, DESK_WORDS));
        let of_whom = sentence.get(news.range.end..).is_some_and(|rest| rest.trim_start().starts_with("from "));
        // An API receives calls as well.
        let sure = |at: usize| by_desk(at) || sentence.get(news.range.clone()).is_some_and(|word| word != "calls");
        takes
            .iter()
            .any(|t| !of_whom && is_near(sentence, t.range.end, news.range.start, GAP_WORDS) && sure(t.range.start))
    };
    // "A ticket was opened with the vendor" is ours.
    let is_ours = |end: usize| sentence.get(end..).is_some_and(|rest| rest.starts_with(" with "));
    let comes_in = |news: &Cue<()>| {
        let near = |c: &Cue<()>| is_near(sentence, news.range.end, c.range.start, DESK_WORDS);
        comes.iter().any(|c| near(c) && !is_ours(c.range.end))
    };
    tidings.into_iter().filter(|news| is_taken(news) || comes_in(news)).map(|news| news.range).collect()
}

/// "The first hint was a post in the forum", "the first we knew of it was a call from a school".
pub fn hinted(sentence: &str, told: Told, actors: &[Cue<Detection>]) -> Option<(Detection, Span)> {
    let words = noticing();
    let hint = found(&words.hint, sentence, told).into_iter().next()?.range;
    let behind = |range: &Span| range.start >= hint.end && is_near(sentence, hint.end, range.start, HINT_WORDS);
    let public = [&words.public, &words.tidings].map(|list| list.find(sentence));
    let by_all = public.into_iter().flatten().map(|cue| (Detection::Customer, cue.range));
    let by_one = actors.iter().map(|actor| (actor.label, actor.range.clone()));
    by_one.chain(by_all).filter(|(_, range)| behind(range)).min_by_key(|(_, range)| range.start)
}

/// "Thanks to a tip from a reader", "par un appel d'un abonné". What colleagues send each other is no news, and what an
/// outsider wrote must have reached us.
pub fn sent(sentence: &str, told: Told, actors: &[Cue<Detection>]) -> Vec<(Detection, Span)> {
    let words = noticing();
    let news = found(&words.news, sentence, told);
    let is_whose = |word: &str| words.by.contains(word) || words.of_whom.contains(word);
    let is_from = |news: &Cue<()>, actor: &Cue<Detection>| {
        let gap = sentence.get(news.range.end..actor.range.start).unwrap_or("").trim();
        let mut near = gap.split_whitespace().rev().filter(|w| !words.small.contains(*w) || is_whose(w));
        is_near(sentence, news.range.end, actor.range.start, GAP_WORDS) && near.by_ref().take(2).any(is_whose)
    };
    let is_got = |news: &Cue<()>| words.takes.any(sentence.get(..news.range.start).unwrap_or(""));
    let by = |actor: &Cue<Detection>| {
        let mut near = news.iter().filter(|n| n.range.end < actor.range.start && is_from(n, actor));
        let one = near.find(|news| actor.label != Detection::ThirdParty || is_got(news))?;
        Some((actor.label, one.range.start..actor.range.end))
    };
    actors.iter().filter(|actor| actor.label != Detection::Staff).filter_map(by).collect()
}

/// "Came up in the morning review", "was found during an audit".
pub fn surfaced(sentence: &str, told: Told) -> Vec<Span> {
    let words = noticing();
    let surfaces = found(&words.surfaces, sentence, told);
    if surfaces.is_empty() || !words.occasions.may_stand(told) {
        return Vec::new();
    }
    let occasions = words.occasions.find(sentence);
    let during = |gap: &str| gap.split(' ').any(|word| words.during.contains(word));
    let brings = |cue: &Cue<()>| {
        let near = |o: &Cue<()>| is_near(sentence, cue.range.end, o.range.start, OCCASION_WORDS);
        occasions.iter().any(|o| near(o) && sentence.get(cue.range.end..o.range.start).is_some_and(during))
    };
    surfaces.into_iter().filter(brings).map(|cue| cue.range).collect()
}

/// Where the word ends in which a cue ends.
fn behind_word(sentence: &str, at: usize) -> usize {
    let rest = sentence.get(at..).unwrap_or("");
    sentence.len() - rest.trim_start_matches(char::is_alphanumeric).len()
}

/// Do only so many words stand between two places of one clause?
fn is_near(sentence: &str, from: usize, to: usize, words: usize) -> bool {
    let gap = sentence.get(from..to).filter(|gap| !gap.contains([',', ';', ':', '.']));
    gap.is_some_and(|gap| gap.split_whitespace().count() <= words)
}

/// Is it our desk that a verb ends at: "the", "our" or nothing before it?
fn is_ours(sentence: &str, from: usize, desk: &Span) -> bool {
    let gap = sentence.get(from..desk.start).unwrap_or("-");
    is_near(sentence, from, desk.start, DESK_WORDS)
        && gap.split_whitespace().all(|w| noticing().small.contains(w) || w == "to")
}

/// "The support of the carrier": somebody else's.
fn is_of_others(sentence: &str, at: usize) -> bool {
    let rest = sentence.get(at..).unwrap_or("").trim_start();
    noticing().others.iter().any(|of| rest.starts_with(of.as_str()))
}

/// Does a clause say who does what stands at a place, and that they did?
fn has_subject(sentence: &str, at: usize) -> bool {
    let before = sentence.get(..at).unwrap_or("");
    if before.split_whitespace().next_back().is_some_and(|w| noticing().undergone.contains(w)) {
        return false;
    }
    let clause = before.rsplit([',', ';', ':', '.', '-', '–']).next().unwrap_or("");
    clause.chars().any(char::is_alphabetic)
}
