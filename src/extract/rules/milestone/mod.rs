//! Rules that propose milestones.

pub mod labelled;
pub mod prose_cue;
pub mod prose_range;
pub mod timeline_entry;
