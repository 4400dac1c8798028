//! Incidents under headings: of one level, or below one heading.

use super::draft::{Cut, Draft, Name, TITLE_LETTERS_MIN, heads_section, letters, name};
use crate::document::{BlockKind, Document};
use crate::domain::MilestoneKind;
use crate::extract::labels::fold_key;
use crate::extract::milestone_words::keyed;
use crate::extract::section::announced;
use crate::extract::timing::names_day;
use crate::time::written::times;
use std::collections::BTreeMap;

/// Level of a strong line of its own: below it another one may be a section of the same incident.
pub(super) const STRONG_LINE_LEVEL: u8 = 6;

/// Headings that may each begin an incident, in groups: all of a level, then those of a level below one heading.
/// `is_log` says that the document announces several, which need no date in their headings.
pub(super) fn groups(document: &Document, is_log: bool) -> Vec<Vec<Draft>> {
    let headings = document.blocks.iter().enumerate().filter_map(|(at, block)| match block.kind {
        BlockKind::Heading { level } => Some((at, level)),
        _ => None,
    });
    let headings: Vec<(usize, u8)> = headings.collect();
    let mut levels: BTreeMap<u8, Vec<Draft>> = BTreeMap::new();
    let mut parents: BTreeMap<(u8, Option<usize>), Vec<Draft>> = BTreeMap::new();
    let mut ends = Ends::new(document.blocks.len());
    for (at, level) in headings.into_iter().rev() {
        let found = draft(document, at, ends.of(level), level, is_log);
        let is_section = found.is_none() && document.blocks.get(at).is_some_and(|b| announced(&b.text).is_some());
        ends.pass(at, level, is_section);
        if let Some(draft) = found {
            let parent = document.blocks.get(at).and_then(|b| b.heading);
            levels.entry(level).or_default().push(draft.clone());
            parents.entry((level, parent)).or_default().push(draft);
        }
    }
    let mut groups: Vec<Vec<Draft>> = Vec::new();
    for mut group in levels.into_values().chain(parents.into_values()).filter(|group| group.len() > 1) {
        group.reverse();
        let is_same = |known: &Vec<Draft>| known.first() == group.first() && known.len() == group.len();
        if !groups.iter().any(is_same) {
            groups.push(group);
        }
    }
    groups.truncate(GROUPS_MAX);
    groups
}

/// More groups are the chapters of a book.
const GROUPS_MAX: usize = 200;

/// Where what stands below headings ends, going from the last heading to the first.
struct Ends {
    /// Where each level comes next.
    next: [usize; LEVELS],
    /// Where a strong line that heads no section of a report comes next.
    strong: usize,
}

/// Levels of headings; there is no level 0.
const LEVELS: usize = 8;

impl Ends {
    fn new(end: usize) -> Self {
        Ends { next: [end; LEVELS], strong: end }
    }

    fn of(&self, level: u8) -> usize {
        let is_strong = level >= STRONG_LINE_LEVEL;
        let levels = if is_strong { level.min(STRONG_LINE_LEVEL) } else { level + 1 };
        let above = self.next.iter().take(usize::from(levels)).copied().min().unwrap_or(self.strong);
        if is_strong { above.min(self.strong) } else { above }
    }

    fn pass(&mut self, at: usize, level: u8, is_section: bool) {
        if level >= STRONG_LINE_LEVEL && !is_section {
            self.strong = at;
        }
        self.next.get_mut(usize::from(level)).into_iter().for_each(|next| *next = at);
    }
}

fn draft(document: &Document, at: usize, end: usize, level: u8, is_log: bool) -> Option<Draft> {
    let block = document.blocks.get(at)?;
    let (own, dated_below) = match name(&block.text) {
        Some(own) => (own, false),
        None => named_below(document, at, end, is_log)?,
    };
    let bare = letters(&own.title) < TITLE_LETTERS_MIN && !own.timed;
    let title = if bare { block.text.trim().to_owned() } else { own.title };
    // "2024-03-03 Timeline": a part of a report, whatever its date.
    if !bare && !own.timed && heads_section(&title) {
        return None;
    }
    let evidence = block.source(0..block.text.len());
    Some(Draft { place: at..end, key: own.key, title, evidence, bare, dated_below, cut: Cut::Heading { level } })
}

/// The day of an incident whose heading has none: labelled; in a log, the heading above it or its first words. Second:
/// whether only those words tell it.
fn named_below(document: &Document, at: usize, end: usize, is_log: bool) -> Option<(Name, bool)> {
    let block = document.blocks.get(at)?;
    let below = document.blocks.get(at + 1..end)?.iter().take(LABELS_WITHIN);
    let own = || below.clone().take_while(|b| !matches!(b.kind, BlockKind::Heading { .. } | BlockKind::Code));
    let labelled = own().flat_map(|b| b.text.lines()).find_map(|line| {
        let (key, value) = line.split_once([':', '|'])?;
        let key = fold_key(key);
        let is_day = names_day(&key) || keyed(&key) == Some(MilestoneKind::Started);
        (is_day && times(value).iter().any(|w| w.date.is_some())).then(|| value.trim().to_owned())
    });
    let told = || {
        own().take(TOLD_WITHIN).find_map(|b| {
            let written = times(&b.text).into_iter().find(|w| w.date.is_some())?;
            b.text.get(written.span).map(str::to_owned)
        })
    };
    let above = || {
        let above = name(&document.blocks.get(block.heading?)?.text)?;
        (letters(&above.title) < TITLE_LETTERS_MIN && !above.timed).then(|| format!("{} {}", above.key, block.text))
    };
    let headed = labelled.or_else(|| if is_log { above() } else { None });
    let is_told = headed.is_none();
    let key = headed.or_else(|| if is_log { told() } else { None })?;
    let is_timeless = times(&block.text).is_empty();
    let title = block.text.trim().to_owned();
    is_timeless.then_some((Name { key, title, place: 0..block.text.len(), timed: false }, is_told))
}

const LABELS_WITHIN: usize = 6;
const TOLD_WITHIN: usize = 2;
