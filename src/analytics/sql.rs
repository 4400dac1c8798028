//! Questions in SQL over the five tables.
//!
//! Only questions: a statement is parsed before the engine sees it, and anything but a SELECT over tables, as well as
//! every function in the place of a table, is refused. The engine would otherwise change or read things.

mod bounds;

use super::columns::value;
use super::durations::compare_keys;
use super::{AnalyticsError, Frames, computed};
use crate::record::{ColumnKind, Grid, GridColumn, Value};
use bounds::{Depth, Growth, Rows};
use polars::error::set_warning_function;
use polars::prelude::DataType;
use polars::sql::SQLContext;
use sqlparser::ast::{
    DataType as SqlType, Expr, Query, SetExpr, Statement, TableFactor, TypedString, Value as SqlValue, ValueWithSpan,
    VisitMut, VisitorMut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::thread;

/// Longer than any question a person writes; keeps the parser's memory in bounds.
const STATEMENT_BYTES_MAX: usize = 100_000;
/// What is left of a statement is looked at by functions that call themselves; that of the main thread may be little.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// A saved question: SQL with a header of comments.
///
/// ```sql
/// -- title: Slowest incidents
/// -- purpose: Where did resolution take longest?
/// -- param: n INTEGER 10 how many to list
/// SELECT id, ttr_minutes FROM incidents ORDER BY ttr_minutes DESC, id LIMIT :n
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SavedQuery {
    pub title: String,
    pub purpose: String,
    pub parameters: Vec<Parameter>,
    pub sql: String,
}

/// A named, typed gap in a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub kind: ColumnKind,
    /// As written; `-` in the file means none.
    pub default: Option<String>,
    pub meaning: String,
}

impl SavedQuery {
    /// Reads the header; the whole text stays the statement, since comments do no harm there.
    pub fn parse(text: &str) -> Result<Self, AnalyticsError> {
        let mut query =
            SavedQuery { title: String::new(), purpose: String::new(), parameters: Vec::new(), sql: text.to_owned() };
        for line in text.lines().map_while(|l| l.trim().strip_prefix("--")) {
            match line.split_once(':').map(|(key, rest)| (key.trim(), rest.trim())) {
                Some(("title", rest)) => query.title = rest.to_owned(),
                Some(("purpose", rest)) => query.purpose = rest.to_owned(),
                Some(("param", rest)) => query.parameters.push(Parameter::parse(rest)?),
                _ => {}
            }
        }
        Ok(query)
    }

    /// The values to run with: those given (name, text), else the defaults.
    pub fn bind(&self, given: &[(String, String)]) -> Result<BTreeMap<String, Value>, AnalyticsError> {
        if let Some((name, _)) = given.iter().find(|(name, _)| self.parameters.iter().all(|p| p.name != *name)) {
            let known: Vec<_> = self.parameters.iter().map(|p| p.name.as_str()).collect();
            let known =
                if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
            return Err(AnalyticsError::Parameter(format!("this query has no parameter '{name}'; {known}")));
        }
        let bind = |parameter: &Parameter| {
            let text = given.iter().rev().find(|(name, _)| *name == parameter.name).map(|(_, text)| text.as_str());
            let Some(text) = text.or(parameter.default.as_deref()) else {
                return Err(AnalyticsError::Parameter(format!("parameter '{}' needs a value", parameter.name)));
            };
            Ok((parameter.name.clone(), parameter.read(text)?))
        };
        self.parameters.iter().map(bind).collect()
    }
}

