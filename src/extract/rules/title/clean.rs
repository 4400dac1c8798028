//! What is left of a title without its frame.

use crate::source::Format;

/// A title longer than this is a paragraph.
pub const TITLE_BYTES_MAX: usize = 240;

/// Words before a colon that only say "here comes the title".
const FRAMES: &[&str] = &["title", "incident title", "incident name", "subject", "titre", "titel", "título", "titulo"];

/// Single spaces, no markup at the ends, no `Title:` in front; empty when nothing is left.
pub fn clean(title: &str) -> String {
    let mut text = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((frame, rest)) = text.split_once(':')
        && FRAMES.contains(&frame.trim().to_lowercase().as_str())
    {
        text = rest.trim().to_owned();
    }
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '_' | '`' | '|'));
    let trimmed = trimmed.trim_start_matches(|c: char| !c.is_alphanumeric() && !"\"'“‘[({«<$¿¡".contains(c));
    trimmed.to_owned()
}

/// The part of a page title that is not the site's name: "Outage on Monday | Acme Blog".
pub fn without_site<'t>(title: &'t str, format: Format) -> &'t str {
    if !matches!(format, Format::Html) {
        return title;
    }
    let separators = [" | ", " · ", " — ", " « ", " :: "];
    let cut = separators.iter().filter_map(|s| title.rfind(s)).max();
    match cut.and_then(|at| title.get(..at)) {
        Some(first) if first.split_whitespace().count() >= 2 => first,
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_sites_are_no_part_of_a_title() {
        assert_eq!(clean("  **Title:**  Disk\nfull "), "Disk full");
        assert_eq!(clean("🔥 Disk full"), "Disk full");
        assert_eq!(clean("# \"no space\" again"), "\"no space\" again");
        assert_eq!(without_site("Disk full | Acme", Format::Html), "Disk full");
        assert_eq!(without_site("Outage | Acme", Format::Html), "Outage | Acme");
        assert_eq!(without_site("Disk full | Acme", Format::Markdown), "Disk full | Acme");
    }
}
