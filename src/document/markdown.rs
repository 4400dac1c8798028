//! Markdown → blocks: GitHub's dialect, and what site generators leave in it.

mod lines;
mod mask;

use super::build::{Builder, PSEUDO_HEADING_LEVEL};
use super::inline::{Inline, View};
use super::{BlockKind, front_matter, html};
use crate::domain::Span;
use lines::{LooseTable, is_barred_throughout};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A heading that is underlined and longer than this is a paragraph before a rule.
const MAX_UNDERLINED_BYTES: usize = 120;
/// So much stands beside the struck words of an item that was ticked off.
const STRUCK_REST_WORDS_MAX: usize = 3;

/// So many columns at which lists begin are remembered.
const MAX_COLUMNS: usize = 16;

/// Reads front matter and body.
pub(super) fn parse(view: &View, builder: &mut Builder) {
    let start = front_matter::read(view, builder);
    parse_body(view, start, builder, 0);
}

/// Reads a string found in a structured document; its headings stand below `level`.
pub(super) fn parse_string(view: &View, builder: &mut Builder, level: u8) {
    parse_body(view, 0, builder, level);
}

fn parse_body(view: &View, start: usize, builder: &mut Builder, level: u8) {
    let masked = mask::template_markup(view.text, start);
    let body = view.with_text(masked.as_deref().unwrap_or(view.text));
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let text = body.text.get(start..).unwrap_or("");
    builder.set_plain(is_plain(text));
    let mut walker = Walker::new(body, *view, builder);
    walker.level = level;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        if walker.builder.is_full() {
            break;
        }
        walker.event(event, start + range.start..start + range.end);
    }
    walker.flush();
}

/// Plain text that was saved as Markdown: no more than its title is marked as a heading.
fn is_plain(text: &str) -> bool {
    let heads = |line: &&str| {
        let marks = line.len() - line.trim_start_matches('#').len();
        (1..=6).contains(&marks) && line.as_bytes().get(marks) == Some(&b' ')
    };
    text.lines().filter(heads).nth(1).is_none() && !text.contains("<h2")
}

/// What the words being read belong to.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Paragraph,
    Heading(u8),
    Item,
    /// An item by a typographic bullet, which Markdown doesn't know.
    Bullet {
        depth: u8,
    },
    Row {
        table: u32,
        header: bool,
    },
    Code,
}

/// A list, and how deep its items are.
struct List {
    ordered: bool,
    depth: u8,
}

/// A list item whose text may not be complete yet.
struct Item {
    start: usize,
    depth: u8,
    ordered: bool,
    checked: Option<bool>,
    is_emitted: bool,
}

struct Walker<'v, 'b> {
    /// With template markup blanked out.
    view: View<'v>,
    /// As written.
    raw: View<'v>,
    builder: &'b mut Builder,
    /// Level of the heading that the whole text stands under.
    level: u8,
    inline: Inline,
    target: Target,
    /// The block in the view, as far as the parser tells.
    span: Option<Span>,
    lists: Vec<List>,
    /// Columns at which items began, and how deep they were, since the last heading: a block that wasn't indented ends
    /// a list for the parser, yet the items after it belong where they stand.
    columns: Vec<(usize, u8)>,
    items: Vec<Item>,
    quotes: usize,
    /// Depth of struck-out text, and its words: the author took them back.
    struck: usize,
    struck_words: Vec<Span>,
    images: usize,
    /// Bytes of a typographic bullet that begins the next words.
    bullet: usize,
    html: Option<Span>,
    loose: Option<LooseTable>,
    /// The paragraph is rows throughout, though its lines don't begin with a bar.
    is_barred: bool,
    table: u32,
}

impl<'v, 'b> Walker<'v, 'b> {
    fn new(view: View<'v>, raw: View<'v>, builder: &'b mut Builder) -> Walker<'v, 'b> {
        Walker {
            view,
            raw,
            builder,
            level: 0,
            inline: Inline::new(),
            target: Target::Paragraph,
            span: None,
            lists: Vec::new(),
            columns: Vec::new(),
            bullet: 0,
            items: Vec::new(),
            quotes: 0,
            struck: 0,
            struck_words: Vec::new(),
            images: 0,
            html: None,
            loose: None,
            is_barred: false,
            table: 0,
        }
    }

