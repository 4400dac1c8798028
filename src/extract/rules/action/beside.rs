//! What a form says of an action in lines of their own: "Owner: …", "Due: …", "Status: …" below it.

use super::details;
use super::marks::{Kind, kind};
use crate::document::{Block, BlockKind};
use crate::domain::{Action, ActionStatus, Span};
use crate::extract::reading::Reading;
use crate::extract::vocabulary::is_blank;

/// One such value: what it is, and where it stands in the block.
struct Value {
    kind: Kind,
    range: Span,
}

/// Does a block say nothing but such values?
pub fn is_beside(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Item { .. } | BlockKind::Paragraph) && !values(&block.text).is_empty()
}

/// The values of a text that begins with one: parts set apart by line breaks, commas, semicolons or bars. A part
/// without a key of its own goes on with the value before it.
fn values(text: &str) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(['\n', ',', ';', '|']) {
        let range = start..start + part.len();
        start = range.end;
        if part.trim().is_empty() {
            continue;
        }
        let cut = part.find([':', '=']);
        let key = cut.and_then(|at| Some((kind(part.get(..at)?)?, at)));
        match (key, found.last_mut()) {
            (Some((kind, at)), _) => {
                let skip = part.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                found.push(Value { kind, range: range.start + at + skip..range.end });
            }
            (None, Some(last)) => last.range.end = range.end,
            (None, None) => return Vec::new(),
        }
    }
    found
}

/// Adds to an action what a block beside it says.
pub fn add(reading: &Reading<'_>, index: usize, block: &Block, action: &mut Action) {
    for value in values(&block.text) {
        set(reading, index, block, value.kind, &value.range, action);
    }
}

/// Adds one value; what the action's own words say stays.
pub fn set(reading: &Reading<'_>, index: usize, block: &Block, kind: Kind, range: &Span, action: &mut Action) {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '.');
    let words = block.text.get(range.clone()).unwrap_or("").trim_matches(is_mark);
    match kind {
        Kind::Owner if action.owner.is_none() && !is_blank(words) => {
            action.owner = Some(words.trim_start_matches('@').to_owned());
        }
        Kind::Due if action.due.is_none() => action.due = details::due(reading, index, range),
        Kind::Status if action.status == ActionStatus::Unknown => action.status = details::status_of(words),
        _ => {}
    }
    action.links.extend(details::links(block, range));
    action.links.truncate(details::LINKS_MAX);
}
