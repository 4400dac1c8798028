//! Cells of a table, a column together, until they are written. A value for each would take several times the memory.

use crate::record::{ColumnKind, Value};
use chrono::NaiveDate;
use polars::prelude::*;

/// The cells of one column.
pub(super) enum Cells {
    Text(StringChunkedBuilder),
    Integer(PrimitiveChunkedBuilder<Int64Type>),
    Real(PrimitiveChunkedBuilder<Float64Type>),
    Flag(BooleanChunkedBuilder),
    /// Days since 1970.
    Date(PrimitiveChunkedBuilder<Int32Type>),
    /// Milliseconds since 1970.
    Instant(PrimitiveChunkedBuilder<Int64Type>),
}

impl Cells {
    pub fn new(name: &'static str, kind: ColumnKind) -> Self {
        let name = PlSmallStr::from_static(name);
        match kind {
            ColumnKind::Text => Cells::Text(StringChunkedBuilder::new(name, 0)),
            ColumnKind::Integer => Cells::Integer(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnKind::Real => Cells::Real(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnKind::Flag => Cells::Flag(BooleanChunkedBuilder::new(name, 0)),
            ColumnKind::Date => Cells::Date(PrimitiveChunkedBuilder::new(name, 0)),
            ColumnKind::Instant => Cells::Instant(PrimitiveChunkedBuilder::new(name, 0)),
        }
    }

    /// Adds a cell; a value of another kind is none.
    pub fn push(&mut self, value: &Value) {
        match self {
            Cells::Text(cells) => cells.append_option(if let Value::Text(text) = value { Some(text) } else { None }),
            Cells::Integer(cells) => {
                cells.append_option(if let Value::Integer(integer) = value { Some(*integer) } else { None });
            }
            Cells::Real(cells) => cells.append_option(if let Value::Real(real) = value { Some(*real) } else { None }),
            Cells::Flag(cells) => cells.append_option(if let Value::Flag(flag) = value { Some(*flag) } else { None }),
            Cells::Date(cells) => cells.append_option(days(value)),
            Cells::Instant(cells) => cells.append_option(milliseconds(value)),
        }
    }

    /// All of them.
    pub fn column(self) -> PolarsResult<Column> {
        Ok(match self {
            Cells::Text(cells) => cells.finish().into_column(),
            Cells::Integer(cells) => cells.finish().into_column(),
            Cells::Real(cells) => cells.finish().into_column(),
            Cells::Flag(cells) => cells.finish().into_column(),
            Cells::Date(cells) => cells.finish().into_column().cast(&data_type(ColumnKind::Date))?,
            Cells::Instant(cells) => cells.finish().into_column().cast(&data_type(ColumnKind::Instant))?,
        })
    }
}

pub(super) fn data_type(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::String,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Real => DataType::Float64,
        ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Date => DataType::Date,
        ColumnKind::Instant => DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC)),
    }
}

fn days(value: &Value) -> Option<i32> {
    let Value::Date(date) = value else { return None };
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn milliseconds(value: &Value) -> Option<i64> {
    if let Value::Instant(instant) = value { Some(instant.timestamp_millis()) } else { None }
}
