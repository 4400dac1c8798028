//! Feeds: one JSON text, or NDJSON, that holds many reports. Each entry becomes a part.

use super::json::{Token, Tokens};
use crate::domain::{Notice, Span};

/// Members of a top-level object that hold a feed's entries.
const ENTRY_KEYS: &[&str] = &["\"incidents\"", "\"scheduled_maintenances\"", "\"postmortems\"", "\"reports\""];
/// How many entries of one feed are read.
const MAX_PARTS: usize = 100_000;
/// A member longer than this says nothing about the feed as a whole.
const MAX_CONTEXT_BYTES: usize = 4096;
/// How many members say something about the feed as a whole.
const MAX_CONTEXT_MEMBERS: usize = 64;

/// A JSON text, cut up.
pub(super) struct Split {
    pub parts: Vec<Span>,
    pub context: Vec<Span>,
    pub notices: Vec<Notice>,
}

/// Finds the entries: the objects of a top-level array or of a known member, each line of NDJSON, else all of it.
pub(super) fn split(text: &str) -> Split {
    let mut split = Split { parts: Vec::new(), context: Vec::new(), notices: Vec::new() };
    if is_ndjson(text) {
        split_lines(text, &mut split);
    } else {
        let mut scan = Scan::default();
        scan.run(text, 0..text.len());
        if !scan.is_complete() {
            split.notices.push(notice("truncated-json", "the JSON text ends in the middle".to_owned()));
        }
        split.parts = scan.entries;
        if scan.is_feed {
            split.context = scan.members;
        }
    }
    if split.parts.len() > MAX_PARTS {
        let count = split.parts.len();
        split.notices.push(notice("limit-parts", format!("only {MAX_PARTS} of {count} entries were read")));
        split.parts.truncate(MAX_PARTS);
    }
    if split.parts.is_empty() {
        split.parts.push(0..text.len());
    }
    split
}

fn notice(code: &'static str, message: String) -> Notice {
    Notice { code, message, evidence: Vec::new() }
}

/// The first two lines that hold something each begin an object, and the first ends its own.
fn is_ndjson(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let mut scan = Scan::default();
    scan.run(first, 0..first.len());
    scan.is_complete() && first.trim_start().starts_with('{') && second.trim_start().starts_with('{')
}

fn split_lines(text: &str, split: &mut Split) {
    let mut start = 0;
    let mut broken = 0;
    let mut is_last_broken = false;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if line.trim().is_empty() {
            continue;
        }
        let mut scan = Scan::default();
        scan.run(text, range);
        is_last_broken = !scan.is_complete() || scan.entries.is_empty();
        if is_last_broken {
            broken += 1;
        } else {
            split.parts.append(&mut scan.entries);
        }
    }
    if is_last_broken {
        broken -= 1;
        split.notices.push(notice("truncated-json", "the last line ends in the middle".to_owned()));
    }
    if broken > 0 {
        split.notices.push(notice("broken-json", format!("{broken} lines are no JSON objects and were left out")));
    }
}

/// One pass over the tokens, with a stack of a byte a level.
#[derive(Default)]
struct Scan {
    stack: Vec<Token>,
    entries: Vec<Span>,
    /// Members of the top-level object, without those that hold entries.
    members: Vec<Span>,
    is_feed: bool,
    is_cut: bool,
    /// Where the object that may become an entry began.
    entry: usize,
    /// The key of the top-level object that was read last, and its member's end so far.
    key: Option<Span>,
    end: usize,
    is_in_entries: bool,
    /// The top-level object holds a member with entries, so it is none itself.
    holds_entries: bool,
}

impl Scan {
    fn run(&mut self, text: &str, range: Span) {
        for (token, span) in Tokens::new(text, range) {
            match token {
                Token::OpenObject | Token::OpenArray => self.open(text, token, &span),
                Token::CloseObject | Token::CloseArray => self.close(&span),
                Token::Comma if self.is_at_top_member() => self.finish_member(),
                Token::String if self.is_at_top_member() && self.key.is_none() => {
                    self.key = Some(span.clone());
                }
                Token::CutString => self.is_cut = true,
                _ => {}
            }
            self.end = if token == Token::Comma { self.end } else { span.end };
        }
    }

    fn is_complete(&self) -> bool {
        !self.is_cut && self.stack.is_empty()
    }

    /// Directly inside the top-level object.
    fn is_at_top_member(&self) -> bool {
        matches!(self.stack.as_slice(), [Token::OpenObject])
    }

