//! The incident's date, the publication's, and the year of dates without one.

use super::Builder;
use super::PREFACE_BLOCKS;
use super::keys::{DateLabel, date_label};
use super::relative::{RelativeDay, relative_day};
use crate::document::BlockKind;
use crate::domain::{MilestoneKind, Span};
use crate::extract::milestone_words::keyed;
use crate::extract::reading::{Label, LabelForm};
use crate::extract::section::Section;
use crate::extract::sentences::sentence_ranges;
use crate::extract::speech::speaks_of_impact;
use crate::extract::vocabulary::lists;
use crate::text::Regex;
use crate::time::calendar;
use crate::time::resolve::{Context, YearAnchor, resolve};
use crate::time::written::{Times, Written, times};
use chrono::NaiveDate;
use std::sync::LazyLock;

static FILE_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|[^0-9])(?P<y>(?:19|20)\d{2})[-_./]?(?P<m>0[1-9]|1[0-2])[-_./]?(?P<d>0[1-9]|[12]\d|3[01])(?:[^0-9]|$)",
    )
    .expect("a valid regex")
});

/// Years of which reports tell.
const YEARS: std::ops::Range<i32> = 2000..2050;

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9.])(?P<y>20[0-4]\d)(?:[^0-9]|$)").expect("a valid regex"));

static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?P<month>\p{Lu}\p{L}{2,9}),?\s(?:de\s|of\s)?(?P<year>20[0-4]\d)\b").expect("a valid regex")
});

/// The first year in a text.
fn year(text: &str) -> Option<i32> {
    // Most texts have none.
    text.contains("20").then(|| YEAR.captures(text)?.name("y")?.as_str().parse().ok())?
}

