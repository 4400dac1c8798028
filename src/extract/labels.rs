//! Labelled values: what forms, cover lines and tables of two columns say, and where it stands.
//!
//! Knows how a key and its value are set apart, and nothing of what any key means.

use super::milestone_words::keyed;
use super::reading::{Label, LabelForm, WRAPPED_LINE_CHARS};
use super::section::announced;
use super::states::state;
use super::timing::names_time;
use super::vocabulary::{asks_cause, asks_who_noticed, is_blank, lists, sentence_goes_on};
use crate::document::{Block, BlockKind, Document};
use crate::domain::Span;
use crate::text::{Marks, Regex, spaced};
use std::sync::LazyLock;

/// A key longer than this is a sentence with a colon in it.
const KEY_BYTES_MAX: usize = 60;
const KEY_WORDS_MAX: usize = 7;

/// A heading labels the block below it only when that block is short.
const HEADED_VALUE_BYTES_MAX: usize = 400;

/// Lower case, single spaces, `_` and `-` as spaces, no punctuation at the ends. What trackers say of a column that a
/// team added (`Custom field (Root cause)`) is left out.
pub fn fold_key(key: &str) -> String {
    let parted = key.to_lowercase().replace(['_', '-'], " ");
    let added = parted.strip_prefix("custom field (").and_then(|name| name.strip_suffix(')'));
    let name = added.unwrap_or(&parted);
    let trimmed = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '?' && c != ')');
    spaced(trimmed)
}

/// Adds the labels of a block, the blocks coming in order. `headed`: the last table whose columns have names.
pub(super) fn find_labels(
    document: &Document,
    index: usize,
    block: &Block,
    headed: &mut Option<u32>,
    labels: &mut Vec<Label>,
) {
    match &block.kind {
        BlockKind::Heading { .. } => {
            if let Some((key, value)) = headed_value(&block.text) {
                push_label(labels, LabelForm::Line, key, index, block, value);
                return;
            }
            let Some(next) = document.blocks.get(index + 1) else { return };
            let below = next.heading == Some(index) && next.text.len() <= HEADED_VALUE_BYTES_MAX;
            if below && !matches!(next.kind, BlockKind::Heading { .. } | BlockKind::Code) {
                push_label(labels, LabelForm::Heading, &block.text, index + 1, next, 0..next.text.len());
            }
        }
        BlockKind::Row { header: false, cells, table } => {
            if let Some(keys) = lone_header(document, index, *table) {
                let values = cells.iter().cloned();
                keys.into_iter().zip(values).for_each(|(k, v)| push_label(labels, LabelForm::Row, k, index, block, v));
            }
            if let [key, value, ..] = cells.as_slice()
                && let Some(words) = block.text.get(key.clone())
                && is_key(words)
                && cells.len() <= 3
            {
                push_label(labels, LabelForm::Row, words, index, block, value.clone());
            }
            if *headed != Some(*table) && cells.len() > 3 {
                paired_cells(index, block, cells, labels);
            }
        }
        // The first line of a form in columns may be marked as the heads of a table.
        BlockKind::Row { header: true, cells, .. } if paired_values(block, cells) => {
            paired_cells(index, block, cells, labels);
        }
        BlockKind::Row { header: true, table, cells } => {
            *headed = Some(*table);
            // A table of keys and values without a head of its own.
            if let [key, value] = cells.as_slice()
                && let Some(words) = block.text.get(key.clone())
                && block.text.get(value.clone()).is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()))
                && is_key(words)
            {
                push_label(labels, LabelForm::Row, words, index, block, value.clone());
            }
        }
        BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote => line_labels(index, block, labels),
        BlockKind::Code => {}
    }
}

/// "## Severity: 2": what a heading asks and answers itself, if forms ask for it.
fn headed_value(text: &str) -> Option<(&str, Span)> {
    let (colon, _) = next_colon(text, 0)?;
    let key = text.get(..colon)?;
    let rest = text.get(colon..)?.trim_start_matches([':', '：']).trim_start_matches([' ', '*', '_']);
    let folded = || fold_key(key);
    let tells = is_key(key) && !rest.is_empty() && (names_time(&folded()) || is_asked(key) && announced(key).is_none());
    tells.then(|| (key, text.len() - rest.len()..text.len()))
}

