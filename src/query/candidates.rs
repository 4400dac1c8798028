//! Which records are worth a closer look: those that hold most of what was asked for, by BM25 over all their words, and
//! how many hold any of it.
//!
//! Records are weighed a window at a time, by single words first. Whether words stand together costs most to tell, so
//! it is asked only of records that nothing else has found, and of those that it could bring among the best.

use super::lexicon::Lexicon;
use super::search::Options;
use super::terms::QueryTerms;
use super::tuning::Tuning;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, PhraseQuery, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, SeekDangerResult, SegmentReader, Term};

/// Records that are weighed together.
const WINDOW: u32 = 1024;
/// A bound is raised by this share, for scores are rounded.
const ROUNDING: f32 = 1e-5;
/// More often than this nothing stands in a record.
const COUNT_MAX: u32 = 1 << 30;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// Records that pass the filters and hold anything of what was asked for.
    pub total: usize,
    /// The best of them, best first.
    pub best: Vec<DocAddress>,
}

/// One way to write a term: a word.
struct Word {
    term: usize,
    word: Term,
    weight: Bm25Weight,
}

/// One way to write a term: words that stand together, with at most one other between two of them.
struct Phrase {
    term: usize,
    words: Vec<Term>,
    asked: Box<dyn Weight>,
    boost: f32,
    /// As `asked` weighs it, to tell the most that a record can get for it.
    weight: Bm25Weight,
}

impl Phrase {
    /// The most that a record can get that holds the rarest word so often.
    fn most(&self, norm: u8, count: u32) -> f32 {
        // Two words stand together no more often than either stands there.
        let count = if self.words.len() == 2 { count } else { COUNT_MAX };
        self.weight.score(norm, count) * (1.0 + ROUNDING)
    }
}

/// All that is asked for. Of a term's ways to write it the best counts; without terms, all that passes is found.
struct Asked {
    filters: Vec<Box<dyn Weight>>,
    terms: usize,
    words: Vec<Word>,
    phrases: Vec<Phrase>,
}

/// So many records are looked at closely, or twice the hits that are wanted.
const CLOSELY: usize = 100;

/// Finds the records that the hits wanted are chosen from; `each` is told every one that is found.
pub fn find(
    filters: &[Box<dyn Query>],
    terms: &QueryTerms,
    lexicon: &Lexicon<'_>,
    options: &Options,
    each: &mut dyn FnMut(DocAddress),
) -> tantivy::Result<Candidates> {
    let asked = Asked::new(filters, terms, lexicon, &options.tuning)?;
    let mut best = Best { limit: options.limit.saturating_mul(2).max(CLOSELY), heap: BinaryHeap::new() };
    let mut total = 0;
    for (ordinal, reader) in (0_u32..).zip(lexicon.searcher().segment_readers()) {
        let mut segment = Segment::open(reader, lexicon.dead(ordinal), &asked, lexicon.fields().all())?;
        let mut window = Window::new(&asked);
        for start in (0..reader.max_doc()).step_by(WINDOW as usize) {
            window.begin(start, reader.max_doc());
            segment.weigh(&mut window, best.least())?;
            window.each(|doc, score| {
                let address = DocAddress::new(ordinal, doc);
                total += 1;
                best.push(score, address);
                each(address);
            });
        }
    }
    Ok(Candidates { total, best: best.sorted() })
}

impl Asked {
    fn new(
        filters: &[Box<dyn Query>],
        terms: &QueryTerms,
        lexicon: &Lexicon<'_>,
        tuning: &Tuning,
    ) -> tantivy::Result<Self> {
        let searcher = lexicon.searcher();
        let filters = filters.iter().map(|filter| filter.weight(EnableScoring::disabled_from_searcher(searcher)));
        let filters = filters.collect::<tantivy::Result<_>>()?;
        let mut asked = Asked { filters, terms: 0, words: Vec::new(), phrases: Vec::new() };
        for term in &terms.terms {
            for spelling in &term.spellings {
                let weight = spelling.weight(tuning) * term.weight(tuning) / spelling.terms.len().max(1) as f32;
                asked.add(&spelling.terms, weight, lexicon)?;
            }
            asked.terms += 1;
        }
        for phrase in &terms.phrases {
            asked.add(phrase, 1.0, lexicon)?;
            asked.terms += 1;
        }
        Ok(asked)
    }

