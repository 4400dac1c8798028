//! A page of words: manuals of rules and checks, help topics, explanations.

use super::{OutputFormat, Style, grid, sanitise, wrap};
use crate::record::Grid;

/// Words under headings, for whoever lays them out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub title: String,
    pub parts: Vec<Part>,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Heading(String),
    /// Words to be wrapped; blank lines separate paragraphs.
    Text(String),
    /// Lines that stand as they are: examples, commands.
    Verbatim(String),
    /// Points of a list.
    Points(Vec<String>),
    Table(Grid),
}

/// Spaces before everything below a heading.
const INDENT: &str = "  ";
const VERBATIM_INDENT: &str = "    ";

impl Page {
    pub fn new(title: impl Into<String>) -> Self {
        Page { title: title.into(), parts: Vec::new() }
    }

    pub fn heading(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Heading(text.into()));
        self
    }

    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    pub fn verbatim(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Verbatim(text.into()));
        self
    }

    pub fn points(mut self, points: Vec<String>) -> Self {
        self.parts.push(Part::Points(points));
        self
    }

    pub fn table(mut self, table: Grid) -> Self {
        self.parts.push(Part::Table(table));
        self
    }
}

/// A page for the terminal.
pub fn page(page: &Page, style: &Style) -> String {
    let inner = style.width.saturating_sub(INDENT.len()).max(1);
    let mut out = format!("{}\n", style.bold(&sanitise::line(&page.title)));
    for part in &page.parts {
        match part {
            Part::Heading(text) => out.push_str(&format!("\n{}\n", style.bold(&sanitise::line(text)))),
            Part::Text(text) => {
                for (i, paragraph) in sanitise::lines(text).split("\n\n").enumerate() {
                    out.push_str(if i > 0 { "\n" } else { "" });
                    wrap(&paragraph.replace('\n', " "), inner)
                        .iter()
                        .for_each(|l| out.push_str(&format!("{INDENT}{l}\n")));
                }
            }
            Part::Verbatim(text) => {
                for line in text.lines() {
                    let line = format!("{VERBATIM_INDENT}{}", verbatim(line));
                    out.push_str(&format!("{}\n", line.trim_end()));
                }
            }
            Part::Points(points) => {
                for point in points {
                    for (i, line) in wrap(&sanitise::line(point), inner.saturating_sub(2).max(1)).iter().enumerate() {
                        out.push_str(&format!("{INDENT}{}{line}\n", if i == 0 { "- " } else { "  " }));
                    }
                }
            }
            Part::Table(table) => {
                for line in grid(table, OutputFormat::Table, &Style { width: inner, ..*style }).lines() {
                    out.push_str(&format!("{}\n", format!("{INDENT}{line}").trim_end()));
                }
            }
        }
    }
    out
}

/// A page as Markdown.
pub fn page_markdown(page: &Page) -> String {
    let mut out = format!("## {}\n", sanitise::markdown(&page.title));
    for part in &page.parts {
        out.push('\n');
        match part {
            Part::Heading(text) => out.push_str(&format!("### {}\n", sanitise::markdown(text))),
            Part::Text(text) => {
                let paragraphs: Vec<_> = text.split("\n\n").map(|p| format!("{}\n", sanitise::markdown(p))).collect();
                out.push_str(&paragraphs.join("\n"));
            }
            Part::Verbatim(text) => {
                out.push_str(&text.lines().map(|line| format!("    {}\n", verbatim(line))).collect::<String>());
            }
            Part::Points(points) => {
                out.push_str(&points.iter().map(|p| format!("- {}\n", sanitise::markdown(p))).collect::<String>());
            }
            Part::Table(table) => out.push_str(&grid(table, OutputFormat::Markdown, &Style::PLAIN)),
        }
    }
    out
}

/// A line as it stands, without what could move a cursor.
fn verbatim(line: &str) -> String {
    let start = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", line.get(..start).unwrap_or(""), sanitise::line(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_wrapped_and_safe() {
        let shown = Page::new("T\u{1b}[31m")
            .heading("One")
            .text("some words\nthat go on\n\nand another paragraph")
            .verbatim("  $ x\u{7}\ny")
            .points(vec!["a point".to_owned()]);
        assert_eq!(
            page(&shown, &Style { width: 14, colour: false }),
            "T\n\nOne\n  some words\n  that go on\n\n  and another\n  paragraph\n      $ x\n    y\n  - a point\n"
        );
        assert!(page_markdown(&shown).contains("### One\n\nsome words that go on\n\nand another paragraph\n"));
    }
}
