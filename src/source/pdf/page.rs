//! Follows what a page paints and writes its words, lines apart where they stand apart.

use super::MAX_STREAM_BYTES;
use super::fonts::{Font, prepared};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

/// Operations of a whole file; a page of a book has a few thousand.
const MAX_OPERATIONS: usize = 4_000_000;
/// Characters of a whole file.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;
/// Pictures within pictures.
const MAX_FORMS: usize = 8;
/// What painting one costs besides its operations.
const FORM_COST: usize = 2_000;
/// States that were saved and not yet restored.
const MAX_STATES: usize = 512;

/// Lines this many times their size apart have a blank line between them.
const PARAGRAPH_GAP: f32 = 1.65;
/// Words this part of their size apart have a space between them, and columns several.
const WORD_GAP: f32 = 0.17;
const COLUMN_GAP: f32 = 1.8;
/// A cell that begins this many lines at most above the end of the one to its left stands in the same row.
const ROW_LINES: f32 = 12.0;
/// The part of a page's height, at its top and bottom, in which only printers write: page numbers, addresses, dates.
const MARGIN: f32 = 0.035;
/// Trees of pages are less deep.
const MAX_PARENTS: usize = 32;
/// A line whose letters are larger by this is set apart: a title.
const TITLE_GROWTH: f32 = 1.12;

/// What is left to be spent on a file.
pub(super) struct Budget {
    operations: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { operations: MAX_OPERATIONS, text: MAX_TEXT_BYTES }
    }
}

impl Budget {
    pub fn is_spent(&self) -> bool {
        self.operations == 0 || self.text == 0
    }
}

/// a b c d e f, as PDF writes it.
type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(m: Matrix, n: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = m;
    let [g, h, i, j, k, l] = n;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<usize>,
    size: f32,
    leading: f32,
    letter_gap: f32,
    word_gap: f32,
}

pub(super) struct Painter<'d, 'b> {
    document: &'d Document,
    budget: &'b mut Budget,
    out: String,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    /// Where the last words stood: their base line, their end, their size.
    last: Option<(f32, f32, f32)>,
    forms: usize,
    /// Bottom and top of what is read of a page.
    body: (f32, f32),
    pub is_trimmed: bool,
}

/// The fonts that a page or a form names.
struct Fonts<'a> {
    names: BTreeMap<Vec<u8>, usize>,
    fonts: Vec<Font<'a>>,
}

impl<'d, 'b> Painter<'d, 'b> {
    pub fn new(document: &'d Document, budget: &'b mut Budget) -> Self {
        let state = State { page: IDENTITY, font: None, size: 1.0, leading: 0.0, letter_gap: 0.0, word_gap: 0.0 };
        let out = String::new();
        Painter {
            document,
            budget,
            out,
            state,
            saved: Vec::new(),
            text: IDENTITY,
            line: IDENTITY,
            last: None,
            forms: 0,
            body: (f32::MIN, f32::MAX),
            is_trimmed: false,
        }
    }

    pub fn into_text(self) -> String {
        self.out
    }

    pub fn paint_page(&mut self, page: ObjectId, content: &[u8]) {
        let named = self.document.get_page_fonts(page).unwrap_or_default();
        let dictionaries: Vec<(Vec<u8>, Dictionary)> = named.into_iter().map(|(n, f)| (n, prepared(f))).collect();
        let mut resources = Vec::new();
        if let Ok((own, inherited)) = self.document.get_page_resources(page) {
            resources.extend(own);
            resources.extend(inherited.iter().filter_map(|id| self.document.get_dictionary(*id).ok()));
        }
        if let Some((bottom, top)) = self.height(page) {
            let margin = (top - bottom) * MARGIN;
            self.body = (bottom + margin, top - margin);
        }
        self.paint(content, &dictionaries, &resources);
    }

    /// Bottom and top of a page, which it may have from the tree that it hangs in.
    fn height(&self, page: ObjectId) -> Option<(f32, f32)> {
        let mut node = self.document.get_dictionary(page).ok()?;
        for _ in 0..MAX_PARENTS {
            if let Ok(area) = node.get_deref(b"MediaBox", self.document).and_then(Object::as_array) {
                let edge = |nth: usize| area.get(nth).and_then(|e| e.as_float().ok());
                return edge(1).zip(edge(3)).filter(|(bottom, top)| bottom < top);
            }
            node = node.get_deref(b"Parent", self.document).and_then(Object::as_dict).ok()?;
        }
        None
    }

    fn paint(&mut self, content: &[u8], dictionaries: &[(Vec<u8>, Dictionary)], resources: &[&Dictionary]) {
        let document = self.document;
        let fonts = Fonts {
            names: dictionaries.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect(),
            fonts: dictionaries.iter().map(|(_, font)| Font::new(document, font)).collect(),
        };
        for operation in Content::decode_iter(content) {
            let Ok(operation) = operation else { break };
            if self.budget.is_spent() {
                return;
            }
            self.budget.operations -= 1;
            self.apply(&operation, &fonts, resources);
        }
    }

