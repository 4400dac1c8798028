//! Entries of TOML: the tables of an array whose name says that it holds reports.

use super::names::{Names, holder};
use super::{MAX_CONTEXT_BYTES, Split, lines};

pub(super) fn split(text: &str, split: &mut Split) {
    let mut header: Option<&str> = None;
    let mut starts = Vec::new();
    let mut first_table = text.len();
    let mut names = Names::default();
    for (line, span) in lines(text, 0..text.len()) {
        let words = line.trim_start();
        if words.starts_with('[') {
            first_table = first_table.min(span.start);
            let name = words.strip_prefix("[[").and_then(|rest| rest.split("]]").next()).map(str::trim);
            let holds = name.filter(|name| !name.contains('.') && holder(name).is_some());
            if holds.is_some() && (header.is_none() || header == holds) {
                header = holds;
                starts.push(span.start);
            }
        } else if first_table == text.len()
            && let Some((key, _)) = words.split_once('=')
        {
            names.add(key);
        }
    }
    // A report may list others.
    if names.is_report() {
        return;
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    split.parts = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    if first_table > 0 && first_table <= MAX_CONTEXT_BYTES {
        split.context.push(0..first_table);
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Format, feed};

    #[test]
    fn tables_of_incidents_are_entries() {
        let parts = |text: &str| {
            let split = feed::split(Format::Toml, text);
            let cut = |span: std::ops::Range<usize>| text[span].to_owned();
            (
                split.parts.into_iter().map(cut).collect::<Vec<_>>(),
                split.context.into_iter().map(cut).collect::<Vec<_>>(),
            )
        };
        let (entries, context) = parts("org = 1\n[[incident]]\na = 1\n[incident.b]\n[[incident]]\na = 2\n");
        assert_eq!(entries, ["[[incident]]\na = 1\n[incident.b]\n", "[[incident]]\na = 2\n"]);
        assert_eq!(context, ["org = 1\n"]);
        let one = "title = 1\ndate = 2\n[[events]]\nat = 1\n";
        assert_eq!(parts(one).0, [one]);
    }
}
