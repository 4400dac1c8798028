//! Headings that have no level of their own: what stands right below another sorts what that announces.

use super::Section;
use crate::document::{Block, BlockKind, Document};

/// A heading right above another that announces nothing, as plain text has them: "Action items", "Process", "Tools".
/// What is sorted so belongs to it until a heading announces something else.
#[derive(Default)]
pub(super) struct Sorted {
    /// The last heading that announced a section: where it stands, its level and section.
    last: Option<(usize, u8, Section)>,
    is_sorted: bool,
}

impl Sorted {
    pub(super) fn section(&mut self, document: &Document, at: usize) -> Section {
        let level = level(document.blocks.get(at));
        let Some((above, known, section)) = self.last.filter(|(_, known, _)| Some(*known) == level) else {
            return Section::Other;
        };
        self.is_sorted |= above + 1 == at && level == Some(known);
        if self.is_sorted { section } else { Section::Other }
    }

    /// Does a heading of what actions are for, "Detection", sort those above it?
    pub(super) fn sorts_actions(&mut self, document: &Document, at: usize) -> bool {
        let is_of_actions = matches!(self.last, Some((_, _, Section::Actions)));
        is_of_actions && self.section(document, at) == Section::Actions
    }

    pub(super) fn keep(&mut self, document: &Document, at: usize, section: Section, announces: bool) {
        if announces {
            self.last = level(document.blocks.get(at)).map(|level| (at, level, section));
            self.is_sorted = false;
        }
    }
}

fn level(block: Option<&Block>) -> Option<u8> {
    block.and_then(|block| if let BlockKind::Heading { level } = block.kind { Some(level) } else { None })
}
