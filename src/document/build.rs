//! Collects the blocks of a document: numbers tables, links blocks to their headings, keeps the limits.

use super::excerpt::Above;
use super::inline::{Inline, MAX_BLOCK_BYTES, MAX_CELLS};
use super::text::is_section;
use super::{Block, BlockKind, Document, Field};
use crate::domain::{Notice, Span};
use crate::source::Format;
use std::sync::Arc;

/// Blocks beyond this many are left out, with a notice.
pub(super) const MAX_BLOCKS: usize = 100_000;
/// Fields beyond this many are left out, with a notice.
const MAX_FIELDS: usize = 2_000;
/// A field's value is cut here.
const MAX_VALUE_BYTES: usize = 16 * 1024;
/// A paragraph that is strong as a whole and no longer than this is a heading in all but markup.
const MAX_PSEUDO_HEADING_BYTES: usize = 80;
/// Below every real heading.
pub(super) const PSEUDO_HEADING_LEVEL: u8 = 6;

/// A document in the making.
#[derive(Clone, Default)]
pub(super) struct Builder {
    blocks: Vec<Block>,
    fields: Vec<Field>,
    notices: Vec<Notice>,
    above: Above,
    tables: u32,
    /// No markup heads anything: a line that is nothing but the name of a part is a heading.
    is_plain: bool,
}

impl Builder {
    pub fn set_plain(&mut self, is_plain: bool) {
        self.is_plain = is_plain;
    }

    pub fn finish(self, format: Format, text: &Arc<str>, range: Span) -> Document {
        let Builder { blocks, fields, notices, .. } = self;
        Document { format, text: Arc::clone(text), range, blocks, fields, notices }
    }

    /// No more blocks are taken; parsers stop and the document says so.
    pub fn is_full(&mut self) -> bool {
        let is_full = self.blocks.len() >= MAX_BLOCKS;
        if is_full {
            self.notice_once("limit-blocks", format!("only the first {MAX_BLOCKS} blocks were read"));
        }
        is_full
    }

    pub fn next_table(&mut self) -> u32 {
        let table = self.tables;
        self.tables += 1;
        table
    }

    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    pub fn last_mut(&mut self) -> Option<&mut Block> {
        self.blocks.last_mut()
    }

    /// Adds a block, or nothing if there is nothing to read in it. Says whether it did.
    pub fn block(&mut self, kind: BlockKind, inline: Inline, span: Option<Span>) -> bool {
        self.note_cuts(&inline);
        self.push(inline.into_block(kind, span).map(with_checkbox))
    }

    pub fn row(&mut self, table: u32, header: bool, inline: Inline, span: Option<Span>) -> bool {
        self.note_cuts(&inline);
        self.push(inline.into_row(table, header, span))
    }

    pub fn heading(&mut self, level: u8, inline: Inline, span: Option<Span>) -> bool {
        self.block(BlockKind::Heading { level }, inline, span)
    }

    /// A paragraph, or a heading where an author wrote one as a strong line of its own.
    pub fn paragraph(&mut self, inline: Inline, span: Option<Span>) -> bool {
        self.note_cuts(&inline);
        let Some(block) = inline.into_block(BlockKind::Paragraph, span) else { return false };
        let mut titles = strong_lines(&block);
        if self.is_plain && titles.is_empty() {
            titles = part_lines(&block);
        }
        let items = if titles.is_empty() { dotted_lines(&block) } else { Vec::new() };
        let mut from = 0;
        for item in &items {
            self.push(block.part(from..item.start, BlockKind::Paragraph));
            let words = item.start + DOT.len_utf8()..item.end;
            self.push(block.part(words, BlockKind::Item { depth: 0, ordered: false, checked: None }));
            from = item.end;
        }
        if !items.is_empty() {
            self.push(block.part(from..block.text.len(), BlockKind::Paragraph));
            return true;
        }
        for title in &titles {
            self.push(block.part(from..title.start, BlockKind::Paragraph));
            self.push(block.part(title.clone(), BlockKind::Heading { level: PSEUDO_HEADING_LEVEL }));
            from = title.end;
        }
        if titles.is_empty() {
            return self.push(Some(block));
        }
        self.push(block.part(from..block.text.len(), BlockKind::Paragraph));
        true
    }

    fn push(&mut self, block: Option<Block>) -> bool {
        let Some(mut block) = block else { return false };
        if self.is_full() {
            return false;
        }
        self.above.link(&mut block, self.blocks.len());
        self.blocks.push(block);
        true
    }

    fn note_cuts(&mut self, inline: &Inline) {
        if inline.is_cut {
            let kib = MAX_BLOCK_BYTES / 1024;
            self.notice_once("limit-block", format!("blocks of more than {kib} KiB were cut"));
        }
        if inline.cells_cut {
            self.note_cut_cells();
        }
    }

    pub fn note_cut_cells(&mut self) {
        self.notice_once("limit-cells", format!("rows of more than {MAX_CELLS} cells were cut"));
    }

