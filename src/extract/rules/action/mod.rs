//! Follow-up actions: what is to be done, or was done, so that it does not happen again.

mod details;
pub mod listed;
mod tables;
pub mod told;

use crate::document::BlockKind;
use crate::extract::reading::Reading;
use crate::extract::section::Section;

/// Does the report list actions, in a list, a table or under headings?
fn has_list(reading: &Reading<'_>) -> bool {
    reading.blocks().any(|(i, b)| {
        let listed = matches!(b.kind, BlockKind::Item { .. } | BlockKind::Row { .. });
        listed && reading.section(i) == Section::Actions
    })
}
