//! Every written time of a document, completed from its surroundings.
//!
//! A clock's date comes from its own words, else from the neighbours (the entry before it, the heading above it), else
//! from the document's incident date; its zone from its own words, else from the table header, the heading, the
//! document's declaration, the other clocks, the configuration. Knows nothing of what happened at a time.

use super::reading::{Label, Reading, sentence_ranges};
use super::section::Section;
use super::speech::speaks_of_impact;
use crate::document::{Block, BlockKind};
use crate::domain::Span;
use crate::time::Moment;
use crate::time::resolve::{Context, Resolved, YearAnchor, resolve};
use crate::time::written::{LoneZone, Times, Written, read};
use crate::time::zone::{self, Zone};
use chrono::{NaiveDate, NaiveTime, Timelike};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

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
}

/// All times of one incident's part of a document.
#[derive(Debug, Clone, Default)]
pub struct Timing {
    /// In document order.
    pub stamps: Vec<Stamp>,
    /// Index of the first stamp of each block that has any.
    first_of_block: BTreeMap<usize, usize>,
    /// The date of the incident as title, summary, labels or file name tell it, with the words' range in the source
    /// (none for a file name).
    pub date: Option<(NaiveDate, Option<Span>)>,
    /// The date of publication.
    pub published: Option<(NaiveDate, Span)>,
    /// What completes times that stand outside blocks (front matter and other fields).
    context: Context,
}

impl Timing {
    /// Resolves every time of the reading.
    pub fn new(reading: &Reading<'_>) -> Self {
        let mut builder = Builder::new(reading);
        builder.find_anchors();
        builder.find_date();
        builder.resolve_blocks();
        let context = builder.field_context();
        let mut timing = Timing {
            stamps: builder.stamps,
            first_of_block: BTreeMap::new(),
            date: builder.date,
            published: builder.published,
            context,
        };
        for (i, stamp) in timing.stamps.iter().enumerate() {
            timing.first_of_block.entry(stamp.block).or_insert(i);
        }
        timing
    }

    /// The stamps of a block.
    pub fn of_block(&self, block: usize) -> &[Stamp] {
        let Some(first) = self.first_of_block.get(&block) else { return &[] };
        let rest = self.stamps.get(*first..).unwrap_or(&[]);
        let count = rest.iter().take_while(|s| s.block == block).count();
        rest.get(..count).unwrap_or(&[])
    }

    /// The stamps within a range of a block's text.
    pub fn within(&self, block: usize, range: &Span) -> impl Iterator<Item = &Stamp> {
        self.of_block(block).iter().filter(move |s| range.start <= s.span.start && s.span.end <= range.end)
    }

    /// The times of a labelled value.
    pub fn of_label(&self, label: &Label) -> Vec<Resolved> {
        match &label.place {
            Some((block, range)) => self
                .within(*block, range)
                .map(|s| Resolved { at: s.at.clone(), end: s.end.clone(), zone: s.zone })
                .collect(),
            None => read(&label.value).written.iter().map(|w| resolve(w, &self.context)).collect(),
        }
    }
}

/// What a label's key says about the time in its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateLabel {
    /// The incident's own time: start, date of incident.
    Incident,
    /// When the report was published or changed.
    Publication,
    /// A bare `date`, which is either.
    Bare,
}

const INCIDENT_KEYS: &[&str] = &[
    "date of incident",
    "incident date",
    "date of the incident",
    "incident start",
    "incident began",
    "start",
    "start time",
    "started",
    "started at",
    "start date",
    "incident start time",
    "begin",
    "begins",
    "began",
    "from",
    "outage start",
    "impact start",
    "impact started",
    "time of incident",
    "date and time",
    "date/time",
    "when",
    "date of outage",
    "incident date/time",
    "date(s)",
    "dates",
    "incident time",
    "outage date",
    "datum des vorfalls",
    "beginn",
    "datum",
    "date de l'incident",
    "début",
    "fecha del incidente",
    "fecha",
    "inicio",
    "data do incidente",
    "início",
    "day",
    "incident period",
    "incident window",
    "window",
    "outage window",
    "impact window",
    "duration",
    "incident duration",
    "time frame",
    "timeframe",
    "event date",
    "occurred",
    "occurred at",
    "occurred on",
    "date occurred",
];

