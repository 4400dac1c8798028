//! The marks people type in plain text: `**strong**`, `` `code` ``, `[words](target)`, `<u>`, `<https://…>`.

use super::super::inline::{Inline, View};
use crate::domain::Span;

/// What is longer between angle brackets is no tag.
const MAX_TAG_BYTES: usize = 2048;

/// Appends a line's words without their marks.
pub(super) fn words(inline: &mut Inline, view: &View, range: Span) {
    let line = view.text.get(range.clone()).unwrap_or("");
    let mut marks = Marks { inline, view, line, base: range.start, strong: false, code: false, next: [Some(0); 5] };
    marks.run();
}

struct Marks<'a, 'v> {
    inline: &'a mut Inline,
    view: &'a View<'v>,
    line: &'a str,
    base: usize,
    strong: bool,
    code: bool,
    /// Where each closing mark was last found, so that looking ahead costs linear time in all.
    next: [Option<usize>; 5],
}

const CLOSERS: [&str; 5] = ["**", "`", "](", ")", ">"];
const STRONG: usize = 0;
const CODE: usize = 1;
const TEXT_END: usize = 2;
const TARGET_END: usize = 3;
const TAG_END: usize = 4;

impl Marks<'_, '_> {
    fn run(&mut self) {
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = self.line.get(at..).and_then(|rest| rest.find(['*', '`', '[', '<'])) {
            at += found;
            let length = self.mark_length(at);
            if length == 0 {
                at += 1;
                continue;
            }
            self.put(from..at);
            from = self.apply(at, length);
            at = from;
        }
        self.put(from..self.line.len());
        if self.strong {
            self.inline.close_strong();
        }
    }

    fn put(&mut self, range: Span) {
        self.inline.words(self.view, self.base + range.start..self.base + range.end);
    }

    /// Where a closing mark stands at or after `at`.
    fn closer(&mut self, which: usize, at: usize) -> Option<usize> {
        let cached = self.next.get(which).copied().flatten()?;
        if cached >= at && cached > 0 {
            return Some(cached);
        }
        let mark = CLOSERS.get(which)?;
        let found = self.line.get(at..)?.find(mark).map(|offset| at + offset);
        if let Some(slot) = self.next.get_mut(which) {
            *slot = found;
        }
        found
    }

    /// How long the mark is that stands here, 0 if it is just a character.
    fn mark_length(&mut self, at: usize) -> usize {
        let rest = self.line.get(at..).unwrap_or("");
        match rest.as_bytes() {
            [b'*', b'*', ..] if self.strong || self.closer(STRONG, at + 2).is_some() => 2,
            [b'`', ..] if self.code || self.closer(CODE, at + 1).is_some() => 1,
            [b'[', ..] => {
                let Some(end) = self.closer(TEXT_END, at) else { return 0 };
                let is_plain = self.line.get(at + 1..end).is_some_and(|words| !words.contains(['[', ']']));
                if is_plain && self.closer(TARGET_END, end).is_some() { 1 } else { 0 }
            }
            [b'<', b'/' | b'a'..=b'z' | b'A'..=b'Z', ..] => {
                let Some(end) = self.closer(TAG_END, at) else { return 0 };
                let inner = self.line.get(at + 1..end).unwrap_or("");
                let is_mark = inner.len() <= MAX_TAG_BYTES && (is_tag(inner) || is_address(inner));
                if is_mark { end + 1 - at } else { 0 }
            }
            _ => 0,
        }
    }

    /// Applies the mark and returns where the words go on.
    fn apply(&mut self, at: usize, length: usize) -> usize {
        let mark = self.line.get(at..at + length).unwrap_or("");
        match mark {
            "**" => {
                self.strong = !self.strong;
                if self.strong {
                    self.inline.open_strong();
                } else {
                    self.inline.close_strong();
                }
                at + 2
            }
            "`" => {
                self.code = !self.code;
                at + 1
            }
            "[" => {
                let text_end = self.closer(TEXT_END, at).unwrap_or(at + 1);
                let target_end = self.closer(TARGET_END, text_end).unwrap_or(text_end + 2);
                let target = self.line.get(text_end + 2..target_end).unwrap_or("").to_owned();
                self.inline.open_link(&target);
                self.put(at + 1..text_end);
                self.inline.close_link();
                target_end + 1
            }
            tag => {
                let inner = tag.trim_matches(['<', '>']);
                if is_address(inner) {
                    self.inline.open_link(inner);
                    self.put(at + 1..at + length - 1);
                    self.inline.close_link();
                } else if inner.starts_with("br") {
                    self.inline.line_break();
                }
                at + length
            }
        }
    }
}

/// Tags that turn up in plain text.
fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
    matches!(
        name.to_ascii_lowercase().as_str(),
        "a" | "b"
            | "br"
            | "code"
            | "div"
            | "em"
            | "font"
            | "i"
            | "p"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "u"
            | "var"
    )
}

fn is_address(inner: &str) -> bool {
    inner.contains("://") && !inner.contains(' ')
}
