//! Where the name of somebody unknown begins and ends: capitals tell.

use crate::domain::Span;
use crate::extract::rules::org;
use crate::extract::vocabulary::third_parties;

/// Words of a name, at most.
pub const NAME_WORDS: usize = 3;

const POSSESSIVE: [&str; 4] = ["'s", "’s", "'", "’"];

/// The name that begins at a place, behind a mark or an article: " Acme Web", ", Acme Web", " (Acme Web)".
pub fn name_behind(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let rest = [", ", " (", ": ", " "].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let article = rest.split_once(' ').filter(|(word, _)| *word != "de" && third_parties().articles.is_all(word));
    let rest = article.map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_prefix("de ").and_then(|of| of.split_once(' ')).map_or(rest, |(_, rest)| rest);
    let start = text.len() - rest.len();
    let end = run(rest);
    (end > 0).then_some(start..start + end)
}

/// The name that a text begins with.
pub fn name_opening(text: &str) -> Option<Span> {
    let end = run(text);
    (end > 0).then_some(0..end)
}

/// How far the capitals reach that a text begins with.
fn run(text: &str) -> usize {
    let mut end = 0;
    for word in text.split([' ', '\n']).take(NAME_WORDS) {
        if !word.starts_with(char::is_uppercase) {
            break;
        }
        let core = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        let core = POSSESSIVE.iter().find_map(|s| core.strip_suffix(s)).unwrap_or(core);
        end += usize::from(end > 0) + core.len();
        if core.len() < word.len() {
            break;
        }
    }
    end
}

/// The name that a text ends with, with or without 's.
pub fn name_before(text: &str) -> Option<Span> {
    let text = text.trim_end_matches(' ');
    let text = POSSESSIVE.iter().find_map(|s| text.strip_suffix(s)).unwrap_or(text);
    let mut run: Vec<&str> = Vec::new();
    // One more, which may be the word that begins the sentence.
    for word in text.rsplit([' ', '\n']).take(NAME_WORDS + 1) {
        if !word.starts_with(char::is_uppercase) || !run.is_empty() && word.ends_with([',', '.', ';', ':', ')']) {
            break;
        }
        run.push(word);
    }
    // "The Acme Web".
    while run.last().is_some_and(|first| run.len() > NAME_WORDS || is_beginning(first)) {
        run.pop();
    }
    let length = run.iter().map(|word| word.len() + 1).sum::<usize>().checked_sub(1)?;
    Some(text.len() - length..text.len())
}

fn is_beginning(word: &str) -> bool {
    org::names::is_ordinary(word) || org::names::is_no_name(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_capitals_do() {
        let behind = |text: &str| name_behind(text, 2).map(|name| text[name].to_owned());
        assert_eq!(behind("at Fennmail Web Services Today").as_deref(), Some("Fennmail Web Services"));
        assert_eq!(behind("at the Fennmail's gate").as_deref(), Some("Fennmail"));
        assert_eq!(behind("an der Fennmail lag").as_deref(), Some("Fennmail"));
        assert_eq!(behind("at (Fennmail) was").as_deref(), Some("Fennmail"));
        assert_eq!(behind("at noon Fennmail").as_deref(), None);
        let before = |text: &str| name_before(text).map(|name| text[name].to_owned());
        assert_eq!(before("told by The Fennmail Web's ").as_deref(), Some("Fennmail Web"));
        assert_eq!(before("According to Fennmail").as_deref(), Some("Fennmail"));
        assert_eq!(before("the old ").as_deref(), None);
    }
}
