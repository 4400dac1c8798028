//! Cue words grouped by what they tell: causes, detection, and plain lists with one purpose each.

use super::cues::Cues;
use crate::domain::{Component, Trigger};
use crate::text::{List, WordMap, Words, listed_list, shipped};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Weights of the three tiers: a word that names a label outright, one that speaks for it, one that tips a balance.
const STRONG: f32 = 3.0;
const PLAIN: f32 = 1.0;
const WEAK: f32 = 0.5;

/// What words say of trigger and component.
pub struct Causes {
    pub trigger: Cues<Trigger>,
    pub component: Cues<Component>,
}

/// The weight of a part of such words, named by label and tier; a test sees to it that all labels are known.
fn weighed<'f, L: Copy>(part: &'f str, parse: impl Fn(&'f str) -> Option<L>) -> Option<(L, f32)> {
    let (name, tier) = part.split_once(' ')?;
    let weight = match tier {
        "strong" => STRONG,
        "weak" => WEAK,
        _ => PLAIN,
    };
    Some((parse(name)?, weight))
}

static CAUSES: LazyLock<Causes> = LazyLock::new(|| Causes {
    trigger: Cues::labelled(listed_list!(causes::trigger), |part| weighed(part, Trigger::parse)),
    component: Cues::labelled(listed_list!(causes::component), |part| weighed(part, Component::parse)),
});

/// The shipped words for causes.
pub fn causes() -> &'static Causes {
    &CAUSES
}

/// What makes a sentence the explanation of an incident.
pub struct Explaining {
    /// What each feature adds.
    pub weights: WordMap<String, f32>,
    /// Words by what they tell.
    pub words: Cues<&'static str>,
    /// Words that count only as the first of a sentence.
    pub opening: Cues<&'static str>,
    /// What single words and two in a row add, of the sentence and, after a `#`, of the heading above it.
    pub learned: WordMap<String, f32>,
    /// The first words of pairs among these, and `^` for pairs with the beginning; after a `#` those of headings.
    pub pairs: Words,
    /// How a question after a cause begins, and headings of rows of such questions.
    pub asks_why: Cues<()>,
    pub whys: Cues<()>,
    /// Words that only sound like those for a cause.
    pub sought: Cues<()>,
    /// Before why it was not found in time.
    pub uncaught: Cues<()>,
    /// In headings above what only contributed.
    pub contributing: Cues<()>,
    /// In sentences that lead a list of what caused it.
    pub leads: Cues<()>,
    /// "We suffered", before an outage.
    pub undergone: Cues<()>,
    /// "exact", before "cause"; and before that no verb of looking for it.
    pub qualifying: Cues<()>,
    pub no_search: Cues<()>,
    /// "not", before such a verb.
    pub negating: Cues<()>,
    /// "due to", and behind it what points back: "this", "the outage" unless more tells which.
    pub owing: Cues<()>,
    pub pointing: Cues<()>,
    pub resumed: Cues<()>,
    pub specifying: Cues<()>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExplainingFile {
    weights: WordMap<String, f32>,
    learned: WordMap<String, f32>,
}

static EXPLAINING: LazyLock<Explaining> = LazyLock::new(|| {
    let file: ExplainingFile = shipped!("extract/vocabulary/explaining.toml").expect("the shipped vocabulary is valid");
    let first = |gram: &String| {
        let is_begun = gram.trim_start_matches('#').starts_with('^');
        if is_begun { gram.split_inclusive('^').next() } else { gram.split_once(' ').map(|(first, _)| first) }
            .map(str::to_owned)
    };
    let pairs = file.learned.keys().filter_map(first).collect();
    let named = |list: &'static List| Cues::labelled(list, |name| Some((name, 1.0)));
    Explaining {
        weights: file.weights,
        words: named(listed_list!(explaining::words)),
        opening: named(listed_list!(explaining::opening)),
        learned: file.learned,
        pairs,
        asks_why: Cues::listed(listed_list!(explaining::asks_why)),
        whys: Cues::listed(listed_list!(explaining::whys)),
        sought: Cues::listed(listed_list!(explaining::sought)),
        uncaught: Cues::listed(listed_list!(explaining::uncaught)),
        contributing: Cues::listed(listed_list!(explaining::contributing)),
        leads: Cues::listed(listed_list!(explaining::leads)),
        undergone: Cues::listed(listed_list!(explaining::undergone)),
        qualifying: Cues::listed(listed_list!(explaining::qualifying)),
        no_search: Cues::listed(listed_list!(explaining::no_search)),
        negating: Cues::listed(listed_list!(explaining::negating)),
        owing: Cues::listed(listed_list!(explaining::owing)),
        pointing: Cues::listed(listed_list!(explaining::pointing)),
        resumed: Cues::listed(listed_list!(explaining::resumed)),
        specifying: Cues::listed(listed_list!(explaining::specifying)),
    }
});

/// The shipped words and weights for explanations.
pub fn explaining() -> &'static Explaining {
    &EXPLAINING
}

