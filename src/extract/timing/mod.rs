//! Every written time of a document, completed from its surroundings.
//!
//! A clock's date comes from its own words, else from the neighbours (the entry before it, the heading above it), else
//! from the document's incident date; its zone from its own words, else from the table header, the heading, the
//! document's declaration, the other clocks, the configuration. Knows nothing of what happened at a time.

mod date;
mod declared;
mod eve;
mod habits;
mod keys;
mod page;
mod relative;
mod run;
#[cfg(test)]
mod tests;
mod window;
mod zone_lines;

use super::reading::{Label, Reading};
use super::verbatim::is_timeline;
use crate::document::{Block, BlockKind};
use crate::domain::Span;
use crate::time::Moment;
use crate::time::calendar::weekday;
use crate::time::resolve::{Context, Resolved, YearAnchor, resolve};
use crate::time::written::{NamedDay, Times, Written, read_lines, times};
use crate::time::zone::{self, Zone};
use chrono::NaiveDate;
use declared::Declared;
use habits::AllHabits;
pub use keys::{is_moment, is_publication, is_window, names_day, names_time};
use run::{Clocks, Run, end_after_noon};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
pub use window::labelled_window;

/// What is told of a text as a whole stands in its first blocks.
const PREFACE_BLOCKS: usize = 12;

/// A written time of the document and what it was resolved to.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    pub block: usize,
    /// Range in the block's text.
    pub span: Span,
    pub written: Written,
    pub at: Moment,
    pub end: Option<Moment>,
    pub zone: Option<Zone>,
    /// The zone's label means other zones too, and nothing chose among them.
    pub is_ambiguous: bool,
}

/// All times of one incident's part of a document.
#[derive(Debug, Clone, Default)]
pub struct Timing {
    /// In document order.
    pub stamps: Vec<Stamp>,
    /// Which stamps are of each block that has any, and whether they stand in the order of their places.
    of_block: BTreeMap<usize, (Span, bool)>,
    /// The date of the incident as title, summary, labels or file name tell it, with the words' range in the source
    /// (none for a file name).
    pub date: Option<(NaiveDate, Option<Span>)>,
    /// The date of publication.
    pub published: Option<(NaiveDate, Span)>,
    /// Dates of the text that are its own writing's, by block and range.
    page_dates: BTreeSet<(usize, Extent)>,
    /// What completes times that stand outside blocks (front matter and other fields).
    context: Context,
}

impl Timing {
    /// Resolves every time of the reading.
    pub fn new(reading: &Reading<'_>) -> Self {
        let mut builder = Builder::new(reading);
        builder.find_anchors();
        builder.find_date();
        builder.find_season();
        builder.resolve_blocks();
        eve::step_back(&mut builder.stamps, reading);
        let context = builder.field_context();
        let mut timing = Timing {
            stamps: builder.stamps,
            of_block: BTreeMap::new(),
            date: builder.date,
            published: builder.published,
            page_dates: builder.page_dates,
            context,
        };
        let mut first = 0;
        for stamps in timing.stamps.chunk_by(|a, b| a.block == b.block) {
            let range = first..first + stamps.len();
            first = range.end;
            let in_order = stamps.is_sorted_by_key(|s| s.span.start);
            if let Some(stamp) = stamps.first() {
                timing.of_block.entry(stamp.block).or_insert((range, in_order));
            }
        }
        window::fit(&mut timing, reading);
        timing
    }

    /// The stamps of a block.
    pub fn of_block(&self, block: usize) -> &[Stamp] {
        let of_it = self.of_block.get(&block).and_then(|(range, _)| self.stamps.get(range.clone()));
        of_it.unwrap_or(&[])
    }

    /// Whether a time is a day that its own words tell, and not that of the text's writing.
    pub fn is_told_day(&self, stamp: &Stamp) -> bool {
        let is_page = || self.page_dates.contains(&(stamp.block, extent(&stamp.span)));
        let is_day = stamp.written.date.is_some() || stamp.written.day.is_some();
        is_day && stamp.at.clock.is_none() && stamp.at.date.is_some() && !is_page()
    }

