//! Plain text → blocks, also text that was pulled out of a PDF and the strings of a feed: paragraphs, bullets,
//! titles, and the few marks of Markdown that people type everywhere.

mod columns;
mod line;
mod marks;
mod numbered;
mod pages;

use super::build::{Builder, PSEUDO_HEADING_LEVEL};
use super::inline::{Inline, View};
use super::{BlockKind, front_matter};
use crate::domain::Span;
use columns::Table;
pub(super) use line::is_section;
use line::{Bullet, Line, Place};
use std::collections::BTreeMap;

/// How deep lists nest at most; deeper indents count as this.
const MAX_DEPTH: usize = 16;

/// Reads a file: values at its top, page headers and footers, then the body.
pub(super) fn parse(view: &View, builder: &mut Builder) {
    let start = front_matter::read(view, builder);
    let furniture = pages::furniture(view.text, start);
    if !furniture.is_empty() {
        let count = furniture.len();
        builder.notice_once("page-furniture", format!("{count} page headers and footers were left out"));
    }
    Walker::new(view, builder, 1).run(start, |at| furniture.contains(&at));
}

/// Reads a string found in a structured document; its titles stand below `level`.
pub(super) fn parse_string(view: &View, builder: &mut Builder, level: u8) {
    let mut walker = Walker::new(view, builder, level.saturating_sub(1));
    walker.is_first = false;
    walker.run(0, |_| false);
}

enum Target {
    Paragraph,
    Item { depth: u8, ordered: bool, checked: Option<bool> },
    Quote,
}

struct Walker<'v, 'b> {
    view: &'v View<'v>,
    builder: &'b mut Builder,
    inline: Inline,
    target: Target,
    lines: usize,
    /// The only line of the block so far, which a line of dashes would make a heading.
    first_line: Span,
    /// Indents of the list items that enclose the next one, and the last number at each.
    indents: Vec<(usize, Option<u32>)>,
    /// Level of the first title of the text; later ones stand one below it.
    level: u8,
    is_first: bool,
    after_blank: bool,
    after_number: bool,
    /// The item being read began with a bullet: one inside its lines begins another.
    is_bulleted: bool,
    table: Option<Table>,
    /// Where titles of numbered sections stand, and the number of the one being read.
    numbered: BTreeMap<usize, u32>,
    section: Option<u32>,
    /// The line before began with the key of a ticket.
    after_ticket: bool,
}

impl<'v, 'b> Walker<'v, 'b> {
    fn new(view: &'v View<'v>, builder: &'b mut Builder, level: u8) -> Walker<'v, 'b> {
        Walker {
            view,
            builder,
            inline: Inline::new(),
            target: Target::Paragraph,
            lines: 0,
            first_line: 0..0,
            indents: Vec::new(),
            level,
            is_first: true,
            after_blank: true,
            after_number: false,
            is_bulleted: false,
            table: None,
            numbered: BTreeMap::new(),
            section: None,
            after_ticket: false,
        }
    }

    fn run(&mut self, start: usize, is_furniture: impl Fn(usize) -> bool) {
        self.numbered = numbered::titles(self.view.text, start);
        let mut lines = line::lines(self.view.text, start).filter(|range| !is_furniture(range.start)).peekable();
        while let Some(range) = lines.next() {
            if self.builder.is_full() {
                break;
            }
            let next = lines.peek().and_then(|range| self.view.text.get(range.clone()));
            self.line(range, next);
        }
        self.end_row();
        self.flush();
    }

