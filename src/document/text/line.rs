//! What one line of plain text is.

use super::super::build::{has_clock, reads_as_heading, ticked};
use crate::domain::Span;
use crate::text::{Words, hold, shipped};
use serde::Deserialize;
use std::sync::LazyLock;

/// A title has at most this many words, unless it is capitalised throughout.
const MAX_TITLE_WORDS: usize = 5;
/// A capitalised or numbered title has at most this many.
const MAX_CAPITALISED_WORDS: usize = 10;

/// The first line of a text is its title up to this length.
const MAX_DOCUMENT_TITLE_BYTES: usize = 120;
/// A line of this length is a paragraph that was not wrapped.
const MIN_PARAGRAPH_BYTES: usize = 160;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parts: Words,
}

/// The parts that reports have.
static PARTS: LazyLock<Words> = LazyLock::new(|| {
    let file: File = shipped!("document/vocabulary/parts.toml").expect("the shipped vocabulary is valid");
    file.parts
});

/// No name of a part is longer.
const MAX_PART_BYTES: usize = 40;

/// What a line is. Ranges are in the line.
pub(super) enum Line {
    Blank,
    /// A line of one repeated mark.
    Rule(char),
    /// Nothing but a section's number, before its title.
    Number,
    /// `## Words`.
    Heading {
        level: u8,
        words: Span,
    },
    /// A title by its looks.
    Title,
    Bullets(Vec<Bullet>),
    /// `> words`; the range's start.
    Quote(usize),
    Words,
}

/// A list item, or the words that lead to the first of several bullets on one line.
pub(super) struct Bullet {
    pub words: Span,
    pub indent: usize,
    pub number: Option<u32>,
    pub checked: Option<bool>,
    pub is_lead: bool,
    /// It began with `•` or the like, not with a dash or a number.
    pub is_typographic: bool,
}

/// Where entries begin that lost the breaks between them: "10:02 - It broke10:05 - It works". One may be a slip, so at
/// least two.
pub(super) fn glued(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let begins = |at: usize| {
        let length = match (digit(at), digit(at + 1)) {
            (true, true) => 2,
            (true, false) => 1,
            _ => return false,
        };
        let is_clock = bytes.get(at + length) == Some(&b':') && digit(at + length + 1) && digit(at + length + 2);
        let rest = line.get(at + length + 3..).unwrap_or("").trim_start();
        is_clock
            && rest.starts_with(['-', '–', '—'])
            && !rest.get(1..).unwrap_or("").trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    // A letter, or the end of a sentence, right before a clock; clocks have a colon, so few places are looked at.
    let glued = |at: &usize| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        before.is_some_and(|c| c.is_alphabetic() || matches!(c, '.' | '!' | '?' | ')')) && begins(*at)
    };
    let colons = line.match_indices(':').flat_map(|(at, _)| [at.saturating_sub(2), at.saturating_sub(1)]);
    let mut found: Vec<usize> = colons.filter(|at| line.is_char_boundary(*at)).filter(glued).collect();
    found.dedup();
    if found.len() < GLUED_MIN { Vec::new() } else { found }
}

const GLUED_MIN: usize = 2;

/// Ranges of the lines from `start`, each with its line break.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = Span> {
    let mut at = start;
    text.get(start..).unwrap_or("").split_inclusive(['\n', '\x0C']).map(move |line| {
        let range = at..at + line.len();
        at = range.end;
        range
    })
}

/// Columns before the first word; a tab counts four.
pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// Where a line stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Nothing was read before it.
    pub is_first: bool,
    pub after_blank: bool,
    pub next: Option<&'a str>,
    /// Number of the list item before, at the same indent.
    pub number: Option<u32>,
    /// Number of the section that it stands in.
    pub section: Option<u32>,
    /// A section's number stands on the line before.
    pub after_number: bool,
    /// The line before began with the key of a ticket.
    pub after_ticket: bool,
    /// The line continues an item that began with `•`.
    pub in_bullets: bool,
    /// It stands below an item, further in.
    pub is_deeper: bool,
}

