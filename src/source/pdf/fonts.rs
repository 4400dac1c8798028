//! Fonts of a PDF: what bytes mean, and how wide they are.

use super::MAX_STREAM_BYTES;
use lopdf::{Dictionary, Document, Encoding, Object};
use std::collections::BTreeMap;

/// The width of what no table tells, in thousandths of the size.
const USUAL_WIDTH: f32 = 500.0;
/// Widths beyond this many are left out.
const MAX_WIDTHS: usize = 70_000;

/// A font's dictionary, ready to be asked. A table that maps its codes to characters is believed before the encoding,
/// which names the shapes of a subset by numbers.
pub(super) fn prepared(font: &Dictionary) -> Dictionary {
    let mut font = font.clone();
    if font.has(b"ToUnicode") {
        font.remove(b"Encoding");
    }
    font
}

/// What bytes shown in a font mean.
pub(super) struct Font<'a> {
    encoding: Option<Encoding<'a>>,
    widths: BTreeMap<u32, f32>,
    usual: f32,
    code_bytes: usize,
}

impl<'a> Font<'a> {
    pub fn new(document: &'a Document, font: &'a Dictionary) -> Font<'a> {
        let encoding = font.get_font_encoding_with_limit(document, MAX_STREAM_BYTES).ok();
        let is_composite = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        let mut widths = BTreeMap::new();
        let mut usual = USUAL_WIDTH;
        if is_composite {
            let descendant = font
                .get_deref(b"DescendantFonts", document)
                .and_then(Object::as_array)
                .ok()
                .and_then(|fonts| fonts.first())
                .and_then(|first| document.dereference(first).ok())
                .and_then(|(_, font)| font.as_dict().ok());
            usual = 1000.0;
            if let Some(descendant) = descendant {
                usual = descendant.get(b"DW").and_then(Object::as_float).unwrap_or(usual);
                composite_widths(document, descendant, &mut widths);
            }
        } else {
            simple_widths(document, font, &mut widths);
        }
        Font { encoding, widths, usual, code_bytes: if is_composite { 2 } else { 1 } }
    }

    /// The characters of a shown string.
    pub fn decode(&self, bytes: &[u8]) -> String {
        let decoded = self.encoding.as_ref().and_then(|encoding| Document::decode_text(encoding, bytes).ok());
        decoded.unwrap_or_else(|| {
            bytes.iter().filter(|b| b.is_ascii_graphic() || **b == b' ').map(|b| char::from(*b)).collect()
        })
    }

    /// How far a string goes, in units of the size, and how many glyphs and spaces it has.
    pub fn advance(&self, bytes: &[u8]) -> (f32, usize, usize) {
        let mut width = 0.0;
        let (mut glyphs, mut spaces) = (0, 0);
        for code in bytes.chunks(self.code_bytes) {
            let code = code.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            width += self.widths.get(&code).copied().unwrap_or(self.usual);
            glyphs += 1;
            spaces += usize::from(self.code_bytes == 1 && code == 32);
        }
        (width / 1000.0, glyphs, spaces)
    }
}

fn simple_widths(document: &Document, font: &Dictionary, widths: &mut BTreeMap<u32, f32>) {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).unwrap_or(0);
    let Ok(list) = font.get_deref(b"Widths", document).and_then(Object::as_array) else { return };
    for (nth, width) in list.iter().take(256).enumerate() {
        let code = u32::try_from(first).unwrap_or(0) + u32::try_from(nth).unwrap_or(0);
        if let Some(width) = document.dereference(width).ok().and_then(|(_, w)| w.as_float().ok()) {
            widths.insert(code, width);
        }
    }
}

/// `[first [w w w] first last w …]`.
fn composite_widths(document: &Document, font: &Dictionary, widths: &mut BTreeMap<u32, f32>) {
    let Ok(list) = font.get_deref(b"W", document).and_then(Object::as_array) else { return };
    let mut items = list.iter().filter_map(|item| document.dereference(item).ok().map(|(_, item)| item));
    while let Some(first) = items.next().and_then(|item| item.as_i64().ok()).and_then(|f| u32::try_from(f).ok()) {
        match items.next() {
            Some(Object::Array(each)) => {
                for (nth, width) in each.iter().enumerate().take(MAX_WIDTHS) {
                    let code = first.saturating_add(u32::try_from(nth).unwrap_or(u32::MAX));
                    widths.insert(code, width.as_float().unwrap_or(USUAL_WIDTH));
                }
            }
            Some(last) => {
                let Some(width) = items.next().and_then(|w| w.as_float().ok()) else { return };
                let last = last.as_i64().ok().and_then(|l| u32::try_from(l).ok()).unwrap_or(first);
                for code in (first..=last).take(MAX_WIDTHS) {
                    widths.insert(code, width);
                }
            }
            None => return,
        }
        if widths.len() > MAX_WIDTHS {
            return;
        }
    }
}
