//! A report cut into sentences that carry the part of the report they stand in.

use crate::document::BlockKind;
use crate::domain::{Component, Evidence, Span, Trigger};
use crate::extract::reading::{LabelForm, Reading};
use crate::extract::rules::title;
use crate::extract::section::Section;
use crate::extract::vocabulary::{Asked, Cue, Cues, asks_cause, causes, deeds, is_blank, lists};
use crate::text::{Told, told};
use std::cell::OnceCell;

/// What a unit is, for weighing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    Title,
    /// The value of a label: outright for `Root cause:`, not so for `Trigger:`.
    CauseLabel {
        outright: bool,
    },
    Heading,
    Sentence,
}

/// A piece of text to be weighed.
#[derive(Debug, Clone)]
pub struct Unit {
    pub text: String,
    pub kind: UnitKind,
    pub section: Section,
    pub evidence: Place,
    /// Which lists of words may have one in it.
    told: Told,
    /// Asked by votes of two kinds, and for the explanation.
    pub heard: Heard,
}

/// What the words of a unit say, found once.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub is_remedy: OnceCell<bool>,
    pub triggers: OnceCell<Vec<Cue<Trigger>>>,
    pub components: OnceCell<Vec<Cue<Component>>>,
}

/// Where a unit stands.
#[derive(Debug, Clone)]
pub enum Place {
    Block(usize, Span),
    Source(Evidence),
}

/// Texts longer than this are logs.
const UNIT_BYTES_MAX: usize = 1_200;

/// Enough units for any report.
const UNITS_MAX: usize = 1_500;

/// Title, labelled causes, headings and sentences of the incident, code and comments left out.
pub fn units<'r>(reading: &'r Reading<'_>) -> &'r [Unit] {
    reading.memo.units.get_or_init(|| cut(reading))
}

fn cut(reading: &Reading<'_>) -> Vec<Unit> {
    let mut units = Vec::new();
    if let Some((title, evidence)) = title::chosen(reading) {
        units.push(Unit::new(title, UnitKind::Title, Section::Opening, Place::Source(evidence)));
    }
    for label in &reading.labels {
        if label.value.len() > UNIT_BYTES_MAX || units.len() >= UNITS_MAX {
            continue;
        }
        let place = || Place::Source(vec![label.evidence.clone()]);
        if let Some(asked) =
            asks_cause(&label.key).filter(|_| label.form != LabelForm::Heading && !is_blank(&label.value))
        {
            let kind = UnitKind::CauseLabel { outright: asked == Asked::Outright };
            units.push(Unit::new(label.value.clone(), kind, Section::RootCause, place()));
        }
        if label.form == LabelForm::Field && matches!(label.key.as_str(), "description" | "summary" | "external desc") {
            units.push(Unit::new(label.value.clone(), UnitKind::Sentence, Section::Summary, place()));
        }
    }
    let mut pieces: Vec<(usize, Span, UnitKind)> = reading
        .blocks()
        .filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }))
        .map(|(i, b)| (i, 0..b.text.len(), UnitKind::Heading))
        .collect();
    pieces.extend(reading.sentences.iter().map(|s| (s.block, s.range.clone(), UnitKind::Sentence)));
    pieces.sort_by_key(|(block, range, _)| (*block, range.start));
    for (block, range, kind) in pieces {
        let section = reading.section(block);
        let Some(text) = reading.text(block).get(range.clone()) else { continue };
        if text.len() > UNIT_BYTES_MAX || section == Section::Comments || units.len() >= UNITS_MAX {
            continue;
        }
        units.push(Unit::new(text.replace('\n', " "), kind, section, Place::Block(block, range)));
    }
    units
}

impl UnitKind {
    pub fn is_label(self) -> bool {
        matches!(self, UnitKind::CauseLabel { .. })
    }
}

impl Unit {
    fn new(text: String, kind: UnitKind, section: Section, evidence: Place) -> Self {
        let told = told(&text);
        Unit { text, kind, section, evidence, told, heard: Heard::default() }
    }

