//! The language of a document's words.

/// Enough words to tell a language, however long the document.
pub const LANGUAGE_SAMPLE_BYTES: usize = 4_000;

/// Words in Latin letters that leave no doubt need not be read on; other letters are told apart at once.
const LANGUAGE_FIRST_BYTES: usize = 1_000;

/// Small words that are English and of no other language that reports are written in: where so many of the words are
/// of them, nothing needs to be counted.
const ENGLISH_WORDS: &[&str] = &[
    "the", "and", "of", "to", "that", "this", "with", "from", "were", "was", "for", "our", "which", "have", "has",
    "been", "is", "on", "at", "by",
];
const ENGLISH_SHARE_MIN: usize = 8;
const ENGLISH_THE_MIN: usize = 3;
const ENGLISH_WORDS_MIN: usize = 30;

/// A letter beyond ASCII is of a name, if so many words stand beside it.
const ENGLISH_WORDS_PER_LETTER: usize = 40;

/// Letters beyond ASCII.
fn foreign(words: &str) -> usize {
    words.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count()
}

/// Is at least every eighth of many words a small English one, and some of them an article?
fn is_plainly_english(words: &str) -> bool {
    let (mut all, mut english, mut articles) = (0, 0, 0);
    for word in words.split_ascii_whitespace() {
        all += 1;
        if word.len() < 6 && ENGLISH_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            english += 1;
            articles += usize::from(word.eq_ignore_ascii_case("the"));
        }
    }
    all >= ENGLISH_WORDS_MIN
        && english * ENGLISH_SHARE_MIN >= all
        && articles >= ENGLISH_THE_MIN
        && foreign(words) * ENGLISH_WORDS_PER_LETTER <= all
}

/// ISO 639-1 code of the language of words, if they leave no doubt.
pub fn language(words: &str) -> Option<&'static str> {
    let first = words.get(..words.floor_char_boundary(LANGUAGE_FIRST_BYTES)).unwrap_or(words);
    if is_plainly_english(first) {
        return Some("en");
    }
    let told = |words: &str| whatlang::detect(words).filter(whatlang::Info::is_reliable);
    let first = told(first).filter(|found| found.script() == whatlang::Script::Latin);
    first.or_else(|| told(words)).and_then(|found| iso_639_1(found.lang()))
}

fn iso_639_1(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang;
    Some(match lang {
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Kor => "ko",
        Lang::Rus => "ru",
        Lang::Pol => "pl",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Ces => "cs",
        Lang::Tur => "tr",
        Lang::Ukr => "uk",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_english_is_told_by_its_small_words() {
        let english =
            "The service was down for an hour and the team of the day found that it was the database. ".repeat(3);
        assert!(is_plainly_english(&english));
        assert_eq!(language(&english), Some("en"));
        let others = [
            "Der Dienst war für eine Stunde nicht erreichbar, und das Team fand heraus, dass es an der Datenbank lag. ",
            "De dienst was een uur lang niet bereikbaar, of zo leek het; het team had de oorzaak in de database gevonden. ",
            "Le service a été indisponible pendant une heure, et l'équipe a trouvé que la base de données en était la cause. ",
        ];
        for other in others {
            assert!(!is_plainly_english(&other.repeat(4)), "{other}");
        }
    }
}
