//! Word documents made here, byte by byte: a zip of stored or deflated parts.

use super::*;
use std::io::Write;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A docx with the given body and styles.
pub(in crate::source) fn docx(body: &str, styles: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (name, inner) in [("word/document.xml", body), ("word/styles.xml", styles)] {
        zip.start_file(name, options).unwrap();
        zip.write_all(format!("<?xml version=\"1.0\"?><w:x xmlns:w=\"w\">{inner}</w:x>").as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn check(body: &str, expected: &str) {
    let styles = "<w:style w:styleId=\"berschrift2\"><w:name w:val=\"heading 2\"/></w:style>";
    assert_eq!(text(&docx(body, styles)).unwrap().text, expected, "{body}");
}

#[test]
fn paragraphs_headings_lists_and_tables() {
    check(
        "<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t>Disk full</w:t></w:r></w:p>\
         <w:p><w:pPr><w:pStyle w:val=\"berschrift2\"/></w:pPr><w:r><w:t>Time</w:t></w:r><w:r><w:t>line</w:t></w:r></w:p>\
         <w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/></w:numPr></w:pPr><w:r><w:t>one &amp; two</w:t></w:r></w:p>\
         <w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/></w:numPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>10:05 </w:t></w:r>\
         <w:r><w:t>x*y</w:t></w:r></w:p><w:p/>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>When</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>What|ever</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>10:05</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>left</w:t><w:br/><w:t># kept</w:t></w:r></w:p>",
        "# Disk full\n\n## Timeline\n\n- one & two\n  - **10:05** x\\*y\n\n| When | What\\|ever |\n| --- | --- |\n| 10:05 | a b |\n\nleft\n# kept",
    );
}

/// What is ticked, struck out or has a box of its own is a task that Markdown can tell.
#[test]
fn tasks_keep_their_state() {
    let run = |words: &str| format!("<w:r><w:t>{words}</w:t></w:r>");
    let struck = |words: &str| format!("<w:r><w:rPr><w:strike/></w:rPr><w:t>{words}</w:t></w:r>");
    let list = "<w:pPr><w:numPr><w:ilvl w:val=\"0\"/></w:numPr></w:pPr>";
    let control = |on: &str| {
        let sign = run("R");
        format!(
            "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val=\"{on}\"/></w14:checkbox></w:sdtPr><w:sdtContent>{sign}</w:sdtContent></w:sdt>"
        )
    };
    let field = |on: &str| {
        format!(
            "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val=\"0\"/>{on}</w:checkBox></w:ffData></w:fldChar></w:r>"
        )
    };
    let sym = |code: &str| format!("<w:r><w:sym w:font=\"Wingdings\" w:char=\"{code}\"/></w:r>");
    for (words, expected) in [
        (format!("{}{}", control("1"), run(" Rotate the keys")), "- [x] Rotate the keys"),
        (format!("{}{}", control("0"), run(" Rotate the keys")), "- [ ] Rotate the keys"),
        (format!("{}{}", field("<w:checked/>"), run("Rotate")), "- [x] Rotate"),
        (format!("{}{}", field(""), run("Rotate")), "- [ ] Rotate"),
        (format!("{}{}", sym("F0FE"), run("Rotate")), "- [x] Rotate"),
        (format!("{}{}", sym("F041"), run("Rotate")), "Rotate"),
        (run("☒ Rotate"), "- [x] Rotate"),
        (run("[x] Rotate"), "- [x] Rotate"),
        (run("[12:30] Rotate"), "\\[12:30] Rotate"),
        (format!("{list}{}{}", struck("Rotate "), struck("all")), "- [x] Rotate all"),
        (format!("{}{}", run("Rotate "), struck("none")), "Rotate ~~none~~"),
        ("<w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t>Rotate</w:t></w:r>".to_owned(), "Rotate"),
    ] {
        check(&format!("<w:p>{words}</w:p>"), expected);
    }
    let cell = |words: String| format!("<w:tc><w:p>{words}</w:p></w:tc>");
    let row = format!("<w:tr>{}{}</w:tr>", cell(struck("Rotate")), cell(control("0")));
    check(&format!("<w:tbl>{row}</w:tbl>"), "\n| ☑ Rotate | ☐ |\n| --- | --- |");
}

#[test]
fn a_zip_bomb_is_cut_at_the_limit() {
    let body = "<w:p><w:r><w:t>words</w:t></w:r></w:p>".repeat(1_200_000);
    let bytes = docx(&body, "");
    assert!(bytes.len() < 1024 * 1024, "{}", bytes.len());
    let extracted = text(&bytes).unwrap();
    assert_eq!(extracted.notices.first().map(|n| n.code), Some("limit-inflated"));
    assert!((extracted.text.len() as u64) < MAX_PART_BYTES);
}

#[test]
fn broken_documents_give_a_reason_or_what_they_have() {
    assert!(text(b"PK\x03\x04").is_err());
    assert!(text(&docx("", "")).unwrap().text.is_empty());
    let cut = text(&docx("<w:p><w:r><w:t>words</w:t></w:r></w:p><w:p", "")).unwrap();
    assert_eq!((cut.text.as_str(), cut.notices.len()), ("words", 1));
    let deep = format!("{}<w:p><w:r><w:t>in</w:t></w:r></w:p>", "<w:x>".repeat(100_000));
    assert!(text(&docx(&deep, "")).is_ok());
}
