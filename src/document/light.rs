//! Light markup besides Markdown: reStructuredText, AsciiDoc, MediaWiki, Org, Jira. What they share: a writer that
//! gathers lines into blocks, and the marks within a line.
//!
//! Knows nothing of what the words mean. Reads line by line, so that its cost is linear and nothing nests.

mod asciidoc;
mod inline;
mod jira;
mod mediawiki;
mod org;
mod rst;

use super::BlockKind;
use super::build::{Builder, PSEUDO_HEADING_LEVEL};
use super::inline::{Inline, View};
use crate::domain::Span;
use inline::Dialect;

/// How deep lists nest at most; deeper indents count as this.
const MAX_DEPTH: usize = 16;

pub(super) fn rst(view: &View, builder: &mut Builder) {
    rst::parse(Writer::new(view, builder, Dialect::Rst));
}

pub(super) fn asciidoc(view: &View, builder: &mut Builder) {
    asciidoc::parse(Writer::new(view, builder, Dialect::Asciidoc));
}

pub(super) fn mediawiki(view: &View, builder: &mut Builder) {
    mediawiki::parse(Writer::new(view, builder, Dialect::Mediawiki));
}

pub(super) fn org(view: &View, builder: &mut Builder) {
    org::parse(Writer::new(view, builder, Dialect::Org));
}

pub(super) fn jira(view: &View, builder: &mut Builder) {
    jira::parse(Writer::new(view, builder, Dialect::Jira));
}

/// What the lines at hand become.
enum Target {
    Paragraph,
    Item { depth: u8, ordered: bool, checked: Option<bool> },
}

/// Gathers lines into blocks.
struct Writer<'v, 'b> {
    view: &'v View<'v>,
    builder: &'b mut Builder,
    dialect: Dialect,
    inline: Inline,
    target: Target,
    /// Indents of the list items that enclose the next one.
    indents: Vec<usize>,
}

impl<'v, 'b> Writer<'v, 'b> {
    fn new(view: &'v View<'v>, builder: &'b mut Builder, dialect: Dialect) -> Self {
        Writer { view, builder, dialect, inline: Inline::new(), target: Target::Paragraph, indents: Vec::new() }
    }

    /// Ranges of the lines, without their line breaks.
    fn lines(&self) -> std::iter::Peekable<impl Iterator<Item = Span> + use<'v>> {
        let mut at = 0;
        let lines = self.view.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            start..start + line.trim_end_matches(['\n', '\r']).len()
        });
        lines.peekable()
    }

    /// Hands over every line with the one behind it, as long as there is room for what it makes.
    fn each_line(&mut self, mut line: impl FnMut(&mut Self, Span, &str)) {
        let mut lines = self.lines();
        while let Some(range) = lines.next() {
            if self.builder.is_full() {
                break;
            }
            let next = lines.peek().map(|next| self.text(next)).unwrap_or("");
            line(self, range, next);
        }
    }

    fn text(&self, range: &Span) -> &'v str {
        self.view.text.get(range.clone()).unwrap_or("")
    }

    /// A line that goes on with the block at hand.
    fn words(&mut self, range: Span) {
        self.inline.line_break();
        inline::words(&mut self.inline, self.view, range, self.dialect);
    }

    /// `term` and what it is defined as, as a labelled line.
    fn labelled(&mut self, key: Span, value: Span) {
        self.inline.line_break();
        inline::words(&mut self.inline, self.view, key, self.dialect);
        self.inline.separate(": ");
        inline::words(&mut self.inline, self.view, value, self.dialect);
    }

    fn has_words(&self) -> bool {
        !self.inline.is_empty()
    }

    fn in_item(&self) -> bool {
        matches!(self.target, Target::Item { .. })
    }

    fn flush(&mut self) {
        let inline = std::mem::replace(&mut self.inline, Inline::new());
        match std::mem::replace(&mut self.target, Target::Paragraph) {
            Target::Paragraph => {
                if self.builder.paragraph(inline, None) {
                    self.indents.clear();
                }
            }
            Target::Item { depth, ordered, checked } => {
                self.builder.block(BlockKind::Item { depth, ordered, checked }, inline, None);
            }
        }
    }

    fn heading(&mut self, level: usize, range: Span) {
        self.flush();
        self.indents.clear();
        let level = u8::try_from(level).unwrap_or(PSEUDO_HEADING_LEVEL).clamp(1, PSEUDO_HEADING_LEVEL);
        let mut inline = Inline::wrapped();
        inline::words(&mut inline, self.view, range, self.dialect);
        self.builder.heading(level, inline, None);
    }

    /// Begins an item whose depth its markup tells.
    fn item(&mut self, depth: usize, ordered: bool, words: Span) {
        self.flush();
        let depth = u8::try_from(depth.min(MAX_DEPTH)).unwrap_or(0);
        self.target = Target::Item { depth, ordered, checked: None };
        self.words(words);
    }

    /// Says of the item at hand whether it is done.
    fn checked(&mut self, is_done: bool) {
        if let Target::Item { checked, .. } = &mut self.target {
            *checked = Some(is_done);
        }
    }

    /// Begins an item whose depth its indent tells.
    fn indented_item(&mut self, indent: usize, ordered: bool, words: Span) {
        while self.indents.last().is_some_and(|known| *known > indent) {
            self.indents.pop();
        }
        if self.indents.last() != Some(&indent) && self.indents.len() < MAX_DEPTH {
            self.indents.push(indent);
        }
        let depth = self.indents.len().saturating_sub(1);
        self.item(depth, ordered, words);
    }

    /// A row of cells, each of one or more pieces of the source.
    fn row(&mut self, table: u32, header: bool, cells: &[Vec<Span>]) {
        let mut inline = Inline::wrapped();
        for cell in cells {
            for piece in cell {
                inline.space();
                inline::words(&mut inline, self.view, piece.clone(), self.dialect);
            }
            inline.end_cell();
        }
        self.builder.row(table, header, inline, None);
    }

    fn code(&mut self, range: Span) {
        self.flush();
        let mut inline = Inline::new();
        inline.verbatim(self.view, range);
        self.builder.block(BlockKind::Code, inline, None);
    }

    fn field(&mut self, key: &str, value: Span) {
        let text = self.text(&value);
        let start = value.start + text.len() - text.trim_start().len();
        let words = text.trim();
        self.builder.field(key, words, self.view.source(&(start..start + words.len())));
    }
}

