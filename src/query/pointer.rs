//! A place in a line, shown with a mark under it; of a long line, what stands around the place.

use std::ops::Range;

/// Characters on either side of the place, and of the place itself.
const AROUND_MAX: usize = 100;

/// The line on one line, and below it marks under the place in it.
pub fn pointed(line: &str, at: Range<usize>) -> (String, String) {
    let start = line.floor_char_boundary(at.start);
    let end = line.floor_char_boundary(at.end).max(start);
    let (before, rest) = line.split_at_checked(start).unwrap_or((line, ""));
    let (place, after) = rest.split_at_checked(end - start).unwrap_or((rest, ""));
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    let first = |text: &str| text.chars().take(AROUND_MAX).map(shown).collect::<String>();
    let cut = |text: &str| if text.chars().nth(AROUND_MAX).is_some() { "…" } else { "" };
    let mut near: Vec<char> = before.chars().rev().take(AROUND_MAX).map(shown).collect();
    near.extend(cut(before).chars());
    let near: String = near.into_iter().rev().collect();
    let (indent, width) = (near.chars().count(), place.chars().take(AROUND_MAX).count().max(1));
    let after_place = if cut(place).is_empty() { first(after) + cut(after) } else { "…".to_owned() };
    (format!("{near}{}{after_place}", first(place)), format!("{}{}", " ".repeat(indent), "^".repeat(width)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_pointed_at_in_lines_of_any_length() {
        let told = |line: &str, at| pointed(line, at);
        assert_eq!(told("dns tigger:a", 4..10), ("dns tigger:a".to_owned(), "    ^^^^^^".to_owned()));
        assert_eq!(told("a\tü\"", 4..9), ("a ü\"".to_owned(), "   ^".to_owned()));
        let long = "(".repeat(100_000);
        let (line, mark) = told(&long, 500..501);
        assert_eq!(line.chars().count(), 203);
        assert_eq!((line.chars().next(), line.chars().last()), (Some('…'), Some('…')));
        assert_eq!(mark.chars().position(|c| c == '^'), Some(101));
        assert_eq!(told(&long, 0..100_000).1.len(), 100);
        assert_eq!(told("", 7..9), (String::new(), "^".to_owned()));
    }
}
