//! A document as rules see it: blocks with the section each stands in, labelled values, sentences.
//!
//! Made once a document, so that no rule parses anything again. Rules read words through it and never see the file,
//! the clock, or each other's candidates.

use super::Defaults;
use super::labels::{find_labels, fold_key};
use super::language::{LANGUAGE_SAMPLE_BYTES, language};
use super::rules::Memo;
use super::section::{Section, sections};
use super::sentences::sentence_ranges;
use super::split::Part;
use super::timeline::{Timeline, timeline};
use super::timing::Timing;
use super::vocabulary::{ProviderVocabulary, is_blank};
use crate::document::{Block, BlockKind, Document};
use crate::domain::{Evidence, Span};
use crate::text::{Told, told};
use std::ops::Range;

/// One incident's part of a document, prepared for rules.
pub struct Reading<'a> {
    pub document: &'a Document,
    /// Where the input lies below what the user named, `/`-separated: a last source of dates, titles and names.
    pub path: &'a str,
    pub defaults: &'a Defaults,
    /// The blocks of this incident: all of them, unless the document holds several incidents.
    pub blocks: Range<usize>,
    /// It is one of several that a document holds.
    pub is_part: bool,
    /// Section of each block of the document (index as in `document.blocks`).
    pub sections: Vec<Section>,
    /// `Key: value` pairs, in document order, front matter and other fields first.
    pub labels: Vec<Label>,
    /// Sentences of paragraphs, items, rows and quotes, in document order.
    pub sentences: Vec<Sentence>,
    /// ISO 639-1 code.
    pub lang: Option<&'static str>,
    /// Every written time, completed from its surroundings.
    pub timing: Timing,
    /// The dated entries of the report, or the clock-timed statements of its prose.
    pub timeline: Timeline,
    /// What several rules ask for, found once.
    pub memo: Memo,
}

/// Where a label was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelForm {
    /// Front matter, a member of a JSON object, an HTML meta element.
    Field,
    /// `Key: value` at the beginning of a line or list item, or run together with other such pairs.
    Line,
    /// A table row of a key cell and a value cell.
    Row,
    /// A heading and the short block below it.
    Heading,
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Lower case, single spaces, without punctuation at the ends.
    pub key: String,
    pub value: String,
    pub form: LabelForm,
    /// The block and the range of the value in its text; `None` for a field.
    pub place: Option<(usize, Span)>,
    /// Range of the value in the source.
    pub evidence: Span,
}

/// A sentence: a range of a block's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    pub block: usize,
    pub range: Span,
    /// Which lists of words may have one in it.
    pub told: Told,
}

impl<'a> Reading<'a> {
    /// Prepares a document that is about one incident, if any.
    pub fn new(document: &'a Document, path: &'a str, defaults: &'a Defaults) -> Self {
        Self::of(document, path, defaults, 0..document.blocks.len(), false)
    }

    /// Prepares one of several incidents, whose document [`super::split`] made.
    pub fn of_part(part: &'a Part, path: &'a str, defaults: &'a Defaults) -> Self {
        let reading = Self::of(&part.document, path, defaults, part.blocks.clone(), true);
        reading.memo.know_title(part.title.clone(), part.evidence.clone());
        reading
    }

    fn of(document: &'a Document, path: &'a str, defaults: &'a Defaults, blocks: Range<usize>, is_part: bool) -> Self {
        let sections = sections(document, blocks.start);
        let mut labels = Vec::new();
        for field in document.fields.iter().filter(|field| !is_blank(&field.value)) {
            labels.push(Label {
                key: fold_key(&field.key),
                value: field.value.clone(),
                form: LabelForm::Field,
                place: None,
                evidence: field.span.clone(),
            });
        }
        let mut sentences = Vec::new();
        let mut headed = None;
        let mut words = String::new();
        for i in blocks.clone() {
            let Some(block) = document.blocks.get(i) else { continue };
            find_labels(document, i, block, &mut headed, &mut labels);
            if !matches!(block.kind, BlockKind::Code | BlockKind::Heading { .. }) {
                let told_of = |range: &Span| told(block.text.get(range.clone()).unwrap_or(""));
                let cut = sentence_ranges(&block.text);
                sentences.extend(cut.map(|range| Sentence { block: i, told: told_of(&range), range }));
            }
            if words.len() < LANGUAGE_SAMPLE_BYTES && !matches!(block.kind, BlockKind::Code) {
                words.push_str(&block.text);
                words.push('\n');
            }
        }
        let lang = language(&words);
        let mut reading = Reading {
            document,
            path,
            defaults,
            blocks,
            is_part,
            sections,
            labels,
            sentences,
            lang,
            timing: Timing::default(),
            timeline: Timeline::default(),
            memo: Memo::default(),
        };
        reading.timing = Timing::new(&reading);
        reading.timeline = timeline(&reading, &reading.timing);
        reading
    }

    /// The third parties that reports name, with those of the configuration.
    pub fn providers(&self) -> &'a ProviderVocabulary {
        self.defaults.taxonomy.providers()
    }

    /// The incident's blocks with their indices.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, &'a Block)> + '_ {
        self.blocks.clone().filter_map(|i| self.document.blocks.get(i).map(|b| (i, b)))
    }

    /// The section a block stands in.
    pub fn section(&self, block: usize) -> Section {
        self.sections.get(block).copied().unwrap_or(Section::Other)
    }

    /// The block's text; empty for an index out of range.
    pub fn text(&self, block: usize) -> &'a str {
        self.document.blocks.get(block).map_or("", |b| b.text.as_str())
    }

    /// The words of a sentence.
    pub fn words(&self, sentence: &Sentence) -> &'a str {
        self.text(sentence.block).get(sentence.range.clone()).unwrap_or("")
    }

    /// Evidence for a range of a block's text.
    pub fn evidence(&self, block: usize, range: Span) -> Evidence {
        self.document.blocks.get(block).map(|b| b.source(range)).into_iter().collect()
    }

    /// Labels whose key is one of the given (folded) keys.
    pub fn labelled<'r>(&'r self, keys: &'r [&str]) -> impl Iterator<Item = &'r Label> + 'r {
        self.labels.iter().filter(move |l| keys.contains(&l.key.as_str()))
    }

    /// What the file is called.
    pub fn file_stem(&self) -> &'a str {
        stem(self.path)
    }
}

/// The last part of a path without its endings, of which it may have two or three (`.html.md.erb`). A full stop within
/// a name (`v1.2.3-release.md`, `2024.06.01.txt`) begins none.
fn stem(path: &str) -> &str {
    let mut stem = path.rsplit('/').next().unwrap_or(path);
    while let Some((name, ending)) = stem.rsplit_once('.')
        && (1..=ENDING_BYTES_MAX).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_alphabetic())
    {
        stem = name;
    }
    stem
}

/// As long as `mediawiki`.
const ENDING_BYTES_MAX: usize = 9;

/// A line at least this long that stops where the next word would not have fitted was wrapped by an editor.
pub(super) const WRAPPED_LINE_CHARS: std::ops::RangeInclusive<usize> = 56..=130;

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_name_ends_before_its_endings() {
        for (path, expected) in [
            ("a/b/disk-full.html.md.erb", "disk-full"),
            ("disk.full/notes", "notes"),
            ("v0.0.23-release.md", "v0.0.23-release"),
            ("2024.06.01.txt", "2024.06.01"),
            ("shop.example-down.mediawiki", "shop.example-down"),
            (".md", ""),
            ("", ""),
        ] {
            assert_eq!(stem(path), expected, "{path}");
        }
    }
}
