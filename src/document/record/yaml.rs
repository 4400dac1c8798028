//! YAML → a tree of values.

use super::super::BlockText;
use super::super::inline::View;
use super::tree::{Kind, Tree};
use crate::domain::Span;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Spanned, budget, options};
use std::fmt;

/// More nodes than this are an attack by aliases, no report.
const MAX_NODES: usize = 20_000;

/// All values of the first document of a text. Nothing if it is no YAML.
pub(super) fn tree(view: &View) -> Option<Tree> {
    let options = options! {
        budget: budget! { max_nodes: MAX_NODES },
        duplicate_keys: DuplicateKeyPolicy::FirstWins,
        strict_booleans: true,
    };
    let first = first_document(view.text);
    let top: Spanned<Value> = serde_saphyr::from_str_with_options(first, options).ok()?;
    if matches!(top.value, Value::Scalar(_)) {
        return None;
    }
    let mut tree = Tree::new();
    add(view, &top, None, &mut tree);
    Some(tree.finish(view.source(&(0..view.text.len())).end))
}

/// The text up to the line that ends its first document.
fn first_document(text: &str) -> &str {
    let mut at = 0;
    let mut has_words = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        if (words == "---" || words == "...") && has_words {
            return text.get(..at).unwrap_or(text);
        }
        has_words |= !words.is_empty() && !words.starts_with('#') && words != "---";
        at += line.len();
    }
    text
}

/// Recursion ends with YAML's own nesting, which the budget bounds.
fn add(view: &View, node: &Spanned<Value>, key: Option<BlockText>, tree: &mut Tree) {
    let range = range_of(view, node);
    let source = view.source(&range);
    match &node.value {
        Value::Nothing => {}
        Value::Scalar(decoded) => {
            let written = view.text.get(range.clone()).unwrap_or("");
            // Plain scalars as they stand: a version `1.10` is no number, a date no string of digits.
            let is_plain = !written.is_empty() && !written.starts_with(['"', '\'', '|', '>', '*', '&', '!']);
            let value = if is_plain && !written.contains('\n') { written } else { decoded };
            tree.scalar(key, Kind::String, aligned(view, value, &range), source);
        }
        Value::List(items) => {
            tree.open(key, Kind::Array, source.clone());
            for item in items {
                add(view, item, None, tree);
            }
            tree.close(source.end);
        }
        Value::Map(members) => {
            tree.open(key, Kind::Object, source.clone());
            for (key, value) in members {
                add(view, value, Some(aligned(view, &key.value, &range_of(view, key))), tree);
            }
            tree.close(source.end);
        }
    }
}

fn range_of<T>(view: &View, node: &Spanned<T>) -> Span {
    let span = node.referenced.span();
    let offset = span.byte_offset().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let length = span.byte_len().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let start = view.text.floor_char_boundary(offset);
    let end = view.text.floor_char_boundary(start + length);
    let written = view.text.get(start..end).unwrap_or("").trim_end();
    start..start + written.len()
}

/// How far ahead a word is looked for: indentation and quotes stand between, no sentences.
const MAX_GAP_BYTES: usize = 256;

/// A value's words, each where it stands in what was written; what was written otherwise stands for the whole.
pub(super) fn aligned(view: &View, value: &str, written: &Span) -> BlockText {
    let mut out = BlockText::default();
    let mut at = written.start;
    for piece in value.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = piece.get(word.len()..).unwrap_or("");
        let rest = view.text.get(at..written.end).unwrap_or("");
        let near = super::super::prefix(rest, MAX_GAP_BYTES + word.len());
        match near.find(word).filter(|_| !word.is_empty()) {
            Some(offset) => {
                // White space that follows on the spot stays part of the run.
                let follows = rest.get(offset + word.len()..).is_some_and(|rest| rest.starts_with(space));
                let taken = word.len() + if follows { space.len() } else { 0 };
                let start = at + offset;
                at = start + taken;
                out.push(piece.get(..taken).unwrap_or(word), view.source(&(start..at)));
                out.push_separator(piece.get(taken..).unwrap_or(""));
            }
            None => {
                out.push(word, other(view, word, written));
                out.push_separator(space);
                at = view.text.floor_char_boundary((at + word.len()).min(written.end));
            }
        }
    }
    out
}

/// Where a word stands that was written otherwise: a range that cannot be taken for the word itself.
fn other(view: &View, word: &str, written: &Span) -> Span {
    let end = if word.len() == written.len() { written.end.saturating_sub(1) } else { written.end };
    let end = view.text.floor_char_boundary(end).max(written.start);
    view.source(&(written.start..end))
}

enum Value {
    Nothing,
    Scalar(String),
    List(Vec<Spanned<Value>>),
    Map(Vec<(Spanned<String>, Spanned<Value>)>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Value::Map(map))
    }
}
