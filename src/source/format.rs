//! Which format an input is in: by its name, and by its content where the name doesn't tell.

use super::feed::is_feed;

/// The formats a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Markdown,
    Html,
    Text,
    /// One JSON object: an entry of a feed, or a file holding a single incident.
    Json,
    /// Data that people write: one incident, or a list of them.
    Yaml,
    Toml,
    /// A table in plain text: comma-separated, or by another mark.
    Csv,
    /// A news feed: RSS or Atom.
    Feed,
    /// reStructuredText.
    Rst,
    Asciidoc,
    Mediawiki,
    /// Outlines of Emacs.
    Org,
    /// Wiki markup of Jira and Confluence, or Textile.
    Jira,
    /// Text pulled out of a PDF; pages end in a form feed.
    Pdf,
    /// Markdown made of a Word document.
    Docx,
    /// The words of a mail below front matter made of its headers.
    Mail,
}

impl Format {
    /// Data rather than prose: members with names.
    pub fn is_data(self) -> bool {
        matches!(self, Format::Json | Format::Yaml | Format::Toml | Format::Csv)
    }

    /// The name records use.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Text => "text",
            Format::Json => "json",
            Format::Yaml => "yaml",
            Format::Toml => "toml",
            Format::Csv => "csv",
            Format::Feed => "feed",
            Format::Rst => "rst",
            Format::Asciidoc => "asciidoc",
            Format::Mediawiki => "mediawiki",
            Format::Org => "org",
            Format::Jira => "jira",
            Format::Pdf => "pdf",
            Format::Docx => "docx",
            Format::Mail => "mail",
        }
    }
}

/// How much of a text is looked at to tell its format.
const SNIFFED_BYTES: usize = 256 * 1024;

/// Opening words of an HTML page or of a fragment cut out of one.
const HTML_OPENINGS: &[&str] = &[
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<div",
    "<article",
    "<section",
    "<main",
    "<header",
    "<p>",
    "<p ",
    "<h1",
    "<h2",
    "<h3",
    "<table",
    "<ul",
    "<ol",
    "<span",
    "<?xml",
    "<!--",
    "<meta",
    "<title",
    "<ac:",
    "<script",
    "<style",
];

/// Tells the format from the path's extension, or else from the text.
pub(super) fn detect(path: &str, text: &str) -> Format {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let name = name.strip_suffix(".erb").unwrap_or(&name);
    // Sphinx publishes sources as "page.rst.txt".
    let inner = name.strip_suffix(".txt").filter(|n| n.ends_with(".rst") || n.ends_with(".md") || n.ends_with(".adoc"));
    let name = inner.unwrap_or(name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "md" | "markdown" | "mdx" | "mdown" | "mkd" | "qmd" | "rmd" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "rst" | "rest" => Format::Rst,
        "adoc" | "asciidoc" | "asc" => Format::Asciidoc,
        "wiki" | "mediawiki" | "wikitext" => Format::Mediawiki,
        "org" => Format::Org,
        "textile" | "jira" => Format::Jira,
        "json" | "ndjson" | "jsonl" | "geojson" if opens_json(text) => Format::Json,
        "yaml" | "yml" if !opens_json(text) => Format::Yaml,
        "toml" => Format::Toml,
        "csv" | "tsv" => Format::Csv,
        _ => sniff(text),
    }
}

fn sniff(text: &str) -> Format {
    let head = crate::source::decode::char_prefix(text, SNIFFED_BYTES);
    let opening = head.trim_start();
    if opens_json(head) {
        Format::Json
    } else if is_feed(head) {
        Format::Feed
    } else if HTML_OPENINGS.iter().any(|tag| starts_with_ignoring_case(opening, tag)) {
        Format::Html
    } else if has_jira_structure(head) {
        Format::Jira
    } else if head.lines().any(is_org_setting) {
        Format::Org
    } else if opens_front_matter(opening) || has_markdown_structure(head) {
        Format::Markdown
    } else {
        sniff_light(head)
    }
}

