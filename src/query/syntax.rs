//! The filter language → an [`Expression`], in two readings: *strict*, where a filter is meant and a mistake is an
//! error that points at its place, and *lenient*, where any pasted text is a query.
//!
//! ```text
//! provider:scaleway trigger:config,deploy severity:<=2 during:2025-Q2 -org:acme "packet loss" OR dns (a OR b)
//! ```
//!
//! Everything must hold, except around `OR`, which binds closer; a comma separates alternatives; `-` negates; quotes
//! keep words together. Knows nothing of the index.

use super::pointer::pointed;
use super::value::{self, Test};
use crate::record::{FIELDS, FieldKind, FilterField, filter_field};
use crate::store::spelling;
use std::fmt;
use std::ops::Range;

/// Parentheses nested deeper than this are refused.
const DEPTH_MAX: usize = 32;
/// More terms than this are refused: no one writes them by hand, and each costs.
const TERMS_MAX: usize = 500;
/// Words that a length of time may go on over: `> 1 day 2 hours`.
const LENGTH_WORDS_MAX: usize = 4;
/// In texts longer than this nobody mistyped a field: they were pasted.
const TYPED_BYTES_MAX: usize = 200;

const QUOTE_HINT: &str = "what stands in quotes is only looked for";
const PASTED_HINT: &str = "'retro search' takes text of any length and shape";

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Filter(Filter),
    /// Words in the text; a phrase when quoted.
    Words {
        text: String,
        is_phrase: bool,
    },
}

/// One field, and the alternatives its value may be.
#[derive(Debug, Clone)]
pub struct Filter {
    pub field: &'static FilterField,
    pub tests: Vec<Test>,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.tests == other.tests
    }
}

/// A filter that can't be understood. Displays the query with a mark under the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub query: String,
    /// Bytes of the query.
    pub at: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, mark) = pointed(&self.query, self.at.clone());
        write!(f, "{}\n  {line}\n  {mark}", self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads a filter.
///
/// # Errors
/// An unknown field, a value the field cannot have, a quote or a parenthesis without its other half.
pub fn parse(query: &str) -> Result<Expression, SyntaxError> {
    let lexemes = lex(query)?;
    let mut parser = Parser { query, lexemes: &lexemes, next: 0, depth: 0, terms: 0 };
    let expression = parser.all()?;
    match parser.peek() {
        Some(lexeme) => Err(parser.error(lexeme, "this parenthesis was never opened", QUOTE_HINT)),
        None => Ok(expression),
    }
}

/// A query for documents like a text: what filters there are, and the words to rank by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    pub filters: Vec<Expression>,
    /// The text without the filters.
    pub text: String,
    /// All of it as words: of a filter its value, unless it is negated.
    pub words: String,
    /// Quoted groups of words in it.
    pub phrases: Vec<String>,
    /// Near misses, for the user.
    pub hints: Vec<String>,
    /// It looks like a log line or an alert rather than like a query: what looks like a filter in it may be just text.
    pub is_pasted: bool,
}

/// Reads any text as a query. `word:` is a filter only for a field that exists, with a value it can have.
pub fn read(query: &str) -> Asked {
    let is_pasted = query.len() > TYPED_BYTES_MAX || query.trim().contains('\n');
    let mut asked = Asked { is_pasted, ..Asked::default() };
    let mut at = 0;
    while let Some(rest) = query.get(at..).filter(|rest| !rest.is_empty()) {
        let is_start = query.get(..at).and_then(|before| before.chars().next_back()).is_none_or(char::is_whitespace);
        if is_start {
            if let Some((filter, end)) = qualifier(query, at, &mut asked) {
                asked.filters.push(filter);
                let value =
                    query.get(at..end).filter(|word| !word.starts_with(['-', '!'])).and_then(|w| w.split_once(':'));
                asked.words.push_str(value.map_or("", |(_, value)| value));
                at = end;
                continue;
            }
            if let Some(phrase) = rest.strip_prefix('"').and_then(|r| r.split_once('"')).map(|(phrase, _)| phrase) {
                asked.phrases.push(phrase.to_owned());
            }
        }
        let Some(c) = rest.chars().next() else { break };
        asked.text.push(c);
        asked.words.push(c);
        at += c.len_utf8();
    }
    asked.hints.dedup();
    asked
}

/// Is this word of a command line a negated filter (`-org:acme`), which must not be taken for an option?
pub fn is_negated_filter(word: &str) -> bool {
    let name = word.strip_prefix('-').and_then(field_name);
    name.is_some_and(|name| filter_field(name).is_some())
}

