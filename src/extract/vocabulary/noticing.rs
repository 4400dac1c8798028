//! Words for who or what noticed an incident first (`detection.toml`).

use super::cues::Cues;
use crate::domain::Detection;
use crate::text::{List, Words, listed_list, shipped};
use serde::Deserialize;
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
    /// How a sentence begins that tells what is to be done.
    pub orders: Cues<()>,
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
    /// Before what somebody saw who was looking for the cause already.
    pub inquiry: Cues<()>,
    /// Between our noticing and what made us notice.
    pub spurs: Cues<()>,
    /// What machines are said to do who tell; one of us who does it tells others.
    pub active: Cues<()>,
    /// What somebody sends who tells.
    pub news: Cues<()>,
    /// Between news and who brought them, besides `by`.
    pub of_whom: Words,
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
    /// People and machines of another: "the bank's fraud team".
    pub parts: Words,
    /// What outsiders do among themselves.
    pub inward: Words,
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
    others: Vec<String>,
    anybody: Words,
    during: Words,
    own: Words,
    of_whom: Words,
    determiners: Words,
    by: Words,
    small: Words,
    joints: Vec<String>,
    never: Words,
    articles: Words,
    undergone: Words,
    begins: Words,
    adjunct: Words,
    that: Words,
    ourselves: Words,
    objects: Words,
    parts: Words,
    inward: Words,
}

static NOTICING: LazyLock<Noticing> = LazyLock::new(|| {
    let file: File = shipped!("extract/vocabulary/detection.toml").expect("the shipped vocabulary is valid");
    Noticing {
        phrase: by_source(listed_list!(detection::phrase)),
        actor: by_source(listed_list!(detection::actor)),
        verb: Cues::labelled(listed_list!(detection::verb), |verb| Some((verb_named(verb)?, 1.0))),
        not: Cues::listed(listed_list!(detection::not)),
        silent: Cues::listed(listed_list!(detection::silent)),
        turns: Cues::listed(listed_list!(detection::turns)),
        orders: Cues::listed(listed_list!(detection::orders)),
        prompt: Cues::listed(listed_list!(detection::prompt)),
        told_us: Cues::listed(listed_list!(detection::told_us)),
        mended: Cues::listed(listed_list!(detection::mended)),
        answers: Cues::listed(listed_list!(detection::answers)),
        hint: Cues::listed(listed_list!(detection::hint)),
        tidings: Cues::listed(listed_list!(detection::tidings)),
        takes: Cues::listed(listed_list!(detection::takes)),
        comes: Cues::listed(listed_list!(detection::comes)),
        desk: Cues::listed(listed_list!(detection::desk)),
        raised: Cues::listed(listed_list!(detection::raised)),
        others: file.others,
        public: Cues::listed(listed_list!(detection::public)),
        anybody: file.anybody,
        surfaces: Cues::listed(listed_list!(detection::surfaces)),
        occasions: Cues::listed(listed_list!(detection::occasions)),
        during: file.during,
        toil: Cues::listed(listed_list!(detection::toil)),
        own: file.own,
        inquiry: Cues::listed(listed_list!(detection::inquiry)),
        spurs: Cues::listed(listed_list!(detection::spurs)),
        active: Cues::listed(listed_list!(detection::active)),
        news: Cues::listed(listed_list!(detection::news)),
        of_whom: file.of_whom,
        instead: Cues::listed(listed_list!(detection::instead)),
        determiners: file.determiners,
        did: Cues::listed(listed_list!(detection::did)),
        then: Cues::listed(listed_list!(detection::then)),
        since: Cues::listed(listed_list!(detection::since)),
        by: file.by,
        small: file.small,
        probing: Cues::listed(listed_list!(detection::probing)),
        meanwhile: Cues::listed(listed_list!(detection::meanwhile)),
        joints: file.joints,
        never: file.never,
        articles: file.articles,
        undergone: file.undergone,
        begins: file.begins,
        adjunct: file.adjunct,
        that: file.that,
        ourselves: file.ourselves,
        objects: file.objects,
        parts: file.parts,
        inward: file.inward,
    }
});

fn by_source(list: &'static List) -> Cues<Detection> {
    Cues::labelled(list, |name| Some((Detection::parse(name)?, 1.0)))
}

fn verb_named(name: &str) -> Option<NoticingVerb> {
    Some(match name {
        "notices" => NoticingVerb::Notices,
        "sees" => NoticingVerb::Sees,
        "reports" => NoticingVerb::Reports,
        "posts" => NoticingVerb::Posts,
        "fails" => NoticingVerb::Fails,
        "machine" => NoticingVerb::Machine,
        _ => return None,
    })
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
        for list in [listed_list!(detection::phrase), listed_list!(detection::actor)] {
            for (name, _) in list.parts {
                assert!(Detection::parse(name).is_some(), "no label {name}");
            }
        }
        assert!(listed_list!(detection::verb).parts.iter().all(|(name, _)| verb_named(name).is_some()));
    }
}
