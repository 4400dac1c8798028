//! Which words may be in a list, told by their first letters: for lists of which every word of a text is asked.

use super::starts::{Filter, KEY_BYTES, each_start, key};

/// The first letters of the words of a list.
pub struct Heads(Filter);

impl Heads {
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Heads(Filter::new(words.into_iter().map(|word| key(word.as_bytes()))))
    }

    /// Of what stands in a text from each of its words on.
    pub fn of_text(text: &str) -> Self {
        let mut keys = Vec::new();
        each_start(text.as_bytes(), |start| keys.push(start.key()));
        Heads(Filter::new(keys))
    }

    /// False only for a phrase that does not stand in the text that these are of, in any case.
    pub fn may_stand(&self, phrase: &str) -> bool {
        phrase.len() < KEY_BYTES || self.may_have(phrase)
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
        let heads = Heads::of_text("A certificate, s3 and the Märzen ran out");
        assert!(["certificate", "S3", "märzen", "ran out", "ci"].iter().all(|phrase| heads.may_stand(phrase)));
        assert!(others.iter().filter(|word| heads.may_stand(word)).count() < 3);
    }
}
