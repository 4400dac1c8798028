//! The walk over a page's tags: what is open, what is skipped, and which block the text belongs to.

mod merged;
mod storage;

use super::super::BlockKind;
use super::super::build::Builder;
use super::super::inline::{Inline, View};
use super::tokens::{Token, Tokens, attribute};
use super::{furniture, without_references, words};
use crate::domain::Span;
use merged::Merged;
use storage::Storage;

/// Elements nested deeper than this count as their enclosing ones.
const MAX_OPEN: usize = 256;

/// A block whose class calls it a title is one up to this length.
const MAX_TITLE_BYTES: usize = 200;
/// Below a page's own `<h1>`.
const TITLE_LEVEL: u8 = 2;

/// What an open element means for the text in it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Frame {
    Heading(u8),
    List {
        ordered: bool,
    },
    Item {
        is_emitted: bool,
        checked: Option<bool>,
    },
    Table {
        table: u32,
        is_head: bool,
    },
    Row {
        table: u32,
        is_header: bool,
    },
    Cell,
    /// A list of terms; each term and its description is a row.
    Terms {
        table: u32,
    },
    Quote,
    Pre,
    Title,
}

const KINDS: usize = 10;

/// Frames to compare kinds with.
const LIST: Frame = Frame::List { ordered: false };
const ITEM: Frame = Frame::Item { is_emitted: false, checked: None };
const TABLE: Frame = Frame::Table { table: 0, is_head: false };
const ROW: Frame = Frame::Row { table: 0, is_header: false };

impl Frame {
    fn kind(self) -> usize {
        match self {
            Frame::Heading(_) => 0,
            Frame::List { .. } => 1,
            Frame::Item { .. } => 2,
            Frame::Table { .. } => 3,
            Frame::Row { .. } => 4,
            Frame::Cell => 5,
            Frame::Terms { .. } => 6,
            Frame::Quote => 7,
            Frame::Pre => 8,
            Frame::Title => 9,
        }
    }
}

/// A frame, and how strong the text around it was.
struct Open {
    frame: Frame,
    strong: usize,
}

/// An element that is passed over, and how many of its name are open inside.
struct Skip {
    name: String,
    depth: usize,
}

pub(super) struct Walker<'v, 'b> {
    view: &'v View<'v>,
    builder: &'b mut Builder,
    drops_furniture: bool,
    inline: Inline,
    stack: Vec<Open>,
    /// How many frames of each kind are open: a closing tag without its opening one must not search the stack.
    open: [usize; KINDS],
    strong: usize,
    skip: Option<Skip>,
    /// The block that begins is named a title by its class.
    is_title: bool,
    /// Depth of `<main>` and `<article>`, where a footer or an aside belongs to the text.
    contents: usize,
    storage: Storage,
    merged: Merged,
}

impl<'v, 'b> Walker<'v, 'b> {
    pub fn new(view: &'v View<'v>, builder: &'b mut Builder, drops_furniture: bool) -> Walker<'v, 'b> {
        Walker {
            view,
            builder,
            drops_furniture,
            inline: Inline::wrapped(),
            stack: Vec::new(),
            open: [0; KINDS],
            strong: 0,
            skip: None,
            is_title: false,
            contents: 0,
            storage: Storage::default(),
            merged: Merged::default(),
        }
    }

    /// Says whether everything that was passed over came to its end.
    pub fn run(mut self) -> bool {
        for token in Tokens::new(self.view.text) {
            if self.builder.is_full() {
                break;
            }
            match token {
                Token::Text(range) => self.text(range),
                Token::Open { name, attributes } => self.open_tag(&self.lower(name), &attributes),
                Token::Close { name } => self.close_tag(&self.lower(name)),
            }
        }
        while !self.stack.is_empty() {
            self.pop();
        }
        self.flush();
        self.skip.is_none()
    }

    fn lower(&self, name: Span) -> String {
        super::super::prefix(self.view.text.get(name).unwrap_or(""), 16).to_ascii_lowercase()
    }

