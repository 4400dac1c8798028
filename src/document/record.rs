//! Data → fields and blocks: scalar members are fields, arrays of objects are tables, long strings are prose under the
//! name of their member. The same for every format that data comes in.

mod csv;
mod feed;
mod json;
mod names;
mod toml;
pub(super) mod tree;
pub(super) mod yaml;

use super::build::{Builder, PSEUDO_HEADING_LEVEL};
use super::inline::{Inline, MAX_CELLS, View};
use super::{BlockText, Field, html, light, markdown, text};
use crate::domain::Span;
use crate::source::{Format, has_jira_structure, has_markdown_structure, is_wrapper};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use tree::{Kind, Node, Tree};

/// A string of at least this many characters is prose as well as a value.
const PROSE_CHARS: usize = 80;
/// Level of the heading that names a member of the outermost object.
const MEMBER_LEVEL: u8 = 2;

/// Reads one value: an object, or an array; of a table one row, if its header is given, else all of them.
pub(super) fn parse(format: Format, view: &View, header: Option<&View>, builder: &mut Builder) {
    let tree = match format {
        Format::Csv => csv::tree(view, header),
        Format::Yaml => yaml::tree(view),
        Format::Toml => toml::tree(view),
        Format::Feed => Some(feed::tree(view)),
        _ => Some(json::tree(view)),
    };
    let Some(tree) = tree else {
        builder.notice_once("broken-data", format!("this is no valid {} and was read as text", format.name()));
        return text::parse(view, builder);
    };
    if tree.is_too_deep {
        builder.notice_once("limit-depth", "values nested too deep were left out".to_owned());
    }
    if tree.is_too_large {
        builder.notice_once("limit-values", "only the first values were read".to_owned());
    }
    let Some(mut top) = tree.top() else { return };
    if format == Format::Toml {
        top = names::lone_table(&tree, top).unwrap_or(top);
    }
    let mut walker = Walker { tree: &tree, builder, told: BTreeSet::new() };
    // Lines of objects that belong together are a table, like an array of them.
    let is_table = tree.children(top).filter(|node| node.kind == Kind::Object).nth(1).is_some();
    if is_table {
        return walker.array(top, "", MEMBER_LEVEL);
    }
    for node in tree.children(top) {
        match (node.kind, &node.key) {
            (Kind::Object, None) => walker.object(node, "", MEMBER_LEVEL),
            (Kind::Array, None) => walker.only(node, "", MEMBER_LEVEL),
            _ => walker.member(node, "", MEMBER_LEVEL),
        }
    }
}

/// The scalars of an object, without its prose: front matter.
pub(super) fn fields(view: &View, builder: &mut Builder) {
    let tree = json::tree(view);
    let mut walker = Walker { tree: &tree, builder, told: BTreeSet::new() };
    for node in tree.top().into_iter().flat_map(|top| tree.children(top)) {
        walker.fields_below(node, "");
    }
}

/// The scalars of front matter with their paths; false if the text is no mapping of its format.
pub(super) fn plain_fields(format: Format, view: &View, builder: &mut Builder) -> bool {
    let tree = if format == Format::Yaml { yaml::tree(view) } else { toml::tree(view) };
    let Some(tree) = tree else { return false };
    let tops: Vec<&Node> = tree.top().into_iter().flat_map(|top| tree.children(top)).collect();
    if tops.iter().any(|node| node.kind != Kind::Object) {
        return false;
    }
    let mut walker = Walker { tree: &tree, builder, told: BTreeSet::new() };
    for node in tops {
        walker.plain_below(node, "");
    }
    true
}