const PUBLICATION_KEYS: &[&str] = &[
    "rédaction",
    "rédigé par",
    "rédigé le",
    "verfasst",
    "verfasst am",
    "erstellt",
    "erstellt am",
    "autor",
    "author",
    "authors",
    "redacción",
    "elaborado por",
    "prepared by",
    "published",
    "published at",
    "published on",
    "publish date",
    "publishdate",
    "pubdate",
    "publication date",
    "posted",
    "posted on",
    "created",
    "created at",
    "created on",
    "modified",
    "modified at",
    "last modified",
    "updated",
    "updated at",
    "last updated",
    "last update",
    "lastmod",
    "date published",
    "article published time",
    "article modified time",
    "source published at",
    "report date",
    "date of report",
    "written",
    "written on",
    "last reviewed on",
    "document date",
    "version date",
    "veröffentlicht",
    "veröffentlicht am",
    "publié le",
    "publicado",
    "publicado em",
    "og updated time",
    "post date",
    "review date",
    "date of review",
];

fn date_label(label: &Label) -> Option<DateLabel> {
    let key = label.key.as_str();
    if INCIDENT_KEYS.contains(&key) {
        Some(DateLabel::Incident)
    } else if PUBLICATION_KEYS.contains(&key) {
        Some(DateLabel::Publication)
    } else if key == "date" {
        Some(DateLabel::Bare)
    } else {
        None
    }
}

struct Builder<'r, 'd> {
    reading: &'r Reading<'d>,
    /// Times of each block of the reading, by block index.
    times: Vec<(usize, Times)>,
    day_first: bool,
    preferred: Option<Zone>,
    /// Zone labels by where they hold.
    declared: Declared,
    year: Option<YearAnchor>,
    date: Option<(NaiveDate, Option<Span>)>,
    published: Option<(NaiveDate, Span)>,
    stamps: Vec<Stamp>,
}

#[derive(Default)]
struct Declared {
    document: Option<String>,
    by_heading: BTreeMap<usize, String>,
    /// Table number and column → label.
    by_column: BTreeMap<(u32, usize), String>,
    /// What most clocks of the document carry.
    usual: Option<String>,
    configured: Option<String>,
}

/// A lone zone declares the document's when such words stand in its sentence.
static DECLARES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) \b(?: times? | timezone | time\szone | timestamps? | clock | hours | heures? | horaires? | uhrzeit(?:en)?
            | zeit(?:en|angaben|zone)? | horas? | horários? | timeline | events? )\b",
    )
    .expect("a valid regex")
});

static FILE_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|[^0-9])(?P<y>(?:19|20)\d{2})[-_./]?(?P<m>0[1-9]|1[0-2])[-_./]?(?P<d>0[1-9]|[12]\d|3[01])(?:[^0-9]|$)",
    )
    .expect("a valid regex")
});

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9.])(?P<y>20[0-4]\d)(?:[^0-9]|$)").expect("a valid regex"));

impl<'r, 'd> Builder<'r, 'd> {
    fn new(reading: &'r Reading<'d>) -> Self {
        let times: Vec<(usize, Times)> = reading
            .blocks()
            .filter(|(_, b)| !matches!(b.kind, BlockKind::Code))
            .map(|(i, b)| (i, read(&b.text)))
            .collect();
        let configured = reading.defaults.zone.clone();
        let preferred = configured.as_deref().and_then(|l| zone::readings(l).first().copied());
        let mut builder = Builder {
            reading,
            times,
            day_first: false,
            preferred,
            declared: Declared { configured, ..Declared::default() },
            year: None,
            date: None,
            published: None,
            stamps: Vec::new(),
        };
        builder.declare_zones();
        builder.day_first = builder.is_day_first();
        builder
    }