    fn line(&mut self, range: Span, next: Option<&str>) {
        let text = self.view.text;
        let written = text.get(range.clone()).unwrap_or("");
        if !self.numbered.contains_key(&range.start) && self.table_line(&range, written, next) {
            return;
        }
        let number = self.last_number(written);
        let in_bullets = self.is_bulleted && matches!(self.target, Target::Item { .. });
        let is_item = matches!(self.target, Target::Item { .. });
        let is_deeper = is_item && self.indents.last().is_some_and(|(indent, _)| line::indent(written) > *indent);
        let (is_first, after_blank) = (self.is_first, self.after_blank);
        let after_number = std::mem::take(&mut self.after_number);
        let section = self.section;
        let after_ticket = std::mem::replace(&mut self.after_ticket, line::is_ticket(written));
        let place =
            Place { is_first, after_blank, after_number, next, number, section, after_ticket, in_bullets, is_deeper };
        let kind = match self.numbered.get(&range.start) {
            Some(number) => {
                self.section = Some(*number);
                Line::Title
            }
            None => line::classify(written, place),
        };
        self.after_blank = false;
        match kind {
            Line::Blank => {
                self.flush();
                self.after_blank = true;
            }
            Line::Rule(mark) if self.lines == 1 && matches!(self.target, Target::Paragraph) && mark != '*' => {
                self.inline = Inline::new();
                let level = if mark == '=' { self.level } else { self.level + 1 };
                let title = self.first_line.clone();
                self.heading(level, title);
            }
            // A section's number on a line of its own belongs to the title on the next.
            Line::Number => {
                self.flush();
                self.after_number = true;
            }
            Line::Rule(_) => self.flush(),
            Line::Heading { level, words } => {
                self.flush();
                self.heading(level, range.start + words.start..range.start + words.end);
            }
            Line::Title => {
                self.flush();
                let level = if self.is_first { self.level } else { self.level + 1 };
                self.heading(level, range);
            }
            Line::Bullets(bullets) => self.bullets(&range, &bullets),
            Line::Quote(at) => {
                if !matches!(self.target, Target::Quote) {
                    self.flush();
                    self.target = Target::Quote;
                }
                self.words(range.start + at..range.end);
            }
            Line::Words => {
                if matches!(self.target, Target::Quote) {
                    self.flush();
                }
                self.words(range);
            }
        }
        self.is_first &= self.after_blank;
    }

    /// Reads a line as part of a table, if it is.
    fn table_line(&mut self, range: &Span, line: &str, next: Option<&str>) -> bool {
        if self.table.is_none() && next.is_some_and(|next| Table::begins(line, next)) {
            self.flush();
            let id = self.builder.next_table();
            self.table = Some(Table::new(id, line, next.unwrap_or("")));
        }
        let Some(table) = &mut self.table else { return false };
        let Some(pieces) = table.fit(line).filter(|pieces| !pieces.is_empty()) else {
            self.end_row();
            self.table = None;
            return false;
        };
        let begins_row = pieces.first().is_some_and(|(column, _)| *column == 0);
        if begins_row {
            self.end_row();
        }
        if let Some(table) = &mut self.table {
            table.add(range.start, pieces);
        }
        self.is_first = false;
        self.after_blank = false;
        true
    }

    fn end_row(&mut self) {
        let Some(table) = &mut self.table else { return };
        let is_header = table.is_header(self.view.text);
        let mut inline = Inline::wrapped();
        for cell in std::mem::take(&mut table.row) {
            for piece in cell {
                inline.space();
                marks::words(&mut inline, self.view, piece);
            }
            inline.end_cell();
        }
        if self.builder.row(table.id, is_header, inline, None) {
            table.rows += 1;
        }
    }

    fn words(&mut self, range: Span) {
        if self.lines == 0 {
            self.first_line = range.clone();
        }
        self.lines += 1;
        let mut from = range.start;
        for at in line::glued(self.view.text.get(range.clone()).unwrap_or("")) {
            self.inline.line_break();
            marks::words(&mut self.inline, self.view, from..range.start + at);
            from = range.start + at;
        }
        self.inline.line_break();
        marks::words(&mut self.inline, self.view, from..range.end);
    }

    fn heading(&mut self, level: u8, range: Span) {
        let mut inline = Inline::wrapped();
        marks::words(&mut inline, self.view, range);
        self.builder.heading(level.clamp(1, PSEUDO_HEADING_LEVEL), inline, None);
        self.lines = 0;
        self.indents.clear();
    }

    fn bullets(&mut self, range: &Span, bullets: &[Bullet]) {
        for bullet in bullets {
            let words = range.start + bullet.words.start..range.start + bullet.words.end;
            if bullet.is_lead {
                self.words(words);
                continue;
            }
            self.flush();
            while self.indents.last().is_some_and(|(indent, _)| *indent > bullet.indent) {
                self.indents.pop();
            }
            let known = self.indents.last_mut().filter(|(indent, _)| *indent == bullet.indent);
            if let Some((_, number)) = known {
                *number = bullet.number;
            } else if self.indents.len() < MAX_DEPTH {
                self.indents.push((bullet.indent, bullet.number));
            }
            let depth = u8::try_from(self.indents.len().saturating_sub(1)).unwrap_or(u8::MAX);
            self.target = Target::Item { depth, ordered: bullet.number.is_some(), checked: bullet.checked };
            self.is_bulleted = bullet.is_typographic;
            self.words(words);
        }
    }

    /// The number of the last item at the indent of this line: the next one must follow it.
    fn last_number(&self, line: &str) -> Option<u32> {
        let indent = line::indent(line);
        self.indents.iter().find(|(at, _)| *at == indent).and_then(|(_, number)| *number)
    }

