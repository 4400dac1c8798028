//! Where in a TOML file something is wrong, shown as the line with a mark under it.

use crate::cli::hinted;
use crate::query::pointed;
use crate::store::spelling;
use anyhow::anyhow;
use std::ops::Range;

/// A mistake in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the file; none when no place can be named.
    pub span: Option<Range<usize>>,
    pub message: String,
    pub hint: Option<String>,
}

impl Mistake {
    pub fn at(span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Mistake { span: Some(span), message: message.into(), hint: Some(hint.into()) }
    }

    /// What the TOML reader says, with the nearest valid word where one was mistyped.
    pub fn of_toml(error: &toml::de::Error) -> Self {
        let message = error.message().to_owned();
        Mistake { span: error.span(), hint: nearest(&message), message }
    }

    /// As an error: place, line, mark, sentence; and the hint.
    pub fn told(self, text: &str) -> anyhow::Error {
        let error = anyhow!("{}", self.shown(text));
        match self.hint {
            Some(hint) => hinted(error, hint),
            None => error,
        }
    }

    fn shown(&self, text: &str) -> String {
        let Some(span) = &self.span else { return self.message.clone() };
        let start = text.floor_char_boundary(span.start);
        let before = text.get(..start).unwrap_or("");
        let number = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(line_start..).and_then(|t| t.lines().next()).unwrap_or("");
        let column = text.get(line_start..start).map_or(0, |t| t.chars().count());
        let end = text.floor_char_boundary(span.end.min(line_start + line.len())).max(start);
        let (line, mark) = pointed(line, start - line_start..end - line_start);
        let gutter = " ".repeat(number.to_string().len());
        format!(
            "line {number}, column {}: {}\n{gutter} |\n{number} | {line}\n{gutter} | {mark}",
            column + 1,
            self.message
        )
    }
}

/// "unknown field `zoen`, expected one of `path`, `zone`" holds the word and the list to look in.
fn nearest(message: &str) -> Option<String> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (typed, valid) = quoted.split_first()?;
    if !message.starts_with("unknown ") {
        return None;
    }
    let near = valid.iter().filter_map(|v| Some((spelling::distance(typed, v, 3)?, v))).min();
    match near {
        Some((_, word)) => Some(format!("did you mean {word}?")),
        None if valid.is_empty() => None,
        None => Some(format!("here may stand {}", valid.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_shown_with_a_mark() {
        let mistake = Mistake::at(5..9, "no such zone", "write an offset");
        assert_eq!(mistake.shown("é = 1\nzone = 2\n"), "line 1, column 5: no such zone\n  |\n1 | é = 1\n  |     ^");
        let beyond = Mistake::at(90..95, "x", "y");
        assert!(beyond.shown("a\n").starts_with("line 2, column 1: x"));
    }

    #[test]
    fn a_slip_earns_the_nearest_word() {
        assert_eq!(nearest("unknown field `zoen`, expected `path` or `zone`").unwrap(), "did you mean zone?");
        assert_eq!(nearest("unknown field `x`, expected `path` or `zone`").unwrap(), "here may stand path, zone");
        assert_eq!(nearest("invalid type: `x`"), None);
    }
}