/// Do cells alternate between names and values that have digits?
fn paired_values(block: &Block, cells: &[Span]) -> bool {
    let has_digit =
        |cell: &Span| block.text.get(cell.clone()).is_some_and(|w| w.contains(|c: char| c.is_ascii_digit()));
    let (pairs, rest) = cells.as_chunks::<2>();
    pairs.len() >= 2 && rest.is_empty() && pairs.iter().all(|[key, value]| !has_digit(key) && has_digit(value))
}

/// A form of two columns and more: `Severity | High | Service | Search`. Keys have no digits.
fn paired_cells(index: usize, block: &Block, cells: &[Span], labels: &mut Vec<Label>) {
    let words = |cell: &Span| block.text.get(cell.clone()).unwrap_or("").trim();
    let filled: Vec<&Span> = cells.iter().filter(|cell| !words(cell).is_empty()).collect();
    let is_name = |cell: &Span| is_key(words(cell)) && !words(cell).contains(|c: char| c.is_ascii_digit());
    let pairs = filled.as_chunks::<2>();
    if pairs.1.is_empty() && pairs.0.iter().all(|[key, _]| is_name(key)) {
        for [key, value] in pairs.0 {
            push_label(labels, LabelForm::Row, words(key), index, block, (*value).clone());
        }
    }
}

/// The column heads of a table that has one row: they label its cells.
fn lone_header(document: &Document, index: usize, table: u32) -> Option<Vec<&str>> {
    let row_of = |i: usize| match document.blocks.get(i).map(|b| (b, &b.kind)) {
        Some((block, BlockKind::Row { table: t, header, cells })) if *t == table => Some((block, *header, cells)),
        _ => None,
    };
    let (block, true, cells) = row_of(index.checked_sub(1)?)? else { return None };
    if paired_values(block, cells) {
        return None;
    }
    let keys = || cells.iter().filter_map(|c| block.text.get(c.clone()));
    (row_of(index + 1).is_none() && keys().all(|k| k.trim().is_empty() || is_key(k))).then(|| keys().collect())
}

/// A key at the beginning of a line, or a capitalised key after the end of another value on the same line. What stands
/// in brackets behind it explains it; dots may lead from it to the colon.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xm)
        (?: ^[\s>*•·–-]* | (?P<inner>[\ \t.;,)]) )
        (?P<key> \p{L}[\p{L}\p{N}'’/()_\-\#]* (?:\ [\p{L}\p{N}\(\#&/][\p{L}\p{N}'’/()_\-\#&]*){0,6} \??)
        (?: \ \( (?: [^()\n:]{1,120} | [hHmMsS:]{3,8} ) \) )?
        (?: \s? | [\ \t]*[.·…_]{2,80}\ ? )
        (?: :(?P<after>[\s*_]|$) | ： )",
    )
    .expect("a valid regex")
});

