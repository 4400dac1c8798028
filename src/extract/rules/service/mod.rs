//! Affected products and services, and the regions in which they failed.

pub mod labelled;
mod split;
pub mod titled;