/// Headings of AsciiDoc (`== Words`) and of MediaWiki (`== Words ==`); two of a kind, for one may be anything.
fn sniff_light(text: &str) -> Format {
    let (mut asciidoc, mut wiki) = (0, 0);
    for line in text.lines().map(str::trim_end) {
        let words = line.trim_start_matches('=');
        let level = line.len() - words.len();
        let bare = words.trim_end_matches('=');
        if (1..=6).contains(&level) && bare.contains(char::is_alphanumeric) {
            asciidoc += usize::from(bare.len() == words.len() && words.starts_with(' '));
            wiki += usize::from(words.len() - bare.len() == level && level > 1);
        }
    }
    match (asciidoc, wiki) {
        (_, 2..) if wiki > asciidoc => Format::Mediawiki,
        (2.., _) => Format::Asciidoc,
        _ => Format::Text,
    }
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// An opening bracket followed by what may follow it in JSON; `[link]` and `{% tag %}` are not.
fn opens_json(text: &str) -> bool {
    let mut significant = text.chars().filter(|c| !c.is_whitespace());
    match (significant.next(), significant.next()) {
        (Some('{'), Some('"' | '}') | None) => true,
        (Some('['), next) => matches!(next, Some('{' | ']' | '[') | None),
        _ => false,
    }
}

fn opens_front_matter(text: &str) -> bool {
    let mut lines = text.lines();
    let fence = lines.next().map(str::trim_end);
    match fence {
        Some("---") => {
            let mut body = lines.take_while(|line| line.trim_end() != "---");
            body.any(|line| line.contains(':'))
        }
        Some("+++") => lines.any(|line| line.trim_end() == "+++"),
        _ => false,
    }
}

/// A `#` heading that stands at the start or after a blank line, a code fence, or two table lines.
pub fn has_markdown_structure(text: &str) -> bool {
    let mut table_lines = 0;
    let mut after_blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if after_blank && is_atx_heading(line) || line.starts_with("```") {
            return true;
        }
        let cells = line.trim_start();
        if cells.starts_with('|') && cells.ends_with('|') && cells.matches('|').count() >= 3 {
            table_lines += 1;
            if table_lines == 2 {
                return true;
            }
        }
        after_blank = line.trim().is_empty();
    }
    false
}

/// Two headings such as `h2. Words`. Its numbered items look like headings of Markdown.
pub fn has_jira_structure(text: &str) -> bool {
    let is_heading = |line: &&str| {
        let rest =
            line.trim_start().strip_prefix('h').and_then(|rest| rest.strip_prefix(['1', '2', '3', '4', '5', '6']));
        rest.and_then(|rest| rest.strip_prefix(". ")).is_some_and(|words| !words.trim().is_empty())
    };
    text.lines().filter(is_heading).nth(1).is_some()
}

/// `#+TITLE: words`, `#+BEGIN_SRC`.
fn is_org_setting(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("#+") else { return false };
    let key = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_');
    key.len() < rest.len() && (key.starts_with(':') || starts_with_ignoring_case(rest, "begin_"))
}

fn is_atx_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    (1..=6).contains(&level) && words.starts_with(' ') && !words.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_tell_the_format() {
        let cases = [
            ("a/b.md", "", Format::Markdown),
            ("a/b.html.md.erb", "<%= x %>", Format::Markdown),
            ("a/b.HTM", "", Format::Html),
            ("a/b.json", "  {\"a\": 1}", Format::Json),
            ("a/b.json", "not json", Format::Text),
            ("a/b.ndjson", "{\"a\": 1}\n{\"a\": 2}", Format::Json),
            ("a/b.txt", "\n\n---\ntitle: x\n---\nwords", Format::Markdown),
            ("a/b.txt", "words\n\n## Heading\nwords", Format::Markdown),
            ("a/b.txt", "words\n#! no\n# shell comment below a line", Format::Text),
            ("a/b.txt", "| 10:00 | a |\n| 10:01 | b |", Format::Markdown),
            ("a/b.txt", "[RESOLVED] words", Format::Text),
            ("a/b.txt", "words only", Format::Text),
            ("a/b.rst", "", Format::Rst),
            ("a/b.adoc", "", Format::Asciidoc),
            ("a/b.org", "", Format::Org),
            ("a/b", "* One\n#+begin_src sh\nls\n", Format::Org),
            ("a/b", "words\n#+ no\n#+1\n", Format::Text),
            ("a/b.textile", "", Format::Jira),
            ("a/b.txt", "h1. One\n\n# first\n\nh2. Two\n", Format::Jira),
            ("a/b.txt", "h1. One\nh2.Two\nh7. Three", Format::Text),
            ("a/b.wiki", "", Format::Mediawiki),
            ("a/b", "= Title\n\n== One\nwords", Format::Asciidoc),
            ("a/b", "words\n== One ==\nwords\n=== Two ===\n", Format::Mediawiki),
            ("a/b", "== One\n=======\n", Format::Text),
            ("a/b", "<!DOCTYPE html><p>x", Format::Html),
            ("a/b", "[{\"a\": 1}]", Format::Json),
            ("a/b.yml", "title: a\n", Format::Yaml),
            ("a/b.yaml", "{\"a\": 1}", Format::Json),
            ("a/b.toml", "a = 1", Format::Toml),
            ("a/b.csv", "a,b", Format::Csv),
            ("a/b.xml", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">", Format::Feed),
            ("a/b", "<feed xmlns=\"x\">", Format::Feed),
            ("a/b", "é", Format::Text),
            ("", "", Format::Text),
        ];
        for (path, text, expected) in cases {
            assert_eq!(detect(path, text), expected, "{path} {text:?}");
        }
    }
}