    fn apply(&mut self, operation: &Operation, fonts: &Fonts, resources: &[&Dictionary]) {
        let number = |nth: usize| operation.operands.get(nth).and_then(|o| o.as_float().ok()).unwrap_or(0.0);
        let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_STATES => self.saved.push(self.state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => self.state.page = times(matrix(), self.state.page),
            "BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
            "Tf" => {
                let name = operation.operands.first().and_then(|o| o.as_name().ok());
                self.state.font = name.and_then(|name| fonts.names.get(name).copied());
                self.state.size = number(1);
            }
            "TL" => self.state.leading = number(0),
            "Tc" => self.state.letter_gap = number(0),
            "Tw" => self.state.word_gap = number(0),
            "Tm" => (self.text, self.line) = (matrix(), matrix()),
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.state.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tj" => self.show_operand(operation.operands.first(), fonts),
            "'" | "\"" => {
                self.next_line(0.0, -self.state.leading);
                self.show_operand(operation.operands.last(), fonts);
            }
            "TJ" => {
                for item in operation.operands.first().and_then(|o| o.as_array().ok()).into_iter().flatten() {
                    match item.as_float() {
                        Ok(back) => self.advance(-back / 1000.0 * self.state.size),
                        Err(_) => self.show_operand(Some(item), fonts),
                    }
                }
            }
            "Do" => self.form(operation, resources),
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn advance(&mut self, by: f32) {
        self.text = times([1.0, 0.0, 0.0, 1.0, by, 0.0], self.text);
    }

    fn show_operand(&mut self, operand: Option<&Object>, fonts: &Fonts) {
        let Some(bytes) = operand.and_then(|o| o.as_str().ok()) else { return };
        let Some(font) = self.state.font.and_then(|index| fonts.fonts.get(index)) else { return };
        let (width, glyphs, spaces) = font.advance(bytes);
        let gaps = glyphs as f32 * self.state.letter_gap + spaces as f32 * self.state.word_gap;
        let before = times(self.text, self.state.page);
        self.advance(width * self.state.size + gaps);
        let after = times(self.text, self.state.page);
        let [.., c, d, x, y] = before;
        let size = (self.state.size * (c * c + d * d).sqrt()).abs().max(0.1);
        self.write(&font.decode(bytes), (x, y), after[4], size);
    }

    /// Writes words at their place: on a line of their own, apart, or right after those before.
    fn write(&mut self, words: &str, (x, y): (f32, f32), end: f32, size: f32) {
        if words.trim().is_empty() && (self.out.is_empty() || words.is_empty()) {
            return;
        }
        if y < self.body.0 || y > self.body.1 {
            self.is_trimmed = true;
            return;
        }
        if let Some((base, last_end, last_size)) = self.last {
            let tallest = size.max(last_size);
            let down = base - y;
            let is_title = size > last_size * TITLE_GROWTH || last_size > size * TITLE_GROWTH;
            let gap = x - last_end;
            let is_next_cell = down < 0.0 && -down < ROW_LINES * tallest && gap > 0.0;
            if down.abs() > 0.5 * tallest && !is_next_cell {
                let is_apart = down > PARAGRAPH_GAP * tallest || down < 0.0 || is_title;
                self.out.truncate(self.out.trim_end_matches(' ').len());
                self.out.push_str(if is_apart { "\n\n" } else { "\n" });
            } else if gap > COLUMN_GAP * size || is_next_cell && down < -0.5 * tallest {
                self.out.push_str("   ");
            } else if gap > WORD_GAP * size && !self.out.ends_with(' ') && !words.starts_with(' ') {
                self.out.push(' ');
            }
        }
        for c in words.chars().take(self.budget.text) {
            match c {
                '\u{FB00}' => self.out.push_str("ff"),
                '\u{FB01}' => self.out.push_str("fi"),
                '\u{FB02}' => self.out.push_str("fl"),
                '\u{FB03}' => self.out.push_str("ffi"),
                '\u{FB04}' => self.out.push_str("ffl"),
                '\u{A0}' => self.out.push(' '),
                c if c.is_control() || c == '\u{FFFD}' => {}
                c => self.out.push(c),
            }
        }
        self.budget.text = self.budget.text.saturating_sub(words.len());
        self.last = Some((y, end, size));
    }

    /// A picture that is painted by operations of its own.
    fn form(&mut self, operation: &Operation, resources: &[&Dictionary]) {
        let document = self.document;
        let Some(name) = operation.operands.first().and_then(|o| o.as_name().ok()) else { return };
        let found = resources.iter().find_map(|resource| {
            let forms = resource.get_deref(b"XObject", document).and_then(Object::as_dict).ok()?;
            forms.get_deref(name, document).and_then(Object::as_stream).ok()
        });
        let Some(stream) = found else { return };
        let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
        if !is_form || self.forms >= MAX_FORMS {
            return;
        }
        let Ok(content) = stream.decompressed_content_with_limit(MAX_STREAM_BYTES) else { return };
        // Painting costs what is inflated and looked up, also where it writes nothing.
        self.budget.operations = self.budget.operations.saturating_sub(FORM_COST + content.len() / 8);
        let own = stream.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let fonts = own.and_then(|own| own.get_deref(b"Font", document).and_then(Object::as_dict).ok());
        let dictionaries: Vec<(Vec<u8>, Dictionary)> = fonts
            .into_iter()
            .flat_map(Dictionary::iter)
            .filter_map(|(name, font)| {
                let (_, font) = document.dereference(font).ok()?;
                Some((name.clone(), prepared(font.as_dict().ok()?)))
            })
            .collect();
        let matrix = stream.dict.get_deref(b"Matrix", document).and_then(Object::as_array).ok();
        let saved = (self.state.clone(), self.text, self.line);
        if let Some(values) = matrix {
            let mut matrix = IDENTITY;
            for (to, value) in matrix.iter_mut().zip(values) {
                *to = value.as_float().unwrap_or(*to);
            }
            self.state.page = times(matrix, self.state.page);
        }
        self.forms += 1;
        let inner: Vec<&Dictionary> = own.into_iter().chain(resources.iter().copied()).take(MAX_FORMS).collect();
        self.paint(&content, &dictionaries, &inner);
        self.forms -= 1;
        (self.state, self.text, self.line) = saved;
    }
}