    /// Where an object is an entry: at the top, in a top-level array, or in the member that holds them.
    fn is_entry_place(&self) -> bool {
        match self.stack.as_slice() {
            [] | [Token::OpenArray] => true,
            [Token::OpenObject, Token::OpenArray] => self.is_in_entries,
            _ => false,
        }
    }

    fn open(&mut self, text: &str, token: Token, span: &Span) {
        if token == Token::OpenObject && self.is_entry_place() {
            self.entry = span.start;
            if self.stack.is_empty() {
                self.holds_entries = false;
                self.key = None;
            }
        }
        if token == Token::OpenArray && self.is_at_top_member() {
            let key = self.key.clone().and_then(|key| text.get(key)).unwrap_or("");
            self.is_in_entries = ENTRY_KEYS.contains(&key);
        }
        self.stack.push(token);
    }

    fn close(&mut self, span: &Span) {
        let Some(opened) = self.stack.pop() else { return };
        match (opened, self.stack.as_slice()) {
            (Token::OpenObject, []) => {
                self.finish_member();
                if !self.holds_entries {
                    self.entries.push(self.entry..span.end);
                }
            }
            (Token::OpenObject, [Token::OpenArray]) => self.entries.push(self.entry..span.end),
            (Token::OpenObject, [Token::OpenObject, Token::OpenArray]) if self.is_in_entries => {
                self.entries.push(self.entry..span.end);
                self.holds_entries = true;
                self.is_feed = true;
            }
            (Token::OpenArray, [Token::OpenObject]) if self.is_in_entries => {
                // Its entries are parts; it says nothing more about the feed.
                self.is_in_entries = false;
                self.key = None;
            }
            _ => {}
        }
    }

    fn finish_member(&mut self) {
        if let Some(key) = self.key.take() {
            let member = key.start..self.end;
            let is_short = member.len() <= MAX_CONTEXT_BYTES && self.members.len() < MAX_CONTEXT_MEMBERS;
            if is_short && member.end > member.start {
                self.members.push(member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, parts: &[&str], context: &[&str], codes: &[&str]) {
        let split = split(text);
        let cut = |spans: &[Span]| spans.iter().map(|s| text[s.clone()].to_owned()).collect::<Vec<_>>();
        assert_eq!(cut(&split.parts), parts, "{text}");
        assert_eq!(cut(&split.context), context, "{text}");
        assert_eq!(split.notices.iter().map(|n| n.code).collect::<Vec<_>>(), codes, "{text}");
    }

    #[test]
    fn feeds_are_cut_into_entries() {
        check(r#"{"a": 1}"#, &[r#"{"a": 1}"#], &[], &[]);
        check(r#"[{"a": [{}]}, 3, {"b": 2}]"#, &[r#"{"a": [{}]}"#, r#"{"b": 2}"#], &[], &[]);
        check(
            r#"{"page": {"name": "x"}, "incidents": [{"a": 1}, {"b": "}"}], "n": 2}"#,
            &[r#"{"a": 1}"#, r#"{"b": "}"}"#],
            &[r#""page": {"name": "x"}"#, r#""n": 2"#],
            &[],
        );
        check("{\"a\": 1}\n\n{\"b\": 2}\n", &[r#"{"a": 1}"#, r#"{"b": 2}"#], &[], &[]);
        check(r#"{"incidents": []}"#, &[r#"{"incidents": []}"#], &[], &[]);
        check("[1, 2]", &["[1, 2]"], &[], &[]);
        check("", &[""], &[], &[]);
    }

    #[test]
    fn cut_and_broken_feeds_keep_their_whole_entries() {
        check(r#"{"incidents": [{"a": 1}, {"b": "x"#, &[r#"{"a": 1}"#], &[], &["truncated-json"]);
        check(r#"[{"a": 1}, {"b""#, &[r#"{"a": 1}"#], &[], &["truncated-json"]);
        check(r#"{"a": {"b": 1"#, &[r#"{"a": {"b": 1"#], &[], &["truncated-json"]);
        check(
            "{\"a\":1}\n{\"b\": \"x\n{\"c\":3}\n{\"d",
            &["{\"a\":1}", "{\"c\":3}"],
            &[],
            &["truncated-json", "broken-json"],
        );
        check("]]}}", &["]]}}"], &[], &[]);
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = "[".repeat(200_000);
        assert_eq!(split(&deep).parts.len(), 1);
    }
}
