//! The neutral table: what analytics and reports hand over and every format renders.
//!
//! Knows nothing of layout, colour, width or escaping.

use super::{Column, ColumnKind, Value};

/// A table with everything a reader needs to trust it: titles, units, and notes that travel with the numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    pub title: String,
    pub columns: Vec<GridColumn>,
    /// One value a column; a missing one counts as [`Value::Null`].
    pub rows: Vec<Vec<Value>>,
    /// Footnotes: definitions, inclusion rules, n, missing.
    pub notes: Vec<String>,
    /// What the notes say of changes and trends, as numbers for programs.
    pub tests: Vec<Test>,
}

/// One test of a change or a trend: its estimate, interval and p, each under its name.
pub type Test = Vec<(&'static str, Value)>;

/// One column of a [`Grid`].
#[derive(Debug, Clone, PartialEq)]
pub struct GridColumn {
    /// Key in JSON and CSV, unit last: `ttr_median_minutes`.
    pub name: String,
    /// Heading for people.
    pub title: String,
    pub kind: ColumnKind,
    /// `minutes`, `%`, `per month`, or empty. Minutes read as `1 h 27 min` in tables for people, as numbers elsewhere.
    pub unit: String,
    /// The upper end of a range whose lower end is the column before: tables for people show both as `lo – hi` under
    /// the lower end's title, data formats keep two columns.
    pub is_range_end: bool,
    /// Columns above 0 are given up by a terminal that has no room for them, the highest first. Other formats show all.
    pub spare: u8,
}

impl GridColumn {
    pub fn new(name: impl Into<String>, title: impl Into<String>, kind: ColumnKind) -> Self {
        GridColumn { name: name.into(), title: title.into(), kind, unit: String::new(), is_range_end: false, spare: 0 }
    }

    pub fn text(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(name, title, ColumnKind::Text)
    }

    pub fn integer(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(name, title, ColumnKind::Integer)
    }

    pub fn real(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(name, title, ColumnKind::Real)
    }

    /// A length of time, kept in minutes.
    pub fn minutes(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::real(name, title).unit("minutes")
    }

    /// A column of one of the store's tables, under its own name.
    pub fn of(column: &Column) -> Self {
        Self::new(column.name, column.name.replace('_', " "), column.kind).unit(column.unit)
    }

    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// See [`GridColumn::spare`].
    pub fn spare(mut self, rank: u8) -> Self {
        self.spare = rank;
        self
    }

    /// See [`GridColumn::is_range_end`].
    pub fn range_end(mut self) -> Self {
        self.is_range_end = true;
        self
    }
}

impl Grid {
    pub fn new(title: impl Into<String>, columns: Vec<GridColumn>) -> Self {
        Grid { title: title.into(), columns, rows: Vec::new(), notes: Vec::new(), tests: Vec::new() }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}
