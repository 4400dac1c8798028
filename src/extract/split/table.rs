//! Incidents in the rows of a table, whose columns name what they tell.

use super::cut::LEVEL;
use super::draft::{Cut, Draft, TITLE_LETTERS_MIN, letters};
use super::words::{is_fact, is_other, tells_length, title_rank};
use crate::document::{Block, BlockKind, Document};
use crate::domain::{MilestoneKind, Span};
use crate::extract::labels::fold_key;
use crate::extract::milestone_words::keyed;
use crate::extract::timing::names_day;
use crate::extract::vocabulary::lists;
use crate::time::duration;
use crate::time::written::{read, times};
use std::collections::BTreeMap;

/// Rows that may each be an incident, in groups: of all tables whose columns have the same names.
pub(super) fn groups(document: &Document) -> Vec<Vec<Draft>> {
    let mut groups: BTreeMap<Vec<String>, Vec<Draft>> = BTreeMap::new();
    let mut columns: Option<Columns> = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let BlockKind::Row { table, header, cells } = &block.kind else { continue };
        if *header {
            columns = Columns::of(at, *table, block, cells);
        } else if let Some(columns) = columns.as_ref().filter(|columns| columns.table == *table)
            && let Some(draft) = columns.draft(at, block, cells)
        {
            groups.entry(columns.keys.clone()).or_default().push(draft);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// What the columns of a table of incidents are.
struct Columns {
    header: usize,
    table: u32,
    keys: Vec<String>,
    /// Where the day stands.
    day: usize,
    /// Columns that may name an incident, the best first.
    titles: Vec<usize>,
}

/// Columns beside the day that tell of one incident: what happened, and something of how.
const TELLING_MIN: usize = 2;

impl Columns {
    fn of(header: usize, table: u32, block: &Block, cells: &[Span]) -> Option<Columns> {
        let keys: Vec<String> = cells.iter().map(|c| key(block.text.get(c.clone()).unwrap_or("")).0).collect();
        let is_start = |key: &str| keyed(key) == Some(MilestoneKind::Started);
        let day = keys.iter().position(|key| names_day(key) && !tells_length(key) || is_start(key))?;
        if keys.iter().any(|key| is_other(key)) {
            return None;
        }
        let mut titles: Vec<(usize, usize)> =
            keys.iter().enumerate().filter_map(|(at, key)| Some((title_rank(key)?, at))).collect();
        titles.sort_unstable();
        let titles: Vec<usize> = titles.into_iter().map(|(_, at)| at).filter(|at| *at != day).collect();
        // An index grades what it points to.
        let is_grade = |key: &str| lists().severity_keys.any(key);
        let facts = keys.iter().filter(|key| is_fact(key) && !is_grade(key) || tells_length(key)).count();
        let named = usize::from(!titles.is_empty());
        (facts > 0 && named + facts >= TELLING_MIN).then_some(Columns { header, table, keys, day, titles })
    }

    fn draft(&self, at: usize, block: &Block, cells: &[Span]) -> Option<Draft> {
        let text = |column: usize| block.text.get(cells.get(column)?.clone()).map(str::trim);
        let key = times(text(self.day)?).into_iter().find(|w| w.date.is_some());
        let key = key.and_then(|w| text(self.day)?.get(w.span).map(str::to_owned))?;
        // A number or one of a few words is no title where words tell more.
        let named = |words: usize| {
            self.titles.iter().copied().find(|column| {
                text(*column).is_some_and(|t| {
                    letters(t) >= TITLE_LETTERS_MIN
                        && t.split_whitespace().count() >= words
                        && t.len() <= TITLE_BYTES_MAX
                })
            })
        };
        let column = named(TITLE_WORDS).or_else(|| named(1))?;
        let title = text(column)?.trim_end_matches(['.', ';', ',']).to_owned();
        let evidence = block.source(cells.get(column)?.clone());
        let cut = Cut::Row { header: self.header, title: column };
        Some(Draft { place: at..at + 1, key, title, evidence, bare: false, dated_below: false, cut })
    }
}

const TITLE_WORDS: usize = 2;
const TITLE_BYTES_MAX: usize = 200;

/// The folded name of a column, and what stands in brackets behind it: the zone or the unit of its values.
fn key(name: &str) -> (String, String) {
    let (name, aside) = name.split_once(['(', '[', ',']).unwrap_or((name, ""));
    (fold_key(name), aside.trim_end_matches([')', ']', ' ']).trim().to_owned())
}

/// A heading of the title, a row of a name and a value for each short cell, and a section for each that tells more.
pub(super) fn blocks(document: &Document, draft: &Draft, header: usize, title: usize) -> Vec<Block> {
    let row = document.blocks.get(draft.place.start);
    let (Some(header), Some(row)) = (document.blocks.get(header), row) else { return Vec::new() };
    let (BlockKind::Row { cells: names, .. }, BlockKind::Row { cells, table, .. }) = (&header.kind, &row.kind) else {
        return Vec::new();
    };
    let (mut pairs, mut sections) = (Vec::new(), Vec::new());
    for (column, cell) in cells.iter().enumerate() {
        let Some(value) = row.part(cell.clone(), BlockKind::Paragraph) else { continue };
        let name = names.get(column).and_then(|name| header.text.get(name.clone())).unwrap_or("");
        let (key, aside) = key(name);
        if is_telling(&value.text) {
            if !key.is_empty() && column != title || is_fact(&key) {
                let heading =
                    names.get(column).and_then(|n| header.part(n.clone(), BlockKind::Heading { level: LEVEL + 1 }));
                sections.extend(heading);
                sections.push(value);
            } else {
                pairs.push(value);
            }
        } else if column != title || is_fact(&key) {
            pairs.push(complete(value, &aside).keyed(&key, *table));
        }
    }
    let heading = cells.get(title).and_then(|c| row.part(c.clone(), BlockKind::Heading { level: LEVEL }));
    heading.into_iter().chain(pairs).chain(sections).collect()
}

/// Whether words are a clause rather than a value.
fn is_telling(text: &str) -> bool {
    let timed = times(text).iter().any(|w| w.span.len() * 2 > text.len());
    !timed && text.split_whitespace().count() >= TELLING_WORDS_MIN
}

const TELLING_WORDS_MIN: usize = 4;

/// A value with the zone or the unit that its column names, where it has none of its own.
fn complete(value: Block, aside: &str) -> Block {
    let is_zone = read(aside).zones.iter().any(|zone| zone.span.len() == aside.len());
    let times = || times(&value.text);
    let zoneless = is_zone && times().iter().any(|w| w.clock.is_some() && w.zone.is_none());
    let number = || value.text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let unitless = !aside.is_empty() && !is_zone && number() && !duration::read(&format!("1 {aside}")).is_empty();
    if zoneless || unitless { value.followed_by(&format!(" {aside}")) } else { value }
}
