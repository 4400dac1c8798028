//! A flat tree of values, whatever format they were written in: nodes in document order, each knowing its first child
//! and its next sibling, its words, and where they stand in the source.

use super::super::BlockText;
use crate::domain::Span;

/// Nodes beyond this many are left out.
const MAX_NODES: usize = 300_000;
/// What is nested deeper is left out: no report is, and what visits the tree may recurse.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    /// A number, a boolean, a date, or something broken; nothing at all (`null`) is no node.
    Literal,
}

/// A value.
#[derive(Debug)]
pub(super) struct Node {
    /// The name of the member that it is.
    pub key: Option<BlockText>,
    pub kind: Kind,
    /// The words of a scalar.
    pub value: BlockText,
    /// Range in the source.
    pub span: Span,
    first_child: Option<usize>,
    next: Option<usize>,
}

/// All values of a text. Node 0 is made up: it holds what stands at the top.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// The containers that are open, each with its last child.
    open: Vec<(usize, Option<usize>)>,
    /// Containers that are open below the deepest level that is kept.
    below: usize,
    pub is_too_large: bool,
    pub is_too_deep: bool,
}

impl Tree {
    pub fn new() -> Tree {
        let top = Node {
            key: None,
            kind: Kind::Array,
            value: BlockText::default(),
            span: 0..0,
            first_child: None,
            next: None,
        };
        Tree { nodes: vec![top], open: vec![(0, None)], below: 0, is_too_large: false, is_too_deep: false }
    }

    /// Begins an object or an array; what is added until it is closed is inside.
    pub fn open(&mut self, key: Option<BlockText>, kind: Kind, span: Span) {
        if self.below > 0 || self.open.len() > MAX_DEPTH {
            self.is_too_deep = true;
            self.below += 1;
        } else if let Some(node) = self.add(key, kind, BlockText::default(), span) {
            self.open.push((node, None));
        } else {
            self.below += 1;
        }
    }

    /// Ends the container that was opened last, if one is open.
    pub fn close(&mut self, end: usize) {
        if self.below > 0 {
            self.below -= 1;
        } else if self.open.len() > 1
            && let Some((node, _)) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(node)
        {
            node.span.end = end;
        }
    }

    pub fn scalar(&mut self, key: Option<BlockText>, kind: Kind, value: BlockText, span: Span) {
        if self.below == 0 {
            self.add(key, kind, value, span);
        }
    }

    /// What the text ends in reaches to its end.
    pub fn finish(mut self, end: usize) -> Tree {
        self.below = 0;
        while self.open.len() > 1 {
            self.close(end);
        }
        self
    }

    /// The made-up node that holds what stands at the top.
    pub fn top(&self) -> Option<&Node> {
        self.nodes.first()
    }

    pub fn children<'t>(&'t self, node: &Node) -> impl Iterator<Item = &'t Node> + use<'t> {
        let at = |index: Option<usize>| index.and_then(|index| self.nodes.get(index));
        std::iter::successors(at(node.first_child), move |node| at(node.next))
    }

    fn add(&mut self, key: Option<BlockText>, kind: Kind, value: BlockText, span: Span) -> Option<usize> {
        if self.nodes.len() >= MAX_NODES {
            self.is_too_large = true;
            return None;
        }
        let index = self.nodes.len();
        let (parent, last) = self.open.last_mut()?;
        match last.replace(index) {
            Some(last) => self.nodes.get_mut(last)?.next = Some(index),
            None => self.nodes.get_mut(*parent)?.first_child = Some(index),
        }
        self.nodes.push(Node { key, kind, value, span, first_child: None, next: None });
        Some(index)
    }
}
