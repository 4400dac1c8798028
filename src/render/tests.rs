//! Every format renders the same small table; hostile strings come out tame.

use super::*;
use crate::record::GridColumn;

fn example() -> Grid {
    let mut grid = Grid::new(
        "Durations",
        vec![
            GridColumn::text("metric", "Metric"),
            GridColumn::integer("n", "n"),
            GridColumn::minutes("median_minutes", "Median"),
            GridColumn::minutes("low_minutes", "95 % interval"),
            GridColumn::minutes("high_minutes", "").range_end(),
            GridColumn::text("words", "Words"),
        ],
    );
    grid.rows.push(vec![
        Value::Text("TTR".into()),
        Value::Integer(12),
        Value::Real(87.0),
        Value::Real(52.5),
        Value::Null,
        Value::Text("=a|b \u{1b}[31mred".into()),
    ]);
    grid.rows.push(vec![Value::Text("TTD".into()), Value::Integer(0)]);
    grid.note("TTR: started → resolved.");
    grid
}

fn rendered(format: OutputFormat, width: usize) -> String {
    grid(&example(), format, &Style { width, colour: false })
}

#[test]
fn a_terminal_gets_aligned_columns() {
    insta::assert_snapshot!(rendered(OutputFormat::Table, 80), @r#"
    Durations

    Metric   n      Median  95 % interval  Words
    ───────────────────────────────────────────────
    TTR     12  1 h 27 min     53 min – ?  =a|b red
    TTD      0           –              –  –

    · TTR: started → resolved.
    "#);
}

#[test]
fn a_narrow_terminal_spells_tightly_then_turns_the_table_on_its_side() {
    insta::assert_snapshot!(rendered(OutputFormat::Table, 46), @r#"
    Durations

    Metric   n  Median  95 % interval  Words
    ───────────────────────────────────────────
    TTR     12   1h27m        53m – ?  =a|b red
    TTD      0       –              –  –

    · TTR: started → resolved.
    "#);
    insta::assert_snapshot!(rendered(OutputFormat::Table, 30), @r#"
    Durations

    Metric         TTR
    n              12
    Median         1 h 27 min
    95 % interval  53 min – ?
    Words          =a|b red

    Metric         TTD
    n              0
    Median         –
    95 % interval  –
    Words          –

    · TTR: started → resolved.
    "#);
}

#[test]
fn markdown_cells_hold_no_markup() {
    insta::assert_snapshot!(rendered(OutputFormat::Markdown, 80), @r#"
    ### Durations

    | Metric | n | Median | 95 % interval | Words |
    | --- | ---: | ---: | ---: | --- |
    | TTR | 12 | 1 h 27 min | 53 min – ? | =a\|b red |
    | TTD | 0 | – | – | – |

    - TTR: started → resolved.
    "#);
}

#[test]
fn data_formats_keep_numbers() {
    insta::assert_snapshot!(rendered(OutputFormat::Csv, 80), @r#"
    metric,n,median_minutes,low_minutes,high_minutes,words
    TTR,12,87,52.5,,'=a|b red
    TTD,0,,,,
    "#);
    insta::assert_snapshot!(rendered(OutputFormat::Ndjson, 80), @r#"
    {"metric":"TTR","n":12,"median_minutes":87,"low_minutes":52.5,"high_minutes":null,"words":"=a|b \u001b[31mred"}
    {"metric":"TTD","n":0,"median_minutes":null,"low_minutes":null,"high_minutes":null,"words":null}
    "#);
}

#[test]
fn an_empty_table_is_empty_in_every_format() {
    let empty = Grid { rows: Vec::new(), ..example() };
    let text = |format| grid(&empty, format, &Style::PLAIN);
    assert!(text(OutputFormat::Json).contains("\"rows\": []"));
    assert_eq!(text(OutputFormat::Ndjson), "");
    assert_eq!(text(OutputFormat::Csv).lines().count(), 1);
    assert!(text(OutputFormat::Table).contains("(nothing)"));
}

#[test]
fn no_line_is_wider_than_asked() {
    for width in [40, 60, 80, 120] {
        for line in rendered(OutputFormat::Table, width).lines() {
            assert!(super::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn json_of_a_hostile_string_is_safe_to_print() {
    let mut hostile = Grid::new("", vec![GridColumn::text("t", "t")]);
    hostile.rows.push(vec![Value::Text("\u{9b}2J\u{202e}\u{1b}[0m".into())]);
    let printed = grid(&hostile, OutputFormat::Ndjson, &Style::PLAIN);
    assert!(printed.chars().all(|c| c == '\n' || (' '..='~').contains(&c)), "{printed:?}");
    let back: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(back["t"], "\u{9b}2J\u{202e}\u{1b}[0m");
}