fn line_labels(index: usize, block: &Block, labels: &mut Vec<Label>) {
    let text = block.text.as_str();
    // A key inside a line counts only when the line begins with one: the run-together fields of a summary line.
    let mut keys: Vec<(Span, usize)> = Vec::new();
    let mut at = 0;
    // Where the line begins that `at` stands in.
    let mut line = 0;
    // A key and its colon stand in one line, or the colon begins the next.
    while let Some((colon, after)) = next_colon(text, at) {
        let from = at + line_before(text.get(at..colon).unwrap_or(""));
        line = line_start(text, line, at..from);
        // Of lines that begin with no key nothing counts.
        let goes_on = keys.last().is_some_and(|(key, _)| key.start >= line);
        // It ends at this colon: what follows may be pages.
        let found = if goes_on {
            let begin = from.max(key_begin(text.get(..colon).unwrap_or("")));
            text.get(..after).and_then(|text| KEY.captures_at(text, begin))
        } else if from == line {
            KEY.captures_here(text, from)
        } else {
            None
        };
        let Some(found) = found else {
            line = line_start(text, line, from..after);
            at = after;
            continue;
        };
        let (Some(whole), Some(key)) = (found.get(0), found.name("key")) else { break };
        at = whole.end();
        let inner = found.name("inner").is_some();
        let own_line = line_start(text, line, from..whole.start());
        line = line_start(text, own_line, whole.range());
        let mut words = key.range();
        if inner {
            let same_line = keys.last().is_some_and(|(k, _)| k.start >= own_line);
            if !same_line {
                continue;
            }
            // "High, the nodes were down Severity: High": the key is the last capitalised run.
            words.start = last_capitalised(text, &words);
        }
        // "Subject: Report: search was down": what stands right behind a key is its value.
        let is_value = inner && keys.last().is_some_and(|(_, value)| words.start <= *value + 1);
        // "The same as on October 21: …" goes on as it began.
        let is_told = inner && text.get(own_line..words.start).is_some_and(sentence_goes_on);
        if !is_value && !is_told && text.get(words.clone()).is_some_and(is_key) {
            keys.push((words, whole.end()));
        }
    }
    drawn_keys(text, &mut keys);
    for (i, (key, value_start)) in keys.iter().enumerate() {
        let next = keys.get(i + 1).map_or(text.len(), |(next, _)| next.start);
        let end = value_end(text, key.start, *value_start).min(next).max(*value_start);
        let is_empty = text.get(*value_start..end).is_some_and(|value| value.trim_matches(['*', '_', ' ']).is_empty());
        let end = if is_empty { below_end(text, end, next) } else { end };
        // An item or paragraph that is one labelled value may be hard-wrapped: it goes on to the end.
        let end = if keys.len() == 1 && matches!(block.kind, BlockKind::Item { .. }) { text.len() } else { end };
        if let Some(words) = text.get(key.clone()) {
            push_label(labels, LabelForm::Line, words, index, block, *value_start..end);
        }
    }
}

/// A key that dots, an arrow, a dash or its question mark set apart from its value, at the beginning of a line.
static DRAWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^
        [\s>*•·–-]*
        (?P<key> \p{L}[\p{L}\p{N}'’/()_\-]* (?:\ [\p{L}\p{N}(&/][\p{L}\p{N}'’/()_\-&]*){0,6} \??)
        (?: \s?(?:\.{4,80}|…{2,80}|·{4,80}|_{4,80})\s? | \s(?:->|-->|=>|→|⇒)\s | \s(?P<dash>[-–—=])\s )
        | [\s>*•·–-]*(?P<question>\p{L}[\p{L}'’]*(?:\ [\p{L}'’]+){0,6})\?\s",
    )
    .expect("a valid regex")
});

/// Has a text anything that [`DRAWN`] fits? Most have not, which is told by its bytes alone.
fn may_draw(text: &str) -> bool {
    let bytes = text.as_bytes();
    let draws = |at: usize| match bytes.get(at..).unwrap_or_default() {
        [b'.', b'.', b'.', b'.', ..]
        | [b'_', b'_', b'_', b'_', ..]
        | [b'-' | b'=', b'>', b' ', _, ..]
        | [b'?', b' ', _, _, ..] => true,
        [b'-' | b'=', b' ', _, ..] => at.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b' '),
        _ => false,
    };
    DRAWING.places(text).any(draws) || !text.is_ascii() && DRAWS.iter().any(|mark| text.contains(mark))
}

const DRAWING: Marks<4> = Marks { near: [(b'-', b'.'), (b'=', b'='), (b'?', b'?'), (b'_', b'_')], far: false };

/// Marks beyond ASCII that such a line has.
const DRAWS: &[&str] = &["……", "····", "→ ", "⇒ ", " – ", " — "];

