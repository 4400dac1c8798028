//! Which format an input is in.

/// The formats a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Markdown,
    Html,
    Text,
    /// One JSON object: an entry of a feed, or a file holding a single incident.
    Json,
}

impl Format {
    /// The name records use.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Text => "text",
            Format::Json => "json",
        }
    }
}
