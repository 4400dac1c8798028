//! What is left of a title without its frame.

use crate::document::without_references;
use crate::extract::vocabulary::{asks_title, is_frame_word, names};
use crate::source::Format;
use crate::text::{Regex, spaced};
use crate::time::written::times;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A title longer than this is a paragraph.
pub const TITLE_BYTES_MAX: usize = 240;

/// Single spaces, no markup at the ends, no `Title:` in front; empty when nothing is left.
pub fn clean(title: &str) -> String {
    // Front matter of a page is markup as well.
    let plain = if title.contains('&') { Cow::Owned(without_references(title)) } else { Cow::Borrowed(title) };
    let mut text = spaced(&plain);
    if let Some((frame, rest)) = text.split_once(':')
        && asks_title(&frame.trim_matches(['*', ' ', '#']).to_lowercase())
    {
        text = rest.trim_matches(|c: char| c.is_whitespace() || c == '*').to_owned();
    }
    let text = without_signs(&text);
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '_' | '`' | '|'));
    let trimmed = trimmed.trim_start_matches(|c: char| !c.is_alphanumeric() && !"\"'“‘[({«<$¿¡".contains(c));
    trimmed.to_owned()
}

/// Without the signs of a chat at both ends: ":rotating_light: Disk full".
fn without_signs(text: &str) -> &str {
    let is_sign = |word: &str| {
        let name = word.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || "_-+".contains(c)))
    };
    let mut text = text.trim();
    while let Some((_, rest)) = text.split_once(' ').filter(|(first, _)| is_sign(first)) {
        text = rest.trim_start();
    }
    while let Some((rest, _)) = text.rsplit_once(' ').filter(|(_, last)| is_sign(last)) {
        text = rest.trim_end();
    }
    text
}

/// "[postmortem] Disk full": subjects of mails say first what kind of document follows.
pub fn without_frame(subject: &str) -> &str {
    let framed = subject.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("] "));
    framed.filter(|(frame, _)| is_frame(frame)).map_or(subject, |(_, rest)| rest)
}

/// The part of a page title that is not the site's name: "Outage on Monday | Acme Blog".
pub fn without_site(title: &str, format: Format) -> &str {
    if !matches!(format, Format::Html) {
        return title;
    }
    let separators = [" | ", " · ", " — ", " « ", " :: "];
    let cut = separators.iter().filter_map(|s| title.rfind(s)).max();
    match cut.and_then(|at| title.get(..at)) {
        Some(first) if first.split_whitespace().count() >= 2 => first,
        _ => without_marked_site(title),
    }
}

/// "Slow mail - Acme Status": a dash parts a title as well, so what stands behind it must say that it is a site.
fn without_marked_site(title: &str) -> &str {
    let Some((page, site)) =
        [" - ", " – "].iter().filter_map(|dash| title.rsplit_once(dash)).min_by_key(|(_, s)| s.len())
    else {
        return title;
    };
    let site = site.trim().to_lowercase();
    let is_site = names().site_ends.iter().any(|end| site.strip_suffix(end.as_str()).is_some_and(|s| s.ends_with(' ')));
    if is_site && page.split_whitespace().count() >= 2 { page } else { title }
}

static IDENTIFIER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^[a-z]{0,6}-?\d{2,}[\d-]*$").expect("a valid regex"));

static PAGE_HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^\W*(?:(?:back|return|skip)\ to\ (?:the\ |all\ |main\ )?|zurück\ zu[rm]?\ |retour\ (?:à\ l['’]?|au\ |aux\ )|volver\ al?\ |voltar\ (?:ao?|para)\ )
            (?:top|home|overview|content|menu|status|page|index|list|incidents?|history|übersicht|startseite|accueil|liste|inicio|início|incidentes)\W*$
          |^(?-i:\p{Lu}\p{Ll}+)(?:\ (?-i:\p{Lu}\p{Ll}+)){0,2}\ +\d{1,2}:\d\d\ ?[ap]m$
          |\bpage\ \d+(\ of\ \d+)?\b|\bseite\ \d+|\bpágina\ \d+|^[^a-z]*(strictly\ )?confidential[^a-z]*$",
    )
    .expect("a valid regex")
});