static SEVERITY_LEVELS: LazyLock<Cues<u8>> =
    LazyLock::new(|| Cues::labelled(listed_list!(severity::all), |level| Some((level.parse().ok()?, 1.0))));

/// Words of a stated grade, with the level from 1 (worst) to 5.
pub fn severity_levels() -> &'static Cues<u8> {
    &SEVERITY_LEVELS
}

/// Words and hosts that name no organisation, and those that point at one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Capitalised words that are no names, in lower case.
    pub no_names: Words,
    /// Places, and the words for their people, in lower case.
    pub places: Words,
    /// Parts of an organisation, in lower case: nobody is called so alone.
    pub parts: Words,
    /// Hosts that belong to everyone, without their endings.
    pub common_hosts: Words,
    /// Domains whose subdomains are each a customer's own.
    pub tenant_hosts: Vec<String>,
    /// The same of status pages.
    pub status_hosts: Vec<String>,
    /// Before the name in the line by which a status page says whose it is.
    pub reports_for: Vec<String>,
    /// Behind a site's name in the title of a page.
    pub site_ends: Vec<String>,
    /// Local parts of one person's own address.
    pub personal_mail: Words,
    /// Words in the name of a repository that one keeps for oneself.
    pub own_repositories: Vec<String>,
    /// Last words of a company's name.
    pub company_ends: Words,
    /// What stands before a place in the name of an institution, in lower case.
    pub institutions: BTreeSet<String>,
    /// How ordinary nouns end that a language writes with a capital.
    pub noun_endings: Vec<String>,
}

static NAMES: LazyLock<Names> =
    LazyLock::new(|| shipped!("extract/vocabulary/names.toml").expect("the shipped vocabulary is valid"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrdinaryFile<'f> {
    #[serde(borrow)]
    words: Words<&'f str>,
}

static ORDINARY: LazyLock<Words<&'static str>> = LazyLock::new(|| {
    let file: OrdinaryFile<'static> =
        shipped!("extract/vocabulary/ordinary.toml").expect("the shipped vocabulary is valid");
    file.words
});

/// By language.
static ABROAD: LazyLock<BTreeMap<&'static str, Words<&'static str>>> =
    LazyLock::new(|| shipped!("extract/vocabulary/ordinary_abroad.toml").expect("the shipped vocabulary is valid"));

/// Is it an ordinary word of reports in a language other than English?
pub fn is_ordinary_abroad(word: &str, lang: &str) -> bool {
    lang != "en" && ABROAD.get(lang).is_some_and(|words| words.contains(word))
}

/// Is it an ordinary English word of reports?
pub fn is_ordinary_word(word: &str) -> bool {
    ORDINARY.contains(word)
}

/// The shipped words and hosts that name no organisation.
pub fn names() -> &'static Names {
    &NAMES
}