    /// Which zones are declared where.
    fn declare_zones(&mut self) {
        let mut counts: Vec<(String, usize)> = Vec::new();
        // What is declared before the first incident of a log holds for all of them.
        let whole = self.reading.blocks.start > 0;
        for (index, block) in self.reading.document.blocks.iter().enumerate().take(PREFACE_BLOCKS).filter(|_| whole) {
            for zone in read(&block.text).zones {
                self.declared.note(self.reading, index, &zone);
            }
        }
        for (block, times) in &self.times {
            for zone in &times.zones {
                self.declared.note(self.reading, *block, zone);
            }
            for written in &times.written {
                if let Some(label) = &written.zone {
                    match counts.iter_mut().find(|(l, _)| l == label) {
                        Some((_, n)) => *n += 1,
                        None => counts.push((label.clone(), 1)),
                    }
                }
            }
        }
        for label in &self.reading.labels {
            if ["timezone", "time zone", "tz", "zone", "zeitzone", "fuseau horaire", "zona horaria", "page.time zone"]
                .contains(&label.key.as_str())
                && self.declared.document.is_none()
            {
                let word = label.value.trim();
                let lone = read(word).zones.into_iter().next().map(|z| z.label);
                let known = (!zone::readings(word).is_empty()).then(|| word.to_owned());
                self.declared.document = known.or(lone);
            }
        }
        // Fields count for little: an exporter's `Z` says nothing about the text's clocks when the text has zones.
        self.declared.usual = counts.iter().max_by_key(|(_, n)| *n).map(|(l, _)| l.clone()).or_else(|| {
            let fields = self.reading.labels.iter().filter(|l| l.place.is_none());
            let stated = fields
                .filter(|l| date_label(l) == Some(DateLabel::Incident) || MILESTONE_FIELDS.contains(&l.key.as_str()));
            stated.flat_map(|l| read(&l.value).written).find_map(|w| w.zone)
        });
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
        let american =
            self.times.iter().flat_map(|(_, t)| &t.written).any(|w| w.clock.is_some_and(|c| c.meridiem.is_some()));
        !american
            && !self.declared.usual.as_deref().is_some_and(|z| {
                z.starts_with(['P', 'E', 'C', 'M']) && (z.ends_with("ST") || z.ends_with("DT")) && z.len() == 3
            })
            || self.reading.lang.is_some_and(|l| l != "en")
    }

    /// Publication date and what tells the year of dates without one.
    fn find_anchors(&mut self) {
        let context = Context { day_first: self.day_first, ..Context::default() };
        let mut incident: Option<NaiveDate> = None;
        let mut published: Vec<(NaiveDate, Span)> = Vec::new();
        let mut bare: Option<NaiveDate> = None;
        for label in &self.reading.labels {
            let Some(kind) = date_label(label) else { continue };
            let dates = read(&label.value).written.into_iter().filter_map(|w| resolve(&w, &context).at.date);
            let Some(date) = dates.into_iter().next() else { continue };
            match kind {
                DateLabel::Incident => incident = incident.or(Some(date)),
                DateLabel::Publication => published.push((date, label.evidence.clone())),
                DateLabel::Bare => {
                    bare = bare.or(Some(date));
                    if label.place.is_none() {
                        published.push((date, label.evidence.clone()));
                    }
                }
            }
        }
        published.sort_by_key(|(d, s)| (*d, s.start));
        self.published = published.first().cloned();
        let full_date = |wanted: &dyn Fn(Section) -> bool| {
            let blocks = self.times.iter().filter(|(i, _)| wanted(self.reading.section(*i)));
            let full = blocks.flat_map(|(_, t)| &t.written).filter(|w| w.date.is_some_and(|d| d.year.is_some()));
            full.filter_map(|w| resolve(w, &context).at.date).next()
        };
        let telling =
            |s: Section| matches!(s, Section::Opening | Section::Summary | Section::Impact | Section::Timeline);
        let in_text = full_date(&telling);
        let anywhere = full_date(&|_| true);
        let header_year = self.year_in(|k| matches!(k, BlockKind::Row { header: true, .. }));
        let earliest_publication = self.published.as_ref().map(|(d, _)| *d);
        let file = file_date(self.reading.path);
        self.year = incident
            .map(YearAnchor::Near)
            .or(header_year.map(YearAnchor::Year))
            .or_else(|| in_text.filter(|d| earliest_publication.is_none_or(|p| *d <= p)).map(YearAnchor::Near))
            .or(earliest_publication.map(YearAnchor::Before))
            .or(bare.map(YearAnchor::Before))
            .or(file.map(YearAnchor::Before))
            .or(in_text.or(anywhere).map(YearAnchor::Near))
            .or_else(|| self.lone_year().map(YearAnchor::Year));
    }

