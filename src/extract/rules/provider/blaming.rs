//! How strongly a sentence blames a third party that it names.
//!
//! Knows nothing of sections or of how often a name is blamed: it is asked about one place in one text.

use super::acting::{acted, is_work, past_relative};
use super::befalling::{Relative, befell, its_own_failed, relative};
use super::faulty::faulty;
use super::software::is_to_blame;
use crate::domain::Span;
use crate::extract::vocabulary::{Cues, Mention, ProviderKind, ProviderVocabulary, is_one, third_parties};

/// How far a blaming word may stand from the name it blames.
const BLAME_GAP_BYTES: usize = 40;
const BLAME_GAP_WORDS: usize = 5;

/// The last place up to `at` where a character begins.
pub fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// Does a text blame the third party of this name, one of those that it mentions?
pub fn blames(vocabulary: &ProviderVocabulary, text: &str, mentions: &[Mention], name: &str) -> bool {
    let named = |mention: &Mention| vocabulary.get(mention.provider).filter(|p| p.name == name);
    mentions.iter().any(|m| named(m).is_some_and(|provider| blame(text, m, provider.kind) > 0.0))
}

/// How strongly a sentence blames the name at a place in it.
pub fn blame_at(text: &str, range: Span) -> f32 {
    let mention = Mention { provider: usize::MAX, range, ambiguous: false, product: false };
    blame(text, &mention, ProviderKind::Hosting)
}

/// How strongly a sentence blames a name in it.
///
/// A product of a big cloud fails for many reasons that are not the cloud's ("our RDS instance ran out of space"), and
/// software that one runs oneself is to blame only for its bugs.
pub fn blame(text: &str, mention: &Mention, kind: ProviderKind) -> f32 {
    let said = third_parties();
    let cleared = said.no_blame.any(text) && !said.not_ours.any(text);
    if cleared { 0.0 } else { blame_told(text, mention, kind) }
}

/// The same, of a sentence that no words of it clear.
fn blame_told(text: &str, mention: &Mention, kind: ProviderKind) -> f32 {
    let said = third_parties();
    let before = text.get(..mention.range.start).unwrap_or("");
    let after = text.get(mention.range.end..).unwrap_or("");
    if kind == ProviderKind::Software {
        return if is_to_blame(before, after) { SOFTWARE_BLAME } else { 0.0 };
    }
    // "between Acme and us", "due to Acme resource limits": the name only says whose or where.
    if before.trim_end().ends_with("between") {
        return 0.0;
    }
    let own_instance = mention.product && has_own(before);
    let mut blame: f32 = 0.0;
    let watches = matches!(kind, ProviderKind::Monitoring | ProviderKind::Office);
    let blamed = || !watches && close_before(before, &said.blame_before) || close_before(before, &said.blame_any);
    if blamed() || happened_at(before) || faulty(before) {
        blame = BLAMED_BEFORE;
    }
    // Of a service there is one; of a cloud's product everybody has instances of his own.
    let share = if mention.product && kind == ProviderKind::Cloud { PRODUCT } else { 1.0 };
    // "Acme incidents" are those that Acme tells of.
    if let Some(noun) = noun_after(after).filter(|noun| !watches || *noun > FAINT_NOUN) {
        blame = blame.max(noun * share);
    }
    // "the uplink to Acme was unavailable": the way there was.
    let is_way = before.split_whitespace().next_back().is_some_and(|word| said.ways.opens(word));
    let hangs = || match relative(after) {
        Some(Relative::Itself(told)) => cue_after(told) || in_bad_state(told) || suffered(told) || harmed_itself(told),
        Some(Relative::Own(told)) => cue_within(told, GAP_OWN),
        None => false,
    };
    let rest = past_apposition(before, after);
    let acts = || {
        let is_others = is_subject(before) && !watches && !has_own(before);
        let works = || !watches && is_work(before) && acts_on_us(after);
        is_others && (failed_itself(after) || acts_on_us(after) || acted(rest)) || works()
    };
    let did = || !after.starts_with(['\'', '’']) && done_by(before);
    // "our database at Acme, which stalled on their side"
    let is_held = is_held(before) && !words(after).any(|word| said.theirs.is_all(word));
    // "on Acme's side"
    let is_there = after.starts_with(['\'', '’']) || !is_elsewhere(before);
    let told = || is_there && (cue_after(rest) || suffered(rest));
    if !is_way && !is_held && (told() || !is_place(before) && in_bad_state(rest))
        || !is_way && (acts() || did())
        || they_tell(after)
        || !watches && (hangs() || befell(before, rest) || its_own_failed(before, rest))
    {
        blame = blame.max(BLAMED_AFTER * share);
    }
    if is_wanting(before, after) {
        blame = blame.max(BLAMED_AFTER);
    }
    if !is_way && tells_of_repair(after) {
        blame = blame.max(BLAMED_BEFORE);
    }
    let is_ours = || own_instance || is_modifier(after) || has_own(before) && is_own_machine(after);
    // "Acme refused us because our key had expired": our doing.
    if blame > 0.0 && (is_ours() || said.own_cause.any(after)) { blame * OWN_INSTANCE } else { blame }
}

