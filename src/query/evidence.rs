//! What the candidates of a search hold of the words looked for: how often in which field, and where.
//!
//! Knows nothing of what any of it is worth.

use super::lexicon::Lexicon;
use super::terms::Label;
use super::when::When;
use crate::record::filter_field;
use crate::store::{TextField, date_of, keyword};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::postings::Postings;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, Term};

/// Of a word that fills a record, so many places are looked at.
const POSITIONS_MAX: usize = 256;
/// Words of one spelling may have one other between them.
const PHRASE_STEP_MAX: u32 = 2;

/// Something counted for every [`TextField`], in the order of [`TextField::ALL`].
pub type ByField = [u32; TextField::ALL.len()];

/// A record that may be a hit.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub address: DocAddress,
    /// Its row in the store, which orders records by path.
    pub row: u64,
    /// What the incidents of one document share.
    pub document: u64,
    pub is_incident: bool,
    /// Words in each field.
    pub lengths: ByField,
}

/// What one record holds of one word.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    pub counts: ByField,
    /// Where in the record, ascending; one passage ends well before the next begins.
    pub positions: Vec<u32>,
}

/// What the candidates hold of the words.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// In the order of the index.
    pub candidates: Vec<Candidate>,
    /// Mean length of each field over the store.
    pub mean_lengths: [f32; TextField::ALL.len()],
    /// By word; for each candidate, in order.
    sightings: BTreeMap<String, Vec<Option<Sighting>>>,
    telling: BTreeMap<String, f32>,
    /// Labels that are looked for with them, each with which of the candidates, in order, have it.
    labels: Vec<(Label, f32, Vec<bool>)>,
    /// Which of the candidates, in order, are of the time that was asked for.
    timely: Vec<bool>,
}

impl Evidence {
    /// Of these records, without any words yet.
    pub fn new(mut addresses: Vec<DocAddress>, lexicon: &Lexicon<'_>) -> tantivy::Result<Self> {
        addresses.sort_unstable();
        let searcher = lexicon.searcher();
        let mut candidates = Vec::with_capacity(addresses.len());
        for (segment, addresses) in by_segment(&addresses, searcher) {
            let fast = segment.fast_fields();
            let (rows, documents, incidents) = (fast.u64("row")?, fast.u64("document")?, fast.bool("incident")?);
            let norms = lexicon.fields().texts().iter().map(|(_, field)| segment.get_fieldnorms_reader(*field));
            let norms = norms.collect::<tantivy::Result<Vec<_>>>()?;
            for address in addresses {
                let doc = address.doc_id;
                let mut lengths = ByField::default();
                lengths.iter_mut().zip(&norms).for_each(|(length, norm)| *length = norm.fieldnorm(doc));
                candidates.push(Candidate {
                    address: *address,
                    row: rows.first(doc).map_or(u64::MAX, |number| lexicon.rank(number)),
                    document: documents.first(doc).unwrap_or(u64::MAX),
                    is_incident: incidents.first(doc).unwrap_or(true),
                    lengths,
                });
            }
        }
        let records = searcher.num_docs().max(1) as f32;
        let mut mean_lengths = [1.0; TextField::ALL.len()];
        for (mean, (_, field)) in mean_lengths.iter_mut().zip(lexicon.fields().texts()) {
            *mean = (lexicon.total_num_tokens(*field)? as f32 / records).max(1.0);
        }
        Ok(Evidence {
            candidates,
            mean_lengths,
            sightings: BTreeMap::new(),
            telling: BTreeMap::new(),
            labels: Vec::new(),
            timely: Vec::new(),
        })
    }

    /// Looks for more words.
    pub fn gather(&mut self, words: BTreeSet<&str>, lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        let addresses: Vec<DocAddress> = self.candidates.iter().map(|c| c.address).collect();
        for word in words {
            if self.sightings.contains_key(word) {
                continue;
            }
            let mut seen: Vec<Option<Sighting>> = Vec::with_capacity(addresses.len());
            for (segment, addresses) in by_segment(&addresses, lexicon.searcher()) {
                sight(word, segment, addresses, lexicon, &mut seen)?;
            }
            self.sightings.insert(word.to_owned(), seen);
            self.telling.insert(word.to_owned(), lexicon.telling(word));
        }
        Ok(())
    }

    /// Looks which candidates have labels.
    pub fn look_at(&mut self, labels: &[(Label, f32)], lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        for (label, share) in labels {
            self.labels.push((*label, *share, self.labelled(*label, lexicon)?));
        }
        Ok(())
    }

