//! What may be one of several incidents: its blocks, and what they say of it.

use super::words::{is_fact, is_mark, tells_length};
use crate::document::{Block, BlockKind, Document};
use crate::domain::Span;
use crate::extract::labels::fold_key;
use crate::extract::section::{Section, announced};
use crate::extract::sentences::sentence_ranges;
use crate::extract::speech::{speaks_of_impact, speech};
use crate::extract::states::{State, heading, state};
use crate::extract::vocabulary::lists;
use crate::text::{Regex, spaced};
use crate::time::calendar::is_glue;
use crate::time::duration;
use crate::time::written::times;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

/// How the incidents of a document are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Headings, those without markup among them.
    Heading,
    /// Paragraphs that open with a date and a name.
    Lead,
    /// Items that do.
    Item,
    /// Rows of a table.
    Row,
}

/// What may be one of several incidents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// The blocks of the document that it takes.
    pub place: Range<usize>,
    /// What sets it apart from its siblings, as written: its date, or its number.
    pub key: String,
    pub title: String,
    /// The title in the source.
    pub evidence: Span,
    /// Its title is nothing but its date.
    pub bare: bool,
    /// The day is told below its heading.
    pub dated_below: bool,
    pub cut: Cut,
}

/// How the blocks of a part are made of those of the document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cut {
    /// They are as they stand, below their heading.
    Heading { level: u8 },
    /// Ranges of the first block's text: what names it, and what it tells. Below an item, items lie that much deeper.
    Line { head: Span, body: Span, depth: Option<u8> },
    /// A row, whose columns the block of the header names; a column is the title.
    Row { header: usize, title: usize },
}

/// What the blocks of a draft say of an incident.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Title or first words tell what failed.
    pub fails: bool,
    /// From when to when, or how long.
    pub lasts: bool,
    /// Its heading says how long.
    pub titled_length: bool,
    pub explained: bool,
    /// Words of its own are below its heading, and not only links to where it is told.
    pub tells: bool,
    /// Within a sentence, from when to when something failed.
    pub told: bool,
    /// Marks of a report: labels and headings.
    pub marks: usize,
}

/// The first blocks tell what a part is.
const BLOCKS_MAX: usize = 40;

impl Draft {
    /// Whether what it is named after is the state of an update.
    pub fn is_update(&self) -> bool {
        let is_state = |s: State| s != State::Event;
        state(&self.title).or_else(|| heading(&self.title)).is_some_and(is_state)
            || speech().update_voice.begins(&self.title)
    }

    /// What its blocks say.
    pub fn facts(&self, blocks: &[Block]) -> Facts {
        let mut facts = Facts { fails: fails(&self.title), ..Facts::default() };
        let mut marks: BTreeSet<String> = BTreeSet::new();
        for (at, block) in blocks.iter().take(BLOCKS_MAX).enumerate() {
            let is_heading = matches!(block.kind, BlockKind::Heading { .. });
            for (key, is_label) in block.text.lines().map(key_of) {
                if (is_heading || is_label) && is_mark(&key) {
                    facts.lasts |= is_label && tells_length(&key);
                    marks.insert(key);
                } else if is_label && tells_length(&key) {
                    facts.lasts = true;
                }
            }
            if matches!(block.kind, BlockKind::Code) {
                continue;
            }
            let lengths = !duration::read(&block.text).is_empty();
            facts.titled_length |= at == 0 && lengths;
            let ranged = times(&block.text).iter().any(|w| w.clock.is_some() && w.end.is_some());
            facts.lasts |= lengths || ranged;
            facts.explained |= lists().cause_before.any(&block.text);
            if is_heading {
                continue;
            }
            facts.fails |= at <= FIRST_BLOCKS
                && sentence_ranges(&block.text).take(1).any(|s| block.text.get(s).is_some_and(fails));
            facts.tells |= own_words(block) >= OWN_WORDS_MIN;
            let is_prose = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. });
            facts.told |= is_prose && ranged && tells_impact(&block.text);
        }
        facts.explained |= marks.iter().any(|mark| is_cause(mark));
        facts.marks = marks.len();
        facts
    }
}

impl Facts {
    /// How many things it says of an incident.
    pub fn count(&self) -> usize {
        usize::from(self.fails) + usize::from(self.lasts) + usize::from(self.explained) + self.marks
    }

    /// Whether a line or a row tells an incident, rather than where it is told.
    pub fn is_telling(&self) -> bool {
        self.tells && (self.fails || self.explained) || self.lasts || self.marks > 0
    }

    /// A section with a date of its own that carries a mark of a report.
    pub fn is_marked(&self) -> bool {
        self.marks > 0 || self.titled_length || self.told
    }
}

/// Words of a block that lead nowhere else.
fn own_words(block: &Block) -> usize {
    let linked = |(span, _): &(Span, String)| block.text.get(span.clone()).map_or(0, |t| t.split_whitespace().count());
    let links: usize = block.links.iter().map(linked).sum();
    block.text.split_whitespace().count().saturating_sub(links)
}

const OWN_WORDS_MIN: usize = 5;

/// The block below a heading, which opens the story.
const FIRST_BLOCKS: usize = 1;

fn is_cause(mark: &str) -> bool {
    announced(mark) == Some(Section::RootCause)
}

/// The folded key of a line, and whether a value follows it.
fn key_of(line: &str) -> (String, bool) {
    let key = line.split([':', '|']).next().unwrap_or("");
    if key.len() > KEY_BYTES_MAX { (String::new(), false) } else { (fold_key(key), key.len() < line.len()) }
}

const KEY_BYTES_MAX: usize = 60;

