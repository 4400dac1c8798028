//! Who or what noticed first.

pub mod labelled;
pub mod noticed;
mod paired;
mod reached;
mod spoken;
