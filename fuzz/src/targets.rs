//! One function a target. Each panics where a promise is broken; that it ends, and in how much memory, the fuzzer sees.

use crate::cli::{Config, corrections};
use crate::document::{self, sound};
use crate::extract::Defaults;
use crate::query::syntax;
use crate::record::{self, Redactor};
use crate::source::{self, Format, SourceText};
use crate::time::resolve::{Context, YearAnchor, in_zone, resolve};
use crate::time::{Moment, duration, hours, period::Period, written, zone};
use chrono::{NaiveDate, Utc};
use std::io::{Cursor, Write};
use std::sync::{Arc, Once};
use zip::write::{SimpleFileOptions, ZipWriter};

macro_rules! formats {
    ($($name:ident $format:ident,)+) => {
        $(pub fn $name(data: &[u8]) {
            parse(Format::$format, data);
        })+
    };
}

formats! {
    markdown Markdown,
    html Html,
    rst Rst,
    asciidoc Asciidoc,
    mediawiki Mediawiki,
    org Org,
    jira Jira,
    text Text,
    json Json,
}

fn parse(format: Format, data: &[u8]) {
    let text: Arc<str> = Arc::from(String::from_utf8_lossy(data));
    let whole = document::parse(format, &text, 0..text.len());
    sound::check(&whole);
    // And a part of it, as an entry of a feed is.
    sound::check(&document::parse(format, &text, text.len() / 3..text.len() - text.len() / 4));
}

/// YAML or TOML between fences, by the first byte.
pub fn front_matter(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let fence = if first % 2 == 0 { "---" } else { "+++" };
    let text = format!("{fence}\n{}\n{fence}\nwords\n", String::from_utf8_lossy(rest));
    parse(Format::Markdown, text.as_bytes());
}

/// JSON or NDJSON, cut into its entries and read to the end.
pub fn feed(data: &[u8]) {
    read("feed.json", data);
}

/// A zip as it comes; or the parts of one, between NUL bytes, since no fuzzer guesses checksums.
pub fn docx(data: &[u8]) {
    if data.starts_with(b"PK") {
        read("a.docx", data);
        return;
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let names = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels"];
    for (name, part) in names.iter().zip(data.split(|b| *b == 0)) {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        if zip.start_file(*name, stored).is_ok() {
            drop(zip.write_all(part));
        }
    }
    if let Ok(made) = zip.finish() {
        read("a.docx", made.get_ref());
    }
}

/// A panic inside the library that parses PDFs is caught and told; one of ours is not.
pub fn pdf(data: &[u8]) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let abort = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.location().is_none_or(|l| !l.file().contains("/lopdf-")) {
                abort(info);
            }
        }));
    });
    read("a.pdf", data);
}

/// Bytes under a name of some format, read to the end: the first byte chooses the name.
pub fn record(data: &[u8]) {
    const NAMES: &[&str] =
        &["a.md", "a.html", "a.txt", "2024/inc-1.rst", "a.adoc", "a.wiki", "a.json", "a", "a.ndjson"];
    let Some((first, rest)) = data.split_first() else { return };
    read(NAMES[usize::from(*first) % NAMES.len()], rest);
}

fn read(path: &str, data: &[u8]) -> SourceText {
    let input = source::from_bytes(path, data);
    for document in document::documents(&input) {
        sound::check(&document);
    }
    let records = record::records(&input, &Defaults::default());
    record::sound::check(&input, &records);
    let redactor = Redactor::new(&["Jane Doe".to_owned()]);
    for record in &records {
        redactor.record(record).expect("a record can be masked");
    }
    input
}

/// Written times in any text, completed from contexts; what is known of them is said and read again.
pub fn time(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let times = written::read(&text);
    let day = NaiveDate::from_ymd_opt(2024, 2, 29);
    let origin = Moment { date: day, clock: chrono::NaiveTime::from_hms_opt(23, 59, 0), ..Moment::default() };
    let contexts = [
        Context::default(),
        Context { date: day, zone: Some("CET".to_owned()), origin: Some(origin.clone()), ..Context::default() },
        Context { year: day.map(YearAnchor::Before), zone: Some("America/New_York".to_owned()), ..Context::default() },
        Context {
            date: Some(NaiveDate::MAX),
            year: Some(YearAnchor::Year(9999)),
            day_first: true,
            ..Context::default()
        },
        Context { date: Some(NaiveDate::MIN), zone: Some("+14:00".to_owned()), ..Context::default() },
    ];
    for written in &times.written {
        assert!(text.get(written.span.clone()).is_some_and(|words| !words.is_empty()), "{written:?}");
        for context in &contexts {
            let resolved = resolve(written, context);
            for moment in [Some(&resolved.at), resolved.end.as_ref()].into_iter().flatten() {
                moment.minutes_since(&origin);
                moment.local_text();
                moment.offset_text();
                let Some(utc) = moment.utc() else { continue };
                if let Some(there) = in_zone(moment, "Asia/Kathmandu", &[]) {
                    assert_eq!(there.utc(), Some(utc), "{moment:?} {there:?}");
                }
                check_round(utc, moment.has_seconds);
            }
        }
    }
    for lone in &times.zones {
        assert!(text.get(lone.span.clone()).is_some(), "{lone:?}");
        zone::readings(&lone.label);
    }
    zone::parse_offset(&text);
    zone::phrase_length(&text);
    drop(hours::add(&mut Default::default(), &text));
    if let Some(period) = Period::parse(&text) {
        assert!(period.start() <= period.end());
        period.next();
        period.previous();
    }
}

/// An instant that is written as the product writes it is read as the same one.
fn check_round(utc: chrono::DateTime<Utc>, has_seconds: bool) {
    // Years further away are taken for numbers of something else.
    if !(1971..=2098).contains(&chrono::Datelike::year(&utc)) {
        return;
    }
    let shown = utc.format(if has_seconds { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%MZ" }).to_string();
    let again = written::read(&shown).written;
    let again: Vec<_> = again.iter().map(|w| resolve(w, &Context::default()).at.utc()).collect();
    assert_eq!(again, [Some(utc)], "{shown}");
}

pub fn duration(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for found in duration::read(&text).into_iter().chain(duration::read_value(&text)) {
        assert!(text.get(found.span.clone()).is_some(), "{found:?}");
        let shown = duration::show(found.minutes);
        assert_eq!(duration::read_value(&shown).map(|d| d.minutes), Some(found.minutes), "{shown}");
    }
}

pub fn filter(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = syntax::parse(&text) {
        assert!(!error.to_string().is_empty());
    }
    let asked = syntax::read(&text);
    assert!(asked.text.len() <= text.len());
    syntax::is_negated_filter(&text);
}

pub fn corrections(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match corrections::parse(&text) {
        Ok(entries) => {
            let report = "# Shop down\n\nOn 2025-03-02 the shop was down from 10:00 to 11:00 CET.\n";
            let input = source::from_bytes("a.md", report.as_bytes());
            let corrections: Vec<_> = entries.into_iter().map(|e| e.correction).collect();
            let defaults = Defaults { corrections, ..Defaults::default() };
            record::sound::check(&input, &record::records(&input, &defaults));
        }
        Err(mistake) => check_told(mistake.told(&text)),
    }
}

pub fn configuration(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Config::parse(&text) {
        Ok(config) => {
            for path in ["a.md", "reports/acme/2024-01-02.md"] {
                config.defaults(path);
                config.support_hours(path);
            }
        }
        Err(mistake) => check_told(mistake.told(&text)),
    }
}

fn check_told(error: anyhow::Error) {
    assert!(!format!("{error:#}").is_empty());
}
