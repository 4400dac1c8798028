//! # title-first-line (H004)
//!
//! ## What it reads
//! The first line of a document that could be a title: short, no sentence, no label.
//!
//! ## Why it is believed
//! Plain text and text out of a PDF carry the title without any markup.
//!
//! ## When it declines
//! Lines that end like a sentence, are a label, a page's header, a part of a report or a hint in angle brackets that
//! waits to be filled in; and when a heading comes first.
//! A line that only says "incident report", or a date, is a frame, taken when nothing better follows; a page of
//! nothing but prose is known by its first sentence, unless its file's name says more.
//!
//! ## Seen in
//! Plain text, e-mail, text extracted from PDFs.

use super::clean::{TITLE_BYTES_MAX, clean, is_bare_date, is_frame, is_page_header};
use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::rules::org::page_line;
use crate::extract::section::announced;
use crate::extract::sentences::sentence_ranges;
use crate::extract::states::state;
use crate::time::written::times;

pub const RULE: Rule = Rule {
    code: "H004",
    slug: "title-first-line",
    source: include_str!("first_line.rs"),
    apply,
    examples: &[
        Example {
            text: "«Summary of the disk outage»\n\nAt noon the disk was full.",
            expect: &["title Summary of the disk outage"],
        },
        Example {
            text: "Acme – Confidential   Page 1 of 3\n\nINCIDENT REVIEW\n\n«Disks full in two rows»\n\nAt noon it was full.",
            expect: &["title Disks full in two rows"],
        },
        Example {
            text: "Tuesday 5th March 2024\n«Backbone unstable in the north»\n\nAt noon it was down.",
            expect: &["title Backbone unstable in the north"],
        },
        Example {
            text: "Acme header\n«Slow mail»\nIncident Report for Acme\nResolved\nMail was slow.",
            expect: &["title Slow mail"],
        },
        Example { text: "«At noon the disk was full.» We are sorry.", expect: &["title At noon the disk was full."] },
        Example { text: "[Investigating] 12 March 2024, 10:05 UTC\nWe are looking into slow mail.", expect: &[] },
        Example {
            text: "«Investigating slow mail»\n\nAt noon it was slow.",
            expect: &["title Investigating slow mail"],
        },
        Example { text: "- At noon the disk was full.\n\nWe are sorry.", expect: &[] },
        Example { text: "<What broke, in one line>\n\n<Who felt it>", expect: &[] },
    ],
};

const CONFIDENCE_PAGE: f32 = 0.7;
const CONFIDENCE: f32 = 0.6;
const CONFIDENCE_FRAME: f32 = 0.4;
/// A page that is nothing but prose is known by how it begins; more than by a name that says less.
const CONFIDENCE_SENTENCE: f32 = 0.36;
const LINE_BYTES_MAX: usize = 140;
const WORDS_MIN: usize = 2;

/// A line shorter than this was not broken for want of room.
const LINE_BYTES_WRAPPED: usize = 50;

/// The title stands among the first lines.
const LINES_MAX: usize = 8;

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let mut frame: Option<(String, usize)> = None;
    let mut seen = 0;
    for (index, block) in reading.blocks() {
        let heading = matches!(block.kind, BlockKind::Heading { .. }).then(|| clean(&block.text));
        if heading.is_some_and(|title| is_page_header(&title) || is_frame(&title) || is_bare_date(&title)) {
            continue;
        }
        if !matches!(block.kind, BlockKind::Paragraph) || seen >= LINES_MAX {
            break;
        }
        let lines: Vec<&str> = block.text.lines().collect();
        // What stands right before "Incident Report for Acme" is the title, whatever stands before that.
        if let Some(title) = lines.windows(2).find_map(|pair| {
            let [title, next] = pair else { return None };
            page_line::named(next).map(|_| clean(title)).filter(|title| !title.is_empty())
        }) {
            push(reading, found, index, title, CONFIDENCE_PAGE);
            return;
        }
        for (at, line) in lines.iter().enumerate() {
            seen += 1;
            if line.len() > TITLE_BYTES_MAX {
                seen = LINES_MAX;
                break;
            }
            let title = clean(line);
            if title.is_empty() || is_page_header(&title) || heads_update(&title) {
                continue;
            }
            if is_frame(&title) || is_bare_date(&title) {
                frame.get_or_insert((title, index));
                continue;
            }
            let wrapped = lines.get(at + 1).is_some_and(|second| goes_on(line, second));
            if !could_be_title(line, &title) || wrapped || is_label(reading, index, line) {
                seen = LINES_MAX;
                break;
            }
            push(reading, found, index, title, CONFIDENCE);
            return;
        }
    }
    if let Some((title, index)) = frame {
        push(reading, found, index, title, CONFIDENCE_FRAME);
    } else if let Some((index, sentence)) = first_sentence(reading) {
        push(reading, found, index, sentence, CONFIDENCE_SENTENCE);
    }
}

