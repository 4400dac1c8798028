//! The entries of a timeline that milestones are read from, the oldest first, those long before the day left out.

use crate::extract::reading::Reading;
use crate::extract::timeline::Entry;

/// The entries of a timeline, the oldest first, and whether they are those of days: one that tells no clock at all is
/// told as one of clocks is.
pub fn entries<'r>(reading: &'r Reading<'_>) -> (Vec<&'r Entry>, bool) {
    let clocked = clocked(reading);
    if !clocked.is_empty() {
        return (clocked, false);
    }
    (oldest_first(reading.timeline.entries.iter().filter(|e| e.at.date.is_some()).collect()), true)
}

/// The entries of a timeline that tell a clock, the oldest first.
pub fn clocked<'r>(reading: &'r Reading<'_>) -> Vec<&'r Entry> {
    let clocked = oldest_first(reading.timeline.entries.iter().filter(|e| e.at.clock.is_some()).collect());
    without_preface(reading, clocked)
}

/// Days before the one that the report is of, from which on entries are its own.
const PREFACE_DAYS: i64 = 2;
/// Entries of that day which show that it is told.
const ENTRIES_OF_DAY_MIN: usize = 2;

/// Entries long before the day that title, form or file name give the report tell how it came about, where that day has
/// entries of its own and more follow than come before.
fn without_preface<'r>(reading: &Reading<'_>, mut entries: Vec<&'r Entry>) -> Vec<&'r Entry> {
    let Some((day, _)) = reading.timing.date else { return entries };
    let after = |entry: &&Entry| Some((entry.at.date? - day).num_days());
    let own = entries.iter().filter(|e| after(e).is_some_and(|days| (0..=1).contains(&days))).count();
    let before = entries.iter().position(|e| after(e).is_some_and(|days| days >= -PREFACE_DAYS)).unwrap_or(0);
    if own >= ENTRIES_OF_DAY_MIN && before < entries.len() - before {
        entries.drain(..before);
    }
    entries
}

fn oldest_first(mut entries: Vec<&Entry>) -> Vec<&Entry> {
    if is_newest_first(&entries) {
        entries.reverse();
    }
    entries
}

/// Status updates stand newest first.
fn is_newest_first(entries: &[&Entry]) -> bool {
    let steps: Vec<i64> = entries.windows(2).filter_map(|w| w.last()?.at.span_since(&w.first()?.at)).collect();
    steps.iter().filter(|m| **m < 0).count() > steps.len() / 2
}
