//! Clocks of prose that were given a day on which they lie outside the incident, where its labels tell from when to
//! when it lasted and another day puts them inside: "End: 2025-11-05 04:32. … The alarm rang at 23:19" was the day
//! before.

use super::{Stamp, Timing};
use crate::document::BlockKind;
use crate::domain::{MilestoneKind, Span};
use crate::extract::milestone_words::keyed;
use crate::extract::reading::Reading;
use crate::time::{Moment, Part};

/// Of a longer incident, more than one day may put a clock inside.
const WINDOW_MINUTES_MAX: i64 = 24 * 60;

pub(super) fn fit(timing: &mut Timing, reading: &Reading<'_>) {
    let Some((start, end)) = window(timing, reading) else { return };
    let is_prose = |block: usize| {
        let kind = reading.document.blocks.get(block).map(|b| &b.kind);
        matches!(kind, Some(BlockKind::Paragraph | BlockKind::Quote))
    };
    for stamp in &mut timing.stamps {
        let is_placed = stamp.written.date.is_none() && stamp.written.day.is_none() && stamp.written.clock.is_some();
        if is_placed && is_prose(stamp.block) {
            place(stamp, &start, &end);
        }
    }
}

fn window(timing: &Timing, reading: &Reading<'_>) -> Option<(Moment, Moment)> {
    let ((start, _), (end, _)) = labelled_window(timing, reading)?;
    (1..WINDOW_MINUTES_MAX).contains(&end.minutes_since(&start)?).then_some((start, end))
}

/// A moment and the label's place in the source.
type Labelled = (Moment, Span);

/// From when to when, with clocks and on days that the labels tell themselves.
pub fn labelled_window(timing: &Timing, reading: &Reading<'_>) -> Option<(Labelled, Labelled)> {
    let told = |wanted: &[MilestoneKind]| {
        let labels = reading.labels.iter().filter(|l| keyed(&l.key).is_some_and(|kind| wanted.contains(&kind)));
        let mut moments = labels.filter_map(|l| Some((timing.of_label(l).into_iter().next()?.at, l.evidence.clone())));
        moments.find(|(at, _)| at.clock.is_some() && at.date.is_some() && !at.inferred.contains(&Part::Date))
    };
    told(&[MilestoneKind::Started]).zip(told(&[MilestoneKind::Resolved, MilestoneKind::Mitigated]))
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