lists! {
    /// Plain lists of cue words, one purpose each.
    Lists = words;
    /// "caused by": the cause follows.
    cause_before;
    /// "led to": the cause stands before.
    cause_after;
    /// A sentence that says what was not the cause.
    cause_denied;
    /// What a clause clears.
    cause_cleared;
    /// That a cause is known, and not what it is.
    cause_untold;
    /// The beginning of a sentence that tells of what is to come.
    cause_to_come;
    /// The beginning of a sentence whose cause stands in the one before.
    cause_above;
    /// Such a beginning that may stand for nothing.
    cause_expletives;
    /// Behind such a beginning: what follows came of it.
    cause_brings;
    /// What a cause ends in.
    cause_effects;
    /// The beginning of a sentence that thanks or regrets.
    cause_courtesy;
    /// A sentence that supposes, or that tells of the response.
    cause_supposed;
    /// Words of intent in a follow-up action.
    action_future;
    /// Intent, work that goes on and changes made, where no section is about actions.
    action_intent;
    /// When a change was made that is told behind the story.
    action_since;
    /// What an action is for.
    action_purpose;
    /// Intentions that change nothing.
    action_none;
    /// What goes on without changing anything: "seeing".
    action_no_work;
    /// What a lesson asks for.
    action_lesson;
    /// A wish.
    action_wish;
    /// Bare verbs that begin an action.
    action_imperative;
    /// Status words: done.
    action_done;
    /// Status words: open.
    action_open;
    /// Headings over actions that are done.
    action_done_heading;
    /// Headings over actions that are open.
    action_open_heading;
    /// Headings over what keeps it from coming back.
    action_prevent_heading;
    /// Labels of severity.
    severity_keys;
    /// What a list of services calls them.
    service_nouns;
    /// Placeholders and instructions of a template.
    template_phrases;
    /// Titles of templates.
    template_title;
    /// Titles of guides, processes and plans.
    process_title;
    /// Titles of what nothing else is called.
    runbook_title;
    /// Words that instruct a reader.
    process_phrases;
    /// Headings of what to do when something fails.
    runbook_headings;
    /// Headings of what is to be done, in a ticket.
    task_headings;
    /// Titles of lists of reports.
    index_title;
    /// Titles of maintenance notices.
    maintenance_title;
    /// Words of work that is announced.
    maintenance_phrases;
    /// Words of exercises.
    drill_phrases;
    /// "for example": no incident follows.
    example_words;
    /// "First, every host gets an alert".
    action_ordinal;
    /// "Update 14:00:": a post follows.
    post_labels;
    /// Titles that name a report.
    report_title;
    /// Titles of what lies beside reports: change logs, minutes.
    other_title;
    /// Sentences that say that nothing happened.
    no_incident;
    /// Words of failure.
    failure_words;
    /// Words of impact on people.
    impact_words;
    /// Words of harm to anything in use; where one stands, a reader may know what was affected.
    harm_words;
    /// What only its owner has: "Acme customers".
    org_own_strong;
    /// What its owner has, and others may.
    org_own_joined;
    org_own_plain;
    /// Right before a name: it is the one who was hit.
    org_hit_before;
    /// Right behind the name of a place: a house of the writer's.
    org_sites;
    /// Right behind "our" and a name: a part of a system.
    org_components;
    /// What a title tells of the one who was hit.
    title_hit;
    /// What frames a title.
    title_frame;
    /// What begins the telling part of a title.
    title_telling;
    /// What happens to the one who reports.
    org_suffers;
    /// How one speaks of what one runs for others.
    self_report;
    /// How one speaks of what others run.
    depends_words;
    /// That a report speaks of a chain of blocks.
    chain_words;
    /// Keys of fields whose value tells the impact.
    impact_keys;
}

/// The shipped lists.
pub fn lists() -> &'static Lists {
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::super::cues::Cue;
    use super::*;
    use std::collections::BTreeMap;

    /// Words by tier, by label, and those by what they tell.
    type File = BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>>;

    fn check<L: Copy + PartialEq>(
        told: &str,
        cues: &Cues<L>,
        parse: fn(&str) -> Option<L>,
        problems: &mut Vec<String>,
    ) {
        let file: File = toml::from_str(include_str!("causes.toml")).unwrap();
        let mut seen = BTreeSet::new();
        for (name, tiers) in &file[told] {
            let Some(label) = parse(name) else {
                problems.push(format!("no label {name}"));
                continue;
            };
            for (tier, words) in tiers.iter().flat_map(|(tier, all)| all.iter().map(move |words| (tier, words))) {
                let weight = weighed(&format!("x {tier}"), |_| Some(())).map(|(_, weight)| weight);
                let core = words.trim_matches('*').to_lowercase();
                let is_it = |c: &Cue<L>| c.label == label && Some(c.weight) == weight && c.range == (0..core.len());
                if !cues.find(&core).iter().any(is_it) {
                    problems.push(format!("{name}: {words:?} does not match itself"));
                }
                if !seen.insert((name, core)) {
                    problems.push(format!("{name}: {words:?} twice ({tier})"));
                }
            }
        }
        assert!(seen.len() > 100);
    }

    #[test]
    fn every_cue_matches_itself_and_stands_once_a_label() {
        let mut problems = Vec::new();
        check("trigger", &causes().trigger, Trigger::parse, &mut problems);
        check("component", &causes().component, Component::parse, &mut problems);
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn lists_load() {
        assert!(lists().cause_before.any("it was caused by rust"));
        assert!(!lists().cause_before.any("all was well"));
    }
}