/// Columns before the first word; a tab counts four.
fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The marker of a list item at the beginning of a trimmed line: its length with the white space after it, and whether
/// it numbers.
fn marker(words: &str) -> Option<(usize, bool)> {
    let rest = words.strip_prefix(['-', '*', '+', '•']);
    if let Some(rest) = rest.filter(|rest| rest.starts_with(' ')) {
        return (!rest.trim().is_empty()).then(|| (words.len() - rest.trim_start().len(), false));
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '#').len();
    let rest = words.get(digits..)?.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '))?;
    ((1..=3).contains(&digits) && !rest.trim().is_empty()).then(|| (words.len() - rest.trim_start().len(), true))
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: &Span) -> Span {
    let words = text.get(range.clone()).unwrap_or("");
    let start = range.start + words.len() - words.trim_start().len();
    start..start + words.trim().len()
}

/// `:key: value`.
fn field(words: &str) -> Option<(&str, usize)> {
    let rest = words.strip_prefix(':')?;
    let end = rest.find(':').filter(|end| (1..=60).contains(end))?;
    let key = rest.get(..end).filter(|key| !key.starts_with([' ', '`']) && !key.contains('`'))?;
    let after = rest.get(end + 1..)?;
    (after.is_empty() || after.starts_with(' ')).then_some((key, end + 2))
}

#[cfg(test)]
mod tests {
    use crate::document::tests::check;
    use crate::source::Format;

    #[test]
    fn restructured_text() {
        check(
            Format::Rst,
            r#"========
Disk full
========
:Date: 2024-01-18
:Severity: high

.. contents::
   :local:

Timeline
--------

* 10:05 **Alert**
  fires, see `the graph <https://g.example>`_

  - ``df`` says so
* 10:20 fixed

.. note:: All times are UTC.

====== =====
when   what
====== =====
10:05  x y
10:20  z
====== =====

+-----+-----+
| a   | b   |
+=====+=====+
| c   | d   |
|     | e   |
+-----+-----+

Run::

   rm -rf /tmp

after
"#,
            r#"
@date = 2024-01-18
@severity = high
h1 "Disk full"
  h2 "Timeline"
    ul0 "10:05 Alert\nfires, see the graph" strong ["Alert"] link "the graph" -> https://g.example
    ul1 "df says so"
    ul0 "10:20 fixed"
    p "All times are UTC."
    th0/2 "when | what"
    tr0/2 "10:05 | x y"
    tr0/2 "10:20 | z"
    th1/2 "a | b"
    tr1/2 "c | d e"
    p "Run:"
    code "   rm -rf /tmp"
    p "after"
"#,
        );
    }

