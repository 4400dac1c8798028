//! Entries of JSON: the objects of a top-level array, those of a member that holds reports however deep, each line of
//! NDJSON.

use super::names::{Holder, Names, holder, is_wrapper};
use super::{MAX_CONTEXT_BYTES, Split, notice};
use crate::domain::Span;
use crate::source::Frame;
use crate::source::json::{Token, Tokens};

/// How many members say something about the feed as a whole, or about what stands beside them.
const MAX_CONTEXT_MEMBERS: usize = 64;
/// Entries are nested no deeper.
const MAX_DEPTH: usize = 16;

pub(super) fn split(text: &str, split: &mut Split) {
    if is_ndjson(text) {
        return split_lines(text, split);
    }
    let mut scan = Scan::default();
    scan.run(text, 0..text.len());
    if !scan.is_complete() {
        split.notices.push(notice("truncated-json", "the JSON text ends in the middle".to_owned()));
    }
    scan.finish();
    if scan.messages * 2 <= scan.entries.len() {
        split.parts = scan.entries;
        split.frames = scan.frames;
    }
    split.context = scan.context;
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
    let mut messages = 0;
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
            scan.finish();
            messages += scan.messages;
            let (before, whole) = (split.parts.len(), 0..scan.entries.len());
            let of_line = Frame { parts: whole, key: None, members: scan.context };
            scan.frames.extend((!of_line.members.is_empty()).then_some(of_line));
            let moved = |frame: Frame| Frame { parts: frame.parts.start + before..frame.parts.end + before, ..frame };
            split.frames.extend(scan.frames.into_iter().map(moved));
            split.parts.append(&mut scan.entries);
        }
    }
    if messages * 2 > split.parts.len() {
        split.parts.clear();
        split.frames.clear();
    }
    if is_last_broken {
        broken -= 1;
        split.notices.push(notice("truncated-json", "the last line ends in the middle".to_owned()));
    }
    if broken > 0 {
        split.notices.push(notice("broken-json", format!("{broken} lines are no JSON objects and were left out")));
    }
}

/// A container that is open.
struct Open {
    token: Token,
    start: usize,
    /// Of the member that it is.
    key: Option<Span>,
    /// The key that was read last, and waits for its member to end.
    pending: Option<Span>,
    /// How many entries were known when it began, and when its current member did.
    entries: usize,
    member_entries: usize,
    names: Names,
    /// Its members, without those that hold entries.
    members: Vec<Span>,
}

/// One pass over the tokens.
#[derive(Default)]
struct Scan {
    stack: Vec<Open>,
    /// Containers that are open below the deepest level that is looked at.
    below: usize,
    entries: Vec<Span>,
    /// Entries that are but messages.
    messages: usize,
    /// Members of the top-level object, where entries are in it.
    context: Vec<Span>,
    frames: Vec<Frame>,
    is_cut: bool,
    end: usize,
}

impl Scan {
    fn run(&mut self, text: &str, range: Span) {
        for (token, span) in Tokens::new(text, range) {
            match token {
                Token::OpenObject | Token::OpenArray if self.below > 0 || self.stack.len() >= MAX_DEPTH => {
                    self.below += 1;
                }
                Token::CloseObject | Token::CloseArray if self.below > 0 => self.below -= 1,
                Token::CutString => self.is_cut = true,
                _ if self.below > 0 => {}
                Token::OpenObject | Token::OpenArray => self.open(token, span.start),
                Token::CloseObject | Token::CloseArray => self.close(text, span.end),
                Token::Comma => self.finish_member(),
                Token::String => self.string(text, span.clone()),
                _ => {}
            }
            self.end = if token == Token::Comma { self.end } else { span.end };
        }
    }

    fn is_complete(&self) -> bool {
        !self.is_cut && self.stack.is_empty() && self.below == 0
    }

    fn open(&mut self, token: Token, start: usize) {
        let key = self.stack.last().and_then(|above| above.pending.clone());
        let entries = self.entries.len();
        self.stack.push(Open {
            token,
            start,
            key,
            pending: None,
            entries,
            member_entries: entries,
            names: Names::default(),
            members: Vec::new(),
        });
    }

    /// A string where a key may stand is one; the names of a wrapper's members are its parent's too.
    fn string(&mut self, text: &str, span: Span) {
        let entries = self.entries.len();
        let Some(open) = self.stack.last_mut() else { return };
        if open.token != Token::OpenObject || open.pending.is_some() {
            return;
        }
        let name = text.get(span.clone()).unwrap_or("");
        open.names.add(name);
        open.member_entries = entries;
        open.pending = Some(span);
        let wraps = open.key.clone().and_then(|key| text.get(key)).is_some_and(is_wrapper);
        if let [.., above, _] = self.stack.as_mut_slice()
            && wraps
        {
            above.names.add(name);
        }
    }

    /// Whether an object that ends stands where entries do, and how sure that is.
    fn place(&self, text: &str) -> Option<Holder> {
        match self.stack.as_slice() {
            [] => Some(Holder::Any),
            [array] if array.token == Token::OpenArray => Some(Holder::Any),
            [.., array] if array.token == Token::OpenArray => holder(text.get(array.key.clone()?)?),
            _ => None,
        }
    }

    fn close(&mut self, text: &str, end: usize) {
        self.finish_member();
        let Some(closed) = self.stack.pop() else { return };
        if closed.token != Token::OpenObject {
            return;
        }
        let place = self.place(text);
        let is_report = closed.names.is_report();
        if self.entries.len() > closed.entries {
            // It holds entries: either it is itself a report, and they are part of it, or it is but their frame.
            if !is_report || place.is_none() {
                return self.frame(closed);
            }
            self.forget(closed.entries);
        }
        let Some(place) = place else { return };
        if is_report || place == Holder::Any || place == Holder::Reports {
            self.messages += usize::from(closed.names.is_message());
            self.entries.push(closed.start..end);
        }
    }

