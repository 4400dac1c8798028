//! Questions that each ask why the answer before them is so: the answer to the last one is the root.
//!
//! Knows units only.

use super::units::{Place, Unit, UnitKind};
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::section::Section;
use crate::extract::vocabulary::explaining;

/// A row of questions has at least so many.
const QUESTIONS_MIN: usize = 2;

/// The answers of rows of questions.
#[derive(Debug, Default, PartialEq)]
pub struct Whys {
    /// Units that answer the last question of a row.
    pub roots: Vec<usize>,
    /// Units that only lead to the next question.
    pub steps: Vec<usize>,
}

/// The answers in each part of the report that asks so.
pub fn whys(reading: &Reading<'_>, units: &[Unit]) -> Whys {
    let mut found = Whys::default();
    if !units.iter().any(asks) && !units.iter().any(announces) {
        return found;
    }
    let mut row = Row::default();
    for (index, unit) in units.iter().enumerate() {
        if unit.kind == UnitKind::Heading && !asks(unit) {
            std::mem::take(&mut row).close(&mut found);
            row.is_announced = announces(unit);
        } else if asks(unit) {
            row.questions += 1;
            row.answers.push(Vec::new());
        } else if unit.kind == UnitKind::Sentence && matches!(unit.section, Section::RootCause | Section::Other) {
            row.answer(index, is_listed(reading, unit));
        }
    }
    row.close(&mut found);
    found
}

/// What is read below one heading.
#[derive(Default)]
struct Row {
    is_announced: bool,
    questions: usize,
    /// The units behind each question; of a list without questions, each item.
    answers: Vec<Vec<usize>>,
    items: Vec<usize>,
}

impl Row {
    fn answer(&mut self, unit: usize, is_listed: bool) {
        if let Some(answer) = self.answers.last_mut() {
            answer.push(unit);
        } else if is_listed {
            self.items.push(unit);
        }
    }

    fn close(mut self, found: &mut Whys) {
        let answered: Vec<Vec<usize>> = self.answers.drain(..).filter(|answer| !answer.is_empty()).collect();
        if self.questions >= QUESTIONS_MIN && answered.len() >= QUESTIONS_MIN {
            let last = answered.len() - 1;
            for (nth, answer) in answered.into_iter().enumerate() {
                // What follows the answer to the last question may have left it.
                let (first, others) = answer.split_first().map_or((None, [].as_slice()), |(f, o)| (Some(*f), o));
                if nth == last {
                    found.roots.extend(first);
                } else {
                    found.steps.extend(first);
                }
                found.steps.extend(others.iter().filter(|_| nth < last));
            }
        } else if self.is_announced && self.questions == 0 && self.items.len() >= QUESTIONS_MIN {
            found.roots.extend(self.items.pop());
            found.steps.append(&mut self.items);
        }
    }
}

/// "Why was it read at once?"
fn asks(unit: &Unit) -> bool {
    let words = unit.text.trim_start_matches(|c: char| !c.is_alphabetic());
    unit.text.trim_end().ends_with(['?', '？']) && explaining().asks_why.opens(words)
}

/// "Five whys" as a heading.
fn announces(unit: &Unit) -> bool {
    unit.kind == UnitKind::Heading && explaining().whys.any(&unit.text)
}

pub fn is_listed(reading: &Reading<'_>, unit: &Unit) -> bool {
    let Place::Block(block, _) = &unit.evidence else { return false };
    let kind = reading.document.blocks.get(*block).map(|block| &block.kind);
    matches!(kind, Some(BlockKind::Item { .. } | BlockKind::Row { .. }))
}