    /// The labels looked at that a candidate has.
    pub fn labels_of(&self, candidate: usize) -> impl Iterator<Item = (Label, f32)> + '_ {
        let has = move |have: &[bool]| have.get(candidate).copied().unwrap_or(false);
        self.labels.iter().filter(move |(.., have)| has(have)).map(|(label, share, _)| (*label, *share))
    }

    /// Looks which candidates are of a time.
    pub fn look_when(&mut self, when: When, lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        let addresses: Vec<DocAddress> = self.candidates.iter().map(|c| c.address).collect();
        for (segment, addresses) in by_segment(&addresses, lexicon.searcher()) {
            let days = segment.fast_fields().i64("number.date")?;
            let date = |address: &DocAddress| date_of(days.first(address.doc_id)?);
            self.timely.extend(addresses.iter().map(|address| date(address).is_some_and(|date| when.is(date))));
        }
        Ok(())
    }

    /// What it tells of a candidate that it is of the time asked for, as of a word that so many of the candidates hold.
    pub fn timely(&self, candidate: usize) -> Option<f32> {
        self.timely.get(candidate).filter(|is_timely| **is_timely)?;
        let (n, df) = (self.timely.len() as f32, self.timely.iter().filter(|is_timely| **is_timely).count() as f32);
        Some((1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln())
    }

    fn labelled(&self, label: Label, lexicon: &Lexicon<'_>) -> tantivy::Result<Vec<bool>> {
        let (name, label) = label.written();
        let mut have = Vec::with_capacity(self.candidates.len());
        let Some(field) = filter_field(name).and_then(|field| lexicon.fields().keyword(field)) else { return Ok(have) };
        let term = Term::from_field_text(field, &keyword(label));
        let addresses: Vec<DocAddress> = self.candidates.iter().map(|c| c.address).collect();
        for (segment, addresses) in by_segment(&addresses, lexicon.searcher()) {
            let postings = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else {
                have.resize(have.len() + addresses.len(), false);
                continue;
            };
            have.extend(addresses.iter().map(|address| {
                let doc = if postings.doc() < address.doc_id { postings.seek(address.doc_id) } else { postings.doc() };
                doc == address.doc_id
            }));
        }
        Ok(have)
    }

    /// How much a word tells; nothing if it was never gathered.
    pub fn telling(&self, word: &str) -> f32 {
        self.telling.get(word).copied().unwrap_or(0.0)
    }

    /// What the candidates hold of one word, or of several that stand together.
    pub fn sightings(&self, words: &[String]) -> Sightings<'_> {
        let all: Option<Vec<_>> = words.iter().map(|word| self.sightings.get(word).map(Vec::as_slice)).collect();
        Sightings(all.unwrap_or_default())
    }
}

/// What the candidates hold of the words of one spelling.
pub struct Sightings<'a>(Vec<&'a [Option<Sighting>]>);

impl<'a> Sightings<'a> {
    /// What one candidate does.
    pub fn of(&self, candidate: usize) -> Option<Cow<'a, Sighting>> {
        let (first, rest) = self.0.split_first()?;
        let first = first.get(candidate)?.as_ref()?;
        if rest.is_empty() {
            return Some(Cow::Borrowed(first));
        }
        let mut positions = first.positions.clone();
        for word in rest {
            let next = &word.get(candidate)?.as_ref()?.positions;
            positions = positions.iter().filter_map(|at| following(next, *at)).collect();
        }
        let count = u32::try_from(positions.len()).unwrap_or(u32::MAX);
        let mut counts = ByField::default();
        // Only where all of it stands is known, not in which of its fields.
        counts.iter_mut().take(1).for_each(|all| *all = count);
        (count > 0).then_some(Cow::Owned(Sighting { counts, positions }))
    }
}

/// The first place shortly after another.
fn following(positions: &[u32], at: u32) -> Option<u32> {
    let next = positions.get(positions.partition_point(|p| *p <= at)).copied()?;
    (next - at <= PHRASE_STEP_MAX).then_some(next)
}

/// What the candidates of one segment hold of a word, appended in their order.
fn sight(
    word: &str,
    segment: &SegmentReader,
    addresses: &[DocAddress],
    lexicon: &Lexicon<'_>,
    seen: &mut Vec<Option<Sighting>>,
) -> tantivy::Result<()> {
    let first = seen.len();
    seen.resize_with(first + addresses.len(), || None);
    for (nth, (field, index)) in lexicon.fields().texts().iter().enumerate() {
        let is_all = *field == TextField::All;
        let option = if is_all { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let inverted = segment.inverted_index(*index)?;
        let term = Term::from_field_text(*index, word);
        let Some(mut postings) = inverted.read_postings(&term, option)? else {
            if is_all {
                // Every other field is part of it.
                return Ok(());
            }
            continue;
        };
        for (address, sighting) in addresses.iter().zip(seen.iter_mut().skip(first)) {
            if postings.doc() < address.doc_id {
                postings.seek(address.doc_id);
            }
            if postings.doc() != address.doc_id {
                continue;
            }
            let sighting = sighting.get_or_insert_with(Sighting::default);
            if let Some(count) = sighting.counts.get_mut(nth) {
                *count = postings.term_freq();
            }
            if is_all {
                postings.positions(&mut sighting.positions);
                sighting.positions.truncate(POSITIONS_MAX);
            }
        }
        if is_all && seen.iter().skip(first).all(Option::is_none) {
            return Ok(());
        }
    }
    Ok(())
}

/// The addresses, which are sorted, segment by segment.
fn by_segment<'a>(
    addresses: &'a [DocAddress],
    searcher: &'a Searcher,
) -> impl Iterator<Item = (&'a SegmentReader, &'a [DocAddress])> {
    let groups = addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord);
    groups.filter_map(|group| {
        let segment = searcher.segment_readers().get(group.first()?.segment_ord as usize)?;
        Some((segment, group))
    })
}
