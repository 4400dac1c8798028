//! What stands around the drafts of incidents: a page that announces several, or one report of which they are parts.

use super::draft::{Draft, Facts, Shape, document_title, fails, labelled_facts, tells_impact};

use super::words::{announces, looks_back, relates, several};
use crate::document::{Block, BlockKind, Document};
use crate::extract::section::{Section, announced, sections};
use crate::time::duration;
use std::ops::Range;

/// A document, and what is asked about it for every group of drafts.
pub(super) struct Frame<'d> {
    document: &'d Document,
    sections: Vec<Section>,
    title: &'d str,
    /// The first heading.
    first: Option<usize>,
    /// The blocks that announce several incidents.
    announcing: Vec<bool>,
}

/// What the surroundings of drafts take them for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stance {
    /// The page is about several.
    Announced,
    /// Nothing says what they are.
    Neutral,
    /// The title names one incident.
    Single,
    /// They stand in a report that has its own cause and course, and whose title yet names several.
    Report,
    /// As many are counted in a report.
    Counted,
    /// They are told for the sake of another one, or are parts of it.
    Parts,
}

impl<'d> Frame<'d> {
    pub fn new(document: &'d Document) -> Self {
        let first = document.blocks.iter().position(|b| matches!(b.kind, BlockKind::Heading { .. }));
        let announcing = document.blocks.iter().map(|b| is_short(b) && heralds(&b.text)).collect();
        Frame { document, sections: sections(document, 0), title: document_title(document), first, announcing }
    }

    /// Does anything announce several?
    pub fn is_log(&self) -> bool {
        announces(self.title) || self.announcing.iter().any(|a| *a) || self.counted().next().is_some()
    }

    /// Of drafts of a shape, those that are incidents: none, unless they are several.
    pub fn weigh(&self, shape: Shape, mut drafts: Vec<Draft>, facts: impl Fn(&Draft) -> Facts) -> Vec<Draft> {
        let is_heralded = |d: &Draft| self.heralds(d.place.start).any(|at| self.announcing.get(at) == Some(&true));
        let is_aside = |d: &Draft| self.is_aside(d.place.start);
        drafts.retain(|d| !d.is_update());
        for keep in [&is_heralded as &dyn Fn(&Draft) -> bool, &|d| !is_aside(d), &|d| !d.dated_below] {
            let kept = drafts.iter().filter(|d| keep(d)).count();
            if kept > 0 && kept < drafts.len() {
                drafts.retain(|d| keep(d));
            }
        }
        if drafts.len() < PARTS_MIN || !are_apart(&drafts) {
            return Vec::new();
        }
        let stance = self.stance(&drafts);
        let known: Vec<Facts> = drafts.iter().map(&facts).collect();
        let enough = |wanted: &dyn Fn(&Facts) -> bool, all: usize, of: usize| {
            let telling = known.iter().filter(|f| wanted(f)).count();
            telling >= PARTS_MIN && telling * of > known.len() * all
        };
        let are_incidents = match (stance, shape) {
            (Stance::Announced, Shape::Heading) => enough(&|f| f.count() > 0, 1, 2),
            (Stance::Announced, _) => enough(&Facts::is_telling, 1, 2),
            (Stance::Counted, _) => enough(&Facts::is_telling, 2, 3),
            (Stance::Report | Stance::Neutral, Shape::Heading) => enough(&Facts::is_marked, 1, 2),
            (Stance::Single, Shape::Heading) => enough(&|f| f.marks >= MARKS_MIN_BARE, 1, 2),
            (Stance::Neutral, _) => enough(&|f| f.count() >= FACTS_MIN, 2, 3),
            (Stance::Report | Stance::Single | Stance::Parts, _) => false,
        };
        if !are_incidents {
            return Vec::new();
        }
        // A date alone heads a day, unless a report with its parts stands below it, or a list of incidents above.
        let listed = stance == Stance::Announced;
        let is_told = |(d, f): (&Draft, &Facts)| {
            (!d.bare || f.marks >= MARKS_MIN_BARE || listed && !has_headings(self.document, d))
                && (!d.dated_below || f.marks > 0 || f.fails && (f.lasts || f.explained))
        };
        let kept: Vec<bool> = drafts.iter().zip(&known).map(is_told).collect();
        let drafts: Vec<Draft> = drafts.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(d, _)| d).collect();
        if drafts.len() < PARTS_MIN { Vec::new() } else { drafts }
    }

    fn stance(&self, drafts: &[Draft]) -> Stance {
        let covered = Covered(drafts.iter().map(|d| d.place.clone()).collect());
        let title = if self.first.is_some_and(|first| covered.has(first)) { "" } else { self.title };
        let heralds = || drafts.iter().flat_map(|d| self.heralds(d.place.start));
        let herald_texts = || heralds().filter_map(|at| self.document.blocks.get(at)).map(|b| b.text.as_str());
        let titled = announces(title);
        let counted = self.counted().any(|count| count == drafts.len());
        let heralded = counted
            || drafts.iter().all(|d| self.heralds(d.place.start).any(|at| self.announcing.get(at) == Some(&true)));
        let single = !titled && fails(title);
        let is_report = self.is_report(&covered) || drafts.iter().all(|d| self.is_aside(d.place.start));
        if herald_texts().any(relates) || herald_texts().any(looks_back) && (is_report || single) {
            return Stance::Parts;
        }
        match (is_report, titled, counted) {
            (true, _, true) => Stance::Counted,
            (true, true, _) => Stance::Report,
            (true, ..) => Stance::Parts,
            (false, true, _) => Stance::Announced,
            (false, ..) if heralded && !single => Stance::Announced,
            (false, ..) if single => Stance::Single,
            (false, ..) => Stance::Neutral,
        }
    }

    /// The headings above a block, and the paragraph that introduces what it stands in.
    fn heralds(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut above = self.document.blocks.get(at).and_then(|b| b.heading);
        let headings = std::iter::from_fn(move || {
            let heading = above?;
            above = self.document.blocks.get(heading).and_then(|b| b.heading);
            Some(heading)
        });
        let introduces = |at: &usize| {
            let block = self.document.blocks.get(*at);
            block.is_some_and(|b| b.kind == BlockKind::Paragraph && b.text.trim_end().ends_with(':'))
        };
        headings.chain(at.checked_sub(1).filter(introduces))
    }

    fn level(&self, at: usize) -> u8 {
        match self.document.blocks.get(at).map(|b| &b.kind) {
            Some(BlockKind::Heading { level }) => *level,
            _ => u8::MAX,
        }
    }

    /// Whether a block stands in a section that a report on one incident has.
    fn is_aside(&self, at: usize) -> bool {
        let above = self.document.blocks.get(at).and_then(|b| b.heading);
        // "Log", as a title, is none.
        let above = above.filter(|heading| Some(*heading) != self.first || self.level(*heading) > 1);
        let section = above.and_then(|heading| self.sections.get(heading));
        section.is_some_and(|s| !matches!(s, Section::Opening | Section::Other | Section::Summary))
    }

    /// Whether what stands around drafts is a report: a section on cause or course, a label, or words on the failure.
    fn is_report(&self, covered: &Covered) -> bool {
        let first = covered.0.first().map_or(0, |place| place.start);
        self.document.blocks.iter().enumerate().any(|(at, block)| {
            if covered.has(at) {
                return false;
            }
            match block.kind {
                // "Log", as a title, heads no course of events.
                BlockKind::Heading { level: 1 } if Some(at) == self.first => false,
                BlockKind::Heading { .. } => {
                    use Section::{Detection, Impact, Resolution, RootCause, Timeline};
                    let own = announced(&block.text);
                    let tells = matches!(own, Some(Timeline | RootCause | Impact | Detection | Resolution));
                    tells && !announces(&block.text)
                }
                BlockKind::Paragraph | BlockKind::Item { .. } if at < first => {
                    labelled_facts(block).next().is_some() || tells_impact(&block.text)
                }
                _ => false,
            }
        })
    }

    /// How many incidents the first words say there were.
    fn counted(&self) -> impl Iterator<Item = usize> {
        let is_prose = |b: &&Block| matches!(b.kind, BlockKind::Paragraph);
        let blocks = self.document.blocks.iter().take(COUNTED_WITHIN).filter(is_prose);
        blocks.flat_map(|block| {
            let text = block.text.as_str();
            several(text).into_iter().filter_map(move |found| {
                let before = text.get(..found.start)?.split_whitespace().rev().take(COUNT_WORDS_MAX);
                before.into_iter().find_map(duration::count)
            })
        })
    }
}