/// What members of a feed say about its entries; those that stand alone get `feed.` before their key, and the key of
/// the frame that they are in, if it has one.
pub(super) fn context_fields(format: Format, source: &str, members: &[Span], frame: Option<&Span>) -> Vec<Field> {
    let mut builder = Builder::default();
    let frame = frame.and_then(|key| source.get(key.clone())).map(|key| names::snake(key.trim_matches('"')));
    let prefix = joined("feed", frame.as_deref().unwrap_or_default());
    for member in members {
        let view = View::of(source, member);
        let tree = match format {
            Format::Csv => None,
            Format::Yaml => yaml::tree(&view),
            Format::Toml => toml::tree(&view),
            Format::Feed => Some(feed::tree(&view)),
            _ => Some(json::tree(&view)),
        };
        let Some(tree) = tree else { continue };
        let mut walker = Walker { tree: &tree, builder: &mut builder, told: BTreeSet::new() };
        let mut tops: Vec<&Node> = tree.top().into_iter().flat_map(|top| tree.children(top)).collect();
        if let [only] = tops.as_slice()
            && only.kind == Kind::Object
            && only.key.is_none()
        {
            tops = tree.children(only).collect();
        }
        for node in tops {
            match node.kind {
                Kind::Object => walker.fields_below(node, &key_of(node)),
                Kind::Array => {}
                Kind::String | Kind::Literal => walker.scalar(node, &joined(&prefix, &key_of(node))),
            }
        }
    }
    builder.into_fields()
}

/// The key as words: `startTime` and `start_time` are the same.
fn key_of(node: &Node) -> String {
    names::snake(names::written_key(node))
}

/// A scalar's words; a count of seconds since 1970 as the time that it means.
fn value_of(node: &Node) -> Cow<'_, BlockText> {
    match names::epoch(names::written_key(node), &node.value.text) {
        Some(time) => {
            let mut value = BlockText::default();
            value.push(&time, node.value.source().unwrap_or_else(|| node.span.clone()));
            Cow::Owned(value)
        }
        None => Cow::Borrowed(&node.value),
    }
}

/// The same as a reader sees it: a short one without its markup.
fn shown_value_of(node: &Node) -> Cow<'_, BlockText> {
    let value = value_of(node);
    match html::without_tags(&value) {
        Some(plain) if node.kind == Kind::String && !is_prose(&plain.text) => Cow::Owned(plain),
        _ => value,
    }
}

struct Walker<'a> {
    tree: &'a Tree,
    builder: &'a mut Builder,
    /// Prose that was read: feeds repeat their latest update.
    told: BTreeSet<String>,
}

