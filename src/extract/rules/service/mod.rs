//! Affected products and services, and the regions in which they failed.

pub mod labelled;
pub mod listed;
pub mod placed;
mod split;
pub mod titled;
