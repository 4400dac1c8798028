//! The marks within a line of light markup: strong words, code, links, templates.

use super::super::inline::{Inline, View};
use crate::domain::Span;

/// Whose marks are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Rst,
    Asciidoc,
    Mediawiki,
    Org,
    Jira,
}

/// The name of a role is shorter.
const MAX_ROLE_BYTES: usize = 40;
/// What stands further apart than this is no pair.
const MAX_PAIR_BYTES: usize = 2048;

/// Appends the words of a range without their marks.
pub(super) fn words(inline: &mut Inline, view: &View, range: Span, dialect: Dialect) {
    let line = view.text.get(range.clone()).unwrap_or("");
    let mut marks = Marks { inline, view, line, base: range.start, strong: false, known: Vec::new() };
    marks.run(dialect);
    if marks.strong {
        marks.inline.close_strong();
    }
}

struct Marks<'a, 'v> {
    inline: &'a mut Inline,
    view: &'a View<'v>,
    line: &'a str,
    base: usize,
    strong: bool,
    /// Where each closing mark was last found, so that looking ahead costs linear time in all.
    known: Vec<(&'static str, Option<usize>)>,
}

/// What a mark at some place means: how far it reaches, and the words in it.
struct Found {
    length: usize,
    words: Span,
    link: Option<Span>,
    strong: bool,
    /// It opens strong words, or closes them.
    toggles: bool,
}

impl Found {
    fn nothing(at: usize, length: usize) -> Found {
        Found { length, words: at..at, link: None, strong: false, toggles: false }
    }
}

impl Marks<'_, '_> {
    fn run(&mut self, dialect: Dialect) {
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = self.line.get(at..).and_then(|rest| rest.find(is_mark)) {
            at += found;
            let Some(mark) = self.mark(at, dialect) else {
                at += self.line.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                continue;
            };
            self.plain(from..at);
            if mark.toggles {
                self.toggle_strong();
            }
            self.put(mark.words, mark.link, mark.strong);
            at += mark.length;
            from = at;
        }
        self.plain(from..self.line.len());
    }

    fn plain(&mut self, range: Span) {
        self.inline.words(self.view, self.base + range.start..self.base + range.end);
    }

    fn put(&mut self, words: Span, link: Option<Span>, strong: bool) {
        if strong {
            self.inline.open_strong();
        }
        let target = link.and_then(|l| self.line.get(l)).map(str::to_owned);
        if let Some(target) = &target {
            self.inline.open_link(target);
        }
        self.plain(words);
        if target.is_some() {
            self.inline.close_link();
        }
        if strong {
            self.inline.close_strong();
        }
    }

    /// The first place of a closing mark from `at` on, if it is near.
    fn closing(&mut self, mark: &'static str, at: usize) -> Option<usize> {
        let index = self.known.iter().position(|(known, _)| *known == mark).unwrap_or_else(|| {
            self.known.push((mark, Some(0)));
            self.known.len() - 1
        });
        let (_, place) = self.known.get_mut(index)?;
        if place.is_some_and(|place| place < at || place == 0) {
            *place = self.line.get(at..).and_then(|rest| rest.find(mark)).map(|found| at + found);
        }
        place.filter(|place| *place - at <= MAX_PAIR_BYTES)
    }

    fn mark(&mut self, at: usize, dialect: Dialect) -> Option<Found> {
        match dialect {
            Dialect::Rst => self.rst(at),
            Dialect::Asciidoc => self.asciidoc(at),
            Dialect::Mediawiki => self.mediawiki(at),
            Dialect::Org => self.org(at),
            Dialect::Jira => self.jira(at),
        }
    }

    /// Words between two equal marks that hug them, at the edges of words.
    fn pair(&mut self, at: usize, mark: &'static str, strong: bool) -> Option<Found> {
        let rest = self.line.get(at..)?.strip_prefix(mark)?;
        let before = self.line.get(..at)?.chars().next_back();
        if rest.starts_with(char::is_whitespace) || before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let start = at + mark.len();
        let end = self.closing(mark, start + rest.chars().next().map_or(0, char::len_utf8))?;
        let after = self.line.get(end + mark.len()..)?.chars().next();
        if self.line.get(start..end)?.ends_with(char::is_whitespace) || after.is_some_and(char::is_alphanumeric) {
            return None;
        }
        Some(Found { length: end + mark.len() - at, words: start..end, link: None, strong, toggles: false })
    }

