//! Decoded text → blocks with byte ranges. One parser a format; pure; never fails: any text gives a [`Document`],
//! perhaps an empty one, and notices.
//!
//! Knows nothing of incidents, times or rules, nor of files: it is handed text that is already decoded.

mod build;
mod excerpt;
mod front_matter;
mod html;
mod inline;
mod light;
mod markdown;
mod record;
mod text;

use crate::domain::{Notice, Span};
use crate::source::{Format, Frame, SourceText, body_format};
use build::Builder;
use inline::View;
use std::sync::Arc;

/// How much of one document is parsed. A longer one is a dump; its beginning must do.
const MAX_DOCUMENT_BYTES: usize = 8 * 1024 * 1024;

/// One text, cut into blocks.
#[derive(Debug, Clone)]
pub struct Document {
    pub format: Format,
    /// The decoded text of the whole file. Every [`Span`] is a byte range in it.
    pub text: Arc<str>,
    /// The part of `text` this document is: all of it, or one entry of a feed.
    pub range: Span,
    /// In document order.
    pub blocks: Vec<Block>,
    /// Named values outside the prose: front matter, HTML `<title>` and `<meta>`, scalar members of a JSON object.
    /// In document order; nested keys are joined with dots (`page.name`).
    pub fields: Vec<Field>,
    pub notices: Vec<Notice>,
}

/// A named value outside the prose. `key` is lower-case with `_` for spaces and dashes.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub key: String,
    pub value: String,
    /// Range of the value in the source.
    pub span: Span,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// 1 (document title) to 6.
    Heading {
        level: u8,
    },
    Paragraph,
    /// A list item's own text, without its nested items. `depth` 0 is the outermost list.
    Item {
        depth: u8,
        ordered: bool,
        checked: Option<bool>,
    },
    /// A table row. `table` numbers the tables of the document from 0; `cells` are ranges in `Block::text`, which
    /// holds the cells joined by `" | "`. Arrays of JSON objects become tables whose header names the members.
    Row {
        table: u32,
        header: bool,
        cells: Vec<Span>,
    },
    Quote,
    /// Verbatim text: fenced or indented code, `<pre>`.
    Code,
}

/// One block: clean text (no markup, entities decoded, soft line breaks kept as `\n`) and the way back to the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub kind: BlockKind,
    pub text: String,
    /// The whole block in the source.
    pub span: Span,
    /// Index of the heading block that governs this one (for a heading: its parent).
    pub heading: Option<usize>,
    /// Ranges of `text` that were emphasised strongly (`**…**`, `<strong>`, `<b>`).
    pub strong: Vec<Span>,
    /// Ranges of `text` that are links, with their targets.
    pub links: Vec<(Span, String)>,
    map: SourceMap,
}

impl Block {
    /// The source range of a range of `text`: from the first to the last byte that the words came from.
    /// Both ends lie on character boundaries of the source; a range that fell between runs is widened, never lost.
    pub fn source(&self, range: Span) -> Span {
        self.map.source(range, &self.span)
    }
}

/// The documents of one input, in order: one for each of its parts. What a feed says about all of its entries is among
/// the fields of each (`page.name`).
pub fn documents(input: &SourceText) -> impl Iterator<Item = Document> {
    let context = record::context_fields(input.format, &input.text, &input.context, None);
    let header = input.context.first().filter(|_| input.format == Format::Csv);
    let mut frames = input.frames.iter().peekable();
    // Frames around the entry that is next, the outermost first.
    let mut around: Vec<(&Frame, Vec<Field>)> = Vec::new();
    input.parts.iter().enumerate().map(move |(at, part)| {
        around.retain(|(frame, _)| frame.parts.contains(&at));
        while let Some(frame) = frames.next_if(|frame| frame.parts.start <= at) {
            let fields = record::context_fields(input.format, &input.text, &frame.members, frame.key.as_ref());
            around.push((frame, fields));
        }
        let told = around.iter().flat_map(|(_, fields)| fields).chain(&context);
        parse_with(Builder::with_fields(told), input.format, &input.text, part.clone(), header)
    })
}

/// Cuts one part of a decoded text into blocks. Never fails; what could not be understood is a notice.
pub fn parse(format: Format, text: &Arc<str>, range: Span) -> Document {
    parse_with(Builder::default(), format, text, range, None)
}

fn parse_with(mut builder: Builder, format: Format, text: &Arc<str>, range: Span, header: Option<&Span>) -> Document {
    let end = text.floor_char_boundary(range.end);
    let start = text.floor_char_boundary(range.start.min(end));
    let mut read = start..end;
    if read.len() > MAX_DOCUMENT_BYTES {
        read.end = text.floor_char_boundary(start + MAX_DOCUMENT_BYTES);
        let mib = MAX_DOCUMENT_BYTES / (1024 * 1024);
        builder.notice_once("limit-text", format!("only the first {mib} MiB of the document were read"));
    }
    let view = View::of(text, &read);
    match format {
        // Reading a file made text of it where it held none: Markdown of a docx, lines and pages of a PDF.
        Format::Markdown | Format::Docx => markdown::parse(&view, &mut builder),
        Format::Html => html::parse(&view, &mut builder),
        Format::Json | Format::Yaml | Format::Toml | Format::Feed | Format::Csv => {
            let header = header.map(|header| View::of(text, header));
            record::parse(format, &view, header.as_ref(), &mut builder);
        }
        Format::Rst => light::rst(&view, &mut builder),
        Format::Asciidoc => light::asciidoc(&view, &mut builder),
        Format::Mediawiki => light::mediawiki(&view, &mut builder),
        Format::Org => light::org(&view, &mut builder),
        Format::Jira => light::jira(&view, &mut builder),
        Format::Text | Format::Pdf => text::parse(&view, &mut builder),
        Format::Mail => mail(&view, &mut builder),
    }
    builder.finish(format, text, start..end)
}

