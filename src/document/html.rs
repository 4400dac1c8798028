//! HTML → blocks: a walk over the tags with a stack of what is open, no tree and no recursion, so that every word keeps
//! its place in the source and no nesting is too deep.

mod entities;
mod furniture;
mod tokens;
mod walker;

use super::BlockText;
use super::build::Builder;
use super::front_matter;
use super::inline::{Inline, View};
use crate::domain::Span;
use tokens::{Token, Tokens, attribute};
use walker::Walker;

/// Reads a page: front matter a generator left, `<title>`, `<meta>`, and the body without navigation and the like.
pub(super) fn parse(view: &View, builder: &mut Builder) {
    let start = front_matter::read(view, builder);
    let body = view.slice(start..view.text.len());
    let mut without_furniture = builder.clone();
    let is_sound = Walker::new(&body, &mut without_furniture, true).run();
    // Where leaving out furniture leaves nothing, or never ends, it wasn't furniture.
    if is_sound && without_furniture.len() > 0 {
        *builder = without_furniture;
    } else {
        Walker::new(&body, builder, false).run();
    }
}

/// What a character reference at the start of `text` stands for, and how many bytes it is long.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    entities::decode(text)
}

/// Reads a piece of HTML inside another format.
pub(super) fn parse_fragment(view: &View, builder: &mut Builder) {
    Walker::new(view, builder, true).run();
}

/// The words of a value with elements in its line, as `Jun <var>14</var>`; none where none ends, or where there are
/// paragraphs, which are more than a value.
pub(super) fn without_tags(value: &BlockText) -> Option<BlockText> {
    value.text.contains("</").then_some(())?;
    let view = View::decoded(value);
    let mut words = BlockText::default();
    let mut has_element = false;
    for token in Tokens::new(view.text) {
        let (name, ends) = match token {
            Token::Text(range) => {
                words.push(view.text.get(range.clone())?, view.source(&range));
                continue;
            }
            Token::Open { name, .. } => (name, false),
            Token::Close { name } => (name, true),
        };
        has_element |= ends;
        if furniture::is_block(&view.text.get(name)?.to_ascii_lowercase()) {
            return None;
        }
    }
    has_element.then_some(words)
}

/// Appends text without its character references.
fn words(inline: &mut Inline, view: &View, range: Span, is_verbatim: bool) {
    let mut from = range.start;
    let mut at = range.start;
    while let Some(offset) = view.text.get(at..range.end).and_then(|rest| rest.find('&')) {
        at += offset;
        let Some((decoded, length)) = entities::decode(view.text.get(at..range.end).unwrap_or("")) else {
            at += 1;
            continue;
        };
        put(inline, view, from..at, is_verbatim);
        inline.decoded(decoded.encode_utf8(&mut [0; 4]), &view.source(&(at..at + length)));
        at += length;
        from = at;
    }
    put(inline, view, from..range.end, is_verbatim);
}

fn put(inline: &mut Inline, view: &View, range: Span, is_verbatim: bool) {
    if is_verbatim { inline.verbatim(view, range) } else { inline.words(view, range) }
}

/// A value without character references: `post&#x2011;mortem`.
pub fn without_references(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let (decoded, length) = entities::decode(reference).unwrap_or(('&', 1));
        out.push(decoded);
        rest = reference.get(length..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::document::tests::check as check_format;
    use crate::source::Format;

    fn check(text: &str, expected: &str) {
        check_format(Format::Html, text, expected);
    }

    #[test]
    fn a_page_is_its_text() {
        check(
            "<!doctype html><html lang=en><head><title>A &amp; B</title><meta name=description content='x &lt; y'>
             <meta property='article:published_time' content=2024-01-02>
             <meta name=viewport content=z><style>p{}</style></head>
             <body><nav><a href=/>Home</a></nav><h1>Title<a href='#t'>¶</a></h1><p>One\n two&nbsp;<b>three</b>
             <div class=cookie-banner>Accept</div><div>four<br>five <a href=/x?a&amp;b>six</a></div><script>no</script>
             <footer>© us</footer></body></html>",
            r#"
@html_lang = en
@html_title = A & B
@meta_description = x < y
@article_published_time = 2024-01-02
h1 "Title"
  p "One two three" strong ["three"]
  p "four\nfive six" link "six" -> /x?a&b
"#,
        );
    }

    #[test]
    fn tables_and_terms_are_rows() {
        check(
            "<table><thead><tr><td>Time<td>Event</thead><tr><th>10:00</th><td><p>a</p><ul><li>b<li>c</ul></td></tr>
             </table>
             <table><tr><th>A<th>B<tr><td>1</td><td></td><td>2</td></tr></table>
             <dl><dt>Start<dd>10:00<dt>End<dd>11:00</dl>",
            r#"
th0/2 "Time | Event"
tr0/2 "10:00 | a\nb\nc"
th1/2 "A | B"
tr1/3 "1 |  | 2"
tr2/2 "Start | 10:00"
tr2/2 "End | 11:00"
"#,
        );
    }

    #[test]
    fn a_cell_of_several_rows_keeps_its_column() {
        check(
            "<table><tr><th>Kind<th>Task<th>Who<tr><td rowspan=2>A<td>b<td>c<tr><td>d<td>e<tr><td>f<td rowspan=9>g<td>h
             <tr><td>i<td>j</table><table><tr><td>1<td>2</table>",
            r#"
th0/3 "Kind | Task | Who"
tr0/3 "A | b | c"
tr0/3 " | d | e"
tr0/3 "f | g | h"
tr0/3 "i |  | j"
tr1/2 "1 | 2"
"#,
        );
    }

    #[test]
    fn a_table_for_layout_dissolves() {
        check(
            "<table><tr><td><h2>A</h2><p>words</p><table><tr><td>1<td>2</table></td></tr></table><p>after",
            r#"
h2 "A"
  p "words"
  tr1/2 "1 | 2"
  p "after"
"#,
        );
    }

    #[test]
    fn lists_nest_with_and_without_closing_tags() {
        check(
            "<ul><li>a<ol><li>b</li><li><p>c</p><p>d</p></ol>e<li><input type=checkbox checked> f</ul>
             <blockquote><p>q</p></blockquote><pre>\n x\n  y\n</pre>",
            r#"
ul0 "a"
ol1 "b"
ol1 "c\nd"
p "e"
ul0[x] "f"
quote "q"
code " x\n  y"
"#,
        );
    }

    #[test]
    fn titles_by_class_and_by_looks() {
        check(
            "<div class='incident-title'>Disk full</div><div><p><strong>What happened?</strong></p>words</div>
             <div class=title></div><p>x",
            r#"
h2 "Disk full"
  h6 "What happened?" strong ["What happened?"]
    p "words"
    p "x"
"#,
        );
    }

    #[test]
    fn furniture_that_is_everything_or_never_ends_is_text() {
        check("<nav><p>all there is</p></nav>", "p \"all there is\"");
        check("<p>a</p><nav><p>b</p>", "p \"a\"\np \"b\"");
        check(
            "<b>never closed.<p>a.</p><p>b.",
            "p \"never closed.\" strong [\"never closed.\"]\np \"a.\" strong [\"a.\"]\np \"b.\" strong [\"b.\"]",
        );
    }
}