    fn rst(&mut self, at: usize) -> Option<Found> {
        let rest = self.line.get(at..)?;
        if rest.starts_with("``") {
            return self.pair(at, "``", false);
        }
        if rest.starts_with('`') {
            let mut found = self.pair(at, "`", false)?;
            let inside = self.line.get(found.words.clone())?;
            if let Some((words, target)) = inside.rsplit_once('<')
                && target.ends_with('>')
            {
                let start = found.words.start;
                found.link = Some(start + words.len() + 1..found.words.end - 1);
                found.words = start..start + words.trim_end().len();
            }
            let after = self.line.get(at + found.length..)?;
            found.length += after.len() - after.trim_start_matches('_').len();
            return Some(found);
        }
        if rest.starts_with("**") {
            return self.pair(at, "**", true);
        }
        if rest.starts_with('*') {
            return self.pair(at, "*", false);
        }
        // `:ref:` before a quoted name.
        let role = super::super::prefix(rest.strip_prefix(':')?, MAX_ROLE_BYTES);
        let end = role.find([':', ' ', '`']).filter(|end| role.get(*end..).is_some_and(|r| r.starts_with(":`")))?;
        Some(Found::nothing(at, end + 2))
    }

    fn asciidoc(&mut self, at: usize) -> Option<Found> {
        let rest = self.line.get(at..)?;
        for (mark, strong) in [("**", true), ("*", true), ("`", false), ("_", false), ("+", false)] {
            if rest.starts_with(mark) {
                return self.pair(at, mark, strong);
            }
        }
        if rest.starts_with("<<") {
            let end = self.closing(">>", at)?;
            let inside = self.line.get(at + 2..end)?;
            let start = at + 2 + inside.find(',').map_or(0, |comma| comma + 1);
            return Some(Found { length: end + 2 - at, words: start..end, link: None, strong: false, toggles: false });
        }
        // `https://…[words]`, `link:…[words]`
        let is_link = ["https://", "http://", "link:", "mailto:"].iter().any(|scheme| rest.starts_with(scheme));
        if !is_link {
            return None;
        }
        let near = super::super::prefix(rest, MAX_PAIR_BYTES);
        let bracket = near.find(['[', ' ', '\t']).filter(|end| rest.get(*end..).is_some_and(|r| r.starts_with('[')))?;
        let close = self.closing("]", at + bracket)?;
        let start = at + rest.strip_prefix("link:").map_or(0, |_| "link:".len());
        let words = at + bracket + 1..close;
        let words = if words.is_empty() { start..at + bracket } else { words };
        Some(Found { length: close + 1 - at, words, link: Some(start..at + bracket), strong: false, toggles: false })
    }

