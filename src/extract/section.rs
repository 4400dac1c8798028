//! What part of a report a block stands in, told by its headings.
//!
//! Knows only headings; a report without any is all [`Section::Other`].

mod sorted;

use super::speech::speech;
use super::vocabulary::{Cues, lists};
use crate::document::{Block, BlockKind, Document};
use crate::text::{Heads, Memory, Regex, WordMap, listed_list, shipped, spaced};
use serde::Deserialize;
use sorted::Sorted;
use std::cell::RefCell;
use std::sync::LazyLock;

/// The parts that reports are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Before the first heading below the title, or a document without headings.
    Opening,
    Summary,
    Timeline,
    RootCause,
    Impact,
    Detection,
    Resolution,
    Actions,
    Lessons,
    Appendix,
    /// Below the report: readers' words, related posts.
    Comments,
    Other,
}

#[derive(Deserialize)]
struct Vocabulary {
    composed: Composed,
    role: Vec<RoleWords>,
}

#[derive(Deserialize)]
struct RoleWords {
    name: String,
    whole: Vec<String>,
    begins: Vec<String>,
}

/// Of what headings of actions are put together: what is to be done, and when, by whom or what for.
#[derive(Deserialize)]
struct Composed {
    nouns: Vec<String>,
    plain: Vec<String>,
    modifiers: Vec<String>,
    small: Vec<String>,
}

/// What a word says in such a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// Alone what is to be done.
    Noun,
    /// The same, where a modifier says so.
    Plain,
    Modifier,
    Small,
}

static COMPOSED: LazyLock<WordMap<&str, Says>> = LazyLock::new(|| {
    let Composed { nouns, plain, modifiers, small } = &FILE.composed;
    let lists = [(nouns, Says::Noun), (plain, Says::Plain), (modifiers, Says::Modifier), (small, Says::Small)];
    lists.iter().rev().flat_map(|(words, says)| words.iter().map(move |word| (word.as_str(), *says))).collect()
});

/// "Recommended future actions", "acciones recomendadas", "monitoring improvements": put together of words
/// of which each speaks of what is to be done.
fn is_composed(folded: &str) -> bool {
    let words: Vec<&str> =
        folded.split([' ', '/', '-']).filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    let says = |word: &&str| COMPOSED.get(word.trim_matches(|c: char| !c.is_alphanumeric())).copied();
    let has = |kind: Says| words.iter().any(|word| says(word) == Some(kind));
    let fits = (2..=COMPOSED_WORDS_MAX).contains(&words.len());
    // "Monitoring improvements": of what, where they stand last.
    let ends = words.len() <= ENDED_WORDS_MAX && words.last().and_then(says) == Some(Says::Noun);
    let all = words.iter().all(|word| says(word).is_some());
    fits && (ends || all && (has(Says::Noun) || has(Says::Plain) && has(Says::Modifier)))
}

const COMPOSED_WORDS_MAX: usize = 7;
const ENDED_WORDS_MAX: usize = 3;

static FILE: LazyLock<Vocabulary> =
    LazyLock::new(|| shipped!("extract/vocabulary/sections.toml").expect("the shipped vocabulary is valid"));

static VOCABULARY: LazyLock<Vec<(Section, &RoleWords)>> =
    LazyLock::new(|| FILE.role.iter().filter_map(|r| Some((section_named(&r.name)?, r))).collect());

/// What headings are as a whole, each with the first part of the vocabulary that has it.
static WHOLE: LazyLock<WordMap<&str, usize>> = LazyLock::new(|| {
    let parts = VOCABULARY.iter().enumerate().rev();
    parts.flat_map(|(nth, (_, part))| part.whole.iter().map(move |words| (words.as_str(), nth))).collect()
});

/// Headings of lessons that may stand above the story itself.
static STORY: Cues<()> = Cues::listed(listed_list!(sections::story));

/// Words one of which every clause has that heads actions.
static HINTS: Cues<()> = Cues::listed(listed_list!(sections::hints));

/// Words within a heading, by their place in the vocabulary.
static WITHIN: LazyLock<Cues<usize>> = LazyLock::new(|| {
    let named =
        |name: &str| Some((VOCABULARY.iter().position(|(section, _)| section_named(name) == Some(*section))?, 1.0));
    Cues::labelled(listed_list!(sections::within), named)
});

