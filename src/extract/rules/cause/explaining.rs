//! How much a sentence sounds like the explanation of the incident: a weighted sum of what can be seen in it, and of
//! every common word of it and of the heading above it.
//!
//! The weights are data (`vocabulary/explaining.toml`), measured by `cargo fit` on labelled reports, leaving out one
//! source after the other. Knows neither rules nor labels.

use super::led::{LED, gather, led};
use super::seeming::{is_bare_failure, is_looked_for, is_untold, refers_back};
use super::units::{Place, Unit, UnitKind, units};
use super::whys::{Whys, whys};
use crate::domain::{Component, Evidence, Trigger};
use crate::extract::milestone_words::keyed;
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::Finding;
use crate::extract::rules::provider;
use crate::extract::section::{Section, named};
use crate::extract::speech::speech;
use crate::extract::vocabulary::{asks_cause, explaining, is_unexplained, lists, noticing};
use crate::text::{Regex, grams, words_count};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What can be seen in a sentence, by name; what isn't seen is absent.
pub type Features = Vec<(&'static str, f32)>;

/// A sentence that could explain, and how likely it is the one that does.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// Index into the units of the reading.
    pub unit: usize,
    pub text: String,
    /// Index of the heading above it.
    heading: Option<usize>,
    pub features: Features,
    /// Its share of what all the sentences have, 0 to 1.
    pub share: f32,
    pub in_root_cause: bool,
    /// The value of a label that asks for the cause and nothing else, in more words than a category has.
    pub outright: bool,
}

/// Every sentence that could explain, with its share. Depends on nothing but the text.
pub fn explanations<'r>(reading: &'r Reading<'_>) -> &'r [Explanation] {
    reading.memo.explanations.get_or_init(|| explain(reading))
}

fn explain(reading: &Reading<'_>) -> Vec<Explanation> {
    let units = units(reading);
    let favoured = Favoured::of(reading);
    // A label's value is weighed once, not again as the sentence it stands in.
    let labels: Vec<Evidence> = units.iter().filter(|u| u.kind.is_label()).map(|u| u.evidence(reading)).collect();
    let again = |unit: &Unit| {
        let meets_one = |evidence: &Evidence| labels.iter().any(|label| meets(label, evidence));
        unit.kind == UnitKind::Sentence && !labels.is_empty() && meets_one(&unit.evidence(reading))
    };
    let asked = other_answers(reading);
    let told: Vec<(usize, &Unit)> = units
        .iter()
        .enumerate()
        .filter(|(_, u)| could_explain(reading, u) && !again(u) && !answers_other(u, &asked))
        .collect();
    let above = headings(units);
    let whys = whys(reading, units);
    let is_beside = beside_the_cause(units, &above);
    let leads = led(reading, units);
    let sentences = told.iter().filter(|(_, u)| u.kind == UnitKind::Sentence).count();
    let mut place = Standing { has_root: told.iter().any(|(_, u)| is_root(u)), sentences, nth: 0, nth_root: 0 };
    let mut found: Vec<Explanation> = Vec::new();
    let mut headed = (None, 0.0);
    for (index, unit) in told {
        let heading = above.get(index).copied().flatten();
        if headed.0 != heading {
            headed = (heading, heading.and_then(|h| units.get(h)).map_or(0.0, |h| learned("", &h.text)));
        }
        let features = features(unit, &place, &favoured);
        let share = score(&features) + learned(&unit.text, "") + headed.1;
        let share = share + row_weight(&whys, index) - if is_beside(heading) { CONTRIBUTED } else { 0.0 };
        let share = share + if leads.get(index).is_some_and(Option::is_some) { LED } else { 0.0 };
        let in_root_cause = is_root(unit) || unit.kind.is_label();
        let outright =
            unit.kind == UnitKind::CauseLabel { outright: true } && words_count(&unit.text) >= OUTRIGHT_WORDS_MIN;
        let text = unit.text.clone();
        found.push(Explanation { unit: index, text, heading, features, share, in_root_cause, outright });
        place.nth += usize::from(unit.kind == UnitKind::Sentence);
        place.nth_root += usize::from(is_root(unit));
    }
    // Scores to shares: one sentence is the explanation, the others are not.
    let most = found.iter().map(|e| e.share).fold(f32::MIN, f32::max);
    let total: f32 = found.iter().map(|e| (e.share - most).exp()).sum();
    for explanation in &mut found {
        explanation.share = (explanation.share - most).exp() / total.max(f32::MIN_POSITIVE);
    }
    gather(&mut found, &leads);
    found
}

