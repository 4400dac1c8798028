//! Who noticed first, according to one sentence.
//!
//! Knows nothing of where the sentence stands.

use super::paired::{is_adjunct, pair};
use crate::domain::{Detection, Span};
use crate::extract::rules::org::names;
use crate::extract::rules::provider::{name_before, name_behind};
use crate::extract::vocabulary::{self, Cue, Cues, Noticing, NoticingVerb, noticing, providers};
use crate::text::{Told, told};
use std::collections::BTreeMap;

/// Repetition counts little: who noticed is said once.
pub const REPEATED: f32 = 0.2;

/// Longer sentences are logs.
const SENTENCE_BYTES_MAX: usize = 1_500;

/// What a phrase, a close pair of actor and verb, and an actor alone are worth.
const PHRASE: f32 = 3.0;
pub const PAIR: f32 = 2.8;
const ALONE: f32 = 1.05;

/// What is said of one who may have noticed: how much it is worth, and where the first of it stands.
#[derive(Debug, Clone)]
struct Said {
    worth: f32,
    at: Span,
}

/// Who noticed according to a sentence, with the weight of its words. `labelled`: the sentence is the answer to the
/// question, so that an actor alone will do.
pub fn spoken(sentence: &str, labelled: bool) -> Option<(Detection, f32)> {
    let words = noticing();
    if sentence.len() > SENTENCE_BYTES_MAX {
        return None;
    }
    let told = told(sentence);
    let speaks = words.phrase.may_stand(told)
        || words.actor.may_stand(told)
        || words.told_us.may_stand(told)
        || words.verb.may_stand(told);
    let is_said = |list: &Cues<()>| list.may_stand(told) && list.any(sentence);
    let first = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let put_off = speaks && (is_said(&words.not) || words.orders.opens(first));
    if !speaks || !labelled && put_off || is_said(&words.prompt) {
        return None;
    }
    let silent = is_said(&words.silent);
    if silent && !labelled {
        return beside_silence(sentence, told);
    }
    heard(sentence, told, labelled, silent || put_off)
}

