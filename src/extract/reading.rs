//! A document as rules see it: blocks with the section each stands in, labelled values, sentences.
//!
//! Made once a document, so that no rule parses anything again. Rules read words through it and never see the file,
//! the clock, or each other's candidates.

use super::Defaults;
use super::language::{LANGUAGE_SAMPLE_BYTES, language};
use super::rules::Memo;
use super::section::{Section, sections};
use super::sentences::sentence_ranges;
use super::timeline::{Timeline, timeline};
use super::timing::Timing;
use super::vocabulary::ProviderVocabulary;
use crate::document::{Block, BlockKind, Document};
use crate::domain::{Evidence, Span};
use crate::text::{Marks, Regex, Told, spaced, told};
use std::ops::Range;
use std::sync::LazyLock;

/// One incident's part of a document, prepared for rules.
pub struct Reading<'a> {
    pub document: &'a Document,
    /// Where the input lies below what the user named, `/`-separated: a last source of dates, titles and names.
    pub path: &'a str,
    pub defaults: &'a Defaults,
    /// The blocks of this incident: all of them, unless the document holds several incidents.
    pub blocks: Range<usize>,
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
    /// Prepares the given blocks of a document.
    pub fn new(document: &'a Document, path: &'a str, defaults: &'a Defaults, blocks: Range<usize>) -> Self {
        let sections = sections(document);
        let mut labels = Vec::new();
        for field in &document.fields {
            labels.push(Label {
                key: fold_key(&field.key),
                value: field.value.clone(),
                form: LabelForm::Field,
                place: None,
                evidence: field.span.clone(),
            });
        }
        let mut sentences = Vec::new();
        let mut words = String::new();
        for i in blocks.clone() {
            let Some(block) = document.blocks.get(i) else { continue };
            find_labels(document, i, block, &mut labels);
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

    /// The last part of the path without its extensions.
    pub fn file_stem(&self) -> &'a str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// A key longer than this is a sentence with a colon in it.
const KEY_BYTES_MAX: usize = 60;
const KEY_WORDS_MAX: usize = 7;

/// A heading labels the block below it only when that block is short.
const HEADED_VALUE_BYTES_MAX: usize = 400;

/// Lower case, single spaces, `_` and `-` as spaces, no punctuation at the ends. What trackers say of a column that a
/// team added (`Custom field (Root cause)`) is left out.
pub fn fold_key(key: &str) -> String {
    let parted = key.to_lowercase().replace(['_', '-'], " ");
    let added = parted.strip_prefix("custom field (").and_then(|name| name.strip_suffix(')'));
    let name = added.unwrap_or(&parted);
    let trimmed = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '?' && c != ')');
    spaced(trimmed)
}

fn find_labels(document: &Document, index: usize, block: &Block, labels: &mut Vec<Label>) {
    match &block.kind {
        BlockKind::Heading { .. } => {
            let Some(next) = document.blocks.get(index + 1) else { return };
            let below = next.heading == Some(index) && next.text.len() <= HEADED_VALUE_BYTES_MAX;
            if below && !matches!(next.kind, BlockKind::Heading { .. } | BlockKind::Code) {
                push_label(labels, LabelForm::Heading, &block.text, index + 1, next, 0..next.text.len());
            }
        }
        BlockKind::Row { header: false, cells, table } => {
            if let Some(keys) = lone_header(document, index, *table) {
                let values = cells.iter().cloned();
                keys.into_iter().zip(values).for_each(|(k, v)| push_label(labels, LabelForm::Row, k, index, block, v));
            }
            if let [key, value, ..] = cells.as_slice()
                && let Some(words) = block.text.get(key.clone())
                && is_key(words)
                && cells.len() <= 3
            {
                push_label(labels, LabelForm::Row, words, index, block, value.clone());
            }
        }
        BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote => line_labels(index, block, labels),
        BlockKind::Row { .. } | BlockKind::Code => {}
    }
}

/// The column heads of a table that has one row: they label its cells.
fn lone_header(document: &Document, index: usize, table: u32) -> Option<Vec<&str>> {
    let row_of = |i: usize| match document.blocks.get(i).map(|b| (b, &b.kind)) {
        Some((block, BlockKind::Row { table: t, header, cells })) if *t == table => Some((block, *header, cells)),
        _ => None,
    };
    let (block, true, cells) = row_of(index.checked_sub(1)?)? else { return None };
    let keys = || cells.iter().filter_map(|c| block.text.get(c.clone()));
    (row_of(index + 1).is_none() && keys().all(|k| k.trim().is_empty() || is_key(k))).then(|| keys().collect())
}

/// A key at the beginning of a line, or a capitalised key after the end of another value on the same line. What stands
/// in brackets behind it explains it.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xm)
        (?: ^[\s>*•·–-]* | (?P<inner>[\ \t.;,)]) )
        (?P<key> \p{L}[\p{L}\p{N}'’/()_\-\#]* (?:\ [\p{L}\p{N}\(\#&/][\p{L}\p{N}'’/()_\-\#&]*){0,6} \??)
        (?: \ \( [^()\n:]{1,120} \) )?
        (?: \s?:(?P<after>[\s*_]|$) | ： )",
    )
    .expect("a valid regex")
});