/// What a mail's headers say, and its words in what they are written in.
fn mail(view: &View, builder: &mut Builder) {
    let start = front_matter::read(view, builder);
    let body = view.slice(start..view.text.len());
    match body_format(body.text) {
        Format::Html => html::parse_fragment(&body, builder),
        Format::Markdown => markdown::parse(&body, builder),
        _ => text::parse(&body, builder),
    }
}

/// The longest prefix of at most `limit` bytes that ends on a character boundary.
fn prefix(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

impl Document {
    /// The headings above a block, outermost first.
    pub fn headings(&self, block: usize) -> Vec<&Block> {
        let mut path = Vec::new();
        let mut next = self.blocks.get(block).and_then(|b| b.heading);
        while let Some(heading) = next.and_then(|i| self.blocks.get(i)) {
            path.push(heading);
            next = heading.heading;
        }
        path.reverse();
        path
    }
}

/// How clean text maps to the source: runs of equal length, in order, plus runs whose lengths differ (an entity).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceMap {
    runs: Vec<Run>,
}

#[derive(Debug, Clone, PartialEq)]
struct Run {
    text: Span,
    source: Span,
}

/// Builds a block's clean text and its map together.
#[derive(Debug, Default, Clone)]
pub struct BlockText {
    pub text: String,
    map: SourceMap,
}

impl BlockText {
    /// Appends words that stand in the source at `source`, verbatim (same bytes) or decoded (an entity, an escape).
    pub fn push(&mut self, words: &str, source: Span) {
        if words.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(words);
        let verbatim = words.len() == source.len();
        if let Some(last) = self.map.runs.last_mut() {
            let last_verbatim = last.text.len() == last.source.len();
            if verbatim && last_verbatim && last.text.end == start && last.source.end == source.start {
                last.text.end = self.text.len();
                last.source.end = source.end;
                return;
            }
        }
        self.map.runs.push(Run { text: start..self.text.len(), source });
    }

    /// Appends a separator that has no counterpart in the source.
    pub fn push_separator(&mut self, separator: &str) {
        self.text.push_str(separator);
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// From the first to the last word in the source, which may stand in another order there; `None` without any.
    pub fn source(&self) -> Option<Span> {
        let start = self.map.runs.iter().map(|run| run.source.start).min()?;
        let end = self.map.runs.iter().map(|run| run.source.end).max()?;
        Some(start..end)
    }

    /// The finished block.
    pub fn finish(self, kind: BlockKind, span: Span, heading: Option<usize>) -> Block {
        Block { kind, text: self.text, span, heading, strong: Vec::new(), links: Vec::new(), map: self.map }
    }
}

impl SourceMap {
    fn source(&self, range: Span, whole: &Span) -> Span {
        let first = self.runs.partition_point(|r| r.text.end <= range.start);
        let after = self.runs.partition_point(|r| r.text.start < range.end);
        let (Some(first), Some(last)) = (self.runs.get(first), after.checked_sub(1).and_then(|i| self.runs.get(i)))
        else {
            return whole.clone();
        };
        let start = first.source_of(range.start, false);
        let end = last.source_of(range.end, true);
        if start < end { start..end } else { whole.clone() }
    }
}

impl Run {
    fn source_of(&self, at: usize, is_end: bool) -> usize {
        if self.text.len() == self.source.len() {
            self.source.start + at.clamp(self.text.start, self.text.end) - self.text.start
        } else if is_end {
            self.source.end
        } else {
            self.source.start
        }
    }
}

#[cfg(test)]
mod properties;

#[cfg(any(test, fuzzing))]
pub mod sound;

pub use html::without_references;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    impl Document {
        /// Fields and blocks, a line each, for tests to compare and people to look at.
        pub(crate) fn outline(&self) -> String {
            use std::fmt::Write;
            let mut out = String::new();
            for field in &self.fields {
                let _ = writeln!(out, "@{} = {}", field.key, field.value);
            }
            for (i, block) in self.blocks.iter().enumerate() {
                let kind = match &block.kind {
                    BlockKind::Heading { level } => format!("h{level}"),
                    BlockKind::Paragraph => "p".to_owned(),
                    BlockKind::Item { depth, ordered, checked } => {
                        let mark = checked.map_or("", |done| if done { "[x]" } else { "[ ]" });
                        format!("{}{depth}{mark}", if *ordered { "ol" } else { "ul" })
                    }
                    BlockKind::Row { table, header, cells } => {
                        format!("{}{table}/{}", if *header { "th" } else { "tr" }, cells.len())
                    }
                    BlockKind::Quote => "quote".to_owned(),
                    BlockKind::Code => "code".to_owned(),
                };
                let depth = self.headings(i).len();
                let strong: Vec<_> = block.strong.iter().map(|s| &block.text[s.clone()]).collect();
                let _ = write!(out, "{}{kind} {:?}", "  ".repeat(depth), block.text);
                if !strong.is_empty() {
                    let _ = write!(out, " strong {strong:?}");
                }
                for (span, target) in &block.links {
                    let _ = write!(out, " link {:?} -> {target}", &block.text[span.clone()]);
                }
                out.push('\n');
            }
            for notice in &self.notices {
                let _ = writeln!(out, "! {}: {}", notice.code, notice.message);
            }
            out
        }
    }

    /// Compares the outline of a text.
    pub(crate) fn check(format: Format, text: &str, expected: &str) {
        let text: Arc<str> = Arc::from(text);
        let outline = parse(format, &text, 0..text.len()).outline();
        assert_eq!(outline.trim_end(), expected.trim(), "\n{text}\n--- gave\n{outline}");
    }
}