    /// Adds a named value. White space around it and empty ones are dropped.
    pub fn field(&mut self, key: &str, value: &str, span: Span) {
        let value = value.trim();
        let key = field_key(key);
        if key.is_empty() || value.is_empty() {
            return;
        }
        if self.fields.len() >= MAX_FIELDS {
            self.notice_once("limit-fields", format!("only the first {MAX_FIELDS} fields were read"));
            return;
        }
        let value = super::prefix(value, MAX_VALUE_BYTES).to_owned();
        self.fields.push(Field { key, value, span });
    }

    /// Begins with fields known from elsewhere: a feed's own.
    pub fn with_fields<'f>(fields: impl Iterator<Item = &'f Field>) -> Builder {
        Builder { fields: fields.cloned().collect(), ..Builder::default() }
    }

    pub fn into_fields(self) -> Vec<Field> {
        self.fields
    }

    pub fn notice_once(&mut self, code: &'static str, message: String) {
        if self.notices.iter().all(|n| n.code != code) {
            self.notices.push(Notice { code, message, evidence: Vec::new() });
        }
    }
}

/// `[x]` typed before an item's words, where the format has no check boxes of its own.
fn with_checkbox(block: Block) -> Block {
    let BlockKind::Item { depth, ordered, checked: None } = block.kind else { return block };
    let Some((length, checked)) = ticked(&block.text) else { return block };
    let kind = BlockKind::Item { depth, ordered, checked };
    block.part(length..block.text.len(), kind).unwrap_or(block)
}

/// A box at the beginning of a text: its length, and whether it is ticked. What people draw for work that goes on or
/// was given up is a box as well, and says neither.
pub(super) fn ticked(text: &str) -> Option<(usize, Option<bool>)> {
    let inner = text.strip_prefix('[')?;
    let mark = inner.chars().next()?;
    let rest = inner.get(mark.len_utf8()..)?.strip_prefix("] ")?;
    let checked = match mark {
        ' ' => Some(false),
        'x' | 'X' | '✓' | '✔' | '✅' => Some(true),
        '-' | '/' | '~' => None,
        _ => return None,
    };
    Some((text.len() - rest.len(), checked))
}

/// Lower case, with `_` for spaces and dashes; dots join nested keys.
fn field_key(key: &str) -> String {
    let is_joint = |c: char| c.is_whitespace() || c == '-' || c == '_' || c == ':' || c == '/';
    let words: Vec<_> = key.split(is_joint).filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

/// What a list is drawn with that was pasted from where it needed no markup.
const DOT: char = '•';

/// The lines that begin with a dot, each with the lines below it that go on.
fn dotted_lines(block: &Block) -> Vec<Span> {
    let begins = |at: usize| block.text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
    let starts: Vec<usize> = block.text.match_indices(DOT).map(|(at, _)| at).filter(|at| begins(*at)).collect();
    let ends = starts.iter().skip(1).copied().chain([block.text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Lines that are strong from end to end and read as headings.
fn strong_lines(block: &Block) -> Vec<Span> {
    let mut found = Vec::new();
    for span in &block.strong {
        let (before, after) = (block.text.get(..span.start), block.text.get(span.end..));
        let begins_line = before.is_some_and(|text| text.is_empty() || text.ends_with('\n'));
        let rest = after.unwrap_or("").trim_start_matches(':');
        let ends_line = rest.is_empty() || rest.starts_with('\n');
        if begins_line && ends_line && block.text.get(span.clone()).is_some_and(reads_as_heading) {
            found.push(span.start..block.text.len() - rest.len());
        }
    }
    found
}

/// Lines that are nothing but the name of a part of a report: "Root cause", "Timeline (all times in UTC)".
fn part_lines(block: &Block) -> Vec<Span> {
    let mut at = 0;
    let lines = block.text.split('\n').map(|line| {
        let start = at;
        at += line.len() + 1;
        (start..start + line.len(), line.trim())
    });
    let aside = |line: &str| {
        line.trim_end_matches(':').strip_suffix(')')?.split_once('(').map(|(name, _)| name.trim_end().len())
    };
    let is_named = |line: &str| {
        let name = line.get(..aside(line).unwrap_or(line.len())).unwrap_or(line);
        // "… for their\nactions:" goes on with a sentence.
        !line.starts_with(char::is_lowercase) && is_section(name)
    };
    lines.filter(|(_, line)| is_named(line)).map(|(range, _)| range).collect()
}

/// Whether a short line of its own reads as a heading rather than as a statement.
pub(super) fn reads_as_heading(text: &str) -> bool {
    text.len() <= MAX_PSEUDO_HEADING_BYTES
        && text.chars().any(char::is_alphabetic)
        && !text.contains('\n')
        && !text.contains(": ")
        && !text.ends_with(['.', ',', ';', '!'])
        && !has_clock(text)
}

/// Whether a time of day stands in the text.
pub(super) fn has_clock(text: &str) -> bool {
    let is_clock = |w: &[u8]| matches!(w, [a, b':' | b'h' | b'.', c] if a.is_ascii_digit() && c.is_ascii_digit());
    text.as_bytes().windows(3).any(is_clock)
}
