//! The telling words of incidents as vectors, and which incidents are alike by them and by their labels.
//!
//! Cosine of tf-idf (Salton, Wong and Yang, "A vector space model for automatic indexing", 1975). Only pairs that share
//! a telling word are ever looked at.

use super::filter::Found;
use super::sparse::Sparse;
use crate::store::{IndexFields, SearchIndex, TextField};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermStreamer;
use tantivy::{Searcher, SegmentReader, Term};

/// Words that speak for an incident.
const WORDS_MAX: usize = 30;
/// A word in more than this share of the incidents, or in so many of them, tells nothing.
const COMMON_SHARE: f32 = 0.15;
const COMMON_MAX: usize = 200;
/// One in so many titles, symptoms and causes tells next to nothing of any, and such words are most of what is written.
const EVERYWHERE_MAX: u64 = 5_000;
/// Likeness from which two belong together, of which so much must be words.
pub const LIKENESS_MIN: f32 = 0.2;
const WORDS_LIKENESS_MIN: f32 = 0.07;
/// What labels in common add to the likeness of words.
const SAME_AT_FAULT: f32 = 0.15;
const SAME_COMPONENT: f32 = 0.1;
const SAME_TRIGGER: f32 = 0.07;
const SAME_ORG: f32 = 0.04;
/// Labels in common that parts of one document need: component and trigger.
const SAME_PART: f32 = SAME_COMPONENT + SAME_TRIGGER;
/// A word of the title counts so many times.
const TITLE: f32 = 3.0;

/// Two incidents by their places, the lower first, and how alike they are.
pub type Pair = (u32, u32, f32);

/// The telling words of each incident, by its place, each vector of length one and in order of words.
pub struct Vectors {
    pub words: Vec<String>,
    by_incident: Sparse<(u32, f32)>,
}

/// The place of what is not looked at.
const NO_PLACE: u32 = u32::MAX;

/// The words of one text field in one segment.
struct Source<'a> {
    weight: f32,
    /// The place of each of the segment's records among the incidents; [`NO_PLACE`] for others.
    places: &'a [u32],
    inverted: &'a tantivy::InvertedIndexReader,
    stream: TermStreamer<'a>,
    postings: Option<BlockSegmentPostings>,
    has_word: bool,
    /// The first letters of its word, as a number that orders as they do.
    start: u64,
}

impl Vectors {
    /// Of the incidents at the places `own` of what was found.
    pub fn of(index: &SearchIndex, found: &[Found], own: &[usize]) -> tantivy::Result<Self> {
        let searcher = index.reader.searcher();
        let places = places(&searcher, found, own);
        let mut readers = Vec::new();
        for (field, at) in index.fields.texts() {
            let weight = match field {
                TextField::Title => TITLE,
                TextField::Symptom | TextField::Cause => 1.0,
                TextField::All | TextField::Names => continue,
            };
            for (segment, places) in searcher.segment_readers().iter().zip(&places) {
                readers.push((weight, places, segment.inverted_index(*at)?));
            }
        }
        let sources = readers.iter().map(|(weight, places, inverted)| Source::of(*weight, places, inverted));
        let mut sources = sources.collect::<tantivy::Result<Vec<_>>>()?;
        let everywhere = |word: &str| index.frequency(&searcher, &Term::from_field_text(index.fields.all(), word));
        let most = ((own.len() as f32 * COMMON_SHARE) as usize).clamp(3, COMMON_MAX);
        let (mut words, mut cells) = (Vec::new(), Vec::new());
        let mut squares = vec![0.0_f32; found.len()];
        let (mut counts, mut holders) = (vec![0.0_f32; found.len()], Vec::new());
        let (mut word, mut here) = (Vec::new(), Vec::new());
        while next_word(&sources, &mut word, &mut here) {
            let of_word = here.iter().filter_map(|at| sources.get(*at));
            let told: u64 = of_word.map(|source| u64::from(source.stream.value().doc_freq)).sum();
            let is_telling = told <= EVERYWHERE_MAX && tells(&word);
            for at in &here {
                let Some(source) = sources.get_mut(*at) else { continue };
                if is_telling {
                    source.count(&mut counts, &mut holders)?;
                }
                source.advance();
            }
            if holders.is_empty() {
                continue;
            }
            let word = String::from_utf8_lossy(&word);
            let everywhere = everywhere(&word)? as usize;
            let rarity = (1.0 + own.len() as f32 / everywhere.max(1) as f32).ln();
            let is_shared = holders.len() > 1 && holders.len() <= most && everywhere <= most * 2;
            for incident in holders.drain(..) {
                let (Some(count), Some(square)) = (counts.get_mut(incident), squares.get_mut(incident)) else {
                    continue;
                };
                let value = (1.0 + std::mem::take(count).ln().max(0.0)) * rarity;
                // What one incident has alone makes it less like every other.
                *square += value * value;
                if is_shared {
                    cells.push((number(incident), (number(words.len()), value)));
                }
            }
            if is_shared {
                words.push(word.into_owned());
            }
        }
        let mut by_incident = Sparse::of(found.len(), cells.iter().copied());
        shorten(&mut by_incident, &squares);
        Ok(Vectors { words, by_incident })
    }