    /// Adds a way to write the term that comes next.
    fn add(&mut self, words: &[String], boost: f32, lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        let term = self.terms;
        let words: Vec<Term> = words.iter().map(|w| Term::from_field_text(lexicon.fields().all(), w)).collect();
        if words.is_empty() {
            return Ok(());
        }
        let weight = Bm25Weight::for_terms(lexicon, &words)?.boost_by(boost);
        match words.as_slice() {
            [word] => self.words.push(Word { term, word: word.clone(), weight }),
            _ => {
                let mut together = PhraseQuery::new(words.clone());
                together.set_slop(1);
                let scoring = EnableScoring::enabled_from_statistics_provider(lexicon, lexicon.searcher());
                self.phrases.push(Phrase { term, asked: together.weight(scoring)?, words, boost, weight });
            }
        }
        Ok(())
    }
}

/// The best so far. Of equal ones, those that came first.
struct Best {
    limit: usize,
    /// Scores, which are not negative, as bits: these have the same order.
    heap: BinaryHeap<Reverse<(u32, Reverse<DocAddress>)>>,
}

impl Best {
    /// The score that a record has to exceed; none while there is room.
    fn least(&self) -> Option<f32> {
        let least = self.heap.peek().map(|Reverse((bits, _))| f32::from_bits(*bits));
        least.filter(|_| self.heap.len() >= self.limit)
    }

    fn push(&mut self, score: f32, address: DocAddress) {
        if self.least().is_some_and(|least| score <= least) || self.limit == 0 {
            return;
        }
        if self.heap.len() >= self.limit {
            self.heap.pop();
        }
        self.heap.push(Reverse((score.to_bits(), Reverse(address))));
    }

    fn sorted(self) -> Vec<DocAddress> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse((_, Reverse(address)))| address).collect()
    }
}

/// What some records get for a term.
#[derive(Clone)]
struct Weighed {
    /// Has none of them anything?
    is_empty: bool,
    scores: Vec<f32>,
    /// The most that they could get for words that stand together; without any where the term is never written so.
    most: Vec<f32>,
}

/// What some records that follow each other hold.
struct Window {
    start: DocId,
    /// Which of them are there and were found, and which pass the filters, a bit for each.
    found: [u64; WINDOW as usize / 64],
    passing: [u64; WINDOW as usize / 64],
    terms: Vec<Weighed>,
    /// Sums of the scores, in the order of the terms.
    sums: Vec<f32>,
    /// Phrases whose rarest word a record holds.
    pending: Vec<(usize, DocId)>,
}

impl Window {
    fn new(asked: &Asked) -> Self {
        let none = vec![0.0; WINDOW as usize];
        let term = |term: usize| {
            let is_together = asked.phrases.iter().any(|p| p.term == term);
            let most = if is_together { none.clone() } else { Vec::new() };
            Weighed { is_empty: true, scores: none.clone(), most }
        };
        Window {
            start: 0,
            found: [0; WINDOW as usize / 64],
            passing: [0; WINDOW as usize / 64],
            terms: (0..asked.terms).map(term).collect(),
            sums: none.clone(),
            pending: Vec::new(),
        }
    }

    /// Where none has been found yet and all pass, as far as there are any.
    fn begin(&mut self, start: DocId, end: DocId) {
        self.start = start;
        self.found.fill(0);
        for term in self.terms.iter_mut().filter(|term| !term.is_empty) {
            term.is_empty = true;
            term.scores.fill(0.0);
            term.most.fill(0.0);
        }
        self.pending.clear();
        for (at, bits) in (start..).step_by(64).zip(&mut self.passing) {
            *bits = match end.saturating_sub(at) {
                0 => 0,
                left @ 1..64 => (1 << left) - 1,
                _ => u64::MAX,
            };
        }
    }

    fn end(&self) -> DocId {
        self.start.saturating_add(WINDOW)
    }

    /// Where a record of the window is in its lists.
    fn place(&self, doc: DocId) -> usize {
        (doc - self.start) as usize
    }

    fn sum(&mut self) {
        self.sums.fill(0.0);
        for term in self.terms.iter().filter(|term| !term.is_empty) {
            self.sums.iter_mut().zip(&term.scores).for_each(|(sum, score)| *sum += score);
        }
    }

    /// What a record has, as far as it is known, or the most that it could have.
    fn sum_of(&self, at: usize, is_most: bool) -> f32 {
        let score = |scores: &Vec<f32>| scores.get(at).copied().unwrap_or(0.0);
        let most = |term: &Weighed| score(&term.scores).max(if is_most { score(&term.most) } else { 0.0 });
        self.terms.iter().map(most).fold(0.0, |sum, score| sum + score)
    }

