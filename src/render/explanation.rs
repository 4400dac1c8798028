//! Explanations as a page: what the record says, and every candidate with what became of it.

use super::{Page, Style, page};
use crate::record::{Explanation, Spanned};

/// One field of one incident for the terminal.
pub fn explanation(explained: &Explanation, style: &Style) -> String {
    let part = explained.part.as_ref().map(|p| format!(" (part {p})")).unwrap_or_default();
    let mut shown = Page::new(format!("{} of {}", explained.field, explained.id));
    shown = shown.text(format!("{}{part}", explained.path)).heading("In the record");
    let values = explained.values.iter().map(|v| {
        let why = match v.rule.as_str() {
            "" => String::new(),
            rule => format!(" (rule {rule}, confidence {:.2})", v.confidence),
        };
        format!("{}{why}", v.value)
    });
    let values: Vec<String> = values.collect();
    shown = if values.is_empty() { shown.text("nothing") } else { shown.points(values) };
    if !explained.notes.is_empty() {
        shown = shown.heading("Beside the candidates").points(explained.notes.clone());
    }
    shown = shown.heading("Candidates");
    if explained.candidates.is_empty() {
        shown = shown.text("none");
    }
    for candidate in &explained.candidates {
        let name = if candidate.rule_name.is_empty() { String::new() } else { format!(" {}", candidate.rule_name) };
        let head = format!("{:.2}  {}  {}{name}", candidate.confidence, candidate.value, candidate.rule);
        let quotes = candidate.evidence.iter().map(quote);
        let verdict = format!("{}: {}", candidate.verdict, candidate.reason);
        let lines: Vec<String> = std::iter::once(verdict).chain(quotes).collect();
        shown = shown.text(head).points(lines);
    }
    page(&shown, style)
}

/// More of a quote is in the document.
const QUOTE_CHARS_MAX: usize = 240;

fn quote(span: &Spanned) -> String {
    let short: String = span.quote.chars().take(QUOTE_CHARS_MAX).collect();
    let rest = if short.len() < span.quote.len() { "…" } else { "" };
    format!("line {}: “{short}{rest}”", span.line)
}