    /// A year in blocks of a kind: `Date (2021)` over a column.
    fn year_in(&self, wanted: impl Fn(&BlockKind) -> bool) -> Option<i32> {
        let texts = self.reading.blocks().filter(|(_, b)| wanted(&b.kind)).map(|(_, b)| b.text.as_str());
        texts.filter_map(|t| YEAR.captures(t)?.name("y")?.as_str().parse().ok()).next()
    }

    /// A year in title, headings or file name.
    fn lone_year(&self) -> Option<i32> {
        let titles = self
            .reading
            .labels
            .iter()
            .filter(|l| l.place.is_none() && l.key.contains("title"))
            .map(|l| l.value.as_str());
        let headings = self
            .reading
            .blocks()
            .filter(|(_, b)| matches!(b.kind, BlockKind::Heading { .. }))
            .map(|(_, b)| b.text.as_str());
        let cells = self
            .reading
            .blocks()
            .filter(|(_, b)| matches!(b.kind, BlockKind::Row { header: true, .. }))
            .map(|(_, b)| b.text.as_str());
        let path = std::iter::once(self.reading.path);
        let body = self
            .reading
            .blocks()
            .filter(|(_, b)| !matches!(b.kind, BlockKind::Code))
            .map(|(_, b)| b.text.as_str())
            .take(8);
        titles
            .chain(headings)
            .chain(cells)
            .chain(path)
            .chain(body)
            .find_map(|text| YEAR.captures(text).and_then(|c| c.name("y")).and_then(|y| y.as_str().parse().ok()))
    }

    /// The incident's date for clocks without one. Labels, title, leading words, the timeline, front matter, the file's
    /// name and the publication each speak for one date; the date with the most behind it is taken.
    fn find_date(&mut self) {
        let context = Context { day_first: self.day_first, year: self.year, ..Context::default() };
        let mut votes: Vec<Vote> = Vec::new();
        let mut vote = |found: Option<(NaiveDate, Option<Span>)>, weight: f32| {
            let Some((date, span)) = found else { return };
            match votes.iter_mut().find(|v| v.date == date) {
                Some(known) => {
                    known.weight += weight;
                    known.span = known.span.take().or(span);
                }
                None => votes.push(Vote { date, span, weight }),
            }
        };
        vote(self.labelled_date(DateLabel::Incident, &context), 10.0);
        vote(self.titled_date(&context), 8.0);
        let leading = |s: Section| matches!(s, Section::Opening | Section::Summary | Section::Impact);
        let with_clock = self.first_date(|s, _, words| leading(s) && words.clock, &context);
        let with_impact = self.first_date(|s, _, words| leading(s) && words.impact, &context);
        vote(with_clock.clone(), 5.0);
        if with_clock.is_none() {
            vote(with_impact.or_else(|| self.first_date(|s, _, words| leading(s) && words.many, &context)), 4.0);
        }
        vote(self.first_date(|s, _, _| leading(s), &context), 0.5);
        vote(self.first_date(|s, _, _| s == Section::Timeline, &context), 3.0);
        let rest = |s: Section| matches!(s, Section::Other | Section::RootCause | Section::Detection);
        vote(self.first_date(|s, _, _| rest(s), &context), 1.0);
        // The page's date and the file's name mostly repeat each other.
        let bare = self.labelled_date(DateLabel::Bare, &context);
        let file = file_date(self.reading.path);
        let repeated = bare.as_ref().map(|(d, _)| *d) == file;
        vote(bare, 2.5);
        vote(file.map(|d| (d, None)), if repeated { 0.5 } else { 2.0 });
        if self.has_clocks() {
            vote(self.published.clone().map(|(d, e)| (d, Some(e))), 0.5);
        }
        // Stable: on a tie the stronger kind of source, which voted first.
        let best = votes.into_iter().fold(None, |best: Option<Vote>, v| match best {
            Some(best) if best.weight >= v.weight => Some(best),
            _ => Some(v),
        });
        self.date = best.map(|v| (v.date, v.span));
    }

