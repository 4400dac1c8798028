//! Severities: the author's own grade, and its level.

pub mod aligned;
pub mod labelled;
mod level;
pub mod named;

pub use level::level;