/// "a power failure at Acme", "ein Netzwerkausfall bei Acme".
fn happened_at(before: &str) -> bool {
    let said = third_parties();
    let before = before.trim_end();
    let article = before.rsplit_once(' ').filter(|(_, word)| said.articles.is_all(word));
    let before = article.map_or(before, |(rest, _)| rest);
    let place = before.rfind(' ').map(|at| before.split_at(at));
    place.is_some_and(|(happened, at)| said.happens_at.is_all(at.trim()) && what_happened(happened))
}

/// Does a text end with what may happen to a third party, but for one word that tells what kind: "une panne réseau"?
pub fn what_happened(before: &str) -> bool {
    let happened = |word: &str| {
        let word = word.to_lowercase();
        third_parties().happenings.iter().any(|ending| word.ends_with(*ending))
    };
    !before.ends_with([',', '.', ';', ':']) && before.split_whitespace().rev().take(2).any(happened)
}

/// "had a network failure", "hatte einen Stromausfall".
fn suffered(after: &str) -> bool {
    let after = after.trim_start();
    let had = third_parties().suffers.find(after).first().map(|cue| cue.range.clone()).filter(|had| had.start == 0);
    let what = had.and_then(|had| after.get(had.end..)).unwrap_or("");
    let what = what.split([',', '.', ';', ':']).next().unwrap_or("");
    let begun = |words: usize| what.match_indices(' ').nth(words).map_or(what, |(at, _)| what.get(..at).unwrap_or(""));
    // "had no trouble", "had reported the error"
    let is_its = |words: usize| !self::words(begun(words)).any(said_of_others);
    (2..=SUFFERED_WORDS).any(|words| what_happened(begun(words)) && is_its(words))
}

/// Between "had" and what happened: it did not, or it was done to what was told before.
fn said_of_others(word: &str) -> bool {
    let said = third_parties();
    said.denying.is_all(word) || word.ends_with("ed") && word.len() > 3 && !said.qualities.is_all(word)
}

/// Words of what was suffered.
const SUFFERED_WORDS: usize = 4;

/// Does a sentence begin with the name, but for an article and one word, or who works there?
fn is_subject(before: &str) -> bool {
    let clause = before.rsplit(':').next().unwrap_or(before);
    let begun = third_parties().clause_begins.find(clause).last().map_or(0, |cue| cue.range.end);
    let clause = clause.get(begun..).unwrap_or(clause);
    if ends_with_role(clause) {
        return true;
    }
    if words(clause).count() <= 3 && words(clause).take(2).any(|word| third_parties().people.opens(word)) {
        return true;
    }
    let mut left = clause.split_whitespace().filter(|w| w.starts_with(char::is_alphabetic));
    // "that calls Acme": who calls is told of, not Acme.
    let is_first = |word: &str| begun == 0 || third_parties().articles.is_all(word);
    left.next().is_none_or(is_first) && left.next().is_none() && !clause.contains(',')
}

