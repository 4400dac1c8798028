//! Bytes → text: byte-order marks, UTF-8, UTF-16 with and without a mark, declared charsets, else a guess.

use super::{Extracted, Format, docx, mail, pdf};
use crate::domain::{Notice, Span};
use crate::text::Marks;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How many bytes, from the first one that isn't ASCII, the guess is made on.
const GUESSED_BYTES: usize = 64 * 1024;
/// How many bytes at the start may hold a charset declaration.
const DECLARING_BYTES: usize = 2048;
/// How many bytes at the start tell binary from text.
const SNIFFED_BYTES: usize = 32 * 1024;

/// What bytes turned out to be.
pub(super) enum Decoded {
    Text {
        text: String,
        notices: Vec<Notice>,
        /// What the bytes themselves say of their format, where they do.
        format: Option<Format>,
        /// The documents in it, where the bytes tell several.
        parts: Vec<Span>,
    },
    /// Not text: the name of a format that is known but not read, if it is one.
    Binary { format: Option<&'static str> },
}

/// First bytes of formats that hold no plain text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "legacy Office (doc, xls, ppt)"),
    (b"{\\rtf", "RTF"),
    (b"\x1F\x8B", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "SQLite"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x7FELF", "ELF"),
];

/// Decodes bytes; `truncated` says that they are only the beginning of the input.
pub(super) fn decode(bytes: &[u8], truncated: bool) -> Decoded {
    if let Some(name) = known_binary(bytes) {
        return match name {
            "PDF" => extracted(Format::Pdf, pdf::text(bytes)),
            "docx" => extracted(Format::Docx, docx::text(bytes)),
            _ => Decoded::Binary { format: Some(name) },
        };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(encoding) = unmarked_utf_16(bytes) {
        return with(encoding, bytes);
    }
    if mail::is_mail(bytes) {
        return extracted(Format::Mail, mail::text(bytes));
    }
    if is_binary(bytes) {
        return Decoded::Binary { format: None };
    }
    let bytes = if truncated { without_cut_character(bytes) } else { bytes };
    let encoding = if is_mostly_utf_8(bytes) { UTF_8 } else { declared(bytes).unwrap_or_else(|| guessed(bytes)) };
    with(encoding, bytes)
}

fn extracted(format: Format, text: Result<Extracted, String>) -> Decoded {
    match text {
        Ok(Extracted { text, parts, notices }) => Decoded::Text { text, notices, format: Some(format), parts },
        Err(reason) => {
            let message = format!("no words could be read out of this {}: {reason}", format.name());
            let notices = vec![notice("unreadable", message)];
            Decoded::Text { text: String::new(), notices, format: Some(format), parts: Vec::new() }
        }
    }
}

/// The longest prefix of at most `limit` bytes that ends on a character boundary.
pub(super) fn char_prefix(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    // Nearly all input is valid UTF-8, and for it the standard library is quickest.
    let valid = if encoding == UTF_8 { std::str::from_utf8(bytes).ok() } else { None };
    let (text, malformed) = match valid {
        Some(text) => (Cow::Borrowed(text), false),
        None => encoding.decode_without_bom_handling(bytes),
    };
    let mut notices = Vec::new();
    if encoding != UTF_8 {
        notices.push(notice("encoding", format!("decoded as {}", encoding.name())));
    }
    if malformed {
        let count = text.matches('\u{FFFD}').count();
        notices.push(notice("invalid-bytes", format!("{count} byte sequences are not valid {}", encoding.name())));
    }
    if text.contains('\0') {
        let nuls = text.matches('\0').count();
        notices.push(notice("nul-bytes", format!("the text holds {nuls} NUL characters")));
    }
    Decoded::Text { text: text.into_owned(), notices, format: None, parts: Vec::new() }
}

fn notice(code: &'static str, message: String) -> Notice {
    Notice { code, message, evidence: Vec::new() }
}

/// A size limit may cut the last character in two; that is no encoding error.
fn without_cut_character(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") {
        let head = head(bytes, SNIFFED_BYTES);
        let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
        return Some(match () {
            () if holds(b"word/") => "docx",
            () if holds(b"xl/") => "xlsx",
            () if holds(b"opendocument.text") => "odt",
            () => "zip",
        });
    }
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

fn head(bytes: &[u8], limit: usize) -> &[u8] {
    bytes.get(..limit).unwrap_or(bytes)
}

/// Western text in UTF-16 has a NUL in nearly every second byte, always on the same side.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = head(bytes, SNIFFED_BYTES);
    if head.len() < 4 {
        return None;
    }
    let pairs = head.len() / 2;
    let nuls = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    let many = pairs * 2 / 5;
    let few = pairs / 20;
    match () {
        () if second > many && first <= few => Some(UTF_16LE),
        () if first > many && second <= few => Some(UTF_16BE),
        () => None,
    }
}

const CONTROLS: Marks<2> = Marks { near: [(0, 31), (127, 127)], far: false };

/// More than one byte in fifty is a control character that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let head = head(bytes, SNIFFED_BYTES);
    let is_odd = |b: &u8| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127);
    let odd = CONTROLS.places(head).filter(|at| head.get(*at).is_some_and(is_odd)).count();
    odd * 50 > head.len().max(200)
}