    /// Pairs that belong together.
    pub fn pairs(&self, labels: &[Labels]) -> Vec<Pair> {
        let mut holders: Vec<Vec<(u32, f32)>> = vec![Vec::new(); self.words.len()];
        let mut pairs = Vec::new();
        let (mut likeness, mut others) = (vec![0.0_f32; self.by_incident.count()], Vec::new());
        for one in 0..self.by_incident.count() {
            for (word, value) in self.by_incident.row(one) {
                let Some(holders) = holders.get_mut(*word as usize) else { continue };
                for (other, own) in holders.iter() {
                    let Some(sum) = likeness.get_mut(*other as usize) else { continue };
                    if *sum == 0.0 {
                        others.push(*other);
                    }
                    *sum += own * value;
                }
                holders.push((number(one), *value));
            }
            let Some(b) = labels.get(one) else { continue };
            for other in others.drain(..) {
                let words = likeness.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
                let (true, Some(a)) = (words >= WORDS_LIKENESS_MIN, labels.get(other as usize)) else { continue };
                let in_common = a.in_common(b);
                // Parts of one document share its words, whatever they tell.
                let is_told = a.document != b.document || in_common >= SAME_PART;
                if is_told && words + in_common >= LIKENESS_MIN {
                    pairs.push((other, number(one), words + in_common));
                }
            }
        }
        pairs
    }

    /// The words that most of some incidents share, the most telling first.
    pub fn shared(&self, members: &[usize]) -> Vec<&str> {
        let mut worth: BTreeMap<u32, (usize, f32)> = BTreeMap::new();
        for (word, value) in members.iter().flat_map(|m| self.by_incident.row(*m)) {
            let known = worth.entry(*word).or_default();
            known.0 += 1;
            known.1 += value;
        }
        let mut worth: Vec<(u32, f32)> =
            worth.into_iter().filter(|(_, (count, _))| *count * 2 > members.len()).map(|(w, (_, v))| (w, v)).collect();
        worth.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        worth.into_iter().filter_map(|(word, _)| self.words.get(word as usize).map(String::as_str)).collect()
    }
}

impl<'a> Source<'a> {
    /// At its first word.
    fn of(weight: f32, places: &'a [u32], inverted: &'a tantivy::InvertedIndexReader) -> tantivy::Result<Self> {
        let stream = inverted.terms().stream()?;
        let mut source = Source { weight, places, inverted, stream, postings: None, has_word: true, start: 0 };
        source.advance();
        Ok(source)
    }

    fn advance(&mut self) {
        self.has_word = self.stream.advance();
        self.start = start(self.stream.key());
    }

    /// Counts the word in each incident that holds it, and names those that had none of it before.
    fn count(&mut self, counts: &mut [f32], holders: &mut Vec<usize>) -> tantivy::Result<()> {
        // One reader for all words: it is large, and most words stand in few records.
        let (inverted, of_word) = (self.inverted, self.stream.value());
        let postings = match &mut self.postings {
            Some(postings) => {
                inverted.reset_block_postings_from_terminfo(of_word, postings)?;
                postings
            }
            none => none.insert(inverted.read_block_postings_from_terminfo(of_word, IndexRecordOption::WithFreqs)?),
        };
        while !postings.docs().is_empty() {
            for (doc, times) in postings.docs().iter().zip(postings.freqs()) {
                let place = self.places.get(*doc as usize).copied().unwrap_or(NO_PLACE) as usize;
                if let Some(count) = counts.get_mut(place) {
                    if *count == 0.0 {
                        holders.push(place);
                    }
                    *count += self.weight * *times as f32;
                }
            }
            postings.advance();
        }
        Ok(())
    }
}

/// Leaves each incident its most telling words, by the length of the vector of all of them.
fn shorten(by_incident: &mut Sparse<(u32, f32)>, squares: &[f32]) {
    by_incident.shorten(|incident, vector| {
        vector.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let count = vector.len().min(WORDS_MAX);
        let kept = vector.get_mut(..count).unwrap_or_default();
        kept.sort_unstable_by_key(|(word, _)| *word);
        let length = squares.get(incident).map_or(0.0, |square| square.sqrt()).max(f32::EPSILON);
        kept.iter_mut().for_each(|(_, value)| *value /= length);
        count
    });
}

/// A place or a word as a number. No index holds as many.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NO_PLACE)
}

