//! JSON tokens → a flat tree: nodes in document order, each knowing its first child and its next sibling. Built without
//! recursion, from text that may be cut or broken.

use super::super::BlockText;
use super::super::inline::View;
use crate::domain::Span;
use crate::source::json::{Token, Tokens};

/// Nodes beyond this many are left out.
const MAX_NODES: usize = 300_000;
/// What is nested deeper is left out: no report is, and what visits the tree may recurse.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    /// A number, a boolean, or something broken; `null` is no node.
    Literal,
}

/// A value. Ranges are in the view.
#[derive(Debug)]
pub(super) struct Node {
    /// Of the member's key, with quotes.
    pub key: Option<Span>,
    pub kind: Kind,
    pub span: Span,
    first_child: Option<usize>,
    next: Option<usize>,
}

/// All values of a text. Node 0 is made up: it holds what stands at the top.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pub is_too_large: bool,
    pub is_too_deep: bool,
}

/// A container that is open: its node, its last child, and the key that waits for a value.
struct Open {
    node: usize,
    last: Option<usize>,
    key: Option<Span>,
    /// A string that is a key if a colon follows, and a value if not.
    string: Option<Span>,
}

impl Tree {
    pub fn parse(view: &View) -> Tree {
        let top = Node { key: None, kind: Kind::Object, span: 0..view.text.len(), first_child: None, next: None };
        let mut tree = Tree { nodes: vec![top], is_too_large: false, is_too_deep: false };
        let mut stack = vec![Open { node: 0, last: None, key: None, string: None }];
        // Containers below the deepest level that is kept.
        let mut below = 0_usize;
        for (token, span) in Tokens::new(view.text, 0..view.text.len()) {
            match token {
                Token::OpenObject | Token::OpenArray if below > 0 || stack.len() > MAX_DEPTH => {
                    tree.is_too_deep = true;
                    below += 1;
                }
                Token::CloseObject | Token::CloseArray if below > 0 => below -= 1,
                _ if below > 0 => {}
                Token::OpenObject | Token::OpenArray => {
                    let kind = if token == Token::OpenObject { Kind::Object } else { Kind::Array };
                    if let Some(node) = tree.add(&mut stack, kind, span) {
                        stack.push(Open { node, last: None, key: None, string: None });
                    }
                }
                Token::CloseObject | Token::CloseArray => tree.close(&mut stack, &span),
                Token::Colon => {
                    if let Some(open) = stack.last_mut() {
                        open.key = open.string.take();
                    }
                }
                Token::Comma => {
                    tree.add_waiting_string(&mut stack);
                    if let Some(open) = stack.last_mut() {
                        open.key = None;
                    }
                }
                Token::String | Token::CutString => {
                    tree.add_waiting_string(&mut stack);
                    if let Some(open) = stack.last_mut() {
                        open.string = Some(span);
                    }
                }
                Token::Literal => {
                    if view.text.get(span.clone()) == Some("null") {
                        stack.last_mut().and_then(|open| open.key.take());
                    } else {
                        tree.add(&mut stack, Kind::Literal, span);
                    }
                }
            }
            if tree.is_too_large {
                break;
            }
        }
        tree.add_waiting_string(&mut stack);
        let end = view.text.len();
        for open in stack {
            // What the text ends in reaches to its end.
            if let Some(node) = tree.nodes.get_mut(open.node) {
                node.span.end = end;
            }
        }
        tree
    }

    pub fn top(&self) -> impl Iterator<Item = &Node> {
        self.nodes.first().into_iter().flat_map(|top| self.children(top))
    }

    pub fn children<'t>(&'t self, node: &Node) -> impl Iterator<Item = &'t Node> {
        let at = |index: Option<usize>| index.and_then(|index| self.nodes.get(index));
        std::iter::successors(at(node.first_child), move |node| at(node.next))
    }

    fn add_waiting_string(&mut self, stack: &mut [Open]) {
        if let Some(span) = stack.last_mut().and_then(|open| open.string.take()) {
            self.add(stack, Kind::String, span);
        }
    }

    fn add(&mut self, stack: &mut [Open], kind: Kind, span: Span) -> Option<usize> {
        if self.nodes.len() >= MAX_NODES {
            self.is_too_large = true;
            return None;
        }
        let open = stack.last_mut()?;
        let index = self.nodes.len();
        match open.last.replace(index) {
            Some(last) => self.nodes.get_mut(last)?.next = Some(index),
            None => self.nodes.get_mut(open.node)?.first_child = Some(index),
        }
        self.nodes.push(Node { key: open.key.take(), kind, span, first_child: None, next: None });
        Some(index)
    }

    fn close(&mut self, stack: &mut Vec<Open>, span: &Span) {
        self.add_waiting_string(stack);
        if stack.len() > 1
            && let Some(node) = stack.pop().and_then(|open| self.nodes.get_mut(open.node))
        {
            node.span.end = span.end;
        }
    }
}

/// The range of a string's insides.
pub(super) fn inside(view: &View, string: &Span) -> Span {
    let written = view.text.get(string.clone()).unwrap_or("");
    let open = usize::from(written.starts_with('"'));
    let close = usize::from(written.len() > 1 && written.ends_with('"'));
    string.start + open..(string.end - close).max(string.start + open)
}

/// A string without its escapes, each character knowing where it stood.
pub(super) fn decode(view: &View, string: &Span) -> BlockText {
    let inside = inside(view, string);
    let mut out = BlockText::default();
    let mut at = inside.start;
    while let Some(rest) = view.text.get(at..inside.end).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('\\').unwrap_or(rest.len());
        out.push(rest.get(..plain).unwrap_or(""), view.source(&(at..at + plain)));
        at += plain;
        let Some((c, length)) = rest.get(plain..).and_then(escape) else { continue };
        out.push(c.encode_utf8(&mut [0; 4]), view.source(&(at..at + length)));
        at += length;
    }
    out
}

/// The character an escape stands for, and its length. A broken one is a backslash.
fn escape(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('\\')?;
    let simple = match rest.chars().next() {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('b') => '\u{8}',
        Some('f') => '\u{C}',
        Some(c @ ('"' | '\\' | '/')) => c,
        Some('u') => return Some(unicode(rest)),
        _ => return Some(('\\', 1)),
    };
    Some((simple, 2))
}

/// `uXXXX`, or two of them for a character beyond the basic plane.
fn unicode(rest: &str) -> (char, usize) {
    let unit = |text: Option<&str>| text.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(first) = unit(rest.get(1..5)) else { return ('\\', 1) };
    if let Some(c) = char::from_u32(first) {
        return (c, 6);
    }
    let second = rest.get(5..7).filter(|escape| *escape == "\\u").and_then(|_| unit(rest.get(7..11)));
    match second {
        Some(low @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
            let code = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(code).unwrap_or('\u{FFFD}'), 12)
        }
        _ => ('\u{FFFD}', 6),
    }
}
