//! What every record keeps to, whatever was read: asserted by property tests and by the fuzz targets.

use super::{Record, Spanned};
use crate::source::SourceText;
use serde_json::Value;

/// Panics where a record breaks a promise; says how many pieces of evidence were looked at.
///
/// Evidence quotes the text at its place, and names the line on which it begins.
pub fn check(input: &SourceText, records: &[Record]) -> usize {
    assert!(!records.is_empty(), "every input has a record");
    let mut quotes = 0;
    for record in records {
        let value = serde_json::to_value(record).expect("a record can be written");
        let read: Record = serde_json::from_value(value.clone()).expect("and read again");
        assert_eq!(&read, record);
        visit(&value, &mut |evidence| {
            let quoted = input.text.get(evidence.start..evidence.end);
            assert_eq!(quoted, Some(evidence.quote.as_str()), "{evidence:?}");
            let lines = input.text.as_bytes()[..evidence.start].iter().filter(|b| **b == b'\n').count();
            assert_eq!(lines + 1, evidence.line, "{evidence:?}");
            quotes += 1;
        });
    }
    quotes
}

/// Every piece of evidence in a record, wherever it stands.
fn visit(value: &Value, see: &mut impl FnMut(Spanned)) {
    match value {
        Value::Object(members) if members.contains_key("quote") => {
            see(serde_json::from_value(value.clone()).expect("evidence has one shape"));
        }
        Value::Object(members) => members.values().for_each(|v| visit(v, see)),
        Value::Array(items) => items.iter().for_each(|v| visit(v, see)),
        _ => {}
    }
}
