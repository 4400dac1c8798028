//! The full-text index of a generation: what is in it and how it is read. It is derived from the records, and made anew
//! whenever it does not say that it was built from exactly these.

use super::analysis::{Analyzer, Sought, Token, TokenKind, Tokens};
use super::cards::Card;
use super::error::{self, StoreError};
use super::frozen::Frozen;
use super::keywords::{day_number, keyword_terms};
use super::manifest::Manifest;
use super::order::Order;
use super::stream::{Met, TOKENIZER, Words, Written};
use crate::record::{FIELDS, FilterField, Passage, Place, Record, Value};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};
use tantivy::directory::MmapDirectory;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TantivyDocument, TextFieldIndexing,
    TextOptions,
};
use tantivy::{DocId, DocSet, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader, Term};

pub(super) const INDEX: &str = "index";
pub(super) const SEAL: &str = "index.json";

/// Positions left empty between two passages.
const PASSAGE_GAP: usize = 10;

/// Filter fields whose whole values stand in a column too, to count and to compare them.
const COLUMNS: &[&str] = &["org", "provider", "at-fault", "trigger", "component"];

/// What of a record is indexed: all of it, and again the parts that tell more than the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextField {
    /// All of it, in document order.
    All,
    Title,
    /// Organisation, providers, services, regions.
    Names,
    Symptom,
    Cause,
}

impl TextField {
    pub const ALL: &'static [TextField] =
        &[TextField::All, TextField::Title, TextField::Names, TextField::Symptom, TextField::Cause];

    pub fn name(self) -> &'static str {
        match self {
            TextField::All => "all",
            TextField::Title => "title",
            TextField::Names => "names",
            TextField::Symptom => "symptom",
            TextField::Cause => "cause",
        }
    }
}

/// An open index.
pub struct SearchIndex {
    pub reader: IndexReader,
    pub fields: &'static IndexFields,
    /// None where numbers are ranks.
    order: Option<Order>,
    only_part: u64,
    words: BTreeMap<Field, u64>,
    /// By segment, once they have been asked for, the records that no longer count.
    dead: OnceLock<Vec<Vec<DocId>>>,
}

impl SearchIndex {
    /// How many records stand before this one in the order of their paths, by its number.
    pub fn rank(&self, number: u64) -> u64 {
        self.order.as_ref().map_or(Some(number), |order| order.rank(number)).unwrap_or(u64::MAX)
    }

    /// Part and row of a record, by its number.
    pub(super) fn place(&self, number: u64) -> Option<(u64, u64)> {
        self.order.as_ref().map_or(Some((self.only_part, number)), |order| order.place(number))
    }

    /// How many records hold a term. What the library tells includes records that no longer count.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn frequency(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
        let mut count = 0;
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let inverted = segment.inverted_index(term.field())?;
            let Some(info) = inverted.get_term_info(term)? else { continue };
            count += u64::from(info.doc_freq);
            let dead = self.dead(searcher, ordinal);
            if !dead.is_empty() {
                let mut postings = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                count -=
                    dead.iter().filter(|doc| postings.doc() <= **doc && postings.seek(**doc) == **doc).count() as u64;
            }
        }
        Ok(count)
    }

    /// The records of a segment that no longer count, in its order.
    pub fn dead(&self, searcher: &Searcher, segment: u32) -> &[DocId] {
        let of = |segment: &SegmentReader| match segment.alive_bitset() {
            None => Vec::new(),
            Some(alive) => {
                let mut dead = Vec::new();
                let mut next = 0;
                for doc in alive.iter_alive().chain([segment.max_doc()]) {
                    dead.extend(next..doc);
                    next = doc + 1;
                }
                dead
            }
        };
        let dead = self.dead.get_or_init(|| searcher.segment_readers().iter().map(of).collect());
        dead.get(segment as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The least and the most that [`Self::frequency`] can be, told by the dictionary of terms alone; none as soon as
    /// the least is too many.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn frequency_bounds(
        &self,
        searcher: &Searcher,
        term: &Term,
        is_too_many: &dyn Fn(u64) -> bool,
    ) -> tantivy::Result<Option<RangeInclusive<u64>>> {
        let (mut least, mut most) = (0, 0);
        let mut segments: Vec<_> = searcher.segment_readers().iter().collect();
        segments.sort_unstable_by_key(|segment| Reverse(segment.max_doc()));
        for segment in segments {
            let count = segment.inverted_index(term.field())?.doc_freq(term)?;
            least += u64::from(count.saturating_sub(segment.num_deleted_docs()));
            most += u64::from(count);
            if is_too_many(least) {
                return Ok(None);
            }
        }
        Ok(Some(least..=most))
    }

    /// Words of a text field, over all records that count.
    pub fn words(&self, field: Field) -> Option<u64> {
        self.words.get(&field).copied()
    }
}

