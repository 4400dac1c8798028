//! Blanks out what a site generator would have replaced, byte for byte, so that ranges stay true.

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

/// A copy with template code blanked out, or nothing if there is none.
pub(super) fn template_markup(text: &str, from: usize) -> Option<String> {
    let mut spans = Vec::new();
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['<', '{', '('])) {
        at += found;
        match enclosed(text.get(at..).unwrap_or("")) {
            Some((skipped, length, filler)) => {
                spans.push((at + skipped..at + length, filler));
                at += length;
            }
            None => at += 1,
        }
    }
    if spans.is_empty() {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for (span, filler) in spans {
        masked.push_str(text.get(end..span.start)?);
        let hidden = text.get(span.clone())?;
        masked.extend(hidden.bytes().map(|b| if b == b'\n' { '\n' } else { filler }));
        end = span.end;
    }
    masked.push_str(text.get(end..)?);
    Some(masked)
}

/// The template code that opens here: bytes to leave, its length with them, and what replaces it.
fn enclosed(text: &str) -> Option<(usize, usize, char)> {
    let (open, close, spans_lines, filler) = ENCLOSED.iter().find(|(open, ..)| text.starts_with(open))?;
    let head = super::super::prefix(text, MAX_ENCLOSED_BYTES);
    let head = if *spans_lines { head } else { head.lines().next().unwrap_or("") };
    let inner = head.get(open.len()..)?;
    // `{:` opens attributes only before a class, an id or a name; elsewhere it is prose or code.
    let is_attribute =
        *open != "{:" || inner.trim_start().starts_with(|c: char| c == '.' || c == '#' || c.is_alphabetic());
    let length = inner.find(close)? + open.len() + close.len();
    is_attribute.then_some((usize::from(open.starts_with('(')), length, *filler))
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
            ("a { b } <c> {{ d }} {", None),
            ("<% open", None),
        ];
        for (text, expected) in cases {
            assert_eq!(template_markup(text, 0).as_deref(), expected, "{text}");
        }
    }
}