impl Place<'_> {
    /// Blank lines on both sides, and something that it could be the title of.
    fn is_isolated(self) -> bool {
        self.after_blank && self.next.is_some_and(|line| line.trim().is_empty())
    }

    /// A line so much longer follows that it is a paragraph of its own.
    fn leads_paragraph(self, words: &str) -> bool {
        let next = self.next.unwrap_or("").trim();
        self.after_blank && next.len() >= MIN_PARAGRAPH_BYTES && next.len() >= words.len() * 3
    }
}

/// What a line is.
pub(super) fn classify(line: &str, place: Place) -> Line {
    let words = line.trim();
    if words.is_empty() {
        return Line::Blank;
    }
    if let Some(mark) = rule(words) {
        return Line::Rule(mark);
    }
    let start = line.len() - line.trim_start().len();
    if let Some(heading) = hash_heading(words, start) {
        return heading;
    }
    if let Some(quoted) = words.strip_prefix("> ") {
        return Line::Quote(start + words.len() - quoted.len());
    }
    let bullets = bullets(line, place);
    if !bullets.is_empty() {
        return Line::Bullets(bullets);
    }
    if place.after_blank && is_section_number(words) && place.next.is_some_and(|next| is_title(next.trim(), true)) {
        return Line::Number;
    }
    let stands_out = place.is_isolated() || place.leads_paragraph(words);
    let is_title = is_section(words)
        || starred(words).is_some_and(is_section)
        || (stands_out || place.after_number) && is_title(words, place.after_number)
        || place.is_first && is_document_title(words, place)
        || is_lettered(words) && place.next.is_some_and(begins_item)
        || place.after_blank && is_upper_case(words) && reads_as_heading(words);
    if is_title { Line::Title } else { Line::Words }
}

fn rule(words: &str) -> Option<char> {
    let first = words.chars().next().filter(|c| matches!(c, '-' | '=' | '_' | '~' | '*' | '─' | '—'))?;
    (words.chars().count() >= 3 && words.chars().all(|c| c == first)).then_some(first)
}

fn hash_heading(words: &str, start: usize) -> Option<Line> {
    // `h2. Words`, as tickets have it.
    let numbered = words.strip_prefix('h').and_then(|rest| rest.split_once(". "));
    if let Some((level @ ("1" | "2" | "3" | "4" | "5" | "6"), title)) = numbered {
        let at = start + words.len() - title.trim_start().len();
        let words = at..at + title.trim().len();
        return Some(Line::Heading { level: level.parse().unwrap_or(6), words }).filter(|_| !title.trim().is_empty());
    }
    let rest = words.trim_start_matches('#');
    let level = words.len() - rest.len();
    let title = rest.trim_end_matches('#').trim();
    if !(1..=6).contains(&level) || !rest.starts_with(' ') || title.is_empty() {
        return None;
    }
    let at = start + words.len() - rest.trim_start().len();
    Some(Line::Heading { level: u8::try_from(level).unwrap_or(6), words: at..at + title.len() })
}

/// "B. Short term": a part of a section, by a capital letter.
fn is_lettered(words: &str) -> bool {
    let mut marks = words.chars();
    let is_letter = marks.next().is_some_and(|c| ('A'..='H').contains(&c));
    let name = words.get(2..).filter(|_| is_letter && matches!(marks.next(), Some('.' | ')'))).unwrap_or("");
    name.starts_with(' ') && is_title(name.trim().trim_end_matches(':'), true)
}

/// Does a line begin with a bullet?
fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    line.chars().next().is_some_and(is_bullet) && line.chars().nth(1).is_some_and(char::is_whitespace)
}

fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '•' | '–' | '‣' | '◦' | '▪' | '●' | '○' | '·' | '\u{F0B7}' | '➢' | '►')
}