    pub fn triggers(&self) -> &[Cue<Trigger>] {
        let list = &causes().trigger;
        self.heard.triggers.get_or_init(|| {
            let mut found = if self.may_have(list) { list.find(&self.text) } else { Vec::new() };
            if self.tells_deeds() && self.may_have(&deeds().parts) {
                found.extend(super::deeds::told(&self.text).into_iter().filter(|cue| cue.label != Trigger::Unknown));
            }
            let mut found = outside_addresses(&self.text, found);
            found.retain(|cue| !labels_post(&self.text, cue.range.start));
            found
        })
    }

    /// What is told of the course and of the lessons is mostly what mended it.
    fn tells_deeds(&self) -> bool {
        use Section::{Impact, Opening, Other, RootCause, Summary};
        self.kind != UnitKind::Heading && matches!(self.section, Opening | Summary | RootCause | Impact | Other)
    }

    pub fn components(&self) -> &[Cue<Component>] {
        let list = &causes().component;
        if self.may_have(list) {
            self.heard.components.get_or_init(|| outside_addresses(&self.text, list.find(&self.text)))
        } else {
            &[]
        }
    }

    /// May it have a phrase of a list?
    pub fn may_have<L: Copy>(&self, list: &Cues<L>) -> bool {
        list.may_stand(self.told)
    }

    /// Has it a phrase of a list?
    pub fn has<L: Copy>(&self, list: &Cues<L>) -> bool {
        self.may_have(list) && list.any(&self.text)
    }

    /// What to quote of it: all, or of a row the cell that most of it stands in, without what only says when or in
    /// which state that was written.
    pub fn quoted(&self, reading: &Reading<'_>) -> (String, Evidence) {
        let cell = || {
            let Place::Block(block, range) = &self.evidence else { return None };
            let BlockKind::Row { cells, .. } = &reading.document.blocks.get(*block)?.kind else { return None };
            let within = cells.iter().map(|cell| cell.start.max(range.start)..cell.end.min(range.end));
            let most = within.max_by_key(|part| part.end.saturating_sub(part.start))?;
            let text = reading.text(*block).get(most.clone()).filter(|text| !text.trim().is_empty())?;
            Some((text.trim().replace('\n', " "), reading.evidence(*block, most)))
        };
        cell().unwrap_or_else(|| (self.text.trim().to_owned(), self.evidence(reading)))
    }

    /// The unit's place in the source.
    pub fn evidence(&self, reading: &Reading<'_>) -> Evidence {
        match &self.evidence {
            Place::Block(block, range) => reading.evidence(*block, range.clone()),
            Place::Source(evidence) => evidence.clone(),
        }
    }
}

/// Words of an address speak of nothing: "https", and the "kernel" of its host.
fn outside_addresses<L>(text: &str, mut found: Vec<Cue<L>>) -> Vec<Cue<L>> {
    if found.is_empty() {
        return found;
    }
    let addresses: Vec<Span> = text.match_indices("://").map(|(at, _)| word_at(text, at)).collect();
    let is_host = |cue: &Cue<L>| {
        let before = text.get(..cue.range.start).and_then(|before| before.strip_suffix('.'));
        before.is_some_and(|before| before.ends_with(char::is_alphanumeric))
    };
    found.retain(|cue| !addresses.iter().any(|a| a.contains(&cue.range.start)) && !is_host(cue));
    found
}

/// Does the label of a post begin at a place? "Update 14:00: …", "*Aggiornamento* - …", but not "Update of the kernel".
fn labels_post(text: &str, at: usize) -> bool {
    let leads = text.get(..at).is_some_and(|before| !before.contains(char::is_alphanumeric));
    let rest = text.get(at..).filter(|_| leads).unwrap_or("");
    lists().post_labels.find(rest).first().is_some_and(|label| {
        let after = rest.get(label.range.end..).unwrap_or("").trim_start_matches([' ', '*', '_', '`']);
        let is_set_apart =
            after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | '—' | '(' | '[' | '#'));
        label.range.start == 0 && (after.is_empty() || is_set_apart)
    })
}

/// The word without spaces around a place.
fn word_at(text: &str, at: usize) -> Span {
    let start = text.get(..at).and_then(|before| before.rfind(char::is_whitespace)).unwrap_or(0);
    let rest = text.get(at..).and_then(|rest| rest.find(char::is_whitespace));
    start..rest.map_or(text.len(), |length| at + length)
}