/// Of what headings are or begin with: most begin with nothing of it.
static HEADS: LazyLock<Heads> = LazyLock::new(|| {
    let words = VOCABULARY.iter().flat_map(|(_, r)| r.whole.iter().chain(&r.begins));
    Heads::new(words.map(String::as_str))
});

fn section_named(name: &str) -> Option<Section> {
    Some(match name {
        "comments" => Section::Comments,
        "appendix" => Section::Appendix,
        "timeline" => Section::Timeline,
        "actions" => Section::Actions,
        "root-cause" => Section::RootCause,
        "impact" => Section::Impact,
        "detection" => Section::Detection,
        "resolution" => Section::Resolution,
        "lessons" => Section::Lessons,
        "summary" => Section::Summary,
        _ => return None,
    })
}

thread_local! {
    /// Reports share their headings.
    static ANNOUNCED: RefCell<Memory<Option<(Section, Manner)>>> = RefCell::default();
}

/// How the words of a heading announce its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Manner {
    /// By some of them.
    Within,
    /// By the first of them.
    Begins,
    /// By all of them.
    Whole,
}

/// The section that a heading (or a label standing alone) announces, if its words say so.
pub fn announced(heading: &str) -> Option<Section> {
    remembered(heading).map(|(section, _)| section)
}

/// The section that a label's key names: by all of its words or the first, as others may only speak of it ("time to the
/// first corrective action").
pub fn named(key: &str) -> Option<Section> {
    remembered(key).filter(|(_, manner)| *manner > Manner::Within).map(|(section, _)| section)
}

fn remembered(heading: &str) -> Option<(Section, Manner)> {
    ANNOUNCED.with_borrow_mut(|known| *known.of(heading, |heading, section| *section = told(heading)))
}

fn told(heading: &str) -> Option<(Section, Manner)> {
    let folded = fold(heading);
    if folded.is_empty() || folded.len() > 120 {
        return None;
    }
    // "Log (all times GMT)": what stands in brackets announces nothing.
    let bare = folded.split(" (").next().unwrap_or(&folded).trim();
    let part = |words: &str| WHOLE.get(words).copied();
    let may = HEADS.may_have(&folded) || HEADS.may_have(bare);
    let whole = || part(&folded).into_iter().chain(part(bare)).min();
    // Most differ in the first letter.
    let first = folded.as_bytes().first();
    let opens = |words: &String| words.as_bytes().first() == first && folded.starts_with(words.as_str());
    let begins = |part: &(Section, &RoleWords)| part.1.begins.iter().any(opens);
    let found = match whole().filter(|_| may) {
        Some(nth) => VOCABULARY.get(nth).map(|(section, _)| (*section, Manner::Whole)),
        None => {
            VOCABULARY.iter().filter(|_| may).find(|part| begins(part)).map(|(section, _)| (*section, Manner::Begins))
        }
    };
    // "Conclusions - what we will change".
    let second = [" - ", " – ", " — "].iter().find_map(|dash| folded.split_once(dash));
    let second = second.and_then(|(_, second)| VOCABULARY.get(part(second)?));
    let found = match (found, second) {
        (None | Some((Section::Lessons, _)), Some((second, _))) => Some((*second, Manner::Whole)),
        (None, None) if heads_actions(bare) => Some((Section::Actions, Manner::Within)),
        (Some((Section::Lessons, Manner::Begins)), None) if ends_with_actions(bare) => {
            Some((Section::Actions, Manner::Within))
        }
        (found, _) => found,
    };
    let within = || WITHIN.labels(&folded).into_iter().map(|(nth, _)| nth).min().and_then(|nth| VOCABULARY.get(nth));
    let composed = || is_composed(bare).then_some((Section::Actions, Manner::Within));
    found.or_else(|| within().map(|(section, _)| (*section, Manner::Within))).or_else(composed)
}

/// "Where we go from here", "Things we'll do differently": what is to come, in a clause of its own.
fn heads_actions(heading: &str) -> bool {
    // Most of what is asked is the key of a field, or a sentence.
    let fits = heading.len() <= CLAUSE_BYTES_MAX && heading.contains(' ');
    let heads = || HINTS.any(heading) && speech().heads_actions.is_in(heading);
    fits && (heads() || ends_with_actions(heading)) && !speech().heads_else.is_in(heading)
}

const CLAUSE_BYTES_MAX: usize = 72;

