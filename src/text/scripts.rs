//! Scripts that put no spaces between words: Chinese and Japanese, and Korean, whose words end in particles.
//!
//! Whoever looks for phrases where words begin and end is given each such letter as a word of its own, in the text and
//! in the phrase. Knows nothing of what words mean.

use super::eights::{HIGHEST, ONES};
use std::borrow::Cow;
use std::ops::Range;

/// A letter of a script without spaces.
pub(super) fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Is it a letter or digit? Of most letters of these scripts a range tells.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
        || c.is_alphanumeric()
}

/// With what the letters of these scripts begin, at least.
const FIRST_BYTE_MIN: u8 = 0xE3;

/// False only for a text without such a letter.
fn may_have_one(text: &str) -> bool {
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    // Added to the lower bits, this carries into the highest one from that byte on.
    let to_carry = ONES * (0x100 - u64::from(FIRST_BYTE_MIN));
    let in_eight = |eight: &[u8; 8]| {
        let bytes = u64::from_le_bytes(*eight);
        bytes & ((bytes & (ONES * 0x7F)) + to_carry) & HIGHEST != 0
    };
    eights.iter().any(in_eight) || rest.iter().any(|byte| *byte >= FIRST_BYTE_MIN)
}

/// A text in which such letters are words of their own.
pub struct Apart<'t> {
    pub text: Cow<'t, str>,
    /// Where spaces were put in, in order.
    added: Cow<'t, [usize]>,
}

impl<'t> Apart<'t> {
    pub fn of(text: &'t str) -> Self {
        // Most texts have no such letter.
        if text.is_ascii() || !may_have_one(text) || !text.contains(stands_alone) {
            return Apart::plain(text);
        }
        let (mut apart, mut added) = (String::with_capacity(2 * text.len()), Vec::new());
        let mut before: Option<(char, bool)> = None;
        for c in text.chars() {
            let alone = stands_alone(c);
            let joins = before.is_some_and(|(b, b_alone)| (alone || b_alone) && is_letter(b) && is_letter(c));
            if joins {
                added.push(apart.len());
                apart.push(' ');
            }
            apart.push(c);
            before = Some((c, alone));
        }
        Apart { text: Cow::Owned(apart), added: Cow::Owned(added) }
    }

    /// Of a text without such letters.
    pub fn plain(text: &'t str) -> Self {
        Apart { text: Cow::Borrowed(text), added: Cow::Borrowed(&[]) }
    }

    /// Is it the text as it was?
    pub fn is_plain(&self) -> bool {
        self.added.is_empty()
    }

    /// The same with texts of its own.
    pub fn into_owned(self) -> Apart<'static> {
        Apart { text: Cow::Owned(self.text.into_owned()), added: Cow::Owned(self.added.into_owned()) }
    }

    /// The same with what another holds.
    pub fn borrowed(&self) -> Apart<'_> {
        Apart { text: Cow::Borrowed(&self.text), added: Cow::Borrowed(&self.added) }
    }

    /// The range of the text as it was that a range of this one stands for.
    pub fn original(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| at - self.added.partition_point(|added| *added < at);
        place(range.start)..place(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_without_spaces_are_words_of_their_own() {
        for (text, expected) in [
            ("Service restored — à 14h", "Service restored — à 14h"),
            ("AWSの障害", "AWS の 障 害"),
            ("服务 恢复。", "服 务 恢 复。"),
            ("복구되었습니다", "복 구 되 었 습 니 다"),
            ("db1停止", "db1 停 止"),
        ] {
            assert_eq!(Apart::of(text).text, expected);
        }
    }

    proptest! {
        #[test]
        fn a_text_that_may_have_no_such_letter_has_none(text in "[a é—\u{20AC}の障\u{AC00}😀]{0,20}") {
            prop_assert_eq!(may_have_one(&text), text.bytes().any(|byte| byte >= FIRST_BYTE_MIN));
        }

        #[test]
        fn every_range_leads_back_to_its_words(text in "[a1 é。障害の]{0,12}") {
            let apart = Apart::of(&text);
            for (at, c) in apart.text.char_indices().filter(|(at, _)| !apart.added.contains(at)) {
                let range = apart.original(&(at..at + c.len_utf8()));
                prop_assert_eq!(text.get(range).and_then(|word| word.chars().next()), Some(c));
            }
        }
    }
}
