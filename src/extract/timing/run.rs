//! Runs of entries: which date a clock without one inherits from what stands before it.

use super::Builder;
use crate::document::{Block, BlockKind};
use crate::domain::MilestoneKind;
use crate::extract::labels::fold_key;
use crate::extract::milestone_words::{Cue, cue, keyed};
use crate::text::Regex;
use crate::time::resolve::{Resolved, in_zone};

use crate::time::written::{Times, Written};
use crate::time::{Moment, NamedDay, tail};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, Timelike};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The state of a run of entries: what the next clock without a date inherits.
#[derive(Default)]
pub(super) struct Run {
    /// The governing heading and the kind of block of the run.
    place: Option<(Option<usize>, RunKind)>,
    /// The block of the last time.
    block: Option<usize>,
    /// The last entry of this run.
    entry: Option<Moment>,
    /// Where that run stands: it goes on after prose or a quotation between its entries.
    entry_place: Option<(Option<usize>, RunKind)>,
    /// The same within a stretch of prose, which entries don't see.
    told: Option<Moment>,
    /// A clock of this stretch was written with AM or PM.
    twelve_hours: bool,
    /// The same of this run of entries.
    marked: bool,
    /// The last clock was taken for one of the afternoon.
    noon_passed: bool,
    /// The last entry told its day by counting.
    counted: Option<NamedDay>,
    /// The start of a window whose end was told last, on a later day.
    opened: Option<Moment>,
    /// The headings passed that have a date, by block.
    headed: BTreeMap<usize, Moment>,
}

/// Entries of one list, one table, one row of timed headings or one stretch of prose follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RunKind {
    Headings,
    Items,
    Rows(u32),
    /// Paragraphs led by a clock.
    Lines,
    /// A date and nothing else: a heading in spirit.
    DateLine,
    Prose,
}

/// A clock this much earlier than the one before it belongs to the next day; less is an entry out of order.
const ROLL_OVER_MINUTES: i64 = 6 * 60;

/// Where clocks are of twelve hours, one that falls so far behind is of the other half of the day, unless that is as
/// far ahead of the last.
const HALF_BEHIND_MINUTES: i64 = 3 * 60;
const HALF_AHEAD_MINUTES: i64 = 9 * 60;

/// How far before a date a weekday may lie: entries are told forwards or backwards, a report of an incident is told
/// forwards, and what is published tells of the days before.
const NEIGHBOUR_DAYS_BACK: i64 = 3;
const INCIDENT_DAYS_BACK: i64 = 2;
const PUBLISHED_DAYS_BACK: i64 = 6;
/// A file is named after the day of the incident or after that of writing: the day after next is still ahead of it.
const FILED_DAYS_BACK: i64 = 4;

/// Incidents that are told backwards by whole days are told by days next to each other.
const BACKGROUND_DAYS: i64 = 3;

/// A line with at most this many letters beside its date says nothing else.
const DATE_LINE_LETTERS_MAX: usize = 12;

/// A clock as those of twelve hours are written.
static SINGLE_DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|\D)[1-9]:\d\d").expect("a valid regex"));

impl Run {
    pub(super) fn enter(&mut self, block: &Block, times: &Times, is_page_line: bool) {
        // The day of writing heads nothing.
        let kind = if is_page_line { RunKind::Prose } else { run_kind(block, times) };
        let place = (block.heading, kind);
        let same = self.place == Some(place);
        self.marked &= same;
        self.opened = self.opened.take().filter(|_| same);
        let before = self.place.map(|(_, k)| k);
        // The date of a date line holds for what follows it, that of a heading for what stands below it.
        let governed = matches!(before, Some(RunKind::DateLine | RunKind::Headings));
        if kind == RunKind::Prose {
            if !same {
                self.told = None;
                self.twelve_hours = false;
            }
        } else if !same && kind != RunKind::Headings && !governed {
            let goes_on = before == Some(RunKind::Prose) && self.entry_place == Some(place);
            self.entry = self.entry.take().filter(|_| goes_on);
        }
        if kind != RunKind::Prose {
            self.entry_place = Some(place);
        }
        self.place = Some(place);
    }

    fn in_prose(&self) -> bool {
        self.place.is_some_and(|(_, k)| k == RunKind::Prose)
    }

    fn last(&self) -> Option<&Moment> {
        if self.in_prose() { self.told.as_ref() } else { self.entry.as_ref() }
    }

