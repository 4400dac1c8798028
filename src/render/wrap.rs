//! Text by columns of a terminal, not by bytes or characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

/// Is it of printable ASCII alone, as most of what is shown?
pub(super) fn is_plain(text: &str) -> bool {
    // Several bytes at once, which stopping at the first other one would prevent.
    let is_plain = |bytes: &[u8]| bytes.iter().fold(true, |so_far, byte| so_far & (b' '..=b'~').contains(byte));
    text.as_bytes().chunks(16).all(is_plain)
}

/// Filled with spaces on the right up to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Cut to at most `columns`, the last of them `…` when something was cut.
pub fn truncate(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let next = c.width().unwrap_or(0);
        if used + next + 1 > columns {
            break;
        }
        used += next;
        out.push(c);
    }
    let mut out = out.trim_end().to_owned();
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Lines of at most `columns`, broken at spaces; a word that is longer than a line is broken inside.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
            let long = width(word);
            if used > 0 && used + 1 + long > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for c in word.chars() {
                let next = c.width().unwrap_or(0);
                if used + next > columns && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += next;
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_measured_in_columns() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("障害報告", 4), ["障害", "報告"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(truncate("障害報告", 5), "障害…");
        assert_eq!(truncate("short", 5), "short");
        assert_eq!(pad("é", 3), "é  ");
    }
}