fn line_labels(index: usize, block: &Block, labels: &mut Vec<Label>) {
    let text = block.text.as_str();
    // A key inside a line counts only when the line begins with one: the run-together fields of a summary line.
    let mut keys: Vec<(Span, usize)> = Vec::new();
    let mut at = 0;
    // Where the line begins that `at` stands in.
    let mut line = 0;
    // A key and its colon stand in one line, or the colon begins the next.
    while let Some((colon, after)) = next_colon(text, at) {
        let from = at + line_before(text.get(at..colon).unwrap_or(""));
        line = line_start(text, line, at..from);
        // Of lines that begin with no key nothing counts.
        let goes_on = keys.last().is_some_and(|(key, _)| key.start >= line);
        let found = if goes_on {
            KEY.captures_at(text, from)
        } else if from == line {
            KEY.captures_here(text, from)
        } else {
            None
        };
        let Some(found) = found else {
            line = line_start(text, line, from..after);
            at = after;
            continue;
        };
        let (Some(whole), Some(key)) = (found.get(0), found.name("key")) else { break };
        at = whole.end();
        let inner = found.name("inner").is_some();
        let own_line = line_start(text, line, from..whole.start());
        line = line_start(text, own_line, whole.range());
        let mut words = key.range();
        if inner {
            let same_line = keys.last().is_some_and(|(k, _)| k.start >= own_line);
            if !same_line {
                continue;
            }
            // "High, the nodes were down Severity: High": the key is the last capitalised run.
            words.start = last_capitalised(text, &words);
        }
        // "Subject: Report: search was down": what stands right behind a key is its value.
        let is_value = inner && keys.last().is_some_and(|(_, value)| words.start <= *value + 1);
        if !is_value && text.get(words.clone()).is_some_and(is_key) {
            keys.push((words, whole.end()));
        }
    }
    for (i, (key, value_start)) in keys.iter().enumerate() {
        let next = keys.get(i + 1).map_or(text.len(), |(next, _)| next.start);
        let end = value_end(text, key.start, *value_start).min(next).max(*value_start);
        // An item or paragraph that is one labelled value may be hard-wrapped: it goes on to the end.
        let end = if keys.len() == 1 && matches!(block.kind, BlockKind::Item { .. }) { text.len() } else { end };
        if let Some(words) = text.get(key.clone()) {
            push_label(labels, LabelForm::Line, words, index, block, *value_start..end);
        }
    }
}

const COLON: Marks<1> = Marks { near: [(b':', b':')], far: true };

/// The next colon that may end a key, and where one behind it may begin.
fn next_colon(text: &str, from: usize) -> Option<(usize, usize)> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    let rest = text.get(from..)?;
    COLON.places(rest).find_map(|at| {
        let colon = rest.get(at..)?.chars().next().filter(|c| matches!(c, ':' | '：'))?;
        let end = at + colon.len_utf8();
        let next = rest.get(end..).and_then(|rest| rest.chars().next()).filter(|_| colon == ':');
        next.is_none_or(ends).then(|| (from + at, from + end + next.map_or(0, char::len_utf8)))
    })
}