    fn text(&mut self, range: Span) {
        if self.skip.is_none() && !self.takes_state(&range) {
            let is_verbatim = self.is_open(Frame::Pre);
            words(&mut self.inline, self.view, range, is_verbatim);
        }
    }

    fn open_tag(&mut self, name: &str, attributes: &Span) {
        if let Some(skip) = &mut self.skip {
            if skip.name == name && !furniture::is_void(name) {
                skip.depth += 1;
            }
            return;
        }
        if self.drops_furniture && (furniture::is_hidden(name) || self.is_furniture(name, attributes)) {
            self.boundary();
            self.skip = Some(Skip { name: name.to_owned(), depth: 0 });
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close(Frame::Heading(0));
                self.close(ROW);
                self.flush();
                self.push(Frame::Heading(name.as_bytes().get(1).map_or(6, |b| b - b'0')));
            }
            "ul" | "ol" | "menu" => self.container(Frame::List { ordered: name == "ol" }),
            "li" => {
                self.open_item();
                self.ticked_by_class(attributes);
            }
            "table" => {
                self.close(ROW);
                self.flush();
                let table = self.builder.next_table();
                self.push(Frame::Table { table, is_head: false });
            }
            "thead" | "tbody" | "tfoot" => self.section(name == "thead"),
            "tr" => self.open_row(),
            "td" | "th" => self.open_cell(name == "th", attributes),
            "dl" => {
                let table = self.builder.next_table();
                self.container(Frame::Terms { table });
            }
            "dt" | "dd" => self.open_term(name == "dt"),
            "blockquote" => self.container(Frame::Quote),
            "pre" if !self.is_open(Frame::Pre) => self.container(Frame::Pre),
            "title" if !self.is_open(Frame::Title) => {
                self.flush();
                self.push(Frame::Title);
            }
            "b" | "strong" => {
                self.strong += 1;
                self.inline.open_strong();
            }
            "a" => {
                if let Some((target, _)) = attribute(self.view.text, attributes, "href") {
                    self.inline.open_link(&without_references(target));
                }
            }
            "br" if self.is_open(Frame::Heading(0)) => self.inline.space(),
            "br" => self.inline.line_break(),
            "main" | "article" => {
                self.contents += 1;
                self.boundary();
            }
            _ => self.other_tag(name, attributes),
        }
    }

    /// Opens what holds blocks of its own; inside a table cell it is only a break.
    fn container(&mut self, frame: Frame) {
        self.boundary();
        if !self.is_open(Frame::Cell) {
            self.flush();
            self.push(frame);
        }
    }

    fn other_tag(&mut self, name: &str, attributes: &Span) {
        match name {
            "meta" => furniture::meta(self.view, attributes, self.builder),
            "input" => self.checkbox(attributes),
            "html" => self.field_of(attributes, "lang", "html_lang"),
            "time" => {
                self.field_of(attributes, "datetime", "time");
                self.bare_time(attributes);
            }
            _ if Walker::is_storage(name) => self.open_storage(name, attributes),
            _ if furniture::is_block(name) => {
                self.boundary();
                self.is_title = furniture::is_title(self.view.text, attributes);
            }
            _ => {}
        }
    }

    fn checkbox(&mut self, attributes: &Span) {
        let is_checkbox = attribute(self.view.text, attributes, "type").is_some_and(|(kind, _)| kind == "checkbox");
        if let Some(Open { frame: Frame::Item { is_emitted: false, checked }, .. }) = self.stack.last_mut()
            && is_checkbox
        {
            *checked = Some(attribute(self.view.text, attributes, "checked").is_some());
        }
    }

    fn field_of(&mut self, attributes: &Span, name: &str, key: &str) {
        if let Some((value, span)) = attribute(self.view.text, attributes, name) {
            self.builder.field(key, &without_references(value), self.view.source(&span));
        }
    }

    fn is_furniture(&self, name: &str, attributes: &Span) -> bool {
        furniture::is_furniture(self.view.text, name, attributes, self.contents > 0)
    }

    fn close_tag(&mut self, name: &str) {
        if let Some(skip) = &mut self.skip {
            if skip.name == name {
                match skip.depth.checked_sub(1) {
                    Some(depth) => skip.depth = depth,
                    None => self.skip = None,
                }
            }
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.close(Frame::Heading(0)),
            "ul" | "ol" | "menu" | "li" if self.is_open(Frame::Cell) => self.boundary(),
            "ul" | "ol" | "menu" => self.close(LIST),
            "li" => self.close(ITEM),
            "table" => self.close(TABLE),
            "thead" => self.section(false),
            "tr" => self.close(ROW),
            "td" | "th" => self.close(Frame::Cell),
            "dl" => self.close(Frame::Terms { table: 0 }),
            "blockquote" => self.close(Frame::Quote),
            "pre" => self.close(Frame::Pre),
            "title" => self.close(Frame::Title),
            "b" | "strong" if self.strong > 0 => {
                self.strong -= 1;
                self.inline.close_strong();
            }
            "a" => self.inline.close_link(),
            "main" | "article" => {
                self.contents = self.contents.saturating_sub(1);
                self.boundary();
            }
            _ if Walker::is_storage(name) => self.close_storage(name),
            _ if furniture::is_block(name) => {
                self.boundary();
                self.is_title = false;
            }
            _ => {}
        }
    }

    fn open_item(&mut self) {
        if self.is_open(Frame::Cell) {
            return self.boundary();
        }
        // A `<li>` ends the one before it in the same list.
        let inner = self.stack.iter().rev().find(|o| matches!(o.frame, Frame::Item { .. } | Frame::List { .. }));
        if inner.is_some_and(|o| matches!(o.frame, Frame::Item { .. })) {
            self.close(ITEM);
        }
        self.flush();
        self.push(ITEM);
    }

    fn section(&mut self, begins_head: bool) {
        self.close(ROW);
        let table = self.stack.iter_mut().rev().find(|o| matches!(o.frame, Frame::Table { .. }));
        if let Some(Open { frame: Frame::Table { is_head, .. }, .. }) = table {
            *is_head = begins_head;
        }
    }

    fn open_row(&mut self) {
        self.close(ROW);
        self.flush();
        let table = self.stack.iter().rev().find_map(|o| match o.frame {
            Frame::Table { table, is_head } => Some((table, is_head)),
            _ => None,
        });
        let (table, is_head) = table.unwrap_or_else(|| {
            let table = self.builder.next_table();
            self.push(Frame::Table { table, is_head: false });
            (table, false)
        });
        self.push(Frame::Row { table, is_header: is_head });
    }

    fn open_cell(&mut self, is_header_cell: bool, attributes: &Span) {
        if self.is_open(Frame::Cell) {
            self.close(Frame::Cell);
        }
        if !self.is_open(ROW) {
            self.open_row();
        }
        // What was opened between a row and its cells ends before them.
        while self.is_open(ROW) && !matches!(self.stack.last(), Some(Open { frame: Frame::Row { .. }, .. })) {
            self.pop();
        }
        let in_head = self.stack.iter().rev().find_map(|o| match o.frame {
            Frame::Table { is_head, .. } => Some(is_head),
            _ => None,
        });
        let is_first = !self.inline.has_cells();
        if let Some(Open { frame: Frame::Row { is_header, table }, .. }) = self.stack.last_mut() {
            // A header row is one in `<thead>`, or one of header cells only.
            *is_header = in_head == Some(true) || is_header_cell && (is_first || *is_header);
            while self.merged.takes(*table, self.inline.cells_count()) {
                self.inline.end_cell();
            }
            if let Some((rows, _)) = attribute(self.view.text, attributes, "rowspan") {
                self.merged.begin(*table, self.inline.cells_count(), rows);
            }
        }
        self.push(Frame::Cell);
    }

    fn open_term(&mut self, is_term: bool) {
        let table = self.stack.iter().rev().find_map(|o| match o.frame {
            Frame::Terms { table } => Some(table),
            _ => None,
        });
        let Some(table) = table else { return self.boundary() };
        self.close(Frame::Cell);
        if is_term || !self.is_open(ROW) {
            self.close(ROW);
            self.flush();
            self.push(Frame::Row { table, is_header: false });
        }
        self.push(Frame::Cell);
    }

    fn is_open(&self, frame: Frame) -> bool {
        self.open.get(frame.kind()).is_some_and(|count| *count > 0)
    }

    fn push(&mut self, frame: Frame) {
        if self.stack.len() >= MAX_OPEN {
            self.builder
                .notice_once("limit-depth", format!("elements nested deeper than {MAX_OPEN} were taken as one"));
            return;
        }
        if let Some(count) = self.open.get_mut(frame.kind()) {
            *count += 1;
        }
        self.stack.push(Open { frame, strong: self.strong });
    }

    /// Closes the innermost frame of this kind and all inside it; nothing if there is none.
    fn close(&mut self, frame: Frame) {
        if self.is_open(frame) {
            while self.pop().is_some_and(|closed| closed.kind() != frame.kind()) {}
        }
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.stack.last()?.frame;
        match frame {
            Frame::Cell => self.inline.end_cell(),
            Frame::Item { .. } | Frame::List { .. } | Frame::Quote | Frame::Table { .. } | Frame::Terms { .. } => {
                self.flush();
            }
            Frame::Heading(level) => {
                let inline = self.take();
                self.builder.heading(level, inline, None);
            }
            Frame::Row { table, is_header } => {
                let inline = self.take();
                self.builder.row(table, is_header, inline, None);
            }
            Frame::Pre => {
                let inline = self.take();
                self.builder.block(BlockKind::Code, inline, None);
            }
            Frame::Title => {
                let inline = self.take();
                if let Some(span) = inline.source() {
                    self.builder.field("html_title", inline.text(), span);
                }
            }
        }
        let closed = self.stack.pop()?;
        if let Some(count) = self.open.get_mut(frame.kind()) {
            *count = count.saturating_sub(1);
        }
        // A `<b>` that was never closed ends with the element it stands in.
        while self.strong > closed.strong {
            self.strong -= 1;
            self.inline.close_strong();
        }
        Some(frame)
    }

    fn take(&mut self) -> Inline {
        let mut fresh = Inline::wrapped();
        for _ in 0..self.strong {
            fresh.open_strong();
        }
        std::mem::replace(&mut self.inline, fresh)
    }

    /// A block begins or ends here.
    fn boundary(&mut self) {
        let innermost = self.stack.iter().rev().map(|o| o.frame).find(|f| !matches!(f, Frame::List { .. }));
        match innermost {
            Some(Frame::Cell | Frame::Item { is_emitted: false, .. } | Frame::Pre) => self.inline.line_break(),
            Some(Frame::Heading(_) | Frame::Title) => self.inline.space(),
            _ => self.flush(),
        }
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let inline = self.take();
        let depth = self.open.get(LIST.kind()).copied().unwrap_or(0).saturating_sub(1);
        let ordered = self.stack.iter().rev().find_map(|o| match o.frame {
            Frame::List { ordered } => Some(ordered),
            _ => None,
        });
        let is_in_quote = self.is_open(Frame::Quote);
        match self.stack.iter_mut().rev().find(|o| matches!(o.frame, Frame::Item { .. } | Frame::Cell)) {
            Some(Open { frame: Frame::Item { is_emitted, checked }, .. }) if !*is_emitted => {
                let depth = u8::try_from(depth).unwrap_or(u8::MAX);
                let kind = BlockKind::Item { depth, ordered: ordered.unwrap_or(false), checked: *checked };
                *is_emitted = self.builder.block(kind, inline, None);
            }
            _ if is_in_quote => {
                self.builder.block(BlockKind::Quote, inline, None);
            }
            None if self.is_title && inline.text().len() <= MAX_TITLE_BYTES => {
                self.builder.heading(TITLE_LEVEL, inline, None);
            }
            _ => {
                self.builder.paragraph(inline, None);
            }
        }
    }
}