    fn event(&mut self, event: Event, range: Span) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(words) => self.words(&words, range),
            Event::Code(words) => self.code(&words, range),
            Event::InlineHtml(tag) => self.inline_html(&tag, range),
            Event::Html(_) => match &mut self.html {
                Some(html) => html.end = range.end,
                None => self.html = Some(range),
            },
            Event::SoftBreak => self.end_line(range.end),
            Event::HardBreak => {
                self.inline.line_break();
                self.end_line(range.end);
            }
            Event::TaskListMarker(checked) => {
                if let Some(item) = self.items.last_mut() {
                    item.checked = Some(checked);
                }
            }
            Event::Rule => self.flush(),
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag, range: Span) {
        match tag {
            Tag::Paragraph => self.start_paragraph(range),
            Tag::Heading { level, .. } => {
                let written = self.view.text.get(range.clone()).unwrap_or("").trim();
                let is_underlined = !written.starts_with('#');
                let is_long = written.len() > MAX_UNDERLINED_BYTES || written.lines().count() > 2;
                self.columns.clear();
                let is_heading = self.quotes == 0 && !(is_underlined && is_long);
                self.open(if is_heading { Target::Heading(*level as u8) } else { Target::Paragraph }, Some(range));
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => self.open(Target::Code, Some(range)),
            Tag::HtmlBlock => {
                self.flush();
                self.html = None;
            }
            Tag::List(first) => self.start_list(first.is_some(), range.start),
            Tag::Item => {
                self.flush();
                let (ordered, depth) = self.lists.last().map_or((false, 0), |list| (list.ordered, list.depth));
                self.items.push(Item { start: range.start, depth, ordered, checked: None, is_emitted: false });
                self.open(Target::Item, None);
            }
            Tag::Table(_) => {
                self.flush();
                self.table = self.builder.next_table();
            }
            Tag::TableHead => self.open(Target::Row { table: self.table, header: true }, Some(range)),
            Tag::TableRow => self.open(Target::Row { table: self.table, header: false }, Some(range)),
            Tag::Strong => self.inline.open_strong(),
            Tag::Emphasis if self.heads_line(&range) => self.inline.open_strong(),
            Tag::Strikethrough => self.strike(&range, true),
            Tag::Link { dest_url, .. } => self.inline.open_link(dest_url),
            Tag::Image { .. } => self.images += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Span) {
        match tag {
            TagEnd::Paragraph => {
                if matches!(self.target, Target::Item) {
                    self.inline.line_break();
                } else {
                    self.flush();
                }
            }
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::TableHead | TagEnd::TableRow => self.flush(),
            TagEnd::TableCell => self.inline.end_cell(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                self.flush();
                self.items.pop();
                // What follows in the outer item is a paragraph of its own.
                self.target = Target::Paragraph;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html_block(html);
                }
            }
            TagEnd::Strong => self.inline.close_strong(),
            TagEnd::Emphasis if self.heads_line(&range) => self.inline.close_strong(),
            TagEnd::Strikethrough => self.strike(&range, false),
            TagEnd::Link => self.inline.close_link(),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            _ => {}
        }
    }

    fn start_list(&mut self, ordered: bool, start: usize) {
        self.flush();
        let before = self.view.text.get(..start).unwrap_or("");
        let line = self.view.text.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("");
        let column = line.len() - line.trim_start_matches([' ', '\t']).len();
        let depth = match self.lists.last() {
            Some(outer) => outer.depth.saturating_add(1),
            None if column == 0 => 0,
            None => self.columns.iter().find(|(at, _)| *at == column).map_or(0, |(_, depth)| *depth),
        };
        if self.columns.len() < MAX_COLUMNS && !self.columns.iter().any(|(at, _)| *at == column) {
            self.columns.push((column, depth));
        }
        self.lists.push(List { ordered, depth });
    }

    fn start_paragraph(&mut self, range: Span) {
        let is_first_of_item = self.target == Target::Item && self.items.last().is_some_and(|item| !item.is_emitted);
        if is_first_of_item {
            return;
        }
        self.open(Target::Paragraph, Some(range.clone()));
        self.is_barred = is_barred_throughout(self.view.text.get(range.clone()).unwrap_or(""));
        self.start_line(range.start);
    }

    /// Begins a block, after ending the one before.
    fn open(&mut self, target: Target, span: Option<Span>) {
        self.flush();
        self.target = target;
        self.span = span;
        if matches!(target, Target::Heading(_) | Target::Row { .. }) {
            self.inline = Inline::wrapped();
        }
    }

    fn words(&mut self, words: &str, range: Span) {
        if self.images > 0 {
            return;
        }
        if self.struck > 0 {
            self.struck_words.push(range);
            return;
        }
        if self.target == Target::Code {
            let source = self.raw;
            self.inline.verbatim(&source, range);
            return;
        }
        let bullet = std::mem::take(&mut self.bullet);
        let (words, range) = match words.get(bullet..) {
            Some(rest) if bullet > 0 => (rest, range.start + bullet..range.end),
            _ => (words, range),
        };
        let is_plain = self.view.text.get(range.clone()) == Some(words);
        if !is_plain {
            let source = self.view.source(&range);
            self.inline.decoded(words, &source);
        } else if self.is_in_loose_row() {
            self.cells(words, range.start);
        } else {
            self.inline.words(&self.view, range);
        }
    }

    fn code(&mut self, words: &str, range: Span) {
        if self.struck > 0 {
            self.struck_words.push(range);
            return;
        }
        let written = self.view.text.get(range.clone()).unwrap_or("");
        match written.find(words).filter(|_| !words.is_empty()) {
            Some(at) => {
                let start = range.start + at;
                self.inline.words(&self.view, start..start + words.len());
            }
            None => {
                let source = self.view.source(&range);
                self.inline.decoded(words, &source);
            }
        }
    }

    fn inline_html(&mut self, tag: &str, _range: Span) {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        let closes = tag.starts_with("</");
        match name.as_str() {
            "br" | "p" | "div" | "li" => self.inline.line_break(),
            "b" | "strong" if closes => self.inline.close_strong(),
            "b" | "strong" => self.inline.open_strong(),
            _ => {}
        }
    }

    /// `~~…~~` takes words back; single tildes are "about", and belong to the words.
    fn strike(&mut self, range: &Span, opens: bool) {
        let written = self.view.text.get(range.clone()).unwrap_or("");
        if written.starts_with("~~") {
            self.struck = if opens { self.struck + 1 } else { self.struck.saturating_sub(1) };
        } else if opens {
            self.inline.words(&self.view, range.start..range.start + 1);
        } else {
            self.inline.words(&self.view, range.end - 1..range.end);
        }
    }

    fn html_block(&mut self, range: Span) {
        self.flush();
        let holds_code = self.view.text.get(range.clone()).is_some_and(|html| html.contains("<pre"));
        let view = if holds_code { self.raw } else { self.view };
        html::parse_fragment(&view.slice(range), self.builder);
    }

    /// Whether slanted words are a line of their own that asks or announces: "*What happened?*" is a heading as strong
    /// words are, "*Written by Ann*" is none, nor is a form's prompt of several questions.
    fn heads_line(&self, range: &Span) -> bool {
        let text = self.view.text;
        let words = text.get(range.clone()).unwrap_or("").trim_end_matches(['*', '_']);
        let before = text.get(..range.start).is_some_and(|t| t.is_empty() || t.ends_with('\n'));
        let after = text.get(range.end..).unwrap_or("");
        let single = words.find(['?', ':']).is_some_and(|at| at + 1 == words.len());
        single && before && (after.is_empty() || after.starts_with(['\n', '\r', ':']))
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        let inline = std::mem::replace(&mut self.inline, Inline::new());
        let struck = std::mem::take(&mut self.struck_words);
        let span = self.span.take().map(|span| self.trimmed(span));
        self.is_barred = false;
        match self.target {
            Target::Heading(level) => {
                self.builder.heading(level.saturating_add(self.level).min(PSEUDO_HEADING_LEVEL), inline, span);
            }
            Target::Row { table, header } => self.end_row(inline, table, header, span),
            Target::Code => {
                self.builder.block(BlockKind::Code, inline, span);
            }
            Target::Item => return self.end_item(inline, &struck),
            Target::Bullet { depth } => {
                let kind = BlockKind::Item { depth, ordered: false, checked: None };
                self.builder.block(kind, inline, None);
            }
            Target::Paragraph if self.quotes > 0 => {
                self.builder.block(BlockKind::Quote, inline, span);
            }
            Target::Paragraph => {
                self.builder.paragraph(inline, span);
            }
        }
        self.target = Target::Paragraph;
    }

    fn end_item(&mut self, mut inline: Inline, struck: &[Span]) {
        self.target = Target::Paragraph;
        let Some(item) = self.items.last_mut() else { return };
        let struck_bytes: usize = struck.iter().map(ExactSizeIterator::len).sum();
        let rest = inline.text().trim();
        // "~~Fix the disk~~ (done)": what is left says no more.
        let is_rest = rest.len() * 2 < struck_bytes && rest.split_whitespace().count() <= STRUCK_REST_WORDS_MAX;
        if is_rest && !struck.is_empty() {
            // An item struck out as a whole was ticked off.
            item.checked = Some(true);
            inline = Inline::new();
            for range in struck {
                inline.words(&self.view, range.clone());
            }
        }
        let start = self.view.source(&(item.start..item.start)).start;
        let span = inline.source().map(|words| start.min(words.start)..words.end);
        let kind = BlockKind::Item { depth: item.depth, ordered: item.ordered, checked: item.checked };
        item.is_emitted |= self.builder.block(kind, inline, span);
    }

    fn trimmed(&self, span: Span) -> Span {
        let written = self.view.text.get(span.clone()).unwrap_or("");
        self.view.source(&(span.start..span.start + written.trim_end().len()))
    }
}