    fn mediawiki(&mut self, at: usize) -> Option<Found> {
        let rest = self.line.get(at..)?;
        let nothing = |length: usize| Some(Found::nothing(at, length));
        if rest.starts_with("''") {
            let quotes = rest.len() - rest.trim_start_matches('\'').len();
            return Some(Found { toggles: quotes >= 3, ..Found::nothing(at, quotes.min(5)) });
        }
        if rest.starts_with("<!--") {
            return nothing(self.closing("-->", at)? + 3 - at);
        }
        if rest.starts_with("<ref")
            && !super::super::prefix(rest, MAX_PAIR_BYTES).split('>').next().is_some_and(|tag| tag.ends_with('/'))
        {
            return nothing(self.closing("</ref>", at)? + 6 - at);
        }
        if rest.starts_with('<') {
            let is_tag = rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()));
            return if is_tag { nothing(self.closing(">", at)? + 1 - at) } else { None };
        }
        if rest.starts_with("[[") {
            let end = self.closing("]]", at)?;
            let inside = self.line.get(at + 2..end)?;
            let is_file = ["File:", "Image:", "Category:", "Datei:", "Fichier:"].iter().any(|p| inside.starts_with(p));
            let target = inside.split('|').next().unwrap_or("");
            let words = if is_file {
                at..at
            } else {
                let bar = inside.rfind('|').map_or(0, |bar| bar + 1);
                at + 2 + bar..end
            };
            let link = (!is_file).then(|| at + 2..at + 2 + target.len());
            return Some(Found { length: end + 2 - at, words, link, strong: false, toggles: false });
        }
        if rest.starts_with("[http") {
            let end = self.closing("]", at)?;
            let inside = self.line.get(at + 1..end)?;
            let target = inside.find(' ').unwrap_or(inside.len());
            let words = if target < inside.len() { at + 2 + target..end } else { at + 1..end };
            let link = Some(at + 1..at + 1 + target);
            return Some(Found { length: end + 1 - at, words, link, strong: false, toggles: false });
        }
        if rest.starts_with("{{") {
            // A template shows its last value, as far as anyone can tell who has not read it.
            let end = self.closing("}}", at)?;
            let inside = self.line.get(at + 2..end)?;
            let words = inside.rfind('|').map_or(at..at, |bar| at + 3 + bar..end);
            return Some(Found { length: end + 2 - at, words, link: None, strong: false, toggles: false });
        }
        None
    }

    fn org(&mut self, at: usize) -> Option<Found> {
        let rest = self.line.get(at..)?;
        for (mark, strong) in [("*", true), ("=", false), ("~", false), ("/", false), ("_", false), ("+", false)] {
            if rest.starts_with(mark) {
                return self.pair(at, mark, strong);
            }
        }
        let plain = |length: usize, words: Span| Found { words, ..Found::nothing(at, length) };
        if rest.starts_with("[[") {
            let end = self.closing("]]", at)?;
            let inside = self.line.get(at + 2..end)?;
            let target = inside.split("][").next().unwrap_or(inside);
            let start = if target.len() < inside.len() { at + 4 + target.len() } else { at + 2 };
            return Some(Found { link: Some(at + 2..at + 2 + target.len()), ..plain(end + 2 - at, start..end) });
        }
        if rest.starts_with("[fn:") {
            return Some(Found::nothing(at, self.closing("]", at)? + 1 - at));
        }
        // A time, in `<>` where it is planned and in `[]` where it was.
        let close = match rest.get(..2)?.strip_prefix(['<', '[']).filter(|digit| digit.starts_with(is_digit))? {
            _ if rest.starts_with('<') => self.closing(">", at)?,
            _ => self.closing("]", at)?,
        };
        self.line.get(at + 5..)?.starts_with('-').then(|| plain(close + 1 - at, at + 1..close))
    }

    fn jira(&mut self, at: usize) -> Option<Found> {
        let rest = self.line.get(at..)?;
        let plain = |length: usize, words: Span| Found { words, ..Found::nothing(at, length) };
        if rest.starts_with("{{") {
            let end = self.closing("}}", at)?;
            return Some(plain(end + 2 - at, at + 2..end));
        }
        if rest.starts_with('{') {
            let is_macro = rest.get(1..)?.starts_with(|c: char| c.is_ascii_alphabetic());
            let end = self.closing("}", at).filter(|_| is_macro)?;
            return Some(Found::nothing(at, end + 1 - at));
        }
        for (mark, strong) in [("*", true), ("_", false), ("+", false), ("@", false), ("??", false)] {
            if rest.starts_with(mark) {
                return self.pair(at, mark, strong);
            }
        }
        if rest.starts_with("[~") {
            let end = self.closing("]", at)?;
            return Some(plain(end + 1 - at, at + 2..end));
        }
        if rest.starts_with('[') {
            let end = self.closing("]", at)?;
            let inside = self.line.get(at + 1..end)?;
            let bar = inside.find('|').unwrap_or(0);
            let target = inside.get(bar..)?.trim_start_matches('|');
            let is_link =
                ["http://", "https://", "mailto:", "#", "^"].iter().any(|opening| target.starts_with(opening));
            let words = if bar > 0 { at + 1..at + 1 + bar } else { at + 1..end };
            return is_link.then(|| Found { link: Some(end - target.len()..end), ..plain(end + 1 - at, words) });
        }
        if rest.starts_with('!') {
            let near = super::super::prefix(rest.get(1..)?, MAX_PAIR_BYTES);
            let end = near.find(['!', ' ']).filter(|end| near.get(*end..).is_some_and(|r| r.starts_with('!')))?;
            return near.get(..end)?.contains('.').then(|| Found::nothing(at, end + 2));
        }
        None
    }

    fn toggle_strong(&mut self) {
        if self.strong {
            self.inline.close_strong();
        } else {
            self.inline.open_strong();
        }
        self.strong = !self.strong;
    }
}

/// Characters that may begin a mark.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '*' | '`' | ':' | '_' | '+' | '<' | '\'' | '[' | '{' | '=' | '~' | '/' | '@' | '?' | '!' | 'h' | 'l' | 'm'
    )
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