    fn flush(&mut self) {
        let inline = std::mem::replace(&mut self.inline, Inline::new());
        self.lines = 0;
        match std::mem::replace(&mut self.target, Target::Paragraph) {
            Target::Paragraph => {
                if self.builder.paragraph(inline, None) {
                    self.indents.clear();
                }
            }
            Target::Item { depth, ordered, checked } => {
                self.builder.block(BlockKind::Item { depth, ordered, checked }, inline, None);
            }
            Target::Quote => {
                self.builder.block(BlockKind::Quote, inline, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::tests::check as check_format;
    use crate::source::Format;

    fn check(text: &str, expected: &str) {
        check_format(Format::Text, text, expected);
    }

    #[test]
    fn titles_paragraphs_and_bullets() {
        check(
            "Disk outage report

The disk was
full.

Root cause
Nobody looked.

IMPACT ON USERS
None.

Notes
=====
- one
  two
  - three
1. a
2. b
10. April was fine
",
            r#"
h1 "Disk outage report"
  p "The disk was\nfull."
  h2 "Root cause"
    p "Nobody looked."
  h2 "IMPACT ON USERS"
    p "None."
h1 "Notes"
  ul0 "one\ntwo"
  ul1 "three"
  ol0 "a"
  ol0 "b\n10. April was fine"
"#,
        );
    }

    #[test]
    fn numbered_sections_and_their_items() {
        check(
            "Outage of search

1. Summary
Search was down.

2. Action items
2.1 Add an alert
2.2 Rotate the logs
2.5 million users saw it

3) Next steps
a) rest
(b) look
e.g. at this

A. Short term
- one
B) Long term
- two
C. Miller looked
D. Brown slept

Root Cause -
A disk.
",
            r#"
h1 "Outage of search"
  h2 "1. Summary"
    p "Search was down."
  h2 "2. Action items"
    ol0 "Add an alert"
    ol0 "Rotate the logs\n2.5 million users saw it"
  h2 "3) Next steps"
    ol0 "rest"
    ol0 "look\ne.g. at this"
  h2 "A. Short term"
    ul0 "one"
  h2 "B) Long term"
    ul0 "two\nC. Miller looked\nD. Brown slept"
  h2 "Root Cause -"
    p "A disk."
"#,
        );
    }

    #[test]
    fn boxes_and_tickets_begin_items() {
        check(
            "o  one\no  two\n\n[x] rest\n[✓] look\n[-] given up\n[a] no box\n\nOPS-7  sleep\nOPS-8: eat\n\nOPS-9 is one alone\nwithout more\n",
            "ul0 \"one\"\nul0 \"two\"\nul0[x] \"rest\"\nul0[x] \"look\"\nul0 \"given up\\n[a] no box\"\nul0 \"OPS-7 sleep\"\nul0 \"OPS-8: eat\"\n\
             p \"OPS-9 is one alone\\nwithout more\"",
        );
    }

    #[test]
    fn hollow_dots_below_an_item() {
        check(
            "• On our side\n  o Add an alert on\n    disks\n  o serviço caiu\n",
            "ul0 \"On our side\"\nul1 \"Add an alert on\\ndisks\\no serviço caiu\"",
        );
    }

    #[test]
    fn what_is_no_title() {
        check(
            "words first.\n\nThe times below are in CET\n\n10:05 It broke\n\nThe team did this:\n\nAll good\n",
            r#"
p "words first."
p "The times below are in CET"
p "10:05 It broke"
p "The team did this:"
p "All good"
"#,
        );
    }

    #[test]
    fn joined_bullets_come_apart() {
        check(
            "Actions: • fix it • watch it • [x] sleep\n",
            "p \"Actions:\"\nul0 \"fix it\"\nul0 \"watch it\"\nul0[x] \"sleep\"",
        );
        check("• one • two", "ul0 \"one\"\nul0 \"two\"");
    }

    #[test]
    fn marks_are_read() {
        check(
            "a **b c** `d` [e](https://f.g) <https://h.i> <u>j</u> 2 < 3 [k] **l\n",
            (r#"p "a b c d e https://h.i j 2 < 3 [k] **l" strong ["b c"] link "e" -> https://f.g "#.to_owned()
                + "link \"https://h.i\" -> https://h.i")
                .as_str(),
        );
    }

    #[test]
    fn page_furniture_is_dropped() {
        check(
            "Incident 7\x0CAcme Corp 1
first words.
Page 1 of 3
\x0CAcme Corp 2
second words.
Page 2 of 3
\x0CAcme Corp 3
third words.",
            r#"
p "Incident 7\nfirst words."
p "second words."
p "third words."
! page-furniture: 5 page headers and footers were left out
"#,
        );
    }
}
