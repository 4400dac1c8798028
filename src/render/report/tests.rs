//! One small report in every format, and a hostile one that must come out tame.

use super::*;
use crate::render::Style;
use crate::report::{DotGroup, Figure, MEMBERS, Report, Section};
use crate::time::period::Period;
use regex::Regex;

const EVIL: &str = "<script>alert(1)</script>\u{1b}[31m|`x`\"' onload=";

fn sample(words: &str) -> Report {
    let mut table = Grid::new(
        format!("Incidents {words}"),
        vec![
            GridColumn::text("id", "Id"),
            GridColumn::text("title", "Title"),
            GridColumn::integer("ttr_minutes", "TTR").unit("minutes"),
            GridColumn::text("path", "File"),
            GridColumn::text(MEMBERS, "Which"),
        ],
    );
    let text = |t: &str| Value::Text(t.to_owned());
    table.rows.push(vec![text("a-1"), text(words), Value::Integer(87), text("acme/a.md"), text("a-1; a-2")]);
    table.note("TTR: started to resolved");
    let chart = |title: &str, data| Chart { title: title.to_owned(), description: words.to_owned(), n: 3, data };
    let parts = vec![("severity 1 (worst)".to_owned(), vec![1, 0]), (format!("not known {words}"), vec![1, 1])];
    let dots = vec![(15.0, "a-1".to_owned()), (87.0, words.to_owned()), (0.0, "a-3".to_owned())];
    let groups = vec![DotGroup { label: "2025-Q2".to_owned(), n: 3, median: Some(15.0), dots }];
    Report {
        title: format!("Reliability report {words}"),
        period: Period::parse("2025-Q2").unwrap(),
        compared_with: Period::parse("2025-Q1").unwrap(),
        incidents: 3,
        headline: format!("3 incidents, and no change can be claimed {words}"),
        shown: vec![format!("3 incidents {words}")],
        not_shown: vec!["That anything changed".to_owned()],
        figures: vec![Figure {
            label: "Incidents".into(),
            value: "3".into(),
            note: words.into(),
            section: "frequency",
        }],
        sections: vec![Section {
            id: "frequency",
            title: "How often".to_owned(),
            lead: vec![words.to_owned()],
            charts: vec![
                chart(
                    "Incidents a month",
                    ChartData::Stacked { categories: vec!["2025-04".into(), "2025-05".into()], parts },
                ),
                chart("Time to resolve", ChartData::Dots { groups }),
                chart("Triggers", ChartData::Bars { bars: vec![("config".into(), 2), (words.to_owned(), 1)] }),
            ],
            tables: vec![table],
        }],
        provenance: vec![("Filter".to_owned(), words.to_owned())],
        details: Vec::new(),
    }
}