/// What the answer to the last of a row of questions gains, and those before it lose.
const LAST_WHY: f32 = 3.0;
const STEP_WHY: f32 = 2.0;

fn row_weight(whys: &Whys, unit: usize) -> f32 {
    if whys.roots.contains(&unit) {
        LAST_WHY
    } else if whys.steps.contains(&unit) {
        -STEP_WHY
    } else {
        0.0
    }
}

/// What only contributed loses, where the cause has a part of its own.
const CONTRIBUTED: f32 = 6.0;

/// Is this the heading of what contributed, beside another one of the cause?
fn beside_the_cause<'u>(units: &'u [Unit], above: &[Option<usize>]) -> impl Fn(Option<usize>) -> bool + use<'u> {
    let contributed = |heading: usize| units.get(heading).is_some_and(|h| explaining().contributing.any(&h.text));
    let mut roots = units.iter().zip(above).filter(|(unit, _)| is_root(unit)).filter_map(|(_, heading)| *heading);
    let has_other = roots.any(|heading| !contributed(heading));
    move |heading| has_other && heading.is_some_and(contributed)
}

/// Where the values begin of lines that answer something else: the impact, a grade, a moment.
fn other_answers(reading: &Reading<'_>) -> BTreeSet<(usize, usize)> {
    let is_other = |label: &&Label| {
        let key = label.key.as_str();
        let is_grade = || lists().severity_keys.find(key).iter().any(|cue| cue.range == (0..key.len()));
        let is_part = || {
            let part = named(key);
            matches!(
                part,
                Some(Section::Impact | Section::Detection | Section::Actions | Section::Timeline | Section::Resolution)
            )
        };
        is_part() || is_grade() || keyed(key).is_some()
    };
    let lines = reading.labels.iter().filter(|label| label.form == LabelForm::Line);
    let placed = lines.filter(is_other).filter_map(|label| label.place.as_ref());
    placed.map(|(block, range)| (*block, range.start)).collect()
}

/// Is a sentence a line whose key asks for something else than the cause?
fn answers_other(unit: &Unit, asked: &BTreeSet<(usize, usize)>) -> bool {
    let Place::Block(block, range) = &unit.evidence else { return false };
    let key_end = (range.start + KEY_BYTES_MAX).min(range.end);
    asked.range((*block, range.start)..(*block, key_end)).next().is_some()
}

/// A value begins within so many bytes of its key.
const KEY_BYTES_MAX: usize = 70;

/// "Human error" is a category, for which a sentence is the better answer.
const OUTRIGHT_WORDS_MIN: usize = 4;

fn meets(a: &Evidence, b: &Evidence) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.start < b.end && b.start < a.end))
}

/// For each unit the heading above it; what stands in no section has none.
fn headings(units: &[Unit]) -> Vec<Option<usize>> {
    let mut last = None;
    let mut above = |(index, unit): (usize, &Unit)| {
        if unit.kind == UnitKind::Heading {
            last = Some(index);
        }
        last
    };
    units.iter().enumerate().map(&mut above).collect()
}

/// The words of a sentence and, after a `#`, those of the heading above it, as weights are kept for them; some twice.
pub fn words(text: &str, heading: &str, opens: impl Fn(&str) -> bool, mut each: impl FnMut(&str)) {
    grams(text, &opens, &mut each);
    let mark = |gram: &str| format!("#{gram}");
    grams(heading, |first| opens(&mark(first)), |gram| each(&mark(gram)));
}

/// The heading above an explanation; empty where there is none.
pub fn heading<'r>(reading: &'r Reading<'_>, explanation: &Explanation) -> &'r str {
    explanation.heading.and_then(|h| units(reading).get(h)).map_or("", |h| h.text.as_str())
}

/// Few texts have more words that weigh something.
const WEIGHTS_USUAL: usize = 16;

/// What the words add, each once.
fn learned(text: &str, heading: &str) -> f32 {
    let weights = &explaining().learned;
    let mut met: Vec<&f32> = Vec::with_capacity(WEIGHTS_USUAL);
    words(
        text,
        heading,
        |first| explaining().pairs.contains(first),
        |word| {
            if let Some(weight) = weights.get(word)
                && !met.iter().any(|known| std::ptr::eq(*known, weight))
            {
                met.push(weight);
            }
        },
    );
    met.into_iter().sum()
}

