//! What holds for every text, however odd.

use super::*;
use proptest::prelude::*;

const FORMATS: [Format; 7] =
    [Format::Markdown, Format::Html, Format::Text, Format::Json, Format::Rst, Format::Asciidoc, Format::Mediawiki];

/// Pieces that mean something to one parser or another.
const PIECES: &[&str] = &[
    "---\n",
    "+++\n",
    "title: a\n",
    "# ",
    "## b\n",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "    ",
    "\t",
    "- ",
    "* ",
    "1. ",
    "• ",
    "> ",
    "|",
    " | ",
    "|---|\n",
    "**",
    "__",
    "~~",
    "~",
    "`",
    "```\n",
    "[",
    "](",
    ")",
    "<",
    ">",
    "</",
    "<p>",
    "</p>",
    "<br>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "<th>",
    "</td>",
    "</table>",
    "<h2>",
    "</h2>",
    "<b>",
    "</b>",
    "<pre>",
    "</pre>",
    "<a href=x>",
    "</a>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<nav>",
    "</nav>",
    "<dl>",
    "<dt>",
    "<dd>",
    "&amp;",
    "&#65;",
    "&nbsp;",
    "&",
    "<%",
    "%>",
    "{% x %}",
    "{: .a}",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\"a\"",
    "\\n",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\",
    "é",
    "日本",
    "\u{200B}",
    "\u{A0}",
    "\u{FEFF}",
    "\0",
    "\x0C",
    "words",
    "10:05 UTC",
    "Timeline",
    "===",
    "Page 2 of 3\n",
    "<title>",
    "</title>",
    "<meta name=a content=\"b\">",
    "<div class=\"title\">",
    "</div>",
    "<blockquote>",
    ".. note:: ",
    ".. list-table::\n",
    "   * - ",
    "::\n\n    ",
    ":key: ",
    "+---+---+\n",
    "+===+===+\n",
    "=== ===\n",
    "----\n",
    "|===\n",
    "== ",
    " ==\n",
    "'''",
    "''",
    "{|\n",
    "|-\n",
    "||",
    "!! ",
    "|}\n",
    "{{",
    "}}",
    "[[",
    "]]",
    "<ref>",
    "</ref>",
    "link:",
    "https://",
    "``",
    "_",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn check(text: &str, range: Span) {
    let text: Arc<str> = Arc::from(text);
    for format in FORMATS {
        let document = parse(format, &text, range.clone());
        let is_sound = |span: &Span| {
            document.range.start <= span.start && span.end <= document.range.end && text.get(span.clone()).is_some()
        };
        for field in &document.fields {
            assert!(is_sound(&field.span), "{format:?} {field:?}");
        }
        for (i, block) in document.blocks.iter().enumerate() {
            assert!(!block.text.trim().is_empty(), "{format:?} {block:?}");
            assert!(is_sound(&block.span), "{format:?} {block:?}");
            check_heading(&document, i);
            check_ranges(block);
            for run in &block.map.runs {
                assert!(is_sound(&run.source), "{format:?} {run:?} {block:?}");
                let words = &block.text[run.text.clone()];
                assert!(
                    run.text.len() != run.source.len() || text[run.source.clone()] == *words,
                    "{format:?} {block:?}"
                );
                assert!(is_sound(&block.source(run.text.clone())));
            }
            for (at, word) in block.text.match_indices(char::is_alphanumeric) {
                let source = block.source(at..at + word.len());
                assert!(is_sound(&source) && !source.is_empty(), "{format:?} {word} {block:?}");
            }
        }
        let _ = document.outline();
    }
}

fn check_heading(document: &Document, i: usize) {
    let block = &document.blocks[i];
    let Some(above) = block.heading else { return };
    assert!(above < i);
    let level = match document.blocks[above].kind {
        BlockKind::Heading { level } => level,
        _ => u8::MAX,
    };
    assert!(level < u8::MAX, "governed by {above}, no heading");
    if let BlockKind::Heading { level: own } = block.kind {
        assert!(level < own);
    }
}

fn check_ranges(block: &Block) {
    let is_sound = |span: &Span| block.text.get(span.clone()).is_some();
    assert!(block.strong.iter().all(is_sound), "{block:?}");
    assert!(block.links.iter().all(|(span, _)| is_sound(span)), "{block:?}");
    if let BlockKind::Row { cells, .. } = &block.kind {
        let joined: Vec<_> = cells.iter().map(|cell| block.text.get(cell.clone()).unwrap_or("no cell")).collect();
        assert_eq!(joined.join(" | "), block.text, "{block:?}");
    }
}

/// A name of each format.
const NAMES: &str = "a\\.(md|html|json|ndjson|txt|rst|adoc|wiki|pdf|docx|)";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_sound_document(text in any::<String>()) {
        check(&text, 0..text.len());
    }

    #[test]
    fn any_markup_gives_a_sound_document(text in soup()) {
        check(&text, 0..text.len());
    }

    #[test]
    fn any_part_gives_a_sound_document(text in soup(), start in 0..100_usize, length in 0..100_usize) {
        check(&text, start..start + length);
    }

    #[test]
    fn any_bytes_give_a_text(bytes in prop::collection::vec(any::<u8>(), 0..400), name in NAMES) {
        let input = crate::source::from_bytes(&name, &bytes);
        prop_assert!(input.parts.iter().all(|part| input.text.get(part.clone()).is_some()));
        prop_assert_eq!(documents(&input).count(), input.parts.len());
    }

    #[test]
    fn any_json_soup_splits_into_sound_parts(text in soup()) {
        let input = crate::source::from_bytes("a.json", text.as_bytes());
        prop_assert!(input.parts.is_sorted_by_key(|part| part.start));
        prop_assert_eq!(documents(&input).count(), input.parts.len());
    }
}