/// "Lessons and action items": what stands last is listed.
fn ends_with_actions(heading: &str) -> bool {
    let last =
        [" and ", " & ", " / ", " + ", " und ", " et ", " y ", " e "].iter().filter_map(|w| heading.rsplit_once(w));
    let last = last.map(|(_, last)| last).min_by_key(|last| last.len());
    let actions = VOCABULARY.iter().find(|(section, _)| *section == Section::Actions);
    let is_part = |last: &str, (_, part): &(Section, &RoleWords)| {
        let is_whole = part.whole.iter().any(|words| words == last);
        is_whole || part.begins.iter().any(|words| last.starts_with(words.as_str()))
    };
    last.zip(actions).is_some_and(|(last, actions)| is_part(last, actions))
}

/// Lower case, without numbering ("3.", "IV -"), emoji and trailing punctuation.
fn fold(heading: &str) -> String {
    let text = heading.trim().to_lowercase().replace('’', "'");
    let start = without_numeral(text.trim_start_matches(|c: char| !c.is_alphabetic()));
    spaced(start.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')'))
}

/// Without "iv." or "ii)" in front.
fn without_numeral(text: &str) -> &str {
    let (numeral, rest) = text.split_at(text.find(|c| !matches!(c, 'i' | 'v' | 'x')).unwrap_or(0));
    let rest = rest.strip_prefix(['.', ')']).map(str::trim_start);
    rest.filter(|rest| !numeral.is_empty() && numeral.len() <= NUMERAL_BYTES_MAX && !rest.is_empty()).unwrap_or(text)
}

/// No report has more than eighteen sections.
const NUMERAL_BYTES_MAX: usize = 5;

/// The section of every block, the title being the first heading from a block on. A heading that announces nothing
/// inherits what its parent announced; level-1 headings and a first heading are titles, below which the opening goes on
/// until another heading comes.
///
/// A list item or a line that is nothing but an announcement ("Actions:") is a heading in all but markup: it speaks for
/// the deeper items, or the list and table, that follow it at once.
pub fn sections(document: &Document, from: usize) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::with_capacity(document.blocks.len());
    let mut seen_heading = false;
    let mut spoken: Option<Spoken> = None;
    let mut sorted = Sorted::default();
    sections.resize(from.min(document.blocks.len()), Section::Opening);
    for block in document.blocks.iter().skip(from) {
        let inherited = block.heading.and_then(|h| sections.get(h).copied());
        let section = match block.kind {
            BlockKind::Heading { .. } => {
                spoken = None;
                let first = !std::mem::replace(&mut seen_heading, true);
                // What comes first is no appendix: "SLA report, July".
                let own = announced(&block.text).filter(|s| !first || *s != Section::Appendix);
                // "Incident log" above a section of that name is the title.
                let again = || document.blocks.iter().skip(sections.len() + 1).any(|b| heads(b, Section::Timeline));
                let title = first
                    && match own {
                        Some(Section::Timeline) => again(),
                        own => own.is_none_or(|own| own == Section::Summary),
                    };
                let section = match own {
                    _ if title => Section::Opening,
                    // "Action items › Immediate response", "› Detection": what is to be done, sorted by what it is for.
                    Some(Section::Resolution | Section::Detection)
                        if inherited == Some(Section::Actions) || sorted.sorts_actions(document, sections.len()) =>
                    {
                        Section::Actions
                    }
                    // "Resolution › Immediate actions", "Timeline › Actions taken": what mended it.
                    Some(Section::Actions) => deeds(inherited, &block.text).unwrap_or(Section::Actions),
                    Some(own) => own,
                    None => match inherited {
                        Some(Section::Opening) | None => sorted.section(document, sections.len()),
                        Some(parent) => parent,
                    },
                };
                let announces = own.is_some_and(|own| own == section) && !title;
                sorted.keep(document, sections.len(), section, announces);
                section
            }
            _ => {
                let next = document.blocks.get(sections.len() + 1);
                if let Some(mut own) = lead_in(block, next) {
                    if own.section == Section::Actions {
                        own.section = deeds(inherited, &block.text).unwrap_or(Section::Actions);
                    }
                    spoken = Some(own);
                } else if !spoken.as_ref().is_some_and(|s| s.covers(block)) {
                    spoken = None;
                }
                spoken.as_ref().map(|s| s.section).or(inherited).unwrap_or(Section::Opening)
            }
        };
        sections.push(section);
    }
    tell_stories(document, &mut sections);
    sections
}

