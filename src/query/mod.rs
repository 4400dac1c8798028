//! Asking for documents: the filter language, the records a filter holds for, and search by what one sees.
//!
//! Knows nothing of statistics, of layout or of the terminal. Everything returns values.

mod alert;
mod candidates;
mod class;
mod close;
mod clusters;
mod evidence;
mod facets;
mod feedback;
mod filter;
mod fixed;
mod hints;
mod lexicon;
mod linkage;
mod list;
mod plain;
mod pointer;
mod ranking;
mod search;
mod similar;
mod snippet;
mod sparse;
mod synonyms;
pub mod syntax;
mod terms;
mod tuning;
mod value;
mod vectors;
mod when;

pub use clusters::{Cluster, Clusters, Member, Repeat, Repeats, clusters, repeats};
pub use facets::Facet;
pub use filter::{Found, ids, matching, matching_ids, of_incidents};
pub use hints::hints;
pub use list::{Listing, Order, list};
pub use pointer::pointed;
pub use search::{Hit, Hits, Options, search};
pub use similar::{Like, Likes, Similar, similar};
pub use snippet::Snippet;
pub use syntax::{Asked, Expression, Filter, SyntaxError, is_negated_filter, parse};
pub use tuning::Tuning;
pub use value::Test;
