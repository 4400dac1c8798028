//! Paragraphs that are actions because each begins in the same way: with what is to be done, or whose it is, in bold.

use crate::document::{Block, BlockKind};
use crate::extract::reading::Reading;
use crate::extract::section::Section;
use std::collections::{BTreeMap, BTreeSet};

pub fn leads(reading: &Reading<'_>) -> BTreeSet<usize> {
    let mut leads = worded(reading);
    leads.extend(owned(reading));
    leads
}

/// "**1. Disk alerts.** Each host alerts at 80 %.": paragraphs that each begin with what is to be done, in bold.
fn worded(reading: &Reading<'_>) -> BTreeSet<usize> {
    // "Alerting." is a lead as well, where several paragraphs have one.
    let is_led = |block: &Block| {
        let lead = block.strong.first().filter(|lead| lead.start <= LEAD_MARKS_MAX && lead.len() < block.text.len());
        let words = lead.and_then(|lead| block.text.get(lead.clone())).unwrap_or("").trim_end();
        (block.kind == BlockKind::Paragraph && words.ends_with('.')).then(|| words.split_whitespace().count() >= 2)
    };
    let within = reading.blocks().filter(|(index, _)| reading.section(*index) == Section::Actions);
    let mut found: BTreeMap<Option<usize>, (Vec<usize>, usize)> = BTreeMap::new();
    for (index, block) in within {
        let Some(worded) = is_led(block) else { continue };
        let led = found.entry(block.heading).or_default();
        led.0.push(index);
        led.1 += usize::from(worded);
    }
    let led = found.into_values().filter(|(led, worded)| *worded >= 2 || led.len() >= LEADS_MIN);
    led.flat_map(|(led, _)| led).collect()
}

/// "**MK** Move the probe": paragraphs that each begin with whose action they are, in bold.
fn owned(reading: &Reading<'_>) -> BTreeSet<usize> {
    let is_owned = |block: &Block| {
        let lead = block.strong.first().filter(|lead| lead.start == 0 && lead.len() < block.text.len());
        let name = lead.and_then(|lead| block.text.get(lead.clone())).unwrap_or("").trim();
        let does = lead.and_then(|lead| block.text.get(lead.end..)).unwrap_or("").trim_start();
        let is_name =
            name.starts_with(char::is_uppercase) && name.chars().all(|c| c.is_alphanumeric() || " +/&@-".contains(c));
        is_name
            && name.split_whitespace().count() <= OWNER_WORDS_MAX
            && block.text.split_whitespace().count() <= OWNED_WORDS_MAX
            && does.starts_with(char::is_uppercase)
    };
    let within = reading.blocks().filter(|(index, _)| reading.section(*index) == Section::Actions);
    let mut found: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (index, block) in within.filter(|(_, block)| block.kind == BlockKind::Paragraph && is_owned(block)) {
        found.entry(block.heading).or_default().push(index);
    }
    found.into_values().filter(|owned| owned.len() >= LEADS_MIN).flatten().collect()
}

const OWNER_WORDS_MAX: usize = 3;
const OWNED_WORDS_MAX: usize = 40;

/// "**MK** Write a guide for:" and a list: its items belong to the action.
pub fn below(reading: &Reading<'_>, led: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut within = false;
    let mut found = BTreeSet::new();
    for (index, block) in reading.blocks() {
        match block.kind {
            BlockKind::Item { .. } if within => {
                found.insert(index);
            }
            _ => within = led.contains(&index) && block.text.trim_end().ends_with(':'),
        }
    }
    found
}

/// So many paragraphs with a lead of one word are actions.
const LEADS_MIN: usize = 3;

/// A number and its full stop may stand before the lead.
const LEAD_MARKS_MAX: usize = 4;