/// Where the line begins that a text ends with, or the line before if that is nothing but space.
fn line_before(text: &str) -> usize {
    text.trim_end().rfind('\n').map_or(0, |line| line + 1)
}

/// Where the line begins that the end of a range stands in, `line` being that of its start.
fn line_start(text: &str, line: usize, range: Span) -> usize {
    let within = text.get(range.clone()).and_then(|words| words.rfind('\n'));
    within.map_or(line, |at| range.start + at + 1)
}

/// A line at least this long that stops where the next word would not have fitted was wrapped by an editor.
pub(super) const WRAPPED_LINE_CHARS: std::ops::RangeInclusive<usize> = 56..=130;

/// Where a value that begins at `start` ends: with its line, or with the last of the lines that it was wrapped into. A
/// line that begins with a bullet or a digit is no continuation, and a paragraph of long lines that end sentences was
/// not wrapped.
fn value_end(text: &str, line: usize, start: usize) -> usize {
    let line_end = |from: usize| text.get(from..).and_then(|t| t.find('\n')).map_or(text.len(), |n| from + n);
    let mut begin = text.get(..line).map_or(0, |t| t.rfind('\n').map_or(0, |n| n + 1));
    let mut end = line_end(start);
    while end < text.len() {
        let own = text.get(begin..end).unwrap_or("").trim_end();
        let next = text.get(end + 1..line_end(end + 1)).unwrap_or("").trim_start();
        let full = WRAPPED_LINE_CHARS.contains(&own.chars().count());
        let goes_on = next.chars().next().is_some_and(char::is_alphabetic) && !own.ends_with(['.', '!', '?', '|']);
        if !full || !goes_on {
            break;
        }
        begin = end + 1;
        end = line_end(begin);
    }
    end
}

/// Start of the last run of words within `words` that begins with a capital letter.
fn last_capitalised(text: &str, words: &Span) -> usize {
    let Some(key) = text.get(words.clone()) else { return words.start };
    let mut start = words.start;
    let mut previous_capital = false;
    for (offset, word) in key.split(' ').scan(0, |at, word| {
        let offset = *at;
        *at += word.len() + 1;
        Some((offset, word))
    }) {
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if capital && !previous_capital {
            start = words.start + offset;
        }
        previous_capital = capital;
    }
    start
}

fn is_key(words: &str) -> bool {
    let words = words.trim();
    !words.is_empty()
        && words.len() <= KEY_BYTES_MAX
        && words.split_whitespace().count() <= KEY_WORDS_MAX
        && words.chars().any(char::is_alphabetic)
}

fn push_label(labels: &mut Vec<Label>, form: LabelForm, key: &str, index: usize, block: &Block, value: Span) {
    let Some(words) = block.text.get(value.clone()) else { return };
    let skip = words.len() - words.trim_start_matches(|c: char| c.is_whitespace() || c == '*').len();
    let words = words.trim_matches(|c: char| c.is_whitespace() || c == '*');
    let key = fold_key(key);
    if key.is_empty() || words.is_empty() {
        return;
    }
    let range = value.start + skip..value.start + skip + words.len();
    let evidence = block.source(range.clone());
    labels.push(Label { key, value: words.to_owned(), form, place: Some((index, range)), evidence });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_value_goes_on() {
        let label = |text: &str| {
            let source: std::sync::Arc<str> = text.into();
            let document = crate::document::parse(crate::source::Format::Text, &source, 0..text.len());
            let defaults = Defaults::default();
            let reading = Reading::new(&document, "a.txt", &defaults, 0..document.blocks.len());
            reading.labels.iter().map(|l| l.value.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        };
        let wrapped = "Impact: nobody could pay with a card, and those who tried to were told\nthat their bank had refused.\nSeverity: 2\n";
        let whole = "nobody could pay with a card, and those who tried to were told that their bank had refused.";
        assert_eq!(label(wrapped), [whole, "2"]);
        assert_eq!(label("Impact: high\nnobody could pay\n"), ["high"]);
    }
}
