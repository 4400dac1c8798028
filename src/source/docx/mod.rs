//! Word documents → Markdown: paragraphs, headings by style, lists, tables, strong words.
//!
//! Every part is inflated up to a limit, so that a zip bomb costs no more than the limit. What is deleted under tracked
//! changes, field codes and fallbacks are left out. Never fails: what can't be read is a reason.

mod style;

use super::Extracted;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};
use style::Styles;
use zip::ZipArchive;

/// How much of one part is inflated; the words of a long report are a hundredth of it.
pub(super) const MAX_PART_BYTES: u64 = 32 * 1024 * 1024;
/// Entries beyond this many are no Word document's.
const MAX_ENTRIES: usize = 20_000;
/// What is nested deeper is left out.
const MAX_DEPTH: usize = 200;

/// The text of a document, or why there is none.
pub(super) fn text(bytes: &[u8]) -> Result<Extracted, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "its zip directory is broken".to_owned())?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("it holds more than {MAX_ENTRIES} files"));
    }
    let (body, is_cut) = part(&mut archive, "word/document.xml").ok_or("it holds no readable word/document.xml")?;
    let styles = part(&mut archive, "word/styles.xml").map(|(xml, _)| Styles::read(&xml)).unwrap_or_default();
    let mut writer = Writer { styles, ..Writer::default() };
    let is_whole = writer.read(&body);
    let mut extracted = Extracted { text: writer.out, ..Extracted::default() };
    if is_cut {
        let mib = MAX_PART_BYTES / (1024 * 1024);
        extracted.notice("limit-inflated", format!("only the first {mib} MiB of the document's text were inflated"));
    }
    if !is_whole && !is_cut {
        extracted.notice("broken-xml", "the document's text ends in the middle".to_owned());
    }
    Ok(extracted)
}

/// A file of the archive, inflated up to the limit, and whether that cut it.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<(String, bool)> {
    let file = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    // A part that breaks off still gives what came before.
    let _ = file.take(MAX_PART_BYTES + 1).read_to_end(&mut bytes);
    let is_cut = bytes.len() as u64 > MAX_PART_BYTES;
    (!bytes.is_empty()).then(|| (String::from_utf8_lossy(&bytes).into_owned(), is_cut))
}

#[derive(Default)]
struct Writer {
    styles: Styles,
    out: String,
    depth: usize,
    /// Depth at which something is left out with all that is in it.
    skipped: Option<usize>,
    paragraph: Paragraph,
    /// Tables within tables are written as words of the outer one's cell.
    tables: usize,
    rows: usize,
    cells: Vec<String>,
    was_item: bool,
    /// The state of the box that is being read: a control that is a check box, or a field of an old form.
    ticked: Option<bool>,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    outline: Option<u8>,
    list: Option<usize>,
    is_strong: bool,
    is_struck: bool,
    /// Where the strong, and the struck, words at the end of the text began.
    strong: Option<usize>,
    struck: Option<usize>,
    in_text: bool,
}

/// Parts that show nothing, or nothing any more.
const SILENT: &[&str] = &["del", "moveFrom", "Fallback", "instrText", "sectPr", "rPrChange", "pPrChange", "delText"];

