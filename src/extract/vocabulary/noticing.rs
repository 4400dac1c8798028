//! Words for who or what noticed an incident first (`detection.toml`).

use super::cues::Cues;
use crate::domain::Detection;
use crate::text::{Words, shipped};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What words say of who noticed first.
pub struct Noticing {
    /// Phrases that tell the source outright.
    pub phrase: Cues<Detection>,
    /// Who may notice.
    pub actor: Cues<Detection>,
    /// What one who notices does.
    pub verb: Cues<NoticingVerb>,
    /// Words that put a noticing off, or tell of a later one.
    pub not: Cues<()>,
    /// Words that say who did not notice: a clause of them tells nothing, the next one may.
    pub silent: Cues<()>,
    /// Where the next clause begins.
    pub turns: Cues<()>,
    /// A form's own words.
    pub prompt: Cues<()>,
    /// Somebody told us: where nobody is named who did, an outsider.
    pub told_us: Cues<()>,
    /// Behind what somebody saw: it was mended, or the mending had failed.
    pub mended: Cues<()>,
    /// Behind what an outsider told: it answers us.
    pub answers: Cues<()>,
    /// Says that what comes behind is how it was noticed.
    pub hint: Cues<()>,
    /// What reaches a support desk, what one does who gets it, and what it does itself.
    pub tidings: Cues<()>,
    pub takes: Cues<()>,
    pub comes: Cues<()>,
    /// Who takes calls for a team.
    pub desk: Cues<()>,
    /// What the public opens or files.
    pub raised: Cues<()>,
    /// Begins what tells whose a person or a desk is.
    pub others: Vec<String>,
    /// Where the public talks.
    pub public: Cues<()>,
    /// Somebody of whom nothing is known.
    pub anybody: Words,
    /// How a fault becomes plain, and the work in which it does.
    pub surfaces: Cues<()>,
    pub occasions: Cues<()>,
    /// Before an occasion.
    pub during: Words,
    /// Behind "could not": the trouble of those who mend.
    pub toil: Cues<()>,
    /// Before one of us who is a user as well.
    pub own: Words,
    /// Before one who did not notice, or not first.
    pub instead: Cues<()>,
    /// Between these and who did not notice.
    pub determiners: Words,
    /// Behind one who did what others did not.
    pub did: Cues<()>,
    /// Between what came first and what came then; and what turns that round.
    pub then: Cues<()>,
    pub since: Cues<()>,
    /// What stands before who did it: "noticed by".
    pub by: Words,
    /// Small words between one who notices and the verb.
    pub small: Words,
    /// Before a machine that somebody asks who knows already: "checking the dashboards".
    pub probing: Cues<()>,
    /// Begins what one was doing while noticing.
    pub meanwhile: Cues<()>,
    /// Between two of somebody's verbs.
    pub joints: Vec<String>,
    /// Before what looks like a verb and is a thing: "their flags".
    pub articles: Words,
    /// Before a verb that is not done.
    pub never: Words,
    /// Between somebody and a verb: told to them, not by them, or not yet.
    pub undergone: Words,
    /// What one does who is about to.
    pub begins: Words,
    /// Behind a machine's name: something else is meant.
    pub adjunct: Words,
    /// What begins the clause that tells what was reported.
    pub that: Words,
    /// All of us: who tells others, not each other.
    pub ourselves: Words,
    /// What one tells of, right behind the verb.
    pub objects: Words,
}