/// "Acme's zone, which held our servers, had an outage": said of the subject, however late.
fn failed_itself(after: &str) -> bool {
    let suffered = third_parties().suffered.find(after);
    let is_ours = |gap: &str| words(gap).any(|word| is_one(third_parties().ourselves, word));
    suffered
        .iter()
        .any(|c| after.get(..c.range.start).is_some_and(|gap| !gap.contains([';', ':', '|']) && !is_ours(gap)))
}

/// "Acme moved our servers": an ordinary word that begins a sentence so is a name.
pub fn does_to_us(text: &str, range: &Span) -> bool {
    let (before, after) = (text.get(..range.start).unwrap_or(""), text.get(range.end..).unwrap_or(""));
    is_subject(before) && !has_own(before) && touches_us(after)
}

/// "Acme moved our servers", "Acme could not reach us", "Acme lost cooling": what a third party does of itself in a
/// report, to what is ours or to its own harm, unless it is a kindness.
fn acts_on_us(after: &str) -> bool {
    harmed_itself(&act(after).to_lowercase()) || touches_us(after)
}

fn touches_us(after: &str) -> bool {
    let act = act(after).to_lowercase();
    let mut words = act.split_whitespace().skip_while(|w| w.ends_with("ly") && !third_parties().kindly.opens(w));
    let Some(verb) = words.next().filter(|_| after.starts_with([' ', '\'', '’'])) else { return false };
    let verb_of = |known: &Cues<()>| known.opens(verb);
    let past = verb.ends_with("ed") || verb_of(&third_parties().past_verbs);
    past && !verb_of(&third_parties().kindly)
        && words.take(ACT_WORDS).any(|w| matches!(w.trim_matches(','), "our" | "us"))
}

/// What is said that a name, or who works there, does.
fn act(after: &str) -> &str {
    let after = after.strip_prefix("'s").or_else(|| after.strip_prefix("’s")).map_or(after, skip_word);
    let works_there = words(after).next().is_some_and(|word| third_parties().people.opens(word));
    let after = if works_there { skip_word(after) } else { after };
    let end = floor(after, ACT_BYTES).min(after.find([';', ':', '.', '(', '|']).unwrap_or(after.len()));
    if after.starts_with(' ') { after.get(..end).unwrap_or("") } else { "" }
}

/// "Acme informs us that the routing has been restored": what one repairs had failed.
fn tells_of_repair(after: &str) -> bool {
    let said = third_parties();
    let Some(tells) = said.tells.find(after).into_iter().next() else { return false };
    let near =
        after.get(..tells.range.start).is_some_and(|gap| words(gap).count() <= GAP.words && !gap.contains([',', ';']));
    let what = after.get(tells.range.end..).unwrap_or("").split([';', '.']).next().unwrap_or("");
    let ours = words(what).any(|word| said.ours.is_all(word) || is_one(said.ourselves, word));
    near && !ours && said.repaired.any(what)
}

/// "Acme support; they confirmed that a disk of theirs".
fn they_tell(after: &str) -> bool {
    let found = third_parties().they_tell.find(after);
    found.first().is_some_and(|cue| {
        let gap = after.get(..cue.range.start).unwrap_or("");
        gap.len() <= ACT_BYTES && !words(gap).any(|word| is_one(third_parties().ourselves, word))
    })
}

fn harmed_itself(act: &str) -> bool {
    third_parties().harms_itself.opens(act.trim_start())
}

/// "was restarted by Acme", "our database was moved to another host by Acme".
fn done_by(before: &str) -> bool {
    done_right_by(before) || done_to_us_by(before) || happened_by(before)
}