fn score(features: &Features) -> f32 {
    features.iter().map(|(name, value)| explaining().weights.get(*name).copied().unwrap_or(0.0) * value).sum()
}

/// Does anything but its place speak for a sentence? An entry of a timeline tells what happened; it explains only where
/// its words join an effect to its cause.
pub fn speaks(explanation: &Explanation) -> bool {
    let has = |wanted: &str| explanation.features.iter().any(|(name, _)| *name == wanted);
    has("family") || !is_timed(explanation) && ["trigger_any", "in_root_cause", "label", "blamed"].into_iter().any(has)
}

/// Is it a line that begins with a time?
pub fn is_timed(explanation: &Explanation) -> bool {
    explanation.features.iter().any(|(name, _)| *name == "timed")
}

/// Where a sentence stands among the others.
struct Standing {
    has_root: bool,
    sentences: usize,
    nth: usize,
    nth_root: usize,
}

fn is_root(unit: &Unit) -> bool {
    unit.kind == UnitKind::Sentence && unit.section == Section::RootCause
}

fn could_explain(reading: &Reading<'_>, unit: &Unit) -> bool {
    unit.kind != UnitKind::Heading
        && !matches!(unit.section, Section::Comments | Section::Appendix)
        && is_telling(&unit.text, words_min(reading, unit))
        && !unit.has(&noticing().prompt)
        && (unit.kind.is_label() || !unit.has(&lists().action_intent))
        && !unit.has(&lists().cause_denied)
        && !lists().cause_to_come.opens(&unit.text)
        && (!lists().cause_courtesy.opens(&unit.text) || unit.has(&lists().cause_before))
        && (!speech().completes_work.is_in(&unit.text) || unit.has(&lists().cause_before))
        && !is_untold(&unit.text)
        && !PLACEHOLDER.is_match(&unit.text)
        // What another page tells it explains.
        && !speech().elsewhere.is_in(&unit.text)
}

/// What a sentence tells that came of what the one before it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// "This attack caused an outage of our site": that it was down, and no more.
    Bare,
    /// "This caused the queue to fill up": what happened next.
    Next,
}

/// Does a sentence tell what came of the one before, which tells the cause?
pub fn effect_told(text: &str) -> Option<Effect> {
    let words = lists();
    let head: usize = text.split_inclusive(' ').take(EFFECT_WORDS).map(str::len).sum();
    let head = text.get(..head).unwrap_or("");
    if !words.cause_above.opens(text) {
        return None;
    }
    let caused = words.cause_after.find(head).first().map(|cue| cue.range.end);
    if caused.is_some_and(|at| head.get(at..).is_some_and(|rest| words.cause_effects.any(rest))) {
        return Some(Effect::Bare);
    }
    let brings = words.cause_brings.find(head).first()?.range.start;
    let gap = head.get(..brings)?.split_whitespace().skip(1);
    let first = head.split_whitespace().next()?;
    // "It seems that a switch caused it".
    let near = if words.cause_expletives.is_all(first) { EXPLETIVE_GAP } else { EFFECT_GAP };
    (gap.count() <= near && !words.cause_before.any(text)).then_some(Effect::Next)
}

/// "This attack finally caused a widespread service disruption".
const EFFECT_WORDS: usize = 9;

/// "This new limit then caused", "it then caused".
const EFFECT_GAP: usize = 3;
const EXPLETIVE_GAP: usize = 1;