/// Adds the keys of such lines where no colon follows a key. A dash stands in any sentence, an equals sign in any code:
/// they count behind a name that forms ask for, unless that heads a status update.
fn drawn_keys(text: &str, keys: &mut Vec<(Span, usize)>) {
    if !may_draw(text) {
        return;
    }
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let first = keys.partition_point(|(key, _)| key.start < range.start);
        if keys.get(first).is_some_and(|(key, _)| key.start < range.end) {
            continue;
        }
        // Behind its beginning a line has a question's alone.
        let asked = || DRAWN.captures_at(line, key_begin(line.split_once('?')?.0));
        let Some(drawn) = DRAWN.captures_here(line, 0).or_else(asked) else { continue };
        let key = drawn.name("key").or_else(|| drawn.name("question"));
        let (Some(whole), Some(key)) = (drawn.get(0), key) else { continue };
        let is_drawn = drawn.name("dash").is_none() && drawn.name("question").is_none();
        let is_whole = line.get(whole.end()..).is_none_or(|value| value.trim().is_empty());
        if is_key(key.as_str()) && !is_whole && (is_drawn || is_asked(key.as_str())) {
            found.push((range.start + key.start()..range.start + key.end(), range.start + whole.end()));
        }
    }
    keys.extend(found);
    keys.sort_by_key(|(key, _)| key.start);
}

/// Longer keys with a dash behind them are titles.
const ASKED_WORDS_MAX: usize = 5;

/// Is it a name that forms ask for: a part of a report, a grade, a moment?
fn is_asked(key: &str) -> bool {
    let key = fold_key(key);
    let is_grade = || lists().severity_keys.find(&key).iter().any(|cue| cue.range == (0..key.len()));
    key.split(' ').count() <= ASKED_WORDS_MAX
        && state(&key).is_none()
        && (announced(&key).is_some()
            || is_grade()
            || keyed(&key).is_some()
            || asks_cause(&key).is_some()
            || asks_who_noticed(&key))
}

/// A place before which no key begins whose colon stands behind a text: [`KEY`] is a few words of one line, with
/// brackets and dots behind them, and lines may be long.
fn key_begin(text: &str) -> usize {
    let led = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '·' | '…' | '_'));
    let words = if led.ends_with(')') { led.rfind('(').and_then(|at| led.get(..at)).unwrap_or("") } else { led };
    let line = words.rfind('\n').map_or(0, |at| at + 1);
    let begin = words.rmatch_indices(' ').nth(KEY_SPACES).map_or(line, |(at, _)| line.max(at));
    // What stands before the first word may be lines of space.
    let is_lead = |c: char| c.is_whitespace() || matches!(c, '>' | '*' | '•' | '·' | '–' | '-' | '.' | ';' | ',' | ')');
    words.get(..begin).map_or(0, |before| before.trim_end_matches(is_lead).len())
}

/// The spaces between the words of a key and around them, and some to spare.
const KEY_SPACES: usize = 10;

const COLON: Marks<1> = Marks { near: [(b':', b':')], far: true };

/// The next colon that may end a key, and where one behind it may begin.
fn next_colon(text: &str, from: usize) -> Option<(usize, usize)> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    let rest = text.get(from..)?;
    COLON.places(rest).find_map(|at| {
        let colon = rest.get(at..)?.chars().next().filter(|c| matches!(c, ':' | '：'))?;
        let end = at + colon.len_utf8();
        let next = rest.get(end..).and_then(|rest| rest.chars().next()).filter(|_| colon == ':');
        next.is_none_or(ends).then(|| (from + at, from + end + next.map_or(0, char::len_utf8)))
    })
}

/// Where the line begins that a text ends with, or the line before if that is nothing but space.
fn line_before(text: &str) -> usize {
    text.trim_end().rfind('\n').map_or(0, |line| line + 1)
}

/// Where the line begins that the end of a range stands in, `line` being that of its start.
fn line_start(text: &str, line: usize, range: Span) -> usize {
    let within = text.get(range.clone()).and_then(|words| words.rfind('\n'));
    within.map_or(line, |at| range.start + at + 1)
}

/// Where a value that begins at `start` ends: with its line, or with the last of the lines that it was wrapped into. A
/// line that begins with a bullet or a digit is no continuation, and a paragraph of long lines that end sentences was
/// not wrapped.
fn value_end(text: &str, line: usize, start: usize) -> usize {
    let line_end = |from: usize| text.get(from..).and_then(|t| t.find('\n')).map_or(text.len(), |n| from + n);
    let mut begin = text.get(..line).map_or(0, |t| t.rfind('\n').map_or(0, |n| n + 1));
    let mut end = line_end(start);
    while end < text.len() {
        let own = text.get(begin..end).unwrap_or("").trim_end();
        let next = text.get(end + 1..line_end(end + 1)).unwrap_or("").trim_start();
        let full = WRAPPED_LINE_CHARS.contains(&own.chars().count());
        let goes_on = next.chars().next().is_some_and(char::is_alphabetic) && !own.ends_with(['.', '!', '?', '|']);
        if !full || !goes_on {
            break;
        }
        begin = end + 1;
        end = line_end(begin);
    }
    end
}