    fn labelled_date(&self, kind: DateLabel, context: &Context) -> Option<(NaiveDate, Option<Span>)> {
        self.reading.labels.iter().filter(|l| date_label(l) == Some(kind)).find_map(|label| {
            let dated = read(&label.value).written.into_iter().filter(|w| w.date.is_some());
            let first = dated.filter_map(|w| local_date(&w, context)).next();
            first.map(|d| (d, Some(label.evidence.clone())))
        })
    }

    fn titled_date(&self, context: &Context) -> Option<(NaiveDate, Option<Span>)> {
        let is_title =
            |l: &&Label| l.place.is_none() && matches!(l.key.as_str(), "title" | "html title" | "name" | "linktitle");
        let in_fields = self.reading.labels.iter().filter(is_title).find_map(|label| {
            let dated = read(&label.value).written.into_iter().filter(|w| w.date.is_some());
            dated.filter_map(|w| local_date(&w, context)).next().map(|d| (d, Some(label.evidence.clone())))
        });
        let first = self.reading.blocks().find(|(_, b)| matches!(b.kind, BlockKind::Heading { .. })).map(|(i, _)| i);
        let in_heading = || {
            let (index, times) = self.times.iter().find(|(i, _)| Some(*i) == first)?;
            let block = self.reading.document.blocks.get(*index)?;
            let dated = times.written.iter().filter(|w| w.date.is_some());
            dated.filter_map(|w| Some((local_date(w, context)?, Some(block.source(w.span.clone()))))).next()
        };
        in_fields.or_else(in_heading)
    }

    /// The first date in blocks and sentences of a kind, publication lines apart.
    fn first_date(
        &self,
        wanted: impl Fn(Section, &BlockKind, Beside) -> bool,
        context: &Context,
    ) -> Option<(NaiveDate, Option<Span>)> {
        let labels = self.reading.labels.iter();
        let published: Vec<&Span> =
            labels.filter(|l| date_label(l) == Some(DateLabel::Publication)).map(|l| &l.evidence).collect();
        for (index, times) in &self.times {
            let Some(block) = self.reading.document.blocks.get(*index) else { continue };
            for written in times.written.iter().filter(|w| w.date.is_some()) {
                let source = block.source(written.span.clone());
                let is_publication = published.iter().any(|p| p.start <= source.start && source.end <= p.end)
                    || is_publication_line(&block.text, &written.span);
                let beside = beside(block, times, written);
                if is_publication || !wanted(self.reading.section(*index), &block.kind, beside) {
                    continue;
                }
                if let Some(date) = local_date(written, context) {
                    return Some((date, Some(source)));
                }
            }
        }
        None
    }

    fn has_clocks(&self) -> bool {
        self.times.iter().any(|(_, t)| t.written.iter().any(|w| w.clock.is_some()))
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
        Context { date, year, day_first: self.day_first, zone, preferred: self.preferred, origin }
    }

    /// Fields are read without the text's declared zone: an exporter's clock carries its own or has none.
    fn field_context(&self) -> Context {
        Context {
            date: None,
            year: self.year,
            day_first: self.day_first,
            zone: self.declared.document.clone().or_else(|| self.declared.configured.clone()),
            preferred: self.preferred,
            origin: None,
        }
    }