/// What one who notices does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticingVerb {
    /// People become aware.
    Notices,
    /// People see something, which may be no more than the harm.
    Sees,
    /// People tell others.
    Reports,
    /// People tell all the world.
    Posts,
    /// People fail at what they are about.
    Fails,
    /// Machines do.
    Machine,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    not: Vec<String>,
    silent: Vec<String>,
    turns: Vec<String>,
    prompt: Vec<String>,
    told_us: Vec<String>,
    mended: Vec<String>,
    answers: Vec<String>,
    hint: Vec<String>,
    tidings: Vec<String>,
    takes: Vec<String>,
    comes: Vec<String>,
    desk: Vec<String>,
    raised: Vec<String>,
    others: Vec<String>,
    public: Vec<String>,
    anybody: Words,
    surfaces: Vec<String>,
    occasions: Vec<String>,
    during: Words,
    toil: Vec<String>,
    own: Words,
    instead: Vec<String>,
    determiners: Words,
    did: Vec<String>,
    then: Vec<String>,
    since: Vec<String>,
    by: Words,
    small: Words,
    probing: Vec<String>,
    meanwhile: Vec<String>,
    joints: Vec<String>,
    never: Words,
    articles: Words,
    undergone: Words,
    begins: Words,
    adjunct: Words,
    that: Words,
    ourselves: Words,
    objects: Words,
    phrase: BTreeMap<String, Vec<String>>,
    actor: BTreeMap<String, Vec<String>>,
    verb: VerbFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerbFile {
    notices: Vec<String>,
    sees: Vec<String>,
    reports: Vec<String>,
    posts: Vec<String>,
    fails: Vec<String>,
    machine: Vec<String>,
}

static NOTICING: LazyLock<Noticing> = LazyLock::new(|| {
    let file: File = shipped!("extract/vocabulary/detection.toml").expect("the shipped vocabulary is valid");
    Noticing {
        phrase: by_source(&file.phrase),
        actor: by_source(&file.actor),
        verb: verbs(&file.verb),
        not: plain(&file.not),
        silent: plain(&file.silent),
        turns: plain(&file.turns),
        prompt: plain(&file.prompt),
        told_us: plain(&file.told_us),
        mended: plain(&file.mended),
        answers: plain(&file.answers),
        hint: plain(&file.hint),
        tidings: plain(&file.tidings),
        takes: plain(&file.takes),
        comes: plain(&file.comes),
        desk: plain(&file.desk),
        raised: plain(&file.raised),
        others: file.others,
        public: plain(&file.public),
        anybody: file.anybody,
        surfaces: plain(&file.surfaces),
        occasions: plain(&file.occasions),
        during: file.during,
        toil: plain(&file.toil),
        own: file.own,
        instead: plain(&file.instead),
        determiners: file.determiners,
        did: plain(&file.did),
        then: plain(&file.then),
        since: plain(&file.since),
        by: file.by,
        small: file.small,
        probing: plain(&file.probing),
        meanwhile: plain(&file.meanwhile),
        joints: file.joints,
        never: file.never,
        articles: file.articles,
        undergone: file.undergone,
        begins: file.begins,
        adjunct: file.adjunct,
        that: file.that,
        ourselves: file.ourselves,
        objects: file.objects,
    }
});

fn plain(words: &[String]) -> Cues<()> {
    Cues::new(words.iter().map(|word| ((), 1.0, word.as_str())))
}

fn by_source(words: &BTreeMap<String, Vec<String>>) -> Cues<Detection> {
    let known = words.iter().filter_map(|(name, words)| Some((Detection::parse(name)?, words)));
    Cues::new(known.flat_map(|(label, words)| words.iter().map(move |word| (label, 1.0, word.as_str()))))
}

fn verbs(file: &VerbFile) -> Cues<NoticingVerb> {
    let verbs = [
        (NoticingVerb::Notices, &file.notices),
        (NoticingVerb::Sees, &file.sees),
        (NoticingVerb::Reports, &file.reports),
        (NoticingVerb::Posts, &file.posts),
        (NoticingVerb::Fails, &file.fails),
        (NoticingVerb::Machine, &file.machine),
    ];
    Cues::new(verbs.into_iter().flat_map(|(verb, words)| words.iter().map(move |word| (verb, 1.0, word.as_str()))))
}

/// The shipped words for detection.
pub fn noticing() -> &'static Noticing {
    &NOTICING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_known() {
        let file: File = toml::from_str(include_str!("detection.toml")).unwrap();
        for name in file.phrase.keys().chain(file.actor.keys()) {
            assert!(Detection::parse(name).is_some(), "no label {name}");
        }
    }
}
