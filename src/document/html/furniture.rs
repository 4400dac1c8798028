//! What of a page is no part of the report: navigation, banners, comments. Told by what every site uses (element, role,
//! the words of a class or id), never by which site it is.

use super::super::build::Builder;
use super::super::inline::View;
use super::{attribute, without_references};
use crate::domain::Span;

/// Roles of a page's frame.
const ROLES: &[&str] = &["navigation", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog"];

/// Class names and ids, whole or as the first or last word of one (`site-footer`, `cookie-banner`).
const WORDS: &[&str] = &[
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "disqus",
    "footer",
    "gdpr",
    "masthead",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pager",
    "pagination",
    "related",
    "share",
    "sharing",
    "sidebar",
    "skip",
    "subscribe",
    "toc",
    "toolbar",
];

/// First words that turn a class into a statement about something else: `has-sidebar`.
const STATEMENTS: &[&str] = &["has", "with", "no", "is", "without", "js", "hide", "show"];

/// Elements that are shown as no text.
pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "svg" | "template" | "noscript" | "select" | "object" | "canvas" | "datalist" | "audio" | "video" | "math"
    )
}

/// Elements without a closing tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr" | "img" | "input" | "meta" | "link" | "source" | "wbr" | "area" | "base" | "col" | "embed"
    )
}

/// Elements that begin and end a block of text.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "aside"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "details"
            | "dialog"
            | "div"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "nav"
            | "p"
            | "section"
            | "summary"
    )
}

/// Whether an element's class calls it a title: `incident-title`, `headline`.
pub(super) fn is_title(text: &str, attributes: &Span) -> bool {
    let classes = attribute(text, attributes, "class").map_or("", |(value, _)| value);
    classes.split_ascii_whitespace().any(|class| {
        let last = class.rsplit(['-', '_']).next().unwrap_or("");
        ["title", "headline", "heading"].iter().any(|word| word.eq_ignore_ascii_case(last))
    })
}

/// Whether an element is part of the page's frame; `in_content`: inside `<main>` or `<article>`.
pub(super) fn is_furniture(text: &str, name: &str, attributes: &Span, in_content: bool) -> bool {
    if is_void(name) || matches!(name, "html" | "body" | "main" | "article" | "table" | "tr" | "td" | "pre") {
        return false;
    }
    if name == "nav" || matches!(name, "footer" | "aside") && !in_content {
        return true;
    }
    let role = attribute(text, attributes, "role").map(|(value, _)| value);
    if role.is_some_and(|role| ROLES.contains(&role)) {
        return true;
    }
    let is_container =
        matches!(name, "div" | "section" | "header" | "ul" | "ol" | "form" | "p" | "span" | "aside" | "footer");
    is_container
        && ["class", "id"].iter().any(|kind| {
            let value = attribute(text, attributes, kind).map_or("", |(value, _)| value);
            value.split_ascii_whitespace().any(names_furniture)
        })
}

fn names_furniture(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    let mut words = lower.split(['-', '_']).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("");
    let last = words.next_back().unwrap_or(first);
    let is_named = |word: &str| WORDS.binary_search(&word).is_ok();
    !STATEMENTS.contains(&first) && (is_named(first) || is_named(last))
}

/// Names of `<meta>` that say nothing about the report.
const MACHINERY: &[&str] = &[
    "apple",
    "csrf",
    "format",
    "generator",
    "google",
    "handheldfriendly",
    "msapplication",
    "msvalidate",
    "referrer",
    "robots",
    "theme",
    "twitter",
    "viewport",
];

/// Adds what a `<meta>` says as a field: `meta_description`, `article_published_time`.
pub(super) fn meta(view: &View, attributes: &Span, builder: &mut Builder) {
    let find = |name| attribute(view.text, attributes, name);
    let name = ["property", "name", "itemprop"].iter().find_map(|kind| find(kind));
    let (Some((name, _)), Some((content, span))) = (name, find("content")) else { return };
    let first = name.split([':', '-', '.', '_']).next().unwrap_or("").to_ascii_lowercase();
    if !MACHINERY.contains(&first.as_str()) {
        let key = if name.contains([':', '.']) { name.replace('.', ":") } else { format!("meta {name}") };
        builder.field(&key, &without_references(content), view.source(&span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_told_by_common_words() {
        assert!(WORDS.is_sorted());
        let cases = [
            ("site-footer", true),
            ("cookie-banner", true),
            ("Sidebar", true),
            ("has-sidebar", false),
            ("incident-history-item", false),
            ("content", false),
            ("commentary", false),
            ("", false),
        ];
        for (class, expected) in cases {
            assert_eq!(names_furniture(class), expected, "{class}");
        }
    }
}
