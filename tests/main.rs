//! The one integration-test binary: each further one would cost seconds and hundreds of megabytes to link.

// A test that cannot go on says so by panicking, and sets up the world that the program must not look at.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::disallowed_methods)]

/// A temporary place with documents and a store, and the real program run in it.
mod world;

/// The rules of the house: layers, banned calls, lengths, documentation.
mod tidy;

/// What a user sees: exit code, stdout and stderr of every verb, and the complete help.
mod cli;

/// Documents made to do harm.
mod hostile;
/// Input that is broken or odd.
mod input;
/// What reading makes of it, and in what time.
mod reading;

/// Rules and explanations: why a value stands in a record.
mod rules;

/// Values corrected by hand: kept, applied, shown, taken back.
mod corrections;

/// Reviews of reports.
mod check;

/// What must not leave the house stays in it.
mod redact;

/// The configuration and its page.
mod config;

/// Search of the shipped corpus against graded queries.
mod found;
/// What is like what, and what corrections change in what is found.
mod likeness;
/// Filters, lists and search on the shipped corpus.
mod query;
/// Whether its weights are well chosen.
mod tune;

/// What it does when the disk is full or gone, or many use it at once.
mod faults;
/// What the store promises, also to those who kill it.
mod store;

/// No socket is opened, and no report acts in a browser.
mod sealed;

/// Statistics and reports: consistent with each other, the same everywhere, honest about small numbers.
mod numbers;

/// What comes out is safe where it is shown.
mod render;

/// The shipped corpus against its hand labels.
mod gold;
/// How records are scored against labels.
mod score;

/// The weights that were measured, and how to measure them anew.
mod fit;

/// Every command and every column of the README is true.
mod readme;

/// What other programs get.
mod export;

/// Every saved query runs.
mod queries;
