//! Entries of YAML: the documents of a stream, the items of a list, those of a member that holds reports. Told by
//! indentation alone, so that a broken entry costs only itself.

use super::names::{Names, holder};
use super::{MAX_CONTEXT_BYTES, Split, lines};
use crate::domain::Span;

pub(super) fn split(text: &str, split: &mut Split) {
    let documents = documents(text);
    if documents.len() > 1 {
        let reports = documents.iter().filter(|d| members(text, d, 0).is_report()).count();
        if reports * 2 > documents.len() {
            split.parts = documents;
        }
        return;
    }
    let Some(document) = documents.into_iter().next() else { return };
    if let Some(list) = list(text, document.clone()) {
        split.parts = list;
    } else if !members(text, &document, 0).is_report() {
        split_members(text, document, split);
    }
}

/// The documents of a stream that hold something.
fn documents(text: &str) -> Vec<Span> {
    let mut documents = Vec::new();
    let mut start = 0;
    let mut is_told = false;
    let mut push = |range: Span, is_told: bool| {
        if is_told {
            documents.push(range);
        }
    };
    for (line, span) in lines(text, 0..text.len()) {
        let words = line.trim_end();
        if words == "---" || words == "..." {
            push(start..span.start, is_told);
            (start, is_told) = (span.end, false);
        } else {
            is_told |= is_significant(words) && !words.starts_with('%');
        }
    }
    push(start..text.len(), is_told);
    documents
}

fn is_significant(line: &str) -> bool {
    let words = line.trim_start();
    !words.is_empty() && !words.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The key that a line begins with.
fn key(words: &str) -> Option<&str> {
    let (key, rest) = words.split_once(':')?;
    let is_key = !key.is_empty() && key.len() <= 60 && !key.starts_with(['{', '[', '-', '#', '&', '*']);
    (is_key && (rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))).then_some(key)
}

/// The names of the members that stand at an indent.
fn members(text: &str, range: &Span, column: usize) -> Names {
    let mut names = Names::default();
    for (line, _) in lines(text, range.clone()).filter(|(line, _)| is_significant(line)) {
        let bare = line.strip_prefix(' ').map_or(line, |_| line.trim_start_matches(' '));
        // The first member of an item stands behind its dash.
        let item = bare.strip_prefix('-').map_or(bare, |rest| rest.trim_start_matches(' '));
        if line.len() - item.len() == column
            && let Some(key) = key(item.trim_end())
        {
            names.add(key);
        }
    }
    names
}

/// The items of a list that fills the range, if they look like reports.
fn list(text: &str, range: Span) -> Option<Vec<Span>> {
    let (items, end) = items(text, range.clone())?;
    let rest = text.get(end..range.end)?;
    (!rest.lines().any(is_significant)).then_some(items)
}

/// The items of a list that the range begins with, and where it ends.
fn items(text: &str, range: Span) -> Option<(Vec<Span>, usize)> {
    let mut column = None;
    let mut starts: Vec<usize> = Vec::new();
    let mut end = range.end;
    for (line, span) in lines(text, range).filter(|(line, _)| is_significant(line)) {
        let words = line.trim_start_matches(' ').trim_end();
        let is_item = words == "-" || words.starts_with("- ");
        let at = *column.get_or_insert(indent(line));
        if indent(line) == at && is_item {
            starts.push(span.start);
        } else if indent(line) <= at {
            end = span.start;
            break;
        }
    }
    let ends = starts.iter().copied().skip(1).chain([end]);
    let items: Vec<Span> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let reports = items.iter().filter(|item| item_names(text, item).is_report()).count();
    (reports > 0 && reports * 2 > items.len()).then_some((items, end))
}

fn item_names(text: &str, item: &Span) -> Names {
    let mut first = lines(text, item.clone()).map(|(line, _)| line);
    let column = first.find(|line| is_significant(line)).map_or(0, |line| {
        let behind = line.trim_start_matches(' ').trim_start_matches('-').trim_start_matches(' ');
        line.len() - behind.len()
    });
    members(text, item, column)
}

/// Entries below a top-level member; the other members tell of all.
fn split_members(text: &str, document: Span, split: &mut Split) {
    let mut member: Option<Span> = None;
    let mut members = Vec::new();
    for (line, span) in lines(text, document.clone()) {
        if indent(line) == 0 && is_significant(line) && key(line.trim_end()).is_some() {
            members.extend(member.take());
            member = Some(span);
        } else if let Some(member) = &mut member {
            member.end = span.end;
        }
    }
    members.extend(member);
    for member in members {
        let written = text.get(member.clone()).unwrap_or("");
        let (head, _) = written.split_once('\n').unwrap_or((written, ""));
        let below = member.start + (head.len() + 1).min(written.len())..member.end;
        let holds = head.trim_end().strip_suffix(':').is_some_and(|key| holder(key).is_some());
        match items(text, below).filter(|_| holds) {
            Some((items, _)) => split.parts.extend(items),
            None if member.len() <= MAX_CONTEXT_BYTES => split.context.push(member),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Format, feed};

    #[track_caller]
    fn check(text: &str, parts: &[&str], context: &[&str]) {
        let split = feed::split(Format::Yaml, text);
        let cut = |spans: Vec<std::ops::Range<usize>>| spans.into_iter().map(|s| &text[s]).collect::<Vec<_>>();
        assert_eq!(cut(split.parts), parts, "{text}");
        assert_eq!(cut(split.context), context, "{text}");
    }

    #[test]
    fn documents_items_and_members_are_entries() {
        check("---\ntitle: a\ndate: b\n---\ntitle: c\ndate: d\n", &["title: a\ndate: b\n", "title: c\ndate: d\n"], &[]);
        check(
            "- title: a\n  date: |\n    - x\n# c\n- date: b\n  title: d\n",
            &["- title: a\n  date: |\n    - x\n# c\n", "- date: b\n  title: d\n"],
            &[],
        );
        check(
            "org: x\nincidents:\n- name: a\n  start: b\nlinks:\n  - c\n",
            &["- name: a\n  start: b\n"],
            &["org: x\n", "links:\n  - c\n"],
        );
    }

    #[test]
    fn one_report_and_no_report_are_one() {
        for text in [
            "title: a\ndate: b\nreports:\n  - title: c\n    date: d\n",
            "- a\n- b\n",
            "- time: a\n  event: b\n- time: c\n  event: d\n",
            "kind: A\nmetadata:\n  name: x\n---\nkind: B\n",
            "",
        ] {
            check(text, &[text], &[]);
        }
    }
}