    /// The stamps within a range of a block's text.
    pub fn within(&self, block: usize, range: &Span) -> impl Iterator<Item = &Stamp> {
        let stamps = self.of_block(block);
        // Of a long block each sentence asks.
        let near = if self.of_block.get(&block).is_some_and(|(_, in_order)| *in_order) {
            let from = stamps.partition_point(|s| s.span.start < range.start);
            let until = stamps.partition_point(|s| s.span.start <= range.end);
            stamps.get(from..until).unwrap_or(&[])
        } else {
            stamps
        };
        near.iter().filter(move |s| range.start <= s.span.start && s.span.end <= range.end)
    }

    /// The times of a labelled value.
    pub fn of_label(&self, label: &Label) -> Vec<Resolved> {
        match &label.place {
            Some((block, range)) => self
                .within(*block, range)
                .map(|s| Resolved { at: s.at.clone(), end: s.end.clone(), zone: s.zone, is_ambiguous: s.is_ambiguous })
                .collect(),
            None => times(&label.value).iter().map(|w| resolve(w, &self.context)).collect(),
        }
    }
}

/// A range that can be looked up: a block may hold as many as it has words.
type Extent = (usize, usize);

fn extent(span: &Span) -> Extent {
    (span.start, span.end)
}

/// Dates of one report lie this near to each other.
const NEAR_DAYS: u32 = 3;
/// More dates than this tell no more.
const NAMED_MAX: usize = 100;

struct Builder<'r, 'd> {
    reading: &'r Reading<'d>,
    /// Times of each block of the reading, by block index.
    times: Vec<(usize, Times)>,
    day_first: bool,
    witnesses: Arc<[Zone]>,
    /// Zone labels by where they hold.
    declared: Declared,
    year: Option<YearAnchor>,
    /// The first date of a document that tells no year at all.
    season: Option<(u32, u32)>,
    /// The month that a document without any date tells.
    month: Option<NaiveDate>,
    date: Option<(NaiveDate, Option<Span>)>,
    published: Option<(NaiveDate, Span)>,
    /// Dates of the text that are its own writing's, by block and range.
    page_dates: BTreeSet<(usize, Extent)>,
    stamps: Vec<Stamp>,
}

impl<'r, 'd> Builder<'r, 'd> {
    fn new(reading: &'r Reading<'d>) -> Self {
        let is_told = |i: usize, b: &Block| b.kind != BlockKind::Code || is_timeline(b, reading.section(i));
        let told: Vec<(usize, &Block)> = reading.blocks().filter(|(i, b)| is_told(*i, b)).collect();
        let habits = AllHabits::of(&told, reading);
        let times_of =
            |i, b: &Block| lone_weekday(&b.text).unwrap_or_else(|| read_lines(&b.text, habits.at(i, reading)));
        let times = told.into_iter().map(|(i, b)| (i, times_of(i, b))).collect();
        let configured = reading.defaults.zone.clone();
        let mut builder = Builder {
            reading,
            times,
            day_first: false,
            witnesses: Arc::default(),
            declared: Declared { configured, ..Declared::default() },
            year: None,
            season: None,
            month: None,
            date: None,
            published: None,
            page_dates: BTreeSet::new(),
            stamps: Vec::new(),
        };
        builder.declare_zones();
        builder.witnesses = builder.witnesses();
        builder.day_first = builder.is_day_first();
        builder
    }

    /// Numeric dates: a number over 12 tells; else a dotted or dashed neighbour does not; else American zones and
    /// 12-hour clocks speak for month first.
    fn is_day_first(&self) -> bool {
        let numeric = |w: &Written, block: usize| {
            let text = self.reading.text(block).get(w.span.clone()).unwrap_or("").to_owned();
            let slashed = text.contains('/') || text.matches('-').count() >= 2;
            w.date.filter(|d| slashed && !d.swappable).map(|d| (text, d))
        };
        for (block, times) in &self.times {
            for written in &times.written {
                if let Some((text, date)) = numeric(written, *block) {
                    let first: Option<u32> =
                        text.split(|c: char| !c.is_ascii_digit()).find(|p| !p.is_empty()).and_then(|p| p.parse().ok());
                    match first {
                        Some(n) if n > 31 => {}
                        Some(n) if n == date.day && n > 12 => return true,
                        Some(n) if n == date.month && date.day > 12 => return false,
                        _ => {}
                    }
                }
            }
        }
        if let Some(first) = self.day_first_by_neighbours() {
            return first;
        }
        let american =
            self.times.iter().flat_map(|(_, t)| &t.written).any(|w| w.clock.is_some_and(|c| c.meridiem.is_some()));
        !american
            && !self.declared.usual.as_deref().is_some_and(|z| {
                z.starts_with(['P', 'E', 'C', 'M']) && (z.ends_with("ST") || z.ends_with("DT")) && z.len() == 3
            })
            || self.reading.lang.is_some_and(|l| l != "en")
    }

