//! How far apart two words are, and which of many is nearest.
//!
//! Knows nothing of what the words mean.

/// Words longer than this are not compared: the cost grows with the square.
const WORD_CHARS_MAX: usize = 64;

/// Edits between two words: a letter inserted, left out, replaced, or two neighbours swapped (optimal string alignment,
/// Damerau 1964). None when it takes more than `max`.
pub fn distance(one: &str, other: &str, max: usize) -> Option<usize> {
    let a: Vec<char> = one.chars().take(WORD_CHARS_MAX + 1).collect();
    let b: Vec<char> = other.chars().take(WORD_CHARS_MAX + 1).collect();
    if a.len().abs_diff(b.len()) > max || a.len() > WORD_CHARS_MAX || b.len() > WORD_CHARS_MAX {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        let mut lowest = i + 1;
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut cost = at(&last, j) + usize::from(x != y);
            cost = cost.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let is_swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swapped {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            lowest = lowest.min(cost);
            row.push(cost);
        }
        if lowest > max {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|d| *d <= max)
}

/// The edits that a slip of the fingers takes in a word of this length.
pub fn slips(word: &str) -> usize {
    match word.chars().count() {
        0..=2 => 0,
        3..=6 => 1,
        _ => 2,
    }
}

/// What a word may have been before one slip of the fingers after its first letter, the likeliest first: neighbours
/// swapped, a letter too much, one left out, one for another. Of words in plain Latin letters only.
pub fn before_slip(word: &str) -> Vec<String> {
    if word.len() > WORD_CHARS_MAX || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let cuts = || (1..word.len()).filter_map(|at| word.split_at_checked(at));
    // A letter of the rest, and what follows it.
    let rests = || cuts().filter_map(|(head, rest)| Some((head, rest.chars().next()?, rest.get(1..)?)));
    let swapped = rests().filter_map(|(head, one, rest)| {
        let other = rest.chars().next().filter(|other| *other != one)?;
        Some(format!("{head}{other}{one}{}", rest.get(1..)?))
    });
    let too_much = rests().map(|(head, _, rest)| format!("{head}{rest}"));
    let ends = cuts().chain([(word, "")]);
    let left_out = ends.flat_map(|(head, rest)| ('a'..='z').map(move |letter| format!("{head}{letter}{rest}")));
    let replaced = rests().flat_map(|(head, typed, rest)| {
        ('a'..='z').filter(move |letter| *letter != typed).map(move |letter| format!("{head}{letter}{rest}"))
    });
    swapped.chain(too_much).chain(left_out).chain(replaced).collect()
}

/// The nearest of many words that a slip may have meant; the first of equals.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let near = words.into_iter().filter_map(|w| {
        let is_begun = word.chars().count() >= 3 && w.starts_with(&word);
        let found = distance(&word, w, slips(&word).max(1));
        found.or(is_begun.then_some(slips(&word) + 1)).map(|d| (d, w))
    });
    near.min_by_key(|(d, _)| *d).map(|(_, w)| w)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (one, other, expected) in [
            ("trigger", "trigger", Some(0)),
            ("emial", "email", Some(1)),
            ("strt", "start", Some(1)),
            ("artifctory", "artifactory", Some(1)),
            ("unkillabel", "unkillable", Some(1)),
            ("abc", "xyz", None),
            ("", "ab", Some(2)),
        ] {
            assert_eq!(distance(one, other, 2), expected, "{one} {other}");
        }
        let before = before_slip("abel");
        assert!(before.iter().all(|word| distance("abel", word, 1) == Some(1)), "{before:?}");
        for word in ["able", "abl", "abels", "label", "abex"] {
            assert_eq!(before.iter().any(|b| b == word), word != "label", "{word}: first letters are rarely wrong");
        }
        assert!(before_slip("größe").is_empty());
        assert_eq!(nearest("triger", ["org", "trigger", "timer"]), Some("trigger"));
        assert_eq!(nearest("comp", ["component", "org"]), Some("component"));
        assert_eq!(nearest("http", ["org", "path"]), None);
    }
}