#[cfg(test)]
mod tests {
    use crate::document::tests::check as check_format;
    use crate::source::Format;

    fn check(text: &str, expected: &str) {
        check_format(Format::Markdown, text, expected);
    }

    #[test]
    fn headings_govern_what_follows() {
        check(
            "intro\n\n# A {#id}\n\na\n\n### B\nb\n\n## C `x`\n\nc\n",
            r#"
p "intro"
h1 "A"
  p "a"
  h3 "B"
    p "b"
  h2 "C x"
    p "c"
"#,
        );
    }

    #[test]
    fn plain_text_is_headed_by_names_of_parts() {
        check(
            "# A\nRoot cause:\nwords\nTimeline (all times in UTC)\nmore\n",
            r#"
h1 "A"
  h6 "Root cause:"
    p "words"
  h6 "Timeline (all times in UTC)"
    p "more"
"#,
        );
        check("words on\nimpact\nSummary (short): words\n", "\np \"words on\\nimpact\\nSummary (short): words\"\n");
        check("# A\n\n## B\n\nTimeline\nwords\n", "\nh1 \"A\"\n  h2 \"B\"\n    p \"Timeline\\nwords\"\n");
    }

    #[test]
    fn a_strong_line_is_a_heading() {
        check(
            "**Impact:**\nnone\n**Cause**:\nwords\n\n**10:05 words**\n\n**A: b**\n\n**It broke.**",
            r#"
h6 "Impact:" strong ["Impact:"]
  p "none"
h6 "Cause:" strong ["Cause"]
  p "words"
  p "10:05 words" strong ["10:05 words"]
  p "A: b" strong ["A: b"]
  p "It broke." strong ["It broke."]
"#,
        );
    }

