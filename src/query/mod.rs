//! Asking for documents: the filter language, the records a filter holds for, and search by what one sees.
//!
//! Knows nothing of statistics, of layout or of the terminal. Everything returns values.

mod feedback;
mod filter;
mod hints;
mod list;
mod plain;
mod search;
mod snippet;
mod synonyms;
pub mod syntax;
mod terms;
mod tuning;
mod value;

pub use filter::{Found, matching, matching_ids, of_incidents};
pub use hints::hints;
pub use list::{Listing, Order, list};
pub use search::{Hit, Hits, Options, search};
pub use snippet::Snippet;
pub use syntax::{Asked, Expression, Filter, SyntaxError, is_negated_filter, parse};
pub use tuning::Tuning;
pub use value::Test;