/// Valid UTF-8, or UTF-8 with a few bad bytes in it: a stray byte must not turn every accent into two characters.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let mut good = 0;
    let mut bad = 0;
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= bad
}

/// The charset an HTML page or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = head(bytes, DECLARING_BYTES).to_ascii_lowercase();
    let name = ["charset=", "encoding="].iter().find_map(|label| {
        let at = head.windows(label.len()).position(|window| window == label.as_bytes())?;
        let value = head.get(at + label.len()..)?;
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let length = value.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)))?;
        value.get(..length)
    })?;
    Encoding::for_label(name).filter(|encoding| *encoding != UTF_8 && !is_utf_16(encoding))
}

/// A page that could be searched for its declaration isn't in UTF-16, whatever it declares.
fn is_utf_16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let start = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0).saturating_sub(64);
    let sample = head(bytes.get(start..).unwrap_or(bytes), GUESSED_BYTES);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Vec<&'static str>) {
        match decode(bytes, false) {
            Decoded::Text { text, notices, .. } => (text, notices.iter().map(|n| n.code).collect()),
            Decoded::Binary { format } => (format!("binary {format:?}"), Vec::new()),
        }
    }

    fn utf_16(words: &str, little: bool) -> Vec<u8> {
        words.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn encodings_are_recognised() {
        let words = "Störung um 10:05";
        let (western, _, _) = encoding_rs::WINDOWS_1252.encode(words);
        let page = [b"<meta charset=\"iso-8859-2\">".as_slice(), b"\xB3"].concat();
        let cases: Vec<(Vec<u8>, &str, Vec<&str>)> = vec![
            (words.into(), words, vec![]),
            ([b"\xEF\xBB\xBF", words.as_bytes()].concat(), words, vec![]),
            ([b"\xFF\xFE".to_vec(), utf_16(words, true)].concat(), words, vec!["encoding"]),
            ([b"\xFE\xFF".to_vec(), utf_16(words, false)].concat(), words, vec!["encoding"]),
            (utf_16(words, true), words, vec!["encoding"]),
            (utf_16(words, false), words, vec!["encoding"]),
            (western.into_owned(), words, vec!["encoding"]),
            (page, "<meta charset=\"iso-8859-2\">ł", vec!["encoding"]),
            ([words.as_bytes(), b" \xFF"].concat(), "Störung um 10:05 \u{FFFD}", vec!["invalid-bytes"]),
            (b"a\0b".to_vec(), "a\0b", vec!["nul-bytes"]),
        ];
        for (bytes, expected, notices) in cases {
            assert_eq!(text(&bytes), (expected.to_owned(), notices));
        }
    }

    #[test]
    fn binaries_are_named() {
        let noise: Vec<u8> = (0..4000u32).map(|i| (i * i % 251) as u8).collect();
        for (bytes, expected) in [
            (b"\x1F\x8Bwords".as_slice(), "binary Some(\"gzip\")"),
            (b"PK\x03\x04....xl/workbook.xml", "binary Some(\"xlsx\")"),
            (b"PK\x03\x04....", "binary Some(\"zip\")"),
            (&noise, "binary None"),
        ] {
            assert_eq!(text(bytes).0, expected);
        }
    }

    #[test]
    fn a_character_cut_by_the_limit_is_no_error() {
        let bytes = "aé".as_bytes();
        let Decoded::Text { text, notices, .. } = decode(&bytes[..2], true) else { panic!("text") };
        assert_eq!((text.as_str(), notices.len()), ("a", 0));
    }
}