/// The bullets of a line: one at its start, or several joined by `•` where line breaks were lost.
fn bullets(line: &str, place: Place) -> Vec<Bullet> {
    let indent = indent(line);
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    let rest = line.get(start..end).unwrap_or("");
    let joints: Vec<_> = rest.match_indices(" • ").map(|(at, joint)| (start + at, start + at + joint.len())).collect();
    // The hollow dot of an office program, as a letter.
    let is_dot = |line: &str| line.trim_start().strip_prefix('o').is_some_and(|rest| rest.starts_with([' ', '\t']));
    // Further in than the item above, before a capital: "o" is a word of some languages.
    let is_below = || place.is_deeper && rest.get(2..).is_some_and(|words| words.starts_with(char::is_uppercase));
    let is_spaced = || rest.starts_with("o  ") || rest.starts_with("o\t");
    let is_dotted = || is_dot(rest) && (is_spaced() || is_below() || place.next.is_some_and(is_dot));
    let dot = || is_dotted().then(|| (rest.len() - rest.get(1..).unwrap_or("").trim_start().len(), None));
    let is_row = || is_ticket(rest) && (place.after_ticket || place.next.is_some_and(is_ticket));
    let lead = sub_marker(rest, place)
        .or_else(|| marker(rest, place.number))
        .or_else(dot)
        .or_else(|| is_row().then_some((0, None)));
    let mut bullets = Vec::new();
    let needed = if place.in_bullets { 1 } else { 2 };
    if lead.is_none() && joints.len() < needed {
        return bullets;
    }
    let is_typographic = rest.starts_with(|c: char| is_bullet(c) && !c.is_ascii());
    let first_end = joints.first().map_or(end, |(at, _)| *at);
    let (first_start, number) = lead.map_or((start, None), |(length, number)| (start + length, number));
    let is_lead = lead.is_none();
    let mut add = |words: Span, number, is_lead| {
        let (words, checked) = checkbox(line, words);
        let is_typographic = is_typographic || !bullets.is_empty();
        bullets.push(Bullet { words, indent, number, checked, is_lead, is_typographic });
    };
    add(first_start..first_end, number, is_lead);
    let ends = joints.iter().skip(1).map(|(at, _)| *at).chain([end]);
    for ((_, from), to) in joints.iter().zip(ends) {
        add(*from..to, None, false);
    }
    bullets
}

/// The length of a list marker with the white space after it, and the number if it is one.
fn marker(text: &str, previous: Option<u32>) -> Option<(usize, Option<u32>)> {
    let first = text.chars().next()?;
    // A box to tick is a marker of its own; `checkbox` reads it.
    if let Some((length, _)) = ticked(text) {
        return text.get(length..).is_some_and(|rest| !rest.trim().is_empty()).then_some((0, None));
    }
    if is_bullet(first) {
        let rest = text.get(first.len_utf8()..)?;
        // Typographic bullets need no space; a dash without one is a sign.
        let is_apart = rest.starts_with(char::is_whitespace) || !matches!(first, '-' | '*' | '+' | '–' | '·');
        return (is_apart && !rest.trim().is_empty()).then(|| (text.len() - rest.trim_start().len(), None));
    }
    let (number, after) = counted(text)?;
    // "10. April" opens with a day, not with an item: numbers must follow each other.
    let is_next = previous.map_or(number <= 1, |last| number == last + 1 || number == 1);
    (is_next && !after.trim().is_empty()).then(|| (text.len() - after.trim_start().len(), Some(number)))
}

/// The number of `1. `, `1) `, `(1) `, `a) ` and `(a) `, and what follows.
fn counted(text: &str) -> Option<(u32, &str)> {
    let words = text.strip_prefix('(').unwrap_or(text);
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = if digits > 0 {
        (words.get(..digits)?.parse().ok().filter(|_| digits <= 3)?, words.get(digits..)?)
    } else {
        let letter = words.bytes().next().filter(u8::is_ascii_lowercase)?;
        (u32::from(letter - b'a') + 1, words.get(1..)?)
    };
    // "e. g." and the like are no items.
    let closers: &[char] = if digits == 0 || words.len() < text.len() { &[')'] } else { &['.', ')'] };
    rest.strip_prefix(closers).filter(|after| after.starts_with([' ', '\t'])).map(|after| (number, after))
}

/// The length of `5.1 ` below the title "5. …", and the second number: a further one, or a first that the next line
/// follows.
fn sub_marker(text: &str, place: Place) -> Option<(usize, Option<u32>)> {
    let section = place.section?;
    let number_of = |line: &str| -> Option<(usize, u32)> {
        let rest = line.trim_start().strip_prefix(&section.to_string())?.strip_prefix('.')?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = rest.get(..digits)?.parse().ok().filter(|_| digits <= 2)?;
        let words = rest.get(digits..)?;
        let words = words.strip_prefix('.').unwrap_or(words);
        (words.starts_with([' ', '\t']) && !words.trim().is_empty())
            .then(|| (line.len() - words.trim_start().len(), number))
    };
    let (length, number) = number_of(text)?;
    let is_followed = || number == 1 && place.next.and_then(number_of).is_some_and(|(_, next)| next == 2);
    (number > 1 && place.number == Some(number - 1) || is_followed()).then_some((length, Some(number)))
}