/// Where everything is in the index.
#[derive(Debug, Clone)]
pub struct IndexFields {
    pub id: Field,
    /// The record's number, which no other record has or had; [`SearchIndex::rank`] tells its place.
    pub row: Field,
    /// A number that the incidents of one document share.
    pub document: Field,
    /// Does it report an incident?
    pub incident: Field,
    pub card: Field,
    /// Every word as it stands, for spelling.
    pub word: Field,
    texts: Vec<(TextField, Field)>,
    keywords: BTreeMap<&'static str, Field>,
    numbers: BTreeMap<&'static str, Field>,
    columns: BTreeMap<&'static str, Field>,
}

impl IndexFields {
    pub fn texts(&self) -> &[(TextField, Field)] {
        &self.texts
    }

    /// The field that holds every word of a record.
    pub fn all(&self) -> Field {
        // `schema` puts it there.
        self.texts.iter().find(|(field, _)| *field == TextField::All).map_or(self.word, |(_, index)| *index)
    }

    /// Where the words of a filter field's values are.
    pub fn keyword(&self, field: &FilterField) -> Option<Field> {
        self.keywords.get(field.on).copied()
    }

    /// The column of a filter field's whole values: `org`, `provider`, `at-fault`, `trigger`, `component`.
    pub fn column(name: &str) -> String {
        format!("value.{name}")
    }

    /// Where the numbers of a filter field are: levels, minutes, days since the common era.
    pub fn number(&self, field: &FilterField) -> Option<Field> {
        self.numbers.get(field.on).copied()
    }
}

/// What every index looks like.
pub(super) fn schema() -> &'static (Schema, IndexFields) {
    static SCHEMA: LazyLock<(Schema, IndexFields)> = LazyLock::new(make_schema);
    &SCHEMA
}

fn make_schema() -> (Schema, IndexFields) {
    let mut builder = Schema::builder();
    let text = |index: IndexRecordOption| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(index).set_fieldnorms(true),
        )
    };
    let id = builder.add_text_field("id", STRING | FAST);
    let number = || NumericOptions::default().set_indexed().set_fast();
    let row = builder.add_u64_field("row", number());
    let document = builder.add_u64_field("document", FAST);
    let incident = builder.add_bool_field("incident", FAST);
    let card = builder.add_text_field("card", STORED);
    // What is filtered by or looked up is not ranked by its length.
    let plain = |tokenizer| {
        let options = TextFieldIndexing::default().set_tokenizer(tokenizer).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(options.set_index_option(IndexRecordOption::Basic))
    };
    let word = builder.add_text_field("word", plain(TOKENIZER));
    let texts = TextField::ALL.iter().map(|field| {
        // Phrases are looked for in all of it.
        let record = match field {
            TextField::All => IndexRecordOption::WithFreqsAndPositions,
            _ => IndexRecordOption::WithFreqs,
        };
        (*field, builder.add_text_field(&format!("text.{}", field.name()), text(record)))
    });
    let texts = texts.collect();
    let mut keywords = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for field in FIELDS.iter().filter(|f| f.on == f.name) {
        keywords.insert(field.name, builder.add_text_field(&format!("field.{}", field.name), plain("raw")));
        numbers.insert(field.name, builder.add_i64_field(&format!("number.{}", field.name), number()));
    }
    let column = |name: &&'static str| {
        let options = TextOptions::default().set_fast("raw");
        (*name, builder.add_text_field(&IndexFields::column(name), options))
    };
    let columns = COLUMNS.iter().map(column).collect();
    let fields = IndexFields { id, row, document, incident, card, word, texts, keywords, numbers, columns };
    (builder.build(), fields)
}

/// Written when an index is complete, beside it: what it was built from, and its files with their sizes. The library
/// trusts its files; a truncated one must not reach it.
#[derive(Serialize, Deserialize)]
pub(super) struct Seal {
    pub stamp: String,
    pub files: BTreeMap<String, u64>,
}

