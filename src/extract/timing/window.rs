//! Clocks of prose that were given a day on which they lie outside the incident, where its labels tell from when to
//! when it lasted and another day puts them inside: "End: 2025-11-05 04:32. … The alarm rang at 23:19" was the day
//! before.

use super::{Stamp, Timing};
use crate::document::BlockKind;
use crate::domain::MilestoneKind;
use crate::extract::milestone_words::keyed;
use crate::extract::reading::Reading;
use crate::time::{Moment, Part};
use std::collections::BTreeMap;

/// Of a longer incident, more than one day may put a clock inside.
const WINDOW_MINUTES_MAX: i64 = 24 * 60;

pub(super) fn fit(timing: &mut Timing, reading: &Reading<'_>) {
    let Some((start, end)) = window(timing, reading) else { return };
    let is_prose: BTreeMap<usize, bool> =
        reading.blocks().map(|(i, b)| (i, matches!(b.kind, BlockKind::Paragraph | BlockKind::Quote))).collect();
    for stamp in &mut timing.stamps {
        let is_placed = stamp.written.date.is_none() && stamp.written.day.is_none() && stamp.written.clock.is_some();
        if is_placed && is_prose.get(&stamp.block).copied().unwrap_or(false) {
            place(stamp, &start, &end);
        }
    }
}

/// From when to when, with clocks and on days that the labels tell themselves.
fn window(timing: &Timing, reading: &Reading<'_>) -> Option<(Moment, Moment)> {
    let told = |wanted: &[MilestoneKind]| {
        let labels = reading.labels.iter().filter(|l| keyed(&l.key).is_some_and(|kind| wanted.contains(&kind)));
        let moments = labels.filter_map(|label| timing.of_label(label).into_iter().next().map(|r| r.at));
        moments.into_iter().find(|m| m.clock.is_some() && m.date.is_some() && !m.inferred.contains(&Part::Date))
    };
    let start = told(&[MilestoneKind::Started])?;
    let end = told(&[MilestoneKind::Resolved, MilestoneKind::Mitigated])?;
    (1..WINDOW_MINUTES_MAX).contains(&end.minutes_since(&start)?).then_some((start, end))
}

fn place(stamp: &mut Stamp, start: &Moment, end: &Moment) {
    let is_inside =
        |at: &Moment| at.minutes_since(start).is_some_and(|m| m >= 0) && end.minutes_since(at).is_some_and(|m| m >= 0);
    let Some(known) = stamp.at.date.filter(|_| !is_inside(&stamp.at)) else { return };
    let days = [start.date, end.date].into_iter().flatten();
    let Some(day) = days.into_iter().find(|day| is_inside(&Moment { date: Some(*day), ..stamp.at.clone() })) else {
        return;
    };
    let moved = day - known;
    stamp.at.date = Some(day);
    if let Some(end) = &mut stamp.end {
        end.date = end.date.and_then(|date| date.checked_add_signed(moved));
    }
}