    /// "02/12/2021 … on February 11": the reading that brings a numeric date next to one whose month is named.
    fn day_first_by_neighbours(&self) -> Option<bool> {
        let dates = || self.times.iter().flat_map(|(_, t)| &t.written).filter_map(|w| w.date);
        let named: Vec<(u32, u32)> =
            dates().filter(|d| !d.swappable).map(|d| (d.month, d.day)).take(NAMED_MAX).collect();
        let near = |month: u32, day: u32| named.iter().any(|(m, d)| *m == month && d.abs_diff(day) <= NEAR_DAYS);
        dates().filter(|d| d.swappable && d.month != d.day).take(NAMED_MAX).find_map(|d| {
            match (near(d.month, d.day), near(d.day, d.month)) {
                (true, false) => Some(false),
                (false, true) => Some(true),
                _ => None,
            }
        })
    }

    fn context(
        &self,
        block: usize,
        column_zone: Option<String>,
        date: Option<NaiveDate>,
        origin: Option<Moment>,
    ) -> Context {
        let year = date.map(YearAnchor::Near).or(self.year);
        let zone = column_zone.or_else(|| self.declared.for_block(self.reading, block));
        let Builder { season, day_first, .. } = *self;
        Context {
            date,
            season,
            month: self.month,
            year,
            day_first,
            zone,
            witnesses: self.witnesses.clone(),
            origin,
            days_back: 0,
            today: self.today(),
            yesterday: self.yesterday(),
        }
    }

    /// Whether a date is that of the text's own writing; and whether such a one stands in a block.
    fn is_page_date(&self, block: usize, span: &Span) -> bool {
        self.page_dates.contains(&(block, extent(span)))
    }

    fn is_page_line(&self, block: usize) -> bool {
        self.page_dates.range((block, (0, 0))..(block + 1, (0, 0))).next().is_some()
    }

    /// The day of writing: most are written on the day that they tell of, where they don't say when.
    fn today(&self) -> Option<NaiveDate> {
        self.published.as_ref().map(|(d, _)| *d).or(self.date.as_ref().map(|(d, _)| *d))
    }

    /// The day before it, where a report says when it was written; else the day that it tells of is the one.
    fn yesterday(&self) -> Option<NaiveDate> {
        let told = || self.date.as_ref().map(|(d, _)| *d);
        self.published.as_ref().and_then(|(d, _)| d.pred_opt()).or_else(told)
    }

    /// Fields are read without the zone that the text's clocks usually carry: an exporter's clock has its own or none.
    fn field_context(&self) -> Context {
        Context {
            date: None,
            days_back: 0,
            today: self.today(),
            yesterday: self.yesterday(),
            season: self.season,
            month: self.month,
            year: self.year,
            day_first: self.day_first,
            zone: self.zone_of_fields(),
            witnesses: self.witnesses.clone(),
            origin: None,
        }
    }

    /// What says which zone an ambiguous label means: the configured zone first, then the labels of the document that
    /// mean one zone only.
    fn witnesses(&self) -> Arc<[Zone]> {
        let configured = self.declared.configured.as_deref().and_then(|l| zone::readings(l).first().copied());
        let of_clocks = self.times.iter().flat_map(|(_, t)| &t.written).filter_map(|w| w.zone.as_deref());
        let alone = self.times.iter().flat_map(|(_, t)| &t.zones).map(|z| z.label.as_str());
        let labels: BTreeSet<&str> = of_clocks.chain(alone).collect();
        let plain = labels.into_iter().filter_map(|l| match zone::readings(l).as_slice() {
            [one] => Some(*one),
            _ => None,
        });
        configured.into_iter().chain(plain).collect()
    }

