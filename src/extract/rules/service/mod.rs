//! Affected products and services, and the regions in which they failed.

pub mod labelled;
pub mod listed;
mod split;
pub mod titled;
