//! What a report is: claims, figures, sections with charts and tables, and where all of it comes from.

use crate::record::{Grid, Record};
use crate::time::period::Period;

/// A report about one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub title: String,
    pub period: Period,
    pub compared_with: Period,
    /// Of the period.
    pub incidents: usize,
    /// What can and cannot be claimed, in one sentence.
    pub headline: String,
    /// What the data carry, one sentence each, the most important first.
    pub shown: Vec<String>,
    /// What a reader might conclude and the data don't carry.
    pub not_shown: Vec<String>,
    pub figures: Vec<Figure>,
    pub sections: Vec<Section>,
    /// Store, filter, version: what is needed to get the same report again.
    pub provenance: Vec<(String, String)>,
    /// The period's incidents, whole, for formats that can show them on demand.
    pub details: Vec<Record>,
}

/// A number to remember.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub label: String,
    pub value: String,
    /// What it rests on and what it was before.
    pub note: String,
    /// The section that leads on to the incidents behind it.
    pub section: &'static str,
}

/// The column of a table that lists the incidents behind a row's numbers.
pub const MEMBERS: &str = "members";

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Kebab case; the anchor in HTML and the key in JSON.
    pub id: &'static str,
    pub title: String,
    pub lead: Vec<String>,
    pub charts: Vec<Chart>,
    pub tables: Vec<Grid>,
}

/// A picture of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is shown, of what, in which unit.
    pub title: String,
    /// What it shows, in words, for who cannot see it.
    pub description: String,
    pub n: usize,
    pub data: ChartData,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ChartData {
    /// Counts a category, split into parts: one value a part and category.
    Stacked { categories: Vec<String>, parts: Vec<(String, Vec<usize>)> },
    /// Minutes on a logarithmic axis, each value a dot, in groups that may have a median.
    Dots { groups: Vec<DotGroup> },
    /// A count for each label.
    Bars { bars: Vec<(String, usize)> },
}

/// The dots over one category.
#[derive(Debug, Clone, PartialEq)]
pub struct DotGroup {
    pub label: String,
    pub n: usize,
    pub median: Option<f64>,
    /// Minutes and the incident's id.
    pub dots: Vec<(f64, String)>,
}
