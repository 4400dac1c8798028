//! The words of `vocabulary/several.toml`.

use crate::extract::milestone_words::keyed;
use crate::extract::speech::speech;
use crate::extract::vocabulary::Cues;
use crate::text::{Words, listed_list, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    facts: Words,
    parts: Words,
    table: Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    titles: Vec<String>,
    others: Words,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| shipped!("extract/vocabulary/several.toml").expect("the shipped vocabulary is valid"));

static SEVERAL: Cues<()> = Cues::listed(listed_list!(several::several));
static LOGS: Cues<()> = Cues::listed(listed_list!(several::logs));
static RELATED: Cues<()> = Cues::listed(listed_list!(several::related));
static EARLIER: Cues<()> = Cues::listed(listed_list!(several::earlier));

/// Where words for several incidents stand.
pub(super) fn several(words: &str) -> Vec<std::ops::Range<usize>> {
    SEVERAL.find(words).into_iter().map(|cue| cue.range).collect()
}

/// Does a heading announce several incidents?
pub(super) fn announces(heading: &str) -> bool {
    SEVERAL.any(heading) || LOGS.any(heading)
}

/// Does it announce them for the sake of another one?
pub(super) fn relates(heading: &str) -> bool {
    SEVERAL.any(heading) && RELATED.any(heading)
}

/// Does it announce those that were before?
pub(super) fn looks_back(heading: &str) -> bool {
    SEVERAL.any(heading) && EARLIER.any(heading)
}

/// Does a (folded) key say something of one incident?
pub(super) fn is_fact(key: &str) -> bool {
    DATA.facts.contains(key)
}

/// Is it one that a report on an incident has?
pub(super) fn is_mark(key: &str) -> bool {
    is_fact(key) || DATA.parts.contains(key)
}

/// Does a (folded) key name a length of the incident, or when it was over?
pub(super) fn tells_length(key: &str) -> bool {
    use crate::domain::MilestoneKind::{Mitigated, Resolved};
    speech().impact_key.begins(key) || matches!(keyed(key), Some(Mitigated | Resolved))
}

/// How well a column of this (folded) name serves as a title, 0 the best.
pub(super) fn title_rank(key: &str) -> Option<usize> {
    DATA.table.titles.iter().position(|title| title == key)
}

/// Is a column of this (folded) name none of a table of incidents?
pub(super) fn is_other(key: &str) -> bool {
    DATA.table.others.contains(key)
}
