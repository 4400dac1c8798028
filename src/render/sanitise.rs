//! Strings from documents, made safe for the place they are shown in.
//!
//! Reports are untrusted input: a title may carry escape sequences that move a terminal's cursor, override characters
//! that make text read backwards, or markup.

use std::borrow::Cow;

/// One line of plain text: escape sequences, control characters, direction overrides and invisible characters are
/// gone, any white space is a single space.
///
/// Escape sequences (ECMA-48 CSI and OSC/DCS/APC/PM/SOS strings) go as a whole, so that no `[31m` is left behind.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// Like [`line`], but keeps line breaks (as `\n`).
pub fn lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

fn clean(text: &str, keep_breaks: bool) -> Cow<'_, str> {
    let is_shown = |c: char| !c.is_control() && !is_invisible(c) && (!c.is_whitespace() || c == ' ');
    if (super::wrap::is_plain(text) || text.chars().all(is_shown)) && !text.contains("  ") {
        return Cow::Borrowed(text.trim());
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_parameters(&mut chars),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut chars),
            '\n' if keep_breaks => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
            }
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out.trim().to_owned())
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// After ESC: a CSI sequence, a string (OSC, DCS, SOS, PM, APC), or a two-character escape.
fn skip_escape(chars: &mut Chars<'_>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_parameters(chars);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            chars.next();
            skip_string(chars);
        }
        // Two-character and charset escapes: intermediates 0x20–0x2f, then one final byte.
        Some(c) if c.is_ascii() && !c.is_ascii_control() => {
            while chars.next_if(|c| (' '..='/').contains(c)).is_some() {}
            chars.next_if(|c| ('0'..='~').contains(c));
        }
        _ => {}
    }
}

/// CSI: parameter and intermediate bytes (0x20–0x3f), then one final byte (0x40–0x7e).
fn skip_parameters(chars: &mut Chars<'_>) {
    while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
    chars.next_if(|c| ('@'..='~').contains(c));
}

/// A control string, up to BEL, ST or the end of the line; an unterminated one must not swallow the whole text.
fn skip_string(chars: &mut Chars<'_>) {
    while let Some(c) = chars.next_if(|c| *c != '\n') {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                chars.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

/// Characters without a mark of their own that change how neighbours are read: zero-width, direction overrides and
/// isolates, tags, interlinear annotation, variation selectors' private kin.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Text for an HTML text node or a double- or single-quoted attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in lines(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text for a Markdown paragraph or table cell: no character of it can start markup, HTML, a link or a new cell.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let text = line(text);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Inside a word an underscore is only an underscore (GFM), and names are full of them.
            '_' if before.is_alphanumeric() && chars.peek().is_some_and(|c| c.is_alphanumeric()) => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A text cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): a leading `= + - @`, also full-width,
/// gets an apostrophe before it, which spreadsheets hide.
pub fn spreadsheet(text: &str) -> Cow<'_, str> {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let text = lines(text);
    if text.starts_with(risky) { Cow::Owned(format!("'{text}")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_as_a_command() {
        for (dirty, shown) in [
            ("plain 502 osc-fr1 — é", "plain 502 osc-fr1 — é"),
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}]0;owned\u{7}title", "title"),
            ("\u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{9b}2Jcleared", "cleared"),
            ("\u{1b}(0lqk", "lqk"),
            ("\u{1b}", ""),
            ("\u{1b}]unterminated\nnext", "next"),
            ("a\r\nb\tc\u{0}d\u{7f}", "a b cd"),
            ("evil\u{202e}txt.exe\u{202c}", "eviltxt.exe"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("tag\u{e0041}s", "tags"),
            ("  two  spaces\u{a0}here ", "two spaces here"),
            ("line\u{2028}separator", "line separator"),
        ] {
            assert_eq!(line(dirty), shown, "{dirty:?}");
        }
    }

    #[test]
    fn line_breaks_are_kept_where_asked() {
        assert_eq!(lines("a \r\n\u{1b}[2K b"), "a\nb");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(
            html("<script>alert('x')</script> & \"q\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;"
        );
        assert_eq!(markdown("a|b ![x](http://e) <b> osc_fr1 _em_"), r"a\|b !\[x\](http://e) &lt;b&gt; osc_fr1 \_em\_");
    }

    #[test]
    fn a_cell_is_no_formula() {
        for (text, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("\t=1+1", "'=1+1"),
            ("\u{200b}=1", "'=1"),
            ("@SUM", "'@SUM"),
            ("－1", "'－1"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(spreadsheet(text), cell);
        }
    }
}
