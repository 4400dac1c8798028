//! Who or what noticed first.

pub mod labelled;
pub mod noticed;
