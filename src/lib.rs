//! `retrospect`: postmortem analytics and query over a document corpus.
//!
//! # Bird's-eye view
//!
//! ```text
//! files ─ source ─► text ─ document ─► blocks ─ extract ─► incident ─ record ─► row, JSON
//!                                                                       │
//!                     report ◄─ analytics (numbers), query (documents) ◄─ store (parquet + index)
//!                        └─ render ─► bytes ─ cli ─► stdout
//! ```
//!
//! Layers, in reading order; a layer may name itself and the ones above it in this list, nothing else
//! (`tests/tidy.rs` keeps it so).

pub mod text;

pub mod time;

pub mod domain;

pub mod source;

pub mod document;

pub mod extract;

pub mod record;

pub mod check;

pub mod store;

pub mod analytics;
pub mod query;

pub mod report;

pub mod render;

pub mod cli;