impl Builder<'_, '_> {
    /// Publication date and what tells the year of dates without one.
    pub(super) fn find_anchors(&mut self) {
        let context = Context { day_first: self.day_first, ..Context::default() };
        let mut incident: Option<NaiveDate> = None;
        let mut published: Vec<(NaiveDate, Span)> = Vec::new();
        let mut bare: Option<NaiveDate> = None;
        for label in &self.reading.labels {
            let Some(kind) = date_label(label) else { continue };
            let dates = times(&label.value).into_iter().filter_map(|w| resolve(&w, &context).at.date);
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
        self.page_dates = self.page_dates();
        let told = || self.told_publication(&self.page_dates);
        self.published = published.first().cloned().or_else(told).or_else(|| self.counted_from());
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
            .or_else(|| self.year_above().map(YearAnchor::Year))
            .or_else(|| self.told_year().map(YearAnchor::Year))
            .or_else(|| in_text.filter(|d| earliest_publication.is_none_or(|p| *d <= p)).map(YearAnchor::Near))
            .or(earliest_publication.map(YearAnchor::Before))
            .or(bare.map(YearAnchor::Before))
            .or(file.map(YearAnchor::Before))
            .or(in_text.or(anywhere).map(YearAnchor::Near))
            .or_else(|| self.preface_date(&context).map(YearAnchor::Near))
            .or_else(|| self.lone_year().map(YearAnchor::Year));
    }

    /// The first full date above the first of a document's incidents: "Log of the week of 2025-11-03".
    fn preface_date(&self, context: &Context) -> Option<NaiveDate> {
        let before = self.reading.document.blocks.get(..self.reading.blocks.start)?.iter().rev();
        let full = before.flat_map(|b| times(&b.text)).filter(|w| w.date.is_some_and(|d| d.year.is_some()));
        full.filter_map(|w| resolve(&w, context).at.date).next()
    }

    /// The year in the nearest heading above one of several incidents, if it names one only: "## 2023".
    fn year_above(&self) -> Option<i32> {
        let above = self.reading.document.headings(self.reading.blocks.start).into_iter().rev();
        let years = above.filter_map(|heading| {
            let first = year(&heading.text)?;
            let digits = heading.text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
            let others = digits.filter_map(|run| run.parse().ok()).filter(|other| *other != first);
            Some((first, others.into_iter().any(|other| YEARS.contains(&other))))
        });
        years.take(1).find(|(_, is_one_of)| !is_one_of).map(|(year, _)| year)
    }

    /// A year that stands for itself beside the report: `year: 2024`, or once for all reports of a month.
    fn told_year(&self) -> Option<i32> {
        let is_year = |l: &&Label| l.form == LabelForm::Field && l.key.rsplit('.').next() == Some("year");
        let of_report = |l: &&Label| is_year(l) && (!l.key.contains('.') || l.key.starts_with("feed."));
        self.reading.labels.iter().filter(of_report).find_map(|l| l.value.parse().ok().filter(|y| YEARS.contains(y)))
    }

    /// A year in blocks of a kind: `Date (2021)` over a column.
    fn year_in(&self, wanted: impl Fn(&BlockKind) -> bool) -> Option<i32> {
        let texts = self.reading.blocks().filter(|(_, b)| wanted(&b.kind)).map(|(_, b)| b.text.as_str());
        texts.filter_map(year).next()
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
        let before = self.reading.document.blocks.get(..self.reading.blocks.start).unwrap_or(&[]);
        let preface = before.iter().rev().map(|b| b.text.as_str());
        titles.chain(headings).chain(preface).chain(cells).chain(path).chain(body).find_map(year)
    }

    /// The incident's date for clocks without one. Labels, title, leading words, the timeline, front matter, the file's
    /// name and the publication each speak for one date; the date with the most behind it is taken.
    pub(super) fn find_date(&mut self) {
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
        let beside = |words: fn(Beside) -> bool| self.first_date(leading, Some(words), &context);
        let with_clock = beside(|words| words.clock);
        vote(with_clock.clone(), 5.0);
        if with_clock.is_none() {
            vote(beside(|words| words.impact).or_else(|| beside(|words| words.many)), 4.0);
        }
        vote(self.first_date(leading, None, &context), 0.5);
        vote(self.first_date(|s| s == Section::Timeline, None, &context), 3.0);
        let rest = |s: Section| matches!(s, Section::Other | Section::RootCause | Section::Detection);
        vote(self.first_date(rest, None, &context), 1.0);
        // The page's date and the file's name mostly repeat each other.
        let bare = self.labelled_date(DateLabel::Bare, &context);
        // What the author wrote into the text is no page's date.
        vote(self.dated(|l| l.place.is_some() && date_label(l) == Some(DateLabel::Bare), &context), 3.0);
        let file = file_date(self.reading.path);
        let repeated = bare.as_ref().map(|(d, _)| *d) == file;
        vote(bare, 2.5);
        vote(file.map(|d| (d, None)), if repeated { 0.5 } else { 2.0 });
        vote(self.counted_date(), 4.5);
        if self.has_clocks() || self.is_ticket() {
            vote(self.published.clone().map(|(d, e)| (d, Some(e))), 0.5);
        }
        if self.is_ticket() {
            vote(self.dated(|l| keyed(&l.key).is_some(), &context), 0.4);
        }
        // Stable: on a tie the stronger kind of source, which voted first.
        let best = votes.into_iter().fold(None, |best: Option<Vote>, v| match best {
            Some(best) if best.weight >= v.weight => Some(best),
            _ => Some(v),
        });
        self.date = best.map(|v| (v.date, v.span));
        self.month = self.told_month().filter(|_| self.date.is_none());
    }

    /// "Exports failing in March 2026": the first day of the first month that a document's beginning tells.
    fn told_month(&self) -> Option<NaiveDate> {
        self.reading.blocks().take(PREFACE_BLOCKS).filter(|(_, b)| b.text.contains("20")).find_map(|(_, b)| {
            MONTH.captures_iter(&b.text).find_map(|found| {
                let month = calendar::month(&found.name("month")?.as_str().to_lowercase())?;
                NaiveDate::from_ymd_opt(found.name("year")?.as_str().parse().ok()?, month, 1)
            })
        })
    }

    /// "Yesterday", "last Thursday" in a leading sentence about the failure, counted from the day of publication.
    fn counted_date(&self) -> Option<(NaiveDate, Option<Span>)> {
        let (written, _) = self.published.as_ref()?;
        let (day, evidence) = self.counted_day()?;
        Some((day.date(*written)?, evidence))
    }

    /// The day that such a sentence counts.
    fn counted_day(&self) -> Option<(RelativeDay, Option<Span>)> {
        let counted = |words: &str| {
            // Few sentences count days; to ask what they speak of costs more.
            let about = || speaks_of_impact(words) || lists().failure_words.any(words);
            relative_day(words, self.reading.lang).filter(|_| about())
        };
        let title = |l: &&Label| l.place.is_none() && matches!(l.key.as_str(), "title" | "subject");
        let titled = self.reading.labels.iter().filter(title);
        let titled = titled.filter_map(|l| Some((counted(&l.value)?, Some(l.evidence.clone())))).next();
        let leading =
            |i: usize| matches!(self.reading.section(i), Section::Opening | Section::Summary | Section::Impact);
        let sentences = self.reading.sentences.iter().filter(|s| leading(s.block)).take(COUNTED_SENTENCES_MAX);
        let mut told = sentences.filter_map(|sentence| {
            let day = counted(self.reading.words(sentence))?;
            Some((day, self.reading.evidence(sentence.block, sentence.range.clone()).into_iter().next()))
        });
        titled.or_else(|| told.next())
    }

    /// A bare date above a text that tells of yesterday: the day of writing, whatever else it may be elsewhere.
    fn counted_from(&self) -> Option<(NaiveDate, Span)> {
        let context = Context { day_first: self.day_first, ..Context::default() };
        let labelled = self.labelled_date(DateLabel::Bare, &context);
        let dates = self.times.iter().take_while(|(i, _)| *i < self.reading.blocks.start + PREFACE_BLOCKS);
        let mut lone = dates.filter_map(|(index, times)| {
            let block = self.reading.document.blocks.get(*index)?;
            let written = times.written.first().filter(|w| w.date.is_some_and(|d| d.year.is_some()))?;
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let alone = letters(&block.text) <= letters(block.text.get(written.span.clone())?);
            Some((local_date(written, &context)?, block.source(written.span.clone()))).filter(|_| alone)
        });
        let date = labelled.and_then(|(date, span)| Some((date, span?))).or_else(|| lone.next())?;
        self.counted_day().filter(|(day, _)| matches!(day, RelativeDay::Back(1..)))?;
        Some(date)
    }

    /// The date of a written time by itself.
    pub(super) fn plain_date(&self, written: &Written) -> Option<NaiveDate> {
        local_date(written, &Context { day_first: self.day_first, ..Context::default() })
    }

    fn labelled_date(&self, kind: DateLabel, context: &Context) -> Option<(NaiveDate, Option<Span>)> {
        self.dated(|l| date_label(l) == Some(kind), context)
    }

    /// The first date that a label of a kind has.
    fn dated(&self, wanted: impl Fn(&Label) -> bool, context: &Context) -> Option<(NaiveDate, Option<Span>)> {
        self.reading.labels.iter().filter(|l| wanted(l)).find_map(|label| {
            let dated = times(&label.value).into_iter().filter(|w| w.date.is_some());
            let first = dated.filter_map(|w| local_date(&w, context)).next();
            first.map(|d| (d, Some(label.evidence.clone())))
        })
    }

    fn titled_date(&self, context: &Context) -> Option<(NaiveDate, Option<Span>)> {
        let is_title =
            |l: &&Label| l.place.is_none() && matches!(l.key.as_str(), "title" | "html title" | "name" | "linktitle");
        let in_fields = self.reading.labels.iter().filter(is_title).find_map(|label| {
            let dated = times(&label.value).into_iter().filter(|w| w.date.is_some());
            dated.filter_map(|w| local_date(&w, context)).next().map(|d| (d, Some(label.evidence.clone())))
        });
        let first = self.reading.blocks().find(|(_, b)| matches!(b.kind, BlockKind::Heading { .. })).map(|(i, _)| i);
        let in_heading = || {
            let (index, times) = self.times.iter().find(|(i, _)| Some(*i) == first)?;
            let block = self.reading.document.blocks.get(*index)?;
            let dated = times.written.iter().filter(|w| w.date.is_some());
            dated.filter_map(|w| Some((local_date(w, context)?, Some(block.source(w.span.clone()))))).next()
        };
        // What the page is called says less of one of its incidents.
        if self.reading.is_part { in_heading().or(in_fields) } else { in_fields.or_else(in_heading) }
    }

    /// The first date in sections of a kind, beside words of a kind, publication lines apart.
    fn first_date(
        &self,
        wanted: impl Fn(Section) -> bool,
        words: Option<fn(Beside) -> bool>,
        context: &Context,
    ) -> Option<(NaiveDate, Option<Span>)> {
        // A bare date speaks as a field, and not again as the words that stand below its heading.
        let is_beside = |l: &&Label| match date_label(l) {
            Some(DateLabel::Publication) => true,
            Some(DateLabel::Bare) => l.form == LabelForm::Heading,
            _ => false,
        };
        let published = Covers::of(self.reading.labels.iter().filter(is_beside).map(|l| &l.evidence));
        for (index, times) in self.times.iter().filter(|(index, _)| wanted(self.reading.section(*index))) {
            let Some(block) = self.reading.document.blocks.get(*index) else { continue };
            let mut sentences = Sentences::of(&block.text, times);
            for written in times.written.iter().filter(|w| w.date.is_some()) {
                if words.is_some_and(|wanted| !wanted(sentences.beside(written))) {
                    continue;
                }
                let source = block.source(written.span.clone());
                let is_publication = published.hold(&source)
                    || self.is_page_date(*index, &written.span)
                    || is_publication_line(&block.text, &written.span);
                if is_publication {
                    continue;
                }
                if let Some(date) = local_date(written, context) {
                    return Some((date, Some(source)));
                }
            }
        }
        None
    }

    /// Data of a tool that opens and closes incidents: it is opened on the day, unless something else is told.
    fn is_ticket(&self) -> bool {
        let ends = |l: &Label| keyed(&l.key) == Some(MilestoneKind::Resolved);
        self.reading.document.format.is_data() && self.reading.labels.iter().any(ends)
    }

    fn has_clocks(&self) -> bool {
        self.times.iter().any(|(_, t)| t.written.iter().any(|w| w.clock.is_some()))
    }
}

/// Ranges, by where they begin, each with the furthest end of any up to it: as many may be asked for as there are.
struct Covers(Vec<(usize, usize)>);

impl Covers {
    fn of<'s>(spans: impl Iterator<Item = &'s Span>) -> Self {
        let mut ends: Vec<(usize, usize)> = spans.map(|span| (span.start, span.end)).collect();
        ends.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut ends {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Covers(ends)
    }

    /// Does one of them hold all of the span?
    fn hold(&self, span: &Span) -> bool {
        let before = self.0.partition_point(|(start, _)| *start <= span.start);
        before.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| span.end <= *end)
    }
}