/// A running header or footer, a way to another page, or who wrote when in a chat.
pub fn is_page_header(line: &str) -> bool {
    PAGE_HEADER.is_match(line)
}

/// Is a line a date, perhaps with a time of day, and nothing else: when a page was written, or what it tells of?
pub fn is_bare_date(line: &str) -> bool {
    if line.len() > DATE_BYTES_MAX || !line.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let times = times(line);
    let is_told = |at: usize| times.iter().any(|written| written.span.contains(&at));
    times.iter().any(|written| written.date.is_some())
        && line.char_indices().all(|(at, c)| !c.is_alphanumeric() || is_told(at))
}

/// "Wednesday, 18 September 2024, 10:00 to 11:30 UTC".
const DATE_BYTES_MAX: usize = 60;

/// Does a title only say what kind of document this is ("MAJOR INCIDENT REVIEW INC-0109"), perhaps with one name?
pub fn is_frame(title: &str) -> bool {
    let words: Vec<String> = title
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .flat_map(|w| if IDENTIFIER.is_match(w) { vec![w.to_lowercase()] } else { split_dashes(w) })
        .filter(|w| !w.is_empty())
        .collect();
    let framing = words.iter().filter(|w| is_frame_word(w)).count();
    let telling = words.iter().filter(|w| !is_frame_word(w) && !IDENTIFIER.is_match(w)).count();
    telling == 0 && framing > 0 || telling == 1 && framing >= 2 && words.iter().any(|w| IDENTIFIER.is_match(w))
}

fn split_dashes(word: &str) -> Vec<String> {
    word.split('-').map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_sites_are_no_part_of_a_title() {
        assert_eq!(clean("  **Title:**  Disk\nfull "), "Disk full");
        assert_eq!(clean("🔥 Disk full"), "Disk full");
        assert_eq!(without_frame("[postmortem] Disk full"), "Disk full");
        assert_eq!(without_frame("[db-2] Disk full"), "[db-2] Disk full");
        assert_eq!(clean(":fire: *Disk full* :fire:"), "Disk full");
        assert_eq!(clean("# \"no space\" again"), "\"no space\" again");
        assert_eq!(without_site("Disk full | Acme", Format::Html), "Disk full");
        assert_eq!(without_site("Outage | Acme", Format::Html), "Outage | Acme");
        assert_eq!(without_site("Disk full - Acme Status", Format::Html), "Disk full");
        assert_eq!(without_site("Disk full - mail stopped", Format::Html), "Disk full - mail stopped");
        assert_eq!(without_site("Disk full | Acme", Format::Markdown), "Disk full | Acme");
    }
    #[test]
    fn frames_name_no_incident() {
        for frame in ["MAJOR INCIDENT REVIEW", "Acme incident report INC-0109", "Post-mortem", "INC0048812"] {
            assert!(is_frame(frame) || frame == "INC0048812", "{frame}");
        }
        for title in ["Mail outage", "V4 Upgrade Chain-Halt Postmortem", "Incident on 2020-02-25 - nginx", "Disk full"]
        {
            assert!(!is_frame(title), "{title}");
        }
        for date in ["Wednesday 2nd August 2017", "Thu, 02 Aug 2012", "2024-03-05 10:00 UTC", "19.09.2019"] {
            assert!(is_bare_date(date), "{date}");
        }
        for title in ["Outage of 2 August 2017", "2 August 2017 mail", "Seventeen"] {
            assert!(!is_bare_date(title), "{title}");
        }
        assert!(is_page_header("Acme – Confidential   Page 1 of 3"));
        assert!(is_page_header("Mara Lind  9:05 AM"));
        assert!(!is_page_header("Outage at 9:05 AM"));
    }
}
