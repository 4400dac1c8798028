//! The layers that read untrusted text, and a function for each way in.
//!
//! They are compiled from the product's own files rather than linked: layers flow one way, so that those up to the
//! filter language stand without the store and the two large libraries under it. A target then builds in a minute, and
//! its coverage is of what reads.

#![allow(dead_code, unused_imports)]

#[path = "../../src/check/mod.rs"]
pub mod check;
#[path = "../../src/document/mod.rs"]
pub mod document;
#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/extract/mod.rs"]
pub mod extract;
#[path = "../../src/record/mod.rs"]
pub mod record;
#[path = "../../src/source/mod.rs"]
pub mod source;
#[path = "../../src/text/mod.rs"]
pub mod text;
#[path = "../../src/time/mod.rs"]
pub mod time;

/// What of the store has no store in it.
#[path = "../../src/store"]
pub mod store {
    #[path = "keywords.rs"]
    mod keywords;
    #[path = "remedy.rs"]
    mod remedy;
    #[path = "spelling.rs"]
    pub mod spelling;

    pub use keywords::{day_number, keyword};
    pub use remedy::{CROWDED_HINT, REBUILD_HINT, remedy};
}

/// The filter language, without what it is asked of.
#[path = "../../src/query"]
pub mod query {
    #[path = "pointer.rs"]
    mod pointer;
    #[path = "syntax.rs"]
    pub mod syntax;
    #[path = "value.rs"]
    mod value;

    pub use pointer::pointed;
}

/// What makes a mistake fit to be shown.
#[path = "../../src/render"]
pub mod render {
    #[path = "sanitise.rs"]
    pub mod sanitise;
    #[path = "wrap.rs"]
    mod wrap;
}

/// The files that a team writes.
#[path = "../../src/cli"]
pub mod cli {
    #[path = "config/mod.rs"]
    pub mod config;
    #[path = "corrections.rs"]
    pub mod corrections;
    #[path = "outcome.rs"]
    mod outcome;
    #[path = "paths.rs"]
    mod paths;
    #[path = "written.rs"]
    mod written;

    pub use config::Config;
    pub use outcome::{Outcome, hinted};
}

pub mod targets;