/// The sentence that opens a page without a heading, where the file's name is an address, a number or one word.
fn first_sentence(reading: &Reading<'_>) -> Option<(usize, String)> {
    let (index, block) = reading.blocks().next()?;
    let words = reading.file_stem().split(['-', '_', ' ', '+']);
    let telling = words.filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= NAME_WORD_LETTERS_MIN).count();
    let whole = reading.document.range == (0..reading.document.text.len());
    let is_update = || block.text.lines().next().is_some_and(heads_update);
    if telling > 1 || !whole || !matches!(block.kind, BlockKind::Paragraph) || is_update() {
        return None;
    }
    let sentence = clean(block.text.get(sentence_ranges(&block.text).next()?)?);
    let words = sentence.split_whitespace().count();
    let is_told = words >= SENTENCE_WORDS_MIN && sentence.len() <= TITLE_BYTES_MAX && sentence.ends_with('.');
    (is_told && !is_label(reading, index, &sentence)).then_some((index, sentence))
}

const NAME_WORD_LETTERS_MIN: usize = 3;
const SENTENCE_WORDS_MIN: usize = 5;

fn push(reading: &Reading<'_>, found: &mut Vec<Candidate>, index: usize, title: String, confidence: f32) {
    let text = reading.text(index);
    let start = text.find(title.as_str()).unwrap_or(0);
    let end = (start + title.len()).min(text.len());
    let evidence = reading.evidence(index, start..end);
    found.push(Candidate { finding: Finding::Title(title), confidence, evidence, rule: RULE.code });
}

/// "[Investigating] 12 March 2024, 10:05 UTC": the state and the time of an update name no incident.
fn heads_update(line: &str) -> bool {
    let words = line.trim_start_matches(['[', '*', ' ']);
    let Some((head, rest)) = words.split_once([']', '-', '–', '—', ':', '|']) else { return false };
    let told: usize = times(rest).iter().map(|written| written.span.len()).sum();
    state(head).is_some() && told > 0 && rest.trim().len() <= told + UPDATE_MARKS_MAX
}

/// Marks beside the time of an update.
const UPDATE_MARKS_MAX: usize = 6;

fn could_be_title(line: &str, title: &str) -> bool {
    let line = line.trim_end();
    let sentence = line.ends_with(['.', ':', ',', ';', '!']) && !line.ends_with("...");
    let words = title.split_whitespace().count();
    let part = announced(title).is_some() && words <= 2;
    let hint = title.starts_with('<') && title.ends_with('>');
    !sentence && !hint && title.len() <= LINE_BYTES_MAX && words >= WORDS_MIN && !part
}

/// Is the second line the rest of the first? Not when the first is set in title case or is too short to have been
/// broken, nor when the second is a paragraph of its own length.
fn goes_on(first: &str, second: &str) -> bool {
    let words: Vec<&str> = first.split_whitespace().filter(|w| w.len() > 3).collect();
    let capitals = words.iter().filter(|w| w.starts_with(char::is_uppercase)).count();
    let title_case = capitals * 3 >= words.len() * 2 && !words.is_empty();
    let second = second.trim_start();
    let short = first.len() <= LINE_BYTES_WRAPPED && second.starts_with(char::is_uppercase);
    let dated = second.len() <= LINE_BYTES_WRAPPED && second.chars().any(|c| c.is_ascii_digit());
    !title_case && !short && !dated && second.len() <= first.len() * 2
}

/// Is there a label whose value stands on this line?
fn is_label(reading: &Reading<'_>, index: usize, line: &str) -> bool {
    let text = reading.text(index);
    let Some(start) = text.find(line) else { return false };
    let mut places = reading.labels.iter().filter_map(|l| l.place.as_ref());
    places.any(|(block, range)| *block == index && range.start > start && range.start <= start + line.len())
}