/// "caused by [technical description]": words in brackets that no address follows.
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\p{L}+(?:[ ,]+\p{L}+){2,}[^\[\]]*\](?:[^(]|$)").expect("a valid regex"));

/// A line that begins with a time.
static TIMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W*(?:\d{4}-|\d{1,2}[:.]\d\d|(?i:at) \d)").expect("a valid regex"));
static CLOCK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d{1,2}:\d\d\b").expect("a valid regex"));

/// After so many sentences, standing early is half gone.
const EARLY_SENTENCES: f32 = 20.0;

/// Lengths in words: shorter says too little, longer counts no more.
const WORDS_SHORT: usize = 9;
const WORDS_LONG: usize = 60;

/// Later sentences of a root-cause section count no less.
const ROOT_LATER: usize = 6;

/// The strongest cue's weight, to bring cue weights to 0 to 1.
const CUE_MAX: f32 = 3.0;

/// Few sentences show more.
const FEATURES_USUAL: usize = 16;

fn features(unit: &Unit, place: &Standing, favoured: &Favoured) -> Features {
    let mut seen: Features = Vec::with_capacity(FEATURES_USUAL);
    seen.push(match (unit.kind, unit.section) {
        (UnitKind::CauseLabel { .. }, _) => ("label", 1.0),
        (UnitKind::Title, _) => ("title", 1.0),
        (_, Section::Opening | Section::Summary) => ("in_lead", 1.0),
        (_, Section::RootCause) => ("in_root_cause", 1.0),
        (_, Section::Impact) => ("in_impact", 1.0),
        (_, Section::Actions) => ("in_actions", 1.0),
        (_, Section::Lessons) => ("in_lessons", 1.0),
        (_, Section::Timeline | Section::Resolution | Section::Detection) => ("in_course", 1.0),
        _ => ("in_other", 1.0),
    });
    if is_root(unit) {
        seen.push(("root_later", place.nth_root.min(ROOT_LATER) as f32 / ROOT_LATER as f32));
        if place.nth_root == 0 {
            seen.push(("root_first", 1.0));
        }
    } else if unit.kind == UnitKind::Sentence && place.has_root {
        seen.push(("beside_root", 1.0));
    }
    seen.push(("early", 1.0 / (1.0 + place.nth as f32 / EARLY_SENTENCES)));
    seen.push(("late", place.nth as f32 / place.sentences.max(1) as f32));
    said(unit, favoured, &mut seen);
    seen
}

/// What the words themselves say.
fn said(unit: &Unit, favoured: &Favoured, seen: &mut Features) {
    let text = unit.text.as_str();
    let loudest = |weights: &mut dyn Iterator<Item = f32>| weights.fold(0.0, f32::max) / CUE_MAX;
    let (triggers, components) = (unit.triggers(), unit.components());
    let named = triggers.iter().filter(|c| Some(c.label) == favoured.trigger).map(|c| c.weight);
    seen.push(("trigger", loudest(&mut { named })));
    let any = loudest(&mut triggers.iter().map(|c| c.weight));
    if any > 0.0 {
        seen.push(("trigger_any", any));
    }
    let named = components.iter().filter(|c| Some(c.label) == favoured.component).map(|c| c.weight);
    seen.push(("component", loudest(&mut { named })));
    let words = words_count(text);
    seen.push(("length", words.min(WORDS_LONG) as f32 / WORDS_LONG as f32));
    let mut when = |is: bool, name: &'static str| {
        if is {
            seen.push((name, 1.0));
        }
    };
    when(words < WORDS_SHORT, "short");
    when(unit.has(&lists().failure_words), "failed");
    let blames = |lower: &str| favoured.blamed.iter().any(|name| lower.contains(name));
    let is_outsiders = || {
        let Place::Block(block, range) = &unit.evidence else { return false };
        favoured.outsider == Some((*block, range.start))
    };
    when(!favoured.blamed.is_empty() && blames(&text.to_lowercase()) || is_outsiders(), "blamed");
    when(CLOCK.is_match(text), "clock");
    when(TIMED.is_match(text), "timed");
    let vocabulary = explaining();
    // The key of a label is a causal phrase as well.
    let labelled = unit.kind.is_label();
    let sought = vocabulary.sought.find(text);
    let told = vocabulary.words.labels(text).into_iter();
    let uncaught = vocabulary.uncaught.find(text).first().map(|cue| cue.range.start);
    let is_meant = |name: &str, at: usize| {
        let before = text.get(..at).unwrap_or("");
        !FAMILY.contains(&name)
            || !sought.iter().any(|cue| cue.range.contains(&at))
                && !(name == "passive" && uncaught.is_some_and(|uncaught| uncaught < at))
                && !(name == "root" && is_looked_for(before))
                && !(name == "active" && is_bare_failure(before))
                && !(name == "passive" && refers_back(text.get(at..).unwrap_or("")))
    };
    let told = told.filter(|(name, at)| is_meant(name, *at));
    let mut told: Vec<&'static str> = told.map(|(name, _)| name).collect();
    let joined = told.iter().any(|name| FAMILY.contains(name));
    if labelled && !told.contains(&"root") {
        told.push("root");
    }
    let first = text.len() - text.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let opening = vocabulary.opening.labels(text).into_iter().filter(|(_, at)| *at == first);
    let mut opening: Vec<&'static str> = opening.map(|(name, _)| name).collect();
    // Sums of floats depend on their order.
    told.sort_unstable();
    opening.sort_unstable();
    for name in told.into_iter().chain(opening) {
        when(true, name);
    }
    when(joined || labelled, "family");
}