    /// The date that a clock in the zone of the given label inherits: that of the last moment, as the calendar of that
    /// zone had it; and how many days before it a weekday may mean.
    pub(super) fn date(
        &self,
        builder: &Builder<'_, '_>,
        index: usize,
        label: Option<&str>,
    ) -> (Option<NaiveDate>, i64) {
        let mut heading = builder.reading.document.blocks.get(index).and_then(|b| b.heading);
        let headed = std::iter::from_fn(|| {
            let at = heading?;
            heading = builder.reading.document.blocks.get(at).and_then(|b| b.heading);
            Some(at)
        })
        .find_map(|h| self.headed.get(&h));
        let anchor = self.last().or(headed);
        let told = anchor.map(|a| label.and_then(|l| in_zone(a, l, &builder.witnesses)).unwrap_or_else(|| a.clone()));
        if let Some(date) = told.and_then(|m| m.date) {
            return (Some(date), NEIGHBOUR_DAYS_BACK);
        }
        let published = builder.published.as_ref().map(|(d, _)| *d);
        let date = builder.date.as_ref().map(|(d, _)| *d);
        let filed = matches!(&builder.date, Some((_, None)));
        (
            date,
            match (date == published, filed) {
                (true, _) => PUBLISHED_DAYS_BACK,
                (false, true) => FILED_DAYS_BACK,
                (false, false) => INCIDENT_DAYS_BACK,
            },
        )
    }

    /// "Start: 4 March 10:00, end: 14 March 11:00, detected: 10:05": what is noticed behind an end of a later day, or
    /// of one that is mistyped, is noticed on the day of the start, unless its clock is before that.
    pub(super) fn back_to_start(&self, block: &Block, written: &Written, resolved: &mut Resolved) {
        let Some((day, clock)) = self.opened.as_ref().and_then(|start| start.date.zip(start.clock)) else { return };
        let is_later = resolved.at.clock.is_some_and(|told| told >= clock) && resolved.end.is_none();
        if !names_day(written) && is_later && tells(around(block, written), &NOTICING) {
            resolved.at.date = Some(day);
        }
    }

    /// A clock without a date that falls far behind the one before it is the next day's. Prose jumps back and forth:
    /// there only an evening followed by a morning in the same paragraph counts.
    pub(super) fn roll_over(
        &self,
        index: usize,
        words: &str,
        written: &Written,
        clocks: Clocks,
        resolved: &mut Resolved,
    ) {
        let whole = |moment: &Moment| Some((moment.date?, moment.clock?, moment.offset));
        let in_block = self.told.as_ref().filter(|_| self.block == Some(index));
        let entry = self.last().and_then(whole);
        // "On 2025-03-02 it went down at 23:50. It was back at 00:20": prose, though a date leads it.
        let is_prose = self.in_prose() || entry.is_none();
        let last = entry.or_else(|| in_block.and_then(whole));
        let (Some((date, last, offset)), Some(clock)) = (last, resolved.at.clock) else { return };
        // Clocks of two zones do not follow each other.
        if offset.is_some() && resolved.at.offset.is_some() && offset != resolved.at.offset {
            return;
        }
        let behind = (last - clock).num_minutes() >= ROLL_OVER_MINUTES;
        if written.day.is_some() && written.day == self.counted && last <= clock && !is_prose {
            // "02:10 (next day) …, 03:40 (next day) …": all of them count from the same day.
            resolved.at.date = Some(date);
            return;
        }
        if names_day(written) {
            // "27 Feb 12:39 …, 27 Feb 1:50 …": of the same day, so the half of the day goes on.
            let afternoon = clock.overflowing_add_signed(TimeDelta::hours(12)).0;
            let noon = last.hour() == 12 || last.hour() > 12 && (self.noon_passed || self.twelve_hours);
            let same = resolved.at.date == Some(date) && !is_prose && noon;
            if same && behind && afternoon >= last && is_open(written) && SINGLE_DIGIT.is_match(words) {
                resolved.at.clock = Some(afternoon);
            }
            return;
        }
        let is_half = match clocks {
            Clocks::Twelve => true,
            Clocks::Open => last.hour() == 12 && clock.hour() < 6 || self.noon_passed,
            Clocks::Few | Clocks::Day => false,
        };
        if (is_half || self.marked && !is_prose)
            && resolved.at.date == Some(date)
            && let Some(next) = next_half(last, written)
        {
            (resolved.at.clock, resolved.at.date) = (Some(next.0), date.checked_add_days(Days::new(next.1)));
            return;
        }
        let night = self.block == Some(index) && last.hour() >= 18 && clock.hour() < 10;
        if is_prose && behind && self.twelve_hours && is_open(written) {
            // "By 1:05 PM it was back. We called it over at 2:30": the half of the day goes on.
            let afternoon = clock.overflowing_add_signed(TimeDelta::hours(12)).0;
            if afternoon >= last {
                resolved.at.clock = Some(afternoon);
                return;
            }
        }
        if resolved.at.date == Some(date) && behind && (!is_prose || night) {
            resolved.at.date = date.succ_opt();
            if let Some(end) = &mut resolved.end
                && end.date == Some(date)
            {
                end.date = date.succ_opt();
            }
        }
    }

