//! TOML → a tree of values.

use super::super::BlockText;
use super::super::inline::View;
use super::tree::{Kind, Tree};
use super::yaml::aligned;
use crate::domain::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// All values. Nothing if the text is no TOML.
pub(super) fn tree(view: &View) -> Option<Tree> {
    let top = DeTable::parse(view.text).ok()?;
    let mut tree = Tree::new();
    tree.open(None, Kind::Object, view.source(&(0..view.text.len())));
    add_members(view, top.get_ref(), &mut tree);
    Some(tree.finish(view.source(&(0..view.text.len())).end))
}

/// Recursion ends with TOML's own nesting, which its parser bounds. Members stand in the order of the text.
fn add_members(view: &View, table: &DeTable, tree: &mut Tree) {
    let mut members: Vec<_> = table.iter().collect();
    members.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in members {
        let mut name = BlockText::default();
        let written = key.span();
        let words: &str = key.get_ref();
        match view.text.get(written.clone()) {
            Some(own) if own == words => name.push(words, view.source(&written)),
            _ => name = aligned(view, words, &written),
        }
        add(view, value, Some(name), tree);
    }
}

fn add(view: &View, node: &Spanned<DeValue>, key: Option<BlockText>, tree: &mut Tree) {
    let range: Span = node.span();
    let source = view.source(&range);
    match node.get_ref() {
        DeValue::Table(members) => {
            tree.open(key, Kind::Object, source.clone());
            add_members(view, members, tree);
            tree.close(source.end);
        }
        DeValue::Array(items) => {
            tree.open(key, Kind::Array, source.clone());
            items.iter().for_each(|item| add(view, item, None, tree));
            tree.close(source.end);
        }
        DeValue::String(value) => {
            tree.scalar(key, Kind::String, aligned(view, value, &range), source);
        }
        // A number, a date, a boolean as it stands; `aligned` finds all of it.
        _ => {
            let written = view.text.get(range.clone()).unwrap_or("");
            tree.scalar(key, Kind::String, aligned(view, written, &range), source);
        }
    }
}