impl Walker<'_> {
    fn object(&mut self, node: &Node, path: &str, level: u8) {
        for child in self.tree.children(node) {
            self.member(child, path, level);
        }
    }

    fn member(&mut self, node: &Node, path: &str, level: u8) {
        let key = key_of(node);
        if !path.is_empty() && names::is_number(&key) {
            return;
        }
        match node.kind {
            Kind::Object => {
                // What only wraps an object's members adds nothing to their names.
                let path = if is_wrapper(&key) { path.to_owned() } else { joined(path, &key) };
                let is_own = !is_wrapper(&key);
                if let Some(name) = names::naming(self.tree, node).filter(|_| is_own) {
                    self.scalar(name, &path);
                }
                self.object(node, &path, level.saturating_add(1));
            }
            Kind::Array => self.array(node, &joined(path, &key), level),
            Kind::String => {
                self.scalar(node, &joined(path, &key));
                self.prose(node, level);
            }
            Kind::Literal => self.scalar(node, &joined(path, &key)),
        }
    }

    /// A list of one object is that object.
    fn only(&mut self, node: &Node, path: &str, level: u8) {
        let mut children = self.tree.children(node);
        match (children.next(), children.next()) {
            (Some(child), None) if child.kind == Kind::Object => self.object(child, path, level),
            _ => self.array(node, path, level),
        }
    }

    /// Fields of an object whose prose is of no interest.
    fn fields_below(&mut self, node: &Node, path: &str) {
        for child in self.tree.children(node) {
            let path = joined(path, &key_of(child));
            match child.kind {
                Kind::Object | Kind::Array => self.fields_below(child, &path),
                Kind::String | Kind::Literal => self.scalar(child, &path),
            }
        }
    }

    /// As [`Walker::fields_below`], with keys and values as they stand.
    fn plain_below(&mut self, node: &Node, path: &str) {
        for child in self.tree.children(node) {
            let path = joined(path, child.key.as_ref().map_or("", |key| key.text.as_str()));
            match child.kind {
                Kind::Object | Kind::Array => self.plain_below(child, &path),
                Kind::String | Kind::Literal => {
                    let span = child.value.source().unwrap_or_else(|| child.span.clone());
                    self.builder.field(&path, &child.value.text, span);
                }
            }
        }
    }

    fn scalar(&mut self, node: &Node, path: &str) {
        let value = shown_value_of(node);
        let span = value.source().unwrap_or_else(|| node.span.clone());
        self.builder.field(path, &value.text, span);
    }

    /// An array of objects is a table, one of scalars gives a field each.
    fn array(&mut self, node: &Node, path: &str, level: u8) {
        if self.tree.children(node).any(|child| child.kind == Kind::Object) {
            self.heading(node, level);
            self.table(node);
            self.pairs(node);
            for row in self.tree.children(node).filter(|row| row.kind == Kind::Object) {
                self.row_prose(row, level.saturating_add(1));
            }
            return;
        }
        for child in self.tree.children(node) {
            match child.kind {
                Kind::String => {
                    self.scalar(child, path);
                    self.prose(child, level);
                }
                Kind::Literal => self.scalar(child, path),
                Kind::Array => self.array(child, path, level.saturating_add(1)),
                Kind::Object => {}
            }
        }
    }

    /// Rows of a name and a value (`{"type": "resolved", "occurred_at": …}`) are members written at length.
    fn pairs(&mut self, array: &Node) {
        for row in self.tree.children(array).filter(|row| row.kind == Kind::Object) {
            if let Some((name, value)) = names::pair(self.tree, row) {
                self.scalar(value, &name.value.text);
            }
        }
    }

    fn table(&mut self, array: &Node) {
        let mut columns: Vec<&Node> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let rows = || self.tree.children(array).filter(|row| row.kind == Kind::Object);
        for member in rows().flat_map(|row| self.tree.children(row)) {
            let key = key_of(member);
            if known.contains_key(&key) || names::is_machine(&key) {
                continue;
            }
            if columns.len() >= MAX_CELLS {
                self.builder.note_cut_cells();
                break;
            }
            known.insert(key, columns.len());
            columns.push(member);
        }
        let table = self.builder.next_table();
        let mut header = Inline::new();
        for column in &columns {
            if let Some(key) = &column.key {
                put(&mut header, key);
            }
            header.end_cell();
        }
        self.builder.row(table, true, header, None);
        for row in rows() {
            if self.builder.is_full() {
                return;
            }
            let mut cells: Vec<Option<&Node>> = vec![None; columns.len()];
            for member in self.tree.children(row) {
                if let Some(cell) = known.get(&key_of(member)).and_then(|column| cells.get_mut(*column)) {
                    *cell = Some(member);
                }
            }
            let mut inline = Inline::new();
            for cell in cells {
                if let Some(node) = cell {
                    self.cell(&mut inline, node);
                }
                inline.end_cell();
            }
            self.builder.row(table, false, inline, Some(row.span.clone()));
        }
    }

    /// All scalars of a value, joined.
    fn cell(&self, inline: &mut Inline, node: &Node) {
        match node.kind {
            Kind::String | Kind::Literal => {
                if !inline.is_at_cell_start() {
                    inline.separate(", ");
                }
                put(inline, &shown_value_of(node));
            }
            Kind::Object | Kind::Array => {
                for child in self.tree.children(node) {
                    if !names::is_machine(&key_of(child)) {
                        self.cell(inline, child);
                    }
                }
            }
        }
    }

    /// The long strings of a table's row, under the date that the row gives itself.
    fn row_prose(&mut self, row: &Node, level: u8) {
        let has_prose = |node: &Node| node.kind == Kind::String && self.is_news(&value_of(node).text);
        if !self.tree.children(row).any(has_prose) {
            return;
        }
        let stamp = self.tree.children(row).find(|node| node.kind == Kind::String && is_stamp(&value_of(node).text));
        if let Some(stamp) = stamp {
            let mut inline = Inline::wrapped();
            put(&mut inline, &value_of(stamp));
            self.builder.heading(level.min(PSEUDO_HEADING_LEVEL), inline, None);
        }
        for node in self.tree.children(row).filter(|node| node.kind == Kind::String) {
            let value = value_of(node);
            if self.is_news(&value.text) {
                self.tell(&value, level);
            }
        }
    }

    /// Prose that wasn't told before, nor is the beginning of such.
    fn is_news(&self, value: &str) -> bool {
        let beginning = value.trim_end().trim_end_matches(['.', '…']);
        let next = self.told.range::<str, _>((Bound::Included(beginning), Bound::Unbounded)).next();
        is_prose(value) && !next.is_some_and(|told| told.starts_with(beginning))
    }

    fn tell(&mut self, value: &BlockText, level: u8) {
        blocks(value, self.builder, level);
        self.told.insert(value.text.clone());
    }

    fn prose(&mut self, node: &Node, level: u8) {
        let value = value_of(node);
        if self.is_news(&value.text) {
            self.heading(node, level);
            self.tell(&value, level);
        }
    }

    /// The member's name as a heading: `root_cause` is the section "root cause".
    fn heading(&mut self, node: &Node, level: u8) {
        let Some(written) = &node.key else { return };
        let view = View::decoded(written);
        let mut inline = Inline::wrapped();
        let mut at = 0;
        for word in written.text.split_inclusive(['_', '-']) {
            let length = word.trim_end_matches(['_', '-']).len();
            inline.words(&view, at..at + length);
            inline.space();
            at += word.len();
        }
        self.builder.heading(level.min(PSEUDO_HEADING_LEVEL), inline, None);
    }
}

