//! Which times lead an entry: what may stand before them on their line, and where that line begins.

use super::LED_MIN;
use crate::document::Block;
use crate::extract::states::state;
use crate::extract::timing::Stamp;
use crate::text::Regex;
use crate::time::tail;
use std::sync::LazyLock;

/// What may stand before the time that leads a line: bullets, brackets, small words, a handle.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^[\s\-–—*•·>\[(\#|~≈`_✅❌🔴🟢]*
          (?: (?:\d{1,2}[.)]\s+) | (?:at|on|from|around|about|approximately|approx\.?|ca\.?|circa|by|since|between|
            until|starting|(?:shortly|just)\s(?:before|after)|um|gegen|ab|bis|seit|von|vom|zwischen|etwa|am|
            kurz\s(?:vor|nach)|à(?:\spartir\sd[eu])?|vers|dès|depuis|avant|après|entre|peu\s(?:avant|après)|
            jusqu['’](?:à|au)|de|du|le|el|a\s+las?|desde(?:\slas?)?|hasta(?:\slas?)?|hacia\slas?|sobre\slas?|
            às|até(?:\sàs)?|desde\sas|em|\[?update(?:\s\#?\d{1,2})?\]?|day\s\d|
            (?:mon|tues|wednes|thurs|fri|satur|sun)day,?) [\s:,\-–]* ){0,3} $",
    )
    .expect("a valid regex")
});

pub(super) fn is_lead(before: &str) -> bool {
    before.len() <= 40 && LEAD.is_match(before)
}

/// Whether a stamp stands at the beginning of a line, or of a strongly emphasised run that opens an entry inside one
/// ("… **08:15**: the on-call team …", as text pulled out of a PDF has it).
pub(super) fn leads_line(text: &str, stamp: &Stamp, block: &Block) -> bool {
    if stamp.at.clock.is_none() && stamp.written.date.is_none() {
        return false;
    }
    let start = line_start(text, stamp.span.start, block);
    let Some(before) = text.get(start..stamp.span.start) else { return false };
    // "Resolved 15:51" and nothing more is a label with its time.
    let goes_on = || text.get(stamp.span.end..).is_some_and(|t| t.chars().any(char::is_alphabetic));
    let is_state = heads_time(text, stamp, block) && goes_on();
    is_state || is_lead(before) && !is_wrapped(text, start, stamp.span.end) || heads_message(before, text, stamp)
}

/// Whether the state of an update stands before a time on its line.
pub(super) fn heads_time(text: &str, stamp: &Stamp, block: &Block) -> bool {
    let before = text.get(line_start(text, stamp.span.start, block)..stamp.span.start);
    stamp.at.clock.is_some() && before.is_some_and(|words| state(words).is_some())
}

/// "16:47 - errors rise 16:54 - lag climbs": entries that lost their line breaks, as text pulled out of a page has
/// them. The line begins with such a time, and its entries are at least three.
pub(super) fn joined_leads<'s>(text: &str, stamps: &'s [Stamp]) -> Vec<&'s Stamp> {
    let mut joined: Vec<&Stamp> = Vec::new();
    let mut first = None;
    for stamp in stamps.iter().filter(|s| s.at.clock.is_some() && s.end.is_none()) {
        let after = text.get(stamp.span.end..).unwrap_or("");
        let mut marks = after.trim_start_matches(' ').chars();
        let mark = marks.next().filter(|c| matches!(c, '-' | '–' | '—'));
        if mark.is_none() || !marks.as_str().starts_with(' ') || first.is_some_and(|f| f != mark) {
            continue;
        }
        let before = tail(text.get(..stamp.span.start).unwrap_or(""), LEAD_CHARS_MAX);
        let begins = before.rsplit('\n').next().is_some_and(is_lead);
        if begins || !joined.is_empty() {
            first = Some(mark);
            joined.push(stamp);
        }
    }
    if joined.len() >= LED_MIN { joined } else { Vec::new() }
}

/// "maria 10:02 AM" on a line above its words, as chats are pasted.
fn heads_message(before: &str, text: &str, stamp: &Stamp) -> bool {
    let rest = text.get(stamp.span.end..).unwrap_or("");
    let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let name = before.trim();
    let named = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.split_whitespace().count() <= NAME_WORDS_MAX;
    let plain = name.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '.' | '-' | '_' | '@'));
    let alone = !line.chars().any(char::is_alphanumeric) && below.chars().any(char::is_alphabetic);
    named && plain && alone && stamp.at.clock.is_some() && stamp.written.end.is_none()
}

const NAME_BYTES_MAX: usize = 32;
const NAME_WORDS_MAX: usize = 3;

/// A line of hard-wrapped prose that happens to begin with a clock: the line before it is long and ends no sentence,
/// and the words go on in lower case.
fn is_wrapped(text: &str, start: usize, stamp_end: usize) -> bool {
    let before = text.get(..start).unwrap_or("").trim_end();
    let previous = before.rsplit('\n').next().unwrap_or("");
    let goes_on =
        text.get(stamp_end..).is_some_and(|t| t.starts_with(' ') && t.trim_start().starts_with(char::is_lowercase));
    // Of lines that all begin with a time none was wrapped.
    let listed = previous.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let full = previous.len() >= WRAPPED_LINE_BYTES_MIN && !previous.ends_with(['.', '!', '?', ':', ';', '*']);
    full && goes_on && !listed
}

/// Hard-wrapped lines are about this long.
const WRAPPED_LINE_BYTES_MIN: usize = 50;

/// What stands further than this before a time leads no entry with it.
const LEAD_CHARS_MAX: usize = 120;

/// Start of the line, or of the glued entry, that holds a position; for a far one, a place within the line.
pub(super) fn line_start(text: &str, at: usize, block: &Block) -> usize {
    let before = tail(text.get(..at).unwrap_or(""), LEAD_CHARS_MAX);
    let offset = at - before.len();
    let line = before.rfind('\n').map_or(offset, |n| offset + n + 1);
    let strong = block.strong.partition_point(|s| s.end <= at);
    let strong = block.strong.get(strong).filter(|s| s.start <= at).map(|s| s.start);
    let unmarked = before.trim_end();
    let marked = unmarked.ends_with("**").then(|| offset + unmarked.len() - 2);
    let bullet = before.rfind('•').map(|b| offset + b);
    line.max(strong.unwrap_or(0)).max(marked.unwrap_or(0)).max(bullet.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::is_lead;

    #[test]
    fn small_words_stand_before_a_time() {
        for before in
            ["- ", "kurz vor ", "bis ", "Seit ", "à partir de ", "Jusqu'à ", "depuis le ", "desde las ", "until "]
        {
            assert!(is_lead(before), "{before}");
        }
        for before in ["Dienst bis ", "die Kasse ", "la panne de ", "bistro ", "sitio "] {
            assert!(!is_lead(before), "{before}");
        }
    }
}