/// Where a value ends that stands in the lines below its key: before an empty one, or the next key.
fn below_end(text: &str, end: usize, next: usize) -> usize {
    let below = text.get(end..next).unwrap_or("");
    let skipped = below.len() - below.trim_start_matches(['\r', '\n']).len();
    let lines = below.get(skipped..).unwrap_or("");
    let is_next = skipped > 0 && skipped <= "\r\n".len() && !below.starts_with("\n\n");
    let stop = ["\n\n", "\n\r\n"].iter().filter_map(|gap| lines.find(gap)).min().unwrap_or(lines.len());
    if is_next { end + skipped + stop } else { end }
}

/// Start of the last run of words within `words` that begins with a capital letter.
fn last_capitalised(text: &str, words: &Span) -> usize {
    let Some(key) = text.get(words.clone()) else { return words.start };
    let mut start = words.start;
    let mut previous_capital = false;
    for (offset, word) in key.split(' ').scan(0, |at, word| {
        let offset = *at;
        *at += word.len() + 1;
        Some((offset, word))
    }) {
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if capital && !previous_capital {
            start = words.start + offset;
        }
        previous_capital = capital;
    }
    start
}

fn is_key(words: &str) -> bool {
    let words = words.trim();
    !words.is_empty()
        && words.len() <= KEY_BYTES_MAX
        && words.split_whitespace().count() <= KEY_WORDS_MAX
        && words.chars().any(char::is_alphabetic)
}