/// "What went wrong" may head the lessons, which are listed, or the story, which is told.
fn tell_stories(document: &Document, sections: &mut [Section]) {
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading { .. });
    let headings = document.blocks.iter().enumerate().filter(|(_, block)| is_heading(block));
    for (at, heading) in headings {
        if sections.get(at) != Some(&Section::Lessons) || !STORY.any(&heading.text.to_lowercase()) {
            continue;
        }
        let below = || document.blocks.iter().enumerate().skip(at + 1).take_while(|(_, block)| !is_heading(block));
        let is_told = |block: &Block| block.kind == BlockKind::Paragraph && CLOCK.is_match(&block.text);
        if !below().any(|(_, block)| is_told(block)) {
            continue;
        }
        for place in below().map(|(at, _)| at).chain([at]) {
            sections.get_mut(place).into_iter().for_each(|section| *section = Section::RootCause);
        }
    }
}

static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[0-2]?\d[:h.][0-5]\d\b|\b[0-1]?\d ?[ap]\.?m\b").expect("a valid regex"));

/// An announcement without heading markup, and what it speaks for.
struct Spoken {
    section: Section,
    /// Depth and numbering of the item that it is; `None` for a line of its own.
    item: Option<(u8, bool)>,
}

impl Spoken {
    fn covers(&self, block: &Block) -> bool {
        match (&block.kind, self.item) {
            // A numbered list right below an item with a bullet is the item's own.
            (BlockKind::Item { depth, ordered, .. }, Some((own, numbered))) => *depth > own || *ordered && !numbered,
            // "- **Impact**:" above paragraphs is a heading drawn as an item.
            (BlockKind::Item { .. } | BlockKind::Row { .. }, None)
            | (BlockKind::Paragraph | BlockKind::Quote | BlockKind::Code, Some((0, false))) => true,
            _ => false,
        }
    }
}

/// Longer texts are statements, not announcements.
const LEAD_IN_BYTES_MAX: usize = 64;

fn lead_in(block: &Block, next: Option<&Block>) -> Option<Spoken> {
    let text = block.text.trim();
    let (before, text) = text.rsplit_once('\n').unwrap_or(("", text));
    // "Impact: nobody could pay\nActions:" above a list: the last of several lines.
    let is_last = || {
        let ended = before.ends_with(['.', '!', '?']) || before.rsplit('\n').next().is_some_and(|l| l.contains(": "));
        let is_whole = ended && !text.starts_with(char::is_lowercase);
        is_whole && block.kind == BlockKind::Paragraph && text.ends_with(':') && next.is_some_and(is_listed)
    };
    if text.len() > LEAD_IN_BYTES_MAX || !before.is_empty() && !is_last() {
        return None;
    }
    let strong = block.strong.iter().any(|s| s.len() + 2 >= text.len());
    let item = match block.kind {
        BlockKind::Item { depth, ordered, .. } if text.ends_with(':') || strong => Some((depth, ordered)),
        BlockKind::Paragraph if text.ends_with(':') || strong || asks_the_writer(text) => None,
        // "Action items" in a line of its own, with nothing behind it, right above a list.
        BlockKind::Paragraph if next.is_some_and(is_listed) && is_name(text) => None,
        _ => return None,
    };
    // "To be completed upon resolution:" announces no part of that name.
    let section = announced(text)
        .filter(|s| *s != Section::Resolution || text.split_whitespace().count() <= LEAD_IN_WORDS_MAX)?;
    Some(Spoken { section, item })
}

/// "Immediate actions", "Steps taken": the part above them that such deeds belong to, where it tells the story.
fn deeds(above: Option<Section>, name: &str) -> Option<Section> {
    let story = above.filter(|above| matches!(above, Section::Resolution | Section::Timeline))?;
    lists().action_done_heading.any(&name.to_lowercase()).then_some(story)
}

/// Is it a heading that announces a section?
fn heads(block: &Block, section: Section) -> bool {
    matches!(block.kind, BlockKind::Heading { .. }) && announced(&block.text) == Some(section)
}

fn is_listed(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Item { .. } | BlockKind::Row { .. })
}

/// Is a text nothing but the name of a section, or one of actions that goes on: "Preventing this from happening again"?
fn is_name(text: &str) -> bool {
    match remembered(text) {
        Some((_, Manner::Whole)) => true,
        Some((Section::Actions, Manner::Begins)) => !text.ends_with(['.', ';', '!', ',']),
        _ => false,
    }
}