pub(super) fn sizes(path: &Path) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut sizes = BTreeMap::new();
    for entry in fs::read_dir(path).map_err(error::io("list", path))? {
        let entry = entry.map_err(error::io("list", path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Locks come and go.
        if !name.ends_with(".lock") {
            sizes.insert(name, entry.metadata().map_err(error::io("read", path))?.len());
        }
    }
    Ok(sizes)
}

pub(super) fn is_sealed(folder: &Path, manifest: &Manifest) -> bool {
    let seal = fs::read_to_string(folder.join(SEAL)).ok().and_then(|text| serde_json::from_str::<Seal>(&text).ok());
    let sizes = sizes(&folder.join(INDEX)).ok();
    seal.is_some_and(|seal| seal.stamp == manifest.index_stamp() && Some(seal.files) == sizes)
}

/// Opens the index of a generation; none when it is missing, damaged, or was built from something else. `order` is
/// asked for where the numbers of records don't tell their order.
pub(super) fn open(
    folder: &Path,
    manifest: &Manifest,
    order: &dyn Fn() -> Result<Order, StoreError>,
) -> Result<Option<SearchIndex>, StoreError> {
    if !is_sealed(folder, manifest) {
        return Ok(None);
    }
    let Some(reader) = reader(folder, manifest) else { return Ok(None) };
    let fields = &schema().1;
    let order = if manifest.is_plain { None } else { Some(order()?) };
    let only_part = manifest.parts.first().map_or(0, |p| p.number);
    let words = fields.texts.iter().map(|(text, field)| {
        let words = manifest.tallies.words.get(text.name()).copied().unwrap_or(0);
        (*field, u64::try_from(words).unwrap_or(u64::MAX))
    });
    Ok(Some(SearchIndex { reader, fields, order, only_part, words: words.collect(), dead: OnceLock::new() }))
}

fn reader(folder: &Path, manifest: &Manifest) -> Option<IndexReader> {
    let directory = MmapDirectory::open(folder.join(INDEX)).ok()?;
    let index = Index::open(Frozen(directory)).ok()?;
    if index.load_metas().ok()?.payload.as_deref() != Some(manifest.index_stamp().as_str()) {
        return None;
    }
    if index.schema() != schema().0 {
        return None;
    }
    let reader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(1).try_into().ok()?;
    let expected = u64::try_from(manifest.records()).unwrap_or(u64::MAX);
    (IndexReader::searcher(&reader).num_docs() == expected).then_some(reader)
}

pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(INDEX)
}

/// All that is indexed of a record but its id and number.
pub(super) struct Indexed {
    pub document: TantivyDocument,
    /// Not yet in the document.
    pub texts: Texts,
}

/// The words of a record as they are indexed, whatever id it goes by.
pub(super) struct Texts {
    /// By field, none of an empty one.
    tokens: Vec<(TextField, Written)>,
    /// The words that it can be mistyped as.
    pub words: Words,
}

impl Texts {
    /// How many words each text field got.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.tokens.iter().map(|(field, written)| (field.name().to_owned(), written.count)).collect()
    }

    /// Each field's, as its tokenizer takes them.
    pub fn add_to(&self, document: &mut TantivyDocument) {
        for (text, field) in &schema().1.texts {
            if let Some((_, written)) = self.tokens.iter().find(|(own, _)| own == text) {
                document.add_text(*field, &written.text);
            }
        }
    }
}

pub(super) fn document(record: &Record, texts: Texts) -> Indexed {
    let fields = &schema().1;
    let mut document = TantivyDocument::new();
    document.add_u64(fields.document, document_number(&record.source.path));
    document.add_bool(fields.incident, record.kind == "incident");
    document.add_text(fields.card, serde_json::to_string(&Card::of(record)).unwrap_or_default());
    for field in FIELDS {
        let values = (field.values)(record);
        if let Some(column) = fields.columns.get(field.name) {
            let texts = values.iter().filter_map(|v| if let Value::Text(text) = v { Some(text) } else { None });
            texts.for_each(|text| document.add_text(*column, text));
        }
        let mut terms = BTreeSet::new();
        for value in values {
            match (value, fields.number(field)) {
                (Value::Text(text), _) => terms.extend(keyword_terms(&text)),
                (Value::Integer(n), Some(number)) => document.add_i64(number, n),
                (Value::Date(date), Some(number)) => document.add_i64(number, day_number(date)),
                _ => {}
            }
        }
        if let Some(keyword) = fields.keyword(field) {
            terms.iter().for_each(|term| document.add_text(keyword, term));
        }
    }
    Indexed { document, texts }
}

