//! Words that say nothing about an incident, by language, from `vocabulary/stopwords.toml`.
//!
//! Knows nothing of what is done with them.

/// Made where the program is built, for to read the vocabulary took a thirtieth of a search. Each list is sorted.
const LISTS: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/stop_words.rs"));

/// Those of a language by its ISO 639-1 code, sorted.
pub fn of(lang: &str) -> &'static [&'static str] {
    LISTS.iter().find(|(known, _)| *known == lang).map(|(_, words)| *words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_and_languages_without_one_have_none() {
        assert!(LISTS.len() >= 5 && LISTS.iter().all(|(_, words)| words.len() > 20 && words.is_sorted()));
        assert!(of("en").contains(&"the") && of("fr").contains(&"les") && of("fi").is_empty());
    }
}