fn push_label(labels: &mut Vec<Label>, form: LabelForm, key: &str, index: usize, block: &Block, value: Span) {
    let Some(words) = block.text.get(value.clone()) else { return };
    // A cell may have kept what set it apart from its key.
    let drawn = |words: &str| [":", "->", "=>", "→"].iter().find(|m| words.starts_with(**m)).map_or(0, |m| m.len());
    let is_mark = |c: char| c.is_whitespace() || c == '*';
    let bare = words.trim_start_matches(is_mark);
    let bare =
        bare.get(if form == LabelForm::Row { drawn(bare) } else { 0 }..).unwrap_or("").trim_start_matches(is_mark);
    let skip = words.len() - bare.len();
    let words = bare.trim_end_matches(is_mark);
    let key = fold_key(key);
    // What nobody filled in answers nothing.
    if key.is_empty() || is_blank(words) {
        return;
    }
    let range = value.start + skip..value.start + skip + words.len();
    let evidence = block.source(range.clone());
    labels.push(Label { key, value: words.to_owned(), form, place: Some((index, range)), evidence });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Defaults;
    use crate::extract::reading::Reading;

    /// The labels of a plain text, `key=value`.
    fn labels(text: &str) -> Vec<String> {
        let source: std::sync::Arc<str> = text.into();
        let document = crate::document::parse(crate::source::Format::Text, &source, 0..text.len());
        let defaults = Defaults::default();
        let reading = Reading::new(&document, "a.txt", &defaults);
        reading.labels.iter().map(|l| format!("{}={}", l.key, spaced(&l.value))).collect()
    }

    #[test]
    fn a_value_may_stand_below_its_key() {
        let text = "Severity:\nP1\nCause:\nThe disk of the old\nserver was full.\n\nNobody knew.\nOwner:\n\nJo";
        assert_eq!(labels(text), ["severity=P1", "cause=The disk of the old server was full."]);
        assert_eq!(labels("Cause: rust\nSeverity:\nOwner: Jo\n"), ["cause=rust", "owner=Jo"]);
    }

    #[test]
    fn forms_set_their_keys_apart_in_many_ways() {
        for text in [
            "Severity: P1\nService: Search\nCause: full disk",
            "Severity  : P1\nService   : Search\nCause     : full disk",
            "Severity..: P1\nService...: Search\nCause.....: full disk",
            "Severity ........ P1\nService ......... Search\nCause ........... full disk",
            "Severity  ->  P1\nService  ->  Search\nCause  ->  full disk",
            "Severity:\tP1\t\tService:\tSearch\nCause:\tfull disk\tOwner:\tJo",
            "Severity    P1          Service     Search\nCause       full disk   Owner       Jo",
            "Severity    : P1     Service    : Search\nCause       : disk   Owner      : Jo",
        ] {
            let found = labels(text);
            assert_eq!(found[..2], ["severity=P1", "service=Search"], "{text}: {found:?}");
            assert!(found[2].starts_with("cause="), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_first_line_of_a_form_may_be_marked_as_heads() {
        let text: std::sync::Arc<str> =
            "| Ticket | T-7 | Rank | P2 |\n|---|---|---|---|\n| Service | Search | Owner | Jo |\n\n\
             | Task | Who | When | State |\n|---|---|---|---|\n| Rest | Jo | May | open |\n| Eat | Al | June | done |\n"
                .into();
        let document = crate::document::parse(crate::source::Format::Markdown, &text, 0..text.len());
        let defaults = Defaults::default();
        let reading = Reading::new(&document, "a.md", &defaults);
        let found: Vec<String> = reading.labels.iter().map(|l| format!("{}={}", l.key, l.value)).collect();
        assert_eq!(found, ["ticket=T-7", "rank=P2", "service=Search", "owner=Jo"]);
    }

    #[test]
    fn a_sentence_that_goes_on_is_one_value() {
        assert_eq!(
            labels("It broke.\n\nCause: too small, the same as on October 21: no room"),
            ["cause=too small, the same as on October 21: no room"]
        );
        assert_eq!(labels("It broke.\n\nCause: too small Severity: 2"), ["cause=too small", "severity=2"]);
    }

    #[test]
    fn a_dash_sets_apart_what_forms_ask_for() {
        assert_eq!(
            labels("Priority - High\nWhy it happened – a full disk"),
            ["priority=High", "why it happened=a full disk"]
        );
        assert_eq!(
            labels("It broke.\n\nWho noticed? A clerk\nWhy? A full disk"),
            ["who noticed=A clerk", "why=A full disk"]
        );
        for text in [
            "Is that all? We think so.",
            "Resolved - This incident has been resolved.",
            "Monitoring – A fix has been implemented.",
            "The disk was full - nobody looked.",
            "timeout = 30",
            "Wait .. what happened here was odd.",
            "We waited... and it came back.",
            "Severity: TBD\nCause: <describe the cause>\nOwner: N/A",
        ] {
            assert!(labels(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_wrapped_value_goes_on() {
        let label = |text: &str| {
            let values = labels(text).into_iter().filter_map(|l| Some(l.split_once('=')?.1.to_owned()));
            values.collect::<Vec<_>>()
        };
        let wrapped = "Impact: nobody could pay with a card, and those who tried to were told\nthat their bank had refused.\nSeverity: 2\n";
        let whole = "nobody could pay with a card, and those who tried to were told that their bank had refused.";
        assert_eq!(label(wrapped), [whole, "2"]);
        assert_eq!(label("Impact: high\nnobody could pay\n"), ["high"]);
    }

    proptest::proptest! {
        #[test]
        fn no_key_begins_before_the_place_that_is_told(text in "(?:Key|a b|To do|  |[ .,;:>*·(){}\n-]|\\(x y\\)| ?\\.\\.\\. ?|ab ){0,30}:") {
            let (whole, colon) = (format!("{text} "), text.len() - 1);
            let plain = KEY.captures_at(&whole, 0).filter(|found| found.whole().end > colon);
            let begin = key_begin(&text[..colon]);
            if let Some(plain) = plain {
                let found = KEY.captures_at(&whole, begin).map(|found| found.whole());
                proptest::prop_assert_eq!(found, Some(plain.whole()), "from {}", begin);
            }
        }
    }
}
