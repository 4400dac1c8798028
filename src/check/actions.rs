//! Checks of follow-up actions: what nobody has taken on, or has no date, does not get done.

use super::{Check, Hit, Level, Look, line_at};
use crate::domain::{Action, ActionStatus};
use crate::extract::rules;
use crate::extract::vocabulary::lists;
use crate::time::written::read;
use regex::Regex;
use std::sync::LazyLock;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "R301",
        slug: "action-without-owner",
        level: Level::Warning,
        finds: "follow-up actions that are not done and that nobody has taken on, nor has a ticket",
        reason: "What is everybody's is done by nobody.",
        remedy: "Name a person or a team beside each action, or link its ticket.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n- [ ] Add an alert for full disks\n- [ ] Raise the quota (owner: Mara)\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n- [x] Add an alert for full disks\n",
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n| action | owner | due |\n|---|---|---|\n| Add an alert | Mara | 2025-04-01 |\n",
        ],
        apply: |look, hits| lacking(look, hits, "an owner", |a| a.owner.is_some(), |line| OWNED.is_match(line)),
    },
    Check {
        code: "R302",
        slug: "action-without-date",
        level: Level::Note,
        finds: "follow-up actions that are not done and have neither a date nor a ticket",
        reason: "Without a date nobody can tell whether it is late.",
        remedy: "Write a date beside each action, or link its ticket.",
        examples: &[
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n- [ ] Add an alert for full disks (owner: Mara)\n",
        ],
        counterexamples: &[
            "# Shop down\n\nOn 2025-03-02 customers could not pay.\n\n## Action items\n\n| action | owner | due |\n|---|---|---|\n| Add an alert | Mara | 2025-04-01 |\n",
        ],
        apply: |look, hits| lacking(look, hits, "a date", |a| a.due.is_some(), may_be_dated),
    },
];

/// An owner in a form that was not understood: a name after a dash, colon or bracket, an `@name`, a word for owner.
static OWNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?:^|\s)@\w | [-–—:(*|]\s*\*{0,2}\p{Lu}[\p{L}.'’-]+ | [(:–—-]\s*(?:the\s)?[\p{L}\ ]{2,30}\b(?:team|squad|guild)\b
        | (?i:\b(?:owner|assignee|assigned|responsible|verantwortlich|zuständig|responsable|responsável)\b)",
    )
    .expect("a valid regex")
});

/// One finding for all where none has it, else one an action; nothing of what may have it in words not understood.
fn lacking(look: &Look<'_>, hits: &mut Vec<Hit>, what: &str, has: fn(&Action) -> bool, may_have: fn(&str) -> bool) {
    let text = &look.reading.document.text;
    let line = |a: &Action| a.evidence.first().map_or("", |s| line_at(text, s.start));
    // A dated or finished action says so, if only in its own words.
    // A sentence of intent in prose is no entry of a list that could have columns.
    let listed = look.candidates.iter().filter(|c| c.rule == rules::action::listed::RULE.code);
    let listed: Vec<_> = listed.map(|c| &c.evidence).collect();
    let is_open = |a: &&Action| {
        listed.contains(&&a.evidence) && a.status != ActionStatus::Done && !lists().action_done.any(line(a))
    };
    let open: Vec<&Action> = look.incident.actions.iter().filter(is_open).collect();
    // A ticket has an owner and a date of its own.
    let lacks = open.iter().filter(|a| !has(a) && a.links.is_empty() && !may_have(line(a)));
    let lacks: Vec<&&Action> = lacks.collect();
    let span = |a: &Action| a.evidence.first().cloned();
    match lacks.as_slice() {
        [] => {}
        [first, _, ..] if lacks.len() == open.len() => {
            hits.push(Hit {
                span: span(first),
                message: format!("none of the {} open actions has {what}", open.len()),
            });
        }
        some => hits.extend(some.iter().map(|a| Hit { span: span(a), message: format!("this action lacks {what}") })),
    }
}

/// A date in any of its forms, or a word for one.
fn may_be_dated(line: &str) -> bool {
    read(line).written.iter().any(|w| w.date.is_some()) || DATED.is_match(line)
}

static DATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?ix)\b(?: due | deadline | by\ (?:the\ )?end | before | q[1-4] | 20\d\d | this\ (?:week|month|quarter|year) | next\ (?:week|month|quarter|year) | avant | fällig | bis | fecha | antes | prazo )\b")
        .expect("a valid regex")
});