    /// All that were found and pass, with what they have.
    fn each(&self, mut told: impl FnMut(DocId, f32)) {
        for (nth, (found, passing)) in (0..).zip(self.found.iter().zip(&self.passing)) {
            let mut left = found & passing;
            while left != 0 {
                let at = nth * 64 + left.trailing_zeros();
                left &= left - 1;
                told(self.start + at, self.sums.get(at as usize).copied().unwrap_or(0.0));
            }
        }
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(bits) = bits.get_mut(at / 64) {
        *bits |= 1 << (at % 64);
    }
}

fn clear(bits: &mut [u64], at: usize) {
    if let Some(bits) = bits.get_mut(at / 64) {
        *bits &= !(1 << (at % 64));
    }
}

fn has(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
}

fn raise(scores: &mut [f32], at: usize, score: f32) {
    if let Some(known) = scores.get_mut(at).filter(|known| **known < score) {
        *known = score;
    }
}

/// The records that hold a word, from first to last.
struct Cursor {
    postings: BlockSegmentPostings,
    /// Place in the block that was read last.
    at: usize,
}

impl Cursor {
    /// Goes through those before `end`, with how often each holds the word. Are there any?
    fn each(&mut self, end: DocId, mut told: impl FnMut(DocId, u32)) -> bool {
        let mut is_any = false;
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let counts = self.postings.freqs().get(self.at..).unwrap_or_default();
            let is_whole = docs.last().is_some_and(|last| *last < end);
            let first = if is_whole { docs.len() } else { docs.partition_point(|doc| *doc < end) };
            docs.iter().zip(counts).take(first).for_each(|(doc, count)| told(*doc, *count));
            self.at += first;
            is_any |= first > 0;
            if !is_whole {
                return is_any;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// A phrase in one segment.
struct OpenPhrase<'a> {
    phrase: &'a Phrase,
    rarest: Cursor,
    /// Opened when it is first asked.
    scorer: Option<Box<dyn Scorer>>,
    /// No record before this one holds it but those already told.
    next: DocId,
}

impl OpenPhrase<'_> {
    /// What a record gets for it. Records must be asked for in their order.
    fn score(&mut self, doc: DocId, reader: &SegmentReader) -> tantivy::Result<Option<f32>> {
        if doc < self.next {
            return Ok(None);
        }
        let sought = match &mut self.scorer {
            Some(scorer) => scorer.seek_danger(doc),
            None => {
                let (sought, scorer) = self.phrase.asked.scorer_danger(reader, doc, self.phrase.boost)?;
                self.scorer = Some(scorer);
                sought
            }
        };
        self.next = match sought {
            SeekDangerResult::Found => doc + 1,
            SeekDangerResult::SeekLowerBound(next) => next,
        };
        Ok(self.scorer.as_mut().filter(|_| sought == SeekDangerResult::Found).map(Scorer::score))
    }
}

/// One segment of the index with what is asked of it.
struct Segment<'a> {
    reader: &'a SegmentReader,
    /// Those that no longer count.
    dead: &'a [DocId],
    norms: FieldNormReader,
    filters: Vec<Box<dyn Scorer>>,
    is_all: bool,
    words: Vec<(&'a Word, Cursor)>,
    phrases: Vec<OpenPhrase<'a>>,
}

impl<'a> Segment<'a> {
    fn open(reader: &'a SegmentReader, dead: &'a [DocId], asked: &'a Asked, all: Field) -> tantivy::Result<Self> {
        let inverted = reader.inverted_index(all)?;
        let filters = asked.filters.iter().map(|filter| filter.scorer(reader, 1.0));
        let mut segment = Segment {
            reader,
            dead,
            norms: reader.get_fieldnorms_reader(all)?,
            filters: filters.collect::<tantivy::Result<_>>()?,
            is_all: asked.terms == 0,
            words: Vec::new(),
            phrases: Vec::new(),
        };
        for word in &asked.words {
            if let Some(postings) = inverted.read_block_postings(&word.word, IndexRecordOption::WithFreqs)? {
                segment.words.push((word, Cursor { postings, at: 0 }));
            }
        }
        for phrase in &asked.phrases {
            let held = phrase.words.iter().map(|word| Ok(inverted.get_term_info(word)?));
            let held: Option<Vec<_>> = held.collect::<tantivy::Result<_>>()?;
            let Some(rarest) = held.into_iter().flatten().min_by_key(|word| word.doc_freq) else { continue };
            let postings = inverted.read_block_postings_from_terminfo(&rarest, IndexRecordOption::WithFreqs)?;
            segment.phrases.push(OpenPhrase { phrase, rarest: Cursor { postings, at: 0 }, scorer: None, next: 0 });
        }
        Ok(segment)
    }

