//! What the incident did to people, in one sentence of the report.

pub mod told;