/// Whether words tell what failed.
pub(super) fn fails(words: &str) -> bool {
    lists().failure_words.any(words) || speech().breaks.is_in(words) || speaks_of_impact(words)
}

/// A short note of an incident has no labels: it says from when to when something failed.
pub(super) fn tells_impact(text: &str) -> bool {
    sentence_ranges(text).filter_map(|s| text.get(s)).any(|words| {
        let ranged = times(words).iter().any(|w| w.clock.is_some() && w.end.is_some());
        ranged && (speaks_of_impact(words) || lists().failure_words.any(words))
    })
}

/// How many different facts of one incident the lines of a block are labelled with.
pub(super) fn labelled_facts(block: &Block) -> impl Iterator<Item = String> + '_ {
    let lines = block.text.lines().map(key_of);
    lines.filter(|(key, is_label)| *is_label && is_fact(key)).map(|(key, _)| key)
}

/// What the words of a heading say when and of what.
pub(super) struct Name {
    /// What sets it apart, as written.
    pub key: String,
    /// The words beside it.
    pub title: String,
    /// The range of what sets it apart.
    pub place: Span,
    /// From when to when, or how long, stands beside the date and may be all there is.
    pub timed: bool,
}

/// What sets one incident apart by its own heading: a date, or a number.
pub(super) fn name(text: &str) -> Option<Name> {
    let times = times(text);
    if let Some(first) = times.iter().find(|w| w.date.is_some()) {
        let key = text.get(first.span.clone())?.to_owned();
        let leads = |at: usize| text.get(..at).is_some_and(|before| letters(before) < TITLE_LETTERS_MIN);
        let led = times.iter().any(|w| w.clock.is_some() && (w.span == first.span || leads(w.span.start)));
        // A heading led by a clock is an event, unless it says how long that lasted or when it ended.
        let lasts = times.iter().any(|w| w.clock.is_some() && w.end.is_some()) || !duration::read(text).is_empty();
        if led && !lasts {
            return None;
        }
        let before = without_glue(text.get(..first.span.start)?);
        let title = words(&format!("{before} {}", text.get(first.span.end..)?));
        let is_more = letters(&title) >= TITLE_LETTERS_MIN && !is_length(&title);
        let timed = led && !is_more;
        let title = if timed { text.trim().to_owned() } else { title };
        return Some(Name { key, title, place: first.span.clone(), timed });
    }
    let number = NUMBER.find(text).filter(|_| times.is_empty())?;
    Some(Name { key: number.as_str().to_owned(), title: text.trim().to_owned(), place: number.range(), timed: false })
}

/// "(lasting 2 hours)", "22:26 - 22:53 UTC": a length and hardly a word more.
fn is_length(text: &str) -> bool {
    let lengths = duration::read(text).into_iter().map(|d| d.span).chain(times(text).into_iter().map(|w| w.span));
    let told: usize = lengths.map(|span| text.get(span).map_or(0, letters)).sum();
    let timed = !duration::read(text).is_empty() || !times(text).is_empty();
    timed && letters(text).saturating_sub(told) <= LENGTH_LETTERS_MAX
}

/// "lasting", "approximately".
const LENGTH_LETTERS_MAX: usize = 14;

/// "INC-311", "Incident 2": a report's number.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\W*(?:(?:INC|IR|PM|SEV|RFO|OUTAGE)-?\d[\d-]*|(?i:incident|outage)\s#?\d+)\b").expect("a valid regex")
});

pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Letters that a title has at least.
pub(super) const TITLE_LETTERS_MIN: usize = 4;

/// What is left of a heading when its date is gone.
pub(super) fn words(rest: &str) -> String {
    let joined = spaced(rest);
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | ',' | '/' | '|' | '.' | ';');
    let mut text = joined.replace("( )", "").replace("()", "").trim_matches(is_mark).to_owned();
    if let Some((inside, after)) = text.strip_prefix('(').and_then(|t| t.split_once(')'))
        && inside.len() <= ASIDE_BYTES_MAX
    {
        text = after.trim_start_matches(is_mark).to_owned();
    }
    // The weekday of an aside was read with the date: "2025-11-27 (Thu, holiday) Disk full".
    if let Some((inside, after)) = text.split_once(')')
        && inside.len() <= ASIDE_BYTES_MAX
        && !inside.contains('(')
    {
        text = after.trim_start_matches(is_mark).to_owned();
    }
    text
}

/// "API down on", before a day, without what joins the two.
fn without_glue(before: &str) -> &str {
    let mut text = before.trim_end();
    while let Some((rest, last)) = text.rsplit_once(' ')
        && is_glue(last)
    {
        text = rest.trim_end();
    }
    text
}

/// "(Mon)", "(Thu, holiday)" beside the date.
const ASIDE_BYTES_MAX: usize = 24;

/// Whether a title heads a part of a report ("Timeline"), and tells of nothing that broke ("DNS resolution failed").
pub(super) fn heads_section(title: &str) -> bool {
    announced(title).is_some() && !speech().breaks.is_in(title)
}

/// The title of a document: its first heading, else a title among its fields.
pub(super) fn document_title(document: &Document) -> &str {
    let is_heading = |b: &&Block| matches!(b.kind, BlockKind::Heading { .. });
    let heading = document.blocks.iter().find(is_heading).map(|b| b.text.as_str());
    let first = document.blocks.first().map(|b| b.text.as_str());
    let field = document.fields.iter().find(|f| f.key == "title").map(|f| f.value.as_str());
    let line = |text: &'_ str| text.len() <= LINE_BYTES_MAX && !text.contains('\n');
    heading.or(field).or(first.filter(|text| line(text))).unwrap_or("")
}

const LINE_BYTES_MAX: usize = 160;