/// The lists that join an effect to its cause.
const FAMILY: &[&str] = &["root", "found", "passive", "active", "defect"];

/// What the whole report takes for trigger and component: the sentence that explains names them.
struct Favoured {
    trigger: Option<Trigger>,
    component: Option<Component>,
    /// Names of the third parties that the report blames.
    blamed: Vec<String>,
    /// Where one without a name is blamed, if none with a name is.
    outsider: Option<(usize, usize)>,
}

impl Favoured {
    fn of(reading: &Reading<'_>) -> Self {
        let (trigger, component) = (super::trigger::told(reading), super::component::told(reading));
        let trigger = trigger.iter().map(|v| v.label).find(|l| *l != Trigger::Unknown);
        let component = component.iter().map(|v| v.label).find(|l| *l != Component::Unknown);
        let blamed = provider::at_fault(reading).iter().filter_map(|c| match &c.finding {
            Finding::Provider(name, _) => Some(name.to_lowercase()),
            _ => None,
        });
        let blamed: Vec<String> = blamed.collect();
        let outsider = provider::outsider_told(reading).filter(|_| blamed.is_empty());
        let outsider = outsider.map(|(block, range)| (*block, range.start));
        Favoured { trigger, component, blamed, outsider }
    }
}

/// Is it a sentence that could explain something?
fn is_telling(text: &str, words_min: usize) -> bool {
    if words_count(text) < words_min {
        return false;
    }
    let text_alone = text.trim();
    let placeholder = text_alone.starts_with(['[', '<', '{']) || text_alone.ends_with(['?', ':']);
    // What matters of it are a few words at its beginning.
    let lower = text_alone.get(..text_alone.floor_char_boundary(OPENING_BYTES)).unwrap_or("").to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or("");
    let prompt = ["note", "describe", "explain", "list", "include", "run", "summarise", "summarize", "identify"]
        .contains(&first);
    !is_unexplained(text_alone) && !placeholder && !prompt
}

/// More than the words with which a placeholder or a prompt begins.
const OPENING_BYTES: usize = 32;

/// Fewer words explain nothing.
const WORDS_MIN: usize = 5;
/// Of a label that asks for the cause and words that name one, "Expired certificate" is enough.
const LABEL_WORDS_MIN: usize = 2;

/// "The disk filled up" says what happened.
const TELLING_WORDS_MIN: usize = 4;
const OUTRIGHT_WEIGHT_MIN: f32 = 2.0;

fn words_min(reading: &Reading<'_>, unit: &Unit) -> usize {
    let is_short = names_cause(reading, unit) || is_root(unit) && is_whole_answer(reading, unit);
    if is_short {
        LABEL_WORDS_MIN
    } else if unit.triggers().iter().any(|cue| cue.weight >= OUTRIGHT_WEIGHT_MIN) {
        TELLING_WORDS_MIN
    } else {
        WORDS_MIN
    }
}

/// Is it all that stands below a heading that asks for the cause?
fn is_whole_answer(reading: &Reading<'_>, unit: &Unit) -> bool {
    let Place::Block(index, range) = &unit.evidence else { return false };
    let blocks = &reading.document.blocks;
    let Some(block) = blocks.get(*index).filter(|b| b.text.trim().len() <= range.len()) else { return false };
    let asks =
        |heading: usize| blocks.get(heading).is_some_and(|h| asks_cause(&h.text.trim().to_lowercase()).is_some());
    let goes_on = blocks.get(index + 1).is_some_and(|next| next.heading == block.heading);
    block.heading == index.checked_sub(1) && block.heading.is_some_and(asks) && !goes_on
}

fn names_cause(reading: &Reading<'_>, unit: &Unit) -> bool {
    let is_cause = |key: &str| ["cause", "causa", "ursache", "årsak", "orsak"].iter().any(|word| key.contains(word));
    let place = || unit.evidence(reading);
    unit.kind.is_label()
        && !unit.triggers().is_empty()
        && reading.labels.iter().any(|l| is_cause(&l.key) && place().first() == Some(&l.evidence))
}
