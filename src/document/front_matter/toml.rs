//! TOML between fences → fields with their ranges.

use super::yaml::Found;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// All scalars in order; items of a list share their key. Nothing if the text is no TOML.
pub(super) fn read(text: &str) -> Option<Vec<Found>> {
    let top = DeTable::parse(text).ok()?;
    let mut found = Vec::new();
    table(text, top.get_ref(), "", &mut found);
    found.sort_by_key(|f| f.range.start);
    Some(found)
}

/// Recursion ends with TOML's own nesting, which its parser bounds.
fn table(text: &str, members: &DeTable, path: &str, found: &mut Vec<Found>) {
    for (key, value) in members {
        let key: &str = key.get_ref();
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        collect(text, value, &path, found);
    }
}

fn collect(text: &str, node: &Spanned<DeValue>, path: &str, found: &mut Vec<Found>) {
    let range = node.span();
    let written = text.get(range.clone()).unwrap_or("");
    match node.get_ref() {
        DeValue::Table(members) => table(text, members, path, found),
        DeValue::Array(items) => items.iter().for_each(|item| collect(text, item, path, found)),
        DeValue::String(value) => {
            let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
            let range = (range.start + quotes).min(range.end)..range.end.saturating_sub(quotes).max(range.start);
            found.push(Found { path: path.to_owned(), value: value.to_string(), range });
        }
        _ => found.push(Found { path: path.to_owned(), value: written.to_owned(), range }),
    }
}