fn joined(path: &str, key: &str) -> String {
    match (path.is_empty(), key.is_empty()) {
        (true, _) => key.to_owned(),
        (_, true) => path.to_owned(),
        _ => format!("{path}.{key}"),
    }
}

fn put(inline: &mut Inline, value: &BlockText) {
    inline.words(&View::decoded(value), 0..value.text.len());
}

/// Prose as people and programs put it in strings: HTML, Markdown, or plain.
fn blocks(value: &BlockText, builder: &mut Builder, level: u8) {
    let view = View::decoded(value);
    let is_html = ["</p>", "<br", "</li>", "</div>", "</td>"].iter().any(|tag| value.text.contains(tag));
    if is_html {
        html::parse_fragment(&view, builder);
    } else if has_jira_structure(&value.text) {
        light::jira(&view, builder);
    } else if has_markdown_structure(&value.text) {
        markdown::parse_string(&view, builder, level);
    } else {
        text::parse_string(&view, builder, level.saturating_add(1));
    }
}

fn is_prose(value: &str) -> bool {
    value.contains('\n') || value.chars().nth(PROSE_CHARS - 1).is_some()
}

/// `2022-12-14T20:20:37+00:00` and the like.
fn is_stamp(value: &str) -> bool {
    let digits = |range: Span| value.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    value.len() <= 40 && digits(0..4) && digits(5..7) && digits(8..10) && value.get(4..5) == Some("-")
}

#[cfg(test)]
mod tests {
    use super::super::{documents, tests::check as check_format};
    use super::*;
    use crate::source::from_bytes;