/// "No alert fired, but a customer called": what the other clauses say. The machines that were silent noticed nothing,
/// whatever else is told of them.
fn beside_silence(sentence: &str, told: Told) -> Option<(Detection, f32)> {
    let words = noticing();
    let silent = |clause: &&str| words.silent.any(clause);
    let clauses = clauses(sentence);
    let of_machines = |clause: &&str| {
        let named = |cues: &Cues<Detection>| cues.find(clause).iter().any(|c| c.label == Detection::Monitoring);
        named(&words.actor) || named(&words.phrase) || words.verb.find(clause).is_empty()
    };
    let no_machine = clauses.iter().filter(|c| silent(c)).any(of_machines);
    // "Nobody saw it; our alerting did".
    let did = |clause: &str| {
        let does =
            |actor: &Cue<Detection>| clause.get(actor.range.end..).is_some_and(|r| words.did.opens(r.trim_start()));
        let doer = words.actor.find(clause).into_iter().find(does)?;
        (!no_machine || doer.label != Detection::Monitoring).then_some((doer.label, PAIR))
    };
    let speaking = clauses.iter().filter(|c| !silent(c));
    let heard = speaking.filter_map(|clause| heard(clause, told, false, no_machine).or_else(|| did(clause)));
    heard.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The clauses of a sentence, each without the word that begins it.
fn clauses(sentence: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    for part in sentence.split([',', ';', ':', '(', ')', '–', '—']) {
        let mut from = 0;
        for turn in noticing().turns.find(part) {
            clauses.extend(part.get(from..turn.range.start));
            from = turn.range.end;
        }
        clauses.extend(part.get(from..));
    }
    clauses
}

/// `told`: of the whole sentence. `taken_back`: the machines noticed nothing.
fn heard(sentence: &str, told: Told, labelled: bool, taken_back: bool) -> Option<(Detection, f32)> {
    let words = noticing();
    let mut actors = words.actor.find(sentence);
    let is_one = |actor: &Cue<Detection>| !owns_machine(sentence, actor) && !owns_thing(sentence, actor);
    actors.retain(|actor| !is_instead(sentence, actor.range.start) && is_one(actor));
    let verbs = words.verb.find(sentence);
    let mut said: BTreeMap<Detection, Said> = BTreeMap::new();
    let mut say = |detection: Detection, worth: f32, at: Span| match said.get_mut(&detection) {
        Some(known) => {
            known.worth = known.worth.max(worth) + REPEATED;
            known.at.start = known.at.start.min(at.start);
        }
        None => {
            said.insert(detection, Said { worth, at });
        }
    };
    for cue in words.phrase.find(sentence).into_iter().filter(|cue| phrase_stands(sentence, cue, &actors)) {
        let whose = if from_vendor(sentence, &cue) { Detection::ThirdParty } else { cue.label };
        say(whose, PHRASE, cue.range);
    }
    for actor in &actors {
        let pairs = verbs.iter().map(|verb| (pair(sentence, actor, verb, &actors, labelled), verb));
        let (worth, verb) = pairs.max_by(|a, b| a.0.total_cmp(&b.0)).map_or((0.0, None), |(w, v)| (w, Some(v)));
        let reach = verb.map_or(actor.range.clone(), |verb| both(&actor.range, &verb.range));
        if worth > 0.0 {
            say(from_outside(sentence, actor, verb), worth, reach);
        } else if labelled && !taken_back {
            say(actor.label, ALONE, actor.range.clone());
        }
    }
    if let Some((who, at)) = super::reached::hinted(sentence, told, &actors) {
        say(who, PAIR, at);
    }
    for (who, at) in super::reached::sent(sentence, told, &actors) {
        say(who, PAIR, at);
    }
    let by_us = |at: usize| is_by_us(sentence, at, &actors);
    for at in super::reached::by_the_public(sentence, told, &verbs).into_iter().filter(|at| !by_us(at.start)) {
        say(Detection::Customer, PAIR, at);
    }
    for at in super::reached::surfaced(sentence, told) {
        say(Detection::Staff, PAIR, at);
    }
    if said.is_empty() && words.told_us.find(sentence).iter().any(|cue| !is_answer(sentence, cue.range.end)) {
        return Some((Detection::ThirdParty, PHRASE));
    }
    // "Customers were notified by Dana Conley."
    let of_customers = || actors.iter().any(|actor| actor.label == Detection::Customer);
    if said.is_empty() && !of_customers() {
        return verbs.iter().find_map(|verb| by_person(sentence, verb)).map(|detection| (detection, PAIR));
    }
    // "No alert fired, a customer called": the machine is what did not notice.
    if taken_back {
        said.remove(&Detection::Monitoring);
    }
    first(sentence, &said)
}

/// Of those who are said to have noticed: the one of whom most is said, unless another stands first and this one comes
/// on top: "the probe turned red and customers called".
fn first(sentence: &str, said: &BTreeMap<Detection, Said>) -> Option<(Detection, f32)> {
    // Who reports is told beside who takes the report: outsiders go before machines, machines before the team.
    let rank = |d: &Detection| match d {
        Detection::Customer => 3,
        Detection::ThirdParty => 2,
        Detection::Monitoring => 1,
        Detection::Staff | Detection::Unknown => 0,
    };
    let (most, told) = said.iter().max_by(|a, b| a.1.worth.total_cmp(&b.1.worth).then(rank(a.0).cmp(&rank(b.0))))?;
    let comes_on_top = |before: &Said| {
        let gap = sentence.get(before.at.end..told.at.start).unwrap_or("");
        let then = noticing().then.find(gap);
        // "Soon after" tells of what came then, "after" of what came first.
        let is_then = |since: &Cue<()>| then.iter().any(|cue| cue.range.end == since.range.end);
        !then.is_empty() && noticing().since.find(gap).iter().all(is_then)
    };
    let is_sure = |said: &Said| said.worth >= PAIR;
    let before = said.iter().filter(|(d, s)| *d != most && is_sure(s) && comes_on_top(s));
    let (first, _) = before.min_by_key(|(_, s)| s.at.start).unwrap_or((most, told));
    let first = if *first == Detection::Staff { spurred(sentence, said).unwrap_or(*first) } else { *first };
    Some((first, told.worth))
}

/// "We knew of it when the probes turned red": what made us notice noticed first.
fn spurred(sentence: &str, said: &BTreeMap<Detection, Said>) -> Option<Detection> {
    let words = noticing();
    let ours = said.get(&Detection::Staff)?;
    let is_spur = |other: &Said| {
        let gap = sentence.get(ours.at.start..other.at.start).unwrap_or("");
        other.worth >= PAIR && words.spurs.any(gap)
    };
    said.iter().find(|(who, other)| **who != Detection::Staff && is_spur(other)).map(|(who, _)| *who)
}

/// "The carrier's own monitoring": neither they nor a machine of ours.
fn is_strange(sentence: &str, at: usize) -> bool {
    let before = sentence.get(..at).unwrap_or("");
    let mut near = before.rsplit(' ').filter(|word| !word.is_empty()).take(GAP_OWNED);
    let Some(owner) = near.find_map(|w| w.strip_suffix("'s").or_else(|| w.strip_suffix("’s"))) else { return false };
    noticing().actor.find(owner).iter().any(|actor| actor.label == Detection::ThirdParty)
}

fn owns_machine(sentence: &str, actor: &Cue<Detection>) -> bool {
    let rest = sentence.get(actor.range.end..).unwrap_or("");
    let owned = rest.strip_prefix("'s ").or_else(|| rest.strip_prefix("’s "));
    let owned = owned.map(|rest| rest.strip_prefix("own ").unwrap_or(rest));
    let is_machine = |rest: &str| {
        let first = noticing().actor.find(rest).into_iter().next();
        first.is_some_and(|cue| cue.label == Detection::Monitoring && cue.range.start == 0)
    };
    match actor.label {
        Detection::Monitoring => is_strange(sentence, actor.range.start),
        Detection::ThirdParty => owned.is_some_and(is_machine),
        _ => false,
    }
}

/// "Customers' mails were late", "on our carrier's end": what somebody has does nothing, unless it is who works there.
fn owns_thing(sentence: &str, actor: &Cue<Detection>) -> bool {
    let rest = sentence.get(actor.range.end..).unwrap_or("");
    let owned = ["'s ", "’s ", "' ", "’ "].iter().find_map(|mark| rest.strip_prefix(mark));
    let owned = owned.and_then(|owned| owned.split([',', '.', ';', ':']).next());
    let is_part = |word: &str| noticing().parts.contains(word);
    let is_other = matches!(actor.label, Detection::Customer | Detection::ThirdParty);
    is_other && owned.is_some_and(|owned| !owned.split(' ').take(GAP_PARTS).any(is_part))
}

/// Who works somewhere stands so near behind whose it is.
const GAP_PARTS: usize = 3;

/// "Received an alert from Fennmail's abuse team": sent by a third party, and not by what watches for us.
fn from_vendor(sentence: &str, alert: &Cue<Detection>) -> bool {
    let Some(rest) = sentence.get(alert.range.end..).and_then(|rest| rest.strip_prefix(" from ")) else { return false };
    let sender = rest.get(..rest.floor_char_boundary(SENDER_BYTES)).unwrap_or(rest);
    let is_machine = || noticing().actor.find(sender).iter().any(|actor| actor.label == Detection::Monitoring);
    let is_first = |range: &Span| range.start <= "the ".len();
    let is_vendor = || providers().mentions(sender).iter().any(|mention| is_first(&mention.range));
    alert.label == Detection::Monitoring && is_vendor() && !is_machine()
}

/// Who sent an alert stands so near behind "from".
const SENDER_BYTES: usize = 40;

/// Whose a machine is stands so near before it.
const GAP_OWNED: usize = 2;

fn both(a: &Span, b: &Span) -> Span {
    a.start.min(b.start)..a.end.max(b.end)
}

/// What stands close before a place.
pub fn tail(sentence: &str, at: usize) -> &str {
    let from = (at.saturating_sub(TAIL_BYTES)..=at).find(|from| sentence.is_char_boundary(*from)).unwrap_or(at);
    sentence.get(from..at).unwrap_or("")
}

const TAIL_BYTES: usize = 40;

/// "Before any customer noticed", "not by our monitoring".
fn is_instead(sentence: &str, at: usize) -> bool {
    let before = tail(sentence, at).trim_end();
    let determined = |before: &str| {
        let (rest, word) = before.rsplit_once(' ').unwrap_or(("", before));
        noticing().determiners.contains(&word.to_lowercase()).then(|| rest.trim_end().len())
    };
    let before = determined(before).and_then(|end| before.get(..end)).unwrap_or(before);
    noticing().instead.find(before).last().is_some_and(|cue| cue.range.end == before.len())
}

/// Does a phrase tell what it seems to? What we saw behind the repair is no noticing.
fn phrase_stands(sentence: &str, cue: &Cue<Detection>, actors: &[Cue<Detection>]) -> bool {
    let rest = sentence.get(cue.range.end..).unwrap_or("");
    let before = sentence.get(..cue.range.start).unwrap_or("");
    let never = || before.split_whitespace().next_back().is_some_and(|w| noticing().never.contains(&w.to_lowercase()));
    if never() || is_instead(sentence, cue.range.start) {
        return false;
    }
    match cue.label {
        Detection::Staff => !noticing().mended.any(rest) && !noticing().inquiry.any(before),
        Detection::ThirdParty => !is_answer(sentence, cue.range.end),
        // "A partner alerted us".
        Detection::Monitoring => {
            let active = noticing().active.is_all(sentence.get(cue.range.clone()).unwrap_or(""));
            let before = actors.iter().find(|actor| actor.range.end + 1 == cue.range.start);
            let tells = |actor: &Cue<Detection>| match actor.label {
                Detection::Monitoring => true,
                Detection::Staff => !active,
                _ => false,
            };
            before.is_none_or(tells)
                && !is_strange(sentence, cue.range.start)
                && !is_adjunct(sentence, &cue.range)
                && !noticing().mended.any(rest)
        }
        Detection::Customer | Detection::Unknown => true,
    }
}

/// "Told us that a patch is planned": no news, an answer.
pub fn is_answer(sentence: &str, behind: usize) -> bool {
    sentence.get(behind..).is_some_and(|rest| noticing().answers.any(rest))
}

/// Who tells all the world, and is nobody that we know of, is one of the public: "someone tweeted".
fn from_outside(sentence: &str, actor: &Cue<Detection>, verb: Option<&Cue<NoticingVerb>>) -> Detection {
    let words = noticing();
    let who = || sentence.get(actor.range.clone()).unwrap_or("").to_lowercase();
    let tells = |verb: &Cue<NoticingVerb>| match verb.label {
        NoticingVerb::Posts => true,
        NoticingVerb::Reports => words.public.any(sentence),
        _ => false,
    };
    let is_public = actor.label == Detection::Staff && verb.is_some_and(tells) && words.anybody.contains(&who());
    if is_public { Detection::Customer } else { actor.label }
}

/// Is it we, or one of ours, who does what stands at a place?
fn is_by_us(sentence: &str, at: usize, actors: &[Cue<Detection>]) -> bool {
    let clause = |from: usize| sentence.get(from..at).is_some_and(|gap| !gap.contains([',', ';', '.']));
    let ours = |label: Detection| matches!(label, Detection::Staff | Detection::ThirdParty | Detection::Monitoring);
    actors.iter().any(|actor| actor.range.end <= at && ours(actor.label) && clause(actor.range.end))
}

/// So near behind "reported" stands what was.
const TOLD_WORDS: usize = 5;

/// "Dana Conley noticed", "Dana Conley reported that", "reported by Dana Conley": a report names colleagues, and nobody
/// else, by what they are called; unless it says of whom they are: "reported by Dana Conley of Fenn Security".
fn by_person(sentence: &str, verb: &Cue<NoticingVerb>) -> Option<Detection> {
    let words: &Noticing = noticing();
    let rest = sentence.get(verb.range.end..).unwrap_or("");
    // A verb may continue beyond its cue.
    let rest = rest.trim_start_matches(char::is_alphabetic).trim_start();
    let notices = matches!(verb.label, NoticingVerb::Notices | NoticingVerb::Sees);
    let tells = notices || rest.split(' ').take(TOLD_WORDS).any(|w| words.that.contains(w));
    let is_news = |label: NoticingVerb| !matches!(label, NoticingVerb::Machine | NoticingVerb::Fails);
    if !is_news(verb.label) {
        return None;
    }
    let before = sentence.get(..verb.range.start).filter(|_| tells).and_then(name_before);
    let by = rest.split_once(' ').filter(|(word, _)| words.by.contains(*word)).map(|(word, _)| word.len());
    let behind = by.and_then(|by| name_behind(sentence, sentence.len() - rest.len() + by));
    let persons = before.into_iter().chain(behind);
    let mut persons = persons.filter(|name| sentence.get(name.clone()).is_some_and(is_person));
    let person = persons.next()?;
    let mended = notices && sentence.get(verb.range.end..).is_some_and(|rest| words.mended.any(rest));
    // "Reported by Fenn Research".
    let last = || sentence.get(person.clone()).and_then(|name| name.rsplit(' ').next()).unwrap_or("").to_lowercase();
    let is_company = || vocabulary::names().company_ends.contains(&last());
    let outside = || is_company() || sentence.get(person.end..).is_some_and(is_of_others);
    (!mended).then(|| if outside() { Detection::ThirdParty } else { Detection::Staff })
}

/// " of Fenn Security", " from the Fenn Labs team".
fn is_of_others(rest: &str) -> bool {
    let of = noticing().others.iter().find_map(|of| rest.trim_start().strip_prefix(of.as_str()));
    let Some(whose) = of else { return false };
    let whose = whose.strip_prefix("the ").unwrap_or(whose);
    let whose = whose.trim_start_matches('[');
    let name = whose.split([' ', ']', ',', '.', ')']).next().unwrap_or("");
    name.starts_with(char::is_uppercase) && !names::is_ordinary(name) && !names::is_no_name(name)
}

fn is_person(name: &str) -> bool {
    let is_called = |word: &str| word.chars().skip(1).all(char::is_lowercase) && word.chars().all(char::is_alphabetic);
    let mut words = name.split(' ');
    words.clone().count() == 2
        && words.all(|word| is_called(word) && !names::is_ordinary(word) && !names::is_no_name(word))
        && providers().mentions(name).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Detection::{Customer, Monitoring, Staff, ThirdParty};

    /// What believes a sentence of the summary.
    const BELIEVED: f32 = 2.6;

    fn told_by(sentence: &str) -> Option<Detection> {
        spoken(sentence, false).filter(|(_, worth)| *worth >= BELIEVED).map(|(who, _)| who)
    }

    #[test]
    fn who_noticed_is_told_in_many_ways() {
        for (sentence, who) in [
            ("An alarm on the fill level of the tank had been raised.", Monitoring),
            ("Our Munin complained about the queue.", Monitoring),
            ("The smoke test which runs each hour went red.", Monitoring),
            ("The probe turned red, and soon after users began to call.", Monitoring),
            ("Pilots did not see it; our alerting did.", Monitoring),
            ("Subscribers in the north of the island said the stream was silent.", Customer),
            ("A reader pointed it out in a letter.", Customer),
            ("Somebody tweeted that the tills were shut.", Customer),
            ("The hotline had thirty calls in ten minutes.", Customer),
            ("By noon the service desk had logged nine tickets.", Customer),
            ("Branch offices rang the help desk.", Customer),
            ("Raiders reported on the forum that the gate was shut.", Customer),
            ("The first we knew of it was a message in the forum.", Customer),
            ("The probes stayed green, but a tenant called.", Customer),
            ("Tenants noticed before our monitoring did.", Customer),
            ("Tenants could not log in and called support.", Customer),
            ("Our monitoring failed to catch it; a tenant called.", Customer),
            ("お客様からの連絡で気づいた", Customer),
            ("An operator watching the screens spotted the gap.", Staff),
            ("A technician on the night shift smelled smoke.", Staff),
            ("One of our editors could not save a page.", Staff),
            ("The gap came up in the weekly review.", Staff),
            ("A developer asked in the channel why builds were slow.", Staff),
            ("No alert fired; an operator saw it on a screen.", Staff),
            ("Before any customer noticed, an engineer saw the lag.", Staff),
            ("An auditor discovered the open folder.", ThirdParty),
            ("The insurer's claims team called us.", ThirdParty),
            ("A partner alerted us.", ThirdParty),
            ("We heard about it from a tenant.", Customer),
            ("Nos enteramos por una llamada de un abonado.", Customer),
            ("Tenants were the first to notice.", Customer),
            ("It was raised by several of our tenants.", Customer),
            ("We realised it when our probes turned critical.", Monitoring),
            ("The gap was found by Dana Conley of Quorvex Labs.", ThirdParty),
            ("The care team got several reports of missing letters.", Customer),
            ("The fill level was identified internally as too high.", Staff),
            ("The on-call phone rang because of the fill level.", Monitoring),
            ("The first alarm came from a check of the login.", Monitoring),
            ("We received an alert from SendGrid's abuse team about our mail.", ThirdParty),
            ("We received an alert from our probes in the north.", Monitoring),
            ("The bank's fraud team called us.", ThirdParty),
            ("As soon as our probes alerted us, we started investigating.", Monitoring),
            ("The operations centre noticed the gap.", Staff),
        ] {
            assert_eq!(told_by(sentence), Some(who), "{sentence}");
        }
    }

    #[test]
    fn others_words_and_later_ones_are_no_noticing() {
        for sentence in [
            "No alert fired, and nobody saw it.",
            "The dashboard stayed green for an hour.",
            "Visitors saw a blank page for an hour.",
            "Users could not see their orders.",
            "Some users had their calls dropped.",
            "The alert threshold had been raised in May.",
            "An engineer called the affected tenants.",
            "An engineer opened a ticket with the carrier.",
            "We contacted support at noon.",
            "Engineers saw the lag fall after the restart.",
            "We noticed that the restart had not helped.",
            "The vendor told us that a patch was planned.",
            "The service received many calls a second.",
            "Our developers could not find the cause.",
            "Customers affected by it were notified.",
            "The carrier's own monitoring detected a broken fan.",
            "We asked the carrier and opened a ticket.",
            "We alerted the authorities.",
            "Our monitoring stack runs on the same machines.",
            "Our probes reported that all was reachable again.",
            "Some users got their mails late, this meant emailings were delayed.",
            "Tenants who wrote to support will get a refund.",
            "Pages could not be opened by readers in the north.",
            "Readers reported that pages load again.",
            "This hit users of all of it – mail, web, files.",
            "A ticket was opened with the vendor of the switches.",
            "Set up alerts for old drives so that we can replace them.",
            "A change kept us from receiving alerts about the licence.",
            "Monitoring showed that all parts were healthy, which delayed us.",
            "The impairment of our monitoring system delayed us.",
            "Nobody alerted the night shift.",
            "Some customers' emails took longer than usual.",
            "The delay was on our carrier's end, messages were late.",
            "The vendor escalated to the second line.",
            "The vendor helped with manual inspection of the disks.",
        ] {
            assert_eq!(told_by(sentence), None, "{sentence}");
        }
    }
}