impl Writer {
    /// Whether the text was read to its end.
    fn read(&mut self, xml: &str) -> bool {
        let mut reader = Reader::from_str(xml);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    self.open(&tag);
                }
                Ok(Event::Empty(tag)) => {
                    self.open(&tag);
                    if !matches!(local(&tag).as_str(), "p" | "tbl" | "tr" | "tc") {
                        self.close(&local(&tag));
                    }
                }
                Ok(Event::End(tag)) => {
                    let name = tag.local_name();
                    self.close(name.as_ref());
                    self.depth = self.depth.saturating_sub(1);
                    if self.skipped.is_some_and(|at| self.depth < at) {
                        self.skipped = None;
                    }
                }
                Ok(Event::Text(words)) => self.words(&words),
                Ok(Event::CData(words)) => self.words(&words),
                Ok(Event::GeneralRef(name)) => {
                    let c = name.resolve_char_ref().ok().flatten().or_else(|| entity(&name));
                    self.words(&c.map(String::from).unwrap_or_default());
                }
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(_) => {
                    self.end_paragraph();
                    return false;
                }
            }
        }
        self.end_paragraph();
        self.depth == 0
    }

    fn open(&mut self, tag: &BytesStart) {
        let name = local(tag);
        if self.skipped.is_some() {
            return;
        }
        if SILENT.contains(&name.as_str()) || self.depth > MAX_DEPTH {
            self.skipped = Some(self.depth);
            return;
        }
        let value = || attribute(tag, "val");
        match name.as_str() {
            "p" => self.end_paragraph(),
            "pStyle" => self.paragraph.style = value(),
            "outlineLvl" => self.paragraph.outline = value().and_then(|v| v.parse().ok()),
            "numPr" => self.paragraph.list = Some(0),
            "ilvl" => self.paragraph.list = Some(value().and_then(|v| v.parse().ok()).unwrap_or(0)),
            "r" => (self.paragraph.is_strong, self.paragraph.is_struck) = (false, false),
            "b" => self.paragraph.is_strong = is_on(value().as_deref()),
            "strike" | "dstrike" => self.paragraph.is_struck |= is_on(value().as_deref()),
            "checkbox" | "checkBox" => self.ticked = Some(false),
            "default" | "checked" if self.ticked.is_some() => self.ticked = Some(is_on(value().as_deref())),
            "sym" => self.paragraph.push_plain(symbol(attribute(tag, "font"), attribute(tag, "char"))),
            "t" => self.paragraph.begin_text(),
            "tab" | "noBreakHyphen" => self.paragraph.push_plain(if name == "tab" { " " } else { "-" }),
            "br" | "cr" => self.paragraph.push_plain(if self.tables > 0 { " " } else { "\n" }),
            "tbl" => {
                self.end_paragraph();
                self.tables += 1;
                self.rows = if self.tables == 1 { 0 } else { self.rows };
            }
            "tr" if self.tables == 1 => self.cells.clear(),
            "tc" if self.tables == 1 => self.cells.push(String::new()),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.skipped.is_some() {
            return;
        }
        match name {
            "t" => self.paragraph.in_text = false,
            "sdt" => self.ticked = None,
            "checkBox" => {
                let box_ = boxed(self.ticked.take() == Some(true));
                self.paragraph.push_plain(box_);
            }
            "p" => self.end_paragraph(),
            "tr" if self.tables == 1 => self.end_row(),
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                self.was_item = false;
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.skipped.is_some() || !self.paragraph.in_text {
            return;
        }
        // Whatever sign a control shows for its state.
        if let Some(ticked) = self.ticked.take() {
            self.paragraph.push_plain(boxed(ticked));
        } else {
            escape(words, self.tables > 0, &mut self.paragraph.text);
        }
    }

    fn end_paragraph(&mut self) {
        let mut paragraph = std::mem::take(&mut self.paragraph);
        paragraph.end_strong();
        paragraph.end_struck();
        let words = paragraph.text.trim();
        if words.is_empty() {
            return;
        }
        let (ticked, words) = task(words);
        if let Some(cell) = self.cells.last_mut().filter(|_| self.tables > 0) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(ticked.map_or("", boxed));
            cell.push_str(words);
            return;
        }
        let level = paragraph.outline.map(|o| o + 1).or_else(|| self.styles.level(paragraph.style.as_deref()));
        let is_item = (paragraph.list.is_some() || ticked.is_some()) && level.is_none();
        if !self.out.is_empty() {
            self.out.push_str(if is_item && self.was_item { "\n" } else { "\n\n" });
        }
        self.was_item = is_item;
        match level {
            Some(level) => {
                let marks = "#".repeat(usize::from(level.clamp(1, 6)));
                let line = words.replace('\n', " ").replace("**", "");
                self.out.push_str(&format!("{marks} {line}"));
            }
            None if is_item => {
                let indent = " ".repeat(paragraph.list.unwrap_or(0).min(8) * 2);
                let mark = ticked.map_or("", |ticked| if ticked { "[x] " } else { "[ ] " });
                self.out.push_str(&format!("{indent}- {mark}{}", words.replace('\n', &format!("\n{indent}  "))));
            }
            None => {
                let is_mark = words.starts_with(['#', '>', '=', '+', '~']) || words.starts_with("---");
                self.out.push_str(if is_mark { "\\" } else { "" });
                self.out.push_str(words);
            }
        }
    }

    fn end_row(&mut self) {
        self.end_paragraph();
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        self.out.push_str(if self.rows == 0 && !self.out.is_empty() { "\n\n" } else { "\n" });
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let joined: Vec<&str> = cells.collect();
            format!("| {} |", joined.join(" | "))
        };
        self.out.push_str(&line(&mut cells.iter().map(String::as_str)));
        if self.rows == 0 {
            self.out.push('\n');
            self.out.push_str(&line(&mut cells.iter().map(|_| "---")));
        }
        self.rows += 1;
    }
}

