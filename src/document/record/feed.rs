//! An entry of a news feed (RSS, Atom) → a tree of values: its elements are members, without the prefixes of their
//! names. Forgives what is no XML.

use super::super::BlockText;
use super::super::html::entity;
use super::super::inline::View;
use super::tree::{Kind, Tree};
use crate::domain::Span;

/// The elements of an entry, or of what stands above the entries.
pub(super) fn tree(view: &View) -> Tree {
    let mut reader = Reader { view, tree: Tree::new(), open: Vec::new() };
    let end = view.source(&(0..view.text.len())).end;
    reader.tree.open(None, Kind::Object, view.source(&(0..view.text.len())));
    reader.run();
    while reader.open.pop().is_some() {
        reader.tree.close(end);
    }
    reader.tree.finish(end)
}

/// Elements that hold others; what is nested in them is named by both.
const HOLDERS: &[&str] = &["author", "contributor", "source", "image"];
/// Elements around the members.
const FRAMES: &[&str] = &["item", "entry", "channel", "feed", "rss", "rdf"];
/// More levels than this are none of a feed.
const MAX_OPEN: usize = 16;

struct Reader<'v> {
    view: &'v View<'v>,
    tree: Tree,
    /// Holders that are open.
    open: Vec<String>,
}

impl Reader<'_> {
    fn run(&mut self) {
        let text = self.view.text;
        let mut at = 0;
        while let Some(offset) = text.get(at..).and_then(|rest| rest.find('<')) {
            let start = at + offset;
            let rest = text.get(start..).unwrap_or("");
            if rest.starts_with("<?") || rest.starts_with("<!") {
                at = start + rest.find('>').map_or(rest.len(), |end| end + 1);
                continue;
            }
            let Some(length) = rest.find('>') else { return };
            let tag = rest.get(1..length).unwrap_or("");
            at = start + length + 1;
            let (name, name_range) = name(tag, start + 1);
            if tag.starts_with('/') {
                if self.open.last() == Some(&name) {
                    self.open.pop();
                    self.tree.close(self.view.source(&(start..at)).end);
                }
            } else if HOLDERS.contains(&name.as_str()) && !tag.ends_with('/') && self.open.len() < MAX_OPEN {
                self.tree.open(Some(self.key(name_range)), Kind::Object, self.view.source(&(start..at)));
                self.open.push(name);
            } else if !FRAMES.contains(&name.as_str()) && !tag.ends_with('/') {
                at = self.member(tag, name_range, at);
            }
        }
    }

    /// Reads a member up to its closing tag, and says where that ends.
    fn member(&mut self, tag: &str, name_range: Span, from: usize) -> usize {
        let full = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
        let rest = self.view.text.get(from..).unwrap_or("");
        let close = format!("</{full}>");
        let end = closing(rest, &close).map_or(self.view.text.len(), |offset| from + offset);
        let value = decode(self.view, from..end);
        if !value.text.trim().is_empty() {
            let key = self.key(name_range);
            self.tree.scalar(Some(key), Kind::String, value, self.view.source(&(from..end)));
        }
        (end + close.len()).min(self.view.text.len())
    }

    fn key(&self, range: Span) -> BlockText {
        let mut key = BlockText::default();
        key.push(self.view.text.get(range.clone()).unwrap_or(""), self.view.source(&range));
        key
    }
}

/// Where a closing tag stands, outside of character data.
fn closing(text: &str, close: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let found = rest.find(close)?;
        match rest.get(..found).and_then(|before| before.rfind("<![CDATA[")) {
            Some(data) if !rest.get(data..found).is_some_and(|inside| inside.contains("]]>")) => {
                at += data + rest.get(data..)?.find("]]>")? + 3;
            }
            _ => return Some(at + found),
        }
    }
}

/// An element's name without its prefix, in lower case, and where it stands.
fn name(tag: &str, start: usize) -> (String, Span) {
    let from = usize::from(tag.starts_with('/'));
    let written = tag.get(from..).unwrap_or("").split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
    let local = written.rsplit(':').next().unwrap_or("");
    let at = start + from + written.len() - local.len();
    (local.to_ascii_lowercase(), at..at + local.len())
}

/// An element's words without character references and the marks of character data.
fn decode(view: &View, range: Span) -> BlockText {
    let mut out = BlockText::default();
    let mut at = range.start;
    while at < range.end {
        let rest = view.text.get(at..range.end).unwrap_or("");
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let length = data.find("]]>").unwrap_or(data.len());
            let start = at + "<![CDATA[".len();
            out.push(data.get(..length).unwrap_or(""), view.source(&(start..start + length)));
            at = (start + length + "]]>".len()).min(range.end);
            continue;
        }
        let plain = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '&' | '<')).map_or(rest.len(), |(i, _)| i);
        match rest.starts_with('&').then(|| entity(rest)).flatten() {
            Some((c, length)) => {
                out.push(c.encode_utf8(&mut [0; 4]), view.source(&(at..at + length)));
                at += length;
            }
            None => {
                out.push(rest.get(..plain).unwrap_or(""), view.source(&(at..at + plain)));
                at += plain;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::document::tests::check;
    use crate::source::Format;

    #[test]
    fn elements_are_members() {
        check(
            Format::Feed,
            "<item><title>A &amp; B</title><dc:creator>Ann</dc:creator><link href=\"x\"/><author><name>N</name></author>\
             <content:encoded><![CDATA[<p>one</p><p>two</item></p>]]></content:encoded></item>",
            "@title = A & B\n@creator = Ann\n@author = N\n@author.name = N\n@encoded = <p>one</p><p>two</item></p>",
        );
        check(Format::Feed, "<entry><title>cut &lt;b", "@title = cut <b");
    }
}
