//! What the names of members say of their shape: which objects only wrap others, which member names its object, which
//! are for machines alone, which hold times.
//!
//! Knows nothing of incidents.

use super::tree::{Kind, Node, Tree};
use crate::source::is_wrapper;

/// Members that name the object they are in, in order of trust.
const NAMING: &[&str] = &["display_value", "display_name", "name", "value", "label", "title", "summary", "text"];

/// Members that no reader looks at.
const MACHINE: &[&str] = &[
    "avatar",
    "color",
    "etag",
    "expand",
    "gravatar",
    "guid",
    "href",
    "html_url",
    "id",
    "rank",
    "self",
    "self_link",
    "slug",
    "sys_id",
    "url",
    "uuid",
];

/// Last words of keys whose numbers are times.
const TIMES: &[&str] = &[
    "acknowledged",
    "at",
    "began",
    "begin",
    "closed",
    "created",
    "date",
    "datetime",
    "detected",
    "end",
    "ended",
    "finish",
    "finished",
    "identified",
    "mitigated",
    "modified",
    "occurred",
    "on",
    "opened",
    "posted",
    "published",
    "reported",
    "resolved",
    "start",
    "started",
    "time",
    "timestamp",
    "triggered",
    "ts",
    "updated",
    "when",
];

/// Halves of a member written at length.
const PAIR_NAMES: &[&str] = &["name", "type", "label", "milestone", "field", "question", "key"];
const PAIR_VALUES: &[&str] = &["value", "answer", "occurred_at", "timestamp", "time", "at", "date", "text"];
const PAIR_NAME_WORDS_MAX: usize = 5;

/// An identifier, a link to itself, a colour: nothing that a table would show.
pub(super) fn is_machine(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    MACHINE.contains(&key.as_str()) || key.ends_with("_id") || key.ends_with("_url") || key.ends_with("_uuid")
}

/// What numbers an object among its like; of the outermost one it is the report's own number.
pub(super) fn is_number(key: &str) -> bool {
    matches!(key, "id" | "slug" | "rank" | "color" | "uuid" | "type")
}

/// The array that is all that a TOML text holds: an entry that was cut out of a file of them.
pub(super) fn lone_table<'t>(tree: &'t Tree, top: &Node) -> Option<&'t Node> {
    let only = |node: &Node| {
        let mut children = tree.children(node);
        children.next().filter(|_| children.next().is_none())
    };
    let array = only(only(top)?)?;
    (array.kind == Kind::Array && only(array).is_some_and(|row| row.kind == Kind::Object)).then_some(array)
}

/// The member that says what an object is called: of `{"id": 3, "name": "Major"}` the name. Reaches through wrappers.
pub(super) fn naming<'t>(tree: &'t Tree, object: &Node) -> Option<&'t Node> {
    let named =
        |name: &&str| tree.children(object).find(|child| is_scalar(child) && snake(written_key(child)) == **name);
    NAMING.iter().find_map(named).or_else(|| {
        let wrapped = |child: &&Node| child.kind == Kind::Object && is_wrapper(written_key(child));
        tree.children(object).filter(wrapped).find_map(|child| naming(tree, child))
    })
}

/// The name and the value of a row that is a member written at length.
pub(super) fn pair<'t>(tree: &'t Tree, row: &Node) -> Option<(&'t Node, &'t Node)> {
    let mut name = None;
    let mut value = None;
    for child in tree.children(row) {
        let (leaf, key) = match child.kind {
            Kind::Object => match naming(tree, child) {
                Some(leaf) => (leaf, written_key(child)),
                None => continue,
            },
            Kind::Array => continue,
            Kind::String | Kind::Literal => (child, written_key(child)),
        };
        let key = snake(key);
        if PAIR_VALUES.contains(&key.as_str()) {
            value = value.or(Some(leaf));
        } else if child.kind == Kind::Object || PAIR_NAMES.contains(&key.as_str()) {
            name = name.or(Some(leaf));
        } else if !is_machine(&key) {
            // What says more is a row of a table.
            return None;
        }
    }
    let (name, value) = (name?, value?);
    let words = name.value.text.split_whitespace().count();
    (1..=PAIR_NAME_WORDS_MAX).contains(&words).then_some((name, value))
}

/// The time that a number under a key of time stands for, to the second: `2023-11-14T22:13:20Z`.
pub(super) fn epoch(key: &str, value: &str) -> Option<String> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_count = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    // The years 2001 to 2286 have ten digits of seconds and thirteen of milliseconds.
    if !matches!(whole.len(), 10 | 13) || !is_count(whole) || !is_count(fraction) {
        return None;
    }
    let key = snake(key);
    if !TIMES.contains(&key.rsplit('_').next().unwrap_or("")) {
        return None;
    }
    let count: i64 = whole.parse().ok()?;
    let seconds = if whole.len() == 13 { count / 1000 } else { count };
    let time = chrono::DateTime::from_timestamp(seconds, 0)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `occurredAt` and `Occurred-At` as `occurred_at`.
pub(super) fn snake(key: &str) -> String {
    let mut words = String::with_capacity(key.len());
    let mut follows_lower = false;
    for c in key.chars() {
        if c.is_uppercase() && follows_lower || matches!(c, ' ' | '-') {
            words.push('_');
        }
        follows_lower = c.is_lowercase();
        if !matches!(c, ' ' | '-') {
            words.extend(c.to_lowercase());
        }
    }
    words
}

/// The key as it is written.
pub(super) fn written_key(node: &Node) -> &str {
    node.key.as_ref().map_or("", |key| key.text.as_str())
}

fn is_scalar(node: &Node) -> bool {
    matches!(node.kind, Kind::String | Kind::Literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_under_keys_of_time_are_times() {
        for (key, value, expected) in [
            ("created_at", "1700000000", Some("2023-11-14T22:13:20Z")),
            ("createdAt", "1700000000000", Some("2023-11-14T22:13:20Z")),
            ("ts", "1700000000.000300", Some("2023-11-14T22:13:20Z")),
            ("id", "1700000000", None),
            ("created_at", "170000", None),
            ("start", "next week!", None),
        ] {
            assert_eq!(epoch(key, value).as_deref(), expected, "{key} {value}");
        }
    }
}
