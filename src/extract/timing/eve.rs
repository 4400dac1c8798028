//! The first entries of a run, whose date nobody wrote: where the first written date is that of the day after, they are
//! of its eve.

use super::Stamp;
use super::run::leads;
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use chrono::NaiveDateTime;

/// Entries that show in which order a run is told.
const ORDERED_MIN: usize = 3;
/// A clock that falls back by less is an entry out of order.
const BEHIND_MINUTES: i64 = 6 * 60;
/// So many entries behind the first date show the order.
const LOOKED_AT: usize = 8;

/// "22:45 errors, 23:10 paged, 2025-06-05 00:10 moved away": what would be told backwards, and then forwards, was the
/// evening before. A run that is told from its end stays as it is.
pub(super) fn step_back(stamps: &mut [Stamp], reading: &Reading<'_>) {
    let mut from = 0;
    while let Some(run) = next_run(stamps, from, reading) {
        from = run.last().map_or(stamps.len(), |last| last + 1);
        if let Some(before) = evening(stamps, &run) {
            let blocks: Vec<usize> = before.iter().filter_map(|at| stamps.get(*at)).map(|s| s.block).collect();
            let first = before.first().copied().unwrap_or(from);
            for stamp in stamps.iter_mut().skip(first).take_while(|s| blocks.contains(&s.block)) {
                if !names_day(stamp) {
                    stamp.at.date = stamp.at.date.and_then(|date| date.pred_opt());
                    let end = stamp.end.as_mut();
                    end.into_iter().for_each(|end| end.date = end.date.and_then(|date| date.pred_opt()));
                }
            }
        }
    }
}

/// The next entries that follow each other: places among the stamps.
fn next_run(stamps: &[Stamp], from: usize, reading: &Reading<'_>) -> Option<Vec<usize>> {
    let mut run: Vec<usize> = Vec::new();
    let mut place = None;
    let mut entries = stamps.iter().enumerate().skip(from).filter_map(|(at, stamp)| {
        let block = reading.document.blocks.get(stamp.block)?;
        let kind = match block.kind {
            BlockKind::Item { .. } => 0,
            BlockKind::Row { table, .. } => u64::from(table) + 2,
            BlockKind::Paragraph => 1,
            _ => return None,
        };
        leads(block, &stamp.written).then_some((at, (block.heading, kind)))
    });
    entries.try_for_each(|(at, here)| {
        if place.is_some_and(|place| place != here) {
            return None;
        }
        place = Some(here);
        run.push(at);
        Some(())
    });
    (!run.is_empty()).then_some(run)
}

/// The entries of a run that are of the evening before its first written date, if any are.
fn evening<'r>(stamps: &[Stamp], run: &'r [usize]) -> Option<&'r [usize]> {
    let stamp = |at: &usize| stamps.get(*at);
    let dated = run.iter().position(|at| stamp(at).is_some_and(names_day))?;
    let (before, rest) = run.split_at_checked(dated)?;
    let times = |run: &[usize]| -> Option<Vec<NaiveDateTime>> {
        run.iter().map(|at| stamp(at).and_then(|s| Some(s.at.date?.and_time(s.at.clock?)))).collect()
    };
    let (before_times, rest_times) = (times(before)?, times(rest.get(..rest.len().min(LOOKED_AT))?)?);
    let is_forward = |times: &[NaiveDateTime]| times.is_sorted();
    let falls_back = (*before_times.last()? - *rest_times.first()?).num_minutes();
    let is_evening = (BEHIND_MINUTES..24 * 60).contains(&falls_back);
    let is_shown = before_times.len() + rest_times.len() >= ORDERED_MIN;
    (is_evening && is_shown && is_forward(&before_times) && is_forward(&rest_times)).then_some(before)
}

fn names_day(stamp: &Stamp) -> bool {
    stamp.written.date.is_some() || stamp.written.day.is_some()
}
