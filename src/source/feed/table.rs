//! Entries of a table in plain text: its rows, where its header names what is told of incidents.

use super::names::Names;
use super::{MAX_CONTEXT_BYTES, Split};
use crate::source::rows::{Rows, delimiter};

pub(super) fn split(text: &str, split: &mut Split) {
    let first = text.trim_start_matches(['\n', '\r', '\u{FEFF}']).lines().next().unwrap_or("");
    let mut rows = Rows::new(text, 0..text.len(), delimiter(first));
    let Some(header) = rows.next() else { return };
    let mut names = Names::default();
    for cell in &header {
        names.add(text.get(cell.clone()).unwrap_or(""));
    }
    let (Some(first), Some(last)) = (header.first(), header.last()) else { return };
    let head = first.start..last.end;
    if !names.is_report() || head.len() > MAX_CONTEXT_BYTES {
        return;
    }
    for row in rows {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        let is_told = text.get(first.start..last.end).is_some_and(|row| row.contains(char::is_alphanumeric));
        if is_told {
            split.parts.push(first.start..last.end);
        }
    }
    split.context.push(head);
}

#[cfg(test)]
mod tests {
    use crate::source::{Format, feed};

    #[test]
    fn rows_of_incidents_are_entries_and_events_are_not() {
        let parts = |text: &str| {
            let split = feed::split(Format::Csv, text);
            split.parts.into_iter().map(|part| text[part].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(parts("Title;Start\nA;\"1\n2\"\n;\nB;3\n"), ["A;\"1\n2\"", "B;3"]);
        let events = "Time,Event\n10:00,A\n10:05,B\n";
        assert_eq!(parts(events), [events]);
        assert_eq!(parts("Title,Start\n"), ["Title,Start\n"]);
    }
}
