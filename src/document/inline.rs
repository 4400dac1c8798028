//! Assembles the clean text of one block: collapses white space, drops what no reader sees, remembers where words
//! came from and which were strong or links.

use super::{Block, BlockKind, BlockText, SourceMap};
use crate::domain::Span;

/// A block longer than this is cut, with a notice. No paragraph is that long; a log in one line is.
pub(super) const MAX_BLOCK_BYTES: usize = 256 * 1024;
/// A row of more cells than this is cut, with a notice.
pub(super) const MAX_CELLS: usize = 512;
/// Links beyond this many in one block stay text.
pub(super) const MAX_LINKS: usize = 10_000;

/// What a parser reads: a piece of the source itself, or a string that was decoded from one (a JSON value).
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub text: &'a str,
    base: usize,
    decoded: Option<&'a SourceMap>,
}

impl<'a> View<'a> {
    /// A range of the source, read as it stands.
    pub fn of(source: &'a str, range: &Span) -> View<'a> {
        View { text: source.get(range.clone()).unwrap_or(""), base: range.start, decoded: None }
    }

    /// Text that was decoded from the source.
    pub fn decoded(text: &'a BlockText) -> View<'a> {
        View { text: &text.text, base: 0, decoded: Some(&text.map) }
    }

    /// A part of the view.
    pub fn slice(self, range: Span) -> View<'a> {
        let text = self.text.get(range.clone()).unwrap_or("");
        View { text, base: self.base + range.start, decoded: self.decoded }
    }

    /// Other words of the same length: a copy in which markup was blanked out.
    pub fn with_text(self, text: &'a str) -> View<'a> {
        debug_assert_eq!(text.len(), self.text.len());
        View { text, ..self }
    }

    /// Where a range of `text` stands in the source.
    pub fn source(&self, range: &Span) -> Span {
        let range = self.base + range.start..self.base + range.end;
        let Some(map) = self.decoded else { return range };
        let whole = map.runs.first().map_or(0, |r| r.source.start)..map.runs.last().map_or(0, |r| r.source.end);
        map.source(range, &whole)
    }

    /// Cuts a range into pieces that each stand verbatim in the source, or were decoded from one place.
    fn pieces(&self, range: &Span, mut each: impl FnMut(&str, Span)) {
        let Some(map) = self.decoded else {
            each(self.text.get(range.clone()).unwrap_or(""), self.source(range));
            return;
        };
        let wanted = self.base + range.start..self.base + range.end;
        let first = map.runs.partition_point(|r| r.text.end <= wanted.start);
        for run in map.runs.iter().skip(first).take_while(|r| r.text.start < wanted.end) {
            let piece = run.text.start.max(wanted.start)..run.text.end.min(wanted.end);
            let source = run.source_of(piece.start, false)..run.source_of(piece.end, true);
            each(self.text.get(piece.start - self.base..piece.end - self.base).unwrap_or(""), source);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    Nothing,
    Space,
    Newline,
}

/// The text of a block in the making.
pub(super) struct Inline {
    text: BlockText,
    pending: Pending,
    /// Where the text, or the current cell, begins: no white space is put there.
    floor: usize,
    /// Whether a line break of the source is one of the text.
    keeps_lines: bool,
    strong: Vec<Span>,
    strong_depth: usize,
    strong_from: Option<usize>,
    links: Vec<(Span, String)>,
    open_link: Option<(Option<usize>, String)>,
    cells: Vec<Span>,
    pub is_cut: bool,
    pub cells_cut: bool,
}

/// Characters that mark a place or a direction but are nothing to read.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\0'..='\x08' | '\x0E'..='\x1F' | '\x7F')
}

impl Inline {
    pub fn new() -> Inline {
        Inline {
            text: BlockText::default(),
            pending: Pending::Nothing,
            floor: 0,
            keeps_lines: true,
            strong: Vec::new(),
            strong_depth: 0,
            strong_from: None,
            links: Vec::new(),
            open_link: None,
            cells: Vec::new(),
            is_cut: false,
            cells_cut: false,
        }
    }

    /// For text whose line breaks only wrap: headings, table cells, HTML.
    pub fn wrapped() -> Inline {
        Inline { keeps_lines: false, ..Inline::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn text(&self) -> &str {
        &self.text.text
    }

    pub fn has_cells(&self) -> bool {
        !self.cells.is_empty()
    }

    /// How many cells have ended.
    pub fn cells_count(&self) -> usize {
        self.cells.len()
    }

    /// Nothing was read since the last cell ended.
    pub fn is_at_cell_start(&self) -> bool {
        self.text.text.len() == self.floor
    }

    /// From the first to the last word in the source. Cells that are drawn beside each other stand in it line by line,
    /// so the order of the words is not always that of their places.
    pub fn source(&self) -> Option<Span> {
        self.text.source()
    }

    /// Appends words that stand in the view, white space collapsed.
    pub fn words(&mut self, view: &View, range: Span) {
        let text = view.text.get(range.clone()).unwrap_or("");
        let mut run = None;
        let mut at = 0;
        loop {
            // Nearly all of a text is neither white space nor beyond ASCII.
            let rest = text.get(at..).unwrap_or("");
            let seen = rest.bytes().position(|b| !b.is_ascii_graphic()).unwrap_or(rest.len());
            if seen > 0 {
                run.get_or_insert(at);
            }
            let i = at + seen;
            let mut chars = text.get(i..).unwrap_or("").chars();
            let Some(c) = chars.next() else { break };
            at = i + c.len_utf8();
            if c.is_whitespace() {
                let is_plain = c == ' ' || c == '\n' && self.keeps_lines;
                let is_between = chars.next().is_some_and(|next| !next.is_whitespace() && !is_invisible(next));
                if run.is_some() && is_plain && is_between {
                    continue;
                }
                if let Some(start) = run.take() {
                    self.run(view, range.start + start..range.start + i);
                }
                self.white(c);
            } else if is_invisible(c) {
                if let Some(start) = run.take() {
                    self.run(view, range.start + start..range.start + i);
                }
            } else if run.is_none() {
                run = Some(i);
            }
        }
        if let Some(start) = run {
            self.run(view, range.start + start..range.end);
        }
    }

    /// Appends words that were decoded from one place in the source: an entity, an escape.
    pub fn decoded(&mut self, words: &str, source: &Span) {
        for (i, c) in words.char_indices() {
            if c.is_whitespace() {
                self.white(c);
            } else if !is_invisible(c) {
                let word = words.get(i..i + c.len_utf8()).unwrap_or("");
                self.put(word, source.clone());
            }
        }
    }

    /// Appends words with their white space as it stands, for verbatim blocks; blank lines
    /// at their beginning are left out.
    pub fn verbatim(&mut self, view: &View, range: Span) {
        let written = view.text.get(range.clone()).unwrap_or("");
        let blank = if self.is_empty() { written.len() - written.trim_start_matches(['\n', '\r']).len() } else { 0 };
        self.run(view, range.start + blank..range.end);
    }

    fn white(&mut self, c: char) {
        if c == '\n' && self.keeps_lines {
            self.line_break();
        } else {
            self.space();
        }
    }

    pub fn space(&mut self) {
        self.pending = self.pending.max(Pending::Space);
    }

    /// Puts words between two others that are none of the source.
    pub fn separate(&mut self, separator: &str) {
        self.pending = Pending::Nothing;
        self.text.push_separator(separator);
    }

    pub fn line_break(&mut self) {
        self.pending = Pending::Newline;
    }

    fn run(&mut self, view: &View, range: Span) {
        view.pieces(&range, |words, source| self.put(words, source));
    }

    fn put(&mut self, words: &str, source: Span) {
        let room = MAX_BLOCK_BYTES.saturating_sub(self.text.text.len());
        let words = if words.len() > room {
            self.is_cut = true;
            super::prefix(words, room)
        } else {
            words
        };
        if words.is_empty() {
            return;
        }
        if self.text.text.len() > self.floor {
            match self.pending {
                Pending::Nothing => {}
                Pending::Space => self.text.push_separator(" "),
                Pending::Newline => self.text.push_separator("\n"),
            }
        }
        self.pending = Pending::Nothing;
        let start = self.text.text.len();
        if self.strong_depth > 0 {
            self.strong_from.get_or_insert(start);
        }
        if let Some((from, _)) = &mut self.open_link {
            from.get_or_insert(start);
        }
        let verbatim_end = source.start + words.len();
        let source = if self.is_cut && verbatim_end < source.end { source.start..verbatim_end } else { source };
        self.text.push(words, source);
    }

    pub fn open_strong(&mut self) {
        self.strong_depth += 1;
    }

    pub fn close_strong(&mut self) {
        self.strong_depth = self.strong_depth.saturating_sub(1);
        if self.strong_depth == 0 {
            self.end_strong();
        }
    }

    fn end_strong(&mut self) {
        if let Some(start) = self.strong_from.take() {
            let span = start..self.text.text.len();
            match self.strong.last_mut() {
                // Two strong words in a row were one to the eye.
                Some(last)
                    if self
                        .text
                        .text
                        .get(last.end..start)
                        .is_some_and(|gap| gap.trim().is_empty() && !gap.contains('\n')) =>
                {
                    last.end = span.end;
                }
                _ => self.strong.push(span),
            }
        }
    }

    pub fn open_link(&mut self, target: &str) {
        self.close_link();
        self.open_link = Some((None, target.to_owned()));
    }

    pub fn close_link(&mut self) {
        let Some((Some(start), target)) = self.open_link.take() else { return };
        if self.text.text.get(start..).is_some_and(|words| matches!(words.trim(), "¶" | "#" | "§")) {
            // The permanent link of a heading, shown on hovering.
            self.truncate(start);
        } else if self.links.len() < MAX_LINKS {
            self.links.push((start..self.text.text.len(), target));
        }
    }

    fn truncate(&mut self, length: usize) {
        let length = self.text.text.get(..length).map_or(0, |kept| kept.trim_end().len());
        self.text.text.truncate(length);
        let clip = |span: &mut Span| {
            span.end = span.end.min(length);
            span.start < span.end
        };
        self.strong.retain_mut(clip);
        self.links.retain_mut(|(span, _)| clip(span));
        let runs = &mut self.text.map.runs;
        while let Some(last) = runs.last_mut().filter(|run| run.text.end > length) {
            if last.text.start >= length {
                runs.pop();
                continue;
            }
            let is_verbatim = last.text.len() == last.source.len();
            last.text.end = length;
            if is_verbatim {
                last.source.end = last.source.start + last.text.len();
            }
        }
    }

    /// Ends a table cell.
    pub fn end_cell(&mut self) {
        self.pending = Pending::Nothing;
        self.close_link();
        self.end_strong();
        if self.cells.len() >= MAX_CELLS {
            self.cells_cut = true;
            return;
        }
        self.cells.push(self.floor..self.text.text.len());
        self.text.push_separator(" | ");
        self.floor = self.text.text.len();
    }

    /// The separator after the last cell is none.
    fn trim_separator(&mut self) {
        if let Some(last) = self.cells.last()
            && self.floor == self.text.text.len()
        {
            self.text.text.truncate(last.end);
        }
    }

    /// The finished row; `None` if all of its cells are empty.
    pub fn into_row(mut self, table: u32, header: bool, span: Option<Span>) -> Option<Block> {
        if !self.is_at_cell_start() {
            self.end_cell();
        }
        self.trim_separator();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().all(Span::is_empty) {
            return None;
        }
        self.into_block(BlockKind::Row { table, header, cells }, span)
    }

    /// The finished block, without its heading; `None` if there is nothing to read in it.
    pub fn into_block(mut self, kind: BlockKind, span: Option<Span>) -> Option<Block> {
        self.close_link();
        self.end_strong();
        if kind == BlockKind::Code {
            self.truncate(self.text.text.len());
        }
        let span = span.or_else(|| self.source())?;
        // Bars and dashes without a word are what is left of a table of images.
        if self.text.text.chars().all(|c| c.is_whitespace() || matches!(c, '|' | '-')) {
            return None;
        }
        let mut block = self.text.finish(kind, span, None);
        block.strong = self.strong;
        block.links = self.links;
        Some(block)
    }
}
