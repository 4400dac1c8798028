//! Which column of a table of actions holds what.

use crate::document::{Block, BlockKind};
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::Reading;
use crate::extract::vocabulary::{action_words, is_blank, is_named};

use super::details;

/// Columns by what they hold.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Columns {
    pub text: Option<usize>,
    pub owner: Option<usize>,
    pub due: Option<usize>,
    pub status: Option<usize>,
}

impl Columns {
    /// Does a header announce actions by itself: a column "Action item", or tasks with an owner and more?
    pub fn announces(block: &Block, cells: &[Span]) -> bool {
        let columns = Columns::of_header(block, cells);
        let name =
            |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim().to_lowercase();
        let text = columns.text.map(name).unwrap_or_default();
        let known = action_words();
        let timed = !cells.is_empty() && known.timed.iter().any(|w| name(0).contains(w.as_str()));
        let kept = columns.owner.is_some() && (columns.due.is_some() || columns.status.is_some());
        !timed && (text.starts_with("action item") || kept && known.tasks.contains(&text))
    }

    /// Is a row that nothing marks as one a header: are its cells a word or two, and names an action and something
    /// else among them?
    pub fn heads(block: &Block, cells: &[Span]) -> bool {
        let columns = Columns::of_header(block, cells);
        let others = [columns.owner, columns.due, columns.status].into_iter().flatten().count();
        let words = |cell: &Span| block.text.get(cell.clone()).unwrap_or("").trim().to_lowercase();
        let is_named = |at: usize| cells.get(at).is_some_and(|cell| action_words().text.contains(&words(cell)));
        let is_short = |cell: &Span| words(cell).split_whitespace().count() <= 2;
        columns.text.is_some_and(is_named) && others > 0 && cells.iter().all(is_short)
    }

    /// Reads a header row.
    pub fn of_header(block: &Block, cells: &[Span]) -> Self {
        let mut columns = Columns::default();
        for (at, cell) in cells.iter().enumerate() {
            // "Done?"
            let name = block.text.get(cell.clone()).unwrap_or("").trim_end_matches([' ', '?']).trim().to_lowercase();
            let known = action_words();
            let is = |names| is_named(names, &name);
            let slot = if is(&known.owner) {
                &mut columns.owner
            } else if is(&known.due) {
                &mut columns.due
            } else if is(&known.status) {
                &mut columns.status
            } else if is(&known.text) {
                &mut columns.text
            } else {
                continue;
            };
            slot.get_or_insert(at);
        }
        columns
    }

    /// The action of a row; without a column for it, the longest cell holds the text.
    pub fn action(&self, reading: &Reading<'_>, index: usize, block: &Block) -> Option<Action> {
        let BlockKind::Row { cells, .. } = &block.kind else { return None };
        // A note across all columns is none of the actions.
        if cells.len() == 1 && self.text.is_some() && [self.owner, self.due, self.status].iter().any(Option::is_some) {
            return None;
        }
        let words = |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim();
        let longest = || (0..cells.len()).max_by_key(|at| (words(*at).len(), std::cmp::Reverse(*at)));
        let column = self.text.filter(|at| !words(*at).is_empty()).or_else(longest)?;
        let cell = cells.get(column)?.clone();
        let mut action = details::action(reading, index, block, cell)?;
        let whole = 0..block.text.len();
        action.links = details::links(block, &whole);
        if let Some(owner) = self.owner.map(words).filter(|w| !is_blank(w)) {
            action.owner = Some(owner.trim_start_matches('@').to_owned());
        }
        if let Some(cell) = self.due.and_then(|at| cells.get(at)) {
            action.due = details::due(reading, index, cell).or(action.due);
        }
        if let Some(status) = self.status.map(words) {
            let known = action_words();
            action.status = match status.to_lowercase().as_str() {
                yes if known.yes.contains(yes) => ActionStatus::Done,
                no if known.no.contains(no) => ActionStatus::Open,
                words => Some(details::status_of(words))
                    .filter(|status| *status != ActionStatus::Unknown)
                    .unwrap_or(action.status),
            };
        } else if action.status == ActionStatus::Unknown {
            let others = (0..cells.len()).filter(|at| *at != column && Some(*at) != self.owner).map(words);
            let said = others.filter(|w| w.split_whitespace().count() <= 2).map(details::status_of);
            action.status = said.into_iter().find(|s| *s != ActionStatus::Unknown).unwrap_or(ActionStatus::Unknown);
        }
        Some(action)
    }
}
