//! Rules that propose durations as the author states them.

pub mod labelled;
pub mod told;