/// Fewer parts are no log.
const PARTS_MIN: usize = 2;

/// Marks that a part has whose title is a date alone, or that stands below the title of one incident.
const MARKS_MIN_BARE: usize = 2;

/// Facts that each of several incidents has where nothing announces them.
const FACTS_MIN: usize = 2;

/// How many there were is said in the first blocks, perhaps with words between: "two more serious outages".
const COUNTED_WITHIN: usize = 20;
const COUNT_WORDS_MAX: usize = 4;

/// Whether what sets them apart differs.
fn are_apart(drafts: &[Draft]) -> bool {
    drafts.iter().any(|d| drafts.first().is_some_and(|first| first.key != d.key))
}

fn has_headings(document: &Document, draft: &Draft) -> bool {
    let below = document.blocks.get(draft.place.start + 1..draft.place.end).unwrap_or(&[]);
    below.iter().any(|b| matches!(b.kind, BlockKind::Heading { .. }))
}

/// Whether a heading below the title announces several incidents: "Incident log" may head the course of one.
fn heralds(heading: &str) -> bool {
    announces(heading) && (!several(heading).is_empty() || announced(heading) != Some(Section::Timeline))
}

/// What announces does so in few words.
fn is_short(block: &Block) -> bool {
    match block.kind {
        BlockKind::Heading { .. } => true,
        BlockKind::Paragraph => block.text.len() <= SHORT_BYTES_MAX && block.text.trim_end().ends_with(':'),
        _ => false,
    }
}

const SHORT_BYTES_MAX: usize = 200;

/// The blocks that drafts take, in order.
struct Covered(Vec<Range<usize>>);

impl Covered {
    fn has(&self, at: usize) -> bool {
        let next = self.0.partition_point(|place| place.end <= at);
        self.0.get(next).is_some_and(|place| place.contains(&at))
    }
}
