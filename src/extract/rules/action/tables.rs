//! Which column of a table of actions holds what.

use crate::document::{Block, BlockKind};
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::Reading;

use super::details;

/// Columns by what they hold.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Columns {
    pub text: Option<usize>,
    pub owner: Option<usize>,
    pub due: Option<usize>,
    pub status: Option<usize>,
}

const TEXT: &[&str] = &[
    "action",
    "action item",
    "task",
    "item",
    "description",
    "what",
    "todo",
    "follow-up",
    "follow up",
    "improvement",
    "measure",
    "title",
    "recommendation",
    "remediation",
    "maßnahme",
    "aufgabe",
    "mesure",
    "tâche",
    "acción",
    "tarea",
    "medida",
    "ação",
    "tarefa",
    "details",
    "summary",
    "対応",
    "対策",
    "アクション",
    "内容",
    "措施",
    "行动项",
    "actions",
];
const OWNER: &[&str] = &[
    "owner",
    "who",
    "assignee",
    "assigned",
    "responsible",
    "lead",
    "dri",
    "team",
    "verantwortlich",
    "wer",
    "responsable",
    "qui",
    "quién",
    "responsável",
    "quem",
    "zuständig",
    "担当",
];
const DUE: &[&str] = &[
    "due",
    "deadline",
    "target",
    "when",
    "eta",
    "date",
    "by",
    "frist",
    "bis",
    "termin",
    "échéance",
    "quand",
    "plazo",
    "fecha",
    "cuándo",
    "prazo",
    "quando",
    "期限",
];
const STATUS: &[&str] = &[
    "status",
    "state",
    "done",
    "progress",
    "ステータス",
    "状態",
    "状态",
    "zustand",
    "stand",
    "statut",
    "état",
    "estado",
    "situação",
];

impl Columns {
    /// Does a header announce actions by itself: a column "Action item", or tasks with an owner and more?
    pub fn announces(block: &Block, cells: &[Span]) -> bool {
        let columns = Columns::of_header(block, cells);
        let name =
            |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim().to_lowercase();
        let text = columns.text.map(name).unwrap_or_default();
        let tasks =
            ["action", "actions", "task", "todo", "follow-up", "follow up", "measure", "maßnahme", "acción", "ação"];
        let timed =
            !cells.is_empty() && ["time", "when", "date", "timestamp", "utc"].iter().any(|w| name(0).contains(w));
        let kept = columns.owner.is_some() && (columns.due.is_some() || columns.status.is_some());
        !timed && (text.starts_with("action item") || kept && tasks.contains(&text.as_str()))
    }

    /// Is a row that nothing marks as one a header: are its cells a word or two, and names an action and something
    /// else among them?
    pub fn heads(block: &Block, cells: &[Span]) -> bool {
        let columns = Columns::of_header(block, cells);
        let others = [columns.owner, columns.due, columns.status].into_iter().flatten().count();
        let words = |cell: &Span| block.text.get(cell.clone()).unwrap_or("").trim().to_lowercase();
        let is_named = |at: usize| cells.get(at).is_some_and(|cell| TEXT.contains(&words(cell).as_str()));
        let is_short = |cell: &Span| words(cell).split_whitespace().count() <= 2;
        columns.text.is_some_and(is_named) && others > 0 && cells.iter().all(is_short)
    }

    /// Reads a header row.
    pub fn of_header(block: &Block, cells: &[Span]) -> Self {
        let mut columns = Columns::default();
        for (at, cell) in cells.iter().enumerate() {
            let name = block.text.get(cell.clone()).unwrap_or("").trim().to_lowercase();
            let is = |names: &[&str]| names.iter().any(|n| name == *n || name.starts_with(n) && n.len() > 3);
            let slot = if is(OWNER) {
                &mut columns.owner
            } else if is(DUE) {
                &mut columns.due
            } else if is(STATUS) {
                &mut columns.status
            } else if is(TEXT) {
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
        let words = |at: usize| cells.get(at).and_then(|c| block.text.get(c.clone())).unwrap_or("").trim();
        let longest = || (0..cells.len()).max_by_key(|at| (words(*at).len(), std::cmp::Reverse(*at)));
        let column = self.text.filter(|at| !words(*at).is_empty()).or_else(longest)?;
        let cell = cells.get(column)?.clone();
        let mut action = details::action(reading, index, block, cell)?;
        let whole = 0..block.text.len();
        action.links = details::links(block, &whole);
        if let Some(owner) = self.owner.map(words).filter(|w| !w.is_empty() && *w != "-" && *w != "–") {
            action.owner = Some(owner.to_owned());
        }
        if let Some(cell) = self.due.and_then(|at| cells.get(at)) {
            action.due = details::due(reading, index, cell).or(action.due);
        }
        if let Some(status) = self.status.map(words) {
            action.status = details::status_of(status);
        } else if action.status == ActionStatus::Unknown {
            let others = (0..cells.len()).filter(|at| *at != column && Some(*at) != self.owner).map(words);
            let said = others.filter(|w| w.split_whitespace().count() <= 2).map(details::status_of);
            action.status = said.into_iter().find(|s| *s != ActionStatus::Unknown).unwrap_or(ActionStatus::Unknown);
        }
        Some(action)
    }
}