impl Parameter {
    /// `quarter TEXT 2025-Q2 the quarter to look at`.
    fn parse(text: &str) -> Result<Self, AnalyticsError> {
        let mut words = text.splitn(3, char::is_whitespace);
        let named = (words.next(), words.next(), words.next().and_then(|rest| first_word(rest.trim_start())));
        let (Some(name), Some(kind), Some((default, meaning))) = named else {
            return Err(AnalyticsError::Parameter(format!("'{text}' is no parameter: NAME TYPE DEFAULT meaning")));
        };
        let kind = match kind.to_uppercase().as_str() {
            "TEXT" => ColumnKind::Text,
            "INTEGER" => ColumnKind::Integer,
            "REAL" => ColumnKind::Real,
            "BOOLEAN" => ColumnKind::Flag,
            "DATE" => ColumnKind::Date,
            _ => {
                let known = "TEXT, INTEGER, REAL, BOOLEAN and DATE";
                return Err(AnalyticsError::Parameter(format!("parameter '{name}' is of no known type: {known}")));
            }
        };
        let default = (default != "-").then(|| default.to_owned());
        Ok(Parameter { name: name.to_owned(), kind, default, meaning: meaning.trim().to_owned() })
    }

    fn read(&self, text: &str) -> Result<Value, AnalyticsError> {
        let value = match self.kind {
            ColumnKind::Text | ColumnKind::Instant => Some(Value::Text(text.to_owned())),
            ColumnKind::Integer => text.parse().ok().map(Value::Integer),
            ColumnKind::Real => text.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Real),
            ColumnKind::Flag => text.parse().ok().map(Value::Flag),
            ColumnKind::Date => text.parse().ok().map(Value::Date),
        };
        value.ok_or_else(|| {
            let (name, kind) = (&self.name, self.kind.name());
            AnalyticsError::Parameter(format!("parameter '{name}' is a {kind}, and '{text}' is none"))
        })
    }
}

/// The first word, or what stands in quotes, and the rest.
fn first_word(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('\'') {
        Some(quoted) => quoted.split_once('\''),
        None => Some(text.split_once(char::is_whitespace).unwrap_or((text, ""))).filter(|(word, _)| !word.is_empty()),
    }
}