/// "ein Fehler bei der Wartung durch Acme", "une coupure du réseau par Acme".
fn happened_by(before: &str) -> bool {
    let said = third_parties();
    let clause = before.rsplit([',', ';', ':', '.', '(']).next().unwrap_or(before).trim_end();
    let Some((told, by)) = clause.rsplit_once(' ') else { return false };
    let happening = |word: &str| what_happened(word);
    is_one(said.doers, by) && words(told).rev().take(DONE_WORDS_MAX).any(happening)
}

/// The same, with what became of what is ours between.
fn done_to_us_by(before: &str) -> bool {
    let said = third_parties();
    let clause = before.rsplit([',', ';', ':', '.', '(']).next().unwrap_or(before);
    let Some((told, _)) = clause.trim_end().rsplit_once(" by") else { return false };
    let all: Vec<&str> = words(told).collect();
    let Some(was) = all.iter().rposition(|word| said.passive.is_all(word)) else { return false };
    let ours = all.iter().take(was).any(|word| said.ours.is_all(word));
    let verb = all.get(was + 1).map(|word| word.to_lowercase());
    let done = |verb: &str| verb.ends_with("ed") || said.past_verbs.opens(verb);
    ours && clause.trim_end().ends_with(" by")
        && all.len() - was <= DONE_WORDS_MAX
        && verb.is_some_and(|verb| done(&verb) && !said.kindly.opens(&verb) && !is_one(said.harmless, &verb))
}

/// Words from what was done to who did it.
const DONE_WORDS_MAX: usize = 8;

fn done_right_by(before: &str) -> bool {
    let mut words = before.trim_end().rsplit(' ');
    let by = words.next().is_some_and(|w| w.eq_ignore_ascii_case("by"));
    let verb = words.next().unwrap_or("").to_lowercase();
    let is = words.take(2).any(|word| third_parties().passive.opens(word));
    by && is
        && (verb.ends_with("ed") || third_parties().past_verbs.opens(&verb))
        && !third_parties().kindly.opens(&verb)
}

fn skip_word(text: &str) -> &str {
    let text = text.trim_start();
    text.find(' ').and_then(|at| text.get(at..)).unwrap_or("")
}

/// How far an act reaches.
const ACT_BYTES: usize = 80;
const ACT_WORDS: usize = 6;

/// What the forms of blame are worth, and the factors for products and own instances of them.
const SOFTWARE_BLAME: f32 = 0.9;
const BLAMED_BEFORE: f32 = 0.9;
const BLAMED_AFTER: f32 = 0.8;
const PRODUCT: f32 = 0.65;
const OWN_INSTANCE: f32 = 0.3;
const NOUN: f32 = 0.95;
const FAINT_NOUN: f32 = 0.7;

/// Is the name only what something of the customer's belongs to?
pub fn is_modifier(after: &str) -> bool {
    let noun = after.split([',', ';', '.']).next().unwrap_or("");
    noun.starts_with(' ') && words(noun).take(2).any(|word| third_parties().own_things.opens(word))
}

/// "our RDS instance", "the team's S3 bucket", but not "our carrier Acme".
fn has_own(before: &str) -> bool {
    !ends_with_role(before) && before.split_whitespace().rev().take(2).any(|word| third_parties().ours.opens(word))
}

/// "our Acme server": ours, whoever it is rented from.
fn is_own_machine(after: &str) -> bool {
    after.starts_with(' ') && words(after).next().is_some_and(|word| third_parties().own_machines.is_all(word))
}

/// The words of a text without the marks around them.
pub fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Does such a word stand closely before the name?
pub fn close_before(before: &str, cues: &Cues<()>) -> bool {
    let tail = tail(before);
    cues.find(tail).iter().any(|c| is_close(tail.get(c.range.end..).unwrap_or("")))
}

fn tail(before: &str) -> &str {
    let from = before.len().saturating_sub(BLAME_GAP_BYTES + 24);
    let from = (from..=before.len()).find(|i| before.is_char_boundary(*i)).unwrap_or(before.len());
    before.get(from..).unwrap_or("")
}

