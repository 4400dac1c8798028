//! Rules that propose the document's own id for an incident.

pub mod own;
