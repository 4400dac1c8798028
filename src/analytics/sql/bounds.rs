//! What a statement may ask of the machine: rows that multiply and texts that grow without bound, expressions nested
//! deeper than the engine can follow and what it cannot do are refused, with what to write instead.

use crate::analytics::AnalyticsError;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, JoinConstraint,
    JoinOperator, LimitClause, Query, Select, SetExpr, TableFactor, TableWithJoins, Value, ValueWithSpan,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer};
use std::collections::BTreeMap;

/// Words and signs of a statement that could each nest it a level deeper.
const JOINTS_MAX: usize = 2_000;
/// Expressions within one another: the engine calls itself for each.
const DEPTH_MAX: usize = 128;
/// Selections put together: the engine's time grows faster than their number.
const UNITED_MAX: usize = 100;
/// Rows that tables without a common column may be multiplied to.
const ROWS_MAX: f64 = 2_000_000.0;

fn refused<T>(what: String) -> Result<T, AnalyticsError> {
    Err(AnalyticsError::Refused(what))
}

/// Before it is parsed: how deep could it be?
pub(super) fn fits(statement: &str) -> Result<(), AnalyticsError> {
    // What is no SQL is told by the parser.
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, statement).tokenize() else { return Ok(()) };
    let is_uniting = |token: &Token| {
        let Token::Word(word) = token else { return false };
        matches!(word.keyword, Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT)
    };
    let is_joint = |token: &Token| match token {
        Token::Word(word) => word.keyword != Keyword::NoKeyword,
        Token::Whitespace(_) | Token::Comma | Token::Number(..) | Token::SingleQuotedString(_) => false,
        _ => true,
    };
    if tokens.iter().filter(|t| is_uniting(t)).count() > UNITED_MAX {
        return refused(format!("more than {UNITED_MAX} selections in one statement"));
    }
    if tokens.iter().filter(|t| is_joint(t)).count() > JOINTS_MAX {
        return refused(format!("more than {JOINTS_MAX} operators and keywords; IN (…) takes any number of values"));
    }
    Ok(())
}

/// How deep the expression is that is being looked at.
#[derive(Default)]
pub(super) struct Depth(usize);

impl Depth {
    pub fn enter(&mut self) -> Result<(), AnalyticsError> {
        self.0 += 1;
        if self.0 <= DEPTH_MAX {
            return Ok(());
        }
        refused(format!("more than {DEPTH_MAX} operators within one another; IN (…) takes any number of values"))
    }

    pub fn leave(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

/// How much longer the functions of a statement can make a text.
pub(super) struct Growth(f64);

impl Default for Growth {
    fn default() -> Self {
        Growth(1.0)
    }
}

impl Growth {
    /// Takes a function into account, whose arguments are filled in.
    pub fn call(&mut self, function: &Function) -> Result<(), AnalyticsError> {
        let name = function.name.to_string().to_uppercase();
        let arguments = arguments(function);
        match name.as_str() {
            "LPAD" | "RPAD" | "REPEAT" | "REPLICATE" | "SPACE" => {
                let length = arguments.get(usize::from(name != "SPACE")).and_then(|length| number(length));
                match length.filter(|length| (0.0..=PADDED_MAX).contains(length)) {
                    Some(_) => Ok(()),
                    None => refused(format!("{name} with a length that is no number from 0 to {PADDED_MAX}")),
                }
            }
            "REPLACE" => {
                let bytes = |at: usize| arguments.get(at).and_then(|text| quoted(text)).map(str::len);
                let longer = match (bytes(1), bytes(2)) {
                    (Some(from), Some(to)) => to as f64 / from.max(1) as f64,
                    _ => REPLACED_BYTES,
                };
                self.0 *= longer.max(1.0);
                if self.0 <= GROWTH_MAX {
                    return Ok(());
                }
                refused(format!("REPLACE within REPLACE that makes a text more than {GROWTH_MAX} times as long"))
            }
            _ => Ok(()),
        }
    }
}

/// Characters that a text is filled up to.
const PADDED_MAX: f64 = 1_000.0;
/// Times as long as it was.
const GROWTH_MAX: f64 = 1_000.0;
/// As much as a text out of a column may put in the place of a letter, about.
const REPLACED_BYTES: f64 = 30.0;

fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let told = list.args.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(told)) => Some(told),
        _ => None,
    });
    told.collect()
}

fn number(told: &Expr) -> Option<f64> {
    match told {
        Expr::Value(ValueWithSpan { value: Value::Number(n, _), .. }) => n.parse().ok(),
        _ => None,
    }
}

fn quoted(told: &Expr) -> Option<&str> {
    match told {
        Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => Some(text),
        _ => None,
    }
}

/// What the engine cannot do, which it would tell in its own words.
pub(super) fn is_known(told: &Expr) -> Result<(), AnalyticsError> {
    match told {
        Expr::Exists { .. } => refused("EXISTS".to_owned()),
        Expr::AnyOp { .. } => refused("a comparison with ANY".to_owned()),
        Expr::AllOp { .. } => refused("a comparison with ALL".to_owned()),
        _ => Ok(()),
    }
}