fn document_number(path: &str) -> u64 {
    let hash = blake3::hash(path.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What a record is found by: its own values first, then the words of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searchable {
    pub title: String,
    pub names: Vec<String>,
    pub lang: Option<String>,
    pub passages: Vec<Passage>,
}

/// What search shows of a record.
pub(super) fn searchable(record: &Record, mut passages: Vec<Passage>) -> Searchable {
    // The document does not hold the words that a person put in the place of its own.
    let corrected = |field: &str| record.corrections.iter().any(|c| c.field == field);
    let told = [
        ("root-cause", Place::Cause, record.causes.summary.as_ref()),
        ("impact", Place::Symptom, record.impact.as_ref()),
    ];
    for (_, place, value) in told.into_iter().filter(|(field, ..)| corrected(field)) {
        let text = value.map(|v| v.value.clone());
        passages.extend(text.map(|text| Passage { place, section: "corrected".to_owned(), text }));
    }
    let title = record.title.as_ref().map(|t| t.value.clone()).unwrap_or_else(|| file_words(&record.source.path));
    let org = record.org.iter().map(|o| o.value.clone());
    let providers = record.providers.iter().map(|p| p.name.clone());
    let places = record.services.iter().chain(&record.regions).map(|f| f.value.clone());
    let names = org.chain(providers).chain(places).collect::<BTreeSet<_>>().into_iter().collect();
    Searchable { title, names, lang: record.source.lang.clone(), passages }
}

/// The file's name without its ending, as words.
fn file_words(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.replace(['-', '_'], " ")
}

thread_local! {
    /// What was made of words, and memory for the tokens of a text and for the words of a record.
    static KNOWN: RefCell<(Sought<'static>, Tokens, Met)> =
        RefCell::new((Sought::new(&|_| true), Tokens::default(), Met::default()));
}

/// The words of a record by field. Its passages tell of all that it holds; `lang` is that of its document.
pub(super) fn texts(searchable: &Searchable, lang: Option<&str>) -> Texts {
    let analyzer = Analyzer::new(lang);
    let bytes = searchable.passages.iter().map(|passage| passage.text.len()).sum();
    let mut words = Words::for_text(bytes);
    let room = |field: &TextField| Written::for_text(if *field == TextField::All { bytes } else { 0 });
    let mut tokens: Vec<(TextField, Written)> = TextField::ALL.iter().map(|field| (*field, room(field))).collect();
    KNOWN.with_borrow_mut(|(sought, cut, met)| {
        met.clear();
        let mut add = |text: &str, field: Option<TextField>| {
            analyzer.read_all(text, sought, cut);
            // `NodeBalancer` is a word too, and mistyped as one.
            let found = cut.found().iter().filter(|t| t.kind == TokenKind::Word);
            found.for_each(|token| words.add(&token.surface, met));
            let is_wanted = |of: TextField| of == TextField::All || Some(of) == field;
            tokens.iter_mut().filter(|(of, _)| is_wanted(*of)).for_each(|(_, written)| append(written, cut.found()));
        };
        add(&searchable.title, Some(TextField::Title));
        searchable.names.iter().for_each(|name| add(name, Some(TextField::Names)));
        for (i, passage) in searchable.passages.iter().enumerate() {
            let field = match passage.place {
                Place::Symptom => Some(TextField::Symptom),
                Place::Cause => Some(TextField::Cause),
                Place::Timeline | Place::Fix | Place::Body => None,
            };
            // The document's own heading repeats the title.
            if i > 0 || passage.text != searchable.title {
                add(&passage.text, field);
            }
        }
    });
    tokens.retain(|(_, written)| written.count > 0);
    Texts { tokens, words }
}

/// Appends a text's tokens with a gap, so that no phrase runs from one passage into the next.
fn append(written: &mut Written, found: &[Token]) {
    let offset = if written.count == 0 { 0 } else { written.position + PASSAGE_GAP };
    found.iter().for_each(|token| written.push(&token.text, offset + token.position));
}