    /// Only what leads an entry moves the run on: a date that an entry mentions is not the next entry's.
    pub(super) fn follow(&mut self, index: usize, block: &Block, written: &Written, resolved: &Resolved) {
        if resolved.at.date.is_none() {
            return;
        }
        let kind = self.place.map(|(_, k)| k);
        if names_day(written) {
            let is_end = || tells(around(block, written), &ENDS);
            let before = |last: &Moment| last.date < resolved.at.date && last.clock.is_some() && is_end();
            self.opened = self.last().filter(|last| before(last)).cloned();
        } else if self.opened.is_some() {
            // What stands behind the window does not move it.
            return;
        }
        if kind == Some(RunKind::Headings) && names_day(written) {
            self.headed.entry(index).or_insert_with(|| resolved.at.clone());
        }
        self.marked |= !self.in_prose() && written.clock.is_some_and(|c| c.meridiem.is_some());
        self.twelve_hours |= written.clock.is_some_and(|c| c.meridiem.is_some());
        self.noon_passed = written.clock.map(|c| c.hour) < resolved.at.clock.map(|c| c.hour());
        let last = Some(resolved.at.clone());
        match kind {
            Some(RunKind::Rows(_) | RunKind::Headings | RunKind::DateLine) if self.block != Some(index) => {
                self.entry = last;
            }
            Some(RunKind::Items | RunKind::Lines)
                if leads(block, written) || self.block != Some(index) && !leads_any(block) =>
            {
                self.entry = last;
            }
            // "It failed at 08:20 on 9 May. We had planned to move it by 11 April. At 16:05 …"
            Some(RunKind::Prose | RunKind::Lines) if self.is_background(written, resolved) => {}
            Some(RunKind::Prose | RunKind::Lines) => self.told = last,
            _ => {}
        }
        if !self.in_prose() && self.block != Some(index) {
            self.counted = written.day.filter(|day| matches!(day, NamedDay::Counted(_)));
        }
        self.block = Some(index);
    }

    /// A day without a clock, long before the clock that was told last: how it came about, not where the story goes on.
    fn is_background(&self, written: &Written, resolved: &Resolved) -> bool {
        let told = self.told.as_ref().filter(|told| told.clock.is_some()).and_then(|told| told.date);
        let days = told.zip(resolved.at.date).map(|(told, day)| (told - day).num_days());
        written.clock.is_none() && days.is_some_and(|days| days >= BACKGROUND_DAYS)
    }
}

/// Which clocks a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clocks {
    /// Of twelve hours though nothing marks them: none is later than 12:59, and hours below ten have one digit.
    Twelve,
    /// None is later than 12:59.
    Open,
    /// As `Twelve`, but too few of them to show a habit.
    Few,
    /// Of the whole day.
    Day,
}

impl Clocks {
    /// Of the texts and times of a document's blocks.
    pub(super) fn of<'t>(blocks: impl Iterator<Item = (&'t str, &'t Times)>) -> Self {
        let (mut single, mut padded, mut count) = (false, false, 0);
        for (text, written) in blocks.flat_map(|(text, times)| times.written.iter().map(move |w| (text, w))) {
            let ends = [Some(written), written.end.as_deref(), written.also.as_deref()];
            for clock in ends.into_iter().flatten().filter_map(|w| w.clock).filter(|c| c.meridiem.is_none()) {
                if !(1..=12).contains(&clock.hour) || clock.second.is_some() || clock.next_day {
                    return Clocks::Day;
                }
                count += 1;
            }
            let words = text.get(written.span.clone()).unwrap_or("");
            single |= SINGLE_DIGIT.is_match(words);
            padded |= PADDED.is_match(words);
        }
        match (count >= CLOCKS_MIN, single && !padded) {
            (true, true) => Clocks::Twelve,
            (true, false) => Clocks::Open,
            (false, true) => Clocks::Few,
            (false, false) => Clocks::Day,
        }
    }
}

/// "From 11:30 to 1:10": where clocks are of twelve hours, a range over noon ends in the afternoon.
pub(super) fn end_after_noon(written: &Written, clocks: Clocks, resolved: &mut Resolved) {
    let open = |w: &Written| w.clock.is_some_and(|c| c.meridiem.is_none() && (1..=12).contains(&c.hour));
    let told = written.end.as_deref().is_some_and(|end| open(end) && !names_day(end));
    let Some((start, end)) = resolved.at.clock.zip(resolved.end.as_ref().and_then(|end| end.clock)) else { return };
    let is_short = (9..=12).contains(&start.hour()) && end.hour() < 6;
    if matches!(clocks, Clocks::Twelve | Clocks::Few)
        && told
        && is_short
        && open(written)
        && let Some(moment) = &mut resolved.end
    {
        moment.clock = Some(end.overflowing_add_signed(TimeDelta::hours(12)).0);
        moment.date = resolved.at.date;
    }
}

