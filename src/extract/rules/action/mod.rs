//! Follow-up actions: what is to be done, or was done, so that it does not happen again.

mod details;
pub mod listed;
mod tables;
pub mod told;