/// A filter at this place of a pasted text, and where it ends.
fn qualifier(query: &str, at: usize, asked: &mut Asked) -> Option<(Expression, usize)> {
    let rest = query.get(at..)?;
    let (is_negated, word) = rest.strip_prefix(['-', '!']).map_or((false, rest), |word| (true, word));
    let name = field_name(word)?;
    let value_at = at + usize::from(is_negated) + name.len() + 1;
    let Some(field) = FIELDS.iter().find(|f| f.name == name) else {
        let near = spelling::nearest(name, FIELDS.iter().map(|f| f.name));
        let is_near = near.filter(|near| spelling::distance(name, near, spelling::slips(name)).is_some());
        let is_told = query.get(value_at..).is_some_and(|v| v.starts_with(|c: char| !c.is_whitespace() && c != '/'));
        if let (Some(near), true) = (is_near, query.len() <= TYPED_BYTES_MAX && is_told) {
            asked.hints.push(format!("'{name}:' is no field and was searched as a word; {near}: is one"));
        }
        // Keys of its own.
        asked.is_pasted |= is_near.is_none();
        return None;
    };
    let end = filter_end(query, field, value_at).ok()?;
    let value = query.get(value_at..end).filter(|value| !value.is_empty())?;
    let pieces = pieces(value);
    let tests: Result<Vec<_>, _> = pieces.iter().map(|(_, piece)| value::read(field, piece)).collect();
    match tests {
        Ok(tests) => {
            let filter = Expression::Filter(Filter { field, tests });
            Some((if is_negated { Expression::Not(Box::new(filter)) } else { filter }, end))
        }
        Err(error) => {
            asked.hints.push(format!("{} and was searched as words; {}", error.message, error.hint));
            None
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Quoted(String),
    Word(String),
    /// Name, and where its value begins.
    Field {
        name: String,
        value_at: usize,
    },
}

type Placed = (Range<usize>, Lexeme);

fn lex(query: &str) -> Result<Vec<Placed>, SyntaxError> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(c) = query.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = query.get(at..).unwrap_or_default();
        let after = |n: usize| rest.get(n..).and_then(|r| r.chars().next());
        let (end, lexeme) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (at + 1, Lexeme::Open),
            ')' => (at + 1, Lexeme::Close),
            '-' | '!' if after(1).is_some_and(|c| !c.is_whitespace() && c != '-') => (at + 1, Lexeme::Not),
            '"' => {
                let end = quote_end(query, at)?;
                (end, Lexeme::Quoted(query.get(at + 1..end - 1).unwrap_or_default().to_owned()))
            }
            _ => word(query, at, rest)?,
        };
        if lexeme != Lexeme::And {
            lexemes.push((at..end, lexeme));
        }
        at = end;
    }
    Ok(lexemes)
}

fn word(query: &str, at: usize, rest: &str) -> Result<(usize, Lexeme), SyntaxError> {
    if let Some(name) = field_name(rest) {
        let value_at = at + name.len() + 1;
        let end = match filter_field(name) {
            Some(field) => filter_end(query, field, value_at)?,
            None => value_end(query, value_at)?,
        };
        return Ok((end, Lexeme::Field { name: name.to_owned(), value_at }));
    }
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default();
    let lexeme = match word {
        // What stands side by side must hold anyway.
        "AND" => Lexeme::And,
        "OR" | "|" => Lexeme::Or,
        "NOT" => Lexeme::Not,
        word => Lexeme::Word(word.to_owned()),
    };
    Ok((at + length, lexeme))
}

/// The name before a colon, when this looks like a field rather than like a URL or a clock.
fn field_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && !rest.starts_with("//") && !rest.starts_with(':')).then_some(name)
}

/// Where a value ends: at white space or a parenthesis outside quotes.
fn value_end(query: &str, start: usize) -> Result<usize, SyntaxError> {
    let mut at = start;
    while let Some(c) = query.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '"' => at = quote_end(query, at)?,
            c if c.is_whitespace() || c == ')' => break,
            c => at += c.len_utf8(),
        }
    }
    Ok(at)
}

/// Where the value of a field ends. A length of time may be written apart: `>2 hours`, `> 1 h 30 min`.
fn filter_end(query: &str, field: &FilterField, start: usize) -> Result<usize, SyntaxError> {
    let end = value_end(query, start)?;
    if !matches!(field.kind, FieldKind::Minutes) {
        return Ok(end);
    }
    let is_bare = query.get(start..end).is_some_and(|value| value.trim_matches(['<', '>', '=']).is_empty());
    let mut ends = Vec::new();
    let mut at = end;
    for nth in 0..LENGTH_WORDS_MAX {
        let Some(next) = query.get(at..).map(str::trim_start).filter(|next| !next.is_empty()) else { break };
        let length = next.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(next.len());
        at = query.len() - next.len() + length;
        let is_word = length > 0 && query.get(at..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', ')']));
        if !is_word {
            break;
        }
        // A bare number after a length is something else, such as a status.
        let has_unit = query.get(..at).is_some_and(|text| text.ends_with(|c: char| c.is_ascii_alphabetic()));
        if has_unit || is_bare && nth == 0 {
            ends.push(at);
        }
    }
    let is_length = |end: &usize| query.get(start..*end).is_some_and(|value| value::read(field, value).is_ok());
    Ok(ends.into_iter().rev().find(is_length).unwrap_or(end))
}

