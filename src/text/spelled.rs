//! How phrases are spelled.

/// A curly apostrophe, the one character beyond ASCII that is no letter and stands in phrases.
pub const APOSTROPHE: char = '’';

/// Up to here a letter beyond ASCII is known to be one, and this byte stands for it in texts in bytes.
pub const LATIN_MAX: char = '\u{24F}';
pub const FOREIGN: u8 = b'_';

/// What stands for letters beyond the Latin ones where it is told with what words begin; in no text in bytes.
pub const NEVER: u8 = 0xFF;

/// How phrases begin that open a text.
pub const OPENING: &str = r"^\W*";

/// A phrase with what must follow it, for texts of characters.
pub fn of_characters(phrase: &str, tail: &str) -> String {
    format!("(?i)(?:{phrase}){tail}")
}