    #[test]
    fn scalars_are_fields_and_arrays_tables() {
        check_format(
            Format::Json,
            r#"{"id": 7, "startTime": "2024-01-02", "a": {"b-c": true, "d": null}, "tags": ["x", "y"],
                "updates": [{"at": "10:00", "who": {"n": "A", "m": ["B", 3]}}, {"at": "10:05", "text": "ok"}]}"#,
            r#"
@id = 7
@start_time = 2024-01-02
@a.b_c = true
@tags = x
@tags = y
h2 "updates"
  th0/3 "at | who | text"
  tr0/3 "10:00 | A, B, 3 | "
  tr0/3 "10:05 |  | ok"
"#,
        );
    }

    #[test]
    fn long_strings_are_prose() {
        check_format(
            Format::Json,
            r#"{"root_cause": "The **disk**\nwas \u00fcber full.\n\n- a\n- b",
                "log": [{"when": "2024-01-02T03:04:05Z", "body": "<p>one</p><p>two &amp; three</p>"}],
                "latest": {"body": "<p>one</p><p>two &amp; three</p>"}}"#,
            r#"
@root_cause = The **disk**
was über full.

- a
- b
@latest.body = <p>one</p><p>two &amp; three</p>
h2 "root cause"
  p "The disk\nwas über full." strong ["disk"]
  ul0 "a"
  ul0 "b"
h2 "log"
  th0/2 "when | body"
  tr0/2 "2024-01-02T03:04:05Z | <p>one</p><p>two &amp; three</p>"
"#,
        );
    }

    #[test]
    fn words_of_a_string_know_their_place() {
        let text = r#"{"a": "caf\u00e9 \"x\"\nshut \ud83d\ude00 at 10:05"}"#;
        let input = from_bytes("a.json", text.as_bytes());
        let document = documents(&input).next().expect("one");
        let block = document.blocks.iter().find(|b| b.text.contains("10:05")).expect("prose");
        let place = |word: &str| {
            let at = block.text.find(word).expect("word");
            &text[block.source(at..at + word.len())]
        };
        assert_eq!(place("café"), r"caf\u00e9");
        assert_eq!(place("\"x\""), r#"\"x\""#);
        assert_eq!(place("😀"), r"\ud83d\ude00");
        assert_eq!(place("10:05"), "10:05");
    }

    #[test]
    fn a_feed_gives_its_own_fields_to_each_entry() {
        let text =
            r#"{"page": {"name": "Acme", "time_zone": "UTC"}, "ok": 1, "incidents": [{"name": "a"}, {"name": "b"}]}"#;
        let input = from_bytes("incidents.json", text.as_bytes());
        let outlines: Vec<_> = documents(&input).map(|d| d.outline()).collect();
        let feed = "@page.name = Acme\n@page.time_zone = UTC\n@feed.ok = 1\n";
        assert_eq!(outlines, [format!("{feed}@name = a\n"), format!("{feed}@name = b\n")]);
    }

    #[test]
    fn an_entry_has_the_fields_of_the_frames_around_it() {
        let text = r#"{"page": {"n": 1}, "months": [
            {"year": 2, "site": {"m": 3}, "incidents": [{"a": "<b>4</b>"}, {"a": "<p>5</p>"}]}, {"incidents": [{"a": 6}]}]}"#;
        let outlines: Vec<_> = documents(&from_bytes("x.json", text.as_bytes())).map(|d| d.outline()).collect();
        let framed = "@feed.months.year = 2\n@site.m = 3\n@page.n = 1\n";
        let [one, two] = ["4", "<p>5</p>"].map(|a| format!("{framed}@a = {a}\n"));
        assert_eq!(outlines, [one, two, "@page.n = 1\n@a = 6\n".to_owned()]);
    }

    #[test]
    fn cut_and_broken_json_gives_what_it_has() {
        check_format(
            Format::Json,
            r#"{"a": "b", "c": ["d", {"e": "f"#,
            "@a = b\nh2 \"c\"\n  th0/1 \"e\"\n  tr0/1 \"f\"",
        );
        check_format(Format::Json, r#"{"a" "b" : , ]}} "c": "\ud800 \q""#, "@c = \u{FFFD} \\q");
    }
}
