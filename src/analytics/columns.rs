//! Columns of a table as plain values, and cells as values of a record.

use super::AnalyticsError;
use crate::record::Value;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::{
    AnyValue, BooleanChunked, DataFrame, DataType, Expr, IdxCa, IdxSize, Int64Chunked, LazyFrame, PlSmallStr, Series,
    TimeUnit, col,
};

/// Some columns of a table, as plain values.
pub(super) struct Columns(DataFrame);

impl Columns {
    pub(super) fn of(frame: LazyFrame, names: &[&str]) -> Result<Self, AnalyticsError> {
        Self::computed(frame, names.iter().map(|n| col(*n)).collect())
    }

    /// What expressions make of a table's columns.
    pub(super) fn computed(frame: LazyFrame, expressions: Vec<Expr>) -> Result<Self, AnalyticsError> {
        Ok(Columns(frame.select(expressions).collect()?))
    }

    pub(super) fn height(&self) -> usize {
        self.0.height()
    }

    /// Some of the rows, in this order.
    pub(super) fn rows(&self, at: &[usize]) -> Result<Self, AnalyticsError> {
        let at = at.iter().filter_map(|at| IdxSize::try_from(*at).ok()).collect();
        Ok(Columns(self.0.take(&IdxCa::from_vec(PlSmallStr::EMPTY, at))?))
    }

    pub(super) fn values(&self, name: &str) -> Result<Vec<Value>, AnalyticsError> {
        let column = self.0.column(name)?;
        (0..column.len()).map(|i| Ok(value(&column.get(i)?))).collect()
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<Option<String>>, AnalyticsError> {
        Ok(self.0.column(name)?.cast(&DataType::String)?.str()?.iter().map(|t| t.map(str::to_owned)).collect())
    }

    /// As [`Columns::texts`], without a copy.
    pub(super) fn words(&self, name: &str) -> Result<Vec<Option<&str>>, AnalyticsError> {
        Ok(self.0.column(name)?.str()?.iter().collect())
    }

    pub(super) fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, AnalyticsError> {
        Ok(self.0.column(name)?.cast(&DataType::Float64)?.f64()?.iter().collect())
    }

    pub(super) fn integers(&self, name: &str) -> Result<&Int64Chunked, AnalyticsError> {
        Ok(self.0.column(name)?.i64()?)
    }

    /// Which rows have a value.
    pub(super) fn known(&self, name: &str) -> Result<BooleanChunked, AnalyticsError> {
        Ok(self.0.column(name)?.is_not_null())
    }

    /// How many rows have no value.
    pub(super) fn unknown_count(&self, name: &str) -> Result<usize, AnalyticsError> {
        Ok(self.0.column(name)?.null_count())
    }

    /// Which rows tell something: a label `unknown` and a count of 0 do not.
    pub(super) fn told(&self, name: &str) -> Result<Vec<bool>, AnalyticsError> {
        let column = self.0.column(name)?;
        Ok(match column.dtype() {
            DataType::String => {
                column.str()?.iter().map(|text| text.is_some_and(|text| !matches!(text, "" | "unknown"))).collect()
            }
            DataType::Int64 => column.i64()?.iter().map(|number| number.is_some_and(|number| number != 0)).collect(),
            _ => column.is_not_null().iter().map(|is_known| is_known == Some(true)).collect(),
        })
    }

    pub(super) fn flags(&self, name: &str) -> Result<Vec<bool>, AnalyticsError> {
        Ok(self.0.column(name)?.bool()?.iter().map(|flag| flag == Some(true)).collect())
    }

    pub(super) fn dates(&self, name: &str) -> Result<Vec<Option<NaiveDate>>, AnalyticsError> {
        Ok(self.0.column(name)?.cast(&DataType::Int32)?.i32()?.iter().map(|days| days.and_then(date)).collect())
    }

    /// Instants in milliseconds since 1970, as the tables hold them.
    pub(super) fn milliseconds(&self, name: &str) -> Result<Int64Chunked, AnalyticsError> {
        Ok(self.0.column(name)?.cast(&DataType::Int64)?.i64()?.clone())
    }

    pub(super) fn instants(&self, name: &str) -> Result<Vec<Option<DateTime<Utc>>>, AnalyticsError> {
        let column = self.0.column(name)?;
        let unit = if let DataType::Datetime(unit, _) = column.dtype() { *unit } else { TimeUnit::Milliseconds };
        let units = column.cast(&DataType::Int64)?;
        Ok(units.i64()?.iter().map(|n| n.and_then(|n| instant(n, unit))).collect())
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Real(x) => Some(*x),
        _ => None,
    }
}

/// A frame's cell as a plain value. Types that no table has (they may come out of SQL) are spelled as text.
pub(super) fn value(any: &AnyValue<'_>) -> Value {
    match any {
        AnyValue::Null => Value::Null,
        AnyValue::String(t) => Value::Text((*t).to_owned()),
        AnyValue::StringOwned(t) => Value::Text(t.to_string()),
        AnyValue::Boolean(b) => Value::Flag(*b),
        AnyValue::Float32(x) => Value::Real(f64::from(*x)),
        AnyValue::Float64(x) => Value::Real(*x),
        AnyValue::Date(days) => date(*days).map_or(Value::Null, Value::Date),
        AnyValue::Datetime(n, unit, _) | AnyValue::DatetimeOwned(n, unit, _) => {
            instant(*n, *unit).map_or(Value::Null, Value::Instant)
        }
        AnyValue::List(series) => Value::Text(listed(series)),
        other => match other.extract::<i64>().filter(|_| other.is_integer()) {
            Some(n) => Value::Integer(n),
            None => Value::Text(other.to_string()),
        },
    }
}

fn listed(series: &Series) -> String {
    let text = |v: AnyValue<'_>| match value(&v) {
        Value::Text(t) => t,
        Value::Null => String::new(),
        _ => v.to_string(),
    };
    series.iter().map(text).collect::<Vec<_>>().join("; ")
}

pub(super) fn date(days: i32) -> Option<NaiveDate> {
    let epoch = DateTime::UNIX_EPOCH.date_naive();
    let distance = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
}

fn instant(n: i64, unit: TimeUnit) -> Option<DateTime<Utc>> {
    match unit {
        TimeUnit::Milliseconds => DateTime::from_timestamp_millis(n),
        TimeUnit::Microseconds => DateTime::from_timestamp_micros(n),
        TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(n)),
    }
}