/// Few words and no end of a clause between a blaming word and the name.
fn is_close(gap: &str) -> bool {
    gap.len() <= BLAME_GAP_BYTES
        && gap.split_whitespace().count() <= BLAME_GAP_WORDS
        && !gap.contains([';', '.', ':'])
        && !turned_away(gap)
}

/// Is something else blamed than the name that follows? "an outage of our cloud provider Acme" is the name's: what
/// follows is who it is, not what is ours of it.
fn turned_away(gap: &str) -> bool {
    let said = third_parties();
    // "a failure in our caching provider (Acme)"
    let who = gap.trim_end_matches([' ', ',', '(']);
    let is_trade = who.split_whitespace().next_back().is_some_and(|word| said.roles.opens(word));
    let is_ours = |found: &str| said.ours.opens(found);
    said.turned_away.find(gap).iter().any(|c| !(is_trade && gap.get(c.range.clone()).is_some_and(is_ours)))
}

/// What may stand between a name and what happened to it, and between it and what happened to something of its own.
const GAP: Gap = Gap { bytes: 24, words: 2 };
const GAP_OWN: Gap = Gap { bytes: 40, words: 5 };

#[derive(Clone, Copy)]
struct Gap {
    bytes: usize,
    words: usize,
}

/// "our payment gateway", "the gateway we use".
fn ends_with_role(text: &str) -> bool {
    let text = text.trim_end_matches([' ', ',', '(']);
    let tail = tail(text);
    third_parties().roles.find(tail).last().is_some_and(|role| role.range.end == tail.len())
}

/// What is said of the name behind who it is: "our carrier, Acme, lost power", "Acme (one of our carriers) lost power".
fn past_apposition<'t>(before: &str, after: &'t str) -> &'t str {
    if let Some((who, rest)) = after.strip_prefix(" (").and_then(|rest| rest.split_once(')')) {
        return if who.len() <= APPOSED_BYTES { rest } else { after };
    }
    if let Some(rest) = after.strip_prefix(')').filter(|_| before.ends_with('(') && ends_with_role(before)) {
        return rest;
    }
    let Some(rest) = after.strip_prefix(',') else { return past_relative(after) };
    let is_who = |who: &str| {
        let who = who.trim_start();
        let apposed = third_parties().related_apposed.opens(who) || third_parties().apposing.opens(who);
        ends_with_role(who) || who.len() <= APPOSED_BYTES && apposed
    };
    match rest.split_once(',') {
        _ if ends_with_role(before) && before.trim_end().ends_with(',') => rest,
        Some((who, rest)) if is_who(who) => rest,
        _ => past_relative(after),
    }
}

/// Who a third party is takes no more to say.
const APPOSED_BYTES: usize = 80;

fn cue_after(after: &str) -> bool {
    // "Acme's routing layer was degraded": what is its own does not stand between.
    let own = ["'s ", "’s "].iter().any(|s| after.starts_with(s));
    cue_within(after, if own { GAP_OWN } else { GAP })
}

/// "was timing out", "'s storage in the north had been read-only".
fn in_bad_state(after: &str) -> bool {
    let said = third_parties();
    let own = ["'s ", "’s "].iter().any(|s| after.starts_with(s));
    let Gap { bytes, words: most } = if own { GAP_OWN } else { GAP };
    let head = after.get(..floor(after, BLAME_GAP_BYTES + 24)).unwrap_or("");
    let Some(is) = said.being_in.find(head).into_iter().next() else { return false };
    let (gap, rest) = (head.get(..is.range.start).unwrap_or(""), head.get(is.range.end..).unwrap_or(""));
    let close = gap.len() <= bytes && words(gap).count() <= most && !gap.contains([';', '.', ':', ',', '(', '|']);
    let adverb = rest.trim_start().split_once(' ').map_or("", |(_, rest)| rest);
    let state = [rest.trim_start(), adverb].into_iter().find(|state| said.bad_states.opens(state));
    let ended = |state: &str| {
        said.bad_states
            .find(state)
            .first()
            .is_some_and(|cue| said.others_doing.opens(state.get(cue.range.end..).unwrap_or("").trim_start()))
    };
    close && state.is_some_and(|state| !ended(state))
}