    #[test]
    fn a_slanted_question_is_a_heading() {
        check(
            "*What happened?*\nWords.\n\n_Cause:_\n\nMore, *why?* and\n\n*Written by Ann*",
            r#"
h6 "What happened?" strong ["What happened?"]
  p "Words."
h6 "Cause:" strong ["Cause:"]
  p "More, why? and"
  p "Written by Ann"
"#,
        );
    }

    #[test]
    fn items_are_their_own_text() {
        check(
            "- a
  wrapped
  - b

    more of b
    1. c
- [x] d
- [ ] e

after

1. one

   ```
   code
   ```

   rest
",
            r#"
ul0 "a\nwrapped"
ul1 "b\nmore of b"
ol2 "c"
ul0[x] "d"
ul0[ ] "e"
p "after"
ol0 "one"
code "code"
p "rest"
"#,
        );
    }

    #[test]
    fn bullets_that_markdown_does_not_know() {
        check(
            "so:\n• a **b**\n  c\n• d\n\n● e\n\n- f\n– g\n\n– h",
            r#"
p "so:"
ul0 "a b\nc" strong ["b"]
ul0 "d"
ul0 "e"
ul0 "f"
ul0 "g"
p "– h"
"#,
        );
    }

    #[test]
    fn an_unindented_block_does_not_lift_the_items_after_it() {
        check(
            "- a\n  - b\n\n```\nc\n```\n\n  - d\n\n# E\n\n  - f\n",
            r#"
ul0 "a"
ul1 "b"
code "c"
ul1 "d"
h1 "E"
  ul0 "f"
"#,
        );
    }

