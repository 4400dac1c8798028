//! What people write in lines and the parser takes for one paragraph: tables without a line of dashes, items by
//! typographic bullets.

use super::super::BlockKind;
use super::super::inline::Inline;
use super::{Target, Walker};
use crate::domain::Span;

/// A table without a line of dashes under its header, or without a header: to the parser a paragraph.
pub(super) struct LooseTable {
    table: u32,
    rows: usize,
    /// Blocks there were after its last row: another block in between ends it.
    blocks: usize,
}

impl Walker<'_, '_> {
    pub(super) fn is_in_loose_row(&self) -> bool {
        matches!(self.target, Target::Row { .. }) && self.loose.is_some()
    }

    /// A line of a paragraph begins; it may be a row.
    pub(super) fn start_line(&mut self, at: usize) {
        let rest = self.view.text.get(at..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("").trim_start_matches([' ', '>', '\t']).trim_end();
        self.start_bullet(line);
        let is_row = self.is_barred || line.starts_with('|') && line.matches('|').count() >= 2;
        if !is_row {
            return;
        }
        let span = self.span.take();
        if !self.inline.is_empty() {
            // The paragraph above the table.
            self.flush();
        }
        let is_same = self.loose.as_ref().is_some_and(|l| l.blocks == self.builder.len());
        if !is_same {
            self.loose = Some(LooseTable { table: self.builder.next_table(), rows: 0, blocks: self.builder.len() });
        }
        let table = self.loose.as_ref().map_or(0, |l| l.table);
        self.is_barred = span.is_some() && self.is_barred;
        self.target = Target::Row { table, header: false };
        self.inline = Inline::wrapped();
    }

    /// A line that begins with `•` is an item; one with a dash is, inside a list.
    pub(super) fn start_bullet(&mut self, line: &str) {
        let first = line.chars().next().unwrap_or(' ');
        let in_list = matches!(self.target, Target::Item | Target::Bullet { .. }) || !self.lists.is_empty();
        let is_bullet = is_typographic_bullet(first) || in_list && matches!(first, '–' | '—');
        let rest = line.get(first.len_utf8()..).unwrap_or("");
        if is_bullet && rest.starts_with(char::is_whitespace) && !rest.trim().is_empty() {
            self.flush();
            let depth = self.lists.last().map_or(0, |list| list.depth);
            self.target = Target::Bullet { depth };
            self.bullet = first.len_utf8();
        }
    }

    pub(super) fn end_line(&mut self, next: usize) {
        let is_row = self.is_in_loose_row();
        if is_row {
            let is_barred = self.is_barred;
            self.flush();
            self.is_barred = is_barred;
        } else {
            self.inline.line_break();
        }
        if is_row || self.target == Target::Paragraph {
            self.start_line(next);
        } else if matches!(self.target, Target::Item | Target::Bullet { .. }) {
            let rest = self.view.text.get(next..).unwrap_or("");
            let line = rest.lines().next().unwrap_or("").trim();
            self.start_bullet(line);
        }
    }

    /// Cuts words at the bars.
    pub(super) fn cells(&mut self, words: &str, start: usize) {
        let mut at = start;
        for (i, piece) in words.split('|').enumerate() {
            if i > 0 {
                let is_leading_bar = !self.inline.has_cells() && self.inline.is_empty();
                if !is_leading_bar {
                    self.inline.end_cell();
                }
            }
            self.inline.words(&self.view, at..at + piece.len());
            at += piece.len() + 1;
        }
    }

    pub(super) fn end_row(&mut self, inline: Inline, table: u32, header: bool, span: Option<Span>) {
        let is_dashes = !inline.is_empty() && inline.text().chars().all(|c| matches!(c, '-' | ':' | '|' | ' ' | '\n'));
        let Some(loose) = self.loose.as_mut().filter(|l| l.table == table) else {
            self.builder.row(table, header, inline, span);
            return;
        };
        if is_dashes {
            if loose.rows == 1
                && let Some(BlockKind::Row { header, .. }) = self.builder.last_mut().map(|b| &mut b.kind)
            {
                *header = true;
            }
        } else if self.builder.row(table, header, inline, span) {
            loose.rows += 1;
        }
        loose.blocks = self.builder.len();
    }
}

/// Two lines or more, each cut by the same number of bars with something on either side.
pub(super) fn is_barred_throughout(paragraph: &str) -> bool {
    let mut lines = paragraph.trim_end().lines().map(|line| line.matches(" | ").count());
    let first = lines.next().unwrap_or(0);
    let mut count = 1;
    let is_even = lines.all(|bars| {
        count += 1;
        bars == first
    });
    first > 0 && is_even && count >= 2
}

fn is_typographic_bullet(c: char) -> bool {
    matches!(c, '•' | '‣' | '◦' | '▪' | '●' | '○' | '\u{F0B7}' | '➢' | '►')
}