/// "Our servers at Acme": what is told of them is not told of Acme.
fn is_held(before: &str) -> bool {
    let said = third_parties();
    let clause = before.rsplit([',', ';', ':', '.', '(']).next().unwrap_or(before);
    let mut back = words(clause).rev();
    // An article may stand before the name.
    let held = back.by_ref().take(2).any(|word| said.holding.is_all(word));
    held && back.take(HELD_WORDS).any(|word| said.ours.is_all(word))
}

/// "Probes in Acme were failing": where something is, not what failed.
fn is_place(before: &str) -> bool {
    words(before).next_back().is_some_and(|word| third_parties().holding.is_all(word))
}

/// "Readers in Acme lost connectivity": neither an outage there nor who works there, but somebody who is there.
fn is_elsewhere(before: &str) -> bool {
    let said = third_parties();
    let Some((who, place)) = before.trim_end().rsplit_once(' ') else { return false };
    let works_there = |word: &str| said.people.opens(word) || said.provisions.is_all(word);
    said.amid.is_all(place) && !what_happened(who) && !words(who).next_back().is_some_and(works_there)
}

/// "With Acme down, nobody could log in", "due to Acme being unavailable".
fn is_wanting(before: &str, after: &str) -> bool {
    let said = third_parties();
    let told = after.strip_prefix(' ').unwrap_or("");
    words(before).next_back().is_some_and(|word| said.lacking.is_all(word)) && said.bad_states.opens(told)
}

/// Words of what is ours somewhere.
const HELD_WORDS: usize = 4;

fn cue_within(after: &str, allowed: Gap) -> bool {
    let end = floor(after, BLAME_GAP_BYTES + 24);
    let head = after.get(..end).unwrap_or("");
    third_parties().blame_after.find(head).iter().any(|c| {
        let gap = head.get(..c.range.start).unwrap_or("");
        // "traffic went down to its usual level", "webhooks were rejected by our firewall"
        let rest = head.get(c.range.end..).unwrap_or("");
        let is_other = third_parties().others_doing.opens(rest.trim_start());
        // "With the help of Acme we replaced the disk".
        let coordinated = words(gap).next_back().is_some_and(|word| is_one(third_parties().coordinating, word));
        !is_other
            && !coordinated
            && !words(gap).any(|word| is_one(third_parties().ourselves, word))
            && gap.len() <= allowed.bytes
            && gap.split_whitespace().count() <= allowed.words
            && !gap.contains([';', '.', ':', ',', '(', '|'])
    })
}

/// "the Acme private network outage": up to three words, then what happened.
fn noun_after(after: &str) -> Option<f32> {
    let end = floor(after, BLAME_GAP_BYTES + 24);
    let head = after.get(..end).unwrap_or("");
    let said = third_parties();
    let cue = said.blame_nouns.find(head).into_iter().next()?;
    let gap = head.get(..cue.range.start).unwrap_or("");
    let words: Vec<&str> = gap.split_whitespace().collect();
    let turned = gap.starts_with(|c: char| !c.is_ascii() && c.is_alphabetic()) && said.turned_away.any(gap);
    let clean = !gap.contains([';', '.', ':', ',', '(', ')', '|']) && words.len() <= 3 && !turned;
    let joined = words.iter().skip_while(|w| matches!(**w, "'s" | "’s")).any(|word| said.linking.opens(word));
    if !clean || joined {
        return None;
    }
    if said.handling.opens(head.get(cue.range.end..).unwrap_or("").trim_start()) {
        return None;
    }
    let is_faint = head.get(cue.range.clone()).is_some_and(|noun| said.faint_nouns.opens(noun));
    Some(if is_faint { FAINT_NOUN } else { NOUN })
}