/// `[ ]` and `[x]` before an item's words.
fn checkbox(line: &str, words: Span) -> (Span, Option<bool>) {
    let text = line.get(words.clone()).unwrap_or("");
    let trimmed = text.trim_start();
    let (length, checked) = ticked(trimmed).unwrap_or((0, None));
    (words.start + text.len() - trimmed.len() + length..words.end, checked)
}

/// Does a line begin with a tracker's key: "OPS-12  Add an alert"?
pub(super) fn is_ticket(line: &str) -> bool {
    let key = line.trim_start().split([' ', '\t', ':']).next().unwrap_or("");
    key.split_once('-').is_some_and(|(project, number)| {
        (2..=10).contains(&project.len())
            && project.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && (1..=6).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Is a line nothing but the name of a part of a report, its number and what ends it aside?
pub(in crate::document) fn is_section(words: &str) -> bool {
    let name = unnumbered(words).trim_end_matches([':', '?', '-', '–', '—', ' ']);
    name.len() <= MAX_PART_BYTES && hold(&PARTS, name)
}

/// "*Next steps*", as mails and chats draw what is bold.
fn starred(words: &str) -> Option<&str> {
    let inner = words.trim_end_matches(':').strip_prefix('*')?.strip_suffix('*')?;
    (!inner.contains('*') && !inner.starts_with(' ')).then_some(inner)
}

/// `2` or `2.1`.
fn is_section_number(words: &str) -> bool {
    words.len() <= 5
        && words.starts_with(|c: char| c.is_ascii_digit())
        && words.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Without `1.`, `2.3`, `IV.` in front.
pub(super) fn unnumbered(words: &str) -> &str {
    let numeral = words.len() - words.trim_start_matches(['I', 'V', 'X']).len();
    let is_numeral =
        (1..=5).contains(&numeral) && words.get(numeral..).is_some_and(|rest| rest.starts_with(['.', ')']));
    let words = if is_numeral { words.get(numeral..).unwrap_or(words) } else { words };
    let rest = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')');
    if rest.starts_with(' ') { rest.trim_start() } else { words }
}

fn is_upper_case(words: &str) -> bool {
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    let shouts = words.chars().filter(|c| c.is_uppercase()).count();
    letters >= 4 && shouts == letters && !words.starts_with('[')
}

/// The first line of a text is its title more readily than another: it may be long.
fn is_document_title(words: &str, place: Place) -> bool {
    let next = place.next.unwrap_or("").trim();
    let is_date_line = next.len() <= 40 && next.contains(|c: char| c.is_ascii_digit());
    let is_apart = next.is_empty() && place.next.is_some() || place.leads_paragraph(words) || is_date_line;
    let is_statement = words.ends_with(['.', ',', ';', ':', '!']) || has_clock(words);
    is_apart && !is_statement && words.len() <= MAX_DOCUMENT_TITLE_BYTES && words.contains(' ')
}

/// `has_number`: that of its section stands on the line before.
pub(super) fn is_title(words: &str, has_number: bool) -> bool {
    let name = unnumbered(words);
    let count = name.split_whitespace().count();
    let begins_title = name.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let is_capitalised =
        name.split_whitespace().all(|word| word.chars().count() <= 3 || !word.starts_with(char::is_lowercase));
    let is_numbered = has_number || name.len() < words.len();
    let is_short = count <= MAX_TITLE_WORDS || (is_capitalised || is_numbered) && count <= MAX_CAPITALISED_WORDS;
    begins_title && is_short && !words.ends_with(':') && reads_as_heading(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_lost_their_breaks_are_found() {
        let text = "10:02 - It broke10:05 - We look.9:07 – It works";
        assert_eq!(glued(text).iter().map(|at| &text[*at..*at + 4]).collect::<Vec<_>>(), ["10:0", "9:07"]);
        for text in ["at10:02 - once", "v10:02-10:05 and v10:06-10:08", "10:02 - a 10:05 - b", ""] {
            assert_eq!(glued(text), [0_usize; 0], "{text}");
        }
    }
}
