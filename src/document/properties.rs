//! What holds for every text, however odd.

use super::*;
use proptest::prelude::*;

const FORMATS: [Format; 13] = [
    Format::Markdown,
    Format::Html,
    Format::Text,
    Format::Json,
    Format::Yaml,
    Format::Toml,
    Format::Csv,
    Format::Feed,
    Format::Rst,
    Format::Asciidoc,
    Format::Mediawiki,
    Format::Org,
    Format::Jira,
];

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
    "#+begin_src\n",
    "#+end_src\n",
    ":a:\n",
    "** TODO ",
    "h2. b\n",
    "||",
    "{code}",
    "{panel:title=a}\n",
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
    "  - ",
    "- title: a\n  date: b\n",
    "incidents:\n",
    "key: |\n  words\n",
    "[[incident]]\n",
    "a = \"b\"\n",
    "Title,Start\n",
    "\"\"",
    "<item>",
    "</item>",
    "<![CDATA[",
    "]]>",
    "<rss>",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn check(text: &str, range: Span) {
    let text: Arc<str> = Arc::from(text);
    for format in FORMATS {
        let document = parse(format, &text, range.clone());
        sound::check(&document);
        let _ = document.outline();
    }
}

/// A name of each format.
const NAMES: &str = "a\\.(md|html|json|ndjson|yaml|toml|csv|xml|txt|rst|adoc|wiki|pdf|docx|eml|mbox|)";

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

/// Found by fuzzing. Each is checked in every format.
#[test]
fn what_broke_once_is_sound() {
    for text in [
        // A grid whose first cell begins below its second one: the row ended before it began.
        "+---+---+\n|   | b |\n| c\n+---+---+\n",
        // An entity as long as the character that it stands for.
        "<p>a &amp; b &#0</p>",
        // Lines of YAML that open with a quotation mark were taken for a quoted value, and cut within a character.
        "---\nkey: |\n  \" A\u{fffd}\n---\nwords\n",
    ] {
        check(text, 0..text.len());
    }
}
