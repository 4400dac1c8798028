//! How reports speak of third parties (`third_parties.toml`): what blames them, what clears them, what introduces them.

use super::cues::Cues;

lists! {
    /// Lists of cue words about third parties, one purpose each.
    ThirdParties = third_parties;
    /// Words that blame what follows them.
    blame_before;
    /// Words that blame what stands before them.
    blame_after;
    /// Words that blame whatever follows, were it what watches.
    blame_any;
    /// What a third party suffers or does of itself, right after its name.
    harms_itself;
    /// Verbs of the past that do not end like most.
    past_verbs;
    /// What a third party does for us, or is for us.
    kindly;
    /// Words that take blame away.
    no_blame;
    /// Words that look like these and clear us.
    not_ours;
    /// What can happen to a provider: "the Acme outage".
    blame_nouns;
    /// "Our infrastructure provider".
    unnamed_provider;
    /// Words beside which an ambiguous name is a provider's.
    provider_context;
    /// Words of a passing mention.
    passing;
    /// Right after a name: something that is much like it.
    likeness;
    /// Before the name of software that has a bug, and behind it.
    bug_before;
    bug_after;
    /// Right before a name: what was broken led there.
    ways;
    /// What the subject of a sentence suffered, however late.
    suffered;
    /// "was", before a verb.
    passive;
    /// What a customer has of a third party.
    own_things;
    /// "our", before a product.
    ours;
    /// Between a word of blame and a name: something else is blamed.
    turned_away;
    /// Right behind what happened: it happened to others, or by others.
    others_doing;
    /// Between a name and what happened: it happened to something else.
    linking;
    /// Right behind what happened: how it was handled.
    handling;
    /// Of what can happen to a provider, what may be ours as well.
    faint_nouns;
    /// With these an unnamed provider is blamed, besides the usual words.
    unnamed_doing;
    /// Right before the name of a third party, and right after it.
    related_before;
    related_after;
    /// And where nothing else can stand.
    outside_before;
    outside_after;
    /// "was", and in what state.
    being_in;
    bad_states;
    /// Between what is ours and where it is.
    holding;
    /// "their".
    theirs;
    /// "the", between where it happened and a name.
    articles;
    /// After a name and 's: the fault was there.
    related_possessive;
    /// "at", between what happened and a name.
    happens_at;
    /// Keys of a third party, and of one that is at fault.
    related_keys;
    fault_keys;
    /// Who a third party is to us, and whose it is.
    roles;
    whose;
    /// Between a name and what happened to it: "had a".
    suffers;
    /// Who works for a third party.
    people;
    /// Behind a name and a comma: who it is to us.
    related_apposed;
    /// "which", "whose": what is told of the name before.
    relative;
    relative_own;
    /// What befalls a place or a line, and where.
    befalls;
    befalls_at;
    linking_own;
    /// Behind what happened: it was our doing.
    own_cause;
    /// "our Acme server": what is ours where it is said to be.
    own_machines;
    /// Before and behind the name of software that others made.
    software_before;
    software_nouns;
    /// Behind these a clause begins.
    clause_begins;
    /// Said of what is another's.
    of_theirs;
    /// Behind a version: it has a bug.
    bug_told;
    /// Behind a name or its version: so does it.
    has_bug;
    /// The last word of the name of a place, which is nobody.
    sites;
    /// Behind a version: so did it; before the name: that it is a new one.
    version_harm;
    versions_of;
    /// Before the name of a package, what harms there, and what looks like a name.
    packages;
    package_harm;
    no_packages;
    /// "that we use", behind an outsider.
    own_use;
    /// Before a name: where one reports what is wrong with it; behind it: who makes it.
    reported_to;
    makers;
    /// What a third party changes for all its customers.
    altered;
    /// What they say of themselves whom we asked.
    they_tell;
    /// Outsiders without a name; what they may be called, and what before it says that they are none of ours.
    outsiders;
    traders;
    traded;
    /// Before a name, of who is there and not of its people.
    amid;
    /// "with", before a name and that it was down.
    lacking;
    /// Between "had" and what happened: that it did not happen, or happened to others; and what ends as verbs do.
    denying;
    qualities;
    /// How it begins who somebody is, behind a name and a comma.
    apposing;
    our_release;
    /// What is a third party's and no customer runs; what befalls it.
    provisions;
    fails;
    answered_badly;
    made;
    /// Before the name of somebody unknown whose line was cut.
    lines_of;
    /// "informs us", and what it has repaired.
    tells;
    repaired;
    [endings]
    /// What happened to it, as the end of the word before.
    happenings;
    /// "is", between who somebody is to us and the name.
    being;
    /// "one of", before "our"; " of ours", behind what somebody is.
    among;
    of_us;
    /// What one sends to a third party.
    requests;
    /// Before a bad thing that somebody made, and before a mistake.
    faulty;
    mistaken;
    /// Between it and whose it is.
    made_by;
    made_of;
    /// "we", between a name and what happened.
    ourselves;
    /// The last word of a name, which says the trade.
    trades;
    /// "between", behind a line.
    spans;
    /// "had", before what was done; what is done that does no harm; verbs that do not end in "ed".
    had;
    harmless;
    participles;
    /// Of a package that is ours.
    in_house;
    /// "the", before what was done to something.
    determiners;
    /// Between what somebody made and who.
    work_of;
    /// How participles begin.
    german_done;
    /// "durch", before who did what happened.
    doers;
    /// "and", right before what somebody else did.
    coordinating;
}

/// Is a word one of a list of single words, in any case?
pub fn is_one<W: AsRef<str>>(list: &[W], word: &str) -> bool {
    list.iter().map(AsRef::as_ref).any(|known: &str| known.len() == word.len() && known.eq_ignore_ascii_case(word))
}

/// The shipped lists.
pub fn third_parties() -> &'static ThirdParties {
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_load() {
        assert!(third_parties().blame_before.any("an issue at our carrier"));
        assert!(!third_parties().blame_before.any("all was well"));
    }
}