/// A report that counts its days does so where it begins.
const COUNTED_SENTENCES_MAX: usize = 12;

/// A date and what speaks for it.
struct Vote {
    date: NaiveDate,
    span: Option<Span>,
    weight: f32,
}

/// What stands beside a date in its sentence.
#[derive(Clone, Copy, Default)]
struct Beside {
    clock: bool,
    impact: bool,
    /// More than a bare date line.
    many: bool,
}

/// The sentences of a block, walked along with its written times: each is looked at once, however many times it holds.
struct Sentences<'b, R> {
    text: &'b str,
    written: &'b [Written],
    rest: R,
    current: Option<(Span, Beside)>,
}

impl<'b> Sentences<'b, ()> {
    fn of(text: &'b str, times: &'b Times) -> Sentences<'b, impl Iterator<Item = Span> + 'b> {
        Sentences { text, written: &times.written, rest: sentence_ranges(text), current: None }
    }
}

impl<R: Iterator<Item = Span>> Sentences<'_, R> {
    /// What stands beside a time that begins at or after the one asked for before.
    fn beside(&mut self, written: &Written) -> Beside {
        let at = written.span.start;
        while self.current.as_ref().is_none_or(|(range, _)| range.end <= at) {
            // What stands in no sentence stands beside all of the block.
            let range = self.rest.next().unwrap_or(0..self.text.len().max(at + 1));
            let seen = if range.end <= at { Beside::default() } else { self.look(&range) };
            self.current = Some((range, seen));
        }
        self.current.as_ref().map_or(Beside::default(), |(_, beside)| *beside)
    }

    fn look(&self, range: &Span) -> Beside {
        let words = self.text.get(range.start..range.end.min(self.text.len())).unwrap_or("");
        let from = self.written.partition_point(|w| w.span.start < range.start);
        let within = self.written.get(from..).unwrap_or(&[]).iter().take_while(|w| w.span.start < range.end);
        Beside {
            clock: within.into_iter().any(|w| w.clock.is_some()),
            impact: speaks_of_impact(words),
            many: words.split_whitespace().nth(8).is_some(),
        }
    }
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
            r"(?i)(?:\b(?:posted|published|updated|last\s(?:updated|modified|edited)|written|author)|^\W*by)\b[^.]{0,30}$",
        )
        .expect("a valid regex")
    });
    let line = text.get(..span.start).unwrap_or("");
    let line = line.get(line.rfind('\n').map_or(0, |i| i + 1)..).unwrap_or("");
    line.len() < 60 && PAGE.is_match(line) && !line.to_lowercase().contains("was posted")
}
