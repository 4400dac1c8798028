//! Follow-up actions: what is to be done, or was done, so that it does not happen again.

mod beside;
mod details;
pub mod labelled;
mod led;
pub mod listed;
mod marks;
mod pieces;
mod tables;
pub mod told;