#[test]
fn a_terminal_gets_a_page() {
    insta::assert_snapshot!(terminal(&sample("acme"), &Style { width: 64, colour: false }), @r#"
    Reliability report acme
    ═══════════════════════
    3 incidents, and no change can be claimed acme

    What the data show
     +  3 incidents acme

    What they do not show
     ?  That anything changed

    ── Key figures ─────────────────────────────────────────────────

     Incidents  3  acme

    ── How often ───────────────────────────────────────────────────

    acme

    Incidents a month

     2025-04  1·  2
     2025-05  ·  1
    One character an incident: 1 severity 1 (worst), · not known
    acme

    Time to resolve

     2025-Q2 │·                    ┃            ·│ n=3 15m
              1m                            1h27m
    · one incident, : two, ⁝ more, ┃ the median; n and median at the
    right

    Triggers

     config  ████████████████████████████████████████████████ 2
     acme    ████████████████████████ 1

    Incidents acme

    Id   Title         TTR  File
    ─────────────────────────────────
    a-1  acme   1 h 27 min  acme/a.md

    · TTR: started to resolved

    ── Provenance ──────────────────────────────────────────────────

     Filter  acme

    The incidents behind a number: 'retro list during:2025-Q2
    trigger:…', and so on for the other labels; the words behind
    them: 'retro stats ttr during:2025-Q2 --evidence'. Definitions
    and methods: 'retro stats --define'. A page to pass on: --format
    html -o report.html
    "#);
}

#[test]
fn markdown_is_complete() {
    insta::assert_snapshot!(markdown(&sample("acme")), @r#"
    # Reliability report acme

    **3 incidents, and no change can be claimed acme**

    ## What the data show

    - 3 incidents acme

    ## What they do not show

    - That anything changed

    ## Key figures

    | | | |
    | --- | --- | --- |
    | Incidents | **3** | acme |

    ## How often

    acme

    ### Incidents a month

    | Month | severity 1 (worst) | not known acme | all |
    | --- | ---: | ---: | ---: |
    | 2025-04 | 1 | 1 | 2 |
    | 2025-05 | 0 | 1 | 1 |

    ### Time to resolve

    | Period | n | Shortest | Median | Longest |
    | --- | ---: | ---: | ---: | ---: |
    | 2025-Q2 | 3 | 0 min | 15 min | 1 h 27 min |

    ### Incidents acme

    | Id | Title | TTR | File | Which |
    | --- | --- | ---: | --- | --- |
    | a-1 | acme | 1 h 27 min | [acme/a.md](acme/a.md) | a-1; a-2 |

    - TTR: started to resolved

    ## Provenance

    - Filter: acme
    "#);
}

#[test]
fn json_holds_every_number() {
    let json: serde_json::Value = serde_json::from_str(&json(&sample("acme"))).unwrap();
    assert_eq!(json["schema"], "retrospect/report/1");
    let section = &json["sections"][0];
    assert_eq!(section["charts"][0]["data"]["parts"]["severity 1 (worst)"], serde_json::json!([1, 0]));
    assert_eq!(section["charts"][1]["data"]["groups"][0]["dots"][1]["minutes"], 87.0);
    assert_eq!(section["tables"][0]["rows"][0]["ttr_minutes"], 87);
}

#[test]
fn a_page_needs_nothing_but_itself() {
    let page = html(&sample("acme"));
    for outside in ["http:", "https:", "<script", "<link", "<img", "@import", "url(", " src=", "<iframe", "<object"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for needed in ["<html lang=", "<title>", "<main", "<nav aria-label", "<caption>", "scope=\"col\"", "scope=\"row\""]
    {
        assert!(page.contains(needed), "{needed}");
    }
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
}

#[test]
fn every_id_is_unique_and_every_link_leads_somewhere() {
    let page = html(&sample("acme"));
    let ids: Vec<String> =
        Regex::new(r#" id="([^"]+)""#).unwrap().captures_iter(&page).map(|c| c[1].to_owned()).collect();
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    for link in Regex::new(r##"href="#([^"]+)""##).unwrap().captures_iter(&page) {
        assert!(ids.contains(&link[1].to_owned()), "#{}", &link[1]);
    }
    for labels in Regex::new(r#"aria-labelledby="([^"]+)""#).unwrap().captures_iter(&page) {
        assert!(labels[1].split(' ').all(|id| ids.contains(&id.to_owned())), "{}", &labels[1]);
    }
}

#[test]
fn hostile_words_stay_words() {
    let report = sample(EVIL);
    let page = html(&report);
    assert!(!page.contains("<script") && !page.contains('\u{1b}'));
    let without_values = Regex::new(r#""[^"]*""#).unwrap().replace_all(&page, "");
    let handler = Regex::new(r"<[^>]*\bonload=").unwrap().find(&without_values).map(|m| m.as_str().to_owned());
    assert_eq!(handler, None);
    assert!(!terminal(&report, &Style::PLAIN).contains('\u{1b}'));
    let markdown = markdown(&report);
    assert!(!markdown.contains("<script") && !markdown.contains("`x`"));
    assert!(!json(&report).contains('\u{1b}'));
}

#[test]
fn nothing_to_show_is_no_trouble() {
    let mut report = sample("acme");
    report.shown.clear();
    report.not_shown.clear();
    report.figures.clear();
    report.sections[0].tables[0].rows.clear();
    report.sections[0].charts = vec![
        ChartData::Stacked { categories: Vec::new(), parts: Vec::new() },
        ChartData::Dots { groups: Vec::new() },
        ChartData::Bars { bars: Vec::new() },
    ]
    .into_iter()
    .map(|data| Chart { title: "Nothing".to_owned(), description: String::new(), n: 0, data })
    .collect();
    assert!(html(&report).contains("Nothing"));
    assert!(terminal(&report, &Style { width: 20, colour: true }).contains("nothing"));
    assert!(!markdown(&report).is_empty());
}

/// Relative luminance and contrast as WCAG 2.2 defines them.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |x: f64| if x <= 0.040_45 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Checkers of pages do not judge words in charts, so their colours are judged here: in light, in dark and on paper.
#[test]
fn words_and_marks_stand_out_from_what_is_behind_them() {
    let style = include_str!("../templates/report.css");
    let (block, colour) = (Regex::new(r":root \{([^}]+)\}").unwrap(), Regex::new(r"--(\w+): (#[0-9a-f]{6})").unwrap());
    let mut colours = std::collections::BTreeMap::new();
    let mut themes = 0;
    for theme in block.captures_iter(style) {
        colours
            .extend(colour.captures_iter(theme.get(1).unwrap().as_str()).map(|c| (c[1].to_owned(), c[2].to_owned())));
        themes += 1;
        let words = [("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("median", "paper"), ("ink", "panel")];
        let marks = ["bar", "dot", "s0", "s1", "s2", "s3", "s4", "s5", "good", "open"].map(|mark| (mark, "paper"));
        for ((front, back), least) in words.map(|pair| (pair, 4.5)).into_iter().chain(marks.map(|pair| (pair, 3.0))) {
            let found = contrast(&colours[front], &colours[back]);
            assert!(found >= least, "{front} on {back}, theme {themes}: {found:.2}, at least {least}");
        }
    }
    assert_eq!(themes, 3);
}
