//! How long single functions take, on the shipped corpus: `cargo bench`, with a name to run some of them only. Whole
//! processes are measured by `measure.py`, instructions by `.ci/instructions`.

use divan::Bencher;
use retrospect::analytics::{compare, summarise};
use retrospect::document::parse;
use retrospect::extract::Defaults;
use retrospect::query;
use retrospect::record::{Grid, GridColumn, Value, records};
use retrospect::render::{self, OutputFormat, Style};
use retrospect::source::{SourceText, from_bytes};
use std::path::Path;

fn main() {
    divan::main();
}

/// Documents of several formats and sizes.
const DOCUMENTS: [&str; 4] = [
    "lumenpay/2024-02-13-checkout-502.md",
    "silvermine/oncall-log-2025-11.md",
    "skerry/INC-0158.txt",
    "openorchard/2026-07-14-dnssec-rollover.md",
];

fn document(name: &str) -> SourceText {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    from_bytes(name, &std::fs::read(path).expect("the corpus ships with the program"))
}

#[divan::bench(args = DOCUMENTS)]
fn reading_a_document(bencher: Bencher<'_, '_>, name: &str) {
    let document = document(name);
    let defaults = Defaults::default();
    bencher.counter(divan::counter::BytesCount::new(document.text.len())).bench(|| records(&document, &defaults));
}

#[divan::bench(args = DOCUMENTS)]
fn blocks_of_a_document(bencher: Bencher<'_, '_>, name: &str) {
    let document = document(name);
    let count = divan::counter::BytesCount::new(document.text.len());
    bencher.counter(count).bench(|| parse(document.format, &document.text, 0..document.text.len()));
}

#[divan::bench]
fn reading_a_filter() -> query::Expression {
    query::parse("provider:aws severity:<=2 during:2025-Q2 ttr:>2h -org:acme (\"packet loss\" OR dns)").expect("valid")
}

/// Log-normal enough, and the same every time.
fn minutes(count: usize, factor: f64) -> Vec<f64> {
    (0..count).map(|i| (factor * ((i * 7_919) % 1_009) as f64 / 150.0).exp().round()).collect()
}

#[divan::bench(args = [10, 1_000, 100_000])]
fn a_summary(bencher: Bencher<'_, '_>, count: usize) {
    let values: Vec<_> = minutes(count, 1.0).into_iter().map(Some).collect();
    bencher.counter(count).bench(|| summarise(&values));
}

#[divan::bench(args = [25, 500, 10_000])]
fn a_comparison(bencher: Bencher<'_, '_>, count: usize) {
    let (new, old) = (minutes(count, 0.9), minutes(count, 1.0));
    bencher.counter(count).bench(|| compare(&new, &old, &[]));
}

#[divan::bench(args = [100, 10_000])]
fn a_table_for_the_terminal(bencher: Bencher<'_, '_>, count: usize) {
    let columns = ["id", "title"].map(|name| GridColumn::text(name, name));
    let mut grid =
        Grid::new("", columns.into_iter().chain([GridColumn::integer("ttr", "TTR").unit("minutes")]).collect());
    let row = |i: usize| {
        let title = format!("Checkout answered 502 for shop {i} after the edge proxy had been upgraded");
        vec![Value::Text(format!("inc-{i}")), Value::Text(title), Value::Integer(i as i64)]
    };
    grid.rows = (0..count).map(row).collect();
    bencher.counter(count).bench(|| render::grid(&grid, OutputFormat::Table, &Style { width: 100, colour: false }));
}
