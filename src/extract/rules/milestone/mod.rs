//! Rules that propose milestones.

pub mod day;
pub mod labelled;
mod oldest_first;
pub mod posted;
pub mod prose_cue;
pub mod prose_order;
pub mod prose_range;
pub mod timeline_echo;
pub mod timeline_entry;
pub mod timeline_remedy;
pub mod titled;