    /// Finds and weighs the records of a window, as far as these can score more than `least`: the sums of others may be
    /// too low.
    fn weigh(&mut self, window: &mut Window, least: Option<f32>) -> tantivy::Result<()> {
        self.filter(window);
        if self.is_all {
            window.found = window.passing;
        }
        let end = window.end();
        for (word, cursor) in &mut self.words {
            let (start, found) = (window.start, &mut window.found);
            let Some(term) = window.terms.get_mut(word.term) else { continue };
            term.is_empty &= !cursor.each(end, |doc, count| {
                let at = (doc - start) as usize;
                raise(&mut term.scores, at, word.weight.score(self.norms.fieldnorm_id(doc), count));
                set(found, at);
            });
        }
        window.sum();
        self.stand_together(window, least)
    }

    fn filter(&mut self, window: &mut Window) {
        for filter in &mut self.filters {
            let mut passing = [0; WINDOW as usize / 64];
            let mut doc = filter.doc();
            while doc < window.end() {
                set(&mut passing, window.place(doc));
                doc = filter.advance();
            }
            window.passing.iter_mut().zip(passing).for_each(|(bits, passing)| *bits &= passing);
        }
        let (first, last) = (window.start, window.end());
        let (first, last) = (self.dead.partition_point(|d| *d < first), self.dead.partition_point(|d| *d < last));
        for doc in self.dead.get(first..last).unwrap_or_default() {
            clear(&mut window.passing, (doc - window.start) as usize);
        }
    }

    fn stand_together(&mut self, window: &mut Window, least: Option<f32>) -> tantivy::Result<()> {
        let end = window.end();
        for (nth, open) in self.phrases.iter_mut().enumerate() {
            let (start, pending) = (window.start, &mut window.pending);
            let Some(term) = window.terms.get_mut(open.phrase.term) else { continue };
            term.is_empty &= !open.rarest.each(end, |doc, count| {
                let most = open.phrase.most(self.norms.fieldnorm_id(doc), count);
                raise(&mut term.most, (doc - start) as usize, most);
                pending.push((nth, doc));
            });
        }
        let pending = std::mem::take(&mut window.pending);
        for (nth, doc) in pending.iter().copied() {
            let at = window.place(doc);
            let is_hopeless = || least.is_some_and(|least| window.sum_of(at, true) <= least);
            if !has(&window.passing, at) || has(&window.found, at) && is_hopeless() {
                continue;
            }
            let Some(open) = self.phrases.get_mut(nth) else { continue };
            if let Some(score) = open.score(doc, self.reader)? {
                window.terms.get_mut(open.phrase.term).into_iter().for_each(|term| raise(&mut term.scores, at, score));
                set(&mut window.found, at);
                let sum = window.sum_of(at, false);
                if let Some(known) = window.sums.get_mut(at) {
                    *known = sum;
                }
            }
        }
        // Its memory serves for the next one.
        window.pending = pending;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Defaults;
    use crate::query::{filter, parse, terms};
    use crate::source::{self, WalkOptions};
    use crate::store::{self, Job, Store};
    use std::path::Path;
    use tantivy::collector::{Count, TopDocs};
    use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, TermQuery};

    const WORDS: &[&str] = &[
        "bad", "gateway", "502", "out", "memory", "oom", "disk", "full", "space", "power", "outage", "data", "center",
        "proxy", "replica", "lag", "behind", "queue", "deploy", "expired",
    ];

    /// Texts of a few words each, the same every time.
    fn write(folder: &Path, numbers: std::ops::Range<u64>) {
        for n in numbers {
            let mut state = n;
            let mut random = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let count = 4 + random(30);
            let words: Vec<&str> = (0..count).map(|_| WORDS[random(WORDS.len() as u64) as usize]).collect();
            std::fs::write(folder.join(format!("{n}.txt")), format!("Report {n}\n\nThe {}.\n", words.join(" ")))
                .unwrap();
        }
    }

    fn ingest(store: &Path, folder: &Path) {
        let walk = source::walk(&[folder.to_owned()], &WalkOptions::default());
        let job = Job {
            inputs: walk.inputs,
            unreadable: Vec::new(),
            scope: vec![folder.to_string_lossy().into_owned()],
            defaults: &|_| Defaults::default(),
            keep_missing: false,
            rebuild: false,
        };
        store::ingest(store, job, &()).unwrap();
    }

