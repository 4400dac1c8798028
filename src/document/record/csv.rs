//! A table in plain text → a tree of values: one object, if it is one row of a table whose header is known, else an
//! array of them.

use super::super::BlockText;
use super::super::inline::View;
use super::tree::{Kind, Tree};
use crate::domain::Span;
use crate::source::rows::{Rows, delimiter};

/// The rows as objects whose members are named by the header. Nothing without rows below a header.
pub(super) fn tree(view: &View, header: Option<&View>) -> Option<Tree> {
    let first_line =
        |text: &str| text.trim_start_matches(['\n', '\r', '\u{FEFF}']).lines().next().unwrap_or("").to_owned();
    let delimiter = delimiter(&first_line(header.map_or(view.text, |header| header.text)));
    let rows_of = |view: &View| Rows::new(view.text, 0..view.text.len(), delimiter).collect::<Vec<_>>();
    let mut rows = rows_of(view).into_iter();
    let (head, names) = match header {
        Some(header) => (header, rows_of(header).into_iter().next()?),
        None => (view, rows.next()?),
    };
    let mut tree = Tree::new();
    let source = view.source(&(0..view.text.len()));
    if header.is_none() {
        tree.open(None, Kind::Array, source.clone());
    }
    for row in rows {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        tree.open(None, Kind::Object, view.source(&(first.start..last.end)));
        for (name, cell) in names.iter().zip(&row) {
            let value = decode(view, cell);
            if !value.text.trim().is_empty() {
                tree.scalar(Some(decode(head, name)), Kind::String, value, view.source(cell));
            }
        }
        tree.close(view.source(last).end);
    }
    Some(tree.finish(source.end))
}

/// A cell without its quotes; a doubled one inside is one.
fn decode(view: &View, cell: &Span) -> BlockText {
    let mut out = BlockText::default();
    let written = view.text.get(cell.clone()).unwrap_or("");
    let Some(inside) = written.strip_prefix('"') else {
        out.push(
            written.trim_start_matches('\u{FEFF}'),
            view.source(&(cell.end - written.trim_start_matches('\u{FEFF}').len()..cell.end)),
        );
        return out;
    };
    let mut at = cell.start + 1;
    let mut pieces = inside.trim_end().strip_suffix('"').unwrap_or(inside).split("\"\"").peekable();
    while let Some(piece) = pieces.next() {
        out.push(piece, view.source(&(at..at + piece.len())));
        at += piece.len();
        if pieces.peek().is_some() {
            out.push("\"", view.source(&(at..at + 2)));
            at += 2;
        }
    }
    out
}