    #[test]
    fn restructured_list_tables() {
        check(
            Format::Rst,
            ".. list-table:: Events\n   :header-rows: 1\n\n   * - Time\n     - What\n   * - 10:05\n     - It broke\n       badly\n\nwords\n",
            "th0/2 \"Time | What\"\ntr0/2 \"10:05 | It broke badly\"\np \"words\"",
        );
    }

    #[test]
    fn asciidoc() {
        check(
            Format::Asciidoc,
            r#"= Disk full
:revdate: 2024-01-18

// hidden
[NOTE]
====
All times are UTC.
====

== Timeline

* *10:05* alert, see https://g.example[the graph]
** _checked_
. first

[cols="1,2",options="header"]
|===
|When |What

|10:05
|It broke
|===

Owner:: Ann

----
rm -rf /tmp
----
"#,
            r#"
@revdate = 2024-01-18
h1 "Disk full"
  p "All times are UTC."
  h2 "Timeline"
    ul0 "10:05 alert, see the graph" strong ["10:05"] link "the graph" -> https://g.example
    ul1 "checked"
    ol0 "first"
    th0/2 "When | What"
    tr0/2 "10:05 | It broke"
    p "Owner: Ann"
    code "rm -rf /tmp"
"#,
        );
    }

    #[test]
    fn mediawiki() {
        check(
            Format::Mediawiki,
            r#"{{Incident
| status = final
|date=2024-01-18
}}
__TOC__
== Timeline ==
All times '''UTC'''.<ref>hidden</ref>
* 10:05: alert, see [https://g.example the graph]
** [[Disk|the disk]] is full <!-- no -->
# first
; Owner : Ann
{| class="x"
! When !! What
|-
| 10:05 || It broke
|-
| style="x" | 10:20
| fixed
|}
<pre>
rm
</pre>
[[Category:Incidents]]
"#,
            r#"
@status = final
@date = 2024-01-18
h2 "Timeline"
  p "All times UTC." strong ["UTC"]
  ul0 "10:05: alert, see the graph" link "the graph" -> https://g.example
  ul1 "the disk is full" link "the disk" -> Disk
  ol0 "first"
  p "Owner: Ann"
  th0/2 "When | What"
  tr0/2 "10:05 | It broke"
  tr0/2 "10:20 | fixed"
  code "rm"
"#,
        );
    }

    #[test]
    fn org() {
        check(
            Format::Org,
            r#"#+TITLE: Disk full
#+DATE: <2024-01-18 Thu>

* Summary :ops:
  :PROPERTIES:
  :Severity: high
  :END:
  All *times* are UTC, see [[https://g.example][the graph]].
  # hidden
* Timeline
| When               | What   |
|--------------------+--------|
| [2024-01-18 10:05] | =df= x |
- 10:20 :: fixed
  - by hand
- [X] done
after
** TODO [#A] Watch the free space of disks [0/2]
   DEADLINE: <2024-02-01 Thu>
** TODO Cause
#+BEGIN_SRC sh
rm -rf /tmp
#+END_SRC
"#,
            r#"
@title = Disk full
@date = <2024-01-18 Thu>
@severity = high
h1 "Summary"
  p "All times are UTC, see the graph." strong ["times"] link "the graph" -> https://g.example
h1 "Timeline"
  th0/2 "When | What"
  tr0/2 "2024-01-18 10:05 | df x"
  ul0 "10:20: fixed"
  ul1 "by hand"
  ul0[x] "done"
  p "after"
  ul0[ ] "Watch the free space of disks\nDEADLINE: 2024-02-01 Thu"
  h2 "Cause"
    code "rm -rf /tmp"
"#,
        );
    }

    #[test]
    fn jira() {
        check(
            Format::Jira,
            r#"h1. Disk full
*Severity:* high
{toc}
{panel:title=Zone|borderStyle=dashed}
All times are {color:red}UTC{color}, see [the graph|https://g.example] and {{df}}.
{panel}

h2. Timeline
||When||What||
|10:05|It *broke*
badly|
|10:20|fixed|

* one, !image.png!
** two
# first
{code:bash}
rm -rf /tmp
{code}
bq. words
[not a link] 2*3*4
"#,
            r#"
h1 "Disk full"
  p "Severity: high" strong ["Severity:"]
  h6 "Zone"
    p "All times are UTC, see the graph and df." link "the graph" -> https://g.example
  h2 "Timeline"
    th0/2 "When | What"
    tr0/2 "10:05 | It broke badly" strong ["broke"]
    tr0/2 "10:20 | fixed"
    ul0 "one,"
    ul1 "two"
    ol0 "first"
    code "rm -rf /tmp"
    p "words\n[not a link] 2*3*4"
"#,
        );
    }
}
