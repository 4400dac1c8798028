//! Names of what a statement computes, where it gives none.
//!
//! The engine names a computed column by the column in it: a count of lengths of time looks like one, MIN and MAX of a
//! column are one name twice, and COUNT(*) is `len`. As in other engines, its own words are its name here.

use sqlparser::ast::{Expr, Ident, OrderByKind, Query, SelectItem, SetExpr};
use std::collections::{BTreeMap, BTreeSet};

/// Functions whose value is a length of time where that of their column is.
const KEEPS_UNIT: [&str; 9] =
    ["AVG", "MAX", "MEDIAN", "MIN", "QUANTILE_CONT", "QUANTILE_DISC", "STDDEV", "STDEV", "SUM"];

/// Gives each column a name of its own, and orders by those names.
pub(super) fn name_columns(query: &mut Query) {
    let computed = name_select(&mut query.body);
    let Some(OrderByKind::Expressions(order)) = query.order_by.as_mut().map(|order| &mut order.kind) else { return };
    // The engine orders by a column that is there, not by what would have to be computed of those that are gone.
    for by in order {
        // The name of a column is what it says, and a number is a place.
        let is_name = matches!(by.expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_));
        if let (false, Some(name)) = (is_name, computed.get(&by.expr.to_string().to_lowercase())) {
            by.expr = Expr::Identifier(Ident::with_quote('"', name));
        }
    }
}

/// The names of what is computed, by its words in lower case.
fn name_select(body: &mut SetExpr) -> BTreeMap<String, String> {
    let mut computed = BTreeMap::new();
    let select = match body {
        SetExpr::Select(select) => select,
        SetExpr::SetOperation { left, .. } => return name_select(left),
        _ => return computed,
    };
    let mut taken = BTreeSet::new();
    for item in &mut select.projection {
        match item {
            SelectItem::ExprWithAlias { expr, alias } => {
                computed.insert(expr.to_string().to_lowercase(), alias.value.clone());
            }
            SelectItem::UnnamedExpr(expr) => {
                let name = expr.to_string();
                let own = match &*expr {
                    Expr::Identifier(ident) => Some(&ident.value),
                    Expr::CompoundIdentifier(parts) => parts.last().map(|part| &part.value),
                    _ => None,
                };
                if own.is_some_and(|own| taken.insert(own.clone())) || !taken.insert(name.clone()) {
                    continue;
                }
                computed.insert(name.to_lowercase(), name.clone());
                *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: Ident::with_quote('"', name) };
            }
            _ => {}
        }
    }
    computed
}

/// Whether a column of this name holds minutes: `ttr_minutes`, `MAX(ttr_minutes)`, and not `COUNT(ttr_minutes)`.
pub(super) fn is_minutes(name: &str) -> bool {
    let of_function = || {
        let (function, arguments) = name.split_once('(')?;
        let keeps = KEEPS_UNIT.iter().any(|f| f.eq_ignore_ascii_case(function));
        arguments.strip_suffix(')')?.split(',').next().filter(|_| keeps)
    };
    let column = if name.contains('(') { of_function() } else { Some(name) };
    column.is_some_and(|column| column.ends_with("_minutes") && column.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::super::sql;
    use crate::record::{Grid, Value};
    use std::collections::BTreeMap;

    fn ask(statement: &str) -> Grid {
        let frames = incidents(&[
            "id=a org=O'Neil date=2025-04-03 ttr_minutes=87",
            "id=b org=Acme date=2025-01-03 ttr_minutes=13",
            "id=c org=Acme",
        ]);
        sql(&frames, statement, &BTreeMap::new()).unwrap()
    }

    #[test]
    fn what_is_computed_is_named_by_its_words() {
        let names = |statement: &str| -> Vec<(String, String)> {
            ask(statement).columns.into_iter().map(|c| (c.name, c.unit)).collect()
        };
        let named = |name: &str, unit: &str| (name.to_owned(), unit.to_owned());
        assert_eq!(
            names("SELECT min(ttr_minutes), MAX(ttr_minutes), COUNT(ttr_minutes), COUNT(*) FROM incidents"),
            [
                named("min(ttr_minutes)", "minutes"),
                named("MAX(ttr_minutes)", "minutes"),
                named("COUNT(ttr_minutes)", ""),
                named("COUNT(*)", ""),
            ]
        );
        assert_eq!(
            names("SELECT org, ttr_minutes, ttr_minutes / 60, ttd_minutes AS ttd FROM incidents"),
            [named("org", ""), named("ttr_minutes", "minutes"), named("ttr_minutes / 60", ""), named("ttd", "")]
        );
        let twice = "SELECT a.id, b.id, b.org FROM incidents AS a JOIN incidents AS b ON a.id = b.id";
        assert_eq!(names(twice), [named("id", ""), named("b.id", ""), named("org", "")]);
    }

    #[test]
    fn rows_are_ordered_by_what_is_computed() {
        for statement in [
            "SELECT org, COUNT(*) FROM incidents GROUP BY org ORDER BY COUNT(*) DESC, org",
            "SELECT org, count(*) AS n FROM incidents GROUP BY org ORDER BY COUNT(*) DESC, org",
            "SELECT org, COUNT(*), AVG(ttr_minutes) FROM incidents GROUP BY org ORDER BY AVG(ttr_minutes), org",
            "SELECT org, COUNT(*) FROM incidents GROUP BY org HAVING COUNT(*) > 1 ORDER BY 2",
        ] {
            let first = ask(statement).rows[0][..2].to_vec();
            assert_eq!(first, [Value::Text("Acme".to_owned()), Value::Integer(2)], "{statement}");
        }
        let by_case =
            "SELECT CASE WHEN ttr_minutes > 60 THEN 'long' ELSE 'short' END, COUNT(*) FROM incidents GROUP BY 1";
        assert_eq!(ask(by_case).rows.len(), 2);
    }
}
