//! JSON → a tree of values. Without recursion, from text that may be cut or broken.

use super::super::BlockText;
use super::super::inline::View;
use super::tree::{Kind, Tree};
use crate::domain::Span;
use crate::source::json::{Token, Tokens};

/// What waits inside an open container.
#[derive(Default)]
struct Waiting {
    key: Option<Span>,
    /// A string that is a key if a colon follows, and a value if not.
    string: Option<Span>,
}

pub(super) fn tree(view: &View) -> Tree {
    let mut reader = Reader { view, tree: Tree::new(), stack: vec![Waiting::default()] };
    for (token, span) in Tokens::new(view.text, 0..view.text.len()) {
        reader.token(token, span);
        if reader.tree.is_too_large {
            break;
        }
    }
    reader.add_string();
    reader.tree.finish(view.source(&(0..view.text.len())).end)
}

struct Reader<'v> {
    view: &'v View<'v>,
    tree: Tree,
    stack: Vec<Waiting>,
}

impl Reader<'_> {
    fn token(&mut self, token: Token, span: Span) {
        match token {
            Token::OpenObject | Token::OpenArray => {
                let kind = if token == Token::OpenObject { Kind::Object } else { Kind::Array };
                self.add_string();
                let key = self.key();
                self.tree.open(key, kind, self.view.source(&span));
                self.stack.push(Waiting::default());
            }
            Token::CloseObject | Token::CloseArray => {
                self.add_string();
                if self.stack.len() > 1 {
                    self.stack.pop();
                    self.tree.close(self.view.source(&span).end);
                }
            }
            Token::Colon => {
                if let Some(open) = self.stack.last_mut() {
                    open.key = open.string.take();
                }
            }
            Token::Comma => {
                self.add_string();
                self.key();
            }
            Token::String | Token::CutString => {
                self.add_string();
                if let Some(open) = self.stack.last_mut() {
                    open.string = Some(span);
                }
            }
            Token::Literal => {
                let key = self.key();
                let words = self.view.text.get(span.clone()).unwrap_or("");
                if words != "null" {
                    let mut value = BlockText::default();
                    value.push(words, self.view.source(&span));
                    self.tree.scalar(key, Kind::Literal, value, self.view.source(&span));
                }
            }
        }
    }

    fn key(&mut self) -> Option<BlockText> {
        let key = self.stack.last_mut()?.key.take()?;
        Some(decode(self.view, &key))
    }

    fn add_string(&mut self) {
        if let Some(span) = self.stack.last_mut().and_then(|open| open.string.take()) {
            let key = self.key();
            self.tree.scalar(key, Kind::String, decode(self.view, &span), self.view.source(&span));
        }
    }
}

/// The range of a string's insides.
fn inside(view: &View, string: &Span) -> Span {
    let written = view.text.get(string.clone()).unwrap_or("");
    let open = usize::from(written.starts_with('"'));
    let close = usize::from(written.len() > 1 && written.ends_with('"'));
    string.start + open..(string.end - close).max(string.start + open)
}

/// A string without its escapes, each character knowing where it stood.
fn decode(view: &View, string: &Span) -> BlockText {
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
