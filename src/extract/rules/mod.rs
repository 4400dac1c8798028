//! The catalogue of rules, in the order of the manual. The order never decides anything.

use super::rule::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[];
