//! Zones that a document declares, and where each declaration holds.

use super::Builder;
use super::keys::{DateLabel, date_label};
use super::zone_lines;
use crate::document::BlockKind;
use crate::domain::Span;
use crate::extract::reading::Reading;
use crate::extract::speech::speech;
use crate::time::written::{LoneZone, Written, read, times};
use crate::time::zone;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Declared {
    pub(super) document: Option<String>,
    pub(super) by_heading: BTreeMap<usize, String>,
    /// Table number and column → label.
    pub(super) by_column: BTreeMap<(u32, usize), String>,
    /// What most clocks of the document carry.
    pub(super) usual: Option<String>,
    pub(super) configured: Option<String>,
}

/// Fields other than the incident's start whose zone tells the zone of the text's clocks.
const MILESTONE_FIELDS: &[&str] =
    &["end", "end time", "ended at", "resolved at", "resolvedwhen", "detected at", "mitigated at", "date"];

impl Declared {
    pub(super) fn note(&mut self, reading: &Reading<'_>, index: usize, zone: &LoneZone) {
        let Some(block) = reading.document.blocks.get(index) else { return };
        match &block.kind {
            BlockKind::Row { table, header: true, cells } => {
                let inside = |c: &Span| c.start <= zone.span.start && zone.span.end <= c.end;
                if let Some(column) = cells.iter().position(inside) {
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
                if (speech().declares_zone.is_in(sentence) || short) && self.document.is_none() {
                    self.document = Some(zone.label.clone());
                }
            }
        }
    }

    /// The zone that headings and columns declare, if they agree: clocks elsewhere are of no other.
    fn only(&self) -> Option<String> {
        let mut labels = self.by_heading.values().chain(self.by_column.values());
        let first = labels.next()?;
        labels.all(|l| l == first).then(|| first.clone())
    }

    pub(super) fn for_block(&self, reading: &Reading<'_>, index: usize) -> Option<String> {
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

impl Builder<'_, '_> {
    /// Zones that lines of no other words declare by a place.
    fn declare_places(&mut self) {
        let mut declare = |index: usize, line: Span, text: &str| {
            if let Some(zone) = text.get(line.clone()).and_then(zone_lines::declared) {
                let span = line.start + zone.span.start..line.start + zone.span.end;
                self.declared.note(self.reading, index, &LoneZone { span, ..zone });
            }
        };
        for (index, block) in self.reading.blocks() {
            match &block.kind {
                BlockKind::Heading { .. } => declare(index, 0..block.text.len(), &block.text),
                BlockKind::Row { header: true, cells, .. } => {
                    cells.iter().for_each(|cell| declare(index, cell.clone(), &block.text));
                }
                _ => {}
            }
        }
        for sentence in &self.reading.sentences {
            declare(sentence.block, sentence.range.clone(), self.reading.text(sentence.block));
        }
    }

    /// Which zones are declared where.
    pub(super) fn declare_zones(&mut self) {
        let mut counts: Vec<(String, usize)> = Vec::new();
        let form = self.bare_form();
        let mut alike: BTreeSet<String> = BTreeSet::new();
        // What is declared before the first incident of a log holds for all of them.
        let before = self.reading.blocks.start;
        for (index, block) in self.reading.document.blocks.iter().enumerate().take(before) {
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
                    if form.is_some() && written.clock.map(|clock| clock.meridiem.is_some()) == form {
                        alike.insert(label.clone());
                    }
                    match counts.iter_mut().find(|(l, _)| l == label) {
                        Some((_, n)) => *n += 1,
                        None => counts.push((label.clone(), 1)),
                    }
                }
            }
        }
        self.declare_places();
        for label in &self.reading.labels {
            if [
                "timezone",
                "time zone",
                "tz",
                "zone",
                "zeitzone",
                "fuseau horaire",
                "zona horaria",
                "fuso horário",
                "时区",
                "タイムゾーン",
                "page.time zone",
            ]
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
        // A program's stamps (`…Z`, `…+00:00`) don't either.
        let written = |label: &str| label != "Z" && !label.starts_with(['+', '-']);
        let usual = counts.iter().max_by_key(|(l, n)| (written(l), alike.contains(l), *n)).map(|(l, _)| l.clone());
        self.declared.usual = usual.or_else(|| self.declared.only()).or_else(|| {
            let fields = self.reading.labels.iter().filter(|l| l.place.is_none());
            let stated = fields
                .filter(|l| date_label(l) == Some(DateLabel::Incident) || MILESTONE_FIELDS.contains(&l.key.as_str()));
            stated.flat_map(|l| times(&l.value)).find_map(|w| w.zone)
        });
    }

    /// Whether clocks without a zone have AM or PM, if all of them or none do. Who tells two zones in two forms ("at
    /// 04:00 UTC, 11:00 PM CDT") tells the form of the clocks of each.
    fn bare_form(&self) -> Option<bool> {
        let written = self.times.iter().flat_map(|(_, times)| &times.written).filter(|w| w.zone.is_none());
        let mut forms = written.filter_map(|w| w.clock).map(|clock| clock.meridiem.is_some());
        let first = forms.next()?;
        forms.all(|form| form == first).then_some(first)
    }

    /// The zone of clocks in fields that carry none: the declared one, or what the text names beside the very time
    /// that a field has.
    pub(super) fn zone_of_fields(&self) -> Option<String> {
        self.declared
            .document
            .clone()
            .or_else(|| self.zone_beside_fields())
            .or_else(|| self.declared.configured.clone())
    }

    fn zone_beside_fields(&self) -> Option<String> {
        let time = |written: &Written| {
            let date = written.date.filter(|date| date.year.is_some())?;
            let clock = written.clock.filter(|clock| clock.meridiem.is_none())?;
            Some(((date.year, date.month, date.day), (clock.hour, clock.minute)))
        };
        let fields = self.reading.labels.iter().filter(|label| label.place.is_none());
        let bare = fields.flat_map(|label| times(&label.value)).filter(|written| written.zone.is_none());
        let bare: BTreeSet<_> = bare.filter_map(|written| time(&written)).collect();
        if bare.is_empty() {
            return None;
        }
        let in_text = self.times.iter().flat_map(|(_, times)| &times.written);
        let beside = in_text.filter(|written| time(written).is_some_and(|time| bare.contains(&time)));
        beside.filter_map(|written| written.zone.clone()).next()
    }
}
