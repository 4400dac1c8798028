//! Which words may be in a list, told by their first letters: for lists of which every word of a text is asked.

use super::starts::{Filter, KEY_BYTES, key};

/// The first letters of the words of a list.
pub struct Heads(Filter);

impl Heads {
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Heads(Filter::new(words.into_iter().map(|word| key(word.as_bytes()))))
    }

    /// Of the words of both lists.
    pub fn joined(self, other: &Heads) -> Self {
        Heads(self.0.joined(&other.0))
    }

    /// False only for a word that is not in the list in any case. Where all words of the list have three letters or
    /// more, a text that begins with one may be asked about as well.
    pub fn may_have(&self, word: &str) -> bool {
        let first = word.as_bytes();
        let first = first.get(..KEY_BYTES).unwrap_or(first);
        !first.is_ascii() || self.0.passes(key(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_list_pass_in_any_case_and_most_others_do_not() {
        let heads = Heads::new(["märz", "utc", "et", "new york"]);
        assert!(["MÄRZ", "Utc", "ET", "New York"].iter().all(|word| heads.may_have(word)));
        let heads = heads.joined(&Heads::new(["noon"]));
        assert!(["Noon", "utc"].iter().all(|word| heads.may_have(word)));
        let others = ["all", "was", "well", "until", "things", "broke"];
        assert!(others.iter().filter(|word| heads.may_have(word)).count() < 3);
    }
}
