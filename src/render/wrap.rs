//! Text by columns of a terminal, not by bytes or characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

/// Is it of printable ASCII alone, as most of what is shown?
pub(super) fn is_plain(text: &str) -> bool {
    let (eights, rest) = text.as_bytes().as_chunks();
    eights.iter().all(|eight| are_plain(u64::from_le_bytes(*eight)))
        && rest.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The same of eight bytes at once.
fn are_plain(bytes: u64) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let is_ascii = bytes & HIGH == 0;
    // With its high bit set, a byte lends to no other; it keeps the bit if it was a space or more.
    let are_shown = ((bytes | HIGH) - 0x2020_2020_2020_2020) & HIGH == HIGH;
    // One more than the last one that is shown has it.
    is_ascii && are_shown && (bytes + 0x0101_0101_0101_0101) & HIGH == 0
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
    fn plain_text_is_known_wherever_another_character_stands() {
        for c in ('\0'..='\u{ff}').chain(['–', '障']) {
            for (before, after) in (0..10).flat_map(|n| [(n, 9 - n), (n, 0)]) {
                let text =
                    format!("{}{c}{}", "a~ ".repeat(4).get(..before).unwrap(), "~ a".repeat(4).get(..after).unwrap());
                assert_eq!(is_plain(&text), (' '..='~').contains(&c), "{text:?}");
            }
        }
    }

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
