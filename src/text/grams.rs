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
pub fn grams(text: &str, opens: impl Fn(&str) -> bool, mut each: impl FnMut(&str)) {
    let (mut word, mut both) = (String::with_capacity(WORD_BYTES_USUAL), String::with_capacity(2 * WORD_BYTES_USUAL));
    let mut rest = text;
    for nth in 0..WORDS_MAX {
        rest = rest.get(ends(rest, |b| !is_word_byte(b) && !b.is_ascii_digit(), |c| !is_word(c))..).unwrap_or("");
        let Some(first) = rest.bytes().next() else { return };
        let end = if first.is_ascii_digit() {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        } else {
            ends(rest, is_word_byte, is_word)
        };
        let (here, after) = rest.split_at(end);
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
        }
        // What opens no pair is not joined.
        if opens(&both) {
            if nth > 0 {
                both.push(' ');
            }
            both.push_str(&word);
            each(&both);
        }
        both.clone_from(&word);
    }
}

/// Few words are longer.
const WORD_BYTES_USUAL: usize = 24;

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c == '\''
}

#[inline]
fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'\''
}

/// Where a run of characters ends with which a text begins: of ASCII, told by bytes, and of others.
#[inline]
fn ends(text: &str, near: impl Fn(u8) -> bool, far: impl Fn(char) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii() {
            if !near(*byte) {
                break;
            }
            at += 1;
        } else {
            match text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| far(*c)) {
                Some(c) => at += c.len_utf8(),
                None => break,
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_endings_and_stand_with_the_next() {
        let mut found = Vec::new();
        grams("Alerts fired at 14:02 – Müller's", |_| true, |gram| found.push(gram.to_owned()));
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
