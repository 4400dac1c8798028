//! What a text is made of for weighing: its words without endings, and each with the next.
//!
//! Knows nothing of what they weigh.

/// Endings that words are told apart without, where enough of them is left.
const ENDINGS: &[&str] = &["ing", "ed", "es", "s", "ly"];
const LEFT_MIN: usize = 4;

/// Further words of a text weigh nothing: what an entry is about stands in front.
const WORDS_MAX: usize = 60;

/// Calls `each` with every word and every two words in a row, and with the first after a `^`; every kind of them once
/// or more often. Figures are all one word.
pub fn grams(text: &str, mut each: impl FnMut(&str)) {
    let (mut word, mut both) = (String::new(), String::new());
    let mut rest = text;
    for nth in 0..WORDS_MAX {
        rest = rest.trim_start_matches(|c: char| !is_word(c) && !c.is_ascii_digit());
        let Some(first) = rest.chars().next() else { return };
        let is_part = |c: char| if first.is_ascii_digit() { c.is_ascii_digit() } else { is_word(c) };
        let (here, after) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
        rest = after;
        word.clear();
        if first.is_ascii_digit() {
            word.push('0');
        } else {
            if here.is_ascii() {
                word.push_str(here);
                word.make_ascii_lowercase();
            } else {
                word.extend(here.chars().flat_map(char::to_lowercase));
            }
            let ending = ENDINGS.iter().find(|e| word.ends_with(**e) && word.len() >= e.len() + LEFT_MIN);
            word.truncate(word.len() - ending.map_or(0, |e| e.len()));
        }
        each(&word);
        if nth == 0 {
            both.push('^');
            both.push_str(&word);
        } else {
            both.push(' ');
            both.push_str(&word);
        }
        each(&both);
        both.clone_from(&word);
    }
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c == '\''
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_endings_and_stand_with_the_next() {
        let mut found = Vec::new();
        grams("Alerts fired at 14:02 – Müller's", |gram| found.push(gram.to_owned()));
        let expected = [
            "alert",
            "^alert",
            "fired",
            "alert fired",
            "at",
            "fired at",
            "0",
            "at 0",
            "0",
            "0 0",
            "müller'",
            "0 müller'",
        ];
        assert_eq!(found, expected);
    }
}
