//! Blanks out what a site generator would have replaced, byte for byte, so that ranges stay true.

use crate::domain::Span;
use crate::text::Marks;
use crate::time::calendar;

/// Template code: what opens and closes it, whether it may span lines, and what it is replaced with. Inside a link's
/// target it is replaced by letters, for spaces would make the link none.
const ENCLOSED: &[(&str, &str, bool, char)] = &[
    ("<%", "%>", true, ' '),
    ("{%", "%}", true, ' '),
    ("{{<", ">}}", true, ' '),
    ("{{%", "%}}", true, ' '),
    ("({{", "}}", false, 'x'),
    ("{:", "}", false, ' '),
];
/// Template code is shorter than this.
const MAX_ENCLOSED_BYTES: usize = 4096;

const OPENS: Marks<3> = Marks { near: [(b'<', b'<'), (b'{', b'{'), (b'(', b'(')], far: false };

/// A copy with template code blanked out, or nothing if there is none.
pub(super) fn template_markup(text: &str, from: usize) -> Option<String> {
    let mut spans = Vec::new();
    let mut at = from;
    // Up to where each closing mark was looked for in vain: no part of the text is searched twice.
    let mut barren = [0; ENCLOSED.len()];
    while let Some(found) = text.get(at..).and_then(|rest| OPENS.places(rest).next()) {
        at += found;
        match enclosed(text, at, &mut barren) {
            Some((skipped, length, filler)) => {
                let whole = at + skipped..at + length;
                match dated_argument(text, &whole) {
                    Some(date) => {
                        spans.push((whole.start..date.start, filler));
                        spans.push((date.end..whole.end, filler));
                    }
                    None => spans.push((whole, filler)),
                }
                at += length;
            }
            None => at += 1,
        }
    }
    spans.extend(machine_lines(text, from).chain(ordinals(text, from)).map(|span| (span, ' ')));
    if spans.is_empty() {
        return None;
    }
    spans.sort_by_key(|(span, _)| span.start);
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for (span, filler) in spans {
        // A line that goes as a whole may hold template code.
        let span = span.start.max(end)..span.end.max(end);
        masked.push_str(text.get(end..span.start)?);
        let hidden = text.get(span.clone())?;
        masked.extend(hidden.bytes().map(|b| if b == b'\n' { '\n' } else { filler }));
        end = span.end;
    }
    masked.push_str(text.get(end..)?);
    Some(masked)
}

/// Whether what stands in brackets is a link's target: words in square brackets before it, the end of it after it.
fn is_link_target(text: &str, at: usize, end: usize) -> bool {
    let near = text.get(text.floor_char_boundary(at.saturating_sub(MAX_LINK_BYTES))..at).unwrap_or("");
    let before = near.rsplit('\n').next().unwrap_or("");
    let after = super::super::prefix(text.get(end..).unwrap_or(""), MAX_LINK_BYTES).lines().next().unwrap_or("");
    before.strip_suffix(']').is_some_and(|words| words.contains('[')) && after.contains(')')
}

/// The words of a link, and its target, are shorter.
const MAX_LINK_BYTES: usize = 512;

/// A quoted time is what a reader sees where a template prints when something was posted: `{{< track "2024-…" >}}`.
fn dated_argument(text: &str, whole: &Span) -> Option<Span> {
    let code = text.get(whole.clone())?;
    let open = code.find(['"', '\''])? + 1;
    let argument = code.get(open..)?.split(['"', '\'']).next()?;
    let is_dated = argument.len() <= MAX_DATE_BYTES
        && argument.get(..10).is_some_and(|day| {
            day.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
        });
    is_dated.then(|| whole.start + open..whole.start + open + argument.len())
}

/// A date with a clock and a zone is no longer.
const MAX_DATE_BYTES: usize = 40;

/// Lines that are for a program as a whole: `import A from "b"` of MDX, `(label)=` of MyST.
fn machine_lines(text: &str, from: usize) -> impl Iterator<Item = Span> {
    let mut at = from;
    text.get(from..).unwrap_or("").split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let words = line.trim_end();
        let is_import = words.starts_with("import ") && [" from \"", " from '"].iter().any(|from| words.contains(from));
        let label = words.strip_prefix('(').and_then(|rest| rest.strip_suffix(")="));
        let is_label = label.is_some_and(|label| !label.contains([' ', '(', ')']));
        (is_import || is_label).then_some(start..start + words.len())
    })
}

/// The full stop of a date that opens a line or an item: "3. März 2025" is no third point of a list.
fn ordinals(text: &str, from: usize) -> impl Iterator<Item = Span> {
    let mut at = from;
    text.get(from..).unwrap_or("").split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let words = line.trim_start_matches([' ', '\t', '-', '*', '+', '>']);
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let name = words.get(digits..)?.strip_prefix(". ").filter(|_| (1..=2).contains(&digits))?;
        let name = name.split(|c: char| !c.is_alphabetic()).next()?;
        let stop = start + line.len() - words.len() + digits;
        let is_month = name.chars().count() > 3 && calendar::month(&name.to_lowercase()).is_some();
        is_month.then_some(stop..stop + 1)
    })
}

/// The template code that opens at `at`: bytes to leave, its length with them, and what replaces it.
fn enclosed(text: &str, at: usize, barren: &mut [usize]) -> Option<(usize, usize, char)> {
    let rest = text.get(at..)?;
    let kind = ENCLOSED.iter().position(|(open, ..)| rest.starts_with(open))?;
    let (open, close, spans_lines, filler) = ENCLOSED.get(kind)?;
    let head = super::super::prefix(rest, MAX_ENCLOSED_BYTES);
    let inner = head.get(open.len()..)?;
    // `{:` opens attributes only before a class, an id or a name; elsewhere it is prose or code.
    let is_attribute = *open != "{:" || inner.starts_with(|c: char| matches!(c, '.' | '#' | ' ') || c.is_alphabetic());
    if !is_attribute {
        return None;
    }
    let searched = barren.get_mut(kind)?;
    // A closing mark of two bytes may begin just before the part that was searched.
    let from = searched.saturating_sub(at + open.len() + 2).min(inner.len());
    let from = inner.floor_char_boundary(from);
    let Some(found) = inner.get(from..)?.find(close) else {
        *searched = at + head.len();
        return None;
    };
    let length = open.len() + from + found + close.len();
    if *open == "({{" && !is_link_target(text, at, at + length) {
        return None;
    }
    let is_on_line = *spans_lines || !rest.get(..length)?.contains('\n');
    is_on_line.then_some((usize::from(open.starts_with('(')), length, *filler))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_code_becomes_spaces() {
        let cases = [
            ("a <%= b\nc %> d", Some("a      \n     d")),
            ("{% note %}\nwords\n{% endnote %}", Some("          \nwords\n             ")),
            ("words\n{: .class}", Some("words\n          ")),
            ("{{< figure src=é >}}x", Some("                     x")),
            ("[a]({{ site.url }}/b)", Some("[a](xxxxxxxxxxxxxx/b)")),
            ("import A from './b'\n(a-b)=\nx", Some("                   \n      \nx")),
            ("- 3. März 2025: x\n3. Restart", Some("- 3  März 2025: x\n3. Restart")),
            ("a {{< t \"2024-01-02 10:00\" >}}", Some("a        2024-01-02 10:00     ")),
            ("a { b } <c> {{ d }} {", None),
            ("<% open", None),
        ];
        for (text, expected) in cases {
            assert_eq!(template_markup(text, 0).as_deref(), expected, "{text}");
        }
    }
}