/// Fewer clocks show no habit.
const CLOCKS_MIN: usize = 3;

/// A clock as those of the whole day are written.
static PADDED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|\D)0\d:\d\d").expect("a valid regex"));

/// The next moment after a clock that has the hour and minute of one without a mark for its half of the day, and how
/// many days later that is: "11:50 … 1:05" goes on in the afternoon. None where it already follows.
fn next_half(last: NaiveTime, written: &Written) -> Option<(NaiveTime, u64)> {
    let clock =
        written.clock.filter(|c| c.meridiem.is_none() && (1..=12).contains(&c.hour) && written.end.is_none())?;
    let minutes = |time: NaiveTime| i64::from(time.num_seconds_from_midnight() / 60);
    let said = NaiveTime::from_hms_opt(clock.hour % 12, clock.minute, 0)?;
    let afternoon = said.overflowing_add_signed(TimeDelta::hours(12)).0;
    let read = if clock.hour == 12 { afternoon } else { said };
    if minutes(last) - minutes(read) < HALF_BEHIND_MINUTES && minutes(read) - minutes(last) < HALF_AHEAD_MINUTES {
        return None;
    }
    let candidates = [(said, 0), (afternoon, 0), (said, 1), (afternoon, 1)];
    candidates
        .into_iter()
        .find(|(time, days)| {
            let ahead = minutes(*time) + days * 24 * 60 - minutes(last);
            (0..=HALF_AHEAD_MINUTES).contains(&ahead)
        })
        .map(|(time, days)| (time, days.unsigned_abs()))
}

/// Milestones of somebody's knowing, and those that end a window.
const NOTICING: [MilestoneKind; 3] = [MilestoneKind::Detected, MilestoneKind::Acknowledged, MilestoneKind::Identified];
const ENDS: [MilestoneKind; 2] = [MilestoneKind::Mitigated, MilestoneKind::Resolved];

/// Whether words state one of some milestones, or are the key of a field that does.
fn tells(words: &str, kinds: &[MilestoneKind]) -> bool {
    let key = words.split([':', '|']).next().unwrap_or(words);
    let named = keyed(&fold_key(key));
    kinds.iter().any(|kind| named == Some(*kind) || cue(words, *kind) == Some(Cue::Strong))
}

/// The words of a clause around a time.
fn around<'b>(block: &'b Block, written: &Written) -> &'b str {
    let marks = [',', ';', '\n', '.'];
    let before = tail(block.text.get(..written.span.start).unwrap_or(""), CLAUSE_CHARS_MAX);
    let begin = written.span.start - before.rfind(marks).map_or(before.len(), |at| before.len() - at - 1);
    let after = block.text.get(written.span.end..).unwrap_or("");
    let end = written.span.end + after.find(marks).unwrap_or(after.len());
    block.text.get(begin..end).unwrap_or("").trim()
}

/// So much before a time is its clause.
const CLAUSE_CHARS_MAX: usize = 80;

fn names_day(written: &Written) -> bool {
    written.date.is_some() || written.day.is_some()
}

/// A clock that leaves open which half of the day it is in.
fn is_open(written: &Written) -> bool {
    written.end.is_none() && written.clock.is_some_and(|c| c.meridiem.is_none() && (1..12).contains(&c.hour))
}

fn run_kind(block: &Block, times: &Times) -> RunKind {
    let beside = || {
        let words: usize = times.written.iter().map(|w| w.span.len()).sum();
        let letters = block.text.chars().filter(|c| c.is_alphabetic()).count();
        let dated = times.written.first().is_some_and(|w| names_day(w) && w.clock.is_none());
        dated && times.written.len() == 1 && letters <= words + DATE_LINE_LETTERS_MAX && block.text.len() <= words + 24
    };
    match block.kind {
        BlockKind::Heading { .. } => RunKind::Headings,
        BlockKind::Item { .. } => RunKind::Items,
        BlockKind::Row { table, .. } => RunKind::Rows(table),
        _ if beside() => RunKind::DateLine,
        _ if times.written.first().is_some_and(|w| leads(block, w)) => RunKind::Lines,
        _ => RunKind::Prose,
    }
}

/// Whether a time stands at the beginning of a line.
pub(super) fn leads(block: &Block, written: &Written) -> bool {
    let before = tail(block.text.get(..written.span.start).unwrap_or(""), 40);
    let line = before.get(before.rfind('\n').map_or(0, |i| i + 1)..).unwrap_or("");
    line.chars().filter(|c| c.is_alphanumeric()).count() <= 3
}

/// Whether some clock or date leads a line of the block.
fn leads_any(block: &Block) -> bool {
    block
        .text
        .lines()
        .any(|l| l.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(|c: char| c.is_ascii_digit()))
}
