//! PDFs made here with the library that reads them.

use super::*;
use lopdf::{Object, Stream, dictionary};

/// A PDF whose pages have the given contents, with one font `F1`.
pub(in crate::source) fn pdf(pages: &[&str]) -> Vec<u8> {
    build(pages, |_| Object::Null)
}

fn build(pages: &[&str], forms: impl Fn(&mut Document) -> Object) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let font = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding" },
    );
    let forms = forms(&mut document);
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => forms });
    let parent = document.new_object_id();
    let kids: Vec<Object> = pages
        .iter()
        .map(|content| {
            let mut stream = Stream::new(dictionary! {}, content.as_bytes().to_vec());
            stream.compress().unwrap();
            let content = document.add_object(stream);
            document.add_object(dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content }).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    document.objects.insert(parent, tree.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn lines_paragraphs_words_and_pages() {
    let first = "BT /F1 18 Tf 50 800 Td (Disk full) Tj ET \
        BT /F1 10 Tf 50 760 Td (10:05 ) Tj (alert ) Tj 0 -12 Td [(went) -600 (on) 40 (.)] TJ 0 -30 Td (Later) Tj ET \
        BT /F1 10 Tf 1 0 0 1 50 600 Tm (When) Tj 1 0 0 1 200 600 Tm (What) Tj ET";
    let text = text(&pdf(&[first, "BT /F1 10 Tf 50 800 Td (Page 2) Tj ET"])).unwrap().text;
    assert_eq!(text, "Disk full\n\n10:05 alert\nwent on.\n\nLater\n\nWhen   What\n\u{c}Page 2");
}

#[test]
fn forms_are_followed_but_not_for_ever() {
    let bytes = build(&["/X Do /X Do"], |document| {
        let id = document.new_object_id();
        let dict = dictionary! {
            "Subtype" => "Form",
            "Resources" => dictionary! { "XObject" => dictionary! { "X" => id } },
        };
        let content = format!("{} BT /F1 10 Tf (x) Tj ET", "/X Do ".repeat(64));
        document.objects.insert(id, Stream::new(dict, content.into_bytes()).into());
        dictionary! { "X" => id }.into()
    });
    let extracted = text(&bytes).unwrap();
    assert!(extracted.text.len() < 100_000_000);
}

#[test]
fn bombs_and_broken_files_end_soon() {
    let page = "BT ET ".repeat(8 * 1024 * 1024);
    let bomb = pdf(&[&page, "BT /F1 10 Tf 50 700 Td (words) Tj ET"]);
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    let extracted = text(&bomb).unwrap();
    assert_eq!((extracted.text.trim(), extracted.notices.len()), ("words", 1), "{:?}", extracted.notices);
    assert!(text(b"%PDF-1.4").is_err());
    assert!(text(format!("%PDF-1.4\n1 0 obj {}", "[".repeat(1_000_000)).as_bytes()).is_err());
    assert!(text(&vec![b'%'; MAX_BYTES + 1]).is_err());
    let whole = pdf(&["BT /F1 10 Tf 50 700 Td (words) Tj ET"]);
    for end in (0..whole.len()).step_by(97) {
        let _ = text(&whole[..end]);
    }
}