/// Answers one SELECT. `:name` in it stands for the parameter of that name.
pub fn sql(frames: &Frames, statement: &str, parameters: &BTreeMap<String, Value>) -> Result<Grid, AnalyticsError> {
    bounds::fits(statement)?;
    thread::scope(|scope| {
        let stacked = thread::Builder::new().stack_size(STACK_BYTES);
        let running = stacked
            .spawn_scoped(scope, || answer(frames, statement, parameters))
            .map_err(|e| AnalyticsError::Compute(format!("no thread could be started: {e}")))?;
        running.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn answer(frames: &Frames, statement: &str, parameters: &BTreeMap<String, Value>) -> Result<Grid, AnalyticsError> {
    let heights = frames.names().map(|name| (name, frames.height(name)));
    let checked = check(statement, parameters, Rows::of(heights))?;
    // The engine's advice to its programmers (about casts that a later version spells otherwise) is no talk for users.
    set_warning_function(|_, _| {});
    let mut context = SQLContext::new();
    for name in frames.names() {
        context.register(name, frames.table(name));
    }
    let frame = context.execute(&checked.to_string())?.collect()?;
    let mut grid = Grid::new("", Vec::new());
    for column in frame.columns() {
        grid.columns.push(grid_column(column.name(), column.dtype()));
    }
    for row in 0..frame.height() {
        let cells = frame.columns().iter().map(|c| Ok(value(&c.get(row)?)));
        grid.rows.push(cells.collect::<Result<_, AnalyticsError>>()?);
    }
    if !has_order(&checked) {
        grid.rows.sort_by(|a, b| compare_keys(a, b));
    }
    Ok(grid)
}

/// Whether the rows come in the same order every time: asked for, or that of a table read straight through. Groups and
/// joins come as threads deliver them.
fn has_order(statement: &Statement) -> bool {
    let is_ordered = matches!(statement, Statement::Query(query) if query.order_by.is_some());
    let text = statement.to_string();
    is_ordered || !["GROUP BY", "JOIN", "DISTINCT", "UNION", "INTERSECT", "EXCEPT"].iter().any(|w| text.contains(w))
}

fn grid_column(name: &str, data_type: &DataType) -> GridColumn {
    let kind = match data_type {
        DataType::Boolean => ColumnKind::Flag,
        DataType::Date => ColumnKind::Date,
        DataType::Datetime(..) => ColumnKind::Instant,
        t if t.is_integer() => ColumnKind::Integer,
        t if t.is_float() => ColumnKind::Real,
        _ => ColumnKind::Text,
    };
    let unit = if computed::is_minutes(name) { "minutes" } else { "" };
    // What was computed has words of the statement for a name, which are told as they stand.
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let title = if is_word { name.replace('_', " ") } else { name.to_owned() };
    GridColumn::new(name, title, kind).unit(unit)
}

/// Parses, refuses what is no question, and fills the parameters in.
fn check(statement: &str, parameters: &BTreeMap<String, Value>, rows: Rows) -> Result<Statement, AnalyticsError> {
    if statement.len() > STATEMENT_BYTES_MAX {
        return Err(AnalyticsError::Refused(format!("a statement of more than {STATEMENT_BYTES_MAX} bytes")));
    }
    let mut statements = Parser::parse_sql(&GenericDialect {}, statement)?;
    let (Some(mut parsed), None) = (statements.pop(), statements.pop()) else {
        return Err(AnalyticsError::Refused("anything but one statement".to_owned()));
    };
    if !matches!(parsed, Statement::Query(_)) {
        let verb = parsed.to_string();
        let verb = verb.split_whitespace().next().unwrap_or_default().to_uppercase();
        return Err(AnalyticsError::Refused(format!("{verb}: only SELECT reads, and nothing here may write")));
    }
    if let ControlFlow::Break(error) =
        parsed.visit(&mut Checker { parameters, depth: Depth::default(), growth: Growth::default(), rows })
    {
        return Err(error);
    }
    if let Statement::Query(query) = &mut parsed {
        computed::name_columns(query);
    }
    Ok(parsed)
}

struct Checker<'a> {
    parameters: &'a BTreeMap<String, Value>,
    depth: Depth,
    growth: Growth,
    rows: Rows,
}

impl VisitorMut for Checker<'_> {
    type Break = AnalyticsError;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<AnalyticsError> {
        match body(&query.body) {
            Some(what) => ControlFlow::Break(AnalyticsError::Refused(what.to_owned())),
            None => self.rows.query(query).map_or_else(ControlFlow::Break, |_| ControlFlow::Continue(())),
        }
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<AnalyticsError> {
        self.depth.enter().and_then(|()| bounds::is_known(expr)).map_or_else(ControlFlow::Break, ControlFlow::Continue)
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<AnalyticsError> {
        match factor {
            TableFactor::Table { args: None, .. } | TableFactor::Derived { .. } | TableFactor::NestedJoin { .. } => {
                ControlFlow::Continue(())
            }
            other => ControlFlow::Break(AnalyticsError::Refused(format!("a function as a table: {other}"))),
        }
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<AnalyticsError> {
        self.depth.leave();
        if let Expr::Function(function) = expr
            && let Err(error) = self.growth.call(function)
        {
            return ControlFlow::Break(error);
        }
        // The engine compares instants with text, and not with a TIMESTAMP, which has no zone for it.
        if let Expr::TypedString(TypedString { data_type: SqlType::Timestamp(..), value, .. }) = expr {
            *expr = Expr::Value(value.clone());
        }
        let Expr::Value(ValueWithSpan { value: SqlValue::Placeholder(name), .. }) = expr else {
            return ControlFlow::Continue(());
        };
        let Some(value) = name.strip_prefix(':').and_then(|n| self.parameters.get(n)) else {
            return ControlFlow::Break(AnalyticsError::Parameter(format!("the statement's {name} has no value")));
        };
        *expr = literal(value);
        ControlFlow::Continue(())
    }
}

/// What a query's body does besides reading, if anything.
fn body(body: &SetExpr) -> Option<&'static str> {
    match body {
        SetExpr::Select(select) if select.into.is_some() => Some("SELECT INTO"),
        SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) | SetExpr::Table(_) => None,
        SetExpr::SetOperation { left, right, .. } => self::body(left).or_else(|| self::body(right)),
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
            Some("a statement that writes")
        }
    }
}

fn literal(value: &Value) -> Expr {
    let quoted = |text: String| SqlValue::SingleQuotedString(text);
    let value = match value {
        Value::Null => SqlValue::Null,
        Value::Text(text) => quoted(text.clone()),
        Value::Integer(n) => SqlValue::Number(n.to_string(), false),
        Value::Real(x) => SqlValue::Number(x.to_string(), false),
        Value::Flag(b) => SqlValue::Boolean(*b),
        Value::Instant(t) => quoted(t.to_rfc3339()),
        Value::Date(d) => {
            return Expr::TypedString(TypedString {
                data_type: SqlType::Date,
                value: quoted(d.to_string()).with_empty_span(),
                uses_odbc_syntax: false,
            });
        }
    };
    Expr::Value(value.with_empty_span())
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    fn sample() -> Frames {
        incidents(&[
            "id=a org=O'Neil date=2025-04-03 ttr_minutes=87",
            "id=b org=Acme date=2025-01-03 ttr_minutes=13",
            "id=c org=Acme",
        ])
    }

    fn ask(statement: &str, parameters: &[(&str, Value)]) -> Result<Vec<Vec<Value>>, String> {
        let parameters = parameters.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
        sql(&sample(), statement, &parameters).map(|g| g.rows).map_err(|e| e.to_string())
    }

    #[test]
    fn a_select_is_answered_with_kinds_and_units() {
        let grid = sql(&sample(), "SELECT date, ttr_minutes FROM incidents ORDER BY id", &BTreeMap::new()).unwrap();
        assert_eq!(grid.rows[0], [Value::Date("2025-04-03".parse().unwrap()), Value::Integer(87)]);
        assert_eq!(grid.columns[1].unit, "minutes");
        let grouped = "WITH x AS (SELECT org, ttr_minutes FROM incidents) \
                       SELECT org, COUNT(*) AS n, MEDIAN(ttr_minutes) FROM x GROUP BY org ORDER BY n DESC";
        assert_eq!(ask(grouped, &[]).unwrap()[0][1], Value::Integer(2));
    }

    #[test]
    fn texts_that_would_grow_without_bound_are_refused() {
        let grow = |n: usize| (0..n).fold("org".to_owned(), |text, _| format!("REPLACE({text}, 'a', 'aaaaaaaaaa')"));
        for refused in ["LPAD(org, 99999999999)", "RPAD(org, ttr_minutes, 'x')", "LPAD(org, -1, '.')", &grow(4)] {
            let message = ask(&format!("SELECT {refused} AS x FROM incidents"), &[]).unwrap_err();
            assert!(message.contains("refused"), "{refused}: {message}");
        }
        let length = [("n", Value::Integer(6))];
        assert_eq!(
            ask("SELECT LPAD(id, :n, '.') AS x FROM incidents", &length).unwrap()[0],
            [Value::Text(".....a".into())]
        );
        assert!(ask("SELECT LPAD(id, :n, '.') AS x FROM incidents", &[("n", Value::Integer(1_000_000))]).is_err());
        for fine in [&grow(3), "REPLACE(REPLACE(org, 'Acme', ''), 'x', 'yy')"] {
            assert!(ask(&format!("SELECT {fine} AS x FROM incidents"), &[]).is_ok(), "{fine}");
        }
    }

    #[test]
    fn what_the_engine_cannot_do_is_refused_in_our_words() {
        for (condition, told) in [
            ("EXISTS (SELECT id FROM incidents)", "EXISTS"),
            ("NOT EXISTS (SELECT id FROM incidents)", "EXISTS"),
            ("ttr_minutes > ALL (SELECT ttr_minutes FROM incidents)", "ALL"),
        ] {
            let message = ask(&format!("SELECT id FROM incidents WHERE {condition}"), &[]).unwrap_err();
            assert!(message.contains(told) && message.contains("refused"), "{message}");
        }
        assert_eq!(ask("SELECT id FROM incidents WHERE id IN (SELECT id FROM incidents)", &[]).unwrap().len(), 3);
    }

    #[test]
    fn what_no_machine_could_answer_is_refused() {
        let many = |piece: &str, by: &str, n: usize| vec![piece; n].join(by);
        let doubled: String = (1..30).map(|n| format!(", t{n} AS (SELECT * FROM t{0} {{}} t{0})", n - 1)).collect();
        let doubled = |by: &str| {
            let rest = doubled.replace("{}", by);
            format!("WITH t0 AS (SELECT id FROM incidents){rest} SELECT COUNT(*) AS n FROM t29")
        };
        let crossed = format!("SELECT COUNT(*) AS n FROM {}", many("incidents", ", ", 20));
        for statement in [
            &format!("SELECT {} FROM incidents", many("1", "+", 40_000)),
            &format!("SELECT {} FROM incidents", many("1", "+", 800)),
            &format!("SELECT 1{} FROM incidents", "::int".repeat(800)),
            &format!("SELECT id FROM incidents WHERE {}", many("org = 'a'", " OR ", 500)),
            &many("SELECT id FROM incidents", " UNION ALL ", 300),
            &doubled("CROSS JOIN"),
            &doubled("UNION ALL SELECT * FROM"),
            &crossed,
            &format!("SELECT id FROM incidents WHERE 1 IN ({crossed})"),
        ] {
            let told = ask(statement, &[]).unwrap_err();
            assert!(told.starts_with("refused: "), "{told}");
        }
        for statement in [
            format!("SELECT id FROM incidents WHERE org IN ({})", many("'Acme'", ", ", 5_000)),
            format!("SELECT id FROM incidents WHERE {}", many("org = 'Acme'", " OR ", 60)),
            many("SELECT id FROM incidents", " UNION ALL ", 20),
            "SELECT a.id FROM incidents a JOIN incidents b ON a.org = b.org".to_owned(),
            "SELECT a.id FROM incidents a CROSS JOIN (SELECT MAX(ttr_minutes) AS most FROM incidents) b".to_owned(),
        ] {
            assert!(!ask(&statement, &[]).unwrap().is_empty(), "{statement}");
        }
    }

    #[test]
    fn rows_come_in_the_same_order_every_time() {
        let rows: Vec<String> = (0..60).map(|i| format!("id=i{i} org=o{} ttr_minutes={i}", i % 30)).collect();
        let frames = incidents(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let ask = || sql(&frames, "SELECT org, COUNT(*) FROM incidents GROUP BY org", &BTreeMap::new()).unwrap().rows;
        let first = ask();
        assert_eq!(first[0][0], Value::Text("o0".to_owned()));
        for _ in 0..5 {
            assert_eq!(ask(), first);
        }
    }

    #[test]
    fn instants_are_compared_with_dates_and_timestamps() {
        let frames = incidents(&["id=a started=2025-04-03T10:00:00Z", "id=b started=2026-04-03T10:00:00Z"]);
        for since in ["'2026-01-01'", "TIMESTAMP '2026-01-01 00:00:00'"] {
            let statement = format!("SELECT id FROM incidents WHERE started >= {since}");
            let grid = sql(&frames, &statement, &BTreeMap::new()).unwrap();
            assert_eq!(grid.rows, [[Value::Text("b".to_owned())]], "{since}");
        }
    }

    #[test]
    fn parameters_are_values_not_text() {
        let of = |org: &str| ask("SELECT id FROM incidents WHERE org = :org", &[("org", Value::Text(org.into()))]);
        assert_eq!(of("O'Neil").unwrap().len(), 1);
        assert_eq!(of("x' OR '1' = '1").unwrap().len(), 0);
        let since = Value::Date("2025-02-01".parse().unwrap());
        assert_eq!(ask("SELECT id FROM incidents WHERE date >= :since", &[("since", since)]).unwrap().len(), 1);
        assert_eq!(ask("SELECT id FROM incidents LIMIT :n", &[("n", Value::Integer(2))]).unwrap().len(), 2);
        assert!(ask("SELECT id FROM incidents LIMIT :n", &[]).unwrap_err().contains(":n has no value"));
    }

    #[test]
    fn only_questions_are_answered() {
        for statement in [
            "DELETE FROM incidents",
            "DROP TABLE incidents",
            "CREATE TABLE x AS SELECT * FROM incidents",
            "INSERT INTO incidents SELECT * FROM incidents",
            "TRUNCATE TABLE incidents",
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM (SELECT * FROM read_parquet('x')) AS t",
            "WITH t AS (SELECT * FROM read_ipc('x')) SELECT * FROM t",
            "SELECT id FROM incidents WHERE id IN (SELECT * FROM read_json('x'))",
            "SELECT * INTO x FROM incidents",
            "SELECT 1; SELECT 2",
            "SELECT 1; DROP TABLE incidents",
            "EXPLAIN SELECT 1",
            "",
        ] {
            let error = ask(statement, &[]).unwrap_err();
            assert!(error.contains("refused") || error.contains("understand"), "{statement}: {error}");
        }
    }

    #[test]
    fn a_wrong_statement_says_what_is_wrong() {
        assert!(ask("SELEC id FROM incidents", &[]).unwrap_err().contains("SELEC"));
        assert!(ask("SELECT nonsense FROM incidents", &[]).unwrap_err().contains("nonsense"));
        let exists = "SELECT id FROM incidents AS i WHERE EXISTS (SELECT 1 FROM incidents AS j WHERE j.id = i.id)";
        let error = ask(exists, &[]).unwrap_err();
        assert!(error.len() < 200 && !error.contains('{'), "{error}");
        assert!(ask(&"(".repeat(10_000), &[]).is_err());
        assert!(ask(&format!("SELECT '{}'", "x".repeat(STATEMENT_BYTES_MAX)), &[]).unwrap_err().contains("bytes"));
    }

    #[test]
    fn saved_queries_declare_their_parameters() {
        let text = "-- title: T\n-- purpose: why: because\n-- param: n INTEGER 10 how many\n\
                    -- param: org TEXT - whose\nSELECT :n, :org -- title: not this";
        let query = SavedQuery::parse(text).unwrap();
        assert_eq!((query.title.as_str(), query.purpose.as_str()), ("T", "why: because"));
        let given = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
        };
        let bound = query.bind(&given(&[("org", "Acme")])).unwrap();
        assert_eq!((&bound["n"], &bound["org"]), (&Value::Integer(10), &Value::Text("Acme".into())));
        for (pairs, word) in [
            (vec![], "needs a value"),
            (vec![("org", "x"), ("n", "many")], "'many'"),
            (vec![("m", "1")], "no parameter 'm'"),
        ] {
            assert!(query.bind(&given(&pairs)).unwrap_err().to_string().contains(word), "{pairs:?}");
        }
        assert!(SavedQuery::parse("-- param: n NUMBER 3 x").is_err());
        assert!(SavedQuery::parse("-- param: n TEXT").is_err());
        let quoted = SavedQuery::parse("-- param: org TEXT 'Acme Inc' whose reports").unwrap();
        let parameter = &quoted.parameters[0];
        assert_eq!((parameter.default.as_deref(), parameter.meaning.as_str()), (Some("Acme Inc"), "whose reports"));
    }
}