/// A question of the report's own: what readers can do is none of its actions.
fn asks_the_writer(text: &str) -> bool {
    let readers = |word: &str| ["you", "your", "i", "my"].contains(&word.to_lowercase().as_str());
    text.ends_with('?') && !text.split_whitespace().any(readers)
}

/// A line that speaks of a resolution in more words than this tells something else.
const LEAD_IN_WORDS_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_told_by_their_first_letters() {
        assert!(VOCABULARY.iter().flat_map(|(_, r)| &r.begins).all(|words| words.len() >= 3));
    }

    #[test]
    fn what_a_line_announces_ends_with_the_next_heading() {
        let text =
            "# Down\n\n## Analysis\n\nContributing factors:\n\n1. A\n\n## Action items\n\n### From the call\n\n- B\n";
        let text: std::sync::Arc<str> = text.into();
        let document = crate::document::parse(crate::source::Format::Markdown, &text, 0..text.len());
        assert_eq!(sections(&document, 0).last(), Some(&Section::Actions));
    }

    #[test]
    fn a_name_above_a_list_is_a_heading_in_all_but_markup() {
        for (text, expected) in [
            ("# Down\n\nIt broke.\n\nRemediation items\n- A\n", Section::Actions),
            ("# Down\n\nImpact: nobody could pay\nActions:\n- A\n", Section::Actions),
            ("# Down\n\nIt broke.\n\nTo Improve/Fix:\n- A\n", Section::Actions),
            ("# Down\n\nImpact: nobody could pay for their\nactions:\n- A\n", Section::Opening),
            ("# Down\n\nIt broke.\n\nTo fix it:\n- A\n", Section::Opening),
            ("# Down\n\nIt broke.\n\nTwo action items were agreed on then\n- A\n", Section::Opening),
        ] {
            let text: std::sync::Arc<str> = text.into();
            let document = crate::document::parse(crate::source::Format::Markdown, &text, 0..text.len());
            assert_eq!(sections(&document, 0).last(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn what_went_wrong_is_a_lesson_where_it_is_listed_and_the_story_where_it_is_told() {
        for (text, expected) in [
            ("# Down\n\n## What went wrong?\n\nAt 10:04 the disk was full. At 10:40 it was not.\n", Section::RootCause),
            ("# Down\n\n## What went wrong\n\n- The alert fired late, at 10:04\n", Section::Lessons),
            ("# Down\n\n## What went well\n\nAt 10:04 all of us were there.\n", Section::Lessons),
        ] {
            let text: std::sync::Arc<str> = text.into();
            let document = crate::document::parse(crate::source::Format::Markdown, &text, 0..text.len());
            assert_eq!(sections(&document, 0).last(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn a_log_with_a_timeline_is_a_title() {
        let second = |text: &str| {
            let text: std::sync::Arc<str> = text.into();
            let document = crate::document::parse(crate::source::Format::Markdown, &text, 0..text.len());
            sections(&document, 0).get(1).copied()
        };
        assert_eq!(second("# Incident log\n\nSeverity: 2\n\n## Timeline\n\n10:00 down\n"), Some(Section::Opening));
        assert_eq!(second("# Incident log\n\n10:00 down\n\n## Impact\n\nAll.\n"), Some(Section::Timeline));
    }

    #[test]
    fn a_key_names_a_section_by_its_first_words() {
        assert_eq!(named("action items for us"), Some(Section::Actions));
        assert_eq!(named("time to first corrective action"), None);
    }

    #[test]
    fn headings_announce_sections() {
        for (heading, section) in [
            ("Timeline", Some(Section::Timeline)),
            ("3. Timeline (all times UTC)", Some(Section::Timeline)),
            ("Root cause", Some(Section::RootCause)),
            ("Maßnahmen", Some(Section::Actions)),
            ("What are we doing to prevent this?", Some(Section::Actions)),
            ("Causa raíz", Some(Section::RootCause)),
            ("What happened?", Some(Section::Summary)),
            ("Impact on customers", Some(Section::Impact)),
            ("LOG (GMT)", Some(Section::Timeline)),
            ("What could be done to avoid this in future?", Some(Section::Actions)),
            ("再発防止策", Some(Section::Actions)),
            ("Conclusions - What we plan to change", Some(Section::Actions)),
            ("Timeline – actions", Some(Section::Timeline)),
            ("Broken widgets", None),
            ("", None),
        ] {
            assert_eq!(announced(heading), section, "{heading}");
        }
    }
}