    /// An object that says something of the entries in it.
    fn frame(&mut self, object: Open) {
        if self.stack.is_empty() {
            self.context = object.members;
        } else if !object.members.is_empty() {
            let key = object.key.or_else(|| self.stack.last().and_then(|above| above.key.clone()));
            self.frames.push(Frame { parts: object.entries..self.entries.len(), key, members: object.members });
        }
    }

    /// Entries from the given one on are none, nor are there frames of them.
    fn forget(&mut self, from: usize) {
        self.entries.truncate(from);
        while self.frames.pop_if(|frame| frame.parts.start >= from).is_some() {}
    }

    /// What was cut off never ended: it is judged by what was read.
    fn finish(&mut self) {
        while let Some(open) = self.stack.pop() {
            let is_outermost = self.stack.is_empty();
            match open.token {
                Token::OpenObject if is_outermost && open.names.is_report() => self.forget(0),
                Token::OpenObject if self.entries.len() > open.entries => self.frame(open),
                _ => {}
            }
        }
    }

    fn finish_member(&mut self) {
        let entries = self.entries.len();
        let Some(open) = self.stack.last_mut() else { return };
        let Some(key) = open.pending.take().filter(|_| open.token == Token::OpenObject) else { return };
        let member = key.start..self.end;
        let is_short = member.len() <= MAX_CONTEXT_BYTES && open.members.len() < MAX_CONTEXT_MEMBERS;
        if is_short && member.end > member.start && open.member_entries == entries {
            open.members.push(member);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Format, feed};

    fn check(text: &str, parts: &[&str], context: &[&str], codes: &[&str]) {
        let split = feed::split(Format::Json, text);
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
    fn exports_of_tools_are_cut_by_the_names_of_their_members() {
        let incident = r#"{"id": 1, "attributes": {"title": "a", "severity": "b"}, "services": {"data": [{"id": 2}]}}"#;
        check(&format!(r#"{{"data": [{incident}], "meta": {{"n": 1}}}}"#), &[incident], &[r#""meta": {"n": 1}"#], &[]);
        let nested = r#"{"months": [{"name": "May", "incidents": [{"name": "a"}]}, {"incidents": [{"name": "b"}]}]}"#;
        check(nested, &[r#"{"name": "a"}"#, r#"{"name": "b"}"#], &[], &[]);
        // An incident that holds others' reports is one, and so is what is said in a channel.
        let one = r#"{"title": "a", "status": "over", "reports": [{"title": "b", "status": "c"}]}"#;
        check(one, &[one], &[], &[]);
        let talk = r#"[{"user": "a", "ts": "1", "text": "b"}, {"user": "c", "ts": "2", "text": "d"}]"#;
        check(talk, &[talk], &[], &[]);
        let lines = "{\"time\": 1, \"message\": \"b\"}\n{\"time\": 2, \"message\": \"d\"}";
        check(lines, &[lines], &[], &[]);
        let settings = r#"{"items": [{"a": 1}], "name": "x"}"#;
        check(settings, &[settings], &[], &[]);
    }

    #[test]
    fn what_stands_around_entries_is_said_of_them() {
        let frames = |text: &str| {
            let split = feed::split(Format::Json, text);
            let told = split.frames.into_iter().map(|frame| {
                let key = frame.key.map_or("", |key| &text[key]).to_owned();
                let members: Vec<&str> = frame.members.iter().map(|member| &text[member.clone()]).collect();
                format!("{:?} {key} {}", frame.parts, members.join(" "))
            });
            told.collect::<Vec<_>>()
        };
        let months = r#"{"page": {"n": 1}, "months": [{"year": 2026, "name": "May", "starts_on": 1, "incidents": [{"a": 1}, {"a": 2}]},
            {"incidents": [{"a": 3}], "year": 2025}, {"year": 2024, "incidents": []}]}"#;
        let expected = [r#"0..2 "months" "year": 2026 "name": "May" "starts_on": 1"#, r#"2..3 "months" "year": 2025"#];
        assert_eq!(frames(months), expected);
        // Cut in the middle, it says what it has said so far.
        assert_eq!(frames(&months[..months.len() - 30]), expected);
        let sites =
            r#"[{"org": "x", "site": {"m": 1, "incidents": [{"a": 1}]}}, {"org": "y", "incidents": [{"a": 2}]}]"#;
        assert_eq!(frames(sites), [r#"0..1  "org": "x""#, r#"0..1 "site" "m": 1"#, r#"1..2  "org": "y""#]);
        // What a report holds is part of it, and needs nobody to say anything of it.
        let report = r#"{"incidents": [{"title": "a", "status": "b", "w": {"y": 1, "reports": [{"c": 1}]}}]}"#;
        assert_eq!(frames(report), Vec::<String>::new());
        let lines = "{\"org\": \"x\", \"incidents\": [{\"a\": 1}]}\n{\"org\": \"y\", \"incidents\": [{\"a\": 2}]}";
        assert_eq!(frames(lines), [r#"0..1  "org": "x""#, r#"1..2  "org": "y""#]);
    }

    #[test]
    fn cut_and_broken_feeds_keep_their_whole_entries() {
        check(r#"{"incidents": [{"a": 1}, {"b": "x"#, &[r#"{"a": 1}"#], &[], &["truncated-json"]);
        let page = r#"{"page": {"name": "p"}, "incidents": [{"a": 1}, {"b"#;
        check(page, &[r#"{"a": 1}"#], &[r#""page": {"name": "p"}"#], &["truncated-json"]);
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
        assert_eq!(feed::split(Format::Json, &deep).parts.len(), 1);
    }
}