    fn find_season(&mut self) {
        if self.date.is_none() && self.year.is_none() {
            let dates = self.times.iter().flat_map(|(_, t)| &t.written).filter_map(|w| w.date);
            self.season = dates.filter(|d| !d.swappable).map(|d| (d.month, d.day)).next();
        }
    }

    /// Resolves all blocks in order, carrying dates forward within a run of entries.
    fn resolve_blocks(&mut self) {
        let times = std::mem::take(&mut self.times);
        let mut run = Run::default();
        let clocks = Clocks::of(times.iter().map(|(index, times)| (self.reading.text(*index), times)));
        let mut origin: Option<Moment> = None;
        for (index, times) in &times {
            let Some(block) = self.reading.document.blocks.get(*index) else { continue };
            if times.written.is_empty() {
                continue;
            }
            run.enter(block, times, self.is_page_line(*index));
            for written in &times.written {
                let column = self.column_zone(*index, &written.span);
                let declared = || self.declared.for_block(self.reading, *index);
                let label = written.zone.clone().or_else(|| column.clone()).or_else(declared);
                let (inherited, days_back) = run.date(self, *index, label.as_deref());
                let context = Context { days_back, ..self.context(*index, column, inherited, origin.clone()) };
                let mut resolved = resolve(written, &context);
                let words = block.text.get(written.span.clone()).unwrap_or("");
                run.roll_over(*index, words, written, clocks, &mut resolved);
                run.back_to_start(block, written, &mut resolved);
                end_after_noon(written, clocks, &mut resolved);
                if resolved.at.date.is_none() && resolved.at.clock.is_none() {
                    continue;
                }
                if origin.is_none() && resolved.at.clock.is_some() {
                    origin = Some(resolved.at.clone());
                }
                if !self.is_page_date(*index, &written.span) {
                    run.follow(*index, block, written, &resolved);
                }
                self.stamps.push(Stamp {
                    block: *index,
                    span: written.span.clone(),
                    written: written.clone(),
                    at: resolved.at,
                    end: resolved.end,
                    zone: resolved.zone,
                    is_ambiguous: resolved.is_ambiguous,
                });
            }
        }
        self.times = times;
    }

    /// The zone that the column's header declares for a time in a table row.
    fn column_zone(&self, index: usize, span: &Span) -> Option<String> {
        let block = self.reading.document.blocks.get(index)?;
        let BlockKind::Row { table, cells, .. } = &block.kind else { return None };
        let column = cells.iter().position(|c| c.start <= span.start && span.start < c.end.max(c.start + 1))?;
        self.declared
            .by_column
            .get(&(*table, column))
            .or_else(|| {
                // A header that names the zone over the date column, or over all: the nearest to the left.
                (0..=column).rev().find_map(|c| self.declared.by_column.get(&(*table, c)))
            })
            .cloned()
    }
}

/// A block that is the name of a weekday, and so the day of what stands below it.
fn lone_weekday(text: &str) -> Option<Times> {
    if text.len() > WEEKDAY_BYTES_MAX {
        return None;
    }
    // "Sun", "Mar": the short forms mean other things where they stand alone.
    let name = text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let day = weekday(&name).filter(|_| name.chars().count() >= WEEKDAY_LETTERS_MIN)?;
    let written = Written { span: 0..text.len(), day: Some(NamedDay::Week(day)), ..Written::default() };
    Some(Times { written: vec![written], zones: Vec::new() })
}

const WEEKDAY_LETTERS_MIN: usize = 4;

/// The longest name of a weekday, with marks around it.
const WEEKDAY_BYTES_MAX: usize = 24;

/// The offsets of a document's times, most used first.
pub fn zones(timing: &Timing, extra: &[Moment]) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    let stamps = timing.stamps.iter().map(|s| &s.at).chain(extra);
    for offset in stamps.filter(|m| m.clock.is_some()).filter_map(Moment::offset_text) {
        match counts.iter_mut().find(|(o, _)| *o == offset) {
            Some((_, n)) => *n += 1,
            None => counts.push((offset, 1)),
        }
    }
    // Stable: the first used wins a tie.
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts.into_iter().map(|(o, _)| o).collect()
}
