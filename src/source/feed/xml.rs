//! Entries of news feeds: the `<item>`s of RSS, the `<entry>`s of Atom.

use super::{MAX_CONTEXT_BYTES, Split};
use crate::source::decode::char_prefix;

/// Where a feed says that it is one.
const HEAD_BYTES: usize = 2048;

/// Whether a text is a feed: its outermost element says so.
pub fn is_feed(text: &str) -> bool {
    let head = char_prefix(text, HEAD_BYTES);
    let root = head
        .match_indices('<')
        .map(|(at, _)| head.get(at + 1..).unwrap_or(""))
        .find(|tag| !tag.starts_with(['?', '!']));
    let is_xml = head.trim_start_matches('\u{FEFF}').trim_start().starts_with('<');
    is_xml && root.is_some_and(|tag| ["rss", "feed", "rdf:RDF"].iter().any(|name| is_tag(tag, name)))
}

fn is_tag(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>'))
}

pub(super) fn split(text: &str, split: &mut Split) {
    let mut at = 0;
    // Whichever comes first names the entries.
    let place = |name: &str| opening(text, 0, name);
    let name = match (place("item"), place("entry")) {
        (Some(item), Some(entry)) if entry < item => "entry",
        (Some(_), _) => "item",
        (None, _) => "entry",
    };
    let close = format!("</{name}>");
    while let Some(start) = opening(text, at, name) {
        let end = text
            .get(start..)
            .and_then(|rest| rest.find(&close))
            .map_or(text.len(), |found| start + found + close.len());
        split.parts.push(start..end);
        at = end;
    }
    let head = split.parts.first().map_or(0, |first| first.start);
    if head > 0 && head <= MAX_CONTEXT_BYTES {
        split.context.push(0..head);
    }
}

fn opening(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + text.get(at..)?.find(name)?;
        if text.get(..found)?.ends_with('<') && is_tag(text.get(found..)?, name) {
            return Some(found - 1);
        }
        at = found + name.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Format, feed};

    #[test]
    fn items_and_entries_are_parts() {
        let text = "<?xml version='1.0'?>\n<rss version='2'><channel><title>t</title><item a='b'>1</item>\n<item>2</item></channel></rss>";
        assert!(is_feed(text));
        let split = feed::split(Format::Feed, text);
        assert_eq!(
            split.parts.iter().map(|p| &text[p.clone()]).collect::<Vec<_>>(),
            ["<item a='b'>1</item>", "<item>2</item>"]
        );
        assert_eq!(split.context.len(), 1);
        assert!(is_feed("<feed xmlns='x'><entry>"));
        assert!(!is_feed("<html><feed>"));
        assert!(!is_feed("<?xml?><svg>"));
        assert!(!is_feed("words <rss >"));
    }
}