impl Paragraph {
    fn begin_text(&mut self) {
        self.in_text = true;
        if self.is_struck != self.struck.is_some() {
            self.end_strong();
            self.end_struck();
            self.struck = self.is_struck.then_some(self.text.len());
        }
        if self.is_strong {
            self.strong.get_or_insert(self.text.len());
        } else {
            self.end_strong();
        }
    }

    fn push_plain(&mut self, words: &str) {
        if words == "\n" {
            self.end_strong();
        }
        self.text.push_str(words);
    }

    /// Marks the strong words at the end of the text.
    fn end_strong(&mut self) {
        let start = self.strong.take();
        self.mark(start, "**");
    }

    /// Those that are struck out.
    fn end_struck(&mut self) {
        let start = self.struck.take();
        self.mark(start, STRUCK);
    }

    /// The marks hug the words.
    fn mark(&mut self, start: Option<usize>, mark: &str) {
        let Some(words) = start.and_then(|start| self.text.get(start..)).map(str::to_owned) else { return };
        let inner = words.trim();
        if inner.is_empty() {
            return;
        }
        let lead = words.len() - words.trim_start().len();
        let tail = words.get(lead + inner.len()..).unwrap_or("");
        self.text.truncate(self.text.len() - words.len() + lead);
        self.text.push_str(&format!("{mark}{inner}{mark}{tail}"));
    }
}

const STRUCK: &str = "~~";

/// Whether words are a task that is done or not, and its own words: behind a box, or struck out as a whole.
fn task(words: &str) -> (Option<bool>, &str) {
    let boxes = TICKED.iter().map(|mark| (mark, true)).chain(UNTICKED.iter().map(|mark| (mark, false)));
    let behind = |(mark, ticked): (&&str, bool)| Some((ticked, words.strip_prefix(*mark)?.trim_start()));
    if let Some((ticked, rest)) = boxes.into_iter().find_map(behind).filter(|(_, rest)| !rest.is_empty()) {
        return (Some(ticked), task(rest).1);
    }
    let struck = words.strip_prefix(STRUCK).and_then(|rest| rest.strip_suffix(STRUCK));
    struck.filter(|rest| !rest.contains(STRUCK)).map_or((None, words), |rest| (Some(true), rest))
}

/// How a box that is ticked, and one that is not, is written. A cross in a box is how Word ticks one.
const TICKED: [&str; 7] = ["☑", "☒", "✅", "✔", "✓", "\\[x]", "\\[X]"];
const UNTICKED: [&str; 4] = ["☐", "⬜", "🔲", "\\[ ]"];

fn boxed(ticked: bool) -> &'static str {
    if ticked { "☑ " } else { "☐ " }
}

/// A sign of a font of signs, where it is a box or a tick.
fn symbol(font: Option<String>, code: Option<String>) -> &'static str {
    let is_signs = font.is_some_and(|font| font.starts_with("Wingdings"));
    match code.filter(|_| is_signs).map(|code| code.to_ascii_uppercase()).as_deref() {
        Some("F0FE" | "F052" | "F0FD" | "F0FC" | "F078") => boxed(true),
        Some("F0A8" | "F06F" | "F0A3" | "F071") => boxed(false),
        _ => "",
    }
}

/// A switch is on where it is named.
fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off" | "none"))
}

fn local(tag: &BytesStart) -> String {
    tag.local_name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// Words in which nothing is a mark of Markdown.
fn escape(words: &str, in_table: bool, out: &mut String) {
    for c in words.chars() {
        let is_mark = matches!(c, '\\' | '*' | '`' | '<' | '[') || c == '|' && in_table;
        if is_mark {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests;