    /// What the library's own query finds.
    fn of_the_library(
        filters: &[Box<dyn Query>],
        terms: &QueryTerms,
        lexicon: &Lexicon<'_>,
        tuning: &Tuning,
    ) -> Candidates {
        let words = |words: &[String]| -> Box<dyn Query> {
            let words: Vec<Term> = words.iter().map(|w| Term::from_field_text(lexicon.fields().all(), w)).collect();
            if let [word] = words.as_slice() {
                return Box::new(TermQuery::new(word.clone(), IndexRecordOption::WithFreqs));
            }
            let mut together = PhraseQuery::new(words);
            together.set_slop(1);
            Box::new(together)
        };
        let term = |term: &terms::QueryTerm| -> Box<dyn Query> {
            let weight = |s: &terms::Spelling| s.weight(tuning) * term.weight(tuning) / s.terms.len() as f32;
            let ways = term.spellings.iter().map(|s| Box::new(BoostQuery::new(words(&s.terms), weight(s))) as Box<_>);
            Box::new(DisjunctionMaxQuery::new(ways.collect()))
        };
        let asked = terms.terms.iter().map(term).chain(terms.phrases.iter().map(|p| words(p)));
        let asked = BooleanQuery::new(asked.map(|query| (Occur::Should, query)).collect());
        let filters = filters.iter().map(|f| Box::new(ConstScoreQuery::new(f.box_clone(), 0.0)) as Box<dyn Query>);
        let all = filters.chain([Box::new(asked) as Box<_>]).map(|query| (Occur::Must, query));
        let best = TopDocs::with_limit(CLOSELY).order_by_score();
        let found = lexicon.searcher().search_with_statistics_provider(
            &BooleanQuery::new(all.collect()),
            &(Count, best),
            lexicon,
        );
        let (total, best) = found.unwrap();
        Candidates { total, best: best.into_iter().map(|(_, address)| address).collect() }
    }

    #[test]
    fn what_is_found_is_what_the_library_finds() {
        let folder = tempfile::tempdir().unwrap();
        let (reports, path) = (folder.path().join("reports"), folder.path().join("store"));
        std::fs::create_dir(&reports).unwrap();
        write(&reports, 0..1_100);
        ingest(&path, &reports);
        // Some have changed and some are gone, so that several segments hold records that no longer count.
        write(&reports, 1_100..1_200);
        (0..1_200).step_by(9).for_each(|n| std::fs::remove_file(reports.join(format!("{n}.txt"))).unwrap());
        ingest(&path, &reports);
        let store = Store::open(&path).unwrap();
        let index = store.index().unwrap();
        let lexicon = Lexicon::new(index, &store.manifest().tallies.languages);
        let segments = u32::try_from(lexicon.searcher().segment_readers().len()).unwrap();
        let dead: Vec<usize> = (0..segments).map(|segment| lexicon.dead(segment).len()).collect();
        assert!(
            segments > 1 && dead.iter().any(|dead| *dead > 0),
            "{segments} {dead:?} {:?}",
            lexicon.searcher().num_docs()
        );
        let options = Options::default();
        let (mut together, mut hopeless) = (0, 0);
        for (text, phrases, kept) in [
            ("502 after deploy", vec![], ""),
            ("out of memory", vec![], ""),
            ("bad gateway at the proxy", vec!["data center".to_owned()], ""),
            ("power outage data center disk full", vec![], "memory"),
            ("expired", vec!["out of disk space".to_owned(), "power outage".to_owned()], ""),
            ("oom", vec!["replica lag behind".to_owned()], "queue -deploy"),
            ("replication delay 5xx server down", vec![], ""),
        ] {
            let terms = terms::read(text, &phrases, &lexicon, &options.tuning);
            let kept: Vec<_> = if kept.is_empty() { Vec::new() } else { vec![parse(kept).unwrap()] };
            let filters: Vec<_> = kept.iter().map(|f| filter::compile(f, index, &filter::analyzers(&store))).collect();
            let mut all = Vec::new();
            let found = find(&filters, &terms, &lexicon, &options, &mut |address| all.push(address)).unwrap();
            assert_eq!(found, of_the_library(&filters, &terms, &lexicon, &options.tuning), "{text}");
            assert_eq!(all.len(), found.total, "{text}");
            together += terms.terms.iter().flat_map(|t| &t.spellings).filter(|s| s.terms.len() > 1).count();
            hopeless += found.total.saturating_sub(CLOSELY);
        }
        assert!(together > 2 && hopeless > 500, "{together} {hopeless}");
    }
}
