//! What set it off, where the failure sat, and the sentence that explains it: three things.

pub mod component;
mod deeds;
pub mod explained;
pub mod explaining;
pub mod labelled;
mod led;
pub mod likely;
mod seeming;
pub mod trigger;
mod units;
mod votes;
mod whys;

pub use explaining::Explanation;
pub use units::Unit;
pub use votes::Vote;