/// About how many rows each table, and each selection that has a name, can have.
#[derive(Default)]
pub(super) struct Rows {
    known: BTreeMap<String, f64>,
    /// Of the longest table.
    longest: f64,
}

impl Rows {
    pub fn of(tables: impl Iterator<Item = (&'static str, usize)>) -> Self {
        let known: BTreeMap<String, f64> = tables.map(|(name, rows)| (name.to_owned(), rows as f64)).collect();
        let longest = known.values().copied().fold(0.0, f64::max);
        Rows { known, longest }
    }

    /// Rows that a selection, and each of which it is made, can have.
    pub fn query(&mut self, query: &Query) -> Result<f64, AnalyticsError> {
        for named in query.with.iter().flat_map(|with| &with.cte_tables) {
            let rows = self.query(&named.query)?;
            self.known.insert(named.alias.name.value.to_lowercase(), rows);
        }
        let rows = self.body(&query.body)?;
        Ok(limit(query).map_or(rows, |limit| rows.min(limit)))
    }

    fn body(&mut self, body: &SetExpr) -> Result<f64, AnalyticsError> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, right, .. } => {
                let (left, right) = (self.body(left)?, self.body(right)?);
                self.bounded(left + right)
            }
            _ => Ok(1.0),
        }
    }

    fn select(&mut self, select: &Select) -> Result<f64, AnalyticsError> {
        let mut product = 1.0;
        for from in &select.from {
            let rows = self.joined(from)?;
            product = self.bounded(product * rows)?;
        }
        let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
        let is_one_row = !is_grouped && select.projection.iter().any(|item| is_aggregate(&item.to_string()));
        Ok(if is_one_row { 1.0 } else { product })
    }

    fn joined(&mut self, from: &TableWithJoins) -> Result<f64, AnalyticsError> {
        let mut rows = self.factor(&from.relation)?;
        for join in &from.joins {
            let right = self.factor(&join.relation)?;
            rows = if is_matched(&join.join_operator) { rows.max(right) } else { self.bounded(rows * right)? };
        }
        Ok(rows)
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<f64, AnalyticsError> {
        match factor {
            TableFactor::Table { name, .. } => {
                let name = name.to_string().replace('"', "").to_lowercase();
                Ok(self.known.get(&name).copied().unwrap_or(1.0))
            }
            TableFactor::Derived { subquery, .. } => self.query(subquery),
            TableFactor::NestedJoin { table_with_joins, .. } => self.joined(table_with_joins),
            _ => Ok(1.0),
        }
    }

    /// The number, unless it is too much and no table is about as long: what doubles a selection that doubled another
    /// is soon longer than all of them.
    fn bounded(&self, rows: f64) -> Result<f64, AnalyticsError> {
        if rows <= ROWS_MAX || rows <= 2.0 * self.longest {
            return Ok(rows);
        }
        refused(format!(
            "up to {rows:.0} rows; join tables by a column that they have in common: JOIN … ON a.id = b.id"
        ))
    }
}

/// Are rows put together by something that is equal in both?
fn is_matched(operator: &JoinOperator) -> bool {
    use JoinOperator::{
        Anti, CrossJoin, FullOuter, Inner, Join, Left, LeftAnti, LeftOuter, LeftSemi, Right, RightAnti, RightOuter,
        RightSemi, Semi, StraightJoin,
    };
    match operator {
        Semi(_) | LeftSemi(_) | RightSemi(_) | Anti(_) | LeftAnti(_) | RightAnti(_) | JoinOperator::AsOf { .. } => true,
        Join(by) | Inner(by) | Left(by) | LeftOuter(by) | Right(by) | RightOuter(by) | FullOuter(by)
        | StraightJoin(by) | CrossJoin(by) => match by {
            JoinConstraint::On(by) => compares(by),
            JoinConstraint::Using(_) | JoinConstraint::Natural => true,
            JoinConstraint::None => false,
        },
        _ => false,
    }
}

/// Does one column have to equal another?
fn compares(by: &Expr) -> bool {
    let is_column = |e: &Expr| matches!(e, Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_));
    match by {
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => is_column(left) && is_column(right),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => compares(left) || compares(right),
        Expr::Nested(by) => compares(by),
        _ => false,
    }
}

fn is_aggregate(item: &str) -> bool {
    const NAMES: &[&str] = &[
        "COUNT(",
        "SUM(",
        "AVG(",
        "MIN(",
        "MAX(",
        "MEDIAN(",
        "QUANTILE_CONT(",
        "QUANTILE_DISC(",
        "STDDEV(",
        "VARIANCE(",
    ];
    let item = item.to_uppercase();
    !item.contains(" OVER ") && NAMES.iter().any(|name| item.contains(name))
}

fn limit(query: &Query) -> Option<f64> {
    let Some(LimitClause::LimitOffset { limit: Some(limit), .. }) = &query.limit_clause else { return None };
    match limit {
        Expr::Value(ValueWithSpan { value: Value::Number(n, _), .. }) => n.parse().ok(),
        _ => None,
    }
}