/// The place after the quote that closes the one here.
fn quote_end(query: &str, open: usize) -> Result<usize, SyntaxError> {
    let closing = query.get(open + 1..).and_then(|rest| rest.find('"'));
    closing.map(|n| open + 1 + n + 1).ok_or_else(|| SyntaxError {
        query: query.to_owned(),
        at: open..query.len().min(open + 1),
        message: "this quote is never closed".to_owned(),
        hint: Some("add a closing \" or leave this one out".to_owned()),
    })
}

/// The alternatives of a value, without their quotes, each with its place in it.
fn pieces(value: &str) -> Vec<(usize, String)> {
    let mut pieces = vec![(0, String::new())];
    let mut is_quoted = false;
    for (at, c) in value.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => pieces.push((at + 1, String::new())),
            c => {
                if let Some((_, piece)) = pieces.last_mut() {
                    piece.push(c);
                }
            }
        }
    }
    pieces
}

struct Parser<'a> {
    query: &'a str,
    lexemes: &'a [Placed],
    next: usize,
    depth: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Placed> {
        self.lexemes.get(self.next)
    }

    fn error(&self, placed: &Placed, message: &str, hint: &str) -> SyntaxError {
        let (query, at) = (self.query.to_owned(), placed.0.clone());
        SyntaxError { query, at, message: message.to_owned(), hint: Some(hint.to_owned()) }
    }

    /// Everything up to a closing parenthesis or the end.
    fn all(&mut self) -> Result<Expression, SyntaxError> {
        let mut all = Vec::new();
        while let Some((_, lexeme)) = self.peek() {
            if *lexeme == Lexeme::Close {
                break;
            }
            all.push(self.any()?);
        }
        let only = if all.len() == 1 { all.pop() } else { None };
        Ok(only.unwrap_or(Expression::All(all)))
    }

    /// Terms with `OR` between them.
    fn any(&mut self) -> Result<Expression, SyntaxError> {
        let mut any = vec![self.term()?];
        while let Some(placed) = self.peek().filter(|(_, lexeme)| *lexeme == Lexeme::Or) {
            self.next += 1;
            if self.peek().is_none_or(|(_, lexeme)| *lexeme == Lexeme::Close) {
                return Err(self.error(placed, "nothing follows this OR", QUOTE_HINT));
            }
            any.push(self.term()?);
        }
        let only = if any.len() == 1 { any.pop() } else { None };
        Ok(only.unwrap_or(Expression::Any(any)))
    }

    fn term(&mut self) -> Result<Expression, SyntaxError> {
        let Some(placed) = self.peek() else { return Ok(Expression::All(Vec::new())) };
        self.next += 1;
        self.terms += 1;
        if self.terms > TERMS_MAX {
            return Err(self.error(placed, &format!("more than {TERMS_MAX} terms"), PASTED_HINT));
        }
        match &placed.1 {
            Lexeme::Open => self.group(placed),
            Lexeme::Close => Err(self.error(placed, "this parenthesis was never opened", QUOTE_HINT)),
            Lexeme::Or | Lexeme::And => Err(self.error(placed, "nothing stands before this OR", QUOTE_HINT)),
            Lexeme::Not => {
                if self.peek().is_none_or(|(_, lexeme)| matches!(lexeme, Lexeme::Close | Lexeme::Or)) {
                    return Err(self.error(placed, "nothing follows this negation", QUOTE_HINT));
                }
                self.deeper(placed)?;
                let term = self.term()?;
                self.depth -= 1;
                Ok(Expression::Not(Box::new(term)))
            }
            Lexeme::Quoted(text) => Ok(Expression::Words { text: text.clone(), is_phrase: true }),
            Lexeme::Word(text) => Ok(Expression::Words { text: text.clone(), is_phrase: false }),
            Lexeme::Field { name, value_at } => self.filter(placed, name, *value_at),
        }
    }

    fn deeper(&mut self, placed: &Placed) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(self.error(placed, "nested too deeply", PASTED_HINT)) } else { Ok(()) }
    }

    fn group(&mut self, open: &Placed) -> Result<Expression, SyntaxError> {
        self.deeper(open)?;
        let all = self.all()?;
        self.depth -= 1;
        match self.peek() {
            Some((_, Lexeme::Close)) => {
                self.next += 1;
                Ok(all)
            }
            _ => Err(self.error(open, "this parenthesis is never closed", QUOTE_HINT)),
        }
    }

    fn filter(&self, placed: &Placed, name: &str, value_at: usize) -> Result<Expression, SyntaxError> {
        let Some(field) = filter_field(name) else {
            let names = FIELDS.iter().flat_map(|f| std::iter::once(f.name).chain(f.aliases.iter().copied()));
            let near = spelling::nearest(name, names).map(|near| format!("did you mean '{near}:'?"));
            let all = || format!("the fields are {}", FIELDS.iter().map(|f| f.name).collect::<Vec<_>>().join(", "));
            let at = placed.0.start..placed.0.start + name.len();
            let hint = near.unwrap_or_else(all) + "; to look for the words, put them in quotes";
            return Err(self.error(&(at, Lexeme::Or), &format!("there is no field '{name}'"), &hint));
        };
        let value = self.query.get(value_at..placed.0.end).unwrap_or_default();
        let tests = pieces(value).into_iter().map(|(offset, piece)| {
            value::read(field, &piece).map_err(|error| {
                let start = value_at + offset;
                let end = value.get(offset..).and_then(|v| v.find(',')).map_or(placed.0.end, |n| start + n);
                self.error(&(start..end, Lexeme::Or), &error.message, &error.hint)
            })
        });
        Ok(Expression::Filter(Filter { field, tests: tests.collect::<Result<_, _>>()? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of an expression, short enough to read.
    fn shape(expression: &Expression) -> String {
        let join = |all: &[Expression], by: &str| all.iter().map(shape).collect::<Vec<_>>().join(by);
        match expression {
            Expression::All(all) => format!("({})", join(all, " & ")),
            Expression::Any(any) => format!("({})", join(any, " | ")),
            Expression::Not(not) => format!("!{}", shape(not)),
            Expression::Filter(filter) => format!("{}{}", filter.field.name, filter.tests.len()),
            Expression::Words { text, is_phrase: true } => format!("\"{text}\""),
            Expression::Words { text, is_phrase: false } => text.clone(),
        }
    }

    #[test]
    fn filters_are_read() {
        for (query, expected) in [
            ("", "()"),
            ("dns", "dns"),
            ("org:a trigger:config,deploy", "(org1 & trigger2)"),
            ("-org:acme \"packet loss\" OR dns", "(!org1 & (\"packet loss\" | dns))"),
            ("(a OR b) c", "((a | b) & c)"),
            ("org:\"foo, bar\",baz", "org2"),
            ("has:root-cause is:open severity:<=2 ttr:>2h", "(has1 & is1 & severity1 & ttr1)"),
            ("https://a.b/c 10:07 std::fs", "(https://a.b/c & 10:07 & std::fs)"),
            ("NOT (a b)", "!(a & b)"),
            ("!org:a", "!org1"),
            ("a AND org:b OR c", "(a & (org1 | c))"),
        ] {
            assert_eq!(parse(query).map(|e| shape(&e)), Ok(expected.to_owned()), "{query}");
        }
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        for (query, place, hint) in [
            ("dns trigger:confg", "confg", "did you mean trigger:config?"),
            ("dns trigger:deploy,confg", "confg", "did you mean trigger:config?"),
            ("triger:config", "triger", "did you mean 'trigger:'?"),
            ("a \"b c", "\"", "closing"),
            ("a (b", "(", ""),
            ("a b)", ")", ""),
            ("OR a", "OR", ""),
            ("ttr:>soon", ">soon", "90m"),
        ] {
            let error = parse(query).unwrap_err();
            assert_eq!(&query[error.at.clone()], place, "{query}");
            assert!(error.hint.clone().unwrap_or_default().contains(hint), "{query}: {error:?}");
            assert!(error.to_string().ends_with('^'), "{error}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_ok() || parse(&"NOT ".repeat(100_000)).is_err());
    }

    #[test]
    fn any_text_is_a_query() {
        let asked = read("provider:aws NodeNotReady node=ip-10 reason: \"System OOM\" at 10:07 -org:acme http://x/y");
        assert_eq!(asked.filters.iter().map(shape).collect::<Vec<_>>(), ["provider1", "!org1"]);
        assert_eq!(asked.phrases, ["System OOM"]);
        assert!(asked.text.contains("reason:") && asked.text.contains("http://x/y"), "{}", asked.text);
        assert!(asked.words.starts_with("aws NodeNotReady") && !asked.words.contains("acme"), "{}", asked.words);
        assert_eq!(read("provder:aws").hints.len(), 1);
        assert_eq!(read("ttr:soon").filters, []);
        assert_eq!(read("{\"severity\": \"high\", a:\"").filters, []);
        for text in ["\"", "-", ":", "a:", "é:\"", "((((", "\\", "\u{0}"] {
            read(text);
        }
    }
}