    /// Resolves all blocks in order, carrying dates forward within a run of entries.
    fn resolve_blocks(&mut self) {
        let times = std::mem::take(&mut self.times);
        let mut run = Run::default();
        let mut origin: Option<Moment> = None;
        for (index, times) in &times {
            let Some(block) = self.reading.document.blocks.get(*index) else { continue };
            if times.written.is_empty() {
                continue;
            }
            run.enter(block, times);
            for written in &times.written {
                let inherited = run.date(self, *index);
                let column = self.column_zone(*index, &written.span);
                let context = self.context(*index, column, inherited, origin.clone());
                let mut resolved = resolve(written, &context);
                run.roll_over(*index, written, &mut resolved);
                if resolved.at.date.is_none() && resolved.at.clock.is_none() {
                    continue;
                }
                if origin.is_none() && resolved.at.clock.is_some() {
                    origin = Some(resolved.at.clone());
                }
                run.follow(*index, block, written, &resolved);
                self.stamps.push(Stamp {
                    block: *index,
                    span: written.span.clone(),
                    written: written.clone(),
                    at: resolved.at,
                    end: resolved.end,
                    zone: resolved.zone,
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

/// Fields other than the incident's start whose zone tells the zone of the text's clocks.
const MILESTONE_FIELDS: &[&str] =
    &["end", "end time", "ended at", "resolved at", "resolvedwhen", "detected at", "mitigated at", "date"];

/// A log declares its zone in its first lines.
const PREFACE_BLOCKS: usize = 12;

impl Declared {
    fn note(&mut self, reading: &Reading<'_>, index: usize, zone: &LoneZone) {
        let Some(block) = reading.document.blocks.get(index) else { return };
        match &block.kind {
            BlockKind::Row { table, header, cells } => {
                if *header
                    && let Some(column) =
                        cells.iter().position(|c| c.start <= zone.span.start && zone.span.end <= c.end)
                {
                    self.by_column.entry((*table, column)).or_insert_with(|| zone.label.clone());
                }
            }
            BlockKind::Heading { .. } => {
                self.by_heading.entry(index).or_insert_with(|| zone.label.clone());
            }
            _ => {
                let start = block.text.get(..zone.span.start).map_or(0, |t| t.rfind(['.', '\n']).map_or(0, |i| i + 1));
                let end = block
                    .text
                    .get(zone.span.end..)
                    .and_then(|t| t.find(['.', '\n']))
                    .map_or(block.text.len(), |i| zone.span.end + i);
                let sentence = block.text.get(start..end).unwrap_or("");
                let short = sentence.trim().len() <= zone.label.len() + 4;
                if (DECLARES.is_match(sentence) || short) && self.document.is_none() {
                    self.document = Some(zone.label.clone());
                }
            }
        }
    }

    fn for_block(&self, reading: &Reading<'_>, index: usize) -> Option<String> {
        let mut heading = Some(index);
        while let Some(at) = heading {
            if let Some(label) = self.by_heading.get(&at) {
                return Some(label.clone());
            }
            heading = reading.document.blocks.get(at).and_then(|b| b.heading);
        }
        self.document.clone().or_else(|| self.usual.clone()).or_else(|| self.configured.clone())
    }
}

/// A date and what speaks for it.
struct Vote {
    date: NaiveDate,
    span: Option<Span>,
    weight: f32,
}

/// What stands beside a date in its sentence.
#[derive(Clone, Copy)]
struct Beside {
    clock: bool,
    impact: bool,
    /// More than a bare date line.
    many: bool,
}

fn beside(block: &Block, times: &Times, written: &Written) -> Beside {
    let text = block.text.as_str();
    let sentence = sentence_ranges(text).find(|s| s.start <= written.span.start && written.span.start < s.end);
    let range = sentence.unwrap_or(0..text.len());
    let words = text.get(range.clone()).unwrap_or("");
    let clock =
        times.written.iter().any(|w| w.clock.is_some() && range.start <= w.span.start && w.span.start < range.end);
    Beside { clock, impact: speaks_of_impact(words), many: words.split_whitespace().count() > 8 }
}

/// The state of a run of entries: what the next clock without a date inherits.
#[derive(Default)]
struct Run {
    /// The governing heading and the kind of block of the run.
    place: Option<(Option<usize>, RunKind)>,
    /// The block of the last time.
    block: Option<usize>,
    /// Date of the last entry of this run, and its clock.
    entry: Option<(NaiveDate, Option<NaiveTime>)>,
    /// The same within a stretch of prose, which entries don't see.
    told: Option<(NaiveDate, Option<NaiveTime>)>,
    /// Dates of the headings passed, by block.
    headed: BTreeMap<usize, NaiveDate>,
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

/// A line with at most this many letters beside its date says nothing else.
const DATE_LINE_LETTERS_MAX: usize = 12;

impl Run {
    fn enter(&mut self, block: &Block, times: &Times) {
        let kind = run_kind(block, times);
        let place = (block.heading, kind);
        let same = self.place == Some(place);
        let before = self.place.map(|(_, k)| k);
        // The date of a date line holds for what follows it, that of a heading for what stands below it.
        let governed = matches!(before, Some(RunKind::DateLine | RunKind::Headings));
        if kind == RunKind::Prose {
            if !same {
                self.told = None;
            }
        } else if !same && kind != RunKind::Headings && !governed {
            self.entry = None;
        }
        self.place = Some(place);
    }

    fn in_prose(&self) -> bool {
        self.place.is_some_and(|(_, k)| k == RunKind::Prose)
    }

    fn last(&self) -> Option<(NaiveDate, Option<NaiveTime>)> {
        if self.in_prose() { self.told } else { self.entry }
    }

    fn date(&self, builder: &Builder<'_, '_>, index: usize) -> Option<NaiveDate> {
        let mut heading = builder.reading.document.blocks.get(index).and_then(|b| b.heading);
        let headed = std::iter::from_fn(|| {
            let at = heading?;
            heading = builder.reading.document.blocks.get(at).and_then(|b| b.heading);
            Some(at)
        })
        .find_map(|h| self.headed.get(&h).copied());
        self.last().map(|(d, _)| d).or(headed).or(builder.date.as_ref().map(|(d, _)| *d))
    }

    /// A clock without a date that falls far behind the one before it is the next day's. Prose jumps back and forth:
    /// there only an evening followed by a morning in the same paragraph counts.
    fn roll_over(&self, index: usize, written: &Written, resolved: &mut Resolved) {
        let (Some((date, Some(last))), Some(clock), None) = (self.last(), resolved.at.clock, written.date) else {
            return;
        };
        let night = self.block == Some(index) && last.hour() >= 18 && clock.hour() < 10;
        let behind = (last - clock).num_minutes() >= ROLL_OVER_MINUTES;
        if resolved.at.date == Some(date) && behind && (!self.in_prose() || night) {
            resolved.at.date = date.succ_opt();
            if let Some(end) = &mut resolved.end
                && end.date == Some(date)
            {
                end.date = date.succ_opt();
            }
        }
    }

    /// Only what leads an entry moves the run on: a date that an entry mentions is not the next entry's.
    fn follow(&mut self, index: usize, block: &Block, written: &Written, resolved: &Resolved) {
        let Some(date) = resolved.at.date else { return };
        let kind = self.place.map(|(_, k)| k);
        if kind == Some(RunKind::Headings) && written.date.is_some() {
            self.headed.insert(index, date);
        }
        let last = Some((date, resolved.at.clock));
        match kind {
            Some(RunKind::Prose) => self.told = last,
            Some(RunKind::Rows(_) | RunKind::Headings | RunKind::DateLine) if self.block != Some(index) => {
                self.entry = last
            }
            Some(RunKind::Items | RunKind::Lines)
                if leads(block, written) || self.block != Some(index) && !leads_any(block) =>
            {
                self.entry = last;
            }
            _ => {}
        }
        self.block = Some(index);
    }
}

fn run_kind(block: &Block, times: &Times) -> RunKind {
    let beside = || {
        let words: usize = times.written.iter().map(|w| w.span.len()).sum();
        let letters = block.text.chars().filter(|c| c.is_alphabetic()).count();
        let dated = times.written.first().is_some_and(|w| w.date.is_some() && w.clock.is_none());
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
fn leads(block: &Block, written: &Written) -> bool {
    let before = block.text.get(..written.span.start).unwrap_or("");
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

fn local_date(written: &Written, context: &Context) -> Option<NaiveDate> {
    resolve(written, context).at.date
}

/// A date in the file's name, or in the folder it is in.
fn file_date(path: &str) -> Option<NaiveDate> {
    let found = FILE_DATE.captures(path.rsplit('/').next()?).or_else(|| FILE_DATE.captures(path))?;
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    NaiveDate::from_ymd_opt(i32::try_from(number("y")?).ok()?, number("m")?, number("d")?)
}

/// "Posted on 5 May", "Published: …", "Last updated …": a line about the page.
fn is_publication_line(text: &str, span: &Span) -> bool {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:posted|published|updated|last\s(?:updated|modified|edited)|written|author|by)\b[^.]{0,30}$",
        )
        .expect("a valid regex")
    });
    let line = text.get(..span.start).unwrap_or("");
    let line = line.get(line.rfind('\n').map_or(0, |i| i + 1)..).unwrap_or("");
    line.len() < 60 && PAGE.is_match(line) && !line.to_lowercase().contains("was posted")
}

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