/// The first word of all sources that have one left, and which of them have it.
fn next_word(sources: &[Source<'_>], word: &mut Vec<u8>, here: &mut Vec<usize>) -> bool {
    here.clear();
    let mut first: Option<(u64, &[u8])> = None;
    for (at, source) in sources.iter().enumerate().filter(|(_, source)| source.has_word) {
        let own = (source.start, source.stream.key());
        match first.map_or(Ordering::Less, |first| own.cmp(&first)) {
            Ordering::Less => {
                first = Some(own);
                here.clear();
                here.push(at);
            }
            Ordering::Equal => here.push(at),
            Ordering::Greater => {}
        }
    }
    word.clear();
    first.is_some_and(|(_, first)| {
        word.extend_from_slice(first);
        true
    })
}

/// The first eight bytes; shorter words are filled up with what no word holds.
fn start(word: &[u8]) -> u64 {
    if let Some(first) = word.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let short = word.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    short.checked_shl(8 * (8 - word.len() as u32)).unwrap_or(0)
}

/// Numbers and words of a letter or two tell nothing.
fn tells(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|word| word.chars().nth(2).is_some() && word.chars().any(char::is_alphabetic))
}

/// For each segment, the place among what was found of each of its records that is looked at.
fn places(searcher: &Searcher, found: &[Found], own: &[usize]) -> Vec<Vec<u32>> {
    let sizes = searcher.segment_readers().iter().map(SegmentReader::max_doc);
    let mut places: Vec<Vec<u32>> = sizes.map(|size| vec![NO_PLACE; size as usize]).collect();
    for at in own {
        let Some(address) = found.get(*at).map(|f| f.address) else { continue };
        let slot = places.get_mut(address.segment_ord as usize).and_then(|s| s.get_mut(address.doc_id as usize));
        if let Some(slot) = slot {
            *slot = u32::try_from(*at).unwrap_or(NO_PLACE);
        }
    }
    places
}

/// What of an incident is compared beside its words, each label as a number that stands for it.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    document: Option<u64>,
    component: Option<usize>,
    trigger: Option<usize>,
    org: Option<usize>,
    at_fault: Vec<usize>,
}

impl Labels {
    /// Of each of the incidents found, in their order; and what the numbers stand for.
    pub fn of(searcher: &Searcher, found: &[Found]) -> tantivy::Result<(Vec<Self>, Vec<String>)> {
        let mut all = vec![Labels::default(); found.len()];
        let mut by_segment: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (place, f) in found.iter().enumerate() {
            by_segment.entry(f.address.segment_ord).or_default().push(place);
        }
        let mut known: HashMap<String, usize> = HashMap::new();
        for (segment, places) in by_segment {
            let fast = searcher.segment_reader(segment).fast_fields();
            let documents = fast.u64("document")?;
            for place in &places {
                if let (Some(labels), Some(found)) = (all.get_mut(*place), found.get(*place)) {
                    labels.document = documents.first(found.address.doc_id);
                }
            }
            for name in ["component", "trigger", "org", "at-fault"] {
                let Some(column) = fast.str(&IndexFields::column(name))? else { continue };
                let mut numbers: HashMap<u64, Option<usize>> = HashMap::new();
                let mut number = |ordinal: u64| -> tantivy::Result<Option<usize>> {
                    if let Some(number) = numbers.get(&ordinal) {
                        return Ok(*number);
                    }
                    let mut label = String::new();
                    column.ord_to_str(ordinal, &mut label)?;
                    let next = known.len();
                    let number = (label != "unknown").then(|| *known.entry(label).or_insert(next));
                    numbers.insert(ordinal, number);
                    Ok(number)
                };
                for place in &places {
                    let (Some(labels), Some(found)) = (all.get_mut(*place), found.get(*place)) else { continue };
                    for ordinal in column.term_ords(found.address.doc_id) {
                        labels.set(name, number(ordinal)?);
                    }
                }
            }
        }
        let mut names: Vec<(usize, String)> = known.into_iter().map(|(name, number)| (number, name)).collect();
        names.sort_unstable();
        Ok((all, names.into_iter().map(|(_, name)| name).collect()))
    }

    fn set(&mut self, name: &str, label: Option<usize>) {
        match name {
            "component" => self.component = label,
            "trigger" => self.trigger = label,
            "org" => self.org = label,
            _ => self.at_fault.extend(label),
        }
    }

    /// What stands for the label of this name, of several the first.
    pub fn first(&self, name: &str) -> Option<usize> {
        match name {
            "component" => self.component,
            "trigger" => self.trigger,
            "org" => self.org,
            _ => self.at_fault.first().copied(),
        }
    }

    /// What the labels that both have are worth.
    fn in_common(&self, other: &Self) -> f32 {
        let same = |a: Option<usize>, b: Option<usize>| a.is_some() && a == b;
        let mut sum = 0.0;
        for (is_same, worth) in [
            (same(self.component, other.component), SAME_COMPONENT),
            (same(self.trigger, other.trigger), SAME_TRIGGER),
            (same(self.org, other.org), SAME_ORG),
            (self.at_fault.iter().any(|p| other.at_fault.contains(p)), SAME_AT_FAULT),
        ] {
            sum += if is_same { worth } else { 0.0 };
        }
        sum
    }
}