    #[test]
    fn tables_with_and_without_header() {
        check(
            "| Time | Event |
|---|---|
| 10:00 | a **b** |
| 10:05 | c \\| d |

words

| 1 | x |
| 2 | `y` |

| 3 | z |
",
            r#"
th0/2 "Time | Event"
tr0/2 "10:00 | a b" strong ["b"]
tr0/2 "10:05 | c | d"
p "words"
tr1/2 "1 | x"
tr1/2 "2 | y"
tr1/2 "3 | z"
"#,
        );
        check(
            "All in UTC\n| Time | Event |\n|--|\n| 10:00 | a |\nafter\n\nx | y\nz | w\n\nHome | About",
            r#"
p "All in UTC"
th0/2 "Time | Event"
tr0/2 "10:00 | a"
p "after"
tr1/2 "x | y"
tr1/2 "z | w"
p "Home | About"
"#,
        );
    }

    #[test]
    fn struck_words_are_taken_back_and_single_tildes_are_about() {
        check(
            "at ~~10:00~~ 10:05, ~10:10 to ~10:20\n\n10:00~10:30, 11:00~11:30\n\n- ~~Fix the disk~~\n- ~~Fix the other disk~~ (done)\n- Fix ~~it~~ that",
            r#"
p "at 10:05, ~10:10 to ~10:20"
p "10:00~10:30, 11:00~11:30"
ul0[x] "Fix the disk"
ul0[x] "Fix the other disk"
ul0 "Fix that"
"#,
        );
    }

    #[test]
    fn what_generators_leave_is_gone() {
        check(
            "<%= partial 'x' %>

{% note %}
words
{: .class}
{% endnote %}

![alt](x.png) a<br>b <u>c</u> &amp; d\\*

<!-- no -->
",
            r#"
p "words"
p "a\nb c & d*"
"#,
        );
    }

    #[test]
    fn html_quotes_code_and_links() {
        check(
            "> said
> so

<details><summary>More</summary>
<ul><li>x</li></ul></details>

    code  x

see [the page](https://a.b) and <https://c.d>",
            r#"
quote "said\nso"
p "More"
ul0 "x"
code "code  x"
p "see the page and https://c.d" link "the page" -> https://a.b link "https://c.d" -> https://c.d
"#,
        );
    }

    #[test]
    fn a_paragraph_before_a_rule_is_no_heading() {
        check("one\ntwo\nthree\n---\n\nShort\n---\nx", "p \"one\\ntwo\\nthree\"\nh2 \"Short\"\n  p \"x\"");
    }
}
