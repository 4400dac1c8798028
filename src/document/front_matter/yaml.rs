//! YAML between fences → fields with their ranges.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Spanned, budget, options};
use std::fmt;

/// A value, its key's path, and its byte range in the parsed text.
pub(super) struct Found {
    pub path: String,
    pub value: String,
    pub range: std::ops::Range<usize>,
}

/// More nodes than this are an attack by aliases, not front matter.
const MAX_NODES: usize = 5_000;

/// All scalars in order; items of a list share their key. Nothing if the text is no YAML mapping.
pub(super) fn read(text: &str) -> Option<Vec<Found>> {
    let options = options! {
        budget: budget! { max_nodes: MAX_NODES },
        duplicate_keys: DuplicateKeyPolicy::FirstWins,
        strict_booleans: true,
    };
    let top: Spanned<Value> = serde_saphyr::from_str_with_options(text, options).ok()?;
    if !matches!(top.value, Value::Map(_) | Value::Nothing) {
        return None;
    }
    let mut found = Vec::new();
    collect(text, &top, "", &mut found);
    Some(found)
}

/// Recursion ends with YAML's own nesting, which the budget bounds.
fn collect(text: &str, node: &Spanned<Value>, path: &str, found: &mut Vec<Found>) {
    match &node.value {
        Value::Nothing => {}
        Value::Scalar(decoded) => {
            let span = node.referenced.span();
            let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) else { return };
            let (Ok(start), Ok(length)) = (usize::try_from(start), usize::try_from(length)) else { return };
            let written = text.get(start..start + length).unwrap_or("").trim_end();
            let range = start..start + written.len();
            // Plain scalars as they stand: a version `1.10` is no number, a date no string of digits.
            let is_plain = !written.is_empty() && !written.starts_with(['"', '\'', '|', '>', '*', '&', '!']);
            let value = if is_plain && !written.contains('\n') { written } else { decoded };
            // A block of lines may open with a quotation mark of its own.
            let is_quoted = |q| written.len() > 1 && written.starts_with(q) && written.ends_with(q);
            let quotes = usize::from(is_quoted('"') || is_quoted('\''));
            let range = range.start + quotes..range.end - quotes;
            found.push(Found { path: path.to_owned(), value: value.to_owned(), range });
        }
        Value::List(items) => {
            for item in items {
                collect(text, item, path, found);
            }
        }
        Value::Map(members) => {
            for (key, value) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(text, value, &path, found);
            }
        }
    }
}

enum Value {
    Nothing,
    Scalar(String),
    List(Vec<Spanned<Value>>),
    Map(Vec<(String, Spanned<Value>)>),
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
